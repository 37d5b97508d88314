import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Of files whose tests take turns, the codes of errors that no other file names. */
    codesOfTurns: Readonly<Record<string, readonly string[]>>;
  }
}

/** Tests that speak of errors and raise none. */
const speaking = /^tests[\\/](architecture|docs|errors|narrate|planted)[\\/]/;

/** Each error is raised by a test each day: who looks for such a code can't wait for a turn. */
export function codesOfTurns(root: string): Readonly<Record<string, readonly string[]>> {
  const elsewhere = new Set<string>();
  const turning = new Map<string, ReadonlySet<string>>();
  for (const path of globSync('tests/**/*.test.ts', { cwd: root })) {
    if (speaking.test(path)) continue;
    const text = readFileSync(join(root, path), 'utf8');
    const codes = new Set(text.match(/\bHYG-\d{4}\b/g));
    if (/^ *takeTurns\(/m.test(text)) turning.set(path.replaceAll('\\', '/'), codes);
    else for (const code of codes) elsewhere.add(code);
  }
  return Object.fromEntries([...turning].map(([path, codes]) => [path, [...codes].filter((code) => !elsewhere.has(code))]));
}
