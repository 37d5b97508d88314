/** Fields in quotes that need none. The writer of nodejs-polars takes a style of quotes and does not follow it. */
import { numberKinds } from '../../../frames/convert.ts';
import type { Column } from '../../../frames/schema.ts';
import type { Writing } from './writing.ts';

const quote = 0x22;
const lineFeed = 0x0a;

/** Whether each column's values are put in quotes even where they need none. Undefined: none are. */
export function alwaysQuoted(columns: readonly Column[], { quoteStyle }: Writing): readonly boolean[] | undefined {
  if (quoteStyle === 'necessary') return undefined;
  // Durations are written as the number of their units.
  return columns.map(({ type: { kind } }) => quoteStyle === 'always' || !(numberKinds.has(kind) || kind === 'duration'));
}

/**
 * The same records with the fields of `quoted` columns in quotes; nulls stay as they are. `text` is whole records (RFC 4180), whose fields have
 * quotes where they need them: nothing in a field without them needs to be doubled.
 */
export function inQuotes(text: Uint8Array, quoted: readonly boolean[], { delimiter, lineEnding, nullValue }: Writing): Buffer {
  const separator = delimiter.charCodeAt(0);
  const none = Buffer.from(nullValue);
  // A field and what ends it are two bytes at least, and then four.
  const out = Buffer.allocUnsafe(2 * text.length);
  let to = 0;
  let column = 0;
  for (let at = 0; at < text.length; ) {
    const end = endOfField(text, at, separator);
    const isLast = text[end] === lineFeed;
    const stop = isLast ? end + 1 - lineEnding.length : end;
    const bare = (quoted[column] ?? false) && text[at] !== quote && !isSame(text, at, stop, none);
    if (bare) out[to++] = quote;
    for (let from = at; from < stop; from++) out[to++] = text[from] ?? 0;
    if (bare) out[to++] = quote;
    for (let from = stop; from <= end; from++) out[to++] = text[from] ?? 0;
    column = isLast ? 0 : column + 1;
    at = end + 1;
  }
  return out.subarray(0, to);
}

/** Where the separator or the line feed stands that ends the field at `at`. */
function endOfField(text: Uint8Array, at: number, separator: number): number {
  let inside = false;
  let end = at;
  for (; end < text.length; end++) {
    const byte = text[end];
    if (byte === quote) inside = !inside;
    else if (!inside && (byte === separator || byte === lineFeed)) break;
  }
  return end;
}

function isSame(text: Uint8Array, from: number, to: number, other: Uint8Array): boolean {
  if (to - from !== other.length) return false;
  for (let at = 0; at < other.length; at++) if (text[from + at] !== other[at]) return false;
  return true;
}
