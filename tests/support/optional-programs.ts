/**
 * Programs and packages without which some tests are skipped, by the names that hide them: `HYGGE_TEST_WITHOUT=dotnet,mariadb npm test`, or `all` of them. A run
 * then says what it would say on a machine that has none.
 */
export const optionalPrograms = [
  ...[
    'chdb',
    'chromium',
    'dotnet',
    'freetds',
    'jsforce',
    'mariadb',
    'mediawiki',
    'mysql',
    'oidc-provider',
    'pgbouncer',
    'postgresql',
    'python3',
  ],
  ...['radosgw', 'sqlite3', 'suites', 'wordpress'],
] as const;

export type OptionalProgram = (typeof optionalPrograms)[number];

/** Why a program counts as missing though it may be there; '' when nothing hides it. */
export function hiddenProgram(name: OptionalProgram, names = process.env.HYGGE_TEST_WITHOUT ?? ''): string {
  const hidden = names.split(',').filter((one) => one !== '');
  const unknown = hidden.filter((one) => one !== 'all' && !optionalPrograms.some((program) => program === one));
  if (unknown.length > 0) throw new Error(`HYGGE_TEST_WITHOUT names ${unknown.join(', ')}; it knows all, ${optionalPrograms.join(', ')}`);
  return hidden.includes('all') || hidden.includes(name) ? `HYGGE_TEST_WITHOUT hides ${name}` : '';
}
