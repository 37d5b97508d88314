import { fixedPart, isInside, onDisk, upwards } from '../sides/paths.ts';
import { type Problems, quoted } from '../yaml/problems.ts';
import type { SettledEntity } from './flow.ts';
import { keyOf } from './places.ts';

export interface WorkspaceFolder {
  /** Absolute. */
  readonly root: string;
  /** Every file of the config, relative to the root. */
  readonly files: readonly string[];
  /** Folders of hygge itself, relative to the root. */
  readonly own: readonly string[];
}

/** What a store's folder holds goes when the store is told to replace it: so neither a home nor the workspace itself may lie in one. */
export function checkSources(settled: readonly SettledEntity[], workspace: WorkspaceFolder, problems: Problems): void {
  const stores = new Map<string, SettledEntity>();
  for (const one of settled) {
    const { disk, place } = one.store;
    if (place !== undefined && (disk === undefined || !coversWorkspace(one, disk, workspace, problems))) stores.set(keyOf(place), one);
  }
  for (const one of settled) {
    const { place, disk } = one.home;
    if (place === undefined) continue;
    const read = fixedPart(place.path, disk === undefined ? '' : workspace.root);
    const around = upwards(read).find((path) => stores.has(keyOf({ ...place, path })));
    const store = around === undefined ? undefined : stores.get(keyOf({ ...place, path: around }));
    if (store === undefined) continue;
    // Reading on what another flow settled: its files are its own, no store takes them for somebody else's.
    const chained = read === around && store.spec.flow !== one.spec.flow;
    if (!chained) refuseHome(one, store, problems);
  }
}

function coversWorkspace(one: SettledEntity, disk: string, { root, files, own }: WorkspaceFolder, problems: Problems): boolean {
  const inside = files.filter((file) => isInside(disk, onDisk(root, file)));
  const held = inside.find((file) => file.startsWith('hygge.')) ?? inside[0];
  const taken = own.find((folder) => isInside(onDisk(root, folder), disk) || isInside(disk, onDisk(root, folder)));
  if (held === undefined && taken === undefined) return false;
  problems.of(one.spec).add({
    code: 'HYG-1058',
    what:
      held === undefined
        ? `The store of flow ${quoted(one.spec.flow)} settles in ${taken}, the folder of hygge itself.`
        : `The store of flow ${quoted(one.spec.flow)} settles in a folder that holds the workspace's own ${held}.`,
    why: [`It would settle in ${disk}.`, 'A store that replaces what is in its folder would take the workspace with it.'],
    tryThis: ['Let it settle in a folder of its own, such as `store: lake`.'],
    spot: one.store.spot,
  });
  return true;
}

function refuseHome(one: SettledEntity, store: SettledEntity, problems: Problems): void {
  const settles = one.spec.flow === store.spec.flow ? 'the flow itself' : `flow ${quoted(store.spec.flow)}`;
  problems.of(one.spec, store.spec).add({
    code: 'HYG-1057',
    what: `The home of flow ${quoted(one.spec.flow)} lies in a folder where ${settles} settles.`,
    why: [
      `${quoted(`${store.spec.flow}.${store.spec.entity}`)} settles in ${store.store.place?.shown}; replacing what is there would delete the source.`,
    ],
    tryThis: ['Let the store settle in a folder beside that of the home.'],
    spot: one.home.spot,
  });
}
