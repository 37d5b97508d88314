import { afterEach, beforeEach, expect, test } from 'vitest';
import { inProcess } from '../../support/in-process.ts';
import { mariadbDatabase, needsKeys, ownMariadb } from '../../support/mariadb.ts';
import { openedOnce } from '../../support/opened-once.ts';
import { parseEvents } from '../../support/run-hygge.ts';
import { TestWorkspace } from '../../support/workspace.ts';
import { connectionTo, onMariadb, openDatabase } from './support.ts';

async function go(workspace: TestWorkspace, secret: string, ...args: readonly string[]) {
  const { code, stdout, stderr } = await inProcess(['go', '--output', 'json', ...args], workspace.root, { SHOP_SECRET: secret });
  const plan = parseEvents(stdout).findLast((one) => one.event === 'plan');
  return { code, text: `${stdout}${stderr}`, told: JSON.stringify(plan ?? null) };
}

onMariadb('names that are no words', () => {
  let workspace: TestWorkspace;
  const opened = openedOnce(() => openDatabase());
  beforeEach(async () => {
    await opened.cleared();
    workspace = new TestWorkspace({ 'hygge.yml': `name: w\nconnections: { c: ${connectionTo(opened.db)} }\n`, 'in/a.csv': 'id\n1\n2\n' });
  });
  afterEach(() => workspace[Symbol.dispose]());

  const own = () => `staging_schema: ${opened.staging}, metadata_schema: ${opened.metadata}`;
  const ran = (...args: readonly string[]) => go(workspace, opened.db.password, ...args);

  test.each([
    ['a blank at its end', 'note '],
    ['65 characters', 'x'.repeat(65)],
    ['a character of four bytes', 'smile 😀'],
  ])('a table is refused for %s before anything is read', async (_, name) => {
    workspace.write({
      'flows/f/flow.yml': `home: { path: in/a.csv }\nstore: { connection: c, table: ${JSON.stringify(`\`${name}\``)}, ${own()} }\n`,
    });
    const { code, text } = await ran('--dry-run');
    expect(code, text).not.toBe(0);
    expect(text).toContain('HYG-4210');
  });

  test('columns settle whatever they are called: what the server has no name for gets another one, which the plan tells', async () => {
    const names = ['a`b', "a'b", 'a"b', 'a.b', ' a', 'ä€', 'a\\b', 'note ', 'smile 😀', 'x'.repeat(65)];
    const csv = (values: readonly string[]) => values.map((value) => `"${value.replaceAll('"', '""')}"`).join(',');
    workspace.write({
      'in/a.csv': `${csv(names)}\n${names.map((_, n) => n).join(',')}\n`,
      'flows/f/flow.yml': `home: { path: in/a.csv }\nstore: { connection: c, table: "\`it's a .\`\`\\"té\`", ${own()} }\n`,
    });
    for (const n of [1, 2]) {
      const { code, text, told } = await ran();
      expect(code, `run ${n}: ${text}`).toBe(0);
      if (n === 1) expect(told).toMatch(/column \\"note \\" settles as note_\w{6}: .* does not allow names like that/);
    }
    const settled = await opened.lines(
      `select COLUMN_NAME from information_schema.COLUMNS where TABLE_SCHEMA = database() and TABLE_NAME = 'it''s a .\`"té' order by ORDINAL_POSITION`,
    );
    expect(settled.slice(0, 6)).toEqual(names.slice(0, 6));
    // A server that makes no table without a key gets one in a column that no query shows.
    const others = [/^note_\w{6}$/, /^smile _\w{6}$/, /^x{57}_\w{6}$/, ...(needsKeys() ? [/^my_row_id$/] : [])];
    expect(settled.slice(7)).toEqual(others.map((name) => expect.stringMatching(name)));
    expect(await opened.lines('select * from `it\'s a .``"té`')).toEqual([names.map((_, n) => n).join('\t')]);
  });

  test.each([
    ['case', 'orders', 'Orders'],
    ['an accent', 'cafe', 'café'],
  ])('tables that differ in %s only are two, read and written', async (_, one, other) => {
    await opened.db.sql(`create table \`${other}\` (id bigint, v text); insert into \`${other}\` values (9, 'other'); create table from_${one} (id bigint, j longtext);
      insert into from_${one} values (1, 'x'); create table \`${one}\` (id bigint, j longtext)`);
    const flow = (from: string, to: string) =>
      workspace.write({
        [`flows/into_${to === 'read' ? 'read' : 'one'}/flow.yml`]: `home: { connection: c, table: ${from} }\nstore: { connection: c, table: ${to}, ${own()} }\nif_exists: append\nrun_type: full_drop\n`,
      });
    flow(`from_${one}`, one);
    const wrote = await ran();
    expect(wrote.code, wrote.text).toBe(0);
    expect(await opened.lines(`select * from \`${one}\``)).toEqual(['1\tx']);
    expect(await opened.lines(`select * from \`${other}\``)).toEqual(['9\tother']);
    flow(other, 'read');
    const read = await ran('-f', 'into_read');
    expect(read.code, read.text).toBe(0);
    expect(await opened.lines('select * from `read`')).toEqual(['9\tother']);
  });
});

onMariadb('a server that folds the names of tables', () => {
  test('is written and read by names in upper case as by any others', async () => {
    await using server = await ownMariadb(['--lower-case-table-names=1']);
    await using db = await mariadbDatabase(server);
    await db.sql(
      `create table cafe (id bigint); create table Source (id bigint primary key, v text); insert into Source values (1, 'a'), (2, 'b');
      grant all on stage.* to ${db.user}; grant all on own.* to ${db.user}`,
    );
    using workspace = new TestWorkspace({
      'hygge.yml': `name: w\nconnections: { c: ${connectionTo({ keys: { ...db.keys, database: db.database.toUpperCase() } })} }\n`,
    });
    const flow = (more: string) =>
      workspace.write({
        'flows/f/flow.yml': `home: { connection: c, table: SOURCE }\nstore: { connection: c, table: Orders, staging_schema: Stage, metadata_schema: Own }\n${more}`,
      });
    const settled = () => db.sql('select * from orders order by id');
    for (const more of ['', '', 'write_strategy: direct_insert\n']) {
      flow(more);
      const { code, text } = await go(workspace, db.password);
      expect(code, text).toBe(0);
      expect(await settled()).toBe('1\ta\n2\tb\n');
    }
    const reset = await inProcess(['reset', 'f.f', '--adopt', '--yes'], workspace.root, { SHOP_SECRET: db.password });
    expect(reset.code, `${reset.stdout}${reset.stderr}`).toBe(0);
    await db.sql(`insert into source values (3, 'c')`);
    const again = await go(workspace, db.password);
    expect(again.code, again.text).toBe(0);
    expect(await settled()).toBe('1\ta\n2\tb\n3\tc\n');
    expect(await db.sql('show tables in stage')).toBe('');
    workspace.write({ 'flows/g/flow.yml': 'home: { connection: c, table: CAFÉ }\nstore: out\n' });
    expect(await go(workspace, db.password, '-f', 'g')).toMatchObject({ code: 1, text: expect.stringContaining('HYG-3501') });
  });
});
