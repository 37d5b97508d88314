import { readFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { columns } from '../../src/narrate/text/width.ts';
import { fakeTerminal } from '../cli/terminal.ts';
import { inProcess } from '../support/in-process.ts';
import { TestWorkspace } from '../support/workspace.ts';

/** What a command says comes next: the newcomer types that, and nothing from memory. */
function advised(said: string, what: RegExp): string {
  const found = what.exec(said)?.[0];
  expect(found, said).toBeDefined();
  return found ?? '';
}

const wide = 80;

test('a newcomer gets from a proposed contract to the first row in quarantine and back in five commands, each of which names the next', async () => {
  using workspace = new TestWorkspace({
    'hygge.yml': 'name: shop\n',
    'flows/shop/flow.yml': 'home: { path: "in/{entity}", format: csv }\nstore: lake\nentities: [orders]\nrun_type: incremental\n',
    'in/orders/1.csv': `id,country,amount\n${Array.from({ length: 60 }, (_row, i) => `${i + 1},${i % 2 ? 'DK' : 'SE'},${i + 1}.50`).join('\n')}\n`,
  });
  const type = async (command: string): Promise<string> => {
    const out = fakeTerminal(wide, 24);
    const args = command.replace(/^hygge /, '').split(' ');
    const { code } = await inProcess(args, workspace.root, { TERM: 'xterm-256color' }, { out, err: out });
    const said = stripVTControlCharacters(out.writes.join(''));
    expect([args, code, code === 0 ? '' : said]).toEqual([args, 0, '']);
    expect(said.split('\n').filter((line) => columns(line) > wide)).toEqual([]);
    return said;
  };
  await type('go');
  const proposed = await type('generate contract shop.orders --to contracts/orders.yml');
  const naming = advised(proposed, /validation: .*/);
  workspace.write({
    'flows/shop/flow.yml': `${readFileSync(workspace.path('flows/shop/flow.yml'), 'utf8')}${naming}\n`,
    'in/orders/2.csv': 'id,country,amount\n61,DK,1.50\n62,XX,2.50\n',
  });
  const run = await type(advised(proposed, /hygge go -e shop\.orders/));
  const shown = await type(advised(run, /hygge quarantine show shop\.orders/));
  // What is wrong, whole, and the value that it is about, before whatever has no room.
  expect(shown).toMatch(/^country is none of DK, SE {2,}XX {2,}62 {2,}2\.50/m);
  const written = await type(advised(shown, /hygge quarantine show shop\.orders --to mended\.csv/));
  workspace.write({ 'mended.csv': readFileSync(workspace.path('mended.csv'), 'utf8').replace('62,XX', '62,SE') });
  const back = await type(advised(written, /hygge quarantine replay shop\.orders --file mended\.csv/));
  expect(back).toContain('1 row left the quarantine and settled');
  const rows = await workspace.settled('lake/orders', 'shop', 'orders', 'lake');
  expect(rows).toHaveLength(62);
  expect(await type('quarantine list')).toContain('Nothing is in quarantine.');
});
