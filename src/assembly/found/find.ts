/** Finds the entities at the home of a flow that names none. */
import { isAbsolute, relative } from 'node:path';
import type { Opening } from '../../engine/contracts/connector.ts';
import { absentPath } from '../../errors/absent-path.ts';
import { HomeError } from '../../errors/hygge-error.ts';
import { readable } from '../../errors/readable.ts';
import { namesInFolder } from '../../filesystems/disk/walk.ts';
import { retry } from '../../ports/retry.ts';
import type { StateStore } from '../../ports/state.ts';
import type { EntityKey } from '../../ports/values.ts';
import { findConnector } from '../../registry.ts';
import { anyTable, type Finds, type FoundEntities, type FoundEntity, type Unread } from '../../workspace/load/finds.ts';
import { isPlainName, namePattern } from '../../workspace/name-pattern.ts';
import { nameKey } from '../../workspace/names.ts';
import { slashed } from '../../workspace/read/find.ts';
import { type Called, patternFor, patternMeant, resembling } from '../../workspace/similar-names.ts';
import { entitiesFromFiles, isPattern } from './files.ts';
import { listingOf } from './listing.ts';
import { lastingEntities, possibleTableNames } from './tables.ts';

/** A flow that finds its entities. */
export interface FindingFlowKey {
  readonly name: string;
  readonly finds: Finds;
}

interface FindContext {
  readonly opening: Opening;
  readonly state: Pick<StateStore, 'entities' | 'read'>;
}

/**
 * The entities that a run should move: existing ones, and settled ones that no longer exist. If the home can’t be searched, the known entities: their own
 * runs then wait, fail and report the reason. If the home can’t be searched and no entity is known, throws the error of the search.
 */
export async function findNow(flow: FindingFlowKey, { opening, state }: FindContext): Promise<FoundEntities> {
  const { name, finds } = flow;
  let all: readonly There[];
  try {
    all = await retry(() => thereIn(finds, opening));
  } catch (error) {
    const told = readable(error);
    const known = await Promise.all(
      (await findKnown(flow, state)).map(async (one) => ({
        ...one,
        home: await homeBefore({ flow: name, entity: one.name }, finds, state),
      })),
    );
    return known.length === 0 ? told : known.map((one): FoundEntity => ({ ...one, is: { unseen: `${told.code} ${told.what}` } }));
  }
  const there = all.filter((one) => one.isCandidate && isWanted(one, finds));
  const settled = await knownTo(state, name);
  const has = (names: readonly string[], key: string) => names.some((one) => nameKey(one) === nameKey(key));
  const { readable: present, unread } = await divided(there, { flow: name, settled, state });
  const names = present.map((one) => one.name);
  // An entity keeps the spelling of its settled name, because another spelling would be another destination.
  const kept = (name: string) =>
    settled.includes(name) ? name : (settled.find((one) => !names.includes(one) && nameKey(one) === nameKey(name)) ?? name);
  const found = present.map((one): FoundEntity => {
    const name = kept(one.name);
    const is = settled.length === 0 || has(settled, name) ? 'known' : 'new';
    return { ...placeOf(one), name, ...(name === one.name ? {} : { source: one.name }), is };
  });
  const left = settled.filter((one) => !has(names, one) && isWanted({ name: one, written: possibleTableNames(one, finds.place) }, finds));
  const gone = await Promise.all(left.map(async (entity) => ((await hasSettled(state, { flow: name, entity })) ? [entity] : [])));
  if (found.length === 0 && unread.length === 0 && gone.flat().length === 0) {
    const absent = await absentHome(finds, opening);
    if (absent !== undefined) return absent;
  }
  const goneOnes = gone.flat().map((entity): FoundEntity => ({ name: entity, home: null, is: 'gone' }));
  return [...found, ...unread, ...goneOnes, ...leftOutOf(settled, finds), ...unmatchedIn(finds, all, settled)].sort(byName);
}

/** Names and patterns of the config that match neither existing nor settled entities. */
function unmatchedIn(finds: Finds, all: readonly There[], settled: readonly string[]): readonly FoundEntity[] {
  const before = settled.map((name): Called => ({ name, also: possibleTableNames(name, finds.place) }));
  const known = [...all.map(({ name, written }): Called => ({ name, also: written })), ...before];
  const texts = known.flatMap(({ name, also }) => [name, ...also]);
  const mistaken = all.map(({ name, written, also }): Called => ({ name, also: [...written, ...also] }));
  return (['like', 'exclude'] as const).flatMap((list) =>
    finds[list].flatMap((written) => {
      if (known.some(({ name, also }) => isCalled(written, { name, written: also }))) return [];
      const isPlain = isPlainName(written);
      const meant = patternMeant(written);
      const fits = meant !== undefined && known.some(({ name, also }) => isCalled(meant, { name, written: also }));
      const near = fits ? [meant] : isPlain ? resembling(written, mistaken) : [];
      return [
        { name: written, home: null, is: { unmatched: list, near, pattern: (isPlain && !fits && patternFor(written, texts)) || null } },
      ];
    }),
  );
}

/** The members of a found item that its entity keeps. */
function placeOf({ name, home, segment }: There): Pick<FoundEntity, 'name' | 'home' | 'segment'> {
  return { name, home, ...(segment === undefined ? {} : { segment }) };
}

/** Unreadable items are skipped, unless they have settled. The rows of a settled entity would silently become outdated, so its own run reports the reason. */
async function divided(
  there: readonly There[],
  { flow, settled, state }: { readonly flow: string; readonly settled: readonly string[]; readonly state: FindContext['state'] },
): Promise<{ readonly readable: readonly There[]; readonly unread: readonly FoundEntity[] }> {
  const hasRows = async (name: string) => {
    const before = settled.filter((one) => nameKey(one) === nameKey(name));
    return (await Promise.all(before.map((entity) => hasSettled(state, { flow, entity })))).includes(true);
  };
  const each = await Promise.all(there.map(async (one) => ({ one, isTaken: one.unread === undefined || (await hasRows(one.name)) })));
  const readable = each.flatMap(({ one, isTaken }) => (isTaken ? [one] : []));
  const unread = each.flatMap(({ one, isTaken }) => (isTaken || one.unread === undefined ? [] : [{ ...placeOf(one), is: one.unread }]));
  return { readable, unread };
}

/** The sentence about a missing folder of a home; undefined: the folder exists, or the home is not a folder. */
async function absentHome({ place }: Finds, opening: Opening): Promise<HomeError | undefined> {
  if (place.in !== 'folder') return undefined;
  const { remote, folder } = place;
  const connector = remote === null ? undefined : (await findConnector(remote.type))?.remote;
  const shown = remote === null ? shownIn(opening.root, folder) : connector?.url(remote.config);
  const absent =
    remote === null
      ? await absentPath(slashed(folder), { namesIn: namesInFolder, shown: (path) => shownIn(opening.root, path), isContainer: false })
      : await connector?.absent?.(remote.config, opening);
  if (absent === undefined) return undefined;
  return new HomeError({
    code: 'HYG-3201',
    what: `There is nothing to read at ${shown}.`,
    why: [absent.why],
    tryThis: [...(absent.meant === undefined ? [] : [`Did you mean ${absent.meant}?`]), 'Check the path of `home`'],
  });
}

/** A path for people: relative to the workspace’s folder, if the path is inside the folder. */
function shownIn(root: string, path: string): string {
  const inside = slashed(relative(root, path));
  return inside === '' || inside.startsWith('..') || isAbsolute(inside) ? path : inside;
}

function leftOutOf(settled: readonly string[], finds: Finds): readonly FoundEntity[] {
  const unwanted = settled.filter((name) => !isWanted({ name, written: possibleTableNames(name, finds.place) }, finds));
  return unwanted.map((name): FoundEntity => ({ name, home: null, is: 'left out' }));
}

/** The entities in the state, for commands that only look. */
export async function findKnown({ name, finds }: FindingFlowKey, state: Pick<StateStore, 'entities'>): Promise<readonly FoundEntity[]> {
  const known = (await knownTo(state, name)).filter((one) => isWanted({ name: one, written: possibleTableNames(one, finds.place) }, finds));
  const unique = known.filter((one, at) => known.findIndex((other) => nameKey(other) === nameKey(one)) === at);
  return unique.map((one): FoundEntity => ({ name: one, home: null, is: 'known' })).sort(byName);
}

/** The table from which an entity settled, according to the state. The name alone may mean a table of another schema. */
async function homeBefore(key: EntityKey, { place }: Finds, state: Pick<StateStore, 'read'>): Promise<FoundEntity['home']> {
  if (place.in === 'folder') return null;
  // A sample table name, `hygge`, for the text of a place.
  const shown = (await findConnector(place.type))?.place?.(place.config as never)?.shown;
  const before = shown?.endsWith(` ${anyTable}`) ? `${place.type} ${shown.slice(0, -anyTable.length)}` : undefined;
  const source = (await retry(() => state.read(key)))?.row.binding?.source;
  return before !== undefined && source?.startsWith(before) ? { table: source.slice(before.length).replace(conditionEnd, '') } : null;
}

/** The text at the end of a source’s place in the state, if only some of the rows are read. */
const conditionEnd = / where [0-9a-f]{12}$/;

const byName = (a: FoundEntity, b: FoundEntity): number => (a.name < b.name ? -1 : 1);

async function knownTo(state: Pick<StateStore, 'entities'>, flow: string): Promise<readonly string[]> {
  return (await retry(() => state.entities())).filter((key) => key.flow === flow).map(({ entity }) => entity);
}

async function hasSettled(state: Pick<StateStore, 'read'>, key: EntityKey): Promise<boolean> {
  const found = await retry(() => state.read(key));
  return found !== undefined && (found.row.settled !== null || found.row.pending !== null);
}

interface There extends Pick<FoundEntity, 'name' | 'home' | 'segment'> {
  /** A table with its schema, `sales.orders`. For a missing table: all candidates. Empty: the entity is not a table. */
  readonly written: readonly string[];
  /** Names that a person may use by mistake: the table without its schema, the file with its ending. */
  readonly also: readonly string[];
  /** Whether the item can be an entity; false: the item is a view, and `views` is not set. */
  readonly isCandidate: boolean;
  readonly unread?: Unread;
}

async function thereIn({ place, views }: Finds, opening: Opening): Promise<readonly There[]> {
  if (place.in === 'folder') {
    const { remote, folder, pattern } = place;
    const files = remote === null ? (await import('../../adapters/workspace-files.ts')).workspaceFiles : await listingOf(remote, opening);
    const found = await entitiesFromFiles({ folder, pattern }, files);
    return found.map(({ name, path, segment }) => ({
      ...{ name, home: path === null ? null : { path }, written: [], also: path === null ? [] : [path], isCandidate: true },
      ...(segment === null || isPattern(segment) ? {} : { segment }),
    }));
  }
  const { type, config, pattern, ownSchema } = place;
  const tables = (await (await findConnector(type))?.database?.tables?.(config as never, opening)) ?? [];
  return lastingEntities(tables, { pattern, ownSchema }).map(({ name, table, found }) => ({
    name,
    home: table === null ? null : { table },
    written: [`${found.schema}.${found.name}`],
    also: [found.name],
    isCandidate: views || !/view/i.test(found.kind),
    ...(found.unread === undefined || found.isBroken === true ? {} : { unread: { unread: found.unread, table: found.written } }),
  }));
}

function isWanted(one: Pick<There, 'name' | 'written'>, { like, exclude }: Pick<Finds, 'like' | 'exclude'>): boolean {
  const fits = (pattern: string) => isCalled(pattern, one);
  return like.some(fits) && !exclude.some(fits);
}

function isCalled(pattern: string, { name, written }: Pick<There, 'name' | 'written'>): boolean {
  return [name, ...written].some((one) => namePattern(pattern, 'iu').test(one));
}
