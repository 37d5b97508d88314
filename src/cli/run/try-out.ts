import { basename, dirname, resolve } from 'node:path';
import { realClock } from '../../adapters/real-clock.ts';
import { realRandom } from '../../adapters/real-random.ts';
import { enginePorts } from '../../assembly/ports.ts';
import type { EnginePorts } from '../../engine/contracts/ports.ts';
import type { EntitySpec, SideSpec } from '../../engine/contracts/spec.ts';
import { ConfigError } from '../../errors/hygge-error.ts';
import { localFileSystem } from '../../filesystems/disk/local.ts';
import { warningText } from '../../narrate/commands/finding-lines.ts';
import { tryOutOpening } from '../../narrate/run/copy-lines.ts';
import { shownEntity, visible } from '../../narrate/text/visible.ts';
import { findConnector } from '../../registry.ts';
import { encodeSegment } from '../../workspace/names.ts';
import { slashed } from '../../workspace/read/find.ts';
import { fixedPart, isInside, isUrl } from '../../workspace/sides/paths.ts';
import { endingAfter } from '../inspect/first-rows.ts';
import { choose } from '../select/chosen-flows.ts';
import { selectionBy } from '../select/selection.ts';
import { openWorkspace } from '../terminal/open-workspace.ts';
import { openOutput } from '../terminal/output.ts';
import type { Surroundings } from '../terminal/surroundings.ts';
import { unreadable } from '../terminal/usage.ts';
import { filterOf, type GoFlags, goWith } from './go.ts';

/**
 * `hygge go --limit N --to DIR`: runs the engine with a temporary state. Homes end after N rows, and a folder replaces each store. The
 * state of the workspace and the configured stores are not opened.
 */
export async function tryOut(flags: GoFlags, surroundings: Surroundings): Promise<number> {
  const { limit, to } = mustBeWhole(flags);
  const clock = realClock();
  const filter = await filterOf(flags, surroundings, clock.now());
  const opened = await openWorkspace(flags, surroundings, {
    now: clock.now(),
    vars: flags.var,
    tolerant: true,
    opens: selectionBy(filter),
  });
  const directory = slashed(resolve(surroundings.directory, to));
  const { workspace, entities: chosen, broken } = choose(opened, filter);
  const unusable = opened.unusable.flatMap((flow) => flow.entities.flatMap(({ spec }) => spec ?? []));
  const everyone = [...opened.flows.flatMap((flow) => flow.entities), ...unusable];
  const entities = await placesFor(chosen, { directory, shown: to, everyone });
  const random = realRandom();
  const tried = { limit, directory: to };
  const output = openOutput(surroundings, flags, {
    clock,
    invocationId: random.id(),
    dryRun: false,
    entities: entities.length,
    tryOut: tried,
  });
  const flows = workspace.flows.map((flow) => ({ ...flow, entities: entities.filter((spec) => spec.flow === flow.name) }));
  const standIn = { ...workspace, flows };
  try {
    await using real = await enginePorts(standIn, {
      clock,
      random,
      emit: output.emit,
      network: surroundings.network,
      state: 'thrown away',
    });
    const ports: EnginePorts = { ...real, home: async (spec, pinned) => endingAfter(await real.home(spec, pinned), limit, clock) };
    for (const warning of workspace.warnings) output.say({ event: 'warning', message: warningText(warning) });
    output.say({ event: 'warning', message: tryOutOpening(tried) });
    return await goWith({ flags: { ...flags, fullDrop: true }, workspace: standIn, entities, broken, ports, output, surroundings });
  } finally {
    output.close();
  }
}

function mustBeWhole(flags: GoFlags): { readonly limit: number; readonly to: string } {
  const { limit, to } = flags;
  const whole = 'hygge go --limit 100 --to try-out';
  if (limit === undefined || to === undefined) {
    const [given, lacking] = limit === undefined ? ['--to', '--limit'] : ['--limit', '--to'];
    const why =
      limit === undefined
        ? 'A try-out needs to know how many rows of each entity it may read.'
        : 'A part of the rows must not settle in the real store as if it were all rows.';
    throw unreadable(`${given} needs ${lacking}: together they make a try-out.`, [whole], [why]);
  }
  const others = Object.entries({
    '--dry-run': flags.dryRun,
    '--incremental': flags.incremental,
    '--full-drop': flags.fullDrop,
    '--wait': flags.wait,
    '--take-over': flags.takeOver,
  });
  const [other] = others.find(([, given]) => given) ?? [];
  if (other !== undefined)
    throw unreadable(`${other} has no effect in a try-out.`, [whole], ['A try-out reads from the beginning and touches no state.']);
  if (isUrl(to))
    throw unreadable(
      '--to needs a folder of this machine, but this is a URL.',
      [whole],
      ['A person looks at the rows of a try-out, and then deletes them.'],
    );
  if (to.trim() === '') throw unreadable('--to needs the name of a folder.', [whole]);
  return { limit, to };
}

/** The folder that a try-out writes into. */
interface Destination {
  /** The absolute path of the folder. */
  readonly directory: string;
  /** The folder's path as the person wrote it. */
  readonly shown: string;
  /** All entities of the workspace, chosen or not, since a try-out must not write into the source or destination of any entity. */
  readonly everyone: readonly EntitySpec[];
}

/** The chosen entities, each with a folder below `directory` in place of its store. Throws if the folder is in use. */
async function placesFor(chosen: readonly EntitySpec[], destination: Destination): Promise<readonly EntitySpec[]> {
  const placed: EntitySpec[] = [];
  for (const spec of chosen) {
    const path = `${destination.directory}/${encodeSegment(spec.flow)}/${encodeSegment(spec.entity)}`;
    await keepAway(path, spec, destination);
    // A try-out reads only the first rows of a source, so a comparison with the whole source would fail.
    const { verify: _later, ...tried } = spec;
    placed.push({ ...tried, ...asTriedOut(spec), store: await folderFor(spec.store, path, destination.directory) });
  }
  await mustBeFolder(destination);
  for (const spec of placed) await mustBeEmpty(spec, destination);
  return placed;
}

/** The changes by which an entity fits a plain folder of files, which supports fewer keys. The watermark stays, so that a missing column is reported. */
function asTriedOut({ watermark }: EntitySpec): Partial<EntitySpec> {
  const open = watermark === null ? null : { ...watermark, overlapMs: 0, boundary: 'open' as const };
  return { ifExists: 'fail', writeStrategy: null, watermark: open };
}

/** Throws if the folder of a try-out overlaps with the source or destination of an entity. The next real run would treat the files of the try-out as its own. */
async function keepAway(path: string, { root }: EntitySpec, { shown, everyone }: Destination): Promise<void> {
  for (const other of everyone) {
    for (const side of ['home', 'store'] as const) {
      const place = await diskPath(other[side]);
      if (place === undefined) continue;
      const fixed = side === 'home' ? fixedPart(place, root) : place;
      if (!isInside(fixed, path) && !isInside(path, fixed)) continue;
      const what = `${visible(shown)} is in use: ${shownEntity(other.flow, other.entity)} ${side === 'home' ? 'reads' : 'settles'} in ${visible(fixed)}.`;
      throw unreadable(
        what,
        ['Choose a folder of its own: hygge go --limit 100 --to try-out'],
        ['A try-out must not use a place of a home or store.'],
      );
    }
  }
}

async function diskPath({ type, config }: SideSpec): Promise<string | undefined> {
  const place = (await findConnector(type))?.place?.(config);
  return place?.root === '' ? place.path : undefined;
}

/** The store for a try-out. If the entity’s own store uses local files, the same store with another path. In place of any other store, local files in the store’s format, or in parquet if the store has no format. */
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
        what: `${visible(`${shown}/${folder}`)} is not empty; a try-out never overwrites files.`,
        why: [`${visible(`${shown}/${file.path}`)} is there`],
        tryThis: ['Choose another folder', 'Or remove it, if it is only an earlier try-out'],
      });
    }
  }
}
