/** The ways in which an entity runs: one process to its end, or the steps of a function app, each delivered once more where its worker dies. */
import { randomUUID } from 'node:crypto';
import { carryOut } from '../../../../functions/activities/activity.ts';
import { bodies } from '../../../../functions/activities/bodies.ts';
import type { Log } from '../../../../functions/log.ts';
import { courses } from '../../../../functions/orchestrators/courses.ts';
import { orchestrators } from '../../../../functions/run-input.ts';
import type { App, PinnedFlow } from '../../../../src/assembly/app.ts';
import { EntityRuns } from '../../../../src/assembly/entity-runs.ts';
import { ConnectionLimits } from '../../../../src/engine/entity/connection-limits.ts';
import { runEntity } from '../../../../src/engine/entity/entity-run.ts';
import { Semaphore } from '../../../../src/ports/semaphore.ts';
import type { Json } from '../../../../src/ports/values.ts';
import { Replayer } from '../../../functions/replayer.ts';
import { noteWithin } from '../../raised-codes.ts';
import type { Machines, MortalProcess } from './processes.ts';

/** `death`: the process died, and nobody knows more. Else a status, or the code of an error. */
export type Ended = string;

/** `twice`: each step runs once more after it has ended, in another worker. */
export const drivers = ['command', 'app', 'twice'] as const;
export type Driver = (typeof drivers)[number];

export async function runOnce(machines: Machines, driver: Driver): Promise<Ended> {
  return driver === 'command' ? await byCommand(machines) : await byApp(machines, driver === 'twice');
}

function entityOf({ workspace }: Machines) {
  const [flow] = workspace.flows;
  const n = (flow?.entities.length ?? 0) - 1;
  const spec = flow?.entities[n];
  if (flow === undefined || spec === undefined) throw new Error('a workspace without an entity');
  return { flow, spec, n };
}

async function byCommand(machines: Machines): Promise<Ended> {
  const process = machines.begin('process');
  const { spec } = entityOf(machines);
  const run = randomUUID();
  const ids = { invocationId: run, runId: run, entityRunId: `${run}.1`, flow: spec.flow, entity: spec.entity };
  const ran = runEntity(
    {
      ...{ ids, spec, workspace: machines.workspace.name, runType: null, wait: false, takeOver: false },
      sliceSlots: new Semaphore(2),
      signal: new AbortController().signal,
    },
    await process.ports(),
  );
  const summary = await Promise.race([ran, process.died]);
  await process[Symbol.asyncDispose]();
  if (summary === undefined) return 'death';
  noteWithin(summary);
  return summary.error?.code ?? summary.status;
}

/** The course of one entity, whose last answer says how it ended. */
async function byApp(machines: Machines, isTwice: boolean): Promise<Ended> {
  const { flow, n } = entityOf(machines);
  const run = randomUUID();
  const workers = new Workers(machines);
  const replayer = new Replayer({
    orchestrators: courses,
    activity: async (name, input: Json) => {
      replayer.now = machines.time.ms = Math.max(machines.time.ms, replayer.now);
      const first = await workers.deliver(name, input);
      if (!isTwice) return first;
      workers.other();
      const second = await workers.deliver(name, input);
      // Whichever of them is recorded first counts.
      return workers.delivered % 4 < 2 ? first : second;
    },
  });
  replayer.now = machines.time.ms;
  const startedAt = new Date(machines.time.ms).toISOString();
  const of = { invocation: run, run, flow: flow.name, config: 'folder', date: '2026-03-01', startedAt };
  const ended = (await replayer.run(orchestrators.entity, { of, n }, run)) as { status: string; error?: { code: string } };
  machines.time.ms = Math.max(machines.time.ms, replayer.now);
  await workers.end();
  return ended.error?.code ?? ended.status;
}

interface Worker {
  readonly process: MortalProcess;
  readonly app: App;
}

/** One of an app, or two. */
class Workers {
  delivered = 0;
  readonly #machines: Machines;
  readonly #two: [Worker, Worker | undefined];
  #at: 0 | 1 = 0;

  constructor(machines: Machines) {
    this.#machines = machines;
    this.#two = [this.#begun(), undefined];
  }

  #begun(): Worker {
    const process = this.#machines.begin('app');
    return { process, app: appOf(this.#machines, process) };
  }

  /** The next step is another worker's. */
  other(): void {
    this.#at = this.#at === 0 ? 1 : 0;
    this.#two[this.#at] ??= this.#begun();
  }

  async end(): Promise<void> {
    for (const worker of this.#two) await worker?.process[Symbol.asyncDispose]();
  }

  /** A step whose worker dies is delivered again, with the same input. */
  async deliver(name: string, input: Json): Promise<unknown> {
    const body = bodies.get(name);
    if (body === undefined) throw new Error(`there is no activity ${name}`);
    for (;;) {
      this.delivered++;
      const at = this.#at;
      const { app, process } = this.#two[at] ?? this.#two[0];
      const answer = await Promise.race([carryOut(name, body, { app, log: silent, input }), process.died]);
      if (answer !== undefined) {
        noteWithin(answer);
        return answer;
      }
      await process[Symbol.asyncDispose]();
      // All steps that it had come to the next one.
      if (this.#two[at]?.process === process) this.#two[at] = this.#begun();
    }
  }
}

const silent: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: (line) => process.stderr.write(`${line}\n`),
};

function appOf(machines: Machines, process: MortalProcess): App {
  const { flow } = entityOf(machines);
  const pinned = async (): Promise<PinnedFlow> => ({
    ...{ config: 'folder', workspace: machines.workspace, flow, found: null, state: process.state },
    // No run of another flow is asked for.
    board: { get: async () => undefined } as unknown as PinnedFlow['board'],
    ports: () => process.ports(),
  });
  return {
    ...{ env: {}, clock: process.clock, random: fixedRandom, network: process.resources.network },
    // Nothing is closed for idleness: time passes by leaps.
    entityRuns: new EntityRuns({ sleep: () => new Promise(() => undefined) }),
    limits: new ConnectionLimits(),
    pin: pinned,
    look: pinned,
  };
}

const fixedRandom: App['random'] = { id: () => randomUUID(), nonce: () => randomUUID().slice(0, 8), fraction: () => 0.5 };
