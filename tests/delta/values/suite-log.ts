/** The newest version of a table of the suite, from its JSON commits alone. It is for tests of values: what a log may look like besides is not known here. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DeltaFile, DeltaMetadata, DeltaProtocol } from '../../../src/delta/table.ts';

export interface SimpleSnapshot {
  readonly protocol: DeltaProtocol;
  readonly metadata: DeltaMetadata;
  readonly files: readonly DeltaFile[];
}

const commitsOf = (log: string): readonly string[] =>
  readdirSync(log)
    .filter((name) => /^\d{20}\.json$/.test(name))
    .sort();

// biome-ignore lint/suspicious/noExplicitAny: actions as their writers made them
type Action = Record<string, any>;

/** @param version the newest one that is read. */
export function simpleSnapshot(table: string, version = Number.POSITIVE_INFINITY): SimpleSnapshot {
  const files = new Map<string, DeltaFile>();
  let protocol: Action = {};
  let metadata: Action = {};
  for (const name of commitsOf(join(table, '_delta_log')).filter((one) => Number(one.slice(0, 20)) <= version)) {
    const text = readFileSync(join(table, '_delta_log', name), 'utf8').replaceAll('@SUITE@', dirname(dirname(table)));
    const actions = text.split(/\r?\n/).filter((line) => line.trim() !== '');
    const read = actions.map((line) => JSON.parse(line) as Action);
    for (const { remove } of read) if (remove) files.delete(keyOf(remove));
    for (const { add, metaData, protocol: changed } of read) {
      if (metaData) metadata = metaData;
      if (changed) protocol = changed;
      if (add) files.set(keyOf(add), fileOf(add));
    }
  }
  return {
    protocol: { readerFeatures: null, writerFeatures: null, ...protocol } as DeltaProtocol,
    metadata: {
      id: metadata.id,
      name: null,
      description: null,
      schema: JSON.parse(metadata.schemaString),
      partitionColumns: metadata.partitionColumns,
      configuration: metadata.configuration ?? {},
    },
    files: [...files.values()],
  };
}

function keyOf({ path, deletionVector }: Action): string {
  return `${path} ${deletionVector ? `${deletionVector.storageType}${deletionVector.pathOrInlineDv}@${deletionVector.offset}` : ''}`;
}

function fileOf(add: Action): DeltaFile {
  const vector = add.deletionVector;
  return {
    path: add.path,
    partitionValues: Object.fromEntries(
      Object.entries(add.partitionValues ?? {}).map(([name, value]) => [name, value === '' ? null : (value as string | null)]),
    ),
    bytes: add.size,
    modificationTime: add.modificationTime,
    vector: vector ? { ...vector, offset: vector.offset ?? null } : null,
    stats: add.stats ?? null,
  };
}

/** Where a file of the table lies, relative or absolute. */
export function localPath(table: string, uri: string): string {
  if (uri.startsWith('file:')) return decodeURIComponent(uri.replace(/^file:(\/\/)?/, ''));
  return join(table, decodeURIComponent(uri));
}
