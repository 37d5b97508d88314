import { realScratch } from '../../../src/adapters/real-scratch.ts';
import type { Look, Window } from '../../../src/engine/contracts/home.ts';
import type { FileSource, Format } from '../../../src/formats/contract/format.ts';
import { jsonFormat } from '../../../src/formats/json/json.ts';
import type { LookSettings, Tuning } from '../../../src/formats/json/look-settings.ts';
import type { DataType, Schema } from '../../../src/frames/schema.ts';
import { toArrow } from '../../../src/frames/values/from-polars.ts';
import { asPolars } from '../../../src/frames/values/polars-frame.ts';
import type { RejectedRow } from '../../../src/frames/values/rejected-rows.ts';
import { watermarkText } from '../../../src/frames/watermark-text.ts';
import type { Json } from '../../../src/ports/values.ts';

/** A file that is in memory; every answer is a copy of its own, as from a disk. */
export function sourceOf(name: string, content: string | Uint8Array): FileSource {
  const bytes = Buffer.from(content);
  return { name, bytes: bytes.length, read: async ({ start, end }) => Uint8Array.from(bytes.subarray(start, end)) };
}

export const everything: Window = { column: null, lower: null, upper: null, nulls: 'include', seen: null, changedFiles: 'fail' };

export interface How {
  readonly format?: 'json' | 'ndjson';
  readonly options?: Readonly<Record<string, unknown>>;
  readonly pinned?: Json;
  /** What an earlier look decided, kept to without another look. */
  readonly planned?: Json;
  readonly look?: Look;
  readonly window?: Window;
  readonly columns?: readonly string[];
  readonly frameBytes?: number;
  readonly frameRows?: number;
  readonly threads?: LookSettings['threads'];
  readonly wholeBytes?: number;
  readonly againBytes?: number;
  /** Bytes at which the file is cut into slices. */
  readonly cuts?: readonly number[];
}

export interface Read {
  readonly schema: Schema;
  readonly pinned: Json;
  readonly notes: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
  readonly rejected: readonly RejectedRow[];
  readonly kept: boolean;
  readonly frames: number;
}

export async function readText(content: string | Uint8Array, how: How = {}): Promise<Read> {
  return readFiles([sourceOf('in/data', content)], how);
}

export async function readFiles(sources: readonly FileSource[], how: How = {}): Promise<Read> {
  const format = jsonFormat(how.format ?? 'ndjson', how.options ?? {}, tuningOf(how));
  await using scratch = realScratch();
  const sampled = how.planned
    ? { pinned: how.planned, notes: [], partly: undefined }
    : await format.sample?.({ sources, pinned: how.pinned ?? null, scratch, look: how.look ?? 'whole' });
  const rows: (readonly unknown[])[] = [];
  const rejected: RejectedRow[] = [];
  let [kept, frames] = [false, 0];
  let schema: Schema = { columns: [] };
  for (const source of sources) {
    const content = await format.inspect(source, sampled?.pinned ?? null);
    schema = content.schema;
    const bounds = [0, ...(how.cuts ?? []).filter((cut) => cut < source.bytes), source.bytes];
    for (const [i, from] of bounds.slice(0, -1).entries()) {
      const request: Parameters<Format['read']>[0] = {
        source,
        content,
        from,
        to: bounds[i + 1] ?? source.bytes,
        window: how.window ?? everything,
        frameBytes: how.frameBytes ?? 32 * 1024 * 1024,
        frameRows: how.frameRows ?? 100_000,
        columns: how.columns ?? null,
        ...(sampled?.partly && { partly: sampled.partly }),
        scratch,
        signal: new AbortController().signal,
      };
      for await (const read of format.read(request)) {
        if ('rejected' in read) {
          rejected.push(...read.rejected);
          kept = read.keep;
          continue;
        }
        frames++;
        const table = await toArrow(await asPolars(read).collect());
        const columns = read.schema.columns.map(({ type }, i) => ({ type, values: table.getChildAt(i) }));
        for (let row = 0; row < read.rows; row++) rows.push(columns.map(({ type, values }) => plain(type, values?.get(row))));
      }
    }
  }
  return { schema, pinned: sampled?.pinned ?? null, notes: (sampled?.notes ?? []).map(({ text }) => text), rows, rejected, kept, frames };
}

function tuningOf({ threads, wholeBytes, againBytes }: How): Tuning {
  return {
    ...(threads && { threads }),
    ...(wholeBytes !== undefined && { wholeBytes }),
    ...(againBytes !== undefined && { againBytes }),
  };
}

/** A value as tests write it: whole 64-bit numbers and what is exact only as text as text. */
export function plain(type: DataType, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  switch (type.kind) {
    case 'list':
      return Array.from(value as Iterable<unknown>, (item) => plain(type.item, item));
    case 'struct': {
      const row = value as { toArray(): unknown[] };
      const cells = row.toArray();
      return Object.fromEntries(type.fields.map((field, i) => [field.name, plain(field.type, cells[i])]));
    }
    case 'decimal': {
      const words = value as Uint32Array;
      let unscaled = 0n;
      for (let i = words.length - 1; i >= 0; i--) unscaled = (unscaled << 32n) | BigInt(words[i] ?? 0);
      return watermarkText(type, BigInt.asIntN(128, unscaled));
    }
    case 'int64':
    case 'uint64':
      return String(value);
    case 'binary':
      return Buffer.from(value as Uint8Array).toString('hex');
    default:
      return typeof value === 'bigint' ? String(value) : value;
  }
}

export const typesIn = (schema: Schema) => schema.columns.map(({ name, type }) => [name, type.kind]);
