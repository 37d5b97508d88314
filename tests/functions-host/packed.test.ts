import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { type Azure, account, filesystem, machine, startAzure } from '../support/azure-hosts/azure.ts';
import { sharedAzurite } from '../support/azurite.ts';
import { type HyggeApp, startHyggeApp } from '../support/function-host/hygge-app.ts';
import { packageOfThisRun } from '../support/function-host/packed-app.ts';
import { countConnections, noPostgres, pgLiteral, postgresDatabase, type TestDatabase } from '../support/postgres.ts';

vi.mock('node:zlib', async (original) =>
  (await import('../support/stored-zips.ts')).withStoredZips(original as () => Promise<typeof import('node:zlib')>),
);

const azurite = sharedAzurite();
const rows = (from: number, to: number) =>
  `select range as id, timestamp '2026-01-01' + interval (range // 7) minute as changed, md5(range::varchar) as noise from range(${from}, ${to})`;

const shop = 'home: { type: parquet, path: in/shop }\nstore: { type: parquet, path: lake/shop }\nschedule: "0 0 2 * * *"\n';

const files = 4;
const rowsOfFile = 100;
/** Of each file two rows break the rule. */
const judgedRows = (from: number, to: number) =>
  `select i as id, case when i % 50 = 3 then -1 else 1 end as amount from range(${from}, ${to}) t(i)`;

/** A file is a slice. The check of the sum is of all of them, and so are keys that come twice. */
const contracts: Readonly<Record<string, string>> = {
  'contracts/judged.yml': 'columns:\n  id: { type: int64, unique: true }\n  amount: { type: int32, min: 0 }\n',
  'contracts/twice.yml': 'columns:\n  id: { type: int64, unique: true }\n  amount: int32\n',
  ...Object.fromEntries(
    ['judged', 'twice'].map((name) => [
      `flows/${name}/flow.yml`,
      [
        `home: { type: parquet, path: in/${name} }`,
        `store: { type: parquet, path: lake/${name} }`,
        'run_type: incremental',
        'changed_files: replace',
        `validation: { contract: contracts/${name}.yml, mode: ${name === 'judged' ? 'quarantine' : 'fail'}, quality: { checks: [{ name: all ids, type: range, column: id, of: sum, max: 1, on_fail: warn }] } }`,
        '',
      ].join('\n'),
    ]),
  ),
};

const tables = Array.from({ length: 3 }, (_, at) => `t${at}`);
const poolSize = 2;

/** Four tables at once, over few connections, as a role of their own: the server counts them. */
function filesForPostgres({ host, port, database }: TestDatabase): Readonly<Record<string, string>> {
  const pg = `type: postgres, host: ${host}, port: ${port}, database: ${database}, user: packed_app, password: "\${PG_SECRET}", pool_size: ${poolSize}`;
  const entities = `entities: [${tables.join(', ')}]\n`;
  return {
    'flows/up/flow.yml': `home: { type: parquet, path: "in/{entity}" }\nstore: { ${pg} }\nrun_type: incremental\nwatermark: { column: changed }\n${entities}`,
    'flows/down/flow.yml': `home: { ${pg}, table: "{entity}" }\nstore: { type: parquet, path: lake/pg }\n${entities}`,
  };
}

/** A lake that grows, its small files put together by each run. */
const adls = [
  'home: { type: parquet, path: in/adls }',
  `store: { type: adls, account_url: "https://${account}.dfs.core.windows.net", filesystem: ${filesystem}, credential: managed_identity, format: parquet, path: lake }`,
  'schedule: "0 0 2 * * *"',
  'run_type: incremental',
  'watermark: { column: changed }',
  'compact: { every: 1ms }',
  '',
].join('\n');

let azure: Azure;
let app: HyggeApp;
let db: TestDatabase | undefined;
const pgSecret = `$@%'${randomBytes(6).toString('hex')}`;

beforeAll(async () => {
  azure = await startAzure();
  db = noPostgres() === '' ? await postgresDatabase() : undefined;
  await db?.sql(
    `create role packed_app login password ${pgLiteral(pgSecret)}; grant create on database "${db.database}" to packed_app; grant create on schema public to packed_app`,
  );
  const files = { 'flows/adls/flow.yml': adls, 'flows/shop/flow.yml': shop, ...contracts, ...(db && filesForPostgres(db)) };
  // Every flow of the config that is pushed, whatever was packed.
  const own = { HYGGE_FLOWS: '', HYGGE_CONFIG: '' };
  const settings = { ...own, ...azure.hosts.env, ...azure.entra.identityEnv, PG_SECRET: pgSecret };
  const { unpacked } = await packageOfThisRun();
  app = await startHyggeApp({ azurite: await azurite(), files, app: join(unpacked, 'start.mjs'), pushed: true, settings });
});
afterAll(async () => {
  await app?.[Symbol.asyncDispose]();
  await azure?.[Symbol.asyncDispose]();
  await db?.sql('drop owned by packed_app cascade; drop role packed_app');
  await db?.[Symbol.asyncDispose]();
});

function keep(base: string, path: string, content: Uint8Array): void {
  const to = app.workspace.path(base, path);
  mkdirSync(dirname(to), { recursive: true });
  writeFileSync(to, content);
}

/** The lake as it is now, in a folder of the workspace. */
function fromAdls(): string {
  for (const [path, { content }] of azure.dfs.files(account, filesystem)) keep('from-adls', path, content);
  return 'from-adls/lake';
}

test('the packed app runs a workspace that was pushed', async () => {
  await app.workspace.parquet('in/shop/1.parquet', rows(0, 1_000));
  const run = await app.run('shop');
  expect(run).toMatchObject({ status: 'pass', config: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
  await app.host.ask('fireTimer', 'shop-schedule');
  expect(await app.ended('shop')).toMatchObject({ status: 'Completed', output: { error: 0 } });
  expect(await app.difference('lake/shop', 'shop', 'shop', rows(0, 1_000))).toBe(0);
});

test('the packed app fills a lake on ADLS as the identity of its machine, and puts its small files together, through throttling and lost answers', async () => {
  await app.workspace.parquet('in/adls/1.parquet', rows(0, 1_000));
  expect(await app.run('adls')).toMatchObject({ status: 'pass' });
  expect(await app.difference(fromAdls(), 'adls', 'adls', rows(0, 1_000))).toBe(0);

  await app.workspace.parquet('in/adls/2.parquet', rows(1_000, 1_500));
  const met = new Set<string>();
  onTestFinished(() => azure.dfs.rule(() => undefined));
  azure.dfs.rule(({ method, headers, path }) => {
    const isHead = path.endsWith('current.json') && method === 'PUT';
    const kind = headers['x-ms-rename-source'] !== undefined ? 'rename' : isHead ? 'head' : 'other';
    const first = !met.has(kind);
    met.add(kind);
    if (first && kind === 'other') return { status: 503, retryAfter: 0 };
    return first ? 'drop after' : undefined;
  });
  await app.host.ask('fireTimer', 'adls-schedule');
  expect(await app.ended('adls')).toMatchObject({ status: 'Completed', output: { pass: 1, error: 0 } });
  expect([...met].toSorted()).toEqual(['head', 'other', 'rename']);
  expect(await app.difference(fromAdls(), 'adls', 'adls', rows(0, 1_500))).toBe(0);
  const files = [...azure.dfs.files(account, filesystem).keys()];
  expect(files.filter((path) => path.includes('/staging/'))).toEqual([]);
  // One for the rows at the watermark, which the next run reads again.
  expect(files.filter((path) => path.endsWith('.parquet'))).toHaveLength(2);

  const identities = azure.entra.issued.map(({ how, principal }) => `${how} ${principal}`);
  expect(new Set(identities)).toEqual(new Set([`app service ${machine.principal}`]));
  expect(azure.hosts.refused).toEqual([]);
});

test('the packed app judges slices side by side, and before the commit what they have together: rules, sums, and keys that come twice', async () => {
  for (let file = 0; file < files; file++)
    for (const name of ['judged', 'twice'])
      await app.workspace.parquet(`in/${name}/${file}.parquet`, judgedRows(file * rowsOfFile, (file + 1) * rowsOfFile));
  const last = async (name: string) =>
    JSON.parse((await app.hygge('journal', '-e', `${name}.${name}`, '--limit', '1', '--output', 'json')).stdout) as unknown;
  expect(await app.run('judged')).toMatchObject({ status: 'warn' });
  const all = files * rowsOfFile;
  // The check judges the rows that settle.
  const sum = Array.from({ length: all }, (_, id) => (id % 50 === 3 ? 0 : id)).reduce((before, id) => before + id, 0);
  expect(await last('judged')).toMatchObject({
    ...{ rows: all - 2 * files, rows_read: all, quarantined: 2 * files, parts: files, checks_warned: 1 },
    message: expect.stringContaining(`the check all ids failed: ${sum}`),
  });
  expect(await app.difference('lake/judged', 'judged', 'judged', `select * from (${judgedRows(0, all)}) where amount >= 0`)).toBe(0);
  const shown = (await app.hygge('quarantine', 'show', 'judged.judged', '--output', 'json')).stdout.trim().split('\n');
  expect(shown.map((line) => JSON.parse(line) as object)).toEqual(
    expect.arrayContaining([expect.objectContaining({ id: 3, amount: -1, _rule: 'amount min' })]),
  );
  expect(shown).toHaveLength(2 * files);

  // The last slice repeats two keys, one of the first slice and one of the second.
  await app.workspace.parquet(`in/twice/${files - 1}.parquet`, judgedRows(rowsOfFile - 1, rowsOfFile + 1));
  expect(await app.run('twice')).toMatchObject({ status: 'error' });
  expect(await last('twice')).toMatchObject({
    error_code: 'HYG-2123',
    error: { why: expect.arrayContaining([expect.stringContaining('2 keys come more than once, 2 rows are too many')]) },
  });
  expect(app.workspace.tree('lake/twice').size).toBe(0);
  const { largestInput, largestOutput } = await app.host.ask('stats');
  expect(Math.max(largestInput, largestOutput)).toBeLessThan(4_096);
});

test.skipIf(noPostgres() !== '')(
  'the packed app fills tables of PostgreSQL and reads them, never over more connections than its pool has',
  async () => {
    if (!db) throw new Error('no database');
    for (const [n, table] of tables.entries()) await app.workspace.parquet(`in/${table}/1.parquet`, rows(n, 300));
    await using counted = await countConnections(db, 'packed_app');
    expect(await app.run('up')).toMatchObject({ status: 'pass' });
    for (const [n, table] of tables.entries()) await app.workspace.parquet(`in/${table}/2.parquet`, rows(300, 400 + n));
    await db.sql(`select pg_terminate_backend(pid) from pg_stat_activity where usename = 'packed_app'`);
    expect(await app.run('up')).toMatchObject({ status: 'pass' });
    expect(await app.run('down')).toMatchObject({ status: 'pass' });
    for (const [n, table] of tables.entries()) expect(await app.difference('lake/pg', 'down', table, rows(n, 400 + n)), table).toBe(0);
    expect(await db.sql(`select tablename from pg_tables where schemaname = 'hygge_staging'`)).toEqual([]);
    const { most, looks } = await counted.end();
    expect(looks).toBeGreaterThan(5);
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThanOrEqual(poolSize);
    expect(app.host.logText()).not.toContain(pgSecret);
  },
);
