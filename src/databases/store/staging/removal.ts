/** Removes staged tables and their records. */
import { quotedTable } from '../../ddl.ts';
import type { Dialect, Session } from '../../engine.ts';
import type { Writes } from '../../writes.ts';
import type { StoreDialect } from '../context.ts';
import { type OwnTablePlace, ownTable } from '../head.ts';
import { type StagedLocation, stagedTableName } from './staged-tables.ts';

/** Removes tables and their records, in any transaction of the session. The tables’ files must be discarded before. @param first statements to run first, in the same request. */
export async function dropStaged(
  session: Session,
  dialect: Pick<StoreDialect, 'quote' | 'ownTables' | 'staging'>,
  place: StagedLocation & OwnTablePlace,
  { names, first = [] }: { readonly names: readonly string[]; readonly first?: readonly string[] },
): Promise<void> {
  if (names.length === 0) return;
  await session.run([
    ...first,
    ...names.map((name) => `drop table if exists ${quotedTable(dialect, stagedTableName(dialect, place, name))}`),
  ]);
  await forgetStaged(session, dialect, place, names);
}

/** Removes only the records, because the tables became the destination’s tables. */
export async function forgetStaged(
  session: Session,
  dialect: Pick<Dialect, 'quote' | 'quoteTable'> & Pick<Writes, 'ownTables'>,
  place: OwnTablePlace,
  names: readonly string[],
): Promise<void> {
  const list = names.map((_, at) => dialect.ownTables.parameter(at + 1)).join(', ');
  await session.query(`delete from ${ownTable(dialect, place, 'staged')} where name in (${list})`, names);
}
