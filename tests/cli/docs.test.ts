import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { run } from '../../src/cli/program/run.ts';
import { readHandbook } from '../../src/docs/pages.ts';
import { columns } from '../../src/narrate/text/width.ts';
import { root } from '../architecture/sources.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { fakeSurroundings } from './surroundings.ts';
import { fakeTerminal } from './terminal.ts';

/** What `hygge docs` prints where there is no workspace. */
async function printed(...words: readonly string[]) {
  const surroundings = fakeSurroundings('/');
  const code = await run(['docs', ...words], surroundings);
  return { code, lines: surroundings.stdout().split('\n'), rows: () => jsonOf(surroundings.stdout()), stderr: surroundings.stderr() };
}

const jsonOf = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, string>);

const pages = ['docs', 'docs/building']
  .flatMap((folder) => readdirSync(join(root, folder)))
  .filter((name) => name.endsWith('.md') && name !== 'README.md')
  .map((name) => name.replace('.md', ''));

describe('hygge docs alone', () => {
  test('lists every page below its chapter', async () => {
    const { code, lines } = await printed();
    expect(code).toBe(0);
    expect(lines.filter((line) => /^\w+$/.test(line))).toEqual(['Start', 'Move', 'Run', 'Deploy', 'Reference']);
    expect(lines.flatMap((line) => /^ {2}([\w-]+) {2}/.exec(line)?.[1] ?? []).sort()).toEqual([...pages].sort());
  });

  test('says the same to programs', async () => {
    const rows = (await printed('--output', 'json')).rows();
    expect(rows.map(({ page }) => page).sort()).toEqual([...pages].sort());
    expect(rows[0]).toEqual({ chapter: 'Start', page: 'tutorial', about: expect.any(String), read: 'hygge docs tutorial' });
  });
});

describe('a page', () => {
  test.each(pages)('%s fits into 80 columns, code and words that are longer aside', async (page) => {
    const { code, lines } = await printed(page);
    expect(code).toBe(0);
    expect(lines[0]).toMatch(/^# /);
    const wide = lines.filter(
      (line) =>
        columns(line) > 80 &&
        !line.startsWith('    ') &&
        line
          .trim()
          .split(/\s+/)
          .every((word) => columns(word) < 60),
    );
    expect(wide).toEqual([]);
  });

  test('is printed as wide as the terminal, and never wider than is read well', async () => {
    for (const [room, most] of [
      [60, 60],
      [240, 100],
    ] as const) {
      const terminal = fakeTerminal(room);
      await run(['docs', 'notify'], { ...fakeSurroundings('/'), out: terminal });
      const prose = terminal.lines().filter((line) => !line.startsWith('    '));
      expect(Math.max(...prose.map(columns))).toBeLessThanOrEqual(most);
      expect(Math.max(...prose.map(columns))).toBeGreaterThan(most - 12);
    }
  });

  test('is named with its ending and its folder as well', async () => {
    const whole = (await printed('state')).lines;
    expect((await printed('state.md')).lines).toEqual(whole);
    expect((await printed('docs/state.md')).lines).toEqual(whole);
    expect((await printed('docs/building/proofs.md')).lines).toEqual((await printed('proofs')).lines);
  });

  test('has its code as it is written, and its links as commands', async () => {
    const text = (await printed('recipes')).lines.join('\n');
    expect(text).toContain('\n    hygge state mv shop.orders webshop.orders\n');
    expect(text).toContain('`hygge docs targets`');
    expect(text).not.toMatch(/\]\(|\*\*/);
  });

  test('is a row for each section to programs', async () => {
    const rows = (await printed('recipes', '--output', 'json')).rows();
    expect(rows[1]).toMatchObject({ page: 'recipes', section: 'Dev and prod from one checkout', anchor: 'dev-and-prod-from-one-checkout' });
    expect(rows[1]?.text).toContain('```yaml');
  });
});

describe('where the pages are gone', () => {
  test('an error says what to do', () => {
    using workspace = new TestWorkspace();
    expect(() => readHandbook(workspace.root)).toThrow(/^HYG-1942 /);
  });
});

describe('a section', () => {
  test('is named behind #, by its anchor or the beginning of it, and comes with what is below it', async () => {
    const { lines } = await printed('lake#signing-in');
    expect(lines[0]).toBe('## Signing in');
    expect(lines).toContain('### AWS: `s3`');
    expect(lines).not.toContain('## What readers see');
    expect((await printed('lake#sign')).lines).toEqual(lines);
  });

  test('that is not there is said to be so, with those that are', async () => {
    const { code, stderr } = await printed('lake#toll');
    expect(code).toBe(2);
    expect(stderr).toContain('HYG-1943');
    expect(stderr).toContain('signing-in');
  });
});

describe('a question', () => {
  test('is answered with page, section, two lines of it and the command that shows it', async () => {
    const { code, lines } = await printed('deletes', 'in', 'the', 'source');
    expect(code).toBe(0);
    const [read = ''] = lines.filter((line) => line.startsWith('  read  '));
    expect(read).toBe('  read  hygge docs incremental#deletes-that-the-source-does-not-report');
    const hits = lines.join('\n').trimEnd().split('\n\n');
    expect(hits).toHaveLength(5);
    for (const hit of hits) {
      const [excerpt, command] = [hit.split('\n').filter((line) => /^ {2}(?!read)/.test(line)), hit.split('\n').at(-1)];
      expect(excerpt.length).toBeLessThanOrEqual(2);
      expect(command).toMatch(/^ {2}read {2}hygge docs [\w-]+(#[\w-]+)?$/);
    }
    expect(Math.max(...lines.map(columns))).toBeLessThanOrEqual(80);
  });

  test('leads to sections that are there, also where the command is cut to be on a line', async () => {
    const questions = ['sql of the sum', 'changed columns policies'];
    for (const question of questions)
      for (const { read = '', section, page } of (await printed(question, '--output', 'json')).rows()) {
        const [first] = (await printed(read.replace('hygge docs ', ''), '--output', 'json')).rows();
        expect([read, first?.page, first?.section]).toEqual([read, page, section]);
        expect(columns(`  read  ${read}`)).toBeLessThanOrEqual(80);
      }
  });

  test('with a word that is misspelt is asked with the nearest one, and says so', async () => {
    const { lines } = await printed('incremetal');
    expect(lines[0]).toBe('No page has “incremetal”; these have “incremental”.');
    expect(lines.filter((line) => line.includes('  read  hygge docs incremental'))).toHaveLength(1);
  });

  test('that no page has a word of says what to try', async () => {
    const { code, stderr } = await printed('q'.repeat(12));
    expect(code).toBe(2);
    expect(stderr).toContain('HYG-1944');
    expect(stderr).toContain('hygge docs');
  });

  test('that is an error code is explained', async () => {
    using workspace = new TestWorkspace();
    const explained = await workspace.run(['explain', 'HYG-2002']);
    expect(await workspace.run(['docs', 'HYG-2002'])).toMatchObject({ code: 0, stdout: explained.stdout });
    expect(await workspace.run(['docs', 'hyg-2002'])).toMatchObject({ code: 0, stdout: explained.stdout });
  });
});
