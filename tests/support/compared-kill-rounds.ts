import type { Database } from '../databases/databases.ts';
import { duck } from './duck.ts';
import { TestWorkspace } from './workspace.ts';

export interface ComparedRounds {
  /** How many runs were at work when they were killed. */
  readonly hit: number;
  /** How many rows went, or were marked, in all rounds. */
  readonly gone: number;
}

interface RoundsRequest {
  readonly rounds: number;
  readonly action: 'apply' | 'mark';
  /** Absent: a table of the source's database. */
  readonly into?: ComparedDestination;
  readonly fraction: () => number;
}

/** Where the rows settle, and how a second reader sees them. */
export interface ComparedDestination {
  /** The store of the flow. */
  readonly store: (workspace: TestWorkspace) => string;
  /** The newest version of each row that is not deleted, as `id v n`, in the order of ids. */
  readonly rows: (workspace: TestWorkspace) => Promise<readonly string[]>;
  /** How many rows are marked as deleted; absent: they go. */
  readonly marked?: (workspace: TestWorkspace) => Promise<number>;
  /** What hygge must find in its environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** What was begun and is not ended; absent: what lies in the workspace. */
  readonly unfinished?: () => readonly string[];
}

/** A table beside the source. */
function tableIn(database: Database, action: 'apply' | 'mark'): ComparedDestination {
  const there = action === 'mark' ? 'e where _deleted is not true' : 'e';
  return {
    store: () => `{ connection: c, table: e${database.keys} }`,
    rows: () => database.sql(`select id, v, n from ${there} order by id`),
    marked: async () => (await database.sql('select id from e where _deleted')).length,
  };
}

/** Files, which keep the versions of a row. */
export function comparedFiles(action: 'apply' | 'mark'): ComparedDestination {
  const newest = async (workspace: TestWorkspace, where: string) => {
    const files = `read_parquet('${workspace.path('lake')}/**/*.parquet')`;
    const rows = await duck(
      `select id, v, n from (select * from ${files} qualify row_number() over (partition by id order by n desc) = 1) where ${where} order by id`,
    );
    return rows.map((row) => Object.values(row).map(String).join(' '));
  };
  return {
    store: () => '{ path: lake, format: parquet }',
    rows: (workspace) => newest(workspace, action === 'mark' ? 'not _deleted' : 'true'),
    marked: async (workspace) => (await newest(workspace, '_deleted')).length,
  };
}

const perRound = { come: 40, go: 15 };

/**
 * Before each round rows of the source go, come and come back. A run that compares keys is killed at a random moment; after the next one the destination must
 * hold the source's rows, each once, and nothing may be left in staging.
 */
export async function comparedKillRounds(
  database: Database,
  { rounds, action, into = tableIn(database, action), fraction }: RoundsRequest,
): Promise<ComparedRounds> {
  await database.cleared();
  using workspace = new TestWorkspace({ 'hygge.yml': `name: w\nconnections: { c: ${database.connection} }\n` });
  workspace.write({
    'flows/f/flow.yml': `home: { connection: c, table: src }\nstore: ${into.store(workspace)}
run_type: incremental\nwatermark: { column: n, key: [id] }
deletes: { compare: 1d, then: ${action}, max: 90%, complete: true, pause: 0s }\nentities: [e]\n`,
  });
  const env = { SHOP_SECRET: database.password, ...into.env };
  const here = new Set<number>();
  const away = new Set<number>();
  let [next, n, hit, gone, usualMs] = [0, 0, 0, 0, 900];
  const put = async (ids: readonly number[]) => {
    await database.sql(`insert into src (id, v, n) values ${ids.map((id) => `(${id}, 'v${n}', ${++n})`).join(', ')}`);
    for (const id of ids) here.add(id);
  };
  const grow = () => put(Array.from({ length: perRound.come }, () => next++));
  const shrink = async () => {
    const ids = [...here].filter(() => fraction() < perRound.go / here.size);
    if (ids.length === 0) return;
    await database.sql(`delete from src where id in (${ids.join(', ')})`);
    for (const id of ids) here.delete(id);
    for (const id of ids) away.add(id);
    gone += ids.length;
  };
  const go = ['go', '--compare-deletes', '--output', 'json'];
  const mustBeExact = async () => {
    const { code, stdout, stderr } = await workspace.run(go, { env });
    if (code !== 0) throw new Error(`the next run ended ${code}:\n${stdout}${stderr}`);
    const source = await database.sql('select id, v, n from src order by id');
    const settled = await into.rows(workspace);
    if (source.join('\n') !== settled.join('\n'))
      throw new Error(`${source.length} rows in the source, and ${settled.length} others settled`);
    if (action === 'mark' && into.marked !== undefined) {
      const expected = [...away].filter((id) => !here.has(id));
      const marked = await into.marked(workspace);
      if (marked !== expected.length) throw new Error(`${marked} rows are marked, and ${expected.length} went`);
    }
    const inWorkspace = [...workspace.tree('.').keys()].filter((path) => /staging|\/plans\/|\/receipts\/|\/intents\//.test(path));
    const left = [...inWorkspace, ...(into.unfinished?.() ?? [])];
    if (left.length > 0) throw new Error(`left behind: ${left.join(', ')}`);
  };
  await database.sql('create table src (id integer primary key, v varchar(20), n integer)');
  await grow();
  await mustBeExact();
  for (let round = 0; round < rounds; round++) {
    await shrink();
    const back = [...away].filter((id) => !here.has(id)).slice(-3);
    if (back.length > 0) await put(back);
    await grow();
    const run = workspace.start(go, { env });
    let isOver = false;
    const ended = run.done.finally(() => {
      isOver = true;
    });
    const startedAt = performance.now();
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, usualMs * (0.3 + 0.8 * fraction())))]);
    if (isOver) usualMs = (usualMs + performance.now() - startedAt) / 2;
    else {
      run.kill('SIGKILL');
      hit++;
      usualMs *= 1.04;
    }
    await ended;
    await mustBeExact();
  }
  return { hit, gone };
}
