/**
 * Uuids in a database that stores them as texts. Uuids arrive in small letters, but an older hygge kept the letters of the source. A merge finds such rows by
 * the uuid in small letters, and leaves their letters unchanged.
 */
import type { PlannedFilling } from '../../../engine/contracts/store.ts';
import type { Schema } from '../../../frames/schema.ts';
import type { OwnNote } from '../../../ports/notes.ts';
import type { Dialect } from '../../engine.ts';
import type { Writes } from '../../writes.ts';
import { quotedDestination, type StoreContext } from '../context.ts';

type MergeDialect = Pick<Dialect, 'quote'> & Pick<Writes, 'merge'>;

/** The columns of a key with uuids that are stored as texts. */
export function uuidTextsIn(
  { merge: { uuidTexts } }: Pick<Writes, 'merge'>,
  { columns }: Schema,
  key: readonly string[],
): readonly string[] {
  const uuids = new Set(columns.flatMap(({ name, type }) => (type.kind === 'uuid' ? [name] : [])));
  return uuidTexts === undefined ? [] : key.filter((name) => uuids.has(name));
}

/** Which letters the table’s uuids have, and so how a merge finds rows by them. */
export type UuidLetters =
  /** Each uuid has only small letters or only capitals, so rows are found by an index of the key. */
  | 'of one kind'
  /** Some uuids have both capitals and small letters, so rows are found by the uuid in small letters. */
  | 'mixed';

export async function uuidLetters({ session, dialect, place }: StoreContext, schema: Schema, key: readonly string[]): Promise<UuidLetters> {
  const names = uuidTextsIn(dialect, schema, key);
  if (names.length === 0) return 'of one kind';
  const isMixed = names.map(dialect.quote).map((name) => `(${name} <> lower(${name}) and ${name} <> upper(${name}))`);
  const from = `from ${quotedDestination({ dialect, place })} where ${isMixed.join(' or ')}`;
  const found = await session.query(dialect.selectFirst('1 as one', from));
  return found.length === 0 ? 'of one kind' : 'mixed';
}

/** An expression of a key column of the table that distinguishes keys. */
export function foldedKey(dialect: MergeDialect, schema: Schema, key: readonly string[], of = ''): readonly string[] {
  const uuids = new Set(uuidTextsIn(dialect, schema, key));
  return key.map((name) => (uuids.has(name) ? `lower(${of}${dialect.quote(name)})` : `${of}${dialect.quote(name)}`));
}

/** Makes an index that finds mixed uuids for the statements of a merge. @returns a statement that drops the index in the same transaction; null: no index is needed. */
export async function indexUuids(
  { session, dialect, place }: StoreContext,
  {
    schema,
    key,
    letters,
    name,
  }: { readonly schema: Schema; readonly key: readonly string[]; readonly letters: UuidLetters; readonly name: string },
): Promise<string | null> {
  const { uuidTexts } = dialect.merge;
  if (letters === 'of one kind' || uuidTexts === undefined) return null;
  const index = dialect.quote(name);
  await session.run(uuidTexts.createIndex(index, quotedDestination({ dialect, place }), foldedKey(dialect, schema, key)));
  return `drop index ${index}`;
}

/** The notes on uuids with capitals: one note for all columns of the key. */
export async function capitalNotes(
  { session, dialect, place }: StoreContext,
  { mode, key, schema }: Pick<PlannedFilling, 'mode' | 'key' | 'schema'>,
): Promise<readonly OwnNote[]> {
  const names = mode === 'merge' ? uuidTextsIn(dialect, schema, key) : [];
  if (names.length === 0) return [];
  const { quote, count } = dialect;
  const table = quotedDestination({ dialect, place });
  const inCapitals = names.map(quote).map((name) => `${name} <> lower(${name})`);
  const examples = names.map(quote).map((name) => `min(case when ${name} <> lower(${name}) then ${name} end) as ${name}`);
  const [found = {}] = await session.query(
    `select ${count('*')} as hygge_rows, ${examples.join(', ')} from ${table} where ${inCapitals.join(' or ')}`,
  );
  const rows = Number(found.hygge_rows ?? 0);
  if (rows === 0) return [];
  const columns = names.filter((name) => found[name] != null);
  const folded = foldedKey(dialect, schema, key).join(', ');
  const twice = await session.query(dialect.selectFirst('1 as one', `from ${table} group by ${folded} having ${count('*')} > 1`));
  const example = String(found[columns[0] ?? ''] ?? '');
  const has = rows === 1 ? '1 row of' : `${rows.toLocaleString('en-US')} rows of`;
  const told = `${has} ${place.where} ${rows === 1 ? 'has' : 'have'} capitals in ${columns.join(', ')} (${JSON.stringify(example)}), as an earlier version of hygge kept uuids. A new row with the same uuid replaces such a row, but the capitals stay`;
  const sets = columns.map((name) => `${quote(name)} = lower(${quote(name)})`).join(', ');
  const advice =
    twice.length === 0
      ? `To have only small letters: update ${table} set ${sets}`
      : `Some uuids are there both in capitals and in small letters, and a run that reads such a uuid stops (HYG-4246). Keep only one row of each uuid. To list all: select ${folded}, count(*) from ${table} group by ${folded} having count(*) > 1`;
  return [{ code: 'database.uuids_in_capitals', params: { columns, rows, example }, text: `${told}. ${advice}` }];
}
