import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { HyggeEvent } from '../../src/ports/events.ts';
import { hygge } from './workspace.ts';

const roots: string[] = [];
afterAll(() => Promise.all(roots.map((root) => rm(root, { recursive: true, force: true }))));

const flow = (body = '') => `home: data/*.csv\nstore: lake/{flow}\n${body}`;

/** A workspace of these files, and two rows to move. */
async function workspace(files: Readonly<Record<string, string>>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'hygge-wrong-'));
  roots.push(root);
  for (const [path, text] of Object.entries({ 'hygge.yml': 'name: w\n', 'data/a.csv': 'id\n1\n2\n', ...files })) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return root;
}

const misspelt = { 'flows/good/flow.yml': flow(), 'flows/bad/flow.yml': flow('run_typ: incremental\n') };
// biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the config
const unset = { 'flows/good/flow.yml': flow(), 'flows/bad/flow.yml': 'home: "${LANDING}/*.csv"\nstore: lake/bad\n' };

const mistakes: Readonly<Record<string, { readonly files: Readonly<Record<string, string>>; readonly code: string }>> = {
  'a variable that is not set': { files: unset, code: 'HYG-1020' },
  'a flow in hygge.yml that is wrong': {
    files: { 'flows/good/flow.yml': flow(), 'hygge.yml': 'flows:\n  bad: { home: data/*.csv, store: lake/bad, run_typ: x }\n' },
    code: 'HYG-1010',
  },
};

describe.each(Object.entries(mistakes))('%s in one flow', (_, { files, code }) => {
  it('lets the others run, and counts as an error', async () => {
    const root = await workspace(files);
    const told = await hygge(['go'], root);
    expect(told.stdout).toContain('✓ good.good');
    expect(told.stdout).toContain(`✗ bad  ${code}`);
    expect(told.stdout).toContain('1 flow needs attention. 2 rows did settle; nothing is half-done.');
    expect(told.stdout).toContain('PASS=1 WARN=0 ERROR=1 SKIP=0 TOTAL=2');
    expect(told.code).toBe(1);
  });
});

describe('a flow that is wrong', () => {
  it('is no matter where only another one is named, and stops with 2 where it is the one', async () => {
    const root = await workspace(misspelt);
    expect(await hygge(['go', '--dry-run', '-f', 'good'], root)).toMatchObject({ code: 0, stderr: '' });
    expect(await hygge(['go', '-f', 'bad'], root)).toMatchObject({ code: 2, stderr: expect.stringContaining('HYG-1010') });
  });

  it('is no matter to any command that names another', async () => {
    const root = await workspace(misspelt);
    const all = [
      'go -f good',
      'go -e good.good',
      'preview good.good',
      'debug -f good',
      'status -f good',
      'schema show good.good',
      'reset good.good --yes',
    ];
    for (const line of all) {
      const told = await hygge(line.split(' '), root);
      expect({ line, code: told.code, stderr: told.stderr }).toEqual({ line, code: 0, stderr: '' });
      expect(told.stdout).not.toContain('HYG-1010');
    }
  });

  it('is an error event, and counts in the summary', async () => {
    const { stdout } = await hygge(['go', '--output', 'json'], await workspace(misspelt));
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as HyggeEvent);
    expect(events.filter(({ event }) => event === 'error')).toMatchObject([
      { flow: 'bad', code: 'HYG-1010', where: { file: 'flows/bad/flow.yml', line: 3 } },
    ]);
    expect(events.at(-1)).toMatchObject({
      event: 'summary',
      pass: 1,
      error: 1,
      total: 2,
      broken_flows: [{ flow: 'bad', errors: [{ code: 'HYG-1010' }] }],
    });
  });

  it('stops everything when it is the only one, with 2', async () => {
    const told = await hygge(['go'], await workspace({ 'flows/bad/flow.yml': flow('run_typ: x\n') }));
    expect(told.code).toBe(2);
    expect(told.stderr).toContain('flows/bad/flow.yml:3:1  HYG-1010');
  });

  it('is told below what status, list and schema diff still show', async () => {
    const root = await workspace(misspelt);
    await hygge(['go', '-f', 'good'], root);
    for (const args of [['status'], ['status', '--check'], ['list', 'flows'], ['list', 'entities'], ['schema', 'diff']]) {
      const told = await hygge(args, root);
      expect({ args, code: told.code }).toEqual({ args, code: 1 });
      expect(told.stdout).toContain('good');
      expect(told.stderr).toContain('flows/bad/flow.yml:3:1  HYG-1010');
    }
  });

  it('is settled nowhere in silence: two that would settle in one place are both wrong', async () => {
    const same = 'home: data/*.csv\nstore: lake/same\n';
    const root = await workspace({ 'flows/a/flow.yml': same, 'flows/b/flow.yml': same, 'flows/good/flow.yml': flow() });
    const told = await hygge(['go'], root);
    expect(told.stdout).toContain('PASS=1 WARN=0 ERROR=2 SKIP=0 TOTAL=3');
    expect((await hygge(['go', '-f', 'a'], root)).code).toBe(2);
  });

  it('leaves its sound entities to commands that name them', async () => {
    const root = await workspace({
      'flows/shop/flow.yml': 'home: data/{entity}.csv\nstore: lake\n',
      'flows/shop/entities/a.yml': 'name: a\n',
      'flows/shop/entities/b.yml': 'run_typ: x\n',
    });
    expect((await hygge(['go'], root)).code).toBe(2);
    expect(await hygge(['go', '-e', 'shop.a'], root)).toMatchObject({ code: 0 });
    expect(await hygge(['go', '-e', 'shop.b'], root)).toMatchObject({ code: 2 });
    const both = await hygge(['go', '-e', 'shop.a,shop.b'], root);
    expect(both.code).toBe(1);
    expect(both.stdout).toContain('✗ shop  HYG-1010');
  });
});

describe('looking, where variables of a home are not set', () => {
  it('needs none of them', async () => {
    const root = await workspace(unset);
    for (const args of [['status'], ['list', 'flows'], ['list', 'entities'], ['journal'], ['state', 'import']]) {
      const told = await hygge(args, root);
      if (args[0] !== 'state') expect({ args, code: told.code, stderr: told.stderr }).toEqual({ args, code: 0, stderr: '' });
      expect(told.stderr).not.toContain('HYG-1020');
    }
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the config
    expect((await hygge(['list', 'entities'], root)).stdout).toContain('${LANDING}/*.csv');
  });
});

describe('hygge.yml itself', () => {
  it('stops everything when something is wrong with it', async () => {
    const root = await workspace({ 'flows/good/flow.yml': flow(), 'hygge.yml': 'opions: {}\n' });
    for (const args of [['go'], ['status'], ['journal'], ['list', 'flows'], ['go', '-f', 'good']]) {
      const told = await hygge(args, root);
      expect({ args, code: told.code }).toEqual({ args, code: 2 });
      expect(told.stderr).toContain('HYG-1010');
    }
  });
});
