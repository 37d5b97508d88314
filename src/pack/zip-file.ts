import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { Zip, ZipDeflate } from 'fflate';
import { writeAtomically } from '../adapters/version-folder.ts';
import type { PackFile } from './file.ts';

/** Of every entry, so that the same files make the same bytes: the first noon that a zip can name. A zip holds local times, in whatever zone. */
const noTime = () => new Date(1980, 0, 1, 12);
const unix = 3;
const readable = 0o100644 << 16;
const level = 6;
const chunkBytes = 1024 * 1024;

export interface ZipFile {
  readonly bytes: number;
  /** SHA-256, in hex. */
  readonly sha256: string;
}

/**
 * Writes a zip: entries sorted by name, no times, no owners, so that the same files make the same bytes on any machine. It takes the place of
 * an earlier one when it is whole, after `check` (of the path that it waits under) has found nothing wrong with it. A device or a pipe is given the bytes.
 * @param told is called with the bytes that are packed so far
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
    // Deflating holds the processor: others have their turn between two chunks.
    await setImmediate();
  };
  const zip = new Zip((error, chunk) => {
    if (error !== null) throw error;
    chunks.push(chunk);
  });
  let packed = 0;
  for (const { path: name, read } of [...files].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const entry = new ZipDeflate(name, { level });
    Object.assign(entry, { mtime: noTime(), os: unix, attrs: readable });
    zip.add(entry);
    const body = await read();
    let at = 0;
    do {
      const end = Math.min(at + chunkBytes, body.byteLength);
      entry.push(body.subarray(at, end), end === body.byteLength);
      packed += end - at;
      told(packed);
      at = end;
      await flush();
    } while (at < body.byteLength);
  }
  zip.end();
  await flush();
  return { bytes: written, sha256: hash.digest('hex') };
}
