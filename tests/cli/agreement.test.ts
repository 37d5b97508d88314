import { describe, expect, it } from 'vitest';
import { agreement } from '../../src/assembly/probes/check-sides.ts';
import type { Head, Target } from '../../src/engine/contracts/store.ts';
import type { StateRow } from '../../src/ports/state.ts';

const head: Head = { id: 'i1', prev: null, epoch: 1, lineage: 'l', state: 'files', watermark: null, boundary: null, schema: null, rows: 5 };
const settled: StateRow['settled'] = {
  id: 'i1',
  epoch: 1,
  watermark: null,
  boundary: null,
  snapshot: null,
  seen: null,
  sourceVersion: null,
  rows: 5,
  at: '',
};
const row: StateRow = {
  lineage: 'l',
  epoch: 1,
  owner: null,
  pending: null,
  settled,
  lanes: {},
  binding: null,
  fullNext: false,
  last: null,
  writeId: 'w',
};
const ours: Target = {
  content: 'ours',
  head,
  rows: 5,
  foreign: 0,
  bytes: 1,
  empty: false,
  missing: [],
  listedStillThere: 1,
  touched: [],
  notLookedAt: [],
};
const empty: Target = { content: 'empty' };
const foreign: Target = { content: 'foreign', summary: '3 files', newest: null, others: [], sharing: 'none' };

describe('whether state and destination agree', () => {
  it.each([
    ['nothing settled, nothing there', undefined, empty, 'fail', true],
    ['the same commit on both sides', row, ours, 'fail', true],
    ['a decided commit that waits', { ...row, pending: { id: 'x', epoch: 2, ref: 'r' } }, ours, 'fail', true],
    ['foreign data that if_exists covers', undefined, foreign, 'append', true],
    ['foreign data', undefined, foreign, 'fail', false],
  ] as const)('%s', (_name, state, target, ifExists, ok) => {
    const finding = agreement({ row: state, target, ifExists });
    expect(finding.ok).toBe(ok);
    expect(finding.tryThis.length > 0).toBe(!ok);
  });
});
