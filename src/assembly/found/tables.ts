/** Finds tables that can be entities, and names them. */
import type { TableFound } from '../../engine/contracts/connector.ts';
import type { FindsPlace } from '../../workspace/load/finds.ts';

/** An entity for a table. */
export interface FromTable {
  readonly name: string;
  /** Keys of the entity’s home in addition to the flow’s keys; null: the name of the table is enough. */
  readonly table: string | null;
  readonly found: TableFound;
}

/** Whether the name of the table is enough without its schema. @param ownSchema as in `DatabaseSide`. */
export function isOwn({ schema }: TableFound, ownSchema: string | null | undefined): boolean {
  return ownSchema === null || schema === ownSchema;
}

/** A name for each table; tables with equal names get names with the schema. @param pattern `table` of the flow's home. */
export function entitiesOf(tables: readonly TableFound[], pattern: string): readonly FromTable[] {
  const of = patternOf(pattern);
  const often = new Map<string, number>();
  for (const { name } of tables) often.set(name.toLowerCase(), (often.get(name.toLowerCase()) ?? 0) + 1);
  return tables.map((found): FromTable => {
    const leads = of.leads(found);
    const isAlone = (often.get(found.name.toLowerCase()) ?? 0) === 1;
    const name = leads ?? (isAlone ? found.name : `${found.schema}_${found.name}`);
    return { name, table: leads === null ? found.written : null, found };
  });
}

/** A stable name for each table, independent of other tables: the name contains the schema, except for the default schema. */
export function lastingEntities(
  tables: readonly TableFound[],
  { pattern, ownSchema }: { readonly pattern: string; readonly ownSchema: string | null | undefined },
) {
  const of = patternOf(pattern);
  return tables.flatMap((found): readonly FromTable[] => {
    if (pattern === '{entity}')
      return [{ name: isOwn(found, ownSchema) ? found.name : `${found.schema}_${found.name}`, table: found.written, found }];
    if (of.schema === null ? !isOwn(found, ownSchema) : of.schema !== found.schema) return [];
    const name = of.within(found);
    return name === null ? [] : [{ name, table: of.leads(found) === null ? found.written : null, found }];
  });
}

/** The tables, with their schemas, that `lastingEntities` may have given this name. */
export function possibleTableNames(name: string, place: FindsPlace): readonly string[] {
  if (place.in === 'folder') return [];
  const own = place.ownSchema ?? undefined;
  const { schema = own, before, after } = partsOf(place.pattern);
  const table = `${before}${name}${after}`;
  if (place.pattern !== '{entity}') return [schema === undefined ? table : `${schema}.${table}`];
  const cuts = [...name].flatMap((letter, at) => (letter === '_' && at > 0 ? [`${name.slice(0, at)}.${name.slice(at + 1)}`] : []));
  return [...(own === undefined ? [] : [`${own}.${name}`]), ...cuts];
}

function partsOf(pattern: string): { readonly schema: string | undefined; readonly before: string; readonly after: string } {
  const [, schema, before = '', after = ''] = patternParts.exec(pattern) ?? [];
  return { schema, before, after };
}

const patternParts = /^(?:([^."{}]+)\.)?([^."{}]*)\{entity\}([^."{}]*)$/;

/** The table that an entity's name means: `sales.{entity}` means tables of `sales`. A name without a schema means the first schema in the search order. */
export function patternOf(pattern: string): {
  readonly schema: string | null;
  leads(found: TableFound): string | null;
  /** The text for `{entity}` in the table's name, in any schema; the table may not exist. Null: the pattern does not match. */
  within(found: TableFound): string | null;
} {
  const isRead = patternParts.test(pattern);
  const { schema, before, after } = partsOf(pattern);
  const within = ({ name }: TableFound) => {
    const fits = isRead && name.startsWith(before) && name.endsWith(after) && name.length > before.length + after.length;
    return fits ? name.slice(before.length, name.length - after.length) : null;
  };
  return {
    schema: schema ?? null,
    within,
    leads: (found) => (schema !== undefined && found.schema === schema && isPlain(found) ? within(found) : null),
  };
}

/** A name that needs quotes would be another name without them. */
function isPlain({ schema, name, written }: TableFound): boolean {
  return written === name || written === `${schema}.${name}`;
}
