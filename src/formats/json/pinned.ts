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
  /** No record has it any more, nor an object that it would be in: it is no column of the source until one does. */
  readonly absent?: true;
}

/** What looking at the files decided: settles with the snapshot, and wins from then on. */
export interface PinnedJson {
  readonly version: 1;
  /** Columns decided under other keys mean nothing under these. */
  readonly how: { readonly flatten: number; readonly separator: string; readonly mixed: string };
  readonly columns: readonly PinnedColumn[];
}

export function pinnedAs(reading: JsonReading, columns: readonly PinnedColumn[]): Json {
  const { flatten, separator, mixed } = reading;
  return { version: 1, how: { flatten, separator, mixed }, columns } satisfies PinnedJson as unknown as Json;
}

/** What is pinned and still holds; types that the config declares now come before it. */
export function pinnedColumns(pinned: Json | null, reading: JsonReading): readonly PinnedColumn[] {
  if (pinned === null) return [];
  const { version, how, columns } = pinned as unknown as PinnedJson;
  const { flatten, separator, mixed } = reading;
  if (version !== 1 || how.flatten !== flatten || how.separator !== separator || how.mixed !== mixed) return [];
  return columns.map((column) => {
    const type = reading.declared.get(column.name);
    return type ? { ...column, type } : column;
  });
}

/** Columns as they are read; any of them may be missing from a record. */
export function schemaOf(columns: readonly PinnedColumn[]): Schema {
  return {
    columns: columns.map(({ name, type, sourceType }) => ({
      name,
      type: readableType(type),
      nullable: true,
      ...(sourceType ? { sourceType } : type.kind === 'null' ? { sourceType: noValueYet } : {}),
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
