import { describe } from 'vitest';
import { homeConformance, readBothWays } from '../../support/connector-conformance/home.ts';
import { plainFrame, plainRows as rows } from '../../support/connector-conformance/plain-rows.ts';
import { threads } from '../../support/duck.ts';
import { DuckdbTestFile, duckdbHomes } from '../../support/duckdb-file.ts';
import { sampled } from '../../support/samples.ts';

/** The same rows, in each kind of thing that can be read. */
const sources: Readonly<Record<string, { readonly sql: readonly string[]; readonly config: Readonly<Record<string, unknown>> }>> = {
  'a table': { sql: ['create table t (id integer, mark bigint)'], config: { table: 't' } },
  'a query': { sql: ['create table t (id bigint, mark bigint)'], config: { query: 'from t select id, mark -- all of them' } },
  'a view': { sql: ['create table t (id bigint, mark bigint)', 'create view v as select * from t'], config: { table: 'v' } },
};

describe('DuckDB', () => {
  for (const [name, steps] of sampled(readBothWays(Object.keys(sources)), 6, 5)) {
    const { sql, config } = sources[name] as (typeof sources)[string];
    describe(`${name}, whose slices are read ${steps}:`, () =>
      homeConformance(`${name} of DuckDB`, async () => {
        const file = new DuckdbTestFile();
        const values = rows.map(({ id, mark }) => `(${id}, ${mark})`).join(', ');
        await file.sql(...sql, `insert into t (id, mark) values ${values}`);
        const homes = duckdbHomes(file, { threads });
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
