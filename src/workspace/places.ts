import type { CheckedFlow, SettledEntity } from './flow.ts';
import { fixedPart, isInside, upwards } from './paths.ts';
import { type Problems, quoted } from './problems.ts';
import type { SettledSide } from './side.ts';
import { whereIs } from './source.ts';

/** Two entities in one place, or one inside the other's folder, would take each other's rows for foreign ones or replace them. */
export function checkDestinations(settled: readonly SettledEntity[], problems: Problems): void {
  const taken = new Map<string, SettledEntity>();
  for (const one of settled) {
    const place = one.store.disk ?? JSON.stringify(one.spec.store);
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
  const [, ...above] = one.store.disk === undefined ? [] : upwards(one.store.disk);
  return above.map((folder) => taken.get(folder)).find((other) => other !== undefined);
}

function clash(one: SettledEntity, other: SettledEntity, how: string, problems: Problems): void {
  const where = whereIs(other.spot);
  problems.add({
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
  if (home.disk === undefined || store.disk === undefined) return false;
  // A pattern without `**` reads one level only.
  const reads = home.disk.includes('**') ? fixedPart(home.disk, root) : home.disk;
  if (!isInside(reads, store.disk)) return false;
  problems.add({
    code: 'HYG-1056',
    what: `The store of flow ${quoted(flow.name)} lies in the folder that its home reads.`,
    why: ['A home reads a folder with all folders in it, so every run would read again what the last one settled.'],
    tryThis: ['Let the store settle in a folder beside that of the home.'],
    spot: flow.spot,
  });
  return true;
}
