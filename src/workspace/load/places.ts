import type { DataLocation } from '../../engine/contracts/connector.ts';
import type { SideSpec } from '../../engine/contracts/spec.ts';
import type { WorkspaceTarget } from '../read/targets.ts';
import { fixedPart, isGlob, isInside, onDisk, upwards } from '../sides/paths.ts';
import { hasSecretInside } from '../sides/secret-path.ts';
import { type SettledSide, settleSide } from '../sides/side.ts';
import { type Problems, quoted } from '../yaml/problems.ts';
import { type Spot, whereIs } from '../yaml/source.ts';
import { type Entry, entry, isNull, mapping, type Scalar, withEntry } from '../yaml/tree.ts';
import type { CheckedFlow, SettledEntity, Surroundings } from './flow.ts';

/** Two entities must not settle in the same table or folder, or in nested folders. Each would treat the other’s rows as foreign, or replace them. */
export function checkSharedDestinations(settled: readonly SettledEntity[], problems: Problems): void {
  const taken = new Map<string, SettledEntity>();
  for (const one of settled) {
    const place = one.store.place === undefined ? JSON.stringify([one.spec.store.type, one.spec.store.config]) : keyOf(one.store.place);
    const before = taken.get(place);
    if (before === undefined) taken.set(place, one);
    else if (one.spec.writeStrategy !== 'merge' || before.spec.writeStrategy !== 'merge' || one.store.place?.isForOne)
      clash(one, before, 'would settle in the same place', problems);
  }
  checkLetterCase(settled, problems);
  for (const one of settled) {
    const around = outer(one, taken);
    if (around !== undefined) clash(one, around, 'settle one inside the folder of the other', problems);
  }
}

/** If each entity has its own table, readers may ignore upper and lower case in the table’s name, as an SQL endpoint does. */
function checkLetterCase(settled: readonly SettledEntity[], problems: Problems): void {
  const taken = new Map<string, { readonly exact: string; readonly by: SettledEntity }>();
  for (const one of settled) {
    const { place } = one.store;
    if (!place?.isForOne) continue;
    const exact = keyOf(place);
    const before = taken.get(exact.toLowerCase());
    if (before === undefined) taken.set(exact.toLowerCase(), { exact, by: one });
    else if (before.exact !== exact)
      clash(one, before.by, 'would settle in tables whose names differ only in upper and lower case', problems);
  }
}

/** The entity that settles in a folder above the folder of `one`. */
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
    why: ['Each entity would replace the rows of the other.', `The other entity is in ${where.file}, line ${where.line}.`],
    tryThis: ['Give each entity its own path or table, for example with `{entity}` or `{flow}` in it.'],
    spot: one.spot,
  });
}

function named({ spec }: SettledEntity): string {
  return quoted(`${spec.flow}.${spec.entity}`);
}

/** The store is inside the home, which is a folder or a pattern over all folders. Every run would read the rows of the previous run. */
export function readsItself(
  { home, store, root }: { readonly home: SettledSide; readonly store: SettledSide; readonly root: string },
  flow: CheckedFlow,
  problems: Problems,
): boolean {
  if (home.place === undefined || home.place.root !== store.place?.root) return false;
  // A pattern without `**` reads only one level of folders.
  const { path } = home.place;
  const reads = path.includes('**') ? fixedPart(path, home.disk === undefined ? '' : root) : path;
  if (!isInside(reads, store.place.path)) return false;
  problems.add({
    code: 'HYG-1056',
    what: `The store of flow ${quoted(flow.name)} is in the folder that its home reads.`,
    why: ['A home reads its folder with all subfolders, so each run would read the rows of the previous run again.'],
    tryThis: ['Use a folder for the store next to the folder of the home.'],
    spot: flow.spot,
  });
  return true;
}

/** The identity of a folder or table among all containers, databases and disks. */
export function keyOf({ root, path }: Omit<DataLocation, 'shown'>): string {
  return `${root}\u0000${path}`;
}

/** Where the page of `hygge report` is written after each run. Unlike a home or a store, the page belongs to no entity. */
export interface ReportPlace extends SideSpec {
  /** The path of the file is in `path`: absolute on this machine's disks, or inside the container. */
  readonly config: { readonly path: string };
  /** The place of the page as text for people, which never contains a secret. */
  readonly shown: string;
}

interface AroundReport extends Pick<Surroundings, 'root' | 'date' | 'connectors' | 'connections' | 'problems'> {
  readonly target: WorkspaceTarget | null;
  /** Folders of hygge itself, relative to the root. */
  readonly own: readonly string[];
  /** Whether the workspace is not a folder, so that relative paths are impossible. */
  readonly rootless: boolean;
}

/** `report:` as it is written in hygge.yml. Null: hygge.yml sets no page, or the problem with the page was reported. */
export async function settleReport(
  held: Entry | undefined,
  settled: readonly SettledEntity[],
  around: AroundReport,
): Promise<ReportPlace | null> {
  if (held === undefined || isNull(held.value)) return null;
  const written = held.value.kind === 'map' ? entry(held.value, 'path')?.value : held.value;
  // A value that is not text was already reported.
  if (written?.kind !== 'scalar' || typeof written.value !== 'string') return null;
  const path = ofTarget(written, around.target);
  const at: Entry = { spot: written.spot, value: path, weight: 'explicit' };
  const { root, date, connectors, connections, problems } = around;
  const asked = {
    ...{ side: 'report' as const, root, connectors, connections, problems },
    tree: withEntry(held.value.kind === 'map' ? held.value : mapping(held.spot), 'path', at),
    pieces: { flow: path, own: undefined, override: undefined, plain: true },
    templates: { entity: '', flow: '', date },
    subject: { name: 'the report', spot: held.spot },
  };
  // A shown address must not contain a secret.
  if (hasSecretInside(asked, asked.tree) || !namesPage(written, problems)) return null;
  const side = await settleSide(asked);
  if (side?.place === undefined || !isFree({ ...side, place: side.place }, settled, around)) return null;
  return { ...side.spec, config: side.spec.config as ReportPlace['config'], shown: side.place.shown };
}

/** Browsers and web servers recognize a page by its file ending. */
function namesPage(path: Scalar, problems: Problems): boolean {
  const isOne = !isGlob(path.text) && !/[{}]/.test(path.text);
  if (isOne && /[^/\\]\.html?$/i.test(path.text)) return true;
  problems.add({
    code: 'HYG-1036',
    what: isOne
      ? `${quoted('report')} needs the name of a file that ends in .html, not ${quoted(path.shown)}.`
      : `${quoted('report')} needs one file, not the pattern or template ${quoted(path.shown)}.`,
    tryThis: ['For example `report: lake/status.html`, or `report: s3://lake/hygge/status.html`.'],
    spot: path.spot,
  });
  return false;
}

/** Each target has its own page: `status.html` becomes `status.prod.html` for prod, unless prod sets its own `report`. */
function ofTarget(path: Scalar, target: WorkspaceTarget | null): Scalar {
  if (target === null || target.hasReport) return path;
  const text = path.text.replace(/\.html?$/i, (ending) => `.${target.name}${ending}`);
  return { ...path, value: text, text };
}

/** The page must be outside the state, and outside settled folders, where a store may replace the page or treat it as foreign. */
function isFree(
  { place, disk, spot }: { readonly place: DataLocation; readonly disk: string | undefined; readonly spot: Spot },
  settled: readonly SettledEntity[],
  { root, own, rootless, problems }: AroundReport,
): boolean {
  const { path } = place;
  const refuse = (what: string, why: string): boolean => {
    problems.add({
      code: 'HYG-1036',
      what,
      why: [why],
      tryThis: ['Put the page next to the data: in the folder above, or in a separate one, such as `report: status/status.html`.'],
      spot,
    });
    return false;
  };
  if (rootless && disk !== undefined && isInside(root, disk)) {
    problems.add({
      code: 'HYG-1080',
      what: 'The page of `report` has a path relative to the folder of hygge.yml, and the cloud has no workspace folder.',
      why: ['The config comes from blob storage, and HYGGE_ROOT is not set.'],
      tryThis: [
        'Put the page into the lake: `report: s3://lake/hygge/status.html`.',
        'Or set HYGGE_ROOT to a folder of the machine that runs the app: relative paths begin there.',
      ],
      spot,
    });
    return false;
  }
  const kept = path.split('/').find((segment) => segment === '_hygge' || segment === '.hygge');
  const taken = kept ?? (disk === undefined ? undefined : own.find((folder) => isInside(onDisk(root, folder), disk)));
  if (taken !== undefined)
    return refuse(`The page of ${quoted('report')} would be in ${taken}.`, 'That folder is reserved for hygge’s own files.');
  for (const { spec, store, home } of settled) {
    const named = quoted(`${spec.flow}.${spec.entity}`);
    const settles = store.place;
    if (settles?.root === place.root && (isInside(settles.path, path) || isInside(path, settles.path)))
      return refuse(`The page of ${quoted('report')} would be where ${named} settles.`, `It settles in ${settles.shown}.`);
    const reads = home.place;
    if (reads?.root === place.root && takesAll(reads.path) && isInside(fixedPart(reads.path, ''), path))
      return refuse(`The page of ${quoted('report')} would be read as data of ${named}.`, `Its home reads all files of ${reads.shown}.`);
  }
  return true;
}

/** Whether a pattern has no fixed file ending. */
function takesAll(path: string): boolean {
  return isGlob(path) && !/\.[a-z0-9]+$/i.test(path);
}
