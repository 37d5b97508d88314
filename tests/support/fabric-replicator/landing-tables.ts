/** Tables of a landing zone at the level of the store, over the model of Fabric and the tree of files that it works on. */
import { writeFile } from 'node:fs/promises';
import { realRandom } from '../../../src/adapters/real-random.ts';
import { realScratch } from '../../../src/adapters/real-scratch.ts';
import type { Writing } from '../../../src/engine/contracts/writing.ts';
import { newestAgain } from '../../../src/files/landing-zone/newest-rows.ts';
import { recordsOfTable, tableHeads } from '../../../src/files/landing-zone/records.ts';
import { type LandingStoreOptions, landingStore } from '../../../src/files/landing-zone/store.ts';
import { type FilePlace, recordsFolder } from '../../../src/files/store/layout.ts';
import { sortedRuns } from '../../../src/files/store/staging/sorted-runs.ts';
import { parquetFormat } from '../../../src/formats/parquet/parquet.ts';
import type { AppendableFileSystem, FileSystem } from '../../../src/ports/filesystem.ts';
import { OutcomeUnknown } from '../../../src/ports/retry.ts';
import type { Replication } from '../../../src/remote/fabric/fabric-api.ts';
import { workspace } from '../azure-hosts/azure.ts';
import { brokenFileSystem } from '../broken-filesystem.ts';
import { but } from '../but.ts';
import { collect } from '../collect.ts';
import { Bench } from '../connector-conformance/bench.ts';
import { polarsFrame } from '../connector-conformance/frames.ts';
import { lookup } from '../dfs/tree.ts';
import { TreeFiles } from '../dfs/tree-files.ts';
import { duck } from '../duck.ts';
import { type Row, row, rowText } from '../sim/rows.ts';
import { type Fabric, mirror, startFabric } from './fabric.ts';
import type { ReplicatorOptions } from './options.ts';
import { numbered } from './scene.ts';

/** Rows with ids from one to another, and watermarks from `mark` on. */
export const few = (from: number, to: number, mark = from): readonly Row[] =>
  Array.from({ length: to - from + 1 }, (_, i) => row(from + i, mark + i));

export class Killed extends Error {}

/** Files, and whatever else a commit asks, of a process that dies before or after its `at`-th call. */
export function dying(files: AppendableFileSystem, at: number, when: 'before' | 'after') {
  let calls = 0;
  const count = (side: 'before' | 'after') => () => {
    if (side === 'before') calls++;
    if (side === when && calls >= at) throw new Killed(`${when} call ${at}`);
  };
  const call = async <T>(act: () => T): Promise<T> => {
    count('before')();
    const answer = act();
    count('after')();
    return answer;
  };
  return { files: brokenFileSystem(files, { before: count('before'), after: count('after') }), call, calls: () => calls };
}

/** The answers of all writes are lost once. @param meanwhile what happens before the write is sent again. */
export function losing(
  files: AppendableFileSystem,
  lost: Set<string>,
  meanwhile: () => Promise<unknown> = async () => undefined,
): FileSystem {
  const once = async <T>(write: string, act: () => Promise<T>): Promise<T> => {
    const answer = await act();
    if (lost.has(write)) return answer;
    lost.add(write);
    await meanwhile();
    throw new OutcomeUnknown(`no answer to ${write}`);
  };
  return but(files, {
    put: (path, body, how) => once(`put ${path}`, () => files.put(path, body, how)),
    publish: (file) => once(`publish ${file.final}`, () => files.publish(file)),
    remove: (path) => once(`remove ${path}`, () => files.remove(path)),
    removeFolder: (path, condition) => once(`remove ${path}`, async () => (await files.removeFolder?.(path, condition)) ?? 'busy'),
  });
}

interface MoreOfTable extends Pick<LandingStoreOptions, 'keyLimits'> {
  readonly keyColumns?: readonly string[];
  readonly ask?: () => Promise<Replication>;
  /** The keys of the table are compared: each commit keeps those of its rows. */
  readonly keepsKeys?: true;
}

export interface LandingTable {
  readonly name: string;
  readonly folder: string;
  /** The folder of hygge's records. */
  readonly records: string;
  readonly bench: Bench;
  /** The same table by other ways to its files, or with other keys. */
  over(others: FileSystem, more?: MoreOfTable): Bench;
  put(name: string, content: Buffer | string): Promise<void>;
  names(): Promise<readonly string[]>;
  /** The rows that Fabric has after its next turn. */
  replicated(): Promise<readonly string[]>;
  violations(): readonly string[];
  /** The rows of a published file, as another program reads them. */
  published(number: number): Promise<readonly Record<string, unknown>[]>;
}

export interface LandingTables extends AsyncDisposable {
  readonly fabric: Fabric;
  readonly files: AppendableFileSystem;
  /** What Fabric's REST API tells of the replicator. */
  told(): Replication;
  /** A table that nothing was published to. */
  newTable(): LandingTable;
}

export async function startLandingTables(replicator: Partial<ReplicatorOptions> = {}): Promise<LandingTables> {
  // Every file moves away at once: a store that looks under the number alone finds none.
  const fabric = await startFabric({ replicator: { lastFileStays: false, ...replicator } });
  const [random, scratch] = [realRandom(), realScratch()];
  const root = lookup(fabric.azure.dfs.root('onelake', workspace.id), `${mirror.id}/Files`);
  if (root?.kind !== 'folder') throw new Error('the mirrored database has no folder Files');
  const files = new TreeFiles(root);
  let tables = 0;
  return {
    ...{ fabric, files, newTable, told },
    async [Symbol.asyncDispose]() {
      await scratch[Symbol.asyncDispose]();
      await fabric[Symbol.asyncDispose]();
    },
  };

  function told(): Replication {
    const { status, tables: all } = fabric.replicator;
    const listed = all.map(({ schema = null, table, status: state, error, processedRows }) => ({
      ...{ schema, table, status: state, processedRows, lastSync: null },
      error: error?.message ?? null,
    }));
    return { status, error: null, tables: status === 'Running' ? listed : [] };
  }

  function newTable(): LandingTable {
    const name = `orders${++tables}`;
    const folder = `LandingZone/${name}`;
    const named = { folder, records: recordsOfTable(folder), flow: 'f', entity: name };
    const place: FilePlace = { type: 'test', root: 'mirror', ...named, layout: 'plain', extension: '.parquet' };
    const records = recordsFolder(place);
    const replicated = async () => {
      await fabric.replicator.turn();
      if (fabric.replicator.table(name) === undefined) return [];
      return (await fabric.replicator.rows(name)).map((one) => rowText({ id: Number(one.id), mark: Number(one.mark) } as Row)).sort();
    };
    const over: LandingTable['over'] = (others, { keyColumns = ['id'], ask = async () => told(), keepsKeys, keyLimits } = {}) => {
      const open = async () => {
        const store = landingStore({
          files: others,
          ...{ place, scratch, random, keyColumns, rowMarker: null },
          heads: tableHeads,
          where: `mirror/${name}`,
          format: parquetFormat({}),
          targetBytes: 1_000_000,
          apart: sortedRuns(),
          newest: newestAgain,
          ...(keyLimits && { keyLimits }),
          partner: { name: 'hygge', sourceType: 'test' },
          clock: { now: () => new Date(fabric.clock.now).toISOString() },
          item: () => Promise.reject(new Error('no test of the landing zone reads the mirrored table')),
          replication: ask,
        });
        const writing: Writing = { mode: 'merge', key: keyColumns, why: 'key' };
        return but(store, { prepare: (request) => store.prepare({ ...request, writing, ...(keepsKeys && { keepsKeys }) }) });
      };
      return new Bench({ open, at: open, frame: polarsFrame, settled: replicated, [Symbol.asyncDispose]: async () => undefined });
    };
    return {
      ...{ name, folder, records, over, replicated },
      bench: over(files),
      async put(path, content) {
        await files.put(`${folder}/${path}`, Buffer.from(content), { ifNoneMatch: '*' });
      },
      names: async () => (await collect(files.list(folder))).map(({ path }) => path.slice(folder.length + 1)).sort(),
      async published(number) {
        const found = ['', '_ProcessedFiles/'].map((inside) => files.get(`${folder}/${inside}${numbered(number)}`));
        const [file] = (await Promise.all(found)).flatMap((one) => (one === undefined ? [] : [one]));
        const path = await scratch.path('.parquet');
        await writeFile(path, file?.body ?? '');
        return duck(`select * from '${path}'`);
      },
      violations: () => fabric.replicator.violations.filter(({ table }) => table === name).map(({ rule, detail }) => `${rule}: ${detail}`),
    };
  }
}
