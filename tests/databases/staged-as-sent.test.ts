import { afterEach, describe, expect, test, vi } from 'vitest';
import { writes as duckdb } from '../../src/databases/duckdb/write.ts';
import type { Session } from '../../src/databases/engine.ts';
import { writes as mysql } from '../../src/databases/mysql/write.ts';
import { writes as postgres } from '../../src/databases/postgres/write.ts';
import { writes as sqlite } from '../../src/databases/sqlite/write.ts';
import { writes as sqlserver } from '../../src/databases/sqlserver/write.ts';
import type { Writes } from '../../src/databases/writes.ts';
import type { Store } from '../../src/engine/contracts/store.ts';
import type { Writing } from '../../src/engine/contracts/writing.ts';
import type { Cell } from '../../src/frames/cell.ts';
import type { DataType, Schema } from '../../src/frames/schema.ts';
import { decided, everything, loaded, writing } from '../support/commits.ts';
import { asked, noMariadb } from '../support/mariadb.ts';
import { openedOnce } from '../support/opened-once.ts';
import { noPostgres } from '../support/postgres.ts';
import { SEED } from '../support/samples.ts';
import { dice } from '../support/sim/dice.ts';
import { openStore as openDuckdb } from './duckdb/support.ts';
import { openDatabase as openMariadb } from './mysql/support.ts';
import { openDatabase as openPostgres } from './postgres/support.ts';
import { openStore as openSqlite } from './sqlite/support.ts';
import { storeServed } from './sqlserver/support.ts';

interface Opened extends AsyncDisposable {
  store(): Promise<Store>;
  cleared(): Promise<unknown>;
}

interface Engine {
  readonly writes: Writes<never>;
  /** Whose values it keeps as they are. */
  readonly types: Readonly<Record<string, DataType>>;
  open(): Promise<Opened>;
  readonly missing: string;
}

const common: Engine['types'] = {
  ...{ truth: { kind: 'bool' }, whole: { kind: 'int64' }, price: { kind: 'decimal', precision: 12, scale: 2 } },
  ...{ long: { kind: 'decimal', precision: 38, scale: 10 }, double: { kind: 'float64' }, name: { kind: 'string' } },
  ...{ day: { kind: 'date' }, at: { kind: 'timestamp', unit: 'us' }, instant: { kind: 'timestamp', unit: 'us', zone: 'UTC' } },
  ...{ clock: { kind: 'time', unit: 'us' }, bytes: { kind: 'binary' }, uid: { kind: 'uuid' } },
};
const small: Engine['types'] = { ...common, int16: { kind: 'int16' }, int32: { kind: 'int32' }, real: { kind: 'float32' } };
const unsigned: Engine['types'] = {
  ...{
    int8: { kind: 'int8' },
    uint8: { kind: 'uint8' },
    uint16: { kind: 'uint16' },
    uint32: { kind: 'uint32' },
    uint64: { kind: 'uint64' },
  },
} as const;

const engines: Readonly<Record<string, Engine>> = {
  PostgreSQL: {
    ...{ writes: postgres as unknown as Writes<never>, types: small, missing: noPostgres() },
    async open() {
      const opened = await openPostgres();
      const cleared = () => opened.db.sql('drop table if exists e; drop schema if exists hygge_staging, hygge_metadata cascade');
      return { store: () => opened.store(), cleared, [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose]() };
    },
  },
  MariaDB: {
    ...{ writes: mysql as unknown as Writes<never>, types: { ...small, ...unsigned }, missing: noMariadb() },
    open: openMariadb,
  },
  SQLite: {
    ...{ writes: sqlite as unknown as Writes<never>, types: common, missing: '' },
    open: openSqlite,
  },
  DuckDB: {
    ...{ writes: duckdb as unknown as Writes<never>, types: { ...small, ...unsigned }, missing: '' },
    open: openDuckdb,
  },
  'SQL Server, in memory': {
    ...{ writes: sqlserver as unknown as Writes<never>, types: small, missing: '' },
    async open() {
      let served = await storeServed({ tables: [] }, { list: 'any' });
      return {
        store: () => served.store(),
        async cleared() {
          await served[Symbol.asyncDispose]();
          served = await storeServed({ tables: [] }, { list: 'any' });
        },
        [Symbol.asyncDispose]: () => served[Symbol.asyncDispose](),
      };
    },
  },
};

/** What a server of the tests makes of a value when it has taken the rows. */
let garbles: { readonly column: string; readonly whole: string; readonly to: string } | undefined;

/** Before the engines are opened, which take what they write by from here. */
for (const { writes } of Object.values(engines)) {
  const garble = async (session: Session, table: string, taken: number) => {
    if (garbles) await session.execute(`update ${table} set ${garbles.column} = ${garbles.to} where ${garbles.whole} = 4`);
    return taken;
  };
  const { load } = writes.staging;
  if (load.by !== 'frames') continue;
  const { copy } = load;
  vi.spyOn(load, 'copy').mockImplementation(async (session, into, frame, written) =>
    garble(session, into.table, await copy(session, into, frame, written)),
  );
}

/** Values at the edges of a type and in between, by what `of` rolls. */
function rolled(type: DataType, of: (below: number) => number): Cell {
  const pick = <T>(...all: readonly T[]): T => all[of(all.length)] as T;
  const some = (low: bigint, high: bigint) => pick(low, high, 0n, BigInt(of(1_000_000)), low + BigInt(of(1_000_000)));
  const digits = type.kind === 'decimal' ? 10n ** BigInt(type.precision) : 0n;
  const by: Partial<Record<DataType['kind'], () => Cell>> = {
    bool: () => pick(true, false),
    int8: () => Number(some(-128n, 127n) % 128n),
    int16: () => Number(some(-32_768n, 32_767n) % 32_768n),
    int32: () => Number(some(-2_147_483_648n, 2_147_483_647n)),
    uint8: () => Number(some(0n, 255n) % 256n),
    uint16: () => Number(some(0n, 65_535n) % 65_536n),
    uint32: () => Number(some(0n, 4_294_967_295n)),
    int64: () => some(-(2n ** 63n), 2n ** 63n - 1n),
    uint64: () => some(0n, 2n ** 64n - 1n),
    decimal: () => some(1n - digits, digits - 1n),
    float32: () => Math.fround(pick(0, -0, 1.1, -3.4e38, 1e-40, of(1e6) / 7)),
    float64: () => pick(0, -0, 0.1, 1.7976931348623157e308, 5e-324, -123456789.125, of(1e6) / 7),
    string: () => pick('', ' ', 'blank behind ', 'é', 'e\u0301', '𝔘 🏡', "it's", 'x'.repeat(of(300)), '7.00'),
    date: () => pick(-719_162, 2_932_896, 0, of(30_000) - 15_000),
    timestamp: () => pick(-62_135_596_800_000_000n, 253_402_300_799_999_999n, 0n, -1n, BigInt(of(2 ** 31)) * 1_000_001n),
    time: () => 1_000n * pick(0n, 86_399_999_999n, 1n, BigInt(of(86_400)) * 1_000_000n + 7n),
    binary: () => Buffer.alloc(of(30), 255 - of(200)),
    uuid: () => pick('6f9619ff-8b86-d011-b42d-00c04fc964ff', '00000000-0000-0000-0000-000000000000'),
  };
  const roll = by[type.kind];
  if (roll === undefined) throw new Error(`no values of ${type.kind}`);
  return roll();
}

/** Sums of times or of their days. */
const hasSumOfTimes = ({ staging: { totals } }: Writes<never>): boolean => {
  const { sum, days } = totals?.('at', { kind: 'timestamp', unit: 'us' }) ?? {};
  return sum !== undefined || days !== undefined;
};

const schemaOf = (types: Engine['types']): Schema => ({
  columns: Object.entries(types).map(([name, type]) => ({ name, type, nullable: true })),
});

describe.each(asked(Object.keys(engines)))('what is staged in %s is what was sent', (name) => {
  const engine = engines[name];
  if (!engine) throw new Error('no such engine');
  describe.skipIf(engine.missing !== '')('where it can be had', () => {
    const opened = openedOnce(() => engine.open());
    afterEach(async () => {
      garbles = undefined;
      await opened.cleared();
    });

    test('whatever the values are: no alarm is raised, for a table that is made and for rows that are added', async () => {
      const roll = dice(SEED);
      const of = (below: number) => Math.floor(roll() * below);
      const schema = schemaOf(engine.types);
      const rows = (n: number) =>
        Array.from({ length: n }, () => schema.columns.map(({ type }) => (of(8) === 0 ? null : rolled(type, of))));
      const store = await opened.store();
      for (let round = 0; round < 2; round++) {
        const swap = { writing: writing('swap'), supersede: everything };
        const full = { epoch: 2 * round + 1, schema, rows: rows(30), slices: [rows(10), rows(1)], ...(round === 0 ? {} : swap) };
        expect(await loaded(store, full)).toMatchObject({ outcome: 'committed' });
        expect(await loaded(store, { epoch: 2 * round + 2, schema, rows: rows(20) })).toMatchObject({ outcome: 'committed' });
      }
    });

    const garbled = ['whole', 'price', 'day', 'at', 'name', 'double'].filter((column) => {
      const asked = engine.writes.staging.totals?.(column, engine.types[column] ?? { kind: 'null' }) ?? {};
      return Object.keys(asked).length > 0;
    });
    const quoted = (text: string) => (name === 'MariaDB' ? `\`${text}\`` : name.startsWith('SQL Server') ? `[${text}]` : `"${text}"`);
    const row = (at: number): readonly Cell[] => [true, BigInt(at), BigInt(at * 100), 3n, at / 2, `name ${at}`, 19_000 + at, BigInt(at)];
    const schema = schemaOf(Object.fromEntries(Object.entries(common).slice(0, 8)));
    const others: Readonly<Record<string, string>> = {
      ...{ whole: '9', price: '1400.00', day: `'2031-01-01'`, at: `'2031-01-01 00:00:00.000000'`, name: `'another name'`, double: '9.25' },
    };
    const first = { epoch: 1, schema, rows: [row(3), row(4), row(5)] };

    test(`a value that a server makes another one stops the run before it decides: ${garbled.join(', ')}`, async () => {
      const store = await opened.store();
      const mustBeNoticed = async (from: number) => {
        for (const [at, column] of garbled.entries()) {
          garbles = { column: quoted(column), whole: quoted('whole'), to: others[column] ?? '' };
          const noticed = { code: 'HYG-4292', what: expect.stringContaining(` of ${column} `) };
          await expect(decided(store, { ...first, epoch: from + at }), column).rejects.toMatchObject(noticed);
        }
        garbles = undefined;
      };
      await mustBeNoticed(1);
      if (name !== 'SQLite') return;
      await loaded(store, { ...first, epoch: 20 });
      await mustBeNoticed(21);
    });

    const makes: Writing = { mode: 'append', key: [], why: 'creates' };

    test.skipIf(!engine.writes.staging.attemptTags)(
      'rows of an unknown attempt lie next to them: theirs are not compared, and ours are',
      async () => {
        const store = await opened.store();
        garbles = { column: quoted('double'), whole: quoted('whole'), to: '9.25' };
        const slices = [[row(6)], [row(7)]];
        const ours = { schema, slices, writing: makes };
        await expect(decided(store, { ...ours, epoch: 1, rows: [row(3), row(4)], lost: [row(8)] })).rejects.toMatchObject({
          code: 'HYG-4292',
        });
        garbles = undefined;
        expect(await loaded(store, { ...ours, epoch: 2, rows: [row(3)], lost: [row(4)] })).toMatchObject({ counts: { inserted: 3 } });
      },
    );

    test.skipIf(!hasSumOfTimes(engine.writes))(
      'a time that is another one between the earliest and the latest is seen by a sum',
      async () => {
        const days = (at: number) => row(at).with(7, BigInt(at) * 864_000_000_000n);
        const store = await opened.store();
        garbles = { column: quoted('at'), whole: quoted('whole'), to: `'1970-02-11 00:00:00.000000'` };
        const load = { epoch: 1, schema, rows: [days(3), days(4), days(5)], slices: [[days(6)]], writing: makes };
        await expect(decided(store, load)).rejects.toMatchObject({ code: 'HYG-4292', what: expect.stringContaining(' of at ') });
      },
    );

    test.skipIf(!['PostgreSQL', 'DuckDB'].includes(name))('a NaN in one slice is no other value in another', async () => {
      const slices = [[row(6).with(4, Number.NaN)], [row(7)]];
      const load = { epoch: 1, schema, rows: [row(3), row(4)], slices, writing: makes };
      expect(await loaded(await opened.store(), load)).toMatchObject({ counts: { inserted: 4 } });
    });
  });
});
