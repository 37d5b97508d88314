import { expect, test } from 'vitest';
import { realClock } from '../../src/adapters/real-clock.ts';
import { realRandom } from '../../src/adapters/real-random.ts';
import { workspaceFiles } from '../../src/adapters/workspace-files.ts';
import { enginePorts } from '../../src/assembly/ports.ts';
import type { Home } from '../../src/engine/contracts/home.ts';
import type { EnginePorts } from '../../src/engine/contracts/ports.ts';
import { go, type InvocationSummaryEvent } from '../../src/engine/drive/drive.ts';
import { Interrupted } from '../../src/errors/hygge-error.ts';
import { ByteBudget } from '../../src/frames/budget.ts';
import { connectorTypes, findConnector } from '../../src/registry.ts';
import { loadWorkspace } from '../../src/workspace/load/load.ts';
import { but } from '../support/but.ts';
import { DuckdbTestFile } from '../support/duckdb-file.ts';
import { noPostgres, postgresDatabase } from '../support/postgres.ts';
import { sampled } from '../support/samples.ts';
import { SqliteTestFile } from '../support/sqlite-file.ts';
import { TestWorkspace } from '../support/workspace.ts';

/** What a run that waits for itself would never use up. */
const patienceMs = 300_000;
/** Room for two frames: each takes 32 MB of it. */
const budgetBytes = 64 * 1024 * 1024;
const blocks = 3;

/** Slices of a block or two, of several frames each. */
const cutSmall = (home: Home): Home => but(home, { plan: (window, _, cursor) => home.plan(window, { sliceBytes: 20_000 }, cursor) });

/** All entities at once, on a machine of 32 processors. */
async function run(workspace: TestWorkspace): Promise<{ readonly summary: InvocationSummaryEvent; readonly slices: number }> {
  const clock = realClock();
  const loaded = await loadWorkspace({
    directory: workspace.root,
    env: {},
    vars: [],
    date: clock.now().slice(0, 10),
    connectors: { types: connectorTypes, find: findConnector },
    files: workspaceFiles,
  });
  let slices = 0;
  await using real = await enginePorts(loaded, {
    clock,
    random: realRandom(),
    emit: (event) => {
      if (event.event === 'progress' && event.stage === 'slice_done') slices++;
    },
  });
  const ports: EnginePorts = {
    ...real,
    host: { ...real.host, processors: 32 },
    budget: new ByteBudget(budgetBytes),
    home: async (spec, pinned) => cutSmall(await real.home(spec, pinned)),
  };
  const stop = new AbortController();
  const patience = setTimeout(() => stop.abort(new Interrupted('cancelled')), patienceMs);
  try {
    const entities = loaded.flows.flatMap((flow) => flow.entities);
    const how = { concurrency: 8, flowConcurrency: {}, continueOnError: true, runType: null, wait: false, takeOver: false };
    return { summary: await go({ invocationId: 'i', workspace: 'w', entities, ...how, signal: stop.signal }, ports), slices };
  } finally {
    clearTimeout(patience);
  }
}

interface Place {
  /** YAML, without the table. A slice is several frames. */
  readonly keys: string;
  readonly batch: number;
  sql(text: string): Promise<readonly Readonly<Record<string, unknown>>[]> | readonly Readonly<Record<string, unknown>>[];
}

type Held = Place & { end(): PromiseLike<void> | void };

const sqlite = async (): Promise<Held> => {
  const file = new SqliteTestFile();
  const rows = blocks * 4_096;
  file.sql(
    'create table s (id integer primary key, t text)',
    `insert into s with recursive r(i) as (select 1 union all select i + 1 from r where i < ${rows}) select i, 'text ' || i from r`,
  );
  return { keys: `type: sqlite, path: ${file.path}`, batch: 1_500, sql: (text) => file.sql(text), end: () => file[Symbol.dispose]() };
};

const duckdb = async (): Promise<Held> => {
  const file = new DuckdbTestFile();
  await file.sql(`create table s as select i as id, 'text ' || i as t from range(${blocks * 122_880}) r(i)`);
  return { keys: `type: duckdb, path: ${file.path}`, batch: 50_000, sql: (text) => file.sql(text), end: () => file[Symbol.dispose]() };
};

const postgres = (pool: number) => async (): Promise<Held> => {
  const db = await postgresDatabase();
  await db.sql(`create table s as select i::int as id, 'text ' || i as t from generate_series(1, ${blocks * 1_024}) i; analyze s`);
  const { host, port, user, password, database } = db;
  const keys = `type: postgres, host: '${host}', port: ${port}, user: ${user}, password: '${password}', database: ${database}, pool_size: ${pool}`;
  return { keys, batch: 200, sql: (text) => db.sql(text), end: () => db[Symbol.asyncDispose]() };
};

const engines: Readonly<Record<string, () => Promise<Held>>> = {
  sqlite,
  duckdb,
  'postgres over two connections': postgres(2),
};

const pairs = [
  ...Object.keys(engines).flatMap((home) => ['the same', 'lake'].map((store) => [home, store] as const)),
  ...Object.keys(engines).map((store) => ['sqlite', store] as const),
  ['postgres over two connections', 'postgres over two connections'] as const,
];

test.each(sampled(pairs, 5))('slices of %s settle in %s, though there are more of them than memory for frames', async (from, to) => {
  if (`${from} ${to}`.includes('postgres') && noPostgres() !== '') return;
  const home = await (engines[from] as () => Promise<Held>)();
  const other = await engines[to]?.();
  try {
    const store = to === 'lake' ? undefined : (other ?? home);
    const flow = (table: string) =>
      `home: { ${home.keys}, table: s, batch_size: ${home.batch} }\nstore: ${store ? `{ ${store.keys}, table: ${table} }` : table}\n`;
    using workspace = new TestWorkspace({ 'flows/a/flow.yml': flow('a'), 'flows/b/flow.yml': flow('b') });
    const { summary, slices } = await run(workspace);
    expect(summary).toMatchObject({ pass: 2, error: 0 });
    expect(slices).toBeGreaterThanOrEqual(2 * blocks);
    const [{ n: expected } = {}] = await home.sql('select count(*) as n from s');
    for (const table of store ? ['a', 'b'] : [])
      expect(Number((await store?.sql(`select count(*) as n from ${table}`))?.[0]?.n)).toBe(Number(expected));
    expect(summary.rows).toBe(2 * Number(expected));
  } finally {
    await other?.end();
    await home.end();
  }
});
