import { describe, expect, it } from 'vitest';
import { count } from '../support/duck.ts';
import { sharedLakes } from '../support/lakes/test-lakes.ts';
import { TestWorkspace } from '../support/workspace.ts';

const incremental = 'run_type: incremental\nwatermark: { column: id }\n';

/** Other tests of lakes run the sources in their own process: what a bundle makes of the services' clients is seen here. */
describe.each([...sharedLakes()])('the bundle, as a process of its own, and $name', (kind) => {
  it.skipIf(kind.missing !== undefined)('bring rows there and back', async () => {
    await using lake = await kind.start();
    using workspace = new TestWorkspace({
      'flows/up/flow.yml': `home: in\nstore: ${lake.side('raw')}\n${incremental}`,
      'flows/down/flow.yml': `home: ${lake.side('raw')}\nstore: out\n${incremental}`,
    });
    await workspace.parquet('in/1.parquet', "select range as id, 'row ' || range as name from range(3000)");
    for (const flow of ['up', 'down']) {
      const run = await workspace.start(['go', '--flow', flow], { env: lake.env }).done;
      expect(run.code, run.stdout + run.stderr).toBe(0);
    }
    const both = [`'${workspace.path('in')}/*.parquet'`, `'${workspace.path('out')}/*.parquet'`] as const;
    expect(await count(`select count(*) as n from ${both[1]}`)).toBe(3000);
    expect(await count(`select count(*) as n from (from ${both[0]} except all select id, name from ${both[1]})`)).toBe(0);
  });
});
