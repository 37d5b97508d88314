import { GrowingBytes } from '../bytes/growing-bytes.ts';

/** Writes the canonical texts of values, as UTF-8. */
export class TextBytes extends GrowingBytes {
  /** Writes `<tag><bytes>:<text>;` for a text that has only ASCII characters. */
  value(tag: string, text: string): void {
    this.ascii(tag);
    this.ascii(String(text.length));
    this.ascii(':');
    this.ascii(text);
    this.ascii(';');
  }

  /** Writes `<tag><bytes>:<text>;` for a text whose UTF-8 bytes are in `from`. */
  utf8(tag: string, from: Uint8Array, start: number, end: number): void {
    this.ascii(tag);
    this.ascii(String(end - start));
    this.ascii(':');
    this.append(from, start, end);
    this.ascii(';');
  }
}
