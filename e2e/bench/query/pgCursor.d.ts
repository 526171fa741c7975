/** What the bench uses of `pg-cursor`, which ships no types. */
declare module 'pg-cursor' {
  import type { Submittable } from 'pg';

  interface CursorOptions {
    readonly rowMode?: 'array';
    readonly types?: { getTypeParser(oid: number, format?: string): (value: string) => unknown };
  }

  // The package exports its class as the default.
  // eslint-disable-next-line no-restricted-syntax
  export default class Cursor<Row> implements Submittable {
    constructor(text: string, values: readonly unknown[], options?: CursorOptions);
    submit: Submittable['submit'];
    read(maxRows: number): Promise<Row[]>;
    close(): Promise<void>;
  }
}
