import { beforeEach, describe, expect, test } from 'vitest';
import { parseSoql } from '../../src/apis/salesforce/soql-query.ts';
import { orgNow as now, orgScene } from '../support/apis/salesforce/scene.ts';
import { field, json, number, type SalesforceServer } from '../support/apis/salesforce/server.ts';
import { noteWithin } from '../support/raised-codes.ts';

const hour = 3_600_000;
const scene = orgScene('things');
const { go, columns } = scene;
const rows = (of: string, order = 'all') => scene.rows(of, order);
let org: SalesforceServer;
beforeEach(() => {
  org = scene.org;
  org.object('User', [field('Name', 'string', { length: 121 }), field('IsActive', 'boolean', { nillable: false })]);
  org.object('Account', [
    field('Name', 'string', { length: 255 }),
    field('Amount__c', 'currency', { precision: 18, scale: 2 }),
    field('Score__c', 'double', { precision: 18, scale: 4, calculated: true }),
    field('Since__c', 'date'),
    field('OwnerId', 'reference', { length: 18, referenceTo: ['User'], relationshipName: 'Owner' }),
    field('BillingAddress', 'address'),
  ]);
  org.object('Contact', [
    field('LastName', 'string', { length: 80 }),
    field('AccountId', 'reference', { length: 18, referenceTo: ['Account'], relationshipName: 'Account' }),
  ]);
  org.put('User', 1, { Name: 'Ann', IsActive: true });
  org.put(
    'Account',
    1,
    { Name: "O'Hara", Amount__c: number('10.50'), Since__c: '2024-02-29', OwnerId: org.id('User', 1) },
    { stampMs: now() - hour },
  );
  org.put('Account', 2, { Name: 'Beta', Amount__c: number('0.25') }, { stampMs: now() - hour });
  org.put('Account', 3, { Name: 'Beta' }, { stampMs: now() - hour });
  for (const [at, account] of [1, 1, 2, 0].entries())
    org.put(
      'Contact',
      at,
      { LastName: `c${at}`, ...(account === 0 ? {} : { AccountId: org.id('Account', account) }) },
      { stampMs: now() - hour },
    );
});

const flow = (soql: string, home = '', rest = '') => scene.flow(`soql: ${JSON.stringify(soql)}\n${home}`, rest);
const queries = () => org.requests.flatMap(({ path, query }) => (path.startsWith('query') && query.q ? [query.q] : []));
const incremental = 'run_type: incremental\nwatermark: { column: SystemModstamp, key: [Id] }';

describe('a query of the config', () => {
  test.each(['rest', 'bulk'])('gives fields and those of parents, with their types and names of the org, by %s', async (api) => {
    flow("select id, lastname, Account.name, account.Amount__c, Account.Owner.IsActive from Contact where LastName != 'c9'", `api: ${api}`);
    expect((await go()).outcome).toEqual([0, []]);
    expect(await columns()).toEqual([
      'Id VARCHAR',
      'LastName VARCHAR',
      'Account_Name VARCHAR',
      'Account_Amount__c DECIMAL(18,2)',
      'Account_Owner_IsActive BOOLEAN',
    ]);
    expect(await rows('LastName, Account_Name, Account_Amount__c, Account_Owner_IsActive', 'LastName')).toEqual([
      "(c0, 'O\\'Hara', 10.50, true)",
      "(c1, 'O\\'Hara', 10.50, true)",
      '(c2, Beta, 0.25, NULL)',
      '(c3, NULL, NULL, NULL)',
    ]);
  });

  test('gives groups of records, by the types that functions have', async () => {
    flow(
      'SELECT Name, COUNT(Id) records, SUM(Amount__c), MIN(Since__c) since, MAX(SystemModstamp) newest, CALENDAR_YEAR(Since__c) y FROM Account GROUP BY Name, CALENDAR_YEAR(Since__c)',
    );
    expect((await go()).outcome).toEqual([0, []]);
    expect(await columns()).toEqual([
      'Name VARCHAR',
      'records BIGINT',
      'expr0 DOUBLE',
      'since DATE',
      'newest TIMESTAMP WITH TIME ZONE',
      'y INTEGER',
    ]);
    expect(await rows('Name, records, expr0, since, y', 'Name')).toEqual([
      '(Beta, 2, 0.25, NULL, NULL)',
      "('O\\'Hara', 1, 10.5, 2024-02-29, 2024)",
    ]);
  });

  test('keeps its order and its limit', async () => {
    flow("SELECT Id, Name FROM Account WHERE Name = 'Beta' OR Name = 'O\\'Hara' ORDER BY Name DESC LIMIT 1");
    expect((await go()).outcome).toEqual([0, []]);
    expect(await rows('Name')).toEqual(["O'Hara"]);
    expect(queries()).toEqual([
      "SELECT Id, Name FROM Account WHERE (Name = 'Beta' OR Name = 'O\\'Hara') AND IsDeleted = false ORDER BY Name DESC LIMIT 1",
    ]);
  });

  test('without an Id is read page by page, and again where a cursor is gone', async () => {
    org.pageSize = 2;
    let expired = 0;
    org.before = ({ path }) => {
      if (/^query\/01g\w+-2$/.test(path) && expired++ === 0) org.expireCursors();
      return undefined;
    };
    flow('SELECT LastName FROM Contact');
    expect((await go()).outcome).toEqual([0, []]);
    expect(await rows('LastName')).toEqual(['c0', 'c1', 'c2', 'c3']);
    expect(expired).toBe(2);
  });

  test('has the window of an increment next to its own condition', async () => {
    flow(
      "SELECT Id, SystemModstamp, Name, Score__c, Owner.Name FROM Account WHERE Name = 'Beta' OR Name = 'Gamma' ORDER BY Name",
      '',
      incremental,
    );
    expect((await go()).outcome).toEqual([0, []]);
    org.put('Account', 4, { Name: 'Gamma' }, { stampMs: now() });
    org.put('Account', 5, { Name: 'Delta' }, { stampMs: now() });
    scene.laterMs = hour;
    const { outcome, stdout } = await go();
    expect(outcome).toEqual([0, []]);
    expect(await rows('Name', 'Id')).toEqual(['Beta', 'Beta', 'Gamma']);
    expect(queries().at(-1)).toMatch(
      / WHERE \(Name = 'Beta' OR Name = 'Gamma'\) AND IsDeleted = false AND SystemModstamp >= \S+Z ORDER BY Name$/,
    );
    // A parent changes without a stamp of the record.
    expect(stdout).toContain('Score__c, Owner_Name. full_every: 7d');
  });

  test('tells deleted records, selected or not', async () => {
    flow('SELECT Id, SystemModstamp FROM Account', 'deleted: true', incremental);
    expect((await go()).outcome).toEqual([0, []]);
    org.remove('Account', 2, now());
    scene.laterMs = hour;
    expect((await go()).outcome).toEqual([0, []]);
    expect(await rows('_deleted', 'Id, _deleted')).toEqual(['false', 'false', 'true', 'false']);
  });

  test('of a large object is read in ranges of Ids, unless it has an order of its own', async () => {
    org.before = ({ path }) => (path === 'limits/recordCount' ? json({ sObjects: [{ count: 900_000, name: 'Account' }] }) : undefined);
    org.put('Account', 5_000_000, { Name: 'far' }, { stampMs: now() - hour });
    flow('SELECT Id, Name FROM Account WHERE Name != null');
    expect((await go()).outcome).toEqual([0, []]);
    expect(await rows('Name')).toEqual(['Beta', 'Beta', "O'Hara", 'far']);
    expect([...org.jobs.values()].map(({ query }) => query.replace(/^.* WHERE /, '').replaceAll(/'\w{15}'/g, '_')).sort()).toEqual([
      '(Name != null) AND IsDeleted = false AND Id < _',
      '(Name != null) AND IsDeleted = false AND Id >= _',
    ]);
    org.jobs.clear();
    flow('SELECT Id, Name FROM Account ORDER BY Name');
    expect((await go()).outcome).toEqual([0, []]);
    expect(org.jobs.size).toBe(1);
  });

  test.each([
    ['SELECT Name Id, MAX(SystemModstamp) SystemModstamp FROM Account GROUP BY Name', 'HYG-3694'],
    ['SELECT Id, SystemModstamp FROM Account LIMIT 10', 'HYG-3694'],
    ['SELECT Id, Name FROM Account', 'HYG-2011'],
  ])('%s has no window', async (soql, code) => {
    flow(soql, '', incremental);
    expect((await go()).outcome).toEqual([1, [code]]);
    expect(queries()).toEqual([]);
  });

  test.each([
    ['SELECT Id, Nmae FROM Account', '', 'HYG-3690'],
    ['SELECT Name, COUNT(Id) n FROM Account GROUP BY Name', 'api: bulk', 'HYG-3694'],
    ['SELECT Name, COUNT(Id) n FROM Account GROUP BY Name', 'deleted: true', 'HYG-3694'],
  ])('%s with %s is refused', async (soql, home, code) => {
    flow(soql, home);
    expect((await go()).outcome).toEqual([1, [code]]);
  });
});

describe('the parts of a query', () => {
  test('are what stands between its words, wherever those words are in texts and brackets', () => {
    const { clauses, object, items } = parseSoql(
      "SELECT Id,Name FROM Group USING SCOPE mine WHERE Name='a) ORDER BY \\' LIMIT' AND Id IN (SELECT G__c FROM X__c WHERE Y__c = 1 LIMIT 3) WITH SECURITY_ENFORCED ORDER BY Name DESC NULLS LAST LIMIT 5 OFFSET 2",
    );
    expect([object, items.map(({ text }) => text), clauses]).toEqual([
      'Group',
      ['Id', 'Name'],
      {
        scope: 'mine',
        where: "Name='a) ORDER BY \\' LIMIT' AND Id IN (SELECT G__c FROM X__c WHERE Y__c = 1 LIMIT 3)",
        with: 'SECURITY_ENFORCED',
        order: 'Name DESC NULLS LAST',
        limit: '5',
        offset: '2',
      },
    ]);
  });

  test.each([
    'DELETE FROM Account',
    'SELECT Id',
    'SELECT FROM Account',
    'SELECT Id, FROM Account',
    'SELECT Id FROM Account WHERE',
    "SELECT Id FROM Account WHERE Name = 'open",
    'SELECT Id FROM Account WHERE (Name = null',
    'SELECT Id FROM Account WHERE Name = null) OR (Name != null',
    'SELECT Id FROM Account LIMIT 1 WHERE Name = null',
    'SELECT Id FROM Account WHERE Name = null WHERE Name != null',
    'SELECT Id FROM Account a',
    'SELECT Id FROM Account, Contact',
    'SELECT Id FROM Account FOR UPDATE',
    'SELECT Id FROM Account WHERE Name = null ALL ROWS',
    'SELECT Id, Name n FROM Account',
    'SELECT Id, Id FROM Account',
    'SELECT Id, (SELECT Id FROM Contacts) FROM Account',
    'SELECT FIELDS(ALL) FROM Account',
    'SELECT toLabel(Rating) FROM Account',
    'SELECT TYPEOF What WHEN Account THEN Phone END FROM Event',
    'SELECT COUNT() FROM Account',
    'SELECT Owner.Name, COUNT(Id) FROM Account GROUP BY Owner.Name',
  ])('%s is refused', (soql) => {
    let error: unknown;
    try {
      parseSoql(soql);
    } catch (thrown) {
      error = thrown;
    }
    noteWithin(error);
    expect(error).toMatchObject({ code: 'HYG-3694' });
  });
});
