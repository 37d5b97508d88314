import type { TableFound } from '../../engine/contracts/connector.ts';
import { bytes, counted } from '../../narrate/figures.ts';
import { type Database, withOpening } from '../database/connection.ts';
import { namePattern } from '../database/name-pattern.ts';
import type { Surroundings } from '../terminal/surroundings.ts';
import { unreadable } from '../terminal/usage.ts';

/** An entity for a table. */
export interface FromTable {
  readonly name: string;
  /** What its home says beside the flow's; null: its name leads there. */
  readonly table: string | null;
  readonly found: TableFound;
}

export interface Wanted {
  readonly schemas: readonly string[] | undefined;
  /** With `*` and `?`. */
  readonly like: string | undefined;
  /** `{entity}`, `sales.{entity}`: what the flow's home says. */
  readonly pattern: string;
}

/** The tables and views that the role may read, by name. */
export async function foundTables(database: Database, wanted: Wanted, surroundings: Surroundings): Promise<readonly FromTable[]> {
  const { side, type, config } = database;
  if (side.tables === undefined)
    throw unreadable(`hygge does not look into the catalogue of ${type}.`, ['Name the tables: --tables orders,customers']);
  const all = await withOpening(database, surroundings, async (opening) => (await side.tables?.(config as never, opening)) ?? []);
  const like = wanted.like === undefined ? undefined : namePattern(wanted.like, 'iu');
  const of = patternOf(wanted.pattern);
  const chosen = all.filter(
    ({ schema, name, written }) =>
      (wanted.schemas?.includes(schema) ?? (of.schema === null || of.schema === schema)) &&
      (like === undefined || like.test(name) || like.test(written)),
  );
  const often = new Map<string, number>();
  for (const { name } of chosen) often.set(name.toLowerCase(), (often.get(name.toLowerCase()) ?? 0) + 1);
  return chosen.map((found): FromTable => {
    const leads = of.leads(found);
    const isAlone = (often.get(found.name.toLowerCase()) ?? 0) === 1;
    const name = leads ?? (isAlone ? found.name : `${found.schema}_${found.name}`);
    return { name, table: leads === null ? found.written : null, found };
  });
}

/** Where the name of an entity leads: `sales.{entity}` to tables of `sales`. A name alone leads to whatever schema is looked in first: it is said which. */
function patternOf(pattern: string): { readonly schema: string | null; leads(found: TableFound): string | null } {
  const [, schema, before = '', after = ''] = /^(?:([^."{}]+)\.)?([^."{}]*)\{entity\}([^."{}]*)$/.exec(pattern) ?? [];
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

/** What the catalogue tells of a table, as comments, and the watermark that it may have. */
export function aboutTable({ found }: FromTable): string {
  const { kind, written, rows, bytes: size, keys, rising } = found;
  const estimates = [...(rows === null ? [] : [`~${counted(rows, 'row')}`]), ...(size === null ? [] : [`~${bytes(size)}`])];
  const [best, ...others] = rising;
  const key = keys.length === 0 ? '' : `, key: [${keys.map(inFlow).join(', ')}]`;
  return [
    `# ${kind} ${written}${estimates.length > 0 ? `, ${estimates.join(', ')}` : ''}`,
    keys.length === 0 ? '# no primary key' : `# primary key: ${keys.join(', ')}`,
    '',
    ...(best === undefined
      ? ['# No column tells new rows from old ones: each run loads everything.']
      : [
          '# Only what is new, told by a column that rises:',
          '# run_type: incremental',
          `# watermark: { column: ${inFlow(best.column)}${key} }`,
          `#   ${best.column}: ${best.why}`,
          ...others.slice(0, 2).map(({ column, why }) => `#   or ${column}: ${why}`),
        ]),
    '',
  ]
    .map((line) => line.replaceAll(/[\r\n]+/g, ' '))
    .join('\n');
}

/** A name as YAML takes it in `[…]` and `{…}`. */
function inFlow(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(name) ? name : JSON.stringify(name);
}
