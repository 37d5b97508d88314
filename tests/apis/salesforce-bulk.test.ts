import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { mustBeWhole } from '../../src/apis/salesforce/result-page.ts';
import { orgNow, orgScene } from '../support/apis/salesforce/scene.ts';
import { field, number, type SalesforceServer } from '../support/apis/salesforce/server.ts';
import { cases } from '../support/samples.ts';

const hour = 3_600_000;
const scene = orgScene('Account');
const { rows } = scene;
let org: SalesforceServer;
beforeEach(() => {
  org = scene.org;
  org.object('Account', [
    field('Name', 'string', { length: 255 }),
    field('Amount__c', 'currency', { precision: 18, scale: 2 }),
    field('Seats__c', 'int', { digits: 8 }),
    field('Active__c', 'boolean', { nillable: false }),
    field('Since__c', 'date'),
  ]);
});

const flow = (home = 'api: bulk', rest = '') => scene.flow(home, rest);
const go = async () => (await scene.go()).outcome;
const put = (from: number, to: number) => {
  for (let at = from; at <= to; at++) org.put('Account', at, { Name: `n${at}`, Active__c: true }, { stampMs: orgNow() - hour + at * 1000 });
};
const ids = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => org.id('Account', from + i));
const paths = () => org.requests.map(({ method, path }) => `${method} ${path.replace(/750\w+/, 'job')}`);

describe('a job of Bulk API 2.0', () => {
  test('gives each value as it is, and nothing for an empty one', async () => {
    flow();
    org.put('Account', 1, {
      Name: 'Äcme "1",\nsecond line',
      Amount__c: number('12345678901.5'),
      Seats__c: number('7'),
      Active__c: true,
      Since__c: '2024-02-29',
    });
    org.put('Account', 2, { Active__c: false });
    expect(await go()).toEqual([0, []]);
    expect(await rows('Name, Amount__c, Seats__c, Active__c, Since__c')).toEqual([
      '(\'Äcme "1",\nsecond line\', 12345678901.50, 7, true, 2024-02-29)',
      '(NULL, NULL, NULL, false, NULL)',
    ]);
  });

  test('of several pages of results is read by their locators', async () => {
    org.resultSize = 4;
    org.jobPolls = 2;
    put(1, 10);
    flow();
    expect(await go()).toEqual([0, []]);
    expect(await rows()).toEqual(ids(1, 10));
    expect(paths().slice(-7)).toEqual([
      'POST jobs/query',
      ...Array(3).fill('GET jobs/query/job'),
      ...Array(3).fill('GET jobs/query/job/results'),
    ]);
  });

  test('stops at a number with more digits than its field declares, and reads it where the config makes room', async () => {
    org.put('Account', 1, { Active__c: true, Amount__c: number('1.2345') });
    flow();
    expect(await go()).toEqual([1, ['HYG-3305']]);
    flow('api: bulk\ntypes: { Amount__c: "decimal(18, 4)" }');
    expect([await go(), await rows('Amount__c')]).toEqual([[0, []], ['1.2345']]);
  });

  test('whose locators lead past a page stops the run, and nothing is committed', async () => {
    org.resultSize = 4;
    put(1, 10);
    flow();
    org.before = ({ path, query }) => {
      const from = Number(Buffer.from(query.locator ?? '', 'base64').toString());
      if (!path.endsWith('/results') || from !== 4) return undefined;
      const headers = { 'sforce-numberofrecords': '0', 'sforce-locator': 'null' };
      return {
        status: 200,
        body: '"Id","IsDeleted","CreatedDate","SystemModstamp","Name","Amount__c","Seats__c","Active__c","Since__c"\n',
        headers,
      };
    };
    expect(await go()).toEqual([1, ['HYG-3605']]);
    await expect(rows()).rejects.toThrow(/No files found/);
  });

  test('whose results have names of columns alone stops the run, and nothing is committed', async () => {
    org.resultSize = 4;
    put(1, 6);
    org.after = ({ path, query }, answer) =>
      path.endsWith('/results') && query.locator !== undefined ? { ...answer, body: answer.body.replace(/\n.*/s, '\n') } : answer;
    flow();
    expect(await go()).toEqual([1, ['HYG-3697']]);
    await expect(rows()).rejects.toThrow(/No files found/);
  });

  test('is read whole, where a page of its results was cut the first time', async () => {
    org.resultSize = 4;
    put(1, 10);
    let left = 1;
    org.after = ({ path, query }, answer) =>
      path.endsWith('/results') && query.locator !== undefined && left-- > 0
        ? { ...answer, body: answer.body.slice(0, answer.body.lastIndexOf('\n', answer.body.length - 2) + 1) }
        : answer;
    flow();
    expect(await go()).toEqual([0, []]);
    expect(await rows()).toEqual(ids(1, 10));
    expect(left).toBeLessThan(0);
  });

  test('is recreated, where it fails, is aborted or is gone', async () => {
    put(1, 3);
    org.nextJobs.push('Failed', 'gone');
    flow();
    expect(await go()).toEqual([0, []]);
    expect([await rows(), org.jobs.size]).toEqual([ids(1, 3), 3]);
  });

  test('that fails three times stops the run with what the org says', async () => {
    put(1, 3);
    org.nextJobs.push(...Array(30).fill('Failed'));
    flow();
    expect(await go()).toEqual([1, ['HYG-3693']]);
  });

  test('is made once more, where the answer to its making is lost, and never one that may be of another query', async () => {
    put(1, 3);
    flow();
    let lost = 0;
    org.before = ({ path, method }) =>
      path === 'jobs/query' && method === 'POST' && lost++ === 0 ? { status: 200, body: '', isLost: true } : undefined;
    expect(await go()).toEqual([0, []]);
    expect([await rows(), paths().filter((one) => one === 'POST jobs/query').length]).toEqual([ids(1, 3), 2]);
  });

  test.each([['other columns', { body: '"Id","Name"\n"1","2"\n', headers: { 'sforce-numberofrecords': '1', 'sforce-locator': 'null' } }]])(
    'is not a table, where its results have %s',
    async (_what, answer) => {
      put(1, 1);
      flow();
      org.before = ({ path }) => (path.endsWith('/results') ? { status: 200, ...answer } : undefined);
      expect(await go()).toEqual([1, ['HYG-3602']]);
    },
  );
});

describe('without a choice', () => {
  test('few records come by pages, and many by a job', async () => {
    put(1, 3);
    flow('columns: [Name]');
    expect(await go()).toEqual([0, []]);
    expect(org.jobs.size).toBe(0);
    org.before = ({ path }) =>
      path === 'limits/recordCount' ? { status: 200, body: '{"sObjects":[{"count":50000,"name":"Account"}]}' } : undefined;
    expect(await go()).toEqual([0, []]);
    expect(org.jobs.size).toBe(1);
  });

  test('a query that does not fit into an address becomes a job,', async () => {
    put(1, 3);
    flow(
      `where: "${'Name != null AND '.repeat(1_200)}Name != null"`,
      'run_type: incremental\nwatermark: { column: SystemModstamp, key: [Id] }',
    );
    expect(await go()).toEqual([0, []]);
    expect([await rows(), org.jobs.size]).toEqual([ids(1, 3), 1]);
  });
});

describe('a page of results', () => {
  const whole = '"Id","Name"\n"1","two\nlines, ""1"""\n"2",""\n';
  const check = (csv: string, records: number, fields = 2) => {
    const bytes = Buffer.from(`${csv}"3","behind the answer"\n`);
    return () => mustBeWhole({ body: { bytes, length: Buffer.byteLength(csv) }, records, fields }, 'page 1');
  };

  test.each([
    ['records', whole, 2, 2],
    ['records, the last without a line end', whole.slice(0, -1), 2, 2],
    ['lines that end with a carriage return, too', '"Id","Name"\r\n"1","a"\r\n', 1, 2],
    ['values without quotes', 'Id,Name\n1,a\n2,\n', 2, 2],
    ['one field, once empty', '"Name"\n"a"\n""\n', 2, 1],
    ['no record', '"Id","Name"\n', 0, 2],
  ])('is whole with %s', (_what, csv, records, fields) => {
    expect(check(csv, records, fields)).not.toThrow();
  });

  test.each([
    ['fewer records', whole, 3],
    ['more records', whole, 1],
    ['records, and none counted', whole, 0],
    ['names of columns alone', '"Id","Name"\n', 2],
    ['names of columns alone, without a line end', '"Id","Name"', 2],
    ['an end inside a value', whole.slice(0, -2), 2],
    ['an end between two values', whole.slice(0, -4), 2],
    ['an end behind a comma', whole.slice(0, -3), 2],
    ['an end inside a value of several lines', whole.slice(0, 25), 1],
  ])('is not whole with %s', (_what, csv, records) => {
    expect(check(csv, records)).toThrow(expect.objectContaining({ code: 'HYG-3697', transient: true }));
  });

  test('is not whole where it ends before its last line does', () => {
    const text = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', 'ä'), maxLength: 8 });
    const record = fc.tuple(
      text,
      text.map((one) => one.replaceAll('"', '')),
    );
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 6 }), fc.nat(), (records, at) => {
        const lines = records.map((values) => `${values.map((one) => `"${one.replaceAll('"', '""')}"`).join(',')}\n`);
        const csv = `"Id","Name"\n${lines.join('')}`;
        expect(check(csv, records.length)).not.toThrow();
        expect(check(csv.slice(0, at % (csv.length - 1)), records.length)).toThrow(/as many records as it reports/);
      }),
      cases(2_000),
    );
  });
});
