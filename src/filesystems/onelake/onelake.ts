import { ConnectionError } from '../../errors/hygge-error.ts';
import type { FileSystem } from '../../ports/filesystem.ts';
import type { Answer } from '../../remote/azure/answer.ts';
import { type AzureKeys, credentialKind } from '../../remote/azure/keys.ts';
import type { ServiceAnswer } from '../../remote/refusals.ts';
import { adlsFileSystem } from '../adls/adls.ts';

export interface OneLakePlace {
  /** `https://onelake.dfs.fabric.microsoft.com`, without a slash at the end. */
  readonly dfsUrl: string;
  /** The workspace's name or GUID. */
  readonly workspace: string;
  /** `lake.Lakehouse`, or the GUID of an item. */
  readonly item: string;
  /** The path inside the item: `Files/crm`; '' is the item itself, in which only Fabric can create folders. */
  readonly folder: string;
  readonly keys: AzureKeys;
}

/**
 * A folder in an item of OneLake: Data Lake's own protocol, with the workspace as the filesystem and the item as its first folder. Only Fabric creates workspaces, items and the folders directly in them (Files, Tables). Rights are
 * roles of the workspace, because OneLake has no keys and no access control lists: https://learn.microsoft.com/fabric/onelake/onelake-api-parity
 */
export function oneLakeFileSystem(
  { dfsUrl, workspace, item, folder, keys }: OneLakePlace,
  around: Parameters<typeof adlsFileSystem>[1],
): Promise<FileSystem> {
  const inside = folder === '' ? item : `${item}/${folder}`;
  const at = {
    url: oneLakeUrl({ dfsUrl, workspace, item, folder }),
    place: `workspace ${workspace} with an item ${item}`,
    credential: credentialKind(keys),
    right: (doing: 'read' | 'write') => `the role ${oneLakeRole(doing)} in workspace ${workspace} (Fabric: Manage access)`,
    knowsKeys: false,
    refuses: namesOnly,
  };
  // Listings may name an item by its GUID, even if the request used its name.
  const keyOf = (listed: string): string => {
    const slash = listed.indexOf('/');
    return slash < 0 ? item : item + listed.slice(slash);
  };
  const blobUrl = dfsUrl.replace('.dfs.', '.blob.');
  return adlsFileSystem({ dfsUrl, blobUrl, account: 'onelake', filesystem: workspace, folder: inside, keys, at, keyOf }, around);
}

/** The URL for messages, as Spark writes it. */
export function oneLakeUrl({ dfsUrl, workspace, item, folder }: Omit<OneLakePlace, 'keys'>): string {
  const inside = [item, folder].filter((part) => part !== '').join('/');
  return `abfss://${workspace}@${new URL(dfsUrl).host}${inside === '' ? '' : `/${inside}`}`;
}

/** The lowest workspace role with this right: https://learn.microsoft.com/fabric/onelake/security/get-started-security */
export function oneLakeRole(doing: 'read' | 'write'): string {
  return doing === 'read' ? 'Viewer, with access to all OneLake data of the item, or Contributor' : 'Contributor';
}

/** The error if names are refused. Some tenants accept only GUIDs, and no tenant accepts a name together with a GUID. */
function namesOnly({ code, status }: Answer, { url }: ServiceAnswer): ConnectionError | undefined {
  if (code !== 'FriendlyNameSupportDisabled') return undefined;
  return new ConnectionError({
    code: 'HYG-6403',
    what: `OneLake accepts no names here: ${url}.`,
    why: [`OneLake answered ${status} ${code}.`],
    tryThis: ['Write both workspace and item as GUIDs. The GUIDs are in the address of the item in Fabric: /groups/<workspace>/…/<item>.'],
  });
}
