import { realRandom } from '../../src/adapters/real-random.ts';
import type { Intent } from '../../src/engine/contracts/intent.ts';
import type { EntityRun, Part, Store } from '../../src/engine/contracts/store.ts';
import type { FilesHead } from '../../src/files/store/head/head-log.ts';
import type { FilePlace } from '../../src/files/store/layout.ts';
import { stagedFile } from '../../src/files/store/staging/staged-parts.ts';
import { fileStore } from '../../src/files/store/store.ts';
import type { FileSystem, StagedFile } from '../../src/ports/filesystem.ts';
import { preparing } from '../support/prepare-request.ts';
import { jsonLines } from '../support/sim/jsonl-format.ts';
import { adding, baseSchema, row, SimFrame } from '../support/sim/rows.ts';
import { rowsApart } from '../support/sim/rows-apart.ts';

export const place: FilePlace = {
  type: 'test',
  root: 'lake',
  folder: 'f',
  flow: 'f',
  entity: 'f',
  layout: 'plain',
  extension: jsonLines.extension,
};

const noScratch = {
  path: () => Promise.reject(new Error('no scratch here')),
  free: () => Promise.reject(new Error('no scratch here')),
  [Symbol.asyncDispose]: async () => undefined,
};

export function storeOn(files: FileSystem, more: Pick<FilePlace, 'partitionBy'> = {}): Store {
  return fileStore({
    files,
    place: { ...place, ...more },
    where: 'lake/f',
    format: jsonLines,
    targetBytes: 1_000_000,
    random: realRandom(),
    scratch: noScratch,
    apart: rowsApart,
  });
}

export const run = (epoch: number, lineage = 'mine'): EntityRun => ({
  flow: 'f',
  entity: 'f',
  entityRunId: `run-${epoch}`,
  lineage,
  epoch,
});

/** Stages one part of so many rows. */
export async function staged(store: Store, of: EntityRun, rows = 3): Promise<readonly Part[]> {
  const frame = new SimFrame(
    baseSchema,
    Array.from({ length: rows }, (_, i) => row(i, i)),
  );
  const frames = (async function* () {
    yield { frame, role: 'data' as const };
  })();
  const request = { run: of, writing: adding, slice: 0, schema: baseSchema, watermark: null, emptyPart: false };
  return store.stage(request, frames, new AbortController().signal);
}

/** A full load's decision over parts, as the engine makes it. */
export async function decided(store: Store, of: EntityRun, parts: readonly Part[]): Promise<Intent> {
  const prev = (await store.head())?.id ?? null;
  const { target } = await store.prepare(
    preparing({
      run: of,
      prev,
      supersede: { what: 'all', foreign: 'keep' },
      parts,
    }),
  );
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
  const at = '2026-01-01T00:00:00.000Z';
  return {
    version: 2,
    id: `intent-${of.epoch}`,
    prev,
    ...of,
    mode: 'full',
    lane: 'live',
    place: store.place,
    target,
    parts,
    schema: baseSchema,
    settles: { snapshot: 'schemas/1', watermark: null, boundary: null, seen: null, sourceVersion: null, rows },
    binding: { source: 'in', target: 'lake/f', watermark: '' },
    state: 'files .hygge/state',
    journal: {
      entity_run_id: of.entityRunId,
      run_id: 'r',
      invocation_id: 'i',
      workspace: 'w',
      flow: 'f',
      entity: 'f',
      lane: 'live',
      epoch: of.epoch,
      started_at: at,
      finished_at: at,
      seconds: 0,
      status: 'pass',
      run_type: 'full_drop',
      rows,
      rows_read: rows,
      bytes,
      parts: parts.length,
      attempts: 1,
      watermark_column: null,
      watermark_type: null,
      watermark_from: null,
      watermark_to: null,
      error_code: null,
      message: null,
      hygge_version: '0',
    },
  };
}

export function stagedName(part: Part | undefined): string {
  return fileOf(part).staged;
}

export function finalName(part: Part | undefined): string {
  return fileOf(part).final;
}

function fileOf(part: Part | undefined): StagedFile {
  if (!part) throw new Error('there is no such part');
  return stagedFile(part);
}

export async function fenced(store: Store, more: { readonly id?: string; readonly keep?: boolean } = {}) {
  const prev = (await store.head())?.id ?? null;
  const request = { prev, id: 'fence-1', lineage: 'next', above: 0, state: 'files .hygge/state', keep: false, ...more };
  const answer = await store.fence(request);
  if (answer === 'moved') throw new Error('the head moved');
  return { manifest: answer as FilesHead, again: () => store.fence(request) };
}

export async function namesIn(files: FileSystem, folder = 'f'): Promise<string[]> {
  const names: string[] = [];
  for await (const { path } of files.list(folder)) names.push(path);
  return names;
}
