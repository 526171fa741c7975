import type { Migration } from './migration';

/** What a model behind an address that is not Anthropic's own has shown that it can do. */
export const endpoints: Migration = {
  number: 11,
  name: 'endpoints',
  sql: `
    CREATE TABLE assistant_endpoints (
      base_url TEXT NOT NULL,
      model TEXT NOT NULL,
      at TEXT NOT NULL,
      abilities TEXT NOT NULL,
      PRIMARY KEY (base_url, model)
    );
  `,
};
