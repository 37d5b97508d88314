import { expect, test } from 'vitest';
import type { Intent } from '../../../src/engine/contracts/intent.ts';
import type { Store } from '../../../src/engine/contracts/store.ts';
import { committed, decided, everything, first, type Load, loaded, idAndName as schema } from '../../support/commits.ts';
import { run } from '../../support/connector-conformance/bench.ts';
import { decisionOver } from '../../support/connector-conformance/decision.ts';
import type { MysqlProxy } from '../../support/mysql-proxy.ts';
import { sampled, spread } from '../../support/samples.ts';
import { type Opened, onMariadb, throughProxy } from './support.ts';

onMariadb('a table of MariaDB is replaced by a run that was fenced', () => {
  let opened: Opened;
  let proxy: MysqlProxy;
  throughProxy((of) => {
    ({ opened, proxy } = of);
  });

  const swap: Pick<Load, 'writing' | 'supersede'> = { writing: { mode: 'swap', key: [], why: 'full_load' }, supersede: everything };
  const anew: Load = { ...first, ...swap, epoch: 2, rows: [[3n, 'three']] };
  const deleted: Load = { ...anew, roles: { deleted: [[1n, null]] }, writing: { mode: 'swap', key: ['id'], why: 'full_load' } };

  /** The part that the engine stages of a source without rows. */
  async function decidedEmpty(store: Store): Promise<Intent> {
    const writing = { mode: 'swap', key: [], why: 'full_load' } as const;
    const request = { run: run(2), writing, slice: 0, schema, watermark: null, emptyPart: true };
    const parts = await store.stage(request, (async function* () {})(), new AbortController().signal);
    return decisionOver(store, { run: run(2), parts, supersede: everything, writing, schema });
  }

  const ways: readonly (readonly [string, (store: Store) => Promise<Intent>])[] = [
    ['takes what was staged as it lies', (store) => decided(store, anew)],
    ['takes rows of several parts', (store) => decided(store, deleted)],
    ['leaves no row', decidedEmpty],
  ];
  const rows = () => opened.lines('select id from e order by id');
  const fence = { prev: 'intent-l1-1', id: 'fence-1', lineage: 'l2', above: 0, state: 'elsewhere', keep: false } as const;

  /** What it was about to send when it was lost, and may still be on its way. */
  async function lateRename(decide: (store: Store) => Promise<Intent>): Promise<{ readonly intent: Intent; readonly rename: string }> {
    await loaded(opened.store(), first);
    const intent = await decide(await opened.store());
    let rename = '';
    proxy.rule(({ text }) => {
      if (!text.startsWith('rename table')) return undefined;
      rename = text;
      return 'before';
    });
    await expect(committed(opened.store({ through: proxy }), intent)).rejects.toMatchObject({ code: 'HYG-4208' });
    proxy.rule(() => undefined);
    expect(rename).not.toBe('');
    return { intent, rename };
  }

  test.each(sampled(ways, 2))('which does nothing when it comes after the fence: one that %s', async (_, decide) => {
    const { intent, rename } = await lateRename(decide);
    const head = await (await opened.store()).fence(fence);
    expect(head).toMatchObject({ id: 'fence-1', rows: 2, foreign: 0 });
    await expect(opened.db.sql(rename)).rejects.toThrow(/1146/);
    expect(await rows()).toEqual(['1', '2']);
    expect(await committed(opened.store(), intent)).toBe('fenced');
    expect(await loaded(opened.store(), { ...anew, epoch: 9 })).toMatchObject({ counts: { inserted: 1, deleted: 2 } });
  });

  test.each(sampled(ways, 3))('which does nothing when it comes after it was given up: one that %s', async (_, decide) => {
    const { intent, rename } = await lateRename(decide);
    const reason = { code: 'HYG-4204', by: 'store', what: 'refused', at: '2026-01-01T00:00:00.000Z' } as never;
    expect(await (await opened.store()).giveUp(intent, reason, 'unseen')).toEqual({ removed: [] });
    await expect(opened.db.sql(rename)).rejects.toThrow(/1146/);
    expect(await rows()).toEqual(['1', '2']);
    expect(await committed(opened.store(), intent)).toBe('given up');
  });

  test.each(sampled(ways, 2))('is not, where others write while the new table is made: by one that %s', async (_, decide) => {
    await loaded(opened.store(), first);
    const intent = await decide(await opened.store());
    let [isCounted, isWritten] = [false, false];
    proxy.rule(async ({ text }) => {
      if (isCounted && !isWritten) {
        isWritten = true;
        await opened.db.sql(`insert into e values (9, 'theirs')`);
      }
      isCounted ||= /^select count.* where 1 = 1$/i.test(text);
      return undefined;
    });
    const outcome = await committed(opened.store({ through: proxy }), intent);
    proxy.rule(() => undefined);
    expect(isWritten).toBe(true);
    expect(outcome).toMatchObject({ outcome: 'refused', because: { code: 'HYG-2075' } });
    expect(await rows()).toEqual(['1', '2', '9']);
  });

  const waiting = `select count(*) from information_schema.PROCESSLIST where STATE like 'Waiting for%' and INFO like 'rename table%'`;

  test('the fence counts what is there permanently, whenever the table changes meanwhile', async () => {
    const fenced = async (at: number): Promise<number> => {
      await opened.cleared();
      const { rename } = await lateRename((store) => decided(store, anew));
      let late: Promise<unknown> = Promise.resolve();
      proxy.rule(async ({ number }) => {
        if (number !== at) return undefined;
        let isOver = false;
        late = opened.db.sql(rename).then(
          () => (isOver = true),
          () => (isOver = true),
        );
        // Done, refused, or in a queue behind the fence.
        while (!isOver && (await opened.lines(waiting))[0] === '0');
        return undefined;
      });
      const head = await (await opened.store({ through: proxy })).fence(fence);
      const sent = proxy.seen.length;
      proxy.rule(() => undefined);
      await late;
      const [there] = await opened.lines('select count(*) from e');
      expect(head, `at statement ${at}`).toMatchObject({ id: 'fence-1' });
      if (typeof head === 'object') expect(head.rows + (head.foreign ?? 0), `at statement ${at}`).toBe(Number(there));
      return sent;
    };
    const sent = await fenced(0);
    const all = Array.from({ length: sent }, (_, n) => n + 1);
    for (const at of spread(all, 24)) await fenced(at);
  });
});
