import type { ByteReader, ByteWriter } from './bytes.ts';
import { type CollationName, collationBytes, collationNamed, databaseCollation, isCollation } from './collations.ts';

/** A column or a parameter, as T-SQL declares it. */
export interface TdsType {
  /** Lower case, without its lengths: `decimal`, `nvarchar`. */
  readonly name: string;
  /** Characters of text, bytes of binaries. */
  readonly length: number | 'max';
  readonly precision: number;
  readonly scale: number;
  readonly collation: CollationName;
  readonly nullable: boolean;
}

/** Bytes of a value; the type's number where it says them itself (NOT NULL columns), and where they stand before each value. */
const sizedTypes = {
  bit: [1, 0x32, 0x68],
  tinyint: [1, 0x30, 0x26],
  smallint: [2, 0x34, 0x26],
  int: [4, 0x38, 0x26],
  bigint: [8, 0x7f, 0x26],
  real: [4, 0x3b, 0x6d],
  float: [8, 0x3e, 0x6d],
  smallmoney: [4, 0x7a, 0x6e],
  money: [8, 0x3c, 0x6e],
  smalldatetime: [4, 0x3a, 0x6f],
  datetime: [8, 0x3d, 0x6f],
} as const;
export type SizedName = keyof typeof sizedTypes;
const sizedNames = Object.keys(sizedTypes) as SizedName[];
export const isSized = (name: string): name is SizedName => name in sizedTypes;
export const sizeOf = (name: SizedName): number => sizedTypes[name][0];
const fixedIdOf = (name: SizedName): number => sizedTypes[name][1];
const sizedIdOf = (name: SizedName): number => sizedTypes[name][2];

const otherIds: Readonly<Record<string, number>> = {
  uniqueidentifier: 0x24,
  date: 0x28,
  time: 0x29,
  datetime2: 0x2a,
  datetimeoffset: 0x2b,
  decimal: 0x6a,
  numeric: 0x6c,
  varbinary: 0xa5,
  varchar: 0xa7,
  binary: 0xad,
  rowversion: 0xad,
  char: 0xaf,
  nvarchar: 0xe7,
  nchar: 0xef,
};

export const isWide = (name: string): boolean => name === 'nvarchar' || name === 'nchar';
export const isNarrow = (name: string): boolean => name === 'varchar' || name === 'char';
export const isBinary = (name: string): boolean => name === 'varbinary' || name === 'binary' || name === 'rowversion';
export const isTimed = (name: string): boolean => name === 'time' || name === 'datetime2' || name === 'datetimeoffset';
export const isDecimal = (name: string): boolean => name === 'decimal' || name === 'numeric';
/** Sent in chunks, and as long as it likes. */
export const isChunked = ({ length }: TdsType): boolean => length === 'max';

const written = /^(\w+)(?:\(\s*(max|\d+)\s*(?:,\s*(\d+)\s*)?\))?(?:\s+collate\s+(\w+))?((?:\s+(?:not null|null))*)$/i;
const synonyms: Readonly<Record<string, string>> = { timestamp: 'rowversion', integer: 'int', dec: 'decimal', sysname: 'nvarchar' };

const defaultLength = (name: string): number => (name === 'rowversion' ? 8 : name === 'sysname' ? 128 : 1);

/** `decimal(38,10)`, `nvarchar(max) not null`, `varchar(20) collate Cyrillic_General_CI_AS`. */
export function declared(declaration: string): TdsType {
  const [, said = '', first, second, collation = databaseCollation, rest = ''] = written.exec(declaration.trim()) ?? [];
  const name = synonyms[said.toLowerCase()] ?? said.toLowerCase();
  if (!(isSized(name) || name in otherIds)) throw new Error(`The test server knows no type ${JSON.stringify(declaration)}`);
  if (!isCollation(collation)) throw new Error(`The test server knows no collation ${collation}`);
  const number = first === undefined || first === 'max' ? undefined : Number(first);
  return {
    name: name === 'float' && number !== undefined && number <= 24 ? 'real' : name,
    length: first?.toLowerCase() === 'max' ? 'max' : (number ?? defaultLength(said.toLowerCase())),
    precision: number ?? 18,
    scale: isTimed(name) ? (number ?? 7) : Number(second ?? 0),
    collation,
    nullable: !/not null/i.test(rest),
  };
}

/** Bytes of a decimal's digits. */
export const digitsSize = (precision: number): number => (precision <= 9 ? 4 : precision <= 19 ? 8 : precision <= 28 ? 12 : 16);
export const timeSize = (scale: number): number => (scale <= 2 ? 3 : scale <= 4 ? 4 : 5);

/** TYPE_INFO. Without `fixed`, types of fixed size are sent as those that may be null, as clients send parameters. */
export function writeType(to: ByteWriter, type: TdsType, fixed = !type.nullable): void {
  const { name, length, precision, scale, collation } = type;
  if (isSized(name)) {
    if (fixed) to.u8(fixedIdOf(name));
    else to.u8(sizedIdOf(name)).u8(sizeOf(name));
    return;
  }
  to.u8(otherIds[name] ?? 0);
  if (name === 'uniqueidentifier') to.u8(16);
  else if (isTimed(name)) to.u8(scale);
  else if (isDecimal(name))
    to.u8(digitsSize(precision) + 1)
      .u8(precision)
      .u8(scale);
  else if (name !== 'date') {
    to.u16(length === 'max' ? 0xffff : isWide(name) ? length * 2 : length);
    if (!isBinary(name)) to.bytes(collationBytes(collation));
  }
}

const plain = { length: 1, precision: 18, scale: 0, collation: databaseCollation, nullable: true } as const;

/** TYPE_INFO, of parameters and of bulk loads. */
export function readType(from: ByteReader): TdsType {
  const id = from.u8();
  const fixed = sizedNames.find((name) => fixedIdOf(name) === id);
  if (fixed) return { ...plain, name: fixed, nullable: false };
  if (sizedNames.some((name) => sizedIdOf(name) === id)) {
    const size = from.u8();
    const name = sizedNames.find((one) => sizedIdOf(one) === id && sizeOf(one) === size);
    if (name === undefined) throw new Error(`Type 0x${id.toString(16)} can't have ${size} bytes`);
    return { ...plain, name };
  }
  const name = Object.keys(otherIds).find((one) => otherIds[one] === id);
  if (name === undefined) throw new Error(`The test server reads no type 0x${id.toString(16)}`);
  return { ...plain, name, ...readDetails(from, name) };
}

function readDetails(from: ByteReader, name: string): Partial<TdsType> {
  if (name === 'uniqueidentifier') from.u8();
  else if (isTimed(name)) return { scale: from.u8() };
  else if (isDecimal(name)) {
    from.u8();
    return { precision: from.u8(), scale: from.u8() };
  } else if (name !== 'date') {
    const size = from.u16();
    const length = size === 0xffff ? 'max' : isWide(name) ? size / 2 : size;
    return isBinary(name) ? { length } : { length, collation: collationNamed(from.bytes(5)) };
  }
  return {};
}
