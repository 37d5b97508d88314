import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { importsOf, read } from '../architecture/sources.ts';

const root = join(import.meta.dirname, '..', '..');
const asks = /hiddenProgram\(|inject\('(?:mariadb|mediawiki|postgres|radosgw|wordpress)'\)/;

/** The files of tests that ask, themselves or in what they import, whether an optional program is there; from the root of the repository. */
export function filesThatAsk(): readonly string[] {
  const known = new Map<string, boolean>();
  const leadsThere = (path: string): boolean => {
    const before = known.get(path);
    if (before !== undefined) return before;
    known.set(path, false);
    const source = read(path);
    const imported = importsOf(source).flatMap(({ target, typeOnly }) =>
      target?.startsWith('tests/') && !typeOnly && existsSync(join(root, target)) ? [target] : [],
    );
    const found = asks.test(source.text) || imported.some(leadsThere);
    known.set(path, found);
    return found;
  };
  return globSync('tests/**/*.test.ts', { cwd: root, exclude: ['**/node_modules/**'] })
    .sort()
    .filter(leadsThere);
}
