import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { asked, mariadbDatabase, noMariadb } from '../support/mariadb.ts';
import { noPostgres, noPostgresTools, postgresDatabase } from '../support/postgres.ts';
import { sampled } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';

/** A server, and who hygge is there: nobody with any right. */
interface Place extends AsyncDisposable {
  readonly name: string;
  /** Keys of a connection of each flow, without its host. */
  readonly keys: Readonly<Record<'early' | 'late', Readonly<Record<string, unknown>>>>;
  readonly host: Readonly<Record<string, unknown>>;
  readonly from: string;
  readonly into: string;
  readonly schemas: string;
  /** As an administrator's client runs a file. */
  run(script: string): Promise<unknown>;
  rows(table: string): Promise<string>;
}

const given = 'p';
// biome-ignore lint/suspicious/noTemplateCurlyInString: variables of the config look like that
const password = '${LOADER_PASSWORD}';

async function inPostgres(): Promise<Place> {
  const db = await postgresDatabase();
  const once = db.database.replaceAll('_', '');
  const roles = { early: `early "${once}"`, late: `late'${once}` };
  await db.sql(
    `revoke all on schema public from public; create schema erp; create schema "the mart";
    create table erp.orders (id bigint primary key, note text); insert into erp.orders select i, 'x' from generate_series(1, 100) i`,
  );
  for (const role of Object.values(roles)) await db.sql(`create role "${role.replaceAll('"', '""')}" login password '${given}'`);
  const keys = (user: string) => ({ type: 'postgres', database: db.database, user, password });
  return {
    name: 'postgres',
    keys: { early: keys(roles.early), late: keys(roles.late) },
    host: { host: db.host, port: db.port },
    ...{ from: 'erp.orders', into: '"the mart".', schemas: '' },
    run: (script) => db.script(script),
    rows: async (table) => (await db.sql(`select count(*) as n from ${table}`))[0]?.n ?? '',
    async [Symbol.asyncDispose]() {
      for (const role of Object.values(roles)) {
        const named = `"${role.replaceAll('"', '""')}"`;
        await db.sql(`drop owned by ${named}; drop role ${named}`);
      }
      await db[Symbol.asyncDispose]();
    },
  };
}

async function inMariadb(): Promise<Place> {
  const db = await mariadbDatabase();
  const { database } = db;
  const once = database.slice(-8);
  const users = { early: `early '${once}`, late: `late \`${once}` };
  const accounts = Object.values(users).map((user) => `'${user.replaceAll("'", "''")}'@'%'`);
  const mart = `${database}_mart`;
  await db.sql(
    `create database ${mart}; create table orders (id bigint primary key, note text); insert into orders select seq, 'x' from seq_1_to_100`,
  );
  for (const account of accounts) await db.sql(`create user ${account} identified by '${given}'`);
  const { host, port, socket, ...others } = db.keys as Readonly<Record<string, unknown>>;
  const keys = (user: string) => ({ type: 'mysql', ...others, user, password });
  const [staging, metadata] = [`${database}_stg`, `${database}_own`];
  return {
    name: 'mysql',
    keys: { early: keys(users.early), late: keys(users.late) },
    host: socket === undefined ? { host, port } : { socket },
    ...{ from: 'orders', into: `${mart}.`, schemas: `, staging_schema: ${staging}, metadata_schema: ${metadata}` },
    run: (script) => db.sql(script),
    rows: async (table) => (await db.sql(`select count(*) from ${table}`)).trim(),
    async [Symbol.asyncDispose]() {
      await db.sql(
        [...accounts.map((one) => `drop user ${one}`), ...[mart, staging, metadata].map((one) => `drop database if exists ${one}`)].join(
          '; ',
        ),
      );
      await db[Symbol.asyncDispose]();
    },
  };
}

/** Without what holds them together. */
const statementsOf = (script: string) =>
  script
    .split(';\n')
    .filter((one) => !/^(\\set [^\n]*\n)?(begin|commit|)$/.test(one))
    .map((one) => one.replace(/^\\set .*\n/, ''));

const flows = ['early', 'late'] as const;

/** Two flows, each with a role and a table of its own, in one database. */
function files(place: Place, host: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const connections = flows.map((flow) => `  ${flow}: ${JSON.stringify({ ...place.keys[flow], ...host })}\n`).join('');
  return {
    'hygge.yml': `name: proven\nconnections:\n${connections}`,
    ...Object.fromEntries(
      flows.map((flow) => [
        `flows/${flow}/flow.yml`,
        `home: { connection: ${flow}, table: ${place.from}, safe_wait: 0s }\nstore: { connection: ${flow}, table: ${JSON.stringify(`${place.into}orders_${flow}`)}${place.schemas} }\nrun_type: incremental\nwatermark: { column: id, key: [id] }\n`,
      ]),
    ),
    'infra/prod.yml': 'subscription: 11111111-1111-1111-1111-111111111111\nregion: westeurope\nresource_group: proven\n',
  };
}

describe.each(
  asked([
    ['PostgreSQL', inPostgres, noPostgres() || noPostgresTools()],
    ['MariaDB', inMariadb, noMariadb()],
  ] as const),
)('the rights that are rendered, in %s', (_, start, missing) => {
  describe.skipIf(missing !== '')(missing === '' ? 'on a server' : `on a server (skipped: ${missing})`, () => {
    let place: Place;
    let workspace: TestWorkspace;
    let give: string;
    let take: string;

    beforeAll(async () => {
      place = await start();
      workspace = new TestWorkspace(files(place, place.host));
      using rendered = new TestWorkspace(files(place, { host: 'db.example.com' }));
      const { code, stderr } = await rendered.run(['infra', 'render', 'azure', '--target', 'prod', '--out', 'out']);
      expect([code, stderr]).toEqual([0, '']);
      const file = `${place.name}-db-example-com-${String(place.keys.early.database).replaceAll('_', '-')}`;
      give = readFileSync(rendered.path(`out/by-hand/${file}.sql`), 'utf8');
      take = readFileSync(rendered.path(`out/by-hand/${file}.undo.sql`), 'utf8');
    });
    afterAll(async () => {
      workspace[Symbol.dispose]();
      await place[Symbol.asyncDispose]();
    });

    const ran = async (...args: readonly string[]) => {
      const { code, stdout, stderr } = await workspace.run(args, { env: { LOADER_PASSWORD: given } });
      return { code, said: `${stdout}${stderr}` };
    };
    const well = async (...args: readonly string[]) => {
      const { code, said } = await ran(...args);
      expect([args, code], said).toEqual([args, 0]);
    };

    test('are all that flows need: to be checked, to load, to load more, to start again; taken back, they leave what was settled', async () => {
      expect((await ran('debug')).code).not.toBe(0);
      await place.run(give);
      for (const args of [['debug'], ['go'], ['go'], ['go', '--full-drop']]) await well(...args);
      await place.run(take);
      expect((await ran('go')).code).not.toBe(0);
      for (const flow of flows) expect(await place.rows(`${place.into}orders_${flow}`)).toBe('100');
      // Whoever runs it again breaks nothing.
      for (const _ of [1, 2]) await place.run(give);
      await well('go');
    });

    test('are no more than that: each that is taken away is missed', async () => {
      const each = statementsOf(take);
      expect(each.length).toBeGreaterThan(5);
      for (const one of sampled(each, 3)) {
        await place.run(`${one};\n`);
        const { code, said } = await ran('debug');
        expect([one, code === 0 && !said.includes('needs a lag')]).toEqual([one, false]);
        await place.run(give);
      }
      await well('debug');
    });
  });
});

const missing = noPostgres() || noPostgresTools();
describe.skipIf(missing !== '')(missing === '' ? 'the state in PostgreSQL' : `the state in PostgreSQL (skipped: ${missing})`, () => {
  test('asks for its own tables alone, and each right that it has is used', async () => {
    await using place = await inPostgres();
    const role = String(place.keys.early.user);
    const given = (host: object) =>
      `name: proven\nconnections:\n  kept: ${JSON.stringify({ ...place.keys.early, ...host })}\nstate: { type: sql, connection: kept }\n`;
    const lake = 'abfss://lake@northwind.dfs.core.windows.net';
    using rendered = new TestWorkspace({
      'hygge.yml': given({ host: 'db.example.com' }),
      'flows/early/flow.yml': `home: ${lake}/in\nstore: ${lake}/out\n`,
      'infra/prod.yml':
        'subscription: 11111111-1111-1111-1111-111111111111\nregion: westeurope\nresource_group: proven\naccounts: { northwind: { resource_group: lake } }\n',
    });
    expect(await rendered.run(['infra', 'render', 'azure', '--target', 'prod', '--out', 'out'])).toMatchObject({ code: 0, stderr: '' });
    const file = `postgres-db-example-com-${String(place.keys.early.database).replaceAll('_', '-')}`;
    const [give, take] = ['sql', 'undo.sql'].map((end) => readFileSync(rendered.path(`out/by-hand/${file}.${end}`), 'utf8'));
    const onTables = /^(?:GRANT|create table).* "hygge_metadata"\.(\w+)/gim;
    expect(new Set([...(give ?? '').matchAll(onTables)].map(([, name]) => name))).toEqual(new Set(['watermarks', 'journal', 'objects']));
    expect(give).not.toContain('hygge_staging');
    using workspace = new TestWorkspace({
      'hygge.yml': given(place.host),
      'flows/early/flow.yml': 'home: in/*.csv\nstore: out\nrun_type: incremental\nwatermark: { column: id, key: [id] }\n',
      'in/a.csv': 'id,note\n1,x\n2,y\n',
    });
    const env = { LOADER_PASSWORD: 'p' };
    const well = async (...args: readonly string[]) =>
      expect([args, await workspace.run(args, { env })]).toEqual([args, expect.objectContaining({ code: 0 })]);
    expect((await workspace.run(['go'], { env })).code).not.toBe(0);
    await place.run(give ?? '');
    for (const args of [['debug'], ['go'], ['go', '--full-drop'], ['reset', 'early.early', '--yes']]) await well(...args);
    const each = statementsOf(take ?? '');
    expect(each.length).toBe(2);
    for (const one of each) {
      await place.run(`${one};\n`);
      expect([one, (await workspace.run(['go'], { env })).code]).not.toEqual([one, 0]);
      await place.run(give ?? '');
    }
    await well('go');
    expect(await place.rows(`information_schema.role_table_grants where grantee = '${role.replaceAll("'", "''")}'`)).toBe('12');
  });
});
