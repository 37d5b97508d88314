import { describe, expect, it } from 'vitest';
import type { SchemaSnapshot } from '../../src/engine/contracts/records.ts';
import { hasNoDriftNews, isReportedEachRun, returnedColumns, withFirstNoticed } from '../../src/engine/schema/drift-report.ts';
import { expectedColumn } from '../../src/engine/schema/evolved-schema.ts';
import { keysOf } from '../../src/engine/schema/shape.ts';
import type { Column } from '../../src/frames/schema.ts';
import type { DriftFound } from '../../src/ports/notes.ts';
import { specOf } from '../support/sim/world.ts';

const column = (name: string): Column => ({ name, type: { kind: 'string' }, nullable: true });
const found = (kind: DriftFound['kind'], name: string | null, types: Pick<DriftFound, 'before' | 'now'> = {}): DriftFound => ({
  kind,
  column: name,
  ...types,
  policy: null,
  severity: 'warn',
  outcome: { code: 'by_name' },
  since: '2026-01-01T00:00:00.000Z',
});
const snapshot = (drift: readonly DriftFound[], ...columns: string[]): SchemaSnapshot => ({
  version: 1,
  schema: { columns: columns.map(column) },
  expects: columns.map((name) => expectedColumn(column(name))),
  drift,
  polish: null,
  run: 'r.1',
  at: '2026-01-01T00:00:00.000Z',
  pinned: null,
});

describe('what was noticed before', () => {
  const since = (before: SchemaSnapshot | undefined) =>
    withFirstNoticed(
      [{ drift: { kind: 'removed', column: column('a'), renamedTo: 'b' }, policy: null, severity: 'warn', outcome: { code: 'by_name' } }],
      before,
      'now',
    )[0]?.since;

  it('keeps its date, whatever the column may be called now', () => {
    expect(since(snapshot([found('removed', 'a')], 'a'))).toBe('2026-01-01T00:00:00.000Z');
  });

  it('is new when nothing, or another thing, was noticed', () => {
    expect([since(undefined), since(snapshot([], 'a')), since(snapshot([found('removed', 'b')], 'a'))]).toEqual(['now', 'now', 'now']);
  });

  it('of one column with several types is another thing each time', () => {
    const retyped = (before: DriftFound) =>
      withFirstNoticed(
        [
          {
            drift: { kind: 'type', name: 'a', before: { kind: 'int32' }, now: { kind: 'int64' }, direction: 'widened' },
            policy: null,
            severity: 'warn',
            outcome: { code: 'by_name' },
          },
        ],
        snapshot([before], 'a'),
        'now',
      )[0]?.since;
    expect(retyped(found('type', 'a', { before: 'int32', now: 'int64' }))).not.toBe('now');
    expect(retyped(found('type', 'a', { before: 'int64', now: 'string' }))).toBe('now');
  });
});

describe('a column that is there again', () => {
  const gone = found('removed', 'a');
  const back = (drift: readonly DriftFound[], load: 'incremental' | 'full' = 'incremental', names = ['a', 'b']) =>
    withFirstNoticed(returnedColumns(snapshot(drift, 'a', 'b'), { names, load }), undefined, 'now');

  it('is reported with the day on which it was first missed, in each run until something settles', () => {
    expect(back([gone])).toEqual([
      {
        ...{ kind: 'returned', column: 'a', policy: null, severity: 'warn', since: 'now' },
        outcome: { code: 'null_meanwhile', since: gone.since },
      },
    ]);
    expect(back([gone]).every(isReportedEachRun)).toBe(true);
    expect(hasNoDriftNews(snapshot(back([gone]), 'a', 'b'), { drift: [] })).toBe(true);
  });

  it('is as grave as it was that it was gone', () => {
    expect(back([{ ...gone, severity: 'note', policy: 'remove_columns: null_fill' }])).toMatchObject([
      { severity: 'note', policy: 'remove_columns: null_fill' },
    ]);
  });

  it('is not reported by a full load, while it is gone, or where nothing settled without it', () => {
    expect([back([gone], 'full'), back([gone], 'incremental', ['b']), back([]), back([found('type', 'a')])]).toEqual([[], [], [], []]);
  });
});

describe('two runs have nothing to tell each other', () => {
  it.each([
    ['when both noticed the same', [found('removed', 'a')], [found('removed', 'a')], true],
    ['when a new column has settled with the first', [found('added', 'a')], [], true],
    ['when another type was reported by the first', [found('type', 'a')], [], true],
    ['when another order was reported by the first', [found('reordered', null)], [], true],
    ['but when something is new', [], [found('added', 'x')], false],
    ['but when a column that was gone is back', [found('removed', 'a')], [], false],
    ['but when a column that was left out is gone again', [found('added', 'x')], [], false],
    ['but when a type changed once more', [found('type', 'a', { now: 'int64' })], [found('type', 'a', { now: 'string' })], false],
  ] as const)('%s', (_, before, now, same) => {
    expect(hasNoDriftNews(snapshot(before, 'a'), { drift: now })).toBe(same);
  });
});

describe('what tells rows apart', () => {
  const spec = specOf({ watermark: { key: ['id'] } });

  it('is what the source says, else watermark.key', () => {
    expect(keysOf(spec, {})).toEqual(['id']);
    expect(keysOf(spec, { keys: ['company', 'no'] })).toEqual(['company', 'no']);
    expect(keysOf(specOf({ watermark: null }), {})).toEqual([]);
  });
});
