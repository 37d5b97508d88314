import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { transformSync } from 'esbuild';
import { changed } from '../sim/plant.ts';

/** One mistake in one source file, which the named tests must notice. */
export interface NearBug {
  readonly id: string;
  /** From the root of the repository. */
  readonly file: string;
  /** Occurs once in the file; any white space matches any other. */
  readonly old: string;
  readonly new: string;
  /** Paths of test files, or their beginnings. Empty: no test notices it, or nobody has looked yet; a hunt chooses the tests near the file. */
  readonly tests: readonly string[];
  /** What would go wrong for a user. */
  readonly harm?: string;
}

/** The bugs that stay in the repository: those written by hand, then those that draw.ts made. */
export function keptBugs(root: string): readonly NearBug[] {
  const kept = (name: string) => JSON.parse(readFileSync(join(root, 'tests', 'planted', name), 'utf8'));
  return bugsOf([...kept('bugs.json'), ...kept('made.json').bugs]);
}

/** Bugs of the repository that no test notices. */
export const survivors = (bugs: readonly NearBug[]): readonly NearBug[] => bugs.filter(({ tests }) => tests.length === 0);

/** A JSON array, or one JSON object a line. Throws an Error that names the bug and the field. */
export function parseBugs(text: string): readonly NearBug[] {
  const isArray = text.trimStart().startsWith('[');
  return bugsOf(isArray ? JSON.parse(text) : text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [JSON.parse(line)])));
}

function bugsOf(values: readonly unknown[]): readonly NearBug[] {
  const bugs = values.map(bugOf);
  const twice = bugs.find(({ id }, at) => bugs.findIndex((other) => other.id === id) !== at);
  if (twice) throw new Error(`Two bugs have the id ${twice.id}.`);
  return bugs;
}

function bugOf(value: unknown, at: number): NearBug {
  if (typeof value !== 'object' || value === null) throw new Error(`Bug ${at + 1} is not an object.`);
  const fields = value as Readonly<Record<string, unknown>>;
  const text = (name: string): string => {
    const found = fields[name];
    if (typeof found !== 'string' || (found === '' && name !== 'new')) throw new Error(`Bug ${fields.id ?? at + 1} has no text "${name}".`);
    return found;
  };
  const tests = fields.tests ?? [];
  if (!Array.isArray(tests) || tests.some((one) => typeof one !== 'string')) {
    throw new Error(`Bug ${fields.id ?? at + 1}: "tests" is not a list of paths.`);
  }
  const bug = { id: text('id'), file: text('file'), old: text('old'), new: text('new'), tests: tests as readonly string[] };
  return typeof fields.harm === 'string' ? { ...bug, harm: fields.harm } : bug;
}

/** The source with the bug in it. Throws when `old` does not occur exactly once, or when the outcome is not valid code. */
export function sourceWith(bug: NearBug, source: string): string {
  const text = changed(source, { file: bug.file, find: bug.old, replace: bug.new });
  if (text === source) throw new Error(`${bug.file} stays unchanged: old and new are the same.`);
  if (isCode(bug.file)) transformSync(text, { loader: extname(bug.file) === '.ts' ? 'ts' : 'js', logLevel: 'silent' });
  return text;
}

export function isCode(file: string): boolean {
  return ['.ts', '.mjs', '.js'].includes(extname(file));
}
