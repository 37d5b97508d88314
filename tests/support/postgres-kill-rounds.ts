import { count } from './duck.ts';
import type { TestDatabase } from './postgres.ts';
import type { PostgresProcess } from './postgres-process.ts';
import type { Run } from './run-hygge.ts';
import { TestWorkspace } from './workspace.ts';

/** What dies at a random moment of a run. */
export const victims = ['hygge', 'backends', 'server'] as const;
export type Victim = (typeof victims)[number];

/** Where rows settle, and where they come from: tables of one database, and folders of parquet. */
const ways = {
  adds: { home: 'connection: pg, table: source', store: 'connection: pg, table: adds', how: follows('') },
  merges: { home: 'connection: pg, table: keyed', store: 'connection: pg, table: merges', how: follows(', key: [id]') },
  swaps: { home: 'connection: pg, table: source', store: 'connection: pg, table: swaps', how: '' },
  // A view makes it delete and insert.
  viewed: { home: 'connection: pg, table: source', store: 'connection: pg, table: viewed', how: '' },
  up: { home: 'type: parquet, path: in', store: 'connection: pg, table: up', how: follows('') },
  down: { home: 'connection: pg, table: source', store: 'type: parquet, path: out', how: follows('') },
};

function follows(more: string): string {
  return `run_type: incremental\nwatermark: { column: at${more} }\n`;
}

const all = Object.keys(ways) as readonly (keyof typeof ways)[];

/** What a run may end with when what it speaks to is taken away: nobody answers, the connection is lost, the server is starting or stopping. */
const mayEndWith = new Set(['HYG-3504', 'HYG-3506', 'HYG-4206', 'HYG-4211', 'HYG-6501', 'HYG-6507']);

const columns = `i as id, timestamp '2024-01-01' + i / 7 * interval '1 second' as at, md5(i::text) as noise`;
const inDuck = `range as id, timestamp '2024-01-01' + interval (range // 7) second as "at", md5(range::varchar) as noise`;

interface RoundsOptions {
  /** That the database is in. */
  readonly server: PostgresProcess;
  /** Rows that come before each run. */
  readonly step: number;
  readonly fraction: () => number;
  /** How many run in a round: others in each, in turn. Default all. */
  readonly flows?: number;
}

export interface PostgresRounds extends AsyncDisposable {
  /** One run in which it dies, and the next one: that must settle everything. Answers whether it was still at work. */
  round(victim: Victim): Promise<boolean>;
  readonly rows: number;
}

/** Six flows between a database and parquet, so many of them in a round, over sources that grow before each run. */
export async function postgresRounds(
  db: TestDatabase,
  { server, step, fraction, flows = all.length }: RoundsOptions,
): Promise<PostgresRounds> {
  const workspace = new TestWorkspace(files(db));
  const env = { PG_SECRET: db.password };
  let rows = 0;
  let turn = 0;
  const usualMs = { hygge: 900, backends: 400, server: 400 };
  const grow = async () => {
    await db.sql(`insert into source select ${columns} from generate_series(${rows}, ${rows + step - 1}) i`);
    // Every seventh row that was there is another one from now on.
    await db.sql(`update keyed set at = timestamp '2024-01-01' + ${rows} / 7 * interval '1 second', noise = noise || 'u' where id % 7 = 0`);
    await db.sql(`insert into keyed select ${columns} from generate_series(${rows}, ${rows + step - 1}) i`);
    await workspace.parquet(`in/${rows}.parquet`, `select ${inDuck} from range(${rows}, ${rows + step})`);
    rows += step;
  };
  await db.sql(`create table source (id bigint primary key, at timestamp, noise text); create index on source (at);
    create table keyed (like source including all); create table viewed (like source); create view shown as select * from viewed`);
  await grow();
  await mustBeExact(all);

  async function mustBeExact(now: readonly (keyof typeof ways)[]): Promise<void> {
    const clean = await workspace.run(going(now), { env });
    if (clean.code !== 0) throw new Error(`the next run ended ${clean.code}:\n${clean.stdout}${clean.stderr}`);
    for (const way of now) {
      const source = way === 'merges' ? 'keyed' : 'source';
      if (way === 'down') {
        await mustBeInParquet();
        continue;
      }
      const [found] = await db.sql(
        `select count(*) as n from ((table ${source} except all table ${way}) union all (table ${way} except all table ${source})) d`,
      );
      if (found?.n !== '0') throw new Error(`${found?.n} rows differ between ${source} and ${way}`);
    }
    const staged = await db.sql(
      `select tablename from pg_tables where schemaname = 'hygge_staging' union all select name from hygge_metadata.staged`,
    );
    if (staged.length > 0) throw new Error(`left in staging: ${staged.map(({ tablename }) => tablename).join(', ')}`);
    const left = [...workspace.tree('.').keys()].filter((path) =>
      /staging|\/plans\/|\/receipts\/|\/intents\/|\.hygge-(tmp|staged)-/.test(path),
    );
    if (left.length > 0) throw new Error(`left behind: ${left.join(', ')}`);
  }

  async function mustBeInParquet(): Promise<void> {
    await db.psql(`\\copy source to '${workspace.path('source.csv')}' csv`);
    const csv = `read_csv('${workspace.path('source.csv')}', header = false, columns = {id: 'BIGINT', "at": 'TIMESTAMP', noise: 'VARCHAR'})`;
    const out = `(select id, "at", noise from '${workspace.path('out')}/*.parquet')`;
    const differing = await count(
      `select count(*) as n from ((from ${csv} except all from ${out}) union all (from ${out} except all from ${csv}))`,
    );
    if (differing > 0) throw new Error(`${differing} rows differ between source and parquet`);
  }

  return {
    get rows() {
      return rows;
    },
    async round(victim) {
      await grow();
      const now = Array.from({ length: flows }, (_, n) => all[(turn + n) % all.length]).filter((way) => way !== undefined);
      turn += flows;
      const startedAt = performance.now();
      let isOver = false;
      const running = victim === 'hygge' ? workspace.start(going(now), { env }) : undefined;
      const done: Promise<Run> = running?.done ?? workspace.run(going(now), { env });
      const ended = done.finally(() => {
        isOver = true;
      });
      ended.catch(() => undefined);
      const before = usualMs[victim] * fraction();
      await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, before))]);
      const wasAtWork = !isOver;
      if (wasAtWork) {
        if (running) running.kill('SIGKILL');
        else if (victim === 'server') await server.crash();
        else
          await db.sql(
            `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name like 'hygge %' and random() < 0.6`,
          );
      }
      const { code, signal, events, stdout, stderr } = await ended;
      // Kills fall on all of a run, however long it takes.
      if (wasAtWork) usualMs[victim] *= 1.04;
      else usualMs[victim] = (usualMs[victim] + performance.now() - startedAt) / 2;
      const codes = events.flatMap((event) => (event.event === 'entity_done' && event.error ? [event.error.code] : []));
      if (signal === null && code !== 0 && (codes.length === 0 || codes.some((one) => !mayEndWith.has(one))))
        throw new Error(`with the ${victim} killed the run ended ${code}:\n${stdout}${stderr}`);
      await mustBeExact(now);
      return wasAtWork;
    },
    async [Symbol.asyncDispose]() {
      workspace[Symbol.dispose]();
    },
  };
}

const going = (now: readonly string[]): readonly string[] => ['go', '--output', 'json', '-f', now.join(',')];

function files({ host, port, database, user }: TestDatabase): Readonly<Record<string, string>> {
  const pg = `{ type: postgres, host: ${host}, port: ${port}, database: ${database}, user: ${user}, password: "\${PG_SECRET}" }`;
  const flows = Object.entries(ways).map(([name, { home, store, how }]) => [
    `flows/${name}/flow.yml`,
    `home: { ${home} }\nstore: { ${store} }\n${how}`,
  ]);
  return { 'hygge.yml': `name: test\nconnections: { pg: ${pg} }\noptions: { continue_on_error: true }\n`, ...Object.fromEntries(flows) };
}
