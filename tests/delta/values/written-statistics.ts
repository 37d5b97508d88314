/** Statistics of the rows of a file as Spark and delta-rs write them, with all that they cut and round. */
import type { DataType } from '../../../src/frames/schema.ts';
import { watermarkKey, watermarkText } from '../../../src/frames/watermark-text.ts';

export type Manner = 'spark' | 'older spark' | 'delta-rs';

/** Of a limit; undefined: it is left out. As JSON text. */
export function limitText(manner: Manner, type: DataType, text: string, side: 'min' | 'max'): string | undefined {
  switch (type.kind) {
    case 'decimal':
      return manner === 'delta-rs' ? asDouble(type, text) : text;
    case 'timestamp':
      return JSON.stringify(cutTime(manner, type, text));
    case 'string': {
      const cut = manner === 'delta-rs' ? cutBytes(text, side) : cutCharacters(manner, text, side);
      return cut === undefined ? undefined : JSON.stringify(cut);
    }
    case 'date':
      return JSON.stringify(text);
    default:
      return text;
  }
}

function asDouble(type: DataType & { readonly kind: 'decimal' }, text: string): string {
  const double = Number(watermarkKey(type, text)) / 10 ** type.scale;
  return Number.isInteger(double) && Math.abs(double) < 1e21 ? `${double}.0` : String(double);
}

/** Down to milliseconds; in older Spark towards zero, and with the offset of the session. */
function cutTime(manner: Manner, type: DataType & { readonly kind: 'timestamp' }, text: string): string {
  const micros = watermarkKey(type, text) as bigint;
  const rest = ((micros % 1000n) + 1000n) % 1000n;
  const floor = micros - rest;
  const cut = manner === 'older spark' && micros < 0n && rest !== 0n ? floor + 1000n : floor;
  const isShifted = manner === 'older spark' && type.zone !== undefined;
  // +00:53:28, as Berlin had it until 1893: the seconds do not show.
  const local = isShifted ? cut + 3_208_000_000n : cut;
  const written = watermarkText({ kind: 'timestamp', unit: 'us' }, local).replace(/000$/, '');
  return `${written}${type.zone === undefined ? '' : isShifted ? '+00:53' : 'Z'}`;
}

function cutCharacters(manner: Manner, text: string, side: 'min' | 'max'): string | undefined {
  if (manner === 'older spark') return cutUnits(text, side);
  const characters = Array.from(text);
  if (characters.length <= 32) return text;
  const kept = characters.slice(0, 32).join('');
  if (side === 'min') return kept;
  const next = (characters[32] as string).codePointAt(0) as number;
  if (next >= 0x10ffff) return undefined;
  return `${kept}${next < 0x7f ? '\u007f' : '\u{10ffff}'}`;
}

/** Older ones counted UTF-16 units and raised by U+FFFD, above which UTF-8 has more characters. Half a character was written as a question mark. */
function cutUnits(text: string, side: 'min' | 'max'): string {
  if (text.length <= 32) return text;
  let length = 32;
  if (side === 'max') while (length < text.length && text.charCodeAt(length) >= 0xfffd) length++;
  const kept = text.slice(0, length).replace(/[\ud800-\udbff]$/, '?');
  return side === 'min' || length === text.length ? kept : `${kept}\ufffd`;
}

/** At most 64 bytes. The last character that can be raised is, in the largest; where none can, the largest stays whole. */
function cutBytes(text: string, side: 'min' | 'max'): string {
  const characters = Array.from(text);
  let bytes = 0;
  const kept: string[] = [];
  for (const character of characters) {
    bytes += Buffer.byteLength(character);
    if (bytes > 64) break;
    kept.push(character);
  }
  if (kept.length === characters.length || side === 'min') return kept.join('');
  for (let at = kept.length - 1; at >= 0; at--) {
    const code = (kept[at] as string).codePointAt(0) as number;
    const raised = code === 0xd7ff ? 0xe000 : code + 1;
    if (raised > 0x10ffff || Buffer.byteLength(String.fromCodePoint(raised)) > Buffer.byteLength(kept[at] as string)) continue;
    return [...kept.slice(0, at), String.fromCodePoint(raised)].join('');
  }
  return text;
}
