/** OneLake: the storage of Microsoft Fabric, where lakehouses keep their files. */
import * as z from 'zod';
import type { UrlLocation } from '../../engine/contracts/connector.ts';
import { oneLakeFileSystem, oneLakeRole, oneLakeUrl } from '../../filesystems/onelake/onelake.ts';
import { isGuid } from '../../remote/azure/guid.ts';
import { type AzureKeys, azureClash, azureKeys, credentialKind } from '../../remote/azure/keys.ts';
import type { RemoteSystem } from '../connectors/remote-system.ts';
import { azureKeysOf, azureRequirements, doings } from './azure-keys.ts';
import { percentDecoded } from './percent.ts';

interface OneLakeConfig extends AzureKeys {
  readonly account_url: string;
  readonly workspace?: string;
  readonly filesystem?: string;
  readonly item?: string;
  readonly schema?: string;
  readonly schema_name?: string;
  readonly path?: string;
  /** `delta`: the folder is a Delta table, so it may be below `Tables`. */
  readonly format?: string;
}

const everywhere = 'https://onelake.dfs.fabric.microsoft.com';
const aSegment = /^[^/\\?#%]+$/;

const keys = {
  account_url: z
    .string()
    .regex(/^https:\/\/[a-z0-9.-]+\.dfs\.fabric\.microsoft\.com\/?$/i, `an address such as ${everywhere}`)
    .default(everywhere)
    .describe('OneLake itself, or its address of one region or workspace.'),
  workspace: z.string().regex(aSegment, 'a name or a GUID').optional().describe('The Fabric workspace: its name or its GUID.'),
  filesystem: z.string().regex(aSegment, 'a name or a GUID').optional().describe('The same as workspace, by its name in Data Lake.'),
  item: z
    .string()
    .regex(aSegment, 'a name or a GUID')
    .optional()
    .describe('The lakehouse: its name (sales, sales.Lakehouse) or its GUID. Without this key, paths begin with the lakehouse.'),
  ...azureKeys,
};

const storeKeys = {
  schema: z
    .string()
    .regex(aSegment, 'the name of a schema')
    .optional()
    .describe('With a schema, entities settle in Files/<schema>.schema/{entity}.'),
  schema_name: z.string().regex(aSegment, 'the name of a schema').optional().describe('The same as schema.'),
};

export const onelake: RemoteSystem<OneLakeConfig> = {
  id: 'onelake',
  summary: 'OneLake of Microsoft Fabric',
  verifiedAgainst: 'our own server of the Data Lake REST API as OneLake restricts it, with the unmodified SDK on real host names',
  addresses: {
    schemes: ['onelake', 'abfs', 'abfss'],
    hosts: [/(^|[.@])fabric\.microsoft\.com$/i],
    forms: ['onelake://workspace/item/Files/folder', 'abfss://workspace@onelake.dfs.fabric.microsoft.com/item/Files/folder'],
  },
  keys,
  storeKeys,
  clash: (config) => azureClash(config) ?? credentialClash(config) ?? placeClash(config),
  locate,
  defaultPath({ schema, schema_name }) {
    const named = schema ?? schema_name;
    return named === undefined ? 'Files/{entity}' : `Files/${named}.schema/{entity}`;
  },
  url: (config, path) => oneLakeUrl(placeOf(config, path)),
  address: (config) => ({
    account_url: origin(config.account_url),
    workspace: workspaceOf(config),
    ...(config.item === undefined ? {} : { item: config.item }),
  }),
  recall(address, today) {
    const place = address as unknown as OneLakeConfig;
    const same = today !== null && origin(today.account_url) === place.account_url;
    return { ...(same ? azureKeysOf(today) : {}), ...place };
  },
  open: (config, folder, around) => oneLakeFileSystem({ ...placeOf(config, folder), keys: azureKeysOf(config) }, around),
  requirements(config, doing) {
    const host = new URL(config.account_url).host;
    const about = { system: 'onelake', resource: { workspace: workspaceOf(config) } };
    const others = azureRequirements(config, { ...about, doing, host }).filter(({ need }) => need !== 'role');
    return [
      { need: 'role', ...about, doing: doings[doing], role: oneLakeRole(doing) },
      ...others,
      { need: 'host', name: host.replace('.dfs.', '.blob.') },
    ];
  },
};

function credentialClash(config: OneLakeConfig) {
  const kind = credentialKind(config);
  const isOfAccounts = kind === 'storage_key' || kind === 'connection_string' || kind === 'anonymous';
  const key = kind === 'storage_key' ? 'storage_account_key' : kind === 'connection_string' ? 'connection_string' : 'credential';
  return isOfAccounts ? { key, needs: `OneLake does not support ${kind}: sign in as an identity, or write a sas_token` } : undefined;
}

function placeClash(config: OneLakeConfig): { readonly key: string; readonly needs: string } | undefined {
  const { workspace, filesystem, item, path = '', schema, schema_name } = config;
  if (workspace === undefined && filesystem === undefined) return { key: 'workspace', needs: 'The name or GUID of a Fabric workspace' };
  if (workspace !== undefined && filesystem !== undefined && workspace !== filesystem)
    return { key: 'filesystem', needs: 'Workspace and filesystem are the same here: write one of them' };
  const [one, other] = [isGuid(workspace ?? filesystem ?? ''), isGuid(item ?? path.split('/')[0] ?? '')];
  if (one !== other) return { key: item === undefined ? 'path' : 'item', needs: 'Workspace and item are both names, or both GUIDs' };
  if (schema !== undefined && schema_name !== undefined && schema !== schema_name)
    return { key: 'schema_name', needs: 'Schema and schema_name are the same: write one of them' };
  const [first, ...rest] = path.split('/').filter((segment) => segment !== '');
  const top = item === undefined ? rest[0] : first;
  if (item === undefined && (first === 'Files' || first === 'Tables'))
    return { key: 'item', needs: 'The name or GUID of the lakehouse, here or as the first part of the path' };
  const isTable = config.format === 'delta';
  if (top === 'Tables' && !isTable)
    return {
      key: 'path',
      needs: 'Tables/ contains Delta tables, not plain files: add format: delta, or name a folder below Files/',
    };
  // Only a store has `base`. A store must not use `LandingZone`, because Fabric reads files there as numbered files of tables.
  if ('base' in config && path.split('/').includes('LandingZone'))
    return {
      key: 'path',
      needs: 'Another path, or `type: open_mirroring`: Fabric reads the files in LandingZone as tables of a mirrored database',
    };
  const named = schema ?? schema_name;
  if (named !== undefined && !path.split('/').includes(`${named}.schema`))
    return { key: 'schema', needs: `No path, or a path with the schema: Files/${named}.schema/{entity}` };
  if (top !== 'Files' && !(top === 'Tables' && isTable))
    return { key: 'path', needs: 'A path below Files/: only Fabric makes the folders next to Files/' };
  return undefined;
}

/** Reads URLs such as `onelake://workspace/item/Files/crm` and `abfss://workspace@onelake.dfs.fabric.microsoft.com/item/Files/crm`, and the same with https. */
function locate(url: string): UrlLocation | undefined {
  const own = /^onelake:\/\/([^/]+)\/([^/]+)(?:\/(.*))?$/is.exec(url);
  if (own) return located(everywhere, own.slice(1));
  const hadoop = /^abfss?:\/\/([^@/]+)@([^/?#@]+)\/([^/]+)(?:\/(.*))?$/is.exec(url);
  if (hadoop) return isOneLake(hadoop[2]) ? located(`https://${hadoop[2]}`, [hadoop[1], hadoop[3], hadoop[4]]) : undefined;
  const https = /^https:\/\/([^/?#@]+)\/([^/]+)\/([^/]+)(?:\/(.*))?$/is.exec(url);
  if (!https || !isOneLake(https[1])) return undefined;
  return located(
    `https://${https[1]}`,
    https.slice(2).map((part) => (part === undefined ? undefined : percentDecoded(part))),
  );
}

function located(accountUrl: string, [workspace = '', item = '', path = '']: readonly (string | undefined)[]): UrlLocation {
  return { keys: { account_url: accountUrl.toLowerCase(), workspace, item }, path };
}

function isOneLake(host: string | undefined): boolean {
  return host !== undefined && /\.dfs\.fabric\.microsoft\.com$/i.test(host);
}

/** The item and the path in the item. A name without an item type is the name of a lakehouse, because lakehouse names contain no dot. */
function wholePath({ item }: OneLakeConfig, path: string): readonly string[] {
  const [first, ...rest] = [...(item === undefined ? [] : [item]), ...path.split('/')].filter((segment) => segment !== '');
  if (first === undefined) return [];
  return [isGuid(first) || first.includes('.') ? first : `${first}.Lakehouse`, ...rest];
}

function placeOf(config: OneLakeConfig, path: string) {
  const [item = '', ...inside] = wholePath(config, path);
  return { dfsUrl: origin(config.account_url), workspace: workspaceOf(config), item, folder: inside.join('/') };
}

const workspaceOf = ({ workspace, filesystem }: OneLakeConfig): string => workspace ?? filesystem ?? '';

function origin(accountUrl: string): string {
  return accountUrl.toLowerCase().replace(/\/$/, '');
}
