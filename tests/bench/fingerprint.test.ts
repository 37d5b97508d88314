import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { parquetRows } from '../../bench/data.ts';
import { fingerprint, query } from '../../bench/duck.ts';

const folder = mkdtempSync(join(tmpdir(), 'hygge-fingerprint-'));
const source = join(folder, 'rows.parquet');

beforeAll(async () => {
  await parquetRows(source, 0, 1000);
  return () => rmSync(folder, { recursive: true });
});

async function copy(select: string): Promise<string> {
  const path = join(folder, 'copy.parquet');
  onTestFinished(() => rmSync(path));
  await query(`COPY (${select.replaceAll('source', `'${source}'`)}) TO '${path}' (FORMAT parquet)`);
  return path;
}

test('the same rows in another order have the same fingerprint', async () => {
  expect(await fingerprint(await copy('SELECT * FROM source ORDER BY name'))).toEqual(await fingerprint(source));
});

test.each([
  ['a missing row', 'SELECT * FROM source LIMIT 999'],
  ['a row that is there twice', 'SELECT * FROM source UNION ALL (SELECT * FROM source LIMIT 1)'],
  [
    'one value that differs in its last digit',
    'SELECT * REPLACE (CASE WHEN id = 7 THEN amount + 0.0001 ELSE amount END::DECIMAL(18, 4) AS amount) FROM source',
  ],
  ['a null that became a value', "SELECT * REPLACE (coalesce(note, '') AS note) FROM source"],
  ['another type', 'SELECT * REPLACE (qty::BIGINT AS qty) FROM source'],
])('%s gives another fingerprint', async (_, select) => {
  expect(await fingerprint(await copy(select))).not.toEqual(await fingerprint(source));
});

test('rows are generated alike every time, with ten columns and some nulls', async () => {
  const again = join(folder, 'again.parquet');
  await parquetRows(again, 0, 1000);
  const [first, second] = [await fingerprint(source), await fingerprint(again)];
  expect(second).toEqual(first);
  expect(Object.keys(first)).toHaveLength(11);
  expect(first.note).toMatch(/^VARCHAR, [1-9]\d* nulls/);
});
