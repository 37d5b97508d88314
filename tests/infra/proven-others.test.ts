import { TableClient } from '@azure/data-tables';
import { BlobServiceClient } from '@azure/storage-blob';
import { beforeAll, describe, expect, test } from 'vitest';
import { placeOfApp } from '../../infra/azure/render.ts';
import { deploymentOf } from '../../infra/deployment.ts';
import { workspaceFiles } from '../../src/adapters/workspace-files.ts';
import { workspaceWithStandIns } from '../../src/assembly/whole-workspace.ts';
import { readTarget } from '../../src/workspace/target/read.ts';
import { connectionStringOf, sharedAzurite } from '../support/azurite.ts';
import { type SeenRequest, startFaultProxy } from '../support/fault-proxy.ts';
import { startGcsServer } from '../support/gcs-server/server.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { dataActions as inBlobs, wantedFor } from './azure-permissions.ts';

/** What a service wants to see for requests: for each of these, any one of its actions on a container, table or bucket. */
interface Asked {
  readonly on: string;
  readonly actions: readonly string[];
  readonly request: string;
}

interface Grant {
  readonly on: string;
  readonly role: string;
}

/** What roles allow, as their documents say. */
const allows: Readonly<Record<string, ReadonlySet<string>>> = {
  ...inBlobs,
  // https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/storage#storage-table-data-contributor
  'Storage Table Data Contributor': new Set([
    'entities/read',
    'entities/write',
    'entities/delete',
    'entities/add/action',
    'entities/update/action',
    'read',
    'write',
  ]),
  // https://cloud.google.com/storage/docs/access-control/iam-roles
  'roles/storage.objectViewer': new Set(['objects.get', 'objects.list']),
  'roles/storage.objectUser': new Set(['create', 'delete', 'get', 'list', 'move', 'restore', 'update'].map((one) => `objects.${one}`)),
};
const reading = new Set(['read', 'list', 'get', 'entities/read', 'objects.get', 'objects.list']);
const onlyReads = (action: string) => reading.has(action) || action.endsWith('blobs/read');

function placesOf({ path }: SeenRequest): { readonly name: string; readonly rest: string; readonly query: URLSearchParams } {
  const [, name = '', rest = '', search = ''] = /^\/[^/]+\/([^/?]+)\/?([^?]*)\??(.*)$/s.exec(path) ?? [];
  return { name, rest, query: new URLSearchParams(search) };
}

function inBlob(seen: SeenRequest): readonly Asked[] {
  const { name, rest, query } = placesOf(seen);
  const ways = wantedFor({ method: seen.method, door: 'blob', path: rest, query, headers: {}, account: '', filesystem: name } as never);
  return ways.map((any) => ({ on: name, actions: any.map(({ action }) => action), request: `${seen.method} ${seen.path}` }));
}

/** https://learn.microsoft.com/rest/api/storageservices/authorize-with-azure-active-directory#permissions-for-table-service-operations */
function inTables(seen: SeenRequest): readonly Asked[] {
  const request = `${seen.method} ${seen.path}`;
  const on = /^\/[^/]+\/(\$?\w+)/.exec(seen.path)?.[1] ?? '';
  const asks = (...actions: readonly string[]): Asked => ({ on, actions: actions.map((one) => `entities/${one}`), request });
  const each = (method: string): Asked => {
    if (method === 'GET') return asks('read');
    if (method === 'POST') return asks('write', 'add/action');
    if (method === 'DELETE') return asks('delete');
    return asks('write', 'update/action');
  };
  if (on !== '$batch') return [each(seen.method)];
  return [...seen.body.matchAll(/^(GET|POST|PUT|PATCH|MERGE|DELETE) https?:\/\/[^/]+\/[^/]+\/(\w+)/gm)].map(
    ([, method = '', table = '']) => ({
      ...each(method),
      on: table,
    }),
  );
}

/** https://cloud.google.com/storage/docs/json_api/v1/how-tos/authorizing, and the permissions of each method of its reference. */
function inGoogle(seen: SeenRequest): readonly Asked[] {
  const [, on = '', rest] = /\/storage\/v1\/b\/([^/]+)\/o(?:\/([^?]*))?/.exec(seen.path) ?? [];
  const asks = (action: string): Asked => ({ on, actions: [`objects.${action}`], request: `${seen.method} ${seen.path}` });
  // The address of a session is proof enough.
  if (/[?&]upload_id=/.test(seen.path)) return [];
  // One that may take the place of another deletes it; who asks for none to be there replaces nothing.
  if (seen.path.startsWith('/upload/')) return [asks('create'), ...(seen.path.includes('ifGenerationMatch=0') ? [] : [asks('delete')])];
  if (rest === undefined) return [asks('list')];
  if (/\/moveTo\//.test(rest)) return [asks('move')];
  return [asks(seen.method === 'GET' ? 'get' : 'delete')];
}

function held(
  all: readonly Asked[],
  grants: readonly Grant[],
): { readonly missing: readonly string[]; readonly unused: readonly string[] } {
  const uses = new Map(grants.map((grant) => [grant, new Set<string>()]));
  const missing = all.flatMap(({ on, actions, request }) => {
    const giving = grants.filter((grant) => grant.on === on && actions.some((action) => allows[grant.role]?.has(action)));
    const [only] = giving;
    if (only === undefined) return [request];
    if (giving.length === 1) for (const action of actions) uses.get(only)?.add(action);
    return [];
  });
  const unused = [...uses].flatMap(([{ on, role }, actions]) =>
    actions.size === 0
      ? [`${role} on ${on}`]
      : /Reader|Viewer/.test(role) || ![...actions].every(onlyReads)
        ? []
        : [`reading would do on ${on}`],
  );
  return { missing: [...new Set(missing)], unused };
}

const rest = 'run_type: incremental\nwatermark: { column: id, key: [id] }\n';
const rows = (from: number) => Array.from({ length: 20 }, (_, id) => `${JSON.stringify({ id: from + id })}\n`).join('');
const target = `subscription: 11111111-1111-1111-1111-111111111111\nregion: westeurope\nresource_group: proven\naccounts: { lakeone: { resource_group: lake } }\n`;

/** The roles that such a workspace needs, on what, where whoever runs it is the app. */
async function granted(files: Readonly<Record<string, string>>): Promise<readonly Grant[]> {
  using workspace = new TestWorkspace({ ...files, 'infra/prod.yml': target });
  const settings = await readTarget({ files: workspaceFiles, root: workspace.root, target: 'prod' });
  const whole = await workspaceWithStandIns({ directory: workspace.root, environment: {}, elsewhere: true });
  const { apps } = await deploymentOf({ ...whole, target: settings, placeOf: placeOfApp('proven', settings) });
  const all = apps.flatMap(({ needs }) =>
    needs.flatMap(({ part, requirement }) => {
      if (requirement.need !== 'role' || part === 'app') return [];
      const { bucket, container, table } = requirement.resource;
      return [{ on: bucket ?? container ?? table ?? '', role: /\((.+)\)/.exec(requirement.role)?.[1] ?? requirement.role }];
    }),
  );
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
}

/** Everything that a flow does in its life, with rows that come meanwhile. */
async function lived(workspace: TestWorkspace, env: Readonly<Record<string, string>>, more: () => Promise<unknown>): Promise<void> {
  for (const args of [['debug'], ['go'], ['go'], ['go', '--full-drop'], ['verify', '--settled'], ['status']]) {
    const { code, stdout, stderr } = await workspace.run(args, { env });
    expect([args, code], `${stdout}${stderr}`).toEqual([args, 0]);
    if (args.length === 1 && args[0] === 'go') await more();
  }
}

describe.each([
  ['Azure Blob and Table Storage', azure],
  ['Cloud Storage', google],
] as const)('rights in %s, held against what a flow asks', (_, scene) => {
  let all: readonly Asked[];
  let grants: readonly Grant[];
  beforeAll(async () => {
    ({ all, grants } = await scene());
  });

  test('nothing is missing, and nothing is unused', () => {
    expect(all.length).toBeGreaterThan(40);
    expect(held(all, grants)).toEqual({ missing: [], unused: [] });
  });
});

const azurite = sharedAzurite();

async function azure() {
  const { blobUrl, tableUrl, key, connectionString } = await azurite();
  await using blobs = await startFaultProxy(blobUrl);
  await using tables = await startFaultProxy(tableUrl);
  const service = BlobServiceClient.fromConnectionString(connectionString);
  const places = { home: 'landing', store: 'lake', state: 'ofstate' };
  for (const name of Object.values(places)) await service.createContainer(name);
  await TableClient.fromConnectionString(connectionString, 'oftables', { allowInsecureConnection: true }).createTable();
  const plant = (name: string, from: number) =>
    service
      .getContainerClient(places.home)
      .getBlockBlobClient(`in/${name}.ndjson`)
      .uploadData(Buffer.from(rows(from)));
  await plant('1', 0);
  const side = (container: string, path: string) =>
    `{ type: azure_blob, account_url: "${blobs.url}", container: ${container}, storage_account_key: "\${LAKE_KEY}", path: ${path}, format: ${path === 'in' ? 'ndjson' : 'parquet'} }`;
  using workspace = new TestWorkspace({
    'hygge.yml': `name: proven\nstate: { type: table_storage, connection_string: "\${STATE}", table: oftables, container: ${places.state} }\n`,
    'flows/f/flow.yml': `home: ${side(places.home, 'in')}\nstore: ${side(places.store, 'out')}\n${rest}`,
  });
  let n = 1;
  const env = { LAKE_KEY: key, STATE: connectionStringOf(`BlobEndpoint=${blobs.url};TableEndpoint=${tables.url};`) };
  await lived(workspace, env, () => plant(String(++n), n * 1000));
  const grants = await granted({
    'hygge.yml': `name: proven\nstate: { type: table_storage, account_url: "https://lakeone.table.core.windows.net", table: oftables, container: ${places.state} }\n`,
    'flows/f/flow.yml': `home: { path: "az://${places.home}@lakeone.blob.core.windows.net/in", format: ndjson }\nstore: az://${places.store}@lakeone.blob.core.windows.net/out\n${rest}`,
  });
  return { all: [...blobs.seen.flatMap(inBlob), ...tables.seen.flatMap(inTables)], grants };
}

async function google() {
  await using server = await startGcsServer();
  await using proxy = await startFaultProxy(server.url);
  const landing = server.bucket('landing');
  server.bucket('lake');
  const plant = async (name: string, from: number) => landing.write({ name: `in/${name}.ndjson`, body: Buffer.from(rows(from)) }, null);
  await plant('1', 0);
  const side = (bucket: string, path: string) =>
    `{ type: gcs, bucket: ${bucket}, endpoint: "${proxy.url}", key_file: "${server.keyFile}", path: ${path}, format: ${path === 'in' ? 'ndjson' : 'parquet'} }`;
  const files = (of: (bucket: string, path: string) => string) => ({
    'hygge.yml': 'name: proven\n',
    'flows/f/flow.yml': `home: ${of('landing', 'in')}\nstore: ${of('lake', 'out')}\n${rest}`,
  });
  using workspace = new TestWorkspace(files(side));
  let n = 1;
  await lived(workspace, {}, () => plant(String(++n), n * 1000));
  return { all: proxy.seen.flatMap(inGoogle), grants: await granted(files((bucket, path) => `gs://${bucket}/${path}`)) };
}
