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
  const columns = `columns:
  id: { type: int64, nullable: false, min: 0 } # 20 rows, none null; none below 0
  mail: { type: string } # 1 null in 20 rows
  state: { type: string, nullable: false, in: ["closed", "open"] } # 20 rows, none null; no other value in 20 rows
  balance: { type: int64, nullable: false } # 20 rows, none null
  "odd name": { type: string, nullable: false } # 20 rows, none null
`;
  const before = await run('generate', 'contract', 'shop.shop');
  expect([before.code, before.stdout]).toEqual([0, `# Proposed from 20 rows of the source of shop.shop.\n${columns}`]);
  expect(await run('go')).toMatchObject({ code: 0 });
  const printed = await run('generate', 'contract', 'shop.shop');
  expect([printed.code, printed.stdout]).toEqual([0, `# Proposed from 20 settled rows of shop.shop.\n${columns}`]);
  expect(await run('generate', 'contract', 'shop.shop', '--to', 'contracts/orders.yml')).toMatchObject({ code: 0 });
  workspace.write({
    'flows/shop/flow.yml': 'home: in/orders.csv\nstore: lake/orders\nvalidation: { contract: contracts/orders.yml, mode: quarantine }\n',
  });
  const again = await run('go', '-d');
  expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('PASS=1 WARN=0 ERROR=0')]);
  workspace.write({ 'in/orders.csv': `id,mail,state,balance,odd name\n${rows.join('\n')}\n20,,lost,1,x\n` });
  expect((await run('go', '-d')).stdout).toContain('1 row of 21 breaks a rule');
});

test('generate contract --odcs writes a document of the standard, each line with its evidence, by which the same rows are judged', async () => {
  using workspace = new TestWorkspace();
  const flow = (more = '') =>
    `home: { path: in/orders.csv, types: { price: "decimal(9,2)" } }\nstore: lake/orders\npolish: { hash_ids: [{ name: key, from_columns: [id] }] }\n${more}`;
  workspace.write({
    'hygge.yml': 'name: shop\n',
    'flows/shop/flow.yml': flow(),
    'in/orders.csv': `id,mail,state,price\n${rows.map((row) => row.split(',').slice(0, 4).join(',')).join('\n')}\n`,
  });
  const run = (...args: readonly string[]) => inProcess([...args, '--no-color'], workspace.root, {});
  const printed = await run('generate', 'contract', 'shop.shop', '--odcs');
  expect([printed.code, printed.stdout]).toEqual([
    0,
    `# Proposed from 20 rows of the source of shop.shop.
apiVersion: v3.1.0
kind: DataContract
id: shop-shop
version: 1.0.0
status: draft
schema:
  - name: shop
    properties:
      - name: key
        logicalType: string
        required: true # never null, as its type says
        customProperties: [{ property: hyggeType, value: "string" }]
      - name: id
        logicalType: integer
        logicalTypeOptions: { minimum: 0 } # none below 0
        required: true # 20 rows, none null
        customProperties: [{ property: hyggeType, value: "int64" }]
      - name: mail # 1 null in 20 rows
        logicalType: string
        customProperties: [{ property: hyggeType, value: "string" }]
      - name: state
        logicalType: string
        required: true # 20 rows, none null
        quality:
          - { type: library, metric: invalidValues, arguments: { validValues: ["closed", "open"] }, mustBe: 0 } # no other value in 20 rows
        customProperties: [{ property: hyggeType, value: "string" }]
      - name: price
        logicalType: number
        required: true # 20 rows, none null
        customProperties: [{ property: hyggeType, value: "decimal(9,2)" }]
`,
  ]);
  expect(await run('generate', 'contract', 'shop.shop', '--odcs', '--to', 'contracts/shop.odcs.yaml')).toMatchObject({ code: 0 });
  workspace.write({ 'flows/shop/flow.yml': flow('validation: { contract: contracts/shop.odcs.yaml, mode: quarantine }\n') });
  const first = await run('go');
  expect([first.code, first.stdout]).toEqual([0, expect.stringContaining('PASS=1 WARN=0 ERROR=0')]);
  workspace.write({ 'in/orders.csv': 'id,mail,state,price\n1,,open,1\n-1,,lost,2\n' });
  expect((await run('go', '-d')).stdout).toContain('1 row of 2 breaks a rule');
});

test.each([
  ['an item of `entities`', 'entities: [orders, people]', 'name it in the entry of people in `entities`', 'flows/shop/flow.yml, line 3'],
  ['a file next to those that a flow finds', 'entities: "*"', 'name it in flows/shop/entities/people.yml', 'a file of two lines'],
])(
  'generate contract names %s as the place for one entity of several, so that the others are not judged by it',
  async (_, entities, ...told) => {
    using workspace = new TestWorkspace();
    const flow = `home: "in/{entity}.csv"\nstore: lake\n`;
    workspace.write({
      'hygge.yml': 'name: shop\n',
      'flows/shop/flow.yml': `${flow}${entities}\n`,
      'in/orders.csv': 'id,sum\n1,2\n',
      'in/people.csv': 'id,name\n1,anna\n',
    });
    const run = (...args: readonly string[]) => inProcess([...args, '--no-color'], workspace.root, {});
    const made = await run('generate', 'contract', 'shop.people', '--to', 'contracts/people.yml');
    for (const words of told) expect(made.stdout + made.stderr).toContain(words);
    const lines = (made.stdout + made.stderr).split('\n').filter((line) => line.startsWith('  '));
    const typed = lines.map((line) => line.slice(2)).join('\n');
    workspace.write(
      typed.startsWith('{')
        ? { 'flows/shop/flow.yml': `${flow}${entities.replace('people', typed)}\n` }
        : { 'flows/shop/entities/people.yml': `${typed}\n` },
    );
    expect((await run('explain', 'shop.people')).stdout).toContain('contracts/people.yml');
    const after = await run('go');
    expect([after.code, after.stdout]).toEqual([0, expect.stringContaining('PASS=2 WARN=0 ERROR=0')]);
  },
);
