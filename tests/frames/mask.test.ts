import { createHmac } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DuckdbTestFile } from '../support/duckdb-file.ts';
import { SqliteTestFile } from '../support/sqlite-file.ts';
import { TestWorkspace } from '../support/workspace.ts';

const secret = 'a long random text';
const held = `secret: "\${MASK_SECRET}"`;
const env = { MASK_SECRET: secret };
const hash = (text: string | null) => (text === null ? null : createHmac('sha256', secret).update(text).digest('hex'));
const text = (value: string) => hash(`s${Buffer.byteLength(value)}:${value};`);

/** Every file of the workspace that is hygge's, with its content. */
function written(root: string, folder = ''): string {
  return readdirSync(join(root, folder))
    .filter((name) => name !== 'in' && name !== 'flows')
    .map((name) => {
      const path = join(folder, name);
      return statSync(join(root, path)).isDirectory() ? written(root, path) : `${path}\n${readFileSync(join(root, path), 'latin1')}`;
    })
    .join('\n');
}

const mask = `{ columns: { email: hash, phone: null, name: { first: 2 }, born: hash }, ${held} }`;
const flow = (more = '', masks = mask) =>
  `home: in/*.csv\nstore: lake/p\nrun_type: incremental\nwatermark: { column: id }\npolish: { mask: ${masks} }\n${more}`;
const people = [
  ['1', 'Åse@example.dk', '+45 20917711', 'Åse', '2001-02-03'],
  ['2', '', '+45 20917712', 'Bo', ''],
  ['3', 'Åse@example.dk', '', '', '1999-12-31'],
];
const csv = (rows: readonly (readonly string[])[]) => ['id,email,phone,name,born', ...rows.map((row) => row.join(','))].join('\n');

describe('polish.mask', () => {
  it('settles hashes, nulls and first characters: the same for the same value, in every run, and never the value', async () => {
    using workspace = new TestWorkspace({ 'flows/p/flow.yml': flow(), 'in/1.csv': csv(people) });
    expect((await workspace.run(['go'], { env })).code).toBe(0);
    workspace.write({ 'in/2.csv': csv([['4', 'Åse@example.dk', '+45 20917714', 'Carla', '2001-02-03']]) });
    const second = await workspace.run(['go', '-v', '--output', 'json'], { env });
    expect(second.code).toBe(0);
    const rows = (await workspace.settled('lake/p', 'p', 'p')).map((row) =>
      [row.id, row.email, row.phone, row.name, row.born].map((one) => (one === null ? null : String(one))),
    );
    const born = hash('d10:2001-02-03;');
    expect(rows).toEqual([
      ['1', text('Åse@example.dk'), null, 'Ås', born],
      ['2', null, null, 'Bo', null],
      ['3', text('Åse@example.dk'), null, null, hash('d10:1999-12-31;')],
      ['4', text('Åse@example.dk'), null, 'Ca', born],
    ]);
    const plan = await workspace.run(['go', '--dry-run', '--output', 'json'], { env });
    const preview = await workspace.run(['preview', 'p.p'], { env });
    const status = await workspace.run(['report', '--out', '-'], { env });
    for (const said of [written(workspace.root), second.stdout, second.stderr, plan.stdout, preview.stdout, status.stdout]) {
      expect(said).not.toMatch(/example\.dk|2091771[124]|Carla|1999-12-31/);
      expect(said).not.toContain(secret);
    }
    expect(preview.stdout).toContain(text('Åse@example.dk')?.slice(0, 8));
  });

  it('stops where a masked column is gone, and with another mask or secret', async () => {
    using workspace = new TestWorkspace({ 'flows/p/flow.yml': flow(), 'in/1.csv': csv(people) });
    expect((await workspace.run(['go'], { env })).code).toBe(0);
    const stops = async (code: string, given: typeof env = env) => {
      const run = await workspace.run(['go'], { env: given });
      expect([run.code, run.stdout + run.stderr]).toEqual([1, expect.stringContaining(code)]);
    };
    await stops('HYG-2007', { MASK_SECRET: 'another' });
    workspace.write({ 'flows/p/flow.yml': flow('', mask.replace('phone: null, ', '')) });
    await stops('HYG-2007');
    workspace.write({ 'flows/p/flow.yml': flow('', mask.replace('email:', 'mail:')) });
    await stops('HYG-2025');
    workspace.write({ 'flows/p/flow.yml': flow('', mask.replace('born: hash', 'born: { first: 4 }')) });
    await stops('HYG-2026');
    expect(await workspace.settled('lake/p', 'p', 'p')).toHaveLength(3);
  });

  it.each([
    ['the watermark', `{ columns: { id: hash }, ${held} }`, 'is the watermark'],
    ['a key that would be none', `{ columns: { phone: null }, ${held} }`, 'only `hash` keeps its values distinct'],
    ['hashes without a secret', '{ columns: { email: hash } }', 'no `secret`'],
  ])('refuses %s before anything is read', async (_, masks, said) => {
    const more = masks.includes('phone') ? 'watermark: { key: phone }\n' : '';
    using workspace = new TestWorkspace({
      'flows/p/flow.yml': flow('', masks).replace('{ column: id }', more === '' ? '{ column: id }' : '{ column: id, key: phone }'),
    });
    const run = await workspace.run(['go'], { env });
    expect([run.code, run.stdout + run.stderr]).toEqual([2, expect.stringContaining(said)]);
    expect(run.stdout + run.stderr).toContain('HYG-1019');
  });

  it('quotes no value of a row that can not be read, in errors, quarantine and journal', async () => {
    using workspace = new TestWorkspace({
      'flows/p/flow.yml': `home: { path: in/*.csv, types: { phone: int64 }, bad_rows: quarantine }\nstore: lake/p\npolish: { mask: { columns: { phone: hash, email: hash }, ${held} } }\n`,
      'in/1.csv': 'id,email,phone\n1,ane@example.dk,20917711\n2,bo@example.dk,not-20917712\n',
    });
    const go = async () => {
      const run = await workspace.run(['go', '-v', '--output', 'json'], { env });
      return {
        run,
        said: `${run.stdout}${run.stderr}${written(workspace.root)}${(await workspace.run(['journal', '--run', 'last'], { env })).stdout}`,
      };
    };
    const kept = await go();
    expect(kept.run.events.at(-1)).toMatchObject({ warn: 1 });
    expect(kept.said).not.toMatch(/example\.dk|2091771[12]/);
    workspace.write({ 'flows/p/flow.yml': flowOf(workspace).replace('bad_rows: quarantine', 'bad_rows: fail') });
    const failed = await go();
    expect(failed.run.events.at(-1)).toMatchObject({ error: 1 });
    expect(failed.said).not.toMatch(/example\.dk|2091771[12]/);
  });

  it.each([
    ['a quote in it', `'CANARY"one'`, 'email::int as n', 'to INT32'],
    ['more of it in the next sentence', `'{"a": CANARY}'`, 'email::json as n', 'Malformed JSON'],
  ])('quotes no value that a database says, with %s, and says what was wrong all the same', async (_, value, column, wrong) => {
    using file = new DuckdbTestFile();
    await file.sql(`create table p as select 1 as id, ${value} as email`);
    using workspace = new TestWorkspace({
      'flows/p/flow.yml': `home: { type: duckdb, path: ${file.path}, query: "select id, email, ${column} from p" }\nstore: lake/p\npolish: { mask: { columns: { email: null } } }\n`,
    });
    const run = await workspace.run(['go', '-v', '--output', 'json'], { env });
    const journal = await workspace.run(['journal', '--run', 'last', '--log'], { env });
    const page = await workspace.run(['report', '--messages', '--out', '-'], { env });
    const error = run.events.find((one) => one.event === 'error');
    expect(error).toMatchObject({ code: 'HYG-3511', tryThis: [expect.stringContaining('Look at `query`')] });
    expect(JSON.stringify(error?.why)).toContain(wrong);
    expect(`${run.stdout}${run.stderr}${journal.stdout}${page.stdout}${written(workspace.root)}`).not.toMatch(/CANARY|7770000000|"one/);
  });

  it('merges by a key that is hashed, in a database too', async () => {
    using file = new SqliteTestFile();
    using workspace = new TestWorkspace({
      'hygge.yml': `name: w\nconnections: { c: ${JSON.stringify({ type: 'sqlite', path: file.path })} }\n`,
      'flows/p/flow.yml': `home: in/*.csv\nstore: { connection: c, table: p }\nrun_type: incremental\nwrite_strategy: merge\nwatermark: { column: at, key: email }\npolish: { mask: { columns: { email: hash }, ${held} } }\n`,
      'in/1.csv': 'email,at,v\na@example.dk,2024-01-01,1\nb@example.dk,2024-01-02,1\n',
    });
    expect((await workspace.run(['go'], { env })).code).toBe(0);
    workspace.write({ 'in/2.csv': 'email,at,v\na@example.dk,2024-01-03,2\nc@example.dk,2024-01-03,1\n' });
    expect((await workspace.run(['go'], { env })).code).toBe(0);
    const rows = file.sql('select email, v from p').map(({ email, v }) => `${email} ${v}`);
    expect(rows.sort()).toEqual([`${text('a@example.dk')} 2`, `${text('b@example.dk')} 1`, `${text('c@example.dk')} 1`].sort());
  });
});

function flowOf(workspace: TestWorkspace): string {
  return readFileSync(workspace.path('flows/p/flow.yml'), 'utf8');
}
