/** How rows that come meet those that are there. */
import { setClause } from '../ddl.ts';
import type { Session } from '../engine.ts';
import type { TableName, UpdateFromSource } from '../writes.ts';
import { quoteName } from './dialect.ts';

export const update = ({ table, source, sets, on }: UpdateFromSource): string =>
  `update ${table} hygge_now join ${source} hygge_new on ${on} set ${setClause(sets, 'hygge_now.')}`;

/**
 * A server plans by what it last counted of a table, and MySQL joins an update by no hash: of a table that was filled since then it reads every row for each row that comes.
 * So an index that finds the rows of a key is named to it.
 */
export async function runUpdate(session: Session, of: UpdateFromSource & { readonly name: TableName }): Promise<number> {
  const { table, source, sets, on, key } = of;
  const index = await indexOf(session, table, key);
  if (index === undefined) return session.execute(update(of));
  const found = `${source} hygge_new straight_join ${table} hygge_now force index (${quoteName(index)}) on ${on}`;
  return session.execute(`update ${found} set ${setClause(sets, 'hygge_now.')}`);
}

/** One that begins with all columns of the key, or is unique in some of them; a unique one before others. */
async function indexOf(session: Session, table: string, key: readonly string[]): Promise<string | undefined> {
  const parts = await session.query(`show index from ${table}`);
  const wanted = new Set(key.map((name) => name.toLowerCase()));
  // What the optimizer may not use is Visible in MySQL, and Ignored in MariaDB.
  const usable = parts.filter((part) => part.Index_type === 'BTREE' && part.Visible !== 'NO' && part.Ignored !== 'YES');
  const found = [...Map.groupBy(usable, ({ Key_name: name }) => name ?? '')].flatMap(([name, its]) => {
    const other = its.findIndex(({ Column_name: column }) => !wanted.has(column?.toLowerCase() ?? ''));
    const leading = other < 0 ? its.length : other;
    const isUnique = its[0]?.Non_unique === '0';
    return leading === key.length || (isUnique && leading === its.length) ? [{ name, isUnique }] : [];
  });
  return (found.find(({ isUnique }) => isUnique) ?? found[0])?.name;
}
