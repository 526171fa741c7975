import type { Migration } from './migration';

export const columnLayouts: Migration = {
  number: 5,
  name: 'column layouts',
  sql: `
    CREATE TABLE column_layouts (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      shape TEXT NOT NULL UNIQUE,
      layout TEXT NOT NULL
    );
  `,
};
