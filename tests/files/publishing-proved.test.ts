import { expect, test } from 'vitest';
import { StoreError } from '../../src/errors/hygge-error.ts';
import { OutcomeUnknown, retry } from '../../src/ports/retry.ts';
import { collect } from '../support/collect.ts';
import { MemoryFileSystem } from '../support/memory-filesystem.ts';
import { decided, run, staged, storeOn } from './settling.ts';

type Proof = { readonly from: string; readonly finals: readonly string[]; readonly removes: readonly string[] };

/** Proves as `answer` does. */
class Proving extends MemoryFileSystem {
  readonly asked: Proof[] = [];
  answer: () => void = () => undefined;

  async provePublishing(how: Proof): Promise<void> {
    this.asked.push(how);
    this.answer();
  }
}

test('a commit is not prepared where its parts could not be published; then it is asked again', async () => {
  const files = new Proving();
  const store = storeOn(files);
  const first = await decided(store, run(1), await staged(store, run(1)));
  expect(await retry(() => store.commit(first))).toEqual({ done: 'committed' });
  const parts = await staged(store, run(2));
  files.answer = () => {
    throw new StoreError({ code: 'HYG-4003', what: 'No permission.', tryThis: ['Give it'] });
  };
  await expect(decided(store, run(2), parts)).rejects.toMatchObject({ code: 'HYG-4003' });
  const [listed] = (await collect(files.list('f'))).map(({ path }) => path);
  expect(files.asked.at(-1)).toEqual({
    from: expect.stringContaining('/staging/00000000000000000002/mine'),
    finals: [expect.stringMatching(/^f\/0{19}2-mine-/)],
    removes: [listed],
  });
  files.answer = () => undefined;
  expect(await retry(async () => store.commit(await decided(store, run(2), parts)))).toEqual({ done: 'committed' });
});

test('an answer that was lost is asked for again', async () => {
  const files = new Proving();
  const store = storeOn(files);
  const parts = await staged(store, run(1));
  files.answer = () => {
    if (files.asked.length === 1) throw new OutcomeUnknown('the disk');
  };
  await decided(store, run(1), parts);
  expect(files.asked).toHaveLength(2);
});
