/**
 * The keys of a commit's rows. If several rows have the same key, the row with the largest watermark settles. All other rows with the key are earlier
 * versions of the settled row.
 */
import { boundsOf, mayHold } from '../../../delta/values/pruning.ts';
import { keyTwice } from '../../../engine/contracts/errors.ts';
import type { Frame } from '../../../engine/contracts/frame.ts';
import type { Window } from '../../../engine/contracts/home.ts';
import { describeType, sameType } from '../../../frames/describe-type.ts';
import type { KeyEqualities } from '../../../frames/row-sum/key-equality.ts';
import type { DataType } from '../../../frames/schema.ts';
import type { Watermark } from '../../../frames/watermark.ts';
import { canBeWatermark, compareWatermarks } from '../../../frames/watermark-text.ts';
import { type PlaceShare, PlaceTable } from '../../../keys/place-table.ts';
import { compareOrNull, WatermarkList } from '../../../keys/watermark-list.ts';
import type { KeyBounds } from '../../store/merge-work.ts';
import type { FileToRead, MergeTools } from './merge-tools.ts';

/** A part of the commit. Its rows are numbered among all rows of the commit, starting at `first`. */
export interface KeyedPart extends FileToRead {
  readonly first: number;
  readonly rows: number;
  /** Whether the rows of the part only name keys to delete. */
  readonly isDeleted: boolean;
}

export interface KeyedRows {
  readonly tools: MergeTools;
  readonly parts: readonly KeyedPart[];
  readonly key: readonly string[];
  readonly watermark: string | null;
  /** See `Writing.keyEqualities`. */
  readonly equalities: KeyEqualities;
  /** Collects the ranges of the key’s columns while the rows are read. */
  readonly ranges: KeyRanges;
  /** For messages. */
  readonly where: string;
}

/** The part with the row at a place. @param parts in the order of their places. */
export function partAt(parts: readonly KeyedPart[], place: number): KeyedPart {
  let [low, high] = [0, parts.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((parts[middle] as KeyedPart).first <= place) low = middle;
    else high = middle - 1;
  }
  return parts[low] as KeyedPart;
}

interface KeyRange {
  readonly of: Pick<Watermark, 'column' | 'type'>;
  readonly min: string;
  readonly max: string;
}

/** The range of each key column, from the parts that contain the rows. */
export class KeyRanges {
  readonly #key: readonly string[];
  /** The ranges by part and column. Null: the column has no order, or more than one order. */
  readonly #found = new Map<string, Map<string, KeyRange | null>>();
  /** One object for each column and type, because `Frame.extremes` recognises the object. */
  readonly #columns = new Map<string, KeyRange['of']>();

  constructor(key: readonly string[]) {
    this.#key = key;
  }

  async add(part: string, frame: Frame): Promise<void> {
    const found = this.#found.get(part) ?? new Map<string, KeyRange | null>();
    this.#found.set(part, found);
    for (const column of this.#key) {
      const before = found.get(column);
      const type = frame.schema.columns.find(({ name }) => name === column)?.type;
      if (before === null || frame.rows === 0) continue;
      if (type === undefined || !canBeWatermark(type) || (before !== undefined && !sameType(before.of.type, type))) {
        found.set(column, null);
        continue;
      }
      const of = this.#columnOf(column, type);
      const edges = await frame.extremes(of);
      if (edges !== undefined) found.set(column, joined(before, { of, ...edges }));
    }
  }

  #columnOf(column: string, type: DataType): KeyRange['of'] {
    const name = `${column}\0${describeType(type)}`;
    const known = this.#columns.get(name) ?? { column, type };
    this.#columns.set(name, known);
    return known;
  }

  /** The smallest and the largest key values of each part. */
  bounds(): Readonly<Record<string, KeyBounds>> {
    const told = (ranges: ReadonlyMap<string, KeyRange | null>): KeyBounds =>
      Object.fromEntries([...ranges].flatMap(([column, range]) => (range === null ? [] : [[column, { min: range.min, max: range.max }]])));
    return Object.fromEntries([...this.#found].map(([part, ranges]) => [part, told(ranges)]));
  }

  /** For each column, the window that contains the values of all rows that were read. Columns without an order are left out. */
  windows(): readonly Window[] {
    return this.#key.flatMap((column) => {
      let range: KeyRange | null | undefined;
      for (const ranges of this.#found.values()) {
        const one = ranges.get(column);
        if (one === undefined) continue;
        if (one === null || (range != null && !sameType(range.of.type, one.of.type))) return [];
        range = joined(range ?? undefined, one);
      }
      if (range == null) return [];
      const edge = (text: string) => ({ text, inclusive: true });
      const { of, min, max } = range;
      return [{ column: of, seen: null, changedFiles: 'fail', lower: edge(min), upper: edge(max), nulls: 'exclude' } as const];
    });
  }
}

function joined(one: KeyRange | undefined, other: KeyRange): KeyRange {
  if (one === undefined) return other;
  const { type } = other.of;
  const isLess = (a: string, b: string) => compareWatermarks({ type, text: a }, { type, text: b }) < 0;
  return { of: other.of, min: isLess(one.min, other.min) ? one.min : other.min, max: isLess(one.max, other.max) ? other.max : one.max };
}

/**
 * Whether a file may have rows with the same keys as the rows that were read, by its partition and the log's statistics. A column is ignored if
 * different texts count as equal in it.
 */
export function mayHaveKeys({ parts, key, equalities, ranges }: KeyedRows): (of: FileToRead) => boolean {
  const exact = key.filter((name) => equalities[name] === undefined);
  const windows = ranges.windows().filter(({ column }) => column !== null && exact.includes(column.column));
  const partitions = exact.map((name) => ({ name, values: new PartitionValues(parts.map((part) => partitionIn(part, name))) }));
  return (of) => {
    const isElsewhere = partitions.some(({ name, values }) => {
      const own = partitionIn(of, name);
      return own !== undefined && !values.mayHave(own);
    });
    return !isElsewhere && windows.every((window) => mayHold(of.file, window, of.table));
  };
}

interface PartitionText {
  readonly type: string;
  readonly text: string | null;
}

/** The values of a column in the partitions of all parts. */
class PartitionValues {
  readonly #isKnown: boolean;
  readonly #byType = new Map<string, Set<string | null>>();

  /** @param values of the parts; undefined: the part is not partitioned by the column, or its value can’t be read. */
  constructor(values: readonly (PartitionText | undefined)[]) {
    this.#isKnown = !values.includes(undefined);
    for (const value of values) {
      if (value === undefined) continue;
      const texts = this.#byType.get(value.type) ?? new Set();
      this.#byType.set(value.type, texts.add(value.text));
    }
  }

  /** Whether a file with this partition value may have keys of the parts. Values of other types may always have keys; a null has none, because no key is null. */
  mayHave({ type, text }: PartitionText): boolean {
    if (!this.#isKnown) return true;
    if (text === null) return false;
    return [...this.#byType].some(([one, texts]) => one !== type || texts.has(text));
  }
}

/** The partition value of a file for a column. Undefined: the file is not partitioned by the column, or its value can’t be read. */
function partitionIn({ file, table }: FileToRead, name: string): PartitionText | undefined {
  const { partitionColumns, schema } = table.metadata;
  if (!partitionColumns.includes(name)) return undefined;
  const { min } = boundsOf(file, name, table);
  const type = JSON.stringify(schema.fields.find((field) => field.name === name)?.type);
  return min.kind === 'exact' ? { type, text: min.text } : min.kind === 'nulls' ? { type, text: null } : undefined;
}

/** The numbers of keys, by their folded texts. */
class Spellings {
  readonly #table = new PlaceTable({ n: 0, of: 1 });
  readonly #numbers: number[][] = [];

  add(words: Int32Array, at: number, number: number): void {
    const folded = this.#table.get(words, at) ?? this.#table.add(words, at);
    const known = this.#numbers[folded] ?? [];
    this.#numbers[folded] = known;
    if (!known.includes(number)) known.push(number);
  }

  numbers(words: Int32Array, at: number): readonly number[] {
    const folded = this.#table.get(words, at);
    return folded === undefined ? [] : (this.#numbers[folded] ?? []);
  }
}

/** The newest row of each key of a share. */
export class NewestKeys {
  /** The places of rows that are earlier versions. */
  readonly earlier: number[] = [];
  readonly #of: KeyedRows;
  readonly #table: PlaceTable;
  /** For each number of a key, the place of the newest row with this key. */
  readonly #places: number[] = [];
  readonly #watermarks = new WatermarkList();
  readonly #spellings: Spellings | undefined;
  /** For each key with several rows at its largest watermark, the places of these rows. */
  readonly #ties = new Map<number, number[]>();

  private constructor(of: KeyedRows, share: PlaceShare) {
    this.#of = of;
    this.#table = new PlaceTable(share);
    this.#spellings = Object.keys(of.equalities).length === 0 ? undefined : new Spellings();
  }

  /** Throws StoreError HYG-4016 if the watermark does not decide which of two different rows of a key is newer. */
  static async read(of: KeyedRows, share: PlaceShare): Promise<NewestKeys> {
    const keys = new NewestKeys(of, share);
    const columns = [...new Set([...of.key, ...(of.watermark === null ? [] : [of.watermark])])];
    for (const part of of.parts) {
      let at = part.first;
      for await (const frame of (await of.tools.open(part, columns)).frames()) {
        if (share.n === 0) await of.ranges.add(part.file.path, frame);
        await keys.#add(frame, { at, isDeleted: part.isDeleted });
        at += frame.rows;
      }
    }
    await keys.#mustBeDecided();
    return keys;
  }

  get size(): number {
    return this.#table.size;
  }

  /** The place of the newest row of a key, and its watermark; undefined: no row of the commit has the key. */
  find(words: Int32Array, at: number): number | undefined {
    return this.#table.isMine(words, at) ? this.#table.get(words, at) : undefined;
  }

  /** For each row, the number of a commit’s key that is another text but counts as equal to the row’s key. Undefined: different texts never count as equal. */
  async spelledIn(frame: Frame): Promise<((at: number) => number | undefined) | undefined> {
    const spellings = this.#spellings;
    if (spellings === undefined) return undefined;
    const { tools, key, equalities, parts } = this.#of;
    const words = await tools.spellings(frame, key, equalities);
    return (at) => spellings.numbers(words, at).find((number) => !partAt(parts, this.placeOf(number)).isDeleted);
  }

  /** The place of the newest row of a key. @param number of the key, from `find`. */
  placeOf(number: number): number {
    return this.#places[number] as number;
  }

  watermarkOf(number: number) {
    return this.#watermarks.get(number);
  }

  async #add(frame: Frame, { at, isDeleted }: { readonly at: number; readonly isDeleted: boolean }): Promise<void> {
    const { tools, key, watermark, equalities } = this.#of;
    const words = await tools.keys(frame, key);
    const watermarks = watermark === null ? [] : await tools.watermarks(frame, watermark);
    const spelled = isDeleted || this.#spellings === undefined ? undefined : await tools.spellings(frame, key, equalities);
    for (let i = 0; i < frame.rows; i++) {
      if (!this.#table.isMine(words, i)) continue;
      const row = { place: at + i, mark: watermarks[i] ?? null, isDeleted };
      const number = this.#table.get(words, i);
      const now = number ?? this.#table.add(words, i);
      if (number === undefined) this.#become(now, row);
      else this.#compare(number, row);
      if (spelled !== undefined) this.#spellings?.add(spelled, i, now);
    }
  }

  #become(number: number, { place, mark }: { readonly place: number; readonly mark: ReturnType<WatermarkList['get']> }): void {
    this.#places[number] = place;
    this.#watermarks.set(number, mark);
  }

  #compare(
    number: number,
    row: { readonly place: number; readonly mark: ReturnType<WatermarkList['get']>; readonly isDeleted: boolean },
  ): void {
    const order = compareOrNull(row.mark, this.#watermarks.get(number));
    if (order < 0) return void this.earlier.push(row.place);
    const before = this.placeOf(number);
    this.earlier.push(before);
    if (order > 0) this.#ties.delete(number);
    // Two rows that only delete their key count as one row.
    else if (this.#ties.has(number) || !row.isDeleted || !partAt(this.#of.parts, before).isDeleted)
      this.#tie(number, before).push(row.place);
    this.#become(number, row);
  }

  /** The list of rows with the same key and watermark. @param first the place of the first such row. */
  #tie(number: number, first: number): number[] {
    const places = this.#ties.get(number) ?? [first];
    this.#ties.set(number, places);
    return places;
  }

  /** Throws if rows with the same key and watermark differ. Rows that are the same in all columns count as one row. */
  async #mustBeDecided(): Promise<void> {
    if (this.#ties.size === 0) return;
    const { tools, parts, key, where } = this.#of;
    const wanted = new Set([...this.#ties.values()].flat());
    const tied = new Set(Array.from(wanted, (place) => partAt(parts, place)));
    const rows = new Map<number, bigint | 'deleted'>();
    for (const part of tied) {
      let at = part.first;
      for await (const frame of (await tools.open(part, null)).frames()) {
        const hashes = part.isDeleted ? undefined : await tools.hashes(frame, null);
        for (let i = 0; i < frame.rows; i++) if (wanted.has(at + i)) rows.set(at + i, hashes?.[i] ?? 'deleted');
        at += frame.rows;
      }
    }
    for (const places of this.#ties.values()) {
      const [first, ...others] = places.map((place) => rows.get(place));
      if (others.every((one) => one === first)) continue;
      throw keyTwice(where, { key, example: await this.#exampleAt(places[0] as number) });
    }
  }

  async #exampleAt(place: number): Promise<string> {
    const { tools, parts, key } = this.#of;
    const part = partAt(parts, place);
    let at = part.first;
    for await (const frame of (await tools.open(part, key)).frames()) {
      if (place < at + frame.rows)
        return tools.example(await frame.pick(Uint8Array.from({ length: frame.rows }, (_, i) => Number(at + i === place))), key);
      at += frame.rows;
    }
    return '';
  }
}
