/** What a second look at the rows of some keys gathers, and how it is kept between two steps. */
import { KeySet } from '../../../keys/key-set.ts';
import type { DifferingRows } from '../../../ports/answers/comparison.ts';
import type { Comparing } from './comparison.ts';
import { type KeysAsJson, keysAsJson, keysIn } from './hashes-as-json.ts';
import { type LastGoodAsJson, LastGoodMarks } from './last-good-marks.ts';
import { countKeyDifferences, type DifferingKey, type HowToCompare } from './row-differences.ts';
import { SettledVersions, type SettledVersionsAsJson } from './settled-versions.ts';

/** The rows of one key in both looks, with their texts by the rows’ hashes. */
export interface LookedAtKey {
  readonly before: DifferingKey;
  readonly now: { readonly source: bigint[]; readonly destination: bigint[] };
  /** Whether the source now has a newer version of the row. Then the key is not yet due. */
  isNotDue: boolean;
  readonly texts: Map<bigint, readonly (string | null)[]>;
}

export interface LookedRowsAsJson {
  /** The rows found so far, for the keys in their order. */
  readonly now: KeysAsJson;
  /** The indexes of the keys that are not yet due. */
  readonly notDueAt: readonly number[];
  readonly texts: readonly (readonly [at: number, row: string, texts: readonly (string | null)[]])[];
  readonly marks: readonly (readonly [row: string, marks: readonly (string | null)[]])[];
  readonly beyond: RowsBeyondAsJson;
  readonly lastGood: LastGoodAsJson | null;
  readonly notDue: string;
  readonly marked: number;
  readonly versions: SettledVersionsAsJson | null;
}

export class LookedRows {
  readonly looked: ReadonlyMap<bigint, LookedAtKey>;
  readonly rowsBeyond: RowsBeyond;
  readonly lastGood: LastGoodMarks | null;
  /** The keys that are not yet due. Their settled rows stay until a run reads the new rows. */
  readonly notDue: KeySet;
  /** The versions that a feed has given the settled rows. Null: the rows have no such versions. */
  readonly versions: SettledVersions | null;
  /** How many rows are marked as deleted. */
  marked: number;
  readonly #marks: Map<bigint, Set<string | null>>;

  /** @param earlier what `toJson` returned; null: no row has been looked at yet. */
  constructor(
    sides: Pick<Comparing, 'how' | 'ranges' | 'versionMark' | 'settledVersion' | 'leftOut'>,
    { keys, beyond }: { readonly keys: readonly DifferingKey[]; readonly beyond: ReadonlyMap<bigint, DifferingKey> },
    earlier: LookedRowsAsJson | null,
  ) {
    const now = earlier === null ? null : keysIn(earlier.now);
    const notDueAt = new Set(earlier?.notDueAt);
    const rowsAt = (at: number) => ({ source: now?.[at]?.source ?? [], destination: now?.[at]?.destination ?? [] });
    this.looked = new Map(
      keys.map((before, at) => [before.key, { before, now: rowsAt(at), isNotDue: notDueAt.has(at), texts: new Map() }]),
    );
    for (const [at, row, texts] of earlier?.texts ?? []) this.looked.get(keys[at]?.key as bigint)?.texts.set(BigInt(row), texts);
    this.#marks = new Map(earlier?.marks.map(([row, marks]) => [BigInt(row), new Set(marks)]));
    this.rowsBeyond = new RowsBeyond(beyond, sides.how, earlier?.beyond);
    const holds = sides.ranges !== null && sides.versionMark !== null;
    this.lastGood = holds ? new LastGoodMarks(sides.leftOut, earlier?.lastGood) : null;
    this.notDue = KeySet.fromText(earlier?.notDue ?? '');
    this.marked = earlier?.marked ?? 0;
    this.versions = sides.settledVersion === null ? null : new SettledVersions(sides.settledVersion.type, earlier?.versions ?? []);
  }

  /** The watermarks of rows by the rows’ hashes, as canonical text. If the watermark is not compared, rows with equal hashes may have several. */
  get marks(): ReadonlyMap<bigint, ReadonlySet<string | null>> {
    return this.#marks;
  }

  noteMark(row: bigint, mark: string | null): void {
    this.#marks.set(row, (this.#marks.get(row) ?? new Set()).add(mark));
  }

  toJson(): LookedRowsAsJson {
    const all = [...this.looked.values()];
    return {
      now: keysAsJson(all.map(({ before, now }) => ({ key: before.key, ...now }))),
      notDueAt: all.flatMap(({ isNotDue }, at) => (isNotDue ? [at] : [])),
      texts: all.flatMap((one, at) => [...one.texts].map(([row, texts]) => [at, String(row), texts] as const)),
      marks: [...this.#marks].map(([row, marks]) => [String(row), [...marks]]),
      beyond: this.rowsBeyond.toJson(),
      lastGood: this.lastGood?.toJson() ?? null,
      notDue: this.notDue.toText(),
      marked: this.marked,
      versions: this.versions?.toJson() ?? null,
    };
  }
}

interface LeftOfKey {
  adds: number;
  changes: number;
  changed: number;
  removes: number;
}

type RowsBeyondAsJson = readonly (readonly [key: string, left: Readonly<LeftOfKey>])[];

/** How rows count, for keys of which only the watermarks are looked at. */
export class RowsBeyond {
  readonly #keys: ReadonlyMap<bigint, DifferingKey>;
  readonly #how: HowToCompare;
  /** For each key, its rows that are still to come. */
  readonly #left: Map<bigint, LeftOfKey>;

  /** @param earlier what `toJson` returned. */
  constructor(keys: ReadonlyMap<bigint, DifferingKey>, how: HowToCompare, earlier: RowsBeyondAsJson = []) {
    this.#keys = keys;
    this.#how = how;
    this.#left = new Map(earlier.map(([key, left]) => [BigInt(key), { ...left }]));
  }

  toJson(): RowsBeyondAsJson {
    return [...this.#left].map(([key, left]) => [String(key), left]);
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
