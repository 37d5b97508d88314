import { randomBytes } from 'node:crypto';
import { realClock } from '../../src/adapters/real-clock.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { Secret } from '../../src/ports/secret.ts';
import type { StateStore } from '../../src/ports/state.ts';
import { type Account, openAccount } from '../../src/state/table-storage/account.ts';
import { tableState } from '../../src/state/table-storage/state.ts';
import { testNetwork } from './test-network.ts';
import { TestWorkspace } from './workspace.ts';

/** Names that no other test uses. */
export function placeOfItsOwn(): { readonly table: string; readonly container: string } {
  const name = `t${randomBytes(8).toString('hex')}`;
  return { table: name, container: name };
}

export interface TablePlace {
  readonly connectionString: string;
  readonly table: string;
  readonly container: string;
  readonly clock?: Clock;
  readonly answerWithinMs?: number;
}

export function accountAt({ connectionString, clock = realClock(), ...place }: TablePlace): Promise<Account> {
  return openAccount({ access: { by: 'connection string', text: new Secret(connectionString) }, clock, network: testNetwork, ...place });
}

/** A workspace whose state is there; the connection string comes from its `.env`. */
export function cloudWorkspace(place: TablePlace, files: Readonly<Record<string, string>>): TestWorkspace {
  const { connectionString, table, container } = place;
  return new TestWorkspace({
    ...files,
    'hygge.yml': `name: test\nstate: { type: table_storage, connection_string: "\${STATE}", table: ${table}, container: ${container} }\n`,
    '.env': `STATE=${connectionString}\n`,
  });
}

export async function tableStateAt(place: TablePlace): Promise<StateStore> {
  return tableState({ account: await accountAt(place) });
}
