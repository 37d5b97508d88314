import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { comparePaths } from '../../src/filesystems/paths.ts';
import { MemoryFileSystem } from '../support/memory-filesystem.ts';
import { SEED } from '../support/samples.ts';
import { sha256 } from '../support/sha256.ts';

const bytes = (content: string): Uint8Array => new TextEncoder().encode(content);
const fresh = { ifNoneMatch: '*' } as const;

test('two filesystems that saw the same calls are the same in every detail', async () => {
  const worked = async (): Promise<unknown> => {
    const files = new MemoryFileSystem();
    await files.put('a', bytes('1'), fresh);
    await files.append('log', bytes('line'));
    const listed: unknown[] = [];
    for await (const file of files.list('')) listed.push(file);
    return [listed, await files.get('a'), [...files.snapshot()]];
  };
  expect(await worked()).toEqual(await worked());
});

test('a clone goes its own way', async () => {
  const files = new MemoryFileSystem();
  await files.put('a', bytes('1'), fresh);
  const copy = files.clone();
  await files.put('b', bytes('2'), fresh);
  await copy.remove('a');
  expect([...files.snapshot().keys()]).toEqual(['a', 'b']);
  expect([...copy.snapshot().keys()]).toEqual([]);
});

test('bytes handed out or in are copies: changing them changes no file', async () => {
  const files = new MemoryFileSystem();
  const given = bytes('abc');
  await files.put('a', given, fresh);
  given.fill(0);
  (await files.read('a')).fill(0);
  files.snapshot().get('a')?.fill(0);
  expect(await files.read('a')).toEqual(bytes('abc'));
});

test('it remembers every name that was created again after it was removed', async () => {
  const files = new MemoryFileSystem();
  await files.put('a', bytes('1'), fresh);
  await files.remove('a');
  await files.put('a', bytes('2'), fresh);
  expect(files.reused).toEqual(['a']);
  const staged = await files.stage({ staged: 's', final: 'f' }, (async function* () {})());
  await files.publish(staged);
  await files.stage({ staged: 's', final: 'g' }, (async function* () {})());
  expect(files.clone().reused).toEqual(['a', 's']);
});

test('an etag from a listing is not good for a conditional write', async () => {
  const files = new MemoryFileSystem();
  await files.put('a', bytes('1'), fresh);
  expect(await files.put('a', bytes('2'), { ifMatch: (await files.stat('a'))?.etag ?? '' })).toEqual({ outcome: 'refused' });
});

test('its hash is SHA-256', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (input) => sha256(input) === createHash('sha256').update(input).digest('hex')),
    { seed: SEED },
  );
});

test('paths are ordered by their UTF-8 bytes', () => {
  const path = fc.string({ unit: 'binary', maxLength: 5 }).filter((value) => value.isWellFormed());
  fc.assert(
    fc.property(path, path, (a, b) => Math.sign(comparePaths(a, b)) === Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b)))),
    { seed: SEED, numRuns: 2000 },
  );
});
