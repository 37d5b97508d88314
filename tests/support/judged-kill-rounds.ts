/** Sources of which one row in a hundred breaks a rule: each row settles or lies apart, once, however often hygge is killed. */
import { readFileSync } from 'node:fs';
import { type Growing, growingFlow, growingRows } from './kill-rounds.ts';
import type { SqliteTestFile } from './sqlite-file.ts';
import type { TestWorkspace } from './workspace.ts';

const files = (store: string): Readonly<Record<string, string>> => ({
  'flows/f/flow.yml': `${growingFlow['flows/f/flow.yml'].replace('store: lake', () => `store: ${store}`)}validation: { contract: noise.yml, mode: quarantine }\n`,
  'noise.yml': 'columns: { noise: { type: string, nullable: false } }\ncomplete: false\n',
});

const isBroken = 'id % 100 = 3';

/** Rows of SQL with the place in which they have to lie. */
const placed = (rows: string, place: string) => `select id, "at", noise, ${place} as place from ${rows}`;

const source: Pick<Growing, 'step' | 'write' | 'source'> = {
  step: 20_000,
  write: (workspace, from, to) =>
    workspace.parquet(
      `in/${from}.parquet`,
      `select id, "at", case when ${isBroken} then null else noise end as noise from (${growingRows(from, to)})`,
      ', row_group_size 5000',
    ),
  source: (workspace) => `(${placed(`'${workspace.path('in')}/*.parquet'`, `case when ${isBroken} then 'apart' else 'settled' end`)})`,
};

interface Judged {
  readonly flow: Readonly<Record<string, string>>;
  readonly growing: Growing;
}

const both = (settled: string, apart: string) => `(${placed(settled, `'settled'`)} union all ${placed(apart, `'apart'`)})`;

/** In a folder: as its manifest says, and as a listing of it shows, in which nothing may lie that the manifest has not. */
export const judgedIntoFiles: Judged = {
  flow: files('lake'),
  growing: {
    ...source,
    listed: (workspace) =>
      both(`'${workspace.path('lake')}/*.parquet'`, `read_parquet('${workspace.path('lake')}/_hygge/f/f/quarantine/*.parquet')`),
    settled: (workspace) => {
      const manifest = JSON.parse(readFileSync(workspace.path('lake', '_hygge', 'f', 'f', 'current.json'), 'utf8')) as Readonly<
        Record<'files' | 'quarantine', readonly { readonly name: string }[]>
      >;
      const read = (of: 'files' | 'quarantine') =>
        `read_parquet([${manifest[of].map(({ name }) => `'${workspace.path('lake', name)}'`).join(', ')}], hive_partitioning = false)`;
      return both(read('files'), read('quarantine'));
    },
  },
};

/** In tables of a file of SQLite: `settled`, and that of rejected rows. */
export function judgedIntoSqlite(file: SqliteTestFile): Judged {
  const csv = (rows: readonly Readonly<Record<string, unknown>>[]) =>
    `id,at,noise\n${rows.map(({ id, at, noise }) => `${String(id)},${String(at)},${noise === null ? '' : String(noise)}\n`).join('')}`;
  const read = (workspace: TestWorkspace, name: string) =>
    `read_csv('${workspace.path(`${name}.csv`)}', types = {id: 'BIGINT', "at": 'TIMESTAMP', noise: 'VARCHAR'})`;
  return {
    flow: files(`{ type: sqlite, path: ${file.path}, table: settled }`),
    growing: {
      ...source,
      listed: (workspace) => both(read(workspace, 'settled'), read(workspace, 'apart')),
      async fetch(workspace) {
        const apart = file.sql(`select "row" from hygge_metadata_rejected where role = 'broken'`);
        workspace.write({
          'settled.csv': csv(file.sql('select id, at, noise from settled')),
          'apart.csv': csv(apart.map(({ row }) => JSON.parse(String(row)) as Readonly<Record<string, unknown>>)),
        });
        const staged = file.sql(
          `select name from sqlite_schema where name like 'hygge_staging%' union select name from hygge_metadata_staged`,
        );
        return staged.map(({ name }) => String(name));
      },
    },
  };
}
