import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { workspaceFiles } from '../../src/adapters/workspace-files.ts';
import { FileNotFound } from '../../src/ports/filesystem.ts';
import { NotUtf8 } from '../../src/ports/workspace-files.ts';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hygge-files-'));
  await mkdir(join(folder, 'flows'));
  await writeFile(join(folder, 'hygge.yml'), '\ufeffname: "caf\u00e9"\n');
  await writeFile(join(folder, 'latin1.yml'), Buffer.from('name: caf\xe9\n', 'latin1'));
  await writeFile(join(folder, 'utf16.yml'), Buffer.from('\ufeffname: x\n', 'utf16le'));
  await symlink(join(folder, 'flows'), join(folder, 'linked'));
  await symlink(join(folder, 'nowhere'), join(folder, 'dangling'));
});

afterAll(() => rm(folder, { recursive: true }));

describe('the files of a workspace on a disk', () => {
  test('are listed with their kind, links by what they lead to', async () => {
    const kinds = Object.fromEntries((await workspaceFiles.list(folder)).map(({ name, directory }) => [name, directory]));
    expect(kinds).toEqual({ flows: true, linked: true, dangling: false, 'hygge.yml': false, 'latin1.yml': false, 'utf16.yml': false });
  });

  test('are read as UTF-8, without a byte order mark', async () => {
    expect(await workspaceFiles.read(join(folder, 'hygge.yml'))).toBe('name: "caf\u00e9"\n');
  });

  test.each(['latin1.yml', 'utf16.yml'])('%s is in another encoding, and said to be', async (name) => {
    await expect(workspaceFiles.read(join(folder, name))).rejects.toThrow(NotUtf8);
  });

  test.each(['nothing.yml', 'hygge.yml/x'])('%s is not there', async (name) => {
    await expect(workspaceFiles.read(join(folder, name))).rejects.toThrow(FileNotFound);
    await expect(workspaceFiles.list(join(folder, name))).rejects.toThrow(FileNotFound);
  });

  test('a folder can not be read as a file', async () => {
    await expect(workspaceFiles.read(join(folder, 'flows'))).rejects.toThrow(/EISDIR/);
  });
});
