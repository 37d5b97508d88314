import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commandTree, examplesOf, leaves } from '../../scripts/reference/cli-page.ts';
import { configSections } from '../../scripts/reference/config-page.ts';
import { prose, table } from '../../scripts/reference/markdown.ts';
import { pages } from '../../scripts/reference/pages.ts';
import { anchor, pageOf } from '../../src/docs/sections.ts';
import { explainedCatalogue } from '../../src/errors/codes/examples.ts';
import { durationMs } from '../../src/workspace/durations.ts';
import { load } from '../workspace/shop.ts';

const root = join(import.meta.dirname, '..', '..');

describe('pages that are made from code', () => {
  test.each(Object.entries(pages))('%s is what `npm run docs` would write now', async (path, make) => {
    expect(readFileSync(join(root, path), 'utf8')).toBe(await make());
  });

  test.each(Object.keys(pages))('%s links only to headings that are there', (path) => {
    const text = readFileSync(join(root, path), 'utf8');
    const there = new Set([...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchor(heading.replaceAll('&lt;', '<'))));
    const wanted = [...text.matchAll(/\]\(#([^)]+)\)/g)].map(([, target = '']) => target);
    expect(wanted.filter((target) => !there.has(target))).toEqual([]);
  });
});

describe('the pages of error codes', () => {
  const text = (page: string) => readFileSync(join(root, 'docs', page), 'utf8');

  test('have each code once, on the page of its range, to which the index leads', () => {
    const index = [...text('errors.md').matchAll(/^\| \[HYG-(\d{4}) to HYG-(\d{4})\]\(([^)]+)\)/gm)];
    const found = index.flatMap(([, first = '', last = '', page = '']) =>
      pageOf(page, text(page))
        .sections.filter(({ level }) => level === 2)
        .map(({ heading }) => heading.slice(0, 'HYG-0000'.length))
        .map((code) => ({ code, isOnItsPage: code >= `HYG-${first}` && code <= `HYG-${last}` })),
    );
    expect(found.filter(({ isOnItsPage }) => !isOnItsPage)).toEqual([]);
    expect(found.map(({ code }) => code).sort()).toEqual(explainedCatalogue.map(({ code }) => code).sort());
  });

  test('say beside an example only what it does not show, in whole sentences', () => {
    const sections = pageOf('errors-2000.md', text('errors-2000.md')).sections;
    const beside = (code: string) =>
      sections
        .find(({ heading }) => heading.startsWith(code))
        ?.body.replace(/```[\s\S]*```/, '')
        .trim();
    expect(beside('HYG-2004')).toBe('**Why.** A person cleaned up the destination, or a lifecycle rule deleted old files.');
    expect(beside('HYG-2008')).toBe('');
    expect(beside('HYG-2001')).toMatch(
      /^Another run works on this entity right now\. Nothing was changed\.\n\n\*\*Why\.\*\* Two schedules overlap/,
    );
  });

  test('are short enough for a viewer of Markdown', () => {
    for (const path of Object.keys(pages).filter((one) => one.startsWith('docs/errors')))
      expect([path, text(path.slice('docs/'.length)).length < 100_000]).toEqual([path, true]);
  });

  test('are what links to a section of a page lead to, in every page', () => {
    const named = ['', 'building'].flatMap((folder) =>
      readdirSync(join(root, 'docs', folder))
        .filter((name) => name.endsWith('.md'))
        .map((name) => join(folder, name)),
    );
    const anchors = new Map(named.map((name) => [name, new Set(pageOf(name, text(name)).sections.map((section) => section.anchor))]));
    const lost = named.flatMap((name) =>
      [...text(name).matchAll(/\]\(((?:building\/|\.\.\/)?[\w-]+\.md)#([^)]+)\)/g)]
        .filter(([, page = '', target = '']) => anchors.get(join(dirname(name), page))?.has(target) !== true)
        .map(([link]) => `${name}: ${link}`),
    );
    expect(lost).toEqual([]);
  });
});

describe('the configuration reference', () => {
  test('says of every key what it does and what it may be', async () => {
    const keys = (await configSections()).flatMap(({ title, keys }) => keys.map((key) => ({ ...key, title })));
    expect(keys.length).toBeGreaterThan(40);
    expect(keys.filter(({ meaning, values }) => meaning.trim() === '' || values === '' || values === 'any value')).toEqual([]);
  });

  test('has each key of a connection, a home or a store in one row, unless it means something else there', async () => {
    const sides = (await configSections()).filter(({ title }) => /^(?:Connection|Homes?|Store)\b/.test(title));
    const rows = sides.flatMap(({ keys }) => keys.filter(({ name }) => !name.includes('.')));
    const texts = rows.map(({ name, values, byDefault, meaning }) => JSON.stringify([name, values, byDefault, meaning]));
    expect(texts.filter((text, nth) => texts.indexOf(text) !== nth)).toEqual([]);
    expect(rows.filter(({ name }) => name === 'tls_ca_path').map(({ usedBy }) => usedBy)).toEqual([
      '`postgres`, `mysql`, `sqlserver` and `fabric_warehouse`',
    ]);
  });

  test('has the shared keys of the kinds of a map in one row, with these kinds', async () => {
    const keys = (await configSections()).flatMap((section) => section.keys).filter(({ name }) => name === 'pagination.end');
    expect(keys.map(({ meaning }) => meaning.slice(0, 23))).toEqual(['With `page`, `offset`: ']);
  });

  test('introduces every home and store', async () => {
    expect((await configSections()).filter(({ intro }) => intro === '').map(({ title }) => title)).toEqual([]);
  });

  test('names the defaults that hold when nothing is said', async () => {
    const workspace = await load({
      'hygge.yml': 'name: shop\n',
      'flows/crm/flow.yml': 'home: in\nstore: out\nwatermark: { column: at }\n',
    });
    const entity = workspace.flows[0]?.entities[0];
    const keys = (await configSections()).flatMap((section) => section.keys);
    const byDefault = (name: string) => keys.find((key) => key.name === name)?.byDefault.replaceAll('`', '');
    expect(durationMs(byDefault('keep') ?? '')).toBe(entity?.keepMs);
    expect({
      run_type: byDefault('run_type'),
      if_exists: byDefault('if_exists'),
      on_empty: byDefault('on_empty'),
      on_shrink: byDefault('on_shrink'),
      changed_files: byDefault('changed_files'),
      nulls: byDefault('watermark.nulls'),
      boundary: byDefault('watermark.boundary'),
      concurrency: byDefault('options.concurrency'),
      continue_on_error: byDefault('options.continue_on_error'),
      state: byDefault('state.type'),
    }).toEqual({
      run_type: entity?.runType,
      if_exists: entity?.ifExists,
      on_empty: entity?.onEmpty,
      on_shrink: entity?.onShrink,
      changed_files: entity?.changedFiles,
      nulls: entity?.watermark?.nulls,
      boundary: entity?.watermark?.boundary,
      concurrency: String(workspace.options.concurrency),
      continue_on_error: String(workspace.options.continueOnError),
      state: workspace.state.type,
    });
  });
});

describe('the command line reference', () => {
  const commands = leaves(commandTree());

  test('has every command, with what it does and an example', () => {
    expect(commands.length).toBeGreaterThan(8);
    expect(
      commands.filter(({ command }) => command.description() === '' || examplesOf(command).length === 0).map(({ name }) => name),
    ).toEqual([]);
  });

  test('prints an option that several commands take in one row, which their sections name', () => {
    const page = readFileSync(join(root, 'docs', 'cli.md'), 'utf8');
    expect(page.match(/^\| `--exclude <names>` \|/gm)).toHaveLength(1);
    const { body } = pageOf('cli.md', page).sections.find(({ heading }) => heading === 'hygge status') ?? { body: '' };
    expect(body).toMatch(/^Of \[several commands\]\(#options-of-several-commands\): .*`--exclude`/m);
  });

  test('says of every option and argument what it does', () => {
    const silent = commands.flatMap(({ name, command }) => [
      ...command.options.filter((option) => option.description === '').map((option) => `${name} ${option.flags}`),
      ...command.registeredArguments.filter((argument) => argument.description === '').map((argument) => `${name} ${argument.name()}`),
    ]);
    expect(silent).toEqual([]);
  });
});

describe('tables', () => {
  test('keep bars, angle brackets and stars as they are written', () => {
    expect(table(['a'], [['x | y'], ['<flow> *']])).toContain('| x \\| y |');
    expect(prose('flow.<flow> and `<code>` with *')).toBe('flow.&lt;flow> and `<code>` with \\*');
  });
});
