import type { Pools } from '../engine/contracts/pools.ts';
import type { Network } from '../ports/network.ts';
import type { RunBoard } from '../ports/runs.ts';
import { secretValuesOf } from '../ports/secrets/values.ts';
import type { StateStore } from '../ports/state.ts';
import { locationForTarget } from '../workspace/state/settings.ts';
import type { Environment } from './app-config.ts';
import type { StateLocation } from './open-state.ts';
import { tableSettingsOfApp } from './state-account.ts';
import { stateWithoutSecrets } from './state-without-secrets.ts';

/**
 * Where a function app keeps data that must outlive its machines: state, and the board of runs. The board is always in tables: next to the state if the
 * state is in tables, else in the storage account of the app. Throws HYG-1075 and HYG-1077.
 */
export async function openAppState(
  { root, state, target }: StateLocation,
  { env, network, pools }: { readonly env: Environment; readonly network: Network; pools(): Promise<Pools> },
): Promise<{ readonly state: StateStore; readonly board: RunBoard }> {
  const [{ openTableAccount }, { tableState }, { runBoard }] = await Promise.all([
    import('./state-account.ts'),
    import('../state/table-storage/state.ts'),
    import('../state/table-storage/runs.ts'),
  ]);
  const account = await openTableAccount(
    tableSettingsOfApp(state, env, target),
    network,
    state.type === 'table_storage' ? 'State' : 'The board of runs',
  );
  const board = runBoard(account);
  const safe = (plain: StateStore) => stateWithoutSecrets(plain, secretValuesOf(network));
  if (state.type !== 'object' && state.type !== 'sql')
    return { state: safe(tableState({ account, location: locationForTarget(account.place, target) })), board };
  const { stateInDatabase, stateInObjects } = await import('./open-state.ts');
  if (state.type === 'object') return { state: safe(await stateInObjects(state, { network, target })), board };
  return { state: safe(await stateInDatabase(root, state, { network, pools: await pools(), target })), board };
}

/** Throws ConfigError HYG-1077 if an app can't have the configured state. */
export function mustSuitApp(workspace: Pick<StateLocation, 'state' | 'target'>, env: Environment): void {
  tableSettingsOfApp(workspace.state, env, workspace.target);
}
