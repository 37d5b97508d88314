import { settingIn } from '../../errors/unresolved-setting.ts';
import { Secret } from '../../ports/secret.ts';
import type { StorageAccess } from '../../ports/state.ts';
import type { WorkspaceTarget } from '../read/targets.ts';
import type { WrittenState } from '../schema/state-schema.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface TableStateSettings {
  readonly type: 'table_storage';
  /** The sign-in to the account; null: neither hygge.yml nor the environment names an account. Only commands that open the state need one. */
  readonly access: StorageAccess | null;
  readonly table: string;
  readonly container: string;
}

/** A folder in a file system over the network. */
export interface ObjectStateSettings {
  readonly type: 'object';
  /** The `type:` of homes and stores in the same system. */
  readonly system: string;
  /** Account, container and sign-in, as the system’s own schema returned them. */
  readonly config: unknown;
  /** The path inside the container, with `/` only between segments; '' is the root of the container. */
  readonly folder: string;
}

/** A state in tables of a database. */
export interface SqlStateSettings {
  readonly type: 'sql';
  /** The `type:` of the connection. */
  readonly engine: string;
  /** The connection’s name in hygge.yml. */
  readonly connection: string;
  /** The keys of the connection, as its connector's schema for state returned them. */
  readonly config: unknown;
  readonly schema: string;
}

/** A state whose keys a connector has checked. */
export type PlacedState = ObjectStateSettings | SqlStateSettings;

export type StateSettings =
  | {
      readonly type: 'files';
      /** The config has no `state:`. The function app then keeps its state in Table Storage. */
      readonly byDefault: boolean;
      /** A path below the folder of hygge.yml. */
      readonly folder: string;
    }
  | TableStateSettings
  | PlacedState;

/** The state’s default folder, next to hygge.yml. */
export const ownFolder = '.hygge';

/** Where state is kept, according to hygge.yml and the environment (with `.env`). @param place the checked keys of a state next to the data or in a database. */
export function settleState(written: WrittenState | undefined, env: Environment, place?: PlacedState): StateSettings {
  if (place !== undefined) return place;
  if (written?.type === 'table_storage') return tableSettings(written, env);
  const folder = written !== undefined && 'path' in written && written.type !== 'object' ? written.path : undefined;
  return { type: 'files', byDefault: written?.type === undefined && folder === undefined, folder: folder ?? ownFolder };
}

/** The longest name that services and databases accept. */
const longest = { table: 63, container: 63, schema: 50 };

/** The states of targets are next to each other, each under the target’s name, so they never mix. A target with its own `state` keeps its state there. */
export function stateOfTarget<T extends StateSettings>(state: T, target: WorkspaceTarget | null): T {
  if (target === null || target.hasState) return state;
  const { name } = target;
  const within = (text: string, ending: string, most: number) => `${text.slice(0, most - ending.length)}${ending}`;
  switch (state.type) {
    case 'files':
      return { ...state, folder: `${state.folder}/targets/${name}` };
    case 'object':
      return { ...state, folder: [state.folder, ownFolder, 'targets', name].filter((part) => part !== '').join('/') };
    case 'sql':
      return { ...state, schema: within(state.schema, `_${name.replaceAll('-', '_')}`, longest.schema) };
    case 'table_storage':
      return {
        ...state,
        table: within(state.table, name.replaceAll('-', ''), longest.table),
        container: within(state.container, `-${name}`, longest.container).replace('--', '-'),
      };
  }
}

/** The text that tells another machine or target where a destination’s state is. */
export function locationForTarget(location: string, target: WorkspaceTarget | null = null): string {
  return target === null ? location : `${location} (target ${target.name})`;
}

/** The default state of an app: tables of its own storage account. */
export function stateByDefaultInApp(env: Environment): TableStateSettings {
  return tableSettings({ type: 'table_storage' }, env);
}

type WrittenTableState = Extract<WrittenState, { type: 'table_storage' }>;

function tableSettings(written: WrittenTableState, env: Environment): TableStateSettings {
  return {
    type: 'table_storage',
    access: accessBy(written, env),
    table: written.table ?? 'hygge',
    container: written.container ?? 'hygge-state',
  };
}

/** The names of settings are the same as in the Functions host: https://learn.microsoft.com/azure/azure-functions/functions-reference#connecting-to-host-storage-with-an-identity */
function accessBy({ connection_string: text, account_url: address }: WrittenTableState, env: Environment): StorageAccess | null {
  if (text !== undefined) return { by: 'connection string', text };
  const clientId = settingIn(env, 'AzureWebJobsStorage__clientId') ?? null;
  if (address !== undefined) return identity(address, undefined, clientId);
  const storage = settingIn(env, 'AzureWebJobsStorage');
  if (storage) return { by: 'connection string', text: new Secret(storage) };
  const account = settingIn(env, 'AzureWebJobsStorage__accountName');
  const tables = settingIn(env, 'AzureWebJobsStorage__tableServiceUri') ?? (account && `https://${account}.table.core.windows.net`);
  return tables ? identity(tables, settingIn(env, 'AzureWebJobsStorage__blobServiceUri'), clientId) : null;
}

function identity(tables: string, blobs: string | undefined, clientId: string | null): StorageAccess {
  const tableUrl = tables.replace(/\/+$/, '');
  return { by: 'identity', tableUrl, blobUrl: blobs?.replace(/\/+$/, '') ?? tableUrl.replace('.table.', '.blob.'), clientId };
}
