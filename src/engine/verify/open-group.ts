/**
 * The open group: the rows at the watermark. If the source’s rows there are not the ones that settled, the next run reads the group again, so its
 * rows are not yet due. If the next run would not change a row, a difference in it is an ordinary difference.
 */
import type { DataType } from '../../frames/schema.ts';
import { floored } from '../../frames/times/floor.ts';
import { type BoundaryGroup, emptyFingerprint, rowsThere, sameFingerprint, type Watermark } from '../../frames/watermark.ts';
import { compareWatermarks } from '../../frames/watermark-text.ts';
import type { VerifyRequest } from '../../ports/answers/comparison.ts';
import { everything, type Home, type Window } from '../contracts/home.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import { untilDone } from '../contracts/steps.ts';
import { keyUse } from '../plan/capabilities.ts';
import { insideSides } from './inside.ts';
import type { Prepared } from './preparation.ts';
import { type ComparedContent, noDifference, noRows } from './rows/comparison.ts';
import type { DifferingRangesGatherer } from './rows/differing-ranges.ts';
import { type GroupRows, groupRows } from './rows/group-rows.ts';
import { settledWindow, type VerifyScope } from './scope.ts';
import type { ReadSide } from './sides.ts';
import type { Standing } from './starting-point.ts';
import type { LeftComparison } from './steps/paused-comparison.ts';

export interface OpenGroupContext {
  readonly spec: EntitySpec;
  readonly request: VerifyRequest;
  readonly standing: Standing;
  readonly prepared: Prepared;
  readonly sidesOf: (scoped: Prepared) => {
    readonly destination: (parts: null) => ReadSide;
    /** Opens the source once more. The caller disposes of the home. */
    readonly openSource: () => Promise<Home>;
  };
  /** Compares the rows of a scope. Throws ComparisonPaused, unless `pausesAs` is null. */
  readonly contentOf: (scoped: Prepared, pausesAs: Pick<LeftComparison, 'isBelowGroup'> | null) => Promise<ComparedContent>;
  /** What the comparison of all rows found. Null: an earlier step made that comparison. */
  readonly whole: ComparedContent | null;
  readonly ports: EnginePorts;
  readonly signal: AbortSignal;
}

export interface BesideOpenGroup {
  readonly content: ComparedContent;
  /** Whether the sums cover all rows that are the same. */
  readonly hasSums: boolean;
  readonly ranges: DifferingRangesGatherer | null;
}

/** Compares only the rows below the open group. Null: the entity has no open group, or the next run does not repair the differences in it. */
export async function besideOpenGroup(of: OpenGroupContext): Promise<BesideOpenGroup | null> {
  const scopes = scopesOf(of);
  if (scopes === null) return null;
  const { spec, request, standing, prepared, signal, sidesOf } = of;
  const settled = standing.settled.boundary as BoundaryGroup;
  const replaces = keyUse(standing.store, spec) !== 'merges';
  const { destination, openSource: open } = sidesOf({ ...prepared, scope: scopes.group });
  const rows = await groupRows({ ...of, open, window: scopes.window, destination: destination(null) }, settled);
  if (!isReadAgain(settled, rows, replaces)) return null;
  if (await hasRows(sidesOf({ ...prepared, scope: scopes.above }).destination(null), signal)) return null;
  const { content: found } = await contentIn(of, scopes.group, null);
  const { only_in_destination: onlyThere, all_counted: areCounted } = found.differences;
  // A merge leaves settled rows in place that the source has lost.
  if (!areCounted || (!replaces && onlyThere > 0)) return null;
  if (rows.lacksSettled && found.rows.kept_as_newer === 0) return null;
  const below =
    scopes.below === null ? { content: emptied(found), ranges: null } : await contentIn(of, scopes.below, { isBelowGroup: true });
  const content = together(below.content, found, of.whole);
  const hasSums = request.sample === 1 && rows.same !== null && rows.same.rows === sameRows(found);
  return { content: hasSums && rows.same !== null ? withSum(content, rows.same.sum) : content, hasSums, ranges: below.ranges };
}

/** Compares the rows of another scope. */
async function contentIn(
  { prepared, sidesOf, contentOf, ports, signal }: OpenGroupContext,
  scope: VerifyScope,
  pausesAs: Pick<LeftComparison, 'isBelowGroup'> | null,
): Promise<Omit<BesideOpenGroup, 'hasSums'>> {
  // The source is opened again, because a later plan may have ended the snapshot of the home that was opened first.
  await using home = prepared.inside === null ? null : await sidesOf(prepared).openSource();
  if (home !== null) await untilDone(ports.clock, (cursor) => home.describe(cursor, 'whole'), signal);
  const { source, destination, ...same } = prepared.sides;
  const sides = {
    ...same,
    source: { ...source, ...(home === null ? {} : { home }), window: scope.source, end: scope.end },
    destination: { ...destination, window: scope.destination },
  };
  const summing = prepared.inside === null ? null : await insideSides(sides, signal);
  const inside = summing === null || 'what' in summing ? null : summing;
  const ranges = pausesAs === null ? null : (prepared.ranges?.anew() ?? null);
  return { content: await contentOf({ ...prepared, scope, sides, inside, ranges }, pausesAs), ranges };
}

/** Whether the next run replaces the settled rows at the watermark by the source’s present rows at the watermark. */
export function isReadAgain(settled: BoundaryGroup, { now, there }: Pick<GroupRows, 'now' | 'there'>, replaces: boolean): boolean {
  // A group that is unchanged, or that the source has lost, stays as it settled.
  if (sameFingerprint(now, settled) || sameFingerprint(now, emptyFingerprint)) return false;
  // If other writers have written into the group, no run removes it.
  return !replaces || there === rowsThere(settled);
}

interface GroupScopes {
  readonly group: VerifyScope;
  /** The scope of the rows below the group. Null: the comparison has no such rows. */
  readonly below: VerifyScope | null;
  /** The scope of the settled rows above the group. No run has written such rows. */
  readonly above: VerifyScope;
  /** The window in which a run reads the group. */
  readonly window: Window;
}

function scopesOf({ spec, request, standing: { settled }, prepared }: OpenGroupContext): GroupScopes | null {
  const { scope, destination, settledSchema, sides, shape } = prepared;
  const { watermark: mark, boundary } = settled;
  const isClosed = spec.watermark?.boundary === 'closed' && spec.watermark.changes === undefined && spec.runType === 'incremental';
  if (!isClosed || mark === null || boundary === null || mark.readsAgain || spec.watermark?.column !== mark.column) return null;
  const isWithin = scope.end?.inclusive === true && compareWatermarks(scope.end.at, mark) === 0;
  if (request.ranges !== undefined || !isWithin) return null;
  const settledColumn = settledSchema.columns.find(({ name }) => name === scope.column);
  const canRead = sides.source.home.reading.filter === 'range' && destination.reading.filter === 'range';
  if (settledColumn === undefined || !canRead) return null;
  const from = floored(mark.type, mark.text, shape.precision ?? 'exact');
  const nulls = spec.watermark.nulls === 'include' ? 'include' : 'exclude';
  // The fingerprint of the group includes rows without a watermark, but a range has none of these rows.
  if (nulls === 'include' && request.range !== null) return null;
  const own = { spec, settled, home: sides.source.home, destination, settledColumn };
  return scopesAt({ scope, mark, from, nulls, settledEnds: (ends) => settledWindow(own, ends, mark.type) });
}

interface GroupPlace {
  /** The scope of all rows that are compared. */
  readonly scope: VerifyScope;
  readonly mark: Watermark;
  /** The watermark, as the destination keeps it. */
  readonly from: string;
  /** Whether rows without a watermark belong to the group. */
  readonly nulls: 'include' | 'exclude';
  /** The ends of the range, as the destination writes values. */
  readonly settledEnds: (ends: Pick<Window, 'lower' | 'upper' | 'nulls'>) => Window;
}

export function scopesAt({ scope, mark, from, nulls, settledEnds }: GroupPlace): GroupScopes {
  const column: { readonly column: string; readonly type: DataType } = { column: mark.column, type: mark.type };
  const lower = { text: from, inclusive: true };
  const at = { text: mark.text, inclusive: true };
  const window: Window = { ...everything, column, lower, upper: at, nulls };
  const told = { column: scope.column, from: scope.from, to: scope.to, ranges: null };
  const start = scope.source.lower;
  const isEmpty = start !== null && compareWatermarks({ ...mark, text: start.text }, { ...mark, text: from }) >= 0;
  // If rows without a watermark do not settle, a settled row without a watermark is a difference.
  const nullsBelow = nulls === 'include' ? 'exclude' : scope.destination.column === null ? 'include' : scope.destination.nulls;
  return {
    window,
    group: {
      ...told,
      source: { ...window, upper: null },
      destination: settledEnds({ lower, upper: lower, nulls }),
      end: { at: mark, inclusive: true, nulls: 'within' },
    },
    below: isEmpty
      ? null
      : {
          ...told,
          source: scope.source,
          destination: settledEnds({ lower: start, upper: { text: from, inclusive: false }, nulls: nullsBelow }),
          end: { at: { ...mark, text: from }, inclusive: false, nulls: nulls === 'include' ? 'beyond' : 'within' },
        },
    above: {
      ...told,
      source: window,
      destination: settledEnds({ lower: { text: from, inclusive: false }, upper: null, nulls: 'exclude' }),
      end: null,
    },
  };
}

async function hasRows(side: ReadSide, signal: AbortSignal): Promise<boolean> {
  for await (const piece of side.read(signal)) {
    if ('frame' in piece && !('apart' in piece) && piece.frame.rows > 0) return true;
    if ('deleted' in piece && piece.deleted > 0) return true;
  }
  return false;
}

const sameRows = ({ rows, differences }: ComparedContent): number => rows.source - differences.only_in_source - differences.changed;

/** The result for the rows below the group if there are no such rows. */
function emptied({ rows: { left_out, unknown_keys } }: ComparedContent): ComparedContent {
  return {
    rows: { ...noRows, left_out, unknown_keys },
    ...{
      differences: noDifference,
      differing: [],
      sums: { source: '0', destination: '0' },
      allVersionsLookedAt: true,
      apart: 0,
      settledReadAt: null,
    },
  };
}

/** The result for the rows below the group, and for the rows of the group that are the same on both sides. */
export function together(below: ComparedContent, group: ComparedContent, whole: ComparedContent | null): ComparedContent {
  const [one, other] = [below.rows, group.rows];
  const { only_in_source, only_in_destination, changed, source_changed, not_visible_yet } = group.differences;
  const [coming, replaced] = [only_in_source + changed, only_in_destination + changed];
  const versions = one.earlier_versions + other.earlier_versions;
  // Without the group, a version looks as if its newer version were not yet due, though the newer one is in the group.
  const versionsBefore = Math.min(one.updated_since, Math.max(0, (whole?.rows.earlier_versions ?? versions) - versions));
  return {
    rows: {
      source: one.source + other.source - coming,
      destination: one.destination + other.destination - replaced,
      not_yet_due: other.not_yet_due,
      at_watermark: coming,
      updated_since: one.updated_since - versionsBefore + other.updated_since + replaced,
      earlier_versions: versions + versionsBefore,
      kept_as_newer: one.kept_as_newer + other.kept_as_newer,
      deletes_due: one.deletes_due + other.deletes_due,
      marked_deleted: one.marked_deleted + other.marked_deleted,
      // Both comparisons read all rows that are not yet due, so these are counted once.
      left_out: one.left_out,
      unknown_keys: one.unknown_keys,
      last_good: one.last_good + other.last_good,
      deletes_ignored: one.deletes_ignored + other.deletes_ignored,
      foreign: 0,
    },
    differences: {
      ...below.differences,
      source_changed: below.differences.source_changed + source_changed,
      not_visible_yet: below.differences.not_visible_yet + not_visible_yet,
    },
    differing: below.differing,
    sums: below.sums,
    allVersionsLookedAt: below.allVersionsLookedAt && group.allVersionsLookedAt,
    apart: below.apart + group.apart,
    settledReadAt: null,
  };
}

function withSum(content: ComparedContent, sum: bigint): ComparedContent {
  const plus = (one: string) => `${BigInt(one) + sum}`;
  return { ...content, sums: { source: plus(content.sums.source), destination: plus(content.sums.destination) } };
}
