import { endFailedEntityRun } from '../../../src/engine/commit/abandon.ts';
import { commitEntity, type EntityRunEnd } from '../../../src/engine/commit/commit.ts';
import type { Step } from '../../../src/engine/contracts/frame.ts';
import type { EnginePorts } from '../../../src/engine/contracts/ports.ts';
import type { RunIds } from '../../../src/engine/contracts/records.ts';
import { sleepUntil } from '../../../src/engine/contracts/steps.ts';
import { isTransient, needsNewSurvey } from '../../../src/engine/entity/retry.ts';
import { detailsOf } from '../../../src/engine/errors/details.ts';
import { type LookOutcome, lookAndPlan } from '../../../src/engine/look/look.ts';
import { moveSlice, type SliceResult } from '../../../src/engine/move/move.ts';
import type { RunLane } from '../../../src/engine/plan/lane.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { Json } from '../../../src/ports/values.ts';
import type { Process } from './process.ts';
import type { World } from './world.ts';

/** Orchestrators are not told to stop in the middle of an activity: a cancel is a process of its own. */
const neverStopped = new AbortController().signal;

type Recorded = { readonly ok: unknown } | { readonly failed: string };

/**
 * An orchestrator as durable functions run it: activities may be delivered twice, at once or much later, and their first recorded outcome is
 * the one that counts, whoever produced it. What crosses between steps is JSON below 4 kB.
 */
export async function durableRun(world: World, ports: EnginePorts, process: Process, ids: RunIds, lane?: RunLane): Promise<string> {
  const { workspace } = world.spec;
  process.delivers = ids.entityRunId;
  const startedAt = '2026-11-20T08:00:00.000Z';

  const step = async <T>(name: string, work: (cursor: Json | undefined) => Promise<Step<T>>): Promise<T> => {
    const outcome = await attempt(work, ports.clock);
    const recorded = await process.call<Recorded>({
      label: `history ${name}`,
      kind: 'sleep',
      apply: () => {
        const name_ = `${ids.entityRunId} ${name}`;
        if (!world.history.has(name_)) world.history.set(name_, small(outcome));
        // Delivered again: what the first delivery came to counts, and what this one was told by anybody is forgotten.
        else process.stumbles++;
        return world.history.get(name_);
      },
    });
    if ('failed' in recorded) throw new Failed(recorded.failed);
    return recorded.ok as T;
  };

  const planAndMove = async (again: boolean): Promise<string> => {
    const turn_ = again ? 'again ' : '';
    const plan = await step<LookOutcome>(`${turn_}plan`, (cursor) =>
      lookAndPlan(
        { ...ids, workspace, runType: null, takeOver: true, again: again ? 1 : 0, startedAt, ...(lane ? { lane } : {}) },
        ports,
        cursor,
      ),
    );
    const receipts: string[] = [];
    if (plan.outcome === 'held') return 'HYG-2001';
    if (plan.outcome === 'nothing') return `${plan.ended.status} ${plan.ended.rows}`;
    if (plan.outcome === 'planned') {
      for (let slice = 0; slice < plan.slices; slice++) {
        let cursor: Json = null;
        for (let turn = 0; turn === 0 || cursor !== null; turn++) {
          const from = cursor;
          const request = { ...ids, plan: plan.plan, slice, attempt: 1, budgetMs: 180_000 };
          const watching = { signal: neverStopped, onRows: () => undefined };
          const moved: SliceResult = await step<SliceResult>(`${turn_}slice ${slice} turn ${turn}`, (again) =>
            moveSlice(request, ports, watching, again ?? from ?? undefined),
          );
          receipts.push(moved.receipt);
          cursor = moved.cursor;
          if (moved.notBefore !== undefined) await sleepUntil(ports.clock, moved.notBefore);
        }
      }
    }
    const request = { ...ids, plan: plan.outcome === 'planned' ? plan.plan : '', receipts, workspace };
    const ended = await step<EntityRunEnd>('commit', (cursor) => commitEntity(request, ports, cursor));
    return `${ended.status} ${ended.rows}`;
  };

  try {
    return await planAndMove(false).catch((error: unknown) => {
      if (error instanceof Failed && needsNewSurvey(error)) return planAndMove(true);
      throw error;
    });
  } catch (error) {
    if (!(error instanceof Failed)) throw error;
    const request = { ...ids, workspace, startedAt, runType: world.spec.runType, error: { code: error.code, what: 'failed' }, attempts: 1 };
    await step('abandon', async () => ({ done: await endFailedEntityRun(request, ports) })).catch(() => undefined);
    return error.code;
  }
}

class Failed extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

async function attempt<T>(work: (cursor: Json | undefined) => Promise<Step<T>>, clock: Clock): Promise<Recorded> {
  for (let tries = 1, cursor: Json | undefined; ; ) {
    try {
      const step = await work(cursor);
      if ('done' in step) return { ok: step.done };
      cursor = small(step.again);
      if (step.notBefore !== undefined) await sleepUntil(clock, step.notBefore);
    } catch (error) {
      if (isTransient(error) && tries++ < 4) continue;
      return { failed: detailsOf(error).code };
    }
  }
}

/** As it travels between activities. */
function small<T>(value: T): T {
  const text = JSON.stringify(value);
  if (text.length > 4096) throw new Error(`a step's outcome is ${text.length} bytes: ${text.slice(0, 200)}`);
  return JSON.parse(text) as T;
}
