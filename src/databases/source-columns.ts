/** Columns of a source: which of them are read, and as which types. */
import type { DataType } from '../frames/schema.ts';
import { readColumnType } from '../frames/type-text.ts';
import type { SourceColumn, SourceOptions } from './engine.ts';
import { columnsNamedInOptions, noColumnLeft, noSuchSourceColumn, sameNameTwice } from './errors.ts';

/** What a type of a database is read as. @typeParam W the format of its values. */
export interface TypeMapping<W> {
  readonly type: DataType;
  readonly wire: W;
  /** The column's expression in the SELECT list, from its quoted name; null: it is sent unchanged. */
  readonly castInSelect: ((column: string) => string) | null;
  /** No type of hygge can store it, or its order is another one. */
  readonly shownAsText: boolean;
  /** hygge's type can't store some of its values. */
  readonly hasSpecialValues: boolean;
  /** What is lost of a value when it is read, for people; null: nothing. */
  readonly loss: string | null;
}

export const typeMapping = <W>(type: DataType, wire: W, more: Partial<Omit<TypeMapping<W>, 'type' | 'wire'>> = {}): TypeMapping<W> => ({
  ...{ type, wire, castInSelect: null, shownAsText: false, hasSpecialValues: false, loss: null },
  ...more,
});

/** One entry of a type table for several words separated by blanks. */
export const sameEntryFor = <T>(words: string, entry: T): Readonly<Record<string, T>> =>
  Object.fromEntries(words.split(' ').map((word) => [word, entry]));

/** The note of a column that says what is lost of its values. */
export const restatedBy = ({ loss }: Pick<TypeMapping<unknown>, 'loss'>): Pick<SourceColumn, 'restated'> =>
  loss === null ? {} : { restated: loss };

/** The format of a column's values: the last part of `wire`, so that a later reader need not query the catalogue again. */
export const wireOf = <W>({ wire }: SourceColumn): W => (JSON.parse(wire) as readonly unknown[]).at(-1) as W;

/** The type that `decimals` of the home sets for a column. Undefined: nothing. */
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
 * The columns that remain after `columns` and `exclude` of the home. @throws HomeError HYG-3502, HYG-3503
 * @param of.queryNames names in the query itself, which must not repeat; absent: those of `fields`. @param of.isFolded names that differ only in case are the same.
 * @param of.existingElsewhere columns that exist and are not among `fields`: to name them is not an error.
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

/** Instants that hygge wrote to a database without types with an offset: they are stored as their time in UTC. Undefined: the column has none. */
export function instantInUtc(column: SourceColumn, type: DataType): SourceColumn | undefined {
  const isInstant = type.kind === 'timestamp' && type.zone !== undefined && column.type.kind === 'timestamp';
  return isInstant ? { ...column, type: { ...column.type, zone: 'UTC' } as DataType } : undefined;
}
