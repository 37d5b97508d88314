import { describe, expect, test } from 'vitest';
import { inProcess } from '../support/in-process.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { type DatabaseKind, duckdb, postgres } from './databases.ts';
import { hostileValues } from './hostile-values.ts';

/** A value of each type, as the engine writes it. The columns of a second row are null. */
const typesOf = (name: keyof typeof hostileValues, more: Readonly<Record<string, string>> = {}) =>
  Object.fromEntries([
    ...Object.entries(hostileValues[name]).flatMap(([type, [value]]) => (type === 'mood' || value === undefined ? [] : [[type, value]])),
    ...Object.entries(more),
  ]) as Readonly<Record<string, string>>;
const postgresMore = { oid: '4294967295', xml: "'<a/>'", timetz: "'10:00+02'", cidr: "'10.0.0.0/8'", macaddr: "'08:00:2b:01:02:03'" };
const duckdbMore = {
  "enum('a', 'b')": "'a'",
  'struct(a integer, b varchar)': "{a: 1, b: 'x'}",
  'map(varchar, integer)': "map {'a': 1}",
  bit: "'101'",
};
/** Judges the rows of a table by the contract that is proposed of its source, in the standard's form, and by the one that is proposed of what settled then. */
async function judgedByProposals(workspace: TestWorkspace, { config, table, secret }: { config: string; table: string; secret: string }) {
  const flow = (more: string) => `home: { connection: c, table: "${table}" }\nstore: lake\nentities: [e]\n${more}`;
  const hygge = (...args: readonly string[]) => inProcess([...args, '--no-color'], workspace.root, { SHOP_SECRET: secret });
  for (const [contract, flags] of [
    ['source.odcs.yaml', ['--odcs']],
    ['settled.yml', []],
  ] as const) {
    workspace.write({ 'hygge.yml': `name: w\n${config}`, 'flows/f/flow.yml': flow('') });
    const made = await hygge('generate', 'contract', 'f.e', ...flags, '--to', contract);
    expect(made.code, made.stdout + made.stderr).toBe(0);
    workspace.write({ 'flows/f/flow.yml': flow(`validation: { contract: ${contract}, mode: fail }\n`) });
    const run = await hygge('go', '-d');
    expect([run.code, run.stdout], contract).toEqual([0, expect.stringContaining('ERROR=0')]);
  }
}

describe.each<readonly [DatabaseKind, Readonly<Record<string, string>>]>([
  [postgres, typesOf('PostgreSQL', postgresMore)],
  [duckdb, typesOf('DuckDB', duckdbMore)],
])('a table with every type of %o', ({ name, missing, open }, types) => {
  test.skipIf(missing !== '')(`keeps the contract that is proposed of it: ${name}`, async () => {
    await using database = await open();
    const columns = Object.keys(types).map((type, i) => `c${i} ${type}`);
    await database.sql(
      `create table t (id int not null, ${columns.join(', ')})`,
      `insert into t values (1, ${Object.values(types).join(', ')})`,
      `insert into t (id) values (2)`,
    );
    using workspace = new TestWorkspace();
    await judgedByProposals(workspace, { config: `connections: { c: ${database.connection} }\n`, table: 't', secret: database.password });
  });
});
