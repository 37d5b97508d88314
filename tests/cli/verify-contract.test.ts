import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { duck } from '../support/duck.ts';
import { DuckdbTestFile } from '../support/duckdb-file.ts';
import { SEED } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';

const row = fc.record({
  email: fc.option(fc.constantFrom('a@example.com', 'nobody', 'b@example.org'), { nil: null }),
  amount: fc.option(fc.integer({ min: -50, max: 50 }), { nil: null }),
  country: fc.constantFrom('DK', 'SE', 'XX'),
});
type Row = typeof row extends fc.Arbitrary<infer R> ? R : never;

/** Each rule's rows as DuckDB counts them. */
const broken = {
  'id not null': 'id IS NULL',
  'email format': "email IS NOT NULL AND email NOT LIKE '%@%'",
  'amount min': 'amount < 0',
  'country in': "country NOT IN ('DK', 'SE')",
  'rich have an email': 'amount > 30 AND email IS NULL',
};

const contract = `columns:
  id: { type: int64, nullable: false }
  email: { type: string, format: email }
  amount: { type: int64, min: 0 }
  country: { type: string, in: [DK, SE] }
complete: false
rules:
  - { name: rich have an email, check: email IS NOT NULL, when: amount > 30 }
`;

const checks = `quality:
    checks:
      - { type: completeness, column: email, threshold: 0.9, on_fail: warn }
      - { type: range, column: amount, of: sum, min: 1000000 }
      - { type: volume, min_rows: 1 }
      - { type: freshness, max_age: 1h }`;

function scene(store: string) {
  const workspace = new TestWorkspace({ 'hygge.yml': 'name: w\n', 'contracts/e.yml': contract });
  const flow = (more: string) =>
    workspace.write({ 'flows/f/flow.yml': `home: { path: "in/{entity}.parquet" }\nstore: ${store}\nentities: [e]\n${more}` });
  const rows = (given: readonly Row[]) =>
    workspace.parquet(
      'in/e.parquet',
      `select * from (values ${given
        .map(
          ({ email, amount, country }, id) =>
            `(${id}::bigint, ${email === null ? 'null' : `'${email}'`}::varchar, ${amount ?? 'null'}::bigint, '${country}')`,
        )
        .join(', ')}) as t(id, email, amount, country)`,
    );
  const verify = async (...more: readonly string[]) => {
    const { code, events, stdout } = await workspace.run(['verify', '--contract', '--output', 'json', ...more]);
    const told = events as unknown as readonly Readonly<Record<string, unknown>>[];
    return { code, stdout, checks: told.filter(({ event }) => event === 'check'), judged: told.find(({ event }) => event === 'judged') };
  };
  return { workspace, flow, rows, verify };
}

describe('verify --contract', () => {
  test('judges the flows that can be read, and fails while another one can not', async () => {
    const { workspace, flow, rows, verify } = scene('lake');
    using _workspace = workspace;
    flow('validation: { contract: contracts/e.yml, mode: quarantine }\n');
    await rows([{ email: 'a@example.com', amount: 40, country: 'DK' }]);
    expect((await workspace.run(['go'])).code).toBe(0);
    workspace.write({ 'flows/g/flow.yml': 'home: others\nstore: other lake\ncolums: 1\n' });
    expect(await verify()).toMatchObject({ code: 1, judged: { flow: 'f', ok: true } });
  });

  test('counts rows that settled in files as DuckDB does, and changes nothing', async () => {
    const { workspace, flow, rows, verify } = scene('lake');
    using _workspace = workspace;
    const [given = []] = fc.sample(fc.array(row, { minLength: 30, maxLength: 60 }), { seed: SEED, numRuns: 1 });
    // Two runs, so that what settled lies in more than one file.
    flow('if_exists: append\n');
    await rows(given);
    for (let runs = 0; runs < 2; runs++) expect((await workspace.run(['go'])).code).toBe(0);
    flow(`if_exists: append\nvalidation:\n  contract: contracts/e.yml\n  mode: quarantine\n  ${checks}\n`);
    const before = workspace.tree();
    const { code, checks: found, judged } = await verify();
    expect(workspace.tree()).toEqual(before);
    const own: Record<string, number> = {};
    for (const [rule, condition] of Object.entries(broken)) {
      const [{ n } = { n: 0 }] = (await duck(`select count(*) as n from '${workspace.path('in/e.parquet')}' where ${condition}`)) as {
        n: unknown;
      }[];
      if (Number(n) > 0) own[rule] = 2 * Number(n);
    }
    const rules = found.filter(({ kind }) => kind === 'rule');
    expect(Object.fromEntries(rules.map(({ name, rows: n }) => [name, n]))).toEqual(own);
    expect(rules.every(({ of, outcome }) => of === 2 * given.length && outcome === 'failed')).toBe(true);
    const full = given.filter(({ email }) => email !== null).length;
    expect(found.filter(({ kind }) => kind === 'check').map(({ name, outcome, found: what }) => [name, outcome, what])).toEqual([
      ...(full < 0.9 * given.length ? [['completeness email', 'warned', `${2 * full} of ${2 * given.length}`]] : []),
      ['range amount sum', 'failed', String(2 * given.reduce((sum, { amount }) => sum + (amount ?? 0), 0))],
    ]);
    expect(judged).toMatchObject({
      ...{ ok: false, rows: 2 * given.length, contract: 'contracts/e.yml', because: null, error: null },
      not_judged: [
        { kind: 'check', name: 'volume', why: 'of runs' },
        { kind: 'check', name: 'freshness', why: 'of runs' },
      ],
    });
    expect(code).toBe(1);
  });

  test('passes rows that keep the contract, warns by rules that warn, and shows values only where it may', async () => {
    const { workspace, flow, rows, verify } = scene('lake');
    using _workspace = workspace;
    flow('');
    await rows([{ email: 'nobody', amount: 1, country: 'DK' }]);
    expect((await verify()).judged).toMatchObject({ ok: true, because: 'no contract' });
    flow('validation: { contract: contracts/e.yml }\n');
    expect(await verify()).toMatchObject({ code: 1, judged: { because: 'nothing settled' } });
    flow('');
    await workspace.run(['go']);
    flow('validation: { contract: contracts/e.yml, mode: warn }\n');
    expect(await verify()).toMatchObject({
      code: 0,
      checks: [{ name: 'email format', outcome: 'warned', samples: ['a'] }],
      judged: { ok: true },
    });
    flow('validation: { contract: contracts/e.yml, samples: show }\n');
    expect(await verify()).toMatchObject({ code: 1, checks: [{ name: 'email format', outcome: 'failed', samples: ['nobody'] }] });
    const { stdout, code } = await workspace.run(['verify', '--contract']);
    expect(code).toBe(1);
    expect(stdout).toContain('✗ f.e  1 settled row judged by 5 rules and checks of contracts/e.yml');
    expect(stdout.trimEnd()).toMatch(/\n\n1 entity of 1 needs attention\.$/);
    expect(stdout).toMatch(/rule +column +rows +of +found\n +email format +email +1 +1 +nobody/);
    workspace.write({ 'contracts/e.yml': 'columns: { id: { type: int64, min: 0 } }\ncomplete: false\n' });
    expect(await verify()).toMatchObject({ code: 0, checks: [], judged: { ok: true, judged: 1 } });
    workspace.write({ 'contracts/e.yml': 'columns: { other: { type: int64, min: 0 } }\ncomplete: false\n' });
    expect(await verify()).toMatchObject({
      code: 1,
      judged: { ok: false, not_judged: [{ name: 'other min', why: 'does not fit', problem: expect.stringContaining('other') }] },
    });
  });

  test('finds keys that come more than once in a database, whichever runs brought them', async () => {
    using file = new DuckdbTestFile();
    const { workspace, flow, rows, verify } = scene(`{ type: duckdb, path: ${file.path}, table: e }`);
    using _workspace = workspace;
    const unique = (more: string) => flow(`if_exists: append\nvalidation:\n  contract: contracts/e.yml\n  mode: fail\n  ${more}\n`);
    workspace.write({
      'contracts/e.yml': 'columns: { email: { type: string, unique: true } }\nunique: [[country, amount]]\ncomplete: false\n',
    });
    unique('samples: mask');
    const of = (email: string | null, amount: number | null, country: string) => ({ email: email as Row['email'], amount, country });
    for (const given of [
      [of('ax@b.de', 1, 'DK'), of('bx@b.de', 1, 'SE'), of(null, null, 'DK')],
      [of('bx@b.de', 2, 'DK'), of('cx@b.de', 1, 'DK'), of(null, null, 'DK'), of('Ax@b.de', 1, 'XX')],
    ]) {
      await rows(given as readonly Row[]);
      expect((await workspace.run(['go'])).code).toBe(0);
    }
    const before = workspace.tree();
    const found = '1 key comes more than once, 1 row is too many';
    const masked = await verify();
    expect(masked).toMatchObject({
      code: 1,
      checks: [
        { kind: 'check', name: 'uniqueness email', column: 'email', outcome: 'failed', found: `${found}: they look like a@a.a` },
        { kind: 'check', column: null, outcome: 'failed', found: `${found}: they look like A, 9` },
      ],
      judged: { ok: false, rows: 7, judged: 2, not_judged: [] },
    });
    expect(masked.stdout).not.toMatch(/bx@b|\bDK\b/);
    expect(workspace.tree()).toEqual(before);
    unique('samples: show');
    expect((await verify()).checks).toMatchObject([{ found: `${found}: such as bx@b.de` }, { found: `${found}: such as DK, 1` }]);
    expect((await workspace.run(['verify', '--contract'])).stdout.replace(/\s+/g, ' ')).toContain('such as bx@b.de');
    const checks = (names: string) => `quality: { checks: [{ type: uniqueness, columns: [${names}], on_fail: warn }] }`;
    flow(`if_exists: append\nvalidation:\n  mode: fail\n  ${checks('email')}\n`);
    expect(await verify()).toMatchObject({ code: 0, checks: [{ outcome: 'warned' }], judged: { ok: true } });
    flow(`if_exists: append\nvalidation:\n  mode: fail\n  ${checks('id, email')}\n`);
    expect(await verify()).toMatchObject({ code: 0, checks: [], judged: { ok: true, judged: 1 } });
    flow(`if_exists: append\nvalidation:\n  mode: fail\n  ${checks('nothing')}\n`);
    expect(await verify()).toMatchObject({ code: 1, judged: { not_judged: [{ why: 'does not fit' }] } });
  });

  test('judges no row that is marked as deleted', async () => {
    using workspace = new TestWorkspace({
      'hygge.yml': 'name: w\n',
      'c.yml': 'columns: { email: { type: string, unique: true, nullable: false } }\ncomplete: false\n',
      'flows/f/flow.yml': `home: { type: sqlite, path: src.db, table: e }
store: { type: duckdb, path: out.duckdb, table: e }
run_type: incremental
watermark: { column: n, key: [id] }
deletes: { compare: 1d, then: mark, pause: 0s, max: 50% }
entities: [e]
validation: { contract: c.yml }
`,
    });
    using source = new DatabaseSync(workspace.path('src.db'));
    source.exec(
      "create table e (id integer primary key, email text, n integer); insert into e values (1, 'b', 1), (2, 'a', 2), (3, 'c', 3)",
    );
    expect((await workspace.run(['go'])).code).toBe(0);
    source.exec("delete from e where id = 2; insert into e values (4, 'a', 4)");
    const compared = await workspace.run(['go', '--compare-deletes']);
    expect([compared.code, compared.stdout]).toEqual([0, expect.stringContaining('1 is gone there')]);
    const { code, events } = await workspace.run(['verify', '--contract', '--output', 'json']);
    expect([code, events.at(-1)]).toMatchObject([0, { event: 'judged', ok: true, rows: 3, findings: [] }]);
    source.exec("update e set email = 'a', n = 5 where id = 3");
    workspace.write({ 'c.yml': 'columns: { email: { type: string, nullable: false } }\ncomplete: false\n' });
    expect((await workspace.run(['go'])).code).toBe(0);
    workspace.write({ 'c.yml': 'columns: { email: { type: string, unique: true } }\ncomplete: false\n' });
    const twice = await workspace.run(['verify', '--contract', '--output', 'json']);
    expect([twice.code, twice.events[0]]).toMatchObject([
      1,
      { event: 'check', found: '1 key comes more than once, 1 row is too many: they look like a' },
    ]);
  });

  test('compares all settled rows with the number that a data contract expects of the source', async () => {
    const { workspace, flow, rows, verify } = scene('lake');
    using _workspace = workspace;
    flow('if_exists: append\n');
    await rows([{ email: null, amount: 1, country: 'DK' }]);
    for (let runs = 0; runs < 2; runs++) await workspace.run(['go']);
    const odcs = (metric: string) =>
      workspace.write({
        'contracts/e.odcs.yaml': `apiVersion: v3.1.0\nkind: DataContract\nid: e\nversion: 1.0.0\nstatus: active\nschema:\n  - { name: e, quality: [${metric}], properties: [{ name: id, logicalType: integer }] }\n`,
      });
    flow('if_exists: append\nvalidation: { contract: contracts/e.odcs.yaml }\n');
    odcs('{ metric: rowCount, mustBe: 2 }');
    expect(await verify()).toMatchObject({ code: 0, checks: [], judged: { ok: true, judged: 2, not_judged: [] } });
    odcs('{ metric: rowCount, mustBeGreaterThan: 2 }');
    expect(await verify()).toMatchObject({ code: 1, checks: [{ kind: 'check', outcome: 'failed', found: '2', column: null }] });
  });

  test('counts rows for the tolerance of a data contract', async () => {
    const { workspace, flow, rows, verify } = scene('lake');
    using _workspace = workspace;
    flow('');
    await rows([null, 'a@b.de', 'b@b.de', 'c@b.de'].map((email) => ({ email: email as Row['email'], amount: 1, country: 'DK' })));
    await workspace.run(['go']);
    const odcs = (most: number) =>
      workspace.write({
        'contracts/e.odcs.yaml': `apiVersion: v3.1.0
kind: DataContract
id: e
version: 1.0.0
status: active
schema:
  - name: e
    properties:
      - name: email
        logicalType: string
        quality: [{ metric: nullValues, unit: percent, mustBeLessThan: ${most} }]
`,
      });
    flow('validation: { contract: contracts/e.odcs.yaml }\n');
    odcs(26);
    expect(await verify()).toMatchObject({ code: 0, checks: [], judged: { ok: true, judged: 2 } });
    odcs(25);
    expect(await verify()).toMatchObject({
      code: 1,
      checks: [{ kind: 'check', name: 'nullValues email', column: 'email', outcome: 'failed' }],
    });
  });

  test('has its rules and checks told by check and explain, and what a check of all rows does in their place', async () => {
    const { workspace, flow } = scene('lake');
    using _workspace = workspace;
    flow(`validation:\n  contract: contracts/e.yml\n  mode: quarantine\n  ${checks}\n`);
    const counted = { flow: 'f', entity: 'e', contract: 'contracts/e.yml', mode: 'quarantine', rules: 5, checks: 4 };
    const checked = await workspace.run(['check', '--output', 'json']);
    expect(JSON.parse(checked.stdout)).toMatchObject({ contracts: [counted] });
    expect((await workspace.run(['check'])).stdout).toContain('  f.e  contracts/e.yml: 5 rules, 4 checks, mode quarantine\n');
    const explained = JSON.parse((await workspace.run(['explain', 'f.e', '--output', 'json'])).stdout);
    expect(explained.rules.map(({ name, what, severity }: Record<string, string>) => [name, what, severity])).toEqual([
      ['id not null', 'id is null', 'quarantine'],
      ['email format', 'email is not a valid email', 'quarantine'],
      ['amount min', 'amount is below 0', 'quarantine'],
      ['country in', 'country is none of DK, SE', 'quarantine'],
      ['rich have an email', 'not true: email IS NOT NULL, where amount > 30', 'quarantine'],
    ]);
    expect(explained.checks.map(({ name, severity, fails, asks }: Record<string, unknown>) => [name, severity, fails, asks])).toEqual([
      ['completeness email', 'warn', undefined, undefined],
      ['range amount sum', 'quarantine', true, undefined],
      ['volume', 'quarantine', true, undefined],
      ['freshness', 'quarantine', true, 'files'],
    ]);
    const { stdout } = await workspace.run(['explain', 'f.e']);
    expect(stdout).toContain('f.e  contracts/e.yml, mode quarantine\n');
    expect(stdout).toMatch(/amount min +amount +amount is below 0 +quarantine/);
    await workspace.parquet('in/e.parquet', `select 1::bigint as id, 'a@b.de' as email, 1::bigint as amount, 'DK' as country`);
    const { events } = await workspace.run(['go', '--dry-run', '--output', 'json']);
    const [plan] = events.filter(({ event }) => event === 'plan') as unknown as readonly { readonly warnings: readonly string[] }[];
    expect(plan?.warnings).toContain(
      'range amount sum, volume, freshness: a check of all rows together can’t put single rows into quarantine, so it fails the run',
    );
    flow('');
    expect((await workspace.run(['explain', 'f.e'])).stdout).toContain('f.e  no contract and no check\n');
    expect(await workspace.run(['explain', 'f.x'])).toMatchObject({ code: 2, stderr: expect.stringContaining('HYG-1902') });
  });

  test('of a contract of columns and types alone says everywhere that no row is judged', async () => {
    const { workspace, flow, rows, verify } = scene('lake');
    using _workspace = workspace;
    workspace.write({ 'contracts/e.yml': 'columns: { id: int64, amount: int64 }\ncomplete: false\n' });
    flow('validation: { contract: contracts/e.yml, mode: quarantine }\n');
    await rows([{ email: null, amount: 1, country: 'DK' }]);
    const said = 'no rule and no check';
    const plan = 'contracts/e.yml has no rule and no check: columns and types are compared, and no row is judged';
    expect((await workspace.run(['go', '--dry-run'])).stdout.replace(/\s+/g, ' ')).toContain(plan);
    expect((await workspace.run(['check'])).stdout).toContain(`  f.e  contracts/e.yml: ${said}, so rows are not checked\n`);
    expect((await workspace.run(['explain', 'f.e'])).stdout).toContain(`${said}: columns and types are compared, and no row is judged\n`);
    await workspace.run(['go']);
    expect(await verify()).toMatchObject({ code: 0, judged: { because: 'no contract', contract: 'contracts/e.yml' } });
    expect((await workspace.run(['verify', '--contract'])).stdout).toContain(`contracts/e.yml has ${said}, so rows are not checked`);
  });

  test.each([[['--repair'], '--contract reads no source']])('with %j is wrong usage', async (more, said) => {
    const { workspace, flow } = scene('lake');
    using _workspace = workspace;
    flow('');
    const { code, stderr } = await workspace.run(['verify', '--contract', ...more]);
    expect({ code, said: stderr }).toEqual({ code: 2, said: expect.stringContaining(said) });
  });
});
