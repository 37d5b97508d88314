/** Keys that come more than once among all rows that settled: hashes of 128 bits lie aside while rows are read, and are compared in bounded memory. */
import type { Frame } from '../../contracts/frame.ts';
import type { EnginePorts } from '../../contracts/ports.ts';
import type { KeyRun } from '../../contracts/records.ts';
import type { Aside, RepeatedKeys } from '../../contracts/store.ts';
import { KeyRuns, keyOf, namedKeys, seedOf } from '../../keys/key-runs.ts';
import { bytesAtOnce, findRepeats, noRepeats } from '../../keys/repeats.ts';

export interface SettledKeysRequest {
  readonly ports: Pick<EnginePorts, 'budget' | 'random' | 'frames'>;
  readonly aside: Aside;
  /** Lists of columns, each once. */
  readonly keys: readonly (readonly string[])[];
  readonly signal: AbortSignal;
}

/** Its methods are called in their order: `add` for all rows, `found` once. */
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

  /** By the columns, as `keyOf` writes them. @param again reads the same rows once more: a hash does not say what the key is. */
  async found(again: () => AsyncIterable<Frame>): Promise<ReadonlyMap<string, RepeatedKeys>> {
    const runs = await this.#runs.end();
    const found = new Map<string, Omit<RepeatedKeys, 'examples'>>();
    const wanted = new Map<string, ReadonlySet<string>>();
    for (const columns of this.#of.keys) {
      const key = keyOf(columns);
      const mine = runs.filter((run) => keyOf(run.columns) === key);
      const repeats = await this.#repeats(mine);
      found.set(key, { keys: repeats.keys, rows: repeats.rows + mine.reduce((sum, { surplus }) => sum + surplus, 0) });
      if (repeats.keys > 0) wanted.set(key, new Set(repeats.found.map(([hash]) => hash)));
    }
    const examples = await this.#examples(wanted, again);
    return new Map([...found].map(([key, counts]) => [key, { ...counts, examples: examples.get(key) ?? [] }]));
  }

  async #repeats(runs: readonly KeyRun[]) {
    const { ports, aside, signal } = this.#of;
    const giveBack = await ports.budget.acquire(bytesAtOnce(runs.reduce((sum, { keys }) => sum + keys, 0)), signal);
    const goesOn = () => {
      signal.throwIfAborted();
      return true;
    };
    const read = async (run: KeyRun, range: Parameters<Aside['read']>[1]) => (await aside.read(run.ref, range)) ?? new Uint8Array();
    try {
      return await findRepeats({
        runs: runs.map((run) => ({ ...run, slice: 0, read: (range) => read(run, range) })),
        so: noRepeats,
        goesOn,
      });
    } finally {
      giveBack();
    }
  }

  /** Rows are read until all wanted keys were seen. */
  async #examples(
    wanted: ReadonlyMap<string, ReadonlySet<string>>,
    again: () => AsyncIterable<Frame>,
  ): Promise<ReadonlyMap<string, RepeatedKeys['examples']>> {
    const seen = new Map([...wanted.keys()].map((key) => [key, new Map<string, readonly string[]>()]));
    const isOver = () => [...wanted].every(([key, hashes]) => (seen.get(key)?.size ?? 0) >= hashes.size);
    if (!isOver())
      for await (const frame of again()) {
        this.#of.signal.throwIfAborted();
        for (const columns of this.#of.keys) {
          const [hashes, texts] = [wanted.get(keyOf(columns)), seen.get(keyOf(columns))];
          if (hashes === undefined || texts === undefined || texts.size >= hashes.size) continue;
          const named = await namedKeys(frame, { hashing: this.#of.ports.frames.wide, seed: this.#seed, columns, wanted: hashes });
          for (const [hash, values] of named) texts.set(hash, values);
        }
        if (isOver()) break;
      }
    return new Map([...seen].map(([key, texts]) => [key, [...texts.values()]]));
  }
}
