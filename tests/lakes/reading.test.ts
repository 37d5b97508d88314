import { readFile } from 'node:fs/promises';
import { describe, expect, test, vi } from 'vitest';
import { hygge } from '../cli/workspace.ts';
import { count } from '../support/duck.ts';
import type { Fault } from '../support/fault-proxy.ts';
import { growingRows } from '../support/kill-rounds.ts';
import { type FaultyLake, faultyKinds } from '../support/lakes/faulty.ts';
import { treeIn } from '../support/lakes/tree-in.ts';
import { sampled, whole } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';

vi.mock('node:timers/promises', async (original) =>
  (await import('../support/lakes/no-pauses.ts')).withoutPauses(original as () => Promise<typeof import('node:timers/promises')>),
);

const faults: readonly Fault[] = ['drop before', 'cut', { status: 503, retryAfter: 1 }, 'drop after', { status: 429, retryAfter: 1 }];

/** Two files in the lake, each larger than what is fetched at once, and a flow that loads all of it anew. */
async function withSource(lake: FaultyLake): Promise<TestWorkspace> {
  const env = Object.entries(lake.env).map(([name, value]) => `${name}=${JSON.stringify(value)}\n`);
  const workspace = new TestWorkspace({
    'flows/f/flow.yml': `home: ${lake.side('in')}\nstore: out\nrun_type: full_drop\n`,
    '.env': env.join(''),
  });
  const files = await treeIn(lake, 'in');
  for (const i of [0, 1]) {
    const noise = 'md5(random()::text) || md5(random()::text) || md5(random()::text) as noise';
    const rows = `select *, ${noise} from (${growingRows(i * 3_000, (i + 1) * 3_000)})`;
    await workspace.parquet(`source/${i}.parquet`, rows, ', row_group_size 2048, compression uncompressed');
    await files.put(`${i}.parquet`, await readFile(workspace.path('source', `${i}.parquet`)), { ifNoneMatch: '*' });
  }
  return workspace;
}

async function differing(workspace: TestWorkspace): Promise<number> {
  const [source, out] = ['source', 'out'].map((folder) => `'${workspace.path(folder)}/*.parquet'`);
  return count(`select count(*) as n from ((from ${source} except all from ${out}) union all (from ${out} except all from ${source}))`);
}

const go = (workspace: TestWorkspace) => hygge(['go', '--output', 'json'], workspace.root);

/** All of them in a soak: what a request does that is lost is a rule of file systems, whose own tests have each of them. */
const kinds = faultyKinds().filter(({ name }) => whole || ['gcs', 'azure_blob'].includes(name));

describe.each(kinds)('a home in $name', (kind) => {
  test.skipIf(kind.missing)('gives each row once while requests are lost, cut short and refused', async () => {
    await using lake = await kind.start();
    using workspace = await withSource(lake);
    for (const turn of sampled(faults.keys(), faults.length)) {
      let asked = 0;
      let met = 0;
      // Never the same request twice: that one would be given up.
      lake.rule(() => {
        const fault = asked++ % 3 === 0 ? faults[(turn + met) % faults.length] : undefined;
        met += fault === undefined ? 0 : 1;
        return fault;
      });
      const { code, stdout } = await go(workspace);
      lake.rule(() => undefined);
      expect(code, stdout).toBe(0);
      expect(await differing(workspace)).toBe(0);
      expect(met).toBeGreaterThan(1);
    }
  });

  const changes = [
    { what: 'vanishes', code: 'HYG-3202', inSome: 'gcs' },
    { what: 'changes', code: 'HYG-3203', inSome: 'azure_blob' },
  ];
  // What a lake says to a version that is no more is a rule of file systems.
  test.skipIf(kind.missing).each(changes.filter(({ inSome }) => whole || kind.name === inSome))(
    'of which a file $what while it is read settles nothing, and says so',
    async ({ what, code }) => {
      await using lake = await kind.start();
      using workspace = await withSource(lake);
      const files = await treeIn(lake, 'in');
      const { promise: done, resolve, reject } = Promise.withResolvers<void>();
      let reads = 0;
      const change = async (): Promise<void> => {
        lake.rule(() => undefined);
        if (what === 'vanishes') return await files.remove('1.parquet');
        // In one step: between a removal and a new file somebody could see it gone.
        const other = await readFile(workspace.path('source', '0.parquet'));
        const { etag: ifMatch = '' } = (await files.get('1.parquet')) ?? {};
        expect(await files.put('1.parquet', other, { ifMatch })).toMatchObject({ outcome: 'written' });
      };
      // The first answers make the plan: this comes between the plan and the rows of both files, or one is read before it is another.
      lake.rule(({ method, what: about }) => {
        if (method !== 'GET' || !about.includes('part') || ++reads < 3) return undefined;
        if (reads === 4) change().then(resolve, reject);
        return { hold: done };
      });
      const ended = await go(workspace);
      expect(reads, 'the file was changed').toBeGreaterThanOrEqual(4);
      await done;
      expect(ended.code).toBe(1);
      expect(ended.stdout).toContain(code);
    },
  );
});
