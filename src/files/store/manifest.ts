/** `current.json`: the store's head and, for readers, the exact list of files. Moves only prev → id, by If-Match. protocol.md 2.3. */

import type { Intent } from '../../engine/contracts/intent.ts';
import type { Head, Part } from '../../engine/contracts/store.ts';
import { StoreError } from '../../errors/hygge-error.ts';
import type { FileSystem, StagedFile } from '../../ports/filesystem.ts';
import { type FilePlace, headPath } from './layout.ts';

export interface ManifestFile {
  readonly name: string;
  readonly bytes: number;
  /** Null: data that was there before hygge. */
  readonly rows: number | null;
  /** `boundary`: the open group at the watermark, replaced by the next commit that finds it changed. `foreign`: not hygge's. */
  readonly role: 'data' | 'boundary' | 'foreign';
  readonly checksum?: string;
  /** How the system showed it when its content was known to be this; absent: an earlier version settled it. */
  readonly looks?: string;
  readonly source?: string;
  readonly sources?: readonly string[];
  readonly min?: string;
  readonly max?: string;
  /** Rows without a watermark; absent: nobody knows. */
  readonly unmarked?: number;
  /** The values of its partition, which are not in the file but in the names of its folders. */
  readonly partition?: Readonly<Record<string, string | null>>;
}

/** Rows that could not be read, or break a rule: kept apart, and no reader's business. */
export interface QuarantinedFile extends Omit<ManifestFile, 'role'> {
  /** They break a rule, and have the watermark that they would have settled with. */
  readonly broken?: true;
  /** Of rows that settle apart: they would be in the open boundary group. */
  readonly ofGroup?: true;
}

export interface Manifest extends Head {
  /** 2: what an older hygge would misread, the fence of a refused commit. */
  readonly version: 1 | 2;
  readonly flow: string;
  readonly entity: string;
  readonly bytes: number;
  readonly files: readonly ManifestFile[];
  /** Absent: there is none, or an earlier version put it there. */
  readonly quarantine?: readonly QuarantinedFile[];
  /** Lineages that filled this destination before it was fenced: none of theirs will be listed again. */
  readonly earlier?: readonly string[];
}

/** What a commit does to the list, fixed when it was prepared. */
export interface FileTarget {
  readonly removes: readonly string[];
  /** Of `removes`, files behind a linked folder: the link goes, and what it leads to stays. */
  readonly links?: Readonly<Record<string, string>>;
  /** Foreign files that stay and are listed from now on. */
  readonly adopts: readonly ManifestFile[];
  /** The open boundary group, as far as it stays, stays open. */
  readonly keepsGroup?: true;
}

export interface ReadManifest {
  readonly manifest: Manifest;
  readonly etag: string;
}

export async function readManifest(files: FileSystem, place: FilePlace): Promise<ReadManifest | undefined> {
  const found = await files.get(headPath(place));
  if (!found) return undefined;
  return { manifest: parseManifest(new TextDecoder().decode(found.body), `${files.url}/${headPath(place)}`), etag: found.etag };
}

export function parseManifest(text: string, where: string): Manifest {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch (cause) {
    throw unreadable(where, 'It is not JSON: it was torn or edited.', cause);
  }
  const manifest = found as Partial<Manifest> | null;
  if (typeof manifest !== 'object' || manifest === null || !('version' in manifest))
    throw unreadable(where, 'It is not a record of hygge.');
  if (manifest.version !== 1 && manifest.version !== 2) {
    throw new StoreError({
      code: 'HYG-4102',
      what: `${where} was written by a newer hygge.`,
      why: [`It has version ${String(manifest.version)}; this hygge knows versions 1 and 2.`],
      tryThis: ['Upgrade hygge here'],
    });
  }
  if (typeof manifest.id !== 'string' || typeof manifest.epoch !== 'number' || !Array.isArray(manifest.files))
    throw unreadable(where, 'Parts of it are missing.');
  return manifest as Manifest;
}

function unreadable(where: string, why: string, cause?: unknown): StoreError {
  return new StoreError({
    code: 'HYG-4101',
    what: `${where} can't be read.`,
    why: [why, 'Without it nobody knows which files are settled.'],
    tryThis: ['Restore it from a backup', 'Or point the store at another folder and load everything again'],
    cause,
  });
}

export function encodeManifest(manifest: Manifest): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(manifest, null, 1)}\n`);
}

/** What the head becomes. Whatever stays is ordinary data from now on: only the new commit's own group is open, unless it was no live run's. */
export function manifestAfter(before: Manifest | undefined, intent: Intent, looks: ReadonlyMap<string, string> = new Map()): Manifest {
  const target = intent.target as unknown as FileTarget;
  const removed = new Set(target.removes);
  const kept = (before?.files ?? [])
    .filter((file) => !removed.has(file.name))
    .map((file): ManifestFile => (file.role === 'boundary' && !target.keepsGroup ? { ...file, role: 'data' } : file));
  const files = [...kept, ...target.adopts, ...intent.parts.filter(isData).map((part) => manifestFile(part, looks))];
  const quarantine = [
    ...(before?.quarantine ?? []).filter((file) => !removed.has(file.name)).map((file) => closed(file, target)),
    ...intent.parts.filter((part) => !isData(part)).map((part) => quarantinedFile(part, looks)),
  ];
  return {
    version: 1,
    id: intent.id,
    prev: intent.prev,
    epoch: intent.epoch,
    lineage: intent.lineage,
    state: intent.state,
    flow: intent.flow,
    entity: intent.entity,
    watermark: intent.settles.watermark,
    boundary: intent.settles.boundary,
    schema: intent.schema,
    ...totals(files),
    files,
    ...(quarantine.length === 0 ? {} : { quarantine }),
    ...(before?.earlier === undefined ? {} : { earlier: before.earlier }),
  };
}

export function totals(files: readonly ManifestFile[]): { rows: number; bytes: number } {
  return { rows: files.reduce((sum, file) => sum + (file.rows ?? 0), 0), bytes: files.reduce((sum, file) => sum + file.bytes, 0) };
}

export function stagedFile(part: Part): StagedFile {
  return part.ref as unknown as StagedFile;
}

function isData({ role }: Part): boolean {
  return role === 'data' || role === 'boundary';
}

function quarantinedFile(part: Part, looks: ReadonlyMap<string, string>): QuarantinedFile {
  const { role: _, ...file } = manifestFile(part, looks);
  return { ...file, ...(part.role === 'broken' ? { broken: true } : {}), ...(part.ofGroup ? { ofGroup: true } : {}) };
}

function closed(file: QuarantinedFile, { keepsGroup }: FileTarget): QuarantinedFile {
  const { ofGroup, ...rest } = file;
  return ofGroup && keepsGroup ? file : rest;
}

function manifestFile(part: Part, looks: ReadonlyMap<string, string>): ManifestFile {
  const look = looks.get(stagedFile(part).final);
  const { source, sources, min, max, unmarked, partition } = part;
  return {
    name: stagedFile(part).final,
    bytes: part.bytes,
    rows: part.rows,
    role: part.role === 'boundary' ? 'boundary' : 'data',
    checksum: part.checksum,
    ...(look === undefined ? {} : { looks: look }),
    ...(source === undefined ? {} : { source }),
    ...(sources === undefined ? {} : { sources }),
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...(unmarked === undefined ? {} : { unmarked }),
    ...(partition === undefined ? {} : { partition }),
  };
}
