import { type FileHandle, open, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Gmac } from '../checksum/gmac.ts';
import type { Folders } from './folders.ts';
import { temporaryName } from './temporary.ts';

/** A sync is started whenever so many bytes were written, so that the sync at the end of a large file is short. */
const pushBytes = 32 * 1024 * 1024;

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.byteLength; ) {
    const { bytesWritten } = await file.write(bytes, at, bytes.byteLength - at);
    at += bytesWritten;
  }
}

/** Writes a stream into an open file, and returns its size and checksum. Syncs while it writes and at the end. */
async function pour(file: FileHandle, body: AsyncIterable<Uint8Array>): Promise<{ readonly bytes: number; readonly checksum: string }> {
  const checksum = new Gmac();
  let bytes = 0;
  let waiting = 0;
  let pushing: Promise<unknown> | undefined;
  try {
    for await (const chunk of body) {
      const writing = writeAll(file, chunk);
      checksum.update(chunk);
      await writing;
      bytes += chunk.byteLength;
      waiting += chunk.byteLength;
      if (waiting < pushBytes) continue;
      await pushing;
      pushing = file.datasync();
      // The next await throws the failure of the sync. Until then the failure must not count as unhandled.
      pushing.catch(() => undefined);
      waiting = 0;
    }
  } finally {
    // The handle must not be closed during a sync.
    await pushing?.catch(() => undefined);
  }
  await pushing;
  await file.datasync();
  return { bytes, checksum: `gmac:${checksum.digest()}` };
}

/** A new file, complete and durable under its name, or no file at all. Throws EEXIST if the name is in use. */
export async function writeNew(folders: Folders, path: string, body: AsyncIterable<Uint8Array>) {
  const folder = dirname(path);
  const file = await folders.inside(folder, () => open(path, 'wx'));
  try {
    // The name is made durable while the content is still being written.
    const named = folders.sync(folder);
    named.catch(() => undefined);
    const written = await pour(file, body).finally(() => file.close());
    await named;
    return written;
  } catch (error) {
    await unlink(path).catch(() => undefined);
    await folders.prune(folder);
    throw error;
  }
}

/** Writes `body` durably next to the final file, under a name that no reader uses. The temporary name itself is not made durable. */
export async function writeTemporary(folders: Folders, folder: string, body: Uint8Array): Promise<string> {
  const path = join(folder, temporaryName());
  const file = await folders.inside(folder, () => open(path, 'wx'));
  try {
    await writeAll(file, body)
      .then(() => file.datasync())
      .finally(() => file.close());
    return path;
  } catch (error) {
    await unlink(path).catch(() => undefined);
    throw error;
  }
}

/** Appends a line to a file in one write, because the kernel keeps appended writes complete and separate. Syncs; returns whether the file is new. */
export async function appendLine(folders: Folders, path: string, line: Uint8Array): Promise<{ readonly created: boolean }> {
  const file = await folders.inside(dirname(path), () => open(path, 'a+'));
  try {
    const { size } = await file.stat();
    const torn = size > 0 && !(await endsLine(file, size));
    const bytes = Buffer.concat([Buffer.from(torn ? '\n' : ''), line, Buffer.from('\n')]);
    const { bytesWritten } = await file.write(bytes, 0, bytes.byteLength);
    if (bytesWritten !== bytes.byteLength)
      throw Object.assign(new Error(`${bytesWritten} of ${bytes.byteLength} bytes fit`), { code: 'ENOSPC' });
    await file.datasync();
    return { created: size === 0 };
  } finally {
    await file.close();
  }
}

async function endsLine(file: FileHandle, size: number): Promise<boolean> {
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] === 0x0a;
}
