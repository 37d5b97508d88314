/** Delta tables of one file that DuckDB wrote, with a log of the tests' own. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { DeltaField, DeltaFile, DeltaMetadata, DeltaProtocol, DeltaType } from '../../../src/delta/table.ts';
import type { Frame } from '../../../src/engine/contracts/frame.ts';
import { exactJson } from '../../../src/frames/exact-json/exact-json.ts';
import { overRows } from '../../../src/frames/values/cells.ts';
import type { Json } from '../../../src/ports/values.ts';
import { vectorBytes, z85 } from '../../support/delta/writer/roaring.ts';
import { duck } from '../../support/duck.ts';

export const field = (name: string, type: DeltaType, more: Partial<DeltaField> = {}): DeltaField => ({
  name,
  type,
  nullable: true,
  metadata: {},
  ...more,
});

export const struct = (...fields: readonly DeltaField[]): DeltaType => ({ type: 'struct', fields });
export const array = (elementType: DeltaType): DeltaType => ({ type: 'array', elementType, containsNull: true });
export const map = (keyType: DeltaType, valueType: DeltaType): DeltaType => ({ type: 'map', keyType, valueType, valueContainsNull: true });

/** Metadata of a field under column mapping. */
export const mappedTo = (physicalName: string, id: number): Partial<DeltaField> => ({
  metadata: { 'delta.columnMapping.physicalName': physicalName, 'delta.columnMapping.id': id },
});

export interface MadeTable {
  readonly protocol: DeltaProtocol;
  readonly metadata: DeltaMetadata;
  readonly files: readonly DeltaFile[];
}

export interface Making {
  readonly fields: readonly DeltaField[];
  readonly partitionColumns?: readonly string[];
  readonly mode?: string;
  readonly files?: readonly DeltaFile[];
}

export function tableOf({ fields, partitionColumns = [], mode, files = [] }: Making): MadeTable {
  return {
    protocol: { minReaderVersion: 3, minWriterVersion: 7, readerFeatures: ['columnMapping', 'deletionVectors'], writerFeatures: [] },
    metadata: {
      id: 'made',
      name: null,
      description: null,
      schema: { type: 'struct', fields },
      partitionColumns,
      configuration: mode === undefined ? {} : { 'delta.columnMapping.mode': mode },
    },
    files,
  };
}

/** A data file with the rows of a query. @param options of DuckDB's COPY. */
export async function dataFile(folder: string, query: string, options = ''): Promise<DeltaFile> {
  const path = 'data.parquet';
  await duck(`copy (${query}) to '${join(folder, path)}' (format parquet${options})`);
  return fileAt(folder, path);
}

export const fileAt = (folder: string, path: string): DeltaFile => ({
  path,
  partitionValues: {},
  bytes: statSync(join(folder, path)).size,
  modificationTime: 0,
  vector: null,
  stats: null,
});

/** The file with an inline vector. */
export function without(file: DeltaFile, rows: readonly number[]): DeltaFile {
  const bytes = vectorBytes(rows);
  return {
    ...file,
    vector: { storageType: 'i', pathOrInlineDv: z85(bytes), offset: null, sizeInBytes: bytes.length, cardinality: rows.length },
  };
}

/** The rows of frames as exact JSON, in order. */
export async function rowsOf(frames: readonly Frame[]): Promise<Json[][]> {
  const all: Json[][] = [];
  for (const frame of frames) {
    const { columns } = frame.schema;
    await overRows(frame, (rows) => {
      for (const row of rows) all.push(columns.map(({ type }, i) => exactJson(type, row[i] ?? null)));
    });
  }
  return all;
}
