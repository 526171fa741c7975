import { format } from 'sql-formatter';
import { describe, expect, it } from 'vitest';
import { formatOptions } from '../../src-renderer/features/queries/formatOptions';
import { createGuardService } from './create';
import { benignStatements } from './corpus/benign';
import { hostileStatements } from './corpus/hostile';

const guard = createGuardService();
const texts = [...benignStatements, ...hostileStatements.map(({ text }) => text)];

describe('laying out anew', () => {
  it('never changes what a statement of the corpora means, or is refused', async () => {
    let same = 0;
    const changed: string[] = [];
    for (const text of texts) {
      let after: string;
      try {
        after = format(text, formatOptions());
      } catch {
        continue;
      }
      const reason = await guard.difference(text, after);
      if (reason === null) same += 1;
      else changed.push(`${reason} ${text.slice(0, 60)}`);
    }
    // The formatter is of use: nearly all that it can read it leaves as it was.
    expect(same / texts.length).toBeGreaterThan(0.9);
    expect(changed.length / texts.length).toBeLessThan(0.1);
  });

  it.each([
    ['select 1', 'SELECT\n  1', null],
    ['select a -- note\nfrom t', 'SELECT\n  a -- note\nFROM\n  t', null],
    ['select :id::int, $1', 'SELECT\n  :id::int,\n  $1', null],
    ['select 1', 'select 2', /means/],
    ["select 'a b'", "select 'a  b'", /means/],
    ['select $$ x $$', 'select $$ X $$', /means/],
    ['select "A"', 'select "a"', /means/],
    ['select a /* one */', 'select a', /comment/],
    ['select /*+ SeqScan(t) */ * from t', 'select * /*+ SeqScan(t) */ from t', /comment/],
    ['\\copy t from x', '\\copy t from x', /cannot be read/],
    ["select 'a'\n'b'", "select 'a' 'b'", /could not be read/],
  ])('%j and %j', async (before, after, reason) => {
    const found = await guard.difference(before, after);
    if (reason === null) expect(found).toBeNull();
    else expect(found).toMatch(reason);
  });
});
