import { ulid } from 'ulid';
import { beforeEach, describe, expect, test } from 'vitest';
import { type RunBoard, type RunRecord, replicationLane, waitId } from '../../../src/ports/runs.ts';
import { runBoard } from '../../../src/state/table-storage/runs.ts';
import { type Azurite, connectionStringOf, sharedAzurite } from '../../support/azurite.ts';
import { startFaultProxy } from '../../support/fault-proxy.ts';
import { accountAt, placeOfItsOwn } from '../../support/table-state.ts';

const azurite = sharedAzurite();

function record(id: string, over: Partial<RunRecord> = {}): RunRecord {
  return {
    version: 1,
    run_id: id,
    flow: 'crm',
    lane: 'live',
    started_at: '2026-11-20T02:00:00.000Z',
    trigger: 'schedule',
    config: 'sha256-abc',
    entities: 12,
    ended_at: null,
    status: null,
    summary: null,
    ...over,
  };
}

let server: Azurite;
let board: RunBoard;
let another: RunBoard;
let place: { readonly table: string; readonly container: string };

beforeEach(async () => {
  server = await azurite();
  place = placeOfItsOwn();
  const open = async () => runBoard(await accountAt({ connectionString: server.connectionString, ...place }));
  board = await open();
  another = await open();
});

const at = (minute: number): string => `2026-11-20T02:${String(minute).padStart(2, '0')}:00.000Z`;

describe('the board of runs', () => {
  test('is empty before the first', async () => {
    expect(await board.current('crm', 'live')).toBeUndefined();
    expect(await board.list('crm', 10)).toEqual([]);
    expect(await board.get('crm', 'R1')).toBeUndefined();
    expect(await board.prune('2030-01-01T00:00:00.000Z')).toBe(0);
  });

  test('a run that started is the current one of its lane, for everybody', async () => {
    expect(await board.start(record('R1'), undefined)).toBe('started');
    expect((await another.current('crm', 'live'))?.record).toEqual(record('R1'));
    expect(await another.current('crm', 'backfill:2024-01-01..2024-02-01')).toBeUndefined();
    expect(await another.current('erp', 'live')).toBeUndefined();
  });

  test('of 20 who start at once exactly one wins, on an empty lane and after an ended run', async () => {
    for (const round of [1, 2]) {
      const before = (await board.current('crm', 'live'))?.etag;
      const racers = Array.from({ length: 20 }, (_, i) => record(`R${round}-${i}`, { started_at: at(round) }));
      const said = await Promise.all(racers.map((run, i) => (i % 2 ? board : another).start(run, before)));
      const winners = racers.filter((_, i) => said[i] === 'started');
      expect(winners).toHaveLength(1);
      expect((await board.current('crm', 'live'))?.record).toEqual(winners[0]);
      expect((await board.list('crm', 100)).filter((run) => run.started_at === at(round))).toEqual(winners);
    }
  });

  test('waits for replication are listed apart from runs, found by their ids, and pruned as runs are', async () => {
    const id = waitId('R1', 3);
    const wait = record(id, { lane: replicationLane('orders') });
    await board.start(record('R1'), undefined);
    expect(await board.start(wait, undefined)).toBe('started');
    expect((await board.list('crm', 10)).map(({ run_id }) => run_id)).toEqual(['R1']);
    expect(await another.waits('crm', 10)).toEqual([wait]);
    expect(await another.get('crm', id)).toEqual(wait);
    expect((await board.current('crm', replicationLane('orders')))?.record).toEqual(wait);
    const ended = { ...wait, ended_at: at(5), status: 'pass' } as const;
    expect(await board.end(ended)).toEqual(ended);
    expect(await another.waits('crm', 10)).toEqual([ended]);
    expect(await board.prune('2030-01-01T00:00:00.000Z')).toBe(2);
    expect(await board.waits('crm', 10)).toEqual([]);
  });

  test('all waits for a run are found, and the newest of each entity, however many are newer', async () => {
    const started = async (id: string, entity: string, more: Partial<RunRecord> = {}) => {
      const lane = replicationLane(entity);
      const run = record(id, { lane, started_at: at(Number(id.charAt(1))), ...more });
      expect(await board.start(run, (await board.current('crm', lane))?.etag)).toBe('started');
      return run;
    };
    const first = [await started(waitId('R1', 2), 'a:b'), await started(waitId('R1', 12), 'c')];
    await started(waitId('R12', 2), 'd');
    const newer = await started(waitId('R2', 2), 'a:b', { ended_at: at(9), status: 'pass' });
    await board.start(record('R1'), undefined);
    await board.start(record('B1', { lane: 'backfill:1..2' }), undefined);
    const ids = (records: readonly RunRecord[]) => records.map(({ run_id }) => run_id).sort();
    expect(ids(await another.waitsOf('crm', 'R1'))).toEqual(ids(first));
    expect(ids(await another.currentWaits('crm'))).toEqual([waitId('R1', 12), waitId('R12', 2), newer.run_id]);
    expect(await another.currentWaits('erp')).toEqual([]);
  });

  test('starting the same run again is no second start', async () => {
    expect(await board.start(record('R1'), undefined)).toBe('started');
    expect(await another.start(record('R1'), undefined)).toBe('started');
    expect(await board.list('crm', 10)).toHaveLength(1);
  });

  test('how a run ended is in the history and, while it is the current one, there', async () => {
    await board.start(record('R1'), undefined);
    const ended = record('R1', { ended_at: at(5), status: 'pass', summary: { rows: 12, entities: ['ä"\n', null] } });
    await another.end(ended);
    await another.end(ended);
    expect((await board.current('crm', 'live'))?.record).toEqual(ended);
    expect(await board.get('crm', 'R1')).toEqual(ended);
    await board.start(record('R2', { started_at: at(6) }), (await board.current('crm', 'live'))?.etag);
    await board.end(record('R1b', { ended_at: at(7), status: 'error' }));
    expect((await board.current('crm', 'live'))?.record.run_id).toBe('R2');
    expect((await board.get('crm', 'R1b'))?.status).toBe('error');
  });

  test('an end that came first stays, and a later one is told it', async () => {
    await board.start(record('R1'), undefined);
    const good = record('R1', { ended_at: at(5), status: 'pass' });
    expect(await board.end(good)).toEqual(good);
    expect(await another.end({ ...good, ended_at: at(6), status: 'error' })).toEqual(good);
    expect([await board.get('crm', 'R1'), (await board.current('crm', 'live'))?.record]).toEqual([good, good]);
  });

  test('of 10 who end a run at once, all are told the same end', async () => {
    await board.start(record('R1'), undefined);
    const ends = Array.from({ length: 10 }, (_, i) => record('R1', { ended_at: at(i), status: i % 2 ? 'pass' : 'error' }));
    const said = await Promise.all(ends.map((end, i) => (i % 2 ? board : another).end(end)));
    const there = await board.get('crm', 'R1');
    expect(said).toEqual(Array(10).fill(there));
    expect((await board.current('crm', 'live'))?.record).toEqual(there);
  });

  test('keeps which app carries a run out; a record from before has none', async () => {
    await board.start(record('R1', { app: 'crm-app' }), undefined);
    expect((await another.get('crm', 'R1'))?.app).toBe('crm-app');
    await board.start(record('R2', { lane: 'other' }), undefined);
    expect(await another.get('crm', 'R2')).toEqual(record('R2', { lane: 'other' }));
  });

  test('finds a run by the time in its id, without reading all the others', async () => {
    const id = ulid(Date.parse(at(0)));
    await board.start(record(id), undefined);
    expect((await another.get('crm', id))?.run_id).toBe(id);
    // Clocks are not wrong by years: the row is not looked for there.
    const elsewhere = ulid(Date.parse('2020-01-01T00:00:00.000Z'));
    await board.start(record(elsewhere, { lane: 'other' }), undefined);
    expect(await another.get('crm', elsewhere)).toBeUndefined();
  });

  test('lists the newest first, of one flow', async () => {
    for (const minute of [3, 1, 2]) {
      await board.start(record(`R${minute}`, { lane: `lane ${minute}`, started_at: at(minute) }), undefined);
      await board.start(record(`X${minute}`, { flow: 'erp', lane: `lane ${minute}`, started_at: at(minute) }), undefined);
    }
    expect((await another.list('crm', 10)).map((run) => run.run_id)).toEqual(['R3', 'R2', 'R1']);
    expect((await another.list('crm', 2)).map((run) => run.run_id)).toEqual(['R3', 'R2']);
    expect(await another.list('crm', 0)).toEqual([]);
  });

  test('forgets old runs, but never the current one of a lane', async () => {
    for (const n of Array.from({ length: 7 }, (_, i) => i)) {
      const before = (await board.current('crm', 'live'))?.etag;
      await board.start(record(`R${n}`, { started_at: at(n) }), before);
    }
    expect(await another.prune(at(5))).toBe(5);
    expect((await board.list('crm', 10)).map((run) => run.run_id)).toEqual(['R6', 'R5']);
    expect(await another.prune('2030-01-01T00:00:00.000Z')).toBe(2);
    expect((await board.current('crm', 'live'))?.record.run_id).toBe('R6');
    expect(await board.list('crm', 10)).toEqual([]);
  });

  test('a summary of more than 4 kB is refused before anything is written', async () => {
    const long = record('R1', { summary: 'x'.repeat(5000) });
    await expect(board.start(long, undefined)).rejects.toMatchObject({ code: 'HYG-5007' });
    expect(await board.list('crm', 10)).toEqual([]);
  });

  test('a lost answer to a start is looked up: it started once, or not at all', async () => {
    await using proxy = await startFaultProxy(server.tableUrl);
    const connectionString = connectionStringOf(`TableEndpoint=${proxy.url};BlobEndpoint=${server.blobUrl};`);
    const faulty = runBoard(await accountAt({ connectionString, ...place }));
    await board.start(record('R0'), undefined);
    for (const [n, fault] of (['drop before', 'drop after'] as const).entries()) {
      let lost = 0;
      proxy.rule(({ path }) => (path.endsWith('$batch') && lost++ === 0 ? fault : undefined));
      const before = (await board.current('crm', 'live'))?.etag;
      expect(await faulty.start(record(`R${n + 1}`, { started_at: at(n + 1) }), before)).toBe('started');
      expect(lost).toBe(fault === 'drop before' ? 2 : 1);
      expect((await board.current('crm', 'live'))?.record.run_id).toBe(`R${n + 1}`);
    }
    expect(await board.list('crm', 10)).toHaveLength(3);
  });

  test('a row of a newer hygge is refused by name', async () => {
    await board.start(record('R1'), undefined);
    const { table } = await accountAt({ connectionString: server.connectionString, ...place });
    await table.updateEntity({ partitionKey: 'crm', rowKey: 'r|current|live', version: 2 }, 'Merge');
    await expect(board.current('crm', 'live')).rejects.toMatchObject({ code: 'HYG-5002' });
    await table.updateEntity({ partitionKey: 'crm', rowKey: 'r|current|live', version: 1, run: '{' }, 'Merge');
    await expect(board.current('crm', 'live')).rejects.toMatchObject({ code: 'HYG-5001' });
  });
});
