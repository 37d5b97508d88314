import { resolve } from 'node:path';
import { realClock } from '../../adapters/real-clock.ts';
import { workspaceFiles } from '../../adapters/workspace-files.ts';
import type { RemoteFolder } from '../../assembly/found/listing.ts';
import { didYouMean } from '../../errors/did-you-mean.ts';
import { ConfigError } from '../../errors/hygge-error.ts';
import { shownName } from '../../narrate/text/visible.ts';
import { connectors } from '../../registry.ts';
import type { CheckedFlow } from '../../workspace/load/flow.ts';
import { mergeLayers } from '../../workspace/load/layers.ts';
import { checkWorkspace } from '../../workspace/load/validate.ts';
import type { Manifest } from '../../workspace/manifests/manifest.ts';
import { type Systems, withSystems } from '../../workspace/manifests/systems.ts';
import { findWorkspace } from '../../workspace/read/find.ts';
import { readWorkspace, type Unset } from '../../workspace/read/read.ts';
import { settleConnections } from '../../workspace/sides/connections.ts';
import { settleSide } from '../../workspace/sides/side.ts';
import { everyConnector, typeOf } from '../../workspace/sides/side-type.ts';
import { ConfigErrors, collectProblems, type Problems } from '../../workspace/yaml/problems.ts';
import { child, mapping, type Tree, textAt, textOf, withEntry, without } from '../../workspace/yaml/tree.ts';
import { type Database, databaseOfSide } from '../database/connection.ts';
import { opening } from '../terminal/open-workspace.ts';
import type { CommonFlags, Surroundings } from '../terminal/surroundings.ts';

/** A flow as its file describes it, for `generate` to add entities. */
export interface FlowAsWritten {
  readonly name: string;
  /** The absolute path of the folder with hygge.yml. */
  readonly root: string;
  /** The folder of the flow, relative to the root. Null: the flow is in hygge.yml. */
  readonly folder: string | null;
  /** The names of the entities that the flow has. */
  readonly entities: readonly string[];
  /** The path of the home, with unfilled templates. Null: the home has no path. */
  readonly homePath: string | null;
  /** The format that the home names. Null: the home names no format. */
  readonly homeFormat: string | null;
  /** A folder in the system that the home or the path names. Null: the folder is on a disk of this machine. */
  remote(path: string): Promise<RemoteFolder | null>;
  /** The database of the home or of the connection. Null: neither is a database. */
  database(connection: string | undefined): Promise<Database | null>;
  /** The value of `table` in the home, with unfilled templates. Null: the home has no `table`. */
  readonly homeTable: string | null;
  /** The type of the home, or of its connection. Null: neither names a type. */
  readonly homeType: string | null;
  /** The manifest for the system of the home. Null: the system has no manifest. */
  readonly manifest: Manifest | null;
  /** Keys of the home that are set in the flow or in its entities. */
  readonly homeKeys: readonly string[];
  /** The base URL of an API. Null: neither the home nor its connection has a base URL. */
  readonly baseUrl: string | null;
  /** The names for which `path_params` of the home has values. */
  readonly pathParams: readonly string[];
  /** The run type of entities without a run type of their own. Null: the flow sets no run type. */
  readonly runType: string | null;
}

/** Reads the flow from its file. Throws only errors in the files themselves: before this command, the entities may still be missing. */
export async function flowAsWritten(
  name: string,
  flags: Pick<CommonFlags, 'directory' | 'target'> & { readonly connection?: string | undefined },
  surroundings: Surroundings,
): Promise<FlowAsWritten> {
  const problems = collectProblems();
  const place = await findWorkspace(workspaceFiles, resolve(surroundings.directory, flags.directory ?? '.'));
  const written = await readWorkspace(workspaceFiles, place, surroundings.environment, problems, {
    target: flags.target,
    systems: connectors.systems,
    opens: opening(surroundings, (flows) => flows.flatMap((flow) => (flow.name === name ? flow.entities : [])), [flags.connection ?? '']),
  });
  const { unset } = written;
  const checked = checkWorkspace(written, { vars: [] }, problems);
  const flow = checked.flows.find((one) => one.name === name);
  const source = written.flows.find((one) => one.name === name);
  if (flow === undefined || source === undefined) {
    refuseErrors(problems, { flow: name, passedOver: [] });
    throw noSuchFlow(name, checked.flows);
  }
  const layers = { workspaceDefaults: checked.defaults, flowDefaults: flow.defaults, flow: flow.tree, entity: undefined, vars: undefined };
  const file = source.spot.source.name;
  const merged = mergeLayers(layers);
  const known = withSystems(connectors, written.manifests, problems);
  const connections = child(written.top, 'connections');
  const home = child(merged.tree, 'home');
  const type = textOf(home, 'type') ?? textOf(child(connections, textOf(home, 'connection') ?? ''), 'type') ?? null;
  const params = child(home, 'path_params');
  const told = collectProblems();
  const manifest = type === null ? undefined : await known.manifestOf(type, told);
  // The entities of a manifest are known without a sign-in.
  const passedOver = [lacksEntities, ...(manifest && manifest.connector.database === undefined ? [lacksVariable] : [])];
  refuseErrors(problems, { flow: name, passedOver });
  if (manifest === null) throw new ConfigErrors(told.errors());
  return {
    name,
    root: place.root,
    folder: file.endsWith('/flow.yml') || file.endsWith('/flow.yaml') ? file.slice(0, file.lastIndexOf('/')) : null,
    entities: flow.entities.map((entity) => entity.name),
    homePath: merged.pieces('home').flow?.text ?? null,
    homeFormat: textOf(home, 'format') ?? null,
    remote: (path) => remoteFolder(path, { flow, home, root: place.root, written: connections, unset, known }),
    homeTable: textOf(home, 'table') ?? null,
    homeType: type,
    manifest: manifest ?? null,
    homeKeys: home?.kind === 'map' ? [...home.entries.keys()] : [],
    baseUrl: textOf(home, 'base_url') ?? textOf(child(connections, textOf(home, 'connection') ?? ''), 'base_url') ?? null,
    pathParams: params?.kind === 'map' ? [...params.entries.keys()] : [],
    runType: textOf(merged.tree, 'run_type') ?? null,
    database: (connection) => {
      const { spot } = flow;
      const own = home?.kind === 'map' ? without(home, 'query', 'columns', 'exclude', 'where') : mapping(spot);
      const tree =
        connection === undefined ? own : mapping(spot, [['connection', { spot, weight: 'explicit', value: textAt(spot, connection) }]]);
      return databaseOfSide({ name: `flow ${flow.name}`, tree, root: place.root, written: connections, unset, known });
    },
  };
}

interface AboutHome {
  readonly flow: Pick<CheckedFlow, 'name' | 'spot'>;
  readonly home: Tree | undefined;
  readonly root: string;
  /** The key `connections:` of hygge.yml. */
  readonly written: Tree | undefined;
  /** The variables in the files that are not set. */
  readonly unset: Unset;
  readonly known: Systems;
}

/** The folder at another path, by the validated config of the home, which is needed only for the sign-in. */
async function remoteFolder(path: string, { flow, home, root, written, unset, known }: AboutHome): Promise<RemoteFolder | null> {
  const { spot } = flow;
  const tree = home?.kind === 'map' ? home : mapping(spot);
  const whole = withEntry(tree, 'path', { spot, weight: 'explicit', value: textAt(spot, path) });
  const pieces = { flow: textAt(spot, path), own: undefined, override: undefined, plain: true };
  const problems = collectProblems();
  const connections = await settleConnections(written, { connectors: known, problems, unset });
  const named = connections.get(textOf(whole, 'connection') ?? '')?.connection;
  const type = named?.spec.type ?? typeOf(whole, pieces, await everyConnector(known)).text;
  if ((await known.find(type))?.remote?.list === undefined) return null;
  const settled = await settleSide({
    side: 'home',
    tree: whole,
    pieces,
    templates: { entity: '', flow: flow.name, date: realClock().now().slice(0, 10) },
    root,
    connectors: known,
    connections,
    problems,
    subject: { name: `flow ${flow.name}`, spot },
  });
  if (settled === undefined || problems.count > 0) throw new ConfigErrors(problems.errors());
  return { type, config: settled.spec.config };
}

const lacksEntities = 'HYG-1045';
const lacksVariable = 'HYG-1020';

/** Throws the errors about the flow, and the errors about the whole workspace. */
function refuseErrors(problems: Problems, { flow, passedOver }: { readonly flow: string; readonly passedOver: readonly string[] }): void {
  const inTheWay = problems.attributed().filter(({ whose }) => whose.length === 0 || whose.some((one) => one.flow === flow));
  const errors = inTheWay.flatMap(({ error }) => (passedOver.includes(error.code) ? [] : [error]));
  if (errors.length > 0) throw new ConfigErrors(errors);
}

function noSuchFlow(name: string, flows: readonly { readonly name: string }[]): ConfigError {
  const names = flows.map((flow) => flow.name);
  const meant = didYouMean(name, names);
  return new ConfigError({
    code: 'HYG-1902',
    what: `There is no flow ${shownName(name)}.`,
    why: [names.length === 0 ? 'The workspace has no flows yet.' : `There is: ${names.slice(0, 20).map(shownName).join(', ')}`],
    tryThis: [...(meant === undefined ? [] : [`Did you mean ${shownName(meant)}?`]), 'See all: hygge list flows'],
  });
}
