import { realClock } from '../adapters/real-clock.ts';
import { ConfigError } from '../errors/hygge-error.ts';
import type { Network } from '../ports/network.ts';
import type { Account } from '../state/table-storage/account.ts';
import type { Workspace } from '../workspace/load/load.ts';
import { type StateSettings, stateByDefaultInApp, stateOfTarget, type TableStateSettings } from '../workspace/state/settings.ts';

/** A state in a SQLite file counts as a state in files. */
const fileDatabase = 'sqlite';

type Environment = Readonly<Record<string, string | undefined>>;

/** The storage account that `state:` or the environment names. Throws ConfigError HYG-1075 if neither names one. @param what will be stored there. */
export async function openTableAccount(
  { access, table, container }: TableStateSettings,
  network: Network,
  what = 'State',
): Promise<Account> {
  if (access !== null) {
    const { openAccount } = await import('../state/table-storage/account.ts');
    return await openAccount({ access, table, container, clock: realClock(), network });
  }
  throw new ConfigError({
    code: 'HYG-1075',
    what: `${what} should be in Table Storage, but no storage account is set.`,
    why: ['`state:` has neither `connection_string` nor `account_url`, and the environment has no AzureWebJobsStorage.'],
    tryThis: [
      'By identity: state: { type: table_storage, account_url: "https://<account>.table.core.windows.net" }, and az login',
      `By a connection string in a variable: state: { type: table_storage, connection_string: "\${STATE_CONNECTION}" }`,
      'State on this machine instead: state: { type: files }',
    ],
  });
}

/**
 * The tables of an app, whose machines keep no files: the tables of its state. If the state is in the app’s own account by default, or is next to the data:
 * the tables of the app’s own account. Throws ConfigError HYG-1077 if hygge.yml asks for files.
 */
export function tableSettingsOfApp(state: StateSettings, env: Environment, target: Workspace['target'] = null): TableStateSettings {
  if (state.type === 'table_storage') return state;
  if (state.type === 'object' || (state.type === 'sql' && state.engine !== fileDatabase) || (state.type === 'files' && state.byDefault))
    return stateOfTarget(stateByDefaultInApp(env), target);
  throw new ConfigError({
    code: 'HYG-1077',
    what: 'hygge.yml keeps its state in files, but a function app has no permanent disk.',
    why: ['State in files would be lost with the machine, and every machine of the app would have its own.'],
    tryThis: [
      'state: { type: table_storage } keeps it in the storage account of the app',
      'Or leave `state:` out: an app then uses its storage account by default',
      'Or next to the data: state: { type: object, path: "s3://lake/northwind" }',
    ],
  });
}
