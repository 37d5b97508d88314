import { describe, expect, it } from 'vitest';
import { driftBetween, keyDrift } from '../../src/checks/drift.ts';
import type { Column, DataType, Schema } from '../../src/frames/schema.ts';

const column = (name: string, kind: 'int32' | 'int64' | 'string' | 'float64' = 'string', nullable = true): Column => ({
  name,
  type: { kind },
  nullable,
});
const schema = (...columns: readonly Column[]): Schema => ({ columns });

describe('drift', () => {
  it('is nothing between equal schemas', () => {
    expect(driftBetween(schema(column('a'), column('b')), schema(column('a'), column('b')))).toEqual([]);
  });

  it('tells what is new and what is gone', () => {
    const drifts = driftBetween(schema(column('a'), column('b', 'int64')), schema(column('a'), column('zip')));
    expect(drifts).toEqual([
      { kind: 'removed', column: column('b', 'int64'), renamedTo: null },
      { kind: 'added', column: column('zip') },
    ]);
  });

  it.each([
    ['int32', 'int64', 'widened'],
    ['int64', 'int32', 'narrowed'],
    ['string', 'int64', 'incompatible'],
    ['int64', 'float64', 'incompatible'],
  ] as const)('knows that %s to %s is %s', (before, now, direction) => {
    const [drift] = driftBetween(schema(column('a', before)), schema(column('a', now)));
    expect(drift).toMatchObject({ kind: 'type', name: 'a', direction });
  });

  it('tells nullability both ways', () => {
    expect(driftBetween(schema(column('a', 'string', false)), schema(column('a')))).toEqual([
      { kind: 'nullable', name: 'a', now: 'nullable' },
    ]);
    expect(driftBetween(schema(column('a')), schema(column('a', 'string', false)))).toEqual([
      { kind: 'nullable', name: 'a', now: 'not null' },
    ]);
  });

  it('notes another order, but not the one that new and removed columns make', () => {
    expect(driftBetween(schema(column('a'), column('b')), schema(column('b'), column('a')))).toEqual([{ kind: 'reordered' }]);
    expect(driftBetween(schema(column('a'), column('x'), column('b')), schema(column('n'), column('a'), column('b')))).not.toContainEqual({
      kind: 'reordered',
    });
  });

  it('compares the order with that in which the columns came last, where that is known', () => {
    const [settled, turned] = [schema(column('a'), column('b')), schema(column('b'), column('a'))];
    expect(driftBetween(settled, turned, ['b', 'a'])).toEqual([]);
    expect(driftBetween(settled, settled, ['b', 'a'])).toEqual([{ kind: 'reordered' }]);
  });

  it('of the key is that other columns tell rows apart, or the same in another order; of one that is not known there is none', () => {
    expect(keyDrift(['a'], ['a', 'b'])).toEqual({ kind: 'key', before: ['a'], now: ['a', 'b'] });
    expect(keyDrift(['a', 'b'], ['b', 'a'])).toMatchObject({ kind: 'key' });
    expect(keyDrift(['a'], ['a'])).toBeUndefined();
    expect(keyDrift(undefined, ['a'])).toBeUndefined();
  });

  it.each([
    ['email', 'e_mail', true],
    ['mail', 'email_address', true],
    ['mail', 'email', true],
    ['updated_at', 'UpdatedAt', true],
    ['amount', 'zip', false],
  ])('takes %s to be called %s now: %s', (from, to, isRename) => {
    const drifts = driftBetween(
      schema(column('id', 'int64'), column(from)),
      schema(column('id', 'int64'), column('extra', 'int64'), column(to)),
    );
    expect(drifts[0]).toMatchObject({ kind: 'removed', renamedTo: isRename ? to : null });
  });

  it('takes the only new column for the renamed one, if it has the type and the place of the only missing one', () => {
    const before = schema(column('id', 'int64'), column('note'), column('at', 'int64'));
    const of = (now: Schema) => driftBetween(before, now).find(({ kind }) => kind === 'removed');
    expect(of(schema(column('id', 'int64'), column('remark'), column('at', 'int64')))).toMatchObject({ renamedTo: 'remark' });
    expect(of(schema(column('id', 'int64'), column('at', 'int64'), column('remark')))).toMatchObject({ renamedTo: null });
  });

  it('never takes a column of another type for the renamed one', () => {
    const drifts = driftBetween(schema(column('mail')), schema(column('email', 'int64')));
    expect(drifts[0]).toMatchObject({ renamedTo: null });
  });

  it('looks into structs and lists', () => {
    const list = (kind: 'int32' | 'int64'): DataType => ({ kind: 'list', item: { kind } });
    const [drift] = driftBetween(
      schema({ name: 'a', type: list('int32'), nullable: true }),
      schema({ name: 'a', type: list('int64'), nullable: true }),
    );
    expect(drift).toMatchObject({ kind: 'type', direction: 'widened' });
  });
});
