/** `differing_files: unify`: makes one list of columns for files with different columns. Columns are matched by name, and no value may change. */
import { HomeError } from '../../errors/hygge-error.ts';
import { describeType, sameType } from '../../frames/describe-type.ts';
import { type Column, type DataType, noValueYet } from '../../frames/schema.ts';
import { common } from '../../frames/widening.ts';

/** The columns of one file, or the settled columns. */
export interface KnownColumns {
  /** The name of the file, for messages. */
  readonly name: string;
  readonly columns: readonly Column[];
}

/** All columns, in the order in which they first appear. Throws HYG-3204 with the names of both files if the types of a column have no common type. */
export function unified(files: readonly KnownColumns[]): readonly Column[] {
  const all = new Map<string, { readonly column: Column; readonly from: string; readonly files: number }>();
  for (const file of files) {
    for (const column of file.columns) {
      const before = all.get(column.name);
      const type = before ? joinedColumns(before.column, column) : column.type;
      if (type === undefined)
        throw incompatible(column.name, { name: before?.from ?? '', type: before?.column.type }, { ...column, name: file.name });
      const changed = before === undefined || !sameType(type, before.column.type);
      const nullable = column.nullable || before?.column.nullable === true;
      const isDecided = before?.column.sourceType === noValueYet && column.sourceType !== noValueYet;
      const kept = changed || isDecided ? { ...column, type } : before.column;
      all.set(column.name, { column: { ...kept, nullable }, from: changed ? file.name : before.from, files: (before?.files ?? 0) + 1 });
    }
  }
  mustDifferByMore(files);
  return [...all.values()].map(({ column, files: having }) => (having === files.length ? column : { ...column, nullable: true }));
}

/** Throws HYG-3313 for names that differ only in case and are never in the same file: they are one column that is written in two ways. */
function mustDifferByMore(files: readonly KnownColumns[]): void {
  const seen = new Map<string, { readonly column: string; readonly file: string }>();
  const together = new Set(files.flatMap(({ columns }) => sameFolded(columns.map(({ name }) => name))));
  for (const { name: file, columns } of files) {
    for (const { name: column } of columns) {
      const folded = column.toLowerCase();
      const before = seen.get(folded);
      if (before === undefined) seen.set(folded, { column, file });
      else if (before.column !== column && !together.has(folded))
        throw new HomeError({
          code: 'HYG-3313',
          what: `${file} has a column ${JSON.stringify(column)}, but ${before.file} has ${JSON.stringify(before.column)}: they differ only in upper and lower case.`,
          why: ['With two columns, earlier rows would have their values in one of them, and new rows in the other.'],
          tryThis: ['Write the files with the same names', 'Move files with other columns into separate entities'],
        });
    }
  }
}

/** Names, in lower case, that occur in more than one case. */
function sameFolded(names: readonly string[]): readonly string[] {
  const folded = names.map((name) => name.toLowerCase());
  return folded.filter((name, at) => folded.indexOf(name) !== at);
}

/** The common type of two columns; undefined: none. If one of the two columns had no value so far, the type of the other column is used. */
function joinedColumns(a: Column, b: Column): DataType | undefined {
  if (a.sourceType === noValueYet) return b.type;
  return b.sourceType === noValueYet ? a.type : joined(a.type, b.type);
}

/**
 * The common type of two types; undefined: none. Only whole numbers are joined with whole numbers, and floats with floats, so that the result does not
 * depend on the order of files. If decimals were joined with other types too, the result would depend on this order.
 */
export function joined(a: DataType, b: DataType): DataType | undefined {
  return a.kind === 'null' || b.kind === 'null' || familyOf(a) === familyOf(b) ? common(a, b) : undefined;
}

function familyOf({ kind }: DataType): string {
  return /^u?int\d+$/.test(kind) ? 'int' : /^float\d+$/.test(kind) ? 'float' : kind;
}

function incompatible(
  column: string,
  first: { readonly name: string; readonly type: DataType | undefined },
  other: { readonly name: string; readonly type: DataType },
): HomeError {
  const before = first.type ? describeType(first.type) : '';
  return new HomeError({
    code: 'HYG-3204',
    what: `Column ${column} is ${describeType(other.type)} in ${other.name} and ${before} in ${first.name}.`,
    why: ['No type can store the values of both exactly.'],
    tryThis: [`Leave the column out with exclude: [${column}]`, 'Move files with other columns into separate entities'],
  });
}
