import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { beforeEach, expect, inject, type RunnerTask } from 'vitest';
import { day, turnOfDay, whole } from './day.ts';

interface Turns {
  /** Where one suite runs on several engines, each engine begins with another test, so that each test runs on some engine each day. Several long tests of one file get different days as well. */
  readonly offset?: number;
  /** Names of tests that wait on no day. */
  readonly daily?: RegExp;
}

/**
 * Which tests run. `today`: the tests whose turn it is, as in a whole `npm test`. Error codes, such as `HYG-1010 HYG-2002`: every test that names one of them, and no other;
 * `npm test` runs these for errors that no test of the day raised. Absent: all tests, as where a person names the files, a bug is planted or coverage is measured.
 */
const wanted = process.env.HYGGE_TURNS ?? '';
const noneWaits = whole || wanted === '';
const codesWanted = wanted.match(/HYG-\d{4}/g) ?? [];

/** Where a file runs once more, on another server, a test runs there on the days on which it does not run here. */
const isOtherServer = process.env.HYGGE_MYSQL === 'mysql' || process.env.HYGGE_POSTGRES === 'embedded';

const root = join(import.meta.dirname, '..', '..');
const turning = new Set<string>();

/** Whether a file of tests called {@link takeTurns}. */
export const takesTurns = (path: string): boolean => turning.has(path);

/**
 * The tests of a file, or of the `describe` that this is called in, take turns: in a whole `npm test` one in `of` runs today, those next to it in the file on
 * other days. All of them run in `npm run soak`, and where their file is named. Where these files alone name the code of an error, the tests that name it run each day.
 */
export function takeTurns(of = 2, { daily, offset = 0 }: Turns = {}): void {
  turning.add(expect.getState().testPath ?? '');
  beforeEach(({ task, skip }) => {
    if (noneWaits) return;
    const file = lookedAt(task.file);
    if (codesWanted.length > 0) {
      if (!codesWanted.some((code) => file.naming(code).includes(task.id))) skip(`is not asked for by HYGGE_TURNS=${wanted}`);
      return;
    }
    const place = (file.places.get(task.id) ?? 0) + offset + (isOtherServer ? 1 : 0);
    if (place % of === turnOfDay(of) || daily?.test(task.name) === true || (file.daily.has(task.id) && !isOtherServer)) return;
    skip(`has its turn on another day than SEED=${day}: one in ${of} runs`);
  });
}

interface File {
  /** Of a test among all those of its file, by its id. */
  readonly places: ReadonlyMap<string, number>;
  readonly daily: ReadonlySet<string>;
  /** The ids of the tests that name a code: in their names, or else between their first line and that of the next test. */
  naming(code: string): readonly string[];
}

const files = new WeakMap<object, File>();

function lookedAt(file: RunnerTask['file']): File {
  const known = files.get(file);
  if (known !== undefined) return known;
  const tests = testsOf(file.tasks);
  const text = readFileSync(file.filepath, 'utf8');
  const lines = text.split('\n');
  const starts = [...new Set(tests.map(lineOf))].sort((a, b) => a - b);
  const textFrom = (line: number) => lines.slice(line - 1, (starts.find((other) => other > line) ?? lines.length + 1) - 1).join('\n');
  const texts = new Map(starts.map((line) => [line, textFrom(line)]));
  const naming = (code: string): readonly string[] => {
    if (!text.includes(code)) return [];
    const byName = tests.filter(({ name }) => name.includes(code));
    const found = byName.length > 0 ? byName : tests.filter((test) => texts.get(lineOf(test))?.includes(code));
    // In a table above them all: any of them may be the one.
    return (found.length > 0 ? found : tests).map(({ id }) => id);
  };
  const own = inject('codesOfTurns')[relative(root, file.filepath).replaceAll('\\', '/')] ?? [];
  const daily = own.map(naming).filter((ids) => ids.length < tests.length);
  const seen: File = { places: new Map(tests.map(({ id }, at) => [id, at])), daily: new Set(daily.flat()), naming };
  files.set(file, seen);
  return seen;
}

const lineOf = ({ location }: RunnerTask): number => location?.line ?? 1;

function testsOf(tasks: readonly RunnerTask[]): readonly RunnerTask[] {
  return tasks.flatMap((task) => ('tasks' in task ? testsOf(task.tasks) : [task]));
}
