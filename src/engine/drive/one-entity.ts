/** An invocation of one entity run, in process. */
import type { EntitySummary } from '../../ports/events.ts';
import { Semaphore } from '../../ports/semaphore.ts';
import { targetField } from '../commit/journal-row.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import { type RunOptions, runEntity } from '../entity/entity-run.ts';
import type { RunLane } from '../plan/lane.ts';
import { closeFlows } from './close-flows.ts';
import { type InvocationSummaryEvent, summarize } from './drive.ts';

export interface OneEntityRequest extends RunOptions {
  readonly spec: EntitySpec;
  readonly invocationId: string;
}

export async function runOneEntity(request: OneEntityRequest, ports: EnginePorts, lane: RunLane): Promise<InvocationSummaryEvent> {
  const { spec, invocationId, workspace, ...options } = request;
  const started = ports.clock.monotonicMs();
  const runId = ports.random.id();
  const said = { v: 1 as const, invocation_id: invocationId };
  const start = { event: 'run_start', workspace, ...targetField(ports), flows: 1, entities: 1, concurrency: 1 } as const;
  ports.emit({ ...said, ts: ports.clock.now(), ...start });
  const ids = { invocationId, runId, entityRunId: `${runId}.1`, flow: spec.flow, entity: spec.entity };
  const sliceSlots = new Semaphore(ports.host.processors + 2);
  const run = await runEntity({ ...options, ids, spec, workspace, runType: null, lane, sliceSlots }, ports);
  await closeFlows(request, ports, { runIds: new Map([[spec.flow, runId]]), entities: [run] });
  return summed([run], { started, invocationId }, ports);
}

export function summed(
  entities: readonly EntitySummary[],
  { started, invocationId }: { readonly started: number; readonly invocationId: string },
  ports: EnginePorts,
): InvocationSummaryEvent {
  const summary = summarize(entities, (ports.clock.monotonicMs() - started) / 1000);
  ports.emit({ v: 1, ts: ports.clock.now(), invocation_id: invocationId, ...summary });
  return summary;
}
