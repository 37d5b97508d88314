/** The sorted prefixes, without prefixes that another prefix contains. */
export function outermost(prefixes: readonly string[]): readonly string[] {
  return prefixes.filter((one) => !prefixes.some((other) => other !== one && one.startsWith(other))).sort();
}
