import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { client, field, number, type SalesforceServer, startOrg } from '../support/apis/salesforce/server.ts';
import { hiddenProgram } from '../support/optional-programs.ts';

const program = join(import.meta.dirname, '../support/apis/salesforce/node_modules/jsforce/index.js');
const problem = hiddenProgram('jsforce') || (existsSync(program) ? '' : 'without jsforce: npm ci --prefix tests/support/apis/salesforce');

interface Connection {
  readonly bulk2: { query(soql: string, how: object): Promise<AsyncIterable<Record<string, string>>> };
  authorize(how: { readonly grant_type: string }): Promise<unknown>;
  describe(object: string): Promise<{ readonly fields: readonly { readonly name: string; readonly type: string }[] }>;
  describeGlobal(): Promise<{ readonly sobjects: readonly { readonly name: string }[] }>;
  query(
    soql: string,
    how: { readonly autoFetch: boolean; readonly maxFetch: number },
  ): Promise<{ readonly records: readonly { readonly Id: string; readonly Amount__c: number }[] }>;
}

describe.skipIf(problem !== '')(`the strict org serves a foreign client ${problem}`, () => {
  let org: SalesforceServer;
  let connection: Connection;
  beforeAll(async () => {
    org = await startOrg();
    org.pageSize = 3;
    org.object('Account', [field('Amount__c', 'currency', { precision: 18, scale: 2 })]);
    for (let at = 1; at <= 8; at++) org.put('Account', at, { Amount__c: number(`${at}.5`) });
    const { default: jsforce } = (await import(pathToFileURL(program).href)) as {
      default: { Connection: new (how: object) => Connection };
    };
    connection = new jsforce.Connection({
      version: '62.0',
      instanceUrl: org.url,
      oauth2: { clientId: client.id, clientSecret: client.secret, loginUrl: org.url },
    });
    await connection.authorize({ grant_type: 'client_credentials' });
  });
  afterAll(async () => {
    expect(org.unknown).toEqual([]);
    await org[Symbol.asyncDispose]();
  });

  test('with its objects and their fields', async () => {
    expect((await connection.describeGlobal()).sobjects.map(({ name }) => name)).toEqual(['Account']);
    expect((await connection.describe('Account')).fields.map(({ name }) => name)).toContain('SystemModstamp');
  });

  test('with queries of several pages', async () => {
    const { records } = await connection.query('SELECT Id, Amount__c FROM Account ORDER BY Id', { autoFetch: true, maxFetch: 100 });
    expect(records.map((one) => [one.Id, one.Amount__c])).toEqual(Array.from({ length: 8 }, (_, i) => [org.id('Account', i + 1), i + 1.5]));
  });

  // Several pages of results never end for it: https://github.com/jsforce/jsforce/issues/1693
  test('with a job of Bulk API 2.0', async () => {
    const stream = await connection.bulk2.query('SELECT Id, Amount__c FROM Account', { pollInterval: 10, pollTimeout: 10_000 });
    const records: Record<string, string>[] = [];
    for await (const record of stream) records.push(record);
    expect(records.map(({ Amount__c }) => Number(Amount__c)).sort()).toEqual(Array.from({ length: 8 }, (_, i) => i + 1.5));
  });

  test('and tells it what is wrong with a query', async () => {
    await expect(connection.query('SELECT Nmae FROM Account', { autoFetch: false, maxFetch: 1 })).rejects.toMatchObject({
      errorCode: 'INVALID_FIELD',
    });
  });
});
