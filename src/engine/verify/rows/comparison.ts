/** Two sides that are read, compared row by row: sums first, then the rows of the buckets that differ, then the few rows that are described. */
import { shownText } from '../../../frames/row-sum/canonical-text.ts';
import { canonicalTexts, rowHashes } from '../../../frames/row-sum/row-hashes.ts';
import { rowsAt } from '../../../frames/row-sum/some-rows.ts';
import { compareWatermarks, parsedKey, watermarkText } from '../../../frames/watermark-text.ts';
import { KeySet } from '../../../keys/key-set.ts';
import type {
  ComparedRows,
  ComparisonProgress,
  DifferenceCounts,
  DifferingRow,
  DifferingRows,
  VerifyRequest,
} from '../../../ports/answers/comparison.ts';
import type { Instant } from '../../../ports/values.ts';
import type { Frame } from '../../contracts/frame.ts';
import type { EnginePorts } from '../../contracts/ports.ts';
import type { SummedColumn } from '../../contracts/row-sums.ts';
import { LookPaused, type PausedLook } from '../paused-comparison.ts';
import type { SettledSums } from '../settled-sums.ts';
import type { ReadSide, SidePosition, SideRows } from '../sides.ts';
import { AllBucketSums, bucketAt, chosen, type HashedRows, halves, KeptRows, type SumsAsJson, sampling } from './bucket-sums.ts';
import { described, type LookedAtRows } from './described-rows.ts';
import type { DifferingRangesGatherer } from './differing-ranges.ts';
import { LastGoodMarks } from './last-good-marks.ts';
import { type KeyColumn, LeftOutKeys, placesWithoutKey } from './left-out-keys.ts';
import {
  countKeyDifferences,
  type DifferingKey,
  differingKeys,
  earlierVersions,
  type HowToCompare,
  hasSameRowHashes,
  type IsEarlier,
  type KeyDifferenceCounts,
  leftOver,
  settling,
} from './row-differences.ts';

const mostRowsKept = 2_000_000;
/** Keys that are looked at again: of those that differ, and of those with earlier versions. */
const mostLookedAt = 10_000;
const mostVersions = 200_000;
/** Each reads both sides twice. */
const mostRounds = 16;

export interface ComparedSides {
  readonly source: ReadSide;
  readonly destination: ReadSide;
  readonly columns: readonly SummedColumn[];
  /** Among `columns`; empty: there is none. */
  readonly key: readonly KeyColumn[];
  readonly how: Omit<HowToCompare, 'leftOut'>;
  /** The watermark's column: its values show which of two versions is the earlier one, and which range a row belongs to. Null: the values are not comparable. */
  readonly versionMark: SummedColumn | null;
  /** Gathers the watermarks of rows that differ; null: they can't be replaced by range. */
  readonly ranges: DifferingRangesGatherer | null;
  readonly request: VerifyRequest;
  /** No value is shown. */
  readonly hidesValues: boolean;
  /** Whether both sides are certainly as they were when they were read first. */
  readonly areUnchanged: () => Promise<boolean>;
  readonly ports: Pick<EnginePorts, 'clock'>;
  readonly signal: AbortSignal;
  readonly tell: (progress: Pick<ComparisonProgress, 'side' | 'look' | 'rows'>) => void;
  /** Rows of a side whose hashes are held at once, 16 bytes each. Absent: two million. */
  readonly mostKept?: number;
  /** The sums of the destination that are known; null: all of it is read. */
  readonly settledSums: SettledSums | null;
  /** How the first look pauses, and what an earlier step left of it; null: it is made in one step. */
  readonly pausing: { readonly look: PausedLook | null; readonly isOver: () => boolean } | null;
}

export interface ComparedContent {
  readonly rows: ComparedRows;
  readonly differences: DifferenceCounts;
  readonly differing: readonly DifferingRow[];
  readonly sums: { readonly source: string; readonly destination: string };
  /** False: more keys have earlier versions than were looked at. */
  readonly allVersionsLookedAt: boolean;
  /** How many of the destination's rows are in quarantine. */
  readonly apart: number;
  /** When the settled rows were read whose sums were known; null: they were read now. */
  readonly settledReadAt: Instant | null;
}

/** What one comparison goes by. */
interface Comparing extends Omit<ComparedSides, 'how'> {
  readonly how: HowToCompare;
  readonly leftOut: LeftOutKeys;
}

/** Throws LookPaused where a step of several is over. */
export async function comparedContent(of: ComparedSides): Promise<ComparedContent> {
  const leftOut = new LeftOutKeys(of, of.pausing?.look?.leftOut);
  const sides: Comparing = { ...of, leftOut, how: { ...of.how, leftOut } };
  const first = await firstLook(sides);
  const { source, destination } = first;
  const rows = { ...first.rows };
  const sums = { source: `${source.sums.sum()}`, destination: `${destination.sums.sum()}` };
  const rounds = roundsOf(source.sums.differingFrom(destination.sums), sides, { source: source.sums, destination: destination.sums });
  const counts = { ...noDifference };
  const differing: DifferingRow[] = [];
  let allVersionsLookedAt = true;
  for (const [at, round] of rounds.entries()) {
    const isEnough = at === mostRounds || differencesIn(counts) > mostLookedAt || (at > 0 && sides.pausing?.isOver() === true);
    // One bucket of more rows than are held has one key, or no rows that a key tells apart.
    if (isEnough || !round.isHeld) {
      counts.all_counted = false;
      if (isEnough) break;
      continue;
    }
    const isKept = !source.kept.overflowed && !destination.kept.overflowed;
    const found = differingIn(sides, isKept ? first : await rowsOfBuckets(sides, round.buckets, first.notDue), {
      ...{ buckets: round.buckets, notDue: first.notDue },
    });
    const again = await secondLook(sides, found.different, found.versions.slice(0, mostVersions));
    if (found.versions.length > mostVersions) allVersionsLookedAt = false;
    rows.earlier_versions += again.versions;
    rows.kept_as_newer += again.newer;
    // As rows with a newer version that is not yet due, these are on no side.
    rows.deletes_due += found.deletesDue;
    rows.last_good += found.lastGood;
    rows.destination -= found.deletesDue + found.lastGood;
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

interface FoundInBuckets {
  readonly different: readonly DifferingKey[];
  readonly versions: readonly DifferingKey[];
  readonly deletesDue: number;
  readonly lastGood: number;
}

function differingIn(
  sides: Comparing,
  { source, destination }: Pick<FirstLook, 'source' | 'destination'>,
  { buckets, notDue }: { readonly buckets: readonly number[]; readonly notDue: KeySet },
): FoundInBuckets {
  const [inSource, there] = [source.kept.byBucket(buckets), destination.kept.byBucket(buckets)];
  const keys = buckets.flatMap((bucket) => {
    const [one, other] = [inSource.get(bucket), there.get(bucket)];
    // The newer version of such a row is not yet due, whatever there is of earlier ones.
    return one === undefined || other === undefined ? [] : differingKeys(one, other).filter(({ key }) => !notDue.has(key));
  });
  const counted = keys.map((one) => countKeyDifferences(one, sides.how));
  const isDifferent = (one: KeyDifferenceCounts | undefined) => one !== undefined && differencesIn(one) > 0;
  return {
    different: keys.filter((_, at) => isDifferent(counted[at])),
    versions: keys.filter((_, at) => !isDifferent(counted[at]) && versionsIn(counted[at]) > 0),
    deletesDue: counted.reduce((sum, one) => sum + one.deletes_due, 0),
    lastGood: counted.reduce((sum, one) => sum + one.last_good, 0),
  };
}

const versionsIn = (one: KeyDifferenceCounts | undefined): number => (one === undefined ? 0 : one.earlier_versions + one.kept_as_newer);

const differencesIn = (counts: Pick<DifferenceCounts, 'only_in_source' | 'only_in_destination' | 'changed'>): number =>
  counts.only_in_source + counts.only_in_destination + counts.changed;

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

const sideSums = ({ mostKept = mostRowsKept }: Pick<ComparedSides, 'mostKept'>): SideSums => ({
  sums: new AllBucketSums(),
  kept: new KeptRows(mostKept),
});

/** As they were when a step was over: its rows were not kept. */
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
  /** Rows in quarantine among those of the destination. */
  readonly apart: number;
  readonly settledReadAt: Instant | null;
}

/** Counts of a comparison before it has read a row. */
export const noRows: ComparedRows = {
  source: 0,
  destination: 0,
  not_yet_due: 0,
  updated_since: 0,
  earlier_versions: 0,
  kept_as_newer: 0,
  deletes_due: 0,
  marked_deleted: 0,
  left_out: 0,
  unknown_keys: 0,
  last_good: 0,
  foreign: 0,
};

/** Reads all of the source, then all of the destination. */
async function firstLook(sides: Comparing): Promise<FirstLook> {
  const { columns, key, request, signal, tell, pausing, leftOut, settledSums } = sides;
  const earlier = pausing?.look ?? null;
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
    const sums = { source: source.sums.toJson(), destination: destination.sums.toJson() };
    const found = { notDue: notDue.toText(), leftOut: leftOut.toJson(), rows, read, apart, settledReadAt };
    throw new LookPaused({ side, position, ...sums, ...found });
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
  const known = isSourceRead ? null : ((await settledSums?.take()) ?? null);
  if (!isSourceRead) read = 0;
  if (known !== null) {
    destination = sideSumsOf(known.sums);
    rows.marked_deleted = known.marked;
    settledReadAt = known.readAt;
  }
  await readSettled(known === null ? (isSourceRead ? earlier.position : undefined) : { window: 0, left: known.rest });
  // Known sums only ever show that nothing differs: what differs is read.
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

function withoutKeys(rows: HashedRows, keys: KeySet): HashedRows {
  if (keys.size === 0) return rows;
  const { marks } = keys.missing(rows.keys);
  return chosen(rows, (at) => marks[at] === 1).rows;
}

async function hashed(frame: Frame, columns: readonly SummedColumn[], key: readonly SummedColumn[]): Promise<HashedRows> {
  const rows = await rowHashes(frame, columns);
  if (key.length === 0) return { rows, keys: rows };
  return { rows, keys: await keyHashes(frame, key, rows) };
}

/** A key with a null tells no rows apart: such a row is its own key, by its own hash. */
async function keyHashes(frame: Frame, key: readonly SummedColumn[], rows: BigInt64Array): Promise<BigInt64Array> {
  const keys = await rowHashes(frame, key);
  for (const at of await placesWithoutKey(frame, key)) keys[at] = rows[at] as bigint;
  return keys;
}

/** Buckets that are looked at together. */
interface Round {
  readonly buckets: readonly number[];
  /** Their rows are no more than are held at once. */
  readonly isHeld: boolean;
}

/** The buckets in their order, in as few rounds as the rows that are held at once allow. */
function roundsOf(
  differing: readonly number[],
  { mostKept = mostRowsKept }: ComparedSides,
  { source, destination }: { readonly source: AllBucketSums; readonly destination: AllBucketSums },
): readonly Round[] {
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
  // What can't be held takes no round from the others.
  return rounds.toSorted((one, other) => Number(other.isHeld) - Number(one.isHeld));
}

/** Reads both sides again, and keeps the rows of some buckets. */
async function rowsOfBuckets(
  sides: Comparing,
  wanted: readonly number[],
  notDue: KeySet,
): Promise<Pick<FirstLook, 'source' | 'destination'>> {
  const isWanted = new Set(wanted);
  const sampled = sampling(sides.request.sample);
  // A round has as many rows as are held; a side that has grown since has some more.
  const mostKept = Number.POSITIVE_INFINITY;
  const [source, destination] = [sideSums({ mostKept }), sideSums({ mostKept })];
  await overRows(sides, async (side, { frame, due }) => {
    if (!due) return;
    const all = sampled(await hashed(frame, sides.columns, sides.key));
    const keys = halves(all.keys);
    const here = chosen(all, (at) => isWanted.has(bucketAt(keys, at))).rows;
    addTo(side === 'source' ? source : destination, side === 'source' ? here : withoutKeys(here, notDue));
  });
  return { source, destination };
}

async function overRows(
  sides: Comparing,
  look: (side: 'source' | 'destination', piece: Extract<SideRows, { readonly frame: Frame }>) => Promise<void>,
  lookAtMarked?: (rows: Frame) => Promise<void>,
): Promise<void> {
  for (const side of ['source', 'destination'] as const) {
    let rows = 0;
    for await (const piece of sides[side].read(sides.signal)) {
      if ('leftOut' in piece) await sides.leftOut.add(piece.leftOut);
      if ('marked' in piece) await lookAtMarked?.(piece.marked);
      if (!('frame' in piece)) continue;
      rows += piece.frame.rows;
      await look(side, piece);
      sides.tell({ side, look: 'again', rows });
    }
  }
}

interface SecondLook {
  readonly counts: Omit<DifferenceCounts, 'all_counted'>;
  /** False: more keys differed at first than were looked at again, and none of those that were does any more. The others count as no difference. */
  readonly allLookedAt: boolean;
  readonly versions: number;
  /** Rows of the source that do not settle, since a newer row of their key does. */
  readonly newer: number;
  readonly differing: readonly DifferingRow[];
}

/** The rows of one key in both looks, and their texts by the rows' hashes. */
interface LookedAtKey {
  readonly before: DifferingKey;
  readonly now: { readonly source: bigint[]; readonly destination: bigint[] };
  /** The source has a newer version by now, which is not yet due. */
  isNotDue: boolean;
  readonly texts: Map<bigint, readonly (string | null)[]>;
}

/**
 * What differs is looked at again: after a pause, where a side may have changed since it was read. So are rows that may be earlier versions, whose watermarks
 * are read only now.
 */
async function secondLook(sides: Comparing, keys: readonly DifferingKey[], versions: readonly DifferingKey[]): Promise<SecondLook> {
  const counts = { only_in_source: 0, only_in_destination: 0, changed: 0, source_changed: 0, not_visible_yet: 0 };
  if (keys.length + versions.length === 0) return { counts, allLookedAt: true, versions: 0, newer: 0, differing: [] };
  const { ports, request, signal, how } = sides;
  if (!(await sides.areUnchanged())) await ports.clock.sleep(request.pauseMs, signal);
  const beyond = keys.slice(mostLookedAt);
  // Rows that can't be read are read again.
  sides.leftOut.unknown = 0;
  const { looked, marks } = await lookAgain(
    sides,
    [...keys.slice(0, mostLookedAt), ...versions],
    new Map(beyond.map((one) => [one.key, one])),
  );
  const isEarlier = earlierBy(sides.versionMark, marks);
  let [earlier, newer] = [0, 0];
  const differing: DifferingRow[] = [];
  for (const one of looked) {
    const rows = countKeyDifferences({ key: one.before.key, ...one.now }, how, isEarlier);
    const versions = new Set(earlierVersions({ key: one.before.key, ...one.now }, how, isEarlier));
    sides.ranges?.hold([...versions].flatMap((row) => [...(marks.get(row) ?? [])]));
    earlier += rows.earlier_versions;
    newer += rows.kept_as_newer;
    const before = countKeyDifferences(one.before, how);
    const hasChanged = !hasSameRowHashes(one.before.source, one.now.source);
    const [then, now] = [differencesIn(before), differencesIn(rows)];
    if (one.isNotDue || (now === 0 && hasChanged)) counts.source_changed += Math.max(then, now);
    else if (now === 0) counts.not_visible_yet += then;
    else {
      addUp(counts, rows);
      const settled = settling({ key: one.before.key, ...one.now }, how, isEarlier);
      const now = { ...settled, destination: settled.destination.filter((row) => !versions.has(row)) };
      noteRanges(sides, { now, marks, rows });
      if (differing.length < request.rows) differing.push(...described(sides, { now, texts: one.texts }));
    }
  }
  const mayBeSame = beyond.length > 0 && differencesIn(counts) === 0;
  if (!mayBeSame) for (const one of beyond) addUp(counts, countKeyDifferences(one, how));
  return { counts, allLookedAt: !mayBeSame, versions: earlier, newer, differing: differing.slice(0, request.rows) };
}

/** Whether a row has a watermark below that of another one. Without a known watermark it has none. */
function earlierBy(column: SummedColumn | null, marks: Marks): IsEarlier {
  if (column === null) return () => false;
  const { type } = column;
  const markOf = (row: bigint) => {
    const [mark] = marks.get(row) ?? [];
    const key = parsedKey(type, mark ?? '');
    return key === undefined ? undefined : { type, text: watermarkText(type, key) };
  };
  return (row, others) => {
    const own = markOf(row);
    if (own === undefined) return false;
    return others.some((one) => {
      const other = markOf(one);
      return other !== undefined && compareWatermarks(own, other) < 0;
    });
  };
}

type SidesDiffer = Pick<KeyDifferenceCounts, 'only_in_source' | 'only_in_destination' | 'changed'>;

function addUp(counts: { -readonly [count in keyof SidesDiffer]: number }, more: Readonly<SidesDiffer>): void {
  counts.only_in_source += more.only_in_source;
  counts.only_in_destination += more.only_in_destination;
  counts.changed += more.changed;
}

interface LookedAgain {
  readonly looked: readonly LookedAtKey[];
  readonly marks: Marks;
}

/** Watermarks by the rows' hashes, as canonical text. Rows with equal hashes have several where the watermark is not compared. */
type Marks = ReadonlyMap<bigint, ReadonlySet<string | null>>;

/** Of a merged or doubled row all watermarks, so that the ranges have it wherever it is. */
function noteRanges(
  { ranges }: Pick<Comparing, 'ranges'>,
  { now, marks, rows: counted }: Pick<LookedAtRows, 'now'> & { readonly marks: Marks; readonly rows: KeyDifferenceCounts },
): void {
  const left = leftOver(now);
  if (ranges === null) return;
  const marksOf = (rows: readonly bigint[]) => rows.map((row) => [...(marks.get(row) ?? [null])]);
  ranges.addKey({ source: marksOf(left.source), destination: marksOf(left.destination) }, counted);
}

/** What the rows of keys count as, of which only the watermarks are looked at. */
class RowsBeyond {
  readonly #keys: ReadonlyMap<bigint, DifferingKey>;
  readonly #how: HowToCompare;
  /** Rows of a key that are still to come. */
  readonly #left = new Map<bigint, { adds: number; changes: number; changed: number; removes: number }>();

  constructor(keys: ReadonlyMap<bigint, DifferingKey>, how: HowToCompare) {
    this.#keys = keys;
    this.#how = how;
  }

  next(side: 'source' | 'destination', key: bigint): Partial<DifferingRows> {
    const one = this.#keys.get(key);
    if (one === undefined) return {};
    const left = this.#left.get(key) ?? this.#begun(one);
    const takes = (what: keyof typeof left): boolean => left[what] > 0 && left[what]-- > 0;
    if (side === 'source') return takes('adds') ? { source: 1, adds: 1 } : takes('changes') ? { source: 1, changes: 1 } : {};
    return takes('changed') ? { destination: 1 } : takes('removes') ? { destination: 1, removes: 1 } : {};
  }

  #begun(one: DifferingKey) {
    const { only_in_source: adds, changed, only_in_destination: removes } = countKeyDifferences(one, this.#how);
    const left = { adds, changes: changed, changed, removes };
    this.#left.set(one.key, left);
    return left;
  }
}

/** @param beyond keys that differ, and of whose rows only the watermarks are looked at. */
async function lookAgain(sides: Comparing, keys: readonly DifferingKey[], beyond: ReadonlyMap<bigint, DifferingKey>): Promise<LookedAgain> {
  const marks = new Map<bigint, Set<string | null>>();
  const { versionMark, ranges } = sides;
  const notesMarks = versionMark !== null && (sides.how.keepsVersions || ranges !== null);
  const looked = new Map(
    keys.map((before) => [
      before.key,
      { before, now: { source: [] as bigint[], destination: [] as bigint[] }, isNotDue: false, texts: new Map() },
    ]),
  );
  const rowsBeyond = new RowsBeyond(beyond, sides.how);
  const shownKeys = new Set(keys.slice(0, sides.request.rows * 4).map(({ key }) => key));
  const lastGood = ranges === null || versionMark === null ? null : new LastGoodMarks(sides.leftOut);
  /** The keys of rows that are not yet due: what settled of them stays until a run brings these. */
  const notDue = new KeySet();
  const look: Parameters<typeof overRows>[1] = async (side, piece) => {
    const { frame } = piece;
    const all = await hashed(frame, sides.columns, sides.key);
    if (!piece.due) {
      if (side === 'source' && sides.key.length > 0) notDue.add(all.keys);
      // Without a key a newer version has another hash.
      for (const key of all.keys) {
        const one = looked.get(key);
        if (one) one.isNotDue = true;
      }
      return;
    }
    if (lastGood !== null && versionMark !== null)
      await lastGood.add(side, all, (places) => ('apart' in piece ? null : textsAt(frame, versionMark, places)));
    if (side === 'destination' && ranges !== null && versionMark !== null) {
      const stay = notDue.placesIn(all.keys);
      if (stay.length > 0) ranges.hold(stay.map(await textsAt(frame, versionMark, stay)));
    }
    const { rows, places } = chosen(all, (at) => looked.has(all.keys[at] as bigint));
    const others = ranges === null || beyond.size === 0 ? [] : chosen(all, (at) => beyond.has(all.keys[at] as bigint)).places;
    if (notesMarks && places.length + others.length > 0) {
      const markAt = await textsAt(frame, versionMark, [...places, ...others]);
      for (const place of places) {
        const row = all.rows[place] as bigint;
        marks.set(row, (marks.get(row) ?? new Set()).add(markAt(place)));
      }
      for (const place of others) ranges?.add(markAt(place), rowsBeyond.next(side, all.keys[place] as bigint));
    }
    const shown: { readonly place: number; readonly key: bigint; readonly row: bigint }[] = [];
    rows.keys.forEach((key, at) => {
      const one = looked.get(key);
      const row = rows.rows[at] as bigint;
      one?.now[side].push(row);
      if (one && shownKeys.has(key) && !one.texts.has(row)) shown.push({ place: places[at] as number, key, row });
    });
    if (shown.length === 0) return;
    const texts = await shownTexts(
      await rowsAt(
        frame,
        shown.map(({ place }) => place),
      ),
      sides.columns,
    );
    for (const [at, { key, row }] of shown.entries()) looked.get(key)?.texts.set(row, texts[at]);
  };
  let marked = 0;
  await overRows(sides, look, async (rows) => {
    marked += rows.rows;
    if (ranges === null || versionMark === null || marked > mostVersions) return;
    ranges.hold((await canonicalTexts(rows, [versionMark])).map(([mark]) => mark ?? null));
  });
  if (lastGood !== null) ranges?.hold(lastGood.marks());
  return { looked: [...looked.values()], marks };
}

/** More places are not worth as many pieces of a frame. */
const fewPlaces = 200;

/** The texts of rows as people read them. */
async function shownTexts(frame: Frame, columns: readonly SummedColumn[]): Promise<readonly (readonly (string | null)[])[]> {
  return (await canonicalTexts(frame, columns)).map((texts) => texts.map((text, at) => shownText(columns[at]?.type, text)));
}

/** The canonical texts of a column at some places of a frame. */
async function textsAt(frame: Frame, column: SummedColumn, places: readonly number[]): Promise<(place: number) => string | null> {
  if (places.length > fewPlaces) {
    const texts = await canonicalTexts(frame, [column]);
    return (place) => texts[place]?.[0] ?? null;
  }
  const texts = await canonicalTexts(await rowsAt(frame, places), [column]);
  const byPlace = new Map(places.map((place, at) => [place, texts[at]?.[0] ?? null]));
  return (place) => byPlace.get(place) ?? null;
}
