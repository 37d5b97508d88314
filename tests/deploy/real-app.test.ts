import { expect, test } from 'vitest';
import { workspaceFiles } from '../../src/adapters/workspace-files.ts';
import { workspaceWithStandIns } from '../../src/assembly/whole-workspace.ts';
import { askApp } from '../../src/cli/deploy/ask-app.ts';
import type { HttpRequest } from '../../src/ports/network.ts';
import { encodeVersion } from '../../src/workspace/versions/content.ts';
import { gatherVersion } from '../../src/workspace/versions/gather.ts';
import { sharedAzurite } from '../support/azurite.ts';
import { startHyggeApp } from '../support/function-host/hygge-app.ts';

const azurite = sharedAzurite();

test('a real app answers what a deployment asks it, with the version that a deployment expects', async () => {
  await using app = await startHyggeApp({
    azurite: await azurite(),
    pushed: true,
    files: { 'flows/shop/flow.yml': 'home: { type: parquet, path: in }\nstore: { type: parquet, path: lake }\n' },
    prepare: (workspace) => workspace.parquet('in/1.parquet', 'select 1 as id'),
  });
  const { workspace } = await workspaceWithStandIns({ directory: app.workspace.root, environment: {}, elsewhere: true });
  const asked: string[] = [];
  const send = async ({ url, method, headers }: HttpRequest) => {
    asked.push(url);
    const answer = await app.host.fetch(new URL(url).pathname, { method, headers: { ...headers } });
    const body = Object.assign(answer.body as unknown as AsyncIterable<Uint8Array>, { destroy: () => undefined, on: () => undefined });
    return { status: answer.status, headers: answer.headers, body };
  };
  const checked = await askApp(
    { app: 'shop', site: 'northwind-shop', flows: ['shop'], config: encodeVersion(await gatherVersion(workspace, workspaceFiles)).id },
    {
      clock: { monotonicMs: () => 0, sleep: async () => undefined },
      network: { send },
      stop: new AbortController().signal,
      key: async () => app.host.key,
      waiting: (why) => expect.fail(why),
    },
  );
  expect([checked.older, asked]).toEqual([false, ['https://northwind-shop.azurewebsites.net/api/debug']]);
  expect(checked.checks).toBeGreaterThan(3);
});
