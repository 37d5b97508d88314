/** The members of a record whose values differ from the usual ones. */
export function unusual(
  record: Readonly<Record<string, unknown>>,
  usual: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const isSaid = ([name, value]: readonly [string, unknown]) => !(name in usual) || JSON.stringify(value) !== JSON.stringify(usual[name]);
  return Object.fromEntries(Object.entries(record).filter(isSaid));
}
