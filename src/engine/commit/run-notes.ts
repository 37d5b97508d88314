/** The notes for people that a run makes when it ends. */
import { compareWatermarks } from '../../frames/watermark-text.ts';
import { isLasting, type Note, type Noted, type RangeToReadLater } from '../../ports/notes.ts';
import { filled } from '../../ports/values.ts';
import type { Live, Plan } from '../contracts/records.ts';
import { hullOf } from '../contracts/replacing.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import { isData, type Part, rowsOf, type Store } from '../contracts/store.ts';
import { inWords } from '../plan/full-every.ts';
import { type Shrinkage, shrinkageOf, shrunkNotes } from '../plan/replacement.ts';
import { lackingNotes } from '../validation/lacking-files.ts';
import type { Verdict } from '../validation/verdict.ts';
import type { GatheredReceipts } from './gather.ts';
import { olderNotes, whyNoWorkIsDone } from './gathered-work.ts';

/** The notes about rows without a watermark, which each run replaces. A row that has got a lower watermark is removed and never read again. Rows at the watermark are removed together with rows without one. */
export function sunkNotes(
  { flow, entity }: EntitySpec,
  { column, window }: Plan,
  { boundaryRowsRemovedAtLeast, rowsLeftOfEarlierGroups, noRowAtWatermark }: GatheredReceipts,
  { holds }: Pick<Store, 'holds'>,
): readonly Note[] {
  if (!column || !window.lower) return [];
  // In a store of files, an earlier group’s files are listed by name, so no later group replaces them.
  const rows = boundaryRowsRemovedAtLeast + (holds === 'files' ? 0 : rowsLeftOfEarlierGroups);
  if (rows === 0) return noRowAtWatermark ? [{ code: 'mark_is_bare', column: column.column, at: window.lower.text }] : [];
  return [{ code: 'sunk', flow, entity, rows, column: column.column, from: window.lower.text }];
}

/** A note about changes of rows that never settled. Such a change shows only some of the columns, so the others would settle as nulls. */
export function notThereNotes({ flow, entity }: EntitySpec, rows: number): readonly Note[] {
  return rows === 0 ? [] : [{ code: 'parts_of_unknown_rows', flow, entity, rows }];
}

function vanishedNotes({ boundaryRowsOnlyInStore }: GatheredReceipts): readonly Note[] {
  return boundaryRowsOnlyInStore === 0 ? [] : [{ code: 'vanished', rows: boundaryRowsOnlyInStore }];
}

/** Whether a full load replaces settled rows without settling any row. */
export function emptiesIt(plan: Plan, { parts }: GatheredReceipts): boolean {
  return plan.mode === 'full' && plan.replaces !== null && rowsOf(parts, isData) === 0;
}

function shrinkage(plan: Plan, { parts }: GatheredReceipts): Shrinkage | undefined {
  return shrinkageOf(plan, rowsOf(parts, isData));
}

/** The shrinking that `on_shrink: stop` forbids. Undefined: the entity does not shrink too far, or `on_empty: keep` leaves the rows. */
export function forbiddenShrinkage(spec: EntitySpec, plan: Plan, gathered: GatheredReceipts): Shrinkage | undefined {
  if (spec.onShrink !== 'stop' || (spec.onEmpty === 'keep' && emptiesIt(plan, gathered))) return undefined;
  return shrinkage(plan, gathered);
}

function emptiedNotes(plan: Plan, gathered: GatheredReceipts): readonly Note[] {
  return emptiesIt(plan, gathered) ? [{ code: 'emptied', rows: plan.replaces?.rows ?? null, ...unsettledIn(gathered) }] : [];
}

/** The number of source rows that can’t settle. If a source has such rows, it is not empty. */
export function unsettledIn({ parts, rejected }: GatheredReceipts): { readonly unsettled?: number } {
  const unsettled = rejected + parts.reduce((sum, part) => sum + (part.role === 'broken' ? part.rows : 0), 0);
  return filled({ unsettled });
}

/** Whether `on_empty: keep` leaves the settled rows, since all rows of a full load break a rule or can’t be read. Such a load commits nothing, so no row goes to quarantine either. */
export function keepsRowsBefore(spec: EntitySpec, plan: Plan, gathered: GatheredReceipts): boolean {
  return spec.onEmpty === 'keep' && emptiesIt(plan, gathered) && unsettledIn(gathered).unsettled !== undefined;
}

/** What a run that commits nothing reports about the rows that it does not settle. */
export function unsettledNotes(spec: EntitySpec, plan: Plan, gathered: GatheredReceipts): readonly Note[] {
  return keepsRowsBefore(spec, plan, gathered) ? rejectedNotes(spec, plan, { ...gathered, quarantined: 0 }) : [];
}

function rejectedNotes(spec: EntitySpec, plan: Plan, gathered: GatheredReceipts): readonly Note[] {
  const { rejected, quarantined } = gathered;
  const first = gathered.firstRejected[0] ?? null;
  return rejected === 0 ? [] : [{ code: 'bad_rows', rows: rejected, kept: quarantined > 0, first, ...later(spec, plan, gathered) }];
}

/**
 * The range that a backfill would have to read again, since other runs never return below the watermark. A source of files needs no backfill, because
 * each run reads its files again. If the time of rows is not known (a file is always read completely), the range has no lower end.
 */
function later(
  { flow, entity }: EntitySpec,
  { column, window: { lower, upper: read }, seen }: Plan,
  { rejectedWithoutWatermark: undated, isBelowRowsApart, watermark }: GatheredReceipts,
): { readonly later?: RangeToReadLater } {
  // The range ends at the watermark, because each run reads the rows above it again.
  const upper = isBelowRowsApart ? watermark : read;
  if (!column || !upper || seen || lower?.text === upper.text) return {};
  return { later: { flow, entity, column: column.column, from: undated > 0 ? null : (lower?.text ?? null), to: upper.text } };
}

export function missedNotes({ missed }: GatheredReceipts): readonly Note[] {
  const [first, ...others] = missed.filter(({ warns }) => warns);
  return first === undefined ? [] : [{ code: 'parents_missed', parents: others.length + 1, first: first.id, why: first.why }];
}

/** The notes of a run that found only the rows set apart above the watermark, which each run reads again. They say how to end that. */
function noneSettledNotes({ flow, entity }: EntitySpec, plan: Plan, gathered: GatheredReceipts): readonly Note[] {
  const { parts, isBelowRowsApart, freshRows } = gathered;
  if (!isBelowRowsApart || freshRows === 0) return [];
  const { lower } = plan;
  // Rows up to the previous run’s watermark are left out: they had already settled, and are only read again.
  const isAbove = (text: string) => lower === null || compareWatermarks({ type: lower.type, text }, lower) > 0;
  const isNew = (part: Part) => isData(part) && part.rows > 0 && part.max !== undefined && isAbove(part.max);
  if (parts.some(isNew)) return [];
  const rows = rowsOf(parts, ({ role }) => role === 'broken' || role === 'quarantine');
  return rows === 0 ? [] : [{ code: 'none_settled', flow, entity, rows, at: plan.lower?.text ?? null }];
}

function asNullNotes({ asNull }: GatheredReceipts): readonly Note[] {
  return Object.keys(asNull).length === 0 ? [] : [{ code: 'read_as_null', columns: asNull }];
}

/** Notes on how the rows were read, which are not warnings. */
export function readNotes({ asked, corrected }: GatheredReceipts): readonly Note[] {
  return [
    ...(asked === null ? [] : [{ code: 'asked' as const, ...asked }]),
    ...(corrected === 0 ? [] : [{ code: 'corrected' as const, rows: corrected }]),
  ];
}

/** The notes about corrected rows. Only corrected rows in the run’s range are read, so rows below the watermark never are. */
export function leftQuarantineNotes(
  { flow, entity }: EntitySpec,
  { column, window, live }: Plan,
  { rejected, quarantined }: GatheredReceipts,
  left: number,
): readonly Note[] {
  const rows = left - (rejected - quarantined);
  const { lower, upper } = window;
  if (rows <= 0 || !column || !lower) return [];
  const to = live === null ? null : (upper?.text ?? null);
  return [{ code: 'left_quarantine', flow, entity, rows, column: column.column, from: lower.text, to }];
}

/** The notes about rows that have waited their days in quarantine. A commit removes them, so a run without a commit reports that they still wait. */
export function notYetExpiredNotes({ flow, entity }: EntitySpec, { expired }: Plan): readonly Note[] {
  return expired === undefined ? [] : [{ code: 'quarantine_expires', flow, entity, rows: expired.rows, at: expired.at }];
}

/** The note about rows that this run removes from quarantine. Each run of the days before has announced the removal. */
export function expiredNotes({ validation }: EntitySpec, rows: number): readonly Note[] {
  const keepMs = validation?.keepQuarantinedMs ?? null;
  return rows === 0 || keepMs === null ? [] : [{ code: 'quarantine_expired', rows, after: inWords(keepMs) }];
}

export function driftNotes({ drift }: Plan) {
  return drift.filter(({ severity }) => severity === 'warn').map((one) => ({ code: 'drift' as const, drift: one }));
}

/** The notes for a person about a run that settles. */
export function notes(
  spec: EntitySpec,
  plan: Plan,
  gathered: GatheredReceipts,
  { verdict, unread }: { readonly verdict: Verdict; readonly unread: readonly Note[] },
): readonly Noted[] {
  return [
    ...gathered.notYetDueNotes,
    ...missedNotes(gathered),
    ...plan.warnings.filter(isLasting),
    ...emptiedNotes(plan, gathered),
    ...shrunkNotes(spec, shrinkage(plan, gathered)),
    ...vanishedNotes(gathered),
    ...rejectedNotes(spec, plan, gathered),
    ...asNullNotes(gathered),
    ...lackingNotes(spec, gathered.lacking),
    ...verdict.notes,
    ...noneSettledNotes(spec, plan, gathered),
    ...unread,
    ...driftNotes(plan),
    ...olderNotes(gathered.work),
  ];
}

export function whyNothingIsDone(spec: EntitySpec, plan: Plan, gathered: GatheredReceipts): Note | null {
  if (gathered.work.kind !== 'source') return gathered.nothingToCommit ? whyNoWorkIsDone(plan, gathered) : null;
  if (gathered.nothingToCommit)
    return (
      vanishedNotes(gathered)[0] ?? (plan.live ? nothingIn(plan, plan.live) : { code: plan.emptied ? 'nothing_there' : 'nothing_new' })
    );
  if (plan.emptyAlready && gathered.rowsRead === 0) return { code: 'nothing_to_load' };
  const empty = gathered.parts.filter(isData).every((part) => part.rows === 0);
  if (plan.mode !== 'full' || !empty || spec.onEmpty !== 'keep' || !['all', 'unmatched'].includes(plan.supersede.what)) return null;
  // If no settled rows are left to keep, the rows of the source may be in quarantine.
  const unsettled = unsettledIn(gathered);
  if (unsettled.unsettled === undefined || plan.replaces !== null) return { code: 'kept_though_empty', ...unsettled };
  return null;
}

/** The note of a backfill that read nothing. Its range ends below the watermark, but rows at the watermark may have settled and be gone from the source. */
function nothingIn({ supersede }: Plan, { watermark }: Live): Note {
  if (supersede.what !== 'range') return { code: 'above_watermark' };
  const { to } = hullOf(supersede.ranges);
  const endsAtMark = watermark !== null && to?.text === watermark.text && !to.inclusive;
  return { code: 'nothing_in_range', ...(endsAtMark && { below: watermark.text }) };
}
