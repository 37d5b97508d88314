import fc from 'fast-check';
import { expect, test } from 'vitest';
import { StateError } from '../../src/errors/hygge-error.ts';
import { parseState, stateText } from '../../src/state/state-text.ts';
import { SEED } from '../support/samples.ts';
import { emptyRow, stateRow } from '../support/state-rows.ts';

const key = { flow: 'crm', entity: 'Account' };

/** What the text says, or the code it is refused with. */
function read(text: string): unknown {
  try {
    return parseState(key, 'Account.state.yml', text);
  } catch (error) {
    if (error instanceof StateError) return error.code;
    throw error;
  }
}

/** The same text as YAML reads it: with a comment it is nobody's but YAML's. */
const byYaml = (text: string): unknown => read(`${text}# read by YAML\n`);

const text = fc.string({ unit: 'binary' }).filter((any) => any.isWellFormed());
const lane = text.map((edges) => `backfill:${edges}`);
const watermark = fc.record({ column: text, text, type: fc.constant({ kind: 'string' } as const) });

test('what hygge wrote means what YAML takes it for, whatever it holds', () => {
  fc.assert(
    fc.property(text, fc.dictionary(lane, watermark), text, fc.nat(), (run, lanes, target, rows) => {
      const last = { run, at: '2026-11-20T08:00:01.000Z', status: 'pass' as const, rows };
      const row = stateRow({ lanes, last, binding: { source: target, target, watermark: run } });
      const written = stateText(key, row, null);
      expect(read(written)).toEqual({ row, journal: null });
      expect(byYaml(written)).toEqual({ row, journal: null });
    }),
    { seed: SEED },
  );
});

test('what was changed by hand means what YAML takes it for', () => {
  const written = stateText(key, { ...stateRow(), last: null }, null);
  const changes: readonly (readonly [string | RegExp, string])[] = [
    [/^ {2}full_next: false$/m, '  full_next:  true'],
    [/^ {2}full_next: false$/m, '  full_next: no'],
    [/^ {2}full_next: false$/m, '  full_next: undefined'],
    [/^ {2}full_next: false$/m, '  full_next:'],
    [/^ {2}full_next: false$/m, '  full_next: false\n  full_next: true'],
    [/^ {2}full_next: false$/m, '   full_next: false'],
    [/^ {2}lineage: .*$/m, '  lineage: by_hand'],
    [/^ {2}lineage: .*$/m, "  lineage: 'by hand'"],
    [/^ {2}lineage: .*$/m, '  "lineage": "by hand"'],
    [/^ {2}lineage: .*$/m, '  lineage: >-\n    by\n    hand'],
    [/^ {2}epoch: 7$/m, '  epoch: 0x7'],
    [/^ {2}epoch: 7$/m, '  epoch: 7.0'],
    [/^version: 1$/m, 'version: 2'],
    [/^version: 1$/m, '__proto__: { version: 1 }'],
    [/\n$/, ''],
    [/\n/g, '\r\n'],
    [/^# .*\n/, ''],
  ];
  for (const [from, to] of changes) {
    const changed = written.replace(from, to);
    expect(changed).not.toBe(written);
    expect([to, read(changed)]).toEqual([to, byYaml(changed.endsWith('\n') ? changed : `${changed}\n`)]);
  }
  expect(read(written.replace(/^ {2}lineage: .*$/m, '  lineage: by_hand'))).toMatchObject({ row: { lineage: 'by_hand' } });
});

test('a row of an entity that never ran comes back as it was', () => {
  expect(read(stateText(key, emptyRow, null))).toEqual({ row: emptyRow, journal: null });
});

test('a row that tells of a refused commit has a format of its own, which an older hygge does not know, and comes back', () => {
  const { pending, settled } = stateRow();
  const rows = [
    stateRow({ pending: pending && { ...pending, refused: { code: 'HYG-4003', reason: 'No permission: "publishing" was refused.' } } }),
    stateRow({ settled: settled && { ...settled, id: 'refused-intent7', epoch: 0, watermark: null, nothing: true } }),
  ];
  for (const row of rows) {
    const written = stateText(key, row, null);
    expect(written).toMatch(/^version: 2$/m);
    expect(read(written)).toEqual({ row, journal: null });
  }
  expect(stateText(key, stateRow(), null)).toMatch(/^version: 1$/m);
});
