import { appendFileSync, mkdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect } from 'vitest';
import { HyggeError } from '../../src/errors/hygge-error.ts';

/** Which codes were raised during a run of the tests, and by which file of them: a line each, in a file for every process. Only when somebody asks for it. */
const folder = process.env.HYGGE_RAISED;

const root = join(import.meta.dirname, '..', '..');
const sources = ['src', 'infra'].map((folder) => join(root, folder, '/'));
const noted = new Set<string>();

function lineOf(code: string): string {
  return JSON.stringify({ code, file: testFile() });
}

/** The file of tests at work, from the root of the repository; '' outside of one. */
function testFile(): string {
  try {
    return relative(root, expect.getState().testPath ?? '');
  } catch {
    // A process that a test started is no file of tests.
    return '';
  }
}

function note(code: string): void {
  const line = lineOf(code);
  if (folder === undefined || noted.has(line)) return;
  noted.add(line);
  mkdirSync(folder, { recursive: true });
  appendFileSync(join(folder, `${process.pid}.ndjson`), `${line}\n`);
}

/** What a hygge of its own process told: the errors in its events, or the headlines of its story. */
export function noteSaid({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }): void {
  if (folder === undefined) return;
  for (const line of `${stdout}\n${stderr}`.split('\n')) {
    const [, code] = /^(?:.*? {2})?[^\w\s]? *(HYG-\d{4})(?: |$)/.exec(line) ?? [];
    if (/^\{.*"HYG-\d{4}"/.test(line)) noteWithin(parsed(line));
    else if (code !== undefined) note(code);
  }
}

/** A process that was killed may leave half a line. */
function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** Notes the errors in what somebody was told: an event, a summary. */
export function noteWithin(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  if ('code' in value && 'what' in value) note(String(value.code));
  Object.values(value).forEach(noteWithin);
}

/** The first place on the stack that is not the making of an error. An error that a test made up proves nothing. */
function isRaisedInSource(stack: string): boolean {
  const places = stack.split('\n').filter((line) => /^\s+at /.test(line));
  const raiser = places.find((line) => !/[\\/](raised-codes|hygge-error)\.ts/.test(line));
  return sources.some((folder) => raiser?.includes(folder));
}

/** Every error is made by `super(…)`, which asks the class for its parent at that very moment: this one listens. */
class Listening extends Error {
  constructor(message?: string, options?: ErrorOptions) {
    super(message, options);
    // Its own fields are there once its constructor is done.
    queueMicrotask(() => {
      // The stack is asked for last: it is looked up in source maps, which takes longer than all else here.
      if (this instanceof HyggeError && !noted.has(lineOf(this.code)) && isRaisedInSource(this.stack ?? '')) note(this.code);
    });
  }
}

if (folder !== undefined) Object.setPrototypeOf(HyggeError, Listening);
