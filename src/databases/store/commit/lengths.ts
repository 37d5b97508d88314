/** Lengths of text columns in tables that hygge makes. A column is as long as the source declares it, or else as the longest value so far. For a longer value, the column is made longer. */
import type { TargetColumn } from '../../../engine/contracts/catalog.ts';
import type { Intent } from '../../../engine/contracts/intent.ts';
import { isData, type Part } from '../../../engine/contracts/store.ts';
import type { Column } from '../../../frames/schema.ts';
import { columnDeclaration } from '../../ddl.ts';
import type { TextLengths, Writes } from '../../writes.ts';
import type { StoreContext } from '../context.ts';
import { fromStagedSource, stagedSources } from '../staging/staged-tables.ts';

/** Whether the config leaves the length of the column open. */
const isOpen = ({ type, override }: Pick<Column, 'type' | 'override'>): boolean =>
  type.kind === 'string' && override?.declared === undefined;

const sourceSays = (lengths: TextLengths, { sourceType }: Column): number =>
  sourceType === undefined ? 0 : lengths.sourceLimit(sourceType);
const sizedAs = (column: Column, declared: string): Column => ({ ...column, override: { ...column.override, declared } });

/** Whether an existing column is made longer if its values need it. */
export function growsWithValues(
  { lengths }: Pick<Writes, 'lengths'>,
  column: Pick<Column, 'type' | 'override'>,
  there: { readonly type: string; readonly follows?: true },
): boolean {
  return there.follows === true && isOpen(column) && lengths?.limitOf(there.type) !== undefined;
}

/** A column as it would be made before any value was read. */
export function columnsBeforeValues({ lengths }: Pick<Writes, 'lengths'>, columns: readonly Column[]): readonly Column[] {
  if (!lengths) return columns;
  return columns.map((column) => {
    const declared = isOpen(column) ? sourceSays(lengths, column) : 0;
    return declared === 0 ? column : sizedAs(column, lengths.declaration(0, declared));
  });
}

/** Columns whose length depends on their values. */
export function columnsOfOpenLength(dialect: Pick<Writes, 'lengths'>, columns: readonly Column[]): readonly string[] {
  return dialect.lengths ? columnsBeforeValues(dialect, columns).flatMap((column) => (isOpen(column) ? [column.name] : [])) : [];
}

/**
 * The intent with columns that are as long as the values need. Such columns are the columns of a recreated table, added columns, and existing columns that are
 * too short. @param of.columns all columns of the table, as in the schema. @param of.mark the value in the column that marks rows. @returns the intent, and the
 * statements that make existing columns longer.
 */
export async function sizeColumnsToValues(
  context: StoreContext,
  intent: Intent,
  of: { readonly there: readonly TargetColumn[] | null; readonly columns: readonly Column[]; readonly mark: string | null },
): Promise<{ readonly sized: Intent; readonly longer: readonly string[] }> {
  const { session, dialect, place } = context;
  const { lengths } = dialect;
  const { there, columns, mark } = of;
  if (!lengths || (there !== null && !there.some(({ follows }) => follows))) return { sized: intent, longer: [] };
  const was = namesBefore(intent);
  const found = (name: string) => there?.find((one) => one.name === (was.get(name) ?? name));
  const open = columns.filter((column) => {
    const old = found(column.name);
    return isOpen(column) && (old === undefined || lengths.limitOf(old.type) !== undefined);
  });
  const limited = open.filter(({ name }) => lengths.limitOf(found(name)?.type ?? '') !== Number.POSITIVE_INFINITY);
  const seen = await longest(context, intent.parts.filter(isData), limited);
  if (place.markColumn !== null) seen.set(place.markColumn, mark?.length ?? 0);
  const declared = new Map(
    open.map((column) => {
      const [old, needed] = [found(column.name), seen.get(column.name) ?? 0];
      const isEnough = old !== undefined && needed <= (lengths.limitOf(old.type) ?? 0);
      return [column.name, isEnough ? old.type : lengths.declaration(needed, sourceSays(lengths, column))];
    }),
  );
  const asSized = (column: Column): Column => {
    const length = declared.get(column.name);
    return length === undefined ? column : sizedAs(column, length);
  };
  const changes = (intent.changes ?? []).map((one) => (one.change === 'add column' ? { ...one, column: asSized(one.column) } : one));
  const short = [...declared].flatMap(([name, declaration]) => {
    const old = found(name);
    return old === undefined || old.type === declaration ? [] : [{ column: old, declaration }];
  });
  return {
    sized: { ...intent, schema: { columns: columns.map(asSized) }, ...(intent.changes === undefined ? {} : { changes }) },
    longer: short.length === 0 ? [] : await lengths.widenStatements(session, place.table, short),
  };
}

/** The names that columns have before the changes of the intent are made, by their later names. */
function namesBefore({ changes = [] }: Intent): ReadonlyMap<string, string> {
  return new Map(changes.flatMap((one) => (one.change === 'rename column' ? [[one.to, one.column] as const] : [])));
}

/** The length of the longest text that is written to each column. */
async function longest(
  { session, dialect, place }: StoreContext,
  parts: readonly Part[],
  columns: readonly Column[],
): Promise<Map<string, number>> {
  const all = new Map<string, number>();
  for (const source of stagedSources(parts)) {
    const staged = columns.filter(({ name }) => source.columns.includes(name));
    if (staged.length === 0) continue;
    const list = staged.map(({ name }, at) => `max(${dialect.lengths?.lengthExpression(dialect.quote(name))}) as n${at}`);
    const [row = {}] = await session.query(`select ${list.join(', ')} from ${fromStagedSource(dialect, place, source)} hygge_new`);
    for (const [at, { name }] of staged.entries()) all.set(name, Math.max(all.get(name) ?? 0, Number(row[`n${at}`] ?? 0)));
  }
  return all;
}

/** Whether a column is as hygge would make it. If a column grows with its values, the answer is yes, whatever the length of the column is. */
export function isAsMade(dialect: Pick<Writes, 'columns' | 'lengths'>, column: Column, there: TargetColumn): boolean {
  return columnDeclaration(dialect, column) === there.type || growsWithValues(dialect, column, there);
}
