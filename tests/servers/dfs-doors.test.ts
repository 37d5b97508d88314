import type { TokenCredential } from '@azure/identity';
import { BlobServiceClient, ContainerClient } from '@azure/storage-blob';
import {
  AccountSASPermissions,
  DataLakeFileSystemClient,
  DataLakeServiceClient,
  FileSystemSASPermissions,
  generateDataLakeSASQueryParameters,
  StorageSharedKeyCredential,
} from '@azure/storage-file-datalake';
import { describe, expect, test } from 'vitest';
import { account, accountKey, client, filesystem, workspace } from '../support/azure-hosts/azure.ts';
import { collect } from '../support/collect.ts';
import { azureForTests, once, said, servicePrincipal, text, url, written } from './lake-account.ts';

const azure = azureForTests();
const key = new StorageSharedKeyCredential(account, accountKey);
const inAnHour = (): Date => new Date(Date.now() + 3_600_000);
const anHourAgo = (): Date => new Date(Date.now() - 3_600_000);
const tokenOf = (token: string): TokenCredential => ({ getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 }) });

describe('who may come in', () => {
  const shows = (proof: StorageSharedKeyCredential | TokenCredential) => new DataLakeFileSystemClient(url, proof, once);
  const lists = (files: DataLakeFileSystemClient) => said(collect(files.listPaths()));

  test('a key of the account signs', async () => {
    const files = shows(key);
    await written(files, 'by key/ünï+%41', 'x');
    expect(await text(files, 'by key/ünï+%41')).toBe('x');
  });

  test('another key does not', async () => {
    expect(await lists(shows(new StorageSharedKeyCredential(account, Buffer.from('wrong').toString('base64'))))).toEqual({
      status: 403,
      code: 'AuthenticationFailed',
    });
  });

  test('a token of Entra for storage does', async () => {
    expect(await lists(shows(servicePrincipal()))).toMatchObject({ code: 'not refused' });
  });

  test.each([
    ['for something else', () => azure().entra.token(client.principal, 'https://vault.azure.net')],
    ['that nobody issued', () => 'a.b.c'],
    [
      'that is over',
      () => {
        azure().entra.lifetime = -1;
        const token = azure().entra.token(client.principal);
        azure().entra.lifetime = 86_400;
        return token;
      },
    ],
  ])('a token %s does not', async (_, token) => {
    expect(await lists(shows(tokenOf(token())))).toEqual({ status: 401, code: 'InvalidAuthenticationInfo' });
  });

  test('without a role nothing is read, and a reader writes nothing', async () => {
    const { rights } = azure().dfs;
    const files = shows(servicePrincipal());
    rights.set(client.principal, 'none');
    const read = await lists(files);
    rights.set(client.principal, 'read');
    const both = [await lists(files), await said(files.getFileClient('x').create())];
    rights.clear();
    expect([read, ...both].map(({ code }) => code)).toEqual([
      'AuthorizationPermissionMismatch',
      'not refused',
      'AuthorizationPermissionMismatch',
    ]);
  });

  test('a caller without a token is asked to sign in', async () => {
    expect(await lists(new DataLakeFileSystemClient(url, undefined, once))).toEqual({ status: 401, code: 'NoAuthenticationInformation' });
  });

  const signedFor = (permissions: string, expiresOn: Date): string =>
    generateDataLakeSASQueryParameters(
      { fileSystemName: filesystem, permissions: FileSystemSASPermissions.parse(permissions), expiresOn },
      key,
    ).toString();

  test('a signed URL opens what it names, for what it allows', async () => {
    await written(shows(key), 'signed', 'x');
    const reader = new DataLakeFileSystemClient(`${url}?${signedFor('rl', inAnHour())}`, undefined, once);
    expect(await text(reader, 'signed')).toBe('x');
    expect(await said(reader.getFileClient('signed').delete())).toEqual({ status: 403, code: 'AuthorizationPermissionMismatch' });
  });

  test('a signed URL renames as well', async () => {
    const writer = new DataLakeFileSystemClient(`${url}?${signedFor('racwdlm', inAnHour())}`, undefined, once);
    await written(writer, 'signed from', 'x');
    await writer.getFileClient('signed from').move('signed to');
    expect(await text(writer, 'signed to')).toBe('x');
  });

  test('a signed URL that is over, or was changed, opens nothing', async () => {
    const over = signedFor('rl', anHourAgo());
    const changed = signedFor('r', inAnHour()).replace('sp=r', 'sp=rl');
    for (const query of [over, changed]) {
      expect(await lists(new DataLakeFileSystemClient(`${url}?${query}`, undefined, once))).toMatchObject({ code: 'AuthenticationFailed' });
    }
  });

  test('a signed URL of the account opens it', async () => {
    const service = new DataLakeServiceClient(`https://${account}.dfs.core.windows.net`, key, once);
    const signed = service.generateAccountSasUrl(inAnHour(), AccountSASPermissions.parse('rl'), 'co');
    const files = new DataLakeServiceClient(signed, undefined, once).getFileSystemClient(filesystem);
    expect(await lists(files)).toMatchObject({ code: 'not refused' });
  });
});

describe('the other door', () => {
  const blobs = () => new ContainerClient(url.replace('.dfs.', '.blob.'), servicePrincipal(), once);
  const files = () => new DataLakeFileSystemClient(url, servicePrincipal(), once);
  const put = (name: string, body: string, conditions = {}) =>
    blobs()
      .getBlockBlobClient(name)
      .upload(body, body.length, { conditions, metadata: { write: '1' } });

  test('shows the same files, with the same etags', async () => {
    const { etag } = await put('put/a', 'hello');
    const { etag: listed } = (await collect(files().listPaths({ path: 'put' })))[0] ?? {};
    expect([await text(files(), 'put/a'), `"${listed}"`]).toEqual(['hello', etag]);
  });

  test('makes a file only once under a condition', async () => {
    await put('put/once', '1', { ifNoneMatch: '*' });
    expect(await said(put('put/once', '2', { ifNoneMatch: '*' }))).toEqual({ status: 409, code: 'BlobAlreadyExists' });
  });

  test('replaces a file whose etag is as expected, and no other', async () => {
    const { etag = '' } = await put('put/swap', '1');
    const { etag: next = '' } = await put('put/swap', '2', { ifMatch: etag });
    expect(await said(put('put/swap', '3', { ifMatch: etag }))).toEqual({ status: 412, code: 'ConditionNotMet' });
    expect(await said(put('put/none', '3', { ifMatch: next }))).toEqual({ status: 412, code: 'ConditionNotMet' });
    expect(await text(files(), 'put/swap')).toBe('2');
  });

  test('of two that make a file at once one is told so', async () => {
    const race = await Promise.all([1, 2, 3].map((n) => said(put('put/race', String(n), { ifNoneMatch: '*' }))));
    expect(race.filter(({ code }) => code === 'not refused')).toHaveLength(1);
  });

  test('content that does not arrive as it was sent is refused', async () => {
    const sending = blobs()
      .getBlockBlobClient('put/torn')
      .upload('abc', 3, { transactionalContentMD5: new Uint8Array(16) });
    expect(await said(sending)).toEqual({ status: 400, code: 'Md5Mismatch' });
  });

  test('what one door wrote the other does not append to', async () => {
    await put('put/mine', 'abc');
    expect(await said(files().getFileClient('put/mine').append('d', 3, 1))).toEqual({ status: 409, code: 'InvalidFlushOperation' });
  });

  test('shows a folder as an empty blob with a mark', async () => {
    await written(files(), 'folder/x', 'x');
    expect((await blobs().getBlobClient('folder').getProperties()).metadata).toEqual({ hdi_isfolder: 'true' });
  });

  test('lists all names that begin alike', async () => {
    for (const name of ['flat/a', 'flat/b/c']) await put(name, name);
    const found = await collect(blobs().listBlobsFlat({ prefix: 'flat/' }));
    expect(found.map(({ name }) => name)).toEqual(['flat/a', 'flat/b', 'flat/b/c']);
  });

  test('says what is not there in its own words', async () => {
    expect(await said(blobs().getBlobClient('no').download())).toEqual({ status: 404, code: 'BlobNotFound' });
    const absent = new BlobServiceClient(`https://${account}.blob.core.windows.net`, servicePrincipal(), once).getContainerClient('no');
    expect(await said(collect(absent.listBlobsFlat()))).toEqual({ status: 404, code: 'ContainerNotFound' });
  });

  test('makes and removes filesystems', async () => {
    const made = new DataLakeFileSystemClient(url.replace(filesystem, 'made'), servicePrincipal(), once);
    await made.create();
    expect(await made.exists()).toBe(true);
    await made.delete();
    expect(await made.exists()).toBe(false);
  });
});

describe('OneLake', () => {
  const [item] = workspace.items;
  const at = (name: string) => new DataLakeFileSystemClient(`https://onelake.dfs.fabric.microsoft.com/${name}`, servicePrincipal(), once);

  test('names and ids lead to the same files', async () => {
    await written(at(workspace.name), 'bronze.Lakehouse/Files/a/b', 'x');
    expect(await text(at(workspace.id), `${item?.id}/Files/a/b`)).toBe('x');
  });

  test('renames by name and by id', async () => {
    for (const [name, lakehouse] of [
      [workspace.name, 'bronze.Lakehouse'],
      [workspace.id, item?.id],
    ] as const) {
      await written(at(name), `${lakehouse}/Files/from`, name);
      await at(name).getFileClient(`${lakehouse}/Files/from`).move(`${lakehouse}/Files/to`);
      expect(await text(at(name), `${lakehouse}/Files/to`)).toBe(name);
    }
  });

  test('a name with an id is no way in, nor is a name where names are shut out', async () => {
    const mixed = await said(at(workspace.id).getFileClient('bronze.Lakehouse/Files/a').create());
    azure().dfs.friendlyNames = false;
    const named = await said(at(workspace.name).getFileClient('bronze.Lakehouse/Files/a').create());
    azure().dfs.friendlyNames = true;
    expect([mixed, named]).toEqual(Array(2).fill({ status: 400, code: 'FriendlyNameSupportDisabled' }));
  });

  test('an item that is not there is said to be absent', async () => {
    expect(await said(at(workspace.name).getFileClient('gold.Lakehouse/Files/a').create())).toEqual({
      status: 404,
      code: 'ArtifactNotFound',
    });
  });

  test.each(['bronze.Lakehouse/other/x', 'bronze.Lakehouse/x', 'bronze.Lakehouse/Files'])('%s is not written', async (path) => {
    expect(await said(at(workspace.name).getFileClient(path).create())).toEqual({ status: 400, code: 'OperationNotAllowedOnThePath' });
  });

  test('a listing calls items by turns what they were asked for and by their ids', async () => {
    await written(at(workspace.name), 'bronze.Lakehouse/Files/listed/x', 'x');
    const list = async () =>
      (await collect(at(workspace.name).listPaths({ path: 'bronze.Lakehouse/Files/listed' }))).map(({ name }) => name);
    expect([...(await list()), ...(await list())].toSorted()).toEqual([`${item?.id}/Files/listed/x`, 'bronze.Lakehouse/Files/listed/x']);
  });

  test('a key opens nothing', async () => {
    const files = new DataLakeFileSystemClient(
      `https://onelake.dfs.fabric.microsoft.com/${workspace.name}`,
      new StorageSharedKeyCredential('onelake', accountKey),
      once,
    );
    expect(await said(collect(files.listPaths()))).toMatchObject({ status: 403 });
  });
});
