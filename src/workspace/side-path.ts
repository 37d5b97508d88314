import type { z } from 'zod';
import { hasTemplate, misspeltTemplate } from './interpolate.ts';
import { fillPath, inContainer, isGlob, isInside, type Joined, joinPaths, namesFile, onDisk } from './paths.ts';
import { quoted } from './problems.ts';
import { keysOf, schemasAt } from './schema-keys.ts';
import type { SideRequest } from './side.ts';
import { child, type Entry, entry, type Mapping, type Scalar } from './tree.ts';

/** `path` (and `base` for stores of files) as they go into the config: joined, filled, absolute. Undefined: it was explained why not. */
export function pathEntries(request: SideRequest, tree: Mapping, schema: z.ZodType): readonly (readonly [string, Entry])[] | undefined {
  const keys = keysOf(schema);
  const held = entry(tree, 'path');
  const written = child(tree, 'path');
  // Whatever is no text is the schema's to refuse.
  if (held === undefined || written?.kind !== 'scalar' || written.value === null || !keys.has('path')) {
    return held === undefined ? [] : [['path', held]];
  }
  const finish = (text: string) => {
    const filled = fillPath(text, request.templates);
    return isLocal(schema) ? onDisk(request.root, filled) : inContainer(filled);
  };
  const put = (scalar: Scalar, text: string): Entry => ({ ...held, value: { ...scalar, value: text, text } });
  // A database file is one place for every entity: the table tells them apart.
  if (keys.has('table')) return [['path', put(written, finish(written.text))]];
  const joined = joinPaths(request.pieces);
  if (joined === undefined) return [['path', held]];
  const path = finish(joined.text);
  const base = finish(joined.base);
  if (!plausible(request, joined, base, path)) return undefined;
  const entries: [string, Entry][] = [['path', put(joined.from, path)]];
  if (keys.has('base')) entries.push(['base', put(joined.from, base)]);
  return entries;
}

/** A path names something on this machine's disks, unless the connector says that it is inside something else. */
function isLocal(schema: z.ZodType): boolean {
  return !schemasAt(schema, ['path']).some((one) => 'meta' in one && (one as z.ZodType).meta()?.remotePath === true);
}

function plausible(request: SideRequest, joined: Joined, base: string, path: string): boolean {
  const { side, problems, pieces } = request;
  const before = problems.count;
  for (const piece of [pieces.override ?? pieces.flow, pieces.own]) if (piece !== undefined) checkPiece(request, piece);
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
