/** A Delta table that flows write on real servers, read by DuckDB with the files that the log names, and by hygge's own home; another program appends in between. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { OtherCommitter } from '../../support/delta/other-committer.ts';
import { duck } from '../../support/duck.ts';
import type { LakePlace } from '../../support/lakes/lake.ts';
import { sharedLakes } from '../../support/lakes/test-lakes.ts';
import { treeIn } from '../../support/lakes/tree-in.ts';
import { TestWorkspace } from '../../support/workspace.ts';

const lakes = sharedLakes().filter(({ name }) => name === 'azure_blob' || name === 's3');
const day = (n: number) => `2026-01-${String(n).padStart(2, '0')}T00:00:00Z`;
const csv = (...rows: readonly (readonly [id: number, at: number, name: string])[]) =>
  ['id,at,name', ...rows.map(([id, at, name]) => `${id},${day(at)},${name}`), ''].join('\n');

/** A copy of the table on this machine, for as long as the look takes. */
async function copied<T>(lake: LakePlace, look: (folder: string, others: OtherCommitter) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'hygge-table-'));
  try {
    await lake.download('tables/orders', folder);
    return await look(folder, new OtherCommitter(folder));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const byDuck = (lake: LakePlace) =>
  copied(lake, async (folder, others) => {
    const selects = others.state().files.map(({ path, partitionValues }) => {
      const name = 'name' in partitionValues ? `'${partitionValues.name}' as name` : 'name';
      return `select id, ${name} from read_parquet('${join(folder, decodeURIComponent(path))}', hive_partitioning = false)`;
    });
    const found = await duck(`select id::varchar as id, name from (${selects.join(' union all ')}) order by all`);
    return found.map(({ id, name }) => `${id} ${name}`);
  });

/** Another program's append. The file goes up first, then the entry, only if there is none of its name. */
async function appended(lake: LakePlace, select: string, name: string | null): Promise<void> {
  const tree = await treeIn(lake, 'tables');
  await copied(lake, async (folder, others) => {
    const version = await others.append(select);
    const entry = `_delta_log/${String(version).padStart(20, '0')}.json`;
    const text = readFileSync(join(folder, entry), 'utf8');
    const partitioned = name === null ? text : text.replace('"partitionValues":{}', `"partitionValues":${JSON.stringify({ name })}`);
    const [file = ''] = readdirSync(folder).filter((one) => one.startsWith('other-'));
    await tree.put(`orders/${file}`, readFileSync(join(folder, file)), { ifNoneMatch: '*' });
    const { outcome } = await tree.put(`orders/${entry}`, new TextEncoder().encode(partitioned), { ifNoneMatch: '*' });
    expect(outcome).toBe('written');
  });
}

describe.each(lakes)('a Delta table that is a store, $name', ({ name, missing = '', start }) => {
  const isPartitioned = name === 'azure_blob';
  test.skipIf(missing !== '')(
    `takes loads and increments next to another program, ${isPartitioned ? 'partitioned' : 'plain'}${missing && ` (skipped: ${missing})`}`,
    async () => {
      await using lake = await start();
      const keys = isPartitioned ? 'format: delta, partition_by: [name]' : 'format: delta';
      const flow = `home: { path: in.csv }\nstore: ${lake.side('tables/orders', keys)}\nrun_type: incremental\nwatermark: { column: at }\n`;
      using workspace = new TestWorkspace({
        'flows/f/flow.yml': flow,
        'flows/back/flow.yml': `home: ${lake.side('tables/orders', 'format: delta')}\nstore: out\nrun_type: full_drop\n`,
        '.env': Object.entries(lake.env)
          .map(([name, value]) => `${name}=${JSON.stringify(value)}\n`)
          .join(''),
      });
      const go = async (source: string, ...args: readonly string[]) => {
        workspace.write({ 'in.csv': source });
        const run = await workspace.run(['go', '--output', 'json', ...args]);
        expect(run.code, run.stdout + run.stderr).toBe(0);
      };
      const hasRows = async (...wanted: readonly string[]) => {
        expect(await byDuck(lake)).toEqual(wanted);
        await go('', '-e', 'back.back');
        const back = await workspace.settled('out', 'back', 'back');
        expect(back.map(({ id, name }) => `${String(id)} ${String(name)}`).sort()).toEqual(wanted);
      };
      await go(csv([1, 1, 'a'], [2, 2, 'b c']), '-e', 'f.f');
      await hasRows('1 a', '2 b c');
      const columns = `select 8::bigint as id, '2026-01-09'::timestamptz as at`;
      await appended(lake, isPartitioned ? columns : `${columns}, 'd%' as name`, isPartitioned ? 'd%' : null);
      await go(csv([1, 1, 'a'], [2, 2, 'b c'], [3, 2, 'a'], [4, 3, 'é=']), '-e', 'f.f');
      await hasRows('1 a', '2 b c', '3 a', '4 é=', '8 d%');
      workspace.write({ 'flows/f/flow.yml': `${flow}if_exists: replace\n` });
      await go(csv([7, 1, 'a']), '-d', '-e', 'f.f');
      await hasRows('7 a');
      expect(await lake.unfinished()).toEqual([]);
    },
  );
});
