import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ConnectionError } from '../../src/errors/hygge-error.ts';
import { adlsFileSystem } from '../../src/filesystems/adls/adls.ts';
import type { FileSystem, StagedFile } from '../../src/ports/filesystem.ts';
import { OutcomeUnknown } from '../../src/ports/retry.ts';
import { account, filesystem } from '../support/azure-hosts/azure.ts';
import { collect } from '../support/collect.ts';
import { nodeAt, type SeenAtDfs } from '../support/dfs/server.ts';
import type { Fault } from '../support/fault-proxy.ts';
import { sampled } from '../support/samples.ts';
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
const text = (body: Uint8Array | undefined): string | undefined => body && new TextDecoder().decode(body);
async function* once(content: string): AsyncGenerator<Uint8Array> {
  yield bytes(content);
}
const staging = (name = 'a', content = name): Promise<StagedFile> =>
  files.stage({ staged: `_s/${name}`, final: `data/${name}` }, once(content));
/** More than the one block that is sent in one request. */
const large = 'a'.repeat(4 * 1024 * 1024 + 1);
const contentFor = (request: string): string => (['create', 'append', 'flush'].includes(request) ? large : 'a');
const ifNew = { ifNoneMatch: '*' } as const;

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

/** Does something to the first request of a kind, and tells how often that kind was sent. */
function hit(request: Request, fault: Fault): { readonly sent: number } {
  const count = { sent: 0 };
  stage.azure.dfs.rule((seen) => {
    if (!requests[request](seen)) return undefined;
    count.sent++;
    return count.sent === 1 ? fault : undefined;
  });
  return count;
}

const faults = {
  'is lost on its way': 'drop before',
  'is done and its answer lost': 'drop after',
  'is answered 500': { status: 500, code: 'InternalError' },
  'is answered 503': { status: 503, code: 'OperationTimedOut', retryAfter: 0 },
  'is answered 429': { status: 429, code: 'TooManyRequests', retryAfter: 0 },
} as const satisfies Record<string, Fault>;
const everyFault = Object.entries(faults);
const unanswered = everyFault.filter(([name]) => name !== 'is answered 429');

describe('what may happen twice is sent again, without anybody noticing', () => {
  const deeds: Readonly<Partial<Record<Request, () => Promise<unknown>>>> = {
    append: async () => files.publish(await staging('a', large)),
    flush: async () => files.publish(await staging('a', large)),
    folder: async () => files.publish(await staging()),
    look: async () => {
      await files.publish(await staging());
      expect(await files.stat('data/a')).toMatchObject({ bytes: 1 });
    },
    read: async () => {
      await files.publish(await staging());
      expect(text(await files.read('data/a'))).toBe('a');
      expect(text((await files.get('data/a'))?.body)).toBe('a');
    },
    list: async () => {
      await files.publish(await staging());
      expect(await collect(files.list(''))).toMatchObject([{ path: 'data/a' }]);
    },
    remove: async () => {
      const file = await staging('b');
      await files.discard(file);
      expect(await files.publish(file)).toBe('gone');
      await files.publish(await staging());
    },
  };
  const cells = Object.entries(deeds).flatMap(([request, deed]) => everyFault.map(([name, fault]) => ({ request, deed, name, fault })));

  test.each(sampled(cells, 3))('$request $name', async ({ request, deed, fault }) => {
    await fresh();
    const count = hit(request as Request, fault);
    await deed();
    expect(count.sent).toBeGreaterThan(1);
    stage.azure.dfs.rule(() => undefined);
    expect(text(await files.read('data/a')) === contentFor(request)).toBe(true);
    expect(await collect(files.staged('_s'))).toEqual([]);
  });

  test.each(['read', 'list'] as const)('%s whose answer breaks off in the middle', async (request) => {
    await fresh();
    await files.publish(await staging('a'));
    const count = hit(request, 'cut');
    if (request === 'list') expect(await collect(files.list('data'))).toHaveLength(1);
    else expect(text(await files.read('data/a'))).toBe('a');
    expect(count.sent).toBe(2);
  });
});

describe('what must not happen twice is sent once, and its outcome unknown', () => {
  const creations = sampled(
    (['whole', 'create'] as const).flatMap((request) => unanswered.map(([name, fault]) => ({ request, name, fault }))),
    4,
  );
  test.each(creations)('the creation of a staged file ($request) $name: under another name it works', async ({ request, fault }) => {
    await fresh();
    const count = hit(request, fault);
    await expect(staging('a', contentFor(request))).rejects.toThrow(OutcomeUnknown);
    expect(count.sent).toBe(1);
    expect(await files.publish(await staging('b'))).toBe('published');
    for (const file of await collect(files.staged('_s'))) await files.discard(file);
    expect(await collect(files.list(''))).toMatchObject([{ path: 'data/b' }]);
  });

  test.each(unanswered)('the rename %s: asked again it says how it ended', async (_, fault) => {
    await fresh();
    await files.put('data/other', bytes('x'), ifNew);
    const file = await staging();
    const count = hit('rename', fault);
    await expect(files.publish(file)).rejects.toThrow(OutcomeUnknown);
    expect(count.sent).toBe(1);
    expect(await files.publish(file)).toBe(fault === 'drop after' ? 'already' : 'published');
    expect(text(await files.read('data/a'))).toBe('a');
    expect(await collect(files.staged('_s'))).toEqual([]);
  });

  test.each(unanswered)('a conditional write %s: asked again it says how it ended', async (_, fault) => {
    await fresh();
    const before = await files.put('head', bytes('1'), ifNew);
    const ifMatch = before.outcome === 'written' ? before.etag : '';
    const count = hit('put', fault);
    await expect(files.put('head', bytes('2'), { ifMatch })).rejects.toThrow(OutcomeUnknown);
    expect(count.sent).toBe(1);
    expect((await files.put('head', bytes('2'), { ifMatch })).outcome).toBe(fault === 'drop after' ? 'refused' : 'written');
    expect(text((await files.get('head'))?.body)).toBe('2');
  });

  const refusals = [faults['is answered 429'], { status: 503, code: 'ServerBusy', retryAfter: 0 }];
  const throttled = (['whole', 'create', 'rename', 'put'] as const).map((request, i) => [request, refusals[i % 2] as Fault] as const);

  test.each(throttled)('but to slow down says that nothing was done: %s is sent again (%o)', async (request, fault) => {
    await fresh();
    const count = hit(request, fault);
    expect(await files.publish(await staging('a', contentFor(request)))).toBe('published');
    expect((await files.put('head', bytes('1'), ifNew)).outcome).toBe('written');
    expect(count.sent).toBeGreaterThan(1);
  });

  test.each(['whole', 'rename', 'put'] as const)('and the lease of another writer is told as what it is: %s', async (request) => {
    await fresh();
    hit(request, { status: 412, code: 'LeaseIdMissing' });
    const doing = staging()
      .then((file) => files.publish(file))
      .then(() => files.put('head', bytes('1'), ifNew));
    await expect(doing).rejects.toMatchObject({ code: 'HYG-6404', why: ['It answered 412 LeaseIdMissing.'] });
  });

  test('how long the service wants to be left alone goes with it', async () => {
    await fresh();
    hit('put', { status: 503, code: 'OperationTimedOut', retryAfter: 0.05 });
    await expect(files.put('head', bytes('1'), ifNew)).rejects.toMatchObject({ name: 'OutcomeUnknown', retryAfterMs: 50 });
  });
});

describe('a service that wants to be left alone for long is left alone', () => {
  test.each([429, 503])('%i with half an hour ends a read at once, and may be tried then', async (status) => {
    await fresh();
    const count = hit('read', { status, retryAfter: 1_800 });
    const error = await files.read('data/a').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error).toMatchObject({ code: 'HYG-6053', transient: true, spent: true, retryAfterMs: 1_800_000 });
    expect(count.sent).toBe(1);
  });
});

describe('those who come late change nothing', () => {
  /** Holds the first request of a kind until it is let go; `there` when it has come. */
  function holding(request: Request): { readonly there: Promise<void>; release(): void } {
    const [held, arrived] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let first = true;
    stage.azure.dfs.rule((seen) => {
      if (!first || !requests[request](seen)) return undefined;
      first = false;
      arrived.resolve();
      return { hold: held.promise };
    });
    return { there: arrived.promise, release: () => held.resolve() };
  }

  test('a rename that lands after the staged file was discarded finds nothing', async () => {
    await fresh();
    const file = await staging();
    const late = holding('rename');
    const publishing = files.publish(file);
    await late.there;
    await files.discard(file);
    late.release();
    expect(await publishing).toBe('gone');
    expect(await collect(files.list(''))).toEqual([]);
  });

  test('a rename that lands after another one has published says already', async () => {
    await fresh();
    await files.put('data/other', bytes('x'), ifNew);
    const file = await staging();
    const late = holding('rename');
    const publishing = files.publish(file);
    await late.there;
    expect(await files.publish(file)).toBe('published');
    late.release();
    expect(await publishing).toBe('already');
  });

  test('a rename that lands after the file was published and removed brings nothing back', async () => {
    await fresh();
    await files.put('data/other', bytes('x'), ifNew);
    const file = await staging();
    const late = holding('rename');
    const publishing = files.publish(file);
    await late.there;
    await files.publish(file);
    await files.remove('data/a');
    late.release();
    expect(await publishing).toBe('gone');
    expect(await files.stat('data/a')).toBeUndefined();
  });

  test('a staged file that is created after a sweep is found by the next one', async () => {
    await fresh();
    const late = holding('whole');
    const doing = staging();
    await late.there;
    expect(await collect(files.staged('_s'))).toEqual([]);
    late.release();
    await doing;
    expect(await collect(files.staged('_s'))).toEqual([{ staged: '_s/a', bytes: 1 }]);
  });

  test('an upload whose staged file was swept away fails, and leaves nothing', async () => {
    await fresh();
    const late = holding('append');
    const doing = staging('a', large);
    await late.there;
    await files.discard({ staged: '_s/a' });
    late.release();
    await expect(doing).rejects.toThrow();
    expect(await collect(files.staged('_s'))).toEqual([]);
  });
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
    expect(await files.publish({ ...file, handle: { write: 'somebody else', etag: '0x1' } })).toBe('gone');
    expect(await files.stat('data/a')).toBeUndefined();
  });
});
