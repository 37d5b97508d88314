import { resolve } from 'node:path';
import { realClock } from '../../adapters/real-clock.ts';
import { workspaceFiles } from '../../adapters/workspace-files.ts';
import type { DatabaseSide, TableFound } from '../../engine/contracts/connector.ts';
import { didYouMean } from '../../errors/did-you-mean.ts';
import { ConfigError } from '../../errors/hygge-error.ts';
import { shownName } from '../../narrate/text/visible.ts';
import { secretValuesOf } from '../../ports/secrets/values.ts';
import { connectors } from '../../registry.ts';
import { anyTable } from '../../workspace/load/finds.ts';
import { nameByFolder, type Workspace } from '../../workspace/load/load.ts';
import { homeOnManifest } from '../../workspace/manifests/layer.ts';
import { type Systems, withSystems } from '../../workspace/manifests/systems.ts';
import { findWorkspace } from '../../workspace/read/find.ts';
import { interpolate } from '../../workspace/read/interpolate.ts';
import { readWorkspace, type Unset } from '../../workspace/read/read.ts';
import { settleConnections } from '../../workspace/sides/connections.ts';
import { settleSide } from '../../workspace/sides/side.ts';
import { everyConnector, typeOf } from '../../workspace/sides/side-type.ts';
import { ConfigErrors, collectProblems } from '../../workspace/yaml/problems.ts';
import { child, type MapNode, mapping, type Tree, textAt, textOf, withEntry } from '../../workspace/yaml/tree.ts';
import { parseMapping } from '../../workspace/yaml/yaml-tree.ts';
import { opening } from '../terminal/open-workspace.ts';
import type { CommonFlags, Surroundings } from '../terminal/surroundings.ts';
import { unreadable } from '../terminal/usage.ts';
import { withOpening } from '../terminal/with-opening.ts';

/** A database, and the values that are needed to connect to it. */
export interface Database {
  readonly type: string;
  /** The config of a home that reads from the database. */
  readonly config: unknown;
  readonly root: string;
  readonly side: DatabaseSide;
  /** The workspace whose connection has this config. Absent: the config does not come from a connection of a workspace. */
  readonly of?: Pick<Workspace, 'target' | 'name'>;
}

interface AboutSide {
  readonly name: string;
  readonly tree: MapNode;
  readonly root: string;
  /** The key `connections:` of hygge.yml. */
  readonly written: Tree | undefined;
  /** The variables that the connections need, but that are not set. */
  readonly unset?: Unset;
  /** The connectors to choose from. Absent: the connectors that come with hygge. */
  readonly known?: Systems;
}

/** The database of the home in a YAML tree. Null: the home is not in a database. */
export async function databaseOfSide({
  name,
  tree,
  root,
  written,
  unset = new Map(),
  known: systems,
}: AboutSide): Promise<Database | null> {
  const { spot } = tree;
  const pieces = { flow: undefined, own: undefined, override: undefined, plain: true };
  const problems = collectProblems();
  const known = systems ?? connectors;
  const connections = await settleConnections(written, { connectors: known, problems, unset });
  const connection = child(tree, 'connection');
  const named = connection?.kind === 'scalar' ? connections.get(connection.text)?.connection : undefined;
  const type = named?.spec.type ?? typeOf(tree, pieces, await everyConnector(known)).text;
  const side = (await known.find(type))?.database;
  if (side === undefined) return null;
  const manifest = await systems?.manifestOf(named?.system ?? type, problems);
  const home = manifest == null ? tree : homeOnManifest(tree, manifest);
  const settled = await settleSide({
    side: 'home',
    tree: withEntry(home, side.tableKey ?? 'table', { spot, weight: 'explicit', value: textAt(spot, anyTable) }),
    pieces,
    templates: { entity: '', flow: name, date: realClock().now().slice(0, 10) },
    root,
    connectors: known,
    connections,
    problems,
    subject: { name, spot },
  });
  if (settled === undefined || problems.count > 0) throw new ConfigErrors(problems.errors());
  return { type, config: settled.spec.config, root, side };
}

/** The database for keys that are not in a file. @param text the keys of a home as YAML. @param name the name of the text in messages. */
export async function databaseWritten(
  { name, text, root }: { readonly name: string; readonly text: string; readonly root: string },
  { environment, network }: Pick<Surroundings, 'environment' | 'network'>,
): Promise<Database | null> {
  const problems = collectProblems();
  const written = parseMapping({ name, text }, problems);
  const tree = written && interpolate(written, environment, problems, { values: secretValuesOf(network) });
  if (tree?.kind !== 'map' || problems.count > 0) throw new ConfigErrors(problems.errors());
  return await databaseOfSide({ name, tree, root, written: undefined });
}

/** Advice on how a role gets the right to read. For a database file, no advice is needed, since files have no roles. @param known the schema and the role as SQL, if they are known. */
export function rightToRead(
  type: string,
  { schema = '…', role = '…' }: { readonly schema?: string | undefined; readonly role?: string | undefined } = {},
): readonly string[] {
  const grants: Readonly<Record<string, string>> = {
    postgres: `GRANT USAGE ON SCHEMA ${schema} TO ${role}; GRANT SELECT ON ALL TABLES IN SCHEMA ${schema} TO ${role}`,
    mysql: 'GRANT SELECT ON ….* TO …',
    sqlserver: 'GRANT SELECT ON SCHEMA::… TO …',
    fabric_warehouse: 'GRANT SELECT ON SCHEMA::… TO …',
  };
  const grant = grants[type];
  return grant === undefined ? [] : [`Let the role read: ${grant}`];
}

/** The tables and views of a database. If the role may not read a table, the table has a reason. @param instead advice for databases whose catalogue hygge does not query. */
export async function everyTable(database: Database, surroundings: Surroundings, instead: string): Promise<readonly TableFound[]> {
  const { side, type, config } = database;
  if (side.tables === undefined) throw unreadable(`hygge does not search the catalogue of ${type}.`, [instead]);
  return await withOpening(database, surroundings, async (opening) => (await side.tables?.(config as never, opening)) ?? []);
}

/** The database of a connection in hygge.yml. */
export async function databaseNamed(
  name: string,
  flags: Pick<CommonFlags, 'directory' | 'target'>,
  surroundings: Surroundings,
): Promise<Database> {
  const found = await connectionNamed(name, flags, surroundings);
  if (found !== null) return found;
  throw unreadable(`The connection ${shownName(name)} leads to no database.`, [
    'Name a connection to a database: hygge list connectors shows their types',
  ]);
}

/** A connection of hygge.yml as a database. Null: the connection is not to a database. */
export async function connectionNamed(
  name: string,
  flags: Pick<CommonFlags, 'directory' | 'target'>,
  surroundings: Surroundings,
): Promise<Database | null> {
  const problems = collectProblems();
  const place = await findWorkspace(workspaceFiles, resolve(surroundings.directory, flags.directory ?? '.'));
  const { top, target, unset, manifests } = await readWorkspace(workspaceFiles, place, surroundings.environment, problems, {
    target: flags.target,
    systems: connectors.systems,
    opens: opening(surroundings, () => [], [name]),
  });
  const written = child(top, 'connections');
  const names = written?.kind === 'map' ? [...written.entries.keys()] : [];
  if (!names.includes(name)) throw noConnection(name, names);
  const spot = top?.spot ?? { source: { name: 'hygge.yml', text: '' }, offset: 0 };
  const tree = mapping(spot as MapNode['spot'], [
    ['connection', { spot: spot as MapNode['spot'], weight: 'explicit', value: textAt(spot as MapNode['spot'], name) }],
  ]);
  const database = await databaseOfSide({
    name: `connection ${name}`,
    tree,
    root: place.root,
    written,
    unset,
    known: withSystems(connectors, manifests, problems),
  });
  return database && { ...database, of: { target, name: textOf(top, 'name') ?? nameByFolder(place.root) } };
}

export function noConnection(name: string, names: readonly string[]): ConfigError {
  const meant = didYouMean(name, names);
  return new ConfigError({
    code: 'HYG-1902',
    what: `There is no connection ${shownName(name)}.`,
    why: [names.length === 0 ? 'hygge.yml has none yet.' : `hygge.yml has: ${names.slice(0, 20).map(shownName).join(', ')}`],
    tryThis: [
      ...(meant === undefined ? [] : [`Did you mean ${shownName(meant)}?`]),
      `Write it in hygge.yml: connections: { ${name}: { type: postgres, host: … } }`,
    ],
  });
}
