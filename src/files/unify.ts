/** `differing_files: unify`: one set of columns for files that don't all have the same, by name, and only where no value changes. */
import { HomeError } from '../errors/hygge-error.ts';
import { describeType, sameType } from '../frames/describe-type.ts';
import type { Column, DataType } from '../frames/schema.ts';

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
      const type = before ? widened(before.column.type, column.type) : column.type;
      if (type === undefined)
        throw incompatible(column.name, { name: before?.from ?? '', type: before?.column.type }, { ...column, name: file.name });
      const changed = before === undefined || !sameType(type, before.column.type);
      const nullable = column.nullable || before?.column.nullable === true;
      const kept = changed ? { ...column, type } : before.column;
      all.set(column.name, { column: { ...kept, nullable }, from: changed ? file.name : before.from, files: (before?.files ?? 0) + 1 });
    }
  }
  return [...all.values()].map(({ column, files: having }) => (having === files.length ? column : { ...column, nullable: true }));
}

const signed = ['int8', 'int16', 'int32', 'int64'];
const unsigned = ['uint8', 'uint16', 'uint32', 'uint64'];

/** The type that holds every value of both as it is; undefined: there is none. The same whichever comes first. */
export function widened(a: DataType, b: DataType): DataType | undefined {
  if (sameType(a, b)) return a;
  if (a.kind === 'null') return b;
  if (b.kind === 'null') return a;
  if (a.kind === 'decimal' && b.kind === 'decimal') return widerDecimal(a, b);
  if (a.kind === 'float32' || a.kind === 'float64') return b.kind === 'float32' || b.kind === 'float64' ? { kind: 'float64' } : undefined;
  return widerInteger(a.kind, b.kind);
}

type Decimal = DataType & { readonly kind: 'decimal' };

function widerDecimal(a: Decimal, b: Decimal): DataType | undefined {
  const scale = Math.max(a.scale, b.scale);
  const precision = Math.max(a.precision - a.scale, b.precision - b.scale) + scale;
  return precision <= 38 ? { kind: 'decimal', precision, scale } : undefined;
}

function widerInteger(a: DataType['kind'], b: DataType['kind']): DataType | undefined {
  if (unsigned.includes(a) && unsigned.includes(b)) return { kind: larger(unsigned, a, b) } as DataType;
  const [left, right] = [asSigned(a), asSigned(b)];
  return left === undefined || right === undefined ? undefined : ({ kind: larger(signed, left, right) } as DataType);
}

function larger(kinds: readonly string[], a: string, b: string): string {
  return kinds.indexOf(a) >= kinds.indexOf(b) ? a : b;
}

/** The signed integer that holds every value; the largest unsigned ones have none. */
function asSigned(kind: string): string | undefined {
  return signed.includes(kind) ? kind : unsigned.includes(kind) ? signed[unsigned.indexOf(kind) + 1] : undefined;
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
