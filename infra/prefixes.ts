/** The prefixes without those that others contain, sorted. */
export function outermost(prefixes: readonly string[]): readonly string[] {
  return prefixes.filter((one) => !prefixes.some((other) => other !== one && one.startsWith(other))).sort();
}
