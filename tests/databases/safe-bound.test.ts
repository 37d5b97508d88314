import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import type { AwaitedTransactions, DatabaseError, Dialect, OpenTransaction, Relation, Session } from '../../src/databases/engine.ts';
import { safeBound } from '../../src/databases/home/safe-bound.ts';
import { Sessions } from '../../src/databases/sessions.ts';
import type { Pool } from '../../src/engine/contracts/pools.ts';
import type { DataType } from '../../src/frames/schema.ts';
import { codeOf, type Noted } from '../../src/ports/notes.ts';
import type { Json } from '../../src/ports/values.ts';

const day: DataType = { kind: 'date' };
const wall: DataType = { kind: 'timestamp', unit: 'us' };
const instant: DataType = { kind: 'timestamp', unit: 'us', zone: 'UTC' };
const number: DataType = { kind: 'int64' };

const dialect: Dialect = {
  quote: (name) => `"${name}"`,
  text: (text) => `'${text}'`,
  literal: (type, text) => (type.kind === 'int64' ? text : `'${text}'`),
  sortExpression: (expression) => expression,
  canonicalText: (expression) => `CAST(${expression} AS TEXT)`,
  count: (of) => `count(${of})`,
  selectFirst: (list, rest) => `SELECT ${list} ${rest} LIMIT 1`,
};

interface Scene {
  readonly type: DataType;
  readonly sourceType?: string;
  readonly rows: readonly (string | number)[];
  /** What is open at a look, counted from 0. */
  open(look: number, waited: AwaitedTransactions | undefined): readonly (Partial<OpenTransaction> & { readonly id: string })[];
  readonly safeWaitMs?: number;
  /** The server is a standby, which has everything up to then. */
  readonly standbyUntil?: string;
  readonly lagMs?: number;
}

const startsAt = Date.parse('2026-03-10T12:00:00.000Z');

/** An engine whose rows are in SQLite, whose open transactions are the test's, and whose time passes only while it waits. */
function scene({ type, sourceType = 'any', rows, open, safeWaitMs = 30_000, standbyUntil, lagMs = 0 }: Scene) {
  const db = new DatabaseSync(':memory:');
  db.exec('CREATE TABLE t (at)');
  for (const row of rows) db.prepare('INSERT INTO t VALUES (?)').run(typeof row === 'number' ? BigInt(row) : row);
  const session: Session = {
    query: async (sql) => db.prepare(sql).all() as never,
    execute: async () => 0,
    run: async () => undefined,
    begin: async () => undefined,
    commit: async () => undefined,
    rollback: async () => undefined,
    isBroken: false,
    hasAnswered: true,
    destroy: () => undefined,
    close: async () => undefined,
  };
  const leased = { connection: session, spoil: () => undefined, [Symbol.asyncDispose]: async () => undefined };
  const pool = { acquire: async () => leased, acquireIdle: async () => leased } as unknown as Pool<Session>;
  let nowMs = 0;
  let looks = 0;
  const asked: (AwaitedTransactions | undefined)[] = [];
  const pass = (ms: number) => {
    nowMs += ms;
  };
  const now = () => new Date(startsAt + nowMs).toISOString();
  const explain = (error: DatabaseError): never => {
    throw error;
  };
  const relation: Relation = {
    ...{ from: 't', shown: 't', isTable: true, rows: undefined, bytes: undefined, primaryKey: [], parts: [], warnings: [] },
    columns: [{ name: 'at', type, sourceType, nullable: false, shownAsText: false } as unknown as Relation['columns'][number]],
    leadingIndexColumns: new Set(['at']),
  };
  const of = {
    engine: {
      dialect,
      get nowExpression() {
        return `'${now()}'`;
      },
      late: {
        openTransactions: async (_: Session, _of: unknown, waited?: AwaitedTransactions) => {
          asked.push(waited);
          return open(looks++, waited).map((one) => ({ startedAt: null, shown: `session ${one.id}`, ...one }));
        },
        standbyPosition: async () => (standbyUntil === undefined ? undefined : { until: standbyUntil }),
        outOfOrderReason: async () => undefined,
      },
    },
    sessions: new Sessions<Session>({ engine: { explain }, pool, label: 'hygge f.e', place: 'a test' }),
    clock: { sleep: async (ms: number) => pass(ms), monotonicMs: () => nowMs, now },
    ...{ place: 'a test', relation, where: undefined, safeWaitMs, stop: undefined },
  };
  const cursors: Json[] = [];
  /** As a run does it: what comes back is kept as JSON. */
  const bound = async () => {
    for (let cursor: Json | undefined; ; ) {
      const step = await safeBound(of, { column: 'at', lagMs, future: 'take' }, cursor);
      if (!('again' in step)) {
        const upper = step.done === 'observed' ? undefined : step.done;
        const warnings = step.warnings ?? [];
        return { text: upper?.text ?? null, codes: warnings.map(codeOf), texts: warnings.map(shownOf), waitedMs: nowMs };
      }
      cursor = JSON.parse(JSON.stringify(step.again)) as Json;
      cursors.push(cursor);
      pass(1_000);
    }
  };
  return { bound, asked, cursors, pass };
}

const shownOf = (note: Noted) => (typeof note === 'string' ? note : 'text' in note ? note.text : note.code);

const always = (since: string | null) => () => [{ id: 'a', startedAt: since }];

describe('an upper bound on a standby, which does not show the open transactions of its primary', () => {
  const standbyUntil = new Date(startsAt).toISOString();
  const before = '2026-03-10T11:00:00.000000Z';

  test.each([
    ['an id', number, [7], 0],
    ['an id with a lag, which says nothing of ids', number, [7], 60_000],
    ['a time without a lag', instant, [before], 0],
  ])('is refused for %s', async (_, type, rows, lagMs) => {
    await expect(scene({ type, rows, open: () => [], standbyUntil, lagMs }).bound()).rejects.toMatchObject({ code: 'HYG-3512' });
  });

  test('stays behind a time by the lag', async () => {
    const rows = [before, '2026-03-10T11:59:30.000000Z'];
    expect(await scene({ type: instant, rows, open: () => [], standbyUntil, lagMs: 60_000 }).bound()).toMatchObject({ text: before });
  });
});

describe('an upper bound next to a transaction that stays open', () => {
  test.each([
    // Of a day without a zone it is known only that it begins somewhere on Earth: twelve hours early at most.
    [
      'days, of which the transaction may write to the last',
      day,
      ['2026-03-08', '2026-03-09', '2026-03-10'],
      '2026-03-10T13:00:00.000Z',
      '2026-03-09',
    ],
    [
      'days, of which it may write to the last but one',
      day,
      ['2026-03-08', '2026-03-09', '2026-03-10'],
      '2026-03-10T11:59:59.000Z',
      '2026-03-08',
    ],
    ['days that end before it', day, ['2026-03-07', '2026-03-08'], '2026-03-10T12:00:00.000Z', '2026-03-08'],
    ['days that all may be its own', day, ['2026-03-10'], '2026-03-10T12:00:00.000Z', null],
    [
      'whole seconds',
      wall,
      ['2026-03-09T23:59:59.000000', '2026-03-10T00:00:00.000000', '2026-03-10T00:00:01.000000'],
      '2026-03-10T12:00:00.000000Z',
      '2026-03-09T23:59:59.000000',
    ],
    [
      'whole seconds of a zone, to which its time is rounded',
      instant,
      ['2026-03-10T11:59:59.000000Z', '2026-03-10T12:00:00.000000Z', '2026-03-10T12:00:01.000000Z'],
      '2026-03-10T12:00:00.300000Z',
      '2026-03-10T11:59:59.000000Z',
      'timestamp(0) with time zone',
    ],
    [
      'instants',
      instant,
      ['2026-03-10T11:59:59.999999Z', '2026-03-10T12:00:00.000000Z', '2026-03-10T12:00:01.000000Z'],
      '2026-03-10T12:00:00.000000Z',
      '2026-03-10T11:59:59.999999Z',
    ],
  ])('is below every value that it may write: %s', async (_, type, rows, since, text, sourceType = 'any') => {
    const { bound } = scene({ type, sourceType, rows, open: always(since) });
    const isLowered = text !== rows.at(-1);
    expect(await bound()).toMatchObject({ text, codes: isLowered ? ['database.bound_lowered'] : [] });
  });

  const hours = ['2026-03-10T10:00:00.000000Z', '2026-03-10T11:00:00.000000Z', '2026-03-10T12:00:00.000000Z'];
  const [ten = null, eleven = null, twelve = null] = hours;
  const atTen = { id: 'ten', startedAt: ten };
  const atEleven = { id: 'eleven', startedAt: eleven };
  const atTwelve = { id: 'twelve', startedAt: twelve };
  const later = { id: 'later', startedAt: '2026-03-10T12:00:01.000000Z' };
  const ageless = { id: 'ageless', startedAt: null };

  test.each([
    ['several whose begin is known', [atTwelve, atEleven], ten, ['database.bound_lowered'], ['session twelve; session eleven']],
    [
      'some whose begin is known, and one that does not tell its own',
      [atTwelve, ageless, atEleven],
      ten,
      ['database.bound_lowered', 'database.still_open'],
      ['session twelve; session eleven', 'session ageless;'],
    ],
    [
      'one that does not tell its begin, which comes first',
      [ageless, atTwelve],
      eleven,
      ['database.bound_lowered', 'database.still_open'],
      ['session twelve', 'session ageless;'],
    ],
    ['one from before all rows, and one that does not tell its begin', [ageless, atTen], null, ['database.bound_lowered'], ['session ten']],
    [
      'one that begins after all rows, and one that does not tell its begin',
      [later, ageless],
      twelve,
      ['database.still_open'],
      ['session ageless;'],
    ],
    ['several that do not tell their begin', [ageless, { id: 'c' }], twelve, ['database.still_open'], ['session ageless; session c;']],
  ])('is below all that may come from those whose begin is known, and warns of the others: %s', async (_, open, text, codes, texts) => {
    const bound = await scene({ type: instant, rows: hours, open: () => open }).bound();
    expect(bound).toMatchObject({ text, codes });
    expect(bound.texts).toEqual(texts.map((shown) => expect.stringContaining(shown)));
  });

  test('is the newest number, whatever is known of their begin', async () => {
    expect(await scene({ type: number, rows: [1, 2], open: always(ten) }).bound()).toMatchObject({
      text: '2',
      codes: ['database.still_open'],
    });
  });

  test('is given up after safe_wait, and not earlier, by each step that continues', async () => {
    for (const safeWaitMs of [0, 500, 30_000]) {
      const { bound, cursors } = scene({ type: number, rows: [1], open: always(null), safeWaitMs });
      const { waitedMs } = await bound();
      expect(waitedMs).toBeGreaterThanOrEqual(safeWaitMs);
      expect(waitedMs).toBeLessThan(safeWaitMs + 2_000);
      expect(cursors.length > 0).toBe(safeWaitMs > 2_000);
    }
  });

  test('that has the id of one that is over is waited for from its own beginning', async () => {
    let hasCome = false;
    const { bound, pass } = scene({
      type: number,
      rows: [1],
      open: (look) => (hasCome || look < 4 ? [{ id: 'a' }] : []),
      safeWaitMs: 5_000,
    });
    expect(await bound()).toMatchObject({ codes: [] });
    pass(60_000);
    hasCome = true;
    const { waitedMs, codes } = await bound();
    expect(codes).toEqual(['database.still_open']);
    expect(waitedMs).toBeGreaterThanOrEqual(65_000);
  });

  test('is not waited for again by another entity, that has waited already', async () => {
    const { bound } = scene({ type: number, rows: [1], open: always(null) });
    const first = (await bound()).waitedMs;
    expect((await bound()).waitedMs - first).toBeLessThan(1_000);
  });
});

describe('an upper bound next to a transaction that was waited for and one that is young', () => {
  const withYoung = (ends: (look: number) => boolean) => {
    let isYoungThere = false;
    const opened = scene({
      type: number,
      rows: [1],
      open: (look) => [{ id: 'old' }, ...(isYoungThere && !ends(look) ? [{ id: 'young' }] : [])],
    });
    const second = async () => {
      const { waitedMs } = await opened.bound();
      isYoungThere = true;
      const bound = await opened.bound();
      return { ...bound, waitedMs: bound.waitedMs - waitedMs };
    };
    return { second, looks: () => opened.asked.length };
  };

  test('waits until the young one ends, and misses rows of the old one alone', async () => {
    let looks = 0;
    const { second } = withYoung(() => ++looks > 10);
    const { texts, waitedMs } = await second();
    expect(waitedMs).toBeGreaterThanOrEqual(800);
    expect(waitedMs).toBeLessThan(3_000);
    expect(texts).toEqual([expect.stringContaining('missed: session old;')]);
  });

  test('waits for the young one as long as for any other', async () => {
    const { texts, waitedMs } = await withYoung(() => false).second();
    expect(waitedMs).toBeGreaterThanOrEqual(30_000);
    expect(texts).toEqual([expect.stringContaining('missed: session old; session young;')]);
  });
});

describe('an upper bound next to many transactions', () => {
  const ids = (count: number, length: number) => Array.from({ length: count }, (_, n) => ({ id: String(n).padStart(length, 'x') }));

  test.each([
    ['that fit into what a run keeps', 150, 3],
    ['that do not fit', 150, 30],
  ])('waits for each of them, whichever ends last: %s', async (_, count, length) => {
    const all = ids(count, length);
    for (const last of [0, 99, 100, count - 1]) {
      const { bound, cursors } = scene({
        type: number,
        rows: [1],
        open: (look) => (look < 60 ? all : look < 90 ? all.slice(last, last + 1) : []),
      });
      const { waitedMs, codes } = await bound();
      expect([last, codes]).toEqual([last, []]);
      expect(waitedMs).toBeGreaterThan(8_000);
      for (const cursor of cursors) expect(JSON.stringify(cursor).length).toBeLessThan(2_048);
    }
  });

  test('waits for what they continue as, and for no other, in each step that continues', async () => {
    const at = new Date(startsAt + 25).toISOString();
    const { bound, asked, cursors } = scene({
      type: number,
      rows: [1],
      open: (look) => {
        if (look === 0) return [{ id: 'a' }];
        if (look < 40) return [{ id: 'b', mayContinueAwaited: true }, { id: 'new' }];
        if (look < 80) return [{ id: 'b' }, { id: 'new' }];
        return [{ id: 'new' }];
      },
    });
    const { waitedMs, codes } = await bound();
    expect(codes).toEqual([]);
    expect(waitedMs).toBeGreaterThan(8_000);
    expect(cursors.length).toBeGreaterThan(1);
    expect(asked[0]).toBeUndefined();
    expect(asked[1]).toEqual({ ids: ['a'], at });
    expect(asked.slice(2).every((waited) => waited?.at === at && waited.ids.join() === 'b')).toBe(true);
  });
});
