/** `go --dry-run`: the plan of every entity, from metadata only. Takes no lease, writes nothing anywhere. */
import type { BackfillTold, EntitySummary } from '../../ports/events.ts';
import type { Note } from '../../ports/notes.ts';
import type { Breadth } from '../contracts/home.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import type { RunIds } from '../contracts/records.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import { untilDone } from '../contracts/steps.ts';
import { said } from '../contracts/words.ts';
import { OpenSides } from '../entity/open-sides.ts';
import { detailsOf } from '../entity/retry.ts';
import { retryWhenOvertaken, unlessOvertaken } from '../plan/agreement.ts';
import type { BackfillLane } from '../plan/lane.ts';
import { eventBase, planEvent } from '../plan/plan-event.ts';
import { checkTouchedFiles } from '../plan/settled-content.ts';
import { survey } from '../plan/survey.ts';
import { readRow } from '../protocol/row.ts';
import { snapshotInForce } from '../schema/snapshot.ts';
import { type InvocationSummaryEvent, summarize, summaryWithoutRows } from './drive.ts';

export interface DryRunRequest {
  readonly entities: readonly EntitySpec[];
  readonly invocationId: string;
  readonly workspace: string;
  readonly runType: EntitySpec['runType'] | null;
  readonly signal: AbortSignal;
  /** Absent: `a few`. */
  readonly breadth?: Breadth;
  /** What would be replaced, instead of a live run. */
  readonly backfill?: { readonly lane: BackfillLane; readonly told: BackfillTold };
}

export async function dryRun(request: DryRunRequest, ports: EnginePorts): Promise<InvocationSummaryEvent> {
  const started = ports.clock.monotonicMs();
  const entities: EntitySummary[] = [];
  for (const [i, spec] of request.entities.entries()) {
    request.signal.throwIfAborted();
    entities.push(
      await look(
        { invocationId: request.invocationId, runId: 'dry-run', entityRunId: `dry-run.${i + 1}`, flow: spec.flow, entity: spec.entity },
        spec,
        request,
        ports,
      ),
    );
  }
  const told = request.backfill ? { backfill: request.backfill.told } : {};
  const summary = { ...summarize(entities, (ports.clock.monotonicMs() - started) / 1000), ...told };
  ports.emit({ v: 1, ts: ports.clock.now(), invocation_id: request.invocationId, ...summary });
  return summary;
}

async function look(ids: RunIds, spec: EntitySpec, request: DryRunRequest, ports: EnginePorts): Promise<EntitySummary> {
  try {
    return await retryWhenOvertaken(async () => {
      await using sides = new OpenSides();
      return await lookOnce(ids, spec, request, sides.over(ports, request.signal));
    });
  } catch (error) {
    const details = detailsOf(error, spec);
    ports.emit({ ...eventBase(ids, ports), event: 'error', ...details });
    return summaryWithoutRows(ids, { status: 'error', message: details.what, error: details });
  }
}

async function lookOnce(ids: RunIds, spec: EntitySpec, request: DryRunRequest, ports: EnginePorts): Promise<EntitySummary> {
  const { row } = await readRow(ports, spec);
  const snapshot = await snapshotInForce(ports, spec, row);
  const home = await ports.home(spec, snapshot?.pinned ?? null);
  const store = await ports.store(spec);
  if (row?.pending) {
    const note: Note = { code: 'commit_unfinished', intent: row.pending.id };
    ports.emit({ ...eventBase(ids, ports), event: 'warning', message: ports.words.note(note) });
    return summaryWithoutRows(ids, { status: 'warn', to: store.where, ...said(ports.words, { notes: [note] }) });
  }
  const run = { ...ids, startedAt: ports.clock.now() };
  const asked = {
    spec,
    runType: request.runType ?? spec.runType,
    fullEveryApplies: request.runType === null,
    home,
    store,
    row,
    snapshot,
    run,
    breadth: request.breadth ?? 'a few',
    ...(request.backfill ? { lane: request.backfill.lane } : {}),
  };
  const found = await untilDone(ports.clock, (cursor) => survey(ports, asked, cursor));
  const content = () => checkTouchedFiles(ports, asked, found.target, { recordLooks: false, withinMs: Number.POSITIVE_INFINITY });
  await unlessOvertaken(ports, asked, content);
  const { schema, changes, writing } = found;
  const ddl = schema === null ? undefined : await store.ddl?.({ schema, changes, mode: writing.mode, key: writing.key });
  ports.emit(planEvent(ids, ports, { spec, home, store, survey: found, ddl }));
  return summaryWithoutRows(ids, { status: found.warnings.length > 0 ? 'warn' : 'pass', to: store.where });
}
