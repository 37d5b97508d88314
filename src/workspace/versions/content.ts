import { hash } from 'node:crypto';
import { StateError } from '../../errors/hygge-error.ts';
import { quoted } from '../yaml/problems.ts';

/** The files of one version: texts by their paths, relative to the folder of hygge.yml, with `/` between segments. */
export type VersionFiles = ReadonlyMap<string, string>;

/** The content of a version. */
export interface VersionContent {
  readonly files: VersionFiles;
  /** The version’s target; null: the workspace has no targets. */
  readonly target: string | null;
}

/** The format of a version for one target. An older hygge, which has no targets, must not read this format. */
const targetFormat = 2;

/**
 * A version as it is stored: `{"version":1,"files":{path: text}}`, sorted by path; for a target `{"version":2,"target":…,"files":…}`. The id is the SHA-256
 * of the stored bytes. So the same files are the same version in every push, and a change in storage is noticed.
 */
export function encodeVersion(files: VersionFiles, target: string | null = null): { readonly id: string; readonly body: Uint8Array } {
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  const head = target === null ? { version: 1 } : { version: targetFormat, target };
  const body = new TextEncoder().encode(`${JSON.stringify({ ...head, files: Object.fromEntries(sorted) }, null, 1)}\n`);
  return { id: idOf(body), body };
}

function idOf(body: Uint8Array): string {
  return hash('sha256', body);
}

/** Throws a StateError if the bytes differ from the bytes that were pushed as `id`, or have a format that only a newer hygge knows. */
export function decodeVersion(id: string, body: Uint8Array): VersionContent {
  if (idOf(body) !== id) throw damaged(id, 'The content differs from the pushed content: the id is the checksum of the pushed content.');
  const stored = parseJson(body);
  if (typeof stored !== 'object' || stored === null) throw damaged(id, 'It contains no files.');
  mustBeKnown(stored, `The version ${shortId(id)}`, targetFormat);
  const files = 'files' in stored ? stored.files : undefined;
  if (typeof files !== 'object' || files === null || Array.isArray(files)) throw damaged(id, 'It contains no files.');
  const entries = Object.entries(files);
  for (const [path, text] of entries) {
    if (typeof text !== 'string') throw damaged(id, `${quoted(path)} is not text.`);
    if (!staysInside(path)) throw damaged(id, `${quoted(path)} is not a path inside of a workspace.`);
  }
  const target = 'target' in stored ? stored.target : null;
  if (target !== null && typeof target !== 'string') throw damaged(id, 'The target of the version is not a name.');
  return { files: new Map(entries), target };
}

/** Whether a path can only be below its base folder, and is not hidden. */
export function staysInside(path: string): boolean {
  return path.length <= 1024 && path.split('/').every((segment) => /^[^.\\/:\p{Cc}][^\\/:\p{Cc}]*$/u.test(segment));
}

/** Rejects a format that only a newer hygge can read. `what` begins the sentence. */
export function mustBeKnown(stored: object, what: string, newest = 1): void {
  const version = 'version' in stored ? stored.version : undefined;
  if (typeof version === 'number' && Number.isInteger(version) && version >= 1 && version <= newest) return;
  throw new StateError({
    code: 'HYG-5301',
    what: `${what} has a format that this hygge does not know.`,
    why: [
      `Its format has version ${JSON.stringify(version ?? null)}, but this hygge reads ${newest === 1 ? 'version 1' : `versions up to ${newest}`}.`,
    ],
    tryThis: ['Use the hygge that wrote it, or a newer one.'],
  });
}

/** The JSON value in a blob; undefined: the blob is not JSON. */
export function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
}

function damaged(id: string, why: string): StateError {
  return new StateError({
    code: 'HYG-5302',
    what: `The version ${shortId(id)} of the config is damaged.`,
    why: [why],
    tryThis: ['Push the workspace again: hygge config push', 'Or go back to another version: hygge config list'],
  });
}

/** The beginning of an id, as shown to people. */
export function shortId(id: string): string {
  return id.slice(0, 12);
}
