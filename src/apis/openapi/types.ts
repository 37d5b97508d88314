/** Types of the fields of records that JSON does not show, or not on every page. */
import { type Description, type Members, membersAt, textIn, typeOf } from './description.ts';
import { isEpoch } from './sample.ts';

export interface DeclaredTypes {
  /** By column. */
  readonly declared: ReadonlyMap<string, string>;
  /** What the description says and what no type follows from, as sentences. */
  readonly notes: readonly string[];
}

/** @param record the schema of a record. */
export function declaredTypes(record: Members, description: Description): DeclaredTypes {
  const declared = new Map<string, string>();
  const exact: string[] = [];
  for (const [name, value] of Object.entries(membersAt(record, 'properties') ?? {})) {
    const schema = description.schema(value);
    if (schema === undefined) continue;
    const type = typeFor(name, schema);
    if (type === 'exact') exact.push(name);
    else if (type !== undefined) declared.set(name, type);
  }
  const notes = exact.length === 0 ? [] : [`Decimals whose digits are not told, for types such as decimal(18,2): ${exact.join(', ')}.`];
  return { declared, notes: [...(declared.size === 0 ? [] : ['By the formats and types of the description:']), ...notes] };
}

function typeFor(name: string, schema: Members): string | undefined {
  const format = textIn(schema, 'format') ?? '';
  switch (typeOf(schema)) {
    case 'string':
      if (format === 'date-time') return 'timestamptz';
      if (format === 'date') return 'date';
      // APIs of Google write 64 bits as a text.
      if (format === 'int64' || format === 'uint64') return format;
      return /^(decimal|money|currency)$/.test(format) ? 'exact' : undefined;
    case 'integer':
      return isEpoch(schema, name) || format !== '' ? integerType(format) : undefined;
    case 'number':
      if (/^(decimal|money|currency)$/.test(format)) return decimalType(schema) ?? 'exact';
      return decimalType(schema) ?? (format === 'float' || format === 'double' ? 'float64' : undefined);
    case 'object':
      // Any names: each record may have others.
      return isMap(schema) ? 'json' : undefined;
    default:
      return undefined;
  }
}

function integerType(format: string): string {
  return format === 'uint64' ? 'uint64' : 'int64';
}

/** `multipleOf: 0.01` has two digits behind the point. */
function decimalType({ multipleOf }: Members): string | undefined {
  if (typeof multipleOf !== 'number' || multipleOf <= 0 || multipleOf >= 1) return undefined;
  const scale = Math.round(-Math.log10(multipleOf));
  return Math.abs(multipleOf - 10 ** -scale) < 1e-12 && scale <= 18 ? `decimal(38,${scale})` : undefined;
}

function isMap(schema: Members): boolean {
  const { additionalProperties: any } = schema;
  const hasNames = Object.keys(membersAt(schema, 'properties') ?? {}).length > 0;
  return !hasNames && any !== undefined && any !== false;
}
