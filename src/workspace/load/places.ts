import type { Place } from '../../engine/contracts/connector.ts';
import { fixedPart, isInside, upwards } from '../sides/paths.ts';
import type { SettledSide } from '../sides/side.ts';
import { type Problems, quoted } from '../yaml/problems.ts';
import { whereIs } from '../yaml/source.ts';
import type { CheckedFlow, SettledEntity } from './flow.ts';

/** Two entities in one place, or one inside the other's folder, would take each other's rows for foreign ones or replace them. */
export function checkDestinations(settled: readonly SettledEntity[], problems: Problems): void {
  const taken = new Map<string, SettledEntity>();
  for (const one of settled) {
    const place = one.store.place === undefined ? JSON.stringify([one.spec.store.type, one.spec.store.config]) : keyOf(one.store.place);
    const before = taken.get(place);
    if (before === undefined) taken.set(place, one);
    else if (one.spec.writeStrategy !== 'merge' || before.spec.writeStrategy !== 'merge')
      clash(one, before, 'would settle in the same place', problems);
  }
  for (const one of settled) {
    const around = outer(one, taken);
    if (around !== undefined) clash(one, around, 'settle one inside the folder of the other', problems);
  }
}

/** Who settles in a folder above that of `one`. */
function outer(one: SettledEntity, taken: ReadonlyMap<string, SettledEntity>): SettledEntity | undefined {
  const { place } = one.store;
  const [, ...above] = place === undefined ? [] : upwards(place.path);
  return above.map((path) => taken.get(keyOf({ root: place?.root ?? '', path }))).find((other) => other !== undefined);
}

function clash(one: SettledEntity, other: SettledEntity, how: string, problems: Problems): void {
  const where = whereIs(other.spot);
  problems.of(one.spec, other.spec).add({
    code: 'HYG-1052',
    what: `${named(one)} and ${named(other)} ${how}.`,
    why: ['Each would replace what the other settled.', `The other is in ${where.file}, line ${where.line}.`],
    tryThis: ['Give each a path or table of its own, for example with `{entity}` or `{flow}` in it.'],
    spot: one.spot,
  });
}

function named({ spec }: SettledEntity): string {
  return quoted(`${spec.flow}.${spec.entity}`);
}

/** A home that is a folder, or a pattern over all folders, with the store inside it: every run would read what the last one settled. */
export function readsItself(
  { home, store, root }: { readonly home: SettledSide; readonly store: SettledSide; readonly root: string },
  flow: CheckedFlow,
  problems: Problems,
): boolean {
  if (home.place === undefined || home.place.root !== store.place?.root) return false;
  // A pattern without `**` reads one level only.
  const { path } = home.place;
  const reads = path.includes('**') ? fixedPart(path, home.disk === undefined ? '' : root) : path;
  if (!isInside(reads, store.place.path)) return false;
  problems.add({
    code: 'HYG-1056',
    what: `The store of flow ${quoted(flow.name)} lies in the folder that its home reads.`,
    why: ['A home reads a folder with all folders in it, so every run would read again what the last one settled.'],
    tryThis: ['Let the store settle in a folder beside that of the home.'],
    spot: flow.spot,
  });
  return true;
}

/** What names a place among all containers, databases and disks. */
export function keyOf({ root, path }: Omit<Place, 'shown'>): string {
  return `${root}\u0000${path}`;
}
