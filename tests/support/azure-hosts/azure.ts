import { randomBytes } from 'node:crypto';
import type { Workspace } from '../dfs/onelake.ts';
import { type Dfs, dfsServer } from '../dfs/server.ts';
import type { Client } from '../entra/clients.ts';
import { type Entra, type EntraOptions, startEntra } from '../entra/entra.ts';
import { type Host, type Hosts, startHosts } from './hosts.ts';

export const tenant = '11111111-1111-4111-8111-111111111111';
export const client: Client = {
  id: '22222222-2222-4222-8222-222222222222',
  principal: '33333333-3333-4333-8333-333333333333',
  secret: 'the-secret-of-a-client~1',
  federated: 'a.federated.token',
};
export const machine = {
  id: '44444444-4444-4444-8444-444444444444',
  principal: '55555555-5555-4555-8555-555555555555',
  systemAssigned: true,
};
export const workspace: Workspace = {
  id: '66666666-6666-4666-8666-666666666666',
  name: 'Sales',
  items: [{ id: '77777777-7777-4777-8777-777777777777', name: 'bronze', type: 'Lakehouse' }],
};
export const account = 'lakeone';
export const filesystem = 'raw';
export const accountKey = randomBytes(64).toString('base64');

/** An account `lakeone` with a filesystem `raw`, a Fabric workspace `Sales` with a lakehouse `bronze`, Entra, and the names that lead there. */
export interface Azure extends AsyncDisposable {
  readonly dfs: Dfs;
  readonly entra: Entra;
  readonly hosts: Hosts;
  /** For a process that is started, as a service principal by secret. */
  readonly env: Readonly<Record<string, string>>;
  /** The same for this process, until disposed: `Hosts.inProcess`, signed in. */
  inProcess(): Disposable;
}

export interface AzureOptions {
  readonly accounts?: Parameters<typeof dfsServer>[0]['accounts'];
  readonly clients?: EntraOptions['clients'];
  /** In place of the one workspace `Sales`. */
  readonly workspaces?: readonly Workspace[];
  /** Other hosts: a vault, Azurite. */
  readonly more?: readonly Host[];
}

export async function startAzure({ accounts, clients = [client], workspaces = [workspace], more = [] }: AzureOptions = {}): Promise<Azure> {
  const entra = await startEntra({ tenant, clients, machine: [machine] });
  const usual = { [account]: { key: accountKey, filesystems: [filesystem] } };
  const dfs = dfsServer({ accounts: accounts ?? usual, workspaces, bearer: (token) => entra.bearer(token) });
  const ours: readonly Host[] = [
    { serves: (host) => dfs.serves(host), to: dfs.listener },
    { serves: (host) => entra.serves(host), to: entra.listener },
  ];
  const hosts = await startHosts([...more, ...ours]);
  const signIn = { AZURE_TENANT_ID: tenant, AZURE_CLIENT_ID: client.id, AZURE_CLIENT_SECRET: client.secret ?? '' };
  return {
    dfs,
    entra,
    hosts,
    env: { ...hosts.env, ...signIn },
    inProcess: () => hosts.inProcess(signIn),
    async [Symbol.asyncDispose]() {
      await hosts[Symbol.asyncDispose]();
      await entra[Symbol.asyncDispose]();
      dfs[Symbol.dispose]();
    },
  };
}
