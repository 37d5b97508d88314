import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { blocksOf } from '../docs/blocks.ts';
import { inProcess } from '../support/in-process.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { fakeTerminal } from './terminal.ts';
import { everyFile, exampleWorkspace, hygge } from './workspace.ts';

type Names = {
  readonly $defs: Readonly<Record<string, { readonly enum?: readonly string[]; readonly markdownEnumDescriptions?: readonly string[] }>>;
};

const namesOf = (root: string) => JSON.parse(readFileSync(join(root, '.hygge/schema/names.json'), 'utf8')) as Names;

/** What the editor says of a name. */
function told(names: Names, kind: string): Readonly<Record<string, string>> {
  const { enum: all = [], markdownEnumDescriptions: descriptions = [] } = names.$defs[kind] ?? {};
  return Object.fromEntries(all.map((name, at) => [name, descriptions[at] ?? '']));
}

describe('names that the editor offers', () => {
  it('are kept by debug: connections, entities, and columns with where they are', async () => {
    await using workspace = await exampleWorkspace();
    const { root } = workspace;
    expect(namesOf(root).$defs).toEqual({ connection: { type: 'string' }, entity: { type: 'string' }, column: { type: 'string' } });
    expect((await hygge(['debug', '-e', 'shop.orders'], root)).code).toBe(0);
    expect(Object.keys(told(namesOf(root), 'entity'))).toEqual(['customers', 'orders']);
    expect(told(namesOf(root), 'column')).toMatchObject({ placed_at: expect.stringMatching(/^shop\.orders: /) });
    expect(told(namesOf(root), 'column')).not.toHaveProperty('town');
    // What one look finds does not undo another's.
    expect((await hygge(['debug', '-e', 'shop.customers'], root)).code).toBe(0);
    expect(told(namesOf(root), 'column')).toMatchObject({
      placed_at: expect.stringMatching(/^shop\.orders: /),
      town: expect.stringMatching(/^shop\.customers: /),
      customer_id: expect.stringMatching(/shop\.orders: .*\n.*shop\.customers: |shop\.customers: .*\n.*shop\.orders: /),
    });
    const before = await everyFile(join(root, '.hygge/schema'));
    expect((await hygge(['debug'], root)).code).toBe(0);
    expect((await hygge(['generate', 'schema'], root)).code).toBe(0);
    expect(await everyFile(join(root, '.hygge/schema'))).toEqual(before);
  });

  it('are where the schemas look for them, and nothing else than text is asked for', async () => {
    await using workspace = await exampleWorkspace();
    const names = namesOf(workspace.root);
    for (const file of ['hygge', 'flow', 'entity', 'target']) {
      const text = readFileSync(join(workspace.root, `.hygge/schema/${file}.json`), 'utf8');
      const refs = [...text.matchAll(/"(\w+\.json)#\/\$defs\/(\w+)"/g)];
      expect(refs.length).toBeGreaterThan(2);
      for (const [, beside, kind = ''] of refs)
        expect([beside, Object.keys(names.$defs)]).toEqual(['names.json', expect.arrayContaining([kind])]);
      expect(text).not.toContain('"names":');
    }
    const entity = JSON.parse(readFileSync(join(workspace.root, '.hygge/schema/entity.json'), 'utf8'));
    const [watermark] = entity.properties.watermark.anyOf;
    expect(watermark.properties.column).toMatchObject({
      type: ['string', 'number', 'boolean'],
      anyOf: [{}, { $ref: 'names.json#/$defs/column' }],
    });
  });
});

interface Pattern {
  readonly regexp: string;
  readonly file?: number;
  readonly line?: number;
  readonly column?: number;
  readonly code?: number;
  readonly message?: number;
}

/** The problems that VS Code finds by a matcher of several lines: each pattern takes the line after the one before. */
function problemsIn(output: string, patterns: readonly Pattern[]): readonly Readonly<Record<string, string>>[] {
  const lines = output.split(/\r?\n/);
  return lines.flatMap((_line, at) => {
    const found: Record<string, string> = {};
    for (const [nth, { regexp, ...groups }] of patterns.entries()) {
      const match = new RegExp(regexp).exec(lines[at + nth] ?? '');
      if (match === null) return [];
      for (const [name, group] of Object.entries(groups)) found[name] = match[group as number] ?? '';
    }
    return [found];
  });
}

describe('the task of VS Code that the page shows', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/editor.md'), 'utf8');
  const [block] = blocksOf(page).filter(({ language }) => language === 'json');
  const { tasks } = JSON.parse(block?.text ?? '') as {
    readonly tasks: readonly { readonly command: string; readonly problemMatcher: { readonly pattern: readonly Pattern[] } }[];
  };
  const [task] = tasks;

  it('finds each mistake, in a pipe and in a narrow terminal, of whatever command reads the config', async () => {
    await using workspace = await exampleWorkspace();
    using written = new TestWorkspace({
      'flows/shop/flow.yml': 'home: in\nstore: out\n',
      'flows/shop/entities/orders and a name that is longer than a narrow terminal.yml':
        'run_typ: incremental\nwatermark:\n  column: at\n  lagg: 5\n',
      'flows/shop/entities/items.yml': 'name: [\n',
    });
    const [, ...args] = task?.command.split(' ') ?? [];
    const file = 'flows/shop/entities/orders and a name that is longer than a narrow terminal.yml';
    const expected = [
      {
        file: 'flows/shop/entities/items.yml',
        line: expect.any(String),
        column: expect.any(String),
        code: expect.stringMatching(/^HYG-10\d\d$/),
        message: expect.any(String),
      },
      { file, line: '1', column: '1', code: 'HYG-1010', message: expect.stringContaining('There is no key `run_typ`') },
      { file, line: '4', column: '3', code: 'HYG-1010', message: expect.stringContaining('There is no key `lagg`') },
    ];
    const patterns = task?.problemMatcher.pattern ?? [];
    for (const command of [args, ['check'], ['list', 'entities'], ['go', '--dry-run'], ['debug']]) {
      const ran = await inProcess(command, written.root, {});
      const found = problemsIn(`${ran.stdout}${ran.stderr}`, patterns);
      expect(
        [...found].sort((a, b) => (`${a.file}${a.line}` < `${b.file}${b.line}` ? -1 : 1)),
        command.join(' '),
      ).toEqual(expected);
    }
    const screen = fakeTerminal(50, 24);
    await inProcess(args, written.root, { TERM: 'xterm-256color' }, { out: screen, err: screen });
    expect(problemsIn(screen.writes.join(''), patterns)).toHaveLength(3);
    expect(problemsIn((await hygge(args, workspace.root)).stdout, patterns)).toEqual([]);
  });
});
