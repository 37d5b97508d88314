import { expect, test } from 'vitest';
import { MemoryFileSystem } from '../support/memory-filesystem.ts';
import { decided, place, run, staged, storeOn } from './settling.ts';

/** Heads of a lake outlive the hygge that wrote them: an older one, and programs of other people, read these bytes. */

async function written(files: MemoryFileSystem, path = '_hygge/f/f/current.json') {
  const found = await files.get(path);
  const text = new TextDecoder().decode(found?.body);
  const value = JSON.parse(text) as Record<string, unknown>;
  return { value, names: Object.keys(value), isPlain: text === `${JSON.stringify(value, null, 1)}\n` };
}

async function giveUp(files: MemoryFileSystem, epoch: number) {
  const store = storeOn(files);
  const intent = await decided(store, run(epoch), await staged(store, run(epoch)));
  await store.giveUp(intent, { code: 'EACCES', reason: 'no right' }, 'by force');
}

const names = [
  'version',
  'id',
  'prev',
  'epoch',
  'lineage',
  'state',
  'flow',
  'entity',
  'watermark',
  'boundary',
  'schema',
  'rows',
  'bytes',
  'files',
];

test('the head of a commit is version 1, its parts in the order that they have always had', async () => {
  const files = new MemoryFileSystem();
  const store = storeOn(files);
  const intent = await decided(store, run(1), await staged(store, run(1)));
  await store.commit(intent);
  const head = await written(files);
  expect([head.names, head.isPlain, head.value.version]).toEqual([names, true, 1]);
  expect(head.value).toMatchObject({
    id: 'intent-1',
    prev: null,
    epoch: 1,
    lineage: 'mine',
    flow: place.flow,
    entity: place.entity,
    rows: 3,
  });
  expect(Object.keys((head.value.files as object[])[0] ?? {})).toEqual(['name', 'bytes', 'rows', 'role', 'checksum', 'looks']);
});

test('the record of a commit lies next to it, by epoch and id', async () => {
  const files = new MemoryFileSystem();
  const store = storeOn(files);
  const intent = await decided(store, run(1), await staged(store, run(1)));
  await store.commit(intent);
  const record = await written(files, '_hygge/f/f/commits/00000000000000000001-intent-1.json');
  const parts = ['version', 'id', 'prev', 'epoch', 'lineage', 'entity_run_id', 'mode', 'watermark', 'rows', 'adds', 'removes'];
  expect([record.names, record.isPlain]).toEqual([parts, true]);
  expect(record.value).toMatchObject({ version: 1, entity_run_id: 'run-1', mode: 'full', watermark: null, rows: 3, removes: [] });
});

test('the fence of a refused commit is version 2, for an older hygge would misread it', async () => {
  const files = new MemoryFileSystem();
  const store = storeOn(files);
  await store.commit(await decided(store, run(1), await staged(store, run(1))));
  await giveUp(files, 2);
  const head = await written(files);
  expect([head.names, head.isPlain, head.value.version]).toEqual([[...names, 'reason'], true, 2]);
});

test('so is that of a first commit, whose parts are in an order of their own', async () => {
  const files = new MemoryFileSystem();
  await giveUp(files, 1);
  const own = ['flow', 'entity', 'rows', 'bytes', 'files', 'lineage', 'state', 'watermark', 'boundary', 'schema', 'nothing'];
  const all = [...own, 'id', 'prev', 'epoch', 'reason', 'version'];
  const head = await written(files);
  expect([head.names, head.isPlain, head.value.version]).toEqual([all, true, 2]);
  await giveUp(files, 2);
  expect((await written(files)).names).toEqual(all);
});
