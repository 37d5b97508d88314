import * as z from 'zod';
import type { Connector, DataLocation } from '../../engine/contracts/connector.ts';
import type { SecretReference, SideSpec } from '../../engine/contracts/spec.ts';
import { didYouMean } from '../../errors/did-you-mean.ts';
import { namesSecret } from '../../ports/secret.ts';
import { check } from '../check/check.ts';
import { fillTemplates, misspeltTemplate, type Templates } from '../read/interpolate.ts';
import { isShorthand } from '../read/merge.ts';
import { listed, type Problems, quoted } from '../yaml/problems.ts';
import { type Spot, whereIs } from '../yaml/source.ts';
import type { Subject } from '../yaml/subject.ts';
import { type Entry, entry, type MapNode, mapping, type Scalar, type Tree, textAt, withEntry, without } from '../yaml/tree.ts';
import { type NamedConnections, withConnection } from './connections.ts';
import { withoutOriginals } from './original-keys.ts';
import { fillPath, type PathPieces } from './paths.ts';
import { hasSecretInside } from './secret-path.ts';
import { type PathRequest, settlePath } from './side-path.ts';
import { type Connectors, connectorsFor, everyConnector, formatNamed, formatOf, typeOf } from './side-type.ts';

export interface SideRequest {
  /** The name of the home, the store or the page of `report`. The page is not a side of an entity, but may be in the same systems. */
  readonly side: 'home' | 'store' | 'report';
  /** The tree after all layers are merged; undefined: no layer sets the home or store. */
  readonly tree: MapNode | undefined;
  readonly pieces: PathPieces;
  readonly templates: Templates;
  readonly root: string;
  readonly connectors: Connectors;
  /** The connections of hygge.yml. */
  readonly connections: NamedConnections;
  readonly problems: Problems;
  /** The run type of the entity; undefined: unknown. */
  readonly runType?: 'full_drop' | 'incremental' | undefined;
  readonly subject: Omit<Subject, 'prefix'>;
}

export interface SettledSide {
  readonly spec: SideSpec;
  readonly dropped: readonly Entry[];
  /** The absolute path of a side on this machine’s disks. */
  readonly disk: string | undefined;
  /** Undefined: unknown. */
  readonly place: DataLocation | undefined;
  /** The place of the written path in the config. */
  readonly spot: Spot;
}

/** The home or store of an entity, with its connector, its final path and its checked config. Undefined: the problem was reported. */
export async function settleSide(request: SideRequest): Promise<SettledSide | undefined> {
  const { side } = request;
  if (request.tree === undefined || [...request.tree.entries.keys()].every(isShorthand)) return nothingThere(request);
  if (hasSecretInside(request, request.tree)) return undefined;
  const connected = withConnection(request, request.tree);
  if (connected === undefined) return undefined;
  const { tree, connection } = connected;
  const asked = await connectorsFor(tree, request.pieces, request.connectors);
  const type = typeOf(tree, request.pieces, asked);
  if (type.value === null || typeof type.value !== 'string') return noType(request, type.spot);
  const connector = await request.connectors.find(type.text);
  if (connector === undefined) return noConnector(request, { type, known: await everyConnector(request.connectors) });
  const schema = side === 'report' ? pageConfig(connector) : connector[side]?.config;
  if (schema === undefined) return noSide(request, connector, type.spot);
  const own = connector.family === 'files' ? withoutOriginals(request, tree, connector.store?.retired) : tree;
  const settled = settleWith({ ...request, type, connector, known: asked }, own, schema);
  return settled && connection ? { ...settled, spec: { ...settled.spec, connection } } : settled;
}

function settleWith(request: PathRequest, tree: MapNode, schema: z.ZodType): SettledSide | undefined {
  const { side, problems, templates } = request;
  const type = request.type.text;
  const { family, formats = [] } = request.connector;
  const path = settlePath(request, tree);
  if (path === undefined) return undefined;
  for (const key of internal) refuseInternal(key, tree, problems);
  let config = filled(without(tree, 'type', 'path'), request);
  if (family === 'databases' && !['table', 'query', 'soql'].some((key) => config.entries.has(key))) {
    config = withEntry(config, 'table', { spot: config.spot, value: textAt(config.spot, templates.entity), weight: 'default' });
  }
  const told = family === 'files' && side !== 'report' ? formatOf(path.written, formats) : undefined;
  if (told !== undefined && !config.entries.has('format')) {
    const format = textAt(config.spot, told);
    config = withEntry(config, 'format', { spot: config.spot, value: format, weight: 'default' });
  }
  for (const [key, held] of path.entries) config = withEntry(config, key, held);
  checkTable(tree, problems);
  warnOfSecrets(tree, problems);
  const subject = {
    ...request.subject,
    name: `the ${side} (type ${quoted(request.type.shown)})`,
    prefix: [side],
    spot: tree.spot,
    internal,
    elsewhere: family === 'files' ? noQuery : () => undefined,
  };
  const checked = check(strict(schema), config, subject, problems);
  if (checked === undefined || !path.plausible) return undefined;
  const place = request.connector.place?.(checked.value);
  const spec = { type, config: checked.value, where: whereIs(path.spot), secrets: secretsIn(tree) };
  return { spec, dropped: checked.dropped, disk: path.disk, place, spot: path.spot };
}

/** The keys of a page: its path, and the sign-in to the system of the path. */
function pageConfig({ family, remote }: Connector): z.ZodType | undefined {
  return family === 'files' ? (remote?.place ?? z.strictObject({ path: z.string() })) : undefined;
}

/** Fills templates in every text except secrets, which stay unchanged. */
function filled(tree: MapNode, { templates, side }: Pick<SideRequest, 'templates' | 'side'>): MapNode {
  const fill = (tree: MapNode): MapNode =>
    mapping(
      tree.spot,
      [...tree.entries].map(([key, held]) => [key, { ...held, value: namesSecret(key) ? held.value : fillIn(key, held.value) }] as const),
    );
  const fillIn = (key: string, value: Tree): Tree => {
    if (value.kind === 'map') return fill(value);
    if (value.kind === 'list') return { ...value, items: value.items.map((item) => fillIn(key, item)) };
    if (typeof value.value !== 'string') return value;
    const text = key === 'file_pattern' ? fillPath(value.value, templates, side) : fillTemplates(value.value, templates);
    return text === value.value ? value : { ...value, value: text, text };
  };
  return fill(tree);
}

/** The keys that hold secrets, also nested keys, and the variable of each secret. */
function secretsIn(tree: MapNode): readonly SecretReference[] {
  return [...tree.entries].flatMap(([key, { value, spot }]) => {
    if (value.kind === 'map') return secretsIn(value);
    if (value.kind !== 'scalar' || value.value === null || !(value.isSecret ?? namesSecret(key))) return [];
    const variable = value.fromVariable ? (/(?<!\$)\$\{(\w+)/.exec(value.shown)?.[1] ?? null) : null;
    return [{ key, variable, where: whereIs(spot) }];
  });
}

export function warnOfSecrets(tree: MapNode, problems: Problems): void {
  for (const [key, { value, spot }] of tree.entries) {
    if (value.kind === 'map') warnOfSecrets(value, problems);
    if (value.kind !== 'scalar' || typeof value.value !== 'string' || value.fromVariable || !namesSecret(key) || spot.source.keyless)
      continue;
    const advice = `\`${key}: \${${key.toUpperCase()}}\``;
    problems.warn(
      `secret ${key}`,
      `${quoted(key)} is written out in the file. A variable keeps it out of version control: ${advice}.`,
      spot,
    );
  }
}

/** Makes the schema of a connector strict, because a schema that is not strict would accept mistyped keys. */
function strict(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodObject && schema.def.catchall === undefined ? schema.strict() : schema;
}

/** Keys that hygge itself adds to the config of a store of files. */
const internal = ['base'];

function refuseInternal(key: string, tree: MapNode, problems: Problems): void {
  const held = entry(tree, key);
  if (held === undefined) return;
  problems.add({
    code: 'HYG-1010',
    what: `${quoted(key)} can't be set: it follows from \`path\`.`,
    tryThis: ['Remove it.'],
    spot: held.spot,
  });
}

function checkTable(tree: MapNode, problems: Problems): void {
  const table = entry(tree, 'table')?.value;
  const wrong = table?.kind === 'scalar' ? misspeltTemplate(table.text) : undefined;
  if (table === undefined || wrong === undefined) return;
  problems.add({
    code: 'HYG-1022',
    what: `There is no template ${quoted(wrong.written)}. Did you mean ${quoted(wrong.meant)}?`,
    tryThis: ['The templates are `{entity}`, `{flow}` and `{date}`.'],
    spot: table.spot,
  });
}

/** Keys that only a database supports. */
function noQuery(key: string): string | undefined {
  if (!['where', 'filter', 'query', 'sql', 'table', 'select'].includes(key.toLowerCase())) return undefined;
  return 'Choose files by `path`, rows by `where`, columns by `columns`, and new rows by a `watermark`.';
}

function nothingThere({ side, problems, subject }: SideRequest): undefined {
  problems.add({
    code: 'HYG-1012',
    what: `${quoted(side)} is missing: ${subject.name} needs the place where data ${side === 'home' ? 'is read' : 'settles'}.`,
    tryThis: [
      side === 'home' ? 'Add `home: path/to/files`, or a map with a `type`.' : 'Add `store: path/of/a/folder`, or a map with a `type`.',
    ],
    spot: subject.spot,
    missing: side,
  });
  return undefined;
}

function noType(request: SideRequest, spot: Entry['spot']): undefined {
  request.problems.add({
    code: 'HYG-1011',
    what: `${quoted(`${request.side}.type`)} needs the name of a connector.`,
    tryThis: [`The types are ${listed(request.connectors.types())}.`],
    spot,
  });
  return undefined;
}

interface UnknownType {
  readonly type: Pick<Scalar, 'text' | 'shown' | 'spot'>;
  readonly known: readonly Connector[];
}

function noConnector(request: SideRequest, { type: { text: type, shown, spot }, known: connectors }: UnknownType): undefined {
  const types = request.connectors.types();
  const known = `The types are ${listed(types)}.`;
  const format = shown === type ? formatNamed(type, connectors) : undefined;
  const near = shown === type && format === undefined ? didYouMean(type, types) : undefined;
  request.problems.add({
    code: 'HYG-1030',
    what: `There is no connector of type ${quoted(shown)}.${near === undefined ? '' : ` Did you mean ${quoted(near)}?`}`,
    tryThis:
      format === undefined
        ? [known]
        : [`That is a format. A type says where files are. Write ${quoted(`format: ${format}`)} in its place.`, known],
    spot,
  });
  return undefined;
}

function noSide(request: SideRequest, connector: Connector, spot: Entry['spot']): undefined {
  const offers = (['home', 'store', 'state'] as const).filter((one) => connector[one] !== undefined);
  const named = { home: 'a home', store: 'a store', state: 'a place for the state' };
  request.problems.add({
    code: 'HYG-1031',
    what: `${quoted(connector.id)} can't be used ${request.side === 'report' ? 'for the report' : `as a ${request.side}`}.`,
    why: [`This connector only offers ${offers.map((one) => named[one]).join(' and ')}.`],
    tryThis: [
      request.side === 'report'
        ? 'Name a file on a disk, or in a data lake or bucket: `report: lake/status.html`.'
        : `Use another type for the ${request.side}; \`hygge list connectors\` shows what each type offers.`,
    ],
    spot,
  });
  return undefined;
}
