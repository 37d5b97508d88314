import { describe, expect, test } from 'vitest';
import type { EnginePorts } from '../../src/engine/contracts/ports.ts';
import type { EntitySpec } from '../../src/engine/contracts/spec.ts';
import { type JudgedRequest, judge } from '../../src/engine/verify/judge.ts';
import { noDifference, noRows } from '../../src/engine/verify/rows/comparison.ts';
import { recordVerdict } from '../../src/engine/verify/verdict.ts';
import type { ComparedRows, Comparison, DifferenceCounts } from '../../src/ports/answers/comparison.ts';
import type { NotToldBecause } from '../../src/ports/state.ts';
import { MemoryState } from '../support/sim/memory-state.ts';

const request: JudgedRequest = {
  request: { range: null, key: null, sample: 1 },
  hasKey: true,
  keepsVersions: false,
  mostDeletes: 50,
  hasUnkeyedVersions: false,
  ignoresDeletes: false,
  otherContents: null,
  settledRows: 100,
};

function judged(rows: Partial<ComparedRows>, differences: Partial<DifferenceCounts> = {}, apart = 0, of: Partial<JudgedRequest> = {}) {
  const content = {
    rows: { ...noRows, source: 100, destination: 100, ...rows },
    differences: { ...noDifference, ...differences },
    ...{ differing: [], sums: { source: '0', destination: '0' }, allVersionsLookedAt: true, settledReadAt: null, apart },
  };
  const { verdict, because, ok, rows: told } = judge(content, { ...request, ...of });
  return [verdict, because ?? null, ok, told?.foreign];
}

describe('the verdict', () => {
  test.each([
    ['every row is on both sides', {}, null],
    ['rows are not yet due', { not_yet_due: 3 }, 'so far'],
    ['the source changed rows since', { destination: 99, updated_since: 1 }, 'so far'],
    ['the next comparison of keys takes rows away', { destination: 99, deletes_due: 1 }, 'so far'],
    ['the store keeps earlier versions', { earlier_versions: 4 }, 'as designed'],
    ['a newer row of the key settled', { kept_as_newer: 4 }, 'as designed'],
    ['rows are marked as deleted', { destination: 90, marked_deleted: 10 }, 'as designed'],
    ['rows are left out', { left_out: 2 }, 'as designed'],
    ['a last good version stays', { destination: 99, left_out: 1, last_good: 1 }, 'as designed'],
    ['rows are not yet due and others are left out', { not_yet_due: 3, left_out: 2 }, 'so far'],
  ] as const)('is same where %s', (_, rows, because) => {
    expect(judged(rows)).toEqual(['same', because, true, 0]);
  });

  test('is a difference where the table has rows that hygge did not write, though keys are compared', () => {
    expect(judged({ destination: 100, deletes_due: 24 })).toEqual(['differs', null, false, 24]);
    // Some of them were deleted in the source.
    expect(judged({ destination: 98, deletes_due: 26 })).toEqual(['differs', null, false, 24]);
    expect(judged({ destination: 98, deletes_due: 2 })).toEqual(['same', 'so far', true, 0]);
    // Rows in quarantine are compared, and are not rows of the table.
    expect(judged({ destination: 101, deletes_due: 2 }, {}, 3)).toEqual(['same', 'so far', true, 0]);
  });

  test('is same where deletes are ignored, as long as the table has no more rows than settled and the source has some', () => {
    expect(judged({ deletes_ignored: 3 })).toEqual(['same', 'as designed', true, 0]);
    expect(judged({ destination: 102, deletes_ignored: 3 })).toEqual(['differs', null, false, 2]);
    expect(judged({ deletes_ignored: 3 }, { changed: 1 })).toEqual(['differs', null, false, 0]);
    expect(judged({ source: 0, deletes_ignored: 100 })).toEqual(['not told', 'ignored deletes', false, 0]);
    expect(judged({ deletes_ignored: 3 }, {}, 0, { settledRows: null })).toEqual(['not told', 'ignored deletes', false, 0]);
  });

  test('has no answer where only the destination has rows, and no key tells versions and ignored deletes from others', () => {
    const unkeyed = { hasKey: false, hasUnkeyedVersions: true };
    expect(judged({}, { only_in_destination: 2 }, 0, unkeyed)).toEqual(['not told', 'no key', false, 0]);
    expect(judged({}, { only_in_destination: 2, only_in_source: 1 }, 0, unkeyed)).toEqual(['differs', null, false, 0]);
    expect(judged({}, {}, 0, unkeyed)).toEqual(['same', null, true, 0]);
    const ignoring = { hasKey: false, ignoresDeletes: true };
    expect(judged({}, { only_in_destination: 2 }, 0, ignoring)).toEqual(['not told', 'ignored deletes', false, 0]);
    expect(judged({}, { only_in_destination: 2 }, 0, { ignoresDeletes: true })).toEqual(['differs', null, false, 0]);
  });

  test('has no answer where files changed after they settled, and what they say explains the rows that differ', () => {
    expect(judged({}, { only_in_source: 1 }, 0, { otherContents: 'ignore' })).toEqual(['not told', 'changed files', false, 0]);
    expect(judged({}, { only_in_destination: 1 }, 0, { otherContents: 'append' })).toEqual(['not told', 'changed files', false, 0]);
    expect(judged({}, { only_in_source: 1, only_in_destination: 1 }, 0, { otherContents: 'append' })).toEqual(['differs', null, false, 0]);
    expect(judged({}, {}, 0, { otherContents: 'ignore' })).toEqual(['same', null, true, 0]);
  });

  test('has no answer where as many rows are only in the destination as rows of the source have no key that can be read', () => {
    expect(judged({ left_out: 2, unknown_keys: 2 }, { only_in_destination: 2 })).toEqual(['not told', 'unknown keys', false, 0]);
    expect(judged({ left_out: 2, unknown_keys: 2 }, { only_in_destination: 3 })).toEqual(['differs', null, false, 0]);
    expect(judged({ left_out: 2, unknown_keys: 1, deletes_due: 1, destination: 99 })).toEqual(['not told', 'unknown keys', false, 0]);
    expect(judged({ left_out: 2, unknown_keys: 2 }, { changed: 1 })).toEqual(['differs', null, false, 0]);
  });
});

describe('comparisons without an answer since a side changed meanwhile', () => {
  const spec = { flow: 'f', entity: 'e', runType: 'incremental' } as EntitySpec;
  const found = (because: NotToldBecause | null): Comparison => ({
    ...{
      flow: 'f',
      entity: 'e',
      verdict: because === null ? 'same' : 'not told',
      by: 'checksums',
      ok: because === null,
      because,
      error: null,
    },
    plan: { epoch: 1, scope: { is_range: false, from: null, to: null, sample: 1 }, chosen: false } as unknown as Comparison['plan'],
    ...{
      rows: noRows,
      differences: null,
      differing: [],
      repair: null,
      sums: null,
      source_as_settled: null,
      replica: null,
      settled_read_at: null,
      proof: null,
      work: null,
      seconds: 0,
    },
  });

  async function recorded(verdicts: readonly (readonly [id: string, because: NotToldBecause | null])[], warns: boolean) {
    const ports = {
      state: new MemoryState(),
      clock: { now: () => '2026-11-28T00:00:00.000Z', monotonicMs: () => 0 },
      version: '0',
      target: 'local',
    } as unknown as EnginePorts;
    const rows: unknown[] = [];
    for (const [id, because] of verdicts) {
      const ids = { invocationId: 'i', runId: id, entityRunId: `${id}.verify`, flow: 'f', entity: 'e' };
      const verdict = { ids, workspace: 'w', startedAt: '2026-11-28T00:00:00.000Z', ...(warns ? { warns } : {}) };
      const row = await recordVerdict(spec, found(because), verdict, ports);
      rows.push([row?.status, row?.error_code]);
    }
    return rows;
  }

  test('are a warning, and the third in a row is an error', async () => {
    const again = (id: string) => [id, 'changed meanwhile'] as const;
    expect(await recorded([again('1'), again('2'), again('3'), again('4')], false)).toEqual([
      ['warn', null],
      ['warn', null],
      ['error', 'HYG-2147'],
      ['error', 'HYG-2147'],
    ]);
    // With on_difference: warn it stays a warning.
    expect((await recorded([again('1'), again('2'), again('3')], true)).at(-1)).toEqual(['warn', 'HYG-2147']);
    expect(await recorded([again('1'), again('2'), ['3', null], again('4')], false)).toMatchObject([
      {},
      {},
      ['pass', null],
      ['warn', null],
    ]);
    // A step that records its verdict again counts it once.
    expect((await recorded([again('1'), again('2'), again('2'), again('2')], false)).at(-1)).toEqual(['warn', null]);
  });
});
