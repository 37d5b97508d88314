import { expect, test } from 'vitest';
import { run, type StoreUnderTest } from '../../support/connector-conformance/bench.ts';
import { polarsFrame } from '../../support/connector-conformance/frames.ts';
import { storeConformance } from '../../support/connector-conformance/store.ts';
import { openedOnce } from '../../support/opened-once.ts';
import { sampled } from '../../support/samples.ts';
import { adding, baseSchema, row } from '../../support/sim/rows.ts';
import { onMariadb, openDatabase } from './support.ts';

onMariadb('the store of MariaDB', () => {
  const opened = openedOnce(() => openDatabase());

  const inTable = (of: { readonly markColumn?: string }) => async (): Promise<StoreUnderTest> => {
    const { db, lines } = opened;
    await opened.cleared();
    const make = () => opened.store(of);
    return {
      open: make,
      at: make,
      frame: polarsFrame,
      async settled() {
        if ((await lines(`show tables like 'e'`)).length === 0) return [];
        return [...(await lines(`select concat(id, '@', coalesce(mark, 'null')) from e`))].sort();
      },
      async plantForeign(rows) {
        // What the engine's plan adds to a table that lacks it.
        const marked = of.markColumn === undefined ? '' : `, \`${of.markColumn}\` longtext`;
        const values = rows.map(({ id, mark }) => `insert into e (id, mark) values (${id}, ${mark ?? 'null'})`);
        await db.sql([`create table if not exists e (id bigint, mark bigint${marked})`, ...values].join('; '));
      },
      async [Symbol.asyncDispose]() {},
    };
  };

  for (const of of sampled<{ readonly markColumn?: string }>([{}, { markColumn: 'Loaded By' }], 2))
    storeConformance(`a table in MariaDB${of.markColumn === undefined ? '' : ' with a column that marks our rows'}`, inTable(of));

  test('an attempt that fails while it stages leaves no table of its own: what makes one commits by itself', async () => {
    await opened.cleared();
    const store = await opened.store();
    const rows = (async function* () {
      yield { role: 'deleted', frame: await polarsFrame(baseSchema, [row(1, 1)]) } as const;
      throw new Error('the source broke off');
    })();
    const request = { run: run(1), writing: adding, slice: 0, schema: baseSchema, watermark: null, emptyPart: false };
    await expect(store.stage(request, rows, new AbortController().signal)).rejects.toThrow('the source broke off');
    const left = await opened.lines(`show tables in ${opened.staging}`);
    // All attempts of the run share that one.
    expect(left.filter((name) => !name.startsWith('e_1_all_'))).toEqual([]);
  });
});
