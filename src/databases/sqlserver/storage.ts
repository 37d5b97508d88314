/** How a table that hygge makes in SQL Server stores its rows. */
import * as z from 'zod';
import { StoreError } from '../../errors/hygge-error.ts';
import { columnDeclaration } from '../ddl.ts';
import type { Row, Session } from '../engine.ts';
import type { TableExtras, TableToMake } from '../writes.ts';
import { declared } from './columns.ts';
import { following, named } from './destination.ts';
import { quoteName } from './dialect.ts';

const ways = ['columnstore', 'rowstore', 'heap'] as const;
type Way = (typeof ways)[number];

export const identityInsertKey = z
  .boolean()
  .optional()
  .describe(
    'true: values of a source column are inserted into the IDENTITY column of the same name, with SET IDENTITY_INSERT, and never updated. Default: false: such a source column is an error. Computed columns, rowversions and periods are never written.',
  );

export const storeKeys = {
  storage: z
    .enum(ways)
    .optional()
    .describe(
      'How a table that hygge makes stores its rows. An existing table is not changed. columnstore: compressed by columns, with an index of the key. rowstore: in the order of the key. heap: in the order of arrival. Default: columnstore if version, tier and types allow it, else rowstore. The plan says why.',
    ),
  identity_insert: identityInsertKey,
};

const server = `SELECT CONVERT(varchar(10), SERVERPROPERTY('EngineEdition')) AS edition, CONVERT(varchar(128), SERVERPROPERTY('ProductVersion')) AS version,
  CONVERT(varchar(128), DATABASEPROPERTYEX(DB_NAME(), 'ServiceObjective')) AS objective, CONVERT(varchar(128), DATABASEPROPERTYEX(DB_NAME(), 'Edition')) AS tier`;

const azureDatabase = '5';
/** Edition numbers of Azure, whose version numbers say nothing about features. */
const azure: ReadonlySet<string> = new Set([azureDatabase, '8', '9', '12']);
const enterprise = '3';
const small: ReadonlySet<string> = new Set(['Basic', 'S0', 'S1', 'S2']);

/** A column with its declaration. */
interface DeclaredColumn {
  readonly name: string;
  readonly type: string;
}

/** What prevents a columnstore. Undefined: nothing prevents it. */
function hinders({ edition, version, objective, tier }: Row, columns: readonly DeclaredColumn[]): string | undefined {
  if (edition === azureDatabase) {
    if (small.has(objective ?? '')) return `a database of the size ${objective} makes no columnstores: they need S3 or more`;
    if (objective === 'ElasticPool' && tier !== 'Premium' && /^(Basic|Standard)$/.test(tier ?? ''))
      return `the database is in a pool of the tier ${tier}, and only some pools of that tier make columnstores`;
  }
  if (azure.has(edition ?? '')) return undefined;
  const [major = 0, , build = 0] = (version ?? '').split('.').map(Number);
  if (major !== 13) return undefined;
  if (build < 4001 && edition !== enterprise)
    return 'SQL Server 2016 before its first service pack makes columnstores in its Enterprise edition only';
  const large = columns.find(({ type }) => type.endsWith('(max)'));
  return large && `SQL Server 2016 keeps no ${large.type} in a columnstore: ${large.name}`;
}

/** Why a columnstore can’t have these columns. */
export async function noColumnstoreIn(session: Session, columns: readonly DeclaredColumn[]): Promise<string | undefined> {
  const [row = {}] = await session.query(server);
  return hinders(row, columns);
}

/** The names of the indexes that hygge adds to the tables that it makes. */
export const [keyIndex, columnsIndex] = ['hygge_key', 'hygge_columns'];
/** The maximum number of bytes of a key: `beside` in a nonclustered index, `clustered` in a clustered index. */
export const shapes = { beside: 1700, clustered: 900 } as const;
const mostColumns = 16;

function bytesOf(type: string): number {
  const [, name = '', length = ''] = /^(\w+)(?:\((\w+).*\))?$/.exec(type) ?? [];
  if (length === 'max') return Number.POSITIVE_INFINITY;
  return name === 'nvarchar' ? 2 * Number(length) : /^var/.test(name) ? Number(length) : 17;
}

export function keyUnfit(key: readonly DeclaredColumn[], most: number): string | undefined {
  const large = key.find(({ type }) => bytesOf(type) > most);
  if (large) return `${large.name} is ${large.type}`;
  if (key.length > mostColumns) return `it has ${key.length} columns`;
  return key.reduce((sum, { type }) => sum + bytesOf(type), 0) > most ? `its columns together may have more than ${most} bytes` : undefined;
}

/** A text of unknown length is assumed to be short. The plan says what happens if values are longer. */
const shortest = 'nvarchar(1)';

export async function made(
  session: Session,
  { table, columns: all, openLengthColumns, key, storeKeyValues, where }: TableToMake,
): Promise<TableExtras> {
  const wish = storeKeyValues.storage as Way | undefined;
  const isOpen = (name: string) => openLengthColumns.includes(name);
  const columns = all.map((column) => ({
    name: column.name,
    type: isOpen(column.name) ? shortest : columnDeclaration({ columns: { declared } }, column),
  }));
  const [row = {}] = await session.query(server);
  const hindered = hinders(row, columns);
  if (wish === 'columnstore' && hindered !== undefined) throw noColumnstore(where, hindered);
  const way: Way = wish ?? (hindered === undefined ? 'columnstore' : 'rowstore');
  const target = named(table);
  const keyColumns = key.flatMap((name) => columns.find((column) => column.name === name) ?? []);
  const most = way === 'rowstore' ? shapes.clustered : shapes.beside;
  const unfit = keyUnfit(keyColumns, most);
  const shape = way === 'rowstore' ? 'CLUSTERED' : 'NONCLUSTERED';
  const isIndexed = keyColumns.length > 0 && keyColumns.length === key.length && unfit === undefined;
  const index = isIndexed ? [`CREATE ${shape} INDEX ${quoteName(keyIndex)} ON ${target} (${key.map(quoteName).join(', ')})`] : [];
  const columnstore = way === 'columnstore' ? [`CREATE CLUSTERED COLUMNSTORE INDEX ${quoteName(columnsIndex)} ON ${target}`] : [];
  const openKey = isIndexed ? key.filter(isOpen) : [];
  const couldHinder =
    way === 'columnstore' && isOpen(openLengthColumns[0] ?? '')
      ? hinders(row, [{ name: openLengthColumns.join(', '), type: 'nvarchar(max)' }])
      : undefined;
  const told = [
    ...(openLengthColumns.length === 0
      ? []
      : [`texts of ${where} become nvarchar with the length of the longest text seen: ${openLengthColumns.join(', ')}`]),
    ...(couldHinder === undefined ? [] : [`${where} is a columnstore while no text has more than 4,000 characters: ${couldHinder}`]),
    ...(openKey.length === 0
      ? []
      : [`the key of ${where} gets an index while its texts have no more than ${most / 2} characters: ${openKey.join(', ')}`]),
    ...(wish === undefined && hindered !== undefined ? [`${where} is made as a rowstore: ${hindered}`] : []),
    ...(unfit === undefined || key.length === 0 ? [] : [`${where} gets no index of its key: ${unfit}. schema_overrides sets a length`]),
  ];
  return {
    // A clustered index is made before the rows are written, and a nonclustered index after that.
    before: [following(table), ...columnstore, ...(way === 'rowstore' ? index : [])],
    after: way === 'rowstore' ? [] : index,
    notes: told.map((text) => ({ code: 'sqlserver.storage', text, params: { storage: way } })),
  };
}

function noColumnstore(where: string, why: string): StoreError {
  return new StoreError({
    code: 'HYG-4241',
    what: `${where} can't be made as a columnstore.`,
    why: [`${why}.`],
    tryThis: ['Let hygge choose: remove storage from the store', 'Or choose another storage: storage: rowstore'],
  });
}
