import { count } from './duck.ts';
import type { Run } from './run-hygge.ts';
import { TestWorkspace } from './workspace.ts';

/** What dies at a random moment of a run. */
export const victims = ['hygge', 'sessions', 'server'] as const;
export type Victim = (typeof victims)[number];

/** Where rows settle, and where they come from: tables of one database, and folders of parquet. */
export const ways = {
  adds: { home: 'connection: db, table: source', store: 'connection: db, table: adds', how: follows('') },
  merges: { home: 'connection: db, table: keyed', store: 'connection: db, table: merges', how: follows(', key: [id]') },
  swaps: { home: 'connection: db, table: source', store: 'connection: db, table: swaps', how: '' },
  // Something that would stay with the old table makes it delete and insert.
  viewed: { home: 'connection: db, table: source', store: 'connection: db, table: viewed', how: '' },
  overlapping: { home: 'connection: db, table: source', store: 'connection: db, table: overlapping', how: follows(', overlap: 5m') },
  up: { home: 'type: parquet, path: in', store: 'connection: db, table: up', how: follows('') },
  down: { home: 'connection: db, table: source', store: 'type: parquet, path: out', how: follows('') },
};

function follows(more: string): string {
  return `run_type: incremental\nwatermark: { column: at${more} }\n`;
}

export type Way = keyof typeof ways;

const all = Object.keys(ways) as readonly Way[];

/** What a run may end with when what it speaks to is taken away: nobody answers, the connection is lost, the server is starting or stopping. */
const mayEndWith = new Set(['HYG-3504', 'HYG-3595', 'HYG-3506', 'HYG-4206', 'HYG-4211', 'HYG-6501', 'HYG-6507']);

const inDuck = (noise: string) => `range as id, timestamp '2024-01-01' + interval (range // 7) second as "at", ${noise} as noise`;

/** A database with the tables `source` (id, at, noise), `keyed` with a key beside it, and what each way needs. */
export interface Site {
  /** What `connections:` says of it. */
  readonly connection: string;
  readonly secret: string;
  /** What DuckDB reckons as the site does `noise`. Absent: MD5. */
  readonly noise?: string;
  /** Makes the tables. */
  begin(): Promise<void>;
  /** Both get rows of these ids, and every seventh row of `keyed` that was there is another one from now on. */
  grow(from: number, to: number): Promise<void>;
  /** Rows that are on one side only, as multisets. */
  differing(source: string, way: Way): Promise<number>;
  staged(): Promise<readonly string[]>;
  /** The rows of `source`, without a heading. */
  csv(path: string): Promise<void>;
  /** Some of those that hygge has. */
  endSessions(): Promise<void>;
  /** Kills the server, which comes back. */
  crash(): Promise<void>;
}

export interface RoundsOptions {
  /** Rows that come before each run. */
  readonly step: number;
  readonly fraction: () => number;
  /** How many run in a round: others in each, in turn. Default all. */
  readonly flows?: number;
}

export interface DatabaseRounds extends AsyncDisposable {
  /** One run in which it dies, and the next one: that must settle everything. Answers whether it was still at work. */
  round(victim: Victim): Promise<boolean>;
  readonly rows: number;
}

/** Seven flows between a database and parquet, so many of them in a round, over sources that grow before each run. */
export async function databaseRounds(site: Site, { step, fraction, flows = all.length }: RoundsOptions): Promise<DatabaseRounds> {
  const workspace = new TestWorkspace(files(site));
  const env = { DB_SECRET: site.secret };
  let rows = 0;
  let turn = 0;
  const usualMs = { hygge: 900, sessions: 400, server: 400 };
  const grow = async () => {
    await site.grow(rows, rows + step);
    await workspace.parquet(
      `in/${rows}.parquet`,
      `select ${inDuck(site.noise ?? 'md5(range::varchar)')} from range(${rows}, ${rows + step})`,
    );
    rows += step;
  };
  await site.begin();
  await grow();
  await mustBeExact(all);

  async function mustBeExact(now: readonly Way[]): Promise<void> {
    const clean = await workspace.run(going(now), { env });
    if (clean.code !== 0) throw new Error(`the next run ended ${clean.code}:\n${clean.stdout}${clean.stderr}`);
    for (const way of now) {
      const source = way === 'merges' ? 'keyed' : 'source';
      if (way === 'down') {
        await mustBeInParquet();
        continue;
      }
      const differing = await site.differing(source, way);
      if (differing > 0) throw new Error(`${differing} rows differ between ${source} and ${way}`);
    }
    const staged = await site.staged();
    if (staged.length > 0) throw new Error(`left in staging: ${staged.join(', ')}`);
    const left = [...workspace.tree('.').keys()].filter((path) =>
      /staging|\/plans\/|\/receipts\/|\/intents\/|\.hygge-(tmp|staged)-/.test(path),
    );
    if (left.length > 0) throw new Error(`left behind: ${left.join(', ')}`);
  }

  async function mustBeInParquet(): Promise<void> {
    await site.csv(workspace.path('source.csv'));
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
        else if (victim === 'server') await site.crash();
        else await site.endSessions();
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

function files({ connection }: Site): Readonly<Record<string, string>> {
  const flows = Object.entries(ways).map(([name, { home, store, how }]) => [
    `flows/${name}/flow.yml`,
    `home: { ${home} }\nstore: { ${store} }\n${how}`,
  ]);
  const head = `name: test\nconnections: { db: ${connection} }\noptions: { continue_on_error: true }\n`;
  return { 'hygge.yml': head, ...Object.fromEntries(flows) };
}
