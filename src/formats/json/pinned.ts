import { sameType } from '../../frames/describe-type.ts';
import { type DataType, noValueYet, type Schema } from '../../frames/schema.ts';
import type { Json } from '../../ports/values.ts';

/** The keys of a home that say how records become rows. */
export interface JsonReading {
  /** Names that lead from the document to its records; none: the document is the array, or the one record. */
  readonly records: readonly string[];
  readonly declared: ReadonlyMap<string, DataType>;
  /** Objects lying no deeper than so become columns of their own. */
  readonly flatten: number;
  readonly separator: string;
  readonly mixed: 'fail' | 'string' | 'json';
}

/** A column as it was decided. */
export interface PinnedColumn {
  readonly name: string;
  /** `null`: no record had a value yet; it settles as text until one does. */
  readonly type: DataType;
  /** Members that lead to its values, from the record. */
  readonly path: readonly string[];
  readonly sourceType?: string;
  /** No record has it any more, nor an object that it would be in: it is not a column of the source until one does. */
  readonly absent?: true;
  /** The type was decided by `types`, after another one had settled. */
  readonly configured?: true;
}

/** What looking at the files decided: settles with the snapshot, and wins from then on. */
export interface PinnedJson {
  readonly version: 1;
  /** Columns decided under other keys mean nothing under these. */
  readonly how: {
    readonly flatten: number;
    readonly separator: string;
    readonly mixed: string;
    /** Columns whose types the config declared. */
    readonly declared?: readonly string[];
  };
  readonly columns: readonly PinnedColumn[];
}

export function pinnedAs(reading: JsonReading, columns: readonly PinnedColumn[]): Json {
  const { flatten, separator, mixed, declared } = reading;
  const names = declared.size === 0 ? {} : { declared: [...declared.keys()] };
  return { version: 1, how: { flatten, separator, mixed, ...names }, columns } satisfies PinnedJson as unknown as Json;
}

/** Columns whose types the config declared when they were decided, and does not declare now. */
export function undeclaredNames(pinned: Json | null, { declared }: JsonReading): readonly string[] {
  const before = (pinned as unknown as PinnedJson | null)?.how.declared ?? [];
  return before.filter((name) => !declared.has(name));
}

/** What is pinned and still holds; types that the config declares now come before it. */
export function pinnedColumns(pinned: Json | null, reading: JsonReading): readonly PinnedColumn[] {
  if (pinned === null) return [];
  const { version, how, columns } = pinned as unknown as PinnedJson;
  const { flatten, separator, mixed } = reading;
  if (version !== 1 || how.flatten !== flatten || how.separator !== separator || how.mixed !== mixed) return [];
  // What the config declared, and does not declare any more, is decided again.
  const undeclared = new Set(undeclaredNames(pinned, reading));
  return columns.flatMap((column): readonly PinnedColumn[] => {
    if (undeclared.has(column.name)) return [];
    const type = reading.declared.get(column.name);
    if (type === undefined) return [column];
    return [{ ...column, type, ...(sameType(type, column.type) ? {} : { configured: true as const }) }];
  });
}

/** Columns as they are read; any of them may be missing from a record. */
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

/** Readers of other tools stumble over columns of type null, and a struct can't be without fields. */
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
