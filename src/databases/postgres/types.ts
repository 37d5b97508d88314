/** The type table of PostgreSQL: the type of hygge that each type is read as, and the format of its bytes in a binary COPY. */
import type { Column, DataType } from '../../frames/schema.ts';

/** A type as in pg_type. */
export interface CatalogType {
  readonly oid: number;
  readonly name: string;
  /** The kind of the type: `b` base, `c` composite, `d` domain, `e` enum, `r` range, `m` multirange, `p` pseudo. */
  readonly kind: string;
  /** The element type of a true array; 0 for any other type. */
  readonly item: number;
  /** The base type of a domain; 0 for any other type. */
  readonly base: number;
  readonly baseMod: number;
  /** The fields of a composite type, in order; empty for any other type. */
  readonly fields: readonly { readonly name: string; readonly type: number; readonly mod: number }[];
}

export type CatalogTypes = ReadonlyMap<number, CatalogType>;

/** How the bytes of a value are read. */
export type Wire =
  | { readonly as: 'bool' | 'int2' | 'int4' | 'int8' | 'oid' | 'float4' | 'float8' | 'bytes' | 'jsonb' | 'uuid' }
  | { readonly as: 'date' | 'time' | 'timestamp' }
  | { readonly as: 'money' }
  | { readonly as: 'numeric'; readonly precision: number; readonly scale: number }
  | { readonly as: 'array'; readonly item: Wire }
  | { readonly as: 'record'; readonly fields: readonly Wire[] };

export interface ReadAs {
  readonly type: DataType;
  readonly wire: Wire;
  /** The type that the SELECT list casts the column to. Null: the column is sent without a cast. */
  readonly cast: string | null;
  /** The type is read as text, because no type of hygge can store its values. */
  readonly shownAsText: boolean;
  /** The type’s texts are numbers that keep their trailing zeros as written. */
  readonly numberTexts?: true;
  /** How the text of a value differs from the server’s own text, if the type is read as text. */
  readonly textLoss?: string;
  /** hygge’s type can’t store some of its values: NaN, infinity, years after 9999. */
  readonly hasSpecialValues: boolean;
}

const plain = (type: DataType, as: Exclude<Wire, { readonly as: 'numeric' | 'array' | 'record' }>['as']): ReadAs => ({
  ...{ type, wire: { as } as Wire, cast: null, shownAsText: false },
  hasSpecialValues: as === 'date' || as === 'time' || as === 'timestamp',
});

const provenText: ReadAs = { ...plain({ kind: 'string' }, 'bytes'), cast: 'text', shownAsText: true };
/** A cast to text may differ from the text that the server sends: the cast adds the mask of an inet. */
const asText: ReadAs = { ...provenText, textLoss: 'it is kept as a text, which may differ from the text that the server shows' };

/** Oids of types that are the same in every database. */
const known: Readonly<Record<number, ReadAs>> = {
  16: plain({ kind: 'bool' }, 'bool'),
  17: plain({ kind: 'binary' }, 'bytes'),
  19: plain({ kind: 'string' }, 'bytes'), // name
  20: plain({ kind: 'int64' }, 'int8'),
  21: plain({ kind: 'int16' }, 'int2'),
  23: plain({ kind: 'int32' }, 'int4'),
  25: plain({ kind: 'string' }, 'bytes'), // text
  26: plain({ kind: 'uint32' }, 'oid'),
  114: plain({ kind: 'json' }, 'bytes'),
  700: plain({ kind: 'float32' }, 'float4'),
  701: plain({ kind: 'float64' }, 'float8'),
  1042: plain({ kind: 'string' }, 'bytes'), // char(n), with its blanks
  1043: plain({ kind: 'string' }, 'bytes'), // varchar
  1082: plain({ kind: 'date' }, 'date'),
  1083: plain({ kind: 'time', unit: 'us' }, 'time'),
  1114: plain({ kind: 'timestamp', unit: 'us' }, 'timestamp'),
  1186: { ...asText, textLoss: 'it is kept as a text in the form of ISO 8601' }, // interval
  ...{ 600: provenText, 1562: provenText, 3904: provenText }, // point, varbit, int4range
  1184: plain({ kind: 'timestamp', unit: 'us', zone: 'UTC' }, 'timestamp'),
  2950: plain({ kind: 'uuid' }, 'uuid'),
  3802: plain({ kind: 'json' }, 'jsonb'),
};

const numeric = 1700;
const money = 790;

const words: Readonly<Record<number, string>> = {
  ...{ 16: 'boolean', 17: 'bytea', 20: 'bigint', 21: 'smallint', 23: 'integer', 25: 'text', 26: 'oid', 114: 'json', 700: 'real' },
  ...{ 701: 'double precision', 1082: 'date', 2950: 'uuid', 3802: 'jsonb' },
};

/** How types with a modifier, such as a number of digits or characters, are written. */
const modified: Readonly<Record<number, (modifier: string) => string>> = {
  1083: (digits) => `time${digits} without time zone`,
  1114: (digits) => `timestamp${digits} without time zone`,
  1184: (digits) => `timestamp${digits} with time zone`,
  1043: () => 'character varying',
};

/** The name of a built-in type, as format_type writes it on every server. Undefined: only the server knows the name, because the type may belong to one database. */
export function spelling(oid: number, mod: number): string | undefined {
  const word = words[oid];
  if (word !== undefined) return mod === -1 ? word : undefined;
  if (oid === numeric && mod === -1) return 'numeric';
  if (oid === numeric) {
    const { precision, scale } = numericOf(mod) ?? { precision: 0, scale: -1 };
    return scale < 0 || scale > precision ? undefined : `numeric(${precision},${scale})`;
  }
  if (oid === 1042) return mod > 4 ? `character(${mod - 4})` : undefined;
  if (oid === 1043 && mod !== -1) return mod > 4 ? `character varying(${mod - 4})` : undefined;
  return modified[oid]?.(mod === -1 ? '' : `(${mod})`);
}

export interface Choices {
  /** The decimal type that a numeric without precision is read as. Undefined: such a numeric is read as text. */
  readonly decimal: (DataType & { readonly kind: 'decimal' }) | undefined;
  /** The number of digits after the point of a `money` value, which the server decides. */
  readonly moneyDigits: number;
}

/** How a type is read. @param mod the modifier of the type, such as `numeric(10,2)`; -1: no modifier. */
export function readAs(oid: number, mod: number, types: CatalogTypes, choices: Choices): ReadAs {
  const found = known[oid];
  if (found !== undefined) return found;
  if (oid === numeric) return readNumeric(mod, choices);
  if (oid === money) return { ...plain({ kind: 'decimal', precision: 19, scale: choices.moneyDigits }, 'money') };
  const type = types.get(oid);
  if (type === undefined) return asText;
  if (type.kind === 'd') return readAs(type.base, type.baseMod === -1 ? mod : type.baseMod, types, choices);
  if (type.kind === 'e' || type.name === 'citext') return { ...provenText, cast: null, shownAsText: false };
  if (type.item !== 0) return readArray(type, mod, types, choices);
  if (type.kind === 'c') return readComposite(type, types, choices);
  return asText;
}

/** The modifier of a numeric: its precision, and its scale, which may be negative or larger than the precision. */
export function numericOf(mod: number): { readonly precision: number; readonly scale: number } | undefined {
  if (mod < 4) return undefined;
  const both = mod - 4;
  return { precision: (both >> 16) & 0xffff, scale: ((both & 0x7ff) ^ 1024) - 1024 };
}

function readNumeric(mod: number, { decimal }: Choices): ReadAs {
  const declared = numericOf(mod);
  if (declared === undefined)
    return decimal === undefined ? { ...provenText, numberTexts: true } : asDecimal(decimal.precision, decimal.scale);
  // numeric(5,-2) stores 7 digits, of which the last two are zeros. numeric(2,5) stores at most 0.00099.
  const scale = Math.max(0, declared.scale);
  const precision = Math.max(declared.precision - Math.min(0, declared.scale), scale, 1);
  return precision > 38 ? asText : asDecimal(precision, scale);
}

function asDecimal(precision: number, scale: number): ReadAs {
  const type = { kind: 'decimal', precision, scale } as const;
  return { type, wire: { as: 'numeric', precision, scale }, cast: null, shownAsText: false, hasSpecialValues: true };
}

/** Reads an array. If its item type needs a cast, the whole array can only be cast to text. */
function readArray({ item }: CatalogType, mod: number, types: CatalogTypes, choices: Choices): ReadAs {
  const inside = readAs(item, mod, types, choices);
  if (inside.wire.as === 'array') return asText;
  if (inside.cast !== null && inside.cast !== 'text') return asText;
  const { type, wire, shownAsText, hasSpecialValues } = inside;
  const cast = inside.cast === null ? null : 'text[]';
  return { type: { kind: 'list', item: type }, wire: { as: 'array', item: wire }, cast, shownAsText, hasSpecialValues };
}

function readComposite({ fields }: CatalogType, types: CatalogTypes, choices: Choices): ReadAs {
  const inside = fields.map(({ type, mod }) => readAs(type, mod, types, choices));
  if (fields.length === 0 || inside.some(({ cast }) => cast !== null)) return asText;
  const columns: readonly Column[] = fields.map(({ name }, i) => ({ name, type: (inside[i] as ReadAs).type, nullable: true }));
  return {
    type: { kind: 'struct', fields: columns },
    wire: { as: 'record', fields: inside.map(({ wire }) => wire) },
    cast: null,
    shownAsText: false,
    hasSpecialValues: inside.some(({ hasSpecialValues }) => hasSpecialValues),
  };
}

/** What a value of the type loses when it is read. Undefined: nothing. */
export function lossOf({ wire, textLoss }: Pick<ReadAs, 'wire' | 'textLoss'>): string | undefined {
  switch (wire.as) {
    case 'array':
      return 'arrays begin at 1: other lower bounds are not kept';
    case 'record':
      return wire.fields.map((field) => lossOf({ wire: field })).find((loss) => loss !== undefined);
    case 'money':
      return 'the currency is not kept';
    default:
      return textLoss;
  }
}
