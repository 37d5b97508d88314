import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { here } from '../support/here.ts';
import { TestWorkspace } from '../support/workspace.ts';

const rows = 'id,n\n1,a\n';
const flow = (entities: string, home = '"data/{entity}.csv"') => ({
  'flows/hr/flow.yml': `home: ${home}\nstore: lake\nentities: ${entities}\n`,
});
const files = (...names: readonly string[]) => Object.fromEntries(names.map((name) => [`data/${name}.csv`, rows]));
const moved = ({ summary }: Awaited<ReturnType<typeof here>>) => summary.entities.map(({ entity }) => entity).sort();
/** The lines of YAML that an error advises. */
const advised = (stderr: string) =>
  [...stderr.matchAll(/`entities: ([^`]*)`/g)].map(([, line = '']) => line).filter((line) => line !== '…');

describe('a name in `entities` that nothing at the home has, and that resembles what is there,', () => {
  test.each([
    ['{ exclude: [salary] }', ['{ exclude: [salaries] }', '{ exclude: ["salary*"] }'], [['orders'], ['orders', 'salaries']]],
    [
      '{ like: [salaries, ordres] }',
      ['{ like: [salaries, orders] }', '{ like: [salaries, "ordres*"] }'],
      [['orders', 'salaries'], ['salaries']],
    ],
    ['{ exclude: ["sal%"] }', ['{ exclude: ["sal*"] }'], [['orders']]],
  ])('stops the flow: %s; what the error advises can be run', async (entities, lines, expected) => {
    using workspace = new TestWorkspace({ ...flow(entities), ...files('orders', 'salaries') });
    const stopped = await workspace.run(['go']);
    expect(stopped).toMatchObject({ code: 2, stderr: expect.stringContaining('HYG-1136') });
    expect(stopped.stderr).not.toContain('HYG-1047');
    expect(existsSync(workspace.path('lake'))).toBe(false);
    expect(advised(stopped.stderr)).toEqual(lines);
    for (const [at, line] of lines.entries()) {
      workspace.write(flow(line));
      expect(moved(await here(workspace, 'go'))).toEqual(expected[at]);
    }
  });

  test('stops a dry run and debug as well, and no other flow', async () => {
    using workspace = new TestWorkspace({
      ...flow('{ exclude: [salary] }'),
      ...files('orders', 'salaries'),
      'flows/other/flow.yml': 'home: data/orders.csv\nstore: beside\n',
    });
    const planned = await workspace.run(['go', '--dry-run']);
    expect(planned.stdout + planned.stderr).toContain('Did you mean `salaries`?');
    const debugged = await workspace.run(['debug']);
    expect([debugged.code, debugged.stdout + debugged.stderr]).toEqual([1, expect.stringContaining('Did you mean `salaries`?')]);
    const went = await here(workspace, 'go');
    expect([went.code, moved(went)]).toEqual([1, ['other']]);
    // The state alone is looked at, or nothing but the config.
    for (const command of [['status'], ['check'], ['list', 'entities']])
      expect((await workspace.run(command)).stderr).not.toContain('HYG-1136');
  });

  test('stops it where it resembles an entity that a file names', async () => {
    using workspace = new TestWorkspace({
      ...flow('{ exclude: [salary] }'),
      'flows/hr/entities/salaries.yml': 'home: pay/wages.csv\n',
      'data/pay/wages.csv': rows,
      ...files('orders'),
    });
    expect((await workspace.run(['go'])).stderr).toContain('Did you mean `salaries`?');
    workspace.write(flow('{ exclude: [salaries] }'));
    expect(moved(await here(workspace, 'go'))).toEqual(['orders']);
  });

  test('stops it where the name has the schema or the prefix of the table, or is that of a file with its ending', async () => {
    using workspace = new TestWorkspace({ ...flow('{ exclude: [salaries.csv] }'), ...files('salaries', 'orders') });
    expect((await workspace.run(['go'])).stderr).toContain('Did you mean `salaries`?');
    const db = new DatabaseSync(workspace.path('a.db'));
    db.exec('create table hr_salaries(id integer); create table hr_orders(id integer); create view payroll as select 1 as id');
    db.close();
    for (const written of ['dbo.salaries', 'hr_salaries', 'main.salary']) {
      workspace.write(flow(`{ exclude: [${written}] }`, '{ type: sqlite, path: a.db, table: "hr_{entity}" }'));
      expect((await workspace.run(['go', '--dry-run'])).stderr).toContain('Did you mean `salaries`?');
    }
    workspace.write(flow('{ exclude: [main.hr_salaries] }', '{ type: sqlite, path: a.db, table: "hr_{entity}" }'));
    expect(moved(await here(workspace, 'go', '--dry-run'))).toEqual(['orders']);
  });
});

describe('what is left out next to that', () => {
  test.each([
    ['a name that resembles nothing', '{ exclude: [audit] }', 'audit'],
    ['one of several patterns that fits nothing', '{ like: [orders, salaries, "x*"] }', 'x*'],
  ])('is a note: %s', async (_, entities, written) => {
    using workspace = new TestWorkspace({ ...flow(entities), ...files('orders', 'salaries') });
    const went = await here(workspace, 'go');
    expect([went.code, moved(went)]).toEqual([0, ['orders', 'salaries']]);
    const notes = went.events.flatMap((event) => (event.event === 'warning' ? [event.message] : []));
    expect(notes).toEqual([
      expect.stringMatching(
        `\`entities\` of flow \`hr\` .* \`${written.replace('*', '\\*')}\`, and no entity at its home has that name now`,
      ),
    ]);
  });

  test('says nothing of a name that fits a view, or what settled before and is gone', async () => {
    using workspace = new TestWorkspace({ ...flow('"*"', '{ type: sqlite, path: a.db }') });
    const db = new DatabaseSync(workspace.path('a.db'));
    db.exec('create table orders(id integer); create table salaries(id integer); create view order_s as select 1 as id');
    expect(moved(await here(workspace, 'go'))).toEqual(['orders', 'salaries']);
    db.exec('drop table salaries; create table salaries2(id integer)');
    db.close();
    workspace.write(flow('{ exclude: [order_s, salaries] }', '{ type: sqlite, path: a.db }'));
    const went = await here(workspace, 'go');
    expect([went.code, moved(went)]).toEqual([0, ['orders', 'salaries2']]);
    expect(went.events.filter(({ event }) => event === 'warning')).toEqual([]);
  });
});
