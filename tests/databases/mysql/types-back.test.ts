import { beforeEach, expect, test } from 'vitest';
import { held, holds, takes } from '../../../src/databases/mysql/columns.ts';
import type { Cell } from '../../../src/frames/cell.ts';
import type { Column, DataType, Schema } from '../../../src/frames/schema.ts';
import { type Load, loaded } from '../../support/commits.ts';
import { isMysql, noOwnMariadb, ownMariadb } from '../../support/mariadb.ts';
import { openedOnce } from '../../support/opened-once.ts';
import { whole } from '../../support/samples.ts';
import { alike, type Opened, onMariadb, openDatabase } from './support.ts';

const micros = (text: string) => BigInt(Date.parse(`${text}Z`)) * 1000n;

const kept = (type: DataType, declared: string, ...values: readonly (readonly [Cell, string])[]) => [type, declared, values] as const;
/** Per type of ours: how MySQL declares it, and values with their text as the client prints them. */
const cells = [
  kept({ kind: 'bool' }, 'tinyint(1)', [true, '1'], [false, '0']),
  kept({ kind: 'int8' }, 'tinyint', [-128, '-128'], [127, '127']),
  kept({ kind: 'int16' }, 'smallint', [-32768, '-32768'], [32767, '32767']),
  kept({ kind: 'int32' }, 'int', [-2147483648, '-2147483648'], [2147483647, '2147483647'], [0, '0'], [1_000_000_000, '1000000000']),
  kept(
    { kind: 'int64' },
    'bigint',
    [-9223372036854775808n, '-9223372036854775808'],
    [9223372036854775807n, '9223372036854775807'],
    [-1n, '-1'],
    [9007199254740991n, '9007199254740991'],
    [9007199254740993n, '9007199254740993'],
    [-4294967296n, '-4294967296'],
  ),
  kept({ kind: 'uint8' }, 'tinyint unsigned', [255, '255']),
  kept({ kind: 'uint16' }, 'smallint unsigned', [65535, '65535']),
  kept({ kind: 'uint32' }, 'int unsigned', [4294967295, '4294967295'], [3000000000, '3000000000']),
  kept(
    { kind: 'uint64' },
    'bigint unsigned',
    [18446744073709551615n, '18446744073709551615'],
    [0n, '0'],
    [9223372036854775808n, '9223372036854775808'],
  ),
  kept({ kind: 'float32' }, 'float', [1.5, '1.5'], [-0.25, '-0.25']),
  kept({ kind: 'float64' }, 'double', [0.1, '0.1'], [-1e308, '-1e308'], [5e-324, '5e-324'], [-0, '0'], [1e21, '1e21']),
  kept(
    { kind: 'decimal', precision: 38, scale: 0 },
    'decimal(38,0)',
    [99999999999999999999999999999999999999n, '99999999999999999999999999999999999999'],
    [-1n, '-1'],
    [0n, '0'],
    [4503599627370497n, '4503599627370497'],
  ),
  kept(
    { kind: 'decimal', precision: 5, scale: 3 },
    'decimal(5,3)',
    [12345n, '12.345'],
    [-1n, '-0.001'],
    [10000n, '10.000'],
    [0n, '0.000'],
    [7n, '0.007'],
  ),
  kept(
    { kind: 'decimal', precision: 38, scale: 30 },
    'decimal(38,30)',
    [1n, `0.${'0'.repeat(29)}1`],
    [-99999999999999999999999999999999999999n, `-99999999.${'9'.repeat(30)}`],
  ),
  kept(
    { kind: 'string' },
    'longtext',
    ['', ''],
    ['åæø 😀', 'åæø 😀'],
    ['a|b"\'\\', 'a|b"\'\\\\'],
    ['tab\there', 'tab\\there'],
    ['line\nfeed', 'line\\nfeed'],
    ['\\N', '\\\\N'],
    ['NULL', 'NULL'],
    ['nul\0in', 'nul\\0in'],
    ['blank at the end ', 'blank at the end '],
    ['x'.repeat(70_000), 'x'.repeat(70_000)],
  ),
  kept({ kind: 'uuid' }, 'char(36)', ['0AB1C2D3-0000-4000-8000-00000000000f', '0ab1c2d3-0000-4000-8000-00000000000f']),
  kept(
    { kind: 'json' },
    'json',
    ['{"a": [1, 2.50], "b": null}', isMysql ? '{"a": [1, 2.5], "b": null}' : '{"a": [1, 2.50], "b": null}'],
    ['"\\u0001"', '"\\\\u0001"'],
  ),
  kept({ kind: 'list', item: { kind: 'int32' } }, 'json', [[1, null], isMysql ? '[1, null]' : '[1,null]'], [[], '[]']),
  kept({ kind: 'struct', fields: [{ name: 'a', type: { kind: 'string' }, nullable: true }] }, 'json', [
    ['x"\\'],
    `{"a":${isMysql ? ' ' : ''}"x\\\\"\\\\\\\\"}`,
  ]),
  kept({ kind: 'date' }, 'date', [0, '1970-01-01'], [-1, '1969-12-31'], [2932896, '9999-12-31'], [-719162, '0001-01-01']),
  kept({ kind: 'time', unit: 'us' }, 'time(6)', [0n, '00:00:00.000000'], [86_399_999_999_000n, '23:59:59.999999']),
  kept(
    { kind: 'timestamp', unit: 'us' },
    'datetime(6)',
    [micros('2024-02-29T23:59:59') + 1n, '2024-02-29 23:59:59.000001'],
    [-1n, '1969-12-31 23:59:59.999999'],
    [253402300799999999n, '9999-12-31 23:59:59.999999'],
    [-62135596800000000n, '0001-01-01 00:00:00.000000'],
  ),
  kept({ kind: 'timestamp', unit: 'us', zone: 'UTC' }, 'datetime(6)', [micros('2039-01-01T00:00:00'), '2039-01-01 00:00:00.000000']),
  kept(
    { kind: 'duration', unit: 'us' },
    'time(6)',
    [-1n, '-00:00:00.000001'], // MySQL ends where the second begins.
    isMysql ? [3_020_399_000_000n, '838:59:59.000000'] : [3_020_399_999_999n, '838:59:59.999999'],
  ),
  // As hexadecimal digits.
  kept({ kind: 'binary' }, 'longblob', [new Uint8Array([0, 255, 16, 9, 10, 92]), '00FF10090A5C'], [new Uint8Array(), '']),
];

const most = Math.max(...cells.map(([, , values]) => values.length));
/** All of them in one table, each with a null behind its values. */
const load: Load = {
  epoch: 1,
  schema: {
    columns: [
      { name: 'n', type: { kind: 'int32' }, nullable: false },
      ...cells.map(([type], at) => ({ name: `c${at}`, type, nullable: true })),
    ],
  },
  rows: Array.from({ length: most + 1 }, (_, n) => [n, ...cells.map(([, , values]) => values[n]?.[0] ?? null)]),
};
const shown = (type: DataType) =>
  `${type.kind}${'unit' in type ? ` ${type.unit}` : ''}${'zone' in type ? ' zoned' : ''}${'precision' in type ? ` ${type.precision},${type.scale}` : ''}`;

onMariadb('types of ours in MariaDB', () => {
  const opened = openedOnce(() => openDatabase());
  beforeEach(() => opened.cleared());

  async function arrive(of: Opened): Promise<void> {
    expect(await loaded(of.store(), load)).toMatchObject({ outcome: 'committed' });
    for (const [at, [type, , values]] of cells.entries()) {
      const column = type.kind === 'binary' ? `hex(c${at})` : `c${at}`;
      const lines = await of.lines(`select n, ${column} from e order by n`);
      const texts = Array.from({ length: most + 1 }, (_, n) => values[n]?.[1] ?? 'NULL');
      expect([shown(type), lines]).toEqual([shown(type), texts.map((text, n) => `${n}\t${text}`)]);
    }
  }

  test('arrive as they were sent, in columns that take the same again', async () => {
    await arrive(opened);
    const found = await (await opened.store()).inspect();
    const columns = 'done' in found && found.done.content === 'ours' ? (found.done.catalog?.columns ?? []) : [];
    for (const [at, [type, declaration]] of cells.entries()) {
      expect(columns.find(({ name }) => name === `c${at}`)).toMatchObject({ type: declaration });
      const itself = held(type)?.type;
      const isTaken = itself && (takes(declaration, itself) || JSON.stringify(holds(declaration)?.type) === JSON.stringify(itself));
      expect([shown(type), isTaken]).toEqual([shown(type), true]);
    }
  });

  const schema = (type: DataType): Schema => ({ columns: [{ name: 'c', type, nullable: true }] });

  alike.each<readonly [string, DataType, Cell]>([
    ['NaN', { kind: 'float64' }, Number.NaN],
    ['infinity', { kind: 'float32' }, Number.POSITIVE_INFINITY],
    ['a day after 9999', { kind: 'date' }, 2_932_897],
    ['a time before the year 1', { kind: 'timestamp', unit: 'us' }, -62_135_596_800_000_001n],
    ['839 hours', { kind: 'duration', unit: 'us' }, 839n * 3_600_000_000n],
    ['a text that is not a UUID', { kind: 'uuid' }, 'nonsense'],
  ])('%s is refused by the name of its column, and nothing settles', async (_, type, value) => {
    await expect(loaded(opened.store(), { epoch: 1, schema: schema(type), rows: [[value]] })).rejects.toMatchObject({
      code: 'HYG-4201',
      what: expect.stringMatching(/^Column c /),
    });
    expect(await opened.lines('show tables')).toEqual([]);
  });

  test.each<readonly [string, DataType, Cell, string | null]>([
    ['a number with a point', { kind: 'json' }, '{"a": [99999999999999999.99]}', 'the number 99999999999999999.99, '],
    ['a number of more than 64 bits', { kind: 'json' }, '[18446744073709551617]', 'the number 18446744073709551617, '],
    ['two values by one name', { kind: 'json' }, '{"a": 1, "b": {"a": 2, "\\u0061": 3}}', 'two values named "a"'],
    [
      'a decimal in a list',
      { kind: 'list', item: { kind: 'decimal', precision: 38, scale: 2 } },
      [9999999999999999999n],
      'the number 99999999999999999.99, ',
    ],
    ['what it keeps as it is', { kind: 'json' }, '[1.10, 18446744073709551615, -9223372036854775808, 1e2, {"a": 1}, {"a": -0.5}]', null],
  ])('%s in a document settles as it is, or is refused where the server has a json of its own', async (_, type, value, lost) => {
    const loading = loaded(opened.store(), { epoch: 1, schema: schema(type), rows: [[value]] });
    if (lost === null || !isMysql) {
      expect(await loading).toMatchObject({ outcome: 'committed' });
      expect(await opened.lines('select count(c) from e')).toEqual(['1']);
      return;
    }
    await expect(loading).rejects.toMatchObject({ code: 'HYG-4201', what: expect.stringContaining(`Column c holds`) });
    await expect(loading).rejects.toMatchObject({ what: expect.stringContaining(lost) });
    expect(await opened.lines('show tables')).toEqual([]);
  });

  alike('a text that is too long for its column is refused with its row, where the server would cut it', async () => {
    const column: Column = { name: 'note', type: { kind: 'string' }, nullable: true, override: { declared: 'varchar(5)', most: 5 } };
    const failing = loaded(opened.store(), { epoch: 1, schema: { columns: [column] }, rows: [['short'], ['far too long']] });
    await expect(failing).rejects.toMatchObject({
      code: 'HYG-4251',
      what: expect.stringContaining('Column note'),
      why: [expect.stringContaining('row 2'), expect.anything()],
    });
    expect(await opened.lines('show tables')).toEqual([]);
  });

  test.runIf((whole || !isMysql) && noOwnMariadb() === '')(
    'values arrive the same by INSERT, where the server takes no files',
    async () => {
      await using server = await ownMariadb(['--local-infile=OFF']);
      await using without = await openDatabase(server);
      await arrive(without);
    },
  );
});
