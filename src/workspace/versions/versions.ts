import { StateError } from '../../errors/hygge-error.ts';
import type { ConfigBlobs } from '../../ports/config-blobs.ts';
import type { Random } from '../../ports/random.ts';
import type { Instant } from '../../ports/values.ts';
import { decodeVersion, shortId, type VersionContent } from './content.ts';
import { type CurrentVersion, flip, held } from './flip.ts';
import type { Move } from './pointer.ts';
import { prune } from './prune.ts';
import { answered, keepVersion, moves, noSuchVersion, versionName, versionsFolder } from './version-blobs.ts';

export interface VersionsRequest {
  readonly blobs: ConfigBlobs;
  readonly random: Random;
  /** The name of the person who moves the pointer, for people: `anna@laptop`. */
  readonly by: string;
}

export interface Push {
  readonly id: string;
  readonly body: Uint8Array;
  readonly flows: number;
  readonly target: string | null;
  readonly message: string | null;
  /** How long a version is kept after it ceased to be current, in milliseconds. */
  readonly keepMs: number;
}

export interface PushResult {
  /** `current already`: the version was already current, so the push wrote nothing. */
  readonly outcome: 'pushed' | 'current already';
  readonly move: Move;
  /** How many old versions were removed. */
  readonly pruned: number;
  /** Why the removal of old versions failed, although the push succeeded. */
  readonly notPruned: string | null;
}

/**
 * Uploads a version and makes the version current. An interrupted push leaves a version that no pointer names. Throws a FlowError (HYG-2301) if another
 * push moved the pointer meanwhile.
 */
export async function push(request: VersionsRequest, wanted: Push): Promise<PushResult> {
  const { blobs } = request;
  const before = await held(blobs);
  const isThere =
    before?.move.id === wanted.id && (await answered(versionName(wanted.id), () => blobs.get(versionName(wanted.id)))) !== undefined;
  if (before !== undefined && isThere) return { outcome: 'current already', move: before.move, pruned: 0, notPruned: null };
  await keepVersion(blobs, wanted.id, wanted.body);
  const move = nextMove(request, before, {
    id: wanted.id,
    how: 'push',
    message: wanted.message,
    flows: wanted.flows,
    target: wanted.target,
  });
  await flip(blobs, before, move);
  return { outcome: 'pushed', move, ...(await pruned(blobs, wanted.keepMs)) };
}

async function pruned(blobs: ConfigBlobs, keepMs: number): Promise<Pick<PushResult, 'pruned' | 'notPruned'>> {
  try {
    return { pruned: await prune(blobs, keepMs), notPruned: null };
  } catch (error) {
    return { pruned: 0, notPruned: error instanceof Error ? error.message : String(error) };
  }
}

export interface RollbackResult {
  readonly outcome: 'rolled back' | 'current already';
  readonly move: Move;
  /** The version that was current until now. */
  readonly from: string;
}

/** Makes an earlier version current: `id` (its beginning is enough), or the version before the current one. */
export async function rollback(request: VersionsRequest, id: string | undefined): Promise<RollbackResult> {
  const { blobs } = request;
  const before = mustBePushed(await held(blobs), blobs);
  const wanted = id === undefined ? before.move.prev : await wholeId(blobs, id);
  if (wanted === null) {
    throw new StateError({
      code: 'HYG-5303',
      what: `There is no version before ${shortId(before.move.id)}.`,
      why: ['It is the first version that was pushed.'],
      tryThis: ['Name a version: hygge config rollback ID', 'See all versions: hygge config list'],
    });
  }
  if (wanted === before.move.id) return { outcome: 'current already', move: before.move, from: wanted };
  const stored = await stillThere(blobs, wanted);
  const known = (await moves(blobs)).find(({ move }) => move.id === wanted)?.move;
  // The version is written again, so that a simultaneous removal of old versions does not remove it.
  await keepVersion(blobs, wanted, stored.body);
  const { message = null, flows = 0 } = known ?? {};
  const move = nextMove(request, before, { id: wanted, how: 'rollback', message, flows, target: stored.target });
  await flip(blobs, before, move);
  return { outcome: 'rolled back', move, from: before.move.id };
}

/** The time on the clock of the storage, but never before the last move, so that names of history stay in order. */
function nextMove(
  { blobs, random, by }: VersionsRequest,
  before: CurrentVersion | undefined,
  about: Pick<Move, 'id' | 'how' | 'message' | 'flows' | 'target'>,
): Move {
  const now = blobs.now();
  const last = before?.move.pushed_at ?? '';
  const pushed_at: Instant = now > last ? now : new Date(Date.parse(last) + 1).toISOString();
  return { ...about, prev: before?.move.id ?? null, move: random.id(), pushed_at, by };
}

/** A version with the last move that made it current. */
export interface ListedVersion extends Move {
  readonly current: boolean;
}

/** Every version that was ever current: first the current version, then the other versions by the time when they last became current. */
export async function listVersions(blobs: ConfigBlobs): Promise<readonly ListedVersion[]> {
  const current = mustBePushed(await held(blobs), blobs).move;
  const kept = new Set<string>([current.id]);
  for await (const { name } of blobs.list(versionsFolder)) kept.add(name.slice(versionsFolder.length).replace(/\.json$/, ''));
  const listed = new Map<string, ListedVersion>([[current.id, { ...current, current: true }]]);
  for (const { move } of await moves(blobs)) {
    if (kept.has(move.id) && !listed.has(move.id)) listed.set(move.id, { ...move, current: false });
  }
  return [...listed.values()];
}

/** The files of the version `id` (the beginning of an id is enough), or of the current one. */
export async function readVersion(blobs: ConfigBlobs, id: string | 'current'): Promise<{ readonly id: string } & VersionContent> {
  const whole = id === 'current' ? mustBePushed(await held(blobs), blobs).move.id : await wholeId(blobs, id);
  return await stillThere(blobs, whole);
}

/** The current version; undefined: no version was pushed yet. */
export async function currentVersion(
  blobs: ConfigBlobs,
): Promise<{ readonly move: Move; readonly content: VersionContent | undefined } | undefined> {
  const current = await held(blobs);
  if (current === undefined) return undefined;
  const blob = await answered(versionName(current.move.id), () => blobs.get(versionName(current.move.id)));
  return { move: current.move, content: blob === undefined ? undefined : decodeVersion(current.move.id, blob.body) };
}

async function stillThere(blobs: ConfigBlobs, id: string) {
  const blob = await answered(versionName(id), () => blobs.get(versionName(id)));
  if (blob === undefined) throw noSuchVersion(id, blobs);
  return { id, body: blob.body, ...decodeVersion(id, blob.body) };
}

async function wholeId(blobs: ConfigBlobs, written: string): Promise<string> {
  if (/^[0-9a-f]{64}$/.test(written)) return written;
  if (!/^[0-9a-f]{4,63}$/.test(written)) throw noSuchVersion(written, blobs);
  const found: string[] = [];
  for await (const { name } of blobs.list(`${versionsFolder}${written}`)) found.push(name.slice(versionsFolder.length, -'.json'.length));
  const [only, ...more] = found;
  if (only === undefined) throw noSuchVersion(written, blobs);
  if (more.length === 0) return only;
  throw new StateError({
    code: 'HYG-5303',
    what: `${written} begins more than one version.`,
    why: found.map((id) => id),
    tryThis: ['Write more characters of the id.'],
  });
}

function mustBePushed(current: CurrentVersion | undefined, blobs: ConfigBlobs): CurrentVersion {
  if (current !== undefined) return current;
  throw new StateError({
    code: 'HYG-5303',
    what: 'No config was pushed yet.',
    why: [`There is no current version in ${blobs.url}.`],
    tryThis: ['Push a workspace: hygge config push'],
  });
}
