import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAst } from 'vitest/node';
import { nearTests, testsNamed } from '../reaching-tests.ts';
import { isNode, type Node } from './draw.ts';
import { isCode, type NearBug, sourceWith } from './near-bug.ts';
import { projects } from './vitest-run.ts';

/** The test files that called each function, by source and name. What a process of its own called, which a test started, is not in it. */
export type Calls = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

const recordPath = (root: string): string => join(root, '.cache', 'called-functions.json');

/** Undefined before the first recording run. */
export function recordedCalls(root: string): Calls | undefined {
  return existsSync(recordPath(root)) ? JSON.parse(readFileSync(recordPath(root), 'utf8')) : undefined;
}

/** Runs all tests, or those with these paths, and writes which file of them called which function. */
export async function recordCalls(root: string, paths: readonly string[]): Promise<number> {
  const folder = join(root, '.cache', 'calls');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const args = ['run', ...projects.map((name) => `--project=${name}`), ...paths];
  const env = { ...process.env, HYGGE_COVERAGE: folder };
  const child = spawn(process.execPath, [join(root, 'node_modules', 'vitest', 'vitest.mjs'), ...args], {
    cwd: root,
    stdio: 'inherit',
    env,
  });
  const [code] = await once(child, 'exit');
  writeFileSync(recordPath(root), JSON.stringify(callsIn(folder)));
  rmSync(folder, { recursive: true });
  return code ?? 1;
}

interface Line {
  readonly test: string;
  readonly path: string;
  readonly functions: readonly (readonly [name: string, at: number, called: boolean])[];
}

/** What called-functions.ts noted in a folder. */
export function callsIn(folder: string): Calls {
  const calls: Record<string, Record<string, string[]>> = {};
  for (const name of readdirSync(folder))
    for (const text of readFileSync(join(folder, name), 'utf8').split('\n').filter(Boolean)) {
      const { test, path, functions }: Line = JSON.parse(text);
      calls[path] ??= {};
      const of = calls[path];
      for (const [named, , called] of functions) {
        const tests = Object.hasOwn(of, named) ? of[named] : undefined;
        if (!called || named === '') continue;
        if (tests === undefined) of[named] = [test];
        else if (!tests.includes(test)) tests.push(test);
      }
    }
  return calls;
}

/** The named tests of a bug, then those that call the function it changes, nearest first. Where no record knows that function: those that the source reaches by imports. */
export function testsThatCall(bug: NearBug, source: string, calls: Calls | undefined): readonly string[] {
  const near = nearTests(bug.file).flat();
  const ofSource = Object.entries(calls?.[bug.file] ?? {});
  const name = isCode(bug.file) ? functionChanged(source, sourceWith(bug, source)) : undefined;
  // Code outside of any function runs wherever one of the file's functions does.
  const callers = new Set(ofSource.filter(([called]) => name === undefined || called === name).flatMap(([, tests]) => tests));
  return [...new Set([...testsNamed(bug.tests).tests, ...(callers.size === 0 ? near : near.filter((path) => callers.has(path)))])];
}

/** The name, as V8 has it, of the innermost named function around the first letter that differs; undefined outside of all. */
export function functionChanged(source: string, text: string): string | undefined {
  let at = 0;
  while (source[at] === text[at]) at++;
  let found: string | undefined;
  const visit = (value: unknown, name: string | undefined): void => {
    if (Array.isArray(value)) for (const one of value) visit(one, name);
    if (!isNode(value) || value.start > at || value.end <= at) return;
    const own = nameOf(value, source);
    if (/Function/.test(value.type)) found = own ?? name ?? found;
    // The name of a variable, a method or a property is that of the function in it, and of nothing deeper.
    const inner = /^(VariableDeclarator|MethodDefinition|Property|PropertyDefinition)$/.test(value.type) ? own : undefined;
    for (const one of Object.values(value)) visit(one, inner);
  };
  visit(parseAst(source, { lang: 'ts' }), undefined);
  return found;
}

function nameOf(node: Node, source: string): string | undefined {
  const named = [node.id, node.key].find(isNode);
  if (named === undefined) return undefined;
  const name = source.slice(named.start, named.end).split(':')[0];
  return node.kind === 'get' || node.kind === 'set' ? `${node.kind} ${name}` : name;
}
