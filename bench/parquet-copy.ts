/**
 * The format's loop alone, without engine, state or fsync: what a change of it costs or gains, and what to look at with `--cpu-prof`.
 * `node bench/parquet-copy.ts <from.parquet> <folder> [compression] [streams]` → one JSON line.
 */
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { realScratch } from '../src/adapters/real-scratch.ts';
import type { FileContent, FileEncoder, FileSource } from '../src/formats/contract/format.ts';
import { parquetFormat } from '../src/formats/parquet/parquet.ts';

const [from, folder, compression = 'zstd', streams = '2'] = process.argv.slice(2);
const parquet = parquetFormat({ compression });
if (from === undefined || folder === undefined)
  throw new Error('node bench/parquet-copy.ts <from.parquet> <folder> [compression] [streams]');
const targetBytes = 128 * 1024 * 1024;
const sliceBytes = 160 * 1024 * 1024;

async function sourceAt(path: string): Promise<FileSource> {
  const file = await open(path);
  const { size } = await file.stat();
  return {
    name: path,
    bytes: size,
    localPath: path,
    read: async ({ start, end }) => {
      const bytes = new Uint8Array(end - start);
      await file.read(bytes, 0, bytes.length, start);
      return bytes;
    },
  };
}

/** Runs of row groups of about `sliceBytes` in memory, as the engine cuts them. */
function slicesOf(content: FileContent): readonly { readonly from: number; readonly to: number }[] {
  const slices: { from: number; to: number }[] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const [index, piece] of content.pieces.entries()) {
    const last = slices.at(-1);
    if (last && bytes + piece.bytes <= sliceBytes) last.to = index + 1;
    else slices.push({ from: index, to: index + 1 });
    bytes = last && last.to === index + 1 ? bytes + piece.bytes : piece.bytes;
  }
  return slices;
}

class Output {
  readonly #folder: string;
  #count = 0;
  #open: { readonly encoder: FileEncoder; readonly file: Awaited<ReturnType<typeof open>> } | undefined;
  rows = 0;

  constructor(folderPath: string) {
    this.#folder = folderPath;
  }

  async to(make: () => FileEncoder, name: string) {
    this.#open ??= { encoder: make(), file: await open(join(this.#folder, `${name}-${this.#count++}.parquet`), 'w') };
    return this.#open;
  }

  async close(): Promise<void> {
    if (!this.#open) return;
    for await (const bytes of this.#open.encoder.end()) await this.#open.file.write(bytes);
    this.rows += this.#open.encoder.summary().rows;
    await this.#open.file.close();
    this.#open = undefined;
  }
}

async function copy(path: string, into: string): Promise<number> {
  await using scratch = realScratch();
  const source = await sourceAt(path);
  const content = await parquet.inspect(source, null);
  const slices = slicesOf(content).values();
  const window = { column: null, lower: null, upper: null, nulls: 'include', seen: null, changedFiles: 'fail' } as const;
  const request = { source, content, window, frameBytes: 32 * 1024 * 1024, frameRows: 122_880, columns: null, scratch };
  const { signal } = new AbortController();
  const stream = async (_: unknown, number: number): Promise<number> => {
    const output = new Output(into);
    for (const slice of slices) {
      for await (const frame of parquet.read({ ...request, ...slice, signal })) {
        if ('rejected' in frame) continue;
        const { encoder, file } = await output.to(() => parquet.encoder({ schema: content.schema, scratch, watermark: null }), `${number}`);
        for await (const bytes of encoder.add(frame)) await file.write(bytes);
        if (encoder.bytes >= targetBytes) await output.close();
      }
    }
    await output.close();
    return output.rows;
  };
  const rows = await Promise.all(Array.from({ length: Number(streams) }, stream));
  return rows.reduce((sum, each) => sum + each, 0);
}

await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
const startedAt = performance.now();
const rows = await copy(from, folder);
const seconds = (performance.now() - startedAt) / 1000;
process.stdout.write(`${JSON.stringify({ rows, seconds, peakMB: Math.round(process.resourceUsage().maxRSS / 1024) })}\n`);
