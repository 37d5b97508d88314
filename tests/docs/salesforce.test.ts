import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { client, field, type SalesforceServer, startOrg } from '../support/apis/salesforce/server.ts';
import { duck } from '../support/duck.ts';
import { inProcess } from '../support/in-process.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { blocksOf } from './blocks.ts';

const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'salesforce.md'), 'utf8');
const hour = 3_600_000;
let org: SalesforceServer;
beforeEach(async () => {
  org = await startOrg();
});
afterEach(async () => {
  expect(org.unknown).toEqual([]);
  await org[Symbol.asyncDispose]();
});

test('the example of docs/salesforce.md runs as it stands, and once more for what is new and what was deleted', async () => {
  using workspace = new TestWorkspace();
  for (const { language, text } of blocksOf(page))
    if (language === 'yaml') workspace.write({ [/^# (\S+\.yml)/.exec(text)?.[1] ?? '']: text });
  const refers = (name: string, to: string, relationshipName: string) =>
    field(name, 'reference', { length: 18, referenceTo: [to], relationshipName });
  org.object('User', [field('IsActive', 'boolean')]);
  org.put('User', 1, { IsActive: true }, { stampMs: Date.now() - 4 * hour });
  const parents = { Account: refers('OwnerId', 'User', 'Owner'), Contact: refers('AccountId', 'Account', 'Account') };
  for (const object of ['Account', 'Contact'] as const) {
    org.object(object, [field('Name', 'string', { length: 255 }), field('LastName', 'string', { length: 80 }), parents[object]]);
    for (const at of [1, 2, 3]) org.put(object, at, { Name: `n${at}` }, { stampMs: Date.now() - 4 * hour });
  }
  org.put('Account', 1, { OwnerId: org.id('User', 1) }, { stampMs: Date.now() - 4 * hour });
  org.put('Contact', 1, { LastName: 'Ann', AccountId: org.id('Account', 1) }, { stampMs: Date.now() - 4 * hour });
  org.nowMs = () => Date.now() - 3 * hour;
  const env = { SALESFORCE_URL: org.url, SALESFORCE_CLIENT_ID: client.id, SALESFORCE_CLIENT_SECRET: client.secret };
  const run = (command: string) => inProcess([command, '--no-color'], workspace.root, env);
  const debug = await run('debug');
  expect([debug.code, debug.stdout + debug.stderr]).toEqual([0, expect.stringContaining('/Account has 7 fields to read')]);
  // What an app has to be given.
  expect(debug.stdout).toMatch(/secret\s+SALESFORCE_CLIENT_SECRET \(client_secret\)\s+for crm/);
  expect((await run('go')).code).toBe(0);
  org.nowMs = Date.now;
  org.put('Account', 4, { Name: 'n4' }, { stampMs: Date.now() - hour });
  org.remove('Account', 2, Date.now() - hour);
  expect((await run('go')).code).toBe(0);
  const found = await duck(`select Name, _deleted from '${workspace.path('lake/crm/Account/*.parquet')}' order by Name, _deleted`);
  expect(found.map((row) => [row.Name, row._deleted])).toEqual([
    ['n1', false],
    ['n2', false],
    ['n2', true],
    ['n3', false],
    ['n4', false],
  ]);
  const people = await duck(
    `select LastName, Account_Name, Account_Owner_IsActive as owner from '${workspace.path('lake/crm/people/*.parquet')}'`,
  );
  expect(people.map((row) => [row.LastName, row.Account_Name, row.owner])).toEqual([['Ann', 'n1', true]]);
});
