/** The second look at rows that differ. Afterwards the rows are counted and described. */
import { shownText } from '../../../frames/row-sum/canonical-text.ts';
import { canonicalTexts } from '../../../frames/row-sum/row-hashes.ts';
import { rowsAt } from '../../../frames/row-sum/some-rows.ts';
import { shortHash } from '../../../frames/short-hash.ts';
import { compareWatermarks, parsedKey, watermarkText } from '../../../frames/watermark-text.ts';
import type { DifferenceCounts, DifferingRow } from '../../../ports/answers/comparison.ts';
import type { Frame } from '../../contracts/frame.ts';
import type { SummedColumn } from '../../contracts/row-sums.ts';
import type { RoundSteps } from '../steps/paused-comparison.ts';
import { chosen } from './bucket-sums.ts';
import type { Comparing } from './comparison.ts';
import { described, type LookedAtRows } from './described-rows.ts';
import { hashed } from './hashed-rows.ts';
import { type KeysAsJson, keysAsJson, keysIn } from './hashes-as-json.ts';
import { type LookedAtKey, LookedRows, type LookedRowsAsJson } from './looked-rows.ts';
import {
  countKeyDifferences,
  type DifferingKey,
  earlierVersions,
  type HowToCompare,
  hasSameRowHashes,
  type IsEarlier,
  type KeyDifferenceCounts,
  leftOver,
  settling,
} from './row-differences.ts';
import { overRows } from './rows-of-buckets.ts';
import type { SettledVersions } from './settled-versions.ts';

/** How many keys are looked at again, at most. These are keys that differ, and keys with earlier versions. */
export const mostLookedAt = 10_000;
export const mostVersions = 200_000;

/** How many rows certainly differ, by these counts. */
export const differencesIn = (counts: Pick<DifferenceCounts, 'only_in_source' | 'only_in_destination' | 'changed'>): number =>
  counts.only_in_source + counts.only_in_destination + counts.changed;

/** The keys of a round that are looked at again, and the round’s other findings. */
export interface FoundInBuckets {
  readonly different: readonly DifferingKey[];
  readonly versions: readonly DifferingKey[];
  /** Whether the keys include all keys with earlier versions. */
  readonly allVersions: boolean;
  readonly deletesDue: number;
  readonly lastGood: number;
  readonly deletesIgnored: number;
}

/** What is known about the keys that are looked at again, and the rows found for these keys so far. */
export interface SecondLookAsJson {
  readonly keys: Omit<FoundInBuckets, 'different' | 'versions'> & Readonly<Record<'different' | 'versions', KeysAsJson>>;
  readonly looked: LookedRowsAsJson;
}

export function foundIn({ keys }: SecondLookAsJson): FoundInBuckets {
  return { ...keys, different: keysIn(keys.different), versions: keysIn(keys.versions) };
}

interface SecondLook {
  readonly counts: Omit<DifferenceCounts, 'all_counted'>;
  /** Whether all keys that differed were looked at again. If not, no key that was looked at still differs, and the other keys do not count as differences. */
  readonly allLookedAt: boolean;
  readonly versions: number;
  /** How many rows of the source do not settle because a newer row of their key does. */
  readonly newer: number;
  /** How many settled rows have a key that is gone from the source (`deletes: ignore`), or are last good versions. They are counted here if only their versions show that. */
  readonly ignored: number;
  readonly lastGood: number;
  readonly differing: readonly DifferingRow[];
}

/**
 * Looks at differing rows again. If a side may have changed since it was read, there is a pause first. It also looks at rows that may be earlier
 * versions, whose watermarks are read only now.
 */
export async function secondLook(sides: Comparing, found: FoundInBuckets, steps: RoundSteps<SecondLookAsJson>): Promise<SecondLook> {
  const { different: keys, versions } = found;
  const counts = { only_in_source: 0, only_in_destination: 0, changed: 0, source_changed: 0, not_visible_yet: 0 };
  if (keys.length + versions.length === 0)
    return { counts, allLookedAt: true, versions: 0, newer: 0, ignored: 0, lastGood: 0, differing: [] };
  const { ports, request, signal, how } = sides;
  if (steps.left === null) {
    if ((await sides.sourceSince()) !== 'same') await ports.clock.sleep(request.pauseMs, signal);
    // The rows that can’t be read are read again, so they are counted anew.
    sides.leftOut.unknown = 0;
  }
  const beyond = keys.slice(mostLookedAt);
  const {
    looked,
    marks,
    versions: settled,
  } = await lookAgain(
    sides,
    { keys: [...keys.slice(0, mostLookedAt), ...versions], beyond: new Map(beyond.map((one) => [one.key, one])) },
    {
      left: steps.left === null ? null : { at: steps.left.at, stage: steps.left.stage.looked },
      reached: (at, looked) => steps.reached(at, () => ({ keys: foundAsJson(found), looked: looked() })),
    },
  );
  const isEarlier = earlierBy(sides, marks);
  const newestOf = newestSettled(how, settled);
  let [earlier, newer, ignored, lastGood] = [0, 0, 0, 0];
  const differing: DifferingRow[] = [];
  for (const one of looked) {
    const { key: newest, how, earlier: older } = newestOf({ key: one.before.key, ...one.now });
    const rows = countKeyDifferences(newest, how, isEarlier);
    const versions = new Set(earlierVersions(newest, how, isEarlier));
    sides.ranges?.hold([...versions].flatMap((row) => [...(marks.get(row) ?? [])]));
    earlier += older + rows.earlier_versions;
    newer += rows.kept_as_newer;
    if (settled !== null) {
      ignored += rows.deletes_ignored;
      lastGood += rows.last_good;
    }
    const before = countKeyDifferences(one.before, sides.how);
    const hasChanged = !hasSameRowHashes(one.before.source, one.now.source);
    const [then, now] = [differencesIn(before), differencesIn(rows)];
    if (one.isNotDue || (now === 0 && hasChanged)) counts.source_changed += Math.max(then, now);
    else if (now === 0) counts.not_visible_yet += then;
    else {
      addUp(counts, rows);
      const settles = settling(newest, how, isEarlier);
      const now = { ...settles, destination: settles.destination.filter((row) => !versions.has(row)) };
      noteRanges(sides, { now, marks, rows });
      if (differing.length < request.rows) differing.push(...described(sides, { now, texts: one.texts }));
    }
  }
  const mayBeSame = beyond.length > 0 && differencesIn(counts) === 0;
  if (!mayBeSame) for (const one of beyond) addUp(counts, countKeyDifferences(one, how));
  return { counts, allLookedAt: !mayBeSame, versions: earlier, newer, ignored, lastGood, differing: differing.slice(0, request.rows) };
}

/** For each key, the settled rows that count, and the number of earlier rows. @param versions the versions of a feed; null: the rows have none. */
function newestSettled(how: HowToCompare, versions: SettledVersions | null) {
  const asNewest = { ...how, keepsVersions: false, knowsSettledVersions: false };
  return (key: DifferingKey): { readonly key: DifferingKey; readonly how: HowToCompare; readonly earlier: number } => {
    if (versions === null) return { key, how, earlier: 0 };
    const { rows, earlier } = versions.newest(key);
    return { key: { ...key, destination: rows }, how: asNewest, earlier };
  };
}

function foundAsJson(found: FoundInBuckets): SecondLookAsJson['keys'] {
  return { ...found, different: keysAsJson(found.different), versions: keysAsJson(found.versions) };
}

/**
 * Whether a row has a lower watermark than another row. If a watermark is not known, the answer is no. In a store that keeps versions, a row that got
 * or lost its watermark is added once more, and its earlier row may stay.
 */
function earlierBy({ versionMark: column, how }: Pick<Comparing, 'versionMark' | 'how'>, marks: Marks): IsEarlier {
  if (column === null) return () => false;
  const { type } = column;
  const markOf = (row: bigint) => {
    const [mark] = marks.get(row) ?? [];
    const key = parsedKey(type, mark ?? '');
    return key === undefined ? undefined : { type, text: watermarkText(type, key) };
  };
  const isUnmarked = (row: bigint) => marks.get(row)?.has(null) === true;
  return (row, others) => {
    const own = markOf(row);
    if (how.keepsVersions && others.some((one) => isUnmarked(one) !== isUnmarked(row))) return true;
    if (own === undefined) return false;
    return others.some((one) => {
      const other = markOf(one);
      return other !== undefined && compareWatermarks(own, other) < 0;
    });
  };
}

type SidesDiffer = Pick<KeyDifferenceCounts, 'only_in_source' | 'only_in_destination' | 'changed'>;

export function addUp(counts: { -readonly [count in keyof SidesDiffer]: number }, more: Readonly<SidesDiffer>): void {
  counts.only_in_source += more.only_in_source;
  counts.only_in_destination += more.only_in_destination;
  counts.changed += more.changed;
}

interface LookedAgain {
  readonly looked: readonly LookedAtKey[];
  readonly marks: Marks;
  readonly versions: SettledVersions | null;
}

/** The watermarks of rows by the rows’ hashes, as canonical text. If the watermark is not compared, rows with equal hashes may have several. */
type Marks = ReadonlyMap<bigint, ReadonlySet<string | null>>;

/** Notes all watermarks of a merged or repeated row, so that the ranges contain them. */
function noteRanges(
  { ranges }: Pick<Comparing, 'ranges'>,
  { now, marks, rows: counted }: Pick<LookedAtRows, 'now'> & { readonly marks: Marks; readonly rows: KeyDifferenceCounts },
): void {
  const left = leftOver(now);
  if (ranges === null) return;
  const marksOf = (rows: readonly bigint[]) => rows.map((row) => [...(marks.get(row) ?? [null])]);
  ranges.addKey({ source: marksOf(left.source), destination: marksOf(left.destination) }, counted);
}

/** @param keys the keys to look at. `beyond`: differing keys for which only the watermarks of the rows are looked at. */
async function lookAgain(
  sides: Comparing,
  { keys, beyond }: { readonly keys: readonly DifferingKey[]; readonly beyond: ReadonlyMap<bigint, DifferingKey> },
  { left, reached }: RoundSteps<LookedRowsAsJson>,
): Promise<LookedAgain> {
  const { versionMark, settledVersion, ranges } = sides;
  const notesMarks = versionMark !== null && (sides.how.keepsVersions || sides.how.keepsNewest || ranges !== null);
  const gathered = new LookedRows(sides, { keys, beyond }, left?.stage ?? null);
  const { looked, rowsBeyond, lastGood, notDue } = gathered;
  const shownKeys = new Set(keys.slice(0, sides.request.rows * 4).map(({ key }) => key));
  const look: Parameters<typeof overRows>[2] = async (side, piece) => {
    const { frame } = piece;
    const all = await hashed(frame, sides.columns, sides.key);
    if (!piece.due) {
      if (side === 'source' && sides.key.length > 0) notDue.add(all.keys);
      // Without a key, a newer version of a row has another hash.
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
    if (side === 'destination' && settledVersion !== null && places.length > 0) {
      const versionAt = await textsAt(frame, settledVersion, places);
      for (const place of places) gathered.versions?.add(all.keys[place] as bigint, all.rows[place] as bigint, versionAt(place));
    }
    const others = ranges === null || beyond.size === 0 ? [] : chosen(all, (at) => beyond.has(all.keys[at] as bigint)).places;
    if (notesMarks && places.length + others.length > 0) {
      const markAt = await textsAt(frame, versionMark, [...places, ...others]);
      for (const place of places) gathered.noteMark(all.rows[place] as bigint, markAt(place));
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
    // Between two steps the state has these texts, so they must not contain a hidden value.
    const kept = (text: string | null) => (sides.hidesValues && text !== null ? shortHash(text) : text);
    for (const [at, { key, row }] of shown.entries()) looked.get(key)?.texts.set(row, (texts[at] ?? []).map(kept));
  };
  await overRows(sides, { left, reached: (at) => reached(at, () => gathered.toJson()) }, look, async (rows) => {
    gathered.marked += rows.rows;
    if (settledVersion !== null) {
      const { keys } = await hashed(rows, sides.key, sides.key);
      const places = [...keys.keys()].filter((at) => looked.has(keys[at] as bigint));
      const versionAt = await textsAt(rows, settledVersion, places);
      for (const place of places) gathered.versions?.addDeleted(keys[place] as bigint, versionAt(place));
    }
    if (ranges === null || versionMark === null || gathered.marked > mostVersions) return;
    ranges.hold((await canonicalTexts(rows, [versionMark])).map(([mark]) => mark ?? null));
  });
  if (lastGood !== null) ranges?.hold(lastGood.marks());
  return { looked: [...looked.values()], marks: gathered.marks, versions: gathered.versions };
}

/** The most rows for which pieces of a frame are taken one by one. For more rows it is not worth it. */
const fewPlaces = 200;

/** The texts of rows, as people see them. */
async function shownTexts(frame: Frame, columns: readonly SummedColumn[]): Promise<readonly (readonly (string | null)[])[]> {
  return (await canonicalTexts(frame, columns)).map((texts) => texts.map((text, at) => shownText(columns[at]?.type, text)));
}

/** The canonical texts of a column in the rows with these indexes. */
async function textsAt(frame: Frame, column: SummedColumn, places: readonly number[]): Promise<(place: number) => string | null> {
  if (places.length > fewPlaces) {
    const texts = await canonicalTexts(frame, [column]);
    return (place) => texts[place]?.[0] ?? null;
  }
  const texts = await canonicalTexts(await rowsAt(frame, places), [column]);
  const byPlace = new Map(places.map((place, at) => [place, texts[at]?.[0] ?? null]));
  return (place) => byPlace.get(place) ?? null;
}
