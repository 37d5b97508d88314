import { describe, expect, it } from 'vitest';
import { TestWorkspace } from '../support/workspace.ts';
import { after, before, changed, diff, incremental, wider } from './changed-source.ts';
import { hygge } from './workspace.ts';

describe('hygge schema diff', () => {
  it('tells each change, what comes of it, which policy decides, and some values; ends with 1 because a run would stop', async () => {
    using workspace = await changed(after);
    const { code, stdout } = await hygge(['schema', 'diff'], workspace.root);
    expect(stdout.replace(/last commit \d.*/, 'last commit (then)')).toBe(`✗ shop.orders  3 changes: a run stops
    last commit (then)
    - fax     gone (email now?), since the last commit
              it stays, and new rows have null there (remove_columns: warn)
    + email   string, since the last commit
              it settles from now on (add_columns: auto)
              such as "me0\\x1b@x.dk", "me1\\x1b@x.dk", "me2\\x1b@x.dk"
    ~ amount  int64 → string, since the last commit
              the run stops (type_changes: fail)
              such as "12.0", "12.1", "12.2"
    try  hygge schema accept shop.orders  to accept the source as it is now
         or set in schema_evolution how such changes are treated
`);
    expect(code).toBe(1);
    expect((await hygge(['go'], workspace.root)).code).toBe(1);
  });

  it('ends with 0 when a run goes on, and so it does', async () => {
    using workspace = await changed(wider);
    const { code, stdout } = await hygge(['schema', 'diff', '-f', 'shop'], workspace.root);
    expect({ code, first: stdout.split('\n')[0] }).toEqual({
      code: 0,
      first: '! shop.orders  2 changes: a run continues, with 2 warnings',
    });
    expect((await hygge(['go'], workspace.root)).stdout).toContain('PASS=0 WARN=1 ERROR=0');
    const again = await diff(workspace);
    expect(again.changes.filter(({ policy }) => policy !== null).map(({ kind, column }) => `${kind} ${column}`)).toEqual(['removed fax']);
  });

  it('ends with 1 where the columns are as they settled and a row of a new file does not fit them', async () => {
    using workspace = new TestWorkspace({
      'hygge.yml': 'name: test\n',
      'flows/shop/flow.yml': 'home: { path: "data/{entity}", format: csv }\nstore: lake\nentities: [orders]\n',
      'data/orders/1.csv': 'id,price\n1,2.5\n',
    });
    expect((await hygge(['go'], workspace.root)).code).toBe(0);
    workspace.write({ 'data/orders/2.csv': 'id,price\n3,2.5\n4,twelve\n' });
    const { code, stdout } = await hygge(['schema', 'diff'], workspace.root);
    expect(code).toBe(1);
    expect(stdout).toContain('HYG-3305');
    expect(stdout).toContain('2.csv, line 3: column price');
    expect((await hygge(['go'], workspace.root)).code).toBe(1);
  });

  it('is one object an entity for programs, with exact values', async () => {
    using workspace = await changed(
      `select 9007199254740993 + i as id, i / 8 as amount, 'x' as fax, timestamp '2026-01-01' as seen, 10 + i as n from range(9) t(i)`,
    );
    const found = await diff(workspace);
    expect(found).toMatchObject({ stops: true, accepted: false, error: null, against: 'settled', load: 'full' });
    expect(found.changes.map(({ column, policy, samples }) => ({ column, policy, samples }))).toEqual([
      { column: 'n', policy: 'add_columns: auto', samples: [10, 11, 12] },
      { column: 'amount', policy: 'type_changes: fail', samples: [0, 0.125, 0.25] },
    ]);
  });

  it('shows no value where samples are masked, only how long it is', async () => {
    using workspace = await changed(after, 'schema: { samples: mask }\n');
    const text = await hygge(['schema', 'diff'], workspace.root);
    const json = await hygge(['schema', 'diff', '--output', 'json'], workspace.root);
    const accepted = await hygge(['schema', 'accept', 'shop.orders', '--yes'], workspace.root);
    expect(text.stdout + json.stdout + accepted.stdout).not.toMatch(/@x\.dk|"12\.\d"/);
    expect(text.stdout).toContain('such as ••• (9 characters)');
    expect((await diff(workspace)).changes.find(({ column }) => column === 'email')?.samples[0]).toEqual({ masked: true, characters: 9 });
  });

  it('says that nothing has settled yet, and that nothing has changed', async () => {
    using workspace = await changed(before);
    await workspace.parquet('in/items.parquet', 'select 1 as id');
    workspace.write({ 'flows/shop/entities/items.yml': 'name: items\n' });
    const { code, stdout } = await hygge(['schema', 'diff'], workspace.root);
    expect(code).toBe(0);
    expect(stdout).toContain('✓ shop.orders  4 columns, as settled\n');
    expect(stdout).toContain('– shop.items  nothing has settled yet: the first run accepts the columns (1)\n');
    expect(stdout).toContain('\nNothing has changed.\n');
  });

  it('tells of a source that is gone beside its entity, and looks at the others', async () => {
    using workspace = await changed(wider, '');
    workspace.write({ 'flows/shop/entities/items.yml': 'name: items\n' });
    const { code, stdout } = await hygge(['schema', 'diff'], workspace.root);
    expect(code).toBe(1);
    expect(stdout).toMatch(/✗ shop\.items {2}HYG-3\d+ .*\n(.*\n)* {4}try /);
    expect(stdout).toContain('! shop.orders  2 changes');
    expect(stdout).toContain('\nA run stops at 1 of 2 entities.\n');
    const json = await hygge(['schema', 'diff', '-e', 'shop.items', '--output', 'json'], workspace.root);
    expect(JSON.parse(json.stdout)).toMatchObject({ entity: 'items', stops: true, error: { code: expect.stringMatching(/^HYG-3/) } });
  });

  it('tells what else a change stops: the watermark has lost its column', async () => {
    using workspace = await changed(`select 1::bigint as id, 10::bigint as amount, 'x' as fax`, incremental);
    const { code, stdout } = await hygge(['schema', 'diff'], workspace.root);
    expect(code).toBe(1);
    expect(stdout).toMatch(/- seen {2}gone[\s\S]*HYG-2011 .*"seen"/);
  });

  it('compares with what is expected where that is written down, even before anything has settled', async () => {
    using workspace = new TestWorkspace({
      'flows/shop/flow.yml':
        'home: in/{entity}.parquet\nstore: lake\nentities: [orders]\nschema: { mode: strict, expected_schema_path: orders.json }\n',
      'orders.json': '{ "id": "int64", "amount": "string" }',
    });
    await workspace.parquet('in/orders.parquet', 'select 1::bigint as id, 2::bigint as amount');
    expect(await diff(workspace)).toMatchObject({
      code: 1,
      against: 'expected',
      changes: [{ kind: 'type', column: 'amount', before: 'string' }],
    });
  });
});

describe('hygge schema show', () => {
  it('has the columns as they settled, and what they come from', async () => {
    using workspace = await changed(after, `${incremental}schema_evolution: { type_changes: new_column }\n`);
    await hygge(['go'], workspace.root);
    const { stdout } = await hygge(['schema', 'show', 'shop.orders'], workspace.root);
    expect(stdout).toMatch(/^shop\.orders {2}6 columns since \d{4}-\d\d-\d\d \d\d:\d\d UTC, entity run \w+\.1\n\n/);
    const [, table = ''] = stdout.split('\n\n');
    expect(table.replaceAll(/ +$/gm, '')).toBe(`column         type           null  from    source type
id             int64          yes           INT64 INT_64
amount         int64          yes   (none)  INT64 INT_64
fax            string         yes           BYTE_ARRAY UTF8
seen           timestamp[us]  yes           INT64 TIMESTAMP
email          string         yes           BYTE_ARRAY UTF8
amount_string  string         yes   amount
`);
  });

  it('with --history tells each change, the run that brought it, and the policy that decided', async () => {
    using workspace = await changed(wider);
    await hygge(['go'], workspace.root);
    const { stdout } = await hygge(['schema', 'show', 'shop.orders', '--history', '--output', 'json'], workspace.root);
    const { history, run: latest } = JSON.parse(stdout) as {
      history: { run: string; changes: { kind: string; column: string; policy: string }[] }[];
      run: string;
    };
    expect(history.map(({ changes }) => changes.map(({ kind, column, policy }) => `${kind} ${column} (${policy})`))).toEqual([
      [],
      ['removed fax (remove_columns: warn)', 'added email (add_columns: auto)'],
    ]);
    expect(history.map(({ run: by }) => by === latest)).toEqual([false, true]);
    const text = await hygge(['schema', 'show', 'shop.orders', '--history'], workspace.root);
    expect(text.stdout).toMatch(/the first to settle\n[\s\S]* {2}\+ email string: it settles from now on \(add_columns: auto\)\n/);
  });
});
