import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, test } from 'vitest';
import { orgNow as now, orgScene } from '../support/apis/salesforce/scene.ts';
import { errorOf, field, number, type SalesforceServer } from '../support/apis/salesforce/server.ts';
import { duck } from '../support/duck.ts';

const hour = 3_600_000;
const lag = 10 * 60_000;
const scene = orgScene('Account');
const { flow, go, rows } = scene;
let org: SalesforceServer;
beforeEach(() => {
  org = scene.org;
  org.object('Account', [
    field('Name', 'string', { length: 255 }),
    field('Amount__c', 'currency', { precision: 18, scale: 2 }),
    field('Share__c', 'percent', { precision: 5, scale: 1 }),
    field('Score__c', 'double', { precision: 18, scale: 4, calculated: true }),
    field('Seats__c', 'int', { digits: 8 }),
    field('Active__c', 'boolean', { nillable: false }),
    field('Since__c', 'date'),
    field('OwnerId', 'reference', { length: 18, referenceTo: ['User'] }),
    field('BillingAddress', 'address'),
    field('Logo__c', 'base64'),
  ]);
});

const failure = async () => (await go()).outcome;
const put = (from: number, to: number, stampMs = now() - hour) => {
  for (let at = from; at <= to; at++) org.put('Account', at, { Name: `n${at}`, Active__c: true }, { stampMs: stampMs + at * 1000 });
};
const ids = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => org.id('Account', from + i));
const asked = (path: string) => org.requests.filter((one) => one.path === path);

describe('an object of an org', () => {
  test('settles with the types of its description, each value as it is', async () => {
    flow();
    org.put('Account', 1, {
      Name: 'Äcme "1"',
      Amount__c: number('12345678901234.50'),
      Share__c: number('12.5'),
      Score__c: number('0.3333333333333333'),
      Seats__c: number('7'),
      Active__c: true,
      Since__c: '2024-02-29',
      OwnerId: '0055g0000000001AAA',
    });
    org.put('Account', 2, { Active__c: false });
    const { code, events } = await go();
    expect([code, JSON.stringify(events.find(({ event }) => event === 'plan'))]).toEqual([
      0,
      expect.stringContaining('BillingAddress, Logo__c'),
    ]);
    expect(await scene.columns()).toEqual([
      'Id VARCHAR',
      'IsDeleted BOOLEAN',
      'CreatedDate TIMESTAMP WITH TIME ZONE',
      'SystemModstamp TIMESTAMP WITH TIME ZONE',
      'Name VARCHAR',
      'Amount__c DECIMAL(18,2)',
      'Share__c DECIMAL(5,1)',
      'Score__c DOUBLE',
      'Seats__c INTEGER',
      'Active__c BOOLEAN',
      'Since__c DATE',
      'OwnerId VARCHAR',
    ]);
    expect(await rows('(Name, Amount__c, Share__c, Score__c, Seats__c, Active__c, Since__c, OwnerId)')).toEqual([
      '(\'Äcme "1"\', 12345678901234.50, 12.5, 0.3333333333333333, 7, true, 2024-02-29, 0055g0000000001AAA)',
      '(NULL, NULL, NULL, NULL, NULL, false, NULL, NULL)',
    ]);
  });

  test('of several pages is read in the order of Ids, with one sign-in', async () => {
    org.pageSize = 3;
    put(1, 10);
    flow();
    expect((await go()).code).toBe(0);
    expect(await rows()).toEqual(ids(1, 10));
    expect(org.requests.filter(({ path }) => path.startsWith('/services/oauth2'))).toHaveLength(1);
    expect(asked('queryAll').map(({ query }) => query.q)).toEqual([
      expect.stringMatching(/^SELECT Id, IsDeleted, .* FROM Account WHERE IsDeleted = false ORDER BY Id$/),
    ]);
  });

  test('names the page and the number of a record that can not be read', async () => {
    org.pageSize = 3;
    put(1, 10);
    for (const at of [5, 9]) org.put('Account', at, { Amount__c: number('1.239') });
    flow();
    const { code, events } = await go();
    expect([code, JSON.stringify(events)]).toEqual([1, expect.stringMatching(/Record 2 of http:\S+\/Account, page 2\b/)]);
    flow('bad_rows: quarantine');
    expect((await go()).code).toBe(0);
    expect(await rows()).toEqual([...ids(1, 4), ...ids(6, 8), ...ids(10, 10)]);
    const kept = await duck(
      `select source, line from read_parquet('${scene.workspace.path('lake/_hygge/crm/Account/quarantine')}/*.parquet') order by source`,
    );
    expect(kept.map(({ source, line }) => `${String(source).replace(/^.*, /, '')}, record ${line}`)).toEqual([
      'page 2, record 2',
      'page 3, record 3',
    ]);
  });

  test('is read again from the last Id, where the cursor of a page is gone', async () => {
    org.pageSize = 3;
    put(1, 10);
    flow();
    org.before = ({ path }) => {
      if (path.endsWith('-6')) org.expireCursors();
      return undefined;
    };
    expect((await go()).code).toBe(0);
    expect(await rows()).toEqual(ids(1, 10));
    expect(asked('queryAll').map(({ query }) => query.q?.replace(/^.*Account/, ''))).toEqual([
      ' WHERE IsDeleted = false ORDER BY Id',
      ` WHERE IsDeleted = false AND Id > '${org.id('Account', 6)}' ORDER BY Id`,
    ]);
  });

  test('whose pages lead past some of its records stops the run, and nothing is committed', async () => {
    org.pageSize = 3;
    put(1, 10);
    flow();
    org.before = ({ path }) => {
      const [, cursor] = /^(query\/\w+)-3$/.exec(path) ?? [];
      return cursor === undefined
        ? undefined
        : {
            status: 200,
            body: `{"totalSize":10,"done":false,"nextRecordsUrl":"/services/data/v62.0/${cursor}-6","records":[{"attributes":{},"Id":"${org.id('Account', 4)}"}]}`,
          };
    };
    expect(await failure()).toEqual([1, ['HYG-3605']]);
    await expect(rows()).rejects.toThrow(/No files found/);
  });

  test('is read on by another session, where one ends in the middle', async () => {
    org.pageSize = 3;
    put(1, 10);
    flow();
    let ended = 0;
    org.before = ({ path }) => {
      if (path.endsWith('-6') && ended++ === 0) org.endSessions();
      return undefined;
    };
    expect((await go()).code).toBe(0);
    expect(await rows()).toEqual(ids(1, 10));
    expect(org.requests.filter(({ path }) => path.startsWith('/services/oauth2'))).toHaveLength(2);
  });

  test('is asked for again, where the org takes no request for a while', async () => {
    put(1, 2);
    flow();
    let refused = 0;
    org.before = ({ path }) =>
      path === 'queryAll' && refused++ < 2
        ? errorOf(
            refused === 1 ? 403 : 503,
            refused === 1 ? 'REQUEST_LIMIT_EXCEEDED' : 'SERVER_UNAVAILABLE',
            'ConcurrentRequests Limit exceeded.',
          )
        : undefined;
    expect((await go()).code).toBe(0);
    expect([refused, await rows()]).toEqual([3, ids(1, 2)]);
  });

  test.each([
    ['a record without an Id', () => ({ status: 200, body: '{"totalSize":1,"done":true,"records":[{"attributes":{}}]}' }), 'HYG-3602'],
    ['a query that it does not take', () => errorOf(400, 'MALFORMED_QUERY', 'unexpected token'), 'HYG-3601'],
    ['no right to the API', () => errorOf(403, 'API_DISABLED_FOR_ORG', 'not enabled'), 'HYG-6401'],
  ])('is not a table, where the org answers with %s', async (_what, answer, code) => {
    put(1, 1);
    flow();
    org.before = ({ path }) => (path === 'queryAll' ? answer() : undefined);
    expect(await failure()).toEqual([1, [code]]);
  });

  test.each([
    ['HYG-3690', 'columns: [Id, Nmae]'],
    ['HYG-3691', `api: rest\nwhere: "${'Name != null AND '.repeat(1_200)}Name != null"`],
  ])('is refused with %s where the config asks for what there is not, or for too much', async (code, home) => {
    put(1, 1);
    flow(home);
    expect(await failure()).toEqual([1, [code]]);
  });
});

describe('an increment', () => {
  const incremental = (home = '', rest = '') =>
    flow(home, `run_type: incremental\nwatermark: { column: SystemModstamp, key: [Id] }\n${rest}`);

  test('reads what changed, and what is at the bound once more, by one query', async () => {
    put(1, 3);
    incremental();
    expect((await go()).code).toBe(0);
    expect(await rows()).toEqual(ids(1, 3));
    org.requests.length = 0;
    expect((await go()).code).toBe(0);
    expect(org.requests.map(({ path }) => path)).toEqual(['/services/oauth2/token', 'sobjects/Account/describe', 'queryAll']);
    put(4, 5, now() - lag + 1_000);
    scene.laterMs = hour;
    expect((await go()).code).toBe(0);
    expect(await rows()).toEqual(ids(1, 5));
  });

  test('reports a field that the user may not read for a while, and that records which changed meanwhile lack it', async () => {
    put(1, 3);
    incremental();
    const all = [...(org.objects.get('Account')?.fields ?? [])];
    const show = (isShown: boolean) => {
      const of = org.objects.get('Account');
      if (of !== undefined) org.objects.set('Account', { ...of, fields: isShown ? all : all.filter(({ name }) => name !== 'Name') });
    };
    const told = async (...more: readonly string[]) => {
      const { code, stdout, events } = await go(...more);
      const summary = events.find(({ event }) => event === 'summary');
      const drift = events.flatMap((one) => (one.event === 'plan' ? (one.drift ?? []) : [])).map((one) => `${one.kind} ${one.column}`);
      return { code, warns: summary?.event === 'summary' && summary.warn === 1, drift, stdout };
    };
    expect(await told()).toMatchObject({ code: 0, warns: false, drift: [] });
    show(false);
    put(2, 2, now() + hour / 2);
    scene.laterMs = hour;
    const hidden = await told();
    expect(hidden).toMatchObject({ code: 0, warns: true, drift: ['removed Name'] });
    expect(hidden.stdout).toContain('the org no longer shows these fields: Name');
    expect(hidden.stdout).toContain('it stays, and new rows have null there');
    show(true);
    for (const _ of ['a run with nothing new', 'and another one']) {
      const back = await told();
      expect(back).toMatchObject({ code: 0, warns: true, drift: ['returned Name'] });
      expect(back.stdout).toMatch(/column Name is there again: rows that settled since \d{4}-\d\d-\d\d have null there/);
    }
    put(3, 3, now() + 1.5 * hour);
    scene.laterMs = 2 * hour;
    expect(await told()).toMatchObject({ code: 0, warns: true, drift: ['returned Name'] });
    expect(await told()).toMatchObject({ code: 0, warns: false, drift: [] });
    expect(await told('-d')).toMatchObject({ code: 0, warns: false, drift: [] });
    expect(await rows('[Id, Name]')).toEqual([1, 2, 3].map((at) => `[${org.id('Account', at)}, n${at}]`));
  });

  test('reads all records of one second, also those that show later', async () => {
    // The clock of the org stands still: the bound of the first run is that second.
    const still = Math.floor(now() / 1000) * 1000;
    org.nowMs = () => still + scene.laterMs;
    for (const at of [1, 2, 3]) org.put('Account', at, { Active__c: true }, { stampMs: still - lag });
    org.pageSize = 2;
    incremental();
    expect((await go()).code).toBe(0);
    org.put('Account', 4, { Active__c: true }, { stampMs: still - lag });
    org.put('Account', 5, { Active__c: true }, { stampMs: still - lag + 1_000 });
    scene.laterMs = hour;
    expect((await go()).code).toBe(0);
    expect(await rows()).toEqual(ids(1, 5));
  });

  test('stays ten minutes behind the clock of the org, so that a long transaction is not missed', async () => {
    put(1, 2);
    org.put('Account', 8, { Active__c: true }, { stampMs: now() - 60_000 });
    org.put('Account', 9, { Active__c: true }, { stampMs: now() - 120_000, hiddenUntilMs: now() + 300_000 });
    incremental();
    expect((await go()).code).toBe(0);
    expect(await rows()).toEqual(ids(1, 2));
    scene.laterMs = 20 * 60_000;
    expect((await go()).code).toBe(0);
    expect(await rows()).toEqual([...ids(1, 2), ...ids(8, 9)]);
  });

  test('says which records are in the recycle bin', async () => {
    put(1, 3);
    incremental('deleted: true\ncolumns: [Name, SystemModstamp]');
    expect((await go()).code).toBe(0);
    org.remove('Account', 2, now());
    scene.laterMs = hour;
    const { code, stdout } = await go();
    expect([code, stdout]).toEqual([0, expect.stringContaining('15 days')]);
    expect(await rows('[Name, _deleted::varchar]', 'Id, _deleted')).toEqual(['[n1, false]', '[n2, false]', '[n2, true]', '[n3, false]']);
  });

  test('of deleted records is refused, where the object does not tell them', async () => {
    org.object('Account', [], [field('Id', 'id', { nillable: false }), field('SystemModstamp', 'datetime')]);
    incremental('deleted: true');
    expect(await failure()).toEqual([1, ['HYG-3690']]);
  });
});

describe.each(['rest', 'bulk'])('archived records, by %s,', (api) => {
  const task = (at: number, isArchived: boolean) => org.put('Task', at, { IsArchived: isArchived }, { stampMs: now() - hour + at * 1000 });
  beforeEach(() => {
    org.object('Task', [field('IsArchived', 'boolean', { nillable: false })]);
    for (let at = 1; at <= 10; at++) task(at, at <= 4);
    org.remove('Task', 5, now() - hour);
  });
  const tasks = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => org.id('Task', from + i));

  test('are read by increments, with the columns that the config wants', async () => {
    flow(
      `table: Task\napi: ${api}\ncolumns: [Id, SystemModstamp]`,
      'run_type: incremental\nwatermark: { column: SystemModstamp, key: [Id] }',
    );
    expect((await go()).code).toBe(0);
    org.put('Task', 11, { IsArchived: true }, { stampMs: now() });
    org.put('Task', 12, { IsArchived: true, IsDeleted: true }, { stampMs: now() });
    scene.laterMs = hour;
    expect((await go()).code).toBe(0);
    expect(await rows()).toEqual([...tasks(1, 4), ...tasks(6, 11)]);
  });
});

test('an object that marks no deleted records is read as a query gives it', async () => {
  org.object(
    'Log__c',
    [field('Name', 'string', { length: 80 })],
    [field('Id', 'id', { nillable: false }), field('SystemModstamp', 'datetime')],
  );
  org.put('Log__c', 1, { Name: 'a' }, { stampMs: now() - hour });
  flow('table: Log__c');
  expect((await go()).code).toBe(0);
  expect([await rows(), asked('query').length, asked('queryAll').length]).toEqual([[org.id('Log__c', 1)], 1, 0]);
});

test('a run says what the org had answered before, and what reading took, with or without anything new', async () => {
  org.pageSize = 2;
  put(1, 10);
  flow('', 'run_type: incremental\nwatermark: { column: SystemModstamp, key: [Id] }');
  const costOf = ({ events }: Awaited<ReturnType<typeof go>>) =>
    events.flatMap((one) => (one.event === 'entity_done' ? [/reading took \d+ requests?; .*/.exec(one.message ?? '')?.[0]] : []));
  const first = await go();
  expect(first.stdout).toContain('the org has answered 2 of 15,000 calls in 24 hours');
  expect(costOf(first)).toEqual([`reading took 7 requests; the source counts ${org.calls} of 15,000 that the account has`]);
  expect(costOf(await go())).toEqual([`reading took 2 requests; the source counts ${org.calls} of 15,000 that the account has`]);
});

test('the objects of an org become entities, each with its stamp as watermark', async () => {
  org.object('Invoice__c');
  flow();
  const made = await scene.hygge('generate', 'entities', '--flow', 'crm');
  expect([made.code, made.stdout + made.stderr]).toEqual([0, expect.stringContaining('Invoice__c')]);
  expect(readFileSync(scene.workspace.path('flows/crm/entities/Invoice__c.yml'), 'utf8')).toContain(
    '# watermark: { column: SystemModstamp, key: [Id] }',
  );
});

test('an org that asks to be left alone returns no entities, and says until when', async () => {
  flow();
  const busy = { ...errorOf(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.'), headers: { 'retry-after': '3600' } };
  org.before = ({ path }) => (path === 'sobjects/' ? busy : undefined);
  const { code, stdout, stderr } = await scene.hygge('generate', 'entities', '--flow', 'crm');
  expect([code, stdout + stderr]).toEqual([1, expect.stringMatching(/HYG-3692[\s\S]*a pause until \d{4}-/)]);
});
