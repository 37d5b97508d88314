import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { callsIn, functionChanged, testsThatCall } from '../support/planted/calls.ts';
import { cells, type Row, rowsIn, summaryOf } from '../support/planted/matrix.ts';
import type { NearBug } from '../support/planted/near-bug.ts';
import type { Runs } from '../support/planted/search.ts';
import type { Failure } from '../support/planted/vitest-run.ts';

const root = join(import.meta.dirname, '..', '..');
const [near, far] = ['tests/errors/did-you-mean.test.ts', 'tests/databases/safe-bound.test.ts'];
const bug: NearBug = { id: 'a', file: 'src/errors/did-you-mean.ts', old: 'if (length <= 2) return 0;', new: '', tests: [] };

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hygge-matrix-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

describe('the tests that call a changed function', () => {
  const source = [
    'export function outer(a: number) { return [1].map((b) => b + a); }',
    'export const arrow = (c: number) => c + 1;',
    'class Box { get size() { return 2; } #fill() { return 3; } }',
    'const limit = 4;',
  ].join('\n');

  it.each([
    ['b + a', 'b - a', 'outer'],
    ['c + 1', 'c - 1', 'arrow'],
    ['return 2', 'return 9', 'get size'],
    ['return 3', 'return 9', '#fill'],
    ['limit = 4', 'limit = 9', undefined],
  ])('%s is in the function that V8 names so', (old, changed, name) => {
    expect(functionChanged(source, source.replace(old, changed))).toBe(name);
  });

  it('are those of the record, the nearest first, and those that the bug names', () => {
    const text = readFileSync(join(root, bug.file), 'utf8');
    const name = functionChanged(text, text.replace(bug.old, '')) ?? '';
    const calls = { [bug.file]: { [name]: [near], another: [far] } };
    expect(testsThatCall(bug, text, calls)).toEqual([near]);
    expect(testsThatCall({ ...bug, tests: [far] }, text, calls)).toEqual([far, near]);
  });

  it('are those that import the source, where no record knows the function', () => {
    const text = readFileSync(join(root, bug.file), 'utf8');
    expect(testsThatCall(bug, text, undefined).length).toBeGreaterThan(10);
    expect(testsThatCall(bug, text, { [bug.file]: { another: [far] } })[0]).toBe(near);
  });

  it('are gathered from all processes, once each', () => {
    const folder = temporary();
    const line = (test: string, ...functions: readonly (readonly [string, number, boolean])[]) =>
      `${JSON.stringify({ test, path: 'src/a.ts', functions: [['', 0, true], ...functions] })}\n`;
    writeFileSync(join(folder, '1.ndjson'), line('one', ['f', 1, true], ['g', 9, false]) + line('one', ['f', 40, true]));
    writeFileSync(join(folder, '2.ndjson'), line('two', ['f', 1, true], ['toString', 9, true]));
    expect(callsIn(folder)).toEqual({ 'src/a.ts': { f: ['one', 'two'], toString: ['two'] } });
  });
});

describe('a row of the matrix', () => {
  const failure = (file: string, test: string): Failure => ({ file, test, error: 'AssertionError: no' });

  function runs(
    failed: readonly Failure[],
    without: readonly Failure[],
    more: { exitCode?: number | null; isLoaded?: boolean } = {},
  ): Runs {
    const { exitCode = failed.length === 0 ? 0 : 1, isLoaded = true } = more;
    return {
      withBug: async (files) => ({ files, failed, unloadable: [], passed: 1, exitCode, output: 'out of memory' }),
      failingWithout: async (of) => new Set(without.filter(({ file }) => file === of).map(({ test }) => test)),
      isLoaded: () => isLoaded,
    };
  }

  it('names all files that noticed, without those that fail without the bug as well', async () => {
    const failed = [failure('a', 'red'), failure('b', 'red'), failure('b', 'wrong'), failure('c', 'wrong')];
    expect(await cells(runs(failed, failed.slice(0, 2)), ['a', 'b', 'c', 'd'], 'src/a.ts')).toEqual({
      ran: ['a', 'b', 'c', 'd'],
      noticed: ['b', 'c'],
    });
  });

  it('says why where nothing can be said', async () => {
    expect(await cells(runs([], [], { exitCode: null }), ['a'], 'src/a.ts')).toMatchObject({
      unclear: expect.stringContaining('did not end'),
    });
    expect(await cells(runs([], [], { exitCode: 1 }), ['a'], 'src/a.ts')).toMatchObject({
      unclear: expect.stringContaining('out of memory'),
    });
    expect(await cells(runs([], [], { isLoaded: false }), ['a'], 'src/a.ts')).toMatchObject({
      unclear: 'none of the tests loaded src/a.ts',
    });
  });
});

describe('a matrix', () => {
  const row = (id: string, more: Partial<Row>): Row => ({ bug: id, commit: 'c', ran: [near, far], noticed: [], seconds: 1, ...more });

  it('goes on after the rows that were written, and makes the one anew that a killed process left half', () => {
    const path = join(temporary(), 'matrix', 'c.ndjson');
    expect(rowsIn(path)).toEqual([]);
    mkdirSync(join(path, '..'));
    writeFileSync(path, `${JSON.stringify(row('a', {}))}\n${JSON.stringify(row('b', {})).slice(0, 30)}`);
    expect(rowsIn(path)).toEqual([row('a', {})]);
  });

  it('says which bugs named tests noticed, which others alone or none, and which tests noticed nothing', () => {
    const bugs = ['named', 'others', 'none', 'unclear', 'later'].map((id): NearBug => ({ ...bug, id, tests: id === 'none' ? [] : [near] }));
    const rows = [
      row('named', { noticed: [near] }),
      row('others', { noticed: [far] }),
      row('none', { ran: [near, 'tests/idle.test.ts'] }),
      row('unclear', { unclear: 'no test loaded it' }),
    ];
    expect(summaryOf(bugs, rows)).toEqual([
      '4 of 5 bugs: 1 noticed by named tests, 1 by others alone, 1 by none, 1 unclear',
      `  others  others: ${far}`,
      '  none    none: 2 test files passed',
      '  unclear unclear: no test loaded it',
      '1 of 3 test files that ran noticed nothing:',
      '  tests/idle.test.ts',
    ]);
  });
});
