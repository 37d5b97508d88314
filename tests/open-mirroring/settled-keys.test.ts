import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isFrame } from '../../src/engine/contracts/home.ts';
import type { Intent } from '../../src/engine/contracts/intent.ts';
import type { Supersede } from '../../src/engine/contracts/store.ts';
import type { FilesHead } from '../../src/files/store/head/head-log.ts';
import { parquetFormat } from '../../src/formats/parquet/parquet.ts';
import { canonicalTexts } from '../../src/frames/row-sum/row-hashes.ts';
import type { Json } from '../../src/ports/values.ts';
import { collect } from '../support/collect.ts';
import { type Bench, run, text, type Written } from '../support/connector-conformance/bench.ts';
import {
  dying,
  few,
  Killed,
  type LandingTables,
  losing,
  startLandingTables,
  type LandingTable as Table,
} from '../support/fabric-replicator/landing-tables.ts';
import { cases, sampled } from '../support/samples.ts';
import { type Row, row } from '../support/sim/rows.ts';

const minute = 60_000;
const compared = { keepsKeys: true, keyLimits: { mostFiles: 3, mostHeld: 2 } } as const;
const all: Supersede = { what: 'all', foreign: 'keep' };

let zone: LandingTables;
beforeAll(async () => {
  zone = await startLandingTables({ disappearsAfter: minute, reappearsAfter: minute });
});
afterAll(() => zone[Symbol.asyncDispose]());

/** A table whose keys are compared. */
function newTable(): Table & { readonly keyed: Bench } {
  const table = zone.newTable();
  return { ...table, keyed: table.over(zone.files, compared) };
}

type Keyed = ReturnType<typeof newTable>;

const headOf = async ({ keyed }: Keyed) => (await (await keyed.under.open()).head()) as FilesHead;

/** The keys and watermarks that a comparison would see. */
async function keysOf(table: Keyed): Promise<readonly string[]> {
  const store = await table.keyed.under.open();
  const home = await store.settled?.open(await headOf(table));
  const slice = { ref: {}, rows: null, bytes: null };
  const window = { column: null, lower: null, upper: null, nulls: 'include', seen: null, changedFiles: 'fail' } as const;
  const columns = ['id', 'mark'].map((name) => ({ name, type: { kind: 'int64' } }) as const);
  const found: string[] = [];
  for await (const item of home?.read(slice, window, undefined, new AbortController().signal) ?? [])
    if ('fingerprint' in item && isFrame(item)) found.push(...(await canonicalTexts(item, columns)).map(([id, mark]) => `${id}@${mark}`));
  return found.sort();
}

const filesOfKeys = async ({ records }: Table) => (await collect(zone.files.list(`${records}/keys`))).map(({ path }) => path);
const unknown = expect.objectContaining({ code: 'HYG-4120' });

/** The table is as it should be, its keys are those of its rows, and no other file of keys is there. */
async function expectKeys(table: Keyed, rows: readonly Row[]): Promise<void> {
  expect(await table.replicated()).toEqual(text(rows));
  expect(await keysOf(table)).toEqual(text(rows));
  expect(await filesOfKeys(table)).toEqual((await headOf(table)).keys?.files.map(({ name }) => name).sort());
  expect(table.violations()).toEqual([]);
}

async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed <= ms; passed += minute) {
    await zone.fabric.replicator.turn();
    zone.fabric.clock.now += minute;
  }
  await zone.fabric.replicator.turn();
}

/** As the engine does it: Fabric works while the commit waits. */
async function commit(bench: Bench, intent: Intent): Promise<string> {
  const store = await bench.under.open();
  for (let cursor: Json | undefined; ; ) {
    const step = await store.commit(intent, cursor);
    if ('done' in step) return typeof step.done === 'string' ? step.done : step.done.outcome;
    cursor = step.again;
    await pass(minute);
  }
}

async function loadAnew(table: Keyed, epoch: number, rows: readonly Row[], bench = table.keyed): Promise<void> {
  expect(await commit(bench, await bench.decide(run(epoch), await bench.stage(run(epoch), [{ rows }]), all))).toBe('committed');
  await pass(3 * minute);
}

describe('the keys of a mirrored table', () => {
  test('are those of its rows after any commits, with keys that come, change, go and come back', async () => {
    const made = fc.record({ id: fc.integer({ min: 1, max: 8 }), gone: fc.boolean() });
    const slices = fc.array(fc.array(made, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 2 });
    await fc.assert(
      fc.asyncProperty(fc.array(slices, { minLength: 1, maxLength: 7 }), async (commits) => {
        const table = newTable();
        const model = new Map<number, Row>();
        let mark = 0;
        for (const [i, written] of commits.entries()) {
          const parts = [];
          for (const [slice, rows] of written.entries()) {
            const marked = rows.map((one) => ({ ...one, mark: ++mark }));
            for (const one of marked) one.gone ? model.delete(one.id) : model.set(one.id, row(one.id, one.mark));
            const of = (gone: boolean) => marked.filter((one) => one.gone === gone).map((one) => row(one.id, one.mark));
            const roles: readonly Written[] = [{ rows: of(false) }, { role: 'deleted', rows: of(true) }];
            parts.push(
              ...(await table.keyed.stage(
                run(i + 1),
                roles.filter(({ rows: some }) => some.length > 0),
                { slice },
              )),
            );
          }
          expect(await table.keyed.commit(await table.keyed.decide(run(i + 1), parts))).toBe('committed');
        }
        await expectKeys(table, [...model.values()]);
      }),
      cases(20),
    );
  });

  test('are few files after many commits, and a large one is not rewritten for each small one', async () => {
    const table = newTable();
    await table.keyed.settle(1, [{ rows: few(1, 40) }]);
    const first = (await headOf(table)).keys?.files[0]?.name;
    for (let epoch = 2; epoch < 9; epoch++) await table.keyed.settle(epoch, [{ rows: [row(epoch, 100 + epoch)] }]);
    expect((await headOf(table)).keys?.files[0]?.name).toBe(first);
    const [, ...small] = (await headOf(table)).keys?.files ?? [];
    expect(small.length).toBeLessThan(4);
    // Rows of several files are one row group in the file that they became.
    const content = await Promise.all(small.map(async ({ name }) => (await zone.files.get(name))?.body));
    const pieces = content.map(async (body = new Uint8Array()) => {
      const source = {
        name: 'keys',
        bytes: body.length,
        read: async ({ start, end }: { start: number; end: number }) => body.slice(start, end),
      };
      return (await parquetFormat({}).inspect(source, null)).pieces.length;
    });
    expect(await Promise.all(pieces)).toEqual(small.map(() => 1));
    expect(Math.max(...small.map(({ rows }) => rows))).toBeGreaterThan(1);
    await expectKeys(table, [...few(1, 40).filter(({ id }) => id < 2 || id > 8), ...few(2, 8, 102)]);
  });

  test('are not kept where no comparison asks for them, and are unknown from such a commit on until the table is loaded again', async () => {
    const table = newTable();
    await table.bench.settle(1, [{ rows: few(1, 3) }]);
    await table.keyed.settle(2, [{ rows: few(4, 5) }]);
    await expect(keysOf(table)).rejects.toThrow(unknown);
    expect(await filesOfKeys(table)).toEqual([]);
    await loadAnew(table, 3, few(1, 6));
    await expectKeys(table, few(1, 6));
    await table.bench.settle(4, [{ rows: few(7, 7) }]);
    await expect(keysOf(table)).rejects.toThrow(unknown);
    expect(await filesOfKeys(table)).toEqual([]);
    await table.keyed.settle(5, [{ rows: few(8, 8) }]);
    await expect(keysOf(table)).rejects.toThrow(unknown);
  });

  test('are unknown where another publisher filled the table before', async () => {
    const table = newTable();
    await table.bench.settle(1, [{ rows: few(1, 3) }]);
    for (const { path } of await collect(zone.files.list(table.records))) await zone.files.remove(path);
    await table.keyed.settle(2, [{ rows: few(4, 5) }]);
    await expect(keysOf(table)).rejects.toThrow(unknown);
  });

  test('of the old table are gone when it was loaded again', async () => {
    const table = newTable();
    await table.keyed.settle(1, [{ rows: few(1, 4) }]);
    await table.keyed.settle(2, [{ rows: few(5, 6) }]);
    await pass(minute);
    await loadAnew(table, 3, few(3, 4, 30));
    await expectKeys(table, few(3, 4, 30));
  });

  test('stay with a reset, after which they continue', async () => {
    const table = newTable();
    await table.keyed.settle(1, [{ rows: few(1, 4) }]);
    await table.keyed.fence((await headOf(table)).id, 1);
    await expectKeys(table, few(1, 4));
    await table.keyed.settle(9, [{ role: 'deleted', rows: few(2, 2) }, { rows: few(5, 5) }]);
    await expectKeys(table, [row(1, 1), ...few(3, 5)]);
  });

  test.each(['gone', 'another one'] as const)('are unknown when a file of them is %s, and rows go on', async (how) => {
    const table = newTable();
    for (let epoch = 1; epoch < 4; epoch++) await table.keyed.settle(epoch, [{ rows: few(epoch, epoch) }]);
    const [path = ''] = await filesOfKeys(table);
    await zone.files.remove(path);
    if (how === 'another one') await zone.files.put(path, Buffer.from('PAR1'), { ifNoneMatch: '*' });
    await expect(keysOf(table)).rejects.toThrow(unknown);
    // This one would make one file of several.
    await table.keyed.settle(4, [{ rows: few(4, 4) }]);
    expect(await table.replicated()).toEqual(text(few(1, 4)));
    await expect(keysOf(table)).rejects.toThrow(unknown);
  });

  test('of a commit that was given up are none of its', async () => {
    const table = newTable();
    await table.keyed.settle(1, [{ rows: few(1, 4) }]);
    const intent = await table.keyed.decide(run(2), await table.keyed.stage(run(2), [{ rows: few(5, 6) }]));
    const store = await table.keyed.under.open();
    await store.giveUp(intent, { code: 'HYG-9000', reason: 'a test' }, 'by force');
    await expectKeys(table, few(1, 4));
    await table.keyed.settle(3, [{ rows: few(7, 7) }]);
    await expectKeys(table, [...few(1, 4), row(7, 7)]);
  });
});

/** A full load that is merged, as the engine decides it. */
async function merged(table: Keyed, epoch: number, slices: readonly (readonly Row[])[], bench = table.keyed): Promise<Intent> {
  const parts = await Promise.all(
    slices.map((rows, slice) => table.keyed.stage(run(epoch), [{ rows }], { slice, emptyPart: rows.length === 0 })),
  );
  return await bench.decide(run(epoch), parts.flat(), { what: 'unmatched' });
}

describe('a full load that is merged', () => {
  test('updates, inserts, and deletes what it does not have, while the table stays', async () => {
    const table = newTable();
    await table.keyed.settle(1, [{ rows: few(1, 6) }]);
    await table.keyed.settle(2, [{ role: 'deleted', rows: few(2, 2) }, { rows: [row(3, 8)] }]);
    const head = await headOf(table);
    expect(await commit(table.keyed, await merged(table, 3, [[row(1, 9), row(7, 10)], few(4, 5)]))).toBe('committed');
    await expectKeys(table, [row(1, 9), ...few(4, 5), row(7, 10)]);
    const now = await headOf(table);
    // 3 and 6 go; 2 is gone already.
    expect((now.deletedRows ?? 0) - (head.deletedRows ?? 0)).toBe(2);
    expect(now.isAnew).toBeUndefined();
    await table.keyed.settle(4, [{ rows: few(8, 9) }]);
    await expectKeys(table, [row(1, 9), ...few(4, 5), row(7, 10), ...few(8, 9)]);
    expect(await commit(table.keyed, await merged(table, 5, [[]]))).toBe('committed');
    await expectKeys(table, []);
    expect(await commit(table.keyed, await merged(table, 6, [few(1, 2)]))).toBe('committed');
    await expectKeys(table, few(1, 2));
  });

  test('leaves exactly its rows, whatever settled before', async () => {
    const ids = fc.uniqueArray(fc.integer({ min: 1, max: 9 }), { maxLength: 9 });
    await fc.assert(
      fc.asyncProperty(ids, ids, ids, async (first, gone, load) => {
        const table = newTable();
        await table.keyed.settle(1, [{ rows: first.map((id) => row(id, id)) }, { rows: [row(20, 20)] }]);
        if (gone.length > 0) await table.keyed.settle(2, [{ role: 'deleted', rows: gone.map((id) => row(id, 30)) }]);
        const rows = load.map((id) => row(id, 40 + id));
        expect(await commit(table.keyed, await merged(table, 3, [rows]))).toBe('committed');
        await expectKeys(table, rows);
      }),
      cases(20),
    );
  });

  test('is refused where keys are not known, and publishes nothing', async () => {
    const table = newTable();
    await table.bench.settle(1, [{ rows: few(1, 3) }]);
    expect(await (await table.keyed.under.open()).inspect()).not.toHaveProperty('done.keysKnown');
    await expect(merged(table, 2, [few(1, 1)])).rejects.toThrow(unknown);
    expect(await table.replicated()).toEqual(text(few(1, 3)));
  });

  test('that dies at any call is finished exactly', async () => {
    const settled = async () => {
      const table = newTable();
      await table.keyed.settle(1, [{ rows: few(1, 3) }]);
      return table;
    };
    const load = [[row(1, 5)], [row(4, 6)]];
    const whole = dying(zone.files, Number.POSITIVE_INFINITY, 'before');
    const table = await settled();
    expect(await commit(table.over(whole.files, compared), await merged(table, 2, load))).toBe('committed');
    await expectKeys(table, load.flat());
    const every = Array.from({ length: whole.calls() }, (_, i) =>
      (['before', 'after'] as const).map((when) => ({ at: i + 1, when })),
    ).flat();
    for (const { at, when } of sampled(every, 90)) {
      const one = await settled();
      const intent = await merged(one, 2, load);
      await expect(commit(one.over(dying(zone.files, at, when).files, compared), intent)).rejects.toThrow(Killed);
      expect(await commit(one.keyed, intent)).toMatch(/committed|already/);
      await expectKeys(one, load.flat());
    }
  });
});

/** Three files of keys are there: the next commit makes one of them, beside its own. */
async function settledThrice(): Promise<Keyed> {
  const table = newTable();
  await table.keyed.settle(1, [{ rows: few(1, 2) }]);
  await table.keyed.settle(2, [{ role: 'deleted', rows: few(2, 2) }, { rows: few(3, 3) }]);
  await table.keyed.settle(3, [{ rows: [row(1, 7)] }]);
  return table;
}

const decideFourth = async (bench: Bench) =>
  bench.decide(run(4), await bench.stage(run(4), [{ role: 'deleted', rows: [row(3, 9)] }, { rows: [row(4, 9)] }]));
const after = [row(1, 7), row(4, 9)];

test('a commit that keeps keys and dies at any call is finished exactly', async () => {
  const whole = dying(zone.files, Number.POSITIVE_INFINITY, 'before');
  const table = await settledThrice();
  expect(await commit(table.over(whole.files, compared), await decideFourth(table.keyed))).toBe('committed');
  await expectKeys(table, after);
  expect((await headOf(table)).keys?.files).toHaveLength(2);
  const every = Array.from({ length: whole.calls() }, (_, i) => (['before', 'after'] as const).map((when) => ({ at: i + 1, when }))).flat();
  expect(every.length).toBeGreaterThan(20);
  for (const { at, when } of sampled(every, 90)) {
    const one = await settledThrice();
    const intent = await decideFourth(one.keyed);
    await expect(commit(one.over(dying(zone.files, at, when).files, compared), intent)).rejects.toThrow(Killed);
    expect(await commit(one.keyed, intent)).toMatch(/committed|already/);
    await expectKeys(one, after);
  }
});

test.each(['before', 'after'] as const)(
  'a commit that dies %s a call while its keys are staged leaves nothing, and the next run begins again',
  async (when) => {
    const whole = dying(zone.files, Number.POSITIVE_INFINITY, 'before');
    await decideFourth((await settledThrice()).over(whole.files, compared));
    for (const at of sampled(
      Array.from({ length: whole.calls() }, (_, i) => i + 1),
      60,
    )) {
      const one = await settledThrice();
      await expect(decideFourth(one.over(dying(zone.files, at, when).files, compared))).rejects.toThrow(Killed);
      await one.keyed.sweep('l1', 5);
      const next = await one.keyed.decide(
        run(5),
        await one.keyed.stage(run(5), [{ role: 'deleted', rows: [row(3, 9)] }, { rows: [row(4, 9)] }]),
      );
      expect(await commit(one.keyed, next)).toBe('committed');
      await expectKeys(one, after);
    }
  },
);

test('a commit that keeps keys and whose answers are lost happens once', async () => {
  const table = await settledThrice();
  const lost = new Set<string>();
  expect(await commit(table.over(losing(zone.files, lost), compared), await decideFourth(table.keyed))).toBe('committed');
  // Two numbers, their record, two files of keys, the head, the partner, and three files that became one.
  expect(lost.size).toBe(11);
  await expectKeys(table, after);
});
