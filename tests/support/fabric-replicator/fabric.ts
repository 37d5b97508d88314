import { setTimeout as sleep } from 'node:timers/promises';
import { type Azure, type AzureOptions, startAzure, workspace } from '../azure-hosts/azure.ts';
import { lookup } from '../dfs/tree.ts';
import { type FabricApi, fabricApi, type MirroredDatabase } from './fabric-api.ts';
import type { ReplicatorOptions } from './options.ts';
import { FabricReplicator } from './replicator.ts';

/** The mirrored database of the workspace `Sales`, beside its lakehouse. */
export const mirror = { id: '88888888-8888-4888-8888-888888888888', name: 'mirror', type: 'MirroredDatabase' } as const;
export const fabricAudience = 'https://api.fabric.microsoft.com';

/** Azure's hosts with a mirrored database in OneLake, its replicator, and `api.fabric.microsoft.com`. */
export interface Fabric extends AsyncDisposable {
  readonly azure: Azure;
  readonly replicator: FabricReplicator;
  readonly api: FabricApi;
  /** That of this machine, and what tests add to it; milliseconds. */
  readonly clock: { now: number };
}

export interface FabricOptions extends Omit<AzureOptions, 'workspaces' | 'more'> {
  readonly replicator?: Partial<ReplicatorOptions>;
  readonly pageSize?: number;
}

export async function startFabric({ replicator: options = {}, pageSize, ...others }: FabricOptions = {}): Promise<Fabric> {
  let api: FabricApi | undefined;
  const azure = await startAzure({
    ...others,
    workspaces: [{ ...workspace, items: [...workspace.items, mirror] }],
    more: [{ serves: (host) => host === 'api.fabric.microsoft.com', to: (request, response) => api?.listener(request, response) }],
  });
  let ahead = 0;
  const clock = {
    get now() {
      return Date.now() + ahead;
    },
    set now(to: number) {
      ahead = to - Date.now();
    },
  };
  const item = lookup(azure.dfs.root('onelake', workspace.id), mirror.id);
  if (item?.kind !== 'folder') throw new Error('the mirrored database has no folder');
  const replicator = await FabricReplicator.start({ item, now: () => clock.now, ...options });
  const database: MirroredDatabase = { workspace: workspace.id, id: mirror.id, name: mirror.name, replicator };
  api = fabricApi({
    databases: [database],
    workspaces: [workspace],
    bearer: (token) => azure.entra.bearer(token),
    ...(pageSize === undefined ? {} : { pageSize }),
  });
  return {
    ...{ azure, replicator, api, clock },
    async [Symbol.asyncDispose]() {
      await replicator[Symbol.asyncDispose]();
      await azure[Symbol.asyncDispose]();
    },
  };
}

/** The same, for what runs in this process as well. */
export async function startFabricHere(options?: FabricOptions): Promise<Fabric> {
  const fabric = await startFabric(options);
  const here = fabric.azure.inProcess();
  return {
    ...fabric,
    async [Symbol.asyncDispose]() {
      here[Symbol.dispose]();
      await fabric[Symbol.asyncDispose]();
    },
  };
}

/** Fabric works while a run waits for it. @param how.passesMs what its clock goes on by with each turn. */
export function replicating({ replicator, clock }: Fabric, { everyMs = 100, passesMs = 0 } = {}): AsyncDisposable {
  const stop = new AbortController();
  const turning = (async () => {
    while (!stop.signal.aborted) {
      await replicator.turn();
      clock.now += passesMs;
      await sleep(everyMs, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  })();
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await turning;
    },
  };
}
