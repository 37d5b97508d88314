import { appendFileSync, mkdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect } from 'vitest';
import { HyggeError } from '../../src/errors/hygge-error.ts';
import type { ErrorDetails } from '../../src/ports/events.ts';

/** What was raised during a run of the tests: a line each, in a file for every process. Only when somebody asks for it. */
const folder = process.env.HYGGE_RAISED;

const root = join(import.meta.dirname, '..', '..');
const sources = ['src', 'infra'].map((folder) => join(root, folder, '/'));
const noted = new Set<string>();

/** What an event or a headline says of an error may be less than all of it. */
type Noted = Pick<ErrorDetails, 'code' | 'what'> & Partial<ErrorDetails>;

/** A simulator makes thousands that differ in a number; one of each kind is enough. */
function kindOf({ code, what, why = [], tryThis = [] }: Noted): string {
  const said = [what, ...why, ...tryThis].join('\n');
  return `${code} ${said.replace(/\S*[\d/."]\S*/g, '')} ${testFile()}`;
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

function note(details: Noted): void {
  const kind = kindOf(details);
  if (folder === undefined || noted.has(kind) || noted.size > 20_000) return;
  noted.add(kind);
  mkdirSync(folder, { recursive: true });
  appendFileSync(join(folder, `${process.pid}.ndjson`), `${JSON.stringify({ ...details, file: testFile() })}\n`);
}

/** What a hygge of its own process told: the errors in its events, or the headlines of its story. */
export function noteSaid({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }): void {
  if (folder === undefined) return;
  const headline = /^(?:.*? {2})?[^\w\s]? *(HYG-\d{4})(?: (.*))?$/;
  for (const line of `${stdout}\n${stderr}`.split('\n')) {
    const [, code, what = ''] = headline.exec(line) ?? [];
    if (/^\{.*"HYG-\d{4}"/.test(line)) noteWithin(parsed(line));
    else if (code !== undefined) note({ code, what, why: [], tryThis: [] });
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
  if ('code' in value && 'what' in value) note(value as Noted);
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
      if (!(this instanceof HyggeError)) return;
      const details = this.toDetails();
      // The stack is asked for last: it is looked up in source maps, which takes longer than all else here.
      if (!noted.has(kindOf(details)) && isRaisedInSource(this.stack ?? '')) note(details);
    });
  }
}

if (folder !== undefined) Object.setPrototypeOf(HyggeError, Listening);
