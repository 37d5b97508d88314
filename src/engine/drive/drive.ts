/** The in-process driver: runs entities on one machine, several at a time. How data is moved is not its business. */

import type { EntitySummary, EventBody } from '../../ports/events.ts';
import { Semaphore } from '../../ports/semaphore.ts';
import { tallyOf } from '../close/close.ts';
import { targetField } from '../commit/journal-row.ts';
import { type EnginePorts, eventBase } from '../contracts/ports.ts';
import type { RunIds } from '../contracts/records.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import { messageAndCodes } from '../contracts/words.ts';
import { ConnectionLimits } from '../entity/connection-limits.ts';
import { type RunOptions, runEntity } from '../entity/entity-run.ts';
import { Outages } from '../entity/outages.ts';
import { closeFlows } from './close-flows.ts';
import { type CompareWhen, comparisonFollows, withFollowUps } from './follow-ups.ts';
import { type WhyNotStarted, whyNotStarted } from './not-started.ts';

export interface GoRequest extends RunOptions {
  readonly entities: readonly EntitySpec[];
  readonly invocationId: string;
  /** How many entities may run at once in the whole invocation. */
  readonly concurrency: number;
  /** How many entities of a flow may run at once, for flows with a lower limit. */
  readonly flowConcurrency: Readonly<Record<string, number>>;
  readonly continueOnError: boolean;
  readonly runType: EntitySpec['runType'] | null;
  /** `now`: keys are compared even if the comparison is not due (`deletes: { compare }`). Absent: `due`. */
  readonly compare?: CompareWhen;
}

export type InvocationSummaryEvent = Extract<EventBody, { event: 'summary' }>;

export async function go(request: GoRequest, ports: EnginePorts): Promise<InvocationSummaryEvent> {
  const started = ports.clock.monotonicMs();
  const flows = [...new Set(request.entities.map((spec) => spec.flow))];
  const runIds = new Map(flows.map((flow) => [flow, ports.random.id()]));
  const invocation = { v: 1 as const, invocation_id: request.invocationId };
  ports.emit({
    ...invocation,
    ts: ports.clock.now(),
    event: 'run_start',
    workspace: request.workspace,
    ...targetField(ports),
    flows: flows.length,
    entities: request.entities.length,
    concurrency: request.concurrency,
  });
  const entities = await runAll(request, ports, runIds);
  await closeFlows(request, ports, { runIds, entities });
  const summary = summarize(entities, (ports.clock.monotonicMs() - started) / 1000);
  ports.emit({ ...invocation, ts: ports.clock.now(), ...summary });
  return summary;
}

async function runAll(request: GoRequest, ports: EnginePorts, runIds: ReadonlyMap<string, string>): Promise<EntitySummary[]> {
  const slots = new Semaphore(request.concurrency);
  const flowSlots = new Map([...runIds.keys()].map((flow) => [flow, new Semaphore(request.flowConcurrency[flow] ?? request.concurrency)]));
  // There are more slices at once than processors. While some slices wait for the disk or for hashes, others keep the processors busy.
  const sliceSlots = new Semaphore(ports.host.processors + 2);
  const limits = new ConnectionLimits();
  const outages = new Outages(ports);
  const numbers = new Map<string, number>();
  let failed = false;

  /** Runs an entity in a place. If the entity waits for another system, its place goes to an entity that has work. */
  const placed = async <T>(flow: string, work: (leavePlace: () => void) => Promise<T>): Promise<T> => {
    const ofFlow = await (flowSlots.get(flow) ?? slots).take();
    const ofAll = await slots.take();
    const leavePlace = () => {
      ofAll();
      ofFlow();
    };
    try {
      return await work(leavePlace);
    } finally {
      leavePlace();
    }
  };
  const one = async (spec: EntitySpec): Promise<EntitySummary> => {
    const runId = runIds.get(spec.flow) ?? request.invocationId;
    const n = (numbers.get(spec.flow) ?? 0) + 1;
    numbers.set(spec.flow, n);
    const ids = { invocationId: request.invocationId, runId, entityRunId: `${runId}.${n}`, flow: spec.flow, entity: spec.entity };
    return placed(spec.flow, async (leavePlace) => {
      const why = whyNotStarted({ stopped: request.signal.aborted, failed, continueOnError: request.continueOnError });
      if (why !== null) return notStarted(ids, ports, why);
      const { workspace, runType, wait, takeOver, retryForMs, signal, compare = 'due' } = request;
      let asked: Promise<boolean> | undefined;
      const run = {
        ...{ ids, spec, workspace, runType, wait, takeOver, sliceSlots, limits, outages, retryForMs, signal, leavePlace },
        keysFollow: () => (asked ??= comparisonFollows(spec, ports, compare)),
      };
      const summary = await withFollowUps(run, ports, await runEntity(run, ports));
      failed ||= summary.status === 'error';
      return summary;
    });
  };
  return Promise.all(request.entities.map(one));
}

/** The line of an entity that moved no rows. */
export function summaryWithoutRows(ids: RunIds, more: Partial<EntitySummary> & Pick<EntitySummary, 'status'>): EntitySummary {
  return {
    flow: ids.flow,
    entity: ids.entity,
    rows: 0,
    rows_read: 0,
    entity_run_id: ids.entityRunId,
    watermark: null,
    to: '',
    files: 0,
    bytes: 0,
    seconds: 0,
    ...more,
  };
}

function notStarted(ids: RunIds, ports: EnginePorts, why: WhyNotStarted): EntitySummary {
  const summary = summaryWithoutRows(ids, {
    status: 'skip',
    reason: 'not_started',
    ...messageAndCodes(ports.words, { notes: [{ code: 'not_started', why }] }),
  });
  ports.emit({ ...eventBase(ids, ports), event: 'entity_done', ...summary });
  return summary;
}

export function summarize(entities: readonly EntitySummary[], seconds: number): InvocationSummaryEvent {
  return {
    event: 'summary',
    ...tallyOf(entities),
    total: entities.length,
    rows: entities.reduce((sum, entity) => sum + entity.rows, 0),
    seconds: Math.round(seconds * 1000) / 1000,
    entities,
  };
}
