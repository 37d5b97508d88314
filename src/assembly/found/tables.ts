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

/** Schemas whose tables are called by their names alone. */
const usualSchemas = ['public', 'main', 'dbo'];
/** Of databases in which each table has one. */
const withoutSchemas = ['mysql', 'sqlite'];

export function isUsual({ schema }: TableFound, type: string): boolean {
  return withoutSchemas.includes(type) || usualSchemas.includes(schema);
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
export function lastingEntities(tables: readonly TableFound[], { pattern, type }: { readonly pattern: string; readonly type: string }) {
  const of = patternOf(pattern);
  return tables
    .filter(({ schema }) => of.schema === null || of.schema === schema)
    .flatMap((found): readonly FromTable[] => {
      const leads = of.leads(found);
      if (leads !== null) return [{ name: leads, table: null, found }];
      if (pattern !== '{entity}') return [];
      return [{ name: isUsual(found, type) ? found.name : `${found.schema}_${found.name}`, table: found.written, found }];
    });
}

/** The tables, with their schemas, that `lastingEntities` may have called so. */
export function mayBeWritten(name: string, place: FindsPlace): readonly string[] {
  if (place.in === 'folder') return [];
  const [, schema, before = '', after = ''] = patternParts.exec(place.pattern) ?? [];
  if (schema !== undefined) return [`${schema}.${before}${name}${after}`];
  const cuts = [...name].flatMap((letter, at) => (letter === '_' && at > 0 ? [`${name.slice(0, at)}.${name.slice(at + 1)}`] : []));
  return [...usualSchemas.map((usual) => `${usual}.${name}`), ...cuts];
}

const patternParts = /^(?:([^."{}]+)\.)?([^."{}]*)\{entity\}([^."{}]*)$/;

/** Where the name of an entity leads: `sales.{entity}` to tables of `sales`. A name alone leads to whatever schema is looked in first: it is said which. */
export function patternOf(pattern: string): { readonly schema: string | null; leads(found: TableFound): string | null } {
  const [, schema, before = '', after = ''] = patternParts.exec(pattern) ?? [];
  if (schema === undefined) return { schema: null, leads: () => null };
  return {
    schema,
    leads: (found) => {
      const fits = found.schema === schema && found.name.startsWith(before) && found.name.endsWith(after) && !/[."]/.test(found.name);
      const name = found.name.slice(before.length, found.name.length - after.length);
      return fits && name !== '' ? name : null;
    },
  };
}
