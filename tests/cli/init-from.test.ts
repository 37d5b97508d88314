import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../../src/cli/program/run.ts';
import { StoppedAtQuestion } from '../../src/cli/terminal/surroundings.ts';
import { inProcess } from '../support/in-process.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { fakeSurroundings } from './surroundings.ts';
import { everyFile } from './workspace.ts';

let place: TestWorkspace;
beforeEach(() => {
  place = new TestWorkspace();
  rmSync(place.path('hygge.yml'));
});
afterEach(() => place[Symbol.dispose]());

const hygge = (...args: readonly string[]) => inProcess(args, place.root, {});
const read = (path: string) => readFileSync(place.path(path), 'utf8');

/** What a person types, an answer a question; null: Ctrl-C. */
async function asked(answers: readonly (string | null)[], ...args: readonly string[]) {
  const questions: string[] = [];
  const left = [...answers];
  const surroundings = fakeSurroundings(place.root, {
    ask: async (question) => {
      questions.push(question);
      const answer = left.shift();
      if (answer == null) throw new StoppedAtQuestion();
      return answer;
    },
  });
  const code = await run(args, surroundings);
  return { code, questions, text: `${surroundings.stdout()}${surroundings.stderr()}`, left };
}

function sqlite(name: string, ...statements: readonly string[]): void {
  const database = new DatabaseSync(place.path(name));
  for (const statement of statements) database.exec(statement);
  database.close();
}

const shop = [
  'create table orders (id integer primary key, placed datetime, updated_at timestamp not null)',
  "insert into orders values (1, '2026-01-01 00:00:00', '2026-01-02 00:00:00'), (2, null, '2026-01-03 00:00:00')",
  'create table order_lines (order_id int not null, line int not null, seen timestamp, unique (order_id, line), unique (seen))',
  "insert into order_lines values (1, 1, '2026-01-01 00:00:00')",
  'create table codes (code text, label text)',
  "insert into codes values ('a', 'A')",
  'create view totals as select count(*) as n from orders',
];

describe('hygge init --from a database', () => {
  it('lists, asks until an answer means something, writes what was chosen, and that passes debug and runs', async () => {
    sqlite('shop.db', ...shop);
    const made = await asked(['', 'ordrs', '9', '3-9', '2, or*'], 'init', 'lake', '--from', 'shop.db');
    expect(made).toMatchObject({ code: 0, left: [] });
    expect(made.questions).toHaveLength(5);
    expect(made.text).toMatch(/#\s+name +kind +rows +would read\n *1 +codes +table +~1 +everything\n *2 +order_lines/);
    expect(made.text).toMatch(/orders +table +~2 +what is new, by updated_at\n/);
    expect(made.text).toContain('Nothing in shop.db is called ordrs. There is orders');
    expect(made.text).toContain('There is no 9: the numbers go from 1 to 4.');
    expect(made.text).toContain(
      'lake is ready, with 2 of 4 entities from shop.db:\n  + hygge.yml\n  + flows/shop/flow.yml\n  + flows/shop/entities/order_lines.yml\n',
    );
    expect(readdirSync(place.path('lake/flows/shop/entities'))).toEqual(['order_lines.yml', 'orders.yml']);
    expect(read('lake/hygge.yml')).toContain('  shop:\n    type: sqlite\n    path: ../shop.db\n');
    expect(read('lake/flows/shop/entities/orders.yml')).toMatch(
      /# primary key: id\n\n# Only new rows, by updated_at: .*updated when the row changes\.\nrun_type: incremental\nwatermark: \{ column: updated_at, key: \[id\] \}\n# or by placed: .*may be null/,
    );
    expect(read('lake/flows/shop/entities/order_lines.yml')).toMatch(
      /# unique index: order_id, line\n\n# Each run loads all rows and replaces the earlier ones.*\nrun_type: full_drop\n.*\n# run_type: incremental\n# watermark: \{ column: seen, key: \[order_id, line\] \}\n# {3}seen: .*may be null/,
    );
    expect((await hygge('debug', '-C', 'lake')).code).toBe(0);
    expect((await hygge('check', '-C', 'lake')).code).toBe(0);
    expect((await hygge('go', '-C', 'lake')).stdout).toContain('PASS=2 WARN=0 ERROR=0');
    expect((await hygge('preview', 'shop.order_lines', '-C', 'lake')).code).toBe(0);
  });

  it.each([
    [
      ['--tables', 'main.codes,totals', '--yes', '--output', 'json'],
      ['codes', 'totals'],
    ],
  ])('without a terminal: %j', async (more, entities) => {
    sqlite('shop.db', ...shop);
    const made = await hygge('init', '.', '--from', 'shop.db', ...more);
    expect(made).toMatchObject({ code: 0 });
    expect(readdirSync(place.path('flows/shop/entities'))).toEqual(entities.map((name) => `${name}.yml`));
    expect(read('hygge.yml')).toContain('    path: shop.db\n');
    if (more.includes('json')) for (const line of made.stdout.trim().split('\n')) expect(JSON.parse(line)).toMatchObject({ written: true });
    expect((await hygge('go')).code).toBe(0);
  });

  it('names that YAML, paths or hygge would take for something else stay what they are', async () => {
    const names = ['null', 'odd.name', 'Ærø', 'two words', `\${HOME}`, 'q"q', "it's", '{entity}', '-', 'a/b', ' a ', 'a'];
    sqlite(
      'shop.db',
      ...names.flatMap((name) => [`create table "${name.replaceAll('"', '""')}" ("id\n# x: y" integer primary key)`]),
      'create table "bad\tname" (a int)',
    );
    const made = await hygge('init', 'lake', '--from', 'shop.db', '--yes');
    expect(made).toMatchObject({ code: 0, stderr: '' });
    expect(made.stdout).toMatch(/! "?bad.*can't be an entity, and is left out/);
    const listed = await hygge('list', 'entities', '-C', 'lake', '--output', 'json');
    const found = listed.stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { entity: string }).entity);
    expect(found.sort()).toEqual([...names].sort());
    expect((await hygge('go', '-C', 'lake')).stdout).toContain('ERROR=0');
  });

  it('a connection of hygge.yml gets a flow in its workspace, whatever else is there', async () => {
    sqlite('shop.db', ...shop);
    place.write({
      'hygge.yml': 'name: w\nconnections:\n  erp: { type: sqlite, path: shop.db }\n',
      'flows/other/flow.yml': `home: \${UNSET}\nstore: out\n`,
    });
    const before = read('hygge.yml');
    const made = await hygge('init', '--from', 'erp', '--tables', 'orders', '--yes');
    expect(made.stderr).toBe('');
    expect(made.stdout).toContain(
      'erp is ready, with 1 of 4 entities from connection erp:\n  + flows/erp/flow.yml\n  + flows/erp/entities/orders.yml\n',
    );
    expect(read('hygge.yml')).toBe(before);
    expect((await hygge('go', '-f', 'erp')).stdout).toContain('PASS=1');
    const again = await hygge('init', '--from', 'erp', '--yes');
    expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('HYG-1904') });
    expect(again.stderr).toContain('To add new entities to the existing flow: hygge generate entities --flow erp');
    expect((await hygge('generate', 'entities', '--flow', 'erp')).stdout).toContain('+ flows/erp/entities/');
  });
});

describe('hygge init --from files', () => {
  it('makes an entity of each folder of one format and each file, and a second run moves what is new', async () => {
    place.write({
      'in/orders/1.csv': 'id\n1\n',
      'in/orders/sub/2.csv': 'id\n2\n',
      'in/mixed/a.csv': 'id\n1\n',
      'in/mixed/b.json': '[{"id":1}]',
      'in/_hidden/a.csv': 'id\n1\n',
      'in/customers.ndjson': '{"id":1}\n',
      'in/readme.txt': 'x',
    });
    const made = await asked(['all'], 'init', 'lake', '--from', 'in');
    expect(made).toMatchObject({ code: 0 });
    expect(made.text).toMatch(/1 +customers\.ndjson +ndjson file +9 bytes +new and changed files\n *2 +orders\/ +2 csv files/);
    expect(made.text).toContain("mixed (csv and json files) can't be an entity, and is left out");
    expect((await hygge('go', '-C', 'lake')).stdout).toContain('PASS=2 WARN=0');
    place.write({ 'in/orders/3.csv': 'id\n3\n' });
    expect((await hygge('go', '-C', 'lake')).stdout).toMatch(/✓ in\.orders +1 row settled/);
    const one = await hygge('init', 'one', '--from', 'in/customers.ndjson', '--yes');
    expect(one.stdout).toContain('flows/customers/entities/customers.yml');
    expect((await hygge('go', '-C', 'one')).stdout).toContain('PASS=1');
  });
});

describe('what hygge init --from can not do', () => {
  it.each([
    [['--from', 'shop.db'], 2, 'HYG-1905', "Choose them in the command: --tables 'sales.*' --yes"],
    [['--from', 'shop.db', '--tables', 'sales.*', '--yes'], 2, 'HYG-1902', 'Nothing in shop.db is called sales.*.'],
    [['--from', 'texts', '--yes'], 2, 'HYG-1902', 'no files of parquet'],
    [['--from', 'twins', '--yes'], 2, 'HYG-1314', 'would settle under one name'],
    [['--from', '.', '--yes'], 2, 'HYG-1901', 'would settle data inside'],
    [['--from', 'postgrs://me@host/shop', '--yes'], 2, 'HYG-1310', 'Did you mean postgres:?'],
    [['--from', 'postgres://me:@host/shop', '--yes'], 2, 'HYG-1321', 'not an interactive terminal'],
    [['--from', 'postgres://me:secret-4711@127.0.0.1:1/shop', '--yes'], 1, 'HYG-', '127.0.0.1'],
    [['w', '--from', 'shop.db', '--yes'], 2, 'HYG-1904', 'is a workspace; init never overwrites files'],
  ])('%j ends with %i, says why, and writes nothing', async (args, code, error, what) => {
    sqlite('shop.db', ...shop);
    place.write({
      'texts/a.txt': 'x',
      'w/hygge.yml': 'name: w\nconnections:\n  erp: { type: sqlite, path: ../shop.db }\n',
    });
    for (const path of ['twins/Orders/1.csv', 'twins/orders.csv']) place.write({ [path]: 'id\n1\n' });
    const before = await everyFile(place.root);
    const ended = await hygge('init', ...args);
    expect(ended.stderr).toContain(error);
    expect(ended.stderr).toContain(what);
    expect(ended.stderr + ended.stdout).not.toContain('secret-4711');
    expect(ended.code).toBe(code);
    expect(await everyFile(place.root)).toEqual(before);
  });

  it('Ctrl-C where a password is asked for does the same, and a variable may stand in the .env of the folder', async () => {
    const ended = await asked([null], 'init', 'lake', '--from', 'postgres://me:@127.0.0.1:1/shop');
    expect(ended).toMatchObject({ code: 130, text: 'Stopped at the question: nothing was done.\n' });
    const from = `postgres://me:\${SHOP}@127.0.0.1:1/shop`;
    expect(await hygge('init', 'lake', '--from', from, '--yes')).toMatchObject({ code: 2, stderr: expect.stringContaining('HYG-1020') });
    place.write({ 'lake/.env': 'SHOP=x\n' });
    expect(await hygge('init', 'lake', '--from', from, '--yes')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("can't be reached"),
    });
  });

  it('a folder that can not be written leaves nothing half-written', async () => {
    sqlite('shop.db', ...shop);
    mkdirSync(place.path('lake/flows/shop'), { recursive: true });
    writeFileSync(place.path('lake/flows/shop/flow.yml'), 'home: a\n');
    const before = await everyFile(place.root);
    const ended = await hygge('init', 'lake', '--from', 'shop.db', '--yes');
    expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining('flows/shop/flow.yml is there') });
    expect(await everyFile(place.root)).toEqual(before);
  });
});
