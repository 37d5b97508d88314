import { isOwn } from '../../assembly/found/tables.ts';
import type { TableFound } from '../../engine/contracts/connector.ts';
import { shellWord } from '../../errors/as-argument.ts';
import { nearest } from '../../errors/did-you-mean.ts';
import { loadedWhole, otherSchemasLeftOut, unreadTables, viewsLeftOut } from '../../narrate/run/copy-lines.ts';
import { findConnector } from '../../registry.ts';
import { namePattern } from '../../workspace/name-pattern.ts';
import { nameKey } from '../../workspace/names.ts';
import { databaseWritten, everyTable, rightToRead } from '../database/connection.ts';
import { blockText } from '../draft/yaml.ts';
import { split } from '../select/choice.ts';
import type { Surroundings } from '../terminal/surroundings.ts';
import { unreadable } from '../terminal/usage.ts';
import type { CopyFlow, DraftTable } from './copy-flow.ts';
import { nothingThere, oneName } from './errors.ts';
import type { Place } from './place.ts';

type Database = Extract<Place, { readonly kind: 'database' }> & { readonly table: string };

/** The tables that match a pattern such as `sales.*` or `*`. If the pattern matches only views, the views. If the pattern contains the schema, each table is named without its schema. */
export async function tablesLike(
  from: Database,
  draft: CopyFlow,
  { surroundings, views }: { readonly surroundings: Surroundings; readonly views: boolean },
): Promise<Pick<CopyFlow, 'tables' | 'notes'>> {
  const all = await tablesOf(draft, surroundings);
  const cut = from.table.lastIndexOf('.');
  const [schema, name] = cut < 0 ? [null, from.table] : [from.table.slice(0, cut), from.table.slice(cut + 1)];
  const ownSchema = (await findConnector(from.type))?.database?.ownSchema;
  const isSchema = (found: TableFound) => (schema === null ? isOwn(found, ownSchema) : namePattern(schema, 'u').test(found.schema));
  const like = namePattern(name, 'u');
  const alike = all
    .filter((one) => like.test(one.name) && isSchema(one))
    .map((one) => ({ ...one, called: [one.name], isView: /view/.test(one.kind) }));
  const { taken: found, ...left } = split(alike, views);
  const elsewhere = schema === null ? all.filter((one) => like.test(one.name) && !isSchema(one) && !/view/.test(one.kind)) : [];
  const isOne = schema === null || !/[*?]/.test(schema);
  const byColumn = watermarksOf(found, draft.watermark?.column ?? null);
  const tables = found.map((one): DraftTable => {
    const name = isOne ? one.name : `${one.schema}_${one.name}`;
    return { name, table: one.written, watermark: byColumn(one) };
  });
  if (tables.length === 0) throw none(from, all, left.unread);
  const names = new Map<string, DraftTable>();
  for (const table of tables) {
    const before = names.get(nameKey(table.name));
    if (before !== undefined) throw oneName(before.table, table.table);
    names.set(nameKey(table.name), table);
  }
  return {
    tables,
    notes: [
      loadedWhole(
        draft.watermark?.column ?? '',
        draft.watermark === null ? [] : tables.flatMap(({ table, watermark }) => (watermark === null ? [table] : [])),
      ),
      unreadTables(tables.length, namedWithWhy(left.unread)),
      viewsLeftOut(left.views.map(({ written }) => written)),
      otherSchemasLeftOut(
        elsewhere.map(({ written }) => written),
        shellWord(`${from.shown.replace(/#.*$/s, '')}#*.${name}`),
      ),
    ].filter((sentence) => sentence !== undefined),
  };
}

/** The column of a name in each table, if any table has the column. If no table has the column, the name may be mistyped, and the runs report the existing columns. */
function watermarksOf(tables: readonly TableFound[], asked: string | null): (table: TableFound) => string | null {
  const own = ({ columns }: TableFound) => {
    const isCalled = (column: string) => column.toLowerCase() === asked?.toLowerCase();
    return columns === null || columns.includes(asked ?? '') ? asked : (columns.find(isCalled) ?? null);
  };
  return tables.some((one) => own(one) !== null) ? own : () => asked;
}

const namedWithWhy = (tables: readonly TableFound[]) => tables.map(({ written, unread = '' }) => ({ name: written, why: unread }));

/** The schema of the pattern, and the role of the URL, as SQL identifiers. */
function whoReads({ table, address }: Database) {
  const spelled = (name: string | undefined) =>
    name === undefined || name === '' || /[*?"]/.test(name) ? undefined : /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name}"`;
  const [, user] = /^[a-z0-9+.-]+:\/\/([^@:/]*)(?::[^@/]*)?@/i.exec(address.value) ?? [];
  return { schema: spelled(table.includes('.') ? table.slice(0, table.lastIndexOf('.')) : undefined), role: spelled(user) };
}

function none(from: Database, all: readonly TableFound[], unread: readonly TableFound[]) {
  if (unread.length > 0)
    return nothingThere(from.shown, unreadTables(0, namedWithWhy(unread)) ?? '', rightToRead(from.type, whoReads(from)));
  const near = nearest(
    from.table.replaceAll('*', ''),
    all.map(({ schema, name }) => `${schema}.${name}`),
  );
  return nothingThere(
    from.shown,
    all.length === 0 ? 'There is no table or view that the role may read.' : `No table or view matches ${from.table}.`,
    [...(near.length === 0 ? [] : [`There is ${near.join(', ')}`]), ...rightToRead(from.type, whoReads(from))],
  );
}

async function tablesOf({ home, variables }: CopyFlow, surroundings: Surroundings): Promise<readonly TableFound[]> {
  const text = blockText(home);
  const environment = { ...surroundings.environment, ...variables };
  const database = await databaseWritten({ name: 'FROM', text, root: surroundings.directory }, { ...surroundings, environment });
  const instead = 'Name the table: #sales.orders';
  if (database === null) throw unreadable('hygge does not search the catalogue of this database.', [instead]);
  return await everyTable(database, surroundings, instead);
}
