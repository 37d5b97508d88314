import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TestWorkspace } from '../support/workspace.ts';

interface Snippet {
  readonly page: string;
  readonly line: number;
  readonly language: string;
  readonly text: string;
}

const root = join(import.meta.dirname, '..', '..');
const pages = ['README.md', ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`), 'examples/flights/README.md'];

function snippets(page: string): Snippet[] {
  const lines = readFileSync(join(root, page), 'utf8').split('\n');
  const found: Snippet[] = [];
  for (let i = 0; i < lines.length; i++) {
    const language = /^```(\w*)$/.exec(lines[i] ?? '')?.[1];
    if (language === undefined) continue;
    const end = lines.indexOf('```', i + 1);
    found.push({ page, line: i + 1, language, text: lines.slice(i + 1, end).join('\n') });
    i = end;
  }
  return found;
}

const all = pages.flatMap(snippets);
const title = ({ page, line }: Snippet) => `${page}:${line}`;
const commandsOf = (text: string) =>
  text
    .split('\n')
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => line !== '');

/** Run elsewhere: these are the set-up's own commands, which CI runs whole. */
const runByCi = /^npm (run (demo|bench|check|soak)|test)\b/;

/** A workspace in which everything that the pages name is there. */
async function furnished(): Promise<TestWorkspace> {
  const workspace = new TestWorkspace({
    'flows/flights/flow.yml': 'home: data/flights-3m.parquet\nstore: lake/flights\nrun_type: incremental\nwatermark: { column: date }\n',
  });
  const rows =
    "select timestamp '2001-01-01' + interval (range) minute as date, timestamp '2024-01-01' + interval (range) minute as updated_at, range as id from range(100)";
  for (const path of ['data/flights-3m.parquet', 'data/orders/1.parquet', 'landing/1.parquet']) await workspace.parquet(path, rows);
  return workspace;
}

describe('every YAML snippet is a flow that runs as it stands', () => {
  it.each(all.filter((snippet) => snippet.language === 'yaml').map((snippet) => [title(snippet), snippet] as const))(
    '%s',
    async (_title, { text }) => {
      const file = /^# (\S+\.yml)/.exec(text)?.[1];
      expect(file, 'the first line names the file').toBeDefined();
      using workspace = await furnished();
      workspace.write({ [file ?? '']: text });
      const run = await workspace.run(['go', '--output', 'json']);
      expect(run.stderr + run.stdout).not.toMatch(/"event":"error"/);
      expect(run.code).toBe(0);
    },
  );
});

describe('every command in a shell snippet works', () => {
  const commands = all
    .filter((snippet) => snippet.language === 'sh')
    .flatMap((snippet) => commandsOf(snippet.text).map((command) => [title(snippet), command] as const));

  it.each(commands.filter(([, command]) => !runByCi.test(command)))('%s: %s', async (_title, command) => {
    const words = command.split(/\s+/);
    expect(words.slice(0, 2)).toEqual(['npx', 'hygge']);
    using workspace = await furnished();
    // `-C demo` and `-C examples/…` point at workspaces like this one.
    const args = words.slice(2).map((word) => (/^(demo|examples\/\w+)$/.test(word) ? workspace.root : word));
    const run = await workspace.run(args);
    expect(run.stderr).toBe('');
    expect(run.code).toBe(0);
  });

  it('leaves to CI only commands of the set-up', () => {
    expect(commands.filter(([, command]) => runByCi.test(command)).length).toBeGreaterThan(2);
  });
});

describe('links between pages', () => {
  it.each(pages)('%s leads somewhere', (page) => {
    const text = readFileSync(join(root, page), 'utf8');
    const folder = join(root, page, '..');
    for (const [, target = ''] of text.matchAll(/\]\((?!https?:)([^)#]+)/g))
      expect(() => readFileSync(join(folder, target)), target).not.toThrow();
  });
});
