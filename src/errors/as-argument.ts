/** A `flow.entity` as a command takes it: in quotes where a shell would take it apart. */
export const asArgument = (name: string): string => (/^[\w.-]+$/.test(name) ? name : JSON.stringify(name));

/** Text that a shell takes as one word. (At the beginning of one `=` means something to some.) */
export function shellWord(text: string): string {
  return /^[\w.@%+:,/-][\w.@%+:,/=-]*$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** `3,000,000`. Without the language data of Intl, which takes 15 ms to load. */
export function count(n: number): string {
  return String(Math.round(n)).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** `1 row`, `3,000,000 rows`. */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}
