/** `go --dry-run`: the plan of every entity, made from metadata, and from the first rows of files that lack a column of the contract. It takes no lease, and is read-only everywhere. */
import { Interrupted } from '../../errors/hygge-error.ts';
import type { BackfillTold, EntitySummary } from '../../ports/events.ts';
import type { Note } from '../../ports/notes.ts';
import { retry } from '../../ports/retry.ts';
import type { StateRow } from '../../ports/state.ts';
import { defined, filled } from '../../ports/values.ts';
import type { Breadth } from '../contracts/home.ts';
import { type EnginePorts, eventBase } from '../contracts/ports.ts';
import type { RunIds } from '../contracts/records.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import { untilDone } from '../contracts/steps.ts';
import { comparesByRewriting, type Store } from '../contracts/store.ts';
import { OpenSides } from '../entity/open-sides.ts';
import { detailsOf } from '../errors/details.ts';
import { interruption } from '../errors/interruption.ts';
import { compareKeys } from '../keys/compare-keys.ts';
import { rowsAtLastComparison } from '../keys/comparison.ts';
import { partsOfKeys } from '../keys/parts-of-keys.ts';
import { correctedKeys, deletedMark, keyColumns, markColumn } from '../move/move-comparison.ts';
import { checkTouchedFiles, retryWhenOvertaken, unlessOvertaken } from '../plan/agreement.ts';
import type { BackfillLane } from '../plan/lane.ts';
import { oneSliceIfStoreNeeds } from '../plan/one-slice.ts';
import { planEvent } from '../plan/plan-event.ts';
import { type Survey, survey } from '../plan/survey.ts';
import { hasSettled } from '../protocol/periodic.ts';
import { readRow } from '../protocol/row.ts';
import { snapshotInForce } from '../schema/snapshot.ts';
import { lackingPlannedFiles } from '../validation/lacking-files.ts';
import { type InvocationSummaryEvent, summarize, summaryWithoutRows } from './drive.ts';
import type { CompareWhen } from './follow-ups.ts';
import { unfinishedCommit } from './one-entity.ts';

export interface DryRunRequest {
  readonly entities: readonly EntitySpec[];
  readonly invocationId: string;
  readonly workspace: string;
  readonly runType: EntitySpec['runType'] | null;
  readonly signal: AbortSignal;
  /** How many files a look opens. Absent: `a few`. */
  readonly breadth?: Breadth;
  /** Whether keys are compared. `now`: the keys of entities with `deletes: { compare }` are read on both sides, and rows that are gone from the source are counted. `due`, or absent: the keys are not read. */
  readonly compare?: CompareWhen;
  /** The ranges of a backfill. Present if a backfill is planned instead of a live run. */
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
    const details = error instanceof Interrupted ? interruption(error) : detailsOf(error, spec);
    ports.emit({ ...eventBase(ids, ports), event: 'error', ...details });
    return summaryWithoutRows(ids, { status: 'error', message: details.what, error: details });
  }
}

async function lookOnce(ids: RunIds, spec: EntitySpec, request: DryRunRequest, ports: EnginePorts): Promise<EntitySummary> {
  const { row } = await readRow(ports, spec);
  const snapshot = await snapshotInForce(ports, spec, row);
  const home = await ports.home(spec, snapshot?.pinned ?? null);
  const store = await ports.store(spec);
  const unfinished = unfinishedCommit(ids, ports, { store, row });
  if (unfinished !== undefined) return summaryWithoutRows(ids, unfinished);
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
    ...defined({ lane: request.backfill?.lane }),
  };
  const surveyed = await untilDone(ports.clock, (cursor) => survey(ports, asked, cursor), request.signal);
  const lacking = await lackingPlannedFiles(spec, oneSliceIfStoreNeeds(store, home, ports.clock), surveyed, request.signal);
  const found = { ...surveyed, warnings: [...surveyed.warnings, ...lacking] };
  const content = () => checkTouchedFiles(ports, asked, found.target, { recordLooks: false, withinMs: Number.POSITIVE_INFINITY });
  await unlessOvertaken(ports, asked, content);
  const { schema, changes, writing } = found;
  const ddl = schema === null ? undefined : await store.table?.ddl({ schema, changes, mode: writing.mode, key: writing.key });
  const tell = (more: readonly Note[]) =>
    ports.emit(planEvent(ids, ports, { spec, home, store, survey: { ...found, notes: [...found.notes, ...more] }, ddl }));
  const counts = request.compare === 'now' && spec.compareDeletes !== undefined && found.mode === 'incremental' && hasSettled(row);
  try {
    tell(counts ? await candidates(ports, { spec, store, found, row, signal: request.signal }) : []);
  } catch (error) {
    tell([]);
    throw error;
  }
  return summaryWithoutRows(ids, { status: found.warnings.length > 0 ? 'warn' : 'pass', to: store.where });
}

interface CandidatesRequest {
  readonly spec: EntitySpec;
  readonly store: Store;
  readonly found: Survey;
  readonly row: StateRow | undefined;
  readonly signal: AbortSignal;
}

/** The rows that a comparison of keys would remove, found by one look at each side. */
async function candidates(ports: EnginePorts, { spec, store, found, row, signal }: CandidatesRequest): Promise<readonly Note[]> {
  const { compareDeletes: comparison } = spec;
  const head = await retry(() => store.head());
  if (comparison === undefined || head === null) return [];
  const openSource = () => ports.home(spec, found.description.pinned ?? null, 'anew');
  const columns = { key: keyColumns(spec, found), mark: markColumn(spec, found) };
  const corrected = await correctedKeys({ spec, plan: { ...found, names: found.names ?? null }, signal }, { store, head });
  const request = { ports, spec, comparison, store, head, openSource, ...columns, corrected, signal };
  const state = { deletedMark: deletedMark(spec, { names: found.names ?? null }, head), rowsBefore: rowsAtLastComparison(row) };
  const { compared, rows } = await compareKeys({ ...request, ...state }, { looksAgain: false });
  const { source, settled, gone, older } = compared;
  const parts = comparesByRewriting(store) && gone > 0 ? await partsOfKeys({ ...request, ...state }, rows) : null;
  const rewrites = parts && { files: parts.length, bytes: parts.reduce((sum, { slice }) => sum + (slice.bytes ?? 0), 0) };
  return [
    { code: 'keys_would_go', source, settled, gone, ...filled({ rewrites }) },
    ...(older === 0 ? [] : [{ code: 'keys_older' as const, rows: older }]),
  ];
}
