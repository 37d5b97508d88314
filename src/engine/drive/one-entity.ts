/** An invocation with one entity run, in process. */
import type { EntitySummary } from '../../ports/events.ts';
import type { Note } from '../../ports/notes.ts';
import { Semaphore } from '../../ports/semaphore.ts';
import { targetField } from '../commit/journal-row.ts';
import { type EnginePorts, eventBase } from '../contracts/ports.ts';
import type { RunIds } from '../contracts/records.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import { messageAndCodes } from '../contracts/words.ts';
import { type RunOptions, runEntity } from '../entity/entity-run.ts';
import { OpenSides } from '../entity/open-sides.ts';
import { detailsOf } from '../errors/details.ts';
import { retryWhenOvertaken } from '../plan/agreement.ts';
import { laneTold, type RunLane } from '../plan/lane.ts';
import type { SettledSides } from '../plan/settled-plan.ts';
import { readRow } from '../protocol/row.ts';
import { closeFlows } from './close-flows.ts';
import { type InvocationSummaryEvent, summarize, summaryWithoutRows } from './drive.ts';

export interface OneEntityRequest extends RunOptions {
  readonly spec: EntitySpec;
  readonly invocationId: string;
}

/** The outcome of an entity’s plan. */
export type PlannedOfEntity = Pick<EntitySummary, 'status'> & Partial<Pick<EntitySummary, 'to' | 'message' | 'codes' | 'error'>>;

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

/** The outcome of a plan if an earlier run has decided a commit that is unfinished. Undefined: no commit waits. */
export function unfinishedCommit(
  ids: RunIds,
  ports: EnginePorts,
  { store, row }: Pick<SettledSides, 'store' | 'row'>,
): PlannedOfEntity | undefined {
  if (!row?.pending) return undefined;
  const note: Note = { code: 'commit_unfinished', intent: row.pending.id };
  ports.emit({ ...eventBase(ids, ports), event: 'warning', message: ports.words.note(note) });
  return { status: 'warn', to: store.where, ...messageAndCodes(ports.words, { notes: [note] }) };
}

/** Plans what a run would do. `plan` reads metadata and emits its event. If it throws an error, the error becomes an event and the entity’s error. */
export async function planOneEntity(
  { spec, invocationId, signal }: Pick<OneEntityRequest, 'spec' | 'invocationId' | 'signal'>,
  ports: EnginePorts,
  lane: RunLane,
  plan: (ids: RunIds, ports: EnginePorts, sides: SettledSides) => Promise<PlannedOfEntity>,
): Promise<InvocationSummaryEvent> {
  const started = ports.clock.monotonicMs();
  const ids: RunIds = { invocationId, runId: 'dry-run', entityRunId: 'dry-run.1', flow: spec.flow, entity: spec.entity };
  const planned = async (): Promise<PlannedOfEntity> => {
    try {
      return await retryWhenOvertaken(async () => {
        await using sides = new OpenSides();
        const open = sides.over(ports, signal);
        const { row } = await readRow(open, spec);
        const found = { spec, store: await open.store(spec), row };
        return unfinishedCommit(ids, open, found) ?? (await plan(ids, open, found));
      });
    } catch (error) {
      const details = detailsOf(error, spec);
      ports.emit({ ...eventBase(ids, ports), event: 'error', ...details });
      return { status: 'error', message: details.what, error: details };
    }
  };
  const summary = summaryWithoutRows(ids, { ...(await planned()), ...laneTold(lane) });
  return summed([summary], { started, invocationId }, ports);
}

function summed(
  entities: readonly EntitySummary[],
  { started, invocationId }: { readonly started: number; readonly invocationId: string },
  ports: EnginePorts,
): InvocationSummaryEvent {
  const summary = summarize(entities, (ports.clock.monotonicMs() - started) / 1000);
  ports.emit({ v: 1, ts: ports.clock.now(), invocation_id: invocationId, ...summary });
  return summary;
}
