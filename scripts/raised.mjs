/** Which errors `src/` raised during a run of the tests, compared with the catalogue. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The errors that tests/support/raised-codes.ts noted in `folder`. One that was seen as text alone has a headline and no steps. */
export function raisedErrors(folder) {
  if (!existsSync(folder)) return [];
  const lines = readdirSync(folder).flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'));
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line));
}

/** Sentences about codes that no test raises, and about raised codes that the catalogue lacks. */
export function unproven(raised, catalogue) {
  const met = new Set(raised.map(({ code }) => code));
  const known = new Set(catalogue.map(({ code }) => code));
  return [
    ...catalogue.filter(({ code }) => !met.has(code)).map(({ code, title }) => `${code} (${title}) was raised by no test`),
    ...[...met].filter((code) => !known.has(code)).map((code) => `${code} was raised, but is not in the catalogue`),
  ];
}
