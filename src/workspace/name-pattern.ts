/** What `*` and `?` stand for in names of tables, and nothing else does. @param flags of the expression: `iu` takes no notice of capitals. */
export function namePattern(pattern: string, flags: 'u' | 'iu'): RegExp {
  const escaped = pattern
    .replaceAll(/[.+^$()|[\]{}\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${escaped}$`, flags);
}
