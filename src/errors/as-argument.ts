/** A `flow.entity` as a command takes it: in quotes where a shell would take it apart. */
export const asArgument = (name: string): string => (/^[\w.-]+$/.test(name) ? name : JSON.stringify(name));
