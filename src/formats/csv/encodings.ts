/** Reads files in other encodings than UTF-8. */
import type { FileSource } from '../contract/format.ts';
import { invalidText } from './errors.ts';

/** The encoding that the byte order mark of a file shows, and the number of bytes of the mark. */
export function byteOrderMark(
  bytes: Uint8Array,
): { readonly encoding: 'utf-8' | 'utf-16le' | 'utf-16be'; readonly bytes: number } | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return { encoding: 'utf-8', bytes: 3 };
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { encoding: 'utf-16le', bytes: 2 };
  return bytes[0] === 0xfe && bytes[1] === 0xff ? { encoding: 'utf-16be', bytes: 2 } : undefined;
}

/** Recognizes UTF-16 without a byte order mark. In UTF-16, the first characters of a text usually have a zero byte each. In any other encoding, every second character would be NUL. */
export function unmarkedUtf16([a, b, c, d]: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (a && c && b === 0 && d === 0) return 'utf-16le';
  return b && d && a === 0 && c === 0 ? 'utf-16be' : undefined;
}

/** The canonical name of an encoding. Undefined: no encoding has the name `label`. */
export function encodingNamed(label: string): string | undefined {
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return undefined;
  }
}

/** Converts any encoding to UTF-8, strictly, and drops the byte order mark. Throws HYG-3302. */
export async function* asUtf8(source: FileSource, encoding: string, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  let offset = 0;
  const decode = (chunk: Uint8Array | undefined): Uint8Array => {
    try {
      return Buffer.from(chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true }));
    } catch {
      throw invalidText(source.name, encoding, offsetOf(encoding, chunk, offset));
    }
  };
  for await (const chunk of chunks) {
    yield decode(chunk);
    offset += chunk.length;
  }
  yield decode(undefined);
}

/** The approximate position of the fault. The position is not exact, because the faulty character may have begun in the previous chunk. */
function offsetOf(encoding: string, chunk: Uint8Array | undefined, offset: number): string {
  if (chunk === undefined) return `it ends at byte ${offset} in the middle of a character`;
  let [valid, invalid] = [0, chunk.length];
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >> 1;
    if (isValid(encoding, chunk.subarray(0, middle))) valid = middle;
    else invalid = middle;
  }
  return `byte ${offset + valid} is not valid ${encoding}`;
}

function isValid(encoding: string, bytes: Uint8Array): boolean {
  try {
    new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}
