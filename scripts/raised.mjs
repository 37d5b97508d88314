/** Which errors `src/` raised during a run of the tests, compared with the catalogue and with its examples. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The errors that tests/support/raised-codes.ts noted in `folder`. One that was seen as text alone has a headline and no steps. */
export function raisedErrors(folder) {
  if (!existsSync(folder)) return [];
  const lines = readdirSync(folder).flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'));
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line));
}

/** Sentences about what is wrong: a code that no test raises or that the catalogue lacks, an example without a sentence that was raised. */
export function unproven(raised, catalogue) {
  const known = new Set(catalogue.map(({ code }) => code));
  const met = Map.groupBy(raised, ({ code }) => code);
  const steps = stepsOf(raised);
  return [
    ...unraised(raised, catalogue),
    ...[...met.keys()].filter((code) => !known.has(code)).map((code) => `${code} was raised, but is not in the catalogue`),
    ...catalogue.flatMap(({ code, example }) =>
      example === undefined || !met.has(code)
        ? []
        : strangeSentences(example, met.get(code), steps).map((text) => `${code} has the example "${text}", and no test raised that`),
    ),
  ];
}

/** Sentences about codes that no test raises. */
export function unraised(raised, catalogue) {
  const met = new Set(raised.map(({ code }) => code));
  return catalogue.filter(({ code }) => !met.has(code)).map(({ code, title }) => `${code} (${title}) was raised by no test`);
}

/** Answers of an example of a code whether each of its sentences was raised: the headline by its code, a step by its code or, quoted, by another one. */
export function raisedIn(raised) {
  const met = Map.groupBy(raised, ({ code }) => code);
  const steps = stepsOf(raised);
  return (code, example) => met.has(code) && strangeSentences(example, met.get(code), steps).length === 0;
}

const stepsOf = (raised) => [...new Set(raised.flatMap(({ tryThis = [] }) => tryThis))];

function strangeSentences({ what, tryThis = [] }, own, steps) {
  const ownSteps = own.flatMap((one) => one.tryThis ?? []);
  const headline = own.some((one) => alike(what, one.what) >= 0.6) ? [] : [what];
  if (ownSteps.length === 0) return headline;
  const isStrange = (step) => !ownSteps.some((one) => alike(step, one) >= 0.7) && !steps.some((one) => alike(step, one) >= 0.8);
  return [...headline, ...tryThis.filter(isStrange)];
}

/** The share of the words of `example` that stand in `met`, in that order. Names, paths and numbers differ from case to case and do not count. */
function alike(example, met) {
  const [own, there] = [wordsOf(example), wordsOf(met)];
  if (own.length === 0) return 1;
  let common = new Array(there.length + 1).fill(0);
  for (const word of own) {
    const next = [0];
    for (const [at, other] of there.entries()) next.push(word === other ? common[at] + 1 : Math.max(common[at + 1], next[at]));
    common = next;
  }
  return common.at(-1) / own.length;
}

/** Words as they are in a sentence: nothing with a digit, a slash or a dot inside. */
function wordsOf(text) {
  return text
    .toLowerCase()
    .split(/\s+/)
    .map((word) => word.replace(/^["'`([]+|[,.:;!?"'`)\]]+$/g, ''))
    .filter((word) => /^[\p{L}'’-]{2,}$/u.test(word));
}
