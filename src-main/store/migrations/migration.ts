/**
 * One step of the store's schema. Steps are only ever added: one that was released is never edited. Each runs in one transaction
 * together with the new `user_version`. Number, file name and position in `all.ts` agree.
 */
export interface Migration {
  readonly number: number;
  readonly name: string;
  /** Statements separated by semicolons. */
  readonly sql: string;
}
