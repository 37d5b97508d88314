import type { Connector } from '../../engine/contracts/connector.ts';
import { meansMemory } from '../names.ts';
import { hasTemplate, misspeltTemplate } from '../read/interpolate.ts';
import { quoted } from '../yaml/problems.ts';
import type { Spot } from '../yaml/source.ts';
import { type Entry, entry, type MapNode, type Scalar, textOf } from '../yaml/tree.ts';
import { locatePieces } from './located.ts';
import { fillPath, fromFileUrl, inContainer, isGlob, isInside, isUrl, type JoinedPath, joinPaths, namesFile, onDisk } from './paths.ts';
import type { SideRequest } from './side.ts';

export interface SidePath {
  /** Keys for the config: first the keys that a URL sets, then `path`, and for stores of files `base`. */
  readonly entries: readonly (readonly [string, Entry])[];
  /** The absolute path, if it is on this machine’s disks. */
  readonly disk: string | undefined;
  /** The path in the written URL, without its other parts; '': the URL has no path. */
  readonly written: string;
  /** The place of the written path in the config. */
  readonly spot: Spot;
  /** Whether the path is valid; false: the problem was reported. */
  readonly plausible: boolean;
}

export interface PathRequest extends SideRequest {
  readonly type: Pick<Scalar, 'text' | 'shown' | 'spot'>;
  readonly connector: Connector;
  /** All connectors. */
  readonly known: readonly Connector[];
}

/** Whether the path is not a file of this machine: it begins with a scheme of its connector (`md:sales`), or means a database in memory. */
function isElsewhere({ addresses }: Pick<Connector, 'addresses'>, path: string): boolean {
  if (meansMemory(path)) return true;
  const [, scheme] = /^([a-z][a-z0-9+.-]*):/i.exec(path) ?? [];
  return scheme !== undefined && (addresses?.schemes.includes(scheme.toLowerCase()) ?? false);
}

/** The path of a home or store: joined, absolute, and with filled templates. A value that is not text is rejected by the schema. Undefined: the URL names no valid path. */
export function settlePath(request: PathRequest, tree: MapNode): SidePath | undefined {
  const { family, remote } = request.connector;
  const held = entry(tree, 'path');
  const none: SidePath = { entries: [], disk: undefined, written: '', spot: tree.spot, plausible: true };
  const scalar = held?.value.kind === 'scalar' && held.value.value !== null ? held.value : undefined;
  if (family === 'others' || (held !== undefined && scalar === undefined)) return held === undefined ? none : asWritten(none, held);
  const local = remote === undefined;
  const finish = (text: string) => {
    // A file URL is decoded before names are filled in, so that an encoded name stays encoded.
    const filled = fillPath(local ? fromFileUrl(text) : text, request.templates, request.side);
    return local ? onDisk(request.root, filled) : inContainer(filled);
  };
  const put = (from: Scalar, text: string): Entry => ({
    spot: tree.spot,
    weight: 'explicit',
    ...held,
    value: { ...from, value: text, text },
  });
  // All entities share a database file, in which each entity has its own table.
  if (family === 'databases')
    return held && scalar
      ? {
          ...asWritten(none, held),
          entries: [['path', put(scalar, isElsewhere(request.connector, scalar.text) ? scalar.text : finish(scalar.text))]],
        }
      : none;
  const located = locatePieces({ request, tree, type: request.type, remote, known: request.known });
  if (located === undefined) return undefined;
  const { flow, own, override } = located.pieces;
  const joined = joinPaths(located.pieces);
  if (joined === undefined) return held === undefined ? { ...none, entries: located.keys } : asWritten(none, held);
  const path = finish(joined.text);
  const base = finish(joined.base);
  const entries: [string, Entry][] = [...located.keys.map(([key, one]): [string, Entry] => [key, one]), ['path', put(joined.from, path)]];
  if (request.side === 'store') entries.push(['base', put(joined.from, base)]);
  const disk = local && !isUrl(path) ? path : undefined;
  const settled = { ...request, pieces: located.pieces };
  return {
    entries,
    disk,
    written: (override ?? own ?? flow)?.text ?? '',
    spot: joined.from.spot,
    plausible: plausible(settled, joined, { base, path, local }),
  };
}

function asWritten(none: SidePath, held: Entry): SidePath {
  return { ...none, entries: [['path', held]], written: held.value.kind === 'scalar' ? held.value.text : '', spot: held.value.spot };
}

interface FinishedPath {
  readonly base: string;
  readonly path: string;
  readonly local: boolean;
}

function plausible(request: SideRequest, joined: JoinedPath, { base, path, local }: FinishedPath): boolean {
  const { side, problems, pieces } = request;
  const before = problems.count;
  const isOneFile = local && isLayoutFile(request.tree);
  for (const piece of [pieces.override ?? pieces.flow, pieces.own]) if (piece !== undefined) checkPiece(request, piece, isOneFile);
  if (problems.count > before) return false;
  if (!local && /^\.\.(\/|$)/.test(path)) climbsOut(request, joined);
  else if (side === 'home') checkShared(request, joined);
  else if (!isInside(base, path)) leavesItsFlow(request, joined);
  return problems.count === before;
}

/** hygge keeps its records in the folder before the first template. For a path outside that folder, the records would be in the wrong folder. */
function leavesItsFlow({ problems }: SideRequest, { from, joined }: JoinedPath): void {
  problems.add({
    code: 'HYG-1055',
    what: joined
      ? `The path ${quoted(from.shown)} is outside the flow's own path.`
      : `The path ${quoted(from.shown)} is outside the folder before its first template.`,
    why: ['A relative path of an entity is inside the path of its flow, where hygge also keeps its records.'],
    tryThis: ['Write a path without `..`, or an absolute one.'],
    spot: from.spot,
  });
}

function climbsOut({ side, problems }: SideRequest, { from }: JoinedPath): void {
  problems.add({
    code: 'HYG-1013',
    what: `The path ${quoted(from.shown)} of the ${side} is outside the container.`,
    tryThis: ['Write the whole path from the root of the container, without `..`.'],
    spot: from.spot,
  });
}

/** With `layout: file`, the store’s path is the path of a file. */
function isLayoutFile(tree: MapNode | undefined): boolean {
  return textOf(tree, 'layout') === 'file';
}

function checkPiece({ side, problems }: SideRequest, piece: Scalar, isOneFile: boolean): void {
  if (piece.text.trim() === '') {
    problems.add({
      code: 'HYG-1013',
      what: `The path of the ${side} is empty${piece.fromVariable ? `: ${quoted(piece.shown)} is set, but to nothing` : ''}.`,
      tryThis: ['Name a folder or a file. `.` is the folder of hygge.yml, or the whole container.'],
      spot: piece.spot,
    });
  }
  const wrong = misspeltTemplate(piece.text);
  if (wrong !== undefined) {
    problems.add({
      code: 'HYG-1022',
      what: `There is no template ${quoted(wrong.written)}. Did you mean ${quoted(wrong.meant)}?`,
      tryThis: ['The templates are `{entity}`, `{flow}` and `{date}`.'],
      spot: piece.spot,
    });
  }
  if (/^~(\/|$)/.test(piece.text)) {
    problems.add({
      code: 'HYG-1013',
      what: '`~` is not expanded in paths.',
      tryThis: [`Write \`\${HOME}\` instead.`],
      spot: piece.spot,
    });
  }
  if (side === 'store' && ((namesFile(piece.text) && !isOneFile) || isGlob(piece.text))) {
    problems.add({
      code: 'HYG-1053',
      what: `The path ${quoted(piece.shown)} of the store names ${isGlob(piece.text) ? 'a pattern' : 'a file'}, but a store writes into a folder.`,
      why: ['hygge writes an entity as a folder of files, and chooses the names of the files.'],
      tryThis: [`Name a folder${isGlob(piece.text) ? '' : `: ${quoted(piece.shown.replace(/\.[A-Za-z0-9]+$/, ''))}`}.`],
      spot: piece.spot,
    });
  }
}

/** The entity’s name can’t be appended to a pattern or a single file. */
function checkShared({ pieces, problems }: SideRequest, joined: JoinedPath): void {
  const flow = pieces.override ?? pieces.flow;
  if (flow === undefined || !(joined.appended || joined.joined)) return;
  const bare = hasTemplate(flow.text) ? flow.text.replace(/\{(entity|flow|date)\}/g, '') : flow.text;
  if (!isGlob(bare) && !namesFile(flow.text)) return;
  problems.add({
    code: 'HYG-1054',
    what: `The path ${quoted(flow.shown)} of the home is ${isGlob(bare) ? 'a pattern' : 'one file'}, so hygge cannot add the name of each entity to it.`,
    tryThis: [
      `Put \`{entity}\` into the path: ${quoted(example(flow.shown))}.`,
      'Or name the folder, and write a `path` below it for each entity.',
    ],
    spot: flow.spot,
  });
}

function example(path: string): string {
  const cut = path.lastIndexOf('/');
  const folder = path.slice(0, cut + 1);
  const file = path.slice(cut + 1);
  return isGlob(file) ? `${folder}{entity}/${file}` : `${folder}{entity}${/\.[A-Za-z0-9]+$/.exec(file)?.[0] ?? ''}`;
}
