import { readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { run } from '../../src/cli/program/run.ts';
import { fakeSurroundings } from '../cli/surroundings.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { blocksOf } from './blocks.ts';

const page = blocksOf(readFileSync(join(import.meta.dirname, '../../docs/recipes.md'), 'utf8'));

/** The commands of the block that holds this text, as they are typed. */
function commandsWith(text: string): readonly string[] {
  const found = page.find((block) => block.language === 'text' && block.text.includes(text));
  return (found?.text ?? '').split('\n').map((line) => line.replace(/ +#.*$/, ''));
}

/** Types them one after the other; what is not hygge's is done by `others`. */
async function type(
  commands: readonly string[],
  workspace: TestWorkspace,
  others: Readonly<Record<string, () => void>> = {},
): Promise<string> {
  expect(commands.length).toBeGreaterThan(1);
  let said = '';
  for (const command of commands) {
    const other = others[command];
    if (other !== undefined) {
      other();
      continue;
    }
    const [, set = '', line = ''] = /^((?:[A-Z]+=\S+ +)*)(.*)$/.exec(command) ?? [];
    const [program, ...args] = line.split(/ +/);
    expect(program).toBe('hygge');
    const environment = Object.fromEntries(set.split(/ +/).flatMap((one) => (one === '' ? [] : [one.split('=')])));
    const surroundings = fakeSurroundings(workspace.root, { environment });
    expect({ command, code: await run(args, surroundings), stderr: surroundings.stderr() }).toEqual({ command, code: 0, stderr: '' });
    said = surroundings.stdout();
  }
  return said;
}

const orders = (store: string) => `home: data/orders\nstore: ${store}\nrun_type: incremental\nwatermark: { column: updated_at }\n`;
const january = "select timestamp '2026-01-01' + interval (range) hour as updated_at, range as id from range(1000)";

it('renaming: nothing is loaded again', async () => {
  using workspace = new TestWorkspace({
    'flows/shop/flow.yml': `${orders('lake/shop')}entities: [orders]\n`.replace('data/orders', 'data'),
  });
  await workspace.parquet('data/orders/1.parquet', january);
  expect(await type(['hygge go', 'hygge go'], workspace)).toContain('SKIP=1');
  const said = await type(commandsWith('state mv'), workspace, {
    'mv flows/shop flows/webshop': () => renameSync(join(workspace.root, 'flows/shop'), join(workspace.root, 'flows/webshop')),
  });
  expect(said).toContain('SKIP=1');
});

it('a backfill after a bug replaces what settled of those days', async () => {
  using workspace = new TestWorkspace({ 'flows/orders/flow.yml': orders('lake/orders') });
  await workspace.parquet('data/orders/1.parquet', january);
  await type(['hygge go', 'hygge status'], workspace);
  expect(await type(commandsWith('backfill'), workspace)).toContain('in 7 chunks');
});

it('moving a lake fills the new place', async () => {
  using workspace = new TestWorkspace({ 'flows/orders/flow.yml': orders('lake/orders') });
  await workspace.parquet('data/orders/1.parquet', january);
  await type(['hygge go', 'hygge status'], workspace);
  workspace.write({ 'flows/orders/flow.yml': orders('elsewhere/orders') });
  expect(await type(commandsWith('reset orders.orders'), workspace)).toContain('1,000 rows settled');
});

/** The file of a recipe, as its first line names it. */
function fileWith(text: string): Readonly<Record<string, string>> {
  const found = page.find((block) => block.language === 'yaml' && block.text.includes(text))?.text ?? '';
  return { [/^# (\S+)/.exec(found)?.[1] ?? '']: `${found}\n` };
}

it('dev and prod from one checkout settle apart, and neither knows of the other', async () => {
  using workspace = new TestWorkspace(fileWith('default_target'));
  await workspace.parquet('data/orders/1.parquet', january);
  const typed = commandsWith('--against dev').map((line) => (line === 'hygge go --target prod' ? `${line} --confirm prod` : line));
  expect(await type(typed, workspace)).toContain('1,000 rows settled');
  for (const environment of ['dev', 'prod']) {
    const settled = readdirSync(workspace.path('lake', environment, 'orders')).filter((name) => name.endsWith('.parquet'));
    expect(settled).not.toEqual([]);
    expect(readdirSync(workspace.path('.hygge/targets', environment, 'state'))).toEqual(['orders']);
  }
});

it('from one file to many entities: hygge finds the others, and each settles by itself', async () => {
  using workspace = new TestWorkspace(fileWith('data/{entity}'));
  for (let nth = 1; nth < 12; nth++) await workspace.parquet(`data/table_${nth}/1.parquet`, `select ${nth} as id`);
  await workspace.parquet('data/orders/1.parquet', january);
  const all = commandsWith('generate entities');
  expect(await type(all.slice(0, 3), workspace)).toContain('TOTAL=12');
  expect(await type(all.slice(2), workspace)).toContain('TOTAL=1');
});
