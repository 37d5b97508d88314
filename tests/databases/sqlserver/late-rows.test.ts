import { describe, expect, test } from 'vitest';
import type { BoundRequest, Home } from '../../../src/engine/contracts/home.ts';
import type { Json } from '../../../src/ports/values.ts';
import type { MemoryDatabase, MemoryTable } from '../../support/sqlserver.ts';
import type { Value } from '../../support/tds/values.ts';
import { served } from './support.ts';

const version = (n: number) => Buffer.from(n.toString(16).padStart(16, '0'), 'hex');
const shownVersion = (n: number) => `0x${n.toString(16).toUpperCase().padStart(16, '0')}`;

const changes = (n: number, more: Partial<MemoryTable> = {}): MemoryTable => ({
  name: 'dbo.changes',
  columns: {
    id: 'int not null',
    at: 'datetime2(7)',
    moment: 'datetimeoffset(7)',
    tick: 'datetime',
    v: 'rowversion not null',
    name: 'nvarchar(20)',
    uid: 'uniqueidentifier',
  },
  rows: Array.from({ length: n }, (_, at): Value[] => rowOf(at)),
  keys: ['id'],
  indexed: ['at', 'v'],
  ...more,
});

function rowOf(at: number): Value[] {
  const second = `2026-01-01 00:00:${String(at).padStart(2, '0')}`;
  return [
    String(at),
    `${second}.1234567`,
    `${second}.1234567 +02:00`,
    `${second}.003`,
    version(1000 + at),
    `n${at}`,
    '6F9619FF-8B86-D011-B42D-00C04FC964FF',
  ];
}

async function boundOf(home: Home, column: string, more: Partial<BoundRequest> = {}) {
  for (let cursor: Json | undefined; ; ) {
    const step = await home.bound({ column, lagMs: 0, future: 'wait', ...more }, cursor);
    if ('again' in step) {
      cursor = step.again;
      continue;
    }
    if (step.done === 'observed') throw new Error('a table tells its newest value');
    return { text: step.done?.text, notes: (step.notes ?? []).map(textOf), warnings: (step.warnings ?? []).map(textOf) };
  }
}

const textOf = (one: { readonly text: string } | string): string => (typeof one === 'string' ? one : one.text);

describe('an upper bound in SQL Server', () => {
  const bounded = async (
    state: Omit<MemoryDatabase, 'tables'>,
    column: string,
    more: Partial<BoundRequest> = {},
    config: Readonly<Record<string, unknown>> = {},
  ) => {
    await using database = await served({ tables: [changes(20)], ...state });
    const bound = await boundOf(await database.home({ table: 'changes', ...config }), column, more);
    return { ...bound, asked: database.server.requests.map(({ sql }) => sql).join('\n') };
  };

  test.each([
    ['at', '2026-01-01T00:00:19.123456700'],
    ['moment', '2025-12-31T22:00:19.123456700Z'],
    ['tick', '2026-01-01T00:00:19.003000'],
    ['id', '19'],
  ])('is the newest value of %s, to its last digit', async (column, text) => {
    expect(await bounded({}, column)).toMatchObject({ text, warnings: [] });
  });

  test('of a rowversion is below those that transactions still hold, and waits for none', async () => {
    const state = { minActiveRowversion: shownVersion(1010), seesTransactions: false, open: [[{ id: '9' }], [{ id: '9' }]] };
    const { text, asked, warnings } = await bounded(state, 'v');
    expect({ text, warnings }).toEqual({ text: shownVersion(1009), warnings: [] });
    // It is taken before anything that it bounds.
    expect(asked.indexOf('MIN_ACTIVE_ROWVERSION')).toBeLessThan(asked.indexOf('SELECT TOP (1)'));
    expect(asked).not.toContain('dm_tran');
  });

  test('waits until the transactions that were open are over, and for no others', async () => {
    const open = [[{ id: '1' }, { id: '2' }], [{ id: '2' }, { id: '3' }], [{ id: '3' }], [{ id: '3' }]];
    const { text, warnings } = await bounded({ open }, 'id', {}, { safe_wait: '30s' });
    expect({ text, warnings, left: open.length }).toEqual({ text: '19', warnings: [], left: 1 });
  });

  test('of a time that is that of a transaction’s beginning waits for those that have touched nothing yet', async () => {
    const begun = [[{ id: '1' }, { id: '2' }], [{ id: '2' }, { id: '3' }], [{ id: '3' }], [{ id: '3' }]];
    const { text, warnings, asked } = await bounded({ open: [], begun }, 'at', {}, { safe_wait: '30s' });
    expect({ text, warnings, left: begun.length }).toEqual({ text: '2026-01-01T00:00:19.123456700', warnings: [], left: 1 });
    expect(asked).toContain('c.generated_always_type IN (1, 7)');
  });

  test('of such a time ends half a day before the oldest of them, where they do not end, and says which', async () => {
    const begun = Array.from({ length: 50 }, () => [{ id: '1', since: '2026-01-01T12:00:12.500000Z', age: '900' }]);
    const { text, warnings } = await bounded({ begun }, 'at');
    expect(text).toBe('2026-01-01T00:00:12.123456700');
    expect(warnings).toEqual([expect.stringContaining('session 61 (shop) of app, 900 s')]);
  });

  test('leaves out what a transaction may still write that does not end', async () => {
    const open = Array.from({ length: 50 }, () => [{ id: '1', since: '2025-12-31T22:00:12.500000Z', age: '900' }]);
    const { text, warnings } = await bounded({ open }, 'moment');
    expect(text).toBe('2025-12-31T22:00:12.123456700Z');
    expect(warnings).toEqual([expect.stringContaining('session 61 (shop) of app, 900 s')]);
  });

  test('passes over our own sessions that only read', async () => {
    const { asked } = await bounded({}, 'id');
    expect(asked).toMatch(/SUBSTRING\(s\.context_info, 1, 11\) <> 0x6879676765207265616473/);
    expect(asked).toContain(`SET CONTEXT_INFO 0x${Buffer.from('hygge reads').toString('hex')}`);
  });

  test('can’t be told where open transactions are not shown: an error with the right that shows them, a lag, or a warning', async () => {
    const unseen = { seesTransactions: false };
    await expect(bounded(unseen, 'at')).rejects.toMatchObject({
      code: 'HYG-3547',
      tryThis: [
        expect.stringContaining('GRANT VIEW SERVER STATE TO [loader], in master'),
        expect.stringContaining('watermark.lag'),
        expect.stringContaining('safe_wait: 0s'),
      ],
    });
    await expect(bounded({ ...unseen, edition: '5' }, 'id')).rejects.toMatchObject({
      tryThis: [
        expect.stringContaining('GRANT VIEW DATABASE STATE TO [loader], in this database'),
        expect.stringContaining('safe_wait: 0s'),
      ],
    });
    const clock = '2026-01-01T00:00:10.000000Z';
    expect(await bounded({ ...unseen, clock }, 'at', { lagMs: 5_000 })).toMatchObject({
      text: '2026-01-01T00:00:04.123456700',
      notes: [expect.stringContaining('later than the lag of 5 s are missed')],
      warnings: [],
    });
    expect(await bounded(unseen, 'at', {}, { safe_wait: '0s' })).toMatchObject({ warnings: [expect.stringContaining('are missed')] });
  });

  test('of a readable secondary needs a lag, and the right to see how far it is', async () => {
    const standby = '2026-01-01T00:00:10.000000Z';
    await expect(bounded({ standby }, 'at')).rejects.toMatchObject({
      code: 'HYG-3512',
      tryThis: expect.arrayContaining(['Or read from the primary: application_intent: read_write']),
    });
    await expect(bounded({ standby }, 'v')).rejects.toMatchObject({ code: 'HYG-3512' });
    await expect(bounded({ standby, seesTransactions: false }, 'at', { lagMs: 1_000 })).rejects.toMatchObject({ code: 'HYG-3549' });
    expect(await bounded({ standby }, 'moment', { lagMs: 7_203_000 })).toMatchObject({ text: '2025-12-31T22:00:06.123456700Z' });
    expect(await bounded({ standby }, 'at', { lagMs: 1_000 })).toMatchObject({ text: '2026-01-01T00:00:08.123456700' });
  });

  test('is none for a rowversion that another database counts', async () => {
    await using database = await served({ tables: [changes(3, { kind: 'V', elsewhere: true })] });
    await expect(boundOf(await database.home({ table: 'changes' }), 'v')).rejects.toMatchObject({ code: 'HYG-3508' });
  });

  test.each(['name', 'uid'])('is none for %s, whose order is another one there', async (column) => {
    await expect(bounded({}, column)).rejects.toMatchObject({ code: 'HYG-3508' });
  });
});
