import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import type { Comparison } from '../../src/ports/answers/comparison.ts';
import type { Repair } from '../../src/ports/answers/repair.ts';
import { commandsIn } from '../support/commands.ts';
import { inProcess } from '../support/in-process.ts';
import { TestWorkspace } from '../support/workspace.ts';

let place: TestWorkspace | undefined;
afterEach(() => place?.[Symbol.dispose]());

async function scene(rows: number, more = '') {
  const workspace = new TestWorkspace({
    'hygge.yml': 'name: w\n',
    'flows/f/flow.yml': `home: { type: sqlite, path: src.db, table: src }\nstore: { path: lake }\nwatermark: { column: n, key: [id] }\nrun_type: incremental\nentities: [e]\n${more}`,
    'c.yml': 'columns: { v: { type: string, nullable: false } }\n',
  });
  place = workspace;
  const { sql: ask, hygge, answerOf: json } = commandsIn(workspace);
  const sql = (text: string): void => void ask('src.db', ...text.split('; '));
  sql(`create table src (id integer primary key, n integer, v text); with recursive c(x) as (select 1 union all select x + 1 from c where x < ${rows})
insert into src select x, x, 'v' from c`);
  expect(await hygge('go')).toMatchObject({ code: 0 });
  const settled = (): number => JSON.parse(readFileSync(workspace.path('lake/_hygge/f/e/current.json'), 'utf8')).rows;
  /** A person who answers yes, after something happened to the source. */
  const yesAfter = (text: string, ...args: readonly string[]) => {
    const ask = async () => {
      sql(text);
      return 'y';
    };
    return inProcess(['verify', 'f.e', '--pause', '0s', '--repair', ...args], workspace.root, {}, { ask });
  };
  return { sql, hygge, json, settled, yesAfter };
}

describe('verify --repair', () => {
  it('leaves the rows where the source was emptied, though it was told yes, and removes them by their number', async () => {
    const { sql, hygge, json, settled } = await scene(100);
    sql('delete from src');
    const refused = await hygge('verify', 'f.e', '--pause', '0s', '--repair', '--yes');
    expect(refused.code).toBe(1);
    expect(refused.stdout).toContain('HYG-2134');
    expect(refused.stdout).toMatch(/rows +removes 100\n/);
    expect(settled()).toBe(100);
    const command = /repair with their number: hygge (.*)/.exec(refused.stdout)?.[1] ?? '';
    expect(command).toBe('verify f.e --repair --removes 100 --yes');
    expect(await json<Repair>('f.e', '--repair', '--removes', '99', '--yes')).toMatchObject({ ok: false, error: { code: 'HYG-2135' } });
    expect(settled()).toBe(100);
    expect(await hygge(...command.split(' '), '--pause', '0s')).toMatchObject({ code: 0 });
    expect(settled()).toBe(0);
    // The row at the watermark comes back with a row above it.
    sql("insert into src values (100, 100, 'v'), (101, 101, 'v')");
    expect(await hygge('go')).toMatchObject({ code: 0 });
    expect(settled()).toBe(2);
  });

  it('leaves the rows where every second one is missing, and counts those to add, to change and to remove in each range', async () => {
    const { sql, hygge, json, settled } = await scene(90);
    sql(`delete from src where id % 2 = 1 and id < 40; insert into src values (200, 15, 'late'); update src set n = 70 where id = 62`);
    const { plan, error } = await json<Repair>('--repair', '--yes');
    expect(error).toMatchObject({ code: 'HYG-2134' });
    // The lake keeps the settled row 62 as an earlier version of the one that it lacks.
    expect(plan).toMatchObject({ compared: 89, removes_at_most: 10, effect: { adds: 2, changes: 0, removes: 20, earlier_versions: 0 } });
    expect(plan?.ranges.reduce((sum, { effect }) => sum + effect.removes, 0)).toBe(20);
    expect(settled()).toBe(90);
    const [, command = ''] = /hygge (verify .*)$/.exec(error?.tryThis.at(-1) ?? '') ?? [];
    expect(await hygge(...command.split(' '), '--pause', '0s')).toMatchObject({ code: 0 });
    expect(await json<Comparison>()).toMatchObject({ verdict: 'same', rows: { source: 71, destination: 72, earlier_versions: 1 } });
  });
});

describe('a repair whose source loses rows after the plan', () => {
  it('stops before the rows go, unless they are few', async () => {
    const { sql, settled, yesAfter } = await scene(90);
    sql("update src set v = 'other' where id between 10 and 40");
    const emptied = await yesAfter('delete from src where id < 60');
    expect(emptied.stdout).toMatch(/rows +changes 31\n/);
    expect(emptied.stdout).toContain('HYG-2136');
    expect(settled()).toBe(90);
    // A few rows may leave a range meanwhile: a source is at work.
    sql("with recursive c(x) as (select 1 union all select x + 1 from c where x < 59) insert into src select x, x, 'v' from c");
    sql("update src set v = 'other' where id between 10 and 40");
    expect((await yesAfter('delete from src where id between 10 and 14')).stdout).toContain('mended: 26 rows');
    expect(settled()).toBe(85);
  });
});

describe('a repair whose source has rows that break a rule', () => {
  it('stops before the last good version of a row goes that turned bad after the plan', async () => {
    const { sql, settled, yesAfter } = await scene(90, 'validation: { contract: c.yml, mode: quarantine }\n');
    sql("update src set v = 'other' where id between 10 and 40");
    const refused = await yesAfter('update src set v = null where id = 20');
    expect(refused.stdout).toContain('HYG-2136');
    expect(refused.stdout).toContain('1 row in the ranges of f.e would not settle in the repair, and none was planned.');
    expect(settled()).toBe(90);
    sql("update src set v = 'other' where id = 20; insert into src values (91, 15, null)");
    expect((await yesAfter('select 1')).stdout).toContain('mended: 32 rows read again');
    expect(settled()).toBe(90);
  });
});

it('a repair takes --removes of one entity, and with --repair alone', async () => {
  const { hygge } = await scene(4);
  expect((await hygge('verify', '--removes', '3')).code).toBe(2);
  place?.write({ 'flows/g/flow.yml': 'home: { type: sqlite, path: src.db, table: src }\nstore: { path: other }\nentities: [e]\n' });
  const two = await hygge('verify', '--repair', '--removes', '3');
  expect([two.code, two.stderr]).toEqual([2, expect.stringContaining('the number of one entity')]);
});
