import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { crc32, createDeflateRaw } from 'node:zlib';
import { Zip, type ZipInputFile } from 'fflate';
import { writeAtomically } from '../adapters/version-folder.ts';
import type { PackFile } from './file.ts';

/** The time of every entry, so that the same files give the same bytes: the first noon that a zip can contain. A zip stores local times, in any zone. */
const noTime = () => new Date(1980, 0, 1, 12);
const unix = 3;
const readable = 0o100644 << 16;
const deflated = 8;
const level = 6;
const chunkBytes = 1024 * 1024;

export interface ZipFile {
  readonly bytes: number;
  /** The SHA-256 checksum of the file, in hex. */
  readonly sha256: string;
}

/**
 * Writes a zip: entries sorted by name, with a fixed time and no owners, so that the same files give the same bytes under the same Node. The complete zip
 * first has a temporary path. If `check` finds no error there, the zip replaces an earlier zip. A device or a pipe receives the bytes directly. @param told
 * is called with the current number of packed bytes
 */
export async function writeZip(
  target: string,
  files: readonly PackFile[],
  { told, check }: { readonly told: (bytes: number) => void; readonly check: (waiting: string) => Promise<void> },
): Promise<ZipFile> {
  return await writeAtomically(target, `${target}.${process.pid}.tmp`, async (waiting) => {
    const zipped = await writeTo(waiting, files, told);
    await check(waiting);
    return zipped;
  });
}

async function writeTo(path: string, files: readonly PackFile[], told: (bytes: number) => void): Promise<ZipFile> {
  const hash = createHash('sha256');
  const chunks: Uint8Array[] = [];
  await using file = await open(path, 'w');
  let written = 0;
  const flush = async () => {
    for (const chunk of chunks.splice(0)) {
      hash.update(chunk);
      written += chunk.byteLength;
      await file.writeFile(chunk);
    }
  };
  const zip = new Zip((error, chunk) => {
    if (error !== null) throw error;
    chunks.push(chunk);
  });
  let packed = 0;
  for (const { path: name, read } of [...files].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const entry: ZipInputFile = { filename: name, compression: deflated, crc: 0, size: 0, mtime: noTime(), os: unix, attrs: readable };
    zip.add(entry);
    const body = await read();
    const slices = function* () {
      for (let at = 0; at < body.byteLength; at += chunkBytes) {
        const slice = body.subarray(at, at + chunkBytes);
        entry.crc = crc32(slice, entry.crc);
        entry.size += slice.byteLength;
        packed += slice.byteLength;
        told(packed);
        yield slice;
      }
    };
    await pipeline(slices, createDeflateRaw({ level }), async (compressed: AsyncIterable<Uint8Array<ArrayBuffer>>) => {
      for await (const chunk of compressed) {
        entry.ondata?.(null, chunk, false);
        await flush();
      }
    });
    entry.ondata?.(null, new Uint8Array(), true);
    await flush();
  }
  zip.end();
  await flush();
  return { bytes: written, sha256: hash.digest('hex') };
}
