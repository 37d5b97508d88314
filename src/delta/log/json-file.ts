/** Files of actions in JSON, one a line: commits, compacted commits, and the top of some checkpoints. */
import { isUtf8 } from 'node:buffer';
import type { FileInfo, FileSystem } from '../../ports/filesystem.ts';
import { retry } from '../../ports/retry.ts';
import { type Actions, takeLine } from './actions.ts';
import { BadAction } from './errors.ts';

/** A larger file is read in ranges, so that it is never whole in memory. Entries of the log don't change. */
const rangeBytes = 8 * 1024 * 1024;
const newline = 0x0a;

interface JsonReading {
  readonly files: FileSystem;
  readonly signal: AbortSignal;
}

/** Adds the file's actions. Throws `BadAction`, or `FileNotFound`. */
export async function readJsonFile(info: FileInfo, actions: Actions, { files, signal }: JsonReading): Promise<Actions> {
  let rest: Uint8Array = new Uint8Array(0);
  let line = 0;
  let isEmpty = true;
  const take = (bytes: Uint8Array): void => {
    line += 1;
    const text = textOf(bytes, line);
    if (text.trim() === '') return;
    isEmpty = false;
    try {
      takeLine(text, actions);
    } catch (error) {
      throw error instanceof BadAction ? new BadAction(`Line ${line}: ${error.message}.`) : error;
    }
  };
  for await (const piece of piecesOf(files, info)) {
    signal.throwIfAborted();
    let from = 0;
    for (let at = piece.indexOf(newline); at >= 0; at = piece.indexOf(newline, from)) {
      take(rest.length === 0 ? piece.subarray(from, at) : Buffer.concat([rest, piece.subarray(from, at)]));
      rest = new Uint8Array(0);
      from = at + 1;
    }
    rest = rest.length === 0 ? piece.slice(from) : Buffer.concat([rest, piece.subarray(from)]);
  }
  if (rest.length > 0) take(rest);
  if (isEmpty) throw new BadAction('It holds no action: its writer was interrupted, or has only just begun.');
  return actions;
}

async function* piecesOf(files: FileSystem, { path, bytes }: FileInfo): AsyncGenerator<Uint8Array> {
  if (bytes <= rangeBytes) {
    yield await retry(() => files.read(path));
    return;
  }
  for (let start = 0; start < bytes; start += rangeBytes) {
    const range = { start, end: Math.min(start + rangeBytes, bytes) };
    yield await retry(() => files.read(path, range));
  }
}

function textOf(bytes: Uint8Array, line: number): string {
  if (!isUtf8(bytes)) throw new BadAction(`Line ${line} is not UTF-8.`);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}
