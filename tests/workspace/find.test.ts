import { describe, expect, test } from 'vitest';
import { findWorkspace, slashed } from '../../src/workspace/read/find.ts';
import { filesOf, root } from './shop.ts';

const files = filesOf({ 'hygge.yml': '', 'flows/crm/flow.yml': '', 'inner/hygge.yaml': '', 'inner/deep/notes.txt': '' });

describe('a workspace is found', () => {
  test.each([
    ['in the folder itself', root, { root, file: 'hygge.yml' }],
    ['from a folder below', `${root}/flows/crm`, { root, file: 'hygge.yml' }],
    ['the nearest of several', `${root}/inner/deep`, { root: `${root}/inner`, file: 'hygge.yaml' }],
    ['with a slash at the end', `${root}/flows/`, { root, file: 'hygge.yml' }],
  ])('%s', async (_, directory, found) => {
    expect(await findWorkspace(files, directory)).toMatchObject(found);
  });

  test('though folders on the way up may not be read', async () => {
    const closed = { ...files, list: (dir: string) => (dir === `${root}/flows` ? Promise.reject(new Error('EACCES')) : files.list(dir)) };
    expect(await findWorkspace(closed, `${root}/flows/crm`)).toMatchObject({ root, file: 'hygge.yml' });
  });

  test('at the very top of a disk', async () => {
    const top = { ...files, list: async (dir: string) => (dir === '/' ? [{ name: 'hygge.yml', directory: false }] : []) };
    expect(await findWorkspace(top, '/')).toMatchObject({ root: '/', file: 'hygge.yml' });
    expect(await findWorkspace(top, '/data')).toMatchObject({ root: '/', file: 'hygge.yml' });
  });
});

describe('a workspace is not found', () => {
  test('where its file is written twice', async () => {
    const twice = filesOf({ 'hygge.yml': '', 'hygge.yaml': '' });
    await expect(findWorkspace(twice, root)).rejects.toMatchObject({
      code: 'HYG-1008',
      what: `There are hygge.yml and hygge.yaml in ${root}.`,
    });
  });

  test('and every folder that was searched is named', async () => {
    const none = filesOf({ 'a/b/notes.txt': '' });
    await expect(findWorkspace(none, `${root}/a/b`)).rejects.toMatchObject({
      code: 'HYG-1001',
      why: [`Searched: ${root}/a/b, ${root}/a, ${root}, /projects, /`],
    });
  });

  test('above a folder that is not there: it was probably mistyped', async () => {
    await expect(findWorkspace(files, `${root}/flwos`)).rejects.toMatchObject({
      code: 'HYG-1001',
      what: `There is no folder ${root}/flwos.`,
    });
  });

  test('in a folder that may not be read', async () => {
    const closed = { ...files, list: () => Promise.reject(new Error('EACCES')) };
    await expect(findWorkspace(closed, root)).rejects.toMatchObject({ code: 'HYG-1002', what: `The folder ${root} cannot be read.` });
  });

  test('when a folder is named like the file', async () => {
    const odd = { ...files, list: async (dir: string) => (dir === root ? [{ name: 'hygge.yml', directory: true }] : []) };
    await expect(findWorkspace(odd, root)).rejects.toMatchObject({ code: 'HYG-1001' });
  });
});

test('a path is the same with or without a slash at its end', () => {
  expect(['/', '/a', '/a/', '/a/b//'].map(slashed)).toEqual(['/', '/a', '/a', '/a/b']);
});
