import { basename, dirname } from 'node:path';
import type { EntitySpec, SideSpec } from '../../engine/contracts/spec.ts';
import { ConfigError } from '../../errors/hygge-error.ts';
import { localFileSystem } from '../../filesystems/disk/local.ts';
import { shownEntity, visible } from '../../narrate/visible.ts';
import { findConnector } from '../../registry.ts';
import { encodeSegment } from '../../workspace/names.ts';
import { fixedPart, isInside } from '../../workspace/sides/paths.ts';
import { unreadable } from '../terminal/usage.ts';

/** Where a try-out settles. */
interface Destination {
  /** Absolute. */
  readonly directory: string;
  /** As the person wrote it. */
  readonly shown: string;
  /** Every entity of the workspace, chosen or not: none of their places may be touched. */
  readonly everyone: readonly EntitySpec[];
}

/** The entities with a folder of their own below `directory` in place of their stores. Refuses a folder that is in use. */
export async function placesFor(chosen: readonly EntitySpec[], destination: Destination): Promise<readonly EntitySpec[]> {
  const placed: EntitySpec[] = [];
  for (const spec of chosen) {
    const path = `${destination.directory}/${encodeSegment(spec.flow)}/${encodeSegment(spec.entity)}`;
    await keepAway(path, spec, destination);
    placed.push({ ...spec, ...asTriedOut(spec), store: await folderFor(spec.store, path, destination.directory) });
  }
  await mustBeFolder(destination);
  for (const spec of placed) await mustBeEmpty(spec, destination);
  return placed;
}

/** What a plain folder of files needs no answer to. The watermark stays: that its column is missing should show. */
function asTriedOut({ watermark }: EntitySpec): Partial<EntitySpec> {
  const open = watermark === null ? null : { ...watermark, overlapMs: 0, boundary: 'open' as const };
  return { ifExists: 'fail', writeStrategy: null, watermark: open };
}

/** A try-out must not settle where a real run reads or settles: the next one would take its files for its own. */
async function keepAway(path: string, { root }: EntitySpec, { shown, everyone }: Destination): Promise<void> {
  for (const other of everyone) {
    for (const side of ['home', 'store'] as const) {
      const place = await diskPath(other[side]);
      if (place === undefined) continue;
      const fixed = side === 'home' ? fixedPart(place, root) : place;
      if (!isInside(fixed, path) && !isInside(path, fixed)) continue;
      const what = `${visible(shown)} is in use: ${shownEntity(other.flow, other.entity)} ${side === 'home' ? 'reads' : 'settles'} in ${visible(fixed)}.`;
      throw unreadable(what, ['Choose a folder of its own: hygge go --limit 100 --to try-out'], ['A try-out touches no real place.']);
    }
  }
}

async function diskPath({ type, config }: SideSpec): Promise<string | undefined> {
  const place = (await findConnector(type))?.place?.(config);
  return place?.root === '' ? place.path : undefined;
}

/** The store's own config, with another place, where it settles in local files; else files of its format, or parquet. */
async function folderFor(store: SideSpec, path: string, base: string): Promise<SideSpec> {
  const config = store.config as Readonly<Record<string, unknown>>;
  const isLocal = (await findConnector(store.type))?.family === 'files' && (await diskPath(store)) !== undefined;
  if (isLocal) return { type: store.type, config: { ...config, path, base, ...('layout' in config ? { layout: 'plain' } : {}) } };
  const local = (await findConnector('local'))?.store?.config;
  const parsed = local?.safeParse({ path, base, format: config.format }) ?? { success: false };
  return { type: 'local', config: parsed.success ? parsed.data : local?.parse({ path, base, format: 'parquet' }) };
}

async function mustBeFolder({ directory, shown }: Destination): Promise<void> {
  if ((await localFileSystem(dirname(directory)).stat(basename(directory))) === undefined) return;
  throw unreadable(`${visible(shown)} is a file; a try-out settles in a folder.`, ['hygge go --limit 100 --to try-out']);
}

async function mustBeEmpty(spec: EntitySpec, { directory, shown }: Destination): Promise<void> {
  const files = localFileSystem(directory);
  for (const folder of [
    `${encodeSegment(spec.flow)}/${encodeSegment(spec.entity)}`,
    `_hygge/${encodeSegment(spec.flow)}/${encodeSegment(spec.entity)}`,
  ]) {
    for await (const file of files.list(folder)) {
      throw new ConfigError({
        code: 'HYG-1904',
        what: `There is something in ${visible(`${shown}/${folder}`)} already, and a try-out never overwrites.`,
        why: [`${visible(`${shown}/${file.path}`)} is there`],
        tryThis: ['Choose another folder', 'Or remove it, if it is only an earlier try-out'],
      });
    }
  }
}
