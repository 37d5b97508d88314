import { describe, expect, it } from 'vitest';
import { OutcomeUnknown } from '../../src/ports/retry.ts';
import { brokenFileSystem } from '../support/broken-filesystem.ts';
import { MemoryFileSystem } from '../support/memory-filesystem.ts';
import { decided, fenced, finalName, namesIn, run, staged, storeOn } from './settling.ts';

const zeros = '0'.repeat(19);

async function settled() {
  const files = new MemoryFileSystem();
  const store = storeOn(files);
  const parts = await staged(store, run(1));
  await store.commit(await decided(store, run(1), parts));
  return { files, store, name: finalName(parts[0]) };
}

describe('a fence', () => {
  it('removes what the head’s own lineage left unlisted, and leaves what is another’s', async () => {
    const { files, store, name } = await settled();
    const others = [`f/${zeros}1-other-00000-000-a.jsonl`, `f/inner/${zeros}1-mine-00000-000-b.jsonl`, 'f/README.md'];
    for (const path of [...others, `f/${zeros}2-mine-00000-000-c.jsonl`]) files.plant(path, 'anything');
    const { manifest } = await fenced(store);
    expect((await namesIn(files)).sort()).toEqual([...others, name].sort());
    expect(manifest.files.map((file) => file.name)).toEqual([name]);
  });

  it('what a zombie of the lineage before publishes after it goes with the next commit', async () => {
    const { files, store } = await settled();
    const { manifest } = await fenced(store);
    files.plant(`f/${zeros}1-mine-00005-000-a.jsonl`, 'anything');
    const next = run(manifest.epoch + 1, 'next');
    const parts = await staged(store, next);
    expect(await store.commit(await decided(store, next, parts))).toEqual({ done: 'committed' });
    expect(await namesIn(files)).toEqual([finalName(parts[0])]);
  });

  it('does what was left to do when only its answer was lost', async () => {
    const { files, name } = await settled();
    let lost = false;
    const broken = brokenFileSystem(files, {
      after: (call, path) => {
        if (lost || call !== 'put' || !path.endsWith('current.json')) return;
        lost = true;
        throw new OutcomeUnknown('no answer');
      },
    });
    const store = storeOn(broken);
    await staged(store, run(2));
    const request = { prev: 'intent-1', id: 'fence-1', lineage: 'next', above: 0, state: 's', keep: false };
    await expect(store.fence(request)).rejects.toThrow(OutcomeUnknown);
    files.plant(`f/${zeros}2-mine-00000-000-c.jsonl`, 'anything');
    expect(await store.fence(request)).toMatchObject({ id: 'fence-1', lineage: 'next' });
    expect(await namesIn(files, '_hygge/f/f/staging')).toEqual([]);
    expect(await namesIn(files)).toEqual([name]);
  });

  it('without a head takes over what is there, but not as its own what another entity published further down', async () => {
    const files = new MemoryFileSystem();
    files.plant(`f/${zeros}1-old-00000-000-a.jsonl`, 'a');
    files.plant(`f/inner/${zeros}1-old-00000-000-b.jsonl`, 'b');
    files.plant('f/README.md', 'c');
    const { manifest } = await fenced(storeOn(files));
    expect(manifest.files.map(({ name, role }) => [name, role])).toEqual([
      [`f/${zeros}1-old-00000-000-a.jsonl`, 'data'],
      [`f/inner/${zeros}1-old-00000-000-b.jsonl`, 'foreign'],
    ]);
  });
});
