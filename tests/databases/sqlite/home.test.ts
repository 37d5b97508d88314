import { describe } from 'vitest';
import { homeConformance, readBothWays } from '../../support/connector-conformance/home.ts';
import { plainFrame, plainRows as rows } from '../../support/connector-conformance/plain-rows.ts';
import { sampled } from '../../support/samples.ts';
import { SqliteTestFile, sqliteHomes } from '../../support/sqlite-file.ts';

/** The same rows, in each kind of thing that can be read. */
const sources: Readonly<Record<string, { readonly sql: readonly string[]; readonly config: Readonly<Record<string, unknown>> }>> = {
  'a table': { sql: ['create table t (id integer, mark bigint)'], config: { table: 't' } },
  'a table without rowid': {
    sql: ['create table t (n text primary key default (hex(randomblob(8))), id int, mark int) without rowid'],
    config: { table: 't', columns: ['id', 'mark'] },
  },
  'a strict table': { sql: ['create table t (id int, mark int) strict'], config: { table: 'main.t' } },
  'a query': { sql: ['create table t (id bigint, mark bigint)'], config: { query: 'select id, mark from t -- all of them' } },
  'a view': { sql: ['create table t (id bigint, mark bigint)', 'create view v as select * from t'], config: { table: 'v' } },
};

describe('SQLite', () => {
  for (const [name, steps] of sampled(readBothWays(Object.keys(sources)), 3)) {
    const { sql, config } = sources[name] as (typeof sources)[string];
    describe(`${name}, whose slices are read ${steps}:`, () =>
      homeConformance(`${name} of SQLite`, async () => {
        const file = new SqliteTestFile();
        const values = rows.map(({ id, mark }) => `(${id}, ${mark})`).join(', ');
        file.sql('select 1', ...sql, `insert into t (id, mark) values ${values}`);
        const homes = sqliteHomes(file);
        // In one process one handle plans and reads; else any other may.
        const one = steps === 'here' ? homes.home(config, steps) : undefined;
        return {
          open: () => one ?? homes.home(config, steps),
          rows,
          read: plainFrame,
          async [Symbol.asyncDispose]() {
            await homes[Symbol.asyncDispose]();
            file[Symbol.dispose]();
          },
        };
      }));
  }
});
