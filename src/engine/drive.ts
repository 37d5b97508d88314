/** The in-process driver: entities with bounded concurrency on one machine. Nothing about moving data lives here. */
import type { EntitySummary, EventBody } from '../ports/events.ts';
import { closeFlow } from './close.ts';
import { runEntity } from './entity-run.ts';
import { base } from './plan-event.ts';
import type { EnginePorts } from './ports.ts';
import type { RunIds } from './records.ts';
import { detailsOf } from './retry.ts';
import { Slots } from './slots.ts';
import type { EntitySpec } from './spec.ts';

export interface GoRequest {
  readonly entities: readonly EntitySpec[];
  readonly invocationId: string;
  readonly workspace: string;
  /** Entities at once, over the whole invocation. */
  readonly concurrency: number;
  /** Lower limits of single flows. */
  readonly flowConcurrency: Readonly<Record<string, number>>;
  readonly continueOnError: boolean;
  readonly runType: EntitySpec['runType'] | null;
  readonly wait: boolean;
  readonly takeOver: boolean;
  /** Aborted with an `Interrupted` as its reason. */
  readonly signal: AbortSignal;
}

export type Summary = Extract<EventBody, { event: 'summary' }>;

export async function go(request: GoRequest, ports: EnginePorts): Promise<Summary> {
  const started = ports.clock.monotonicMs();
  const flows = [...new Set(request.entities.map((spec) => spec.flow))];
  const runIds = new Map(flows.map((flow) => [flow, ports.random.id()]));
  const invocation = { v: 1 as const, invocation_id: request.invocationId };
  ports.emit({
    ...invocation,
    ts: ports.clock.now(),
    event: 'run_start',
    workspace: request.workspace,
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
  const slots = new Slots(request.concurrency);
  const flowSlots = new Map([...runIds.keys()].map((flow) => [flow, new Slots(request.flowConcurrency[flow] ?? request.concurrency)]));
  // More than processors: while one slice waits for the disk or hashes, the others keep them busy.
  const sliceSlots = new Slots(ports.host.processors + 2);
  const numbers = new Map<string, number>();
  let failed = false;

  const one = async (spec: EntitySpec): Promise<EntitySummary> => {
    const runId = runIds.get(spec.flow) ?? request.invocationId;
    const n = (numbers.get(spec.flow) ?? 0) + 1;
    numbers.set(spec.flow, n);
    const ids = { invocationId: request.invocationId, runId, entityRunId: `${runId}.${n}`, flow: spec.flow, entity: spec.entity };
    const work = async () => {
      const why = request.signal.aborted
        ? 'interrupted before it started'
        : failed && !request.continueOnError
          ? 'an earlier entity failed'
          : null;
      if (why !== null) return notStarted(ids, ports, why);
      const summary = await runEntity(
        {
          ids,
          spec,
          workspace: request.workspace,
          runType: request.runType,
          wait: request.wait,
          takeOver: request.takeOver,
          sliceSlots,
          signal: request.signal,
        },
        ports,
      );
      failed ||= summary.status === 'error';
      return summary;
    };
    return (flowSlots.get(spec.flow) ?? slots).run(() => slots.run(work));
  };
  return Promise.all(request.entities.map(one));
}

/** Names are long; a step's input is not. */
const entitiesPerClose = 10;

/** Housekeeping: that it fails is worth a warning, not a failed run. */
async function closeFlows(
  request: GoRequest,
  ports: EnginePorts,
  ran: { runIds: ReadonlyMap<string, string>; entities: readonly EntitySummary[] },
): Promise<void> {
  for (const [flow, runId] of ran.runIds) {
    const settled = ran.entities.filter((entity) => entity.flow === flow && (entity.status === 'pass' || entity.status === 'warn'));
    const ids = { invocationId: request.invocationId, runId, flow };
    try {
      for (let i = 0; i < settled.length; i += entitiesPerClose) {
        await closeFlow({ ...ids, entities: settled.slice(i, i + entitiesPerClose).map(({ entity }) => entity) }, ports);
      }
    } catch (error) {
      const message = `old records could not be removed: ${detailsOf(error).what}`;
      ports.emit({ v: 1, ts: ports.clock.now(), invocation_id: ids.invocationId, run_id: runId, flow, event: 'warning', message });
    }
  }
}

/** The line of an entity that moved nothing. */
export function nothingMoved(ids: RunIds, more: Partial<EntitySummary> & Pick<EntitySummary, 'status'>): EntitySummary {
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

function notStarted(ids: RunIds, ports: EnginePorts, why: string): EntitySummary {
  const summary = nothingMoved(ids, { status: 'skip', message: `not started: ${why}` });
  ports.emit({ ...base(ids, ports), event: 'entity_done', ...summary });
  return summary;
}

export function summarize(entities: readonly EntitySummary[], seconds: number): Summary {
  const count = (status: EntitySummary['status']) => entities.filter((entity) => entity.status === status).length;
  return {
    event: 'summary',
    pass: count('pass'),
    warn: count('warn'),
    error: count('error'),
    skip: count('skip'),
    total: entities.length,
    rows: entities.reduce((sum, entity) => sum + entity.rows, 0),
    seconds: Math.round(seconds * 1000) / 1000,
    entities,
  };
}
