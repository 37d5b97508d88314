/** Keys that come more than once among staged rows, which the database itself compares. */
import type { KeysToCompare, RepeatedKeys } from '../../engine/contracts/store.ts';
import { stagedRows } from './commit/keys.ts';
import type { StoreContext } from './context.ts';
import { changesDestination } from './staging/staged-tables.ts';

const mostExamples = 3;

/** Texts and bytes are compared exactly, whatever the collation of the table takes for the same. */
export async function repeatedKeys(context: StoreContext, { columns, schema, parts }: KeysToCompare): Promise<RepeatedKeys> {
  const { session, dialect } = context;
  const taking = parts.filter((part) => changesDestination(part) && part.role !== 'deleted');
  if (taking.length === 0) return { keys: 0, rows: 0, examples: [] };
  const staged = stagedRows(context, { parts: taking, schema, key: columns });
  const known = columns.map((name) => `${dialect.quote(name)} is not null`).join(' and ');
  const by = staged.keyExpressions.join(', ');
  const repeated = `from ${staged.from} r where ${known} group by ${by} having count(*) > 1`;
  const count = dialect.count('*');
  const [counts] = await session.query(
    `select ${count} as n, ${dialect.canonicalText('sum(hygge_n)', { kind: 'int64' })} as hygge_all from (select ${count} as hygge_n ${repeated}) k`,
  );
  const keys = Number(counts?.n);
  if (keys === 0) return { keys, rows: 0, examples: [] };
  const shown = columns.map((name, at) => {
    const value = dialect.quote(name);
    const type = schema.columns.find((column) => column.name === name)?.type ?? { kind: 'string' as const };
    return `${dialect.canonicalText(staged.keyExpressions[at] === value ? value : `min(${value})`, type)} as hygge_${at}`;
  });
  const examples = await session.query(dialect.selectFirst(shown.join(', '), repeated, mostExamples));
  return {
    keys,
    rows: Number(counts?.hygge_all) - keys,
    examples: examples.map((row) => columns.map((_, at) => row[`hygge_${at}`] ?? '')),
  };
}
