import {
  AccountSASPermissions,
  AccountSASResourceTypes,
  AccountSASServices,
  generateAccountSASQueryParameters,
  StorageSharedKeyCredential,
} from '@azure/storage-blob';
import { beforeEach, describe, expect, test } from 'vitest';
import { Secret } from '../../../src/ports/secret.ts';
import { findConnector } from '../../../src/registry.ts';
import { account, accountKey } from '../../support/azure-hosts/azure.ts';
import { first, loaded, staged } from '../../support/commits.ts';
import { openedOnce } from '../../support/opened-once.ts';
import type { Answer, TdsRequest } from '../../support/tds/session.ts';
import { lake, lakehouse, type WarehouseStores, warehouseStores } from './stores.ts';

describe('who reads what is staged for a Warehouse', () => {
  let before: (request: TdsRequest) => Answer | undefined = () => undefined;
  const served: WarehouseStores = openedOnce(() => warehouseStores({ before: async (request) => before(request) }));
  beforeEach(async () => {
    before = () => undefined;
    await served.cleared();
  });
  const signed = generateAccountSASQueryParameters(
    {
      expiresOn: new Date(Date.now() + 3_600_000),
      permissions: AccountSASPermissions.parse('rwdlac'),
      resourceTypes: AccountSASResourceTypes.parse('sco').toString(),
      services: AccountSASServices.parse('b').toString(),
    },
    new StorageSharedKeyCredential(account, accountKey),
  ).toString();
  const bySignature = () => served.store({ own: { staging_sas: new Secret(`?${signed}`) } });
  const copied = () => served.server.requests.map(({ sql }) => sql).findLast((sql) => sql.startsWith('COPY INTO')) ?? '';

  test('the identity of the workspace where the connection says so', async () => {
    expect(await loaded(served.store({ own: { staging_identity: 'workspace' } }), first)).toMatchObject({ outcome: 'committed' });
    expect(copied()).toMatch(/WITH \(FILE_TYPE = 'PARQUET', CREDENTIAL = \(IDENTITY = 'Workspace Identity'\)\)$/);
  });

  test('a shared access signature, which hygge writes with as well', async () => {
    expect(await loaded(bySignature(), first)).toMatchObject({ outcome: 'committed' });
    expect(copied()).toContain(`CREDENTIAL = (IDENTITY = 'Shared Access Signature', SECRET = '${signed}')`);
    expect(served.staged()).toEqual([]);
  });

  test('no signature is in what is told of a statement that a server repeats', async () => {
    before = ({ sql }) =>
      sql.startsWith('COPY INTO') ? { error: { number: 102, class: 15, message: `Incorrect syntax near '${sql}'.` } } : undefined;
    const error = await staged(bySignature(), first).then(
      () => undefined,
      (cause: unknown) => cause,
    );
    const told = JSON.stringify([
      error,
      (error as Error).message,
      (error as { toDetails?: () => unknown }).toDetails?.(),
      String((error as Error).stack),
    ]);
    expect(told).toContain('COPY INTO');
    const secret = /sig=([^&]+)/.exec(signed)?.[1] ?? signed;
    expect(told).not.toContain(secret);
  });

  test('a Lakehouse takes no signature, and two ways at once are refused', async () => {
    const side = (await findConnector('fabric_warehouse'))?.store;
    const refused = (keys: Readonly<Record<string, unknown>>) =>
      side?.config
        .safeParse({ ...served.keys, table: 'dbo.e', staging_sas: signed, ...keys })
        .error?.issues.map(({ path }) => path.join('.'));
    expect(refused({ staging: lakehouse })).toEqual(['staging_sas']);
    expect(refused({ staging: lake, staging_identity: 'workspace' })).toEqual(['staging_identity']);
    expect(refused({ staging: lake })).toBeUndefined();
  });
});
