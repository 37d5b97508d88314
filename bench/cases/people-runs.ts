import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { columnKinds, columnOf } from '../data.ts';
import { type Measurement, measure } from '../measure.ts';
import { quantile } from '../pairs.ts';
import { hygge, workspace } from '../workspace.ts';
import { atMost, type BenchCase } from './case.ts';
import { rowsOf } from './people.ts';
import { type Client, postgres } from './servers.ts';

const run = promisify(execFile);
const changedRows = 20_000;
const tables = Array.from({ length: 50 }, (_, at) => `small_${at}`);

/** What the size of a table must not slow down: runs with little or nothing to do, and many small tables. PostgreSQL on both sides. */
export const peopleRuns: BenchCase = {
  name: 'people-runs',
  absent: postgres.absent,
  async run(scale) {
    await using client = await postgres.start();
    const count = scale.quick ? 100_000 : 5_000_000;
    const times = scale.pairs ?? (scale.quick ? 1 : 3);
    const { table } = await rowsOf(scale, client, { mix: 'people', count });
    scale.say(`settling ${count.toLocaleString('en')} rows…`);
    await asked(
      client,
      `alter table ${table} add column changed bigint`,
      `update ${table} set changed = id`,
      `vacuum full analyze ${table}`,
    );
    await using large = await workspace(scale.folder, {
      'hygge.yml': 'name: bench\n',
      'flows/copy/flow.yml': JSON.stringify({
        home: client.keysOf(table),
        store: client.keysOf('settled'),
        ...{ run_type: 'incremental', write_strategy: 'merge', watermark: { column: 'changed', key: ['id'] } },
      }),
    });
    const go = (folder: string, ...more: readonly string[]) => measure({ name: 'hygge go', args: [hygge, 'go', '-C', folder, ...more] });
    await go(large.folder);
    await asked(
      client,
      `create index on ${table} (changed)`,
      // hygge has made the index of its own table.
      'vacuum analyze settled',
      'create table by_psql as table settled',
      'create unique index on by_psql (id)',
      'vacuum analyze by_psql',
      'checkpoint',
    );
    const [merges, nothing, small]: [Measurement[], Measurement[], Measurement[]] = [[], [], []];
    const byPsql: number[] = [];
    for (let time = 0; time < times; time++) {
      scale.say('a merge, and nothing new…');
      const newest = `(select max(changed) from ${table})`;
      const some = `select id from ${table} order by hashint8(id + ${time}) limit ${changedRows}`;
      await asked(client, `update ${table} set changed = ${newest} + 1 + id % 1000, qty = qty + 1 where id in (${some})`, 'checkpoint');
      merges.push(await go(large.folder));
      nothing.push(await go(large.folder));
      byPsql.push(await mergedByPsql(client, table));
    }
    await asked(
      client,
      ...tables.map((name, at) => `create table ${name} as select * from ${table} order by id limit 1000 offset ${at * 1000}`),
    );
    await using many = await workspace(scale.folder, {
      'hygge.yml': 'name: bench\n',
      'flows/all/flow.yml': JSON.stringify({
        home: client.keysOf('{entity}'),
        store: client.keysOf('copy_of_{entity}'),
        entities: tables,
      }),
    });
    for (let time = 0; time < times; time++) {
      await many.empty();
      await asked(
        client,
        ...tables.map((name) => `drop table if exists copy_of_${name}`),
        'drop schema if exists hygge_staging, hygge_metadata cascade',
      );
      small.push(await go(many.folder));
    }
    const seconds = (of: readonly Measurement[], time: 'wallMs' | 'cpuMs'): number =>
      quantile(
        of.map((one) => one[time]),
        0.5,
      ) / 1000;
    const figures = [
      { name: `a merge of ${changedRows.toLocaleString('en')} rows by an index`, of: merges, limit: 1.2 },
      { name: 'nothing new', of: nothing, limit: 0.4 },
      { name: '50 tables of 1,000 rows', of: small, limit: 2.5 },
    ];
    const checks = figures.map(({ name, of, limit }) => atMost(name, seconds(of, 'wallMs'), limit, 's'));
    const notes = [
      ...figures.map(({ name, of }) => `${name}: ${seconds(of, 'cpuMs').toFixed(2)} s of processor time`),
      `the same merge by statements of psql: ${(quantile(byPsql, 0.5) / 1000).toFixed(2)} s`,
    ];
    const what = `PostgreSQL → PostgreSQL, a destination of ${count.toLocaleString('en')} rows as people have them: time of a run`;
    return { name: this.name, what, checks, notes };
  },
};

/** The same rows into a table of its own, by an UPDATE and an INSERT. @returns milliseconds. */
async function mergedByPsql(client: Client, table: string): Promise<number> {
  const columns = [...columnKinds.map(columnOf), 'changed'];
  const sets = columns.filter((name) => name !== 'id').map((name) => `${name} = c.${name}`);
  const begun = performance.now();
  await asked(
    client,
    `create temp table c as select ${columns.join(', ')} from ${table} where changed > (select max(changed) from by_psql)`,
    `update by_psql p set ${sets.join(', ')} from c where c.id = p.id`,
    `insert into by_psql (${columns.join(', ')}) select ${columns.join(', ')} from c where not exists (select 1 from by_psql p where p.id = c.id)`,
  );
  return performance.now() - begun;
}

async function asked(client: Client, ...statements: readonly string[]): Promise<void> {
  await run(client.program, [...client.ask(...statements)], { env: { ...process.env, ...client.env } });
}
