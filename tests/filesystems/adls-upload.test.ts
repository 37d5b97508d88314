import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { adlsFileSystem } from '../../src/filesystems/adls/adls.ts';
import { type AdlsStage, adlsStage } from './adls-stage.ts';

let stage: AdlsStage;
beforeAll(async () => {
  stage = await adlsStage();
});
afterAll(() => stage[Symbol.asyncDispose]());

const megabyte = 1024 * 1024;

test('an upload takes no more from its source than three blocks, and arrives whole when they come in any order', async () => {
  const files = await adlsFileSystem(stage.place(stage.folder()), stage);
  const [twoCame, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let appends = 0;
  stage.azure.dfs.rule(({ query }) => {
    if (query.get('action') !== 'append') return undefined;
    appends++;
    if (appends === 2) twoCame.resolve();
    // The first is carried out last.
    return { hold: appends === 1 ? released.promise.then(async () => void (await turn())) : released.promise };
  });
  let taken = 0;
  async function* source(): AsyncGenerator<Uint8Array> {
    for (let i = 0; i < 32; i++) {
      taken++;
      yield new Uint8Array(megabyte).fill(i);
    }
  }
  const doing = files.stage({ staged: 's/a', final: 'a' }, source());
  await twoCame.promise;
  for (let i = 0; i < 200; i++) await turn();
  expect(taken).toBeLessThanOrEqual(24);
  expect(appends).toBe(2);
  released.resolve();
  const staged = await doing;
  expect(await files.publish(staged)).toBe('published');
  expect(staged.bytes).toBe(32 * megabyte);
  for (let i = 0; i < 32; i += 5)
    expect(new Set(await files.read('a', { start: i * megabyte, end: (i + 1) * megabyte }))).toEqual(new Set([i]));
  stage.azure.dfs.rule(() => undefined);
});
