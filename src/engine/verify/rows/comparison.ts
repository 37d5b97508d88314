/** Compares two sides row by row. First come the sums, then the rows of the buckets that differ, and then the few rows that are described. */
import { KeySet } from '../../../keys/key-set.ts';
import type { ComparedRows, DifferenceCounts, DifferingRow, RowsProgress, VerifyRequest } from '../../../ports/answers/comparison.ts';
import type { Instant } from '../../../ports/values.ts';
import type { EnginePorts } from '../../contracts/ports.ts';
import type { SummedColumn } from '../../contracts/row-sums.ts';
import type { SettledSums } from '../settled-sums.ts';
import type { ReadSide, SidePosition } from '../sides.ts';
import {
  type FirstLookAsJson,
  LookPaused,
  type LookPosition,
  type PausedLook,
  type PausedRound,
  TimeOver,
} from '../steps/paused-comparison.ts';
import { AllBucketSums, type HashedRows, KeptRows, type SumsAsJson, sampling } from './bucket-sums.ts';
import type { DifferingRangesGatherer } from './differing-ranges.ts';
import { hashed, withoutKeys } from './hashed-rows.ts';
import { type KeyColumn, LeftOutKeys } from './left-out-keys.ts';
import { countKeyDifferences, differingKeys, type HowToCompare, type KeyDifferenceCounts } from './row-differences.ts';
import { rowsOfBuckets } from './rows-of-buckets.ts';
import { addUp, differencesIn, type FoundInBuckets, foundIn, mostLookedAt, mostVersions, secondLook } from './second-look.ts';

/** How many rows all comparisons of a process may hold together. */
export const mostRowsKept = 2_000_000;
/** How many rows a comparison in steps may hold. A round that pauses writes its hashes to the state: before compression, 20 bytes of text for each hash. */
const mostKeptInSteps = 300_000;
/** How many rounds there may be. Each round reads both sides twice. */
const mostRounds = 16;

export interface ComparedSides {
  readonly source: ReadSide;
  readonly destination: ReadSide;
  readonly columns: readonly SummedColumn[];
  /** The columns of the key, which are among `columns`. Empty: rows have no key. */
  readonly key: readonly KeyColumn[];
  readonly how: Omit<HowToCompare, 'leftOut'>;
  /** The watermark’s column. Its values show which of two versions is earlier, and to which range a row belongs. Null: the values can’t be compared. */
  readonly versionMark: SummedColumn | null;
  /** The settled column with the version of a change feed. Only a destination that keeps all versions has it. Null: the destination has no such column. */
  readonly settledVersion: SummedColumn | null;
  /** Gathers the watermarks of rows that differ. Null: rows can’t be replaced by range. */
  readonly ranges: DifferingRangesGatherer | null;
  readonly request: VerifyRequest;
  /** Whether the result must not show values. */
  readonly hidesValues: boolean;
  /** Asks whether the source has changed since it was first read. */
  readonly sourceSince: () => Promise<SourceSince>;
  readonly ports: Pick<EnginePorts, 'clock'>;
  readonly signal: AbortSignal;
  readonly tell: (progress: Pick<RowsProgress, 'side' | 'look' | 'rows'>) => void;
  /** How many rows of a side may have their hashes held at once. A row needs 16 bytes. */
  readonly mostKept: number;
  /** The known sums of the destination. Null: the whole destination is read. */
  readonly settledSums: SettledSums | null;
  /** How the comparison pauses, and what an earlier step left. Null: the comparison is made in one step. */
  readonly pausing: { readonly look: PausedLook | null; readonly isOver: () => boolean } | null;
}

/** Whether the source has changed. `unknown`: the source does not show its version. */
export type SourceSince = 'same' | 'changed' | 'unknown';

export interface ComparedContent {
  readonly rows: ComparedRows;
  readonly differences: DifferenceCounts;
  readonly differing: readonly DifferingRow[];
  readonly sums: { readonly source: string; readonly destination: string };
  /** Whether the comparison looked at all keys that have earlier versions. */
  readonly allVersionsLookedAt: boolean;
  /** How many of the destination's rows are in quarantine. */
  readonly apart: number;
  /** When the settled rows with known sums were read. Null: all rows were read now. */
  readonly settledReadAt: Instant | null;
}

/** The settings of one comparison. */
export interface Comparing extends Omit<ComparedSides, 'how'> {
  readonly how: HowToCompare;
  readonly leftOut: LeftOutKeys;
}

/** Compares the rows of two sides. Throws LookPaused if the time of a step is over. If the time of the whole comparison is over, differing sums count as a difference, and no row is described. */
export async function comparedContent(of: ComparedSides): Promise<ComparedContent> {
  const look = of.pausing?.look ?? null;
  const left = look !== null && 'round' in look ? look : null;
  const leftOut = new LeftOutKeys(of, look?.leftOut);
  const sides: Comparing = { ...of, leftOut, how: { ...of.how, leftOut } };
  if (left?.ranges) sides.ranges?.goOnFrom(left.ranges);
  const first = left === null ? await firstLook(sides) : firstLookIn(left.first);
  const { source, destination } = first;
  const rows = { ...noRows, ...(left?.found.rows ?? first.rows) };
  const sums = { source: `${source.sums.sum()}`, destination: `${destination.sums.sum()}` };
  const rounds = roundsOf(source.sums.differingFrom(destination.sums), sides, { source: source.sums, destination: destination.sums });
  const counts = { ...(left?.found.counts ?? noDifference) };
  const differing: DifferingRow[] = [...(left?.found.differing ?? [])];
  let allVersionsLookedAt = left?.found.allVersionsLookedAt ?? true;
  for (const [at, round] of rounds.entries()) {
    if (left !== null && at < left.round) continue;
    const isEnough = at === mostRounds || differencesIn(counts) > mostLookedAt;
    // If a single bucket has more rows than can be held, all its rows have one key, or no key.
    if (isEnough || !round.isHeld) {
      counts.all_counted = false;
      if (isEnough) break;
      continue;
    }
    const reached = (position: LookPosition, stage: () => PausedRound['stage']): void => {
      if (!sides.pausing?.isOver()) return;
      const found = { rows, counts, differing, allVersionsLookedAt };
      const ranges = sides.ranges?.toJson() ?? null;
      throw new LookPaused({
        ...{ round: at, at: position, stage: stage() },
        first: firstLookAsJson(first),
        leftOut: leftOut.toJson(),
        ranges,
        found,
      });
    };
    const stage = left?.round === at ? { at: left.at, of: left.stage } : null;
    const keptBefore = stage !== null && 'kept' in stage.of ? { at: stage.at, stage: stage.of } : null;
    const keysBefore = stage !== null && 'keys' in stage.of ? { at: stage.at, stage: stage.of } : null;
    const { unknown } = leftOut;
    const isKept = !source.kept.overflowed && !destination.kept.overflowed;
    const inRound = { buckets: round.buckets, notDue: first.notDue };
    const looked = async () => {
      const found =
        keysBefore !== null
          ? foundIn(keysBefore.stage)
          : differingIn(sides, isKept ? first : await rowsOfBuckets(sides, inRound, { left: keptBefore, reached }), inRound);
      return { found, again: await secondLook(sides, found, { left: keysBefore, reached }) };
    };
    const inTime = await looked().catch(async (error: unknown) => {
      const isOver = sides.signal.aborted && sides.signal.reason instanceof TimeOver && !(error instanceof LookPaused);
      if (isOver && areDifference(sides, { rows, counts }) && (await sides.sourceSince()) !== 'changed') return null;
      throw error;
    });
    if (inTime === null) {
      counts.all_counted = false;
      leftOut.unknown = unknown;
      break;
    }
    const { found, again } = inTime;
    if (!found.allVersions) allVersionsLookedAt = false;
    rows.earlier_versions += again.versions;
    rows.kept_as_newer += again.newer;
    // Rows that a comparison of keys will remove, and last good versions, count on neither side, like rows whose newer version is not yet due.
    rows.deletes_due += found.deletesDue;
    rows.last_good += found.lastGood + again.lastGood;
    rows.deletes_ignored += found.deletesIgnored + again.ignored;
    rows.destination -= found.deletesDue + found.lastGood + again.lastGood;
    addUp(counts, again.counts);
    counts.source_changed += again.counts.source_changed;
    counts.not_visible_yet += again.counts.not_visible_yet;
    if (!again.allLookedAt) counts.all_counted = false;
    differing.push(...again.differing);
  }
  rows.unknown_keys = leftOut.unknown;
  return {
    rows,
    differences: counts,
    differing: differing.slice(0, sides.request.rows),
    sums,
    allVersionsLookedAt,
    apart: first.apart,
    settledReadAt: first.settledReadAt,
  };
}

/** Whether different sums alone prove a difference. Different sums prove it if no version, no delete and no row that is left out can explain them. */
function areDifference(
  { how }: Pick<Comparing, 'how'>,
  { rows, counts }: { readonly rows: ComparedRows; readonly counts: DifferenceCounts },
): boolean {
  if (differencesIn(counts) > 0) return true;
  const mayBeExpected =
    how.keepsVersions || how.keepsNewest || how.comparesDeletes || how.ignoresDeletes || (!how.keyed && rows.not_yet_due > 0);
  return !mayBeExpected && rows.left_out === 0;
}

function differingIn(
  sides: Comparing,
  { source, destination }: Readonly<Record<'source' | 'destination', Pick<SideSums, 'kept'>>>,
  { buckets, notDue }: { readonly buckets: readonly number[]; readonly notDue: KeySet },
): FoundInBuckets {
  const [inSource, there] = [source.kept.byBucket(buckets), destination.kept.byBucket(buckets)];
  const keys = buckets.flatMap((bucket) => {
    const [one, other] = [inSource.get(bucket), there.get(bucket)];
    // The newer version of such a row is not yet due, even if it has earlier versions.
    return one === undefined || other === undefined ? [] : differingKeys(one, other).filter(({ key }) => !notDue.has(key));
  });
  const counted = keys.map((one) => countKeyDifferences(one, sides.how));
  const isDifferent = (one: KeyDifferenceCounts | undefined) => one !== undefined && differencesIn(one) > 0;
  const versions = keys.filter((_, at) => !isDifferent(counted[at]) && versionsIn(counted[at]) > 0);
  return {
    different: keys.filter((_, at) => isDifferent(counted[at])),
    versions: versions.slice(0, mostVersions),
    allVersions: versions.length <= mostVersions,
    deletesDue: counted.reduce((sum, one) => sum + one.deletes_due, 0),
    lastGood: counted.reduce((sum, one) => sum + one.last_good, 0),
    deletesIgnored: counted.reduce((sum, one) => sum + one.deletes_ignored, 0),
  };
}

const versionsIn = (one: KeyDifferenceCounts | undefined): number => (one === undefined ? 0 : one.earlier_versions + one.kept_as_newer);

export const noDifference: DifferenceCounts = {
  only_in_source: 0,
  only_in_destination: 0,
  changed: 0,
  source_changed: 0,
  not_visible_yet: 0,
  all_counted: true,
};

interface SideSums {
  readonly sums: AllBucketSums;
  readonly kept: KeptRows;
}

const sideSums = ({ mostKept }: Pick<ComparedSides, 'mostKept'>): SideSums => ({
  sums: new AllBucketSums(),
  kept: new KeptRows(mostKept),
});

/** The sums at the end of an earlier step, which did not keep the rows themselves. */
function sideSumsOf(sums: SumsAsJson): SideSums {
  const kept = new KeptRows(0);
  kept.drop();
  return { sums: AllBucketSums.fromJson(sums), kept };
}

interface FirstLook {
  readonly source: SideSums;
  readonly destination: SideSums;
  readonly rows: ComparedRows;
  /** The keys of rows that are not yet due. */
  readonly notDue: KeySet;
  /** How many of the destination's rows are in quarantine. */
  readonly apart: number;
  readonly settledReadAt: Instant | null;
}

function firstLookAsJson({ source, destination, notDue, ...counted }: FirstLook): FirstLookAsJson {
  return { ...counted, source: source.sums.toJson(), destination: destination.sums.toJson(), notDue: notDue.toText() };
}

function firstLookIn({ rows, apart, settledReadAt, ...look }: FirstLookAsJson): FirstLook {
  const sides = { source: sideSumsOf(look.source), destination: sideSumsOf(look.destination) };
  return { ...sides, notDue: KeySet.fromText(look.notDue), rows, apart, settledReadAt };
}

/** The counts of a comparison before its first row. */
export const noRows: ComparedRows = {
  source: 0,
  destination: 0,
  not_yet_due: 0,
  at_watermark: 0,
  updated_since: 0,
  earlier_versions: 0,
  kept_as_newer: 0,
  deletes_due: 0,
  marked_deleted: 0,
  left_out: 0,
  unknown_keys: 0,
  last_good: 0,
  deletes_ignored: 0,
  foreign: 0,
};

/** Reads the whole source, and then the whole destination. */
async function firstLook(sides: Comparing): Promise<FirstLook> {
  const { columns, key, request, signal, tell, pausing, leftOut, settledSums } = sides;
  const look = pausing?.look ?? null;
  const earlier = look === null || 'round' in look ? null : look;
  const source = earlier === null ? sideSums(sides) : sideSumsOf(earlier.source);
  let destination = earlier === null ? sideSums(sides) : sideSumsOf(earlier.destination);
  let settledReadAt = earlier?.settledReadAt ?? null;
  const notDue = KeySet.fromText(earlier?.notDue ?? '');
  const rows = { ...noRows, ...earlier?.rows };
  const sampled = sampling(request.sample);
  let read = earlier?.read ?? 0;
  let apart = earlier?.apart ?? 0;
  const reached = (side: 'source' | 'destination', position: SidePosition) => {
    if (!pausing?.isOver()) return;
    const found = firstLookAsJson({ source, destination, rows, notDue, apart, settledReadAt });
    throw new LookPaused({ ...found, side, position, read, leftOut: leftOut.toJson() });
  };
  const isSourceRead = earlier?.side === 'destination';
  for await (const piece of isSourceRead ? [] : sides.source.read(signal, earlier?.position)) {
    if ('reached' in piece) reached('source', piece.reached);
    if ('leftOut' in piece) {
      rows.left_out += piece.rows;
      await leftOut.add(piece.leftOut);
    }
    if (!('frame' in piece)) continue;
    read += piece.frame.rows;
    if (piece.due) addTo(source, sampled(await hashed(piece.frame, columns, key)));
    else {
      rows.not_yet_due += piece.frame.rows;
      if (key.length > 0) notDue.add((await hashed(piece.frame, columns, key)).keys);
    }
    tell({ side: 'source', look: 'first', rows: read });
  }
  const readSettled = async (from?: SidePosition) => {
    for await (const piece of sides.destination.read(signal, from)) {
      if ('reached' in piece) reached('destination', piece.reached);
      if ('deleted' in piece) rows.marked_deleted += piece.deleted;
      if (!('frame' in piece)) continue;
      read += piece.frame.rows;
      if ('apart' in piece) {
        await leftOut.add(piece.frame);
        apart += piece.frame.rows;
      }
      const all = sampled(await hashed(piece.frame, columns, key));
      const due = withoutKeys(all, notDue);
      rows.updated_since += all.keys.length - due.keys.length;
      addTo(destination, due);
      tell({ side: 'destination', look: 'first', rows: read });
    }
  };
  let from = isSourceRead ? earlier.position : undefined;
  if (!isSourceRead) read = 0;
  const known = isSourceRead ? null : ((await settledSums?.take()) ?? null);
  if (known !== null) {
    destination = sideSumsOf(known.sums);
    rows.marked_deleted = known.marked;
    settledReadAt = known.readAt;
    from = { window: 0, left: known.rest };
  }
  await readSettled(from);
  // Known sums can only prove that all rows are equal. If buckets differ, the rows have to be read.
  if (settledReadAt !== null && source.sums.differingFrom(destination.sums).length > 0) {
    destination = sideSums(sides);
    settledReadAt = null;
    read = 0;
    Object.assign(rows, { marked_deleted: 0, updated_since: 0 });
    await readSettled();
  }
  if (rows.updated_since === 0 && known?.rest.length !== 0)
    await settledSums?.keep(destination.sums.toJson(), rows.marked_deleted, settledReadAt);
  rows.source = source.sums.rows;
  rows.destination = destination.sums.rows;
  return { source, destination, rows, notDue, apart, settledReadAt };
}

function addTo({ sums, kept }: SideSums, rows: HashedRows): void {
  sums.add(rows);
  kept.add(rows);
}

/** Buckets whose rows are looked at together. */
interface Round {
  readonly buckets: readonly number[];
  /** Whether all rows of these buckets can be held at once. */
  readonly isHeld: boolean;
}

/** Divides the buckets, in their order, into rounds. There are as few rounds as the number of rows that can be held at once allows. */
function roundsOf(
  differing: readonly number[],
  { mostKept: most, pausing }: ComparedSides,
  { source, destination }: { readonly source: AllBucketSums; readonly destination: AllBucketSums },
): readonly Round[] {
  const mostKept = pausing === null ? most : Math.min(most, mostKeptInSteps);
  const rounds: { buckets: number[]; isHeld: boolean }[] = [];
  let [inSource, there] = [0, 0];
  for (const bucket of differing) {
    const [one, other] = [source.counts[bucket] ?? 0, destination.counts[bucket] ?? 0];
    const last = rounds.at(-1);
    if (last?.isHeld && inSource + one <= mostKept && there + other <= mostKept) {
      last.buckets.push(bucket);
      [inSource, there] = [inSource + one, there + other];
    } else {
      rounds.push({ buckets: [bucket], isHeld: one <= mostKept && other <= mostKept });
      [inSource, there] = [one, other];
    }
  }
  // Rounds whose rows can’t be held come last, so that the other rounds are done first.
  return rounds.toSorted((one, other) => Number(other.isHeld) - Number(one.isHeld));
}
