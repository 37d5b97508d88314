/** The rows of the open group that both sides have now. They are compared with the fingerprint of the settled rows. */
import { rowHashes } from '../../../frames/row-sum/row-hashes.ts';
import { rowsAt } from '../../../frames/row-sum/some-rows.ts';
import { addFingerprints, emptyFingerprint, type Fingerprint, sameFingerprint } from '../../../frames/watermark.ts';
import { KeySet } from '../../../keys/key-set.ts';
import type { Frame } from '../../contracts/frame.ts';
import { type Home, isFrame, usualSliceBytes, type Window } from '../../contracts/home.ts';
import type { EnginePorts } from '../../contracts/ports.ts';
import { type EntitySpec, rulesOf } from '../../contracts/spec.ts';
import { readSliceInOneStep, untilDone } from '../../contracts/steps.ts';
import { groupFingerprintOf, placedIn } from '../../move/rejected-places.ts';
import type { Prepared } from '../preparation.ts';
import { judged, type ReadSide } from '../sides.ts';

/** How many settled rows may have their hashes held. */
const mostRows = 500_000;
/** How many rows are looked at one by one, at most. */
const mostSingle = 64;
/** For up to this many rows, every subset is tried. */
const mostSubsets = 12;

export interface GroupRows {
  /** The fingerprint of the source’s rows, made as a run makes it. */
  readonly now: Fingerprint;
  /** How many rows the destination has, including rows that are marked as deleted. */
  readonly there: number;
  /** How many rows are equal on both sides, and the sum of their hashes. Null: there are too many rows to hold their hashes. */
  readonly same: { readonly rows: number; readonly sum: bigint } | null;
  /** Whether the source certainly still has settled rows that the destination lacks. */
  readonly lacksSettled: boolean;
}

export interface GroupSides {
  readonly spec: EntitySpec;
  readonly prepared: Prepared;
  readonly open: () => Promise<Home>;
  readonly window: Window;
  readonly destination: ReadSide;
  readonly ports: EnginePorts;
  readonly signal: AbortSignal;
}

export async function groupRows(of: GroupSides, settled: Fingerprint): Promise<GroupRows> {
  const held = await settledRows(of);
  const { ports, signal, window, prepared } = of;
  await using home = await of.open();
  const sorted = held.counts === null || prepared.sides.source.home.reading.tellsDeletes ? null : new SortedRows(of, held);
  let [now, unread] = [emptyFingerprint, emptyFingerprint];
  const { slices } = await untilDone(ports.clock, (cursor) => home.plan(window, { sliceBytes: usualSliceBytes }, cursor));
  for (const slice of slices)
    for await (const item of readSliceInOneStep(ports.clock, home, slice, { window, signal })) {
      signal.throwIfAborted();
      if (isFrame(item)) {
        now = addFingerprints(now, await item.fingerprint());
        await sorted?.add(item);
      } else if (item.keep) unread = addFingerprints(unread, groupFingerprintOf(placedIn(item.rejected, window)));
    }
  return {
    now: addFingerprints(now, unread),
    there: held.rows,
    same: sorted === null ? null : { rows: sorted.same.rows, sum: sorted.sum },
    lacksSettled: sorted !== null && lacksSettled(settled, { ...sorted.found(), apart: [unread, sorted.leftOut] }),
  };
}

interface SettledRows {
  readonly rows: number;
  /** How often each row occurs, by its hash. Null: there are too many rows. */
  readonly counts: Map<bigint, number> | null;
  readonly keys: KeySet;
}

async function settledRows({ destination, prepared, signal }: GroupSides): Promise<SettledRows> {
  let rows = 0;
  let counts: Map<bigint, number> | null = new Map();
  const keys = new KeySet();
  for await (const piece of destination.read(signal)) {
    if ('deleted' in piece) rows += piece.deleted;
    if (!('frame' in piece)) continue;
    if (!('apart' in piece)) rows += piece.frame.rows;
    if (rows > mostRows) counts = null;
    if (counts === null) continue;
    for (const hash of await rowHashes(piece.frame, prepared.summed)) counts.set(hash, (counts.get(hash) ?? 0) + 1);
    if (prepared.key.length > 0) keys.add(await rowHashes(piece.frame, prepared.key));
  }
  return { rows, counts, keys };
}

/** The rows of the source with their fingerprints, separated by whether the destination has them. */
class SortedRows {
  readonly #of: GroupSides;
  readonly #counts: Map<bigint, number>;
  readonly #keys: KeySet;
  same: Fingerprint = emptyFingerprint;
  sum = 0n;
  /** The fingerprint of the rows that break a rule. */
  leftOut: Fingerprint = emptyFingerprint;
  #changed: Fingerprint = emptyFingerprint;
  #others: Fingerprint = emptyFingerprint;
  #single: Fingerprint[] = [];

  constructor(of: GroupSides, { counts, keys }: SettledRows) {
    this.#of = of;
    this.#counts = counts ?? new Map();
    this.#keys = keys;
  }

  async add(read: Frame): Promise<void> {
    if (read.rows === 0) return;
    const { prepared, spec, ports } = this.#of;
    const { frame: shaped } = await prepared.corrector.corrected(await prepared.shape.shaping.frame(read));
    const { broken } = await judged(shaped, { ports, rules: rulesOf(spec), deletedMark: prepared.deletedMark });
    const brokenRows = new Set(broken === null ? [] : await rowHashes(broken, prepared.summed));
    const rows = await rowHashes(shaped, prepared.summed);
    const keys = prepared.key.length === 0 ? null : await rowHashes(shaped, prepared.key);
    const known = new Set(keys === null ? [] : this.#keys.placesIn(keys));
    const [same, leftOut, changed] = [new Uint8Array(rows.length), new Uint8Array(rows.length), new Uint8Array(rows.length)];
    const others: number[] = [];
    for (const [at, row] of rows.entries()) {
      const count = this.#counts.get(row) ?? 0;
      if (brokenRows.has(row)) leftOut[at] = 1;
      else if (count > 0) {
        this.#counts.set(row, count - 1);
        this.sum += row;
        same[at] = 1;
      } else {
        others.push(at);
        if (known.has(at)) changed[at] = 1;
      }
    }
    this.same = addFingerprints(this.same, await fingerprintAt(read, same));
    this.leftOut = addFingerprints(this.leftOut, await fingerprintAt(read, leftOut));
    this.#changed = addFingerprints(this.#changed, await fingerprintAt(read, changed));
    if (others.length === 0) return;
    const all = new Uint8Array(rows.length);
    for (const at of others) all[at] = 1;
    this.#others = addFingerprints(this.#others, await fingerprintAt(read, all));
    if (this.#others.rows > mostSingle) return;
    for (const at of others) this.#single.push(await (await rowsAt(read, [at])).fingerprint());
  }

  found(): Omit<FoundRows, 'apart'> {
    const single = this.#others.rows > mostSingle ? [] : this.#single;
    return { same: this.same, changed: this.#changed, others: this.#others, single };
  }
}

async function fingerprintAt(frame: Frame, marks: Uint8Array): Promise<Fingerprint> {
  if (!marks.includes(1)) return emptyFingerprint;
  return marks.includes(0) ? (await frame.pick(marks)).fingerprint() : frame.fingerprint();
}

export interface FoundRows {
  /** The fingerprint of the rows that are equal on both sides. */
  readonly same: Fingerprint;
  /** The fingerprint of the other rows of the source that would settle, including rows whose key the destination has. */
  readonly others: Fingerprint;
  readonly changed: Fingerprint;
  /** The fingerprint of each row in `others`. Empty: there are too many rows. */
  readonly single: readonly Fingerprint[];
  /** The fingerprints of rows that do not settle. Either all rows of an item belonged to the group, or none. */
  readonly apart: readonly Fingerprint[];
}

/** Whether some of the rows that the destination lacks have settled. They have if they and the equal rows together have the settled fingerprint. If there are many rows, only some subsets are tried. */
export function lacksSettled(settled: Fingerprint, { same, others, changed, single, apart }: FoundRows): boolean {
  const bases = sumsOfSubsets(apart.filter((one) => !isEmpty(one))).map((one) => addFingerprints(same, one));
  // If a base has the settled fingerprint, all settled rows are among the equal rows.
  if (bases.some((base) => sameFingerprint(base, settled))) return false;
  const some = single.length > 0 && single.length <= mostSubsets ? sumsOfSubsets(single) : fewSubsets({ others, changed, single });
  return some.some((rows) => bases.some((base) => sameFingerprint(addFingerprints(base, rows), settled)));
}

const isEmpty = (one: Fingerprint): boolean => sameFingerprint(one, emptyFingerprint);

/** The sums of all subsets. The sum of the empty subset comes first. */
function sumsOfSubsets(all: readonly Fingerprint[]): readonly Fingerprint[] {
  const sums = [emptyFingerprint];
  for (const one of all) sums.push(...sums.map((sum) => addFingerprints(sum, one)));
  return sums;
}

function fewSubsets({ others, changed, single }: Pick<FoundRows, 'others' | 'changed' | 'single'>): readonly Fingerprint[] {
  return [others, changed, ...single, ...single.map((one) => without(others, one))];
}

function without(all: Fingerprint, one: Fingerprint): Fingerprint {
  const rest = BigInt.asUintN(128, BigInt(`0x${all.hash}`) - BigInt(`0x${one.hash}`));
  return { rows: all.rows - one.rows, hash: rest.toString(16).padStart(32, '0') };
}
