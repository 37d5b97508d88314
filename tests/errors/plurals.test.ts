import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const src = join(import.meta.dirname, '../../src');

/** A number, written as one for people, before a noun that is always in the plural. */
const always =
  /\$\{(?:[^{}]*\.toLocaleString\([^{}]*\)|(?:count|n)\([^{}]*\)|[^{}]*\.length)\} (?:rows|files|columns|tables|entities|views)\b/g;

/** Of a whole that is named before it; or more than one, by a condition of another line. */
const several = /looked\.of|entities\.length|key\.length/;

test('a number before a noun goes through `counted`, which knows 1, or stands next to a form for 1', () => {
  const found = globSync('**/*.ts', { cwd: src }).flatMap((path) =>
    readFileSync(join(src, path), 'utf8')
      .split('\n')
      .flatMap((line) => (/=== 1 \?/.test(line) ? [] : [...line.matchAll(always)].map(([text]) => `${path}: ${text}`))),
  );
  expect(found.filter((one) => !several.test(one) && !/^(formats|databases\/streamed-rows)/.test(one))).toEqual([]);
});
