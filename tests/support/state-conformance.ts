import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DataType } from '../../src/frames/schema.ts';
import type { Noted } from '../../src/ports/notes.ts';
import type { StateRow, StateStore } from '../../src/ports/state.ts';
import type { EntityKey, Json } from '../../src/ports/values.ts';
import { SEED } from './samples.ts';
import { emptyRow, journalRowOf, stateRow } from './state-rows.ts';

/** One empty state backend, and another way into it, as a second process would have it. */
export interface StateUnderTest extends AsyncDisposable {
  readonly state: StateStore;
  readonly another: StateStore;
}

const account: EntityKey = { flow: 'crm', entity: 'Account' };

/** Names that an entity may have and that must neither meet nor leave their place. */
const hostileEntities = [
  'Account',
  '../../etc/passwd',
  'a/b',
  'a\\b',
  '.hidden',
  '_skipped',
  'CON',
  'trailing.',
  'trailing ',
  ' leading',
  '%2e%2e',
  '..',
  'Ünïcödé 🪵',
  'dbo.Order Details',
  'x'.repeat(200),
  `${'x'.repeat(199)}y`,
  '🪵'.repeat(100),
  'yes',
  '{a: 1}',
  '# comment',
  'key: value',
  "it's",
  '"quoted"',
  'constructor',
  'a|b',
  '~41',
  '%41',
  '#?',
  ' ',
  '/'.repeat(200),
  '__proto__',
  '"; drop table x; --',
  '$1',
];

const text = fc.string({ unit: 'binary', maxLength: 30 }).filter((value) => value.isWellFormed());
const type: fc.Arbitrary<DataType> = fc.constantFrom<DataType>(
  { kind: 'int64' },
  { kind: 'decimal', precision: 38, scale: 10 },
  { kind: 'time', unit: 'ns' },
  { kind: 'timestamp', unit: 'ms' },
  { kind: 'timestamp', unit: 'ns', zone: 'Europe/Copenhagen' },
  { kind: 'list', item: { kind: 'string' } },
  { kind: 'struct', fields: [{ name: 'no', type: { kind: 'uuid' }, nullable: true, sourceType: 'TEXT' }] },
);
const watermark = fc.record({
  column: text,
  type,
  text: fc.oneof(text, fc.constantFrom('2024-01-01', '1e3', '007', 'null', 'no', '~', '-', ' ', '9007199254740993')),
});
const count = fc.maxSafeNat();
const settled = fc.record({
  id: text,
  epoch: count,
  watermark: fc.option(watermark),
  boundary: fc.option(fc.constant({ rows: 3, hash: 'f'.repeat(32) })),
  snapshot: fc.option(text),
  seen: fc.option(text),
  sourceVersion: fc.option(text),
  rows: count,
  at: text,
});
const anyRow: fc.Arbitrary<StateRow> = fc.record({
  lineage: text,
  epoch: count,
  owner: fc.option(
    fc.record({ run: text, until: text, holder: fc.record({ host: text, boot: text, pid: count, started: text, program: text }) }),
  ),
  pending: fc.option(fc.record({ id: text, epoch: count, ref: text })),
  settled: fc.option(settled),
  lanes: fc.dictionary(
    text.filter((name) => name !== '__proto__'),
    watermark,
    { maxKeys: 3, noNullPrototype: true },
  ),
  binding: fc.option(fc.record({ source: text, target: text, watermark: text })),
  fullNext: fc.boolean(),
  last: fc.option(fc.record({ run: text, at: text, status: fc.constantFrom('pass', 'warn', 'error', 'skip'), rows: count })),
  writeId: text,
});

/** What every state backend must do; a new one is done when this passes. */
export function stateConformance(name: string, open: () => Promise<StateUnderTest>): void {
  describe(`${name} keeps the rules of a state backend`, () => {
    let under: StateUnderTest;
    let state: StateStore;
    let another: StateStore;

    beforeEach(async () => {
      under = await open();
      ({ state, another } = under);
    });
    afterEach(() => under[Symbol.asyncDispose]());

    const etagOf = async (key: EntityKey): Promise<string> => {
      const read = await another.read(key);
      if (!read) throw new Error(`no row for ${key.flow}.${key.entity}`);
      return read.etag;
    };

    describe('the row', () => {
      test('an entity that never ran has none', async () => {
        expect(await state.read(account)).toBeUndefined();
        expect(await state.entities()).toEqual([]);
        expect(await state.journal({})).toEqual([]);
      });

      test('is created once', async () => {
        expect(await state.write(account, undefined, emptyRow)).toBe('written');
        expect(await another.write(account, undefined, stateRow())).toBe('moved');
        expect((await another.read(account))?.row).toEqual(emptyRow);
      });

      test('comes back exactly as it was written, to every reader', async () => {
        await state.write(account, undefined, stateRow());
        expect((await state.read(account))?.row).toEqual(stateRow());
        expect((await another.read(account))?.row).toEqual(stateRow());
        const { pending, settled } = stateRow();
        const refused = stateRow({
          pending: pending && { ...pending, refused: { code: 'HYG-4003', reason: 'No permission.' } },
          settled: settled && { ...settled, watermark: null, nothing: true },
        });
        await state.write(account, await etagOf(account), refused);
        expect((await another.read(account))?.row).toEqual(refused);
        const boundary = settled?.boundary && { ...settled.boundary, apart: 1 };
        const apart = stateRow({ settled: settled && { ...settled, boundary: boundary ?? null } });
        await state.write(account, await etagOf(account), apart);
        expect((await another.read(account))?.row).toEqual(apart);
      });

      test('holds any text, any type, any count', async () => {
        let entity = 0;
        await fc.assert(
          fc.asyncProperty(anyRow, async (row) => {
            const key = { flow: 'any', entity: `e${entity++}` };
            expect(await state.write(key, undefined, row)).toBe('written');
            expect((await another.read(key))?.row).toEqual(row);
          }),
          { seed: SEED, numRuns: 15 },
        );
      });

      test('holds characters that end a line for some, and none for JSON', async () => {
        const row = { ...emptyRow, pending: { id: '\u2028', epoch: 1, ref: 'a\u2029b\u0085c\u000b\u000c' } };
        expect(await state.write(account, undefined, row)).toBe('written');
        expect((await another.read(account))?.row).toEqual(row);
      });

      test('moves only from the etag it was read with', async () => {
        await state.write(account, undefined, emptyRow);
        const first = await etagOf(account);
        expect(await another.write(account, first, { ...emptyRow, epoch: 1, writeId: 'b' })).toBe('written');
        expect(await state.write(account, first, { ...emptyRow, epoch: 9, writeId: 'c' })).toBe('moved');
        const second = await etagOf(account);
        expect(second).not.toBe(first);
        expect(await state.write(account, second, { ...emptyRow, epoch: 2, writeId: 'd' })).toBe('written');
        expect((await another.read(account))?.row.epoch).toBe(2);
      });

      test('is known without asking as it was read or written last, if at all, and never by what others did', async () => {
        expect(state.known?.(account)).toBeUndefined();
        await state.write(account, undefined, emptyRow);
        const known = state.known?.(account);
        if (known === undefined) return;
        expect(known).toEqual(await another.read(account));
        await another.write(account, known.etag, { ...emptyRow, epoch: 1, writeId: 'theirs' });
        expect(state.known?.(account)).toEqual(known);
        expect(await state.write(account, known.etag, { ...emptyRow, epoch: 1, writeId: 'late' })).toBe('moved');
        await state.read(account);
        expect(state.known?.(account)?.row.writeId).toBe('theirs');
        expect(await state.write(account, state.known?.(account)?.etag, { ...emptyRow, epoch: 2, writeId: 'mine' })).toBe('written');
        expect(state.known?.(account)?.row.epoch).toBe(2);
      });

      test('is not created by a write that expects one', async () => {
        expect(await state.write(account, 'never-seen', stateRow())).toBe('moved');
        expect(await state.read(account)).toBeUndefined();
      });

      test('the same write sent again does not land twice', async () => {
        await state.write(account, undefined, emptyRow);
        const etag = await etagOf(account);
        expect(await state.write(account, etag, { ...emptyRow, epoch: 1, writeId: 'mine' })).toBe('written');
        expect(await state.write(account, etag, { ...emptyRow, epoch: 1, writeId: 'mine' })).toBe('moved');
        expect((await another.read(account))?.row.writeId).toBe('mine');
      });

      test('of many who move it at once one wins each time, and each epoch is journalled once', async () => {
        await state.write(account, undefined, emptyRow);
        for (let race = 1; race <= 3; race++) {
          const etag = await etagOf(account);
          const journal = (i: number) => journalRowOf(`R${race}.${i}`, '2026-11-20T08:00:00.000Z', { epoch: race });
          const write = (i: number) =>
            (i % 2 ? state : another).write(account, etag, { ...emptyRow, epoch: race, writeId: `${race}-${i}` }, journal(i));
          const outcomes = await Promise.all(Array.from({ length: race === 1 ? 16 : 2 }, (_, i) => write(i)));
          const winners = outcomes.flatMap((outcome, i) => (outcome === 'written' ? [`${race}-${i}`] : []));
          expect(winners).toEqual([(await another.read(account))?.row.writeId]);
        }
        const epochs = (await another.journal({})).map(({ epoch }) => epoch);
        expect(epochs.sort((a, b) => a - b)).toEqual(Array.from({ length: 3 }, (_, i) => i + 1));
      });

      test('hostile and look-alike names each have a row, a journal and objects of their own, and are found again by name', async () => {
        const each = (act: (entity: string, i: number) => Promise<void>) => Promise.all(hostileEntities.map(act));
        await each(async (entity, i) => {
          const journal = journalRowOf(`R${i}.1`, '2026-11-20T08:00:00.000Z', { entity });
          expect(await state.write({ flow: 'crm', entity }, undefined, { ...emptyRow, epoch: i }, journal)).toBe('written');
          await state.putObject({ flow: 'crm', entity }, 'plans/1', entity);
        });
        await each(async (entity, i) => {
          const key = { flow: 'crm', entity };
          expect((await another.read(key))?.row.epoch).toBe(i);
          expect((await another.journal(key)).map((row) => row.entity)).toEqual([entity]);
          expect(await another.getObject(key, 'plans/1')).toBe(entity);
          expect(await another.listObjects(key, '')).toEqual(['plans/1']);
        });
        const named = (await another.entities()).map((key) => key.entity);
        expect(named.sort()).toEqual([...hostileEntities].sort());
      });

      test('flows are kept apart', async () => {
        await state.write(account, undefined, emptyRow);
        expect(await state.read({ flow: 'crm2', entity: 'Account' })).toBeUndefined();
        await state.write({ flow: 'crm2', entity: 'Account' }, undefined, stateRow());
        expect((await state.read(account))?.row).toEqual(emptyRow);
        expect(await state.entities()).toHaveLength(2);
      });
    });

    describe('objects', () => {
      test('an object is created once; later ones are told what is there', async () => {
        expect(await state.putObject(account, 'plans/1', { from: 'first', n: [1, null, 'x'] })).toEqual({
          from: 'first',
          n: [1, null, 'x'],
        });
        expect(await another.putObject(account, 'plans/1', { from: 'second' })).toEqual({ from: 'first', n: [1, null, 'x'] });
        expect(await another.getObject(account, 'plans/1')).toEqual({ from: 'first', n: [1, null, 'x'] });
      });

      test('of many who create it at once all are told the same', async () => {
        const answers = await Promise.all(
          Array.from({ length: 12 }, (_, i) => (i % 2 ? state : another).putObject(account, 'plans/race', { writer: i })),
        );
        const there = await state.getObject(account, 'plans/race');
        for (const answer of answers) expect(answer).toEqual(there);
      });

      test('an absent object is undefined', async () => {
        expect(await state.getObject(account, 'plans/none')).toBeUndefined();
      });

      test('any JSON comes back as it was', async () => {
        let n = 0;
        await fc.assert(
          fc.asyncProperty(fc.jsonValue({ noUnicodeString: false }), async (value) => {
            const ref = `receipts/${n++}`;
            const body = JSON.parse(JSON.stringify(value)) as Json;
            await state.putObject(account, ref, body);
            expect(await another.getObject(account, ref)).toEqual(body);
          }),
          { seed: SEED, numRuns: 10 },
        );
      });

      test('a large object comes back whole', async () => {
        const seen = Array.from({ length: 5_000 }, (_, i) => ({ path: `in/${i}.parquet`, bytes: i, etag: `${i}` }));
        await state.putObject(account, 'seen/1', seen);
        expect(await another.getObject(account, 'seen/1')).toEqual(seen);
      });

      test('are listed by prefix, for their own entity only', async () => {
        for (const ref of ['plans/1', 'plans/10', 'receipts/1/a', 'receipts/1/b', 'receipts/2/a']) await state.putObject(account, ref, ref);
        await state.putObject({ flow: 'crm', entity: 'Account2' }, 'plans/other', 1);
        expect([...(await another.listObjects(account, 'receipts/1'))].sort()).toEqual(['receipts/1/a', 'receipts/1/b']);
        expect([...(await another.listObjects(account, ''))].sort()).toEqual([
          'plans/1',
          'plans/10',
          'receipts/1/a',
          'receipts/1/b',
          'receipts/2/a',
        ]);
        expect([...(await another.listObjects(account, 'plans/1'))].sort()).toEqual(['plans/1', 'plans/10']);
        expect(await another.listObjects(account, 'seen/')).toEqual([]);
      });

      test('go when removed, others stay, absent ones are fine', async () => {
        for (const ref of ['plans/1', 'plans/2', 'receipts/1']) await state.putObject(account, ref, ref);
        await another.removeObjects(account, ['plans/1', 'receipts/1', 'receipts/never']);
        await state.removeObjects(account, ['plans/1']);
        expect(await state.listObjects(account, '')).toEqual(['plans/2']);
        expect(await state.getObject(account, 'plans/1')).toBeUndefined();
      });

      test('go by the hundred', async () => {
        const refs = Array.from({ length: 120 }, (_, i) => `receipts/1/${i}`);
        await Promise.all(refs.map((ref) => state.putObject(account, ref, ref)));
        expect(await another.listObjects(account, 'receipts/')).toHaveLength(120);
        await another.removeObjects(account, refs.slice(1));
        expect(await state.listObjects(account, '')).toEqual(['receipts/1/0']);
      });

      test('do not count as entities', async () => {
        await state.putObject(account, 'plans/1', 1);
        expect(await state.entities()).toEqual([]);
      });
    });

    describe('the journal', () => {
      const at = (second: number): string => `2026-11-20T08:00:${String(second).padStart(2, '0')}.000Z`;
      const ids = async (filter = {}): Promise<string[]> => (await another.journal(filter)).map((row) => row.entity_run_id);

      test('a row that is written with the state row is there', async () => {
        await state.write(account, undefined, stateRow(), journalRowOf('R1.1', at(1)));
        expect(await another.journal({})).toEqual([journalRowOf('R1.1', at(1))]);
      });

      test('notes come back as they were written, and a sentence of an earlier version as it is', async () => {
        const notes = [
          { code: 'vanished', rows: 2 },
          { code: 'erp.partial_month', text: 'not closed “yet”', params: { month: '2026-11' } },
          'a sentence',
        ];
        const rows = [
          journalRowOf('R2.1', at(2), { message: null, notes: notes as readonly Noted[] }),
          journalRowOf('R1.1', at(1), { message: 'nothing new' }),
        ];
        for (const row of rows) await state.appendJournal(row);
        expect(await another.journal({})).toEqual(rows);
      });

      test('a row of a write that lost is not', async () => {
        await state.write(account, undefined, emptyRow, journalRowOf('R1.1', at(1)));
        expect(await another.write(account, undefined, emptyRow, journalRowOf('R2.1', at(2)))).toBe('moved');
        expect(await another.write(account, 'never-seen', emptyRow, journalRowOf('R3.1', at(3)))).toBe('moved');
        expect(await ids()).toEqual(['R1.1']);
      });

      test('rows stay when the state row moves on', async () => {
        await state.write(account, undefined, emptyRow, journalRowOf('R1.1', at(1)));
        await another.write(account, await etagOf(account), { ...emptyRow, epoch: 1, writeId: 'b' });
        await state.write(account, await etagOf(account), { ...emptyRow, epoch: 2, writeId: 'c' }, journalRowOf('R2.1', at(2)));
        expect(await ids()).toEqual(['R2.1', 'R1.1']);
      });

      test('a second row of the same entity run is ignored, and moves the row all the same', async () => {
        await state.appendJournal(journalRowOf('R1.1', at(1), { status: 'error' }));
        await another.appendJournal(journalRowOf('R1.1', at(1), { status: 'pass' }));
        expect(await state.write(account, undefined, stateRow(), journalRowOf('R1.1', at(2)))).toBe('written');
        expect((await another.read(account))?.row).toEqual(stateRow());
        expect(await another.journal({})).toEqual([journalRowOf('R1.1', at(1), { status: 'error' })]);
      });

      test('comes newest first, across months and years', async () => {
        const finished = ['2025-12-31T23:59:59.999Z', '2026-01-01T00:00:00.000Z', '2026-11-20T08:00:00.000Z', '2026-02-28T12:00:00.000Z'];
        for (const [i, time] of finished.entries()) await state.appendJournal(journalRowOf(`R${i}.1`, time));
        expect(await ids()).toEqual(['R2.1', 'R3.1', 'R1.1', 'R0.1']);
        expect(await ids({ limit: 2 })).toEqual(['R2.1', 'R3.1']);
        expect(await ids({ limit: 0 })).toEqual([]);
      });

      test('is filtered by flow, entity and run, and the limit counts what passed', async () => {
        await state.appendJournal(journalRowOf('R1.1', at(1)));
        await state.appendJournal(journalRowOf('R1.2', at(2), { entity: 'Contact' }));
        await state.appendJournal(journalRowOf('R2.1', at(3), { flow: 'erp' }));
        await state.appendJournal(journalRowOf('R2.2', at(4), { entity: 'Contact' }));
        expect(await ids({ flow: 'crm' })).toEqual(['R2.2', 'R1.2', 'R1.1']);
        expect(await ids({ entity: 'Contact' })).toEqual(['R2.2', 'R1.2']);
        expect(await ids({ run: 'R1' })).toEqual(['R1.2', 'R1.1']);
        expect(await ids({ flow: 'crm', entity: 'Account', limit: 1 })).toEqual(['R1.1']);
      });

      test('a comparison is not a run: its row is answered only when it is asked for, and a limit counts without it', async () => {
        const verified = {
          verdict: 'differs',
          by: 'checksums',
          because: null,
          rows: { source: 12, destination: 11 },
          differences: { only_in_source: 1, only_in_destination: 0, changed: 0 },
          range: null,
          sample: 1,
          columns: ['id'],
        } as const;
        const comparison = journalRowOf('R1.1.verify', at(2), { run_id: 'R1', lane: 'verify', status: 'error', rows: 0, verified });
        await state.write(account, undefined, stateRow(), journalRowOf('R1.1', at(1)));
        await state.appendJournal(comparison);
        await another.appendJournal(journalRowOf('R0.1', at(0)));
        expect(await ids()).toEqual(['R1.1', 'R0.1']);
        expect(await ids({ flow: 'crm', entity: 'Account', limit: 1 })).toEqual(['R1.1']);
        expect(await ids({ run: 'R1', withVerifications: true })).toEqual(['R1.1.verify', 'R1.1']);
        expect((await another.journal({ limit: 1, withVerifications: true }))[0]).toEqual(comparison);
      });

      test('since a moment: every row that finished then or later, newest first, whatever else is left out', async () => {
        const finished = ['2026-08-31T23:59:59.999Z', '2026-09-01T00:00:00.000Z', '2026-09-01T00:00:00.001Z', '2026-11-20T08:00:00.000Z'];
        for (const [i, time] of finished.entries()) await state.appendJournal(journalRowOf(`R${i}.1`, time));
        for (const [from, since] of finished.entries()) {
          const later = (await another.journal({ since })).filter((row) => row.finished_at >= since).map((row) => row.entity_run_id);
          expect(later).toEqual(['R3.1', 'R2.1', 'R1.1', 'R0.1'].slice(0, 4 - from));
        }
        expect(await ids({ since: '2026-11-20T08:00:00.001Z', limit: 5 })).not.toContain('R0.1');
      });

      test('before a moment: no row that finished then or later, with a beginning and a limit too', async () => {
        const finished = ['2026-08-31T23:59:59.999Z', '2026-09-01T00:00:00.000Z', '2026-09-01T00:00:00.001Z', '2026-11-20T08:00:00.000Z'];
        for (const [i, time] of finished.entries()) await state.appendJournal(journalRowOf(`R${i}.1`, time));
        const all = ['R3.1', 'R2.1', 'R1.1', 'R0.1'];
        for (const [to, before] of finished.entries()) {
          expect(await ids({ before })).toEqual(all.slice(4 - to));
          expect(await ids({ flow: 'crm', entity: 'Account', before, limit: 1 })).toEqual(all.slice(4 - to).slice(0, 1));
        }
        const [, since = '', , before = ''] = finished;
        const within = (await another.journal({ since, before })).filter((row) => row.finished_at >= since);
        expect(within.map((row) => row.entity_run_id)).toEqual(['R2.1', 'R1.1']);
      });

      test('forgets months that are over, and nothing of this one or the state', async () => {
        await state.write(account, undefined, stateRow(), journalRowOf('R1.1', '2026-09-15T08:00:00.000Z'));
        for (const [id, time] of [
          ['R2.1', '2026-10-31T23:59:59.999Z'],
          ['R3.1', '2026-11-20T08:00:00.000Z'],
        ] as const)
          await state.write(account, await etagOf(account), stateRow({ writeId: id }), journalRowOf(id, time));
        expect(await another.pruneJournal('2026-11-01T00:00:00.000Z')).toBe(2);
        expect(await ids()).toEqual(['R3.1']);
        expect(await another.pruneJournal('2026-11-01T00:00:00.000Z')).toBe(0);
        expect((await state.read(account))?.row.writeId).toBe('R3.1');
      });

      test('many rows at once are all there', async () => {
        const rows = Array.from({ length: 20 }, (_, i) => journalRowOf(`R.${i}`, at(i)));
        await Promise.all(rows.map((row, i) => (i % 2 ? state : another).appendJournal(row)));
        expect(await another.journal({})).toEqual([...rows].reverse());
      });

      test('reading anything changes nothing', async () => {
        await state.write(account, undefined, emptyRow, journalRowOf('R1.1', at(1)));
        const etag = await etagOf(account);
        await another.journal({});
        await another.entities();
        await another.listObjects(account, '');
        expect(await etagOf(account)).toBe(etag);
      });
    });

    test('whether it can be written is tried without a trace', async () => {
      await state.probe?.('abcdefghij');
      await another.probe?.('abcdefghij');
      expect(await state.entities()).toEqual([]);
      expect(await state.journal({})).toEqual([]);
    });

    test('says where it is, without a secret and the same to everyone', () => {
      expect(state.location).not.toBe('');
      expect(another.location).toBe(state.location);
    });
  });
}
