/** Keys that come more than once among staged rows or among settled ones, which the database itself compares. */
import { isData, type KeysToCompare, type RepeatedKeys } from '../../engine/contracts/store.ts';
import { exactGroupingValue, stagedRows } from './commit/keys.ts';
import { quotedDestination, type StoreContext } from './context.ts';
import { ownRowsCondition } from './ownership.ts';
import { newestVersions } from './ranked-rows.ts';

const mostExamples = 3;

/** Texts and bytes are compared exactly, whatever the collation of the table takes for the same. */
export async function repeatedKeys(context: StoreContext, keys: KeysToCompare): Promise<RepeatedKeys> {
  const { columns, schema, parts } = keys;
  const taking = parts.filter(isData);
  if (taking.length === 0) return { keys: 0, rows: 0, examples: [] };
  const { from: all, keyExpressions } = stagedRows(context, { parts: taking, schema, key: columns });
  const from = (await newestVersions(context, keys))?.rows ?? all;
  return repeatedIn(context, { columns, schema, from, keyExpressions });
}

/** Of the entity's own rows in the destination, whose columns may have types and collations of their own. */
export async function repeatedSettledKeys(
  context: StoreContext,
  { columns, schema }: Pick<KeysToCompare, 'columns' | 'schema'>,
): Promise<RepeatedKeys> {
  const { session, dialect, heads } = context;
  const own = ownRowsCondition(context, await heads.read(session));
  const from = `(select ${columns.map(dialect.quote).join(', ')} from ${quotedDestination(context)}${own === null ? '' : ` where ${own}`})`;
  return repeatedIn(context, { columns, schema, from, keyExpressions: columns.map((name) => exactGroupingValue(dialect, schema, name)) });
}

interface RowsToCompare extends Pick<KeysToCompare, 'columns' | 'schema'> {
  /** As FROM takes it, in brackets. */
  readonly from: string;
  /** What tells keys apart. */
  readonly keyExpressions: readonly string[];
}

async function repeatedIn(
  { session, dialect }: StoreContext,
  { columns, schema, from, keyExpressions }: RowsToCompare,
): Promise<RepeatedKeys> {
  const known = columns.map((name) => `${dialect.quote(name)} is not null`).join(' and ');
  const by = keyExpressions.join(', ');
  const repeated = `from ${from} r where ${known} group by ${by} having count(*) > 1`;
  const count = dialect.count('*');
  const [counts] = await session.query(
    `select ${count} as n, ${dialect.canonicalText('sum(hygge_n)', { kind: 'int64' })} as hygge_all from (select ${count} as hygge_n ${repeated}) k`,
  );
  const keys = Number(counts?.n);
  if (keys === 0) return { keys, rows: 0, examples: [] };
  const shown = columns.map((name, at) => {
    const value = dialect.quote(name);
    const type = schema.columns.find((column) => column.name === name)?.type ?? { kind: 'string' as const };
    return `${dialect.canonicalText(keyExpressions[at] === value ? value : `min(${value})`, type)} as hygge_${at}`;
  });
  const examples = await session.query(dialect.selectFirst(shown.join(', '), repeated, mostExamples));
  return {
    keys,
    rows: Number(counts?.hygge_all) - keys,
    examples: examples.map((row) => columns.map((_, at) => row[`hygge_${at}`] ?? '')),
  };
}
