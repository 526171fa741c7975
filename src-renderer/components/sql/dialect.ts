import { PostgreSQL, SQLDialect } from '@codemirror/lang-sql';

/** Words that the library takes for keywords and that are mostly names of columns, tables and functions: bold, they would be noise. */
const names = new Set(
  `action avg catalog class cobol columns comments condition content cost count data day degree depth document element empty encoding
  error event family file flag found fs general groups hex hour id ignore indexes info instance label length level library link
  location log lower map max member message message_text method min minute mode module month name names namespace nil nothing number
  off option options owner pad parameter password path percent period permission pli portion position power query rank reads result
  scale schema_name schemas scope second section selective self sequences server size slice source space state statistics structure
  style sum system table_name tables template ties token translate trim types upper uri usage value version work year yes`.split(/\s+/),
);

/** PostgreSQL's SQL as the editor and the blocks of text show it. */
export const sqlDialect = SQLDialect.define({ ...PostgreSQL.spec, keywords: (PostgreSQL.spec.keywords ?? '').split(' ').filter((word) => !names.has(word)).join(' ') });
