import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { duck } from '../../support/duck.ts';
import { foldersBy } from '../../support/fabric-warehouse/copying.ts';
import { type ServedWarehouse, servedWarehouse } from '../../support/fabric-warehouse/served.ts';
import type { Client } from '../../support/tedious.ts';

const account = 'https://account.dfs.core.windows.net/stage';
const item = 'https://onelake.dfs.fabric.microsoft.com/11111111-2222-3333-4444-555555555555/66666666-7777-8888-9999-aaaaaaaaaaaa/Files';

/** Files of DuckDB's, which are not hygge's code either. */
describe('COPY INTO of the Warehouse of the tests', () => {
  let [served, client, folder]: [ServedWarehouse, Client, string] = [] as never;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hygge-copied-'));
    await mkdir(join(folder, 'day/_hidden'), { recursive: true });
    served = await servedWarehouse({ files: foldersBy({ [account]: folder, [item]: folder }) });
    client = await served.client();
    const write = (name: string, query: string, codec = 'snappy') =>
      duck(`copy (${query}) to '${join(folder, name)}' (format parquet, compression ${codec})`);
    await write('day/a.parquet', "select 1::int as id, 'one' as name");
    await write('day/b.parquet', "select 2::int as id, 'zwei und mehr' as name", 'gzip');
    await write('day/_c.parquet', "select 3::int as id, 'hidden' as name");
    await write('day/_hidden/d.parquet', "select 4::int as id, 'hidden' as name");
    await write('zstd.parquet', "select 1::int as id, 'one' as name", 'zstd');
    await write('wide.parquet', "select 1::bigint as id, 'one' as name");
    await write('more.parquet', "select 1::int as id, 'one' as name, 2 as z");
    await write('null.parquet', "select null::int as id, 'one' as name");
    await write('umlaut.parquet', "select 1::int as id, 'äöüä' as name");
  });
  afterAll(async () => {
    await client[Symbol.asyncDispose]();
    await served[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });
  beforeEach(() => client.batch('DROP TABLE IF EXISTS dbo.t; CREATE TABLE dbo.t (id int NOT NULL, name varchar(5) NULL)'));

  const copy = (from: readonly string[], more = '', to = 'dbo.t') =>
    client.batch(`COPY INTO ${to} FROM ${from.map((one) => `'${one}'`).join(', ')} WITH (FILE_TYPE = 'PARQUET'${more})`);
  const failure = (sql: Promise<unknown>) =>
    sql.then(
      () => undefined,
      (error: { number: number }) => error.number,
    );
  const ids = () => served.warehouse.rows('dbo.t').map(({ id }) => Number(id));

  test('rows of all files are added and counted, and texts are cut to their column without a word', async () => {
    const { count } = await copy([`${account}/day/a.parquet`, `${account}/day/b.parquet`]);
    expect(count).toBe(2);
    await copy([`${item}/day/a.parquet`]);
    expect(served.warehouse.rows('dbo.t').map(({ name }) => name)).toEqual(['one', 'zwei ', 'one']);
  });

  test('a text is cut between two characters', async () => {
    await copy([`${account}/umlaut.parquet`]);
    expect(served.warehouse.rows('dbo.t')[0]?.name).toBe('äö');
  });

  test.each([
    [`${account}/day`, [1, 2]],
    [`${account}/day/`, [1, 2]],
    [`${account}/d*y/*.parquet`, [1, 2]],
    [`${account}/*.parquet/x`, []],
    [`${account}/day/*.parquet`, [1, 2]],
    [`${account}/*a.parquet`, [1]],
    [`${account}/day/_c.parquet`, [3]],
  ])('%s names files %j: a folder with all below it, without what is hidden', async (address, found) => {
    if (found.length === 0) expect(await failure(copy([address]))).toBe(13822);
    else await copy([address]);
    expect(ids()).toEqual(found);
  });

  test('fields go to columns of their name, whatever their place, and a column without a field is NULL', async () => {
    await client.batch('DROP TABLE dbo.t; CREATE TABLE dbo.t (name varchar(9), Z int, id int)');
    await copy([`${account}/more.parquet`]);
    expect(served.warehouse.rows('dbo.t')).toEqual([{ name: 'one', Z: null, id: 1n }]);
    await copy([`${account}/more.parquet`], '', 'dbo.t (name)');
    expect(served.warehouse.rows('dbo.t')[1]).toEqual({ name: 'one', Z: null, id: null });
    expect(await failure(copy([`${account}/more.parquet`], '', 'dbo.t (id 1, name 2)'))).toBe(15869);
  });

  test('digits that a column has no place for are cut, and not rounded', async () => {
    await duck(`copy (select 1.999::decimal(9,3) as d, -0.009::decimal(9,3) as e, timestamp_ns '2024-01-01 00:00:00.123456999' as at)
      to '${join(folder, 'digits.parquet')}' (format parquet)`);
    await client.batch('DROP TABLE dbo.t; CREATE TABLE dbo.t (d decimal(5,2), e decimal(5,2), at datetime2(6))');
    await copy([`${account}/digits.parquet`]);
    expect(served.warehouse.rows('dbo.t')).toEqual([{ d: '1.99', e: '0.00', at: '2024-01-01 00:00:00.123456' }]);
    await client.batch('DROP TABLE dbo.t; CREATE TABLE dbo.t (d decimal(2,2))');
    expect(await failure(copy([`${account}/digits.parquet`]))).toBe(8115);
  });

  test('every type that a Warehouse has is read to its last digit', async () => {
    const types =
      'bit smallint int bigint decimal(38,10) real float date time(6) datetime2(6) datetime2(0) varchar(max) varbinary(3) uniqueidentifier';
    const columns = types.split(' ').map((type, at) => `c${at} ${type}`);
    const values = `true, 1::smallint, -2::int, 9007199254740993::bigint, 12345678901234567890123456.0123456789::decimal(38,10), 0.5::real, 0.1::double,
      date '0001-01-01', time '23:59:59.999999', timestamp '9999-12-31 23:59:59.999999', timestamptz '2024-02-03 04:05:06.7+02', 'Ä', 'abcd'::blob,
      'a2a04962-1e56-4347-8073-e07f28ae7093'::uuid`;
    const named = values.split(/,\s+/).map((value, at) => `${value} as c${at}`);
    await duck(`copy (select ${named.join(', ')}) to '${join(folder, 'types.parquet')}' (format parquet)`);
    await client.batch(`DROP TABLE dbo.t; CREATE TABLE dbo.t (${columns.join(', ')})`);
    await copy([`${account}/types.parquet`]);
    expect(Object.values(served.warehouse.rows('dbo.t')[0] ?? {})).toEqual([
      ...[1n, 1n, -2n, 9007199254740993n, '12345678901234567890123456.0123456789', 0.5, 0.1, '0001-01-01', '23:59:59.999999'],
      ...[
        '9999-12-31 23:59:59.999999',
        '2024-02-03 02:05:06',
        'Ä',
        new Uint8Array(Buffer.from('abc')),
        'A2A04962-1E56-4347-8073-E07F28AE7093',
      ],
    ]);
  });

  test.each([
    ['a compression that is not read', `${account}/zstd.parquet`, '', 15869],
    ['a type that does not fit', `${account}/wide.parquet`, '', 13812],
    ['a number of errors', `${account}/day/a.parquet`, ', MAXERRORS = 1', 102],
    ['an identity that it does not know', `${account}/day/a.parquet`, ", CREDENTIAL = (IDENTITY = 'Managed Identity')", 15869],
    ['NULL for a column that takes none', `${account}/null.parquet`, '', 24709],
    ['a file that is not there', `${account}/nothing.parquet`, '', 13822],
    ['names of workspace and Lakehouse', 'https://onelake.dfs.fabric.microsoft.com/work/lake.Lakehouse/Files/a.parquet', '', 15869],
    ['what lies next to Files', item.replace('Files', 'Tables/t'), '', 15869],
    ['a signature for OneLake', `${item}/day/a.parquet`, ", CREDENTIAL = (IDENTITY = 'Shared Access Signature', SECRET = 's')", 15869],
    ['a signature in the address', `${account}/day/a.parquet?sig=1`, '', 15869],
    ['an address without TLS', 'http://account.dfs.core.windows.net/stage/day/a.parquet', '', 15869],
    ['another compression', `${account}/day/a.parquet`, ", COMPRESSION = 'ZSTD'", 15869],
  ])('%s is refused, and nothing is added', async (_, address, more, number) => {
    expect(await failure(copy([`${address}`], more))).toBe(number);
    expect(ids()).toEqual([]);
  });

  test('files of two containers are refused in one statement', async () => {
    expect(await failure(copy([`${account}/day/a.parquet`, `${item}/day/a.parquet`]))).toBe(15869);
  });

  test('a signature is taken for Azure Storage', async () => {
    await copy([`${account}/day/a.parquet`], ", CREDENTIAL = (IDENTITY = 'Shared Access Signature', SECRET = 's')");
    expect(ids()).toEqual([1]);
  });

  test('it is part of a transaction, and takes part in no conflict', async () => {
    const other = await served.client();
    await client.batch('INSERT INTO dbo.t VALUES (9, NULL); BEGIN TRANSACTION;');
    await copy([`${account}/day/a.parquet`]);
    await other.batch('DELETE FROM dbo.t WHERE id = 9');
    expect(ids()).toEqual([]);
    await client.batch('COMMIT');
    expect(ids()).toEqual([1]);
    await other[Symbol.asyncDispose]();
  });

  test('values for a counted column are taken where the statement says so', async () => {
    await duck(`copy (select 7::bigint as id, 'x' as name) to '${join(folder, 'counted.parquet')}' (format parquet)`);
    await client.batch('DROP TABLE dbo.t; CREATE TABLE dbo.t (id bigint IDENTITY, name varchar(5))');
    expect(await failure(copy([`${account}/counted.parquet`]))).toBe(15869);
    await copy([`${account}/counted.parquet`], ", IDENTITY_INSERT = 'ON'");
    await copy([`${account}/counted.parquet`], '', 'dbo.t (name)');
    expect(ids()).toEqual([7, 1001]);
  });
});
