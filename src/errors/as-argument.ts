/** A `flow.entity` as a command takes it: in quotes where a shell would take it apart. */
export const asArgument = (name: string): string => (/^[\w.-]+$/.test(name) ? name : JSON.stringify(name));

/** Text that a shell takes as one word. (At the beginning of one `=` means something to some.) */
export function shellWord(text: string): string {
  return /^[\w.@%+:,/-][\w.@%+:,/=-]*$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
