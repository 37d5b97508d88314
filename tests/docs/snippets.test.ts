import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { formatKinds } from '../../src/formats/formats.ts';
import { orders, writeDeltaTable } from '../support/small-delta-table.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { blocksOf } from './blocks.ts';

const root = join(import.meta.dirname, '..', '..');
const pagesOf = (folder: string) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}/${name}`);
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  ...pagesOf('docs'),
  ...pagesOf('docs/building'),
  'examples/flights/README.md',
];

/** Followed by tests of their own: from top to bottom, and with a cloud. */
const elsewhere = [
  'docs/tutorial.md',
  'docs/copy.md',
  'docs/fabric-mirroring.md',
  'docs/fabric-warehouse.md',
  'docs/fabric-warehouse-writing.md',
  'docs/lake.md',
  'docs/databases.md',
  'docs/databases-writing.md',
  'docs/duckdb.md',
  'docs/erasure.md',
  'docs/apis.md',
  'docs/apis-changes.md',
  'docs/contracts.md',
  'docs/checks.md',
  'docs/quarantine.md',
  'docs/odcs.md',
  'docs/manifests.md',
  'docs/manifests-included.md',
  'docs/odata.md',
  'docs/salesforce.md',
  'docs/sqlite.md',
  'docs/sqlserver.md',
  'docs/sqlserver-writing.md',
  'docs/mysql.md',
];

const snippets = (page: string) => blocksOf(readFileSync(join(root, page), 'utf8')).map((block) => ({ page, ...block }));

const all = pages.filter((page) => !elsewhere.includes(page)).flatMap(snippets);
const title = ({ page, line }: (typeof all)[number]) => `${page}:${line}`;
const commandsOf = (text: string) =>
  text
    .split('\n')
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => line !== '');

const madeFromCode = /\/(errors.*|config|cli)\.md$/;

/** Run elsewhere: these are the set-up's own commands, which CI or a test of tests/build runs. */
const runByCi = /^(npm (run (demo|bench|check|soak|test:changed)|test)|export PATH="\$PWD\/bin:\$PATH")/;

/** A file of rows and a database, made once. */
let made: Promise<readonly [Uint8Array, Uint8Array]> | undefined;
async function sources(): Promise<readonly [Uint8Array, Uint8Array]> {
  using workspace = new TestWorkspace();
  const rows =
    "select timestamp '2001-01-01' + interval (range) minute as date, timestamp '2024-01-01' + interval (range) minute as updated_at, range as id from range(100)";
  await workspace.parquet('rows.parquet', rows);
  const shop = new DatabaseSync(workspace.path('shop.db'));
  shop.exec('create table orders (id integer primary key, updated_at datetime); create table customers (id integer primary key)');
  shop.close();
  return [readFileSync(workspace.path('rows.parquet')), readFileSync(workspace.path('shop.db'))];
}

/** A workspace in which everything that the pages name is there. */
async function furnished(page: string): Promise<TestWorkspace> {
  made ??= sources();
  const [rows, shop] = await made;
  const workspace = new TestWorkspace({
    'flows/flights/flow.yml': 'home: data/flights-3m.parquet\nstore: lake/flights\nrun_type: incremental\nwatermark: { column: date }\n',
  });
  for (const path of ['data/flights-3m.parquet', 'data/orders/1.parquet', 'data/orders.parquet', 'landing/1.parquet'])
    workspace.write({ [path]: rows });
  workspace.write({ 'drop/monday.csv': 'id,name\n1,bun\n', 'shop.db': shop });
  if (page === 'docs/delta.md')
    await writeDeltaTable(workspace.path('lake/Tables/orders'), { ...orders, configuration: { 'delta.enableChangeDataFeed': 'true' } });
  return workspace;
}

describe('every YAML snippet is a flow that runs as it stands', () => {
  it.each(all.filter((snippet) => snippet.language === 'yaml').map((snippet) => [title(snippet), snippet] as const))(
    '%s',
    async (_title, { text, page }) => {
      const file = /^# (\S+\.yml)/.exec(text)?.[1];
      expect(file, 'the first line names the file').toBeDefined();
      using workspace = await furnished(page);
      workspace.write({ [file ?? '']: text });
      const run = await workspace.run(['go', '--output', 'json']);
      expect(run.stderr + run.stdout).not.toMatch(/"event":"error"/);
      expect(run.code).toBe(0);
    },
  );
});

describe('every command in a shell snippet works', () => {
  /** Where each command stands first. */
  const places = new Map<string, string>();
  for (const snippet of all.filter(({ language }) => language === 'sh').reverse())
    for (const command of commandsOf(snippet.text)) places.set(command, title(snippet));
  const commands = [...places].map(([command, place]) => [place, command] as const);

  it.each(commands.filter(([, command]) => !runByCi.test(command)))('%s: %s', async (place, command) => {
    const words = command.split(/\s+/).map((word) => word.replace(/^'(.*)'$/, '$1'));
    expect(words[0]).toBe('hygge');
    using workspace = await furnished(place.replace(/:\d+$/, ''));
    // `-C demo` and the like point at workspaces like this one; a new one is made beside it.
    const args = words.slice(1).map((word, at, all) => (all[at - 1] === '-C' ? workspace.root : word));
    const run = await workspace.run(args);
    expect(run.stderr).toBe('');
    expect(run.code).toBe(0);
  });

  it('leaves to CI only commands of the set-up', () => {
    expect(commands.filter(([, command]) => runByCi.test(command)).length).toBeGreaterThan(2);
  });
});

describe('the name that is not ours', () => {
  const told = ['src', 'scripts', 'bin', 'examples', 'functions', 'docs', 'README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'];

  it.each(told)('%s fetches nothing by it: npx would install whatever goes by it, without asking', (path) => {
    const files = statSync(join(root, path)).isFile()
      ? [path]
      : readdirSync(join(root, path), { recursive: true }).map((one) => join(path, String(one)));
    const texts = files
      .filter((file) => statSync(join(root, file)).isFile())
      .map((file) => [file, readFileSync(join(root, file), 'utf8')] as const);
    expect(
      texts.filter(([, text]) =>
        /\b(npx|npm exec|npm x|pnpm dlx|yarn dlx|bunx)\s+(-\S+\s+)*hygge\b|\bnpm (i|install|add) (-\S+ +)*hygge\b/.test(text),
      ),
    ).toEqual([]);
    expect(texts.filter(([file, text]) => file.endsWith('.md') && /\bnpx\s+[^`\s]/.test(text)).map(([file]) => file)).toEqual([]);
  });

  it('is never published by mistake', () => {
    expect(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))).toMatchObject({ private: true });
  });
});

describe('what there is', () => {
  it('is in the index of the documentation, page by page', () => {
    const index = readFileSync(join(root, 'docs', 'README.md'), 'utf8');
    const missing = [...pagesOf('docs'), ...pagesOf('docs/building')].filter(
      (page) => page !== 'docs/README.md' && !index.includes(`(${page.replace('docs/', '')})`),
    );
    expect(missing).toEqual([]);
  });

  it.each(formatKinds.map(({ id }) => id))('%s is named where a newcomer looks first', (format) => {
    expect(readFileSync(join(root, 'README.md'), 'utf8').toLowerCase()).toContain(format);
  });
});

describe('a page', () => {
  const linesOf = (page: string) => readFileSync(join(root, page), 'utf8').split('\n');

  it('has no table that an empty line cuts in two', () => {
    const cut = pages.flatMap((page) => {
      const lines = linesOf(page);
      const isRow = (at: number) => lines[at]?.startsWith('|') === true;
      const isCut = (at: number) => isRow(at - 1) && isRow(at + 1) && !/^\|[\s:|-]+\|$/.test(lines[at + 2] ?? '');
      return lines.flatMap((line, at) => (line === '' && isCut(at) ? [`${page}:${at + 1}`] : []));
    });
    expect(cut).toEqual([]);
  });

  it('has at most 1,500 words, code and search words aside', () => {
    const wordsOf = (page: string) =>
      linesOf(page)
        .join('\n')
        .replace(/^```[\s\S]*?^```$/gm, '')
        .replace(/<!--.*?-->/g, '')
        .split(/\s+/).length;
    const long = pagesOf('docs').filter((page) => !madeFromCode.test(page) && wordsOf(page) > 1500);
    expect(long).toEqual([]);
  });

  it('has links that lead somewhere', () => {
    const lost = pages.flatMap((page) => {
      const targets = linesOf(page).flatMap((line) => [...line.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, target = '']) => target));
      return targets.filter((target) => !existsSync(join(root, page, '..', target))).map((target) => `${page}: ${target}`);
    });
    expect(lost).toEqual([]);
  });
});
