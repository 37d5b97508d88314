import { describe, expect, test } from 'vitest';
import { duckdb } from '../../src/databases/duckdb/duckdb.ts';
import { poolOf, Sessions } from '../../src/databases/sessions.ts';
import type { Home } from '../../src/engine/contracts/home.ts';
import { DuckdbTestFile, duckdbHomes } from '../support/duckdb-file.ts';
import { noPostgres, postgresDatabase } from '../support/postgres.ts';
import { everything, framesIn, homesBy, postgresHomes, rowsOf, slicesOf } from '../support/postgres-home.ts';
import { SqliteTestFile } from '../support/sqlite-file.ts';

interface Source extends AsyncDisposable {
  home(config: Readonly<Record<string, unknown>>): Promise<Home>;
  sql(text: string): Promise<unknown>;
}

interface Kind {
  readonly name: string;
  readonly missing: string;
  readonly rows: number;
  readonly sliceBytes: number;
  readonly table: string;
  /** Rows that are there when slices are planned. */
  readonly fill?: string;
  /** What is written waits for what is read. */
  readonly waits?: true;
  open(): Promise<Source>;
}

/** Rows from an id on; six thousand are 1.2 MB. */
const numbers = (from: number, count: number) =>
  `with recursive n (i) as (select ${from} union all select i + 1 from n where i < ${from + count - 1}) select i, 0, '${'x'.repeat(200)}' from n`;
const plain = 'create table t (id bigint primary key, n bigint not null, pad varchar(200) not null)';

const kinds: readonly Kind[] = [
  {
    ...{ name: 'PostgreSQL', missing: noPostgres(), rows: 6_000, sliceBytes: 300_000, table: plain },
    async open() {
      const db = await postgresDatabase();
      const homes = postgresHomes(db, { pool_size: 6 });
      return {
        ...{ home: homes.home, sql: (text) => db.sql(text) },
        async [Symbol.asyncDispose]() {
          await homes[Symbol.asyncDispose]();
          await db[Symbol.asyncDispose]();
        },
      };
    },
  },
  {
    ...{ name: 'SQLite', missing: '', rows: 6_000, sliceBytes: 100_000, table: plain },
    async open() {
      const file = new SqliteTestFile();
      const homes = homesBy('sqlite', { path: file.path }, file.root);
      return {
        ...{ home: homes.home, sql: async (text) => file.sql(text) },
        async [Symbol.asyncDispose]() {
          await homes[Symbol.asyncDispose]();
          file[Symbol.dispose]();
        },
      };
    },
  },
];

/** Another program can't write a file of DuckDB that is read, and a store of this process waits until it is not. */
const duckdbKind: Kind = {
  ...{ name: 'DuckDB', missing: '', rows: 130_000, sliceBytes: 100_000, table: plain, waits: true },
  fill: `insert into t select range, 0, 'x' from range(130000)`,
  async open() {
    const file = new DuckdbTestFile();
    const homes = duckdbHomes(file);
    let isMade = false;
    return {
      home: homes.home,
      async sql(text) {
        if (!isMade) {
          isMade = text.startsWith('insert');
          return file.sql(text);
        }
        const keys = { path: file.path, memory_limit: '200MB', threads: 1, pool_size: 4 };
        const pool = poolOf(duckdb, keys, homes.opening).forWriting();
        const sessions = new Sessions({ engine: duckdb as never, pool, label: 'hygge f.e', place: file.path });
        return sessions.transaction({ mode: 'write', isolation: 'snapshot' }, (session) => session.run(text));
      },
      async [Symbol.asyncDispose]() {
        await homes[Symbol.asyncDispose]();
        file[Symbol.dispose]();
      },
    };
  },
};

// Slices of MariaDB share no snapshot: what holds of them is in mysql/late-rows.test.ts.
describe.each([...kinds, duckdbKind])('slices of $name that are read at once', (kind) => {
  test.skipIf(kind.missing !== '')('have each row once, as it was planned, beside writers', async () => {
    const { rows } = kind;
    await using source = await kind.open();
    await source.sql(kind.table);
    await source.sql(kind.fill ?? `insert into t ${numbers(0, rows)}`);
    const home = await source.home({ table: 't' });
    const described = JSON.stringify(await home.describe());
    const slices = await slicesOf(home, everything, kind.sliceBytes);
    expect(slices.length).toBeGreaterThan(1);
    // Of each slice some rows are changed, some go and others come.
    const changing = async () => {
      for (const text of ['update t set n = n + 1', 'delete from t where id % 7 = 3', `insert into t ${numbers(rows, 500)}`])
        await source.sql(text);
    };
    const before = changing();
    if (!kind.waits) await before;
    let isOver = false;
    const beside = (async () => {
      while (!isOver && !kind.waits) {
        await source.sql('update t set n = n + 1 where id % 5 = 0');
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    })();
    const read = (await Promise.all(slices.map((slice) => rowsOf(framesIn(home, slice))))).flat();
    isOver = true;
    await beside;
    const ids = read.map(({ id }) => Number(id)).toSorted((a, b) => a - b);
    expect(described).toContain('database.one_snapshot');
    expect(ids).toEqual(Array.from({ length: rows }, (_, id) => id));
    expect(read.filter(({ n }) => Number(n) !== 0)).toEqual([]);
    await home[Symbol.asyncDispose]();
    await before;
  });
});
