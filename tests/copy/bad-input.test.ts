import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { typedValue } from '../../src/cli/draft/yaml.ts';
import { quickWaits } from '../support/quick-waits.ts';
import { CopyFolder } from './folder.ts';

const files = {
  'data/orders.csv': 'id\n1\n',
  'data/deep/more.csv': 'id\n2\n',
  'mixed/a.csv': 'id\n1\n',
  'mixed/b.ndjson': '{"id":1}\n',
  'empty/readme.md': '# nothing\n',
  'orders.xlsx': 'PK',
  plain: 'id\n1\n',
};

/** What is told, and that nothing was written. */
async function refused(args: readonly string[], prepare: (folder: CopyFolder) => void = () => {}) {
  using folder = new CopyFolder(files);
  prepare(folder);
  const before = await snapshot(folder);
  const told = await folder.copy(...args);
  expect(await snapshot(folder)).toEqual(before);
  expect(told.stdout).toBe('');
  return { code: told.code, says: told.stderr };
}

async function snapshot(folder: CopyFolder): Promise<readonly string[]> {
  const { readdir } = await import('node:fs/promises');
  return (await readdir(folder.root, { recursive: true })).sort();
}

it.skipIf(!existsSync('/proc/self'))('a place in which nothing can be made is told, and the copy ends', async () => {
  using folder = new CopyFolder(files);
  const told = await folder.copy('data/orders.csv', '/proc/hygge/orders');
  expect(told).toMatchObject({ code: 1, stdout: expect.stringContaining('HYG-4006') });
});

it('a bucket that can not be reached is told before anything runs, with advice that needs no workspace', async () => {
  using _ = quickWaits();
  using folder = new CopyFolder({ 'a.csv': 'id\n1\n' });
  const keys = ['endpoint=http://127.0.0.1:9', 'access_key_id=me', 'secret_access_key=c4n4ry-of-mine'].flatMap((key) => ['--store', key]);
  const { code, stderr } = await folder.copy('a.csv', 's3://lake/a', ...keys);
  const advice = [
    'Check the endpoint, http://127.0.0.1:9, and whether this machine may reach it.',
    'Then try again: nothing is done twice.',
  ];
  expect([code, stderr]).toEqual([1, expect.stringContaining(`try  ${advice.join('\n         ')}\n`)]);
  expect(stderr).not.toMatch(/hygge debug|in a workspace/);
  expect(stderr).not.toContain('c4n4ry');
});

it('a file whose name does not tell its format is read as the advice says', async () => {
  const name = 'data.txt';
  using folder = new CopyFolder({ [name]: 'id\n1\n' });
  expect((await folder.copy(name, 'lake/a')).stderr).toContain('--home format=csv');
  const { code, stdout } = await folder.copy(name, 'lake/a', '--home', 'format=csv');
  expect([code, stdout]).toEqual([0, expect.stringContaining('1 row settled')]);
});

it('a column that settles as text is told with the options that give it a type, which are typed as they are printed', async () => {
  using folder = new CopyFolder({ 'a.csv': 'id;p;d\n1;"1.234,5";13-05-2024\n2;"2,5";14-05-2024\n' });
  const { stdout } = await folder.copy('a.csv', 'lake/a');
  const lines = stdout.split('\n').filter((line) => line.includes(' settles as text'));
  expect(lines.map((line) => line.replace(/^ *· /, ''))).toEqual([
    'p ("1.234,5") settles as text: with --home decimal_separator=, --home thousands_separator=. it is float64',
    'd ("13-05-2024") settles as text: with --home date_format=%d-%m-%Y it is date',
  ]);
  const options = lines.flatMap((line) => [...line.matchAll(/--home (\S+)/g)].flatMap(([, one = '']) => ['--home', one]));
  expect(await folder.copy('a.csv', 'out/a.csv', ...options)).toMatchObject({ code: 0 });
  expect(readFileSync(folder.path('out/a.csv'), 'utf8')).toBe('id,p,d\n1,1234.5,2024-05-13\n2,2.5,2024-05-14\n');
});

it.each([
  [',', '","'],
  ['%d-%m-%Y', '"%d-%m-%Y"'],
  ['a: b', '"a: b"'],
  ['', '""'],
  ['8', '8'],
  ['true', 'true'],
  ['{ id: string }', '{ id: string }'],
  ['"a b"', '"a b"'],
  ['https://minio.example:9000', 'https://minio.example:9000'],
])('the value %j of an option is YAML, or the text itself: %s', (typed, yaml) => {
  expect(typedValue(typed)).toBe(yaml);
});

it('a row that does not fit is advised about in the words of a copy, and they lead on', async () => {
  using folder = new CopyFolder({ 'a.csv': 'id\n1\n' });
  await folder.copy('a.csv', 'lake/a');
  writeFileSync(folder.path('a.csv'), 'id\nA7\n');
  const { stdout } = await folder.copy('a.csv', 'lake/a');
  expect(stdout).toContain(
    "give the column another type: --home 'types={ id: string }'. Then load the settled rows again: hygge copy a.csv lake/a -d",
  );
  expect(stdout).toContain('--home bad_rows=skip');
  expect(await folder.copy('a.csv', 'lake/a', '--home', 'types={ id: string }', '-d')).toMatchObject({ code: 0 });
});

describe('a copy that can not be meant ends with 2, says why and what to try, and writes nothing', () => {
  it.each([
    [['data/orders.csv', 's4://lake/orders'], 'HYG-1310', 'Did you mean s3:?'],
    [['https://example.com/a.csv?x=1', 'out'], 'HYG-1310', 'curl -sSfL https://example.com/a.csv | hygge copy - out --format csv'],
    [['data/orders.csv', 's3:/lake/orders'], 'HYG-1310', 'Two slashes are missing in the address. It should be s3://lake/orders'],
    [['data/orders.csv', './data/../data/orders.csv'], 'HYG-1311', 'the same place'],
    [['s3://lake/orders', 'S3://lake/orders/'], 'HYG-1311', 'the same place'],
    [['postgres://me@host/shop#sales.orders', 'postgres://me@HOST:5432/shop#sales.orders'], 'HYG-1311', 'the same place'],
    [['data/d*p/*.csv', 'data/deep'], 'HYG-1312', 'TO is inside FROM'],
    [['data/orders.csv', 'lake/{date}'], 'HYG-1316', '"lake/$(date +%F)"'],
    [['data/{entity}.csv', 'out'], 'HYG-1316', 'contains {entity}'],
    [['data/deep/more.csv', 'data'], 'HYG-1312', 'FROM is inside TO'],
    [['s3://lake/in', 's3://lake/in/out'], 'HYG-1312', 'TO is inside FROM'],
    [['data/oders.csv', 'out'], 'HYG-1313', 'Did you mean data/orders.csv?'],
    [['empty', 'out'], 'HYG-1313', 'no files of parquet, CSV, NDJSON or JSON'],
    [['orders.xlsx', 'out'], 'HYG-1315', 'Save the sheet as CSV'],
    [['data/orders.csv', 'out.xlsx'], 'HYG-1315', 'writes no .xlsx files'],
    [['plain', 'out'], 'HYG-1315', 'Name it: --home format=csv'],
    [['mixed', 'out'], 'HYG-1316', 'csv and ndjson files'],
    [['data/orders.csv', 'plain'], 'HYG-1316', 'is a file, and the copy needs a folder'],
    [['data/orders.csv', 's3://lake/orders.parquet'], 'HYG-1316', 'Name a folder: s3://lake/orders'],
    [['shop.db', 'out'], 'HYG-1317', "'shop.db#orders'"],
    [['data/orders.csv', 'out', '--watermark', 'at', '--limit', '3'], 'HYG-1318', '--limit and --watermark'],
    [['data/orders.csv', 'out', '--where', 'id > 1; drop table x'], 'HYG-1013', 'not valid from'],
    [['data/orders.csv', 'out', '--key', 'id'], 'HYG-1901', '--key needs --watermark'],
    [['data/orders.csv', 'out', '--store', 'endpoint'], 'HYG-1901', '--store endpoint='],
    [['postgres://me:@host/shop#orders', 'out'], 'HYG-1321', 'not an interactive terminal'],
  ])('%j: %s', async (args, code, says) => {
    const told = await refused(args);
    expect(told).toEqual({ code: 2, says: expect.stringContaining(code) });
    expect(told.says).toContain(says);
    expect(told.says).toMatch(/\n( {4}try {2}| {2}→ )/);
  });

  it('a source that is linked to', async () => {
    const linked = (folder: CopyFolder) => symlinkSync(folder.path('data'), folder.path('linked'));
    expect((await refused(['linked/orders.csv', 'data/orders.csv'], linked)).says).toContain('HYG-1311');
    expect((await refused(['linked', 'data/out'], linked)).says).toContain('HYG-1312');
  });

  it('a source that is linked to and not there', async () => {
    const linked = (folder: CopyFolder) => symlinkSync('gone.csv', folder.path('lost.csv'));
    const { says } = await refused(['lost.csv', 'out'], linked);
    expect(says).toContain('HYG-1313');
    expect(says).not.toContain('Did you mean');
  });

  it('a folder with the name of a file', async () => {
    const made = (folder: CopyFolder) => mkdirSync(folder.path('out.parquet'));
    expect((await refused(['data/orders.csv', 'out.parquet'], made)).says).toContain('HYG-1316');
  });

  it('a pattern that matches nothing is told by the run, as everywhere', async () => {
    using folder = new CopyFolder(files);
    const told = await folder.copy('data/*.parquet', 'out');
    expect(told.code).toBe(1);
    expect(told.stdout).toContain('HYG-3201');
    expect(await snapshot(folder)).not.toContain('out/_hygge/orders');
  });

  it('another source for what a copy has filled', async () => {
    using folder = new CopyFolder({ ...files, 'other.csv': 'id\n5\n' });
    await folder.copy('data/orders.csv', 'out');
    const told = await folder.copy('other.csv', 'out');
    expect(told).toMatchObject({ code: 2, stderr: expect.stringContaining('HYG-1319') });
    const { code, stdout } = await folder.copy('other.csv', 'out', '--if-exists', 'replace');
    expect(code).toBe(0);
    expect(stdout).toContain('1 row settled');
    expect((await folder.copy('other.csv', 'out')).stdout).toContain('Nothing new');
  });
});

it('another --where is told as that, without a hash', async () => {
  using folder = new CopyFolder({ 'a.csv': 'id\n1\n2\n' });
  await folder.copy('a.csv', 'out', '--where', 'id > 1');
  for (const [args, says] of [
    [['--where', 'id > 0'], 'It contains the rows that match another --where.'],
    [[], 'It contains only rows that match a --where.'],
  ] as const) {
    const { code, stderr } = await folder.copy('a.csv', 'out', ...args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(says)]);
    expect(stderr).not.toMatch(/[0-9a-f]{12}/);
  }
});
