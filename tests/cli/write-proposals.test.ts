import { chmodSync, readFileSync, renameSync, symlinkSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { withKeys, withOwnHome } from '../../src/cli/run/write-proposals.ts';
import { TestWorkspace } from '../support/workspace.ts';

const german = 'id;amount;day\n1;1.234,50;05.03.2026\n2;99,00;13.02.2026\n';
const english = 'id;amount;day\n1;"1,234.50";2026-03-05\n2;99.00;2026-02-13\n';
const plain = 'id;name\n1;a\n';

const write = ['go', '--dry-run', '--write'];

async function planned(files: Readonly<Record<string, string>>) {
  const workspace = new TestWorkspace(files);
  const { code, stdout, stderr } = await workspace.run(write);
  expect([code, stderr]).toEqual([0, '']);
  const again = await workspace.run(write);
  expect(again.stdout).toContain('No plan proposes a key: the config is unchanged.');
  const settles = await workspace.run(['go']);
  expect(settles.code, settles.stdout).toBe(0);
  return { workspace, stdout, read: (path: string) => readFileSync(workspace.path(path), 'utf8') };
}

describe('hygge go --dry-run --write', () => {
  test('writes the keys into the home that all entities share, and a run settles numbers and days', async () => {
    const flow = '# orders of the shop\nhome: "in/{entity}.csv" # by hand\nstore: lake/{entity}\nentities: [a, b]\n';
    const { workspace, stdout, read } = await planned({ 'flows/shop/flow.yml': flow, 'in/a.csv': german, 'in/b.csv': german });
    using _ = workspace;
    expect(read('flows/shop/flow.yml').split('\n')[1]).toBe(
      'home: { path: "in/{entity}.csv", decimal_separator: ",", thousands_separator: ".", date_format: "%d.%m.%Y" } # by hand',
    );
    expect(stdout).toContain('flows/shop/flow.yml:\n  - home: "in/{entity}.csv" # by hand\n  + home: { path:');
    expect(await workspace.settled('lake', 'shop', 'a')).toMatchObject([{ amount: '1234.50', day: '2026-03-05' }, { amount: '99.00' }]);
  });

  test('gives an entity a home of its own where others read another form by the same home', async () => {
    const { workspace, read } = await planned({
      'flows/shop/flow.yml': 'home: "in/{entity}.csv"\nstore: lake/{entity}\nentities:\n  - a\n  - b # in English\n  - c\n',
      'in/a.csv': german,
      'in/b.csv': english,
      'in/c.csv': plain,
    });
    using _ = workspace;
    expect(read('flows/shop/flow.yml').split('\n').slice(2, 6)).toEqual([
      'entities:',
      '  - { name: a, home: { decimal_separator: ",", thousands_separator: ".", date_format: "%d.%m.%Y" } }',
      '  - { name: b, home: { thousands_separator: "," } } # in English',
      '  - c',
    ]);
  });

  test('writes into the file of an entity', async () => {
    const { workspace, read } = await planned({
      'flows/shop/flow.yml': 'home: "in/{entity}.csv"\nstore: lake/{entity}\n',
      'flows/shop/entities/a.yml': 'run_type: full_drop\n',
      'flows/shop/entities/c.yml': 'run_type: full_drop\n',
      'in/a.csv': german,
      'in/c.csv': plain,
    });
    using _ = workspace;
    expect(read('flows/shop/entities/a.yml')).toBe(
      'run_type: full_drop\nhome: { decimal_separator: ",", thousands_separator: ".", date_format: "%d.%m.%Y" }\n',
    );
    expect(read('flows/shop/entities/c.yml')).toBe('run_type: full_drop\n');
  });

  test('writes several places of one file, whose lines and columns move with each of them', async () => {
    const { workspace, read } = await planned({
      'flows/shop/flow.yml': 'home: "in/{entity}.csv"\nstore: lake/{entity}\nentities: [a, b, c]\n',
      'in/a.csv': german,
      'in/b.csv': english,
      'in/c.csv': german,
    });
    using _ = workspace;
    expect(read('flows/shop/flow.yml').match(/name: \w+, home: \{ \w+/g)).toEqual([
      'name: a, home: { decimal_separator',
      'name: b, home: { thousands_separator',
      'name: c, home: { decimal_separator',
    ]);
  });

  test('says how entities that a pattern finds get a place for their keys, and the two commands put them there', async () => {
    using workspace = new TestWorkspace({
      'hygge.yml': 'name: shop\ntargets: { dev: {}, prod: {} }\n',
      'flows/shop/flow.yml': 'home: { path: in, format: csv }\nstore: lake/{entity}\nentities: "*"\n',
      'in/a.csv': german,
      'in/b.csv': english,
      'in/c.csv': plain,
    });
    const { stdout } = await workspace.run([...write, '--target', 'dev']);
    const said = stdout.slice(stdout.indexOf('flows/shop/flow.yml, line 3: a pattern finds a, b,')).split('\n');
    const commands = said.slice(1, 3).map((line) => line.trim());
    expect(commands).toEqual(['hygge generate entities --target dev --flow shop', 'hygge go --target dev --dry-run --write']);
    for (const typed of commands) expect(await workspace.run(typed.split(' ').slice(1))).toMatchObject({ code: 0 });
    expect((await workspace.run(['go', '--target', 'dev'])).code).toBe(0);
    expect(await workspace.settled('lake', 'shop', 'a')).toMatchObject([{ amount: '1234.50', day: '2026-03-05' }, { amount: '99.00' }]);
    expect(await workspace.settled('lake', 'shop', 'b')).toMatchObject([{ amount: '1234.50' }, { amount: '99.00' }]);
  });

  test('prints what to write where a file is a link or is not to be written', async () => {
    for (const change of [
      (file: string) => {
        renameSync(file, `${file}.txt`);
        symlinkSync(`${file}.txt`, file);
      },
      (file: string) => chmodSync(file, 0o444),
    ]) {
      const flow = 'home: "in/{entity}.csv"\nstore: lake/{entity}\nentities: [a]\n';
      using workspace = new TestWorkspace({ 'flows/shop/flow.yml': flow, 'in/a.csv': german });
      const file = workspace.path('flows/shop/flow.yml');
      change(file);
      const { stdout } = await workspace.run(write);
      expect(stdout).toContain('flows/shop/flow.yml, line 3: write this for shop.a:\n    home: { decimal_separator');
      expect(readFileSync(file, 'utf8')).toBe(flow);
    }
  });

  test('leaves out entities that were not planned: they may read another form by the same home', async () => {
    using workspace = new TestWorkspace({
      'flows/shop/flow.yml': 'home: "in/{entity}.csv"\nstore: lake/{entity}\nentities: [a, b]\n',
      'in/a.csv': german,
      'in/b.csv': english,
    });
    await workspace.run([...write, '-e', 'shop.a']);
    expect(readFileSync(workspace.path('flows/shop/flow.yml'), 'utf8')).toContain('entities: [{ name: a, home: { decimal');
  });

  test('is for plans alone', async () => {
    using workspace = new TestWorkspace({});
    expect((await workspace.run(['go', '--write'])).code).toBe(2);
  });
});

const keys = { date_format: '%d.%m.%Y' };

test.each([
  ['home: in\n', 'home: { path: in, date_format: "%d.%m.%Y" }\n'],
  ['home: { path: in }\n', 'home: { path: in, date_format: "%d.%m.%Y" }\n'],
  ['home: { path: in # c\n  }\n', 'home: { path: in, date_format: "%d.%m.%Y" # c\n  }\n'],
  ['home: raw,in/{entity}.csv\n', 'home: { path: "raw,in/{entity}.csv", date_format: "%d.%m.%Y" }\n'],
  ['home:\r\n  path: in\r\nstore: o\r\n', 'home:\r\n  path: in\r\n  date_format: "%d.%m.%Y"\r\nstore: o\r\n'],
  ['\uFEFFhome: in\n', '\uFEFFhome: { path: in, date_format: "%d.%m.%Y" }\n'],
  ['"home": in\n', '"home": { path: in, date_format: "%d.%m.%Y" }\n'],
  ['a: { home: { path: in } }\n', 'a: { home: { path: in, date_format: "%d.%m.%Y" } }\n'],
  ['home: |\n  in\n', undefined],
  ['home: &h in\nother: *h\n', undefined],
  ['home: &h { path: in }\nother: { home: *h }\n', undefined],
  ['home:\n  path: in\nstore: out\n', 'home:\n  path: in\n  date_format: "%d.%m.%Y"\nstore: out\n'],
  [
    'home:\n  path: in\n  types:\n    a: string\n\n# c\nstore: o\n',
    'home:\n  path: in\n  types:\n    a: string\n  date_format: "%d.%m.%Y"\n\n# c\nstore: o\n',
  ],
  ['home:\n  path: in', 'home:\n  path: in\n  date_format: "%d.%m.%Y"'],
  ['home: { path: in, date_format: "%Y" }\n', undefined],
  ['store: in\n', undefined],
])('%j with a key is %j', (text, after) => {
  expect(withKeys(text, text.indexOf('in'), keys)).toBe(after);
});

test.each([
  ['home: i\nentities: [in]\n', 'home: i\nentities: [{ name: in, home: { date_format: "%d.%m.%Y" } }]\n'],
  ['run_type: incremental', 'run_type: incremental\nhome: { date_format: "%d.%m.%Y" }\n'],
  ['home: in\n', undefined],
  ['# in', '# in\nhome: { date_format: "%d.%m.%Y" }\n'],
  ['{ run_type: in }\n', undefined],
  ['entities: [&x in]\nother: *x\n', undefined],
  ['entities: [{ name: in }]\n', undefined],
])('%j with a home for one entity is %j', (text, after) => {
  expect(withOwnHome(text, text.lastIndexOf('in'), keys)).toBe(after);
});
