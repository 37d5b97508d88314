/** A backfill in this process: one entity run after another, one for each chunk. So a live run can run between two chunks. */

import type { EntitySummary } from '../../ports/events.ts';
import { Semaphore } from '../../ports/semaphore.ts';
import { targetField } from '../commit/journal-row.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import { closeFlows } from '../drive/close-flows.ts';
import { type InvocationSummaryEvent, summarize } from '../drive/drive.ts';
import { ConnectionLimits } from '../entity/connection-limits.ts';
import { type RunOptions, runEntity } from '../entity/entity-run.ts';
import { Outages } from '../entity/outages.ts';
import { worstStatus } from '../entity/worst-status.ts';
import { type BackfillSeries, laneAt } from './backfill.ts';

export interface BackfillRun extends RunOptions {
  readonly spec: EntitySpec;
  readonly series: BackfillSeries;
  readonly invocationId: string;
  /** Whether the backfill waits for a run that holds the entity when the backfill begins. Between two chunks it always waits for other runs. */
  readonly wait: boolean;
}

/** The first chunk that fails ends the backfill. Chunks that are finished stay done, and the state remembers them. */
export async function backfill(request: BackfillRun, ports: EnginePorts): Promise<InvocationSummaryEvent> {
  const started = ports.clock.monotonicMs();
  const { spec, series, invocationId, workspace } = request;
  const runId = ports.random.id();
  const { column, from, to, chunks, next } = series;
  const said = { v: 1 as const, invocation_id: invocationId };
  const about = { column, from, to, chunks, done: next };
  const start = { event: 'run_start', workspace, ...targetField(ports), flows: 1, entities: 1, concurrency: 1, backfill: about } as const;
  ports.emit({ ...said, ts: ports.clock.now(), ...start });
  const runs = await allChunks(request, ports, runId);
  await closeFlows(request, ports, { runIds: new Map([[spec.flow, runId]]), entities: asOne(runs) });
  const done = next + runs.filter((run) => !isUnfinished(run)).length;
  const summary = { ...summarize(runs, (ports.clock.monotonicMs() - started) / 1000), backfill: { ...about, done } };
  ports.emit({ ...said, ts: ports.clock.now(), ...summary });
  return summary;
}

async function allChunks(request: BackfillRun, ports: EnginePorts, runId: string): Promise<EntitySummary[]> {
  const { spec, series, invocationId, workspace, takeOver, retryForMs, signal } = request;
  const sliceSlots = new Semaphore(ports.host.processors + 2);
  const limits = new ConnectionLimits();
  const outages = new Outages(ports);
  const runs: EntitySummary[] = [];
  for (let i = series.next; i < series.chunks && !signal.aborted; i++) {
    const ids = { invocationId, runId, entityRunId: `${runId}.${i + 1}`, flow: spec.flow, entity: spec.entity };
    const wait = request.wait || i > series.next;
    const run = await runEntity(
      {
        ids,
        spec,
        workspace,
        runType: null,
        wait,
        takeOver,
        lane: laneAt(series, i),
        sliceSlots,
        limits,
        outages,
        retryForMs,
        signal,
      },
      ports,
    );
    runs.push(run);
    if (isUnfinished(run)) break;
  }
  return runs;
}

/** A chunk whose run was held or stopped has to be done again, too. */
function isUnfinished({ status, reason }: EntitySummary): boolean {
  return status === 'error' || reason !== undefined;
}

/** The closing of a flow and its notices count all chunks together as one entity. */
function asOne(runs: readonly EntitySummary[]): readonly EntitySummary[] {
  const [first, ...others] = runs;
  if (first === undefined) return [];
  const worst = worstStatus([first.status, ...others.map(({ status }) => status)]);
  return runs.filter(({ status }) => status === worst).slice(0, 1);
}
