/** `connections:` of hygge.yml: named connections to systems, with their sign-in, which homes and stores share. */
import type { Connector } from '../../engine/contracts/connector.ts';
import type { ConnectionSpec } from '../../engine/contracts/spec.ts';
import { didYouMean } from '../../errors/did-you-mean.ts';
import { check } from '../check/check.ts';
import { mergeMappings } from '../read/merge.ts';
import type { Unset } from '../read/read.ts';
import { listed, type Problems, quoted } from '../yaml/problems.ts';
import { type Spot, whereIs } from '../yaml/source.ts';
import { type Entry, entry, type MapNode, only, type Tree, textAt, textOf, without } from '../yaml/tree.ts';
import { connectionLimits } from './connection-schema.ts';
import type { SideRequest } from './side.ts';
import { type Connectors, everyConnector } from './side-type.ts';

export interface NamedConnection {
  readonly spec: ConnectionSpec;
  /** A key of the connection counts like a key that is written in the home or store itself. */
  readonly type: Entry;
  /** The written type, if a manifest describes it. Absent: the type belongs to a connector. */
  readonly system?: string;
  readonly keys: MapNode;
}

/** The connections of hygge.yml by name. */
export type NamedConnections = ReadonlyMap<string, SettledConnection>;

interface SettledConnection {
  /** The connection; undefined: it has an error, which is reported at once, or for each home or store that names the connection. */
  readonly connection: NamedConnection | undefined;
  /** The unset variables of the connection, which are reported for each home or store that names the connection. */
  readonly tellUnset: (problems: Problems) => void;
}

interface ConnectionsContext {
  readonly connectors: Connectors;
  readonly problems: Problems;
  readonly unset: Unset;
}

/** Every connection, used or unused, after a check by its connector. */
export async function settleConnections(written: Tree | undefined, around: ConnectionsContext): Promise<NamedConnections> {
  const found = new Map<string, SettledConnection>();
  if (written?.kind !== 'map') return found;
  for (const [name, held] of written.entries) {
    const connection = await settle(name, held, around);
    found.set(name, { connection, tellUnset: (problems) => around.unset.get(name)?.(problems) });
  }
  return found;
}

const limits: readonly string[] = Object.keys(connectionLimits.shape);

async function settle(
  name: string,
  held: Entry,
  { connectors, problems }: Omit<ConnectionsContext, 'unset'>,
): Promise<NamedConnection | undefined> {
  const tree = held.value;
  if (tree.kind !== 'map') return undefined;
  const type = entry(tree, 'type');
  const written = textOf(tree, 'type');
  const connector = written === undefined ? undefined : await connectors.find(written);
  if (type === undefined || connector?.connection === undefined || written === undefined)
    return noType({ name, held, written }, await everyConnector(connectors), problems);
  const subject = { name: `connection ${quoted(name)}`, prefix: ['connections', name], spot: tree.spot };
  const keys = without(tree, 'type', ...limits);
  const checked = check(connector.connection, keys, subject, problems);
  const most = check(
    connectionLimits,
    only(tree, (key) => limits.includes(key)),
    subject,
    problems,
  )?.value;
  if (checked === undefined || most === undefined) return undefined;
  const { max_reads: reads = null, max_writes: writes = null, retry_for: retryForMs } = most;
  const spec = { name, type: connector.id, maxReads: reads, maxWrites: writes, ...(retryForMs === undefined ? {} : { retryForMs }) };
  if (connector.id === written) return { spec, type, keys };
  return { spec, type: { ...type, value: { ...textAt(type.value.spot, connector.id), shown: written } }, system: written, keys };
}

function noType(
  { name, held, written }: { readonly name: string; readonly held: Entry; readonly written: string | undefined },
  known: readonly Connector[],
  problems: Problems,
): undefined {
  const types = known.filter(({ connection }) => connection !== undefined).map(({ id }) => id);
  // The prefix of a system’s paths is not a connection, but shows the intended type.
  const ofScheme = known
    .filter(
      ({ id, addresses }) =>
        types.includes(id) && addresses?.paths === undefined && addresses?.schemes.includes(written?.toLowerCase() ?? ''),
    )
    .map(({ id }) => id);
  const near = written === undefined ? undefined : didYouMean(written, types);
  const meant = ofScheme.length > 0 ? listed(ofScheme, 'or') : near === undefined ? undefined : quoted(near);
  problems.add({
    code: 'HYG-1088',
    what:
      written === undefined
        ? `The connection ${quoted(name)} needs a ${quoted('type')}.`
        : `There are no connections of type ${quoted(written)}.${meant === undefined ? '' : ` Did you mean ${meant}?`}`,
    why: ['The type decides which keys a connection has.'],
    tryThis: [`The types are ${listed(types)}.`],
    spot: (entry(held.value, 'type') ?? held).spot,
  });
  return undefined;
}

/** A home or store with the keys of the connection that it names. Undefined: the problem was reported. */
export function withConnection(
  request: SideRequest,
  tree: MapNode,
): { readonly tree: MapNode; readonly connection?: ConnectionSpec } | undefined {
  const held = entry(tree, 'connection');
  if (held === undefined) return { tree };
  const name = held.value.kind === 'scalar' ? held.value.text : '';
  const { side, connections, problems } = request;
  const settled = connections.get(name);
  if (settled === undefined) return noConnection({ of: side, names: [...connections.keys()], problems }, held.spot, name);
  settled.tellUnset(problems);
  const { connection } = settled;
  if (connection === undefined) return undefined;
  const own = without(tree, 'connection');
  if (!agree(request, own, connection)) return undefined;
  const said = [...connection.keys.entries].map(([key, held]) => [key, over(own.entries.get(key), held)] as const);
  const entries = new Map([...own.entries, ...said, ['type', connection.type] as const]);
  return { tree: { ...own, entries }, connection: connection.spec };
}

/** A map of the connection is merged over a default, such as the headers of a manifest. */
function over(own: Entry | undefined, held: Entry): Entry {
  if (own?.weight !== 'default' || own.value.kind !== 'map' || held.value.kind !== 'map') return held;
  return { ...held, value: mergeMappings(own.value, held.value) };
}

/** Reports that hygge.yml has no connection of that name. @param of the home or store that names the connection. */
export function noConnection(
  {
    of,
    names,
    problems,
  }: { readonly of: 'home' | 'store' | 'report' | 'state'; readonly names: readonly string[]; readonly problems: Problems },
  spot: Spot,
  name: string,
): undefined {
  const near = didYouMean(name, names);
  problems.add({
    code: 'HYG-1089',
    what: `There is no connection ${quoted(name)} for the ${of}.${near === undefined ? '' : ` Did you mean ${quoted(near)}?`}`,
    tryThis: [
      names.length === 0
        ? `Write it in hygge.yml: \`connections: { ${name || 'lake'}: { type: … } }\`.`
        : `hygge.yml has ${listed(names.map(quoted))}.`,
    ],
    spot,
  });
  return undefined;
}

/** Reports a key of the connection that the home or store also sets, because a key of one account must not go to another account. A key from `defaults` is dropped. */
function agree({ side, problems }: SideRequest, own: MapNode, { spec, type, keys }: NamedConnection): boolean {
  const before = problems.count;
  const said = new Map([...keys.entries, ['type', type] as const]);
  for (const [key, theirs] of said) {
    const mine = own.entries.get(key);
    if (mine === undefined || mine.weight === 'default' || isSame(key, mine, theirs)) continue;
    const where = whereIs(theirs.spot);
    problems.add({
      code: 'HYG-1089',
      what: `The ${side} and its connection ${quoted(spec.name)} both set ${quoted(key)}.`,
      why: [`The connection sets it in ${where.file}, line ${where.line}.`],
      tryThis: [`Remove ${quoted(key)} from the ${side}.`, 'Or create another connection.'],
      spot: mine.spot,
    });
  }
  return problems.count === before;
}

/** A repeated `type` is allowed, because the repetition does no harm. */
function isSame(key: string, mine: Entry, theirs: Entry): boolean {
  return key === 'type' && mine.value.kind === 'scalar' && theirs.value.kind === 'scalar' && mine.value.text === theirs.value.text;
}
