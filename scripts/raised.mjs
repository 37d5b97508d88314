/** Which errors were raised by src/ during a run of the tests, held against the catalogue. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What tests/support/raised-codes.ts noted in `folder`: `{ code, what, … }`; `what` is '' where only the code was seen. */
export function raisedErrors(folder) {
  if (!existsSync(folder)) return [];
  const lines = readdirSync(folder).flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'));
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line));
}

/** Sentences about what is wrong: a code no test raises, one that nobody has explained, an example that is no longer what is said. */
export function unproven(raised, catalogue) {
  const known = new Set(catalogue.map(({ code }) => code));
  const met = Map.groupBy(raised, ({ code }) => code);
  return [
    ...catalogue.filter(({ code }) => !met.has(code)).map(({ code, title }) => `${code} (${title}) was raised by no test`),
    ...[...met.keys()].filter((code) => !known.has(code)).map((code) => `${code} was raised, but is not in the catalogue`),
    ...catalogue
      .filter(
        ({ code, example }) => example !== undefined && met.has(code) && !met.get(code).some((one) => isAlike(example.what, one.what)),
      )
      .map(({ code, example }) => `${code} is explained by "${example.what}", which is like nothing that was raised`),
  ];
}

/** Names, paths and numbers differ from case to case; most words do not. */
function isAlike(example, met) {
  const there = new Set(wordsOf(met));
  const own = wordsOf(example);
  return own.filter((word) => there.has(word)).length >= own.length / 2;
}

/** Words as they are in a sentence: nothing with a digit, a slash or a dot inside. */
function wordsOf(text) {
  return text
    .toLowerCase()
    .split(/\s+/)
    .map((word) => word.replace(/[,.:;!?]+$/, ''))
    .filter((word) => /^[\p{L}'’-]{2,}$/u.test(word));
}
