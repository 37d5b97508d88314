import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { transformSync } from 'esbuild';

export const root = join(import.meta.dirname, '..', '..');

export interface Source {
  /** From the root of the repository, with `/`. */
  readonly path: string;
  readonly text: string;
}

const notOurs = new Set(['node_modules', '.git', 'dist', 'coverage', '.cache', '.hygge', 'demo']);

/** Every file below `folder` of the repository, in path order, without what is installed, built or run. */
export function filesBelow(folder: string): readonly string[] {
  const walk = (directory: string): readonly string[] =>
    readdirSync(directory, { withFileTypes: true })
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .flatMap((entry) => {
        const path = join(directory, entry.name);
        if (entry.isDirectory()) return notOurs.has(relative(root, path)) || entry.name === 'node_modules' ? [] : walk(path);
        return entry.isFile() ? [relative(root, path).replaceAll(sep, '/')] : [];
      });
  return walk(join(root, folder));
}

export function read(path: string): Source {
  return { path, text: readFileSync(join(root, path), 'utf8') };
}

export function sourcesBelow(folder: string): readonly Source[] {
  return filesBelow(folder)
    .filter((path) => path.endsWith('.ts'))
    .map(read);
}

/** All that is shipped. */
export function productSources(): readonly Source[] {
  return ['src', 'functions', 'infra'].flatMap(sourcesBelow);
}

export interface Import {
  /** As written. */
  readonly specifier: string;
  /** The file in the repository it leads to; undefined for packages and `node:` modules. */
  readonly target: string | undefined;
  /** Gone at run time. */
  readonly typeOnly: boolean;
  /** `import()`: loaded when it is reached, not at the start. */
  readonly dynamic: boolean;
  readonly clause: string;
}

const fromStatement = /^(?:import|export)\s+(type\s+)?([^;'"()]*?)\sfrom\s+['"]([^'"]+)['"]/gm;
const bareStatement = /^import\s+['"]([^'"]+)['"]/gm;
const importCall = /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

/** All that a file imports or re-exports. Formatted code keeps such statements at the start of a line. */
export function importsOf({ path, text }: Source): readonly Import[] {
  const leadingTo = (specifier: string) => (specifier.startsWith('.') ? posix.normalize(posix.join(dirname(path), specifier)) : undefined);
  const found = (specifier: string, typeOnly: boolean, dynamic: boolean, clause: string): Import => ({
    specifier,
    target: leadingTo(specifier),
    typeOnly,
    dynamic,
    clause,
  });
  return [
    ...[...text.matchAll(fromStatement)].map(([, type, clause = '', specifier = '']) =>
      found(specifier, type !== undefined, false, clause),
    ),
    ...[...text.matchAll(bareStatement)].map(([, specifier = '']) => found(specifier, false, false, '')),
    ...[...text.matchAll(importCall)].map(([, specifier = '']) => found(specifier, false, true, '')),
  ];
}

/** The code that runs: no types, no comments. */
export function runningCode({ path, text }: Source): string {
  return transformSync(text, { loader: 'ts', sourcefile: path, legalComments: 'none', target: 'esnext' }).code;
}

/** The line that a match starts at, for messages. */
export function lineOf(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}
