import { beforeEach, describe, expect, test } from 'vitest';
import { OutcomeUnknown } from '../../../src/ports/retry.ts';
import type { JournalRow, StateStore } from '../../../src/ports/state.ts';
import { objectsState } from '../../../src/state/objects/state.ts';
import { brokenFileSystem, type Call } from '../../support/broken-filesystem.ts';
import { MemoryFileSystem } from '../../support/memory-filesystem.ts';
import { emptyRow, journalRowOf } from '../../support/state-rows.ts';

const day = 86_400_000;
const begin = Date.parse('2026-11-01T00:00:00.000Z');
const journal = '.hygge/journal';

let files: MemoryFileSystem;
let state: StateStore;

beforeEach(() => {
  files = new MemoryFileSystem();
  state = objectsState({ files });
});

/** An entity run that ended so long after the month began, of one of three entities in two flows. */
function rowAt(ms: number, n: number): JournalRow {
  const flow = n % 2 === 0 ? 'crm' : 'erp';
  return journalRowOf(`R${n}.1`, new Date(begin + ms).toISOString(), { flow, entity: `e${n % 3}` });
}

/** So many, evenly over so many days. */
async function grown(rows: number, days: number): Promise<readonly JournalRow[]> {
  const all = Array.from({ length: rows }, (_, n) => rowAt(Math.floor((n * days * day) / rows), n));
  for (const row of all) await state.appendJournal(row);
  return all.reverse();
}

const paths = () => [...files.snapshot().keys()];
const singles = () => paths().filter((path) => path.startsWith(`${journal}/rows/`));
const packs = () => paths().filter((path) => path.startsWith(`${journal}/packs/`));
const forgetNothing = '2026-01-01T00:00:00.000Z';

/** What a question costs, asked by another process. */
async function asked(filter: Parameters<StateStore['journal']>[0]): Promise<{ rows: readonly JournalRow[]; gets: string[] }> {
  const gets: string[] = [];
  const counting = brokenFileSystem(files, { before: (call, path) => void (call === 'get' && gets.push(path)) });
  const rows = await objectsState({ files: counting }).journal(filter);
  return { rows, gets };
}

describe('an object for each row', () => {
  test('is named by what it is asked for by', async () => {
    await state.appendJournal(journalRowOf('01JRUN.3', '2026-11-20T08:00:01.000Z', { entity: 'dbo.Order Details' }));
    expect(singles()).toEqual([`${journal}/rows/crm/dbo.Order Details/8204838398999~01JRUN~01JRUN.3.json`]);
  });

  test('so that no row is read in vain', async () => {
    const all = await grown(60, 1);
    const latest = await asked({ limit: 5 });
    expect(latest.rows).toEqual(all.slice(0, 5));
    expect(latest.gets).toHaveLength(5);
    const ofOne = await asked({ flow: 'erp', entity: 'e1', limit: 1 });
    expect(ofOne.rows).toEqual([all.find(({ flow, entity }) => flow === 'erp' && entity === 'e1')]);
    // The row of the state itself, which may carry one that is not written yet.
    expect(ofOne.gets).toHaveLength(2);
    const ofRun = await asked({ run: 'R17' });
    expect(ofRun.rows).toEqual(all.filter((row) => row.run_id === 'R17'));
    expect(ofRun.gets).toHaveLength(1);
    const { since } = { since: all[9]?.finished_at ?? '' };
    expect((await asked({ since })).gets).toHaveLength(10);
  });

  test('and the next question reads only what is new', async () => {
    await grown(20, 1);
    let gets = 0;
    const watching = objectsState({ files: brokenFileSystem(files, { before: (call) => void (call === 'get' && gets++) }) });
    await watching.journal({ flow: 'crm' });
    expect(gets).toBe(10);
    await state.appendJournal(rowAt(day - 1, 20));
    expect(await watching.journal({ flow: 'crm' })).toHaveLength(11);
    expect(gets).toBe(11);
  });

  test('has a name whatever the ids are', async () => {
    const long = journalRowOf(`${'x'.repeat(300)}/../~.1`, '2026-11-20T08:00:01.000Z', {
      run_id: 'æ'.repeat(100),
      entity: '🪵'.repeat(100),
    });
    await state.appendJournal(long);
    expect(await state.journal({ run: long.run_id, entity: long.entity })).toEqual([long]);
    expect(await state.journal({ run: 'æ'.repeat(99) })).toEqual([]);
  });

  test('of two with one id the first that finished counts, wherever they lie', async () => {
    await state.appendJournal(rowAt(day, 7));
    await state.appendJournal({ ...rowAt(0, 7), status: 'error' });
    expect(await state.journal({ limit: 1 })).toEqual([{ ...rowAt(0, 7), status: 'error' }]);
  });

  test('that is not a row is told and left out, and another takes its place', async () => {
    const all = await grown(6, 1);
    files.plant(singles().find((path) => path.includes('R5.1')) ?? '', '{"version":1,"entity_run_id":"R5');
    const damage: unknown[] = [];
    const told = objectsState({ files, onDamage: (each) => damage.push(each) });
    expect(await told.journal({ limit: 2 })).toEqual(all.slice(1, 3));
    expect(damage).toEqual([{ file: expect.stringContaining('R5.1.json'), lines: 1 }]);
  });

  test('of a newer hygge is an error that says to upgrade', async () => {
    await state.appendJournal(rowAt(0, 1));
    files.plant(singles()[0] ?? '', '{"version":2}');
    await expect(state.journal({})).rejects.toMatchObject({ code: 'HYG-5002' });
  });

  test('and whatever else is there belongs to none', async () => {
    for (const path of ['rows/x', 'rows/crm/e/notes.json', 'rows/crm/e/deep/1~2~3.json', 'packs/readme', '2026-11.ndjson'])
      files.plant(`${journal}/${path}`, 'x');
    expect(await state.journal({})).toEqual([]);
    expect(await state.pruneJournal('2027-01-01T00:00:00.000Z')).toBe(0);
  });
});

describe('days that are over', () => {
  test('are packed when there is enough of them: a month is a few objects, and answers are the same', async () => {
    const all = await grown(900, 3);
    expect(await state.pruneJournal(forgetNothing)).toBe(0);
    expect(packs()).toHaveLength(1);
    expect(singles()).toHaveLength(300);
    for (const filter of [{}, { limit: 20 }, { limit: 320 }, { flow: 'crm' }, { flow: 'erp', entity: 'e1', limit: 120 }, { run: 'R3' }]) {
      const { flow, entity, run, limit = 1000 } = filter as { flow?: string; entity?: string; run?: string; limit?: number };
      const wanted = all.filter(
        (row) => (flow ?? row.flow) === row.flow && (entity ?? row.entity) === row.entity && (run ?? row.run_id) === row.run_id,
      );
      expect((await asked(filter)).rows, JSON.stringify(filter)).toEqual(wanted.slice(0, limit));
    }
    expect((await asked({ limit: 20 })).gets).toHaveLength(20);
    expect(files.reused).toEqual([]);
  });

  test('a damaged row among those that are packed stays, is reported, and counts again once it is mended', async () => {
    const all = await grown(300, 1);
    await state.appendJournal(rowAt(2 * day, 1000));
    const path = singles().find((each) => each.includes('R150.1')) ?? '';
    const body = files.snapshot().get(path) ?? new Uint8Array();
    files.plant(path, '{"version":1,"entity_run_id":"R150');
    await state.pruneJournal(forgetNothing);
    expect([packs().length, singles()]).toEqual([1, expect.arrayContaining([path])]);
    expect(singles()).toHaveLength(2);
    const damage: unknown[] = [];
    const told = objectsState({ files, onDamage: (each) => damage.push(each) });
    const rest = all.filter((row) => row.run_id !== 'R150');
    expect(await told.journal({})).toEqual([rowAt(2 * day, 1000), ...rest]);
    expect(damage).toEqual([{ file: path, lines: 1 }]);
    files.plant(path, body);
    expect(await objectsState({ files }).journal({})).toEqual([rowAt(2 * day, 1000), ...all]);
  });

  test('stay as they are while there are few', async () => {
    await grown(255, 1);
    await state.appendJournal(rowAt(2 * day, 1000));
    await state.pruneJournal(forgetNothing);
    expect(packs()).toEqual([]);
  });

  test('are not those of today, by the clock of the service or of the newest row, whichever is earlier', async () => {
    await grown(300, 1);
    await state.appendJournal(rowAt(300 * day, 1000));
    const now = new Date(begin + day / 2).toISOString();
    const clocked = Object.assign(new MemoryFileSystem({ now: () => now }), { now: () => now });
    for (const [path, body] of files.snapshot()) clocked.plant(path, body);
    await objectsState({ files: clocked }).pruneJournal(forgetNothing);
    expect([...clocked.snapshot().keys()].filter((path) => path.includes('/packs/'))).toEqual([]);
    await state.pruneJournal(forgetNothing);
    expect(packs()).toHaveLength(1);
  });

  test('go whole when they are old, packed or not', async () => {
    const all = await grown(900, 3);
    await state.pruneJournal(forgetNothing);
    // A pack that has a younger row stays whole.
    expect(await state.pruneJournal(new Date(begin + day).toISOString())).toBe(0);
    expect(await state.journal({})).toEqual(all);
    const before = new Date(begin + 2 * day).toISOString();
    expect(await state.pruneJournal(before)).toBe(1);
    expect(packs()).toEqual([]);
    expect(await state.journal({})).toEqual(all.filter((row) => row.finished_at >= before));
    expect(await state.pruneJournal('2027-01-01T00:00:00.000Z')).toBe(300);
    expect(await state.journal({})).toEqual([]);
  });

  test('a damaged pack is reported, and hides nothing else', async () => {
    const all = await grown(900, 3);
    await state.pruneJournal(forgetNothing);
    files.plant(packs()[0] ?? '', 'not gzip');
    const damage: unknown[] = [];
    const told = objectsState({ files, onDamage: (each) => damage.push(each) });
    expect(await told.journal({})).toEqual(all.slice(0, 300));
    expect(damage).toEqual([{ file: packs()[0], lines: 1 }]);
  });
});

describe('packing that is interrupted', () => {
  const ids = (rows: readonly JournalRow[]) => rows.map((row) => row.entity_run_id);

  /** Packs with a process that meets `fault` at its `n`th call that changes anything; answers whether it made so many. */
  async function packing(n: number, when: 'before' | 'after', fault: () => Error): Promise<boolean> {
    let calls = 0;
    const changing: readonly Call[] = ['put', 'remove'];
    const meet = (call: Call) => {
      if (changing.includes(call) && ++calls === n) throw fault();
    };
    const broken = objectsState({ files: brokenFileSystem(files, { [when]: meet }) });
    await broken.pruneJournal(forgetNothing).catch(() => undefined);
    return calls >= n;
  }

  test.each(['before', 'after'] as const)(
    '%s any of its first writes: no row is lost, none is seen twice, and the next one finishes',
    async (when) => {
      for (const n of [1, 2, 3, 40]) {
        files = new MemoryFileSystem();
        state = objectsState({ files });
        const all = await grown(400, 1.3);
        expect(await packing(n, when, () => new Error('the process died'))).toBe(true);
        expect(ids(await objectsState({ files }).journal({}))).toEqual(ids(all));
        await state.pruneJournal(forgetNothing);
        await state.pruneJournal(forgetNothing);
        expect(ids(await objectsState({ files }).journal({}))).toEqual(ids(all));
        expect(singles().length).toBeLessThan(400);
      }
    },
  );

  test('an answer that is lost is asked for again, and the same rows are not packed twice', async () => {
    const all = await grown(400, 1.3);
    let lost = false;
    const broken = objectsState({
      files: brokenFileSystem(files, {
        after: (call) => {
          if (call !== 'put' || lost) return;
          lost = true;
          throw new OutcomeUnknown('lost');
        },
      }),
    });
    await expect(broken.pruneJournal(forgetNothing)).rejects.toThrow(OutcomeUnknown);
    await broken.pruneJournal(forgetNothing);
    expect(packs()).toHaveLength(1);
    expect(ids(await state.journal({}))).toEqual(ids(all));
  });

  test('two who pack at once, and readers meanwhile, see every row once', async () => {
    const all = await grown(540, 2);
    const others = [objectsState({ files }), objectsState({ files })];
    const reading = Array.from({ length: 5 }, async (_, n) => {
      for (let i = 0; i < 4 * n; i++) await Promise.resolve();
      return ids(await objectsState({ files }).journal({}));
    });
    await Promise.all(others.map((each) => each.pruneJournal(forgetNothing)));
    for (const seen of await Promise.all(reading)) expect(seen).toEqual(ids(all));
    expect(ids(await state.journal({}))).toEqual(ids(all));
  });

  test('a row that is packed between its listing and its reading is found in the pack', async () => {
    const all = await grown(400, 1.3);
    let packing: Promise<number> | undefined;
    const slow = brokenFileSystem(files, {});
    const reader = objectsState({
      files: {
        ...slow,
        get: async (path) => {
          if (path.includes('/rows/')) {
            packing ??= state.pruneJournal(forgetNothing);
            await packing;
          }
          return slow.get(path);
        },
      },
    });
    expect(ids(await reader.journal({}))).toEqual(ids(all));
    expect(packs()).toHaveLength(1);
  });

  test('a run that comes back with a row that was packed meanwhile does not write it again', async () => {
    const key = { flow: 'crm', entity: 'e0' };
    const row = rowAt(1, 0);
    await state.write(key, undefined, emptyRow, row);
    await grown(400, 1.3);
    await state.pruneJournal(forgetNothing);
    expect(singles().some((path) => path.endsWith('~R0~R0.1.json'))).toBe(false);
    const next = objectsState({ files });
    await next.write(key, (await next.read(key))?.etag, { ...emptyRow, epoch: 1, writeId: 'next' });
    expect(singles().some((path) => path.endsWith('~R0~R0.1.json'))).toBe(false);
    expect(files.reused).toEqual([]);
  });
});
