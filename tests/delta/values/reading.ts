/** Reads tables that lie in folders, as a home would. */
import { existsSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { DeltaFile } from '../../../src/delta/table.ts';
import { dataFormat, inspectDeltaFile, readDeltaFile } from '../../../src/delta/values/read.ts';
import type { TableDescription } from '../../../src/delta/values/schema.ts';
import type { VectorPlace } from '../../../src/delta/values/vector.ts';
import type { Frame } from '../../../src/engine/contracts/frame.ts';
import type { Window } from '../../../src/engine/contracts/home.ts';
import type { FileSource } from '../../../src/formats/contract/format.ts';
import { asPolars } from '../../../src/frames/values/polars-frame.ts';
import { FileNotFound } from '../../../src/ports/filesystem.ts';
import type { Scratch } from '../../../src/ports/scratch.ts';
import { wholeFile } from '../../support/parquet-files.ts';

/** Where a file of the table lies, relative or absolute. */
function localPath(table: string, uri: string): string {
  if (uri.startsWith('file:')) return decodeURIComponent(uri.replace(/^file:(\/\/)?/, ''));
  return join(table, decodeURIComponent(uri));
}

export interface TableReading {
  /** The table's folder. */
  readonly folder: string;
  readonly table: TableDescription & { readonly files: readonly DeltaFile[] };
  readonly scratch: Scratch;
  readonly window?: Window;
  readonly columns?: readonly string[] | null;
  readonly frameRows?: number;
  readonly frameBytes?: number;
  /** Row groups of each file: from (inclusive) to (exclusive). */
  readonly part?: readonly [number, number];
}

export async function readTable(reading: TableReading): Promise<readonly Frame[]> {
  const { folder, table, scratch, window = wholeFile, columns = null } = reading;
  const format = dataFormat(table, columns);
  const frames: Frame[] = [];
  for (const file of table.files) {
    const source = await openFile(localPath(folder, file.path));
    const content = await inspectDeltaFile({ file, source, format });
    const [from, to] = reading.part ?? [0, content.pieces.length];
    const { frameBytes = 32 * 1024 * 1024, frameRows = 1_000_000 } = reading;
    const signal = new AbortController().signal;
    const openVector = async (place: VectorPlace): Promise<FileSource> =>
      openFile(place.kind === 'absolute' ? localPath(folder, place.uri) : join(folder, place.path));
    const rows = readDeltaFile({
      table,
      file,
      source,
      format,
      content,
      from,
      to,
      columns,
      window,
      frameBytes,
      frameRows,
      openVector,
      scratch,
      signal,
    });
    for await (const frame of rows) frames.push(await inMemory(frame));
  }
  return frames;
}

/** Pages are there until the next frame is asked for. */
export async function inMemory(frame: Frame): Promise<Frame> {
  await asPolars(frame).collect();
  return frame;
}

export async function openFile(path: string): Promise<FileSource> {
  if (!existsSync(path)) throw new FileNotFound(path);
  const file = await open(path);
  onTestFinished(() => file.close());
  return {
    name: path,
    bytes: statSync(path).size,
    localPath: path,
    read: async ({ start, end }) => {
      const bytes = Buffer.alloc(end - start);
      const { bytesRead } = await file.read(bytes, 0, bytes.length, start);
      return bytes.subarray(0, bytesRead);
    },
  };
}
