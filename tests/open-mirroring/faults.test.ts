import { afterAll, beforeAll, expect, test } from 'vitest';
import { workspace as fabricWorkspace } from '../support/azure-hosts/azure.ts';
import { duck } from '../support/duck.ts';
import { type Fabric, mirror, startFabricHere } from '../support/fabric-replicator/fabric.ts';
import { SEED, whole } from '../support/samples.ts';
import { mulberry } from '../support/sim/dice.ts';
import { TestWorkspace } from '../support/workspace.ts';

let fabric: Fabric;
beforeAll(async () => {
  fabric = await startFabricHere({ replicator: { lastFileStays: false } });
});
afterAll(() => fabric[Symbol.asyncDispose]());

/** Of the runs, one after another; the last is `none`. */
const faults = ['none', 'refused from there on', 'answer lost', 'refused from there on', 'busy once', 'none'] as const;

/** From the nth request that changes something. Answers how many there were. */
function plant(kind: (typeof faults)[number], nth: number): () => number {
  let changes = 0;
  fabric.azure.dfs.rule(({ method }) => {
    if (method === 'GET' || method === 'HEAD') return undefined;
    changes++;
    if (kind === 'refused from there on' && changes >= nth) return { status: 403, code: 'AuthorizationPermissionMismatch' };
    if (changes !== nth) return undefined;
    return kind === 'answer lost' ? 'drop after' : kind === 'busy once' ? { status: 503, code: 'ServerBusy' } : undefined;
  });
  return () => changes;
}

/** Of each key the newest row, as JSON. */
async function newestIn(folder: string): Promise<readonly string[]> {
  const rows = await duck(
    `select id, changed::varchar as changed, note from '${folder}/*.parquet' qualify row_number() over (partition by id order by changed desc) = 1`,
  );
  return rows.map(({ id, changed, note }) => JSON.stringify([String(id), changed, note])).sort();
}

async function mirrored(table: string): Promise<readonly string[]> {
  await fabric.replicator.turn();
  if (fabric.replicator.table(table) === undefined) return [];
  const rows = await fabric.replicator.query(`select id, changed::varchar as changed, note from "${table}"`);
  return rows.map(({ id, changed, note }) => JSON.stringify([String(id), changed, note])).sort();
}

test.each(whole ? [0, 1] : [0])(
  `runs that OneLake refuses, answers late or not at all leave the table right whenever they say so (%i)`,
  async (nth) => {
    const chance = mulberry(SEED + nth);
    const table = `faulted${nth}`;
    using workspace = new TestWorkspace({
      'flows/up/flow.yml': `home: in\nstore: { type: open_mirroring, workspace: ${fabricWorkspace.id}, mirror_name: ${mirror.id}, target_file_size: 1KB }\nrun_type: incremental\nwatermark: { column: changed, key: [id] }\nentities: [${table}]\n`,
    });
    const folder = workspace.path('in', table);
    const told: string[] = [];
    const go = async () => {
      const { events } = await workspace.run(['go', '--output', 'json'], { env: fabric.azure.env });
      const summary = events.at(-1) as { pass?: number; skip?: number; error?: number } | undefined;
      return summary?.error === 1 ? 'error' : summary?.pass === 1 || summary?.skip === 1 ? 'right' : JSON.stringify(summary);
    };
    for (let run = 1; run <= 6; run++) {
      const from = Math.floor(chance() * 40);
      // Rows of a key in any order, over several files.
      for (const file of [0, 1])
        await workspace.parquet(
          `in/${table}/${run}-${file}.parquet`,
          `select range::bigint as id, timestamp '2026-01-01' + interval (${run * 10 + (file === 0 ? 5 : 2)}) hour as changed, 'run ${run}, file ${file}' as note from range(${from}, ${from + 30})`,
        );
      const kind = faults[(run + nth) % faults.length] ?? 'none';
      const changes = plant(kind, 1 + Math.floor(chance() * 13));
      const ended = await go();
      told.push(`${kind} of ${changes()}: ${ended}`);
      fabric.azure.dfs.rule(() => undefined);
      if (chance() < 0.5) await fabric.replicator.turn();
      if (ended === 'right') expect(await mirrored(table), told.join('; ')).toEqual(await newestIn(folder));
      else expect(ended, told.join('; ')).toBe('error');
    }
    expect(await go(), told.join('; ')).toBe('right');
    expect(await mirrored(table), told.join('; ')).toEqual(await newestIn(folder));
    expect(fabric.replicator.violations, told.join('; ')).toEqual([]);
    const taken = fabric.replicator.table(table)?.taken ?? [];
    expect(taken.map((name) => Number(name.slice(0, 20)))).toEqual(taken.map((_, i) => i + 1));
  },
);
