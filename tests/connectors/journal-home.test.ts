import { beforeEach, describe, expect, test } from 'vitest';
import type { Frame } from '../../src/engine/contracts/frame.ts';
import type { Home, Window } from '../../src/engine/contracts/home.ts';
import { toArrow } from '../../src/frames/values/from-polars.ts';
import { asPolars } from '../../src/frames/values/polars-frame.ts';
import { journalHome } from '../../src/journal-home/home.ts';
import type { JournalFilter, JournalRow } from '../../src/ports/state.ts';
import { journalRowOf } from '../support/state-rows.ts';

const reader = { flow: '_journal', entity: 'hygge_journal' };
const at = (second: number, ms = 0) => `2026-11-20T08:00:${String(second).padStart(2, '0')}.${String(ms).padStart(3, '0')}Z`;
const type = { kind: 'timestamp', unit: 'ms', zone: 'UTC' } as const;
const everything: Window = { column: null, lower: null, upper: null, nulls: 'include', seen: null, changedFiles: 'fail' };
const window = (change: Partial<Window>): Window => ({
  ...everything,
  column: { column: 'finished_at', type },
  nulls: 'exclude',
  ...change,
});
const never = new AbortController().signal;

let rows: JournalRow[];
let asked: JournalFilter[];
const open = (now = at(59)): Home => {
  const journal = async (filter: JournalFilter) => {
    asked.push(filter);
    return rows;
  };
  return journalHome({ state: { journal }, clock: { now: () => now }, reader });
};

async function framesOf(asOf: Window, signal = never): Promise<Frame[]> {
  const frames: Frame[] = [];
  const home = open();
  const step = await home.plan(asOf, { sliceBytes: 1 });
  for (const slice of 'done' in step ? step.done.slices : [])
    for await (const item of home.read(slice, asOf, undefined, signal)) if ('rows' in item) frames.push(item);
  return frames;
}

async function read(asOf: Window): Promise<Record<string, unknown>[]> {
  const all = await Promise.all((await framesOf(asOf)).map(async (frame) => toArrow(await asPolars(frame).collect())));
  return all.flatMap((table) => table.toArray().map((row) => ({ ...row }) as Record<string, unknown>));
}

const ids = async (asOf: Window) => (await read(asOf)).map(({ entity_run_id }) => String(entity_run_id)).sort();

beforeEach(() => {
  asked = [];
  rows = [
    journalRowOf('a.1', at(1)),
    journalRowOf('b.1', at(2), { watermark_to: '7', error_code: 'HYG-3101', status: 'error' }),
    journalRowOf('b.2', at(2)),
    journalRowOf('c.1', at(3, 1)),
    journalRowOf('m.0', at(9), reader),
  ];
});

describe('the journal as a home', () => {
  test('has a column for everything in a row, and every row but those of its reader', async () => {
    const described = await open().describe();
    const schema = 'done' in described ? described.done.schema : undefined;
    const later = [
      'reason',
      'error',
      'rows_settled',
      'rows_replaced',
      'bad_rows',
      'rows_updated',
      'target',
      'verified',
      'quarantined',
      'checks_failed',
      'checks_warned',
    ];
    expect(schema?.columns.map(({ name }) => name).sort()).toEqual([...Object.keys(rows[0] ?? {}), ...later].sort());
    expect(await ids(everything)).toEqual(['a.1', 'b.1', 'b.2', 'c.1']);
    const [frame] = await framesOf(everything);
    expect(frame?.schema).toEqual(schema);
  });

  test('publishes what the journal keeps as codes in words', async () => {
    rows = [journalRowOf('a.1', at(1), { message: null, notes: [{ code: 'vanished', rows: 2 }] }), journalRowOf('b.1', at(2))];
    expect((await read(everything)).map(({ message }) => message)).toEqual([
      'the source no longer has the 2 rows at the last watermark, but they stay settled',
      rows[1]?.message,
    ]);
  });

  test('keeps every value: instants to the millisecond, whole numbers, nulls', async () => {
    const [, row] = await read(everything);
    expect(row).toMatchObject({ entity_run_id: 'b.1', watermark_to: '7', error_code: 'HYG-3101', message: rows[1]?.message ?? null });
    expect(row?.rows).toBe(BigInt(rows[1]?.rows ?? -1));
    expect(Number(row?.finished_at)).toBe(Date.parse(at(2)));
  });

  test.each([
    ['above, without the ties', { lower: { text: at(2), inclusive: false } }, ['c.1']],
    ['above, with them', { lower: { text: at(2), inclusive: true } }, ['b.1', 'b.2', 'c.1']],
    ['below', { upper: { text: at(2), inclusive: true } }, ['a.1', 'b.1', 'b.2']],
    ['to before', { upper: { text: at(2), inclusive: false } }, ['a.1']],
    ['of one value', { lower: { text: at(2), inclusive: true }, upper: { text: at(2), inclusive: true } }, ['b.1', 'b.2']],
    ['above everything', { lower: { text: at(3, 1), inclusive: false } }, []],
  ])('reads windows: %s', async (_, change, expected) => {
    expect(await ids(window(change))).toEqual(expected);
  });

  test('asks the state for no more than it needs', async () => {
    await ids(window({ lower: { text: at(2), inclusive: true } }));
    expect(asked).toEqual([{ since: at(2), withVerifications: true }]);
    await open().bound({ column: 'finished_at', lagMs: 0, future: 'wait' });
    await open().nulls('finished_at');
    expect(asked.slice(1)).toEqual([{ limit: 200, withVerifications: true }]);
  });

  test('knows the newest value, but none that is younger than the lag', async () => {
    expect(await open().bound({ column: 'finished_at', lagMs: 0, future: 'wait' })).toEqual({
      done: { column: 'finished_at', type, text: at(3, 1) },
    });
    expect(await open(at(4)).bound({ column: 'finished_at', lagMs: 1_500, future: 'wait' })).toMatchObject({ done: { text: at(2) } });
    expect(await open(at(0)).bound({ column: 'finished_at', lagMs: 0, future: 'wait' })).toEqual({ done: undefined });
    expect(await open().bound({ column: 'epoch', lagMs: 0, future: 'wait' })).toMatchObject({ done: { type: { kind: 'int64' } } });
  });

  test('counts nulls', async () => {
    expect(await open().nulls('error_code')).toEqual({ done: 3 });
    expect(await open().nulls('finished_at')).toEqual({ done: 0 });
    const [frame] = await framesOf(everything);
    expect((await frame?.nullCounts())?.reduce((sum, n) => sum + n, 0)).toBeGreaterThan(0);
  });

  test('cuts many rows into several frames, and stops when it is told to', async () => {
    rows = Array.from({ length: 40_000 }, (_, i) => journalRowOf(`r.${i}`, at(1), { message: 'x'.repeat(900) }));
    const frames = await framesOf(everything);
    expect(frames.length).toBeGreaterThan(1);
    expect(frames.reduce((sum, frame) => sum + frame.rows, 0)).toBe(40_000);
    await expect(framesOf(everything, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
  });
});
