import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { measure } from '../../bench/measure.ts';
import { duck } from '../support/duck.ts';
import { noPostgres, postgresDatabase, type TestDatabase } from '../support/postgres.ts';
import { buildOnce, hyggeCommand } from '../support/run-hygge.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { record } from './record.ts';

/** Rows of the one large table; of those of several at once each has a fiftieth. */
const rows = Number(process.env.ROWS ?? 100_000_000);
const few = Math.ceil(rows / 50);
const megabyte = 1024 * 1024;

const shape = 'id bigint, qty integer, amount numeric(12,2), seen timestamptz, code text, note text';
const made = (count: number) =>
  `select i, (i % 1000)::integer, (i % 99999) / 100.0, timestamptz '2020-01-01 00:00:00+00' + i * interval '1 second', 'c' || i % 5000, case when i % 7 = 0 then null else 'note ' || i end from generate_series(1, ${count}) i`;
/** The same in PostgreSQL and in DuckDB. */
const sums = `count(*)::text || ' ' || sum(id)::text || ' ' || sum(qty)::text || ' ' || sum(amount)::text || ' ' || count(note)::text || ' ' || sum(length(note))::text || ' ' || max(seen)::date::text || ' ' || count(distinct code)::text as sums`;

describe.skipIf(noPostgres() !== '')(`${rows.toLocaleString('en')} rows of PostgreSQL (ROWS=${rows})`, () => {
  let db: TestDatabase;
  let workspace: TestWorkspace;
  beforeAll(async () => {
    buildOnce();
    db = await postgresDatabase();
    await db.sql(
      `set synchronous_commit = off; create unlogged table large (${shape}); insert into large ${made(rows)}; alter table large add primary key (id); analyze large`,
    );
    const keys = { type: 'postgres', host: db.host, port: db.port, database: db.database, user: db.user, password: db.password };
    workspace = new TestWorkspace({
      'hygge.yml': `name: large\nconnections:\n  pg: ${JSON.stringify(keys)}\n`,
      'flows/out/flow.yml': 'home: { connection: pg, table: large }\nstore: lake\n',
      'flows/back/flow.yml': 'home: lake/*.parquet\nstore: { connection: pg, table: again }\n',
    });
  });
  afterAll(async () => {
    workspace[Symbol.dispose]();
    await db[Symbol.asyncDispose]();
  });

  const go = (...args: readonly string[]) => measure({ name: 'hygge', args: [hyggeCommand, 'go', ...args], cwd: workspace.root });
  const took = ({ wallMs, peakBytes }: Awaited<ReturnType<typeof go>>) =>
    `${(wallMs / 1000).toFixed(0)} s, at most ${((peakBytes ?? 0) / megabyte).toFixed(0)} MB`;
  const sumsOf = async (table: string) => (await db.sql(`select ${sums} from ${table}`))[0]?.sums;

  test('settle as parquet and come back, each once', async () => {
    const there = await go('--flow', 'out');
    const source = await sumsOf('large');
    expect(await duck("set timezone = 'UTC'", `select ${sums} from read_parquet('${workspace.path('lake')}/*.parquet')`)).toEqual([
      { sums: source },
    ]);
    const back = await go('--flow', 'back');
    expect(await sumsOf('again')).toBe(source);
    record(
      `${rows.toLocaleString('en')} rows, PostgreSQL to parquet and back`,
      `${took(there)}; back ${took(back)}; sums of every column equal`,
    );
    await db.sql('drop table again; drop table large');
  });

  test.each([2, 4, 8, 16])('%i tables at once stay within their memory, whatever the size of batches', async (count) => {
    const names = Array.from({ length: count }, (_, at) => `t${at}`);
    for (const name of names) await db.sql(`create unlogged table ${name} (${shape}); insert into ${name} ${made(few)}; analyze ${name}`);
    const came: string[] = [];
    for (const batch of [1_000, 50_000, 500_000]) {
      const folder = `many_${count}_${batch}`;
      workspace.write({
        [`flows/${folder}/flow.yml`]: `home: { connection: pg, table: "{entity}" }\nstore: ${folder}/{entity}\nbatch_size: ${batch}\nentities: [${names}]\n`,
      });
      const run = await go('--flow', folder);
      came.push(`batches of ${batch.toLocaleString('en')} ${took(run)}`);
      expect((run.peakBytes ?? 0) / megabyte, `${batch}`).toBeLessThan(700);
      expect(await duck(`select count(*)::int as n from read_parquet('${workspace.path(folder)}/*/*.parquet')`)).toEqual([
        { n: count * few },
      ]);
    }
    record(`${count} tables of PostgreSQL at once, ${few.toLocaleString('en')} rows each`, came.join('; '));
    await db.sql(`drop table ${names}`);
  });
});
