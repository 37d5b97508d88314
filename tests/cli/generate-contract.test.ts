import { expect, test } from 'vitest';
import { inProcess } from '../support/in-process.ts';
import { TestWorkspace } from '../support/workspace.ts';

const rows = Array.from(
  { length: 20 },
  (_, i) => `${i},${i === 3 ? '' : `p${i}@example.com`},${['open', 'closed'][i % 2]},${i - 5},"a ""b"""`,
);

test('generate contract proposes what settled rows keep, without values of persons, and the same rows keep it', async () => {
  using workspace = new TestWorkspace();
  workspace.write({
    'hygge.yml': 'name: shop\n',
    'flows/shop/flow.yml': 'home: in/orders.csv\nstore: lake/orders\n',
    'in/orders.csv': `id,mail,state,balance,odd name\n${rows.join('\n')}\n`,
  });
  const run = (...args: readonly string[]) => inProcess([...args, '--no-color'], workspace.root, {});
  expect((await run('generate', 'contract', 'shop.shop')).stdout).toContain('its rows were not looked at');
  expect(await run('go')).toMatchObject({ code: 0 });
  const printed = await run('generate', 'contract', 'shop.shop');
  expect([printed.code, printed.stdout]).toEqual([
    0,
    `# Proposed from 20 settled rows of shop.shop.
columns:
  id: { type: int64, nullable: false, min: 0 } # 20 rows, none null; none below 0
  mail: { type: string } # 1 null in 20 rows
  state: { type: string, nullable: false, in: ["closed", "open"] } # 20 rows, none null; no other value in 20 rows
  balance: { type: int64, nullable: false } # 20 rows, none null
  "odd name": { type: string, nullable: false } # 20 rows, none null
`,
  ]);
  expect(await run('generate', 'contract', 'shop.shop', '--to', 'contracts/orders.yml')).toMatchObject({ code: 0 });
  workspace.write({
    'flows/shop/flow.yml': 'home: in/orders.csv\nstore: lake/orders\nvalidation: { contract: contracts/orders.yml, mode: quarantine }\n',
  });
  const again = await run('go', '-d');
  expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('PASS=1 WARN=0 ERROR=0')]);
  workspace.write({ 'in/orders.csv': `id,mail,state,balance,odd name\n${rows.join('\n')}\n20,,lost,1,x\n` });
  expect((await run('go', '-d')).stdout).toContain('1 row of 21 breaks a rule');
});
