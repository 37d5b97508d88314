import { describe, expect, test } from 'vitest';
import { flow, load, mistakes, root } from './shop.ts';

const names = (workspace: Awaited<ReturnType<typeof load>>) =>
  Object.fromEntries(workspace.flows.map(({ name, entities }) => [name, entities.map(({ entity }) => entity)]));

describe('a workspace', () => {
  test('is laid out in folders, entities sorted by file', async () => {
    const workspace = await load({
      'hygge.yml': 'name: shop\n',
      'flows/crm/flow.yml': flow,
      'flows/crm/entities/b.yml': 'name: second\n',
      'flows/crm/entities/a.yaml': 'name: first\n',
      'flows/crm/entities/c.yml': 'source: Third\n',
      'flows/crm/entities/notes.md': 'not an entity',
      'flows/crm/entities/.hidden.yml': 'nor this',
    });
    expect(workspace.name).toBe('shop');
    expect(workspace.root).toBe(root);
    expect(names(workspace)).toEqual({ crm: ['first', 'second', 'c'] });
  });

  test('may have both, and inline entities next to files', async () => {
    const workspace = await load({
      'hygge.yaml': 'flows:\n  b: { home: in, store: lake/b }\n',
      'flows/a/flow.yaml': 'home: in\nstore: lake/a\nentities: [one]\n',
      'flows/a/entities/two.yml': 'name: two\n',
    });
    expect(workspace.name).toBe('shop');
    expect(names(workspace)).toEqual({ a: ['one', 'two'], b: ['b'] });
    expect(workspace.files).toEqual(['flows/a/entities/two.yml', 'flows/a/flow.yaml', 'hygge.yaml']);
  });

  test('is found from any folder inside it', async () => {
    const texts = { 'hygge.yml': 'name: shop\n', 'flows/crm/flow.yml': flow };
    expect((await load(texts, { directory: `${root}/flows/crm` })).root).toBe(root);
    expect((await load(texts, { directory: `${root}/` })).root).toBe(root);
  });

  test('may keep its flows elsewhere', async () => {
    expect(names(await load({ 'hygge.yml': 'flows_dir: pipes\n', 'pipes/crm/flow.yml': flow }))).toEqual({ crm: ['crm'] });
  });

  test('takes names as they are written, whatever YAML would make of them', async () => {
    const workspace = await load({
      'hygge.yml': 'name: 007\n',
      'flows/crm/flow.yml': `${flow}entities: [007, 1.50, true, yes, 2024-01-01, "null"]\n`,
    });
    expect(workspace.name).toBe('007');
    expect(names(workspace)).toEqual({ crm: ['007', '1.50', 'true', 'yes', '2024-01-01', 'null'] });
  });

  test('knows its options, and their defaults', async () => {
    const texts = {
      'hygge.yml': 'options: { concurrency: 3, continue_on_error: true }\n',
      'flows/crm/flow.yml': `${flow}concurrency: 2\nschedule: "%NIGHTLY%"\n`,
    };
    expect(await load(texts)).toMatchObject({
      options: { concurrency: 3, continueOnError: true },
      state: { type: 'files' },
      flows: [{ schedule: '%NIGHTLY%', concurrency: 2 }],
    });
    expect(await load({ ...texts, 'hygge.yml': 'name: shop\n' })).toMatchObject({ options: { concurrency: 8, continueOnError: true } });
  });

  test('warns of a folder that looks like a flow and is none', async () => {
    const { warnings } = await load({ 'hygge.yml': 'name: shop\n', 'flows/crm/flow.yml': flow, 'flows/old/entities/a.yml': 'name: a\n' });
    expect(warnings.map(({ message }) => message)).toEqual(['`flows/old` contains no flow.yml, so it is not a flow.']);
  });

  test('warns once of each key of the original that means nothing any more', async () => {
    const { warnings } = await load({
      'hygge.yml': 'options: { log_level: INFO }\njournal: { location: store }\n',
      'flows/a/flow.yml': 'name: a\nhome: { path: in, row_multiplier: 5 }\nstore: out\nqueue_size: 10\ntimeout: 300\n',
      'flows/b/flow.yml': 'home: { path: in, driver: x }\nstore: out2\nqueue_size: 10\n',
    });
    expect(warnings.map(({ message, where }) => `${where.file}:${where.line} ${message.split(' ')[0]}`).sort()).toEqual([
      'flows/a/flow.yml:1 `name`',
      'flows/a/flow.yml:2 `home.row_multiplier`',
      'flows/a/flow.yml:4 `queue_size`',
      'flows/a/flow.yml:5 `timeout`',
      'flows/b/flow.yml:1 `home.driver`',
      'hygge.yml:1 `options.log_level`',
      'hygge.yml:2 `journal.location`',
    ]);
    expect(warnings.find(({ message }) => message.startsWith('`queue_size`'))?.message).toContain('(here and in 1 more place)');
  });

  test('unfolds anchors and merge keys, but not without end', async () => {
    const workspace = await load({ 'hygge.yml': 'flows:\n  a: &base { home: in, store: out }\n  b: { <<: *base, store: other }\n' });
    expect(names(workspace)).toEqual({ a: ['a'], b: ['b'] });
    const [loop] = await mistakes({ 'hygge.yml': 'flows: &f\n  a: *f\n' });
    expect(loop?.what).toBe('`*f` holds itself.');
    const laughs = [
      'a: &a0 [x, x, x, x, x, x, x, x]',
      ...Array.from({ length: 8 }, (_, n) => `b${n}: &a${n + 1} [${Array(8).fill(`*a${n}`).join(', ')}]`),
    ];
    const errors = await mistakes({ 'hygge.yml': `${laughs.join('\n')}\n` });
    expect(errors[0]?.what).toContain('expands into more than 200,000 values');
  });
});
