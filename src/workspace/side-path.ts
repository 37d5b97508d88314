import type { z } from 'zod';
import { hasTemplate, misspeltTemplate } from './interpolate.ts';
import { fillPath, fromFileUrl, inContainer, isGlob, isInside, isUrl, type Joined, joinPaths, namesFile, onDisk } from './paths.ts';
import { quoted } from './problems.ts';
import { keysOf, schemasAt } from './schema-keys.ts';
import type { SideRequest } from './side.ts';
import type { Spot } from './source.ts';
import { type Entry, entry, type Mapping, type Scalar } from './tree.ts';

export interface SidePath {
  /** `path`, and `base` for stores of files, as they go into the config. */
  readonly entries: readonly (readonly [string, Entry])[];
  /** Absolute, when it is on this machine's disks. */
  readonly disk: string | undefined;
  /** What the path stands on. */
  readonly spot: Spot;
  /** False: it was explained why not. */
  readonly plausible: boolean;
}

/** The path of a side: joined, templates filled, absolute. What is no text is left for the schema to refuse. */
export function settlePath(request: SideRequest, tree: Mapping, schema: z.ZodType): SidePath {
  const keys = keysOf(schema);
  const held = entry(tree, 'path');
  if (held === undefined) return { entries: [], disk: undefined, spot: tree.spot, plausible: true };
  const written = held.value;
  const asWritten: SidePath = { entries: [['path', held]], disk: undefined, spot: written.spot, plausible: true };
  if (written.kind !== 'scalar' || written.value === null || !keys.has('path')) return asWritten;
  const local = isLocal(schema);
  const finish = (text: string) => {
    // A file URL is decoded before names are filled in: an encoded name must stay encoded.
    const filled = fillPath(local ? fromFileUrl(text) : text, request.templates, request.side);
    return local ? onDisk(request.root, filled) : inContainer(filled);
  };
  const put = (scalar: Scalar, text: string): Entry => ({ ...held, value: { ...scalar, value: text, text } });
  // A database file is one place for every entity: the table tells them apart.
  if (keys.has('table')) return { ...asWritten, entries: [['path', put(written, finish(written.text))]] };
  const joined = joinPaths(request.pieces);
  if (joined === undefined) return asWritten;
  const path = finish(joined.text);
  const base = finish(joined.base);
  const entries: [string, Entry][] = [['path', put(joined.from, path)]];
  if (keys.has('base')) entries.push(['base', put(joined.from, base)]);
  const disk = local && !isUrl(path) ? path : undefined;
  return { entries, disk, spot: joined.from.spot, plausible: plausible(request, joined, base, path) };
}

/** A path names something on this machine's disks, unless the connector says that it is inside something else. */
function isLocal(schema: z.ZodType): boolean {
  return !schemasAt(schema, ['path']).some((one) => 'meta' in one && (one as z.ZodType).meta()?.remotePath === true);
}

function plausible(request: SideRequest, joined: Joined, base: string, path: string): boolean {
  const { side, problems, pieces } = request;
  const before = problems.count;
  for (const piece of [pieces.override ?? pieces.flow, pieces.own]) if (piece !== undefined) checkPiece(request, piece);
  if (problems.count > before) return false;
  if (side === 'home') checkShared(request, joined);
  else if (joined.joined && !isInside(base, path)) {
    problems.add({
      code: 'HYG-1055',
      what: `The path ${quoted(joined.from.shown)} leads out of the flow's own path.`,
      why: ["An entity's relative path is below that of its flow, where hygge keeps its records too."],
      tryThis: ['Write a path without `..`, or an absolute one.'],
      spot: joined.from.spot,
    });
  }
  return problems.count === before;
}

function checkPiece({ side, problems }: SideRequest, piece: Scalar): void {
  if (piece.text.trim() === '') {
    problems.add({
      code: 'HYG-1013',
      what: `The path of the ${side} is empty${piece.fromVariable ? `: ${quoted(piece.shown)} is set, but to nothing` : ''}.`,
      tryThis: ['Name a folder or a file; `.` is the folder of hygge.yml.'],
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
  if (side === 'store' && (namesFile(piece.text) || isGlob(piece.text))) {
    problems.add({
      code: 'HYG-1053',
      what: `The path ${quoted(piece.shown)} of the store names ${isGlob(piece.text) ? 'a pattern' : 'a file'}, but a store settles into a folder.`,
      why: ['A settled entity is a folder of files whose names hygge chooses.'],
      tryThis: [`Name a folder${isGlob(piece.text) ? '' : `: ${quoted(piece.shown.replace(/\.[A-Za-z0-9]+$/, ''))}`}.`],
      spot: piece.spot,
    });
  }
}

/** A pattern or one file can't be told apart by appending the entity's name to it. */
function checkShared({ pieces, problems }: SideRequest, joined: Joined): void {
  const flow = pieces.override ?? pieces.flow;
  if (flow === undefined || !(joined.appended || joined.joined)) return;
  const bare = hasTemplate(flow.text) ? flow.text.replace(/\{(entity|flow|date)\}/g, '') : flow.text;
  if (!isGlob(bare) && !namesFile(flow.text)) return;
  problems.add({
    code: 'HYG-1054',
    what: `The path ${quoted(flow.shown)} of the home is ${isGlob(bare) ? 'a pattern' : 'one file'}, so nothing can be joined to it for each entity.`,
    tryThis: [`Put \`{entity}\` into it: ${quoted(example(flow.shown))}.`, 'Or name the folder, and give each entity a `path` below it.'],
    spot: flow.spot,
  });
}

function example(path: string): string {
  const cut = path.lastIndexOf('/');
  const folder = path.slice(0, cut + 1);
  const file = path.slice(cut + 1);
  return isGlob(file) ? `${folder}{entity}/${file}` : `${folder}{entity}${/\.[A-Za-z0-9]+$/.exec(file)?.[0] ?? ''}`;
}
