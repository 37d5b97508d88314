/** Z85, the Base85 of ZeroMQ (rfc.zeromq.org/spec/32): five characters stand for four bytes, the highest first. */
const alphabet = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#';

const digits: ReadonlyMap<string, number> = new Map(Array.from(alphabet, (character, digit) => [character, digit]));

/** The bytes of a text in Z85; undefined: the text is not Z85. */
export function z85Bytes(text: string): Uint8Array | undefined {
  if (text.length % 5 !== 0) return undefined;
  const bytes = Buffer.alloc((text.length / 5) * 4);
  for (let at = 0; at < text.length; at += 5) {
    let value = 0;
    for (let i = at; i < at + 5; i++) {
      const digit = digits.get(text[i] as string);
      if (digit === undefined) return undefined;
      value = value * 85 + digit;
    }
    if (value > 0xffff_ffff) return undefined;
    bytes.writeUInt32BE(value, (at / 5) * 4);
  }
  return bytes;
}

/** The text in Z85. @param bytes their number must be a multiple of four. */
export function z85Text(bytes: Uint8Array): string {
  const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let text = '';
  for (let at = 0; at < bytes.length; at += 4) {
    let [value, group] = [words.getUint32(at), ''];
    for (let i = 0; i < 5; i++, value = Math.floor(value / 85)) group = `${alphabet[value % 85]}${group}`;
    text += group;
  }
  return text;
}
