/** The kind of each member of the contract by feature and name; the build derives it from `contract/all.ts`. */
declare module 'virtual:contract-kinds' {
  const kinds: Readonly<Record<string, Readonly<Record<string, 'call' | 'stream' | 'event'>>>>;
  export { kinds };
}
