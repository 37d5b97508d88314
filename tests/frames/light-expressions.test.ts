import { beforeAll, expect, test } from 'vitest';
import { type Expr, type Polars, polars } from '../../src/frames/native.ts';

let pl: typeof Polars;
let whole: (of: Expr) => Expr;
beforeAll(async () => {
  pl = await polars();
  // As nodejs-polars itself makes one: its own function is still to be had by this name.
  const own = (pl as unknown as { readonly Expr: (native: unknown) => Expr }).Expr;
  whole = (of) => own(of.inner());
});

test('an expression can do all that it can in nodejs-polars', () => {
  const light = pl.col('a');
  const names = Reflect.ownKeys(whole(light));
  expect(names.length).toBeGreaterThan(150);
  expect(names.filter((name) => typeof Reflect.get(light, name) !== typeof Reflect.get(whole(light), name))).toEqual([]);
});

type Made = (of: Expr) => Expr;
const made: Readonly<Record<string, Made>> = {
  'one method after the other': (of) => of.cast(pl.Int64, true).sum().alias('b'),
  'a literal on its right': (of) => of.gtEq(7).and(of.isNotNull()).fillNull(pl.lit(false)),
  'another expression on its right': (of) => of.eq(pl.col('b').cast(pl.Utf8).alias('c')),
  'itself on both sides': (of) => of.add(of).multiplyBy(of.sub(of)),
  'a method that calls others of its own': (of) => of.sample({ n: 2, seed: 7 }),
  'functions for texts': (of) =>
    of.str
      .contains('x')
      .not()
      .or(of.str.slice(0, 3).eq(pl.lit('y'))),
  'functions for times': (of) => of.dt.strftime('%H').cast(pl.Int8).min(),
  'functions for lists': (of) => of.list.lengths().max(),
  'one of two, by a third': (of) => pl.when(of.isNull()).then(pl.lit(0)).otherwise(of),
  'a window': (of) => of.sum().over('b'),
  'rows that are sorted by another': (of) => of.sortBy([pl.col('b')], [true]).first(),
};

test.each(Object.entries(made))('it is the same as there: %s', (_, make) => {
  const light = make(pl.col('a'));
  expect(`${light}`).toBe(`${make(whole(pl.col('a')))}`);
  expect(Reflect.get(pl, 'Expr').isExpr(light)).toBe(true);
});

test('two that are made at once do not meet', () => {
  const [one, other] = [pl.col('one'), pl.col('other')];
  const [{ alias }, sum] = [one, other.sum()];
  expect(`${alias.call(other, 'x')} ${one.max()} ${sum}`).toBe(`${whole(other).alias('x')} ${whole(one).max()} ${whole(other).sum()}`);
});

test('a method that fails leaves nothing behind', () => {
  const column = pl.col('a');
  expect(() => column.rollingSum({} as never)).toThrow('window size');
  expect(`${pl.col('b').sum()}`).toBe(`${whole(pl.col('b')).sum()}`);
});

test('frames take it', () => {
  const data = pl.DataFrame({ a: [1, 2, 3], b: ['x', 'y', null] });
  const rows = data
    .lazy()
    .filter(pl.col('b').isNotNull())
    .select(pl.col('a').sum().alias('n'), pl.all().nullCount().suffix(' nulls'))
    .collectSync();
  expect(rows.toRecords()).toEqual([{ n: 3, 'a nulls': 0, 'b nulls': 0 }]);
});
