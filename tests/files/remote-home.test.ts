import { describe, expect, test } from 'vitest';
import { ProcessPools } from '../../src/adapters/process-pools.ts';
import { realClock } from '../../src/adapters/real-clock.ts';
import { realRandom } from '../../src/adapters/real-random.ts';
import type { Home } from '../../src/engine/contracts/home.ts';
import { ConnectionError } from '../../src/errors/hygge-error.ts';
import type { FileHomeConfig } from '../../src/files/connectors/config.ts';
import { remoteFiles } from '../../src/files/connectors/remote-connector.ts';
import type { RemoteSystem } from '../../src/files/connectors/remote-system.ts';
import type { FileInfo } from '../../src/ports/filesystem.ts';
import { MemoryFileSystem } from '../support/memory-filesystem.ts';
import { testFolder, testScratch } from '../support/parquet-files.ts';
import { testNetwork } from '../support/test-network.ts';

const lines = (count: number): Uint8Array => new TextEncoder().encode('{"id":1}\n'.repeat(count));

/** A container whose root has the file `one.jsonl` and the folder `many`, and which notes who lists what. */
class Lake {
  readonly listed: string[] = [];
  refuses: ((folder: string) => boolean) | undefined;
  readonly #trees = new Map<string, MemoryFileSystem>();

  async fill(): Promise<this> {
    await this.tree('').put('one.jsonl', lines(1), { ifNoneMatch: '*' });
    for (const name of ['a', 'b']) await this.tree('many').put(`${name}.jsonl`, lines(2), { ifNoneMatch: '*' });
    return this;
  }

  tree(folder: string): MemoryFileSystem {
    const known = this.#trees.get(folder);
    if (known !== undefined) return known;
    const made = new MemoryFileSystem({ url: `memory://lake/${folder}` });
    const list = made.list.bind(made);
    made.list = (below) => this.#noting(folder, list(below));
    this.#trees.set(folder, made);
    return made;
  }

  async *#noting(folder: string, files: AsyncIterable<FileInfo>): AsyncGenerator<FileInfo> {
    this.listed.push(folder);
    if (this.refuses?.(folder)) throw new ConnectionError({ code: 'HYG-6403', what: 'You may not list that.', tryThis: ['Ask.'] });
    yield* files;
  }

  async home(path: string): Promise<Home> {
    const system: RemoteSystem<object> = {
      id: 'lake',
      summary: 'memory',
      verifiedAgainst: 'memory',
      addresses: { schemes: ['lake'], forms: ['lake://folder'] },
      keys: {},
      locate: () => undefined,
      url: (_, at) => `lake://${at}`,
      address: () => ({}),
      recall: () => ({}),
      open: async (_, folder) => this.tree(folder),
      requirements: () => [],
    };
    const config = { path, format: 'ndjson', hive_partitions: 'auto', differing_files: 'auto' } as unknown as FileHomeConfig;
    const opening = {
      flow: 'f',
      entity: 'f',
      root: '/',
      clock: realClock(),
      random: realRandom(),
      network: testNetwork,
      pinned: null,
      pools: new ProcessPools(realClock()),
      steps: 'here' as const,
    };
    const home = await remoteFiles(system).home?.open(config, { ...opening, scratch: testScratch(await testFolder()) });
    if (!home) throw new Error('no home');
    return home;
  }
}

const rowsIn = async (home: Home): Promise<number | undefined> => {
  const described = await home.describe();
  return 'done' in described ? described.done.rows?.n : undefined;
};

describe('a path in a cloud', () => {
  test('that is a folder is listed once for a plan, and again for another look', async () => {
    const lake = await new Lake().fill();
    const home = await lake.home('many');
    expect(await rowsIn(home)).toBe(4);
    expect(lake.listed).toEqual(['many']);
    await lake.tree('many').put('c.jsonl', lines(3), { ifNoneMatch: '*' });
    expect(await rowsIn(home)).toBe(7);
  });

  test('that is a file is read by who may not list anything', async () => {
    const lake = await new Lake().fill();
    lake.refuses = () => true;
    expect(await rowsIn(await lake.home('one.jsonl'))).toBe(1);
  });

  test('that may not be listed is reported by the first who looks', async () => {
    const lake = await new Lake().fill();
    lake.refuses = () => true;
    const home = await lake.home('many');
    await expect(home.describe()).rejects.toMatchObject({ code: 'HYG-6403' });
    lake.refuses = undefined;
    expect(await rowsIn(home)).toBe(4);
  });
});
