import { createCipheriv, hash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { DefectError, StoreError } from '../../src/errors/hygge-error.ts';
import { crc32c } from '../../src/filesystems/gcs/crc32c.ts';
import { comparePaths } from '../../src/filesystems/paths.ts';
import type { Condition, FileSystem, PutOutcome, StagedFile } from '../../src/ports/filesystem.ts';
import { FileNotFound, FileReplaced } from '../../src/ports/filesystem.ts';
import { OutcomeUnknown } from '../../src/ports/retry.ts';
import { collect } from './collect.ts';

/** One empty tree of files, and another way into the same tree, as a second process would have it. */
export interface FileSystemUnderTest extends AsyncDisposable {
  readonly files: FileSystem;
  readonly another: FileSystem;
}

const text = (bytes: Uint8Array | undefined): string | undefined => bytes && new TextDecoder().decode(bytes);
const bytes = (content: string): Uint8Array => new TextEncoder().encode(content);
const fresh = { ifNoneMatch: '*' } as const;

async function* streamOf(...chunks: readonly (Uint8Array | string)[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield typeof chunk === 'string' ? bytes(chunk) : chunk;
}

/** What `checksum` must be for these bytes, in the algorithm that it names. */
function checksumLike(checksum: string, content: Uint8Array): string {
  const [algorithm = ''] = checksum.split(':');
  return `${algorithm}:${sumBy(algorithm, content)}`;
}

function gmac(content: Uint8Array): string {
  const cipher = createCipheriv('aes-128-gcm', Buffer.alloc(16), Buffer.alloc(12));
  cipher.setAAD(content);
  cipher.final();
  return cipher.getAuthTag().toString('hex');
}

function sumBy(algorithm: string, content: Uint8Array): string {
  if (algorithm === 'gmac') return gmac(content);
  if (algorithm === 'crc32c') return crc32c(content).toString(16).padStart(8, '0');
  const [name = '', blockBytes] = algorithm.split('/');
  if (blockBytes === undefined) return hash(name, content);
  const size = Number(blockBytes);
  const blocks = Array.from({ length: Math.ceil(content.byteLength / size) }, (_, i) => content.subarray(i * size, (i + 1) * size));
  return hash(name, Buffer.concat(blocks.map((block) => hash(name, block, 'buffer'))));
}

const paths = async (files: FileSystem, folder = ''): Promise<string[]> => (await collect(files.list(folder))).map((file) => file.path);

function etagOf(outcome: PutOutcome): string {
  if (outcome.outcome !== 'written') throw new Error(`expected a written file, got ${outcome.outcome}`);
  return outcome.etag;
}

/** Names that a person, a source system or an attacker may come up with, and that every file system must keep apart. */
const unusualNames = [
  'sp ace',
  'per%41cent',
  'Ünïcödé',
  '日本語',
  '🪵🔥',
  'quo\'te"s',
  '#hash?query=1&x',
  '-dash',
  '~tilde',
  '{curly}[square]',
  'a'.repeat(200),
];

const hostilePaths = [
  '',
  '/absolute',
  '../up',
  'a/../../up',
  'a/./b',
  '.',
  '..',
  'a//b',
  'a/',
  'nul\0byte',
  'line\nbreak',
  'tab\there',
  'del\x7f',
  '\ud800half',
  '.hygge-lock',
  'a/.hygge-tmp-1',
  'a'.repeat(256),
  `${'é'.repeat(128)}.txt`,
];

/** Files in a folder that is listed, files that are staged at once, writers of one file, and paths that all file systems refuse by one function. */
const few = { listed: 24, staged: 12, writers: 6, hostile: hostilePaths.filter((_, i) => i % 4 === 0) };
export const many = { listed: 140, staged: 48, writers: 12, hostile: hostilePaths };

/** What every filesystem must do; a new one is done when this passes. It is tried with few files where each costs some requests. */
export function filesystemConformance(name: string, open: () => Promise<FileSystemUnderTest>, sizes = few): void {
  describe(`${name} keeps the rules of a file system`, () => {
    let under: FileSystemUnderTest;
    let files: FileSystem;
    let another: FileSystem;

    beforeEach(async () => {
      under = await open();
      ({ files, another } = under);
    });
    afterEach(() => under[Symbol.asyncDispose]());

    const stage = (staged: string, final: string, ...chunks: readonly (Uint8Array | string)[]): Promise<StagedFile> =>
      files.stage({ staged, final }, streamOf(...chunks));

    describe('reading', () => {
      test('an absent file is undefined to stat and get, and FileNotFound to read', async () => {
        expect(await files.stat('no/such/file')).toBeUndefined();
        expect(await files.get('no/such/file')).toBeUndefined();
        await expect(files.read('no/such/file')).rejects.toThrow(FileNotFound);
        await expect(files.read('no/such/file', { start: 0, end: 1 })).rejects.toThrow(FileNotFound);
      });

      test('a folder is not a file', async () => {
        await files.put('folder/file', bytes('x'), fresh);
        expect(await files.stat('folder')).toBeUndefined();
        expect(await files.get('folder')).toBeUndefined();
        await expect(files.read('folder')).rejects.toThrow(FileNotFound);
      });

      test('below a file there is nothing', async () => {
        await files.put('file', bytes('x'), fresh);
        expect(await files.stat('file/below')).toBeUndefined();
        expect(await files.get('file/below')).toBeUndefined();
        expect(await paths(files, 'file')).toEqual([]);
      });

      test('a range ends before its end and is cut at the end of the file', async () => {
        await files.put('digits', bytes('0123456789'), fresh);
        expect(text(await files.read('digits', { start: 2, end: 5 }))).toBe('234');
        expect(text(await files.read('digits', { start: 8, end: 50 }))).toBe('89');
        expect(text(await files.read('digits', { start: 10, end: 12 }))).toBe('');
        expect(text(await files.read('digits', { start: 40, end: 50 }))).toBe('');
        expect(text(await files.read('digits', { start: 3, end: 3 }))).toBe('');
      });

      test('a version that is meant is read, or told to be another one by now', async ({ skip }) => {
        if (!files.readsVersions) skip('its readers look before and after');
        const first = await files.put('file', bytes('one'), fresh);
        const etag = (await collect(files.list('')))[0]?.etag;
        const looked = vi.spyOn(files, 'stat');
        const withBytes = [undefined, { start: 1, end: 3 }];
        for (const [i, range] of withBytes.entries()) expect(text(await files.read('file', range, { etag }))).toBe(['one', 'ne'][i]);
        expect(looked, 'what is answered tells its version').not.toHaveBeenCalled();
        const everyWay = [...withBytes, { start: 1, end: 1 }, { start: 7, end: 9 }];
        for (const range of everyWay.slice(2)) expect(text(await files.read('file', range, { etag }))).toBe('');
        await files.put('file', bytes('two'), { ifMatch: etagOf(first) });
        for (const range of everyWay) await expect(files.read('file', range, { etag })).rejects.toThrow(FileReplaced);
        expect(text(await files.read('file', undefined, { etag: (await files.stat('file'))?.etag }))).toBe('two');
      });

      test('stat and list tell size, time, and an etag that changes with the content', async () => {
        const first = await files.put('file', bytes('one'), fresh);
        const before = await files.stat('file');
        expect(before).toMatchObject({ path: 'file', bytes: 3 });
        expect(Date.parse(before?.modifiedAt ?? '')).not.toBeNaN();
        expect(await collect(files.list(''))).toEqual([before]);
        expect(await files.stat('file')).toEqual(before);
        await files.put('file', bytes('three'), { ifMatch: etagOf(first) });
        expect((await files.stat('file'))?.etag).not.toBe(before?.etag);
      });
    });

    describe('listing', () => {
      test('an absent folder and an empty root have no files', async () => {
        expect(await paths(files)).toEqual([]);
        expect(await paths(files, 'nowhere/at/all')).toEqual([]);
      });

      test('every file below a folder comes, in the order of whole paths, whatever the folders in between', async () => {
        const created = ['b', 'a/z', 'a-b/x', 'a.txt', 'A', 'a b', 'ab/c/d', 'é', 'zz/😀', 'zz/\ufb01'];
        for (const path of created) await files.put(path, bytes(path), fresh);
        expect(await paths(files)).toEqual([...created].sort(comparePaths));
        expect(await paths(files)).toEqual([...created].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
        expect(await paths(files, 'a')).toEqual(['a/z']);
        expect(await paths(files, 'zz')).toEqual(['zz/\ufb01', 'zz/😀']);
      });

      test('a folder of many files is complete', async () => {
        const created = Array.from({ length: sizes.listed }, (_, i) => `many/${i}`);
        await Promise.all(created.map((path) => files.put(path, bytes('x'), fresh)));
        expect(await paths(files, 'many')).toEqual([...created].sort(comparePaths));
      });

      test('a listing that is left early does no harm', async () => {
        for (const path of ['a', 'b', 'c']) await files.put(path, bytes('x'), fresh);
        for await (const file of files.list('')) {
          expect(file.path).toBe('a');
          break;
        }
        expect(await paths(files)).toEqual(['a', 'b', 'c']);
      });
    });

    describe('staging and publishing', () => {
      test('a staged file is not there under its final name; publishing puts it there and takes it from staging', async () => {
        const staged = await stage('_s/1/p-x', 'data/p.bin', 'hello, ', '', 'world');
        expect(staged).toMatchObject({ staged: '_s/1/p-x', final: 'data/p.bin', bytes: 12 });
        expect(staged.checksum).toBe(checksumLike(staged.checksum, bytes('hello, world')));
        expect(await files.stat('data/p.bin')).toBeUndefined();
        expect(await collect(files.staged('_s'))).toMatchObject([{ staged: '_s/1/p-x' }]);
        expect(await files.publish(staged)).toBe('published');
        expect(text(await files.read('data/p.bin'))).toBe('hello, world');
        expect(await collect(files.staged('_s'))).toEqual([]);
      });

      test('what stage answers travels as JSON and is published from another process', async () => {
        const staged = await stage('_s/a', 'data/a', 'x');
        expect(await another.publish(JSON.parse(JSON.stringify(staged)) as StagedFile)).toBe('published');
        expect(text(await files.read('data/a'))).toBe('x');
      });

      test('publishing again answers already, also when both publish at once', async () => {
        const staged = await stage('_s/a', 'deep/down/a', 'x');
        const outcomes = await Promise.all([
          files.publish(staged),
          another.publish(staged),
          files.publish(staged),
          another.publish(staged),
        ]);
        expect(outcomes).toContain('published');
        expect(new Set(outcomes)).toBeOneOf([new Set(['published']), new Set(['published', 'already'])]);
        expect(text(await files.read('deep/down/a'))).toBe('x');
        expect(await files.publish(staged)).toBe('already');
      });

      test('a file that was never staged, or was published and then removed, is gone', async () => {
        const staged = await stage('_s/a', 'data/a', 'x');
        expect(await files.publish({ ...staged, staged: '_s/b', final: 'data/b' })).toBe('gone');
        await files.publish(staged);
        await files.remove('data/a');
        expect(await files.publish(staged)).toBe('gone');
        expect(await paths(files)).toEqual([]);
      });

      test('a file without a byte, and one of many megabytes, arrive as they were', async () => {
        const empty = await stage('_s/0', 'empty');
        const chunk = new Uint8Array(1024 * 1024).map((_, i) => i % 251);
        const large = await stage('_s/1', 'large', ...Array.from({ length: 5 }, () => chunk));
        await Promise.all([files.publish(empty), files.publish(large)]);
        expect([empty.bytes, large.bytes]).toEqual([0, 5 * 1024 * 1024]);
        expect((await files.read('empty')).byteLength).toBe(0);
        expect(large.checksum).toBe(checksumLike(large.checksum, await files.read('large')));
      });

      test('a stream that fails fails the staging with its own error, and nothing can be published', async () => {
        const failing = async function* (): AsyncGenerator<Uint8Array> {
          yield bytes('half');
          throw new RangeError('the source broke');
        };
        await expect(files.stage({ staged: '_s/a', final: 'data/a' }, failing())).rejects.toThrow(new RangeError('the source broke'));
        expect(await files.publish({ staged: '_s/a', final: 'data/a', bytes: 4, checksum: 'sha256:0' })).toBe('gone');
        expect(await collect(files.staged('_s'))).toEqual([]);
      });

      test('a staged name is used once', async () => {
        const first = await stage('_s/a', 'data/a', 'first');
        await expect(stage('_s/a', 'data/a', 'second')).rejects.toThrow(DefectError);
        await files.publish(first);
        expect(text(await files.read('data/a'))).toBe('first');
      });

      test('publishing never overwrites other content', async () => {
        await files.put('data/a', bytes('settled'), fresh);
        const staged = await stage('_s/a', 'data/a', 'other');
        await expect(files.publish(staged)).rejects.toThrow(DefectError);
        expect(text(await files.read('data/a'))).toBe('settled');
      });

      test('discarding removes a staged file, and an absent one is fine', async () => {
        const staged = await stage('_s/a', 'data/a', 'x');
        await files.discard(staged);
        await files.discard(staged);
        expect(await files.publish(staged)).toBe('gone');
        expect(await collect(files.staged('_s'))).toEqual([]);
      });

      test('a file that was put below staged names is found and discarded with them, and read until then', async () => {
        const staged = await stage('_s/a', 'data/a', 'x');
        await files.put('_s/aside-0', bytes('0123456789'), fresh);
        expect((await collect(files.staged('_s'))).map((one) => one.staged).sort()).toEqual(['_s/a', '_s/aside-0']);
        expect(text(await files.read('_s/aside-0', { start: 2, end: 5 }))).toBe('234');
        for (const one of await collect(files.staged('_s'))) await files.discard(one);
        expect(await collect(files.staged('_s'))).toEqual([]);
        await expect(files.read('_s/aside-0')).rejects.toThrow(FileNotFound);
        expect(await files.publish(staged)).toBe('gone');
      });

      test('many files staged, published and discarded at once, in folders that come and go, all end well', async () => {
        const one = async (i: number): Promise<string> => {
          const staged = await stage(`_s/${i % 3}/${i}`, `data/p=${i % 5}/${i}`, `content ${i}`);
          if (i % 4 === 0) return files.discard(staged).then(() => 'discarded');
          return files.publish(staged);
        };
        const outcomes = await Promise.all(Array.from({ length: sizes.staged }, (_, i) => one(i)));
        expect(outcomes.filter((outcome) => outcome === 'published')).toHaveLength((sizes.staged / 4) * 3);
        expect(await paths(files, 'data')).toHaveLength((sizes.staged / 4) * 3);
        expect(await collect(files.staged('_s'))).toEqual([]);
      });
    });

    describe('conditional writes', () => {
      /** One wins at most, and what is there is the winner's; only of one whose outcome is open it need not be known that it won. */
      const race = async (path: string, condition: Condition): Promise<void> => {
        const writing = async (i: number) => {
          const put = (i % 2 ? files : another).put(path, bytes(`writer ${i}`), condition);
          return await put.then(
            ({ outcome }) => outcome,
            (error: unknown) => (error instanceof OutcomeUnknown ? 'unknown' : Promise.reject(error)),
          );
        };
        const outcomes = await Promise.all(Array.from({ length: sizes.writers }, (_, i) => writing(i)));
        const winners = outcomes.flatMap((outcome, i) => (outcome === 'written' ? [`writer ${i}`] : []));
        const open = outcomes.flatMap((outcome, i) => (outcome === 'unknown' ? [`writer ${i}`] : []));
        expect(winners.length).toBeLessThanOrEqual(1);
        expect(winners.length === 1 ? winners : open).toContain(text((await files.get(path))?.body));
      };

      test('put if none match creates once', async () => {
        const first = await files.put('a/b', bytes('one'), fresh);
        expect(first.outcome).toBe('written');
        expect(await another.put('a/b', bytes('two'), fresh)).toEqual({ outcome: 'refused' });
        expect(text((await files.get('a/b'))?.body)).toBe('one');
      });

      test('get and put answer the same etag, and put if match wants exactly that', async () => {
        const created = etagOf(await files.put('a', bytes('one'), fresh));
        expect((await another.get('a'))?.etag).toBe(created);
        const changed = etagOf(await another.put('a', bytes('two'), { ifMatch: created }));
        expect(changed).not.toBe(created);
        expect(await files.put('a', bytes('three'), { ifMatch: created })).toEqual({ outcome: 'refused' });
        expect(text((await files.get('a'))?.body)).toBe('two');
        expect((await files.put('a', bytes('three'), { ifMatch: changed })).outcome).toBe('written');
        expect(text(await another.read('a'))).toBe('three');
      });

      test('what was read before is not answered from memory: another may have changed it since', async () => {
        expect(await files.get('a')).toBeUndefined();
        let etag = etagOf(await another.put('a', bytes('one'), fresh));
        for (const content of ['two', 'three']) {
          expect((await files.get('a'))?.etag).toBe(etag);
          etag = etagOf(await another.put('a', bytes(content), { ifMatch: etag }));
          expect(text((await files.get('a'))?.body)).toBe(content);
        }
      });

      test('put if match never creates', async () => {
        expect(await files.put('a', bytes('x'), { ifMatch: 'whatever' })).toEqual({ outcome: 'refused' });
        const etag = etagOf(await files.put('a', bytes('x'), fresh));
        await files.remove('a');
        expect(await files.put('a', bytes('y'), { ifMatch: etag })).toEqual({ outcome: 'refused' });
        expect(await paths(files)).toEqual([]);
      });

      test('of many who create the same file at once one wins, and the file is that one', async () => {
        await race('d/race', fresh);
      });

      test('of many who swap the same content at once one wins', async () => {
        const ifMatch = etagOf(await files.put('race', bytes('start'), fresh));
        await race('race', { ifMatch });
      });

      test('refused and finished writes leave nothing else behind', async () => {
        const ifMatch = etagOf(await files.put('a', bytes('1'), fresh));
        await files.put('a', bytes('2'), fresh);
        await files.put('a', bytes('2'), { ifMatch });
        await files.put('a', bytes('3'), { ifMatch });
        expect(await paths(files)).toEqual(['a']);
      });
    });

    describe('removing', () => {
      test('a removed file is away, and removing it again is fine', async () => {
        await files.put('a/b/c', bytes('x'), fresh);
        await files.remove('a/b/c');
        await files.remove('a/b/c');
        expect(await files.stat('a/b/c')).toBeUndefined();
        expect(await paths(files)).toEqual([]);
      });

      test('neighbours stay', async () => {
        for (const path of ['a/b/c', 'a/b/d', 'a/e']) await files.put(path, bytes('x'), fresh);
        await files.remove('a/b/c');
        expect(await paths(files)).toEqual(['a/b/d', 'a/e']);
      });
    });

    describe('names', () => {
      test('a file with an unusual name is one like any other', async () => {
        for (const name of unusualNames) {
          const put = await files.put(`f/${name}`, bytes(name), fresh);
          const staged = await stage(`_s/${name}`, `d/${name}/${name}`, name);
          expect(await files.publish(staged)).toBe('published');
          expect((await files.put(`f/${name}`, bytes(`${name}2`), { ifMatch: etagOf(put) })).outcome).toBe('written');
          expect(text(await files.read(`d/${name}/${name}`))).toBe(name);
        }
        const published = unusualNames.map((name) => `d/${name}/${name}`);
        const small = unusualNames.map((name) => `f/${name}`);
        expect(await paths(files)).toEqual([...published, ...small].sort(comparePaths));
        for (const path of small) await files.remove(path);
        expect(await paths(files)).toEqual([...published].sort(comparePaths));
      });

      test('two spellings of one letter are two files', async () => {
        await files.put('n/\u00e9', bytes('composed'), fresh);
        await files.put('n/e\u0301', bytes('decomposed'), fresh);
        expect(text(await files.read('n/\u00e9'))).toBe('composed');
      });

      test.each(sizes.hostile)('%j is never written to', async (path) => {
        const file = { staged: path, final: 'ok', bytes: 0, checksum: '' };
        // Services hold files under such names, which can be looked for there; elsewhere they are refused.
        for (const look of [() => files.stat(path), () => files.read(path), () => files.remove(path)]) {
          const seen: unknown = await look().catch((thrown: unknown) => thrown);
          if (seen === undefined || seen instanceof FileNotFound) continue;
          expect(seen).toMatchObject({ code: expect.stringMatching(/^HYG-400[18]$/), tryThis: [expect.any(String)] });
        }
        const calls: (() => Promise<unknown>)[] = [
          () => files.get(path),
          () => files.stage({ staged: path, final: 'ok' }, streamOf('x')),
          () => files.stage({ staged: 'ok', final: path }, streamOf('x')),
          () => files.publish(file),
          () => files.publish({ ...file, staged: 'ok', final: path }),
          () => files.discard(file),
          () => files.put(path, bytes('x'), fresh),
          () => files.put(path, bytes('x'), { ifMatch: 'x' }),
          ...(path === '' ? [] : [() => collect(files.list(path)), () => collect(files.staged(path))]),
        ];
        for (const call of calls) {
          const error: unknown = await call().then(
            () => undefined,
            (thrown: unknown) => thrown,
          );
          expect(error).toBeInstanceOf(StoreError);
          expect(error).toMatchObject({ code: 'HYG-4001', tryThis: [expect.any(String)] });
        }
        expect(await paths(files)).toEqual([]);
      });
    });
  });
}
