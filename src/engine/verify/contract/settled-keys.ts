/** Finds repeated keys among all settled rows. While rows are read, hashes of 128 bits are put aside. Afterwards they are compared, in bounded memory. */
import { noRepeats } from '../../../keys/repeats.ts';
import type { Frame } from '../../contracts/frame.ts';
import type { EnginePorts } from '../../contracts/ports.ts';
import type { Aside, RepeatedKeys } from '../../contracts/store.ts';
import { compareRuns, findTexts, KeyRuns, keyOf, runsOf, seedOf, surplusIn } from '../../keys/key-runs.ts';

export interface SettledKeysRequest {
  readonly ports: Pick<EnginePorts, 'budget' | 'random' | 'frames'>;
  readonly aside: Aside;
  /** The lists of columns whose keys are compared. Each list occurs once. */
  readonly keys: readonly (readonly string[])[];
  readonly signal: AbortSignal;
}

/** The repeated keys of settled rows. Call `add` for all rows first, and then `found` once. */
export class SettledKeys {
  readonly #of: SettledKeysRequest;
  readonly #runs: KeyRuns;
  readonly #seed: string;

  constructor(of: SettledKeysRequest) {
    this.#of = of;
    const { ports, aside, keys } = of;
    const run = { flow: '', entity: '', entityRunId: ports.random.id(), lineage: '', epoch: 0 };
    this.#seed = seedOf(run);
    this.#runs = new KeyRuns({ aside, hashing: ports.frames.wide, run, slice: 0, keys });
  }

  async add(frame: Frame): Promise<void> {
    await this.#runs.add(frame);
  }

  /** The repeated keys by their columns, as `keyOf` writes them. @param again reads the same rows once more, until it has seen all keys that are to be shown. */
  async found(again: () => AsyncIterable<Frame>): Promise<ReadonlyMap<string, RepeatedKeys>> {
    const { ports, aside, signal, keys } = this.#of;
    const goesOn = () => {
      signal.throwIfAborted();
      return true;
    };
    const all = await this.#runs.end();
    const found = new Map<string, RepeatedKeys>();
    for (const columns of keys) {
      const runs = runsOf(all, columns);
      const repeats = await compareRuns({
        ...{ budget: ports.budget, signal, runs, so: noRepeats, goesOn },
        read: async ({ ref }, range) => (await aside.read(ref, range)) ?? new Uint8Array(),
      });
      const texts = new Map<string, readonly string[]>();
      const wanted = new Set(repeats.found.map(([hash]) => hash));
      const isOver = () => goesOn() && texts.size >= wanted.size;
      if (repeats.keys > 0) await findTexts(texts, again(), { hashing: ports.frames.wide, seed: this.#seed, columns, wanted }, isOver);
      found.set(keyOf(columns), { keys: repeats.keys, rows: repeats.rows + surplusIn(runs), examples: [...texts.values()] });
    }
    return found;
  }
}
