import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { duck } from '../../support/duck.ts';
import { whole } from '../../support/samples.ts';
import { fileOf, readCsv } from './files.ts';

const folder = join(import.meta.dirname, '../../../node_modules/vega-datasets/data');

/** A reader that knows nothing of ours: the whole text, a character at a time. */
function parse(text: string): string[][] {
  const rows: string[][] = [[]];
  let field = '';
  let inside = false;
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    if (inside) {
      if (char !== '"') field += char;
      else if (text[i + 1] === '"') field += text.charAt(i++);
      else inside = false;
    } else if (char === '"') inside = true;
    else if (char === ',' || char === '\n') {
      rows.at(-1)?.push(field.replace(/\r$/, ''));
      field = '';
      if (char === '\n') rows.push([]);
    } else field += char;
  }
  rows.at(-1)?.push(field);
  return rows.filter((row) => row.length > 1);
}

/** A written value as the texts that we compare: numbers as numbers are, everything else as it is. */
function meant(written: string, type: string): string | null {
  if (written === '') return null;
  if (type.startsWith('decimal')) return written;
  if (type === 'float64') return String(Number(written));
  if (type === 'date') return String(Date.parse(written) / 86_400_000);
  return written;
}

/** A text for each row: a tenth of what it takes to compare cell by cell. */
const asLines = (rows: readonly (readonly unknown[])[]): readonly string[] => rows.map((row) => JSON.stringify(row));

/** Files of megabytes in a soak. */
const files = readdirSync(folder).filter((name) => name.endsWith('.csv') && (whole || statSync(join(folder, name)).size < 250_000));

test.each(files)(
  '%s arrives value by value',
  async (name) => {
    const path = join(folder, name);
    const text = readFileSync(path, 'utf8').replace(/^\ufeff/, '');
    const [header = [], ...rows] = parse(text);
    const table = await readCsv(fileOf(readFileSync(path), { name }), {}, { chunkBytes: 100_000 });
    expect(table.names).toEqual(header);
    expect(table.rows.length).toBe(rows.length);
    const comparable = table.types.map((type) => !type.startsWith('timestamp'));
    const expected = rows.map((row) => row.map((value, i) => (comparable[i] ? meant(value, table.types[i] ?? '') : '')));
    const read = asLines(table.rows.map((row) => row.map((value, i) => (comparable[i] ? value : ''))));
    expect(read).toEqual(asLines(expected));

    const second = await duck(`select * from read_csv('${path}', all_varchar = true, header = true)`);
    expect(second.length).toBe(rows.length);
    const texts = second.map((row) =>
      Object.values(row).map((value, i) => (comparable[i] ? meant(String(value ?? ''), table.types[i] ?? '') : '')),
    );
    expect(read).toEqual(asLines(texts));
  },
  60_000,
);

test('the zeros of zip codes stay where they are', async () => {
  const { types, names, rows } = await readCsv(fileOf(readFileSync(join(folder, 'zipcodes.csv'))));
  expect(types[names.indexOf('zip_code')]).toBe('string');
  expect(rows[0]?.[names.indexOf('zip_code')]).toBe('00501');
});
