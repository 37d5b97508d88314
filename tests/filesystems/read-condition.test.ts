/** A file that was replaced since it was listed: the service refuses to read it, so that no byte of another version is sent. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { realRandom } from '../../src/adapters/real-random.ts';
import { adlsFileSystem } from '../../src/filesystems/adls/adls.ts';
import { gcsFileSystem } from '../../src/filesystems/gcs/gcs.ts';
import { oneLakeFileSystem } from '../../src/filesystems/onelake/onelake.ts';
import { VersionReader } from '../../src/filesystems/remote/version.ts';
import { FileNotFound, FileReplaced, type FileSystem } from '../../src/ports/filesystem.ts';
import { sharedAzurite } from '../support/azurite.ts';
import { collect } from '../support/collect.ts';
import { type SeenRequest, startFaultProxy } from '../support/fault-proxy.ts';
import { startGcsServer } from '../support/gcs-server/server.ts';
import { noWaiting } from '../support/no-waiting.ts';
import { errorBody } from '../support/s3-server/asked.ts';
import { startS3Server } from '../support/s3-server/server.ts';
import { testNetwork } from '../support/test-network.ts';
import { adlsStage, fabricPlace } from './adls-stage.ts';
import { blobTrees, filesIn } from './blob-account.ts';
import { bytes, fresh, lakeAt, text } from './s3-lake.ts';

interface Reads {
  readonly files: FileSystem;
  /** The conditions of the requests that read bytes, so far; undefined: one without. */
  conditions(): readonly (string | undefined)[];
}

const ended = <T extends AsyncDisposable>(resource: T): T => {
  onTestFinished(() => resource[Symbol.asyncDispose]());
  return resource;
};

async function s3(): Promise<Reads> {
  const server = ended(await startS3Server());
  server.bucket('lake');
  const reads = () => server.seen.filter(({ operation }) => operation === 'GetObject');
  return { files: await lakeAt(server), conditions: () => reads().map(({ request }) => request.headers['if-match']) };
}

async function gcs(): Promise<Reads> {
  const server = ended(await startGcsServer());
  const proxy = ended(await startFaultProxy(server.url));
  server.bucket('lake');
  const shared = { endpoint: proxy.url, keys: { key_file: server.keyFile }, random: realRandom(), network: testNetwork };
  const files = gcsFileSystem({ url: 'gs://lake/raw', bucket: 'lake', folder: 'raw', ...shared, waiting: noWaiting() });
  const reads = () => proxy.seen.filter(({ path }) => path.includes('alt=media'));
  return { files, conditions: () => reads().map(({ path }) => /ifGenerationMatch=(\d+)/.exec(path)?.[1]) };
}

async function dataLake(system: 'adls' | 'onelake'): Promise<Reads> {
  const stage = ended(await adlsStage());
  const folder = stage.folder();
  const files = system === 'adls' ? adlsFileSystem(stage.place(folder), stage) : oneLakeFileSystem(fabricPlace(folder), stage);
  const reads = () => stage.azure.dfs.seen.filter(({ method, door, query }) => method === 'GET' && door === 'blob' && !query.has('comp'));
  return { files: await files, conditions: () => reads().map(({ headers }) => headers['if-match']) };
}

const tree = blobTrees(sharedAzurite());

async function blob(): Promise<Reads> {
  const { place, folder } = await tree();
  const proxy = ended(await startFaultProxy(place.server.blobUrl));
  const isRead = ({ method, path }: SeenRequest) => method === 'GET' && !path.includes('comp=');
  const conditions = () => proxy.seen.filter(isRead).map(({ headers }) => headers['if-match']);
  return { files: await filesIn(place, folder, { accountUrl: proxy.url }), conditions };
}

const bare = (etag: string | undefined) => etag?.replaceAll('"', '');

test.each([
  ['S3', s3],
  ['Google Cloud Storage', gcs],
  ['Data Lake', () => dataLake('adls')],
  ['OneLake', () => dataLake('onelake')],
  ['Blob', blob],
])('%s is asked for the version that was listed, and refuses another one', async (_, open) => {
  const { files, conditions } = await open();
  const first = await files.put('file', bytes('one'), fresh);
  const [{ etag = '' } = {}] = await collect(files.list(''));
  for (const range of [{ start: 1, end: 3 }, undefined]) await files.read('file', range, { etag });
  expect(conditions().map(bare)).toEqual([bare(etag), bare(etag)]);
  await files.put('file', bytes('two'), { ifMatch: first.outcome === 'written' ? first.etag : '' });
  for (const range of [{ start: 1, end: 3 }, undefined]) await expect(files.read('file', range, { etag })).rejects.toThrow(FileReplaced);
  expect(conditions().map(bare), 'no request without a condition').toEqual(Array(4).fill(bare(etag)));
  await files.remove('file');
  await expect(files.read('file', { start: 1, end: 3 }, { etag })).rejects.toThrow(FileNotFound);
});

test('a bucket that refuses the ETag that it shows is read without the condition from then on, and compared', async () => {
  const server = ended(await startS3Server());
  const bucket = server.bucket('lake');
  const files = await lakeAt(server);
  await files.put('file', bytes('one'), fresh);
  const { etag } = (await files.stat('file')) ?? {};
  server.rule(({ operation, request }) =>
    operation === 'GetObject' && request.headers['if-match'] !== undefined
      ? { before: { status: 412, body: errorBody({ code: 'PreconditionFailed', more: {} }) } }
      : undefined,
  );
  for (const range of [
    { start: 1, end: 3 },
    { start: 0, end: 2 },
  ])
    expect(text(await files.read('file', range, { etag }))).toHaveLength(2);
  expect(server.seen.filter(({ operation }) => operation === 'GetObject')).toHaveLength(3);
  bucket.objects.set('raw/file', { body: Buffer.from('two'), etag: '"two"', at: new Date(0), metadata: {}, crc: undefined });
  await expect(files.read('file', { start: 1, end: 3 }, { etag })).rejects.toThrow(FileReplaced);
});

type Answer = { readonly of: string | undefined } | 'replaced';

describe('a read of a version', () => {
  const reader = (now: string | undefined) =>
    new VersionReader({ stat: async (path) => (now === undefined ? undefined : { path, bytes: 3, etag: now, modifiedAt: '' }) });
  const read = (now: string | undefined, answers: (ifMatch: string | undefined) => Answer, meant = 'v1') =>
    reader(now).read('file', { meant, ask: async (ifMatch) => answers(ifMatch), told: ({ of }) => of });

  test.each([
    ['of the service that compares it', 'v1', (ifMatch?: string): Answer => (ifMatch === 'v1' ? { of: 'v1' } : 'replaced')],
    ['of a service that ignores the condition', 'v1', (): Answer => ({ of: 'v1' })],
    ['of a gateway that names it otherwise in answers', 'v1', (): Answer => ({ of: 'weak v1' })],
    ['of a gateway that names none in answers', 'v1', (): Answer => ({ of: undefined })],
    ['of a gateway that refuses its own', 'v1', (ifMatch?: string): Answer => (ifMatch ? 'replaced' : { of: 'v1' })],
  ])('is answered: %s', async (_, now, answers) => {
    expect(await read(now, answers)).not.toBe('replaced');
  });

  test.each([
    ['the service refuses', 'v2', (): Answer => 'replaced', FileReplaced],
    ['the service ignores the condition', 'v2', (): Answer => ({ of: 'v2' }), FileReplaced],
    ['the answer names no version', 'v2', (): Answer => ({ of: undefined }), FileReplaced],
    ['the service refuses, and the file is gone', undefined, (): Answer => 'replaced', FileNotFound],
  ])('is an error: %s', async (_, now, answers, kind) => {
    await expect(read(now, answers)).rejects.toThrow(kind);
  });

  test('without a name of the version is sent without a condition', async () => {
    expect(await read('', (ifMatch) => ({ of: ifMatch === undefined ? '' : 'another' }), '')).toEqual({ of: '' });
  });
});
