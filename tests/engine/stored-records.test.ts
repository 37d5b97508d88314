import { expect, test } from 'vitest';
import { anyRows, type SliceWork } from '../../src/engine/contracts/records.ts';
import { type StoredSupersede, storedSupersede, supersedeIn } from '../../src/engine/contracts/replacing.ts';
import { planIn, storedPlan } from '../../src/engine/records/plans.ts';
import { type Found, receiptIn, storedReceipt } from '../../src/engine/records/receipts.ts';
import { emptyFingerprint } from '../../src/frames/watermark.ts';
import type { Json } from '../../src/ports/values.ts';

const slice = { ref: { path: 'a' }, rows: 3, bytes: 30 };
const mended = { rows: 2, before: { x: 1 } };

test.each<readonly [string, object, SliceWork]>([
  ['new rows', { boundary: false }, { kind: 'read', window: 0 }],
  ['the open group', { boundary: true }, { kind: 'group' }],
  ['a settled part', { boundary: false, rework: true }, { kind: 'rework' }],
  ['keys', { boundary: false, compares: true }, { kind: 'compare' }],
  ['small parts', { boundary: false, compacts: true }, { kind: 'compact' }],
  ['rows in quarantine', { boundary: false, quarantine: 'replay' }, { kind: 'replay', mended: null }],
  ['mended rows', { boundary: false, quarantine: 'replay', mended }, { kind: 'replay', mended }],
  ['rows in quarantine, to be dropped', { boundary: false, quarantine: 'drop' }, { kind: 'drop' }],
])('a plan keeps a slice of %s as the first versions wrote it', (_, marks, work) => {
  const stored = { version: 1, run: 'r', slices: [{ slice, ...marks }], waiting: [], fullAt: null } as unknown as Json;
  const plan = planIn(stored);
  expect(plan.slices).toEqual([{ slice, work }]);
  expect(storedPlan(plan)).toEqual(stored);
});

test('a plan of the first versions lacks what was added since', () => {
  const stored = { version: 1, run: 'r', slices: [], waiting: '1 row waits' } as unknown as Json;
  expect(planIn(stored)).toMatchObject({
    waiting: ['1 row waits'],
    stopsAtNull: 'no',
    emptied: false,
    retyped: [],
    fullAt: null,
    asked: { numbers: {} },
  });
  const none = planIn({ version: 1, run: 'r', slices: [], waiting: null } as unknown as Json);
  expect(storedPlan(none)).toEqual({ version: 1, run: 'r', slices: [], waiting: [], fullAt: null });
  expect(storedPlan({ ...none, stopsAtNull: 'fail', byClock: true })).toMatchObject({ stopsAtNull: 'fail', byClock: true });
});

test('a plan says how many rows may go, and be left out, where it is one of a repair', () => {
  const stored = { version: 1, run: 'r', slices: [], waiting: [], fullAt: null };
  const repair = { ...stored, mostFewer: 3, mostLeftOut: 0 };
  expect(planIn(stored)).toMatchObject({ mostFewer: anyRows, mostLeftOut: anyRows });
  expect(storedPlan(planIn(stored))).toEqual(stored);
  expect(storedPlan(planIn(repair))).toEqual(repair);
});

/** As commit 4134334a wrote the receipts of slices that read nothing of the source. */
const nothingRead = {
  ...{ version: 1, kind: 'receipt', slice: 4, attempt: 2, from: null, cursor: null, parts: [], rowsRead: 0, schema: null, key: [] },
  ...{ rejected: 0, quarantined: 0, group: emptyFingerprint, boundary: emptyFingerprint, column: null, expects: null },
};
const compared = { source: 9, settled: 10, gone: 1, stay: 0, older: 0 };
const compacted = { files: 2, bytes: 60, left: [] };
const released = { settled: 1, stay: 1, dropped: 0 };

test.each<readonly [string, object, Found]>([
  ['a settled part', { reworked: { kept: 2, dropped: 1 } }, { kind: 'part', kept: 2, dropped: 1, anew: false, fingerprint: null }],
  [
    'a retyped part',
    { reworked: { kept: 3, dropped: 0, anew: true } },
    { kind: 'part', kept: 3, dropped: 0, anew: true, fingerprint: null },
  ],
  ['keys that are merged', { compared }, { kind: 'keys', compared, rewritten: null }],
  [
    'keys in parts',
    { compared, rewritten: [{ slice, kept: 2, dropped: 1 }] },
    { kind: 'keys', compared, rewritten: [{ slice, kept: 2, dropped: 1 }] },
  ],
  ['keys in no part', { compared, rewritten: [] }, { kind: 'keys', compared, rewritten: [] }],
  ['small parts', { compacted, rewritten: [] }, { kind: 'group of parts', compacted, rewritten: [] }],
  ['rows in quarantine', { released }, { kind: 'quarantine', released: { ...released, uncorrected: 0 } }],
])('a receipt of %s is kept as the first versions wrote it', (_, members, found) => {
  const stored = { ...nothingRead, ...members } as unknown as Json;
  expect(receiptIn(stored).found).toEqual(found);
  expect(storedReceipt(receiptIn(stored))).toEqual(stored);
});

test('a receipt of source rows keeps what was found, and nothing that was not', () => {
  const stored = {
    ...nothingRead,
    ...{
      rowsRead: 5,
      rejected: 2,
      quarantined: 1,
      undated: 1,
      firstRejected: ['a:1: bad'],
      cursor: { page: 2 },
      notBefore: '2026-11-27T00:00:00.000Z',
    },
    ...{
      ahead: { rows: 1, latest: '2027' },
      ascends: { from: '1', to: '5' },
      lacking: { c: 'f' },
      token: 't',
      asNull: { n: 1 },
      changes: [],
    },
  } as unknown as Json;
  const receipt = receiptIn(stored);
  expect(receipt).toMatchObject({
    begun: { at: null },
    notBefore: '2026-11-27T00:00:00.000Z',
    found: { kind: 'source', undated: 1, missed: [], asked: null },
  });
  expect(storedReceipt(receipt)).toEqual(stored);
  const { from: _, ...older } = nothingRead;
  expect(receiptIn(older as unknown as Json)).toMatchObject({ begun: null, measures: { rows: 0 }, found: { kind: 'source', token: null } });
});

const ends = (from: string, to: string) => ({ from: { text: from, inclusive: true }, to: { text: to, inclusive: false } });
const ofMark = { what: 'range', column: 'mark', type: { kind: 'int64' }, group: 'rows' } as const;

test.each<readonly [string, StoredSupersede]>([
  ['of a repair', { ...ofMark, ...ends('1', '2'), foreign: 'replace' }],
  ['of a backfill that merges', { ...ofMark, ...ends('1', '2'), lastGood: 'stays' }],
  ['without an end', { ...ofMark, from: { text: '1', inclusive: true }, to: null, group: 'whole' }],
])('one range %s is kept as the first versions wrote it', (_, stored) => {
  const { from, to, ...of } = stored as Extract<StoredSupersede, { readonly from: object }>;
  expect(supersedeIn(stored)).toEqual({ ...of, ranges: [{ from, to }] });
  expect(storedSupersede(supersedeIn(stored))).toEqual(stored);
  const plan = { version: 1, run: 'r', slices: [], waiting: [], fullAt: null, supersede: stored } as unknown as Json;
  expect(planIn(plan).supersede).toEqual({ ...of, ranges: [{ from, to }] });
  expect(storedPlan(planIn(plan))).toEqual(plan);
});

test('several ranges are kept without the ends of one, which the first versions would replace alone', () => {
  const supersede = { ...ofMark, ranges: [ends('1', '2'), ends('4', '5')], foreign: 'replace' } as const;
  const stored = storedSupersede(supersede);
  expect(stored).toEqual(supersede);
  expect(stored).not.toHaveProperty('from');
  expect(supersedeIn(stored)).toEqual(supersede);
  const windows = supersede.ranges.map(({ from: lower, to: upper }) => ({ lower, upper }));
  const slices = [0, 1].map((window) => ({ slice, boundary: false, ...(window === 0 ? {} : { window }) }));
  const plan = { version: 1, run: 'r', slices, waiting: [], fullAt: null, supersede: stored, windows } as unknown as Json;
  expect(planIn(plan)).toMatchObject({ windows, slices: [{ work: { window: 0 } }, { work: { window: 1 } }] });
  expect(storedPlan(planIn(plan))).toEqual(plan);
});
