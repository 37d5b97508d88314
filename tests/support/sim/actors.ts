import { endFailedEntityRun } from '../../../src/engine/commit/abandon.ts';
import { anyRows, type RunIds } from '../../../src/engine/contracts/records.ts';
import type { EntitySpec } from '../../../src/engine/contracts/spec.ts';
import type { ValidationSpec } from '../../../src/engine/contracts/validation.ts';
import { withFollowUps } from '../../../src/engine/drive/follow-ups.ts';
import { runEntity } from '../../../src/engine/entity/entity-run.ts';
import { compactionLane, keyComparisonLane, type QuarantineLane, type RunLane } from '../../../src/engine/plan/lane.ts';
import { finishCommit, readIntent } from '../../../src/engine/protocol/finish.ts';
import { readRow } from '../../../src/engine/protocol/row.ts';
import { type ResetRequest, reset } from '../../../src/engine/repair/reset.ts';
import { HyggeError } from '../../../src/errors/hygge-error.ts';
import { OutcomeUnknown } from '../../../src/ports/retry.ts';
import { Semaphore } from '../../../src/ports/semaphore.ts';
import type { Json } from '../../../src/ports/values.ts';
import { durableRun } from './durable.ts';
import { Process } from './process.ts';
import type { Row } from './rows.ts';
import { key, type World } from './world.ts';

/** Makes one process of a scenario in a world. */
export interface Actor {
  readonly name: string;
  make(world: World): Process;
}

export interface RunOptions {
  readonly runType?: EntitySpec['runType'];
  /** Default true: an impatient person who takes over whatever lease there is. Safety may not depend on leases. */
  readonly takeOver?: boolean;
  /** A chunk of a backfill, a comparison of keys, or a compaction. */
  readonly lane?: RunLane;
}

export const idsOf = (run: string): RunIds => ({ invocationId: `inv-${run}`, runId: run, entityRunId: `${run}.1`, ...key });

/** One entity run by the in-process driver. Ends `pass`, `skip` or the code of its error. */
export function run(name: string, options: RunOptions = {}): Actor {
  return inProcess(name, options, runEntity);
}

/** The same, with the runs that follow where they are due. */
export function night(name: string, options: RunOptions = {}): Actor {
  return inProcess(name, options, async (request, ports) => withFollowUps(request, ports, await runEntity(request, ports)));
}

function inProcess(name: string, options: RunOptions, drive: typeof runEntity): Actor {
  const make = (world: World) =>
    new Process(name, false, async (process) => {
      process.delivers = idsOf(name).entityRunId;
      const summary = await drive(
        {
          ids: idsOf(name),
          spec: world.spec,
          workspace: world.spec.workspace,
          runType: options.runType ?? null,
          wait: false,
          takeOver: options.takeOver ?? true,
          sliceSlots: new Semaphore(2),
          ...(options.lane ? { lane: options.lane } : {}),
          signal: process.abort.signal,
        },
        world.ports(process),
      );
      if (summary.error) return `${summary.error.code}${summary.error.code.startsWith('HYG-9') ? ` ${summary.error.what}` : ''}`;
      return `${summary.status} ${summary.rows}`;
    });
  return { name, make };
}

/** One entity run by orchestration: every step may be delivered again, and the first recorded outcome of a step counts. */
export function durable(name: string, id = name): Actor {
  return { name, make: (world) => new Process(name, false, (process) => durableRun(world, world.ports(process), process, idsOf(id))) };
}

/** A comparison of keys, by the in-process driver. */
export function compare(name: string, options: RunOptions = {}): Actor {
  return run(name, { ...options, lane: keyComparisonLane });
}

/** The same by orchestration. */
export function durableComparison(name: string, id = name): Actor {
  const make = (world: World) =>
    new Process(name, false, (process) => durableRun(world, world.ports(process), process, idsOf(id), keyComparisonLane));
  return { name, make };
}

/** A compaction, by the in-process driver. */
export function compact(name: string, options: RunOptions = {}): Actor {
  return run(name, { ...options, lane: compactionLane });
}

/** The same by orchestration. */
export function durableCompaction(name: string, id = name): Actor {
  const make = (world: World) =>
    new Process(name, false, (process) => durableRun(world, world.ports(process), process, idsOf(id), compactionLane));
  return { name, make };
}

const replayLane: QuarantineLane = { quarantine: 'replay', runs: null };

/** What lies in quarantine is judged by the rules of now, by the in-process driver. */
export function replay(name: string, options: RunOptions = {}): Actor {
  return run(name, { ...options, lane: replayLane });
}

/** The same by orchestration. */
export function durableReplay(name: string, id = name): Actor {
  const make = (world: World) =>
    new Process(name, false, (process) => durableRun(world, world.ports(process), process, idsOf(id), replayLane));
  return { name, make };
}

/** What lies in quarantine goes for good. */
export function drop(name: string): Actor {
  return run(name, { lane: { quarantine: 'drop', runs: null } });
}

/** Somebody changes the contract: runs that begin from now on judge by it. */
export function judgeBy(what: string, validation: ValidationSpec): Actor {
  return event(what, (world) => {
    world.spec = { ...world.spec, validation };
  });
}

/** One chunk of a backfill, by the in-process driver. */
export function backfill(name: string, from: string, to: string, whole = { from, to }): Actor {
  return run(name, { lane: { ...whole, chunks: [{ from, to }] } });
}

/** Ranges that `verify` found to differ are repaired; both values are in each. */
export function repair(name: string, ...ranges: readonly (readonly [from: string, to: string])[]): Actor {
  const chunks = ranges.map(([from, to]) => ({ from, to, to_included: true as const }));
  return run(name, {
    lane: {
      from: chunks[0]?.from ?? '',
      to: chunks.at(-1)?.to ?? '',
      chunks,
      repair: { foreign: 'keep', keepsNewer: false, mostFewer: anyRows, mostLeftOut: anyRows },
    },
  });
}

/** The same by orchestration. */
export function durableBackfill(name: string, from: string, to: string, id = name): Actor {
  const lane = { from, to, chunks: [{ from, to }] };
  return {
    name,
    make: (world) => new Process(name, false, (process) => durableRun(world, world.ports(process), process, idsOf(id), lane)),
  };
}

/** Somebody stops a run from outside while it may still be at work. */
export function cancel(name: string, victim: string): Actor {
  const make = (world: World) =>
    new Process(name, false, (process) =>
      settled(async () => {
        const request = {
          ...idsOf(victim),
          workspace: world.spec.workspace,
          startedAt: '2026-11-20T08:00:00.000Z',
          runType: world.spec.runType,
          error: { code: 'HYG-2020', what: 'cancelled' },
          attempts: 1,
        };
        const { outcome } = await endFailedEntityRun(request, world.ports(process));
        if (outcome === 'not mine') world.stopped.add(request.entityRunId);
        return outcome;
      }),
    );
  return { name, make };
}

export function resetTo(name: string, how: ResetRequest['how']): Actor {
  return { name, make: (world) => new Process(name, false, (process) => resetNow(world, process, how)) };
}

/** A finisher and nothing else: a zombie, a repeat, whoever comes next. */
export function finisher(name: string): Actor {
  const make = (world: World) =>
    new Process(name, false, (process) =>
      settled(async () => {
        const ports = world.ports(process);
        const { row } = await readRow(ports, world.spec);
        const intent = row?.pending ? await readIntent(ports, world.spec, row.pending) : 'moved on';
        if (typeof intent === 'string') return `ok, ${intent}`;
        for (let cursor: Json | undefined; ; ) {
          const step = await finishCommit(ports, world.spec, { intent, refused: row?.pending?.refused, cursor });
          if ('again' in step) {
            cursor = step.again;
            continue;
          }
          if (typeof step.done === 'string') return `ok, ${step.done}`;
          return step.done.outcome === 'settled' ? 'ok, settled' : step.done.error.code;
        }
      }),
    );
  return { name, make };
}

/** What a person does who is told that state and destination have parted ways. */
export function adoptIfParted(name: string): Actor {
  const make = (world: World) =>
    new Process(name, false, async (process) => {
      const agree = ((await world.row())?.settled?.id ?? null) === (world.destination.head()?.id ?? null);
      return agree ? 'ok' : resetNow(world, process, 'adopt');
    });
  return { name, make };
}

function resetNow(world: World, process: Process, how: ResetRequest['how']): Promise<string> {
  return settled(async () => {
    world.discarding ||= how === 'discard' && ['committing', 'mirrored'].includes(world.setting.pair.store);
    const done = await reset(world.spec, { how, takeOver: true }, world.ports(process));
    world.estranged = false;
    return `reset ${done.how}${done.fenced ? ' fenced' : ''}`;
  });
}

/** Something that happens to the world, at once. */
export function event(name: string, change: (world: World) => void | Promise<void>): Actor {
  const make = (world: World) =>
    new Process(name, true, async (process) => {
      await process.call({ label: name, kind: 'sleep', apply: () => change(world) });
      return 'ok';
    });
  return { name, make };
}

export function add(...rows: readonly Row[]): Actor {
  const shown = rows.map(({ id, mark }) => `${id}@${mark}`).join(' ');
  return event(`the source gets ${shown}`, ({ source }) => source.set([...source.rows, ...rows]));
}

/** In the place of the row with the same id. */
export function change(to: Row): Actor {
  return event(`the source changes ${to.id} to ${to.id}@${to.mark}`, ({ source }) =>
    source.set(source.rows.map((one) => (one.id === to.id ? to : one))),
  );
}

export function remove(id: number): Actor {
  return event(`the source loses ${id}`, ({ source }) => source.set(source.rows.filter((one) => one.id !== id)));
}

/** The outcome of a step that is tried again while nobody answers, as a person would. */
async function settled(work: () => Promise<string>): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const again = error instanceof OutcomeUnknown || (error instanceof HyggeError && error.transient);
      if (again && attempt < 4) continue;
      if (error instanceof HyggeError) return error.code;
      if (error instanceof OutcomeUnknown) return 'unknown';
      throw error;
    }
  }
}
