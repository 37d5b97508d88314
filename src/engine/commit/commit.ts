/** The step `commitEntity`: writes the intent, and then rolls it forward. protocol.md 2.5 (7–10). Once the intent is written, any later run can finish the commit. */
import type { ExpectedColumn } from '../../checks/destination.ts';
import { HyggeError } from '../../errors/hygge-error.ts';
import { decided, isUndecided, type Schema } from '../../frames/schema.ts';
import type { Watermark } from '../../frames/watermark.ts';
import { isLasting, isOldFiles, type Noted } from '../../ports/notes.ts';
import { OutcomeUnknown, retry } from '../../ports/retry.ts';
import { compactionName, type JournalRow, type StateRow, type Status } from '../../ports/state.ts';
import { defined, filled, type Json } from '../../ports/values.ts';
import { parentsNotRead } from '../contracts/errors.ts';
import type { Step } from '../contracts/frame.ts';
import type { SettledParent } from '../contracts/home.ts';
import type { Intent } from '../contracts/intent.ts';
import { type EnginePorts, eventBase } from '../contracts/ports.ts';
import { intentRef, type Live, type Plan, planRef, type RunIds, seenRef } from '../contracts/records.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import { bringsValues, type EntityRun, isData, type Part, rowsOf, type Store } from '../contracts/store.ts';
import type { Writing } from '../contracts/writing.ts';
import { nothingToCreate } from '../errors/capabilities.ts';
import { givenUpErrorIn } from '../errors/refused.ts';
import { claimedByLaterRun, isFenced, loadShrinks, partsLost, sourceIsEmpty } from '../errors/run.ts';
import { leavesOutMoreThanPlanned, removesMoreThanPlanned } from '../errors/verify.ts';
import { keyNotSettled, keysMissing } from '../errors/writing.ts';
import { comparedAt, comparisonName } from '../keys/comparison.ts';
import { entityRunOf } from '../move/frame-stream.ts';
import { readPlan } from '../move/move.ts';
import { isRepairLane, passedAt, passedFilesName, replacesOpenGroup } from '../plan/lane.ts';
import { keysAreNeeded } from '../plan/modes.ts';
import { parentsBefore } from '../plan/windows.ts';
import { keepLease, renewLease, sweepObjects, sweepStore } from '../protocol/claim.ts';
import { finishCommit, type PendingCommit, readIntent } from '../protocol/finish.ts';
import { beganAt } from '../protocol/periodic.ts';
import type { Lane } from '../protocol/protocol.ts';
import { cachedRow, moveRow, type ReadRow, readRow } from '../protocol/row.ts';
import { isReportedEachRun } from '../schema/drift-report.ts';
import { alteredTableNotes } from '../schema/fit.ts';
import { snapshotOf } from '../schema/snapshot.ts';
import { unlessSilent } from '../silence/silent-run.ts';
import { setsAnyApart } from '../validation/rows-apart.ts';
import { type Verdict, verdictOf } from '../validation/verdict.ts';
import { everySliceIsThere, type GatheredReceipts, gatherReceipts, nullsOf, readReceipts } from './gather.ts';
import { notesOnWork, olderNotes } from './gathered-work.ts';
import { journalRow } from './journal-row.ts';
import { mustKeepLastGood } from './last-good.ts';
import { withRepeatsApart } from './repeats-apart.ts';
import {
  driftNotes,
  emptiesIt,
  expiredNotes,
  forbiddenShrinkage,
  keepsRowsBefore,
  leftQuarantineNotes,
  missedNotes,
  notes,
  notThereNotes,
  notYetExpiredNotes,
  readNotes,
  sunkNotes,
  unsettledIn,
  unsettledNotes,
  whyNothingIsDone,
} from './run-notes.ts';
import { type KeysCompared, repeatedKeysOf } from './uniqueness.ts';

export interface CommitRequest extends RunIds {
  readonly plan: string;
  /** References of receipts, or of lists of receipts. */
  readonly receipts: readonly string[];
  readonly workspace: string;
}

/** How the entity run ended. */
export interface EntityRunEnd {
  readonly status: Status;
  readonly rows: number;
  readonly rowsRead: number;
  /** The number of rows that this run put in quarantine. */
  readonly quarantined?: number;
  readonly rowsSettled?: number;
  readonly bytes: number;
  readonly parts: number;
  readonly watermark: string | null;
  readonly where: string;
  readonly notes: readonly Noted[];
  /** The message of an error, or of a run that an older hygge recorded with a text instead of codes. */
  readonly message: string | null;
}

/** Where a commit continues. `keys`: keys are still compared. `turn`: the commit waits until it may be decided. `commit`: it is decided, and waits until it is published. */
type CommitCursor = { readonly keys?: KeysCompared; readonly turn?: Json; readonly commit?: Json };

export async function commitEntity(request: CommitRequest, ports: EnginePorts, cursor?: Json): Promise<Step<EntityRunEnd>> {
  const spec = ports.entity(request.flow, request.entity);
  try {
    return await decideAndCommit(request, ports, spec, cursor);
  } catch (error) {
    // If the step was delivered again after later runs, the journal says how this run ended.
    const row = isFenced(error) ? await findJournalRow(request, ports, spec) : undefined;
    if (!row) throw error;
    return { done: await answer(row, ports, spec) };
  }
}

async function decideAndCommit(request: CommitRequest, ports: EnginePorts, spec: EntitySpec, cursor?: Json): Promise<Step<EntityRunEnd>> {
  // The row may be out of date if this run owned it at the last read. The decision is still safe, because it is conditional on the row’s etag.
  const known = ports.state.known?.(spec);
  const seen = known?.row.owner?.run === request.entityRunId ? known : await readRow(ports, spec);
  const { keys: compared = [], turn, commit: publishing } = (cursor ?? {}) as unknown as CommitCursor;
  const decided = await alreadyDecided(request, ports, spec, { row: seen.row, cursor: publishing });
  if (decided) return decided;

  const plan = await readPlan(ports, spec, request.plan);
  await renewLease(ports, spec, { run: plan.run, epoch: plan.epoch }, { seen });
  const store = await ports.store(spec);
  const receipts = await readReceipts(ports, spec, request.receipts);
  if (!everySliceIsThere(plan, receipts))
    throw new Error(`commitEntity of ${request.entityRunId} was given receipts that do not cover its plan`);
  const read = gatherReceipts(spec, plan, receipts);
  await mustKeepParents(ports, spec, { row: seen.row, plan, missed: read.missed });
  const separated = await withRepeatsApart({ ports, spec, plan, store, gathered: read });
  if (separated === 'parts lost') return whatSettledMeanwhile(request, ports, spec, { store, cursor: publishing });
  const { gathered, apart, unique } = separated;
  if (emptiesIt(plan, gathered) && spec.onEmpty === 'fail')
    throw sourceIsEmpty(spec, store.where, { rows: plan.replaces?.rows ?? null, ...gathered, ...unsettledIn(gathered) });
  const shrinkage = forbiddenShrinkage(spec, plan, gathered);
  if (shrinkage !== undefined) throw loadShrinks(spec, store.where, shrinkage);
  const keys = await repeatedKeysOf({ runId: request.runId, ports, spec, plan, store, gathered, unique, so: compared });
  if ('again' in keys) return { again: { keys: keys.again } as unknown as Json };
  const keeps = !keepsRowsBefore(spec, plan, gathered);
  const verdict = await verdictOf(request, ports, { spec, plan, keeps }, { ...gathered, repeated: keys.done, apart });
  const ended = journalRowIfNothing(request, ports, { spec, plan, gathered, verdict });
  if (ended !== null) return { done: await endWithoutCommit(request, ports, { spec, seen, store, plan, gathered, ended }) };

  const ready = await store.replica?.awaitTurn(gathered.supersede, turn);
  if (ready && 'again' in ready) {
    await renewLease(ports, spec, { run: plan.run, epoch: plan.epoch }, { idleUntil: ready.notBefore });
    return { ...ready, again: { keys: keys.so, turn: ready.again } as unknown as Json };
  }
  const { intent, puts } = await prepareIntent(request, ports, { spec, store, plan, gathered, verdict, row: seen.row });
  const put = () => retry(() => ports.state.putObject(spec, intentRef(plan, intent.id), intent as unknown as Json));
  const putting = [...puts, put].map((one) => one());
  await Promise.allSettled(putting);
  await Promise.all(putting);
  const pending = { id: intent.id, epoch: plan.epoch, ref: intentRef(plan, intent.id) };
  const intend = { event: 'intend', run: plan.run, epoch: plan.epoch, prev: plan.prev, intent: pending } as const;
  const moved = await moveRow(ports, spec, intend, { seen });
  if (moved.outcome === 'refused')
    return (await alreadyDecided(request, ports, spec, { row: moved.row, cursor: publishing })) ?? fail(claimedByLaterRun(spec));
  return conclude(request, ports, spec, { intent });
}

/** A full load replaces all rows. So it stops if a parent can’t be read now whose rows settled before: those rows must not be removed. */
async function mustKeepParents(
  ports: EnginePorts,
  spec: EntitySpec,
  { row, plan, missed }: Pick<GatheredReceipts, 'missed'> & { readonly row: StateRow | undefined; readonly plan: Plan },
): Promise<void> {
  const refused = missed.filter(({ warns, isGone }) => warns && !isGone);
  if (plan.mode !== 'full' || refused.length === 0) return;
  const before = new Set((await parentsBefore(ports, spec, row)).map(({ id }) => id));
  const held = refused.filter(({ id }) => before.has(id));
  if (held.length > 0) throw parentsNotRead(held, { spec, because: 'full' });
}

/** If the step is delivered again after its commit was decided: finds the decision, finishes the commit, and returns its result. */
async function alreadyDecided(
  request: CommitRequest,
  ports: EnginePorts,
  spec: EntitySpec,
  { row, cursor }: { readonly row: StateRow | undefined; readonly cursor: Json | undefined },
): Promise<Step<EntityRunEnd> | undefined> {
  if (row?.last?.run === request.entityRunId) return { done: await recorded(request, ports, spec) };
  if (row?.pending) {
    const intent = await readIntent(ports, spec, row.pending);
    const { refused } = row.pending;
    if (typeof intent === 'object' && intent.entityRunId === request.entityRunId)
      return conclude(request, ports, spec, { intent, refused, cursor });
  }
  return undefined;
}

/** Called when staged rows are gone: another delivery of the step has settled them, or a later run took over. */
async function whatSettledMeanwhile(
  request: CommitRequest,
  ports: EnginePorts,
  spec: EntitySpec,
  { store, cursor }: { readonly store: Store; readonly cursor: Json | undefined },
): Promise<Step<EntityRunEnd>> {
  const { row } = await readRow(ports, spec);
  const decided = await alreadyDecided(request, ports, spec, { row, cursor });
  if (decided) return decided;
  throw row?.owner?.run === request.entityRunId ? partsLost(spec, store.where) : claimedByLaterRun(spec);
}

async function conclude(request: CommitRequest, ports: EnginePorts, spec: EntitySpec, decided: PendingCommit): Promise<Step<EntityRunEnd>> {
  const { intent } = decided;
  const step = await finishCommit(ports, spec, decided);
  if ('again' in step) {
    await keepLease(ports, spec, { run: intent.entityRunId, epoch: intent.epoch }, step.notBefore);
    return { ...step, again: { commit: step.again } };
  }
  if (typeof step.done === 'object' && step.done.outcome !== 'settled') {
    if (step.done.outcome === 'given up') await tidy(ports, spec, intent.epoch + 1);
    throw step.done.error;
  }
  const store = await ports.storeAt(spec, intent.place);
  if (step.done === 'parts lost') throw partsLost(spec, store.where);
  // Either the intent is void, or another finisher finished it and later commits followed. The journal says which.
  if (step.done === 'void') return { done: await recorded(request, ports, spec) };
  await afterTheEnd(request, ports, () => tidy(ports, spec, intent.epoch + 1));
  return { done: entityRunEndFrom(step.done.journal, store.where) };
}

/** Removes what is left over. The run has already ended well, so a failure is only a warning, and the next claim removes the rest. */
async function afterTheEnd(request: CommitRequest, ports: EnginePorts, tidying: () => Promise<void>): Promise<void> {
  try {
    await tidying();
  } catch (error) {
    if (!(error instanceof HyggeError || error instanceof OutcomeUnknown)) throw error;
    const [code, what] = error instanceof HyggeError ? [error.code, error.what] : [undefined, error.message];
    const message = ports.words.note({ code: 'left_behind', what });
    ports.emit({ ...eventBase(request, ports), event: 'warning', message, ...defined({ code }) });
  }
}

/** Removes the objects of this epoch, which are no longer needed. If the process crashes, the next claim removes them. */
async function tidy(ports: EnginePorts, spec: EntitySpec, before: number): Promise<void> {
  const { row } = await cachedRow(ports, spec);
  if (row && !row.pending) await sweepObjects(ports, spec, row, Math.min(before, row.epoch + 1));
}

/** Throws if a row to be merged has a null in its key. A null equals no other value, so every run that reads the row would insert it again. */
function mustHaveKeys(
  spec: EntitySpec,
  { writing, schema, parts }: { readonly writing: Writing; readonly schema: Schema; readonly parts: readonly Part[] },
): void {
  const keyed = parts.filter((part) => bringsValues(part) || part.role === 'deleted');
  for (const column of writing.key) {
    const at = schema.columns.findIndex(({ name }) => name === column);
    if (at < 0) throw keyNotSettled(spec, column);
    const nulls = keyed.reduce((sum, part) => sum + (part.nulls[at] ?? 0), 0);
    if (nulls > 0) throw keysMissing(spec, column, nulls);
  }
}

/** The parents, each with the position up to which its rows settled. A later run reads missed parents from their positions. Null: the home has no parents. */
function settledParents({ parents }: Plan, { missed }: GatheredReceipts): readonly SettledParent[] | null {
  if (parents === undefined) return null;
  const from = new Map(missed.map((one) => [one.id, one.from]));
  return parents.settled.flatMap((one): readonly SettledParent[] => {
    const edge = from.get(one.id);
    return edge === undefined ? [one] : edge === null ? [] : [{ id: one.id, from: edge }];
  });
}

/** The journal row of a run that has nothing to commit. Null: the run has something to commit. */
export function journalRowIfNothing(
  request: RunIds & Pick<CommitRequest, 'workspace'>,
  ports: EnginePorts,
  {
    spec,
    plan,
    gathered,
    verdict,
  }: { readonly spec: EntitySpec; readonly plan: Plan; readonly gathered: GatheredReceipts; readonly verdict: Verdict },
): JournalRow | null {
  const why = emptiesIt(plan, gathered) && spec.onEmpty === 'fail' ? null : whyNothingIsDone(spec, plan, gathered);
  if (why === null) return null;
  // Warnings whose cause lasts are reported by each run. Even a run with nothing to do reports such warnings, because such a run does not show that
  // all is well.
  const lasts = [
    ...gathered.notYetDueNotes,
    ...missedNotes(gathered),
    ...plan.warnings.filter(isLasting),
    ...notYetExpiredNotes(spec, plan),
    ...driftNotes(plan).filter(({ drift }) => isReportedEachRun(drift)),
    ...olderNotes(gathered.work),
    ...verdict.notes,
    ...unsettledNotes(spec, plan, gathered),
  ];
  const left = notesOnWork(gathered, { older: 0, lastGood: null }).slice(1);
  const told = {
    status: lasts.length === 0 ? ('skip' as const) : ('warn' as const),
    notes: [why, ...left, ...lasts, ...readNotes(gathered), ...plan.provisos.filter(isOldFiles)],
  };
  return journalRow(request, ports, {
    spec,
    plan,
    gathered,
    counts: verdict.counts,
    parts: [],
    keepsParts: false,
    rows: 0,
    settled: 0,
    replaced: 0,
    ...told,
  });
}

async function endWithoutCommit(
  request: CommitRequest,
  ports: EnginePorts,
  {
    spec,
    seen,
    store,
    plan,
    gathered,
    ended,
  }: { spec: EntitySpec; seen: ReadRow; store: Store; plan: Plan; gathered: GatheredReceipts; ended: JournalRow },
): Promise<EntityRunEnd> {
  const row = await unlessSilent(ended, ports, { spec, plan, state: seen.row });
  const isFollowUp = plan.lane === comparisonName || plan.lane === compactionName;
  const named = plan.passedMark === undefined ? {} : { lane: { name: passedFilesName, watermark: passedAt(plan.passedMark) } };
  const lane = plan.supersede.what === 'range' || isFollowUp ? { lane: { name: plan.lane, watermark: markOf(plan, gathered) } } : {};
  await releaseWithJournal(ports, spec, { run: plan.run, epoch: plan.epoch, journal: row, seen, ...lane, ...named });
  // If no row was read, no row was staged. So all objects of the run are named here, and the next claim removes what a crash left.
  const firstPlan = request.plan === planRef(plan.run, plan);
  await afterTheEnd(request, ports, async () => {
    if (plan.slices.length === 0 && firstPlan) await retry(() => ports.state.removeObjects(spec, [request.plan, ...request.receipts]));
    else await sweepAfterRun(ports, spec, { store, lineage: plan.lineage, epoch: plan.epoch });
  });
  return entityRunEndFrom(plan.live ? row : { ...row, watermark_to: plan.lower?.text ?? null }, store.where);
}

/** Up to which value a backfill is done after this run. For a comparison: its beginning and its findings. For a compaction: its beginning. Null: a live run. */
function markOf(plan: Plan, { work }: GatheredReceipts): Watermark | null {
  if (plan.lane === comparisonName) return comparedAt(plan.startedAt, work.kind === 'keys' ? work.compared.source : 0);
  if (plan.lane === compactionName) return beganAt(compactionName, plan.startedAt);
  return plan.live && !isRepairLane(plan.lane) ? plan.upper : null;
}

/** Removes the staged parts of an epoch after its release: since then the epoch can’t write an intent, so no run needs its parts. */
export async function sweepAfterRun(
  ports: EnginePorts,
  spec: EntitySpec,
  ended: { store: Store; lineage: string; epoch: number },
): Promise<void> {
  const before = ended.epoch + 1;
  await sweepStore(ports, ended.store, { lineage: ended.lineage, before });
  await tidy(ports, spec, before);
}

export async function releaseWithJournal(
  ports: EnginePorts,
  spec: EntitySpec,
  ended: { run: string; epoch: number; journal: JournalRow; seen?: ReadRow; lane?: Lane },
): Promise<void> {
  const { journal, lane, seen } = ended;
  const last = { run: ended.run, at: journal.finished_at, status: journal.status, rows: 0 };
  const event = { event: 'release' as const, run: ended.run, epoch: ended.epoch, last, ...defined({ lane }) };
  const moved = await moveRow(ports, spec, event, { journal, seen });
  if (moved.outcome === 'refused') throw claimedByLaterRun(spec);
}

/** The schema with the decided types. A lost state is restored from this schema, so the two have to agree. */
function decidedAs({ columns }: Schema, expects: readonly ExpectedColumn[]): Schema {
  const open = new Set(expects.filter(isUndecided).map(({ name }) => name));
  return { columns: columns.map((column) => (open.has(column.name) ? column : decided(column))) };
}

/** The columns that are expected from now on. A column stays undecided as long as only nulls settle in it. @param parts the new parts, since rewritten parts had settled before. */
function expectedOf({ columns }: Schema, expects: readonly ExpectedColumn[], parts: readonly Part[]): readonly ExpectedColumn[] {
  const hasValues = (name: string): boolean => {
    const at = columns.findIndex((column) => column.name === name);
    return parts.filter(bringsValues).some(({ rows, nulls }) => rows > (nulls[at] ?? 0));
  };
  return expects.map((column) => (hasValues(column.name) ? decided(column) : column));
}

/** Throws if more rows are left out than the repair planned: their settled rows would have no new version. The plan did not count rows that a check of uniqueness puts into quarantine. */
function mustNotLeaveOutMore(spec: EntitySpec, { mostLeftOut: planned }: Plan, { parts, rejected }: GatheredReceipts): void {
  if (setsAnyApart(spec)) return;
  const leftOut = rejected + rowsOf(parts, ({ role }) => role === 'broken');
  if (leftOut > planned) throw leavesOutMoreThanPlanned(spec, { leftOut, planned });
}

/** Prepares the intent, and writes the objects that the intent names, because they must exist before the decision. */
async function prepareIntent(
  request: CommitRequest,
  ports: EnginePorts,
  {
    spec,
    store,
    plan,
    gathered,
    verdict,
    row,
  }: { spec: EntitySpec; store: Store; plan: Plan; gathered: GatheredReceipts; verdict: Verdict; row: StateRow | undefined },
): Promise<{ readonly intent: Intent; readonly puts: readonly (() => Promise<unknown>)[] }> {
  const id = ports.random.id();
  const run = entityRunOf(spec, plan);
  const added = await atLeastOnePart(store, { plan, gathered, run });
  const parts = [...added, ...gathered.keptParts];
  const { reworked } = gathered;
  if (!gathered.schema) throw nothingToCreate(spec);
  const expects = expectedOf(gathered.schema, gathered.expects, added);
  const schema = decidedAs(gathered.schema, expects);
  const { supersede, writing, changes } = gathered;
  mustHaveKeys(spec, { writing, schema, parts: added });
  const { filesReadForRejected, groupAgain } = gathered;
  const { target, supersededRows, leftQuarantine, older, notThere, lastGood, expiredRows } = await store.prepare({
    run,
    prev: plan.prev,
    writing,
    supersede,
    parts,
    schema,
    changes,
    reworked,
    carried: gathered.keptParts,
    readAgain: filesReadForRejected,
    groupAgain,
    expired: plan.expired?.parts ?? [],
    keepsGroup: plan.live !== null && !replacesOpenGroup(plan),
    keepsKeys: keysAreNeeded(spec),
  });
  // The plan counted the source with the rows that do not settle because newer ones have settled. So they are counted here, too.
  const fewer = supersededRows - rowsOf(added, isData);
  if (fewer > plan.mostFewer) throw removesMoreThanPlanned(spec, { fewer, planned: plan.mostFewer });
  mustNotLeaveOutMore(spec, plan, gathered);
  const lastGoodGone = await mustKeepLastGood(spec, { plan, store, gathered, fewer });
  const unread = [
    ...sunkNotes(spec, plan, gathered, store),
    ...leftQuarantineNotes(spec, plan, gathered, leftQuarantine),
    ...notThereNotes(spec, notThere),
    ...lastGoodGone,
    ...expiredNotes(spec, expiredRows),
  ];
  // A source that shows its columns only while it is read gave the plan no schema, so the plan did not know these changes.
  const altered = alteredTableNotes(plan.schema === null ? gathered.changes : [], { where: store.where, isOurs: plan.prev !== null });
  const said = [...notes(spec, plan, gathered, { verdict, unread }), ...altered.warnings];
  const settledRows = rowsOf(added, bringsValues) - older - notThere;
  const snapshot =
    gathered.work.kind === 'source' || gathered.work.kind === 'keys'
      ? await snapshotOf(ports, spec, { schema, expects, plan, id, at: plan.startedAt, row })
      : { ref: row?.settled?.snapshot ?? null, put: null };
  const settledSeen = plan.seen ?? plan.listed ?? settledParents(plan, gathered);
  const seen = settledSeen ? seenRef(plan, id) : null;
  const puts = snapshot.put === null ? [] : [snapshot.put];
  if (seen) puts.push(() => retry(() => ports.state.putObject(spec, seen, settledSeen as unknown as Json)));
  const rows = plan.mode === 'full' ? settledRows : settledRows - supersededRows;
  const status: Status = plan.warnings.length > 0 || said.length > 0 ? 'warn' : 'pass';
  const settledRow = journalRow(request, ports, {
    spec,
    plan,
    gathered,
    counts: verdict.counts,
    parts,
    keepsParts: store.holds === 'files',
    rows,
    settled: settledRows,
    replaced: supersededRows,
    status,
    notes: [
      ...notesOnWork(gathered, { older, lastGood }),
      ...said,
      ...altered.notes,
      ...plan.provisos,
      ...verdict.asides,
      ...readNotes(gathered),
    ],
  });
  const intent: Intent = {
    version: 2,
    id,
    prev: plan.prev,
    lineage: plan.lineage,
    epoch: plan.epoch,
    flow: spec.flow,
    entity: spec.entity,
    entityRunId: plan.run,
    mode: plan.mode,
    writing,
    lane: plan.lane,
    laneMark: markOf(plan, gathered),
    place: store.place,
    target,
    parts,
    schema,
    changes: gathered.changes,
    settles: {
      snapshot: snapshot.ref,
      // A backfill leaves the watermark of live runs unchanged, because new rows above the watermark are still to be read.
      ...(liveAfter(plan, gathered) ?? {
        watermark: gathered.watermark,
        boundary: gathered.boundary,
        seen,
        sourceVersion: plan.sourceVersion,
      }),
      rows: settledRows,
      ...defined({ fullAt: plan.fullAt ?? undefined }),
    },
    binding: plan.binding,
    state: ports.state.location,
    journal: await unlessSilent(settledRow, ports, { spec, plan, state: row }),
  };
  return { intent, puts };
}

/**
 * The live facts after a run that is not live. Null: the run is live. Rows of the open group that left the quarantine are counted in the group. The
 * destination must have the counted number of rows when the group is read again.
 */
function liveAfter(plan: Plan, { parts, work, boundary, schema }: GatheredReceipts): Live | null {
  const { live } = plan;
  if (live !== null && replacesOpenGroup(plan)) return { ...live, boundary };
  const settled = work.kind !== 'quarantine' ? 0 : parts.reduce((sum, { role, rows }) => sum + (role === 'boundary' ? rows : 0), 0);
  if (live?.boundary == null || settled === 0) return live;
  const { apart = 0, nulls = 0, ...group } = live.boundary;
  const released = parts.filter(({ role }) => role === 'boundary');
  const counts = filled({ apart: Math.max(0, apart - settled), nulls: nulls + nullsOf(plan, schema, released) });
  return { ...live, boundary: { ...group, ...counts } };
}

/** Returns a part without rows if no other part stays. So an empty source, or a boundary group that was the only data and disappeared, leaves an empty destination with its schema. */
async function atLeastOnePart(
  store: Store,
  { plan, gathered, run }: { plan: Plan; gathered: GatheredReceipts; run: EntityRun },
): Promise<readonly Part[]> {
  const isEnough = (part: Part) => bringsValues(part) || (part.role === 'deleted' && store.holds === 'files');
  if ([...gathered.parts, ...gathered.keptParts].some(isEnough) || !gathered.schema || leavesSomething(plan, gathered))
    return gathered.parts;
  const watermark = plan.column && { ...plan.column, column: plan.watermarkAs ?? plan.column.column };
  const { schema, writing } = gathered;
  const request = { run, writing, slice: plan.slices.length, schema, watermark, emptyPart: true };
  return [...gathered.parts, ...(await store.stage(request, none(), new AbortController().signal))];
}

/** Whether any part with the entity’s rows stays. A part that was read and has rows outside the range only stays, unless one of its columns gets another type. */
function leavesSomething({ rework }: Plan, { reworked, work }: GatheredReceipts): boolean {
  if (work.kind === 'quarantine') return true;
  if (work.kind === 'keys' && reworked.length > 0) return work.compared.gone < work.compared.settled;
  return rework !== null && (rework.leaves || reworked.some(({ slice, dropped, anew }) => !slice.apart && dropped === 0 && !anew));
}

async function* none(): AsyncGenerator<never> {}

export function entityRunEndFrom(row: JournalRow, where: string): EntityRunEnd {
  return {
    status: row.status,
    rows: row.rows,
    rowsRead: row.rows_read,
    quarantined: row.quarantined ?? 0,
    rowsSettled: row.rows_settled ?? 0,
    bytes: row.bytes,
    parts: row.parts,
    watermark: row.watermark_to,
    where,
    message: row.message,
    notes: row.notes ?? [],
  };
}

async function recorded(request: CommitRequest, ports: EnginePorts, spec: EntitySpec): Promise<EntityRunEnd> {
  const row = await findJournalRow(request, ports, spec);
  if (!row) throw claimedByLaterRun(spec);
  return answer(row, ports, spec);
}

/** How the run ended, by its journal row. Throws the error with which the run ended if its commit was given up. */
async function answer(row: JournalRow, ports: EnginePorts, spec: EntitySpec): Promise<EntityRunEnd> {
  const error = givenUpErrorIn(row);
  if (error) throw error;
  return entityRunEndFrom(row, (await ports.store(spec)).where);
}

export async function findJournalRow(
  { runId, entityRunId }: RunIds,
  ports: EnginePorts,
  { flow, entity }: EntitySpec,
): Promise<JournalRow | undefined> {
  const rows = await retry(() => ports.state.journal({ run: runId, flow, entity }));
  return rows.find((row) => row.entity_run_id === entityRunId);
}

function fail(error: HyggeError): never {
  throw error;
}
