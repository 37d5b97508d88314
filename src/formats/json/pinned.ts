import { sameType } from '../../frames/describe-type.ts';
import { type DataType, noValueYet, type Schema } from '../../frames/schema.ts';
import type { Json } from '../../ports/values.ts';

/** The keys of a home that decide how records become rows. */
export interface JsonReading {
  /** The names that lead from the document to its records. Empty: the document itself is the array of records or the single record. */
  readonly records: readonly string[];
  readonly declared: ReadonlyMap<string, DataType>;
  /** Up to which depth the members of objects become columns of their own. */
  readonly flatten: number;
  readonly separator: string;
  readonly mixed: 'fail' | 'string' | 'json';
}

/** A column, as it was decided. */
export interface PinnedColumn {
  readonly name: string;
  /** The type of the column. `null`: no record has had a value in the column yet, so the column settles as text until a record has one. */
  readonly type: DataType;
  /** The names of the members that lead from the record to the values. */
  readonly path: readonly string[];
  readonly sourceType?: string;
  /** Set if all records lack the column and the object that contained it. The column is not a column of the source until a record has it again. */
  readonly absent?: true;
  /** Set if `types` in the config decided the type after another type had settled. */
  readonly configured?: true;
}

/** The decisions that come from looking at the files. The decisions settle with the snapshot, and are valid from then on. */
export interface PinnedJson {
  readonly version: 1;
  /** The keys under which the columns were decided. Under other keys, the decisions are not valid. */
  readonly how: {
    readonly flatten: number;
    readonly separator: string;
    readonly mixed: string;
    /** The names of the columns whose types the config declared. */
    readonly declared?: readonly string[];
  };
  readonly columns: readonly PinnedColumn[];
}

export function pinnedAs(reading: JsonReading, columns: readonly PinnedColumn[]): Json {
  const { flatten, separator, mixed, declared } = reading;
  const names = declared.size === 0 ? {} : { declared: [...declared.keys()] };
  return { version: 1, how: { flatten, separator, mixed, ...names }, columns } satisfies PinnedJson as unknown as Json;
}

/** The names of the columns whose types the config declared when they were decided, but does not declare now. */
export function undeclaredNames(pinned: Json | null, { declared }: JsonReading): readonly string[] {
  const before = (pinned as unknown as PinnedJson | null)?.how.declared ?? [];
  return before.filter((name) => !declared.has(name));
}

/** The pinned columns that are still valid. A type that the config declares now replaces a pinned type. */
export function pinnedColumns(pinned: Json | null, reading: JsonReading): readonly PinnedColumn[] {
  if (pinned === null) return [];
  const { version, how, columns } = pinned as unknown as PinnedJson;
  const { flatten, separator, mixed } = reading;
  if (version !== 1 || how.flatten !== flatten || how.separator !== separator || how.mixed !== mixed) return [];
  // If the config declared a column’s type and no longer does, the column is decided again.
  const undeclared = new Set(undeclaredNames(pinned, reading));
  return columns.flatMap((column): readonly PinnedColumn[] => {
    if (undeclared.has(column.name)) return [];
    const type = reading.declared.get(column.name);
    if (type === undefined) return [column];
    return [{ ...column, type, ...(sameType(type, column.type) ? {} : { configured: true as const }) }];
  });
}

/** The schema of the columns to read. A record may lack any of them. */
export function schemaOf(columns: readonly PinnedColumn[]): Schema {
  return {
    columns: columns.map(({ name, type, sourceType, configured }) => ({
      name,
      type: readableType(type),
      nullable: true,
      ...(sourceType ? { sourceType } : type.kind === 'null' ? { sourceType: noValueYet } : {}),
      ...(configured ? { configured } : {}),
    })),
  };
}

/** A type that other tools can read. Readers of other tools fail on columns of type null, and a struct must have fields. */
export function readableType(type: DataType): DataType {
  switch (type.kind) {
    case 'null':
      return { kind: 'string' };
    case 'list':
      return { kind: 'list', item: readableType(type.item) };
    case 'struct':
      return type.fields.length === 0
        ? { kind: 'json' }
        : { kind: 'struct', fields: type.fields.map((field) => ({ ...field, type: readableType(field.type) })) };
    default:
      return type;
  }
}
