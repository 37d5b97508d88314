import { DataLakeFileSystemClient } from '@azure/storage-file-datalake';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { dfsServer } from '../support/dfs/server.ts';
import type { Fault } from '../support/fault-proxy.ts';
import { azureForTests, once, said, servicePrincipal, text, url, written } from './lake-account.ts';

const azure = azureForTests();
let raw: DataLakeFileSystemClient;

beforeAll(() => {
  raw = new DataLakeFileSystemClient(url, servicePrincipal(), once);
});

/** Once, to the next request that renames. */
function atRename(fault: Fault): void {
  let met = false;
  azure().dfs.rule(({ headers }) => {
    if (met || headers['x-ms-rename-source'] === undefined) return undefined;
    met = true;
    return fault;
  });
  onTestFinished(() => azure().dfs.rule(() => undefined));
}

const rename = (name: string) => said(raw.getFileClient(`${name}/from`).move(`${name}/to`));

test('a request that is lost on its way has done nothing', async () => {
  await written(raw, 'before/from', 'x');
  atRename('drop before');
  expect(await rename('before')).toMatchObject({ status: undefined });
  expect(await text(raw, 'before/from')).toBe('x');
});

test('a request whose answer is lost has been carried out', async () => {
  await written(raw, 'after/from', 'x');
  atRename('drop after');
  expect(await rename('after')).toMatchObject({ status: undefined });
  expect(await text(raw, 'after/to')).toBe('x');
});

test('a request is refused with the wait that is asked for', async () => {
  await written(raw, 'busy/from', 'x');
  atRename({ status: 503, retryAfter: 7 });
  const refused = raw.getFileClient('busy/from').move('busy/to');
  await expect(refused).rejects.toMatchObject({ statusCode: 503, response: { headers: expect.anything() as unknown } });
  const headers = await refused.catch((error: { response: { headers: { get(name: string): string } } }) => error.response.headers);
  expect((headers as { get(name: string): string }).get('retry-after')).toBe('7');
});

test('a request that is held lands when its sender has left', async () => {
  await written(raw, 'held/from', 'x');
  let release = (): void => undefined;
  atRename({ hold: new Promise((resolve) => (release = () => resolve())) });
  const leaving = new AbortController();
  const gone = said(raw.getFileClient('held/from').move('held/to', { abortSignal: leaving.signal }));
  await expect.poll(() => azure().dfs.seen.at(-1)?.headers['x-ms-rename-source']).toContain('held');
  leaving.abort();
  await gone;
  expect(await text(raw, 'held/from')).toBe('x');
  release();
  await expect.poll(() => said(raw.getFileClient('held/to').getProperties())).toMatchObject({ code: 'not refused' });
});

test('half an answer is no answer', async () => {
  await written(raw, 'cut', 'x'.repeat(1000));
  azure().dfs.rule(({ method }) => (method === 'GET' ? 'cut' : undefined));
  onTestFinished(() => azure().dfs.rule(() => undefined));
  await expect(raw.getFileClient('cut').readToBuffer(0, 1000, { maxRetryRequestsPerChunk: 0 })).rejects.toThrow();
});

test('what the server does not do is answered 501, and the test that asked for it fails', async () => {
  const { dfs } = azure();
  await written(raw, 'x', 'x');
  expect(await said(raw.getFileClient('x').getAccessControl())).toMatchObject({ status: 501 });
  expect(dfs.notDone.splice(0)).toHaveLength(1);
  const other = dfsServer({ accounts: {} });
  other.notDone.push('something');
  expect(() => other[Symbol.dispose]()).toThrow('something');
});
