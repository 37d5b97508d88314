import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { TestWorkspace } from '../support/workspace.ts';

/** What a command says comes next: the newcomer types that, and nothing from memory. */
function advised(said: string, command: RegExp): readonly string[] {
  const found = command.exec(said)?.[0];
  expect(found, said).toBeDefined();
  return (found ?? '').replace(/^hygge /, '').split(' ');
}

test('a newcomer gets from a proposed contract to the first row in quarantine and back in five commands, each of which names the next', async () => {
  using workspace = new TestWorkspace({
    'hygge.yml': 'name: shop\n',
    'flows/shop/flow.yml': 'home: { path: "in/{entity}", format: csv }\nstore: lake\nentities: [orders]\nrun_type: incremental\n',
    'in/orders/1.csv': `id,country,amount\n${Array.from({ length: 60 }, (_, i) => `${i + 1},${i % 2 ? 'DK' : 'SE'},${i + 1}.50`).join('\n')}\n`,
  });
  const type = async (...args: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await workspace.run(args);
    expect([args, code, code === 0 ? '' : stdout + stderr]).toEqual([args, 0, '']);
    return stdout + stderr;
  };
  await type('go');
  await type('generate', 'contract', 'shop.orders', '--to', 'contracts/orders.yml');
  workspace.write({
    'flows/shop/flow.yml': `${readFileSync(workspace.path('flows/shop/flow.yml'), 'utf8')}validation: { contract: contracts/orders.yml, mode: quarantine }\n`,
    'in/orders/2.csv': 'id,country,amount\n61,DK,1.50\n62,XX,2.50\n',
  });
  const run = await type('go');
  const shown = await type(...advised(run, /hygge quarantine show shop\.orders/));
  const written = await type(...advised(shown, /hygge quarantine show shop\.orders --to mended\.csv/));
  workspace.write({ 'mended.csv': readFileSync(workspace.path('mended.csv'), 'utf8').replace('62,XX', '62,SE') });
  const back = await type(...advised(written, /hygge quarantine replay shop\.orders --file mended\.csv/));
  expect(back).toContain('1 row left the quarantine and settled');
  const rows = await workspace.settled('lake/orders', 'shop', 'orders', 'lake');
  expect(rows).toHaveLength(62);
  expect(await type('quarantine', 'list')).toContain('Nothing lies in quarantine.');
});
