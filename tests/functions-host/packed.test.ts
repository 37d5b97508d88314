import { expect, test } from 'vitest';
import { sharedAzurite } from '../support/azurite.ts';
import { startHyggeApp } from '../support/function-host/hygge-app.ts';
import { mainOf, packedApp } from '../support/function-host/packed-app.ts';
import { TestWorkspace } from '../support/workspace.ts';

const azurite = sharedAzurite();
const files = {
  'flows/shop/flow.yml': 'home: { type: parquet, path: in }\nstore: { type: parquet, path: lake }\nschedule: "0 0 2 * * *"\n',
};
const rows = 'select range as id, md5(range::varchar) as noise from range(1000)';

test('the packed app runs a workspace that was pushed', async () => {
  using folder = new TestWorkspace();
  folder.write(files);
  const app = mainOf(await packedApp(folder));
  await using running = await startHyggeApp({ azurite: await azurite(), files, app, pushed: true });
  await running.workspace.parquet('in/1.parquet', rows);
  const run = await running.run('shop');
  expect(run).toMatchObject({ status: 'pass', config: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
  await running.host.ask('fireTimer', 'shop-schedule');
  expect(await running.ended('shop')).toMatchObject({ status: 'Completed', output: { error: 0 } });
  expect(await running.difference('lake', 'shop', 'shop', rows)).toBe(0);
});
