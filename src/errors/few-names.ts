const mostNamed = 5;

/** `a, b, c, d, e, and 2 more`: for a sentence that must stay short for any number of names. */
export function fewNames(names: readonly string[]): string {
  const shown = names.slice(0, mostNamed).join(', ');
  return names.length > mostNamed ? `${shown}, and ${names.length - mostNamed} more` : shown;
}
