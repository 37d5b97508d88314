/**
 * What docs/schema.md and docs/delta.md promise of a Delta table whose source has other columns than before: a model of its own, in values of JSON, for the matrix of
 * drift × policy × load × table.
 */

/** A column as DuckDB writes it and as JSON has its values; `k` is the number of the row. */
export interface SourceColumn {
  readonly name: string;
  readonly sql: string;
  /** In words of ClickHouse, without Nullable. */
  readonly type: string;
  value(k: number): unknown;
}

const column = (name: string, type: string, sql: string, value: (k: number) => unknown): SourceColumn => ({ name, type, sql, value });
const tuple = (fields: string) => `Tuple(${fields})`;
const nested = column('st', tuple('x Int32, y String'), `{'x': k::integer, 'y': 'y' || k}`, (k) => ({ x: k, y: `y${k}` }));

export const settled: readonly SourceColumn[] = [
  column('id', 'Int64', 'k::bigint', (k) => k),
  column('at', 'Int64', 'k::bigint', (k) => k),
  column('a', 'Int32', '(10 * k)::integer', (k) => 10 * k),
  column('s', 'String', `'s' || k`, (k) => `s${k}`),
  column('d', 'Decimal(9, 2)', '(k + 0.25)::decimal(9,2)', (k) => k + 0.25),
  nested,
];

/** A column that the source never had. */
export const theirs = column('more', 'String', `'m' || k`, (k) => `m${k}`);

/** How a column differs from the one that settled: what the documented policies ask of the two types. */
interface Retyped {
  readonly name: string;
  /** The smallest type that holds both; null: there is none. */
  readonly both: string | null;
  /** Whether a conversion can be checked value by value. */
  readonly converts: boolean;
  /** Whether each value is one of the settled type, too. */
  readonly fits: boolean;
  /** Of the column beside. */
  readonly beside: string;
}

export interface DriftCase {
  readonly columns: readonly SourceColumn[];
  readonly retyped?: Retyped;
  /** A row has the same values one by one, so the rows of the last watermark count as unchanged, and stay as they settled. */
  readonly sameValues?: true;
  /** Two names that differ in upper and lower case. */
  readonly sameInLowerCase?: true;
}

const replaced = (one: SourceColumn) => settled.map((old) => (old.name === one.name ? one : old));
const numbers = (type: string, sql: string, value: (k: number) => unknown = (k) => 10 * k) => replaced(column('a', type, sql, value));
const tens = (sql: string) => `(10 * k)::${sql}`;
const retyped = (both: string | null, beside: string, more: Partial<Retyped> = {}): Retyped => ({
  ...{ name: beside.split('_')[0] as string, both, beside, converts: true, fits: true },
  ...more,
});

export const drifts: Readonly<Record<string, DriftCase>> = {
  none: { columns: settled },
  'a new column': { columns: [...settled, column('b', 'String', `'b' || k`, (k) => `b${k}`)] },
  'a new column in the middle': {
    columns: [...settled.slice(0, 2), column('b', 'Bool', 'k % 2 = 0', (k) => k % 2 === 0), ...settled.slice(2)],
  },
  'a text that is gone': { columns: settled.filter(({ name }) => name !== 's') },
  'a number that is gone': { columns: settled.filter(({ name }) => name !== 'a') },
  'another name': { columns: settled.map((one) => (one.name === 's' ? { ...one, name: 't' } : one)), sameValues: true },
  'another order': { columns: [...settled].reverse() },
  'a name in capitals': { columns: settled.map((one) => (one.name === 's' ? { ...one, name: 'S' } : one)), sameInLowerCase: true },
  'nothing but nulls': { columns: numbers('Int32', 'null::integer', () => null) },
  'a wider number': { columns: numbers('Int64', tens('bigint')), retyped: retyped('Int64', 'a_int64') },
  'a narrower number': { columns: numbers('Int16', tens('smallint')), retyped: retyped('Int32', 'a_int16') },
  'a text of digits': { columns: numbers('String', tens('varchar'), (k) => `${10 * k}`), retyped: retyped(null, 'a_string') },
  'a text of letters': { columns: numbers('String', `'x' || k`, (k) => `x${k}`), retyped: retyped(null, 'a_string', { fits: false }) },
  'a real number': { columns: numbers('Float64', tens('double')), retyped: retyped('Float64', 'a_float64') },
  'a fraction': {
    columns: numbers('Float64', '(10 * k + 0.5)::double', (k) => 10 * k + 0.5),
    retyped: retyped('Float64', 'a_float64', { fits: false }),
  },
  'a finer decimal': {
    columns: replaced(column('d', 'Decimal(12, 4)', '(k + 0.25)::decimal(12,4)', (k) => k + 0.25)),
    retyped: retyped('Decimal(12, 4)', 'd_decimal_12_4'),
  },
  'a larger decimal': {
    columns: replaced(column('d', 'Decimal(18, 2)', '(k + 0.25)::decimal(18,2)', (k) => k + 0.25)),
    retyped: retyped('Decimal(18, 2)', 'd_decimal_18_2'),
    sameValues: true,
  },
  'a new nested field': {
    columns: replaced({
      ...nested,
      type: tuple('x Int32, y String, z Int64'),
      sql: `{'x': k::integer, 'y': 'y' || k, 'z': k}`,
      value: (k) => ({ x: k, y: `y${k}`, z: k }),
    }),
    retyped: retyped(tuple('x Int32, y String, z Int64'), 'st_struct_x_int32_y_string_z_int64', { converts: false }),
  },
  'a nested field that is gone': {
    columns: replaced({ ...nested, type: tuple('x Int32'), sql: `{'x': k::integer}`, value: (k) => ({ x: k }) }),
    retyped: retyped(nested.type, 'st_struct_x_int32', { converts: false }),
  },
  'a wider nested field': {
    columns: replaced({ ...nested, type: tuple('x Int64, y String'), sql: `{'x': k::bigint, 'y': 'y' || k}` }),
    retyped: retyped(tuple('x Int64, y String'), 'st_struct_x_int64_y_string', { converts: false }),
  },
};

export interface Policy {
  readonly add: 'auto' | 'warn' | 'ignore' | 'fail';
  readonly remove: 'warn' | 'null_fill' | 'ignore' | 'fail';
  readonly types: 'fail' | 'warn' | 'cast' | 'widen' | 'new_column';
}
const asWarn: Policy = { add: 'auto', remove: 'warn', types: 'fail' };
export const policies: Readonly<Record<string, Policy & { readonly yaml: string }>> = {
  'mode: strict': { yaml: 'schema: { mode: strict }', add: 'fail', remove: 'fail', types: 'fail' },
  'mode: warn': { yaml: 'schema: { mode: warn }', ...asWarn },
  'mode: adapt': { yaml: 'schema: { mode: adapt }', add: 'auto', remove: 'ignore', types: 'widen' },
  ...Object.fromEntries(
    [
      ...(['warn', 'ignore', 'fail'] as const).map((add) => ['add_columns', add, { add }] as const),
      ...(['null_fill', 'ignore', 'fail'] as const).map((remove) => ['remove_columns', remove, { remove }] as const),
      ...(['warn', 'cast', 'widen', 'new_column'] as const).map((types) => ['type_changes', types, { types }] as const),
    ].map(([key, value, one]) => [`${key}: ${value}`, { yaml: `schema_evolution: { ${key}: ${value} }`, ...asWarn, ...one }]),
  ),
};

/** Whether a policy speaks of a drift. A mode speaks of each. */
export function decides({ yaml }: { readonly yaml: string }, { columns, retyped: change }: DriftCase): boolean {
  if (yaml.includes('add_columns')) return columns.some(({ name }) => !named(settled, name));
  if (yaml.includes('remove_columns')) return settled.some(({ name }) => !named(columns, name));
  return yaml.includes('mode') || change !== undefined;
}

/** `keep`: a full load that adds its rows to those that are there. */
export type Load = 'incremental' | 'full' | 'keep';
export type Table = 'own' | 'foreign' | 'mapped';

type Row = Readonly<Record<string, unknown>>;
export interface TableNow {
  /** Names with types, in the table's order. */
  readonly columns: readonly (readonly [name: string, type: string])[];
  /** By their `id`. */
  readonly rows: readonly Row[];
}

/** A column of the table, and its values in the rows of the second run. */
type Cell = readonly [name: string, type: string, value: (k: number) => unknown];

/** ClickHouse has no null in place of a struct, but structs of nulls. */
const nullable = (type: string) =>
  type.startsWith('Tuple') ? type.replaceAll(/(Int\d+|String)(?=[,)])/g, 'Nullable($1)') : `Nullable(${type})`;
const nullOf = (type: string) =>
  type.startsWith('Tuple')
    ? Object.fromEntries([...type.matchAll(/(\w) (?:Nullable|Int|String)/g)].map(([, field]) => [field, null]))
    : null;
const named = (columns: readonly SourceColumn[], name: string) => columns.find((one) => one.name === name);
const rowOf = (columns: readonly SourceColumn[], k: number): Row => Object.fromEntries(columns.map((one) => [one.name, one.value(k)]));

/** After the first run, which settles the rows 1 and 2. A foreign table has a row 90 and a column of its own, and its number must not be null. */
export function before(table: Table): TableNow {
  const isForeign = table === 'foreign';
  const columns = (isForeign ? [...settled, theirs] : settled).map(
    ({ name, type }) => [name, isForeign && name === 'a' ? type : nullable(type)] as const,
  );
  const first = [1, 2].map((k) => ({ ...rowOf(settled, k), ...(isForeign ? { [theirs.name]: null } : {}) }));
  return { columns, rows: isForeign ? [...first, rowOf([...settled, theirs], 90)] : first };
}

/** After the second run, whose source has the rows 1 to 4; or the code of the refusal, which changes nothing. */
export function after({ table, load, drift, policy }: { table: Table; load: Load; drift: DriftCase; policy: Policy }): TableNow | string {
  const { columns: now, retyped: change } = drift;
  const fresh = now.filter(({ name }) => !named(settled, name));
  const gone = settled.filter(({ name }) => !named(now, name));
  const fails = (fresh.length > 0 && policy.add === 'fail') || (gone.length > 0 && policy.remove === 'fail');
  if (fails || (change && refused(change, policy))) return 'HYG-2012';
  if (drift.sameInLowerCase) return 'HYG-3313';
  const isWider = change !== undefined && policy.types === 'widen' && change.both !== named(settled, change.name)?.type;
  // Files with rows of a type stay as they are, so a table changes the type of a column only when none of its files stays.
  if (isWider && load !== 'full') return 'HYG-2077';
  if (change?.fits === false && (policy.types === 'warn' || policy.types === 'cast')) return 'HYG-2023';

  const then = before(table);
  const stay = then.columns
    .filter(([name]) => load !== 'full' || policy.remove !== 'ignore' || named(now, name))
    .map(([name, type]): Cell => {
      const column = named(now, name);
      if (!column || (change?.name === name && policy.types === 'new_column')) return [name, mayBeNull(type), () => nullOf(type)];
      if (change?.name !== name) return [name, column.value(1) === null ? mayBeNull(type) : type, column.value];
      if (policy.types !== 'widen') return [name, type, named(settled, name)?.value ?? column.value];
      if (isWider) return [name, nullable(change.both ?? ''), column.value];
      return [name, type, (k) => (type.startsWith('Tuple') ? { ...nullOf(type), ...(column.value(k) as object) } : column.value(k))];
    });
  const beside = change && policy.types === 'new_column' ? [{ ...(named(now, change.name) as SourceColumn), name: change.beside }] : [];
  const added = [...(policy.add === 'auto' ? fresh : []), ...beside].map(({ name, type, value }): Cell => [name, nullable(type), value]);
  const cells = [...stay, ...added];
  const nulls = Object.fromEntries(added.map(([name, type]) => [name, nullOf(type)]));
  // An increment reads the rows of the last watermark again.
  const again = load === 'incremental' && drift.sameValues !== true;
  const kept = load === 'full' ? [] : then.rows.filter(({ id }) => !again || id !== 2);
  const read = load === 'incremental' ? [2, 3, 4].slice(again ? 0 : 1) : [1, 2, 3, 4];
  const made = read.map((k) => Object.fromEntries(cells.map(([name, , value]) => [name, value(k)])));
  const rows = [...kept.map((row) => ({ ...row, ...nulls })), ...made].sort((a, b) => Number(a.id) - Number(b.id));
  return { columns: cells.map(([name, type]) => [name, type]), rows };
}

const mayBeNull = (type: string): string => (/^(Nullable|Tuple)/.test(type) ? type : nullable(type));

function refused({ both, converts }: Retyped, { types }: Policy): boolean {
  return types === 'fail' || (types === 'widen' && both === null) || ((types === 'warn' || types === 'cast') && !converts);
}
