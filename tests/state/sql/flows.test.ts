import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ProcessPools } from '../../../src/adapters/process-pools.ts';
import { realClock } from '../../../src/adapters/real-clock.ts';
import { openAppState } from '../../../src/assembly/app-state.ts';
import { findConnector, findDatabase } from '../../../src/registry.ts';
import { blocksOf } from '../../docs/blocks.ts';
import { connectionStringOf } from '../../support/azurite.ts';
import { growingFlow, growingRows, settleAndCheck } from '../../support/kill-rounds.ts';
import { pgbouncerProblem, startPgBouncer } from '../../support/pgbouncer.ts';
import { noPostgres, noPostgresTools, postgresDatabase, type TestDatabase } from '../../support/postgres.ts';
import { startPostgres } from '../../support/postgres-process.ts';
import { type PostgresProxy, startPostgresProxy } from '../../support/postgres-proxy.ts';
import { openSqlState, placeIn, type SqlPlace, sqliteFolder, sqliteInWorkspace, sqlWorkspace } from '../../support/sql-state.ts';
import { emptyRow, stateRow } from '../../support/state-rows.ts';
import { testNetwork } from '../../support/test-network.ts';
import { TestWorkspace } from '../../support/workspace.ts';

const twice = { 'flows/f/flow.yml': 'home: in\nstore: lake\nrun_type: incremental\nwatermark: { column: at }\n' };

/** What every place of state does for whoever works with it at a terminal. */
async function workedWith(place: SqlPlace): Promise<void> {
  using workspace = sqlWorkspace(place, twice);
  await workspace.parquet('in/1.parquet', growingRows(0, 100));
  const ran = await workspace.run(['go', '--output', 'json']);
  expect([ran.code, ran.stderr]).toEqual([0, expect.stringContaining('100 rows settled')]);
  expect((await workspace.run(['status'])).stdout).toMatch(/f\.f .*2024-01-01/);
  expect((await workspace.run(['journal'])).stdout).toMatch(/f\.f +pass +100 /);
  const shown = await workspace.run(['state', 'show', 'f.f']);
  expect(shown.stdout).toMatch(/kept in\s+hygge_metadata of (postgres|sqlite) /);
  const debugged = await workspace.run(['debug']);
  expect([debugged.code, debugged.stdout]).toEqual([0, expect.stringMatching(/Readable in hygge_metadata of .*: 1 entity\n.*Writable/)]);
  expect(await workspace.run(['reset', 'f.f', '--yes'])).toMatchObject({ code: 0 });
  expect((await workspace.run(['go', '--output', 'json'])).events.at(-1)).toMatchObject({ event: 'summary', pass: 1 });
  await settleAndCheck(workspace);
}

describe('state in a file of SQLite', () => {
  test('is all that a workspace needs', () => workedWith(sqliteInWorkspace));

  test('that another program keeps locked is reported, and who is to be looked for', async () => {
    await using folder = await sqliteFolder();
    const place = { ...folder.place, keys: { ...folder.place.keys, busy_timeout: 1 } };
    await using opened = await openSqlState(place);
    await opened.state.write({ flow: 'f', entity: 'f' }, undefined, emptyRow);
    using other = new DatabaseSync(`${folder.root}/kept/state.db`);
    other.exec('begin immediate');
    const refused = opened.state.write({ flow: 'f', entity: 'g' }, undefined, emptyRow);
    await expect(refused).rejects.toMatchObject({ code: 'HYG-6521', transient: true });
    expect((await opened.state.read({ flow: 'f', entity: 'f' }))?.row).toEqual(emptyRow);
  });

  test('in a file that is something else, or a folder, is reported by its path', async () => {
    await using folder = await sqliteFolder();
    await mkdir(`${folder.root}/kept/state.db`, { recursive: true });
    await using inFolder = await openSqlState(folder.place);
    await expect(inFolder.state.entities()).rejects.toMatchObject({ code: 'HYG-6520', what: expect.stringContaining('kept/state.db') });
    await writeFile(`${folder.root}/other.db`, 'not a database, but long enough to be taken for the first page of one. '.repeat(20));
    await using inOther = await openSqlState({ ...folder.place, keys: { path: 'other.db' } });
    await expect(inOther.state.entities()).rejects.toMatchObject({ code: 'HYG-6522' });
  });
});

describe('a `state: { type: sql }`', () => {
  test.each([
    ['{ type: sql, connection: erpp }', 'There is no connection `erpp` for the state. Did you mean `erp`?'],
    ['{ type: sql, connection: lake }', "State can't be kept in `lake`, a connection of type `s3`."],
    ['{ type: sql, connection: kept }', 'A file, such as data/state.db'],
    ['{ type: sql }', '`connection` is missing'],
  ])('%s is explained', async (state, told) => {
    const connections =
      '{ erp: { type: postgres, host: db.example }, lake: { type: s3, bucket: northwind }, kept: { type: sqlite, path: ":memory:" } }';
    using workspace = new TestWorkspace({ 'hygge.yml': `name: test\nconnections: ${connections}\nstate: ${state}\n`, ...twice });
    const run = await workspace.run(['list', 'flows']);
    expect([run.code, run.stderr]).toEqual([2, expect.stringContaining(told)]);
  });
});

describe('a function app', () => {
  const settings = { type: 'sql', connection: 'db', schema: 'hygge_metadata' } as const;
  const env = { AzureWebJobsStorage: connectionStringOf('TableEndpoint=http://127.0.0.1:1/acct;BlobEndpoint=http://127.0.0.1:1/acct;') };
  const around = { env, network: testNetwork, pools: async () => new ProcessPools(realClock()) };

  test('may keep its state in PostgreSQL; its board of runs is in the account that it runs on', async () => {
    const config = (await findConnector('postgres'))?.state?.parse({ host: 'db.example', database: 'erp', user: 'loader' });
    const opened = await openAppState({ root: '/', state: { ...settings, engine: 'postgres', config } }, around);
    expect(opened.state.location).toBe('hygge_metadata of postgres db.example/erp');
  });

  test('has no disk for a file of SQLite', async () => {
    const opened = openAppState({ root: '/', state: { ...settings, engine: 'sqlite', config: { path: 'state.db' } } }, around);
    await expect(opened).rejects.toMatchObject({ code: 'HYG-1077' });
  });
});

describe.skipIf(noPostgres() !== '')('state in PostgreSQL', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await postgresDatabase();
  });
  afterAll(() => db[Symbol.asyncDispose]());

  test('is all that a workspace needs, and the question of docs/state.md finds what settled', async () => {
    await workedWith(placeIn(db));
    const page = readFileSync(join(import.meta.dirname, '../../../docs/state.md'), 'utf8');
    const [question] = blocksOf(page).filter(({ language }) => language === 'sql');
    expect(await db.sql(question?.text ?? '')).toMatchObject([{ flow: 'f', entity: 'f', status: 'skip' }]);
  });

  test.skipIf(pgbouncerProblem() !== '')('works behind a PgBouncer that gives each transaction another connection', async () => {
    await using own = await postgresDatabase();
    await using pooler = await startPgBouncer(own, 2);
    const keys = { ...placeIn(own).keys, host: pooler.host, port: pooler.port };
    using workspace = sqlWorkspace({ ...placeIn(own), keys }, growingFlow);
    await workspace.parquet('in/0.parquet', growingRows(0, 100));
    expect((await workspace.run(['go'])).code).toBe(0);
    await settleAndCheck(workspace);
  });

  test('goes by the clock of the server', async () => {
    await using own = await postgresDatabase();
    await using opened = await openSqlState(placeIn(own));
    expect(opened.state.now?.()).toBeUndefined();
    await opened.state.read({ flow: 'f', entity: 'f' });
    const [server] = await own.sql(`select (extract(epoch from clock_timestamp()) * 1000)::bigint as ms`);
    expect(Math.abs(Date.parse(opened.state.now?.() ?? '') - Number(server?.ms))).toBeLessThan(60_000);
    expect(await own.sql(`select 1 from pg_namespace where nspname = 'hygge_metadata'`)).toEqual([]);
  });

  describe('whose answers are lost', () => {
    let proxy: PostgresProxy;
    beforeAll(async () => {
      proxy = await startPostgresProxy(db);
    });
    afterAll(() => proxy[Symbol.asyncDispose]());
    const through = (schema: string): SqlPlace => ({
      ...placeIn(db),
      schema,
      keys: { ...placeIn(db).keys, host: proxy.host, port: proxy.port },
    });

    test.each(['before', 'after'] as const)('at a COMMIT, %s it is carried out: the run settles once', async (when) => {
      using workspace = sqlWorkspace(through(`commit_${when}`), growingFlow);
      await workspace.parquet('in/0.parquet', growingRows(0, 100));
      let commits = 0;
      proxy.rule(({ text }) => (text === 'COMMIT' && ++commits % 3 === 0 ? { when } : undefined));
      const ran = await workspace.run(['go', '--output', 'json']);
      expect([ran.code, ran.events.at(-1)]).toMatchObject([0, { pass: 1, rows: 100 }]);
      proxy.rule(() => undefined);
      expect(commits).toBeGreaterThan(6);
      await settleAndCheck(workspace);
      const journal = await db.sql(`select status from "commit_${when}".journal order by finished_at`);
      expect(journal.map(({ status }) => status)).toEqual(['pass', 'skip', 'skip']);
      expect(await db.sql(`select ref from "commit_${when}".objects where ref ~ '^(plans|receipts|intents)/'`)).toEqual([]);
    });

    test('by a server that does not answer in time: the connection counts as lost, and is not used again', async () => {
      const database = await findDatabase('postgres');
      const config = (await findConnector('postgres'))?.state?.parse(placeIn(db).keys);
      const opening = { root: '/', clock: realClock(), network: testNetwork, pools: new ProcessPools(realClock()) };
      const session = await database?.poolOptions(config, { ...opening, answerWithinMs: 100 }).open(undefined);
      await expect(session?.query('select pg_sleep(60)')).rejects.toMatchObject({ name: 'DatabaseError', isLost: true });
      expect(session?.isBroken).toBe(true);
      await session?.close();
    });

    test('a conditional write says that its outcome is unknown, and an object is made once', async () => {
      await using opened = await openSqlState(through('lost'));
      const key = { flow: 'f', entity: 'f' };
      await opened.state.write(key, undefined, emptyRow);
      const etag = (await opened.state.read(key))?.etag;
      const cut = () => {
        let isCut = false;
        proxy.rule(({ text }) => {
          if (text !== 'COMMIT' || isCut) return undefined;
          isCut = true;
          return { when: 'after' };
        });
      };
      cut();
      await expect(opened.state.write(key, etag, stateRow())).rejects.toMatchObject({ name: 'OutcomeUnknown', spent: false });
      expect((await opened.state.read(key))?.row).toEqual(stateRow());
      expect(await opened.state.write(key, etag, stateRow())).toBe('moved');
      cut();
      expect(await opened.state.putObject(key, 'plans/1', { a: 1 })).toEqual({ a: 1 });
      expect(await opened.state.putObject(key, 'plans/1', { a: 2 })).toEqual({ a: 1 });
    });
  });

  test('of a server that is stopped at once in the middle of a run: the next one continues', async () => {
    // What it said it has, it must have after the fall.
    await using server = await startPostgres({ conf: ['synchronous_commit = on'] });
    await using own = await postgresDatabase(server);
    await using proxy = await startPostgresProxy(server);
    const place = placeIn(own);
    using workspace = sqlWorkspace({ ...place, keys: { ...place.keys, port: proxy.port } }, growingFlow);
    await workspace.parquet('in/0.parquet', growingRows(0, 200));
    expect((await workspace.run(['go'])).code).toBe(0);
    await workspace.parquet('in/1.parquet', growingRows(200, 400));
    let [seen, restarted] = [0, Promise.resolve()];
    proxy.rule(({ text }) => {
      if (text === 'COMMIT' && ++seen === 6) restarted = server.crash();
      return undefined;
    });
    const ran = await workspace.run(['go', '--output', 'json']);
    await restarted;
    expect([ran.code, ran.events.at(-1)]).toMatchObject([0, { pass: 1 }]);
    expect(seen).toBeGreaterThanOrEqual(6);
    proxy.rule(() => undefined);
    await settleAndCheck(workspace);
  });

  describe('for a role that may create no schemas', () => {
    let role = '';
    beforeAll(async () => {
      role = `poor_${db.database}`;
      await db.sql(`create role ${role} login password '${db.password}'`);
    });
    afterAll(() => db.sql(`drop owned by ${role}; drop role ${role}`));

    test.skipIf(noPostgresTools() !== '')('what `generate ddl --metadata` prints is all that an administrator has to run', async () => {
      await using own = await postgresDatabase();
      const place = { ...placeIn(own), keys: { ...placeIn(own).keys, user: role } };
      using workspace = sqlWorkspace(place, {
        'flows/f/flow.yml':
          'home: in\nstore: { type: postgres, connection: db, table: public.f }\nrun_type: incremental\nwatermark: { column: at }\n',
      });
      await workspace.parquet('in/1.parquet', growingRows(0, 100));
      await own.sql(`grant create on schema public to ${role}`);
      const refused = await workspace.run(['go']);
      expect([refused.code, refused.stderr + refused.stdout]).toEqual([
        1,
        expect.stringMatching(/HYG-5021[\s\S]*hygge generate ddl --metadata --connection db/),
      ]);
      const debugged = await workspace.run(['debug']);
      expect(debugged.stdout).toMatch(
        /state\n[\s\S]*✗ HYG-5021 The tables of the state[\s\S]*Missing: schema hygge_metadata[\s\S]*hygge generate ddl --metadata/,
      );
      expect(debugged.stdout).toMatch(/✗ store: hygge may not make[\s\S]*Missing: the schema hygge_metadata, the schema hygge_staging/);

      const script = await workspace.run(['generate', 'ddl', '--metadata', '--connection', 'db']);
      expect([script.code, script.stderr]).toEqual([0, '']);
      await own.psql(script.stdout);
      // It may be run again.
      await own.psql(script.stdout);
      const ran = await workspace.run(['go']);
      expect([ran.code, ran.stderr + ran.stdout]).toEqual([0, expect.stringContaining('100 rows settled')]);
      expect(await own.sql('select count(*)::text as n from f')).toEqual([{ n: '100' }]);
      expect(await own.sql('select flow, rows_processed from hygge_metadata.watermarks')).toEqual([{ flow: 'f', rows_processed: '100' }]);
      expect((await workspace.run(['debug'])).code).toBe(0);
      await own.sql(`drop owned by ${role}`);
    });

    test('one that may not read the tables is told so, and what grants it', async () => {
      await using own = await postgresDatabase();
      await own.sql('create schema hygge_metadata; create table hygge_metadata.watermarks (flow text)');
      await using opened = await openSqlState({ ...placeIn(own), keys: { ...placeIn(own).keys, user: role } });
      await expect(opened.state.entities()).rejects.toMatchObject({
        code: 'HYG-5009',
        tryThis: [expect.stringContaining('hygge generate ddl --metadata --connection db'), expect.anything()],
      });
    });

    test('the script goes to a file, for any database, or by JSON', async () => {
      using workspace = sqlWorkspace(placeIn(db), twice);
      expect((await workspace.run(['generate', 'ddl', '--metadata', '--to', 'made.sql'])).stdout).toContain('made.sql');
      const any = await workspace.run(['generate', 'ddl', '--metadata', '--dialect', 'postgres', '--role', 'Lo"ader', '--output', 'json']);
      const statements = any.stdout
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { statement: string }).statement);
      expect(statements.at(-1)).toBe('GRANT USAGE, CREATE ON SCHEMA "hygge_staging" TO "Lo""ader"');
      for (const [args, told] of [
        [['--dialect', 'postgre'], 'Did you mean postgres?'],
        [['--connection', 'bd'], 'There is no connection bd'],
      ] as const) {
        const run = await workspace.run(['generate', 'ddl', '--metadata', ...args]);
        expect([run.code, run.stderr]).toEqual([2, expect.stringContaining(told)]);
      }
    });
  });
});
