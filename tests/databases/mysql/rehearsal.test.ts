import { expect, test } from 'vitest';
import { loaded } from '../../support/commits.ts';
import type { MysqlProxy } from '../../support/mysql-proxy.ts';
import { sampled } from '../../support/samples.ts';
import { type Opened, onMariadb, throughProxy } from './support.ts';

const load = {
  epoch: 1,
  schema: { columns: [{ name: 'id', type: { kind: 'int64' }, nullable: false } as const] },
  rows: [[1n]],
};

onMariadb('what debug tries in a store of MariaDB', () => {
  let opened: Opened;
  let proxy: MysqlProxy;
  throughProxy((of) => {
    ({ opened, proxy } = of);
  });

  const probe = (hours = 0) => {
    const now = () => new Date(Date.now() + hours * 3_600_000).toISOString();
    const opening = { ...opened.opening, clock: { ...opened.opening.clock, now } };
    return opened.side.probe(opened.config({ through: proxy }) as never, opening as never);
  };
  const left = async () => (await opened.lines(`show tables from ${opened.staging}`)).filter((name) => name.startsWith('probe_'));

  test('is a bulk load, a merge and another name, and nothing of it stays', async () => {
    await loaded(opened.store(), load);
    const findings = await probe();
    expect(findings.filter(({ ok }) => !ok)).toEqual([]);
    const asked = proxy.seen.map(({ text }) => text).join('\n');
    for (const said of [
      /^load data local infile .*probe_/m,
      /^update .*probe_/m,
      /^create temporary table .*probe_/m,
      /^rename table .*probe_/m,
    ])
      expect(asked).toMatch(said);
    expect(await left()).toEqual([]);
  });

  test.each(sampled([/^create table .*probe_\w+` /, /^load data/, /^create table .*_d`/, /^update .*_d`/, /^rename table/], 4))(
    'and is dropped an hour later where debug was killed after %s',
    async (at) => {
      await loaded(opened.store(), load);
      proxy.rule(({ text }) => (at.test(text) ? 'after' : undefined));
      expect((await probe()).some(({ ok }) => !ok)).toBe(true);
      proxy.rule(() => undefined);
      const behind = await left();
      expect(behind.length).toBeGreaterThan(0);
      // Another debug may be at work with them.
      await probe();
      expect(await left()).toEqual(behind);
      await probe(2);
      expect(await left()).toEqual([]);
    },
  );

  test('and is dropped by a run as well', async () => {
    await loaded(opened.store(), load);
    const [old, young] = [Date.now() - 2 * 3_600_000, Date.now()].map((ms) => `probe_${ms.toString(36)}_abc_d`);
    await opened.db.sql(
      `create table ${opened.staging}.${old} (c int primary key); create table ${opened.staging}.${young} (c int primary key)`,
    );
    await (await opened.store()).sweep({ lineage: 'L', before: 2 });
    expect(await left()).toEqual([young]);
  });
});
