import { posix } from 'node:path';
import type { Connector, RemotePaths } from '../../engine/contracts/connector.ts';
import type { SecretValues } from '../../ports/secrets/values.ts';
import { check } from '../check/check.ts';
import { type Environment, interpolate } from '../read/interpolate.ts';
import { stateSchema, type WrittenState } from '../schema/state-schema.ts';
import { type NamedConnections, noConnection } from '../sides/connections.ts';
import { isGlob, isUrl } from '../sides/paths.ts';
import { holdsSecret } from '../sides/secret-path.ts';
import { type Connectors, everyConnector, formsOf, typeOfUrl } from '../sides/side-type.ts';
import { listed, type Problems, quoted } from '../yaml/problems.ts';
import { child, entry, type MapNode, type Scalar, type Tree, withEntry, without } from '../yaml/tree.ts';
import { parseTree } from '../yaml/yaml-tree.ts';
import { type ObjectStateSettings, type PlacedState, type StateSettings, settleState } from './settings.ts';

interface StatePlaceContext {
  readonly connectors: Connectors;
  readonly problems: Problems;
}

interface Place extends StatePlaceContext {
  readonly connections: NamedConnections;
  /** Whether the caller opens the state, and therefore needs its secrets. */
  readonly isOpened: boolean;
}

/** A state whose keys a connector must check. Undefined: hygge itself checks the state, or the problem was reported. */
export async function settleStatePlace(
  written: Tree | undefined,
  checked: WrittenState | undefined,
  around: Place,
): Promise<PlacedState | undefined> {
  if (checked?.type === 'object') return inObjects(written, around);
  return checked?.type === 'sql' ? inDatabase(written, checked, around) : undefined;
}

/** `state: { type: sql }` with the keys of the connection that `state` names. */
async function inDatabase(
  written: Tree | undefined,
  { connection: name, metadata_schema: schema = 'hygge_metadata' }: Extract<WrittenState, { type: 'sql' }>,
  { connectors, connections, problems, isOpened }: Place,
): Promise<PlacedState | undefined> {
  const spot = child(written, 'connection')?.spot;
  const settled = connections.get(name);
  if (spot === undefined) return undefined;
  if (settled === undefined) {
    noConnection({ of: 'state', names: [...connections.keys()], problems }, spot, name);
    return undefined;
  }
  if (isOpened) settled.tellUnset(problems);
  const { connection } = settled;
  // Errors of a connection are reported only once.
  if (connection === undefined) return undefined;
  const connector = await connectors.find(connection.spec.type);
  if (connector?.state === undefined) {
    const known = (await everyConnector(connectors)).filter((one) => one.state !== undefined).map(({ id }) => id);
    problems.add({
      code: 'HYG-1032',
      what: `State can't be kept in ${quoted(name)}, a connection of type ${quoted(connection.spec.type)}.`,
      tryThis: [
        `State can be kept in databases of type ${listed(known, 'or')}.`,
        'In a lake or bucket, keep the state next to the data: `state: { type: object, path: … }`.',
      ],
      spot,
    });
    return undefined;
  }
  const subject = { name: `the state (over connection ${quoted(name)})`, spot, prefix: ['connections', name] };
  const config = check(connector.state, connection.keys, subject, problems);
  return config && { type: 'sql', engine: connector.id, connection: name, config: config.value, schema };
}

/** `state: { type: object }`: the system of its URL, and the keys next to the URL. Undefined: the problem was reported. */
async function inObjects(written: Tree | undefined, around: StatePlaceContext): Promise<ObjectStateSettings | undefined> {
  const url = child(written, 'path');
  if (written?.kind !== 'map' || url?.kind !== 'scalar') return undefined;
  if (holdsSecret(written, 'state', around.problems) || !isPlausible(url, around.problems)) return undefined;
  const known = await everyConnector(around.connectors);
  const found = findSystem(url.text, known);
  if (found === undefined) return noUrl(url, around.problems, known);
  const { system, schema, located } = found;
  const folder = posix.normalize(`/${located.path}`).replace(/^\/+|\/+$/g, '');
  const own = without(written, 'type', 'path');
  const keys = withLocated(own, url, located.keys, around.problems);
  const subject = { name: `the state (in ${quoted(system)})`, spot: written.spot, prefix: ['state'] };
  const at: Scalar = { ...url, value: folder, text: folder };
  const checked =
    keys && check(schema, withEntry(keys, 'path', { spot: url.spot, value: at, weight: 'explicit' }), subject, around.problems);
  return checked && { type: 'object', system, config: checked.value, folder };
}

interface FoundState {
  readonly system: string;
  readonly schema: NonNullable<RemotePaths['place']>;
  readonly located: NonNullable<ReturnType<RemotePaths['locate']>>;
}

/** The system that the URL resembles is tried first; the address of a private server is known only to its own system. */
function findSystem(url: string, known: readonly Connector[]): FoundState | undefined {
  const meant = typeOfUrl(url, known);
  for (const { id: system, remote } of [...known].sort((a, b) => Number(b.id === meant) - Number(a.id === meant))) {
    const located = remote?.locate(url);
    if (located !== undefined && remote?.place !== undefined) return { system, schema: remote.place, located };
  }
  return undefined;
}

function isPlausible(url: Scalar, problems: Problems): boolean {
  const refuse = (what: string, tryThis: string, hidden = false): boolean => {
    problems.add({ code: 'HYG-1032', what, tryThis: [tryThis], spot: url.spot, ...(hidden ? { hideFrom: url.spot.offset } : {}) });
    return false;
  };
  if (!isUrl(url.text) || /^file:/i.test(url.text))
    return refuse(
      `${quoted('state.path')} needs the URL of a folder in a data lake or bucket, not ${quoted(url.shown)}.`,
      'State on a disk of this machine: `state: { type: files }`.',
    );
  if (/^https?:/i.test(url.text) && /[?#]/.test(url.text))
    return refuse(
      `${quoted('state.path')} is an address with a ${quoted(/[?#]/.exec(url.text)?.[0] ?? '?')} in it, so the text after this sign would not be part of the path.`,
      'Write only the folder. Credentials have their own keys, such as `sas_token`.',
      true,
    );
  if (isGlob(url.text) || /[{}]/.test(url.text))
    return refuse(
      `${quoted('state.path')} needs one folder, not the pattern or template ${quoted(url.shown)}.`,
      'Write the folder without placeholders: all flows and entities of a workspace share it.',
    );
  if (url.text.split('/').some((segment) => segment === '.' || segment === '..'))
    return refuse(
      `${quoted('state.path')} has ${quoted('.')} or ${quoted('..')} in it: ${quoted(url.shown)}.`,
      'Write the complete path of the folder.',
    );
  return true;
}

function noUrl(url: Scalar, problems: Problems, known: readonly Connector[]): undefined {
  const meant = typeOfUrl(url.text, known) ?? '';
  const systems = known.filter(({ remote }) => remote?.place !== undefined).map(({ id }) => id);
  const forms = (systems.includes(meant) ? [meant] : systems).flatMap((system) => formsOf(system, known).slice(0, 1));
  problems.add({
    code: 'HYG-1032',
    what: `${quoted(url.shown)} is not a URL of a place that can store state.`,
    tryThis: [
      forms.length === 0 ? 'Keep the state in files or tables: `state: { type: table_storage }`.' : `Write it as ${listed(forms, 'or')}.`,
    ],
    spot: url.spot,
  });
}

/** Values from the URL count like keys next to the URL. A key with another value is an error. */
function withLocated(own: MapNode, url: Scalar, located: Readonly<Record<string, string>>, problems: Problems): MapNode | undefined {
  let keys = own;
  for (const [key, text] of Object.entries(located)) {
    const written = entry(own, key);
    if (written === undefined) {
      const value = { ...url, value: text, text, shown: url.fromVariable ? url.shown : text };
      keys = withEntry(keys, key, { spot: url.spot, value, weight: 'explicit' });
    } else if (written.value.kind !== 'scalar' || written.value.text !== text) {
      problems.add({
        code: 'HYG-1033',
        what: `${quoted('state.path')} and ${quoted(`state.${key}`)} name two different places.`,
        why: [`The URL says ${quoted(url.fromVariable ? url.shown : text)}.`],
        tryThis: [`Remove ${quoted(key)}: the URL names it.`],
        spot: written.spot,
      });
      return undefined;
    }
  }
  return keys;
}

/** A `state:` that is written outside hygge.yml. Null: no state is written, or the problem was reported. */
export async function parseStateArgument(
  text: string | undefined,
  { env, values, ...around }: Place & { readonly env: Environment; readonly values?: SecretValues },
): Promise<StateSettings | null> {
  if (text === undefined) return null;
  const { problems } = around;
  const source = { name: '--from', text, keyless: true };
  const parsed = parseTree(source, problems);
  if (parsed === undefined) return null;
  const tree = interpolate(parsed, env, problems, values === undefined ? {} : { values });
  const subject = { name: quoted('--from'), spot: { source, offset: 0 }, prefix: [] };
  const written = check(stateSchema, tree, subject, problems)?.value;
  if (written?.type !== 'object' && written?.type !== 'sql') return written === undefined ? null : settleState(written, env);
  return (await settleStatePlace(tree, written, around)) ?? null;
}
