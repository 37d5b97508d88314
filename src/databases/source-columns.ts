/** Columns of a source: which columns are read, and as which types. */
import type { DataType } from '../frames/schema.ts';
import { readColumnType } from '../frames/type-text.ts';
import type { SourceColumn, SourceOptions } from './engine.ts';
import { columnsNamedInOptions, noColumnLeft, noSuchSourceColumn, sameNameTwice } from './errors.ts';

/** How a type of a database is read. @typeParam W the format of its values. */
export interface TypeMapping<W> {
  readonly type: DataType;
  readonly wire: W;
  /** Makes the column’s expression in the SELECT list from its quoted name. Null: the column is selected unchanged. */
  readonly castInSelect: ((column: string) => string) | null;
  /** The type is read as text, because no type of hygge can store its values, or because its order differs. */
  readonly shownAsText: boolean;
  /** hygge’s type can’t store some of its values. */
  readonly hasSpecialValues: boolean;
  /** What a value loses when it is read, for messages. Null: nothing. */
  readonly loss: string | null;
}

export const typeMapping = <W>(type: DataType, wire: W, more: Partial<Omit<TypeMapping<W>, 'type' | 'wire'>> = {}): TypeMapping<W> => ({
  ...{ type, wire, castInSelect: null, shownAsText: false, hasSpecialValues: false, loss: null },
  ...more,
});

/** Entries of a type table: the same entry for several words, which are separated by blanks. */
export const sameEntryFor = <T>(words: string, entry: T): Readonly<Record<string, T>> =>
  Object.fromEntries(words.split(' ').map((word) => [word, entry]));

/** The note of a column that says what its values lose when they are read. */
export const restatedBy = ({ loss }: Pick<TypeMapping<unknown>, 'loss'>): Pick<SourceColumn, 'restated'> =>
  loss === null ? {} : { restated: loss };

/** The format of a column’s values. The format is the last part of `wire`, so that a later reader does not query the catalogue again. */
export const wireOf = <W>({ wire }: SourceColumn): W => (JSON.parse(wire) as readonly unknown[]).at(-1) as W;

/** The type that the home’s `decimals` sets for a column. Undefined: `decimals` says nothing about the column. */
export function configuredDecimal(
  name: string,
  { decimals }: SourceOptions,
): (DataType & { readonly kind: 'decimal' }) | 'text' | undefined {
  const written = typeof decimals === 'object' ? decimals[name] : decimals;
  if (written === undefined || written === 'text') return written;
  const read = readColumnType(written);
  return 'type' in read && read.type.kind === 'decimal' ? read.type : undefined;
}

/**
 * The columns that are left after the home’s `columns` and `exclude`.
 * @throws HomeError HYG-3502, HYG-3503 @param of.queryNames the names in the query itself, which must not repeat; absent: the names of `fields`. @param
 * of.isFolded names that differ only in case are the same name. @param of.existingElsewhere columns that exist but are not among `fields`; naming one is not an
 * error.
 */
export function selectedFields<F extends { readonly name: string }>(
  fields: readonly F[],
  of: {
    readonly shown: string;
    readonly options: SourceOptions;
    readonly queryNames?: readonly string[] | undefined;
    readonly isFolded?: boolean;
    readonly existingElsewhere?: readonly string[];
  },
): readonly F[] {
  const { shown, options, existingElsewhere = [] } = of;
  const names = fields.map(({ name }) => name);
  const compared = (of.queryNames ?? names).map((name) => (of.isFolded ? name.toLowerCase() : name));
  const twice = compared.findIndex((name, at) => compared.indexOf(name) !== at);
  if (twice !== -1) throw sameNameTwice(shown, (of.queryNames ?? names)[twice] ?? '');
  for (const name of columnsNamedInOptions(options))
    if (![...names, ...existingElsewhere].includes(name)) throw noSuchSourceColumn(shown, name, names);
  const taken = fields.filter(({ name }) => (options.columns?.includes(name) ?? true) && !options.exclude?.includes(name));
  if (taken.length === 0) throw noColumnLeft(shown);
  return taken;
}

/** A column with instants that hygge wrote to a database whose types have no offset. Such instants are stored as UTC. Undefined: the column has no such instants. */
export function instantInUtc(column: SourceColumn, type: DataType): SourceColumn | undefined {
  const isInstant = type.kind === 'timestamp' && type.zone !== undefined && column.type.kind === 'timestamp';
  return isInstant ? { ...column, type: { ...column.type, zone: 'UTC' } as DataType } : undefined;
}
