import { mkdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { LogAccess } from '../../../src/delta/log/log.ts';
import { localFileSystem } from '../../../src/filesystems/disk/local.ts';
import type { FileSystem } from '../../../src/ports/filesystem.ts';
import { duck } from '../../support/duck.ts';
import { testFolder } from '../../support/parquet-files.ts';

export type Action = Readonly<Record<string, unknown>>;

export const schema = {
  type: 'struct',
  fields: [
    { name: 'id', type: 'long', nullable: true, metadata: {} },
    { name: 'p', type: 'string', nullable: true, metadata: {} },
  ],
};

export const metaData = (more: Action = {}): Action => ({
  metaData: {
    id: 'c0ffee00-0000-4000-8000-000000000000',
    format: { provider: 'parquet', options: {} },
    schemaString: JSON.stringify(schema),
    partitionColumns: [],
    configuration: {},
    ...more,
  },
});

export const protocol = (more: Action = {}): Action => ({ protocol: { minReaderVersion: 1, minWriterVersion: 2, ...more } });

/** A protocol with table features, which its readers have to know. */
export const features = (...names: readonly string[]): Action =>
  protocol({ minReaderVersion: 3, minWriterVersion: 7, readerFeatures: names, writerFeatures: names });

export const add = (path: string, more: Action = {}): Action => ({
  add: { path, partitionValues: {}, size: 100, modificationTime: 1_700_000_000_000, dataChange: true, stats: '{"numRecords":10}', ...more },
});

export const remove = (path: string, more: Action = {}): Action => ({
  remove: { path, deletionTimestamp: 1_700_000_000_000, dataChange: true, ...more },
});

/** A vector in a file of the table. */
export const vector = (id: string, cardinality = 1, offset: number | undefined = 1): Action => ({
  deletionVector: { storageType: 'u', pathOrInlineDv: id, ...(offset === undefined ? {} : { offset }), sizeInBytes: 34, cardinality },
});

/** The names that the protocol gives. */
export const padded = (version: number): string => String(version).padStart(20, '0');
export const part = (number: number): string => String(number).padStart(10, '0');

/** A log on disk, written by the tests. */
export class WrittenLog {
  readonly folder: string;
  readonly access: LogAccess;
  /** What was asked of the filesystem. */
  readonly asked: string[] = [];

  private constructor(folder: string) {
    this.folder = folder;
    const files = localFileSystem(folder);
    const { asked } = this;
    const counted: Pick<FileSystem, 'url' | 'list' | 'read'> = {
      url: files.url,
      list: (below) => {
        asked.push(`list ${below}`);
        return files.list(below);
      },
      read: (path, range, how) => {
        asked.push(`read ${path}`);
        return files.read(path, range, how);
      },
    };
    this.access = {
      files: counted as FileSystem,
      signal: new AbortController().signal,
      table: 's3://lake/orders',
    };
  }

  static async of(...commits: readonly (readonly Action[])[]): Promise<WrittenLog> {
    const log = new WrittenLog(await testFolder());
    for (const [version, actions] of commits.entries()) await log.commit(version, actions);
    return log;
  }

  /** @param name below `_delta_log`. */
  async write(name: string, content: string | Uint8Array): Promise<void> {
    const path = join(this.folder, '_delta_log', name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }

  async json(name: string, actions: readonly Action[]): Promise<void> {
    await this.write(name, actions.map((action) => `${JSON.stringify(action)}\n`).join(''));
  }

  async commit(version: number, actions: readonly Action[]): Promise<void> {
    await this.json(`${padded(version)}.json`, actions);
  }

  async compacted(from: number, to: number, actions: readonly Action[]): Promise<void> {
    await this.json(`${padded(from)}.${padded(to)}.compacted.json`, actions);
  }

  async remove(...names: readonly string[]): Promise<void> {
    for (const name of names) await rm(join(this.folder, '_delta_log', name));
  }

  async removeCommits(from: number, to: number): Promise<void> {
    for (let version = from; version <= to; version++) await this.remove(`${padded(version)}.json`);
  }

  /** The modification time of a commit. */
  async dated(version: number, ms: number): Promise<void> {
    await utimes(join(this.folder, '_delta_log', `${padded(version)}.json`), ms / 1000, ms / 1000);
  }

  /** A checkpoint, a part of one or a sidecar, written by DuckDB. @param options of COPY, each behind a comma. */
  async parquet(name: string, actions: readonly Action[], options = ''): Promise<void> {
    const path = join(this.folder, '_delta_log', name);
    await mkdir(dirname(path), { recursive: true });
    const [lines, made] = [`${path}.lines`, `${path}.made`];
    await writeFile(lines, actions.map((action) => JSON.stringify(action)).join('\n'));
    await duck(
      `copy (select * from read_json('${lines}', format = 'newline_delimited', columns = {${columns}})) to '${made}' (format parquet${options})`,
    );
    await rm(lines);
    await rename(made, path);
  }
}

const values = 'MAP(VARCHAR, VARCHAR)';
const vectorType = 'STRUCT(storageType VARCHAR, pathOrInlineDv VARCHAR, "offset" INTEGER, sizeInBytes INTEGER, cardinality BIGINT)';
const columns = Object.entries({
  add: `STRUCT(path VARCHAR, partitionValues ${values}, size BIGINT, modificationTime BIGINT, dataChange BOOLEAN, stats VARCHAR, deletionVector ${vectorType})`,
  remove: `STRUCT(path VARCHAR, deletionTimestamp BIGINT, dataChange BOOLEAN, deletionVector ${vectorType})`,
  metaData: `STRUCT(id VARCHAR, name VARCHAR, description VARCHAR, format STRUCT(provider VARCHAR, options ${values}), schemaString VARCHAR, partitionColumns VARCHAR[], configuration ${values})`,
  protocol: 'STRUCT(minReaderVersion INTEGER, minWriterVersion INTEGER, readerFeatures VARCHAR[], writerFeatures VARCHAR[])',
  sidecar: 'STRUCT(path VARCHAR, sizeInBytes BIGINT, modificationTime BIGINT)',
  checkpointMetadata: 'STRUCT("version" BIGINT)',
})
  .map(([name, type]) => `${name}: '${type}'`)
  .join(', ');
