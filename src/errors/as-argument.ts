import type { EntityKey } from '../ports/values.ts';

/** The name of an entity as an argument of a command, in quotes if a shell would split it. */
export const asArgument = (name: string): string => (/^[\w.-]+$/.test(name) ? name : JSON.stringify(name));

/** A text as one word for a shell. Some shells interpret an equals sign at the beginning. */
export function shellWord(text: string): string {
  return /^[\w.@%+:,/-][\w.@%+:,/=-]*$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** A number with commas, such as `3,000,000`. The language data of Intl is not used, since it takes 15 ms to load. */
export function count(n: number): string {
  return String(Math.round(n)).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** A number with its noun: `1 row`, `3,000,000 rows`. */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}

const namedAtMost = 5;

/** Some names in a sentence: `a.xlsx, b.txt and 12 more`. */
export function someOf(names: readonly string[]): string {
  const more = names.length - namedAtMost;
  return `${names.slice(0, namedAtMost).join(', ')}${more > 0 ? ` and ${count(more)} more` : ''}`;
}

/** A sentence about tables that can not be read. Undefined: all tables can be read. @param read the number of tables that can be read. */
export function unreadTables(read: number, unread: readonly { readonly name: string; readonly why: string }[]): string | undefined {
  if (unread.length === 0) return undefined;
  const names = unread.map(({ name, why }) => `${name} (${why})`);
  return `${count(read)} of ${counted(read + unread.length, 'table')} can be read; left out: ${someOf(names)}.`;
}

/** The name of an entity in a sentence. */
export function entityName({ flow, entity }: EntityKey): string {
  return `${flow}.${entity}`;
}
