import { sweptOn } from '../../../src/engine/protocol/row.ts';
import { type Actor, run } from './actors.ts';
import { Coverage } from './coverage.ts';
import { dice } from './dice.ts';
import { markIn } from './marks.ts';
import { describeDifference, Oracle } from './oracle.ts';
import type { Process } from './process.ts';
import { countRows, multiset } from './rows.ts';
import { finishing, type Scenario } from './scenarios.ts';
import { type Choose, type Option, Scheduler } from './scheduler.ts';
import { must } from './violation.ts';
import { key, type Pair, World } from './world.ts';

export interface Execution {
  /** How many options each decision had, and which was taken. */
  readonly points: readonly number[];
  readonly tape: readonly number[];
  readonly calls: number;
  readonly violation: string | null;
}

export interface Plot {
  readonly scenario: Scenario;
  readonly pair: Pair;
  readonly coverage?: Coverage;
  readonly say?: (line: string) => void;
  /** Does not mind what stays staged. */
  readonly ignoresStaging?: true;
}

export type Pick = (options: readonly Option[], index: number, call: Parameters<Choose>[1]) => number;

/** One run of a scenario: set-up, the actors under the choices of `pick`, everything delayed lands, then clean runs and the last look. */
export async function execute(plot: Plot, pick: Pick, everything = false): Promise<Execution> {
  const points: number[] = [];
  const tape: number[] = [];
  const choose: Choose = (options, call) => {
    const picked = pick(options, points.length, call);
    const choice = picked < options.length ? picked : 0;
    points.push(options.length);
    tape.push(choice);
    return choice;
  };
  const { scenario, pair } = plot;
  const world = new World(
    {
      pair,
      rows: scenario.rows,
      home: scenario.home ?? 'slices',
      markColumn: scenario.markColumn ?? false,
      tens: scenario.tens ?? false,
      spec: scenario.spec,
    },
    plot.coverage ?? new Coverage(),
  );
  if (scenario.schema) world.source.schema = scenario.schema;
  const oracle = new Oracle(world, scenario.copies ?? 1);
  world.onLoss = (what) => oracle.forget(what);
  const scheduler = new Scheduler({
    tick: () => world.tick(),
    jump: () => world.tick(3_600_000),
    check: () => oracle.check(),
    coverage: world.coverage,
    refusals: world.refusals,
    ...(plot.say ? { say: plot.say } : {}),
  });
  let violation: string | null = null;
  try {
    await scheduler.run(make(world, scenario.setup ?? []), undefined);
    oracle.schemas.moments = scenario.moments ?? null;
    const actors = make(world, scenario.actors);
    await scheduler.run(actors, choose, everything);
    await scheduler.flush();
    noDefects(actors);
    noFalseAlarms(world, actors);
    await saidAsRecorded(world, actors);
    if (scenario.allWell && !scheduler.refusals.ever && actors.every((each) => each.life === 'done')) everybodyWell(actors);
    await finish(plot, world, scheduler);
  } catch (error) {
    violation = error instanceof Error ? (error.name === 'Violation' ? error.message : (error.stack ?? error.message)) : String(error);
  }
  return { points, tape, calls: scheduler.calls, violation };
}

function make(world: World, actors: readonly Actor[]): Process[] {
  return actors.map((actor) => actor.make(world));
}

function noDefects(processes: readonly Process[]): void {
  for (const { name, outcome } of processes) must(!/^(threw|HYG-9|HYG-5)/.test(outcome), `${name} ended '${outcome}'`);
}

/** A run that settled must not say that it failed; that it could not reach somebody is another matter. */
function noFalseAlarms(world: World, processes: readonly Process[]): void {
  if (world.ruined) return;
  // What is stuck says that it is finished later.
  const isFailure = (outcome: string) => outcome.startsWith('HYG-2') && outcome !== 'HYG-2069';
  for (const { name, delivers = '', outcome } of processes)
    must(!world.committed.has(delivers) || !isFailure(outcome), `${name} ended '${outcome}', but it settled`);
}

/** A run whose commit was given up says so, and the journal says the same. */
async function saidAsRecorded(world: World, processes: readonly Process[]): Promise<void> {
  const journal = await world.rawState().journal(key);
  for (const { name, delivers, outcome } of processes) {
    if (world.estranged || delivers === undefined) continue;
    const row = journal.find((one) => one.entity_run_id === delivers);
    const isGivenUp = (code: string | null | undefined) => code === 'HYG-2066' || code === 'HYG-2080';
    must(
      !isGivenUp(outcome) || row?.error_code === outcome,
      `${name} ended '${outcome}', and the journal says ${row?.error_code ?? row?.status}`,
    );
    must(
      !isGivenUp(row?.error_code) || !/^(pass|warn)/.test(outcome),
      `the journal says ${row?.error_code} of ${name}, which ended '${outcome}'`,
    );
  }
}

function everybodyWell(processes: readonly Process[]): void {
  for (const { name, outcome } of processes)
    must(/^(ok|pass|warn|skip|HYG-600[13])/.test(outcome), `${name} ended '${outcome}' though nothing was killed`);
}

async function finish(plot: Plot, world: World, scheduler: Scheduler): Promise<void> {
  const { scenario } = plot;
  // Whoever holds a lease from before is gone for longer than any lease.
  world.tick(3_600_000);
  await whileRefused(plot, world, scheduler);
  let last: Process | undefined;
  for (const actor of scenario.finish ?? finishing) {
    last = actor.make(world);
    await scheduler.run([last], undefined);
    noDefects([last]);
    if (scenario.stops?.(world).includes(last.outcome)) return;
    must(
      /^(ok|pass|warn|skip|reset)/.test(last.outcome) || scenario.harmless?.includes(last.outcome) === true,
      `the clean run ${last.name} ended '${last.outcome}'`,
    );
  }
  // What a zombie brings after a look has swept stays for a day at most.
  const row = await world.row();
  if (row !== undefined && sweptOn(row) !== undefined) {
    world.tick(86_400_000);
    const nextDay = run('next day', { takeOver: false }).make(world);
    await scheduler.run([nextDay], undefined);
    noDefects([nextDay]);
  }
  await lastLook(plot, world, last);
}

/** Refused for good: each run ends with an error, or well and then rightly. Nothing of it is in the way once the refusal is lifted. */
async function whileRefused({ scenario }: Plot, world: World, scheduler: Scheduler): Promise<void> {
  if (!scheduler.refusals.any) return;
  for (const name of ['R1', 'R2']) {
    const refused = run(name, { takeOver: false }).make(world);
    await scheduler.run([refused], undefined);
    noDefects([refused]);
    // Where a person has more to do, what settles before that is another matter.
    if (/^(pass|warn|skip)/.test(refused.outcome) && !scenario.finish) contentIsRight(scenario, world);
    const pending = (await world.row())?.pending;
    must(refused.outcome !== 'HYG-2066' || !pending, `a run that was refused for good leaves ${pending?.id} pending`);
  }
  scheduler.lift();
  world.tick(3_600_000);
}

function contentIsRight(scenario: Scenario, world: World): void {
  const is = world.destination.rows();
  const expected = (scenario.expected?.(world) ?? world.source.rows).map(world.source.kept);
  const copies = scenario.copies ?? 1;
  const equal = copies === 1 ? multiset(is) === multiset(expected) : sameSet(countRows(is), countRows(expected));
  must(equal, describeDifference(is, expected));
}

/** Each run warns of a source whose newest value lies below the watermark, and of files in the folder that are not this lineage's. */
function nothingNew({ destination, source, spec }: World, strays: readonly string[]): string {
  const settled = destination.head()?.watermark;
  const marks = source.rows.flatMap(({ mark }) => (mark === null ? [] : [mark]));
  const isBehind = settled != null && spec.watermark?.lagMs === 0 && Math.max(...marks) < markIn(settled.text) && marks.length > 0;
  return isBehind || strays.length > 0 ? 'warn 0' : 'skip 0';
}

async function lastLook({ scenario, ignoresStaging }: Plot, world: World, last: Process | undefined): Promise<void> {
  const { destination, spec } = world;
  contentIsRight(scenario, world);
  must(!(await world.row())?.fullNext, 'a reset asked for a full load, and none came');
  const isOwn = (name: string) => spec.ifExists === 'replace' || [...world.lineages].some((lineage) => name.includes(lineage));
  const all = destination.strays();
  const foreign = all.filter((name) => !isOwn(name));
  if (spec.runType === 'incremental')
    must(last?.outcome === (scenario.lastEnds ?? nothingNew(world, foreign)), `a run with nothing new ended '${last?.outcome}'`);
  const strays = all.filter(isOwn);
  must(strays.length === 0, `strays stay in the folder: ${strays.join(', ')}`);
  const lineage = (await world.row())?.lineage ?? '';
  const left = destination.staged().filter((name) => name.includes(lineage));
  must(ignoresStaging === true || left.length === 0, `staging left behind: ${left.join(', ')}`);
  await records(world, lineage);
}

/** The journal has each commit once and well; objects of ended epochs are gone. What zombies of a lost lineage leave endangers nobody. */
async function records(world: World, lineage: string): Promise<void> {
  const state = world.rawState();
  const snapshot = (await world.row())?.settled?.snapshot ?? null;
  must(snapshot === null || (await state.getObject(key, snapshot)) !== undefined, `the settled snapshot ${snapshot} is gone`);
  if (!world.estranged) {
    const journal = await state.journal(key);
    for (const run of world.committed) {
      if (world.stopped.has(run)) continue;
      const rows = journal.filter((row) => row.entity_run_id === run);
      must(
        rows.length === 1 && /pass|warn/.test(rows[0]?.status ?? ''),
        `the journal says '${rows.map((row) => row.status).join()}' of ${run}, which settled`,
      );
      const added = world.added.get(run);
      must(
        added === undefined || rows[0]?.rows === added,
        `the journal says that ${run} settled ${rows[0]?.rows} rows, and readers saw ${added}`,
      );
    }
  }
  for (const prefix of ['plans/', 'receipts/', 'intents/']) {
    const left = (await state.listObjects(key, prefix)).filter((ref) => ref.includes(lineage));
    must(left.length === 0, `objects stay in the state: ${left.join(', ')}`);
  }
}

function sameSet(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): boolean {
  return a.size === b.size && [...a.keys()].every((text) => b.has(text));
}

// ---- ways to choose

export const straight: Pick = () => 0;

export function following(tape: readonly number[]): Pick {
  return (_, index) => tape[index] ?? 0;
}

/** At each decision with some probability anything but the normal course. */
export function seeded(seed: number): Pick {
  const roll = dice(seed * 7919);
  const p = [0.01, 0.02, 0.05, 0.1][seed % 4] ?? 0.05;
  return (options) => (options.length > 1 && roll() < p ? 1 + Math.floor(roll() * (options.length - 1)) : 0);
}

/** Like `seeded`, but nothing fails: processes only fall asleep and wake up at the worst of times. */
export function drowsy(seed: number): Pick {
  const roll = dice(seed * 104_729);
  const p = [0.01, 0.02, 0.04][seed % 3] ?? 0.02;
  return (options) => {
    const switches = options.flatMap(({ what }, i) => (what === 'switch' ? [i] : []));
    return switches.length > 0 && roll() < p ? (switches[Math.floor(roll() * switches.length)] ?? 0) : 0;
  };
}

/** The whole trace of one seed or tape, for people. */
export async function explain(plot: Plot, pick: Pick, everything = false): Promise<readonly string[]> {
  const lines: string[] = [];
  const { violation } = await execute({ ...plot, say: (line) => void lines.push(line) }, pick, everything);
  return [...lines, `=> ${violation ?? 'no violation'}`];
}

export interface Found {
  readonly runs: number;
  readonly calls: number;
  readonly violation?: string;
  readonly tape?: readonly number[];
}

/** The normal course, and every `stride`-th schedule with one deviation from it. */
export async function oneDeviation(plot: Plot, stride: number): Promise<Found> {
  const straightOn = await execute(plot, straight);
  const { calls, violation, tape } = straightOn;
  if (violation !== null) return { runs: 1, calls, violation, tape };
  let runs = 1;
  let count = 0;
  for (const deviating of childrenOf(straightOn)) {
    if (count++ % stride !== 0) continue;
    const done = await execute(plot, following(deviating));
    runs++;
    if (done.violation !== null) return { runs, calls, violation: done.violation, tape: done.tape };
  }
  return { runs, calls };
}

/** Every `stride`-th schedule with exactly two deviations. */
export async function twoDeviations(plot: Plot, stride: number): Promise<Found> {
  let runs = 0;
  let calls = 0;
  let count = 0;
  const straightOn = await execute(plot, straight);
  for (const first of childrenOf(straightOn)) {
    const once = await execute(plot, following(first));
    runs++;
    for (const tape of [first, ...childrenOf(once)]) {
      if (tape !== first && count++ % stride !== 0) continue;
      const done = tape === first ? once : await execute(plot, following(tape));
      runs++;
      calls += done.calls;
      if (done.violation !== null) return { runs, calls, violation: done.violation, tape: done.tape };
    }
  }
  return { runs, calls };
}

/** Every schedule that is the same up to the last deviation and has one more behind it. */
function* childrenOf({ points, tape }: Execution): Generator<readonly number[]> {
  const last = tape.findLastIndex((choice) => choice !== 0);
  for (let i = last + 1; i < points.length; i++)
    for (let choice = 1; choice < (points[i] ?? 0); choice++) yield [...tape.slice(0, i), choice];
}
