import { expect, test } from 'vitest';
import { type ScopeSides, scopeOf } from '../../src/engine/verify/scope.ts';

const timestamp = { kind: 'timestamp', unit: 'us' } as const;
const at = (text: string) => `${text}T00:00:00.000000`;

/** An entity with a watermark that settled up to 2026-03-01. */
function sides(of: { readonly initial?: string; readonly nulls?: 'include' | 'fail'; readonly filter?: 'range' | 'none' }): ScopeSides {
  return {
    spec: {
      flow: 'f',
      entity: 'f',
      runType: 'incremental',
      watermark: { column: 'at', initial: of.initial ?? null, nulls: of.nulls ?? 'fail' },
    },
    settled: { watermark: { column: 'at', type: timestamp, text: at('2026-03-01') } },
    home: { reading: { filter: 'range' } },
    destination: { reading: { filter: of.filter ?? 'range' } },
    settledColumn: { name: 'changed_at', type: timestamp },
  } as unknown as ScopeSides;
}

test('an entity with a watermark is compared up to it, by both names of the column', () => {
  const scope = scopeOf({ range: null }, sides({}));
  expect(scope).toMatchObject({ column: 'changed_at', from: null, to: { text: at('2026-03-01'), inclusive: true } });
  expect(scope.source).toMatchObject({ column: { column: 'at' }, lower: null, upper: null, nulls: 'exclude' });
  expect(scope.end).toMatchObject({ at: { text: at('2026-03-01') }, inclusive: true });
});

test('with an initial value neither side has rows below it', () => {
  const scope = scopeOf({ range: null }, sides({ initial: '2026-01-01', nulls: 'include' }));
  expect(scope.source).toMatchObject({ lower: { text: at('2026-01-01'), inclusive: true }, nulls: 'include' });
  expect(scope.destination).toMatchObject({ column: { column: 'changed_at' }, lower: { text: at('2026-01-01'), inclusive: true } });
});

test('a range ends at the watermark, and needs sides that can be read by it', () => {
  const range = { from: '2026-02-01', to: '2026-04-01' };
  expect(scopeOf({ range }, sides({}))).toMatchObject({ from: at('2026-02-01'), to: { text: at('2026-03-01'), inclusive: true } });
  expect(scopeOf({ range: { ...range, to: '2026-02-15' } }, sides({}))).toMatchObject({ to: { text: at('2026-02-15'), inclusive: false } });
  expect(() => scopeOf({ range }, sides({ filter: 'none' }))).toThrow(expect.objectContaining({ code: 'HYG-2091' }));
  expect(() => scopeOf({ range: { from: '2026-02-01', to: '2026-02-01' } }, sides({}))).toThrow(
    expect.objectContaining({ code: 'HYG-1913' }),
  );
});

test('of a range the source is read without an upper end, since a row above it may be the newer version of a settled one', () => {
  const scope = scopeOf({ range: { from: '2026-02-01', to: '2026-02-15' } }, sides({}));
  expect(scope.source).toMatchObject({ lower: { text: at('2026-02-01') }, upper: null });
  expect(scope.end).toMatchObject({ at: { column: 'at', text: at('2026-02-15') }, inclusive: false });
  expect(scope.destination.upper).toEqual({ text: at('2026-02-15'), inclusive: false });
});

test('a range begins at the initial value, below which nothing settles', () => {
  const scope = scopeOf({ range: { from: '2025-02-01', to: '2026-02-15' } }, sides({ initial: '2026-01-01' }));
  expect(scope).toMatchObject({ from: at('2026-01-01'), source: { lower: { text: at('2026-01-01') } } });
});
