import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { writes } from '../../../src/databases/sqlite/write.ts';

/** A document that is a number alone becomes one in a column that SQLite takes for numbers, and is not text any more. */
test.each([
  ['JSON', '12'],
  ['jsonb', '1.50'],
  ['JSON', '"12"'],
  ['JSON', '[1]'],
  ['JSON', 'null'],
  ['TEXT', '12'],
])('whether a column %s alters the document %s is what SQLite itself does with it', (declared, document) => {
  const database = new DatabaseSync(':memory:');
  database.exec(`create table t (a ${declared})`);
  database.prepare('insert into t values (?)').run(document);
  const condition = writes.columns.altersValueCondition('?', { from: 'JSON_TEXT', to: declared, collation: null });
  const asked = database.prepare(`select typeof(a) <> 'text' as is_altered, ${condition} as is_refused from t`);
  const found = condition.includes('?') ? asked.get(document) : asked.get();
  expect(found?.is_refused).toBe(found?.is_altered);
  database.close();
});

test.each(['TEXT', 'INTEGER', 'REAL'])('a column JSON alters no value that was staged as %s, and a text need not be a document', (from) => {
  const database = new DatabaseSync(':memory:');
  const condition = writes.columns.altersValueCondition(`'no document'`, { from, to: 'JSON', collation: null });
  expect(database.prepare(`select ${condition} as is_refused`).get()).toEqual({ is_refused: 0 });
  database.close();
});
