import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { count } from '../support/duck.ts';
import { sharedLakes } from '../support/lakes/test-lakes.ts';
import { treeIn } from '../support/lakes/tree-in.ts';
import { whole } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';

const incremental = 'run_type: incremental\nwatermark: { column: id }\n';

/** ADLS and OneLake have one client, which a packed app has as well: functions-host/packed.test.ts. */
const lakes = sharedLakes().filter(({ name }) => whole || !['adls', 'onelake'].includes(name));

/** Other tests of lakes run the sources in their own process: what a bundle makes of the services' clients is seen here. */
describe.each(lakes)('the bundle, as a process of its own, and $name', (kind) => {
  it.skipIf(kind.missing !== undefined)('bring rows there and back', async () => {
    await using lake = await kind.start();
    using workspace = new TestWorkspace({
      'flows/up/flow.yml': `home: in\nstore: ${lake.side('up')}\n${incremental}`,
      'flows/down/flow.yml': `home: ${lake.side('raw')}\nstore: down\n${incremental}`,
    });
    await workspace.parquet('in/1.parquet', "select range as id, 'row ' || range as name from range(3000)");
    const raw = await treeIn(lake, 'raw');
    await raw.put('1.parquet', await readFile(workspace.path('in/1.parquet')), { ifNoneMatch: '*' });
    const run = await workspace.start(['go'], { env: lake.env }).done;
    expect(run.code, run.stdout + run.stderr).toBe(0);
    await lake.download('up', workspace.path('up'));
    for (const folder of ['up', 'down']) {
      const there = `'${workspace.path(folder)}/*.parquet'`;
      expect(await count(`select count(*) as n from ${there}`)).toBe(3000);
      expect(
        await count(`select count(*) as n from (from '${workspace.path('in')}/*.parquet' except all select id, name from ${there})`),
      ).toBe(0);
    }
  });
});
