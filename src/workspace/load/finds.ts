/** Flows that name no entities (`entities: "*"`): hygge finds the entities at the home when a run begins. */

import { unreadTables } from '../../errors/as-argument.ts';
import { ConfigError, type HyggeError } from '../../errors/hygge-error.ts';
import { isPlainName, namePattern } from '../name-pattern.ts';
import { nameKey } from '../names.ts';
import { onDisk } from '../sides/paths.ts';
import { settleSide } from '../sides/side.ts';
import { everyConnector, typeOf } from '../sides/side-type.ts';
import { resembling } from '../similar-names.ts';
import { type Problems, quoted } from '../yaml/problems.ts';
import type { Spot } from '../yaml/source.ts';
import { child, entry, type MapNode, mapping, textAt, textOf, withEntry, without } from '../yaml/tree.ts';
import type { CheckedEntity, Surroundings } from './flow.ts';
import type { MergedLayers } from './layers.ts';

/** The value of `entities:` if it is not a list. */
export interface FindRule {
  /** Names and patterns. */
  readonly like: readonly string[];
  readonly exclude: readonly string[];
  /** Whether views of a database are entities too. */
  readonly views: boolean;
  readonly spot: Spot;
}

/** The table name in the config of a home that is searched for tables: a placeholder. */
export const anyTable = 'hygge';

/** The database, folder or service in which hygge looks for the entities of a flow. */
export type FindsPlace =
  /** A database: `config` is the config of a home in the database. `pattern` is its `table`, such as `sales.{entity}`. `ownSchema` as in `DatabaseSide`. */
  | {
      readonly in: 'database';
      readonly type: string;
      readonly config: unknown;
      readonly pattern: string;
      readonly ownSchema: string | null | undefined;
    }
  /** A folder: `pattern` is the path that begins with the segment with `{entity}`. `remote` null: `folder` is on this machine’s disks. */
  | {
      readonly in: 'folder';
      /** The absolute path of the folder. */
      readonly folder: string;
      readonly pattern: string;
      readonly remote: { readonly type: string; readonly config: unknown } | null;
    };

export interface Finds extends Omit<FindRule, 'spot'> {
  readonly place: FindsPlace;
}

/** A found entity. A run stores it as JSON. */
export interface FoundEntity {
  readonly name: string;
  /** The name at the home, if it differs from the settled name in its capitals or in its Unicode normal form. */
  readonly source?: string;
  /** The text that replaces `{entity}` in a path of the home, if the name alone would give another text. */
  readonly segment?: string;
  /** Keys of the entity’s home, if the name alone does not identify the table or file. */
  readonly home: Readonly<Record<string, string>> | null;
  readonly is: FoundAs | 'left out' | Unread | Unmatched;
}

/** A name or pattern of `entities` that matches nothing at the home. It takes the place of `name`. */
export interface Unmatched {
  readonly unmatched: 'like' | 'exclude';
  /** Existing names that may be meant. For a pattern in another language: the pattern that would match. */
  readonly near: readonly string[];
  /** A pattern that matches `name` and no existing name; null: `name` is a pattern, or no simple pattern exists. */
  readonly pattern: string | null;
}

/** An existing entity that has never settled and can’t be read, so no run moves it. */
export interface Unread {
  /** The reason in a few words: `no right to read`. */
  readonly unread: string;
  /** The table with its schema, as the database writes it. */
  readonly table: string;
}

/** `new`: the flow has settled other entities, but never this one. `gone`: the entity has settled, and no longer exists. A text: why the home could not be searched. */
export type FoundAs = 'known' | 'new' | 'gone' | { readonly unseen: string };

/** Entities that a run should move. An excluded entity has settled before, and only its destination matters. */
export function wantedOf(found: FoundEntities): readonly (FoundEntity & { readonly is: FoundAs })[] {
  return found instanceof Error
    ? []
    : found.flatMap(({ is, ...one }) => (is === 'left out' || isUnread(is) || isUnmatched(is) ? [] : [{ ...one, is }]));
}

export function isUnmatched(is: FoundEntity['is']): is is Unmatched {
  return typeof is === 'object' && 'unmatched' in is;
}

function isUnread(is: FoundEntity['is']): is is Unread {
  return typeof is === 'object' && 'unread' in is;
}

/** Warns of wanted tables that no run can read, unless an entity with its own file names them. */
export function warnOfUnread(
  found: FoundEntities,
  { flow, finding, named }: { readonly flow: string; readonly finding: FindRule; readonly named: readonly string[] },
  problems: Problems,
): void {
  const told = saysUnread(found, named);
  if (told === undefined) return;
  const names = told.unread.slice(0, namesInAdvice).map(({ name }) => name);
  const all = told.unread.length <= namesInAdvice;
  const without = entitiesText({ ...finding, exclude: [...finding.exclude, ...names] });
  problems.warn(
    `unread of ${flow}`,
    `flow ${flow}: ${told.sentence} Grant the right to read them, or write \`${without}\`. This leaves ${all ? 'them' : 'the first of them'} out without this warning`,
    finding.spot,
    flow,
  );
}

/** The `entities` line of the config. */
function entitiesText({ like, exclude, views }: Omit<FindRule, 'spot'>): string {
  const isAll = like.length === 1 && like[0] === '*';
  const written = [
    ...(isAll ? [] : [`like: ${listed(like)}`]),
    ...(exclude.length === 0 ? [] : [`exclude: ${listed(exclude)}`]),
    ...(views ? ['views: true'] : []),
  ];
  return written.length === 0 ? 'entities: "*"' : `entities: { ${written.join(', ')} }`;
}

/** An excluded name that matches nothing but resembles an existing name stops the run, because it may be misspelt. Other names and patterns may be meant for later entities. Returns whether the run stops. @param named the entities that have a file, which `exclude` also leaves out. */
export function checkUnmatched(
  found: FoundEntities,
  { flow, finding, named }: { readonly flow: string; readonly finding: FindRule; readonly named: readonly string[] },
  problems: Problems,
): boolean {
  if (found instanceof Error) return false;
  let stops = false;
  for (const { name: written, is } of found) {
    if (!isUnmatched(is)) continue;
    const list = is.unmatched;
    const files = list === 'exclude' ? named : [];
    if (files.some((one) => namePattern(written, 'iu').test(one))) continue;
    const inFiles = isPlainName(written)
      ? resembling(
          written,
          files.map((name) => ({ name, also: [] })),
        )
      : [];
    const near = [...new Set([...is.near, ...inFiles])];
    const [meant] = near;
    const where = `\`entities\` of flow ${quoted(flow)} ${list === 'like' ? 'names' : 'leaves out'} ${quoted(written)}`;
    const nothing = 'no entity at its home has that name';
    if (meant === undefined) {
      problems.warn(`unmatched ${list} ${written} of ${flow}`, `${where}, and ${nothing} now`, finding.spot);
      continue;
    }
    const instead = (names: readonly string[]) =>
      entitiesText({ ...finding, [list]: finding[list].flatMap((one) => (one === written ? names : [one])) });
    const { pattern } = is;
    const isOpen = pattern !== null && !named.some((one) => namePattern(pattern, 'iu').test(one));
    stops = true;
    problems.add({
      code: 'HYG-1136',
      what: `${where}, and ${nothing}.`,
      why: [
        list === 'exclude'
          ? `A run would copy ${near.map(quoted).join(', ')}, which may be the intended name.`
          : `A run would leave out ${near.map(quoted).join(', ')}, which may be the intended name.`,
      ],
      tryThis: [
        `Did you mean ${near.map(quoted).join(' or ')}? \`${instead(near)}\``,
        ...(!isOpen ? [] : [`If the name is right and will exist later, write a pattern: \`${instead([pattern])}\``]),
      ],
      spot: finding.spot,
    });
  }
  return stops;
}

const namesInAdvice = 20;

function saysUnread(found: FoundEntities, named: readonly string[]) {
  if (found instanceof Error) return undefined;
  const unread = found.flatMap(({ name, is }) =>
    isUnread(is) && !named.some((one) => nameKey(one) === nameKey(name)) ? [{ name, is }] : [],
  );
  const tables = unread.map(({ is }) => ({ name: is.table, why: is.unread }));
  const read = wantedOf(found).filter(({ is }) => is !== 'gone').length;
  const sentence = unreadTables(read, tables);
  return sentence === undefined ? undefined : { sentence, unread };
}

/** A YAML list of names, with quotes around each name that YAML would read as another value. */
function listed(names: readonly string[]): string {
  return `[${names.map((name) => (/^[A-Za-z_][\w-]*$/.test(name) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(name) ? name : JSON.stringify(name))).join(', ')}]`;
}

/** The found entities of a flow, or the reason why hygge could not look for them. */
export type FoundEntities = readonly FoundEntity[] | HyggeError;

interface AboutFlow {
  readonly name: string;
  readonly spot: Spot;
  readonly finding: FindRule;
  readonly merged: MergedLayers;
}

type FindsContext = Pick<Surroundings, 'root' | 'date' | 'connectors' | 'connections' | 'problems'>;

/** Where to search; undefined: hygge can’t search the home, and the reason was reported. */
export async function settleFinds(flow: AboutFlow, around: FindsContext): Promise<Finds | undefined> {
  const { like, exclude, views, spot } = flow.finding;
  const place = await placeOf(flow, around);
  if (place !== undefined) return { like, exclude, views, place };
  around.problems.add({
    code: 'HYG-1046',
    what: `The home of flow ${quoted(flow.name)} can't be searched for entities.`,
    why: ['hygge can list the tables of a database, or the files and folders of a path.'],
    tryThis: [
      `Name them: \`entities: [orders, customers]\`.`,
      'Or write `{entity}` in the table or path of the home: `home: { connection: shop, table: "sales.{entity}" }`, `home: "data/{entity}/*.parquet"`.',
    ],
    spot,
  });
  return undefined;
}

async function placeOf(flow: AboutFlow, around: FindsContext): Promise<FindsPlace | undefined> {
  const { merged, name, spot } = flow;
  const home = child(merged.tree, 'home');
  const tree = home?.kind === 'map' ? home : mapping(flow.merged.tree.spot);
  const { connectors, connections } = around;
  const plain = { flow: undefined, own: undefined, override: undefined, plain: true };
  const connection = connections.get(textOf(tree, 'connection') ?? '')?.connection;
  const type = connection?.spec.type ?? typeOf(tree, merged.pieces('home'), await everyConnector(connectors)).text;
  const connector = await connectors.find(type);
  if (connector === undefined) return undefined;
  const settled = (own: MapNode, pieces = plain as Parameters<typeof settleSide>[0]['pieces']) =>
    settleSide({
      ...{ side: 'home' as const, tree: own, pieces, root: around.root, connectors, connections, problems: around.problems },
      templates: { entity: '', flow: name, date: around.date },
      subject: { name: `flow ${quoted(name)}`, spot },
    });
  const explicit = (text: string) => ({ spot: tree.spot, weight: 'explicit' as const, value: textAt(tree.spot, text) });
  if (connector.database?.tables !== undefined && connector.database.tableKey === undefined) {
    if (entry(tree, 'query') !== undefined || entry(tree, 'soql') !== undefined) return undefined;
    const pattern = textOf(tree, 'table') ?? '{entity}';
    if (!pattern.includes('{entity}')) return undefined;
    const side = await settled(withEntry(without(tree, 'columns', 'exclude', 'where'), 'table', explicit(anyTable)));
    return side && { in: 'database', type, config: side.spec.config, pattern, ownSchema: connector.database.ownSchema };
  }
  const path = merged.pieces('home').flow?.text;
  if (path === undefined) return undefined;
  const { above, pattern } = splitAtEntity(path.replaceAll('{flow}', name).replaceAll('{date}', around.date));
  if (connector.remote?.list === undefined) return { in: 'folder', folder: onDisk(around.root, above), pattern, remote: null };
  const side = await settled(withEntry(tree, 'path', explicit(above)), { ...plain, flow: textAt(tree.spot, above) });
  return side && { in: 'folder', folder: above, pattern, remote: { type, config: side.spec.config } };
}

/** The folder above the segment with `{entity}`, and the path from that segment on. Without `{entity}`, each file or subfolder is an entity. */
export function splitAtEntity(path: string): { readonly above: string; readonly pattern: string } {
  const whole = path.includes('{entity}') ? path : `${path.replace(/\/+$/, '')}/{entity}`;
  const segments = whole.split('/');
  const at = segments.findIndex((segment) => segment.includes('{entity}'));
  const above = segments.slice(0, at).join('/');
  return {
    above: above || (whole.startsWith('/') ? '/' : '.'),
    pattern: path.includes('{entity}') ? segments.slice(at).join('/') : '{entity}',
  };
}

/** The found entities, in addition to the entities with their own file. Settings in a file win. */
export function asEntities(
  found: readonly (FoundEntity & { readonly is: FoundAs })[],
  { spot }: FindRule,
): readonly (CheckedEntity & { readonly is: FoundAs })[] {
  return found.map(({ name, source = name, segment, home, is }) => {
    const at = spot as MapNode['spot'];
    const text = (value: string) => ({ spot: at, weight: 'explicit' as const, value: textAt(at, value) });
    const own = Object.entries(home ?? {}).map(([key, value]) => [key, text(value)] as const);
    const tree = own.length === 0 ? mapping(at) : mapping(at, [['home', { spot: at, weight: 'explicit', value: mapping(at, own) }]]);
    return { name, source, ...(segment === undefined ? {} : { segment }), spot, tree, is };
  });
}

/** An empty search stops the run, because a run without entities would look like a success. */
export function checkFound(found: FoundEntities, { flow, spot }: { readonly flow: string; readonly spot: Spot }, problems: Problems): void {
  if (wantedOf(found).length > 0) return;
  const base = { code: 'HYG-1047', spot } as const;
  const unread = saysUnread(found, [])?.sentence;
  const nothing = `Nothing was found at the home of flow ${quoted(flow)}.`;
  if (!(found instanceof Error))
    problems.add({
      ...base,
      what: nothing,
      why: [
        ...(unread === undefined ? [] : [unread]),
        '`entities` selects from the existing entities, but none of them matches. A run without entities would look like a success.',
      ],
      tryThis: [
        'Check the path, the patterns of `entities`, and the rights of the role.',
        'Or name the entities: `entities: [orders, customers]`.',
      ],
    });
  else
    problems.add({
      ...base,
      what: found.code === 'HYG-3201' ? nothing : `The home of flow ${quoted(flow)} could not be searched for entities.`,
      why: [`${!(found instanceof ConfigError) ? `${found.code} ` : ''}${found.what}`, ...found.why],
      tryThis: [found.tryThis[0] ?? 'Run it again', ...found.tryThis.slice(1)],
      cause: found,
    });
}
