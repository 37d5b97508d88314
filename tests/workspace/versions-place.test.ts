import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { configPlace } from '../../src/workspace/versions/place.ts';

const key = 'a2V5LWNhbmFyeQ==';
const account = `DefaultEndpointsProtocol=https;AccountName=acct;AccountKey=${key};EndpointSuffix=core.windows.net`;
const container = 'https://acct.blob.core.windows.net/mine';

/** What the place says, with secrets shown. */
function told(env: Readonly<Record<string, string>>, given?: string) {
  const place = configPlace(env, given);
  if (place.kind === 'folder') return place;
  const { access } = place;
  return { ...place, access: access.by === 'identity' ? access : { by: access.by, text: access.secret.reveal() } };
}

describe('where the config is kept', () => {
  test('is the container hygge-config of the storage of the app', () => {
    expect(told({ AzureWebJobsStorage: account })).toEqual({
      kind: 'blob',
      url: null,
      container: 'hygge-config',
      access: { by: 'connection string', text: account },
    });
  });

  test('may have another name there', () => {
    expect(told({ AzureWebJobsStorage: account, HYGGE_CONFIG_CONTAINER: 'other' })).toMatchObject({ container: 'other' });
  });

  test.each([
    [{ AzureWebJobsStorage__accountName: 'acct' }, null],
    [{ AzureWebJobsStorage__blobServiceUri: 'https://acct.blob.core.windows.net/' }, null],
    [{ AzureWebJobsStorage__accountName: 'acct', AzureWebJobsStorage__clientId: 'c0ffee' }, 'c0ffee'],
  ])('is found by the identity of the app: %j', (env, clientId) => {
    expect(told(env)).toEqual({
      kind: 'blob',
      url: 'https://acct.blob.core.windows.net/hygge-config',
      container: 'hygge-config',
      access: { by: 'identity', clientId },
    });
  });

  test('is the address in HYGGE_CONFIG, reached by the credential of the environment', () => {
    expect(told({ HYGGE_CONFIG: `${container}/` })).toMatchObject({ url: container, container: 'mine', access: { by: 'identity' } });
  });

  test('is reached by the key of the app where it is the same account, and never by that of another', () => {
    expect(told({ HYGGE_CONFIG: container, AzureWebJobsStorage: account })).toMatchObject({ access: { by: 'connection string' } });
    const other = account.replace('AccountName=acct', 'AccountName=another');
    expect(told({ HYGGE_CONFIG: container, AzureWebJobsStorage: other })).toMatchObject({ access: { by: 'identity' } });
    const longer = 'https://acct.blob.core.windows.net.example.com/mine';
    expect(told({ HYGGE_CONFIG: longer, AzureWebJobsStorage: account })).toMatchObject({ access: { by: 'identity' } });
  });

  test('may be an address with a signature, which is not part of what is shown', () => {
    expect(told({ HYGGE_CONFIG: `${container}?sv=1&sig=canary` })).toMatchObject({
      url: container,
      access: { by: 'sas', text: 'sv=1&sig=canary' },
    });
  });

  test('on the command line goes before everything else', () => {
    expect(told({ HYGGE_CONFIG: 'some/folder', AzureWebJobsStorage: account }, container)).toMatchObject({ url: container });
  });

  test('may be a connection string itself', () => {
    expect(told({ HYGGE_CONFIG: 'UseDevelopmentStorage=true' })).toMatchObject({ access: { text: 'UseDevelopmentStorage=true' } });
    const local = { HYGGE_CONFIG: 'http://127.0.0.1:10000/devstoreaccount1/mine', AzureWebJobsStorage: 'UseDevelopmentStorage=true' };
    expect(told(local)).toMatchObject({ container: 'mine', access: { by: 'connection string' } });
  });

  test('may be a folder, for an app that runs on a laptop', () => {
    expect(told({ HYGGE_CONFIG: './examples/flights' })).toEqual({ kind: 'folder', path: './examples/flights' });
  });

  test('never shows a key or a signature, however it is looked at', () => {
    for (const env of [{ AzureWebJobsStorage: account }, { HYGGE_CONFIG: `${container}?sig=canary` }]) {
      const place = configPlace(env);
      const shown = [inspect(place, { depth: 9 }), JSON.stringify(place)].join();
      expect(shown).not.toMatch(/canary|a2V5LWNhbmFyeQ/);
    }
  });

  test.each([
    [{}, 'HYG-1931'],
    [{ AzureWebJobsStorage__accountName: '' }, 'HYG-1931'],
    [{ HYGGE_CONFIG: 'https://acct.blob.core.windows.net' }, 'HYG-1932'],
    [{ HYGGE_CONFIG: 'http://127.0.0.1:10000/devstoreaccount1' }, 'HYG-1932'],
    [{ HYGGE_CONFIG: 'https://[broken' }, 'HYG-1932'],
  ])('%j is refused: %s', (env, code) => {
    expect(() => configPlace(env)).toThrow(code);
  });
});
