// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the config look like that
import { readFileSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { realScratch } from '../../src/adapters/real-scratch.ts';
import { formatOf } from '../../src/formats/formats.ts';
import { frameBuilder } from '../../src/frames/values/builders.ts';
import { duck } from '../support/duck.ts';
import { edgeColumns } from '../support/edge-values.ts';
import { cases, SEED, whole } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { apartIn, hygge, replay, writeMended } from './mending.ts';

const contract =
  'columns:\n  id: { type: int64, nullable: false }\n  email: { type: string, format: email }\n  amount: { type: "decimal(10,2)", min: 0 }\n';
const orders = 'id,email,amount\n1,a1@example.com,1.50\n2,nobody,2.50\n3,,-3.00\n4,a4@example.com,4.50\n5,"",5.00\n';

const shop = (more = '') =>
  new TestWorkspace({
    'hygge.yml': 'name: shop\n',
    'flows/shop/flow.yml': `home: { path: "in/{entity}/*.csv", format: csv, types: { id: int64, email: string, amount: "decimal(10,2)" } }
store: lake/orders
entities: [orders]
run_type: incremental
validation: { contract: contracts/orders.yml, mode: quarantine }
${more}`,
    'contracts/orders.yml': contract,
    'in/orders/a.csv': orders,
  });

const settled = async (workspace: TestWorkspace) =>
  (await workspace.settled('lake/orders', 'shop', 'orders'))
    .map(({ id, email, amount }) => [id, email, amount].map(String).join(' '))
    .sort();

interface QuarantinedRow {
  readonly id: number;
  readonly email: string | null;
  readonly amount: string;
  readonly _rule: string;
  readonly _run: string;
  readonly _id: string;
}

const apart = (workspace: TestWorkspace) => apartIn<QuarantinedRow>(workspace);

describe('hygge quarantine show as a file', () => {
  test('prints all rows that break a rule as CSV, null and the empty text apart, and writes a file that it never overwrites', async () => {
    using workspace = shop();
    await hygge(workspace, 'go');
    const printed = (await workspace.run(['quarantine', 'show', 'shop.orders', '--output', 'csv'])).stdout.split('\n');
    expect(printed[0]).toBe('id,email,amount,_rule,_column,_reason,_run,_id');
    expect(printed.slice(1, -1).map((line) => line.split(',').slice(0, 4).join(','))).toEqual([
      '2,nobody,2.50,email format',
      '3,,-3.00,amount min',
      '5,"",5.00,email format',
    ]);
    const said = await hygge(workspace, 'quarantine show shop.orders --to mended.csv');
    expect(said).toContain('3 rows written to mended.csv.');
    expect(said).toContain('hygge quarantine replay shop.orders --file mended.csv');
    expect(readFileSync(workspace.path('mended.csv'), 'utf8')).toBe(printed.join('\n'));
    expect(await hygge(workspace, 'quarantine show shop.orders --to mended.csv', 2)).toContain('HYG-1947');
    expect(await hygge(workspace, 'quarantine show shop.orders --to mended.xlsx', 2)).toContain('HYG-1947');
    expect(await hygge(workspace, 'quarantine show shop.orders --output csv --to mended.parquet', 2)).toContain('HYG-1947');
    expect(await hygge(workspace, 'status --output csv', 2)).toContain('HYG-1901');
  });

  test('reports what is not in it: rows beyond --rows, and rows that can’t be read, which --unreadable writes', async () => {
    using workspace = shop();
    workspace.write({
      'in/orders/a.csv': `${orders}six,a@example.com,1\n`,
      'flows/shop/flow.yml': readFileSync(workspace.path('flows/shop/flow.yml'), 'utf8').replace(
        'format: csv',
        'format: csv, bad_rows: quarantine',
      ),
    });
    await hygge(workspace, 'go');
    const { stdout, stderr } = await workspace.run(['quarantine', 'show', 'shop.orders', '--output', 'csv', '-n', '1']);
    expect(stdout.trim().split('\n')).toHaveLength(2);
    expect(stderr).toContain('2 more rows of 3 are not in it');
    expect(stderr).toContain('1 row that can’t be read is not in it'.replace('’', "'"));
    expect(await hygge(workspace, 'quarantine show shop.orders --unreadable --output csv')).toContain('six,a@example.com,1');
    await hygge(workspace, 'quarantine drop shop.orders --yes');
    expect(await hygge(workspace, 'quarantine show shop.orders --output csv', 1)).toContain('Nothing is in quarantine.');
  });
});

describe('hygge quarantine replay --file', () => {
  test('settles the mended rows that keep the rules; the others, and rows that the file does not name, stay with their run', async () => {
    using workspace = shop();
    await hygge(workspace, 'go');
    const before = await apart(workspace);
    await writeMended(workspace, ['2,nobody,2.50', '2,bo@example.com,2.75'], ['3,,-3.00', '3,,-4.00'], [/\n5,.*/, '']);
    expect(await hygge(workspace, `${replay} --dry-run`)).toContain('2 rows');
    expect(await apart(workspace)).toEqual(before);
    const said = await hygge(workspace, replay);
    expect(said).toContain('1 row left the quarantine and settled');
    expect(said).toContain('1 mended row still breaks a rule');
    expect(await settled(workspace)).toEqual(['1 a1@example.com 1.50', '2 bo@example.com 2.75', '4 a4@example.com 4.50']);
    expect(await apart(workspace)).toEqual(before.slice(1));
    const { stdout } = await workspace.run(['journal', '--entity', 'shop.orders', '--output', 'json']);
    const [last] = stdout.split('\n').map((line) => JSON.parse(line || '{}') as Record<string, unknown>);
    expect(last).toMatchObject({ lane: 'quarantine', status: 'warn', rows: 1 });
  });

  test('names the rows that a first replay of the same file has settled, and later runs leave the others in quarantine', async () => {
    using workspace = shop();
    await hygge(workspace, 'go');
    const before = await apart(workspace);
    await writeMended(workspace, ['2,nobody,2.50', '2,bo@example.com,2.75'], [/\n[35],.*/g, '']);
    await hygge(workspace, replay);
    expect(await hygge(workspace, replay, 1)).toContain(before[0]?._id ?? 'an id');
    workspace.write({ 'in/orders/b.csv': 'id,email,amount\n7,g@example.com,1.00\n' });
    await hygge(workspace, 'go');
    expect(await settled(workspace)).toHaveLength(4);
    expect(await apart(workspace)).toEqual(before.slice(1));
  });

  test('reads NDJSON and parquet, and refuses a file without rows', async () => {
    using workspace = shop();
    await hygge(workspace, 'go');
    await hygge(workspace, 'quarantine show shop.orders --to rest.ndjson');
    workspace.write({ 'rest.ndjson': readFileSync(workspace.path('rest.ndjson'), 'utf8').replace('-3.00', '3.00') });
    expect(await hygge(workspace, 'quarantine replay shop.orders --file rest.ndjson')).toContain('1 row left');
    await hygge(workspace, 'quarantine show shop.orders --to rest.parquet');
    const mended = `select * replace ('e@example.com' as email) from '${workspace.path('rest.parquet')}'`;
    await duck(`copy (${mended} limit 0) to '${workspace.path('none.parquet')}'`);
    expect(await hygge(workspace, 'quarantine replay shop.orders --file none.parquet', 1)).toContain('HYG-2112');
    await duck(`copy (${mended}) to '${workspace.path('mended.parquet')}'`);
    await hygge(workspace, 'quarantine replay shop.orders --file mended.parquet');
    expect((await settled(workspace)).slice(-2)).toEqual(['4 a4@example.com 4.50', '5 e@example.com 5.00']);
    expect(await apart(workspace)).toEqual([]);
  });

  test('takes what a spreadsheet makes of it: semicolons, a byte order mark, other line ends, columns in another order', async () => {
    using workspace = shop();
    await hygge(workspace, 'go');
    const [two] = await apart(workspace);
    workspace.write({ 'mended.csv': `\uFEFF_id;amount;id;email\r\n${two?._id};2.50;2;"bo@example.com"\r\n` });
    await hygge(workspace, replay);
    expect(await settled(workspace)).toContain('2 bo@example.com 2.50');
  });

  test('refuses a file that is not what was shown, and changes nothing', async () => {
    using workspace = shop();
    await hygge(workspace, 'go');
    await writeMended(workspace);
    const [shown, before] = [readFileSync(workspace.path('mended.csv'), 'utf8'), workspace.tree('lake')];
    for (const [what, from, to, code] of [
      ['a row without an id', /,[0-9a-f]{32}\n/, ',\n', 'HYG-2112'],
      ['an id that is not there', /[0-9a-f]{32}\n/, 'none\n', 'HYG-2112'],
      ['a row twice', /(2,nobody.*\n)/, '$1$1', 'HYG-2112'],
      ['no row', /\n.*/s, '\n', 'HYG-2112'],
      ['no ids', /_id\n/, 'key\n', 'HYG-2113'],
      ['a column less', 'id,email,', 'id,', 'HYG-2113'],
      ['a column more', /^/, 'more,', 'HYG-2113'],
      ['a value of another type', '2.50', 'secret word', 'HYG-2113'],
    ] as const) {
      workspace.write({ 'mended.csv': shown.replace(from, to) });
      const said = await hygge(workspace, replay, 1);
      expect(said, what).toContain(code);
      expect(said, what).not.toContain('secret word');
      expect(workspace.tree('lake'), what).toEqual(before);
    }
    expect(await hygge(workspace, 'quarantine replay shop.orders --file absent.csv', 1)).toContain('HYG-1947');
  });

  test('replaces rows that are there several times one by one, over several parts', async () => {
    using workspace = shop();
    const same = 'id,email,amount\n9,nobody,1.00\n9,nobody,1.00\n';
    workspace.write({ 'in/orders/a.csv': same, 'in/orders/b.csv': same });
    await hygge(workspace, 'go');
    workspace.write({ 'in/orders/c.csv': same });
    await hygge(workspace, 'go');
    expect(new Set((await apart(workspace)).map(({ _id }) => _id)).size).toBe(1);
    await writeMended(
      workspace,
      [/\n9,nobody,1.00/, '\n9,one@example.com,1.00'],
      [/\n9,nobody,1.00[^\n]*/, ''],
      [/\n9,nobody,1.00/, '\n9,two@example.com,1.00'],
      [/\n9,nobody,1.00/, '\n9,three@example.com,1.00'],
      [/\n9,nobody,1.00/, '\n9,four@example.com,1.00'],
      [/\n9,nobody,1.00/, '\n9,five@example.com,1.00'],
    );
    await hygge(workspace, replay);
    expect(await settled(workspace)).toEqual(['five', 'four', 'one', 'three', 'two'].map((name) => `9 ${name}@example.com 1.00`));
    expect((await apart(workspace)).map(({ email }) => email)).toEqual(['nobody']);
  });

  test('leaves masked columns masked: what was changed in one does not settle', async () => {
    using workspace = shop('polish: { mask: { columns: { email: hash }, secret: "${MASK_SECRET}" } }\n');
    workspace.write({ '.env': 'MASK_SECRET=long enough for a secret\n' });
    workspace.write({ 'contracts/orders.yml': contract.replace(', format: email', '') });
    await hygge(workspace, 'go');
    workspace.write({ 'in/orders/b.csv': 'id,email,amount\n8,secret@example.com,-8.00\n' });
    await hygge(workspace, 'go');
    await writeMended(workspace, ['-3.00', '3.00'], ['-8.00', '8.00']);
    const text = readFileSync(workspace.path('mended.csv'), 'utf8');
    expect(text).not.toContain('secret@');
    workspace.write({ 'mended.csv': text.replace(/\n8,[0-9a-f]{64}/, '\n8,plain@example.com') });
    expect(await hygge(workspace, replay, 1)).toContain('HYG-2114');
    workspace.write({ 'mended.csv': text });
    await hygge(workspace, replay);
    expect((await settled(workspace)).find((row) => row.startsWith('8 '))).toMatch(/^8 [0-9a-f]{64} 8.00$/);
  });

  test('settles each row once, whenever it is killed', async () => {
    const [fraction] = fc.sample(fc.double({ min: 0.1, max: 1, noNaN: true }), { numRuns: 1, seed: SEED });
    for (const at of whole ? Array.from({ length: 50 }, (_, i) => (i + 0.5) / 50) : [fraction ?? 0.5]) {
      using workspace = shop();
      await hygge(workspace, 'go');
      await writeMended(workspace, ['2,nobody', '2,bo@example.com'], ['-3.00', '3.00']);
      const running = workspace.start(replay.split(' '));
      const timer = setTimeout(() => running.kill('SIGKILL'), at * 1500);
      await running.done;
      clearTimeout(timer);
      // It settles them, unless they have, or the killed run had decided so: that is finished first.
      const { code, stdout, stderr } = await workspace.run([...replay.split(' '), '--wait']);
      if (code !== 0) expect([code, stdout + stderr]).toEqual([1, expect.stringContaining('HYG-2112')]);
      expect(await settled(workspace)).toEqual(['1 a1@example.com 1.50', '2 bo@example.com 2.50', '3 null 3.00', '4 a4@example.com 4.50']);
      expect((await apart(workspace)).map(({ id }) => id)).toEqual([5]);
    }
  });
});

describe('rows of every type', () => {
  const columns = edgeColumns.filter(({ type }) => type.kind !== 'null');
  const picks = fc.array(fc.tuple(...columns.map(({ values }) => fc.nat({ max: values.length - 1 }))), { minLength: 1, maxLength: 12 });

  async function parquetOf(rows: readonly (readonly number[])[], path: string): Promise<void> {
    await using scratch = realScratch();
    const schema = {
      columns: [
        { name: 'n', type: { kind: 'int64' } as const, nullable: true },
        ...columns.map(({ name, type }) => ({ name, type, nullable: true })),
      ],
    };
    const builder = await frameBuilder(schema);
    for (const [n, row] of rows.entries())
      builder.append([BigInt(n), ...columns.map(({ values }, at) => values[row[at] ?? 0]?.[0] ?? null)]);
    const encoder = (await formatOf('parquet', {})).encoder({ schema, scratch, watermark: null });
    const parts: Uint8Array[] = [];
    for await (const bytes of encoder.add(await builder.take())) parts.push(Uint8Array.from(bytes));
    for await (const bytes of encoder.end()) parts.push(Uint8Array.from(bytes));
    writeFileSync(path, Buffer.concat(parts));
  }

  // parquet has a type of its own for each.
  test.each(whole ? ['csv', 'parquet'] : ['csv'])(
    'are the same after %s and back, where nothing was mended (SEED=%#)'.replace('%#', String(SEED)),
    async (format) => {
      await fc.assert(
        fc.asyncProperty(picks, async (rows) => {
          const loose = 'columns: { n: int64 }\ncomplete: false\n';
          using workspace = new TestWorkspace({
            'hygge.yml': 'name: t\nflows:\n  t: { home: in, store: lake, validation: { contract: c.yml, mode: quarantine } }\n',
            'c.yml': 'columns: { n: { type: int64, max: -1 } }\ncomplete: false\n',
            'in/.keep': '',
          });
          await parquetOf(rows, workspace.path('in/a.parquet'));
          await hygge(workspace, 'go');
          await hygge(workspace, `quarantine show t.t --to rows.${format}`);
          workspace.write({ 'c.yml': loose });
          expect(await hygge(workspace, `quarantine replay t.t --file rows.${format}`)).toContain(
            `${rows.length} row${rows.length === 1 ? '' : 's'} left`,
          );
          const found = await duck(
            `select ${columns.map(({ name, shown }) => `${shown.replaceAll(/\bc\b/g, `"${name}"`)} as "${name}"`).join(', ')} from '${workspace.path('lake/*.parquet')}' order by n`,
          );
          expect(found.map((row) => Object.values(row))).toEqual(
            rows.map((row) => columns.map(({ values }, at) => values[row[at] ?? 0]?.[1] ?? null)),
          );
        }),
        cases(10),
      );
    },
  );
});
