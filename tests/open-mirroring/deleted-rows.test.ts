import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run, text } from '../support/connector-conformance/bench.ts';
import { few, type LandingTables, startLandingTables, type LandingTable as Table } from '../support/fabric-replicator/landing-tables.ts';
import { cases } from '../support/samples.ts';
import { type Row, row } from '../support/sim/rows.ts';

let zone: LandingTables;
beforeAll(async () => {
  zone = await startLandingTables();
});
afterAll(() => zone[Symbol.asyncDispose]());
const newTable = () => zone.newTable();

describe('rows that are told as deleted', () => {
  const stand = async (table: Table) => ({ rows: await table.replicated(), violations: table.violations() });

  test('go by a marker, which is the last column of their file, and rows next to them are updated and inserted', async () => {
    const table = newTable();
    await table.bench.settle(1, [{ rows: few(1, 4) }]);
    await table.bench.settle(2, [{ role: 'deleted', rows: [row(2, 5), row(9, 5)] }, { rows: [row(3, 6), row(5, 6)] }]);
    expect(await stand(table)).toEqual({ rows: text([row(1, 1), row(3, 6), row(4, 4), row(5, 6)]), violations: [] });
    const [gone, more] = await Promise.all([table.published(2), table.published(3)]);
    expect(gone.map((one) => Object.entries(one))).toEqual(
      [2, 9].map((id) => [
        ['id', `${id}`],
        ['mark', '5'],
        ['__rowMarker__', 2],
      ]),
    );
    expect(more.map((one) => Object.keys(one))).toEqual([
      ['id', 'mark'],
      ['id', 'mark'],
    ]);
    const head = await (await table.bench.under.open()).head();
    expect(head).toMatchObject({ rows: 6, deletedRows: 2, nextNumber: 4, files: [{ role: 'deleted' }, { role: 'data' }] });
    expect(zone.fabric.replicator.table(table.name)?.processedRows).toBe(8);
  });

  test('of a first load are published only where a row of their key is', async () => {
    const [some, none] = [newTable(), newTable()];
    await some.bench.settle(1, [{ role: 'deleted', rows: [row(2, 5), row(9, 5)] }, { rows: [row(2, 3), row(3, 6)] }]);
    expect(await stand(some)).toEqual({ rows: text([row(3, 6)]), violations: [] });
    expect((await some.published(2)).map((one) => Object.values(one))).toEqual([['2', '5', 2]]);
    await none.bench.settle(1, [{ role: 'deleted', rows: [row(9, 5)] }, { rows: few(1, 2) }]);
    expect(await stand(none)).toEqual({ rows: text(few(1, 2)), violations: [] });
    const heads = await Promise.all([some, none].map(async ({ bench }) => (await bench.under.open()).head()));
    expect(heads).toMatchObject([
      { rows: 2, deletedRows: 1, nextNumber: 3 },
      { rows: 2, nextNumber: 2 },
    ]);
  });

  test('alone are a commit', async () => {
    const table = newTable();
    await table.bench.settle(1, [{ rows: few(1, 3) }]);
    await table.bench.settle(2, [{ role: 'deleted', rows: [row(3, 7)] }]);
    expect(await stand(table)).toEqual({ rows: text(few(1, 2)), violations: [] });
    // And the key comes back.
    await table.bench.settle(3, [{ rows: [row(3, 8)] }]);
    expect(await stand(table)).toEqual({ rows: text([...few(1, 2), row(3, 8)]), violations: [] });
  });

  test.each(['deleted first', 'deleted last'] as const)(
    'count only where they are the newest of their key in a load, %s',
    async (order) => {
      const table = newTable();
      await table.bench.settle(1, [{ rows: [row(1, 1), row(2, 2)] }]);
      const gone = { role: 'deleted', rows: [row(1, 4), row(2, 4), row(3, 4), row(4, 5), row(4, 5)] } as const;
      const live = { rows: [row(1, 5), row(2, 3), row(3, 3), row(4, 6)] };
      const slices = order === 'deleted first' ? [gone, live] : [live, gone];
      const parts = await Promise.all(slices.map((written, slice) => table.bench.stage(run(2), [written], { slice })));
      expect(await table.bench.commit(await table.bench.decide(run(2), parts.flat()))).toBe('committed');
      expect(await stand(table)).toEqual({ rows: text([row(1, 5), row(4, 6)]), violations: [] });
      const head = await (await table.bench.under.open()).head();
      expect((head?.rows ?? 0) + Number((head as { deletedRows?: number } | null)?.deletedRows)).toBe(
        zone.fabric.replicator.table(table.name)?.processedRows,
      );
    },
  );

  test('are refused next to a row of the same key and watermark, before anything is decided', async () => {
    const table = newTable();
    await table.bench.settle(1, [{ rows: few(1, 2) }]);
    const parts = await table.bench.stage(run(2), [{ role: 'deleted', rows: [row(2, 4)] }, { rows: [row(2, 4)] }]);
    await expect(table.bench.decide(run(2), parts)).rejects.toMatchObject({ code: 'HYG-4016' });
    expect(await stand(table)).toEqual({ rows: text(few(1, 2)), violations: [] });
  });

  test('in any order and number leave what the newest row of each key says', async () => {
    const made = fc.record({ id: fc.integer({ min: 1, max: 6 }), gone: fc.boolean() });
    const loads = fc.array(fc.array(fc.array(made, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 3 }), {
      minLength: 1,
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(loads, fc.infiniteStream(fc.nat(1_000)), async (all, shuffled) => {
        const table = newTable();
        const model = new Map<number, Row>();
        let mark = 0;
        for (const [i, slices] of all.entries()) {
          // Each row has a watermark of its own; rows of a load come in any order.
          const rows = slices.flat().map((one) => ({ ...one, mark: ++mark, order: shuffled.next().value ?? 0 }));
          for (const { id, gone, mark } of rows) gone ? model.delete(id) : model.set(id, row(id, mark));
          const mixed = rows.toSorted((a, b) => a.order - b.order);
          const parts = await Promise.all(
            slices.map((_, slice) => {
              const mine = mixed.filter((_, at) => at % slices.length === slice);
              const written = ([true, false] as const).map((gone) => ({
                role: gone ? ('deleted' as const) : ('data' as const),
                rows: mine.filter((one) => one.gone === gone).map((one) => row(one.id, one.mark)),
              }));
              return table.bench.stage(
                run(i + 1),
                written.filter(({ rows }) => rows.length > 0),
                { slice },
              );
            }),
          );
          expect(await table.bench.commit(await table.bench.decide(run(i + 1), parts.flat()))).toBe('committed');
        }
        expect(await stand(table)).toEqual({ rows: text([...model.values()]), violations: [] });
      }),
      cases(30),
    );
  });
});
