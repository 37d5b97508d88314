import type { Lexer } from '../bytes/json-lexer.ts';

/** A member’s name as most records write it, in a form that can be compared four bytes at a time. */
export interface WrittenName {
  /** The length in bytes, including the quotes. */
  readonly length: number;
  readonly bytes: Buffer;
  /** The words of four bytes from the beginning of the name. `last` is the word at the end of the name, which may overlap the others. */
  readonly words: Int32Array;
  readonly last: number;
}

export function written(name: string): WrittenName {
  const bytes = Buffer.from(JSON.stringify(name));
  const words = Int32Array.from({ length: Math.ceil(bytes.length / 4) - 1 }, (_, i) => bytes.readInt32LE(i * 4));
  return { length: bytes.length, bytes, words, last: bytes.length < 4 ? 0 : bytes.readInt32LE(bytes.length - 4) };
}

/** Whether the name, as most records write it, is at the lexer’s position. */
export function isAt({ src, view, p }: Lexer, { length, bytes, words, last }: WrittenName): boolean {
  if (length < 4 || p + length > view.byteLength) {
    for (let i = 0; i < length; i++) if (src[p + i] !== bytes[i]) return false;
    return true;
  }
  for (let i = 0; i < words.length; i++) if (view.getInt32(p + i * 4, true) !== words[i]) return false;
  return view.getInt32(p + length - 4, true) === last;
}

/** The position of the first byte at or after `from` that may end a plain text: a quote, a backslash or a control character. */
export function endOfPlain({ src, view }: Lexer, from: number): number {
  let p = from;
  for (const most = view.byteLength - 4; p <= most; p += 4) {
    const word = view.getInt32(p, true);
    const quote = word ^ 0x22222222;
    const backslash = word ^ 0x5c5c5c5c;
    // The subtraction also marks some bytes above a byte that is 0 or below 0x20, because such a byte borrows from the byte above it. The loop below checks each marked byte.
    const found = ((quote - 0x01010101) & ~quote) | ((backslash - 0x01010101) & ~backslash) | ((word - 0x20202020) & ~word);
    if ((found & 0x80808080) !== 0) break;
  }
  let b = src[p] as number;
  while (b !== 0x22 && b !== 0x5c && b >= 0x20) b = src[++p] as number;
  return p;
}
