const mostNamed = 5;

/** Some names in a sentence, which stays short for any number of names: `a, b, c, d, e, and 2 more`. */
export function fewNames(names: readonly string[]): string {
  const shown = names.slice(0, mostNamed).join(', ');
  return names.length > mostNamed ? `${shown}, and ${names.length - mostNamed} more` : shown;
}
