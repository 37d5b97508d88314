import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { conditionOf } from '../../infra/azure/conditions.ts';
import { placeOfApp } from '../../infra/azure/render.ts';
import { type Grant, rightsOf } from '../../infra/azure/rights.ts';
import { deploymentOf } from '../../infra/deployment.ts';
import { workspaceFiles } from '../../src/adapters/workspace-files.ts';
import { workspaceWithStandIns } from '../../src/assembly/whole-workspace.ts';
import { readTarget } from '../../src/workspace/target/read.ts';
import { type Azure, account, startAzure } from '../support/azure-hosts/azure.ts';
import type { SeenAtDfs } from '../support/dfs/server.ts';
import { type FolderNode, newFile, newFolder } from '../support/dfs/tree.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { dataActions, wantedFor } from './azure-permissions.ts';
import { isAllowed } from './condition-reader.ts';

/** Each flow has a container of its own, so that a request there is one of that flow. Homes of every shape: folders, patterns, one file, a day. */
const homes: Readonly<Record<string, { readonly home: string; readonly entities?: string }>> = {
  folders: { home: 'landing/{entity}', entities: 'entities: [one, two]\n' },
  pattern: { home: 'landing/*/part-*.ndjson' },
  single: { home: 'landing/one/part-1.ndjson' },
  nested: { home: 'landing' },
};
const names = Object.keys(homes);
const url = (container: string, path: string) => `abfss://${container}@${account}.dfs.core.windows.net/${path}`;

const files = {
  'hygge.yml': 'name: proven\n',
  ...Object.fromEntries(
    names.map((flow) => [
      `flows/${flow}/flow.yml`,
      `home: { path: "${url(flow, homes[flow]?.home ?? '')}", format: ndjson }\nstore: ${url(flow, 'settled/out')}\nrun_type: incremental\nwatermark: { column: id, key: [id] }\n${homes[flow]?.entities ?? ''}`,
    ]),
  ),
  'infra/prod.yml': `subscription: 11111111-1111-1111-1111-111111111111\nregion: westeurope\nresource_group: proven\naccounts: { ${account}: { resource_group: lake, rights: folder } }\n`,
};

function plant(root: FolderNode, path: string, text: string): void {
  const segments = path.split('/');
  const name = segments.pop() ?? '';
  let folder = root;
  for (const segment of segments) {
    const next = folder.children.get(segment) ?? newFolder();
    folder.children.set(segment, next);
    if (next.kind === 'folder') folder = next;
  }
  const file = newFile(new Map(), new Map());
  file.content = Buffer.from(text);
  folder.children.set(name, file);
}

const rows = (from: number) => Array.from({ length: 20 }, (_, id) => `${JSON.stringify({ id: from + id, name: 'n' })}\n`).join('');

/** What requests need and no right gives, and which rights no request needs as they are. */
function held(
  requests: readonly SeenAtDfs[],
  grants: readonly Grant[],
): { readonly missing: readonly string[]; readonly unused: readonly string[] } {
  const missing = new Set<string>();
  const uses = new Map<Grant, Set<string>>(grants.map((grant) => [grant, new Set()]));
  for (const request of requests) {
    for (const ways of wantedFor(request)) {
      const giving = grants.filter(
        (grant) =>
          grant.name === request.filesystem &&
          ways.some(
            (asked) =>
              dataActions[grant.role]?.has(asked.action) &&
              (grant.below.length === 0 || isAllowed(conditionOf(grant.role, grant.below), asked)),
          ),
      );
      if (giving.length === 0) missing.add(`${request.filesystem}: ${request.method} ${request.path} ${request.query}`);
      // Who is the only one to give it is needed for it.
      if (giving.length === 1 && giving[0] !== undefined) uses.get(giving[0])?.add(ways[0]?.action ?? '');
    }
  }
  const reads = [...(dataActions['Storage Blob Data Reader'] ?? [])];
  const unused = [...uses].flatMap(([{ app, role, name }, actions]) => {
    if (actions.size === 0) return [`${app}: ${role} on ${name}`];
    return role === 'Storage Blob Data Contributor' && [...actions].every((action) => reads.includes(action))
      ? [`${app}: reading would do on ${name}`]
      : [];
  });
  return { missing: [...missing], unused };
}

describe('rights in a lake of Azure, held against what flows ask', () => {
  let azure: Azure;
  let here: Disposable;
  let workspace: TestWorkspace;
  let requests: readonly SeenAtDfs[];
  let grants: readonly Grant[];

  beforeAll(async () => {
    azure = await startAzure({ accounts: { [account]: { filesystems: names } } });
    here = azure.inProcess();
    workspace = new TestWorkspace(files);
    for (const flow of names) {
      const root = azure.dfs.root(account, flow);
      for (const entity of ['one', 'two']) plant(root, `landing/${entity}/part-1.ndjson`, rows(entity === 'one' ? 0 : 100));
      plant(root, 'other/secret.ndjson', rows(0));
    }
    for (const args of [['debug'], ['go'], ['go'], ['go', '--full-drop'], ['verify', '--settled']]) {
      const { code, stdout, stderr } = await workspace.run(args);
      expect([args, code, `${stdout}${stderr}`]).toEqual([args, 0, expect.anything()]);
      if (args.length === 1 && args[0] === 'go')
        for (const flow of names.filter((one) => one !== 'single'))
          plant(azure.dfs.root(account, flow), 'landing/one/part-2.ndjson', rows(1000));
    }
    requests = azure.dfs.seen.filter((one) => one.account === account);
    const target = await readTarget({ files: workspaceFiles, root: workspace.root, target: 'prod' });
    const whole = await workspaceWithStandIns({ directory: workspace.root, environment: {}, elsewhere: true });
    const found = rightsOf(await deploymentOf({ ...whole, target, placeOf: placeOfApp('proven', target) }));
    grants = found.groups.flatMap((group) => group.grants);
    expect([found.errors, found.notes]).toEqual([[], []]);
  });
  afterAll(async () => {
    here[Symbol.dispose]();
    workspace[Symbol.dispose]();
    await azure[Symbol.asyncDispose]();
  });

  test('nothing is missing, and nothing is unused', () => {
    expect(new Set(requests.map(({ filesystem }) => filesystem))).toEqual(new Set(names));
    expect(requests.length).toBeGreaterThan(100);
    expect(grants.map(({ app, role, below }) => `${app}: ${role} below ${below}`)).toEqual([
      'folders: Storage Blob Data Contributor below settled/out/',
      'folders: Storage Blob Data Reader below landing/one/,landing/two/',
      'nested: Storage Blob Data Contributor below settled/out/',
      'nested: Storage Blob Data Reader below landing/',
      'pattern: Storage Blob Data Contributor below settled/out/',
      'pattern: Storage Blob Data Reader below landing/',
      'single: Storage Blob Data Contributor below settled/out/',
      'single: Storage Blob Data Reader below landing/one/part-1.ndjson',
    ]);
    expect(held(requests, grants)).toEqual({ missing: [], unused: [] });
  });
});
