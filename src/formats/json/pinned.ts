import { sameType } from '../../frames/describe-type.ts';
import { type DataType, noValueYet, type Schema } from '../../frames/schema.ts';
import type { Json } from '../../ports/values.ts';

/** The keys of a home that say how records become rows. */
export interface JsonReading {
  /** Names that lead from the document to its records. Empty: the document is the array or the single record. */
  readonly records: readonly string[];
  readonly declared: ReadonlyMap<string, DataType>;
  /** Objects up to this depth become columns of their own. */
  readonly flatten: number;
  readonly separator: string;
  readonly mixed: 'fail' | 'string' | 'json';
}

/** A column as it was decided. */
export interface PinnedColumn {
  readonly name: string;
  /** `null`: no record has had a value yet. The column settles as text until one does. */
  readonly type: DataType;
  /** The names of the members that lead from the record to the values. */
  readonly path: readonly string[];
  readonly sourceType?: string;
  /** No record has the column any more, nor the object that contained it: it is not a column of the source until one does. */
  readonly absent?: true;
  /** The type was decided by `types`, after another one had settled. */
  readonly configured?: true;
}

/** The result of looking at the files: it settles with the snapshot, and applies from then on. */
export interface PinnedJson {
  readonly version: 1;
  /** Columns that were decided under other keys are not valid under these. */
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

/** Columns whose types the config declared at their decision, but does not declare now. */
export function undeclaredNames(pinned: Json | null, { declared }: JsonReading): readonly string[] {
  const before = (pinned as unknown as PinnedJson | null)?.how.declared ?? [];
  return before.filter((name) => !declared.has(name));
}

/** The pinned columns that still apply. Types that the config declares now come first. */
export function pinnedColumns(pinned: Json | null, reading: JsonReading): readonly PinnedColumn[] {
  if (pinned === null) return [];
  const { version, how, columns } = pinned as unknown as PinnedJson;
  const { flatten, separator, mixed } = reading;
  if (version !== 1 || how.flatten !== flatten || how.separator !== separator || how.mixed !== mixed) return [];
  // Columns that the config declared, but no longer declares, are decided again.
  const undeclared = new Set(undeclaredNames(pinned, reading));
  return columns.flatMap((column): readonly PinnedColumn[] => {
    if (undeclared.has(column.name)) return [];
    const type = reading.declared.get(column.name);
    if (type === undefined) return [column];
    return [{ ...column, type, ...(sameType(type, column.type) ? {} : { configured: true as const }) }];
  });
}

/** The columns to read; any of them may be missing from a record. */
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

/** Readers of other tools fail on columns of type null, and a struct must have fields. */
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
