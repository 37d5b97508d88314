import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { adlsFileSystem } from '../../src/filesystems/adls/adls.ts';
import type { FileSystem, StagedFile } from '../../src/ports/filesystem.ts';
import { account, filesystem } from '../support/azure-hosts/azure.ts';
import { collect } from '../support/collect.ts';
import { nodeAt, type SeenAtDfs } from '../support/dfs/server.ts';
import { remoteFaults } from '../support/remote-faults.ts';
import { type AdlsStage, adlsStage } from './adls-stage.ts';

let stage: AdlsStage;
let files: FileSystem;
beforeAll(async () => {
  stage = await adlsStage();
});
afterEach(() => stage.azure.dfs.rule(() => undefined));
afterAll(() => stage[Symbol.asyncDispose]());

const fresh = async (): Promise<FileSystem> => {
  files = await adlsFileSystem(stage.place(stage.folder()), stage);
  return files;
};
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
async function* once(content: string): AsyncGenerator<Uint8Array> {
  yield bytes(content);
}
const staging = (name = 'a', content = name): Promise<StagedFile> =>
  files.stage({ staged: `_s/${name}`, final: `data/${name}` }, once(content));
/** More than the one block that is sent in one request. */
const large = 'a'.repeat(4 * 1024 * 1024 + 1);
/** The requests that one step of a method is made of. */
const requests = {
  whole: ({ method, door, path }) => method === 'PUT' && door === 'blob' && path.includes('_s/'),
  create: ({ method, query }) => method === 'PUT' && query.get('resource') === 'file',
  append: ({ query }) => query.get('action') === 'append',
  flush: ({ query }) => query.get('action') === 'flush',
  rename: ({ headers }) => headers['x-ms-rename-source'] !== undefined,
  folder: ({ method, query }) => method === 'PUT' && query.get('resource') === 'directory',
  look: ({ method }) => method === 'HEAD',
  put: ({ method, door, path }) => method === 'PUT' && door === 'blob' && !path.includes('_s/'),
  read: ({ method, door }) => method === 'GET' && door === 'blob',
  list: ({ method, door }) => method === 'GET' && door === 'dfs',
  remove: ({ method }) => method === 'DELETE',
} as const satisfies Record<string, (seen: SeenAtDfs) => boolean>;
type Request = keyof typeof requests;
const everyRequest = Object.keys(requests) as Request[];
const kindOf = (seen: SeenAtDfs) => everyRequest.find((request) => requests[request](seen));

remoteFaults('ADLS', {
  async open() {
    const folder = stage.folder();
    const open = () => adlsFileSystem(stage.place(folder), stage);
    const straight = await open();
    return {
      files: await open(),
      straight,
      rule: (decide) => stage.azure.dfs.rule((seen) => decide(kindOf(seen))),
      left: async () => [...stage.azure.dfs.files(account, filesystem).keys()].filter((path) => path.startsWith(`${folder}/_s`)),
    };
  },
  kinds: everyRequest,
  steps: { put: 'put', publish: 'rename', stage: 'whole' },
  busy: (retryAfter) => ({ status: 503, code: 'ServerBusy', retryAfter }),
  large: { bytes: large.length, kinds: ['create', 'append', 'flush'] },
});

test.each(['whole', 'rename', 'put'] as const)('the lease of another writer is told as what it is: %s', async (request) => {
  await fresh();
  stage.azure.dfs.rule((seen) => (requests[request](seen) ? { status: 412, code: 'LeaseIdMissing' } : undefined));
  const doing = staging()
    .then((file) => files.publish(file))
    .then(() => files.put('head', bytes('1'), { ifNoneMatch: '*' }));
  await expect(doing).rejects.toMatchObject({ code: 'HYG-6404', why: ['The service answered 412 LeaseIdMissing.'] });
});

test('an upload whose staged file was swept away fails, and leaves nothing', async () => {
  await fresh();
  const [held, arrived] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  stage.azure.dfs.rule((seen) => {
    if (!requests.append(seen)) return undefined;
    arrived.resolve();
    return { hold: held.promise };
  });
  const doing = staging('a', large);
  await arrived.promise;
  await files.discard({ staged: '_s/a' });
  held.resolve();
  await expect(doing).rejects.toThrow();
  expect(await collect(files.staged('_s'))).toEqual([]);
});

describe('where the service keeps neither metadata nor etag when it renames', () => {
  async function forgotten(content: string, of = 'a'): Promise<StagedFile> {
    const folder = stage.folder();
    files = await adlsFileSystem(stage.place(folder), stage);
    const file = await files.stage({ staged: '_s/a', final: 'data/a' }, once(of));
    await files.publish(file);
    const node = nodeAt(stage.azure.dfs.root(account, filesystem), `${folder}/data/a`);
    if (node?.kind !== 'file') throw new Error('it was not published');
    Object.assign(node, { metadata: new Map(), etag: '"0xFF"', content: Buffer.from(content) });
    return file;
  }

  test('a file is known by its content', async () => {
    const file = await forgotten('a');
    expect(await files.publish(file)).toBe('already');
  });

  test('a file of several blocks as well, and by its last block', async () => {
    const large = 'block after block '.repeat(300_000);
    const same = await forgotten(large, large);
    expect(await files.publish(same)).toBe('already');
    const other = await forgotten(`${large.slice(0, -1)}.`, large);
    await expect(files.publish(other)).rejects.toMatchObject({ code: 'HYG-9401' });
  });

  test.each(['b', 'aa'])('and %s is not a', async (other) => {
    const file = await forgotten(other);
    await expect(files.publish(file)).rejects.toMatchObject({ code: 'HYG-9401' });
  });
});

describe('a staged file whose etag is another', () => {
  test('is published when it is the one that was written: a flush was sent twice', async () => {
    await fresh();
    const file = await staging();
    expect(await files.publish({ ...file, handle: { ...(file.handle as object), etag: '0x1' } })).toBe('published');
  });

  test('is not the one that is wanted when another writer wrote it', async () => {
    await fresh();
    const file = await staging();
    expect(await files.publish({ ...file, handle: { write: 'someone else', etag: '0x1' } })).toBe('gone');
    expect(await files.stat('data/a')).toBeUndefined();
  });
});
