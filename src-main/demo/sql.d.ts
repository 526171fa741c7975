declare module '*.sql?raw' {
  const text: string;
  // eslint-disable-next-line no-restricted-syntax -- Vite's `?raw` has a default export.
  export default text;
}
