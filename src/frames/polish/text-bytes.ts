import { GrowingBytes } from '../bytes/growing-bytes.ts';

/** The canonical text of values as UTF-8. */
export class TextBytes extends GrowingBytes {
  /** `<tag><bytes>:<text>;`, for a text of ASCII characters only. */
  value(tag: string, text: string): void {
    this.ascii(tag);
    this.ascii(String(text.length));
    this.ascii(':');
    this.ascii(text);
    this.ascii(';');
  }

  /** The same for the UTF-8 bytes in `from`. */
  utf8(tag: string, from: Uint8Array, start: number, end: number): void {
    this.ascii(tag);
    this.ascii(String(end - start));
    this.ascii(':');
    this.append(from, start, end);
    this.ascii(';');
  }
}
