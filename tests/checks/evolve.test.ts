import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ExpectedColumn } from '../../src/checks/destination.ts';
import { type Evolution, evolve } from '../../src/checks/evolve.ts';
import { type Mode, type Policies, policiesOf } from '../../src/checks/policies.ts';
import { sameType } from '../../src/frames/describe-type.ts';
import type { Column, DataType, Schema } from '../../src/frames/schema.ts';
import { SEED } from '../support/samples.ts';

type Kind = 'int32' | 'int64' | 'string' | 'float64' | 'bool';
const column = (name: string, kind: Kind = 'string', nullable = true): Column => ({ name, type: { kind }, nullable });
const schema = (...columns: readonly Column[]): Schema => ({ columns });
const settledAs = ({ columns }: Schema): ExpectedColumn[] => columns.map((one) => ({ ...one, from: one.name, seen: null }));

function run(
  before: Schema | readonly ExpectedColumn[],
  now: Schema,
  how: { mode?: Mode; policies?: Partial<Policies>; load?: 'full' | 'incremental' } = {},
): Evolution {
  const expected = 'columns' in before ? settledAs(before) : before;
  return evolve({ expected, now, policies: policiesOf(how.mode ?? 'warn', how.policies ?? {}), mode: how.load ?? 'incremental' });
}

const names = ({ schema: { columns } }: Evolution) => columns.map(({ name, type }) => `${name} ${type.kind}`);
const verdicts = ({ decisions }: Evolution) => decisions.map(({ policy, severity }) => [policy, severity]);

describe('with nothing configured', () => {
  it('carries a new column through, with a warning, after those that are there', () => {
    const evolution = run(schema(column('a')), schema(column('new', 'int64', false), column('a')));
    expect(names(evolution)).toEqual(['a string', 'new int64']);
    expect(evolution.schema.columns[1]?.nullable).toBe(true);
    expect(verdicts(evolution)).toEqual([['add_columns: auto', 'warn']]);
  });

  it('keeps a column that is gone, as nulls, with a warning each time', () => {
    const first = run(schema(column('a'), column('b')), schema(column('a')));
    expect(first.settles).toContainEqual({ name: 'b', type: { kind: 'string' }, from: null });
    expect(verdicts(first)).toEqual([['remove_columns: warn', 'warn']]);
    expect(verdicts(run(first.expects, schema(column('a'))))).toEqual([['remove_columns: warn', 'warn']]);
  });

  it('takes a column up again that comes back', () => {
    const gone = run(schema(column('a'), column('b')), schema(column('a')));
    const back = run(gone.expects, schema(column('a'), column('b')));
    expect(back.settles).toContainEqual({ name: 'b', type: { kind: 'string' }, from: 'b' });
    expect(back.decisions).toEqual([]);
  });

  it('stops at another type', () => {
    expect(verdicts(run(schema(column('a', 'int32')), schema(column('a', 'int64'))))).toEqual([['type_changes: fail', 'fail']]);
  });
});

describe('modes', () => {
  it('strict stops at everything but another order', () => {
    const evolution = run(
      schema(column('a'), column('gone'), column('t', 'int32'), column('n', 'string', false)),
      schema(column('new'), column('n'), column('t', 'int64'), column('a')),
      { mode: 'strict' },
    );
    expect(evolution.decisions.filter(({ severity }) => severity === 'fail')).toHaveLength(4);
    expect(evolution.decisions.find(({ drift }) => drift.kind === 'reordered')?.severity).toBe('note');
  });

  it('adapt widens, and lets a full load lose what is gone', () => {
    const evolution = run(schema(column('a', 'int32'), column('gone')), schema(column('a', 'int64')), { mode: 'adapt', load: 'full' });
    expect(names(evolution)).toEqual(['a int64']);
  });

  it('give way to a policy that is written', () => {
    const policies = { addColumns: 'ignore' } as const;
    expect(verdicts(run(schema(column('a')), schema(column('a'), column('b')), { mode: 'strict', policies }))).toEqual([
      ['add_columns: ignore', 'note'],
    ]);
  });
});

describe('type changes', () => {
  const retyped = (before: Kind, now: Kind, typeChanges: Policies['typeChanges']) =>
    run(schema(column('a', before)), schema(column('a', now)), { policies: { typeChanges } });

  it.each(['warn', 'cast'] as const)('%s converts to the type that settled', (policy) => {
    expect(retyped('int64', 'string', policy).settles).toEqual([{ name: 'a', type: { kind: 'int64' }, from: 'a' }]);
  });

  it('warn says it once, cast converts for ever', () => {
    const first = retyped('int64', 'string', 'warn');
    const second = run(first.expects, schema(column('a', 'string')), { policies: { typeChanges: 'warn' } });
    expect(second.decisions).toEqual([]);
    expect(second.settles).toEqual([{ name: 'a', type: { kind: 'int64' }, from: 'a' }]);
  });

  it('widen takes the type that holds both', () => {
    expect(names(retyped('int32', 'int64', 'widen'))).toEqual(['a int64']);
    expect(names(retyped('int64', 'int32', 'widen'))).toEqual(['a int64']);
    expect(names(retyped('int32', 'float64', 'widen'))).toEqual(['a float64']);
  });

  it('widen stops where no type can store both', () => {
    expect(verdicts(retyped('int64', 'string', 'widen'))).toEqual([['type_changes: widen', 'fail']]);
  });

  it('new_column puts the new values beside the old, and goes on there', () => {
    const policies = { typeChanges: 'new_column' } as const;
    const first = retyped('int64', 'string', 'new_column');
    expect(first.settles).toEqual([
      { name: 'a', type: { kind: 'int64' }, from: null },
      { name: 'a_string', type: { kind: 'string' }, from: 'a' },
    ]);
    const second = run(first.expects, schema(column('a', 'string')), { policies });
    expect([second.settles, second.decisions]).toEqual([first.settles, []]);
    const third = run(second.expects, schema(column('a', 'bool')), { policies });
    expect(names(third)).toEqual(['a int64', 'a_string string', 'a_bool bool']);
    const again = run(third.expects, schema(column('a', 'string')), { policies });
    expect(new Set(names(again)).size).toBe(4);
  });
});

describe('a column that may be null now, or no longer', () => {
  it.each(['warn', 'ignore', 'fail'] as const)('is told of each change, and settles as nullable once it was: %s', (nullableChanges) => {
    const severities = { warn: 'warn', ignore: 'note', fail: 'fail' } as const;
    for (const path of [
      [true, false, false],
      [false, true, true],
    ]) {
      let [seen, expected] = [!path[0], settledAs(schema(column('a', 'string', !path[0]))) as readonly ExpectedColumn[]];
      let settled = seen;
      for (const now of path) {
        const evolution = run(expected, schema(column('a', 'string', now)), { policies: { nullableChanges } });
        const told = now === seen ? [] : [[`nullable_changes: ${nullableChanges}`, severities[nullableChanges]]];
        expect([path, verdicts(evolution)]).toEqual([path, told]);
        if (now !== seen && nullableChanges === 'fail') continue;
        [seen, settled, expected] = [now, settled || now, evolution.expects];
        expect(evolution.schema.columns).toMatchObject([{ nullable: settled }]);
      }
    }
  });
});

const kinds = fc.constantFrom<Kind>('int32', 'int64', 'string', 'float64', 'bool');
const schemas = fc
  .uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e'), kinds, fc.boolean()), { selector: ([name]) => name, minLength: 1 })
  .map((columns) => schema(...columns.map(([name, kind, nullable]) => column(name, kind, nullable))));
const policies = fc.record({
  addColumns: fc.constantFrom<Policies['addColumns']>('auto', 'warn', 'ignore', 'fail'),
  removeColumns: fc.constantFrom<Policies['removeColumns']>('warn', 'ignore', 'fail', 'null_fill'),
  typeChanges: fc.constantFrom<Policies['typeChanges']>('fail', 'warn', 'widen', 'cast', 'new_column'),
  nullableChanges: fc.constantFrom<Policies['nullableChanges']>('warn', 'ignore', 'fail'),
});

describe('whatever changes, over ten runs', () => {
  const history = fc.tuple(
    schemas,
    fc.array(schemas, { maxLength: 10 }),
    policies,
    fc.constantFrom('full' as const, 'incremental' as const),
  );

  it('no settled column is lost by an incremental run, and none changes to a type that does not hold it', () => {
    fc.assert(
      fc.property(history, ([first, later, chosen, load]) => {
        let expected: readonly ExpectedColumn[] = settledAs(first);
        for (const now of later) {
          const evolution = evolve({ expected, now, policies: chosen, mode: load });
          if (evolution.decisions.some(({ severity }) => severity === 'fail')) continue;
          const after = new Map(evolution.schema.columns.map((one) => [one.name, one.type]));
          for (const { name, type } of expected) {
            const kept: DataType | undefined = after.get(name);
            if (load === 'incremental') expect(kept, name).toBeDefined();
            if (kept && !sameType(kept, type)) expect(chosen.typeChanges).toBe('widen');
          }
          expect(new Set(after.keys()).size).toBe(evolution.schema.columns.length);
          expected = evolution.expects;
        }
      }),
      { seed: SEED },
    );
  });

  it('every source column settles once, unless it is left out by name of its policy', () => {
    fc.assert(
      fc.property(history, ([first, later, chosen, load]) => {
        let expected: readonly ExpectedColumn[] = settledAs(first);
        for (const now of later) {
          const evolution = evolve({ expected, now, policies: chosen, mode: load });
          if (evolution.decisions.some(({ severity }) => severity === 'fail')) continue;
          const froms = evolution.settles.flatMap(({ from }) => (from === null ? [] : [from]));
          expect(new Set(froms).size).toBe(froms.length);
          if (chosen.addColumns === 'auto') expect(new Set(froms)).toEqual(new Set(now.columns.map(({ name }) => name)));
          expected = evolution.expects;
        }
      }),
      { seed: SEED },
    );
  });

  it('the same source again brings no drift but what is still missing or left out', () => {
    fc.assert(
      fc.property(schemas, schemas, policies, (before, now, chosen) => {
        const first = evolve({ expected: settledAs(before), now, policies: chosen, mode: 'incremental' });
        if (first.decisions.some(({ severity }) => severity === 'fail')) return;
        const second = evolve({ expected: first.expects, now, policies: chosen, mode: 'incremental' });
        expect(second.schema).toEqual(first.schema);
        expect(second.decisions.filter(({ drift }) => drift.kind === 'type' || drift.kind === 'nullable')).toEqual([]);
      }),
      { seed: SEED },
    );
  });
});

describe('a source that was accepted', () => {
  const accept = (before: Schema, now: Schema) =>
    evolve({ expected: settledAs(before), now, policies: policiesOf('strict', {}), accepted: true, mode: 'incremental' });

  it('goes on whatever the policies say, and names none of them', () => {
    const { decisions } = accept(
      schema(column('gone'), column('n', 'int32'), column('s', 'int64'), column('maybe', 'int64', false)),
      schema(column('fresh'), column('n', 'int64'), column('s', 'string'), column('maybe', 'int64')),
    );
    expect(decisions.map(({ policy }) => policy)).toEqual(['accepted', 'accepted', 'accepted', 'accepted', 'accepted']);
    expect(decisions.filter(({ severity }) => severity === 'fail')).toEqual([]);
  });

  it('names nothing for what no policy speaks of', () => {
    const { decisions } = accept(schema(column('a'), column('b')), schema(column('b'), column('a')));
    expect(decisions).toMatchObject([{ drift: { kind: 'reordered' }, policy: null }]);
  });
});
