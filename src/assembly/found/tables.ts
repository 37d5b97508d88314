/** Tables that entities may be made of, and what those are called. */
import type { TableFound } from '../../engine/contracts/connector.ts';
import type { FindsPlace } from '../../workspace/load/finds.ts';

/** An entity for a table. */
export interface FromTable {
  readonly name: string;
  /** What its home says beside the flow's; null: its name leads there. */
  readonly table: string | null;
  readonly found: TableFound;
}

/** Whether the table is called by its name alone, as far as its schema goes. @param ownSchema as in `DatabaseSide`. */
export function isOwn({ schema }: TableFound, ownSchema: string | null | undefined): boolean {
  return ownSchema === null || schema === ownSchema;
}

/** A name for each; of tables that are called alike, the schema is in it. @param pattern what the flow's home says for `table`. */
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

/** A name for each that stays its own, whatever tables come and go beside it: the schema is in it, but for the usual one. */
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

/** The tables, with their schemas, that `lastingEntities` may have called so. */
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

/** Where the name of an entity leads: `sales.{entity}` to tables of `sales`. A name alone leads to whatever schema is looked in first: it is said which. */
export function patternOf(pattern: string): {
  readonly schema: string | null;
  leads(found: TableFound): string | null;
  /** What stands for `{entity}` in the table's name, in whatever schema; it may lead nowhere. Null: the pattern is not like it. */
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

/** A name that has to be written in quotes is another one without them. */
function isPlain({ schema, name, written }: TableFound): boolean {
  return written === name || written === `${schema}.${name}`;
}
