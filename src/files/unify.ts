/** `differing_files: unify`: one set of columns for files that don't all have the same, by name, and only where no value changes. */
import { HomeError } from '../errors/hygge-error.ts';
import { describeType, sameType } from '../frames/describe-type.ts';
import { type Column, type DataType, noValueYet } from '../frames/schema.ts';
import { common } from '../frames/widening.ts';

/** The columns of one file, or of what settled before. */
export interface Seen {
  /** For messages. */
  readonly name: string;
  readonly columns: readonly Column[];
}

/** All columns, in the order in which they first appear. Throws HYG-3204 naming both files when a column's types have no common one. */
export function unified(files: readonly Seen[]): readonly Column[] {
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
  return [...all.values()].map(({ column, files: having }) => (having === files.length ? column : { ...column, nullable: true }));
}

/** Where one of them had no value so far, the other decides. */
function joinedColumns(a: Column, b: Column): DataType | undefined {
  if (a.sourceType === noValueYet) return b.type;
  return b.sourceType === noValueYet ? a.type : joined(a.type, b.type);
}

/**
 * Whole numbers with whole numbers, floats with floats: then the same comes out in whatever order the files are listed. Of a number
 * and a decimal that would not be so.
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
    why: ['No type holds the values of both as they are.'],
    tryThis: [`Leave the column out with exclude: [${column}]`, 'Move files of different shape in entities of their own'],
  });
}
