import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { realScratch } from '../../src/adapters/real-scratch.ts';
import type { Frame } from '../../src/engine/contracts/frame.ts';
import type { Window } from '../../src/engine/contracts/home.ts';
import type { EncodeOptions, FileContent, FileSource } from '../../src/formats/contract/format.ts';
import { parquetFormat } from '../../src/formats/parquet/parquet.ts';
import type { Cell } from '../../src/frames/cell.ts';
import type { Schema } from '../../src/frames/schema.ts';
import { frameBuilder } from '../../src/frames/values/builders.ts';
import type { PolarsFrame } from '../../src/frames/values/polars-frame.ts';
import type { Scratch } from '../../src/ports/scratch.ts';

/** A folder that goes when the test ends. */
export async function testFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hygge-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Scratch that goes when the test ends. */
export function testScratch(folder: string): Scratch {
  const scratch = realScratch({ folder });
  onTestFinished(() => scratch[Symbol.asyncDispose]());
  return scratch;
}

/** A file as a filesystem offers it; `remote`: by range reads only, as from a bucket. Counts what is read. */
export async function sourceOf(
  path: string,
  kind: 'local' | 'remote' = 'local',
): Promise<FileSource & { readonly reads: { bytes: number } }> {
  const file = await open(path);
  onTestFinished(() => file.close());
  const { size } = await file.stat();
  const reads = { bytes: 0 };
  return {
    name: path,
    bytes: size,
    reads,
    ...(kind === 'local' ? { localPath: path } : {}),
    read: async ({ start, end }) => {
      const bytes = Buffer.alloc(end - start);
      const { bytesRead } = await file.read(bytes, 0, bytes.length, start);
      reads.bytes += bytesRead;
      return bytes.subarray(0, bytesRead);
    },
  };
}

export const wholeFile: Window = { column: null, lower: null, upper: null, nulls: 'include', seen: null, changedFiles: 'fail' };

export interface Reading {
  readonly source: FileSource;
  readonly scratch: Scratch;
  readonly content?: FileContent;
  readonly window?: Window;
  readonly columns?: readonly string[];
  readonly from?: number;
  readonly to?: number;
  readonly frameRows?: number;
  readonly frameBytes?: number;
  readonly signal?: AbortSignal;
  /** Of the home. */
  readonly keys?: Readonly<Record<string, unknown>>;
}

/** `parquet.read` with what most tests want. */
export async function* framesOf({ keys = {}, ...reading }: Reading): AsyncIterable<Frame> {
  const parquet = parquetFormat(keys);
  const content = reading.content ?? (await parquet.inspect(reading.source, null));
  const frames = parquet.read({
    window: wholeFile,
    from: 0,
    to: content.pieces.length,
    frameRows: 122_880,
    frameBytes: 32 * 1024 * 1024,
    signal: new AbortController().signal,
    ...reading,
    content,
    columns: reading.columns ?? null,
  });
  for await (const frame of frames) if (!('rejected' in frame)) yield frame;
}

/** The first frame, while the next one has not been asked for: its pages are gone by then. */
export async function firstOf(frames: AsyncIterable<Frame>): Promise<Frame> {
  const { value, done } = await frames[Symbol.asyncIterator]().next();
  if (done) throw new Error('no frame');
  return value;
}

export async function frameOf(schema: Schema, rows: readonly (readonly Cell[])[]): Promise<PolarsFrame> {
  const builder = await frameBuilder(schema);
  for (const row of rows) builder.append(row);
  return builder.take();
}

/** Encodes frames into a file at `path`; answers the encoder's summary. */
export async function writeParquet(
  path: string,
  frames: AsyncIterable<Frame> | Iterable<Frame>,
  {
    compression = 'zstd',
    keys = {},
    ...options
  }: Pick<EncodeOptions, 'schema' | 'scratch'> &
    Partial<EncodeOptions> & { readonly compression?: string; readonly keys?: Readonly<Record<string, unknown>> },
) {
  const encoder = parquetFormat({ compression, ...keys }).encoder({ watermark: null, ...options });
  const chunks: Uint8Array[] = [];
  for await (const frame of frames) for await (const chunk of encoder.add(frame)) chunks.push(chunk.slice());
  for await (const chunk of encoder.end()) chunks.push(chunk.slice());
  const body = Buffer.concat(chunks);
  await writeFile(path, body);
  return { ...encoder.summary(), bytes: encoder.bytes, body };
}
