/** What every store does, in a Warehouse of a real account. */
import { randomBytes } from 'node:crypto';
import { describe } from 'vitest';
import type { Session } from '../../../src/databases/engine.ts';
import { connecting } from '../../../src/databases/sqlserver/fabric/connect.ts';
import type { FabricKeys } from '../../../src/databases/sqlserver/fabric/keys.ts';
import type { Store } from '../../../src/engine/contracts/store.ts';
import { findConnector } from '../../../src/registry.ts';
import type { StoreUnderTest } from '../../support/connector-conformance/bench.ts';
import { polarsFrame } from '../../support/connector-conformance/frames.ts';
import { storeConformance } from '../../support/connector-conformance/store.ts';
import { openedOnce } from '../../support/opened-once.ts';
import { homesBy } from '../../support/postgres-home.ts';

/** `fabric://host/database?staging=abfss://…`. Who runs the tests has signed in by `az login`. */
const variable = 'HYGGE_TEST_FABRIC_WAREHOUSE';
const named = process.env[variable];

interface RealWarehouse extends AsyncDisposable {
  readonly session: Session;
  /** In schemas of its own, which go with their tables. */
  readonly schema: string;
  store(of: { readonly markColumn?: string }): Promise<Store>;
  tables(): Promise<readonly string[]>;
}

async function realWarehouse(address: string): Promise<RealWarehouse> {
  const { searchParams } = new URL(address);
  const url = address.replace(/\?.*$/, '');
  const side = (await findConnector('fabric_warehouse'))?.store;
  if (!side) throw new Error('no store');
  const schema = `hygge_test_${randomBytes(4).toString('hex')}`;
  const own = [schema, `${schema}_own`, `${schema}_staging`];
  const written = { url, table: `${schema}.e`, staging: searchParams.get('staging'), metadata_schema: own[1], staging_schema: own[2] };
  const homes = homesBy('fabric_warehouse', { url });
  const session = await connecting(side.config.parse(written) as unknown as FabricKeys, homes.opening).open(undefined);
  const all = async () =>
    session.query(
      `SELECT s.name AS [schema], t.name AS name FROM sys.tables AS t JOIN sys.schemas AS s ON s.schema_id = t.schema_id WHERE s.name IN (${own.map((one) => `'${one}'`).join(', ')})`,
    );
  const emptied = async () => {
    for (const { schema: of, name } of await all()) await session.run(`drop table [${of}].[${name}]`);
  };
  await session.run(`CREATE SCHEMA [${schema}]`);
  return {
    ...{ session, schema },
    async store({ markColumn }) {
      const config = side.config.parse({ ...written, ...(markColumn === undefined ? {} : { mark_column: markColumn }) });
      return side.open(config as never, { ...homes.opening, entity: 'e' });
    },
    tables: async () => (await all()).map(({ schema: of, name }) => `${of}.${name}`),
    async [Symbol.asyncDispose]() {
      await emptied();
      for (const { name } of await session.query(`SELECT name AS name FROM sys.schemas WHERE name LIKE '${schema}%'`))
        await session.run(`DROP SCHEMA [${name}]`);
      await homes[Symbol.asyncDispose]();
      session.destroy();
    },
  };
}

describe.skipIf(named === undefined)(named === undefined ? `a Warehouse for real (${variable} is not set)` : 'a Warehouse for real', () => {
  const opened = openedOnce(() => realWarehouse(named ?? ''));

  const inTable = (of: { readonly markColumn?: string }) => async (): Promise<StoreUnderTest> => {
    const { session, schema } = opened;
    const table = `[${schema}].[e]`;
    const isThere = async () => (await opened.tables()).includes(`${schema}.e`);
    for (const name of await opened.tables()) await session.run(`drop table [${name.replace('.', '].[')}]`);
    const make = () => opened.store(of);
    return {
      open: make,
      at: make,
      frame: polarsFrame,
      async settled() {
        if (!(await isThere())) return [];
        const rows = await session.query(`select convert(varchar(20), id) as id, convert(varchar(20), mark) as mark from ${table}`);
        return rows.map(({ id, mark }) => `${id}@${mark}`).sort();
      },
      async plantForeign(rows) {
        // What the engine's plan adds to a table that lacks it.
        const marked = of.markColumn === undefined ? '' : `, [${of.markColumn}] varchar(max)`;
        if (!(await isThere())) await session.run(`create table ${table} ([id] bigint, [mark] bigint${marked})`);
        for (const { id, mark } of rows) await session.run(`insert into ${table} ([id], [mark]) values (${id}, ${mark ?? 'null'})`);
      },
      async [Symbol.asyncDispose]() {},
    };
  };

  storeConformance('a table', inTable({}));
  storeConformance('a table with a column that marks our rows', inTable({ markColumn: 'Loaded By' }));
});
