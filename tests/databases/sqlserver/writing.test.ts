import { describe, expect, test } from 'vitest';
import { declared } from '../../../src/databases/sqlserver/columns.ts';
import { rowBlocks } from '../../../src/databases/sqlserver/encode.ts';
import type { Cell } from '../../../src/frames/cell.ts';
import type { Column, DataType } from '../../../src/frames/schema.ts';
import { frameBuilder } from '../../../src/frames/values/builders.ts';
import { withArrow } from '../../../src/frames/values/from-polars.ts';
import { asPolars } from '../../../src/frames/values/polars-frame.ts';
import { committed, decided, loaded } from '../../support/commits.ts';
import { freetdsTo, noFreetds } from '../../support/freetds.ts';
import { openedOnce } from '../../support/opened-once.ts';
import { storeServed } from './support.ts';

const decimal = (precision: number, scale: number): DataType => ({ kind: 'decimal', precision, scale });
const at = (text: string, per: bigint) => BigInt(Date.parse(`${text}Z`)) * per;
const most = '9'.repeat(38);

/** Per type of ours: values, the bytes that MS-TDS has for them in a row (2.2.5.4, 2.2.5.5), and what the server reads. */
const cells: readonly (readonly [DataType, Cell, string, string])[] = [
  [{ kind: 'bool' }, true, '0101', '1'],
  [{ kind: 'uint8' }, 255, '01ff', '255'],
  [{ kind: 'int8' }, -128, '0280ff', '-128'],
  [{ kind: 'int16' }, -32_768, '020080', '-32768'],
  [{ kind: 'uint16' }, 65_535, '04ffff0000', '65535'],
  [{ kind: 'int32' }, -2_147_483_648, '0400000080', '-2147483648'],
  [{ kind: 'uint32' }, 4_294_967_295, '08ffffffff00000000', '4294967295'],
  [{ kind: 'int64' }, -9_223_372_036_854_775_808n, '080000000000000080', '-9223372036854775808'],
  [{ kind: 'int64' }, 9_223_372_036_854_775_807n, '08ffffffffffffff7f', '9223372036854775807'],
  [{ kind: 'uint64' }, 18_446_744_073_709_551_615n, '0d01ffffffffffffffff00000000', '18446744073709551615'],
  [{ kind: 'float32' }, 1.5, '040000c03f', '1.5'],
  [{ kind: 'float64' }, -0.1, '089a9999999999b9bf', '-0.1'],
  [decimal(9, 2), -123n, '05007b000000', '-1.23'],
  [decimal(19, 4), 9_223_372_036_854_775_807n, '0901ffffffffffffff7f', '922337203685477.5807'],
  [decimal(28, 0), 4_294_967_296n, '0d01000000000100000000000000', '4294967296'],
  [decimal(38, 10), BigInt(most), '1101ffffffff3f228a097ac4865aa84c3b4b', `${most.slice(0, 28)}.${most.slice(0, 10)}`],
  [decimal(38, 10), -BigInt(most), '1100ffffffff3f228a097ac4865aa84c3b4b', `-${most.slice(0, 28)}.${most.slice(0, 10)}`],
  [{ kind: 'date' }, -719_162, '03000000', '0001-01-01'],
  [{ kind: 'date' }, 2_932_896, '03dab937', '9999-12-31'],
  [{ kind: 'time', unit: 'ns' }, 86_399_999_999_900n, '05ffbf692ac9', '23:59:59.9999999'],
  [{ kind: 'time', unit: 'us' }, 1_000n, '050100000000', '00:00:00.000001'],
  [{ kind: 'timestamp', unit: 'ns' }, at('2024-02-29T12:34:56', 1_000_000n) + 123_456_700n, '', '2024-02-29 12:34:56.1234567'],
  [
    { kind: 'timestamp', unit: 'ns' },
    at('1969-12-31T23:59:59', 1_000_000n) + 999_999_900n,
    '08ffbf692ac939f90a',
    '1969-12-31 23:59:59.9999999',
  ],
  [{ kind: 'timestamp', unit: 'us' }, at('0001-01-01T00:00:00', 1_000n), '080000000000000000', '0001-01-01 00:00:00.000000'],
  [{ kind: 'timestamp', unit: 'us' }, at('9999-12-31T23:59:59', 1_000n) + 999_999n, '08ff5fd71d14dab937', '9999-12-31 23:59:59.999999'],
  [{ kind: 'timestamp', unit: 'ms' }, at('1970-01-01T00:00:00', 1n) + 7n, '07070000003af90a', '1970-01-01 00:00:00.007'],
  [{ kind: 'timestamp', unit: 'ns', zone: 'UTC' }, -100n, '0affbf692ac939f90a0000', '1969-12-31 23:59:59.9999999 +00:00'],
  // The UUID that the documentation of uniqueidentifier has.
  [{ kind: 'uuid' }, '6f9619ff-8b86-d011-b42d-00c04fc964ff', '10ff19966f868b11d0b42d00c04fc964ff', '6F9619FF-8B86-D011-B42D-00C04FC964FF'],
  [{ kind: 'string' }, 'A', '020000000000000002000000410000000000', 'A'],
  [{ kind: 'string' }, '', '000000000000000000000000', ''],
  [{ kind: 'string' }, 'ż😀 ', '', 'ż😀 '],
  [{ kind: 'binary' }, Buffer.from([0, 255]), '02000000000000000200000000ff00000000', '0x00FF'],
  [{ kind: 'json' }, '{"a":1}', '', '{"a":1}'],
  [{ kind: 'list', item: { kind: 'int64' } }, [1n, null], '', '[1,null]'],
];

async function bytesOf(column: Column, rows: readonly Cell[]): Promise<string> {
  const builder = await frameBuilder({ columns: [column] });
  for (const row of rows) builder.append([row]);
  const frame = asPolars(await builder.take());
  return withArrow(await frame.collect(), (data) =>
    Buffer.concat([...rowBlocks(data, [column], { from: 0, to: rows.length })]).toString('hex'),
  );
}

describe('rows on their way into SQL Server', () => {
  test.each(cells.filter(([, , bytes]) => bytes !== ''))(
    '%o %s is sent as the protocol’s documentation has it',
    async (type, value, bytes) => {
      expect(await bytesOf({ name: 'c', type, nullable: true }, [value])).toBe(bytes);
    },
  );

  test.each(cells)('a null of %o is one, beside a value', async (type, value) => {
    const column = { name: 'c', type, nullable: true };
    const nothing = declared(type).endsWith('(max)') ? 'f'.repeat(16) : '00';
    expect(await bytesOf(column, [null, value])).toBe(`${nothing}d1${await bytesOf(column, [value])}`);
  });
});

describe('rows in a server of the tests that speaks the protocol of SQL Server', () => {
  const served = openedOnce(() => storeServed());

  const columns = cells.map(([type], n): Column => ({ name: `c${n} ]`, type, nullable: true }));
  const values = cells.map(([, value]) => value);

  test('arrive to the last digit, through staging and the commit', async () => {
    const outcome = await loaded(served.store({ table: 'dbo.types' }), {
      epoch: 1,
      schema: { columns },
      rows: [values, values.map(() => null)],
    });
    expect(outcome).toMatchObject({ outcome: 'committed', counts: { inserted: 2 } });
    const [row, empty] = served.tables.rows('dbo.types');
    expect(Object.values(row ?? {})).toEqual(cells.map(([, , , text]) => text));
    expect(Object.values(empty ?? {})).toEqual(values.map(() => null));
  });

  test.skipIf(noFreetds() !== '')('are read by FreeTDS, which is no client of ours, as they were', async () => {
    await using freetds = await freetdsTo(served.server);
    const [row = []] = await freetds.out('select * from [dbo].[types]');
    // freebcp shows times to the millisecond at most, and floats with the digits that C has for them.
    const isTime = (n: number) => /^(date|time|timestamp)$/.test(cells[n]?.[0].kind ?? '');
    const isFloat = (n: number) => cells[n]?.[0].kind.startsWith('float');
    const shown = cells.map(([{ kind }, , , text]) => (kind === 'binary' ? text.slice(2) : text).toUpperCase());
    const read = row.map((text, n) => (isFloat(n) ? String(Number(text)) : text.replaceAll('\0', '').toUpperCase()));
    expect(read.filter((_, n) => !isTime(n))).toEqual(shown.filter((_, n) => !isTime(n)));
  });

  test.each([
    ['half of a tick', { kind: 'timestamp', unit: 'ns' }, 50n, 'nanoseconds'],
    ['a time of half a tick', { kind: 'time', unit: 'ns' }, 50n, 'nanoseconds'],
    ['no number', { kind: 'float64' }, Number.NaN, 'NaN'],
    ['infinity', { kind: 'float32' }, Number.POSITIVE_INFINITY, 'Infinity'],
    ['a day before the first', { kind: 'date' }, -719_163, 'years 1 to 9999'],
    ['a time after the last', { kind: 'timestamp', unit: 'us' }, 253_402_300_800_000_000n, 'years 1 to 9999'],
    ['a text that is not a UUID', { kind: 'uuid' }, 'x', 'not a UUID'],
  ] as const)('%s is refused with its column and row, and nothing is there', async (_, type, value, said) => {
    const schema = { columns: [{ name: 'odd', type, nullable: true }] };
    const good: Cell = type.kind === 'uuid' ? '6f9619ff-8b86-d011-b42d-00c04fc964ff' : null;
    const load = { epoch: 2, schema, rows: [[good], [value]] };
    await expect(decided(served.store({ table: 'dbo.odd' }), load)).rejects.toMatchObject({
      code: 'HYG-4201',
      what: expect.stringMatching(`odd.*${said}`),
      why: [expect.stringContaining('row 2')],
    });
    expect(await (await served.store({ table: 'dbo.odd' })).head()).toBeNull();
  });

  test('more rows than a batch takes are sent in several', async () => {
    const schema = { columns: [{ name: 'n', type: { kind: 'int64' }, nullable: false } as const] };
    const rows = Array.from({ length: 102_401 }, (_, n) => [BigInt(n)]);
    const before = served.server.requests.length;
    const intent = await decided(served.store({ table: 'dbo.many' }), { epoch: 3, schema, rows });
    expect(await committed(served.store({ table: 'dbo.many' }), intent)).toMatchObject({ counts: { inserted: 102_401 } });
    expect(served.server.requests.slice(before).filter(({ kind }) => kind === 'bulk')).toHaveLength(2);
  });
});
