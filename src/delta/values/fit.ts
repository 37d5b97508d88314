/** How columns of a file become columns of the table: found by name or id, renamed, reordered, widened. */
import { describeType, sameType } from '../../frames/describe-type.ts';
import type { DataType } from '../../frames/schema.ts';
import { holds } from '../../frames/widening.ts';
import { valueError } from './errors.ts';
import type { FileField } from './field-ids.ts';
import type { Shape, TableField } from './schema.ts';

/** The change to the values of a file. */
export type Fit =
  | { readonly kind: 'same' }
  | { readonly kind: 'leaf'; readonly from: DataType; readonly to: DataType; readonly pad: number | undefined }
  | { readonly kind: 'struct'; readonly fields: readonly FieldFit[] }
  | { readonly kind: 'list'; readonly item: Fit }
  /** The file has no values for the column or field. */
  | { readonly kind: 'null'; readonly type: DataType };

export interface FieldFit {
  readonly name: string;
  /** The index of the field in the file’s struct; null: the file’s struct does not have the field. */
  readonly at: number | null;
  readonly fit: Fit;
}

interface FileValue {
  readonly type: DataType;
  /** The fields of the struct, or of the list's items. */
  readonly fields: readonly FileField[];
}

interface Place {
  /** The data file and its column, for messages. */
  readonly file: string;
  readonly path: string;
}

const same: Fit = { kind: 'same' };

/** The fields of a type, without ids. */
export function fieldsIn(type: DataType): readonly FileField[] {
  if (type.kind === 'list') return fieldsIn(type.item);
  if (type.kind !== 'struct') return [];
  return type.fields.map(({ name, type: of }) => ({ name, type: of, id: undefined, fields: fieldsIn(of) }));
}

/** The index in a file’s columns or fields of a column or field of the table. */
export function placeIn(fields: readonly FileField[], { id, physicalName }: TableField): number | null {
  const at = fields.findIndex((field) => (id === null ? field.name === physicalName : field.id === id));
  return at < 0 ? null : at;
}

/** @throws HYG-3807 for a type that does not fit the table's type, HYG-3809 for a NOT NULL field that is missing in the file. */
export function fitOf(shape: Shape, value: FileValue, place: Place): Fit {
  const { type } = value;
  if (shape.kind === 'leaf') return leafFit(shape, type, place);
  if (shape.kind === 'list') {
    if (type.kind !== 'list') throw unfit(shape.type, type, place);
    const item = fitOf(shape.item, { type: type.item, fields: value.fields }, { ...place, path: `${place.path}.element` });
    return item.kind === 'same' ? same : { kind: 'list', item };
  }
  if (shape.kind === 'struct') return type.kind === 'struct' ? structFit(shape.fields, value, place) : refuse(shape.type, type, place);
  const entry = type.kind === 'list' ? type.item : undefined;
  if (entry?.kind !== 'struct' || entry.fields.length !== 2) throw unfit(shape.type, type, place);
  const entries = [shape.key, shape.value].map((part, at): FieldFit => {
    const name = at === 0 ? 'key' : 'value';
    const field = value.fields[at] as FileField;
    return { name, at, fit: fitOf(part, field, { ...place, path: `${place.path}.${name}` }) };
  });
  const item = isSame(entries, value.fields) ? same : ({ kind: 'struct', fields: entries } as const);
  return item.kind === 'same' ? same : { kind: 'list', item };
}

function structFit(fields: readonly TableField[], value: FileValue, place: Place): Fit {
  const fits = fields.map((field): FieldFit => {
    const at = placeIn(value.fields, field);
    const path = `${place.path}.${field.name}`;
    const own = at === null ? undefined : value.fields[at];
    if (own !== undefined) return { name: field.name, at, fit: fitOf(field.shape, own, { ...place, path }) };
    if (!field.nullable) throw lacking(path, place.file);
    return { name: field.name, at: null, fit: { kind: 'null', type: field.shape.type } };
  });
  return isSame(fits, value.fields) ? same : { kind: 'struct', fields: fits };
}

function isSame(fits: readonly FieldFit[], fields: readonly FileField[]): boolean {
  return fits.length === fields.length && fits.every(({ name, at, fit }, i) => at === i && fit.kind === 'same' && fields[i]?.name === name);
}

function leafFit({ type: to, pad }: Shape & { readonly kind: 'leaf' }, from: DataType, place: Place): Fit {
  if (to.kind === 'null') return { kind: 'null', type: to };
  if (from.kind === 'null') return { kind: 'null', type: to };
  if (sameType(from, to) && pad === undefined) return same;
  if (!isNear(from, to)) throw unfit(to, from, place);
  return { kind: 'leaf', from, to, pad };
}

const whole: ReadonlySet<string> = new Set(['int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'uint64']);

/** Whether values of a file’s type may be read as the table’s type. Old files of a table keep narrower types, and other writers use other widths for whole numbers, decimals and times. A value that would change is refused. */
function isNear(from: DataType, to: DataType): boolean {
  if (sameType(from, to) || holds(to, from)) return true;
  if (to.kind === 'timestamp') return from.kind === 'timestamp' || (from.kind === 'date' && to.zone === undefined);
  return (whole.has(from.kind) && whole.has(to.kind)) || (from.kind === 'decimal' && to.kind === 'decimal');
}

function refuse(table: DataType, file: DataType, place: Place): never {
  throw unfit(table, file, place);
}

function unfit(table: DataType, file: DataType, { file: name, path }: Place): Error {
  return valueError('HYG-3807', `Column ${path} of ${name} is ${describeType(file)}, but in the table it is ${describeType(table)}.`);
}

export function lossy(
  { file, path }: Place,
  { rows, from, to }: { readonly rows: number; readonly from: DataType; readonly to: DataType },
): Error {
  return valueError(
    'HYG-3807',
    `${rows === 1 ? 'A value' : `${rows} values`} of column ${path} of ${file} can't be ${describeType(to)} without a change.`,
    {
      why: [`The file has ${describeType(from)}.`],
    },
  );
}

export function lacking(path: string, file: string): Error {
  return valueError('HYG-3809', `${file} has no values of column ${path}, which is NOT NULL.`);
}
