import { expect, test } from 'vitest';
import { realRandom } from '../../src/adapters/real-random.ts';
import type { Store } from '../../src/engine/contracts/store.ts';
import type { FilePlace } from '../../src/files/store/layout.ts';
import { fileStore } from '../../src/files/store/store.ts';
import type { FileSystem } from '../../src/ports/filesystem.ts';
import { Bench } from '../support/connector-conformance/bench.ts';
import { simFrame } from '../support/connector-conformance/frames.ts';
import { seesWhatOthersDid } from '../support/connector-conformance/refusing.ts';
import { MemoryFileSystem } from '../support/memory-filesystem.ts';
import { jsonLines } from '../support/sim/jsonl-format.ts';
import { rowsApart } from '../support/sim/rows-apart.ts';

const noScratch = {
  path: () => Promise.reject(new Error('no scratch')),
  free: () => Promise.reject(new Error('no scratch')),
  [Symbol.asyncDispose]: async () => undefined,
};

/** A store on files, of which each handle is seen through `lens`. */
function bench(lens: (store: Store, files: FileSystem) => Store): Bench {
  const memory = new MemoryFileSystem();
  const place: FilePlace = {
    type: 'test',
    root: 'lake',
    folder: 'f',
    flow: 'f',
    entity: 'e',
    layout: 'plain',
    extension: jsonLines.extension,
  };
  const open = async (): Promise<Store> => {
    const own = { files: memory, place, where: 'lake/f', format: jsonLines, targetBytes: 1_000_000 };
    return lens(fileStore({ ...own, apart: rowsApart, random: realRandom(), scratch: noScratch }), memory);
  };
  return new Bench({ open, at: open, frame: simFrame, settled: async () => [], [Symbol.asyncDispose]: async () => undefined });
}

/** What is asked for once is answered from memory from then on, by the very same handle. */
function fromMemory<K extends 'head' | 'inspect'>(store: Store, what: K): Store {
  let first: ReturnType<Store[K]> | undefined;
  const remembered = () => {
    first ??= store[what]() as ReturnType<Store[K]>;
    return first;
  };
  return new Proxy(store, {
    get: (target, name) => {
      if (name === what) return remembered;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

test('a store that answers current.json from memory does not pass: after a lost claim it would tell of a head that is gone', async () => {
  await expect(seesWhatOthersDid(bench((store) => fromMemory(store, 'head')))).rejects.toThrow();
});

test('nor does one that remembers what it found there', async () => {
  await expect(seesWhatOthersDid(bench((store) => fromMemory(store, 'inspect')))).rejects.toThrow();
});

test('one that looks each time does', async () => {
  await seesWhatOthersDid(bench((store) => store));
});
