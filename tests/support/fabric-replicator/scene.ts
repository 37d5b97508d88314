import { randomUUID } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attach, detach, type FileNode, type FolderNode, newFile, newFolder } from '../dfs/tree.ts';
import { duck } from '../duck.ts';
import type { ReplicatorOptions } from './options.ts';
import { FabricReplicator } from './replicator.ts';

/** A replicator over a landing zone that a test writes past all doors, with a clock of its own. */
export interface Scene extends AsyncDisposable {
  readonly replicator: FabricReplicator;
  readonly item: FolderNode;
  readonly clock: { now: number };
  /** Puts a file below the landing zone, replacing what is there. Text is a file of that text, an object becomes JSON. */
  put(path: string, content: Buffer | string | object): FileNode;
  remove(path: string): void;
  /** Puts `_metadata.json` and files numbered from 1. */
  table(name: string, metadata: object, files: readonly Buffer[]): void;
}

export async function startScene(options: Partial<ReplicatorOptions> = {}): Promise<Scene> {
  const item = newFolder();
  attach(item, 'Files/LandingZone', newFolder());
  const clock = { now: Date.parse('2026-11-26T00:00:00Z') };
  const replicator = await FabricReplicator.start({ item, now: () => clock.now, ...options });
  const scene: Scene = {
    ...{ replicator, item, clock },
    put(path, content) {
      const file = newFile(new Map(), new Map());
      file.content = Buffer.isBuffer(content) ? content : Buffer.from(typeof content === 'string' ? content : JSON.stringify(content));
      attach(item, `Files/LandingZone/${path}`, file);
      return file;
    },
    remove: (path) => detach(item, `Files/LandingZone/${path}`),
    table(name, metadata, files) {
      scene.put(`${name}/_metadata.json`, metadata);
      for (const [at, content] of files.entries()) scene.put(`${name}/${numbered(at + 1)}`, content);
    },
    [Symbol.asyncDispose]: () => replicator[Symbol.asyncDispose](),
  };
  return scene;
}

export const numbered = (number: number, extension = 'parquet'): string => `${String(number).padStart(20, '0')}.${extension}`;

/** A parquet file of a query's rows. */
export async function parquetOf(query: string): Promise<Buffer> {
  const path = join(tmpdir(), `hygge-landed-${randomUUID()}.parquet`);
  await duck(`copy (${query}) to '${path}' (format parquet)`, 'select 1');
  const content = await readFile(path);
  await rm(path);
  return content;
}

/** The same of a list of rows, written as SQL: `rowsFile('id, name', "(1, 'a')")`. */
export const rowsFile = (columns: string, ...rows: readonly string[]): Promise<Buffer> =>
  parquetOf(`select * from (values ${rows.join(', ')}) t(${columns})`);
