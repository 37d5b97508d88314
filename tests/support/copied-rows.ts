/** Rows of PostgreSQL as a COPY in binary sends them, and any values that its plain types have. */
import fc from 'fast-check';
import type { SourceColumn } from '../../src/databases/engine.ts';
import type { Wire } from '../../src/databases/postgres/types.ts';
import type { DataType } from '../../src/frames/schema.ts';

/** A type of PostgreSQL: how its columns are read, and its values as bytes. */
export interface CopiedType {
  readonly name: string;
  readonly type: DataType;
  readonly wire: Wire;
  readonly oid: number;
  readonly modifier: number;
  /** Values that hygge holds. */
  readonly usual: fc.Arbitrary<Buffer>;
  /** Values that it does not hold. */
  readonly special: readonly Buffer[];
}

const written = (bytes: number, write: (into: Buffer) => unknown): Buffer => {
  const made = Buffer.alloc(bytes);
  write(made);
  return made;
};
const int4 = (value: number): Buffer => written(4, (into) => into.writeInt32BE(value));
const int8 = (value: bigint): Buffer => written(8, (into) => into.writeBigInt64BE(value));
const most = (bits: number): bigint => 2n ** BigInt(bits - 1);

/** At the edges of 64 bits, of words of 32 bits, and of what a double holds. */
const edges = [0n, 1n, 2n ** 31n, 2n ** 32n, 2n ** 52n, 2n ** 53n, 2n ** 62n].flatMap((one) => [one - 1n, one, one + 1n, -one, -one - 1n]);
const longs = fc.oneof(fc.constantFrom(...edges, most(64) - 1n, -most(64)), fc.bigInt({ min: -most(64), max: most(64) - 1n }));
const dayUs = 86_400_000_000n;
/** Of 0001-01-01 and 9999-12-31, from 2000-01-01 on. */
const [firstDay, lastDay] = [-730_119, 2_921_939];
const [firstUs, lastUs] = [BigInt(firstDay) * dayUs, BigInt(lastDay + 1) * dayUs - 1n];
const instants = fc
  .oneof(fc.constantFrom(firstUs, lastUs, 0n, -1n, dayUs - 1n, -dayUs, ...edges), fc.bigInt({ min: firstUs, max: lastUs }))
  .map((us) => int8(us < firstUs || us > lastUs ? 0n : us));
const noInstants = [most(64) - 1n, -most(64), firstUs - 1n, lastUs + 1n].map(int8);

/** A numeric as PostgreSQL's manual says: groups of four digits, of which the first is worth 10,000 to the power of the weight. */
export function numeric(unscaled: bigint, scale: number, { zerosInFront = 0, zerosBehind = 0 } = {}): Buffer {
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
  const [whole, fraction] = [digits.slice(0, digits.length - scale), digits.slice(digits.length - scale)];
  const left = whole.padStart(Math.ceil(whole.length / 4) * 4, '0');
  const all = left + fraction.padEnd(Math.ceil(fraction.length / 4) * 4, '0');
  const groups = Array.from({ length: all.length / 4 }, (_, at) => Number(all.slice(at * 4, at * 4 + 4)));
  let weight = left.length / 4 - 1;
  while (groups[0] === 0) {
    groups.shift();
    weight--;
  }
  while (groups.at(-1) === 0) groups.pop();
  const zeros = (count: number) => Array.from({ length: count }, () => 0);
  const sent = [...zeros(zerosInFront), ...groups, ...zeros(zerosBehind)];
  return written(8 + sent.length * 2, (into) => {
    into.writeUInt16BE(sent.length, 0);
    into.writeInt16BE(sent.length === 0 ? 0 : weight + zerosInFront, 2);
    into.writeUInt16BE(unscaled < 0n ? 0x4000 : 0, 4);
    into.writeUInt16BE(scale, 6);
    for (const [at, group] of sent.entries()) into.writeUInt16BE(group, 8 + at * 2);
  });
}

/** NaN and the infinities of a numeric, by their sign. */
export const noNumber = (sign: number): Buffer => written(8, (into) => into.writeUInt16BE(sign, 4));

function decimal(precision: number, scale: number): CopiedType {
  const limit = 10n ** BigInt(precision) - 1n;
  const cases = [limit, -limit, 0n, 1n, -1n, ...edges].filter((one) => one <= limit && -one <= limit);
  return {
    ...{ name: `numeric(${precision},${scale})`, oid: 1700, modifier: ((precision << 16) | scale) + 4 },
    ...{ type: { kind: 'decimal', precision, scale }, wire: { as: 'numeric', precision, scale } },
    usual: fc.oneof(fc.constantFrom(...cases), fc.bigInt({ min: -limit, max: limit })).map((value) => numeric(value, scale)),
    special: [0xc000, 0xd000, 0xf000].map(noNumber),
  };
}

const plain = (
  name: string,
  oid: number,
  of: Pick<CopiedType, 'type' | 'usual'> & { readonly wire: Wire; readonly special?: readonly Buffer[] },
): CopiedType => ({
  ...{ name, oid, modifier: -1, special: [] },
  ...of,
});

const texts = fc
  .oneof(
    fc.string({ unit: 'binary', maxLength: 40 }).map((text) => text.replaceAll('\0', '')),
    fc.constantFrom('', 'say "hé"\tto Jörg', 'x'.repeat(33), '😀'.repeat(20)),
  )
  .map((text) => Buffer.from(text.toWellFormed()));
const doubles = fc.double({ noNaN: true, noDefaultInfinity: true });

export const copiedTypes: readonly CopiedType[] = [
  plain('boolean', 16, { type: { kind: 'bool' }, wire: { as: 'bool' }, usual: fc.boolean().map((is) => Buffer.from([is ? 1 : 0])) }),
  plain('bytea', 17, {
    type: { kind: 'binary' },
    wire: { as: 'bytes' },
    usual: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
  }),
  plain('bigint', 20, { type: { kind: 'int64' }, wire: { as: 'int8' }, usual: longs.map(int8) }),
  plain('smallint', 21, {
    ...{ type: { kind: 'int16' }, wire: { as: 'int2' } },
    usual: fc.integer({ min: -32_768, max: 32_767 }).map((value) => written(2, (into) => into.writeInt16BE(value))),
  }),
  plain('integer', 23, { type: { kind: 'int32' }, wire: { as: 'int4' }, usual: fc.integer().map(int4) }),
  plain('text', 25, { type: { kind: 'string' }, wire: { as: 'bytes' }, usual: texts }),
  plain('real', 700, {
    ...{ type: { kind: 'float32' }, wire: { as: 'float4' } },
    usual: fc.float({ noNaN: true, noDefaultInfinity: true }).map((value) => written(4, (into) => into.writeFloatBE(value))),
  }),
  plain('double precision', 701, {
    ...{ type: { kind: 'float64' }, wire: { as: 'float8' } },
    usual: doubles.map((value) => written(8, (into) => into.writeDoubleBE(value))),
  }),
  plain('date', 1082, {
    ...{ type: { kind: 'date' }, wire: { as: 'date' } },
    usual: fc.oneof(fc.constantFrom(firstDay, lastDay, 0, -1), fc.integer({ min: firstDay, max: lastDay })).map(int4),
    special: [2 ** 31 - 1, -(2 ** 31), firstDay - 1, lastDay + 1].map(int4),
  }),
  plain('time without time zone', 1083, {
    ...{ type: { kind: 'time', unit: 'us' }, wire: { as: 'time' } },
    usual: fc.oneof(fc.constantFrom(0n, dayUs - 1n), fc.bigInt({ min: 0n, max: dayUs - 1n })).map(int8),
    special: [int8(dayUs)],
  }),
  plain('timestamp without time zone', 1114, {
    ...{ type: { kind: 'timestamp', unit: 'us' }, wire: { as: 'timestamp' }, usual: instants, special: noInstants },
  }),
  plain('timestamp with time zone', 1184, {
    ...{ type: { kind: 'timestamp', unit: 'us', zone: 'UTC' }, wire: { as: 'timestamp' }, usual: instants, special: noInstants },
  }),
  plain('uuid', 2950, {
    ...{ type: { kind: 'uuid' }, wire: { as: 'uuid' } },
    usual: fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes)),
  }),
  ...[decimal(12, 2), decimal(27, 9), decimal(18, 0), decimal(4, 4)],
];

export const columnOf = ({ type, wire, oid, modifier }: CopiedType, at: number): SourceColumn => ({
  ...{ name: `c${at}`, type, nullable: true, selectExpression: `c${at}`, shownAsText: false },
  wire: JSON.stringify([`c${at}`, oid, modifier, wire]),
});

/** Null: the row has no value. */
export type CopiedRow = readonly (Buffer | null)[];

const int2 = (value: number): Buffer => written(2, (into) => into.writeInt16BE(value));
const header = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');

export const message = (code: string, ...parts: readonly Buffer[]): Buffer => {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from(code), int4(content.length + 4), content]);
};

export const rowBytes = (row: CopiedRow): Buffer =>
  Buffer.concat([int2(row.length), ...row.flatMap((value) => (value === null ? [int4(-1)] : [int4(value.length), value]))]);

/** What a server sends for these rows. */
export function copyOf(rows: readonly CopiedRow[], { hasLoneHeader = false, notices = 0 } = {}): Buffer {
  const notice = message('N', Buffer.from('SNOTICE\0Mhello\0\0'));
  const [first, ...more] = [...rows.map(rowBytes), int2(-1)];
  const begins = hasLoneHeader ? [message('d', header), message('d', first as Buffer)] : [message('d', header, first as Buffer)];
  const all = [message('H', Buffer.from([1, 0, 0])), ...begins, ...more.map((one) => message('d', one))];
  return Buffer.concat([...all.flatMap((one, at) => (notices > 0 && at % notices === 0 ? [notice, one] : [one])), behind(rows.length)]);
}

/** What comes behind the messages of the rows. */
export const behind = (rows: number): Buffer =>
  Buffer.concat([message('c'), message('C', Buffer.from(`COPY ${rows}\0`)), message('Z', Buffer.from('I'))]);
