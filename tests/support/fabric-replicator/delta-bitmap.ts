/** A deletion vector as the Delta protocol has it: positions of rows as 32-bit Roaring bitmaps in the portable format, inline as Z85. */

const alphabet = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#';

function z85(bytes: Buffer): string {
  const padded = Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
  let text = '';
  for (let at = 0; at < padded.length; at += 4) {
    let value = padded.readUInt32BE(at);
    let five = '';
    for (let i = 0; i < 5; i++) {
      five = alphabet[value % 85] + five;
      value = Math.floor(value / 85);
    }
    text += five;
  }
  return text;
}

const numbers = (bits: 16 | 32, values: readonly number[]): Buffer => {
  const size = bits / 8;
  const bytes = Buffer.alloc(values.length * size);
  for (const [at, value] of values.entries()) {
    if (bits === 16) bytes.writeUInt16LE(value, at * size);
    else bytes.writeUInt32LE(value, at * size);
  }
  return bytes;
};

/** @param rows below 2³², at most 4,096 in each 65,536. */
export function inlineVector(rows: ReadonlySet<number>): object {
  const containers = new Map<number, number[]>();
  for (const row of [...rows].sort((a, b) => a - b)) containers.set(row >>> 16, [...(containers.get(row >>> 16) ?? []), row & 0xffff]);
  const all = [...containers];
  const heads = numbers(
    16,
    all.flatMap(([key, values]) => [key, values.length - 1]),
  );
  let at = 8 + heads.length + 4 * all.length;
  const offsets = all.map(([, values]) => {
    at += 2 * values.length;
    return at - 2 * values.length;
  });
  const bitmap = Buffer.concat([
    numbers(32, [12_346, all.length]),
    heads,
    numbers(32, offsets),
    ...all.map(([, values]) => numbers(16, values)),
  ]);
  const bytes = Buffer.concat([numbers(32, [1_681_511_377, 1, 0, 0]), bitmap]);
  return { storageType: 'i', pathOrInlineDv: z85(bytes), sizeInBytes: bytes.length, cardinality: rows.size };
}
