import { describe } from 'vitest';
import { realRandom } from '../../src/adapters/real-random.ts';
import type { RemoteSystem } from '../../src/files/connectors/remote-system.ts';
import type { AdlsPlace } from '../../src/filesystems/adls/account.ts';
import type { OneLakePlace } from '../../src/filesystems/onelake/onelake.ts';
import type { FileSystem } from '../../src/ports/filesystem.ts';
import type { Network } from '../../src/ports/network.ts';
import type { Random } from '../../src/ports/random.ts';
import { Secret } from '../../src/ports/secret.ts';
import type { AzureKeys } from '../../src/remote/azure/keys.ts';
import { credentialKind } from '../../src/remote/azure/keys.ts';
import { type Azure, account, accountKey, client, filesystem, startAzure, tenant, workspace } from '../support/azure-hosts/azure.ts';
import { collect } from '../support/collect.ts';
import { filesystemConformance } from '../support/filesystem-conformance.ts';
import { testNetwork } from '../support/test-network.ts';

/** Azure on this machine, as this process sees it, and places in its account. */
export interface AdlsStage extends AsyncDisposable {
  readonly azure: Azure;
  readonly random: Random;
  readonly network: Network;
  /** A folder that nobody used before. */
  folder(): string;
  place(folder: string, keys?: AzureKeys): AdlsPlace;
}

/**
 * The same suite on a real account, when a variable names a folder that may be filled and emptied there. Who may do that is whoever the
 * environment says: AZURE_CLIENT_ID and its kin, or az login.
 */
export function realConformance(system: RemoteSystem<never>, variable: string): void {
  const url = process.env[variable];
  describe.skipIf(url === undefined)(url === undefined ? `${system.id} for real (${variable} is not set)` : `${system.id} for real`, () => {
    filesystemConformance(`${system.id} at ${url}`, async () => {
      const random = realRandom();
      const { keys, path } = system.locate(url ?? '') ?? { keys: {}, path: '' };
      const config = { ...keys, path } as never;
      const folder = `${path}/${random.nonce()}`;
      const [files, another] = [
        await system.open(config, folder, { random, network: testNetwork }),
        await system.open(config, folder, { random, network: testNetwork }),
      ];
      return { files, another, [Symbol.asyncDispose]: () => emptied(files) };
    });
  });
}

async function emptied(files: FileSystem): Promise<void> {
  const paths = (await collect(files.list(''))).map(({ path }) => path);
  for (let at = 0; at < paths.length; at += 50) await Promise.all(paths.slice(at, at + 50).map((path) => files.remove(path)));
}

/** Somebody to Entra. */
export const principal: AzureKeys = { tenant_id: tenant, client_id: client.id, client_secret: new Secret(client.secret ?? '') };

export function fabricPlace(folder: string): OneLakePlace {
  const dfsUrl = 'https://onelake.dfs.fabric.microsoft.com';
  return { dfsUrl, workspace: workspace.name, item: 'bronze.Lakehouse', folder: `Files/${folder}`, keys: principal };
}

export const keyOfAccount: AzureKeys = { storage_account_key: new Secret(accountKey) };

export async function adlsStage(): Promise<AdlsStage> {
  const azure = await startAzure();
  const here = azure.hosts.inProcess();
  let folders = 0;
  return {
    azure,
    random: realRandom(),
    network: testNetwork,
    folder: () => `test-${++folders}/a root`,
    place(folder, keys = keyOfAccount) {
      const dfsUrl = `https://${account}.dfs.core.windows.net`;
      const url = `abfss://${filesystem}@${account}.dfs.core.windows.net/${folder}`;
      const at = { url, place: `filesystem ${filesystem}`, credential: credentialKind(keys) };
      return { dfsUrl, blobUrl: dfsUrl.replace('.dfs.', '.blob.'), account, filesystem, folder, keys, at };
    },
    async [Symbol.asyncDispose]() {
      here[Symbol.dispose]();
      await azure[Symbol.asyncDispose]();
    },
  };
}
