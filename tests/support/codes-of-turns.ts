import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Of files whose tests take turns, the codes of errors that no other test raises, each with the first of these files that names it. */
    codesOfTurns: Readonly<Record<string, readonly string[]>>;
  }
}

/** Tests that speak of errors and raise none. */
const speaking = /^tests[\\/](architecture|docs|errors|narrate|planted)[\\/]/;

/** Each error is raised by a test each day: who looks for such a code can't wait for a turn. */
export function codesOfTurns(root: string): Readonly<Record<string, readonly string[]>> {
  const daily = new Set<string>();
  const turning = new Map<string, string>();
  for (const path of globSync('tests/**/*.test.ts', { cwd: root }).sort()) {
    if (speaking.test(path)) continue;
    const text = readFileSync(join(root, path), 'utf8');
    const takesTurns = /^ *takeTurns\(/m.test(text);
    for (const code of text.match(/\bHYG-\d{4}\b/g) ?? []) {
      if (!takesTurns) daily.add(code);
      else if (!turning.has(code)) turning.set(code, path.replaceAll('\\', '/'));
    }
  }
  const own = [...turning].filter(([code]) => !daily.has(code));
  const byFile = Map.groupBy(own, ([, path]) => path);
  return Object.fromEntries([...byFile].map(([path, codes]) => [path, codes.map(([code]) => code)]));
}
