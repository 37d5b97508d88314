/** Converts UUIDs between their 16 bytes and the text that frames store. No JavaScript string is made for this. */

/** The number of bytes of a UUID’s text: small letters with hyphens. */
export const uuidLength = 36;

const hyphen = 0x2d;
const digits = '0123456789abcdef';
const digitOf = (value: number): number => digits.charCodeAt(value & 15);
/** The first hexadecimal digit of each byte. The next constant: the second digit of each byte. */
const highs = Uint8Array.from({ length: 256 }, (_, byte) => digitOf(byte >> 4));
const lows = Uint8Array.from({ length: 256 }, (_, byte) => digitOf(byte));

/** Writes the 36 bytes of a UUID’s text, for the 16 bytes from `start` on. Throws a RangeError if the bytes or the text would exceed their memory. */
export function putUuidText(into: Uint8Array, at: number, bytes: Uint8Array, start: number): void {
  if (start < 0 || start + 16 > bytes.length || at < 0 || at + uuidLength > into.length) throw new RangeError('a uuid beyond its memory');
  let to = at;
  for (let byte = 0; byte < 16; byte++) {
    const value = bytes[start + byte] as number;
    into[to] = highs[value] as number;
    into[to + 1] = lows[value] as number;
    to += 2;
    // A hyphen comes after the bytes 4, 6, 8 and 10.
    if (((0x2a8 >> byte) & 1) === 1) into[to++] = hyphen;
  }
}

/** For each byte, the value of the hexadecimal digit, in either case. Other bytes have the value `none`. */
const none = 255;
const worth = new Uint8Array(256).fill(none);
for (let value = 0; value < 16; value++) {
  worth[digits.charCodeAt(value)] = value;
  worth[digits.toUpperCase().charCodeAt(value)] = value;
}

/**
 * Writes the 16 bytes of the UUID whose text is from `start` to `end`. The text has 32 digits in small letters or capitals, and hyphens
 * anywhere. False: the text is not a UUID, and the written bytes have no meaning. Throws a RangeError if the bytes or the text would exceed
 * their memory.
 */
export function putUuidBytes(into: Uint8Array, at: number, text: Uint8Array, start: number, end: number): boolean {
  if (at < 0 || at + 16 > into.length || start < 0 || end > text.length) throw new RangeError('a uuid beyond its memory');
  const last = at + 16;
  let to = at;
  let high = none;
  for (let from = start; from < end; from++) {
    const byte = text[from] as number;
    if (byte === hyphen) continue;
    const value = worth[byte] as number;
    if (value === none || to === last) return false;
    if (high === none) high = value;
    else {
      into[to++] = (high << 4) | value;
      high = none;
    }
  }
  return to === last;
}
