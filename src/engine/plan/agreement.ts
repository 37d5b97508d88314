/** I6: if the state is about another destination than the present one, the run stops and lists the ways to continue. H11, H12. */
import { sameType } from '../../frames/describe-type.ts';
import type { Watermark } from '../../frames/watermark.ts';
import { describeWatermarkType } from '../../frames/watermark-text.ts';
import { retry } from '../../ports/retry.ts';
import { type Binding, newFiles, type StateRow } from '../../ports/state.ts';
import { defined, type EntityKey } from '../../ports/values.ts';
import type { Home, SourceDescription } from '../contracts/home.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import { inspectTarget } from '../contracts/steps.ts';
import { type ChecksumResult, headIn, type SettledLook, type Store, type Target } from '../contracts/store.ts';
import { type AdoptionPurpose, continuationAdvice, type WayToContinue } from '../errors/repair.ts';
import {
  anotherTarget,
  bindingChanged,
  claimedByLaterRun,
  destinationChanged,
  isFenced,
  settledDataEdited,
  settledDataMissing,
  stateElsewhere,
} from '../errors/run.ts';
import { watermarkContradicts } from '../errors/watermark.ts';
import { anothersPlace, type OtherEntity } from '../errors/writing.ts';
import { readRow } from '../protocol/row.ts';
import { type ContinuationPoint, continuationPoint } from '../repair/take-over.ts';
import { showsTypeOnlyWhenRead } from './windows.ts';

export interface EntitySides {
  readonly spec: EntitySpec;
  readonly store: Store;
  readonly row: StateRow | undefined;
  /** The home. Absent: it is opened when it is needed. */
  readonly home?: Home;
}

/** The watermark’s column, as the survey found it. Null: the entity has no watermark. */
type WatermarkColumn = Pick<Watermark, 'column' | 'type'> | null;

/** The verdict of `judge`. Its error counts only if the state row is unchanged: another run changes the state and then the destination, so an error about a changed row may be wrong. */
export async function unlessOvertaken<T>(
  ports: EnginePorts,
  { spec, row }: Pick<EntitySides, 'spec' | 'row'>,
  judge: () => Promise<T>,
): Promise<T> {
  try {
    return await judge();
  } catch (error) {
    const now = await readRow(ports, spec);
    throw isSame(row, now.row) ? error : claimedByLaterRun(spec);
  }
}

export async function stateMustMatchDestination(ports: EnginePorts, sides: EntitySides, target: Target): Promise<void> {
  await unlessOvertaken(ports, sides, () => compare(ports, sides, target));
}

function isSame(before: StateRow | undefined, now: StateRow | undefined): boolean {
  const standing = (row: StateRow | undefined) => [row?.epoch, row?.lineage, row?.pending?.id, row?.settled?.id];
  return JSON.stringify(standing(before)) === JSON.stringify(standing(now));
}

/** How many times runs of the entity may disturb a read-only look. */
const mostDisturbed = 8;

/** Repeats a read-only look from its start if a run changed the state meanwhile. */
export async function retryWhenOvertaken<T>(look: () => Promise<T>): Promise<T> {
  for (let left = mostDisturbed; ; left--) {
    try {
      return await look();
    } catch (error) {
      if (!isFenced(error) || left === 0) throw error;
    }
  }
}

async function compare(ports: EnginePorts, sides: EntitySides, target: Target): Promise<void> {
  const { spec, store, row } = sides;
  const found = headIn(target);
  const isRefused = row?.settled?.nothing === true && found?.id === row.settled.id;
  if (!row?.settled || isRefused) {
    if (found && !isRefused)
      throw stateElsewhere(spec, {
        where: store.where,
        head: found,
        here: ports.state.location,
        ways: await waysToContinue(ports, sides, target, 'take over'),
      });
    if (target.content === 'foreign' && target.others.length > 0) await mustBeShared(ports, sides, target);
    return;
  }
  const owner = row.binding?.of;
  if (owner !== undefined && owner !== ports.target && !row.fullNext)
    throw anotherTarget(spec, { was: owner, is: ports.target, where: ports.state.location });
  // After a reset the destination may be another one, because all rows are loaded again.
  if (row.binding && row.binding.target !== store.where && !row.fullNext)
    throw await bindingError(ports, sides, target, { was: row.binding, is: { ...row.binding, target: store.where } });
  if (target.content !== 'ours' || target.head.id !== row.settled.id) {
    const ways = await waysToContinue(ports, sides, target, 'continue');
    throw destinationChanged(spec, store.where, { settled: row.settled.id, head: found?.id ?? null, ways });
  }
  if (!row.fullNext && !isSameMark(row.settled.watermark, target.head.watermark)) {
    const ways = await waysToContinue(ports, sides, target, 'continue as remembered');
    throw watermarkContradicts(spec, store.where, { state: row.settled.watermark, head: target.head.watermark, ways });
  }
  if (target.missing.length > 0 && !row.fullNext)
    throw settledDataMissing(store, target.missing, await waysToContinue(ports, sides, target, 'accept the rest'));
}

/** Whether one commit wrote both watermarks. */
function isSameMark(state: Watermark | null, head: Watermark | null): boolean {
  if (state === null || head === null) return state === head;
  return state.column === head.column && state.text === head.text && sameType(state.type, head.type);
}

/** The error of a run that would continue from another source or another watermark than the settled ones. */
export async function bindingError(ports: EnginePorts, sides: EntitySides, target: Target, bindings: { was: Binding; is: Binding }) {
  return bindingChanged(sides.spec, bindings, await waysToContinue(ports, sides, target, 'keep'));
}

/** How a person can continue. A full load always works. Taking over works only if the destination shows where the earlier load ended. */
export async function waysToContinue(
  ports: EnginePorts,
  sides: EntitySides,
  target: Target,
  keeping: AdoptionPurpose,
): Promise<readonly string[]> {
  const way = (on: WayToContinue) => continuationAdvice(sides.spec, keeping, on);
  const anew = way({ way: 'anew' });
  // If none of the settled data exists any more, a takeover would fail, because the fence refuses it (HYG-4103).
  if (target.content === 'ours' && target.listedStillThere === 0 && target.missing.length > 0) return [anew];
  const found = await continuationPoint(ports, sides.spec, { ...sides, target });
  if (!('refused' in found)) return [anew, way({ way: 'adopt', mayMissRowsAt: exceptTies(sides.spec, found, target) })];
  return found.acceptsGivenWatermark ? [anew, way({ way: 'adopt from a value' })] : [anew];
}

/** The watermark whose rows a takeover leaves out. Null: no rows are left out. Only a complete group shows which rows at the watermark are in the destination. */
function exceptTies(spec: EntitySpec, { watermark, withBoundary }: ContinuationPoint, target: Target): string | null {
  const isWhole = withBoundary && target.content === 'ours' && target.missing.length === 0 && target.touched.length === 0;
  if (watermark === null || isWhole || spec.watermark?.boundary === 'open') return null;
  return watermark.text;
}

/** An entity may add rows next to those of others if the destination allows it. A renamed entity would add its own rows again. */
async function mustBeShared(
  ports: EnginePorts,
  { spec, store }: EntitySides,
  { others, sharing }: Extract<Target, { content: 'foreign' }>,
): Promise<void> {
  const known = await Promise.all(others.map((key) => knownOf(ports, key)));
  const isRenamed = known.some(({ isConfigured: is, hasState }) => !is && hasState);
  if (sharing === 'none' || spec.ifExists === 'replace' || isRenamed)
    throw anothersPlace(spec, store.where, known, sharing === 'none' || isRenamed ? 'owned' : 'replaced');
}

async function knownOf(ports: EnginePorts, key: EntityKey): Promise<OtherEntity & { readonly binding: Binding | null | undefined }> {
  const row = (await retry(() => ports.state.read(key)))?.row;
  return { key, isConfigured: isConfigured(ports, key), hasState: row?.settled != null, binding: row?.binding };
}

/** A first load throws if another entity has loaded the same source into the destination. For example, the entity was renamed, and its old name is used again. */
async function mustBeAnotherSource(
  ports: EnginePorts,
  { spec, store }: EntitySides,
  { binding, target }: { readonly binding: Binding; readonly target: Target },
): Promise<void> {
  if (target.content !== 'foreign') return;
  for (const key of target.others) {
    const known = await knownOf(ports, key);
    if (known.hasState && known.binding?.source === binding.source && known.binding.target === binding.target)
      throw anothersPlace(spec, store.where, [known], 'same source');
  }
}

function isConfigured(ports: EnginePorts, { flow, entity }: EntityKey): boolean {
  try {
    return ports.entity(flow, entity).entity === entity;
  } catch {
    return false;
  }
}

/** The binding of rows that were taken over with the watermark `lower`. */
export function bindingAfterAdoption(now: Binding, lower: Watermark): Binding {
  return { ...now, watermark: `${lower.column} ${describeWatermarkType(lower.type, lower.column)}` };
}

/** The source as the binding identifies it: by its type, its place, the condition of its rows, and its account. */
export function sourceOf(
  spec: EntitySpec,
  { place, rowCondition }: Pick<Home, 'place' | 'rowCondition'>,
  { account }: Pick<SourceDescription, 'account'>,
): string {
  return [
    `${spec.home.type} ${place}`,
    ...(rowCondition === '' ? [] : [rowCondition]),
    ...(account === undefined ? [] : [`account ${account}`]),
  ].join(' ');
}

/** The binding of state and source. `watermark`: how new rows are found: by a column with its type, by files, or not at all. */
export function bindingOf(
  { target: of }: Pick<EnginePorts, 'target'>,
  {
    spec,
    home,
    store,
    description,
  }: Pick<EntitySides, 'spec' | 'store'> & { readonly home: Home; readonly description: SourceDescription },
  column: WatermarkColumn,
  byFile: boolean,
): Binding {
  const told =
    column && (showsTypeOnlyWhenRead(column) ? column.column : `${column.column} ${describeWatermarkType(column.type, column.column)}`);
  const watermark = told ?? (byFile ? newFiles : '');
  return { source: sourceOf(spec, home, description), target: store.where, watermark, ...defined({ of }) };
}

/**
 * Throws if the source is another one than the state says. A full load that was asked for replaces the rows, whatever their source was. An
 * incremental run must continue from the same source and watermark. If it can’t, it stops: it must never turn into a full load by itself (I6).
 */
export async function checkBinding(
  ports: EnginePorts,
  request: EntitySides & Pick<EntitySpec, 'runType'>,
  { binding, target, column }: { readonly binding: Binding; readonly target: Target; readonly column: WatermarkColumn },
): Promise<void> {
  const { row, runType } = request;
  await mustBeAnotherSource(ports, request, { binding, target });
  if (runType !== 'incremental' || !row?.settled || !row.binding || row.fullNext || row.binding.watermark === '') return;
  // Whether the type of a column is open. A column that never had a value (a file with only a header) gets the type of its first value.
  const isUndecided =
    column !== null &&
    row.settled.watermark === null &&
    target.content === 'ours' &&
    target.empty &&
    row.binding.watermark.startsWith(`${column.column} `);
  const watermarkDiffers = !isUndecided && row.binding.watermark !== binding.watermark;
  if (row.binding.source !== binding.source || watermarkDiffers)
    throw await bindingError(ports, request, target, { was: row.binding, is: binding });
}

/** The check of settled files with another size, time or etag than before. Before a run builds on such files, they are compared with their checksums. */
export interface TouchedFilesCheck {
  /** Whether looks are recorded: the new looks of files with unchanged content, and the first looks of files that no run has looked at yet. */
  readonly recordLooks: boolean;
  /** Comparing ends soon after this time, in milliseconds. The remaining files still count as touched. */
  readonly withinMs: number;
}

/** Throws if a file was edited. `more`: the time was over before all files were compared. */
export async function checkTouchedFiles(
  ports: EnginePorts,
  sides: EntitySides,
  target: Target,
  { recordLooks, withinMs }: TouchedFilesCheck,
): Promise<'checked' | 'more'> {
  const { row, store } = sides;
  if (target.content !== 'ours' || row?.fullNext) return 'checked';
  const known = async (looks: readonly SettledLook[]) => {
    if (recordLooks && looks.length > 0) await store.files?.rememberLooks(target.head.id, looks);
  };
  if (target.touched.length === 0 || !store.files) {
    await known(target.notLookedAt);
    return 'checked';
  }
  const began = ports.clock.monotonicMs();
  const edited: string[] = [];
  const same: SettledLook[] = [];
  let compared = 0;
  for await (const one of store.files.compareChecksums(new Set(target.touched))) {
    compared++;
    if (one.found === 'same' && one.looks !== undefined) same.push({ name: one.name, looks: one.looks });
    if (isWrong(one)) edited.push(one.name);
    if (ports.clock.monotonicMs() - began >= withinMs) break;
  }
  if (edited.length > 0) {
    const ways = await waysToContinue(ports, sides, await inspectTarget(ports, store), 'accept edits');
    throw settledDataEdited(sides.spec, store.where, edited, ways);
  }
  await known([...same, ...target.notLookedAt]);
  return compared < target.touched.length ? 'more' : 'checked';
}

function isWrong({ found }: ChecksumResult): boolean {
  return found === 'changed' || found === 'missing';
}
