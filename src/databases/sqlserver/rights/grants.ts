/** Rights of T-SQL: which rights a store lacks, and how rights are granted. */

import type { Right } from '../../../engine/contracts/connector.ts';
import { type GrantRequest, type GrantTarget, grantRight, grantRightByHand, notMadeYet, type RightsSide } from '../../engine.ts';
import type { TableName } from '../../writes.ts';
import type { SqlServerSession } from '../connect.ts';
import { tablesIn } from '../destination.ts';
import { names, quoteName, quoteText } from '../dialect.ts';
import { createSchema } from '../write.ts';

export const rowRights = ['SELECT', 'INSERT', 'UPDATE', 'DELETE'] as const;

/** Reads the name of a table. A name without a schema means a table in `dbo`. */
export const tableOf = (written: string): TableName => names.parse(written, 'dbo');

/** The query for the rights that the account lacks. If the account can’t see an object, the rights to the object count as missing. */
const lacking = (
  rights: readonly string[],
) => `SELECT r.name AS hygge_lacks FROM (VALUES ${rights.map((right) => `(N'${right}')`).join(', ')}) AS r (name)
WHERE COALESCE(HAS_PERMS_BY_NAME(@p1, @p2, r.name), 0) = 0`;

/** The missing rights of the account on one securable, among the given rights, as a GRANT. */
export async function grantOfLacking(
  session: SqlServerSession,
  {
    role,
    on,
    securable,
    rights,
  }: { readonly role: string; readonly on: string; readonly securable: readonly [string, string]; readonly rights: readonly string[] },
): Promise<readonly string[]> {
  const lacks = (await session.query(lacking(rights), [...securable])).map((row) => row.hygge_lacks);
  return lacks.length === 0 ? [] : [`GRANT ${lacks.join(', ')}${on} TO ${quoteName(role)}`];
}

/** @param ofDatabase the rights that each store needs in the database. */
export async function missingToWrite(
  session: SqlServerSession,
  { write, metadataSchema, metadataTables, stagingSchema }: Extract<GrantRequest, { readonly write: TableName }>,
  ofDatabase: readonly string[],
): Promise<readonly string[]> {
  const [who] = await session.query('SELECT USER_NAME() AS hygge_role, DB_NAME() AS hygge_database');
  const missing: string[] = [];
  const need = async (on: string, securable: readonly [string, string], rights: readonly string[]) =>
    void missing.push(...(await grantOfLacking(session, { role: who?.hygge_role ?? '', on, securable, rights })));
  const table = (name: string, rights: readonly string[]) => need(` ON ${name}`, [name, 'OBJECT'], rights);
  const there = new Map<string, ReadonlySet<string> | null>();
  for (const schema of [metadataSchema, stagingSchema, write.schema]) there.set(schema, await tablesIn(session, schema));
  const makesSchemas = [...there.values()].includes(null);
  await need('', [quoteName(who?.hygge_database ?? ''), 'DATABASE'], [...ofDatabase, ...(makesSchemas ? ['CREATE SCHEMA'] : [])]);
  const kept = [...metadataTables.map((name) => ({ schema: metadataSchema, name })), write];
  const isThere = ({ schema, name }: typeof write) => there.get(schema)?.has(name) === true;
  const making = new Set([stagingSchema, ...kept.filter((one) => !isThere(one)).map(({ schema }) => schema)]);
  // The account owns the schemas that it makes, so it needs no rights on them.
  for (const schema of making)
    if (there.get(schema)) await need(` ON SCHEMA::${quoteName(schema)}`, [quoteName(schema), 'SCHEMA'], [...rowRights, 'ALTER']);
  for (const one of kept)
    if (isThere(one) && !making.has(one.schema)) await table(`${quoteName(one.schema)}.${quoteName(one.name)}`, rowRights);
  return missing;
}

/** The rights to make, fill and drop staged tables. Making them also needs the right to create tables in the database. */
export function ownTableRights({ role, schema, stagingSchema }: GrantTarget): readonly Right[] {
  const to = quoteName(role);
  return [
    grantRight(rowRights.join(', '), { on: `SCHEMA::${quoteName(schema)}`, to }),
    ...(stagingSchema === null
      ? []
      : [
          grantRight(`ALTER, ${rowRights.join(', ')}`, { on: `SCHEMA::${quoteName(stagingSchema)}`, to }),
          grantRight('CREATE TABLE', { to }),
        ]),
  ];
}

export const rightsFor: RightsSide['rightsFor'] = ({ right, resource: { table, tables, schema }, isMade }, role) => {
  const to = quoteName(role);
  if (tables !== undefined)
    return [grantRight(right, tables === '*' ? { to } : { on: `SCHEMA::${quoteName(tableOf(tables).schema)}`, to })];
  // The first load of a store may make its schema, which needs a right.
  if (schema !== undefined)
    return [{ give: createSchema(schema), take: null, first: true }, grantRight(right, { on: `SCHEMA::${quoteName(schema)}`, to })];
  if (table !== undefined) {
    const at = tableOf(table);
    const name = `${quoteName(at.schema)}.${quoteName(at.name)}`;
    const onTable = grantRight(right, { on: `OBJECT::${name}`, to });
    if (!isMade) return [onTable];
    const ifThere = (statement: string, otherwise = '') => `IF OBJECT_ID(${quoteText(name)}) IS NOT NULL ${statement}${otherwise}`;
    const notYet = ` ELSE PRINT ${quoteText(notMadeYet(name))}`;
    return [{ give: ifThere(onTable.give, notYet), take: ifThere(onTable.take ?? '') }];
  }
  return [right === 'SELECT' ? grantRightByHand(to) : grantRight(right, { to })];
};
