/** Which functions the tests called, room by room: from what tests/support/called-functions.ts noted. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @returns {{ path: string, functions: number, called: number }[]} each file of src/ and functions/; one that no test loaded has no functions. */
export function coverage({ noted, root }) {
  const files = new Map(['src', 'functions'].flatMap((folder) => sourcesOf(root, folder)).map((path) => [path, new Map()]));
  for (const name of existsSync(noted) ? readdirSync(noted) : []) {
    for (const line of readFileSync(join(noted, name), 'utf8').split('\n').filter(Boolean)) {
      const { path, functions } = JSON.parse(line);
      const known = files.get(path);
      // The first is the file itself.
      for (const [named, at, called] of known === undefined ? [] : functions.slice(1)) {
        const key = `${named} ${at}`;
        known.set(key, called || known.get(key) === true);
      }
    }
  }
  return [...files].map(([path, known]) => ({ path, functions: known.size, called: [...known.values()].filter(Boolean).length }));
}

/** `   97 %  src/engine (812 of 837 functions)`, the least covered first. */
export function coverageLines(files) {
  const rooms = new Map();
  for (const { path, functions, called } of files) {
    const room = path
      .split('/')
      .slice(0, path.startsWith('src/') ? 2 : 1)
      .join('/');
    const sum = rooms.get(room) ?? { functions: 0, called: 0 };
    rooms.set(room, { functions: sum.functions + functions, called: sum.called + called });
  }
  return [...rooms]
    .filter(([, { functions }]) => functions > 0)
    .map(([room, { functions, called }]) => ({ room, functions, called, share: called / functions }))
    .sort((a, b) => a.share - b.share)
    .map(
      ({ room, functions, called, share }) => `${(100 * share).toFixed(0).padStart(5)} %  ${room} (${called} of ${functions} functions)`,
    );
}

function sourcesOf(root, folder) {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))
    .sort();
}
