import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BlobServiceClient } from '@azure/storage-blob';
import { describe, expect, it } from 'vitest';
import { workspaceFiles } from '../../src/adapters/workspace-files.ts';
import { connectorTypes, findConnector } from '../../src/registry.ts';
import { loadWorkspace } from '../../src/workspace/load/load.ts';
import { sharedAzurite } from '../support/azurite.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { blocksOf } from './blocks.ts';

const azurite = sharedAzurite();
const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'lake.md'), 'utf8');
const flow = 'flows/crm/flow.yml';
const blocks = blocksOf(page);
const snippets = blocks.map(({ line, text }) => [`docs/lake.md:${line}`, text] as const);
const remote = (await Promise.all(connectorTypes().map(findConnector)))
  .filter((one) => one?.remote !== undefined && one.home !== undefined)
  .map((one) => one?.id);

describe('docs/lake.md', () => {
  it.each(snippets)('%s is a flow that can be meant as it stands', async (_, text) => {
    expect(text).toMatch(new RegExp(`^# ${flow}\n`));
    using workspace = new TestWorkspace({ [flow]: text });
    const env = Object.fromEntries([...text.matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => [name, textFor(name)]));
    const { flows, warnings } = await loadWorkspace({
      directory: workspace.root,
      env,
      date: '2026-11-20',
      connectors: { types: connectorTypes, find: findConnector },
      files: workspaceFiles,
    });
    expect(warnings).toEqual([]);
    expect(remote).toContain(flows[0]?.entities[0]?.store.type);
  });

  it('has a flow for each system, and only flows', () => {
    expect(blocks.filter(({ language }) => language !== 'yaml')).toEqual([]);
    for (const type of remote) expect(page).toContain(`| \`${type}\` |`);
    expect(snippets.length).toBeGreaterThan(remote.length);
  });

  it('the flow with a connection string runs as it stands, with as few requests as the page says', async () => {
    const { account, key, blobUrl, connectionString } = await azurite();
    const [, text = ''] = snippets.find(([, one]) => one.includes('LAKE_CONNECTION')) ?? [];
    await BlobServiceClient.fromConnectionString(connectionString).createContainer(/container: (\w+)/.exec(text)?.[1] ?? '');
    await using proxy = await startFaultProxy(blobUrl);
    const through = `DefaultEndpointsProtocol=http;AccountName=${account};AccountKey=${key};BlobEndpoint=${proxy.url};`;
    using workspace = new TestWorkspace({ [flow]: `${text}\nrun_type: incremental\n` });
    await workspace.parquet('data/orders/1.parquet', 'select range as id from range(100)');
    const go = () => workspace.run(['go', '--output', 'json'], { env: { LAKE_CONNECTION: through } });
    expect(await go()).toMatchObject({ code: 0, stdout: expect.stringContaining('"pass":1') });
    const first = proxy.seen.length;
    await workspace.parquet('data/orders/2.parquet', 'select range as id from range(7)');
    expect(await go()).toMatchObject({ code: 0, stdout: expect.stringContaining('"rows":7') });
    const second = proxy.seen.length;
    expect(second - first).toBeLessThanOrEqual(24);
    expect(await go()).toMatchObject({ code: 0, stdout: expect.stringContaining('"skip":1') });
    expect(proxy.seen.length - second).toBeLessThan(10);
  });
});

function textFor(name: string): string {
  return name === 'LAKE_CONNECTION'
    ? 'DefaultEndpointsProtocol=https;AccountName=northwind;AccountKey=a2V5;EndpointSuffix=core.windows.net'
    : 'secret';
}
