import { existsSync, utimesSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { duck } from '../support/duck.ts';
import { TestWorkspace } from '../support/workspace.ts';

const header = 'id,email,amount\n';
const good = (id: number) => `${id},a${id}@example.com,${id}.50\n`;

const shop = (validation: string, more = '') => ({
  'hygge.yml': 'name: shop\n',
  'flows/shop/flow.yml': `home: { path: "in/{entity}/*.csv", format: csv, types: { id: int64, amount: "decimal(10,2)" } }
store: lake/orders
entities: [orders]
run_type: incremental
validation: ${validation}
${more}`,
  'contracts/orders.yml': `columns:
  id: { type: int64, nullable: false }
  email: { type: string, format: email }
  amount: { type: "decimal(10,2)", min: 0 }
`,
});
const contract = 'contract: "contracts/{entity}.yml"';
const bad = `${header}${good(1)}2,nobody,2.50\n3,,-3.00\n${good(4)}`;

async function go(workspace: TestWorkspace, ...args: readonly string[]) {
  const { code, events } = await workspace.run([...(args.length === 0 ? ['go'] : args), '--output', 'json']);
  const told = events as unknown as readonly Readonly<Record<string, unknown>>[];
  const of = (name: string) => told.filter(({ event }) => event === name);
  return { code, done: of('entity_done')[0], errors: of('error').map((one) => one.code), checks: of('check') };
}

const ids = async (workspace: TestWorkspace) =>
  (await workspace.settled('lake/orders', 'shop', 'orders')).map((row) => Number((row as { id: unknown }).id)).sort();

describe('rows under a contract', () => {
  test('of mode fail stop the run with rule, column and numbers, and nothing settles until they are mended', async () => {
    using workspace = new TestWorkspace(shop(`{ ${contract} }`));
    workspace.write({ 'in/orders/a.csv': bad });
    const { code, errors } = await go(workspace);
    expect([code, errors]).toEqual([1, ['HYG-2121']]);
    expect(existsSync(workspace.path('lake/orders/shop/orders'))).toBe(false);
    workspace.write({ 'in/orders/a.csv': header + good(1) + good(2) });
    expect(await go(workspace)).toMatchObject({ code: 0, done: { status: 'pass', rows: 2 } });
  });

  const loads = (onEmpty: string) => ({
    'hygge.yml': 'name: shop\n',
    'flows/shop/flow.yml': `home: { path: "in/{entity}.csv", types: { id: int64, v: int64 }, bad_rows: quarantine }
store: lake
entities: [t]
on_empty: ${onEmpty}
validation: { contract: c.yml, mode: quarantine }
`,
    'c.yml': 'columns: { id: int64, v: { type: int64, min: 0 } }\n',
    'in/t.csv': 'id,v\n1,1\n2,2\n',
  });

  describe.each([
    ['that all break a rule', '1,-1\n2,-2\n', ['broken_rows'], 'keep'],
    ["that all can't be read", 'x,1\ny,2\n', ['bad_rows'], 'fail'],
    ["of which one breaks a rule and one can't be read", 'x,1\n2,-2\n', ['bad_rows', 'broken_rows'], 'replace'],
  ])('of a full load %s', (_, rows, codes, onEmpty) => {
    const settled = async (workspace: TestWorkspace) => (await workspace.settled('lake', 'shop', 't')).length;

    test(`are told for what they are (on_empty: ${onEmpty})`, async () => {
      using workspace = new TestWorkspace(loads(onEmpty));
      await workspace.run(['go']);
      workspace.write({ 'in/t.csv': `id,v\n${rows}` });
      const { code, stdout, stderr } = await workspace.run(['go']);
      const said = `${stdout}${stderr}`;
      const list = (await workspace.run(['quarantine', 'list'])).stdout;
      expect(said).not.toMatch(/source (is empty|has no rows)|Nothing new|as many rows as before/);
      expect(said).toMatch(/[Nn]one of the 2 rows of the source/);
      if (onEmpty === 'replace') {
        expect([code, await settled(workspace)]).toEqual([0, 0]);
        expect(said).toContain('No row settled: 2 rows are in quarantine.');
        expect(said).toContain('0 rows settled');
        expect(list).not.toContain('Nothing lies');
        return;
      }
      expect([code, await settled(workspace)]).toEqual([onEmpty === 'fail' ? 1 : 0, 2]);
      expect(said).not.toMatch(/(lies?|put) in(to)? quarantine/);
      expect(list).toContain('Nothing is in quarantine');
      if (onEmpty === 'keep') {
        expect(said).toContain('No row settled. Earlier settled rows stay.');
        const { done } = await go(workspace);
        expect(done).toMatchObject({ status: 'warn', codes: expect.arrayContaining(['kept_though_empty', ...codes]) });
      } else expect(said).toMatch(codes.includes('bad_rows') ? /can't be read: [12]/ : /break the rule v min: 2/);
    });
  });

  test('of a full load go into quarantine where there are no rows to keep, and none is counted as settled', async () => {
    using workspace = new TestWorkspace({ ...loads('keep'), 'in/t.csv': 'id,v\n1,-1\n2,-2\n' });
    const { code, stdout } = await workspace.run(['go']);
    expect(code).toBe(0);
    expect(stdout).toContain('No row settled: 2 rows are in quarantine.');
    expect((await workspace.run(['quarantine', 'list'])).stdout).not.toContain('Nothing lies');
    expect((await go(workspace)).done).toMatchObject({ rows: 0, rows_settled: 0, quarantined: 2 });
  });

  test('of mode quarantine lie apart, are listed and shown, and settle by a replay once the contract takes them', async () => {
    using workspace = new TestWorkspace(shop(`{ ${contract}, mode: quarantine }`));
    workspace.write({ 'in/orders/a.csv': bad });
    expect(await go(workspace)).toMatchObject({ code: 0, done: { status: 'warn', rows: 2 } });
    const { stdout } = await workspace.run(['quarantine', 'list']);
    expect(stdout).toContain('email format');
    expect(stdout).toContain('amount min');
    const shown = (await workspace.run(['quarantine', 'show', 'shop.orders', '--output', 'json'])).stdout;
    expect(shown).toContain('nobody');
    workspace.write({
      'contracts/orders.yml': 'columns: { id: { type: int64 }, email: { type: string, format: email }, amount: "decimal(10,2)" }\n',
    });
    expect(await go(workspace, 'quarantine', 'replay', 'shop.orders')).toMatchObject({ code: 0, done: { rows: 1, status: 'warn' } });
    expect(await ids(workspace)).toEqual([1, 3, 4]);
    workspace.write({ 'contracts/orders.yml': 'columns: { id: { type: int64 }, email: string, amount: "decimal(10,2)" }\n' });
    expect(await go(workspace, 'quarantine', 'replay', 'shop.orders')).toMatchObject({ code: 0, done: { rows: 1, status: 'pass' } });
    expect(await ids(workspace)).toEqual([1, 2, 3, 4]);
    workspace.write({ 'in/orders/b.csv': header + good(5) });
    expect(await go(workspace)).toMatchObject({ code: 0, done: { rows: 1, status: 'pass' } });
  });

  test('whose column settles next to the old one are judged by no rule of it, which the plan and the run tell', async () => {
    using workspace = new TestWorkspace({
      'hygge.yml': 'name: shop\n',
      'flows/shop/flow.yml': `home: in/{entity}.parquet
store: lake
entities: [t]
schema_evolution: { type_changes: new_column }
validation: { contract: c.yml, mode: quarantine }
`,
      'c.yml': `columns: { v: { type: int64, min: 0 } }
rules: [{ name: small, check: v < 9 }, { name: other, check: id > 0 }]
complete: false
`,
      'in/.keep': '',
    });
    const put = (v: string) => duck(`COPY (SELECT 1::BIGINT AS id, ${v} AS v) TO '${workspace.path('in/t.parquet')}'`);
    await put('1::BIGINT');
    expect((await workspace.run(['go'])).stdout).not.toContain('any more');
    await put("'-9'");
    for (const args of [['go', '--dry-run'], ['go']]) {
      const { code, stdout } = await workspace.run(args);
      expect([code, stdout.replace(/\s+/g, ' ')]).toEqual([0, expect.stringContaining('2 rules v min, small judge nothing of v any more')]);
    }
    expect((await workspace.run(['go'])).stdout).not.toContain('any more');
  });

  test('of which a check had nothing to judge are told so in a line of the terminal', async () => {
    const checks = '{ type: volume, within: 30% }, { type: freshness, column: at, max_age: 1h }';
    using workspace = new TestWorkspace({
      'hygge.yml': 'name: shop\n',
      'flows/shop/flow.yml': `home: { path: "in/{entity}.csv", types: { id: int64, at: timestamp } }
store: lake
entities: [t]
validation: { quality: { checks: [${checks}] } }
`,
      'in/t.csv': 'id,at\n1,\n2,\n',
    });
    const { stdout } = await workspace.run(['go']);
    expect(stdout).toContain('the check volume was not judged: it needs five earlier runs of the same kind');
    expect(stdout).toMatch(/the check freshness.* was not judged: nothing tells a time/);
    workspace.write({ 'in/t.csv': `id,at\n1,${new Date().toISOString().slice(0, 19)}\n2,9999-12-31T00:00:00\n` });
    const ahead = await workspace.run(['go']);
    expect(ahead.code).toBe(1);
    expect(ahead.stdout.replace(/\s+/g, ' ')).toMatch(
      /\d+d in the future \(by the clock of this machine\), so the age of other rows is unknown; expected: the newest at is at most 60m old/,
    );
    expect(ahead.stdout).toContain('Correct the rows whose at is in the future');
  });

  test.each([
    ['columns: { v: { type: int64, min: 0 } }\ncomplete: false\n', 'does not have the one column that is expected of it', 'It has id, w\n'],
  ])('of a source without the columns of %j are compared with those, and not with what settled', async (text, what, why) => {
    using workspace = new TestWorkspace({
      'hygge.yml': 'name: shop\n',
      'flows/shop/flow.yml': `home: in/{entity}.csv
store: lake
entities: [t]
validation: { contract: c.yml, mode: quarantine }
`,
      'c.yml': text,
      'in/t.csv': 'id,w\n1,1\n',
    });
    const { code, stdout, stderr } = await workspace.run(['go']);
    const said = `${stdout}${stderr}`;
    expect([code, said]).toEqual([1, expect.stringContaining('HYG-2065')]);
    for (const one of [what, why, 'Compare its columns with those of c.yml']) expect(said).toContain(one);
  });

  test('are judged by the age of the newest file, also where every file was taken before', async () => {
    const fresh = 'quality: { checks: [{ type: freshness, max_age: 2h, on_fail: warn }] }';
    using workspace = new TestWorkspace(shop(`{ ${fresh} }`));
    workspace.write({ 'in/orders/a.csv': header + good(1), 'in/orders/b.csv': header + good(2) });
    const aged = (name: string, hours: number) => {
      const at = new Date(Date.now() - hours * 3_600_000);
      utimesSync(workspace.path('in/orders', name), at, at);
    };
    aged('a.csv', 30);
    aged('b.csv', 1);
    expect(await go(workspace)).toMatchObject({ code: 0, done: { status: 'pass', rows: 2 }, checks: [] });
    expect(await go(workspace)).toMatchObject({ code: 0, done: { status: 'skip' }, checks: [] });
    workspace.write({ 'in/orders/c.csv': header + good(3) });
    aged('c.csv', 3);
    aged('b.csv', 3.5);
    // A file that was taken and touched since has changed.
    workspace.write(shop(`{ ${fresh} }`, 'changed_files: ignore'));
    expect(await go(workspace)).toMatchObject({
      done: { status: 'warn', rows: 1 },
      checks: [{ outcome: 'warned', found: '3h old (by the clock of this machine)' }],
    });
    const again = await go(workspace);
    expect(again).toMatchObject({
      done: { status: 'warn', rows: 0 },
      checks: [{ name: 'freshness', expected: 'the newest file is at most 2h old' }],
    });
  });
});
