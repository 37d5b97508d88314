import { bytesFile, type PackFile } from './file.ts';

const block = 512;

/**
 * The files of a tar archive as npm makes them: plain files, their names below one folder (`package/`), which is left out. Links and devices are skipped.
 * Throws an Error if the bytes are not a tar file.
 */
export function filesInTar(tar: Uint8Array): readonly PackFile[] {
  const files: PackFile[] = [];
  let longName: string | undefined;
  for (let at = 0; at + block <= tar.byteLength; ) {
    const header = tar.subarray(at, at + block);
    if (header.every((byte) => byte === 0)) break;
    const bytes = numberIn(header, 124, 12);
    const kind = String.fromCharCode(header[156] ?? 0);
    const body = tar.subarray(at + block, at + block + bytes);
    if (body.byteLength !== bytes) throw new Error('the archive ends in the middle of a file');
    if (kind === 'x') longName = paxPath(textIn(body, 0, bytes));
    else if (kind !== 'g') {
      const name = longName ?? [textIn(header, 345, 155), textIn(header, 0, 100)].filter((part) => part !== '').join('/');
      longName = undefined;
      if (kind === '0' || kind === '\0') files.push(bytesFile(name.replace(/^[^/]+\//, ''), body));
    }
    at += block + Math.ceil(bytes / block) * block;
  }
  return files;
}

function textIn(bytes: Uint8Array, at: number, length: number): string {
  const field = bytes.subarray(at, at + length);
  const end = field.indexOf(0);
  return new TextDecoder().decode(end === -1 ? field : field.subarray(0, end));
}

function numberIn(header: Uint8Array, at: number, length: number): number {
  const value = Number.parseInt(textIn(header, at, length).trim(), 8);
  if (!(value >= 0)) throw new Error('the archive has a damaged header');
  return value;
}

/** One of several records: `30 path=package/some/long/name\n`. */
function paxPath(text: string): string | undefined {
  return /(?:^|\n)\d+ path=([^\n]*)\n/.exec(text)?.[1];
}
