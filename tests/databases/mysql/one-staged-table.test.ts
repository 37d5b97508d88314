import { createConnection } from 'mysql2/promise';
import { expect, test } from 'vitest';
import type { Intent } from '../../../src/engine/contracts/intent.ts';
import type { Schema } from '../../../src/frames/schema.ts';
import {
  committed,
  decided,
  everything,
  finished,
  first,
  type Load,
  loaded,
  mayPass,
  idAndName as schema,
  second,
  staged,
  writing,
} from '../../support/commits.ts';
import { run } from '../../support/connector-conformance/bench.ts';
import { decisionOver } from '../../support/connector-conformance/decision.ts';
import { isMysql, needsKeys } from '../../support/mariadb.ts';
import type { MysqlProxy } from '../../support/mysql-proxy.ts';
import { spread } from '../../support/samples.ts';
import { type Opened, onMariadb, throughProxy } from './support.ts';

/** Each of the two servers meets other statements. */
const ofServer = { nth: isMysql ? 1 : 0, lists: 2 };

onMariadb('the table that attempts of a full load share in MariaDB', () => {
  let opened: Opened;
  let proxy: MysqlProxy;
  throughProxy((of) => {
    ({ opened, proxy } = of);
  });

  const rows = () => opened.lines(`select concat(id, ' ', name) from e order by id`);
  const left = async () => [
    ...(await opened.lines(`show tables in ${opened.staging}`)),
    ...(await opened.lines(`select name from ${opened.metadata}.staged`)),
  ];
  const anew: Load = { ...second, slices: [[[4n, 'vier']], [[5n, 'fünf']]], writing: writing('swap'), supersede: everything };
  const expected = ['2 zwei', '3 drei', '4 vier', '5 fünf'];
  /** As the catalogue calls it. */
  const shared = async () => (await opened.lines(`show tables in ${opened.staging} like '%\\_all\\_%'`))[0];
  /** Committed over the proxy: its statements. */
  const seenOf = async (load: Load) => {
    const intent = await decided(opened.store(), load);
    proxy.rule(() => undefined);
    expect(await finished(await opened.store({ through: proxy }), intent)).toMatchObject({ outcome: 'committed' });
    return proxy.seen.map(({ text }) => text);
  };
  const writes = (text: string) => /^insert into [^(]*`e`|^insert into [^(]*`new_/i.test(text);

  test('becomes the destination’s: no row is written twice, and rows of attempts that were lost are gone', async () => {
    await loaded(opened.store(), first);
    const seen = await seenOf({ ...anew, lost: [[7n, 'lost']] });
    expect(seen.filter((text) => /^alter table .* drop column/i.test(text))).toHaveLength(1);
    expect(seen.filter(writes)).toEqual([]);
    expect(await rows()).toEqual(expected);
    expect(
      await opened.lines(
        `select 1 from information_schema.COLUMNS where TABLE_SCHEMA = database() and TABLE_NAME = 'e' and EXTRA not like '%INVISIBLE%'`,
      ),
    ).toHaveLength(2);
    expect(await left()).toEqual([]);
    // The next one as well, into a table that once was shared.
    expect((await seenOf({ ...anew, epoch: 3 })).filter(writes)).toEqual([]);
    expect(await loaded(opened.store(), { ...first, epoch: 4, rows: [[6n, 'sechs']] })).toMatchObject({ counts: { inserted: 1 } });
    expect(await rows()).toEqual([...expected, '6 sechs']);
  });

  test('is copied where an abandoned attempt still writes to it', async () => {
    await loaded(opened.store(), first);
    const intent = await decided(opened.store(), anew);
    const name = await shared();
    const { port, user, password, database } = opened.db;
    const late = await createConnection({ host: '127.0.0.1', port, user, password, database });
    let [isWriting, isCopied, isOver] = [false, false, false];
    proxy.rule(async ({ text }) => {
      // What comes after the copy waits for the writer.
      if (isCopied && !isOver) {
        isOver = true;
        await late.commit();
      }
      isCopied ||= isWriting && writes(text);
      if (!isWriting && /^rename table .*_all_/i.test(text)) {
        isWriting = true;
        await late.beginTransaction();
        await late.query(`insert into ${opened.staging}.${name} (id, name, hygge_attempt) values (8, 'late', 1)`);
      }
      return undefined;
    });
    expect(await committed(opened.store({ through: proxy }), intent)).toMatchObject({ counts: { inserted: 4, deleted: 2 } });
    expect(proxy.seen.some(({ text }) => writes(text))).toBe(true);
    expect(await rows()).toEqual(expected);
    expect(isOver).toBe(true);
    await late.end();
    await (await opened.store()).sweep({ lineage: 'l1', before: 99 });
    expect(await rows()).toEqual(expected);
    expect(await left()).toEqual([]);
  });

  test('is no other one’s when an attempt comes at any moment of the commit', async () => {
    const at = async (number: number) => {
      await opened.cleared();
      await loaded(opened.store(), first);
      const intent = await decided(opened.store(), anew);
      let late: Promise<unknown> = Promise.resolve();
      proxy.rule(async (statement) => {
        if (statement.number === number)
          late = staged(opened.store(), { ...second, rows: [[9n, 'late']], writing: writing('swap') }).catch((error: unknown) => error);
        // It may have to wait for the commit.
        await Promise.race([late, new Promise((resolve) => setTimeout(resolve, 300))]);
        return undefined;
      });
      const outcome = await finished(await opened.store({ through: proxy }), intent);
      const { length } = proxy.seen;
      await late;
      proxy.rule(() => undefined);
      expect(outcome, `at ${number}`).toMatchObject({ counts: { inserted: 4, deleted: 2 } });
      expect(await rows(), `at ${number}`).toEqual(expected);
      // Who was late with the commit itself, and finds that table again, takes it for nothing.
      expect(await committed(opened.store(), intent), `at ${number}`).toMatchObject({ outcome: 'already' });
      await (await opened.store()).sweep({ lineage: 'l1', before: 99 });
      expect(await rows(), `at ${number}`).toEqual(expected);
      expect(await left(), `at ${number}`).toEqual([]);
      return length;
    };
    const statements = await at(0);
    expect(statements).toBeGreaterThan(10);
    const all = Array.from({ length: statements }, (_, n) => n + 1);
    for (const number of spread(all, 40, ofServer)) await at(number);
  });

  test('settles once when the connection breaks at any statement of the decision, and the run decides again', async () => {
    const cut = async (number: number, when: 'before' | 'after') => {
      await opened.cleared();
      await loaded(opened.store(), first);
      const parts = await staged(opened.store(), anew);
      const store = await opened.store({ through: proxy });
      const decide = () => decisionOver(store, { run: run(2), parts, supersede: everything, writing: writing('swap'), schema });
      proxy.rule((statement) => (statement.number === number ? when : undefined));
      const once = await decide().catch((error: unknown) => error);
      const { length } = proxy.seen;
      proxy.rule(() => undefined);
      if (once instanceof Error) expect(mayPass(once), `${when} ${number}: ${once}`).toBe(true);
      expect(await committed(opened.store(), once instanceof Error ? await decide() : (once as Intent))).toMatchObject({
        counts: { inserted: 4 },
      });
      await (await opened.store()).sweep({ lineage: 'l1', before: 99 });
      expect(await rows(), `${when} ${number}`).toEqual(expected);
      expect(await left(), `${when} ${number}`).toEqual([]);
      return length;
    };
    const statements = await cut(0, 'before');
    expect(statements).toBeGreaterThan(5);
    const all = Array.from({ length: statements }, (_, n) => (['before', 'after'] as const).map((when) => [n + 1, when] as const)).flat();
    for (const [number, when] of spread(all, 48, ofServer)) await cut(number, when);
  });

  const most = needsKeys() ? 1016 : 1017;
  const wide = (columns: number): Schema => ({
    columns: Array.from({ length: columns }, (_, n) => ({ name: `c${n}`, type: { kind: 'bool' as const }, nullable: true })),
  });
  const named: Schema = { columns: [...schema.columns.slice(0, 1), { name: 'Hygge_Attempt', type: { kind: 'string' }, nullable: true }] };

  test.each([
    ['with as many columns as a table has at most', { ...anew, schema: wide(most), rows: [Array(most).fill(true)], slices: [] }],
    ['with a column of the name that tells attempts apart', { ...anew, schema: named, rows: [[1n, 'mine']], slices: [[[2n, 'too']]] }],
  ] as const)('is none %s', async (_, load) => {
    expect(await loaded(opened.store(), load as Load)).toMatchObject({ outcome: 'committed' });
    expect(
      await opened.lines(
        `select 1 from information_schema.COLUMNS where TABLE_SCHEMA = database() and TABLE_NAME = 'e' and EXTRA not like '%INVISIBLE%'`,
      ),
    ).toHaveLength(load.schema.columns.length);
    await (await opened.store()).sweep({ lineage: 'l1', before: 99 });
    expect(await left()).toEqual([]);
    if (load.schema === named) expect(await opened.lines('select hygge_attempt from e order by id')).toEqual(['mine', 'too']);
  });
});
