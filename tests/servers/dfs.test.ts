import { DataLakeFileSystemClient } from '@azure/storage-file-datalake';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { account, filesystem } from '../support/azure-hosts/azure.ts';
import { collect } from '../support/collect.ts';
import { azureForTests, once, said, servicePrincipal, text, url, written } from './lake-account.ts';

const azure = azureForTests();
let raw: DataLakeFileSystemClient;
let folder = '';
let made = 0;

beforeAll(() => {
  raw = new DataLakeFileSystemClient(url, servicePrincipal(), once);
});
beforeEach(() => {
  folder = `test-${++made}`;
});

const file = (path: string) => raw.getFileClient(`${folder}/${path}`);
const write = (path: string, content: string) => written(raw, `${folder}/${path}`, content);
const content = (path: string) => text(raw, `${folder}/${path}`);
const ifNew = { destinationConditions: { ifNoneMatch: '*' } } as const;

describe('writing', () => {
  test('a file is created, appended to in any order, flushed and read', async () => {
    await file('a/b').create();
    await file('a/b').append('world', 6, 5);
    await file('a/b').append('hello ', 0, 6);
    await file('a/b').flush(11);
    expect(await content('a/b')).toBe('hello world');
  });

  test('what is appended is not read before it is flushed', async () => {
    await file('x').create();
    await file('x').append('abc', 0, 3);
    expect((await file('x').getProperties()).contentLength).toBe(0);
  });

  test('what is appended twice at one place is there once', async () => {
    await file('x').create();
    await file('x').append('abc', 0, 3);
    await file('x').append('abc', 0, 3);
    await file('x').flush(3);
    expect(await content('x')).toBe('abc');
  });

  test.each([
    ['beyond what was appended', 5],
    ['inside of what was appended', 2],
  ])('a flush %s is refused', async (_, position) => {
    await file('x').create();
    await file('x').append('abc', 0, 3);
    expect(await said(file('x').flush(position))).toEqual({ status: 400, code: 'InvalidFlushPosition' });
  });

  test('a flush over a hole is refused', async () => {
    await file('x').create();
    await file('x').append('abc', 0, 3);
    await file('x').append('def', 4, 3);
    expect(await said(file('x').flush(7))).toEqual({ status: 400, code: 'InvalidFlushPosition' });
  });

  test('a flush that is asked for again changes nothing of the content', async () => {
    await write('x', 'abc');
    await file('x').flush(3);
    expect(await content('x')).toBe('abc');
  });

  test('a file is created over another only where no condition forbids it', async () => {
    await write('x', 'abc');
    expect(await said(file('x').create({ conditions: { ifNoneMatch: '*' } }))).toEqual({ status: 409, code: 'PathAlreadyExists' });
    await file('x').create();
    expect(await content('x')).toBe('');
  });

  test('each change brings another etag', async () => {
    const { etag: created } = await file('x').create();
    await file('x').append('abc', 0, 3);
    const { etag: flushed } = await file('x').flush(3);
    const { etag: described } = await file('x').setMetadata({ a: 'b' });
    expect(new Set([created, flushed, described]).size).toBe(3);
    expect((await file('x').getProperties()).etag).toBe(described);
  });

  test('an etag that is not the present one is refused', async () => {
    const etag = await write('x', 'abc');
    await file('x').setMetadata({ a: 'b' });
    for (const act of [file('x').delete(false, { conditions: { ifMatch: etag } }), file('x').flush(3, { conditions: { ifMatch: etag } })]) {
      expect(await said(act)).toEqual({ status: 412, code: 'ConditionNotMet' });
    }
  });

  test('metadata is told as it was given', async () => {
    await file('x').create({ metadata: { write: 'abc+/=1' } });
    expect((await file('x').getProperties()).metadata).toEqual({ write: 'abc+/=1' });
  });

  test('no file goes below a file', async () => {
    await write('x', 'abc');
    expect(await said(file('x/y').create())).toEqual({ status: 409, code: 'PathConflict' });
  });

  test('names keep every character, also when they are renamed', async () => {
    const names = ['sp ace', 'per%41cent', 'Ünïcödé', '日本語', '#hash', '+plus', "quo'te", '{a}[b]'];
    for (const name of names) await write(`names/${name}`, name);
    for (const name of names) await file(`names/${name}`).move(`${folder}/names/to ${name.replaceAll('%', '%25').replaceAll('#', '%23')}`);
    const found = await collect(raw.listPaths({ path: `${folder}/names` }));
    expect(found.map((one) => one.name?.slice(`${folder}/names/`.length)).toSorted()).toEqual(names.map((name) => `to ${name}`).toSorted());
  });
});

describe('renaming', () => {
  test('consumes its source and keeps its etag', async () => {
    const etag = await write('from', 'new');
    await file('from').move(`${folder}/to`, { conditions: { ifMatch: etag }, ...ifNew });
    expect(await said(file('from').move(`${folder}/again`))).toEqual({ status: 404, code: 'SourcePathNotFound' });
    expect((await file('to').getProperties()).etag).toBe(etag);
  });

  test('replaces nothing under a condition', async () => {
    await write('from', 'new');
    await write('to', 'old');
    expect(await said(file('from').move(`${folder}/to`, ifNew))).toEqual({ status: 409, code: 'PathAlreadyExists' });
    expect(await content('to')).toBe('old');
  });

  test('replaces a file without one', async () => {
    await write('from', 'new');
    await write('to', 'old');
    await file('from').move(`${folder}/to`);
    expect(await content('to')).toBe('new');
  });

  test('of another source than the one that was meant is refused', async () => {
    const etag = await write('from', 'new');
    await write('from', 'newer');
    expect(await said(file('from').move(`${folder}/to`, { conditions: { ifMatch: etag } }))).toEqual({
      status: 412,
      code: 'SourceConditionNotMet',
    });
  });

  test('makes no folders', async () => {
    await write('from', 'x');
    expect(await said(file('from').move(`${folder}/not/there`))).toEqual({ status: 404, code: 'RenameDestinationParentPathNotFound' });
  });

  test('takes a folder with all that is in it, and not into itself', async () => {
    await write('a/b/c', 'x');
    const a = raw.getDirectoryClient(`${folder}/a`);
    expect(await said(a.move(`${folder}/a/b/d`))).toEqual({ status: 409, code: 'InvalidRenameSourcePath' });
    await a.move(`${folder}/z`);
    expect(await content('z/b/c')).toBe('x');
  });

  test('one of two that race is told that it was done', async () => {
    await write('from', 'x');
    const both = await Promise.all([said(file('from').move(`${folder}/to`, ifNew)), said(file('from').move(`${folder}/to`, ifNew))]);
    expect(both.map(({ code }) => code).toSorted()).toEqual(['SourcePathNotFound', 'not refused']);
  });
});

describe('listing', () => {
  test('comes in pages, some empty, folders before what is in them', async () => {
    await write('a/b.txt', '1');
    await write('a.txt', '22');
    const { paging } = azure().dfs;
    Object.assign(paging, { pageSize: 1, emptyPages: true });
    const paths = await collect(raw.listPaths({ path: folder, recursive: true }));
    Object.assign(paging, { pageSize: 5000, emptyPages: false });
    expect(paths.map(({ name, isDirectory, contentLength }) => [name, isDirectory, contentLength])).toEqual([
      [`${folder}/a`, true, 0],
      [`${folder}/a/b.txt`, false, 1],
      [`${folder}/a.txt`, false, 2],
    ]);
  });

  test('has the etag of each file, without quotes', async () => {
    const etag = await write('x', 'abc');
    const [found] = await collect(raw.listPaths({ path: folder }));
    expect(found?.etag).toBe(etag.replaceAll('"', ''));
  });

  test('of a folder that is not there is refused', async () => {
    expect(await said(collect(raw.listPaths({ path: folder })))).toEqual({ status: 404, code: 'PathNotFound' });
  });

  test('of a filesystem that is not there is refused', async () => {
    const absent = new DataLakeFileSystemClient(url.replace(filesystem, 'absent'), servicePrincipal(), once);
    expect(await said(collect(absent.listPaths()))).toEqual({ status: 404, code: 'FilesystemNotFound' });
  });
});

describe('removing', () => {
  test('a folder goes only with what is in it, in several requests if there is much', async () => {
    for (const name of ['1', '2', '3']) await write(`a/${name}`, name);
    const a = raw.getDirectoryClient(`${folder}/a`);
    expect(await said(a.delete(false))).toEqual({ status: 409, code: 'DirectoryNotEmpty' });
    azure().dfs.paging.pageSize = 2;
    await a.delete(true);
    azure().dfs.paging.pageSize = 5000;
    expect(await said(file('a/3').getProperties())).toMatchObject({ status: 404 });
  });

  test('what is not there is not removed', async () => {
    expect(await said(file('x').delete())).toEqual({ status: 404, code: 'PathNotFound' });
  });
});

describe('reading', () => {
  test('a range ends with the file', async () => {
    await write('x', 'hello');
    expect((await file('x').readToBuffer(1, 3)).toString()).toBe('ell');
    const { readableStreamBody } = await file('x').read(3, 100);
    expect(Buffer.concat((await collect(readableStreamBody as AsyncIterable<Buffer>)).flat()).toString()).toBe('lo');
  });

  test('nothing is behind the end', async () => {
    await write('x', 'hello');
    expect(await said(file('x').read(5, 1))).toEqual({ status: 416, code: 'InvalidRange' });
  });
});

test('files are seen past all doors', async () => {
  await write('x', 'hello');
  expect(azure().dfs.files(account, filesystem).get(`${folder}/x`)?.content.toString()).toBe('hello');
});
