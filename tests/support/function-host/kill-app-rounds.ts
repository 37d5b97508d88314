import { join } from 'node:path';
import { seeded } from '../kill-rounds.ts';
import type { HyggeApp } from './hygge-app.ts';

/** Three ways to load, of sources that are cut into several slices. */
export const followed = {
  'flows/full/flow.yml': 'home: { type: parquet, path: in }\nstore: { type: parquet, path: lake/full }\n',
  'flows/follows/flow.yml':
    'home: { type: parquet, path: in }\nstore: { type: parquet, path: lake/follows }\nrun_type: incremental\nwatermark: { column: at }\n',
  'flows/files/flow.yml':
    'home: { type: parquet, path: in }\nstore: { type: parquet, path: lake/files }\nrun_type: incremental\nchanged_files: replace\n',
};

const flows = ['full', 'follows', 'files'] as const;
const rowsPerFile = 300;
const newRows = (n: number) =>
  `select range as id, timestamp '2026-01-01' + interval (range // 7) second as "at", md5(range::varchar) as noise from range(${n * rowsPerFile}, ${(n + 1) * rowsPerFile})`;

export interface Killed {
  readonly kills: number;
  readonly hosts: number;
  readonly workers: number;
  /** Runs that were posted again, because the first answer never came. */
  readonly postedAgain: number;
}

/**
 * Run after run of three flows over a source that grows, each with a kill of the host or of its worker at a random write. Throws when after any run
 * the destination is not the source, row by row, or when after one more run anything is left behind.
 */
export async function killAppRounds(app: HyggeApp, kills: number, seed: number): Promise<Killed> {
  const random = seeded(seed);
  const upTo = { records: 30, writes: 40 };
  const count = { hosts: 0, workers: 0, postedAgain: 0 };
  await app.workspace.parquet('in/0.parquet', newRows(0));
  for (let round = 1; count.hosts + count.workers < kills; round++) {
    if (round > kills * 6) throw new Error(`after ${round} runs only ${count.hosts + count.workers} kills have hit`);
    const flow = flows[round % flows.length] ?? 'full';
    await app.workspace.parquet(`in/${round}.parquet`, newRows(round));
    const before = { starts: app.host.starts, replaced: (await app.host.ask('stats')).replaced };
    const when = random() < 0.5 ? 'before' : 'after';
    const isHost = round % 2 === 0;
    if (isHost) await app.host.ask('armHost', { atRecord: 1 + Math.floor(random() * upTo.records), when });
    else await app.host.ask('armWorker', 0, { atWrite: 1 + Math.floor(random() * upTo.writes), when, what: 'kill' });
    count.postedAgain += await runThrough(app, flow);
    await app.host.ask('idle');
    const stats = await app.host.ask('stats');
    const hit = isHost ? app.host.starts > before.starts : stats.replaced > before.replaced;
    if (hit) count[isHost ? 'hosts' : 'workers'] += 1;
    else if (isHost) upTo.records = Math.max(5, stats.records);
    else upTo.writes = Math.max(5, stats.writes);
    await disarm(app);
    await mustBeExact(app, flow, `in round ${round}, killed ${when} ${isHost ? 'a record of the host' : 'a write of the worker'}`);
  }
  await mustBeClean(app);
  return { kills: count.hosts + count.workers, ...count };
}

async function disarm({ host }: HyggeApp): Promise<void> {
  await host.ask('armHost', null);
  await host.ask('armWorker', 0, null);
}

/** Posts until a run is on its way, whatever becomes of the answers, and waits until it has passed. Answers how often it was posted again. */
async function runThrough(app: HyggeApp, flow: string): Promise<number> {
  for (let again = 0; ; again++) {
    const answer = await app.post(flow).catch(() => undefined);
    if (answer?.status === 202 || answer?.status === 409) {
      const known = JSON.parse(await answer.text()) as { run_id?: string; run?: { run_id: string } };
      const run = known.run_id ?? known.run?.run_id ?? '';
      if (await hasPassed(app, flow, run)) return again;
      // Its starter died between the word on the board and the start of the instance: that is forgiven after a while.
      await app.host.ask('advance', 180_000);
    }
    await app.host.ask('idle');
    if (again > 10) throw new Error(`${flow} could not be started: ${answer?.status} ${await answer?.text()}`);
  }
}

async function hasPassed(app: HyggeApp, flow: string, run: string): Promise<boolean> {
  const instance = await app.host.ask('instance', `flow-${flow}`);
  const input = instance?.input as { of?: { run?: string } } | undefined;
  if (input?.of?.run !== run) return false;
  const ended = await app.ended(flow);
  const { pass = 0, skip = 0 } = ended.output as { pass?: number; skip?: number };
  if (ended.status !== 'Completed' || pass + skip !== 1)
    throw new Error(`the run ended ${ended.status} ${JSON.stringify(ended.output)}\n${app.host.logText()}`);
  return true;
}

async function mustBeExact(app: HyggeApp, flow: string, when: string): Promise<void> {
  const source = `from read_parquet('${app.workspace.path('in')}/*.parquet')`;
  const differing = await app.difference(join('lake', flow), flow, flow, source);
  if (differing > 0) throw new Error(`${differing} rows differ between source and ${flow}, ${when}\n${app.host.logText()}`);
}

async function mustBeClean(app: HyggeApp): Promise<void> {
  for (const flow of flows) {
    await app.run(flow);
    await mustBeExact(app, flow, 'at the end');
    const left = app.staged(join('lake', flow));
    if (left.length > 0) throw new Error(`left behind: ${left.join(', ')}`);
  }
}

/**
 * One run after another, each killed at the next of its writes, until a run has none left: first all of the worker's, then all of the host's. Throws as
 * `killAppRounds` does. Answers how many kills there were.
 */
export async function killAtEveryWrite(app: HyggeApp, flow: (typeof flows)[number]): Promise<number> {
  let kills = 0;
  let file = 0;
  for (const who of ['worker', 'host'] as const)
    for (const when of ['before', 'after'] as const)
      for (let n = 1, hit = true; hit; n++) {
        await app.workspace.parquet(`in/${file}.parquet`, newRows(file++));
        await app.host.ask('hold', { 'hygge-plan-flow': 0 });
        const run = await app.begin(flow);
        const before = { starts: app.host.starts, replaced: (await app.host.ask('stats')).replaced };
        if (who === 'host') await app.host.ask('armHost', { atRecord: n, when });
        else await app.host.ask('armWorker', 0, { atWrite: n, when, what: 'kill' });
        await app.host.ask('hold', {});
        if (!(await hasPassed(app, flow, run))) throw new Error(`the run ${run} is not the one that ended`);
        await app.host.ask('idle');
        hit = who === 'host' ? app.host.starts > before.starts : (await app.host.ask('stats')).replaced > before.replaced;
        if (hit) kills += 1;
        await disarm(app);
        await mustBeExact(app, flow, `killed ${when} write ${n} of the ${who}`);
      }
  await mustBeClean(app);
  return kills;
}
