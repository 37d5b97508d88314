import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { duck } from '../support/duck.ts';
import { TestWorkspace } from '../support/workspace.ts';

/** Polars takes the first three for patterns: all columns, those that begin with `a`, and one that begins with `b`. */
const head = '*,^a.*$,^b.*$,abc,bcd';
const rows = ['1,2,3,40,50', '2,-2,3,40,50', '3,2,-3,40,50', '4,2,3,-40,-50'];

function shop(flow: string, contract?: string) {
  return new TestWorkspace({
    'hygge.yml': 'name: w\n',
    'in/e.csv': `${head}\n${rows.join('\n')}\n`,
    'flows/f/flow.yml': `home: "in/{entity}.csv"\nentities: [e]\n${flow}\n`,
    ...(contract === undefined ? {} : { 'c.yml': contract }),
  });
}

const goes = async (workspace: TestWorkspace, ...args: readonly string[]) => {
  const { code, stdout } = await workspace.run(args.length === 0 ? ['go'] : args);
  return { code, said: stdout.replace(/\s+/g, ' ') };
};

async function settled(workspace: TestWorkspace): Promise<readonly string[]> {
  const { stdout } = await workspace.run(['query', 'select * from f.e', '--output', 'json']);
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => Object.values(JSON.parse(line) as Record<string, unknown>).join(','))
    .sort();
}

describe('columns whose names Polars takes for patterns', () => {
  test('are renamed, masked and filtered alone, and no column that such a pattern would match', async () => {
    using workspace = shop(
      'store: { path: lake, format: csv }\nmigrations: [{ rename: { "^a.*$": a } }]\npolish: { mask: { columns: { "*": null } } }',
    );
    expect((await goes(workspace)).code).toBe(0);
    const [first] = await duck(`select * from read_csv('${workspace.path('lake/e/*.csv')}', all_varchar = true) order by abc desc, "a"`);
    expect(first).toEqual({ '*': null, a: '-2', '^b.*$': '3', abc: '40', bcd: '50' });
  });

  test('are judged by rules, conditions and checks, and no other column', async () => {
    using workspace = shop(
      `store: { path: lake, format: csv }
validation:
  contract: c.yml
  mode: quarantine
  quality: { checks: [{ type: range, column: "*", of: max, max: 9 }, { type: completeness, column: "^a.*$", threshold: 1 }] }`,
      `columns: { "*": { type: int64, unique: true }, "^a.*$": { type: int64, min: 0, less_than: abc }, "^b.*$": int64, abc: int64, bcd: int64 }
rules:
  - { name: b is positive, check: '"^b.*$" > 0' }
  - { name: abc is positive, check: abc + \`*\` > 0, when: bcd <> 0 }
`,
    );
    const { code, said } = await goes(workspace);
    expect([code, said]).toEqual([0, expect.stringContaining('WARN=1')]);
    expect(await settled(workspace)).toEqual(rows.slice(0, 1));
    const { stdout } = await workspace.run(['quarantine', 'show', 'f.e', '--output', 'json']);
    const apart = stdout
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(apart.map((row) => [Number(row['*']), row._rule]).sort()).toEqual([
      [2, '^a.*$ min'],
      [3, 'b is positive'],
      [4, '^a.*$ less_than abc'],
    ]);
    expect((await goes(workspace, 'verify', '--contract')).code).toBe(0);
  });

  test('that hygge gives to columns of its own may be those of the data', async () => {
    using workspace = shop(
      'store: { path: lake, format: csv }\nvalidation: { contract: c.yml, mode: quarantine }',
      `complete: false\ncolumns: { "_hygge rule 0": { type: int64, min: 0 } }\nrules: [{ name: r, check: '"_hygge condition 0" + "_hygge own 0" > 0' }]\n`,
    );
    workspace.write({ 'in/e.csv': '_hygge rule 0,_hygge condition 0,_hygge own 0\n1,2,3\n-1,2,3\n4,-2,1\n' });
    expect((await goes(workspace)).code).toBe(0);
    expect(await settled(workspace)).toEqual(['1,2,3']);
  });

  test('that are not there are no columns, though a pattern would match others', async () => {
    using workspace = shop(
      'store: { path: lake, format: csv }\nvalidation: { contract: c.yml }',
      `columns: { abc: int64, bcd: int64 }\nrules: [{ name: r, check: '"^ab.*$" > 0' }]\n`,
    );
    const { code, stderr } = await workspace.run(['check']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('There is no column `^ab.*$` in the contract.')]);
    workspace.write({ 'c.yml': `complete: false\nrules: [{ name: r, check: '"^ab.*$" > 0' }]\n` });
    expect(await goes(workspace)).toMatchObject({ code: 1, said: expect.stringContaining('HYG-2120') });
  });

  test('are read from a database and compared by their key', async () => {
    using workspace = shop('');
    using source = new DatabaseSync(workspace.path('src.db'));
    source.exec('create table e ("*" integer primary key, "^a.*$" text, abc integer); insert into e values (1, \'x\', 1), (2, \'y\', 2)');
    workspace.write({
      'flows/f/flow.yml': `home: { type: sqlite, path: src.db, table: e }
store: { type: duckdb, path: out.duckdb, table: e }
entities: [e]
run_type: incremental
watermark: { column: abc, key: ["*"] }
`,
    });
    for (const more of ['update e set "^a.*$" = \'z\', abc = 3 where "*" = 1', "insert into e values (5, 'n', 5)"]) {
      expect((await goes(workspace)).code).toBe(0);
      source.exec(more);
    }
    expect((await goes(workspace)).code).toBe(0);
    expect(await settled(workspace)).toEqual(['1,z,3', '2,y,2', '5,n,5']);
    expect((await goes(workspace, 'verify')).code).toBe(0);
  });
});
