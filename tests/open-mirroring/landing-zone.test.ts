import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fenceHeadId, type Intent } from '../../src/engine/contracts/intent.ts';
import type { AppendableFileSystem } from '../../src/ports/filesystem.ts';
import { but } from '../support/but.ts';
import { collect } from '../support/collect.ts';
import { type Bench, run, text } from '../support/connector-conformance/bench.ts';
import type { Fabric } from '../support/fabric-replicator/fabric.ts';
import {
  dying,
  few,
  Killed,
  type LandingTables,
  losing,
  startLandingTables,
  type LandingTable as Table,
} from '../support/fabric-replicator/landing-tables.ts';
import { numbered, rowsFile } from '../support/fabric-replicator/scene.ts';
import { sampled } from '../support/samples.ts';
import { row } from '../support/sim/rows.ts';

const dayMs = 24 * 60 * 60 * 1000;
const reason = { code: 'HYG-6402', reason: 'The right was withdrawn.' };

let zone: LandingTables;
let fabric: Fabric;
let files: AppendableFileSystem;
beforeAll(async () => {
  zone = await startLandingTables();
  ({ fabric, files } = zone);
});
afterAll(() => zone[Symbol.asyncDispose]());
const newTable = () => zone.newTable();

/**
 * Two parts, decided and not committed. `again`: the first holds the newer row of a key, which is published once more as a third one. `deletes`: three parts, of
 * which one says that a key goes; two more hold what is newer than rows after it.
 */
async function decided(table: Table, epoch: number, first: number, again: 'again' | 'deletes' | false = false): Promise<Intent> {
  if (again === 'deletes') {
    const one = await table.bench.stage(run(epoch), [{ rows: few(first, first + 3) }], { slice: 0 });
    const gone = [
      { role: 'deleted' as const, rows: [row(90, 90), row(91, 91), row(first + 2, first)] },
      { rows: [row(first + 3, first), row(91, 90)] },
    ];
    return table.bench.decide(run(epoch), [...one, ...(await table.bench.stage(run(epoch), gone, { slice: 1 }))]);
  }
  const newer = again ? [row(first + 3, first + 3)] : [];
  const one = await table.bench.stage(run(epoch), [{ rows: [...newer, ...few(first, first + 1)] }], { slice: 0 });
  if (again) {
    const older = await table.bench.stage(run(epoch), [{ rows: [row(first + 2, first + 2), row(first + 3, first)] }], { slice: 1 });
    return table.bench.decide(run(epoch), [...one, ...older]);
  }
  const other = await table.bench.stage(run(epoch), [{ rows: few(first + 2, first + 3) }], { slice: 1 });
  return table.bench.decide(run(epoch), [...one, ...other]);
}

const isLeft = async ({ records }: Table) => (await collect(files.staged(`${records}/staging`))).length;

describe('a commit', () => {
  test('has one file for the rows of a slice, also for those at the watermark', async () => {
    const table = newTable();
    const frames = [{ rows: few(1, 2) }, { role: 'boundary' as const, rows: few(3, 3) }, { rows: few(4, 4) }];
    const parts = await table.bench.stage(run(1), frames, {});
    expect(parts.map(({ rows }) => rows)).toEqual([4]);
    expect(await table.bench.commit(await table.bench.decide(run(1), parts))).toBe('committed');
    expect(await table.names()).toEqual([numbered(1), '_metadata.json']);
    expect(await table.replicated()).toEqual(text(few(1, 4)));
  });

  test('publishes its parts as the next numbers, after the metadata', async () => {
    const table = newTable();
    expect(await table.bench.inspect()).toEqual({ content: 'empty' });
    const intent = await decided(table, 1, 1);
    expect(await table.names()).toEqual([]);
    expect(await table.bench.commit(intent)).toBe('committed');
    expect(await table.names()).toEqual([numbered(1), numbered(2), '_metadata.json']);
    const metadata = await files.get(`${table.folder}/_metadata.json`);
    expect(JSON.parse(Buffer.from(metadata?.body ?? '').toString())).toEqual({ keyColumns: ['id'], isUpsertDefaultRowMarker: true });
    const partner = await files.get('LandingZone/_partnerEvents.json');
    expect(JSON.parse(Buffer.from(partner?.body ?? '').toString())).toEqual({ partnerName: 'hygge', sourceInfo: { sourceType: 'test' } });
    expect(await table.replicated()).toEqual(text(few(1, 4)));
    expect(await isLeft(table)).toBe(0);
    expect(await table.bench.commit(intent)).toBe('already');
    expect(await table.bench.inspect()).toMatchObject({ content: 'ours', rows: 4, missing: [] });
    expect(table.violations()).toEqual([]);
  });

  test('continues with the numbers after Fabric has removed what it took', async () => {
    const table = newTable();
    await table.bench.settle(1, [{ rows: few(1, 2) }]);
    expect(await table.replicated()).toEqual(text(few(1, 2)));
    fabric.clock.now += 8 * dayMs;
    await fabric.replicator.turn();
    expect(await table.names()).toEqual(['_metadata.json']);
    await table.bench.settle(2, [{ rows: few(3, 4) }]);
    expect(await table.names()).toEqual([numbered(2), '_metadata.json']);
    expect(await table.replicated()).toEqual(text(few(1, 4)));
    expect(await table.bench.inspect()).toMatchObject({ content: 'ours', rows: 4, missing: [] });
    expect(table.violations()).toEqual([]);
  });

  test('of many parts comes in steps', async () => {
    const table = newTable();
    const [part] = await table.bench.stage(run(1), [{ rows: few(1, 1) }]);
    const more = await Promise.all(few(2, 66).map((one) => table.bench.stage(run(1), [{ rows: [one] }], { slice: one.id })));
    const intent = await table.bench.decide(
      run(1),
      [part, ...more.flat()].filter((one) => one !== undefined),
    );
    const store = await table.bench.under.open();
    expect(await store.commit(intent)).toEqual({ again: 64 });
    expect(await table.replicated()).toHaveLength(64);
    expect(await table.bench.commit(intent)).toBe('committed');
    expect(await table.replicated()).toEqual(text(few(1, 66)));
    expect(table.violations()).toEqual([]);
  });
});

describe('a commit that Fabric or someone else gets ahead of', () => {
  /** Two of four numbers are there: the run died before the third. */
  async function cutOff(table: Table): Promise<Intent> {
    const parts = await Promise.all(few(1, 4).map((one) => table.bench.stage(run(1), [{ rows: [one] }], { slice: one.id })));
    const intent = await table.bench.decide(run(1), parts.flat());
    let published = 0;
    const dies = but(files, {
      publish: (file) => (++published > 2 ? Promise.reject(new Killed('before number 3')) : files.publish(file)),
    });
    await expect(table.over(dies).commit(intent)).rejects.toThrow(Killed);
    return intent;
  }

  test('continues after Fabric has removed what it took of it a week ago', async () => {
    const table = newTable();
    const intent = await cutOff(table);
    await table.replicated();
    // The last file that was taken stays, by which a publisher sees where it is.
    await files.remove(`${table.folder}/_ProcessedFiles/${numbered(1)}`);
    expect(await table.bench.commit(intent)).toBe('committed');
    expect(await table.replicated()).toEqual(text(few(1, 4)));
    expect(fabric.replicator.table(table.name)?.taken).toEqual([1, 2, 3, 4].map((number) => numbered(number)));
    expect(table.violations()).toEqual([]);
  });

  test('stops where another publisher used a number, and Fabric took that file, after the look', async () => {
    const table = newTable();
    const [part] = await table.bench.stage(run(1), [{ rows: few(1, 2) }]);
    const intent = await table.bench.decide(
      run(1),
      [part].filter((one) => one !== undefined),
    );
    const isLate = but(files, {
      publish: async (file) => {
        await table.put(numbered(1), await rowsFile('id, mark', '(99::bigint, 9::bigint)'));
        await table.replicated();
        return await files.publish(file);
      },
    });
    await expect(table.over(isLate).commit(intent)).rejects.toMatchObject({ code: 'HYG-4111' });
  });
});

test('what is prepared of parts that a later run has removed is refused by the decision, not here', async () => {
  const table = newTable();
  const parts = await table.bench.stage(run(1), [{ rows: few(1, 2) }]);
  const store = await table.bench.under.open();
  await store.sweep({ lineage: run(1).lineage, before: 2 });
  const intent = await table.bench.decide(run(1), parts);
  expect(await table.bench.commit(intent)).toBe('parts lost');
  expect(await table.names()).toEqual([]);
});

test('the columns of another publisher are read wherever Fabric moves its file meanwhile', async () => {
  const table = newTable();
  await table.put('_metadata.json', JSON.stringify({ keyColumns: ['id'], isUpsertDefaultRowMarker: true }));
  await table.put(numbered(1), await rowsFile('id, mark', '(1::bigint, 1::bigint)'));
  let reads = 0;
  const moving = but(files, {
    read: async (path, range, how) => {
      if (reads++ === 0) await table.replicated();
      return await files.read(path, range, how);
    },
  });
  expect(await table.over(moving).inspect()).toMatchObject({
    content: 'foreign',
    catalog: { columns: [{ name: 'id' }, { name: 'mark' }] },
  });
  expect(reads).toBeGreaterThan(1);
});

test('another publisher whose last file is not a parquet file has columns that are not known', async () => {
  const table = newTable();
  await table.put('_metadata.json', JSON.stringify({ keyColumns: ['id'], isUpsertDefaultRowMarker: true }));
  await table.put(numbered(1), 'id,mark\n1,1\n');
  const found = await table.over(files).inspect();
  expect([found.content, 'catalog' in found ? found.catalog : undefined]).toEqual(['foreign', undefined]);
});

describe('a commit that dies at a call', () => {
  /** `works`: the replicator takes what is there between the death and the next finisher. */
  const deaths = [
    { when: 'before', works: true, again: false },
    { when: 'after', works: true, again: 'again' },
    { when: 'before', works: false, again: 'again' },
    { when: 'after', works: false, again: false },
    { when: 'before', works: true, again: 'deletes' },
    { when: 'after', works: true, again: 'deletes of rows there' },
    { when: 'before', works: false, again: 'deletes of rows there' },
    { when: 'after', works: false, again: 'deletes' },
  ] as const;
  test.each(sampled(deaths, 3))(
    'is finished exactly, and leaves no gap ($when, Fabric works: $works, rows once more: $again)',
    async ({ when, works, again }) => {
      const isIncrement = again === 'deletes of rows there';
      // What goes is published once more as well; of a first load only that.
      const parts = isIncrement ? 5 : again === 'deletes' ? 4 : again === 'again' ? 3 : 2;
      const before = isIncrement ? 1 : 0;
      // Head, head at its earlier place, partner, metadata twice, a rename and a record for each part, heads. An increment finds its metadata, and any other looks for a
      // record; a part that is not published is removed, and so is the record, which says at last that all are there.
      const calls = (isIncrement ? 7 : again === 'deletes' ? 12 : 11) + 2 * parts - 1;
      const every = Array.from({ length: calls }, (_, i) => i + 1);
      for (const at of [...sampled(every, 6), calls + 1]) {
        const table = newTable();
        if (isIncrement) await table.bench.settle(1, [{ rows: [row(90, 0), row(91, 0)] }]);
        const first = await decided(table, 1 + before, 1, isIncrement ? 'deletes' : again);
        const died = dying(files, at, when);
        const outcome = await table
          .over(died.files)
          .commit(first)
          .catch((error: unknown) => error);
        if (at > calls) {
          expect(outcome).toBe('committed');
          break;
        }
        expect(outcome).toBeInstanceOf(Killed);
        if (works) await table.replicated();
        expect(await table.bench.commit(first)).toMatch(/committed|already/);
        await table.bench.settle(2 + before, [{ rows: few(5, 6) }]);
        expect(await table.replicated()).toEqual(text(few(1, 6)));
        expect(fabric.replicator.table(table.name)?.taken).toEqual(Array.from({ length: before + parts + 1 }, (_, i) => numbered(i + 1)));
        expect(await isLeft(table)).toBe(0);
        expect(table.violations()).toEqual([]);
      }
    },
  );
});

test('rows that are published once more count as Fabric counts them', async () => {
  const table = newTable();
  expect(await table.bench.commit(await decided(table, 1, 1, 'again'))).toBe('committed');
  expect(await table.replicated()).toEqual(text(few(1, 4)));
  const head = await (await table.bench.under.open()).head();
  expect(head?.rows).toBe(fabric.replicator.table(table.name)?.processedRows);
  expect(head).toMatchObject({ rows: 6, nextNumber: 4 });
});

test('a commit whose answers are lost happens once', async () => {
  const table = newTable();
  const lost = new Set<string>();
  const intent = await decided(table, 1, 1);
  // Fabric takes what is there before a write is sent again.
  expect(await table.over(losing(files, lost, () => fabric.replicator.turn())).commit(intent)).toBe('committed');
  const publishing = [`put ${intent.id}`, `publish ${numbered(1)}`, `publish ${numbered(2)}`];
  const names = ['put _partnerEvents.json', 'put _metadata.json', ...publishing, 'put current.json'];
  expect([...lost].map((write) => write.replace(/ .*\//, ' ')).filter((write) => !write.startsWith('remove'))).toEqual(names);
  expect(await table.replicated()).toEqual(text(few(1, 4)));
  expect(fabric.replicator.table(table.name)?.taken).toEqual([numbered(1), numbered(2)]);
  expect(table.violations()).toEqual([]);
});

test('finishers that race with each other and with Fabric publish each number once', async () => {
  {
    const table = newTable();
    const intent = await decided(table, 1, 1);
    const finishers = Array.from({ length: 3 }, () => table.bench.commit(intent));
    const turns = (async () => {
      for (let turn = 0; turn < 5; turn++) await fabric.replicator.turn();
    })();
    for (const outcome of await Promise.all(finishers)) expect(outcome).toMatch(/^(committed|already)$/);
    await turns;
    expect(await table.replicated()).toEqual(text(few(1, 4)));
    expect(fabric.replicator.table(table.name)?.taken).toEqual([numbered(1), numbered(2)]);
    expect(table.violations()).toEqual([]);
  }
});

/** However often it is given up, no number gets another content, and only a full load goes on. */
async function expectMadeAnew(table: Table, intent: Intent): Promise<void> {
  const store = await table.bench.under.open();
  for (const _ of [1, 2]) expect(await store.giveUp(intent, reason, 'by force')).toEqual({ removed: [], fullNext: 'unclear' });
  expect(await table.bench.commit(intent)).toBe('given up');
  const unclear = expect.objectContaining({
    code: 'HYG-4121',
    tryThis: [expect.stringContaining('hygge reset FLOW.ENTITY, then hygge go')],
  });
  await expect(table.bench.settle(5, [{ rows: few(5, 6) }])).rejects.toThrow(unclear);
  // Neither does the table go on after it was adopted.
  await table.bench.fence(fenceHeadId(intent), 5);
  await expect(table.bench.settle(7, [{ rows: few(5, 6) }])).rejects.toThrow(unclear);
  await fabric.replicator.turn();
  const load = await table.bench.stage(run(8), [{ rows: few(1, 9) }], {});
  const whole = await table.bench.decide(run(8), load, { what: 'all', foreign: 'keep' });
  for (let step = await store.commit(whole); 'again' in step; step = await store.commit(whole, step.again)) await fabric.replicator.turn();
  expect(await table.replicated()).toEqual(text(few(1, 9)));
  await table.bench.settle(9, [{ rows: few(10, 11) }]);
  expect(await table.replicated()).toEqual(text(few(1, 11)));
  expect(table.violations()).toEqual([]);
}

describe('a commit whose run was killed, and whose numbers Fabric has removed', () => {
  const notFinished = (why: string) =>
    expect.objectContaining({ code: 'HYG-4121', why: expect.arrayContaining([expect.stringMatching(why)]) });
  const second = async (table: Table) => {
    await table.bench.settle(1, [{ rows: few(90, 91) }]);
    return decided(table, 2, 1);
  };
  /** Its files, of which the `nth` call of a kind ends the process. */
  const killedAt = (kind: 'publish' | 'put', nth: number, path: RegExp) => {
    let calls = 0;
    const die = (name: string) => {
      if (path.test(name) && ++calls === nth) throw new Killed(`at ${kind} ${nth}`);
    };
    return but(files, {
      publish: async (file) => {
        const outcome = await files.publish(file);
        if (kind === 'publish') die(file.final);
        return outcome;
      },
      put: async (name, body, how) => {
        if (kind === 'put') die(name);
        return files.put(name, body, how);
      },
    });
  };
  const weeksPass = async () => {
    await fabric.replicator.turn();
    fabric.clock.now += 8 * dayMs;
    await fabric.replicator.turn();
  };
  const killed = async (table: Table, intent: Intent, at: Parameters<typeof killedAt>) => {
    await expect(table.over(killedAt(...at)).commit(intent)).rejects.toThrow(Killed);
    await weeksPass();
    expect((await table.names()).filter((name) => name.endsWith('.parquet'))).not.toContain(`_ProcessedFiles/${numbered(3)}`);
  };

  test('after the last number is finished, and continues', async () => {
    const table = newTable();
    const intent = await second(table);
    await killed(table, intent, ['put', 1, /current\.json$/]);
    expect(await table.bench.commit(intent)).toBe('committed');
    await table.bench.settle(3, [{ rows: few(5, 6) }]);
    expect(await table.replicated()).toEqual(text([...few(1, 6), ...few(90, 91)]));
    expect(table.violations()).toEqual([]);
  });

  test('after the rename of its first number, which the record leaves open, is recreated', async () => {
    const table = newTable();
    const intent = await second(table);
    await killed(table, intent, ['publish', 1, /./]);
    await expect(table.bench.commit(intent)).rejects.toThrow(notFinished('^The file with number 2 may have been published since'));
    await expectMadeAnew(table, intent);
  });

  test('within a week, and whose staged files someone deleted, lost its parts before anything was published', async () => {
    const table = newTable();
    const intent = await second(table);
    await expect(table.over(killedAt('put', 2, /numbers/)).commit(intent)).rejects.toThrow(Killed);
    const other = newTable();
    const lost = await second(other);
    await expect(other.over(killedAt('put', 1, /numbers/)).commit(lost)).rejects.toThrow(Killed);
    for (const each of [table, other]) for await (const file of files.staged(`${each.records}/staging`)) await files.discard(file);
    await expect(table.bench.commit(intent)).rejects.toThrow(notFinished('^Number 2 is published. The file of number 3 is neither'));
    expect(await other.bench.commit(lost)).toBe('parts lost');
    expect(await (await other.bench.under.open()).giveUp(lost, reason, 'by force')).toEqual({ removed: [] });
    await other.bench.settle(3, [{ rows: few(5, 6) }]);
    expect(await other.replicated()).toEqual(text([...few(5, 6), ...few(90, 91)]));
  });

  test('and that an earlier version decided and published is recreated, unless it is younger than a week', async () => {
    const table = newTable();
    const { target, ...same } = await second(table);
    const { isRecorded: _, ...earlier } = target as Record<string, unknown>;
    const started = new Date(fabric.clock.now).toISOString();
    const intent = { ...same, target: earlier, journal: { ...same.journal, started_at: started } } as unknown as Intent;
    for (const [i, part] of intent.parts.entries()) {
      const file = part.ref as unknown as Parameters<typeof files.publish>[0];
      await files.publish({ ...file, final: `${table.folder}/${numbered(2 + i)}` });
    }
    for (const name of ['', '_ProcessedFiles/'].flatMap((inside) => [2, 3].map((number) => `${inside}${numbered(number)}`))) {
      await fabric.replicator.turn();
      await files.remove(`${table.folder}/${name}`);
    }
    expect(await table.bench.commit(intent)).toBe('parts lost');
    await weeksPass();
    await expect(table.bench.commit(intent)).rejects.toThrow(notFinished('^The file with number 2 may have been published since'));
    await expectMadeAnew(table, intent);
  });
});

describe('giving a commit up', () => {
  test('leaves its numbers to the next one', async () => {
    const table = newTable();
    const intent = await decided(table, 1, 1);
    expect(await (await table.bench.under.open()).giveUp(intent, reason, 'unseen')).toEqual({ removed: [] });
    expect((await (await table.bench.under.open()).head())?.id).toBe(fenceHeadId(intent));
    expect(await table.bench.commit(intent)).toBe('given up');
    await table.bench.settle(2, [{ rows: few(5, 6) }]);
    expect(await table.names()).toEqual([numbered(1), '_metadata.json']);
    expect(await table.replicated()).toEqual(text(few(5, 6)));
    expect(table.violations()).toEqual([]);
  });

  test('leaves no number to a finisher that comes between its look and its decision, and dies', async () => {
    const table = newTable();
    const intent = await decided(table, 1, 1);
    const dead = but(files, {
      put: (path, body, how) => (path.endsWith('current.json') ? Promise.reject(new Killed()) : files.put(path, body, how)),
    });
    const between = but(files, {
      async put(path, body, how) {
        if (path.endsWith('current.json'))
          await table
            .over(dead)
            .commit(intent)
            .catch(() => undefined);
        return files.put(path, body, how);
      },
    });
    expect(await (await table.over(between).under.open()).giveUp(intent, reason, 'unseen')).toEqual({ removed: [] });
    expect(await table.names()).not.toContain(numbered(1));
  });

  test('once a number is published leaves the table to a full load', async () => {
    const table = newTable();
    const intent = await decided(table, 1, 1);
    let published = 0;
    const half = but(files, { publish: (file) => (++published > 1 ? Promise.reject(new Killed()) : files.publish(file)) });
    await expect(table.over(half).commit(intent)).rejects.toThrow(Killed);
    const store = await table.bench.under.open();
    expect(await store.giveUp(intent, reason, 'unseen')).toBe('visible');
    await expectMadeAnew(table, intent);
  });

  test('does nothing to a commit that settled', async () => {
    const table = newTable();
    const intent = await table.bench.settle(1, [{ rows: few(1, 2) }]);
    expect(await (await table.bench.under.open()).giveUp(intent, reason, 'by force')).toBe('committed');
  });
});

describe('a reset', () => {
  test('continues with the numbers, and an older run settles nothing', async () => {
    const table = newTable();
    const settled = await table.bench.settle(1, [{ rows: few(1, 2) }]);
    const late = await decided(table, 2, 11);
    const fence = await table.bench.fence(settled.id, 2);
    expect(fence).toMatchObject({ id: 'fence-1', epoch: 3, rows: 2, nextNumber: 2 });
    expect(await table.bench.fence(settled.id, 2)).toMatchObject({ id: 'fence-1' });
    expect(await table.bench.commit(late)).toBe('fenced');
    const parts = await table.bench.stage(run(4, 'l2'), [{ rows: few(3, 4) }]);
    expect(await table.bench.commit(await table.bench.decide(run(4, 'l2'), parts))).toBe('committed');
    expect(await table.replicated()).toEqual(text(few(1, 4)));
    expect(table.violations()).toEqual([]);
  });
});

describe('a table that can not be gone on with is refused', () => {
  const refused = async (work: Promise<unknown>) =>
    (
      await work.then(
        () => undefined,
        (error: { code?: string }) => error,
      )
    )?.code;
  const next = (bench: Bench, epoch = 2) => bench.settle(epoch, [{ rows: few(3, 4) }]);

  test('because another publisher used the next number', async () => {
    const table = newTable();
    await table.bench.settle(1, [{ rows: few(1, 2) }]);
    await table.put(numbered(2), await rowsFile('id, mark', '(9::bigint, 9::bigint)'));
    expect(await refused(next(table.bench))).toBe('HYG-4111');
  });

  test('because another publisher uses the number that was decided, also if Fabric took the file', async () => {
    const table = newTable();
    await table.bench.settle(1, [{ rows: few(1, 2) }]);
    const intent = await decided(table, 2, 3);
    await table.put(numbered(2), await rowsFile('id, mark', '(9::bigint, 9::bigint)'));
    await table.replicated();
    expect(await refused(table.bench.commit(intent))).toBe('HYG-4111');
    expect(await table.replicated()).toEqual(text([...few(1, 2), row(9, 9)]));
    expect(table.violations()).toEqual([]);
  });

  test('because its files have names of another detection', async () => {
    const table = newTable();
    await table.put('20261126_000000_000000_000001.parquet', await rowsFile('id, mark', '(9, 9)'));
    expect(await table.bench.inspect()).toMatchObject({ content: 'foreign', summary: '1 file of a landing zone' });
    expect(await refused(next(table.bench))).toBe('HYG-4111');
  });

  test('because a number is missing', async () => {
    const table = newTable();
    for (const number of [1, 3]) await table.put(numbered(number), await rowsFile('id, mark', `(${number}::bigint, 1::bigint)`));
    expect(await refused(next(table.bench))).toBe('HYG-4112');
    const own = newTable();
    await own.bench.commit(await decided(own, 1, 1));
    await files.remove(`${own.folder}/${numbered(2)}`);
    expect(await refused(next(own.bench))).toBe('HYG-4112');
    // Also before the first file that waits: Fabric removes nothing that was published in the last days.
    const before = newTable();
    await before.bench.commit(await decided(before, 1, 1));
    await files.remove(`${before.folder}/${numbered(1)}`);
    await fabric.replicator.turn();
    expect(await before.names()).toEqual([numbered(2), '_metadata.json']);
    await expect(next(before.bench)).rejects.toThrow(`"${numbered(1)}" is missing`);
    const store = await before.bench.under.open();
    const head = await store.head();
    expect(head && (await store.replica?.of(head, null, 'brief'))).toMatchObject({
      state: 'stopped',
      said: 'Fabric waits for the file with number 1, which is missing',
    });
  });

  test.each([
    ['other keys', '{"keyColumns":["mark"],"isUpsertDefaultRowMarker":true}'],
    ['another detection', '{"keyColumns":["id"],"isUpsertDefaultRowMarker":true,"fileDetectionStrategy":"LastUpdateTimeFileDetection"}'],
    ['inserts for rows without a marker', '{"keyColumns":["id"]}'],
    ['a torn text', '{"keyColumns":["i'],
  ])('because its metadata has %s', async (_, metadata) => {
    const table = newTable();
    await table.put('_metadata.json', metadata);
    expect(await refused(next(table.bench))).toBe('HYG-4113');
    expect(await table.names()).toEqual(['_metadata.json']);
  });

  test('because the keys of the entity changed', async () => {
    const table = newTable();
    await table.bench.settle(1, [{ rows: few(1, 2) }]);
    expect(await refused(next(table.over(files, { keyColumns: ['id', 'mark'] })))).toBe('HYG-4113');
  });
});

test('numbers of another publisher are gone on with', async () => {
  const table = newTable();
  await table.put('_metadata.json', '{"keyColumns":["id"],"isUpsertDefaultRowMarker":true,"fileDetectionStrategy":"SequentialFileName"}');
  await table.put(numbered(1), await rowsFile('id, mark', '(1::bigint, 1::bigint)'));
  expect(await table.replicated()).toEqual(text(few(1, 1)));
  expect(await table.bench.inspect()).toMatchObject({ content: 'foreign' });
  await table.bench.settle(1, [{ rows: few(2, 3) }]);
  expect(await table.replicated()).toEqual(text(few(1, 3)));
  expect(table.violations()).toEqual([]);
});

test('a table whose folder was deleted is missing', async () => {
  const table = newTable();
  await table.bench.settle(1, [{ rows: few(1, 2) }]);
  for (const name of await table.names()) await files.remove(`${table.folder}/${name}`);
  expect(await table.bench.inspect()).toMatchObject({ content: 'ours', missing: [`${table.folder}/${numbered(1)}`], listedStillThere: 0 });
});
