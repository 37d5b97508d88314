import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import type * as directed from './directed.ts';
import type * as explore from './explore.ts';
import type { Edit } from './planted-bug.ts';
import type * as sample from './sample.ts';
import type * as scenarios from './scenarios.ts';

const root = join(import.meta.dirname, '..', '..', '..');

export type Simulator = typeof explore & typeof scenarios & typeof directed & typeof sample;

/** The engine, the stores and the simulator with some lines changed. */
export async function planted(name: string, edits: readonly Edit[]): Promise<Simulator> {
  const parts = ['explore', 'scenarios', 'directed', 'sample'];
  return (await plantedIn(
    name,
    parts.map((part) => `tests/support/sim/${part}.ts`),
    edits,
  )) as Simulator;
}

/** All that these modules export, with some lines of what they import changed. Throws when a line is not there exactly once. */
export async function plantedIn(name: string, modules: readonly string[], edits: readonly Edit[]): Promise<unknown> {
  const folder = join(root, '.cache', 'planted');
  mkdirSync(folder, { recursive: true });
  const outfile = join(folder, `${name.replaceAll(/\W+/g, '-')}.mjs`);
  const done = new Set<Edit>();
  await build({
    stdin: {
      contents: modules.map((module) => `export * from './${module}';\n`).join(''),
      resolveDir: root,
      loader: 'ts',
    },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'esnext',
    packages: 'external',
    plugins: [mutations(edits, done)],
    logLevel: 'silent',
  });
  const missed = edits.filter((edit) => !done.has(edit));
  if (missed.length > 0) throw new Error(`${modules.join(', ')} do not use ${missed.map(({ file }) => file).join(', ')}`);
  return import(`${pathToFileURL(outfile).href}?${Date.now()}`);
}

/** What esbuild loads with these changes, and which of them it has met. */
export function mutations(edits: readonly Edit[], done: Set<Edit>): Plugin {
  const files = [...new Set(edits.map(({ file }) => file))];
  return {
    name: 'planted bugs',
    setup({ onLoad }) {
      for (const file of files) {
        const filter = new RegExp(`${file.replaceAll(/[.\\/]/g, (c) => (c === '/' ? '[\\\\/]' : `\\${c}`))}$`);
        onLoad({ filter }, ({ path }) => {
          const mine = edits.filter((edit) => edit.file === file);
          for (const edit of mine) done.add(edit);
          return { contents: mine.reduce(changed, readFileSync(path, 'utf8')), loader: 'ts' };
        });
      }
    },
  };
}

/** Formatting may change: any white space matches any other, trailing commas included. */
export function changed(text: string, { file, find, replace = '' }: Edit): string {
  const escaped = find
    .trim()
    .split(/\s+/)
    .map((word) => word.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('\\s*');
  const matches = [...text.matchAll(new RegExp(escaped, 'g'))];
  if (matches.length !== 1) throw new Error(`${file} holds ${matches.length} times, not once: ${find}`);
  return text.replace(new RegExp(escaped), () => replace);
}
