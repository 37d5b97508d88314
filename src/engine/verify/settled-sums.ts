/** The sums of settled rows. A comparison keeps them in the state, so that a later comparison need not read unchanged files again. */
import { HyggeError } from '../../errors/hygge-error.ts';
import { shortHash } from '../../frames/short-hash.ts';
import type { VerifyRequest } from '../../ports/answers/comparison.ts';
import { retry } from '../../ports/retry.ts';
import type { Instant, Json } from '../../ports/values.ts';
import { type Home, type SliceRef, usualSliceBytes, type Window } from '../contracts/home.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import { isPeriodOver, untilDone } from '../contracts/steps.ts';
import type { Store, Target } from '../contracts/store.ts';
import type { SumsAsJson } from './rows/bucket-sums.ts';

const sumsFolder = 'sums/';

/** After this time, in milliseconds, all settled rows are read again. So a change that neither size nor time shows is found within a week. */
const longestMs = 7 * 24 * 3_600_000;

/** The sums of fewer rows are not kept, because they are not worth the megabyte that they need in the state. */
const leastRows = 100_000;

interface KeptSums {
  readonly version: 1;
  /** Which columns of each row were summed. Sums of other columns can’t be used. */
  readonly of: string;
  /** When the rows were read. If several comparisons read them, the time of the first comparison. */
  readonly readAt: Instant;
  /** Digests of the slices whose rows were summed. */
  readonly slices: readonly string[];
  readonly sums: SumsAsJson;
  /** `ComparedRows.marked_deleted`: how many rows are marked as deleted. */
  readonly marked: number;
}

export interface TakenSums extends Pick<KeptSums, 'readAt' | 'sums' | 'marked'> {
  /** The slices that still have to be read. */
  readonly rest: readonly SliceRef[];
}

/** The sums of one destination. */
export interface SettledSums {
  /** The known sums. Null: the state has no sums that can be used. */
  take(): Promise<TakenSums | null>;
  /** Keeps the sums of all rows, and drops earlier sums. If the state can’t keep them, the comparison does not fail. @param readAt as in `TakenSums`; null: now. */
  keep(sums: SumsAsJson, marked: number, readAt: Instant | null): Promise<void>;
}

interface SettledSumsOf {
  readonly spec: EntitySpec;
  readonly request: VerifyRequest;
  readonly ports: Pick<EnginePorts, 'state' | 'clock' | 'random'>;
  readonly store: Store;
  readonly target: Extract<Target, { readonly content: 'ours' }>;
  readonly home: Home;
  readonly window: Window;
  /** Which columns of each row are summed. */
  readonly of: Json;
  /** Whether rows in quarantine are compared as well. */
  readonly hasRowsApart: boolean;
}

/** Null: all settled rows have to be read. A store can use known sums only for files, and only if each file has a size, times or an etag from its commit. */
export function settledSums(of: SettledSumsOf): SettledSums | null {
  const { store, target, request, hasRowsApart } = of;
  const isKnown = store.files !== undefined && target.touched.length + target.missing.length + target.notLookedAt.length === 0;
  const isWhole = request.range === null && request.ranges === undefined && request.sample === 1 && !request.proof;
  return isKnown && isWhole && !hasRowsApart && target.rows >= leastRows ? new StateSums(of) : null;
}

class StateSums implements SettledSums {
  readonly #of: SettledSumsOf;
  readonly #what: string;

  constructor(of: SettledSumsOf) {
    this.#of = of;
    this.#what = digest([of.of, of.window as unknown as Json]);
  }

  async take(): Promise<TakenSums | null> {
    const { spec, ports } = this.#of;
    const ref = [...(await retry(() => ports.state.listObjects(spec, sumsFolder)))].sort().at(-1);
    const kept = ref === undefined ? undefined : ((await retry(() => ports.state.getObject(spec, ref))) as unknown as KeptSums | undefined);
    if (kept === undefined || kept.version !== 1 || kept.of !== this.#what) return null;
    if (isPeriodOver(longestMs, kept.readAt, ports.clock.now())) return null;
    const there = new Map((await this.#slices()).map((slice) => [digest(slice.ref), slice]));
    if (!kept.slices.every((one) => there.delete(one))) return null;
    return { readAt: kept.readAt, sums: kept.sums, marked: kept.marked, rest: [...there.values()] };
  }

  async keep(sums: SumsAsJson, marked: number, readAt: Instant | null): Promise<void> {
    const { spec, ports } = this.#of;
    const slices = (await this.#slices()).map(({ ref }) => digest(ref));
    const kept: KeptSums = { version: 1, of: this.#what, readAt: readAt ?? ports.clock.now(), slices, sums, marked };
    try {
      const own = `${sumsFolder}${ports.random.id()}`;
      await retry(() => ports.state.putObject(spec, own, kept as unknown as Json));
      const older = (await retry(() => ports.state.listObjects(spec, sumsFolder))).filter((ref) => ref < own);
      if (older.length > 0) await retry(() => ports.state.removeObjects(spec, older));
    } catch (error) {
      if (!(error instanceof HyggeError)) throw error;
    }
  }

  async #slices(): Promise<readonly SliceRef[]> {
    const { home, window, ports } = this.#of;
    return (await untilDone(ports.clock, (cursor) => home.plan(window, { sliceBytes: usualSliceBytes }, cursor))).slices;
  }
}

const digest = (value: Json): string => shortHash(JSON.stringify(value));
