import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProcessPools } from '../../src/adapters/process-pools.ts';
import { realClock } from '../../src/adapters/real-clock.ts';
import { stateInDatabase } from '../../src/assembly/open-state.ts';
import type { StateStore } from '../../src/ports/state.ts';
import { findConnector } from '../../src/registry.ts';
import type { JournalDamage } from '../../src/state/journal.ts';
import type { TestDatabase } from './postgres.ts';
import { testNetwork } from './test-network.ts';
import { TestWorkspace } from './workspace.ts';

/** Where a test keeps state: the type of a connection, and its keys. */
export interface SqlPlace {
  readonly engine: 'postgres' | 'sqlite';
  readonly keys: Readonly<Record<string, unknown>>;
  readonly root?: string;
  readonly schema?: string;
}

export interface OpenedState extends AsyncDisposable {
  readonly state: StateStore;
  readonly damages: readonly JournalDamage[];
}

/** The state there, as a process opens it. */
export async function openSqlState({ engine, keys, root = '/', schema = 'hygge_metadata' }: SqlPlace): Promise<OpenedState> {
  const pools = new ProcessPools(realClock());
  const config = (await findConnector(engine))?.state?.parse(keys);
  const damages: JournalDamage[] = [];
  const settings = { type: 'sql', engine, connection: 'db', config, schema } as const;
  const state = await stateInDatabase(root, settings, { network: testNetwork, pools, onDamage: (damage) => damages.push(damage) });
  return { state, damages, [Symbol.asyncDispose]: () => pools[Symbol.asyncDispose]() };
}

export function placeIn({ host, port, database, user, password }: TestDatabase): SqlPlace {
  return { engine: 'postgres', keys: { host, port, database, user, password } };
}

/** A folder for a file of SQLite. */
export async function sqliteFolder(): Promise<{ readonly root: string; readonly place: SqlPlace } & AsyncDisposable> {
  const root = await mkdtemp(join(tmpdir(), 'hygge-sqlite-'));
  return {
    root,
    place: { engine: 'sqlite', keys: { path: 'kept/state.db' }, root },
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}

/** A workspace whose state is there; the password comes from its `.env`. */
export function sqlWorkspace({ engine, keys, schema }: SqlPlace, files: Readonly<Record<string, string>>): TestWorkspace {
  const { password, ...open } = keys;
  const connection = { type: engine, ...open, ...(password === undefined ? {} : { password: `\${SQL_STATE}` }) };
  const state = { type: 'sql', connection: 'db', ...(schema === undefined ? {} : { metadata_schema: schema }) };
  return new TestWorkspace({
    ...files,
    'hygge.yml': `name: test\nconnections: { db: ${JSON.stringify(connection)} }\nstate: ${JSON.stringify(state)}\n`,
    '.env': `SQL_STATE=${String(password ?? '')}\n`,
  });
}

/** In a workspace of its own. */
export const sqliteInWorkspace: SqlPlace = { engine: 'sqlite', keys: { path: '.hygge/state.db' } };
