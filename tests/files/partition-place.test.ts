import { describe, expect, it } from 'vitest';
import { realRandom } from '../../src/adapters/real-random.ts';
import type { Part, Store } from '../../src/engine/contracts/store.ts';
import type { FilesHead } from '../../src/files/store/head/head-log.ts';
import { type FilePlace, liesDirectly, partitionOf } from '../../src/files/store/layout.ts';
import { fileStore } from '../../src/files/store/store.ts';
import type { FileSystem } from '../../src/ports/filesystem.ts';
import { MemoryFileSystem } from '../support/memory-filesystem.ts';
import { preparing } from '../support/prepare-request.ts';
import { jsonLines } from '../support/sim/jsonl-format.ts';
import { adding, baseSchema, type Row, row, SimFrame } from '../support/sim/rows.ts';
import { rowsApart } from '../support/sim/rows-apart.ts';
import { decided, fenced, finalName, namesIn, place as plainPlace, run } from './settling.ts';

const place: FilePlace = { ...plainPlace, partitionBy: ['mark'] };
const zeros = '0'.repeat(19);

function storeOn(files: FileSystem, at: FilePlace = place): Store {
  const scratch = { path: async () => '', free: async () => undefined, [Symbol.asyncDispose]: async () => undefined };
  const more = { where: 'lake/f', format: jsonLines, targetBytes: 1_000_000, apart: rowsApart, random: realRandom(), scratch };
  return fileStore({ files, place: at, ...more });
}

async function staged(store: Store, epoch: number, rows: readonly Row[]): Promise<readonly Part[]> {
  const frames = (async function* () {
    yield { frame: new SimFrame(baseSchema, rows), role: 'data' as const };
  })();
  const request = { run: run(epoch), writing: adding, slice: 0, schema: baseSchema, watermark: null, emptyPart: false };
  return store.stage(request, frames, new AbortController().signal);
}

async function settled(rows: readonly Row[] = [row(1, 1), row(2, null)]) {
  const files = new MemoryFileSystem();
  const store = storeOn(files);
  const parts = await staged(store, 1, rows);
  await store.commit(await decided(store, run(1), parts));
  return { files, store, names: parts.map(finalName) };
}

describe('where a partitioned entity publishes', () => {
  const name = `${zeros}1-mine-00000-000-a.jsonl`;

  it.each([
    ['f/mark=1/', { mark: '1' }],
    ['f/mark=__HIVE_DEFAULT_PARTITION__/', { mark: null }],
    [`f/v=${zeros}1/mark=a%2Fb/`, { mark: 'a/b' }],
    ['f/', undefined],
    [`f/v=${zeros}1/`, undefined],
  ])('%s is a place of its own', (folder, partition) => {
    expect(liesDirectly(place, `${folder}${name}`)).toBe(true);
    expect(partitionOf(place, `${folder}${name}`)).toEqual(partition);
  });

  it.each(['f/inner/', 'f/inner/mark=1/', 'f/mark=1/inner/', 'f/mark=1/day=2/', 'f/day=2/', 'f/mark=1/mark=2/'])('%s is not', (folder) => {
    expect(liesDirectly(place, `${folder}${name}`)).toBe(false);
  });
});

describe('a commit of partitions', () => {
  it('lists them with their values', async () => {
    const { store } = await settled();
    const head = (await store.head()) as FilesHead;
    expect(head.files.map(({ partition, rows }) => ({ partition, rows }))).toEqual([
      { partition: { mark: '1' }, rows: 1 },
      { partition: { mark: null }, rows: 1 },
    ]);
  });

  it('tidies dead files of its own lineage in its partitions, and nothing of an entity that lies deeper or beside', async () => {
    const { files, store } = await settled();
    const dead = [
      `f/mark=1/${zeros}1-mine-00003-000-a.jsonl`,
      `f/mark=9/${zeros}1-mine-00003-000-b.jsonl`,
      `f/${zeros}1-mine-00003-000-c.jsonl`,
    ];
    const alive = [
      `f/mark=1/${zeros}1-other-00000-000-d.jsonl`,
      `f/day=1/${zeros}1-mine-00000-000-e.jsonl`,
      `f/mark=1/inner/${zeros}1-mine-00000-000-f.jsonl`,
      'f/mark=1/theirs.jsonl',
    ];
    for (const path of [...dead, ...alive]) files.plant(path, 'anything');
    const parts = await staged(store, 2, [row(3, 3)]);
    await store.commit(await decided(store, run(2), parts));
    expect((await namesIn(files)).sort()).toEqual([...alive, finalName(parts[0])].sort());
  });

  it('finished by a store that was opened for another layout settles where it was decided', async () => {
    const files = new MemoryFileSystem();
    const parts = await staged(storeOn(files), 1, [row(1, 1)]);
    const intent = await decided(storeOn(files), run(1), parts);
    expect(await storeOn(files, plainPlace).commit(intent)).toEqual({ done: 'committed' });
    expect(await namesIn(files)).toEqual([finalName(parts[0])]);
    expect(await storeOn(files, plainPlace).inspect()).toMatchObject({ done: { content: 'ours', missing: [], rows: 1 } });
  });
});

describe('a full load in another layout', () => {
  it.each([
    ['plain, of what was partitioned', place, plainPlace],
    ['partitioned, of what was plain', plainPlace, place],
    ['by another column', place, { ...place, partitionBy: ['id'] }],
  ])('%s replaces it whole', async (_what, before, after) => {
    const files = new MemoryFileSystem();
    const old = storeOn(files, before);
    await old.commit(await decided(old, run(1), await staged(old, 1, [row(1, 1), row(2, 2)])));
    const now = storeOn(files, after);
    const parts = await staged(now, 2, [row(3, 3)]);
    expect(await now.commit(await decided(now, run(2), parts))).toEqual({ done: 'committed' });
    expect(await namesIn(files)).toEqual(parts.map(finalName));
  });
});

describe('more rows in another layout', () => {
  it.each([
    ['partitioned, after plain ones', plainPlace, place, 'are not partitioned, but new rows would be partitioned by mark.'],
    ['plain, after partitioned ones', place, plainPlace, 'are partitioned by mark, but new rows would be not partitioned.'],
  ])('%s are refused before anything is decided', async (_what, before, after, what) => {
    const files = new MemoryFileSystem();
    const old = storeOn(files, before);
    await old.commit(await decided(old, run(1), await staged(old, 1, [row(1, 1)])));
    const now = storeOn(files, after);
    const parts = await staged(now, 2, [row(3, 3)]);
    const prev = (await now.head())?.id ?? null;
    await expect(now.prepare(preparing({ run: run(2), prev, supersede: { what: 'nothing' }, parts }))).rejects.toMatchObject({
      code: 'HYG-4109',
      what: expect.stringContaining(what),
      tryThis: [expect.stringContaining('hygge go -d -e f.f'), expect.anything()],
    });
  });
});

describe('a fence over partitions', () => {
  it('keeps what is listed, removes what is dead, and leaves what is another’s', async () => {
    const { files, store, names } = await settled();
    const others = [`f/mark=1/inner/${zeros}1-mine-00000-000-b.jsonl`, `f/mark=1/${zeros}1-other-00000-000-c.jsonl`];
    for (const path of [...others, `f/mark=7/${zeros}1-mine-00009-000-d.jsonl`]) files.plant(path, 'anything');
    const { manifest } = await fenced(store);
    expect(manifest.files.map((file) => file.name)).toEqual(names);
    expect((await namesIn(files)).sort()).toEqual([...others, ...names].sort());
  });

  it('without a head takes its own partitions over with their values, and what lies deeper as foreign', async () => {
    const files = new MemoryFileSystem();
    const own = `f/mark=1/${zeros}1-mine-00000-000-a.jsonl`;
    const deeper = `f/mark=1/inner/${zeros}1-mine-00000-000-b.jsonl`;
    for (const path of [own, deeper]) files.plant(path, 'anything');
    const { manifest } = await fenced(storeOn(files));
    expect(manifest.files.map(({ name, role, partition }) => ({ name, role, partition }))).toEqual([
      { name: own, role: 'data', partition: { mark: '1' } },
      { name: deeper, role: 'foreign', partition: undefined },
    ]);
  });

  it('takes a file that was moved into another partition for lost: its folder told the values of its rows', async () => {
    const { files, store, names } = await settled([row(1, 1)]);
    const [name = ''] = names;
    const body = await files.read(name);
    await files.remove(name);
    files.plant(name.replace('mark=1', 'mark=2'), new TextDecoder().decode(body));
    const { manifest } = await fenced(store);
    expect(manifest.files).toEqual([]);
  });
});
