import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ProcessNetwork } from '../../src/adapters/process-network.ts';
import { realRandom } from '../../src/adapters/real-random.ts';
import { realScratch } from '../../src/adapters/real-scratch.ts';
import { fenceHeadId, type Intent } from '../../src/engine/contracts/intent.ts';
import type { Writing } from '../../src/engine/contracts/writing.ts';
import { landingStore } from '../../src/files/landing-zone/store.ts';
import { manifestHeads } from '../../src/files/store/head/manifest.ts';
import type { FilePlace } from '../../src/files/store/layout.ts';
import { sortedRuns } from '../../src/files/store/staging/sorted-runs.ts';
import { oneLakeFileSystem } from '../../src/filesystems/onelake/onelake.ts';
import { parquetFormat } from '../../src/formats/parquet/parquet.ts';
import type { AppendableFileSystem, FileSystem } from '../../src/ports/filesystem.ts';
import { OutcomeUnknown } from '../../src/ports/retry.ts';
import type { Scratch } from '../../src/ports/scratch.ts';
import { principal } from '../filesystems/adls-stage.ts';
import { workspace } from '../support/azure-hosts/azure.ts';
import { brokenFileSystem } from '../support/broken-filesystem.ts';
import { but } from '../support/but.ts';
import { collect } from '../support/collect.ts';
import { Bench, run, text } from '../support/connector-conformance/bench.ts';
import { polarsFrame } from '../support/connector-conformance/frames.ts';
import { type Fabric, mirror, startFabric } from '../support/fabric-replicator/fabric.ts';
import { numbered, rowsFile } from '../support/fabric-replicator/scene.ts';
import { type Row, row, rowText } from '../support/sim/rows.ts';

const random = realRandom();
const day = 24 * 60 * 60 * 1000;
const reason = { code: 'HYG-6402', reason: 'The right was withdrawn.' };

let fabric: Fabric;
let files: FileSystem;
let scratch: Scratch;
let hosts: Disposable;
let network: ProcessNetwork;
let tables = 0;

beforeAll(async () => {
  // Every file moves away at once: a store that looks under the number alone finds none.
  fabric = await startFabric({ replicator: { lastFileStays: false } });
  hosts = fabric.azure.hosts.inProcess();
  network = new ProcessNetwork();
  scratch = realScratch();
  const place = { dfsUrl: 'https://onelake.dfs.fabric.microsoft.com', workspace: workspace.id, item: mirror.id, folder: 'Files' };
  files = await oneLakeFileSystem({ ...place, keys: principal }, { random, network });
});
afterAll(async () => {
  await scratch[Symbol.asyncDispose]();
  await network[Symbol.asyncDispose]();
  hosts[Symbol.dispose]();
  await fabric[Symbol.asyncDispose]();
});

interface Table {
  readonly name: string;
  readonly folder: string;
  readonly bench: Bench;
  /** The same table by other ways to its files, or with other keys. */
  over(others: FileSystem, keyColumns?: readonly string[]): Bench;
  put(name: string, content: Buffer | string): Promise<void>;
  names(): Promise<readonly string[]>;
  replicated(): Promise<readonly string[]>;
  violations(): readonly string[];
}

/** A table of the landing zone that nothing was published to. */
function newTable(): Table {
  const name = `orders${++tables}`;
  const folder = `LandingZone/${name}`;
  const place: FilePlace = { type: 'test', root: 'mirror', folder, flow: 'f', entity: name, layout: 'plain', extension: '.parquet' };
  const replicated = async () => {
    await fabric.replicator.turn();
    if (fabric.replicator.table(name) === undefined) return [];
    return (await fabric.replicator.rows(name)).map((one) => rowText({ id: Number(one.id), mark: Number(one.mark) } as Row)).sort();
  };
  const over = (others: FileSystem, keyColumns: readonly string[] = ['id']): Bench => {
    const open = async () => {
      const store = landingStore({
        files: others,
        ...{ place, scratch, random, keyColumns, rowMarker: null },
        heads: manifestHeads,
        where: `mirror/${name}`,
        format: parquetFormat({}),
        targetBytes: 1_000_000,
        apart: sortedRuns(),
        partner: { name: 'hygge', sourceType: 'test' },
        replication: async () => ({ status: fabric.replicator.status, error: null, tables: [] }),
      });
      const writing: Writing = { mode: 'merge', key: keyColumns, why: 'key' };
      return but(store, { prepare: (request) => store.prepare({ ...request, writing }) });
    };
    return new Bench({ open, at: open, frame: polarsFrame, settled: replicated, [Symbol.asyncDispose]: async () => undefined });
  };
  return {
    ...{ name, folder, over, replicated },
    bench: over(files),
    async put(path, content) {
      await files.put(`${folder}/${path}`, Buffer.from(content), { ifNoneMatch: '*' });
    },
    names: async () => (await collect(files.list(folder))).map(({ path }) => path.slice(folder.length + 1)).sort(),
    violations: () => fabric.replicator.violations.filter(({ table }) => table === name).map(({ rule, detail }) => `${rule}: ${detail}`),
  };
}

const few = (from: number, to: number): readonly Row[] => Array.from({ length: to - from + 1 }, (_, i) => row(from + i, from + i));

/** Two parts, decided and not committed. `again`: the first holds the newer row of a key, which is published once more as a third one. */
async function decided(table: Table, epoch: number, first: number, again = false): Promise<Intent> {
  const newer = again ? [row(first + 3, first + 3)] : [];
  const one = await table.bench.stage(run(epoch), [{ rows: [...newer, ...few(first, first + 1)] }], { slice: 0 });
  if (again) {
    const older = await table.bench.stage(run(epoch), [{ rows: [row(first + 2, first + 2), row(first + 3, first)] }], { slice: 1 });
    return table.bench.decide(run(epoch), [...one, ...older]);
  }
  const other = await table.bench.stage(run(epoch), [{ rows: few(first + 2, first + 3) }], { slice: 1 });
  return table.bench.decide(run(epoch), [...one, ...other]);
}

const isLeft = async ({ name }: Table) => (await collect(files.staged(`_hygge/f/${name}/staging`))).length;

describe('a commit', () => {
  test('publishes its parts as the next numbers, after the metadata', async () => {
    const table = newTable();
    expect(await table.bench.inspect()).toEqual({ content: 'empty' });
    const intent = await decided(table, 1, 1);
    expect(await table.names()).toEqual([]);
    expect(await table.bench.commit(intent)).toBe('committed');
    expect(await table.names()).toEqual([numbered(1), numbered(2), '_metadata.json']);
    const metadata = await files.get(`${table.folder}/_metadata.json`);
    expect(JSON.parse(Buffer.from(metadata?.body ?? '').toString())).toEqual({ keyColumns: ['id'], isUpsertDefaultRowMarker: true });
    const partner = await files.get('LandingZone/_partnerEvents.json');
    expect(JSON.parse(Buffer.from(partner?.body ?? '').toString())).toEqual({ partnerName: 'hygge', sourceInfo: { sourceType: 'test' } });
    expect(await table.replicated()).toEqual(text(few(1, 4)));
    expect(await isLeft(table)).toBe(0);
    expect(await table.bench.commit(intent)).toBe('already');
    expect(await table.bench.inspect()).toMatchObject({ content: 'ours', rows: 4, missing: [] });
    expect(table.violations()).toEqual([]);
  });

  test('goes on with the numbers after Fabric has removed what it took', async () => {
    const table = newTable();
    await table.bench.settle(1, [{ rows: few(1, 2) }]);
    expect(await table.replicated()).toEqual(text(few(1, 2)));
    fabric.clock.now += 8 * day;
    await fabric.replicator.turn();
    expect(await table.names()).toEqual(['_metadata.json']);
    await table.bench.settle(2, [{ rows: few(3, 4) }]);
    expect(await table.names()).toEqual([numbered(2), '_metadata.json']);
    expect(await table.replicated()).toEqual(text(few(1, 4)));
    expect(await table.bench.inspect()).toMatchObject({ content: 'ours', rows: 4, missing: [] });
    expect(table.violations()).toEqual([]);
  });

  test('updates a row whose key is there', async () => {
    const table = newTable();
    await table.bench.settle(1, [{ rows: [row(1, 1), row(2, 1)] }]);
    await table.bench.settle(2, [{ rows: [row(2, 5), row(3, 5)] }]);
    expect(await table.replicated()).toEqual(text([row(1, 1), row(2, 5), row(3, 5)]));
    expect(table.violations()).toEqual([]);
  });

  test('keeps rows that break a rule out of the landing zone', async () => {
    const table = newTable();
    const bad = { role: 'broken', rows: [{ id: 8, mark: null }] } as const;
    const parts = await table.bench.stage(run(1), [bad, { rows: few(1, 2) }]);
    const intent = await table.bench.decide(run(1), parts);
    expect(intent.parts.map(({ role }) => role).sort()).toEqual(['broken', 'data']);
    expect(await table.bench.commit(intent)).toBe('committed');
    expect(await table.bench.commit(intent)).toBe('already');
    expect(await table.names()).toEqual([numbered(1), '_metadata.json']);
    expect(await collect(files.list(`_hygge/f/${table.name}/quarantine`))).toHaveLength(1);
    await table.bench.settle(2, [{ rows: few(3, 4) }]);
    const head = await (await table.bench.under.open()).head();
    expect(head).toMatchObject({ rows: 4, nextNumber: 3, quarantine: [{ rows: 1, broken: true }] });
    expect(await table.replicated()).toEqual(text(few(1, 4)));
    expect(table.violations()).toEqual([]);
  });

  test('of many parts comes in steps', async () => {
    const table = newTable();
    const [part] = await table.bench.stage(run(1), [{ rows: few(1, 1) }]);
    const more = await Promise.all(few(2, 70).map((one) => table.bench.stage(run(1), [{ rows: [one] }], { slice: one.id })));
    const intent = await table.bench.decide(
      run(1),
      [part, ...more.flat()].filter((one) => one !== undefined),
    );
    const store = await table.bench.under.open();
    expect(await store.commit(intent)).toEqual({ again: 64 });
    expect(await table.replicated()).toHaveLength(64);
    expect(await table.bench.commit(intent)).toBe('committed');
    expect(await table.replicated()).toEqual(text(few(1, 70)));
    expect(table.violations()).toEqual([]);
  });

  test('by two finishers at once happens once', async () => {
    const table = newTable();
    const intent = await decided(table, 1, 1);
    const outcomes = await Promise.all([table.bench.commit(intent), table.bench.commit(intent), table.replicated()]);
    expect(outcomes.slice(0, 2).every((one) => one === 'committed' || one === 'already')).toBe(true);
    expect(await table.replicated()).toEqual(text(few(1, 4)));
    expect(table.violations()).toEqual([]);
  });

  test('of a run that was overtaken changes nothing', async () => {
    const table = newTable();
    const late = await decided(table, 1, 1);
    await table.bench.fence(null, 1);
    expect(await table.bench.commit(late)).toBe('fenced');
    expect(await table.names()).toEqual([]);
  });
});

class Killed extends Error {}

/** Dies at one call of a kind that a commit makes. */
function dying(at: number, when: 'before' | 'after'): { readonly files: FileSystem; readonly calls: () => number } {
  let calls = 0;
  const count = (side: 'before' | 'after') => () => {
    if (side === 'before') calls++;
    if (side === when && calls >= at) throw new Killed(`${when} call ${at}`);
  };
  return { files: brokenFileSystem(files as AppendableFileSystem, { before: count('before'), after: count('after') }), calls: () => calls };
}

describe('a commit that dies at a call', () => {
  /** `works`: the replicator takes what is there between the death and the next finisher. */
  const deaths = [
    { when: 'before', works: true, again: false },
    { when: 'after', works: true, again: true },
    { when: 'before', works: false, again: true },
    { when: 'after', works: false, again: false },
  ] as const;
  test.each(deaths)(
    'is finished exactly, and leaves no gap ($when, Fabric works: $works, rows once more: $again)',
    async ({ when, works, again }) => {
      for (let at = 1; ; at++) {
        const table = newTable();
        const first = await decided(table, 1, 1, again);
        const died = dying(at, when);
        const outcome = await table
          .over(died.files)
          .commit(first)
          .catch((error: unknown) => error);
        if (typeof outcome === 'string') {
          // Head, partner, metadata twice, a rename for each part, head.
          expect(at).toBe(again ? 9 : 8);
          break;
        }
        expect(outcome).toBeInstanceOf(Killed);
        if (works) await table.replicated();
        expect(await table.bench.commit(first)).toMatch(/committed|already/);
        await table.bench.settle(2, [{ rows: few(5, 6) }]);
        expect(await table.replicated()).toEqual(text(few(1, 6)));
        expect(fabric.replicator.table(table.name)?.taken).toEqual([1, 2, 3, ...(again ? [4] : [])].map((number) => numbered(number)));
        expect(await isLeft(table)).toBe(0);
        expect(table.violations()).toEqual([]);
      }
    },
  );
});

/** The answers of all writes are lost once; Fabric takes what is there before the write is sent again. */
function losing(lost: string[]): FileSystem {
  const answered = new Set<string>();
  const once = async <T>(write: string, act: () => Promise<T>): Promise<T> => {
    const answer = await act();
    if (answered.has(write)) return answer;
    answered.add(write);
    lost.push(write);
    await fabric.replicator.turn();
    throw new OutcomeUnknown(`no answer to ${write}`);
  };
  const name = (path: string) => path.slice(path.lastIndexOf('/') + 1);
  return but(files, {
    put: (path, body, how) => once(`put ${name(path)}`, () => files.put(path, body, how)),
    publish: (file) => once(`publish ${name(file.final)}`, () => files.publish(file)),
  });
}

test('rows that are published once more count as Fabric counts them', async () => {
  const table = newTable();
  expect(await table.bench.commit(await decided(table, 1, 1, true))).toBe('committed');
  expect(await table.replicated()).toEqual(text(few(1, 4)));
  const head = await (await table.bench.under.open()).head();
  expect(head?.rows).toBe(fabric.replicator.table(table.name)?.processedRows);
  expect(head).toMatchObject({ rows: 6, nextNumber: 4 });
});

test('a commit whose answers are lost happens once', async () => {
  const table = newTable();
  const lost: string[] = [];
  const intent = await decided(table, 1, 1);
  expect(await table.over(losing(lost)).commit(intent)).toBe('committed');
  const names = ['put _partnerEvents.json', 'put _metadata.json', `publish ${numbered(1)}`, `publish ${numbered(2)}`, 'put current.json'];
  expect(lost).toEqual(names);
  expect(await table.replicated()).toEqual(text(few(1, 4)));
  expect(fabric.replicator.table(table.name)?.taken).toEqual([numbered(1), numbered(2)]);
  expect(table.violations()).toEqual([]);
});

test('finishers that race with each other and with Fabric publish each number once', async () => {
  for (let round = 1; round <= 10; round++) {
    const table = newTable();
    const intent = await decided(table, 1, 1);
    const finishers = Array.from({ length: 3 }, () => table.bench.commit(intent));
    const turns = (async () => {
      for (let turn = 0; turn < 5; turn++) await fabric.replicator.turn();
    })();
    for (const outcome of await Promise.all(finishers)) expect(outcome).toMatch(/^(committed|already)$/);
    await turns;
    expect(await table.replicated()).toEqual(text(few(1, 4)));
    expect(fabric.replicator.table(table.name)?.taken).toEqual([numbered(1), numbered(2)]);
    expect(table.violations()).toEqual([]);
  }
});

test('a finisher that does not look among the taken files is found', async () => {
  const table = newTable();
  const intent = await decided(table, 1, 1);
  // Both files are published, and the head is not moved.
  const heads = but(files, {
    put: (path, body, how) => (path.endsWith('current.json') ? Promise.reject(new Killed()) : files.put(path, body, how)),
  });
  await expect(table.over(heads).commit(intent)).rejects.toThrow(Killed);
  expect(await table.replicated()).toEqual(text(few(1, 4)));
  const blind = but(files, { stat: async (path) => (path.includes('/_ProcessedFiles/') ? undefined : files.stat(path)) });
  expect(await table.over(blind).commit(intent)).toBe('parts lost');
  expect(await table.bench.commit(intent)).toBe('committed');
});

test('metadata that comes after the first file is found', async () => {
  const table = newTable();
  const late: (() => Promise<unknown>)[] = [];
  const hasty = but(files, {
    async put(path, body, how) {
      if (!path.endsWith('_metadata.json')) return files.put(path, body, how);
      late.push(() => files.put(path, body, how));
      return { outcome: 'written', etag: 'late' };
    },
  });
  expect(await table.over(hasty).commit(await decided(table, 1, 1))).toBe('committed');
  await table.replicated();
  for (const put of late) await put();
  await table.bench.settle(2, [{ rows: [row(1, 7)] }]);
  expect([await table.replicated(), table.violations()]).not.toEqual([text([row(1, 7), ...few(2, 4)]), []]);
});

describe('giving a commit up', () => {
  test('leaves its numbers to the next one', async () => {
    const table = newTable();
    const intent = await decided(table, 1, 1);
    expect(await (await table.bench.under.open()).giveUp(intent, reason, 'unseen')).toEqual({ removed: [] });
    expect((await (await table.bench.under.open()).head())?.id).toBe(fenceHeadId(intent));
    expect(await table.bench.commit(intent)).toBe('given up');
    await table.bench.settle(2, [{ rows: few(5, 6) }]);
    expect(await table.names()).toEqual([numbered(1), '_metadata.json']);
    expect(await table.replicated()).toEqual(text(few(5, 6)));
    expect(table.violations()).toEqual([]);
  });

  test.each([true, false])('is refused once a number is published (taken by Fabric: %s)', async (taken) => {
    const table = newTable();
    const intent = await decided(table, 1, 1);
    let published = 0;
    const half = but(files, { publish: (file) => (++published > 1 ? Promise.reject(new Killed()) : files.publish(file)) });
    await expect(table.over(half).commit(intent)).rejects.toThrow(Killed);
    if (taken) await table.replicated();
    const store = await table.bench.under.open();
    expect(await store.giveUp(intent, reason, 'unseen')).toBe('visible');
    await expect(store.giveUp(intent, reason, 'by force')).rejects.toThrow(expect.objectContaining({ code: 'HYG-4114' }));
    expect(await table.bench.commit(intent)).toBe('committed');
    expect(await table.replicated()).toEqual(text(few(1, 4)));
    expect(table.violations()).toEqual([]);
  });

  test('does nothing to a commit that settled', async () => {
    const table = newTable();
    const intent = await table.bench.settle(1, [{ rows: few(1, 2) }]);
    expect(await (await table.bench.under.open()).giveUp(intent, reason, 'by force')).toBe('committed');
  });
});

describe('a reset', () => {
  test('goes on with the numbers, and an older run settles nothing', async () => {
    const table = newTable();
    const settled = await table.bench.settle(1, [{ rows: few(1, 2) }]);
    const late = await decided(table, 2, 11);
    const fence = await table.bench.fence(settled.id, 2);
    expect(fence).toMatchObject({ id: 'fence-1', epoch: 3, rows: 2, nextNumber: 2 });
    expect(await table.bench.fence(settled.id, 2)).toMatchObject({ id: 'fence-1' });
    expect(await table.bench.commit(late)).toBe('fenced');
    const parts = await table.bench.stage(run(4, 'l2'), [{ rows: few(3, 4) }]);
    expect(await table.bench.commit(await table.bench.decide(run(4, 'l2'), parts))).toBe('committed');
    expect(await table.replicated()).toEqual(text(few(1, 4)));
    expect(table.violations()).toEqual([]);
  });
});

describe('a table that can not be gone on with is refused', () => {
  const refused = async (work: Promise<unknown>) =>
    (
      await work.then(
        () => undefined,
        (error: { code?: string }) => error,
      )
    )?.code;
  const next = (bench: Bench, epoch = 2) => bench.settle(epoch, [{ rows: few(3, 4) }]);

  test('because another publisher used the next number', async () => {
    const table = newTable();
    await table.bench.settle(1, [{ rows: few(1, 2) }]);
    await table.put(numbered(2), await rowsFile('id, mark', '(9::bigint, 9::bigint)'));
    expect(await refused(next(table.bench))).toBe('HYG-4111');
  });

  test.each([true, false])('because another publisher uses the number that was decided (taken by Fabric: %s)', async (taken) => {
    const table = newTable();
    await table.bench.settle(1, [{ rows: few(1, 2) }]);
    const intent = await decided(table, 2, 3);
    await table.put(numbered(2), await rowsFile('id, mark', '(9::bigint, 9::bigint)'));
    if (taken) await table.replicated();
    expect(await refused(table.bench.commit(intent))).toBe('HYG-4111');
    expect(await table.replicated()).toEqual(text([...few(1, 2), row(9, 9)]));
    expect(table.violations()).toEqual([]);
  });

  test('because its files have names of another detection', async () => {
    const table = newTable();
    await table.put('20261126_000000_000000_000001.parquet', await rowsFile('id, mark', '(9, 9)'));
    expect(await table.bench.inspect()).toMatchObject({ content: 'foreign', summary: '1 file of a landing zone' });
    expect(await refused(next(table.bench))).toBe('HYG-4111');
  });

  test('because a number is missing', async () => {
    const table = newTable();
    for (const number of [1, 3]) await table.put(numbered(number), await rowsFile('id, mark', `(${number}::bigint, 1::bigint)`));
    expect(await refused(next(table.bench))).toBe('HYG-4112');
    const own = newTable();
    await own.bench.commit(await decided(own, 1, 1));
    await files.remove(`${own.folder}/${numbered(2)}`);
    expect(await refused(next(own.bench))).toBe('HYG-4112');
  });

  test.each([
    ['other keys', '{"keyColumns":["mark"],"isUpsertDefaultRowMarker":true}'],
    ['no keys', '{}'],
    ['another detection', '{"keyColumns":["id"],"isUpsertDefaultRowMarker":true,"fileDetectionStrategy":"LastUpdateTimeFileDetection"}'],
    ['inserts for rows without a marker', '{"keyColumns":["id"]}'],
    ['a torn text', '{"keyColumns":["i'],
  ])('because its metadata has %s', async (_, metadata) => {
    const table = newTable();
    await table.put('_metadata.json', metadata);
    expect(await refused(next(table.bench))).toBe('HYG-4113');
    expect(await table.names()).toEqual(['_metadata.json']);
  });

  test('because the keys of the entity changed', async () => {
    const table = newTable();
    await table.bench.settle(1, [{ rows: few(1, 2) }]);
    expect(await refused(next(table.over(files, ['id', 'mark'])))).toBe('HYG-4113');
  });

  test('because a full load would replace it', async () => {
    const table = newTable();
    await table.bench.settle(1, [{ rows: few(1, 2) }], { what: 'all', foreign: 'keep' });
    const parts = await table.bench.stage(run(2), [{ rows: few(3, 4) }]);
    expect(await refused(table.bench.decide(run(2), parts, { what: 'all', foreign: 'replace' }))).toBe('HYG-4114');
    expect(await table.replicated()).toEqual(text(few(1, 2)));
  });
});

test('numbers of another publisher are gone on with', async () => {
  const table = newTable();
  await table.put('_metadata.json', '{"keyColumns":["id"],"isUpsertDefaultRowMarker":true,"fileDetectionStrategy":"SequentialFileName"}');
  await table.put(numbered(1), await rowsFile('id, mark', '(1::bigint, 1::bigint)'));
  expect(await table.replicated()).toEqual(text(few(1, 1)));
  expect(await table.bench.inspect()).toMatchObject({ content: 'foreign' });
  await table.bench.settle(1, [{ rows: few(2, 3) }]);
  expect(await table.replicated()).toEqual(text(few(1, 3)));
  expect(table.violations()).toEqual([]);
});

test('a table whose folder was deleted is missing', async () => {
  const table = newTable();
  await table.bench.settle(1, [{ rows: few(1, 2) }]);
  for (const name of await table.names()) await files.remove(`${table.folder}/${name}`);
  expect(await table.bench.inspect()).toMatchObject({ content: 'ours', missing: [`${table.folder}/${numbered(1)}`], listedStillThere: 0 });
});
