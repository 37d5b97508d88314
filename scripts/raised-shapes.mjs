/**
 * Every text that errors had during a run of the tests, by code, without numbers, names and paths: to compare two trees.
 *
 *   HYGGE_RAISED=/tmp/raised npm test -- tests/databases
 *   node scripts/raised-shapes.mjs /tmp/raised > .cache/raised-shapes.json
 */
import { raisedErrors } from './raised.mjs';

/** Words alone: whatever holds a digit, a slash, a dot inside or a quote is another one from case to case. */
const shapeOf = (text) => text.replace(/\S*(?:[\d/"'`_]|\.\S)\S*/g, '…').replace(/…(?: …)+/g, '…');

const byCode = new Map();
for (const { code, what, why, tryThis } of raisedErrors(process.argv[2] ?? '')) {
  const texts = byCode.get(code) ?? { what: new Set(), why: new Set(), tryThis: new Set() };
  byCode.set(code, texts);
  texts.what.add(shapeOf(what));
  for (const one of why) texts.why.add(shapeOf(one));
  for (const one of tryThis) texts.tryThis.add(shapeOf(one));
}
const sorted = [...byCode].sort(([a], [b]) => a.localeCompare(b));
const listed = sorted.map(([code, of]) => [code, Object.fromEntries(Object.entries(of).map(([part, texts]) => [part, [...texts].sort()]))]);
process.stdout.write(`${JSON.stringify(Object.fromEntries(listed), null, 2)}\n`);
