import { type Azure, account, accountKey, filesystem, startAzure, workspace } from '../azure-hosts/azure.ts';
import type { LakeKind, LakePlace, TestLake } from './lake.ts';
import { writeDown } from './write-down.ts';

export interface Played {
  /** Up to the path. */
  readonly keys: string;
  /** As the server calls them. */
  readonly account: string;
  readonly filesystem: string;
  /** What paths begin with there. */
  readonly inside: string;
  readonly sdk: Readonly<Record<string, string>>;
}

const host = 'dfs.core.windows.net';

export const adls: Played = {
  keys: `type: adls, account_url: "https://${account}.${host}", filesystem: ${filesystem}, storage_account_key: "\${LAKE_KEY}"`,
  account,
  filesystem,
  inside: '',
  sdk: { kind: 'adls', url: `https://${account}.${host}`, filesystem, account, key: accountKey, inside: '' },
};

export const onelake: Played = {
  keys: `type: onelake, workspace: ${workspace.name}, item: bronze, credential: default`,
  account: 'onelake',
  filesystem: workspace.name,
  inside: 'bronze.Lakehouse/Files/',
  sdk: { kind: 'adls', url: 'https://onelake.dfs.fabric.microsoft.com', filesystem: workspace.name, inside: 'bronze.Lakehouse/Files/' },
};

/** The filesystem or item that there is. */
export function lakeInAzure(azure: Azure, played: Played): LakePlace {
  const files = () => [...azure.dfs.files(played.account, played.filesystem)];
  const below = played === onelake ? 'Files/' : '';
  return {
    side: (path, more) => `{ ${played.keys}, path: "${below}${path}"${more === undefined ? '' : `, ${more}`} }`,
    env: { ...azure.env, LAKE_KEY: accountKey },
    sdk: played.sdk,
    download: (folder, to) => {
      const inside = files().map(
        ([path, { content }]) => [path.replace(/^.*?\/(?=Files\/)/, '').replace(/^Files\//, ''), content] as const,
      );
      return writeDown(inside, folder, to);
    },
    unfinished: async () => files().flatMap(([path, { pending }]) => (pending.size > 0 ? [path] : [])),
    async empty() {
      const root = azure.dfs.root(played.account, played.filesystem);
      if (played === adls) root.children.clear();
      for (const item of played === adls ? [] : root.children.values()) {
        const tree = item.kind === 'folder' ? item.children.get('Files') : undefined;
        if (tree?.kind === 'folder') tree.children.clear();
      }
    },
  };
}

async function start(played: Played): Promise<TestLake> {
  const azure = await startAzure();
  return { ...lakeInAzure(azure, played), [Symbol.asyncDispose]: () => azure[Symbol.asyncDispose]() };
}

/** ADLS Gen2 at its real host names, played by a server of ours. */
export const adlsLake: LakeKind = { name: 'adls', start: () => start(adls) };
/** OneLake, likewise. */
export const onelakeLake: LakeKind = { name: 'onelake', start: () => start(onelake) };
