import { describe, expect, test } from 'vitest';
import { failureOf, fileOf, readCsv } from './files.ts';

/** The type a column is proposed to be. */
async function typeOf(...values: readonly string[]): Promise<string> {
  const { types } = await readCsv(`v,other\n${values.map((value) => `${value},x\n`).join('')}`);
  return types[0] ?? '';
}

describe('a column is proposed to be', () => {
  test.each([
    ['whole numbers', ['1', '-20', '0', '9223372036854775807'], 'int64'],
    ['text when a zero would be lost', ['007', '123'], 'string'],
    ['text when a sign would be lost', ['+4512345678', '+4587654321'], 'string'],
    ['text when it is minus nothing', ['-0', '5'], 'string'],
    ['decimals of 38 digits when numbers are beyond 64 bits', ['9223372036854775808', '1'], 'decimal(38,0)'],
    ['text when numbers are beyond 38 digits', ['1'.repeat(39)], 'string'],
    ['exact decimals when all have the same digits, zeros included', ['12.50', '7.00', '-1200.99'], 'decimal(18,2)'],
    ['wide decimals when amounts are large', ['123456789012345.50', '1.00'], 'decimal(38,2)'],
    ['float64 when numbers are as short as they can be', ['765.2577733199598', '34.5', '1e-7', '-3'], 'float64'],
    ['float64 when only one digit stands behind the point', ['1.0', '2.5'], 'float64'],
    ['exact decimals when a float64 would lose digits', ['0.12345678901234567890', '1.5'], 'decimal(38,20)'],
    ['text when neither holds the digits', ['0.12345678901234567890', '1e300'], 'string'],
    ['true and false', ['true', 'false'], 'bool'],
    ['text when truths are mixed with others', ['true', '1'], 'string'],
    ['text when words only have a meaning for JavaScript', ['constructor', '__proto__', 'toString'], 'string'],
    ['dates', ['2024-02-29', '1999-12-31'], 'date'],
    ['text when a day does not exist', ['2023-02-29', '1999-12-31'], 'string'],
    ['timestamps', ['2024-02-29 10:00:00', '2024-02-29T10:00:00.123456'], 'timestamp[us]'],
    ['timestamps of nanoseconds when there are so many digits', ['2024-02-29 10:00:00.123456789'], 'timestamp[ns]'],
    ['instants when all have an offset', ['2024-02-29T10:00:00Z', '2024-02-29T10:00:00+02:00'], 'timestamp[us, UTC]'],
    ['text when only some have an offset', ['2024-02-29T10:00:00Z', '2024-02-29T10:00:00'], 'string'],
    ['text when dates and timestamps are mixed', ['2024-02-29', '2024-02-29T10:00:00'], 'string'],
    ['text when there is nothing in it', ['', ''], 'string'],
  ])('%s', async (_, values, type) => {
    expect(await typeOf(...values)).toBe(type);
  });

  test('text, from then on as well, when a large file may have values of it that were not looked at', async () => {
    const rows = Array.from({ length: 60_000 }, (_, i) => `${i},${i === 15_000 ? '007' : ''},${'x'.repeat(20)}\n`);
    const { types, pinned } = await readCsv(`id,code,text\n${rows.join('')}`);
    expect(types).toEqual(['int64', 'string', 'string']);
    expect((await readCsv('id,code,text\n1,7,x\n', {}, { pinned })).types).toEqual(['int64', 'string', 'string']);
  });

  test('what the middle and the end of a large file say as well', async () => {
    const rows = Array.from({ length: 60_000 }, (_, i) => `${i},${i === 59_990 ? 'n/a' : i},${'x'.repeat(20)}\n`);
    const { types } = await readCsv(`id,late,pad\n${rows.join('')}`);
    expect(types).toEqual(['int64', 'string', 'string']);
  });

  test('what it was told to be, whatever is in it', async () => {
    const { types, rows } = await readCsv('zip,amount\n501,1.5\n', { types: { zip: 'string', amount: 'decimal(10,3)' } });
    expect(types).toEqual(['string', 'decimal(10,3)']);
    expect(rows).toEqual([['501', '1.500']]);
  });

  test('refused when a type is given for a column that is not there', async () => {
    const { code, what } = await failureOf(readCsv('a,b\n1,2\n', { types: { c: 'string' } }));
    expect(code).toBe('HYG-3308');
    expect(what).toBe('types names "c", which orders.csv does not have.');
  });
});

describe('what was decided once', () => {
  test('stays when a later file looks otherwise: its values do not fit', async () => {
    const { pinned } = await readCsv('id,code\n1,2\n');
    const { code, what } = await failureOf(readCsv('id,code\n1,2\n2,A7\n', {}, { pinned }));
    expect(code).toBe('HYG-3305');
    expect(what).toBe('orders.csv, line 3: column code is int64, but "A7" is not.');
  });

  test('is completed by columns that are new, without asking again about the others', async () => {
    const { pinned } = await readCsv('id,code\n1,text\n');
    const later = await readCsv('id,code,born\n1,5,2024-01-01\n', {}, { pinned });
    expect(later.types).toEqual(['int64', 'string', 'date']);
    expect(later.notes).toEqual([]);
  });

  test('is nothing when the first file has no row: the next one decides', async () => {
    const empty = await readCsv('id,code\n');
    expect(empty.rows).toEqual([]);
    expect(empty.types).toEqual(['string', 'string']);
    expect((await readCsv('id,code\n1,x\n', {}, { pinned: empty.pinned })).types).toEqual(['int64', 'string']);
  });

  test('holds for the delimiter too', async () => {
    const { pinned } = await readCsv('a;b\n1,5;2\n');
    expect((await readCsv('a;b\n"x";"y"\n', { types: { a: 'string', b: 'string' } }, { pinned })).rows).toEqual([['x', 'y']]);
  });
});

test('a file that is small, and has many rows, is looked at to its end', async () => {
  const text = `id,code\n${Array.from({ length: 6_000 }, (_, at) => `${at},${at < 5_990 ? at : `X${at}`}\n`).join('')}`;
  expect((await readCsv(text)).rows.at(-1)).toEqual(['5999', 'X5999']);
});

describe('how a file is written is found out', () => {
  test.each([
    [',', 'comma'],
    [';', 'semicolon'],
    ['\t', 'tab'],
    ['|', 'bar'],
  ])('with %j between fields', async (delimiter) => {
    const text = [
      ['id', 'name', 'note'],
      ['1', 'a', '"x, y; z|q"'],
      ['2', 'b', ''],
    ]
      .map((row) => row.join(delimiter))
      .join('\n');
    const { names, rows } = await readCsv(`${text}\n`);
    expect(names).toEqual(['id', 'name', 'note']);
    expect(rows[0]).toEqual(['1', 'a', 'x, y; z|q']);
  });

  test('and said', async () => {
    const { notes } = await readCsv('id;zip\n1;00501\n');
    expect(notes).toEqual(['separated by semicolons, header with 2 columns', 'guessed types: id int64, zip string']);
    expect((await readCsv('id\tzip\n1\t00501\n')).notes[0]).toBe('separated by tabs, header with 2 columns');
  });

  test('a file of one column is no riddle', async () => {
    const { names, rows } = await readCsv('name\nAnn\n\nBob\n');
    expect(names).toEqual(['name']);
    expect(rows).toEqual([['Ann'], [null], ['Bob']]);
  });

  test('a first row of values is no header', async () => {
    const { names, rows, notes } = await readCsv('1,Ann\n2,Bob\n');
    expect(names).toEqual(['column_1', 'column_2']);
    expect(rows).toHaveLength(2);
    expect(notes[0]).toBe('separated by commas, no header, 2 columns');
  });

  test('unless it is said', async () => {
    expect((await readCsv('2023,2024\n5,6\n', { header: true })).names).toEqual(['2023', '2024']);
    expect((await readCsv('a,b\nc,d\n', { header: false })).rows).toHaveLength(2);
    expect((await readCsv('1,2\n3,4\n', { header: ['x', 'y'] })).names).toEqual(['x', 'y']);
    expect((await readCsv('a,a\n3,4\n', { header: ['x', 'y'], skip_rows: 1 })).rows).toEqual([['3', '4']]);
  });

  test('a column without a name is called by its place', async () => {
    expect((await readCsv(',name\n1,Ann\n')).names).toEqual(['column_1', 'name']);
  });

  test('two columns of one name are refused, with the way out', async () => {
    const { code, what, tryThis } = await failureOf(readCsv(fileOf('id,name,name\n1,a,b\n')));
    expect(code).toBe('HYG-3304');
    expect(what).toBe('orders.csv has two columns named "name".');
    expect(tryThis[0]).toBe('Name the columns yourself: header: [id, name, name_3] with skip_rows: 1');
    expect((await readCsv('id,name,name\n1,a,b\n', { header: ['id', 'name', 'name_3'], skip_rows: 1 })).rows).toEqual([['1', 'a', 'b']]);
  });
});
