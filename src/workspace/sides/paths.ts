import { isAbsolute, posix, resolve } from 'node:path';
import { encodeSegment, sourceSegment } from '../names.ts';
import { slashed } from '../read/find.ts';
import { fillTemplates, hasTemplate, type Templates } from '../read/interpolate.ts';
import type { Scalar } from '../yaml/tree.ts';

/** The parts of the path of a home or store, from all layers. */
export interface PathPieces {
  /** The path of the flow (or of `defaults`). */
  readonly flow: Scalar | undefined;
  /** The path of the entity itself. */
  readonly own: Scalar | undefined;
  /** The path from `--var`, which replaces the flow’s path and an absolute path of an entity. */
  readonly override: Scalar | undefined;
  /** Whether the flow has no entities, so that its path is used unchanged. */
  readonly plain: boolean;
}

/** A path before its templates are filled, and the scalar from which the path comes. */
export interface JoinedPath {
  readonly text: string;
  /** The folder that contains `_hygge/`: the flow's own path up to its first template. */
  readonly base: string;
  readonly from: Scalar;
  /** Whether the entity’s name is appended. */
  readonly appended: boolean;
  /** Whether the entity’s own relative path is joined to the flow’s path. */
  readonly joined: boolean;
}

export function joinPaths({ flow, own, override, plain }: PathPieces): JoinedPath | undefined {
  const above = override ?? flow;
  const mine = override !== undefined && own !== undefined && standsAlone(own.text) ? undefined : own;
  if (mine !== undefined && (above === undefined || standsAlone(mine.text))) {
    return { text: mine.text, base: baseOf(mine.text), from: mine, appended: false, joined: false };
  }
  if (above === undefined) return undefined;
  const base = baseOf(above.text);
  if (mine !== undefined) return { text: joinPath(above.text, mine.text), base, from: mine, appended: false, joined: true };
  const appended = !plain && !above.text.includes('{entity}');
  return { text: appended ? joinPath(above.text, '{entity}') : above.text, base, from: above, appended, joined: false };
}

/** Whether a path is absolute or a URL, so that it replaces the flow’s path instead of being joined to it. */
export function standsAlone(path: string): boolean {
  return isAbsolute(path) || posix.isAbsolute(path) || isUrl(path);
}

export function isUrl(path: string): boolean {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(path);
}

function joinPath(folder: string, path: string): string {
  return `${folder.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}`;
}

function baseOf(path: string): string {
  const first = path.search(/\{(entity|flow|date)\}/);
  if (first === -1) return path;
  const cut = path.slice(0, first).replace(/[^/]*$/, '');
  return cut === '' ? '.' : cut;
}

/** Fills templates. The entity’s name becomes one segment: encoded in a path that hygge writes, and unchanged, if possible, in a path that hygge reads. */
export function fillPath(path: string, templates: Templates, side: 'home' | 'store' | 'report'): string {
  if (!hasTemplate(path)) return path;
  const segment = side === 'home' ? sourceSegment : encodeSegment;
  return fillTemplates(path, { ...templates, entity: templates.segment ?? segment(templates.entity) });
}

/** The path in a file URL. Other text is returned unchanged. */
export function fromFileUrl(path: string): string {
  return /^file:\/\//i.test(path) ? slashed(decodeURIComponent(new URL(path).pathname)) : path;
}

/** An absolute path on this machine; relative paths start at the workspace’s root, never at the current folder. */
export function onDisk(root: string, path: string): string {
  return isUrl(path) ? path : slashed(resolve(root, path));
}

/** A path inside a container or bucket: with `/` only between segments, and with `.` and `..` resolved. */
export function inContainer(path: string): string {
  if (isUrl(path)) return path;
  const clean = posix.normalize(path).replace(/^\/+|\/+$/g, '');
  return clean === '.' ? '' : clean;
}

export function isInside(base: string, path: string): boolean {
  return base === '' || path === base || path.startsWith(base.endsWith('/') ? base : `${base}/`);
}

/** Whether the path ends with the file ending of a data file. */
export function namesFile(path: string): boolean {
  return /\.(parquet|csv|tsv|json|ndjson|jsonl|txt|avro|orc|arrow|feather|xlsx|gz|zst|zip)$/i.test(path.replace(/\/+$/, ''));
}

export function isGlob(path: string): boolean {
  return /[*?[]/.test(path) || /\{[^{}]*,[^{}]*\}/.test(path);
}

/** The folder that contains all files of a pattern. Other paths stay unchanged. The workspace’s own folder never counts as a pattern. */
export function fixedPart(path: string, root: string): string {
  const fixed = isInside(root, path) ? root.length : 0;
  if (!isGlob(path.slice(fixed))) return path;
  const first = fixed + path.slice(fixed).search(/[*?[{]/);
  return path.slice(0, path.lastIndexOf('/', first)) || '/';
}

/** An absolute path and every folder above it, from the inside out. */
export function upwards(path: string): readonly string[] {
  const above = [path];
  for (let cut = path.lastIndexOf('/'); cut > 0; cut = path.lastIndexOf('/', cut - 1)) above.push(path.slice(0, cut));
  return path === '/' ? above : [...above, '/'];
}
