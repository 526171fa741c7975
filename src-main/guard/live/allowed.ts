/** Code outside of the server's own that a person lets the read-only lane run, as long as it is immutable or stable. */
export interface AllowedCode {
  /** As `schema.name`. */
  readonly functions: readonly string[];
  /** Names of extensions, all of whose immutable and stable functions are allowed. */
  readonly extensions: readonly string[];
}
