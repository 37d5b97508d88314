/** Makes the content of a commit from recorded receipts. */

import type { ExpectedColumn } from '../../checks/destination.ts';
import { schemaChanges } from '../../frames/compare.ts';
import { addMeasures, type Measures, noMeasures } from '../../frames/rules/measures.ts';
import { addSamples, type Samples } from '../../frames/rules/sample.ts';
import type { Schema } from '../../frames/schema.ts';
import { floored } from '../../frames/times/floor.ts';
import { isWordAbove, unorderedAs } from '../../frames/times/text-order.ts';
import { type AsNull, addAsNull } from '../../frames/values/rejected-rows.ts';
import {
  addFingerprints,
  type BoundaryGroup,
  emptyFingerprint,
  type Fingerprint,
  rowsThere,
  sameFingerprint,
  type Watermark,
} from '../../frames/watermark.ts';
import { compareWatermarks, parseWatermark } from '../../frames/watermark-text.ts';
import type { Noted } from '../../ports/notes.ts';
import { retry } from '../../ports/retry.ts';
import type { ObjectRef } from '../../ports/state.ts';
import { defined, filled, type Json } from '../../ports/values.ts';
import type { Boundary } from '../contracts/boundary.ts';
import type { PlannedChange } from '../contracts/catalog.ts';
import { parentsNotRead } from '../contracts/errors.ts';
import { type AskedOfSource, askedTogether, type Edge, type MissedParents, sourcesOf } from '../contracts/home.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import {
  claimOfRef,
  type KeyRun,
  type Plan,
  type ReceiptList,
  type RunIds,
  readsSource,
  receiptListRef,
  windowOfSlice,
} from '../contracts/records.ts';
import type { ReworkResult } from '../contracts/replacing.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import { isData, type Part, rowsOf, type Supersede } from '../contracts/store.ts';
import type { Writing } from '../contracts/writing.ts';
import { partsDontAddUp, rowsOutside } from '../errors/backfill.ts';
import { notAscending } from '../errors/observed.ts';
import { claimedByLaterRun, rowsDiffer, slicesDisagree } from '../errors/run.ts';
import { newestInTheFuture, randomAsWatermark, textWatermarkIsWord } from '../errors/watermark.ts';
import { showsTypeOnlyWhenRead } from '../plan/windows.ts';
import { type FoundInSource, foundOf, type GatheredWork, isOfSource, type Receipt, receiptIn, rewrittenIn } from '../records/receipts.ts';
import { expectedColumn } from '../schema/evolved-schema.ts';
import { sumOf, workIn } from './gathered-work.ts';

/** The step `recordSlices`: stores the receipts of one wave of slices under one reference. */
export async function recordSlices(
  request: RunIds & { readonly plan: ObjectRef; readonly refs: readonly ObjectRef[] },
  ports: EnginePorts,
): Promise<{ list: ObjectRef }> {
  const spec = ports.entity(request.flow, request.entity);
  const list: ReceiptList = { version: 1, kind: 'receipts', refs: request.refs };
  const claim = claimOfRef(request.plan);
  if (!claim) throw new Error(`${request.plan} is not a plan`);
  const ref = receiptListRef(claim, ports.random.nonce());
  await retry(() => ports.state.putObject(spec, ref, list as unknown as Json));
  return { list: ref };
}

export async function readReceipts(ports: EnginePorts, spec: EntitySpec, refs: readonly ObjectRef[]): Promise<Receipt[]> {
  const receipts: Receipt[] = [];
  for (const ref of refs) {
    const found = await retry(() => ports.state.getObject(spec, ref));
    if (!found) throw claimedByLaterRun(spec);
    const { kind, refs: listed } = found as unknown as ReceiptList;
    if (kind === 'receipts') receipts.push(...(await readReceipts(ports, spec, listed)));
    else receipts.push(receiptIn(found));
  }
  return receipts;
}

const fewRejected = 3;

export interface GatheredReceipts {
  /** The parts with the new rows. */
  readonly parts: readonly Part[];
  /** The rewritten parts, with rows that had settled before and stay. */
  readonly keptParts: readonly Part[];
  /** The hashes of the new rows’ keys. Each run of hashes names the slice that left it. */
  readonly keyRuns: readonly (KeyRun & { readonly slice: number })[];
  readonly reworked: readonly ReworkResult[];
  readonly rowsRead: number;
  /** Measures of all rows that settle, either as data or separately. */
  readonly measures: Measures;
  readonly samples: Samples;
  /** How many rows of the source are outside of the boundary group, including rows that can’t be read. */
  readonly freshRows: number;
  /** The number of rows left out because they can’t be read. */
  readonly rejected: number;
  readonly quarantined: number;
  /** How many of the rows that can’t be read have an unknown time. */
  readonly rejectedWithoutWatermark: number;
  /** The number of rows of the source that had a standing correction. */
  readonly corrected: number;
  /** The first rows that can’t be read, in the order of the source. */
  readonly firstRejected: readonly string[];
  /** The values of settling rows that were read as null, but are not null in the source. */
  readonly asNull: AsNull;
  /** The columns of the contract that some file lacks. Each column has the name of the first such file. */
  readonly lacking: Readonly<Record<string, string>>;
  /** The parents whose rows could not be read. Each parent is listed once. */
  readonly missed: readonly MissedParent[];
  /** What is known about the requests to the source. Null: the home does not count them. */
  readonly asked: AskedOfSource | null;
  /** The source files that were read completely to find all rows that can’t be read. */
  readonly filesReadForRejected: readonly string[];
  readonly attempts: number;
  readonly schema: Schema | null;
  readonly expects: readonly ExpectedColumn[];
  /** What the commit does to the destination's columns. */
  readonly changes: readonly PlannedChange[];
  /** Notes about rows that wait until their time comes. Either the source reported such rows, or they were found while it was read. */
  readonly notYetDueNotes: readonly Noted[];
  readonly watermark: Watermark | null;
  /** Whether rows with a larger value than the watermark are set apart, so that each run reads them again. */
  readonly isBelowRowsApart: boolean;
  readonly boundary: BoundaryGroup | null;
  readonly supersede: Supersede;
  /** The open group, if a merge reads its rows again. */
  readonly groupAgain: Boundary | null;
  readonly writing: Writing;
  /** The number of rows of the settled boundary group, if these rows stay although the source has lost all of them. They stay if there are fewer newer rows than rows of the group, because then not every row of the group can have got an update. */
  readonly boundaryRowsOnlyInStore: number;
  /** At least how many rows of the settled boundary group are gone from the source at the watermark or above. Some of the rows without a watermark may have got a lower one. */
  readonly boundaryRowsRemovedAtLeast: number;
  /** The number of rows without a watermark that settled with earlier groups and that the source has lost. A table loses these rows together with the group. */
  readonly rowsLeftOfEarlierGroups: number;
  /** Whether the source has no row at the watermark any more, and the rows that settled there were removed together with rows without a watermark. */
  readonly noRowAtWatermark: boolean;
  readonly work: GatheredWork;
  /** Whether there is nothing to commit, because an incremental run found no new rows and an unchanged boundary group. */
  readonly nothingToCommit: boolean;
}

/**
 * Makes the content of a commit. An unchanged boundary group stays, and the copies that were read again are debris (H18). A changed group is replaced
 * by its copies. Rows with a null watermark (`nulls: include`) belong to the group, so they move to the group of each new upper bound.
 */
export function gatherReceipts(spec: EntitySpec, plan: Plan, receipts: readonly Receipt[]): GatheredReceipts {
  const schema = commonSchema(spec, plan, receipts);
  const read = inSource(receipts);
  const missed = missedIn(read);
  mustHaveParents(spec, plan, missed);
  const isGroup = ({ slice }: Receipt) => plan.slices[slice]?.work.kind === 'group';
  const groups = receipts.filter(isOfSource).filter(isGroup);
  const isRework = ({ found }: Receipt) => found.kind === 'part';
  const fresh = receipts.filter((receipt) => !isGroup(receipt) && !isRework(receipt));
  const reworked = reworkedSlices(spec, plan, receipts);
  const group = groups.reduce((sum, { found }) => addFingerprints(sum, found.group), emptyFingerprint);
  const same = plan.boundaryWindow !== null && plan.boundary !== null && sameFingerprint(group, plan.boundary);
  const freshRows = sumOf(fresh, ({ rowsRead }) => rowsRead) + sumOf(inSource(fresh), ({ rejected }) => rejected);
  const nothingNew = plan.mode === 'incremental' && freshRows === 0;
  // If a source drops its old rows (daily extracts), the missing rows are not a change, because an incremental run does not see deletes.
  const isGone = plan.boundaryWindow !== null && plan.boundary !== null && sameFingerprint(group, emptyFingerprint);
  // If the destination keeps fewer digits, new rows may have the same value there. Then the new rows are added to the group.
  const isJoined = sameWhenKept(plan);
  const lowered = belowRowsApart(spec, plan, receipts);
  const stays = isGone || (same && (spec.watermark?.nulls !== 'include' || nothingNew));

  const rowsInGroup = plan.boundary === null ? 0 : rowsThere({ ...plan.boundary, left: 0 });
  const countsNulls = plan.boundaryWindow !== null && countsNullsOf(spec, plan);
  const taken = stays ? fresh : [...groups, ...fresh];
  // The receipts of rows that had settled before, and that a comparison of keys staged again.
  const rewritten = receipts.filter((receipt) => rewrittenIn(receipt) !== undefined);
  // If the group stays, the run that settled the group has already reported the group’s unreadable rows.
  const told = inSource(stays && fresh.length > 0 ? fresh : receipts);
  const supersede: Supersede = stays && plan.supersede.what === 'boundary' ? { what: 'nothing' } : plan.supersede;
  const parts = taken.flatMap((receipt) => (rewrittenIn(receipt) === undefined ? receipt.parts : []));
  const measures = taken.reduce((sum, receipt) => addMeasures(sum, receipt.measures), noMeasures);
  mustBeJudgedOnce(spec, taken);
  const kept = keptOf(plan, supersede, { receipts: receipts.filter(isRework), reworked });
  for (const receipt of taken) if (rewrittenIn(receipt) === undefined) mustBeInside(spec, plan, receipt);
  mustBeInOrder(spec, plan, parts);
  mustAscend(spec, plan, inSource(fresh));
  return {
    parts,
    keyRuns: taken.flatMap(({ slice, keyRuns }) => keyRuns.map((run) => ({ ...run, slice }))),
    keptParts: [...kept.keptParts, ...rewritten.flatMap((receipt) => receipt.parts)],
    reworked: [...kept.reworked, ...rewritten.flatMap(rewrittenSlices)],
    rowsRead: sumOf(receipts, ({ rowsRead }) => rowsRead),
    measures,
    samples: inSource(taken).reduce((sum, { samples }) => addSamples(sum, samples), {} as Samples),
    freshRows,
    rejected: sumOf(told, ({ rejected }) => rejected),
    quarantined: sumOf(told, ({ quarantined }) => quarantined),
    rejectedWithoutWatermark: sumOf(told, ({ undated }) => undated),
    corrected: sumOf(told, ({ corrected }) => corrected),
    firstRejected: told.flatMap(({ firstRejected }) => firstRejected).slice(0, fewRejected),
    asNull: inSource(taken).reduce((sum, { asNull }) => addAsNull(sum, asNull), {} as AsNull),
    filesReadForRejected: readAgain(plan),
    lacking: Object.assign(
      {},
      ...inSource(taken)
        .map(({ lacking }) => lacking)
        .toReversed(),
    ),
    missed,
    asked: read.reduce<AskedOfSource | null>((all, { asked }) => (asked === null ? all : askedTogether(all, asked)), null),
    attempts: receipts.reduce((most, receipt) => Math.max(most, receipt.attempt), 1),
    schema,
    expects: plan.expects ?? read.find(({ expects }) => expects !== null)?.expects ?? (schema?.columns ?? []).map(expectedColumn),
    changes: plan.schema === null ? (read.find(({ changes }) => changes)?.changes ?? []) : (plan.changes ?? []),
    notYetDueNotes: waitingIn(spec, plan, read),
    watermark: lowered === undefined ? withToken(newWatermark(spec, plan, taken), read) : lowered,
    isBelowRowsApart: lowered !== undefined,
    // While rows above the watermark are set apart, the rows at the watermark are unknown, so the next run reads all of them again. Rows without a watermark belong to the open group.
    boundary:
      plan.column && spec.watermark?.boundary !== 'open' && (lowered === undefined || spec.watermark?.nulls === 'include')
        ? boundaryGroup(taken, {
            before: stays && isJoined && plan.boundary ? plan.boundary : emptyFingerprint,
            left: stays && !isJoined && countsNulls && plan.boundary ? nullsThere(plan.boundary) : 0,
            nulls: countsNullsOf(spec, plan) ? nullsIn(plan, schema, taken) : 0,
          })
        : null,
    supersede,
    groupAgain: stays || supersede.what !== 'nothing' ? null : groupOf(spec, plan),
    writing: { ...plan.writing, key: receipts.find(({ schema }) => schema !== null)?.key ?? plan.writing.key },
    // In a merge, the group’s rows may have got a newer watermark, so they may be among the new rows.
    // Without a merge, as many newer rows as the group has may be updates of the group’s rows.
    boundaryRowsOnlyInStore: isGone && plan.writing.mode !== 'merge' && freshRows < rowsInGroup ? rowsInGroup : 0,
    noRowAtWatermark: plan.boundary !== null && !stays && countsNulls && freshRows === 0 && rowsAtMark(plan, schema, groups) === 0,
    boundaryRowsRemovedAtLeast: plan.boundary && !stays && countsNulls ? Math.max(0, plan.boundary.rows - group.rows - freshRows) : 0,
    rowsLeftOfEarlierGroups: stays || !countsNulls ? 0 : (plan.boundary?.left ?? 0),
    work: workIn(plan, receipts),
    nothingToCommit:
      nothingNew && !mustMoveOn(spec, plan) && (stays || (plan.boundaryWindow === null && replacesNothing(plan, supersede, reworked))),
  };
}

/** Throws if a verdict does not cover exactly the rows that settle, as data or separately. Rows in quarantine stay if no mended row replaces them. */
function mustBeJudgedOnce(spec: EntitySpec, receipts: readonly Receipt[]): void {
  if (spec.validation === undefined) return;
  const judged = sumOf(receipts, ({ measures }) => measures.rows);
  const settle = sumOf(receipts, ({ found, parts }) => {
    // The rows of these receipts had settled before, including rows that a comparison of keys marks as deleted.
    if (found.kind === 'keys' || found.kind === 'group of parts') return 0;
    const isMended = found.kind === 'quarantine' && found.released.mended;
    return rowsOf(parts, isData) + (isMended ? found.released.stay : rowsOf(parts, ({ role }) => role === 'broken'));
  });
  if (judged !== settle) throw rowsDiffer(spec, judged, settle);
}

interface StayedOfGroup {
  /** The part of the group that settled before and stays. */
  readonly before: BoundaryGroup;
  /** The number of rows without a watermark that stay, though the source has lost them. */
  readonly left: number;
  /** The number of rows without a watermark that this run read. */
  readonly nulls: number;
}

function boundaryGroup(taken: readonly Receipt[], { before, left: lost, nulls: added }: StayedOfGroup): BoundaryGroup {
  const group = inSource(taken).reduce((sum, { boundary }) => addFingerprints(sum, boundary), before as Fingerprint);
  const broken = taken.flatMap(({ parts }) => parts).filter(({ role, ofGroup }) => role === 'broken' && ofGroup);
  const apart = broken.reduce((sum, { rows }) => sum + rows, before.apart ?? 0);
  const [nulls, left] = [added + (before.nulls ?? 0), lost + (before.left ?? 0)];
  return { rows: group.rows, hash: group.hash, ...filled({ apart, nulls, left }) };
}

export type MissedParent = MissedParents['missed'][number] & Pick<MissedParents, 'warns'>;

function missedIn(read: readonly FoundInSource[]): readonly MissedParent[] {
  const all = read.flatMap(({ missed }) => missed.flatMap(({ missed: some, warns }) => some.map((one) => ({ ...one, warns }))));
  return [...new Map(all.map((one) => [one.id, one])).values()];
}

/** Throws if a backfill missed a parent. It would replace the parent’s rows in its range, and no later run would read them again. */
function mustHaveParents(spec: EntitySpec, { parents, live }: Plan, missed: readonly MissedParent[]): void {
  if (missed.length === 0) return;
  if (live !== null) throw parentsNotRead(missed, { spec, because: 'backfill' });
  if (missed.length >= (parents?.read ?? 0)) throw parentsNotRead(missed, { spec, because: 'all' });
}

/** How many rows of the boundary group have a watermark. */
function rowsAtMark(plan: Plan, schema: Schema | null, groups: readonly Receipt[]): number {
  const rows = groups.reduce((sum, { parts }) => sum + rowsOf(parts, isData), 0);
  return rows - nullsIn(plan, schema, groups);
}

/** How many of the rows that settle have no watermark. */
const nullsIn = (plan: Plan, schema: Schema | null, receipts: readonly Receipt[]): number =>
  nullsOf(
    plan,
    schema,
    receipts.flatMap(({ parts }) => parts),
  );

/** How many rows of the settling parts have no watermark. */
export function nullsOf({ watermarkAs }: Pick<Plan, 'watermarkAs'>, schema: Schema | null, parts: readonly Part[]): number {
  const at = schema?.columns.findIndex(({ name }) => name === watermarkAs) ?? -1;
  return parts.filter(isData).reduce((sum, { nulls }) => sum + (nulls[at] ?? 0), 0);
}

/** Whether rows without a watermark have to be counted. They are replaced by value, together with the open group. A merge finds them by their key instead. */
const countsNullsOf = ({ watermark }: EntitySpec, { writing }: Plan): boolean => watermark?.nulls === 'include' && writing.mode !== 'merge';

const nullsThere = ({ nulls = 0, left = 0 }: BoundaryGroup): number => nulls + left;

/** The settled open group that this run reads again, with its values as the destination holds them. */
function groupOf({ watermark }: EntitySpec, { boundaryWindow, boundary, lower, watermarkAs, precision }: Plan): Boundary | null {
  if (boundaryWindow === null || boundary === null || lower === null || watermarkAs === null) return null;
  const kept = precision ?? 'exact';
  const text = floored(lower.type, lower.text, kept);
  return { column: watermarkAs, type: lower.type, text, precision: kept, nulls: watermark?.nulls === 'include', rows: rowsThere(boundary) };
}

/** Whether a run without changes has to advance the watermark. Sources keep changes for a limited time, and a watermark that stands still would become older than the oldest kept change. */
function mustMoveOn({ watermark }: EntitySpec, { lower, upper, movesOn }: Plan): boolean {
  if (movesOn) return true;
  return watermark?.changes !== undefined && lower !== null && upper !== null && compareWatermarks(upper, lower) > 0;
}

/** The source files whose quarantine this run replaces: the files of the slices with new rows. If no slice has new rows: the files of the boundary group. */
function readAgain({ slices }: Plan): readonly string[] {
  // A compaction’s slices name the source of the rows, but a compaction does not read the source.
  const source = slices.filter(({ work }) => readsSource(work));
  const fresh = source.filter(({ work }) => work.kind !== 'group');
  return (fresh.length > 0 ? fresh : source).flatMap(({ slice }) => sourcesOf(slice));
}

/** Whether the watermark gets larger, but both values are the same in the destination. */
function sameWhenKept({ lower, upper, precision }: Plan): boolean {
  if (!lower || !upper || precision === null || precision === 'exact') return false;
  return floored(lower.type, lower.text, precision) === floored(upper.type, upper.text, precision);
}

/** Whether no settled row is in the range, and the source has no row in the range. If the store deletes rows itself, only the store knows whether a settled row is in the range. */
function replacesNothing({ rework }: Plan, supersede: Supersede, reworked: readonly ReworkResult[]): boolean {
  if (supersede.what === 'quarantine') return supersede.parts.length === 0;
  if (supersede.what !== 'range') return supersede.what === 'nothing';
  return rework?.whole === 0 && reworked.every(({ dropped }) => dropped === 0);
}

/**
 * The rewritten parts of a plan. If the open group stays, a part that was rewritten without the group’s rows keeps its settled version, and a
 * rewritten part of the group stays open. If there are new rows above the group, the part is closed. If the group was read again and changed, the
 * part is removed, and its rewritten form is debris.
 */
function keptOf(
  { slices, supersede: planned, retyped }: Plan,
  { what }: Supersede,
  all: { readonly receipts: readonly Receipt[]; readonly reworked: readonly ReworkResult[] },
): Pick<GatheredReceipts, 'keptParts' | 'reworked'> {
  if (what !== 'boundary' && planned.what === 'boundary' && retyped.length === 0) return { keptParts: [], reworked: [] };
  const isGroup = (receipt: Receipt) => slices[receipt.slice]?.slice.group === true;
  const stay = what === 'boundary' ? all.receipts.filter((receipt) => !isGroup(receipt)) : all.receipts;
  const keptParts = stay.flatMap((receipt) =>
    isGroup(receipt) && what === 'range' ? receipt.parts.map((part): Part => ({ ...part, role: 'boundary' })) : receipt.parts,
  );
  return { keptParts, reworked: what === 'boundary' ? all.reworked.filter(({ slice }) => !slice.group) : all.reworked };
}

/** The results of rework, one for each part that was read. Throws unless all rows of each part are accounted for. */
function reworkedSlices(spec: EntitySpec, plan: Plan, receipts: readonly Receipt[]): readonly ReworkResult[] {
  return plan.slices.flatMap(({ slice, work }, i) => {
    if (work.kind !== 'rework') return [];
    const mine = foundOf(
      receipts.filter((receipt) => receipt.slice === i),
      'part',
    );
    const [kept, dropped] = [sumOf(mine, (part) => part.kept), sumOf(mine, (part) => part.dropped)];
    const anew = mine.some((part) => part.anew);
    const touched = dropped > 0 || anew;
    if (touched && slice.rows !== null && kept + dropped !== slice.rows) throw partsDontAddUp(spec, { all: slice.rows, kept, dropped });
    const fingerprint = mine.find((part) => part.fingerprint !== null)?.fingerprint ?? undefined;
    return [{ slice, dropped, ...filled({ anew }), ...defined({ fingerprint }) }];
  });
}

/** The parts that a comparison of keys or a compaction staged again. */
function rewrittenSlices(receipt: Receipt): readonly ReworkResult[] {
  return (rewrittenIn(receipt) ?? []).map(({ slice, dropped = 0 }): ReworkResult => {
    return { slice, dropped, anew: true as const };
  });
}

/** Throws if rows do not ascend where they have to. In a first run, only the rows themselves show which values are below the newest one. */
function mustBeInOrder(spec: EntitySpec, { upper, live }: Plan, parts: readonly Part[]): void {
  if (spec.runType !== 'incremental' || live !== null || upper === null) return;
  const below = parts.find(({ min }) => min !== undefined && isWordAbove(upper, min));
  if (below?.min !== undefined) throw textWatermarkIsWord(spec, upper, below.min);
}

/** Throws if a row is outside the requested range, because the destination would then have the row twice (I11). */
function mustBeInside(spec: EntitySpec, plan: Plan, { slice, parts }: Pick<Receipt, 'slice' | 'parts'>): void {
  const { supersede, precision, parents } = plan;
  const work = plan.slices[slice]?.work;
  if (supersede.what !== 'range' || work === undefined) return;
  const { column, type, ranges } = supersede;
  const range = ranges[work.kind === 'read' ? work.window : 0];
  if (range === undefined) throw new Error(`slice ${slice} reads a range that the plan does not replace`);
  const { from, to } = range;
  const { upper } = windowOfSlice(plan, work);
  const beyond = (text: string | undefined, edge: Edge | null, sign: 1 | -1) => {
    if (text === undefined || edge === null) return false;
    // The bounds of a part are in the type in which the column settles.
    const asRead = parseWatermark(text, { column, type }).text;
    const order = sign * compareWatermarks({ type, text: floored(type, asRead, precision ?? 'exact') }, { type, text: edge.text });
    return order < 0 || (order === 0 && !edge.inclusive);
  };
  for (const { min, max } of parts) {
    // A new parent is read from its beginning, so its rows may be below the range.
    const outside = parents === undefined && beyond(min, from, 1) ? min : beyond(max, to, -1) ? max : undefined;
    if (outside !== undefined) throw rowsOutside(spec, outside, { from: from.text, to: to && (upper?.text ?? to.text) });
  }
}

/** Checks the order of rows across the steps of a slice. Each step has already checked the order of its own rows. */
function mustAscend(spec: EntitySpec, { column, observed }: Plan, read: readonly FoundInSource[]): void {
  if (observed?.ascending !== true || column === null) return;
  const { type } = columnOf(column, read);
  let last: string | undefined;
  for (const { ascends } of read) {
    if (ascends === null) continue;
    if (last !== undefined && compareWatermarks({ type, text: ascends.from }, { type, text: last }) <= 0)
      throw notAscending(spec, column.column, { before: last, after: ascends.from });
    last = ascends.to;
  }
}

function commonSchema(spec: EntitySpec, plan: Plan, receipts: readonly Receipt[]): Schema | null {
  let schema = plan.schema;
  for (const receipt of receipts) {
    if (!receipt.schema) continue;
    schema ??= receipt.schema;
    const changes = schemaChanges(schema, receipt.schema);
    if (changes.length > 0) throw slicesDisagree(spec, changes);
  }
  return schema;
}

/** The upper bound from the plan. If the upper bound is known only after reading, it is the largest value that was read, but never less than the settled watermark. */
function newWatermark(spec: EntitySpec, plan: Plan, receipts: readonly Receipt[]): Watermark | null {
  // The plan had no value. So rows that arrived after the plan settle, but give no watermark (H10). The next run loads everything again. The time at
  // which a source had no rows gives no watermark either: rows that the source shows later may be older.
  if (plan.byClock && plan.lower === null && receipts.every(({ parts }) => parts.length === 0)) return null;
  if (plan.upper || !plan.column || !plan.observed) return plan.upper;
  let highest = plan.lower;
  const { type } = columnOf(plan.column, inSource(receipts));
  for (const part of receipts.flatMap((receipt) => receipt.parts)) {
    const { max } = part;
    if (max === undefined || liesApart(part)) continue;
    const candidate: Watermark = { column: plan.column.column, type, text: max };
    if (!highest || compareWatermarks(candidate, highest) > 0) highest = candidate;
  }
  if (highest && unorderedAs(highest) === 'random') throw randomAsWatermark(spec, highest);
  return highest;
}

const liesApart = ({ role }: Part): boolean => role === 'broken' || role === 'quarantine' || role === 'correction';

/**
 * The largest value among the rows that settle, if rows with a larger value are set apart. With the larger value as the watermark, later rows below
 * it would never be read. Undefined: no row with a larger value is set apart.
 */
function belowRowsApart(spec: EntitySpec, plan: Plan, receipts: readonly Receipt[]): Watermark | null | undefined {
  const { lower, upper, column: planned, live, observed, byClock } = plan;
  // In three cases the planned watermark is safe. The versions of a change feed come from the source. A token of the source skips no row. In an
  // ascending source, later rows are above the newest one.
  if (live !== null || planned === null || spec.watermark?.changes !== undefined || observed?.ascending === true) return undefined;
  if (upper === null && observed === null) return undefined;
  const read = inSource(receipts);
  if (read.some(({ token }) => token !== null)) return undefined;
  const column = columnOf(planned, read);
  const highest = (parts: readonly Part[], from: Watermark | null): Watermark | null =>
    parts.reduce<Watermark | null>((most, { max, rows }) => {
      if (max === undefined || rows === 0) return most;
      // The bounds of a part are in the type in which the column settles.
      const one = parseWatermark(max, column);
      return most === null || compareWatermarks(one, most) > 0 ? one : most;
    }, from);
  const parts = receipts.flatMap((receipt) => receipt.parts);
  // A skipped row is in no part, but the newest value that was found may be the value of a skipped row.
  const skipped = sumOf(read, ({ rejected, quarantined, undated }) => rejected - quarantined - undated);
  const apart = highest(parts.filter(liesApart), skipped > 0 && !byClock ? upper : null);
  if (apart === null) return undefined;
  const settled = highest(
    parts.filter((part) => !liesApart(part)),
    plan.mode === 'incremental' ? lower : null,
  );
  if (settled !== null && compareWatermarks(apart, settled) <= 0) return undefined;
  return settled === null ? null : { column: planned.column, type: settled.type, text: settled.text, readsAgain: true };
}

/** The watermark with the token of the source. A source that continues from its own token gave the token when its last row was read. */
function withToken(watermark: Watermark | null, read: readonly FoundInSource[]): Watermark | null {
  const token = read.findLast((one) => one.token !== null)?.token ?? null;
  return watermark === null || token === null ? watermark : { ...watermark, token };
}

/** The watermark’s column as the source showed it while it was read. A slice without rows does not show the column. */
function columnOf(planned: NonNullable<Plan['column']>, read: readonly FoundInSource[]): NonNullable<Plan['column']> {
  return read.find(({ column }) => column !== null && !showsTypeOnlyWhenRead(column))?.column ?? planned;
}

/** The notes about rows that wait. If the source’s newest value was unknown, such rows were found only while reading. */
function waitingIn(spec: EntitySpec, { column, waiting }: Plan, read: readonly FoundInSource[]): readonly Noted[] {
  if (waiting.length > 0) return waiting;
  const ahead = read.flatMap((one) => one.ahead ?? []);
  const [first, ...others] = ahead;
  if (first === undefined || !column) return [];
  const { type } = columnOf(column, read);
  const latest = others.reduce(
    (most, one) => (compareWatermarks({ type, text: one.latest }, { type, text: most }) > 0 ? one.latest : most),
    first.latest,
  );
  const found = { rows: sumOf(ahead, ({ rows }) => rows), latest };
  if (spec.watermark?.future === 'fail') throw newestInTheFuture(spec, column.column, found);
  return [{ code: 'waits', column: column.column, ...found }];
}

/** Whether each slice was read exactly once, and to its end. Every commit checks this, whatever driver made the receipts. */
export function everySliceIsThere(plan: Plan, receipts: readonly Receipt[]): boolean {
  const ofSlice = Map.groupBy(receipts, ({ slice }) => slice);
  return ofSlice.size === plan.slices.length && plan.slices.every((_, slice) => isReadOnce(ofSlice.get(slice) ?? []));
}

/** Whether the steps of a slice follow each other from its start to its end, so that each step was done exactly once. */
function isReadOnce(steps: readonly Receipt[]): boolean {
  const place = (at: Json): string => JSON.stringify(at);
  const chain = steps.flatMap(({ begun, cursor, rowsRead }) => (begun === null ? [] : [{ from: begun.at, to: cursor, rowsRead }]));
  if (chain.length < steps.length) return steps.filter(({ cursor }) => cursor === null).length === 1;
  // If the source asked for a pause before the first row, the step ends where it began. Such a step is left out.
  const moving = chain.filter(({ from, to, rowsRead }) => rowsRead > 0 || place(from) !== place(to) || to === null);
  const from = Map.groupBy(moving, (step) => place(step.from));
  const seen = new Set<string>();
  for (let at = place(null); !seen.has(at); ) {
    seen.add(at);
    const [step, another] = from.get(at) ?? [];
    if (step === undefined || another !== undefined) return false;
    if (step.to === null) return seen.size === moving.length;
    at = place(step.to);
  }
  return false;
}

const inSource = (receipts: readonly Receipt[]): readonly FoundInSource[] => foundOf(receipts, 'source');
