/**
 * Uuids in a database that keeps them as texts. They arrive in small letters; earlier versions kept the letters of the source. A merge finds those rows by the uuid
 * in small letters, and does not change their letters.
 */
import type { PlannedFilling } from '../../../engine/contracts/store.ts';
import type { Schema } from '../../../frames/schema.ts';
import type { OwnNote } from '../../../ports/notes.ts';
import type { Dialect } from '../../engine.ts';
import type { Writes } from '../../writes.ts';
import { quotedDestination, type StoreContext } from '../context.ts';

type MergeDialect = Pick<Dialect, 'quote'> & Pick<Writes, 'merge'>;

/** The columns of a key that are kept as texts. */
export function uuidTextsIn(
  { merge: { uuidTexts } }: Pick<Writes, 'merge'>,
  { columns }: Schema,
  key: readonly string[],
): readonly string[] {
  const uuids = new Set(columns.flatMap(({ name, type }) => (type.kind === 'uuid' ? [name] : [])));
  return uuidTexts === undefined ? [] : key.filter((name) => uuids.has(name));
}

/** How rows of the table are found by their uuids. */
export type UuidLetters =
  /** By an index of the key: no row mixes capitals and small letters. */
  | 'of one kind'
  /** By the uuid in small letters: some rows have both capitals and small letters. */
  | 'mixed';

export async function uuidLetters({ session, dialect, place }: StoreContext, schema: Schema, key: readonly string[]): Promise<UuidLetters> {
  const names = uuidTextsIn(dialect, schema, key);
  if (names.length === 0) return 'of one kind';
  const isMixed = names.map(dialect.quote).map((name) => `(${name} <> lower(${name}) and ${name} <> upper(${name}))`);
  const from = `from ${quotedDestination({ dialect, place })} where ${isMixed.join(' or ')}`;
  const found = await session.query(dialect.selectFirst('1 as one', from));
  return found.length === 0 ? 'of one kind' : 'mixed';
}

/** A column of the table, as an expression that distinguishes keys. */
export function foldedKey(dialect: MergeDialect, schema: Schema, key: readonly string[], of = ''): readonly string[] {
  const uuids = new Set(uuidTextsIn(dialect, schema, key));
  return key.map((name) => (uuids.has(name) ? `lower(${of}${dialect.quote(name)})` : `${of}${dialect.quote(name)}`));
}

/** An index that finds mixed uuids for the statements of a merge. @returns what drops it, in the same transaction; null: none is needed. */
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

/** One note for all columns of the key. */
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
  const told = `${has} ${place.where} ${rows === 1 ? 'has' : 'have'} capitals in ${columns.join(', ')} (${JSON.stringify(example)}), as an earlier version kept uuids. A new row with the same uuid replaces such a row, but the letters stay`;
  const sets = columns.map((name) => `${quote(name)} = lower(${quote(name)})`).join(', ');
  const advice =
    twice.length === 0
      ? `To have only small letters: update ${table} set ${sets}`
      : `Some of them are there in small letters too, and a run that reads one of those stops (HYG-4246): leave one row of each there. To list all: select ${folded}, count(*) from ${table} group by ${folded} having count(*) > 1`;
  return [{ code: 'database.uuids_in_capitals', params: { columns, rows, example }, text: `${told}. ${advice}` }];
}
