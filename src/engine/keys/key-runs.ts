/** The hashes of the keys in a slice’s rows, which the slice leaves aside in runs, and the repeated keys among all hashes. */
import type { EncodedRun } from '../../keys/key-run.ts';
import { bytesAtOnce, findRepeats, hexOf, placesOf, type Repeats } from '../../keys/repeats.ts';
import type { ByteRange } from '../../keys/run-ranges.ts';
import { RunWriter } from '../../keys/run-writer.ts';
import type { Frame } from '../contracts/frame.ts';
import type { EnginePorts, WideHashing } from '../contracts/ports.ts';
import type { KeyRun } from '../contracts/records.ts';
import type { Aside, EntityRun } from '../contracts/store.ts';
import type { Check } from '../contracts/validation.ts';

/** The text that identifies a list of columns. */
export const keyOf = (columns: readonly string[]): string => JSON.stringify(columns);

/** The columns of all checks of uniqueness. Each list of columns is returned once. */
export function keysToCompare(checks: readonly Check[]): readonly (readonly string[])[] {
  const all = checks.flatMap((check) => (check.type === 'uniqueness' ? [check.columns] : []));
  return [...new Map(all.map((columns) => [keyOf(columns), columns])).values()];
}

export interface KeyRunsRequest {
  readonly aside: Aside;
  readonly hashing: WideHashing;
  readonly run: EntityRun;
  readonly slice: number;
  readonly keys: readonly (readonly string[])[];
}

/** The runs of hashes that one attempt at a slice makes. */
export class KeyRuns {
  readonly #of: KeyRunsRequest;
  readonly #writers: readonly (readonly [columns: readonly string[], writer: RunWriter])[];
  readonly #left: KeyRun[] = [];

  constructor(of: KeyRunsRequest) {
    this.#of = of;
    this.#writers = of.keys.map((columns) => [columns, new RunWriter({ width: 4, leave: (run) => this.#leave(columns, run) })]);
  }

  /** @param frame rows that settle, with their settled columns. */
  async add(frame: Frame): Promise<void> {
    const { hashing, run } = this.#of;
    for (const [columns, writer] of this.#writers) await writer.add(await hashing.words(frame, columns, seedOf(run)));
  }

  /** Writes the last hashes and returns all runs. Called once, after all rows. */
  async end(): Promise<readonly KeyRun[]> {
    for (const [, writer] of this.#writers) await writer.end();
    return this.#left;
  }

  async #leave(columns: readonly string[], { layout, surplus, bytes }: EncodedRun): Promise<void> {
    const { aside, hashing, run, slice } = this.#of;
    const ref = await aside.leave({ run, slice }, bytes);
    this.#left.push({ ref, columns, ...layout, surplus, looks: await hashing.looks(seedOf(run)) });
  }
}

/** The seed of the hashes. All slices of an entity run have the same seed, and another run has another one. So an attacker cannot construct two values with equal hashes in advance. */
export const seedOf = ({ entityRunId }: Pick<EntityRun, 'entityRunId'>): string => entityRunId;

/** The runs of these columns. */
export const runsOf = <Run extends KeyRun>(runs: readonly Run[], columns: readonly string[]): readonly Run[] =>
  runs.filter((run) => keyOf(run.columns) === keyOf(columns));

/** How many surplus rows there are in addition to the ones that a comparison of the runs finds. */
export const surplusIn = (runs: readonly KeyRun[]): number => runs.reduce((sum, { surplus }) => sum + surplus, 0);

export interface RunsComparison {
  readonly budget: EnginePorts['budget'];
  readonly signal: AbortSignal;
  /** `slice`: the slice that left the run of hashes. Absent: the slice does not matter. */
  readonly runs: readonly (KeyRun & { readonly slice?: number })[];
  readonly so: Repeats;
  read(run: KeyRun, range: ByteRange): Promise<Uint8Array>;
  /** Called after each range. If it returns false, the comparison stops. */
  goesOn(): boolean;
}

/** Compares the runs of the same columns, within the memory that the budget allows. */
export async function compareRuns({ budget, signal, runs, so, read, goesOn }: RunsComparison): Promise<Repeats> {
  const giveBack = await budget.acquire(bytesAtOnce(runs.reduce((sum, { keys }) => sum + keys, 0)), signal);
  try {
    return await findRepeats({ runs: runs.map((run) => ({ slice: 0, ...run, read: (range) => read(run, range) })), so, goesOn });
  } finally {
    giveBack();
  }
}

export interface WantedKeys {
  readonly hashing: WideHashing;
  readonly seed: string;
  readonly columns: readonly string[];
  /** The wanted hashes, written as in `Repeats`. */
  readonly wanted: ReadonlySet<string>;
}

/**
 * Finds the key’s texts for the wanted hashes, since a hash does not show its key. It reads `frames` until `isOver`, which it calls after each frame,
 * is true. @param texts gets the texts.
 */
export async function findTexts(
  texts: Map<string, readonly string[]>,
  frames: AsyncIterable<Frame>,
  { hashing, seed, columns, wanted }: WantedKeys,
  isOver: () => boolean,
): Promise<void> {
  for await (const frame of frames) {
    const words = await hashing.words(frame, columns, seed);
    const places = placesOf(wanted, words);
    // A row with a null in its key has no hash.
    const rows = places.length === 0 ? [] : (await hashing.texts(frame, columns)).filter((row) => !row.includes(null));
    for (const place of places)
      texts.set(
        hexOf(words.subarray(4 * place, 4 * (place + 1))),
        (rows[place] ?? []).map((text) => text ?? ''),
      );
    if (isOver()) break;
  }
}
