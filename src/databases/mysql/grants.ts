/** The statements that give an account what it lacks. */
import type { Granted, Granting } from '../engine.ts';
import type { TableName } from '../writes.ts';
import { nameParts } from './catalog.ts';
import type { MysqlSession } from './connect.ts';
import { quoteName } from './dialect.ts';

const ofRows = ['SELECT', 'INSERT', 'UPDATE', 'DELETE'];
const ofTables = ['CREATE', 'ALTER', 'INDEX', 'DROP'];
const staging = [...ofRows, ...ofTables, 'CREATE TEMPORARY TABLES'];

/** On the database of the table, and on those of hygge's own. */
export const writing = staging.join(', ');

/** Schemas are databases here. @param of.role the account, of whatever host: `loader` is `loader@%`. */
export function grantsOfOwn({ role, schema, stagingSchema }: Granted): readonly string[] {
  const to = quoteName(role);
  return [
    `grant select, insert, update, delete on ${quoteName(schema)}.* to ${to}`,
    ...(stagingSchema === null ? [] : [`grant ${writing.toLowerCase()} on ${quoteName(stagingSchema)}.* to ${to}`]),
  ];
}

interface Account {
  /** As `GRANT … TO` takes it. */
  readonly to: string;
  /** As the lists of grants have it. */
  readonly grantee: string;
  /** What is in no list of the account's own may come from one. */
  readonly hasRole: boolean;
}

async function accountOf(session: MysqlSession): Promise<Account> {
  const [row] = await session.query('select current_user() as account, current_role() as role');
  const account = row?.account ?? '';
  const at = account.lastIndexOf('@');
  const [user, host] = [account.slice(0, at), account.slice(at + 1)];
  const quoted = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
  return { to: `${quoted(user)}@${quoted(host)}`, grantee: `'${user}'@'${host}'`, hasRole: row?.role != null && row.role !== 'NONE' };
}

/** A role shows the rights that it gives to nobody but itself: who has one is told nothing. */
export async function grants(session: MysqlSession, of: Granting): Promise<readonly string[]> {
  const account = await accountOf(session);
  if (account.hasRole) return [];
  const [current] = await session.query('select database() as name');
  const missing: string[] = [];
  const need = async (on: { readonly schema: string; readonly name: string | null }, rights: readonly string[], where: string) => {
    const has = await rightsOn(session, account, on);
    const lacks = rights.filter((right) => !has.has(right));
    if (lacks.length > 0) missing.push(`GRANT ${lacks.join(', ')} ON ${where} TO ${account.to}`);
  };
  if ('read' in of) {
    const [name = '', schema = current?.name ?? ''] = 'table' in of.read ? [...nameParts(of.read.table)].reverse() : [];
    // A name that is another's in other letters is what is wrong, and no right.
    if (name === '' || schema === '' || (await isSpeltOtherwise(session, { schema, name }))) return [];
    await need({ schema, name }, ['SELECT'], `${quoteName(schema)}.${quoteName(name)}`);
    return missing;
  }
  const { write, metadataSchema, stagingSchema } = of;
  const all = (schema: string) => `${quoteName(schema)}.*`;
  await need(write, [...ofRows, ...ofTables], all(write.schema));
  if (stagingSchema !== write.schema) await need({ schema: stagingSchema, name: null }, staging, all(stagingSchema));
  else await need({ schema: stagingSchema, name: null }, ['CREATE TEMPORARY TABLES'], all(stagingSchema));
  if (metadataSchema !== stagingSchema && metadataSchema !== write.schema)
    await need({ schema: metadataSchema, name: null }, [...ofRows, ...ofTables], all(metadataSchema));
  return missing;
}

/** Of the whole server, of the database, and of the table alone. */
async function rightsOn(
  session: MysqlSession,
  { grantee }: Account,
  { schema, name }: { readonly schema: string; readonly name: string | null },
): Promise<ReadonlySet<string>> {
  const rows = await session.query(
    `select PRIVILEGE_TYPE as had from information_schema.USER_PRIVILEGES where GRANTEE = $3
    union select PRIVILEGE_TYPE from information_schema.SCHEMA_PRIVILEGES where GRANTEE = $3 and $1 like TABLE_SCHEMA
    union select PRIVILEGE_TYPE from information_schema.TABLE_PRIVILEGES where GRANTEE = $3 and TABLE_SCHEMA = $1 and TABLE_NAME = $2`,
    [schema, name ?? '', grantee],
  );
  return new Set(rows.map(({ had }) => had?.toUpperCase() ?? ''));
}

async function isSpeltOtherwise(session: MysqlSession, { schema, name }: TableName): Promise<boolean> {
  const rows = await session.query(
    'select TABLE_SCHEMA as `schema`, TABLE_NAME as name from information_schema.TABLES where lower(TABLE_NAME) = lower($1) and lower(TABLE_SCHEMA) = lower($2)',
    [name, schema],
  );
  return rows.length > 0 && !rows.some((one) => one.schema === schema && one.name === name);
}
