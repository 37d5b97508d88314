/** Gives frames the form of a destination: the columns of the destination by name, in its order and with its types. Each row stays one row. */

import { FlowError } from '../../errors/hygge-error.ts';
import { describeType, sameType } from '../describe-type.ts';
import { type DataFrame, type Expr, type Polars, polars } from '../native.ts';
import type { Column, DataType, Schema } from '../schema.ts';
import type { withDocumentColumns, withNullColumns } from './columns-by-row.ts';
import type { Conforms } from './conforms.ts';
import { becomesDocument, conversion, convertible, numberKinds } from './convert.ts';
import { typedLiteral } from './exact-literal.ts';
import type { PolarsFrame } from './polars-frame.ts';
import { polarsType } from './polars-type.ts';

/** The form that a frame gets. */
export interface ConformsTo {
  readonly schema: Schema;
  /** The origins of the columns of `schema`, in the schema’s order. */
  readonly columns: readonly Conforms[];
  /** Whether an error may show values. */
  readonly samples: 'show' | 'mask';
}

/** Gives a frame the form of the destination. A plan stays a plan, unless values have to be checked. Values are checked if their type changes to a type that is not wider. */
export async function conformedPlan(data: PolarsFrame, to: ConformsTo): Promise<PolarsFrame> {
  const { schema, columns } = to;
  if (isAsItIs(data.schema, columns)) return data;
  const pl = await polars();
  const types = new Map(data.schema.columns.map(({ name, type }) => [name, type]));
  const changed = columns.filter((column) => !isOwn(column, types.get(column.name)));
  const values = changed.map((column) => columnValue(pl, column, types));
  const lost = values.flatMap(({ lost }, i) => (lost && changed[i] ? [{ column: changed[i], lost }] : []));
  if (lost.length > 0) await refuseLost(pl, data, { lost, types, samples: to.samples });
  const made = values.flatMap(({ value }) => (value === undefined ? [] : [value]));
  // The columns are added by `withColumns` before `select`, because `select` with only constants makes a single row.
  const documents = changed.filter((column) => isDocument(column, types));
  const beyond = changed.filter((column, i) => values[i]?.value === undefined && !documents.includes(column));
  const others = made.length === 0 ? await data.lazy() : (await data.lazy()).withColumns(...made);
  const plan = documents.length === 0 ? others : await documentColumns(others, { columns: documents, of: await data.collect(), types });
  const names = schema.columns.map(({ name }) => name);
  return data.recast({
    schema,
    plan: beyond.length === 0 ? plan.select(...names) : await nullColumns(plan, beyond, names),
    nulls: columns.map(({ from, fill }) => {
      const at = data.schema.columns.findIndex(({ name }) => name === from);
      return at >= 0 ? { as: at } : fill ? 0 : data.rows;
    }),
    sourceName: (name) => {
      const column = columns.find((one) => one.name === name);
      const source = column?.from ?? undefined;
      const type = source === undefined ? undefined : types.get(source);
      return type && column && sameType(type, column.type) ? source : undefined;
    },
  });
}

/** Loaded when it is needed, because the module builds frames, and frames import this module. */
const nullColumns: typeof withNullColumns = async (...args) => (await import('./columns-by-row.ts')).withNullColumns(...args);

/** Loaded when it is needed, because the module builds frames, and frames import this module. */
const documentColumns: typeof withDocumentColumns = async (...args) => (await import('./columns-by-row.ts')).withDocumentColumns(...args);

function isDocument({ from, type }: Conforms, types: ReadonlyMap<string, DataType>): boolean {
  const source = from === null ? undefined : types.get(from);
  return source !== undefined && becomesDocument(source, type);
}

/** Whether the frame already has exactly these columns, so that nothing changes. */
export function isAsItIs(schema: Schema, columns: readonly Conforms[]): boolean {
  return (
    columns.length === schema.columns.length &&
    columns.every((column, i) => {
      const own: Column | undefined = schema.columns[i];
      return column.name === own?.name && isOwn(column, own.type);
    })
  );
}

/** Whether the frame already has the column under its name, with type `own`. For such a column, no expression is made, because each expression needs a quarter of a megabyte for its functions. */
function isOwn({ name, type, from, override }: Conforms, own: DataType | undefined): boolean {
  return override?.most === undefined && from === name && own !== undefined && sameType(own, type);
}

/** The value of a column. `value` undefined: the column has nulls of a type that no expression can make, or has documents. */
function columnValue(
  pl: typeof Polars,
  column: Conforms,
  types: ReadonlyMap<string, DataType>,
): { value: Expr | undefined; lost: Expr | null } {
  const { name, type, from, fill } = column;
  const source = from === null ? undefined : types.get(from);
  if (from === null || source === undefined) {
    if (fill) return { value: typedLiteral(pl, fill.type, fill.text).alias(name), lost: null };
    const into = polarsType(pl, type);
    return { value: into && pl.lit(null).cast(into).alias(name), lost: null };
  }
  if (isDocument(column, types)) return { value: undefined, lost: null };
  // If a column of files has had no value so far, the column is read as text and settles in the type of the destination.
  if (source.kind === 'string' && !convertible(source, type)) {
    const into = polarsType(pl, type);
    return { value: into && pl.lit(null).cast(into).alias(name), lost: pl.col(from).isNotNull() };
  }
  if (column.retimed?.cut && source.kind === 'time' && type.kind === 'time') {
    const ns = pl.col(from).cast(pl.Int64);
    return {
      value: ns
        .minus(ns.modulo(pl.lit(1000).cast(pl.Int64)))
        .cast(pl.Time)
        .alias(name),
      lost: null,
    };
  }
  if (column.retimed && source.kind === 'timestamp' && type.kind === 'timestamp' && !sameType(source, type)) {
    const into = polarsType(pl, type);
    const { zone: _, ...wallClock } = source;
    const exact = conversion(pl, from, wallClock, { kind: 'timestamp', unit: type.unit });
    const lost = column.retimed.cut || source.unit === type.unit ? null : exact.lost;
    return { value: into && pl.col(from).cast(into, true).alias(name), lost };
  }
  const most = column.override?.most;
  const { value, lost } = sameType(source, type) ? { value: pl.col(from), lost: null } : conversion(pl, from, source, type);
  return { value: value.alias(name), lost: most === undefined ? lost : either(lost, isLonger(pl, value, most)) };
}

function isLonger(pl: typeof Polars, value: Expr, most: number): Expr {
  return value.str.lengths().gt(pl.lit(most)).fillNull(pl.lit(false));
}

function either(one: Expr | null, other: Expr): Expr {
  return one === null ? other : one.or(other);
}

const mostShown = 3;
/** A name that no column of a source has. */
const place = '_hygge row';
const shownKinds: ReadonlySet<string> = new Set([...numberKinds, 'bool', 'string', 'uuid', 'date', 'timestamp']);

function textsOf(pl: typeof Polars, rows: DataFrame, column: string, type?: DataType): readonly string[] {
  // Polars can’t make a text of a list or a struct.
  if (type?.kind === 'list' || type?.kind === 'struct') {
    const values = rows.head(mostShown).getColumn(column).toArray() as unknown[];
    return values.map((value) => JSON.stringify(value, (_, one) => (typeof one === 'bigint' ? String(one) : one)).slice(0, 60));
  }
  const value = type?.kind === 'duration' ? pl.col(column).cast(pl.Int64) : pl.col(column);
  const shown = rows.head(mostShown).lazy().select(value.cast(pl.String)).collectSync();
  return (shown.getColumn(column).toArray() as unknown[]).map((text) => JSON.stringify(String(text).slice(0, 60)));
}

/** Says where the first such row was read, and shows values of its other columns, so that a person can find the row. @param column null: values are not shown. */
function firstRow(
  pl: typeof Polars,
  { columns }: Schema,
  column: string | null,
  rows: DataFrame,
): { readonly at: number; readonly beside: string } {
  const at = Number(textsOf(pl, rows, place)[0]?.slice(1, -1)) + 1;
  if (column === null) return { at, beside: '' };
  const others = columns.filter(({ name, type }) => name !== column && shownKinds.has(type.kind)).slice(0, mostShown);
  const beside = others.map(({ name }) => `${name} ${textsOf(pl, rows, name)[0]}`).join(', ');
  return { at, beside: beside === '' ? '' : `: ${beside}` };
}

/** Throws HYG-2023 for values that the settled type can’t hold exactly. All rows are loaded into memory. */
async function refuseLost(
  pl: typeof Polars,
  frame: PolarsFrame,
  found: {
    readonly lost: readonly { readonly column: Conforms; readonly lost: Expr }[];
    readonly types: ReadonlyMap<string, DataType>;
    readonly samples: 'show' | 'mask';
  },
): Promise<void> {
  const { lost, types, samples } = found;
  const data = await frame.collect();
  for (const { column, lost: isLost } of lost) {
    const source = column.from ?? column.name;
    const rows = await data.lazy().withRowIndex(place).filter(isLost).collect();
    if (rows.height === 0) continue;
    const type = types.get(source);
    const texts = textsOf(pl, rows, source, type);
    const first = firstRow(pl, frame.schema, samples === 'mask' ? null : source, rows);
    throw new FlowError({
      code: 'HYG-2023',
      what: `${rows.height === 1 ? 'A value' : `${rows.height.toLocaleString('en-US')} values`} of ${column.name} can't settle as ${column.override?.declared ?? describeType(column.type)} without a change.`,
      why: [
        `The source has ${type ? describeType(type) : 'another type'} now${samples === 'mask' ? '' : `, such as ${texts.join(', ')}`}.`,
        `The first value is in row ${first.at.toLocaleString('en-US')} of ${frame.rows.toLocaleString('en-US')}${frame.origin === undefined ? '' : ` that were read together from ${frame.origin}`}${first.beside}.`,
      ],
      tryThis: [
        column.override
          ? 'Write a type into schema_overrides that holds every value'
          : 'Settle the new values next to the old values: schema_evolution: { type_changes: new_column }',
        ...(isFinerTime(type, column.type)
          ? [
              `Or, in ${column.type.kind === 'time' ? 'a Warehouse' : 'a Delta table or a Warehouse'}, ${column.override ? `take \`${column.name}\` out of schema_overrides, and ` : ''}have digits beyond microseconds cut: store: { timestamps: truncate }`,
            ]
          : []),
        'Or correct the values in the source',
        'Or leave the column out: exclude of the home',
      ],
    });
  }
}

const isFinerTime = (from: DataType | undefined, to: DataType): boolean =>
  (from?.kind === 'timestamp' || from?.kind === 'time') && to.kind === from.kind && from.unit === 'ns' && to.unit === 'us';
