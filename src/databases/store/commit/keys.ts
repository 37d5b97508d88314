/** If a key distinguishes rows: which staged rows settle, and how they change existing rows. Conditions use the names `hygge_now` for existing and `hygge_new` for staged rows, since no column has such a name. */
import type { TargetColumn } from '../../../engine/contracts/catalog.ts';
import type { Part } from '../../../engine/contracts/store.ts';
import type { Schema } from '../../../frames/schema.ts';
import { castTo } from '../../ddl.ts';
import type { Dialect, Session } from '../../engine.ts';
import type { Writes } from '../../writes.ts';
import type { StagedKeys, StoreContext } from '../context.ts';
import { asStagedRef, columnsOfParts, rowsOfParts } from '../staging/staged-tables.ts';
import type { UuidLetters } from './uuid-texts.ts';

type MergeDialect = Pick<Dialect, 'quote' | 'sortExpression'> & Pick<Writes, 'columns' | 'merge'>;

/** Staged rows: live rows, and rows that the source reports as deleted (`hygge_gone`). */
export interface StagedRows {
  /** The staged rows as text for a FROM clause, in brackets. */
  readonly from: string;
  readonly columns: readonly string[];
  readonly key: readonly string[];
  /** Expressions of the key that are equal only for equal keys. */
  readonly keyExpressions: readonly string[];
  /** Expressions that distinguish values of other columns, if `=` and DISTINCT treat different values as equal. */
  readonly exactExpressionsBesideKey: readonly string[];
  readonly watermark: string | null;
  readonly hasDeleted: boolean;
  /** The columns that each character of `shownColumn` stands for, in order. Null: all rows have all columns. */
  readonly partialColumns: readonly string[] | null;
}

export function stagedRows(
  { dialect, place }: Pick<StoreContext, 'dialect' | 'place'>,
  { parts, schema, key }: { readonly parts: readonly Part[]; readonly schema: Schema; readonly key: readonly string[] },
): StagedRows {
  const columns = columnsOfParts(parts);
  return {
    ...{ from: `(${rowsOfParts(dialect, { place, schema, parts })})`, columns, key },
    keyExpressions: key.map((name) => groupingValue(dialect, schema, name)),
    exactExpressionsBesideKey: columns.flatMap((name) => exactExpression(dialect, schema, name) ?? []),
    watermark: parts.map((part) => asStagedRef(part).mark).find((mark) => mark !== null) ?? null,
    hasDeleted: parts.some(({ role }) => role === 'deleted'),
    partialColumns: columnsOfPartial(parts),
  };
}

function columnsOfPartial(parts: readonly Part[]): readonly string[] | null {
  const [first, ...others] = parts.filter(({ role }) => role === 'partial').map((part) => asStagedRef(part).columns);
  if (others.some((columns) => columns.join('\n') !== first?.join('\n')))
    throw new Error('partial rows of one commit have several orders of columns');
  return first ?? null;
}

/** Makes an expression of a column that sorts like the canonical texts of its type. */
export function sortExpressionFor({ sortExpression }: Pick<Dialect, 'sortExpression'>, { columns }: Schema, name: string | null) {
  const type = columns.find((column) => column.name === name)?.type ?? ({ kind: 'string' } as const);
  return (expression: string) => sortExpression(expression, type);
}

/** The newest row of each key. A key has several rows if the watermark does not distinguish them. */
function newestPerKey(
  { quote }: Pick<Dialect, 'quote'>,
  { from, columns, watermark, ...staged }: StagedRows,
  ordered: (name: string) => string,
): string {
  const by = staged.keyExpressions.join(', ');
  // A null counts as older than any value. Without a watermark all rows have the same rank, so they are ordered by an expression that is equal in all of them.
  const order =
    watermark === null
      ? ` order by ${by}`
      : ` order by case when ${quote(watermark)} is null then 1 else 0 end, ${ordered(watermark)} desc`;
  const ranked = `select ${columns.map(quote).join(', ')}, hygge_gone, rank() over (partition by ${by}${order}) as hygge_rank from ${from} r`;
  return `(select ${columns.map(quote).join(', ')}, hygge_gone from (${ranked}) k where hygge_rank = 1)`;
}

/** The live rows that settle, as text in brackets. */
export function rowsToUpsert(
  dialect: Pick<Dialect, 'quote'>,
  staged: StagedRows,
  stagedKeys: StagedKeys,
  ordered: (name: string) => string,
): string {
  const columns = staged.columns.map(dialect.quote).join(', ');
  if (staged.key.length === 0 || (stagedKeys === 'once' && !staged.hasDeleted))
    return `(select ${columns} from ${staged.from} r where hygge_gone = 0)`;
  return `(select distinct ${columns} from ${newestPerKey(dialect, staged, ordered)} n where hygge_gone = 0)`;
}

/** The key and the watermark of deleted rows, if the deleted row is the newest row of its key. */
export function rowsToDelete(dialect: Pick<Dialect, 'quote'>, staged: StagedRows, ordered: (name: string) => string): string {
  const wanted = [...staged.key, ...(staged.watermark === null || staged.key.includes(staged.watermark) ? [] : [staged.watermark])];
  return `(select distinct ${wanted.map(dialect.quote).join(', ')} from ${newestPerKey(dialect, staged, ordered)} n where hygge_gone = 1)`;
}

/** Whether a key occurs more than once among staged rows, and the first key whose newest rows differ. */
export async function findDuplicateKeys(
  session: Session,
  dialect: Pick<Dialect, 'quote' | 'selectFirst'>,
  staged: StagedRows,
  ordered: (name: string) => string,
): Promise<{ readonly stagedKeys: StagedKeys; readonly example: string | null }> {
  const by = staged.keyExpressions.join(', ');
  const key = staged.key.map(dialect.quote).join(', ');
  const shown = staged.key.map(dialect.quote).map((name, at) => (staged.keyExpressions[at] === name ? name : `min(${name}) as ${name}`));
  const [repeated] = await session.query(dialect.selectFirst('1 as one', `from ${staged.from} r group by ${by} having count(*) > 1`));
  if (repeated === undefined) return { stagedKeys: 'once', example: null };
  const columns = staged.columns.map(dialect.quote).join(', ');
  const kept = newestPerKey(dialect, staged, ordered);
  const apart = staged.exactExpressionsBesideKey.map((one, at) => `, ${one} as hygge_exact_${at}`).join('');
  const live = `select distinct ${columns}${apart}, 0 as hygge_one from ${kept} l where hygge_gone = 0`;
  const gone = `select distinct ${key}, 1 as hygge_one from ${kept} g where hygge_gone = 1`;
  const said = `select ${key}, hygge_one from (${live}) a union all ${gone}`;
  const [twice] = await session.query(dialect.selectFirst(shown.join(', '), `from (${said}) b group by ${by} having count(*) > 1`));
  return { stagedKeys: 'repeated', example: twice === undefined ? null : Object.values(twice).join(', ') };
}

const kindOf = ({ columns }: Schema, name: string | undefined) => columns.find((column) => column.name === name)?.type.kind;

/** An expression that distinguishes the values of a column if `=` does not. Undefined: `=` distinguishes the values. */
export function exactExpression(
  { quote, merge: { exactText, exactBytes } }: MergeDialect,
  schema: Schema,
  name: string,
): string | undefined {
  const kind = kindOf(schema, name);
  return kind === 'string' ? exactText?.(quote(name)) : kind === 'binary' ? exactBytes?.(quote(name)) : undefined;
}

/** An expression by which rows with the same value of a column are grouped. */
export function groupingValue(dialect: MergeDialect, schema: Schema, name: string): string {
  return shortened(dialect, schema, name, exactExpression(dialect, schema, name) ?? dialect.quote(name));
}

/** The same expression for a table that hygge did not make, whose text columns may have any collation. */
export function exactGroupingValue(dialect: MergeDialect, schema: Schema, name: string): string {
  if (dialect.merge.uuidTexts && kindOf(schema, name) === 'uuid') return `lower(${dialect.quote(name)})`;
  const text = kindOf(schema, name) === 'string' ? dialect.sortExpression(dialect.quote(name), { kind: 'string' }) : undefined;
  return shortened(dialect, schema, name, exactExpression(dialect, schema, name) ?? text ?? dialect.quote(name));
}

function shortened(dialect: MergeDialect, schema: Schema, name: string, value: string): string {
  const isLong = ['string', 'binary', 'json', 'struct', 'list'].includes(kindOf(schema, name) ?? '');
  return (isLong ? dialect.merge.digest?.(value) : undefined) ?? value;
}

/** The columns in which different texts may be equal, each with the collation that makes them equal. */
export type LooseTextColumns = ReadonlyMap<string, string | null>;

export const looseTextColumns = (there: readonly TargetColumn[]): LooseTextColumns =>
  new Map(there.flatMap(({ name, isLoose, collation }) => (isLoose ? [[name, collation ?? null]] : [])));

/** A condition for a staged row `hygge_new` that is older than a row of the table with the same key, if that row stays. Rows are compared by their watermark. Without a watermark, any existing row counts as newer. */
export function newerThereCondition(
  { quote }: Pick<Dialect, 'quote'>,
  of: {
    readonly table: string;
    readonly on: string;
    readonly watermark: string | null;
    readonly ordered: (expression: string) => string;
    /** A condition for the rows of the table that the commit removes. Null: the commit removes no rows, or has already removed them. */
    readonly goes?: string | null;
  },
): string {
  const [t, s] = [`hygge_now.${quote(of.watermark ?? '')}`, `hygge_new.${quote(of.watermark ?? '')}`];
  const newer = of.watermark === null ? '' : ` and ${t} is not null and (${s} is null or ${of.ordered(t)} > ${of.ordered(s)})`;
  const stays = of.goes == null ? of.table : `(select * from ${of.table} where not (${of.goes}))`;
  return `exists (select 1 from ${stays} hygge_now where ${of.on}${newer})`;
}

/** A condition for equal keys. An index finds texts that the column’s collation treats as equal, and then the bytes of the texts are compared. */
export function sameKeyCondition(
  { quote, sortExpression, merge: { equalByCollation, uuidTexts, exactText, exactBytes } }: MergeDialect,
  { schema, loose, letters }: { readonly schema: Schema; readonly loose: LooseTextColumns; readonly letters: UuidLetters },
  key: readonly string[],
): string {
  const inBytes = (expression: string) => exactText?.(expression) ?? sortExpression(expression, { kind: 'string' });
  return key
    .map((name) => [`hygge_now.${quote(name)}`, `hygge_new.${quote(name)}`] as const)
    .map(([t, s], at) => {
      if (uuidTexts && kindOf(schema, key[at]) === 'uuid') return letters === 'mixed' ? `lower(${t}) = lower(${s})` : uuidTexts.equal(t, s);
      const collation = loose.get(key[at] ?? '');
      if (collation === undefined)
        return exactBytes && kindOf(schema, key[at]) === 'binary' ? `${t} = ${s} and ${exactBytes(t)} = ${exactBytes(s)}` : `${t} = ${s}`;
      return `${equalByCollation?.(t, s, collation) ?? `${t} = ${s}`} and ${inBytes(t)} = ${inBytes(s)}`;
    })
    .join(' and ');
}

/** Columns whose values can be compared. */
export function comparableColumns(
  dialect: MergeDialect,
  { schema, loose }: { readonly schema: Schema; readonly loose: LooseTextColumns },
  names: readonly string[],
  of: 'hygge_new' | 'hygge_now',
): string {
  const { quote, sortExpression, merge } = dialect;
  const documents = schema.columns.flatMap(({ name, type }) =>
    ['json', 'struct', 'list'].includes(type.kind) ? [[name, type] as const] : [],
  );
  const casts = new Map(documents);
  return names
    .map((name) => {
      const value = `${of}.${quote(name)}`;
      if (merge.uuidTexts && kindOf(schema, name) === 'uuid') return `lower(${value})`;
      if (loose.has(name)) return merge.exactText?.(value) ?? sortExpression(value, { kind: 'string' });
      const type = casts.get(name);
      return type === undefined ? value : castTo(dialect, value, type);
    })
    .join(', ');
}

interface DeleteMatch {
  readonly source: string;
  readonly staged: StagedRows;
  readonly on: string;
  readonly mine: string | null;
  ordered(expression: string): string;
}

/** A condition for existing rows whose key is reported as deleted, unless the existing row is newer. */
export function deletedBySourceCondition(dialect: Pick<Dialect, 'quote'>, { source, staged, on, mine, ordered }: DeleteMatch): string {
  const { quote } = dialect;
  const { watermark } = staged;
  const older =
    watermark === null
      ? ''
      : ` and (hygge_now.${quote(watermark)} is null or ${ordered(`hygge_now.${quote(watermark)}`)} <= ${ordered(`hygge_new.${quote(watermark)}`)})`;
  return `exists (select 1 from ${source} hygge_new where ${on}${older})${mine === null ? '' : ` and ${mine}`}`;
}
