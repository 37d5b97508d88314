/**
 * Decides where incremental runs continue when a destination is adopted as it is (`reset --adopt`). The decision is made before any write. Messages
 * that would advise an adoption make the decision first, so that they never give advice that fails.
 */
import { type FlowError, HyggeError } from '../../errors/hygge-error.ts';
import { sameType } from '../../frames/describe-type.ts';
import type { DataType, Schema } from '../../frames/schema.ts';
import type { Watermark } from '../../frames/watermark.ts';
import { parseWatermark } from '../../frames/watermark-text.ts';
import { retry } from '../../ports/retry.ts';
import type { ObjectRef, StateRow } from '../../ports/state.ts';
import type { Json } from '../../ports/values.ts';
import type { Home, SeenFile } from '../contracts/home.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import { untilDone } from '../contracts/steps.ts';
import type { Head, Store, Target } from '../contracts/store.ts';
import {
  anothersData,
  endUnknown,
  noTypeOfWatermark,
  nothingToAdopt,
  noWatermarkToGive,
  takenFilesUnknown,
  type UnknownEnd,
} from '../errors/repair.ts';
import { readSnapshot } from '../schema/snapshot.ts';

export interface ContinuationPoint {
  readonly watermark: Watermark | null;
  /** Whether the watermark is the head’s own, so that its open boundary group is kept. With any other value, runs continue strictly above it. */
  readonly withBoundary: boolean;
  /** The files that earlier runs took: a reference to the object that lists them, or the list that the destination remembers. Null: new rows are not found by file. */
  readonly takenFiles: ObjectRef | readonly SeenFile[] | null;
}

/** The destination does not show where runs could continue. `acceptsGivenWatermark`: a person can still adopt it, by giving the watermark at which it ends. */
export interface NoContinuationPoint {
  readonly refused: FlowError;
  readonly acceptsGivenWatermark: boolean;
}

export interface AdoptionRequest {
  /** The text that a person wrote for `--watermark`. */
  readonly givenWatermark?: string | undefined;
  readonly row: StateRow | undefined;
  readonly store: Store;
  readonly target: Target;
  /** The home. Absent: it is opened when it is needed. */
  readonly home?: Home;
}

export async function continuationPoint(
  ports: EnginePorts,
  spec: EntitySpec,
  request: AdoptionRequest,
): Promise<ContinuationPoint | NoContinuationPoint> {
  const { givenWatermark, row, target } = request;
  const away = whyNothing(spec, request);
  if (away) return { refused: away, acceptsGivenWatermark: false };
  const head = target.content === 'ours' ? target.head : null;
  const isMine = speaksOf(row, target);
  const settled = isMine ? (row?.settled ?? null) : null;
  if (givenWatermark !== undefined) {
    const watermark = await parseGivenWatermark(ports, spec, { text: givenWatermark, head, request });
    return { watermark, withBoundary: false, takenFiles: settled?.seen ?? null };
  }
  const known = head?.watermark ?? settled?.watermark ?? null;
  if (spec.runType !== 'incremental') {
    const goesOn = known !== null && known.column === spec.watermark?.column;
    return {
      watermark: goesOn ? known : null,
      withBoundary: goesOn && head?.watermark != null,
      takenFiles: await listed(ports, spec, settled?.seen),
    };
  }
  if (!spec.watermark) return byFile(ports, spec, request, { head, seen: await listed(ports, spec, settled?.seen) });
  const why = await whyNotFrom(ports, spec, known, request);
  if (why !== null) return { refused: endUnknown(spec, why), acceptsGivenWatermark: true };
  // With a watermark, the object lists parents and not files.
  return { watermark: known, withBoundary: head?.watermark != null, takenFiles: settled?.seen ?? null };
}

/** Like `continuationPoint`, but throws if runs can’t continue. */
export async function requiredContinuationPoint(
  ports: EnginePorts,
  spec: EntitySpec,
  request: AdoptionRequest,
): Promise<ContinuationPoint> {
  const found = await continuationPoint(ports, spec, request);
  if ('refused' in found) throw found.refused;
  return found;
}

function whyNothing(spec: EntitySpec, { target, store }: AdoptionRequest): FlowError | undefined {
  if (target.content === 'empty') return nothingToAdopt(spec, store.where);
  const [other] = target.content === 'foreign' && target.sharing === 'none' ? target.others : [];
  return other && anothersData(spec, store.where, other);
}

/**
 * Whether the row’s settled state matches the destination’s content. Without a head, the names of files show it: the newest file must be from the
 * commit that settled last (a fence publishes no file). If they don’t match, one of the two sides was restored from another moment.
 */
function speaksOf(row: StateRow | undefined, target: Target): boolean {
  const settled = row?.settled;
  if (!settled || settled.nothing || target.content === 'empty') return false;
  // A fence lists the same files as its predecessor. The process that made the fence may have died before it changed the row.
  if (target.content === 'ours')
    return target.head.id === settled.id || (/^(fence|refused)-/.test(target.head.id) && target.head.prev === settled.id);
  const { newest } = target;
  if (newest === null) return false;
  if (settled.id.startsWith('fence-')) return newest.epoch < settled.epoch;
  if (settled.rows === 0) return newest.epoch <= settled.epoch;
  return newest.epoch === settled.epoch && newest.lineage === row.lineage;
}

/** Why runs can’t continue from the destination. Null: they can. */
async function whyNotFrom(
  ports: EnginePorts,
  spec: EntitySpec,
  known: Watermark | null,
  request: AdoptionRequest,
): Promise<UnknownEnd | null> {
  if (known === null) return { why: 'unknown' };
  const column = spec.watermark?.column;
  if (known.column !== column) return { why: 'other column', known, column };
  const type = await sourceType(ports, spec, known.column, request);
  if (type === undefined || type.kind === 'null' || sameType(type, known.type)) return null;
  return { why: 'other type', known, type };
}

async function listed(ports: EnginePorts, spec: EntitySpec, ref: ObjectRef | null | undefined): Promise<ObjectRef | null> {
  if (ref == null) return null;
  return (await retry(() => ports.state.getObject(spec, ref))) === undefined ? null : ref;
}

interface ByFile {
  readonly head: Head | null;
  readonly seen: ObjectRef | null;
}

/** Where runs by file continue: from the list of taken files. If the list is lost or from another moment, from the sources that the destination remembers. */
async function byFile(
  ports: EnginePorts,
  spec: EntitySpec,
  request: AdoptionRequest,
  { head, seen: takenFiles }: ByFile,
): Promise<ContinuationPoint | NoContinuationPoint> {
  const goingOn = { watermark: null, withBoundary: false };
  const home = request.home ?? (await ports.home(spec, await pinnedOf(ports, spec, request.row)));
  if (takenFiles !== null) {
    const before = (await retry(() => ports.state.getObject(spec, takenFiles))) as unknown as readonly SeenFile[];
    const isElsewhere = request.row?.binding != null && request.row.binding.source !== `${spec.home.type} ${home.place}`;
    const twin = isElsewhere ? twinOf(before, await filesIn(home)) : undefined;
    if (twin === undefined) return { ...goingOn, takenFiles };
    return { refused: takenFilesUnknown(spec, twin), acceptsGivenWatermark: false };
  }
  // A head with a watermark shows up to which row a file was read, but not whether the file was read completely.
  const taken = head === null || head.watermark !== null ? undefined : await request.store.files?.takenSources();
  if (taken === undefined) return { refused: takenFilesUnknown(spec, null), acceptsGivenWatermark: false };
  const sources = new Set(taken.sources);
  const known = (await filesIn(home)).filter(({ path }) => sources.has(path));
  // If a file changed after its rows had settled, `changed_files` decides what happens.
  return { ...goingOn, takenFiles: known.map((file) => (file.modifiedAt > taken.at ? { ...file, etag: '' } : file)) };
}

/** A file that may have been read before under another path, so that its rows would settle twice. */
function twinOf(before: readonly SeenFile[], found: readonly SeenFile[]): string | undefined {
  const look = ({ path, bytes }: SeenFile) => JSON.stringify([path.slice(path.lastIndexOf('/') + 1), bytes]);
  const [paths, looks] = [new Set(before.map(({ path }) => path)), new Set(before.map(look))];
  return found.find((file) => !paths.has(file.path) && looks.has(look(file)))?.path;
}

async function filesIn(home: Home): Promise<readonly SeenFile[]> {
  const window = { column: null, lower: null, upper: null, nulls: 'include', seen: [], changedFiles: 'ignore' } as const;
  for (let cursor: Json | undefined; ; ) {
    const step = await home.plan(window, { sliceBytes: Number.MAX_SAFE_INTEGER }, cursor);
    if ('done' in step) return step.done.seen?.files ?? [];
    cursor = step.again;
  }
}

async function parseGivenWatermark(
  ports: EnginePorts,
  spec: EntitySpec,
  { text, head, request }: { text: string; head: Head | null; request: AdoptionRequest },
): Promise<Watermark> {
  const column = spec.watermark?.column;
  if (column === undefined) throw noWatermarkToGive(spec);
  // The source’s own type is preferred, because the next run compares with this type.
  const [source, settled] = [
    await sourceType(ports, spec, column, request),
    head?.watermark?.column === column ? head.watermark.type : undefined,
  ];
  const type = (source?.kind === 'null' ? settled : source) ?? settled ?? typeIn(head?.schema, column) ?? source;
  if (!type) throw noTypeOfWatermark(spec, column);
  return parseWatermark(text, { column, type });
}

function typeIn(schema: Schema | null | undefined, column: string): DataType | undefined {
  return schema?.columns.find((each) => each.name === column)?.type;
}

/** The type of a column in the source. Undefined: the source lacks the column, or can’t be looked at now. The next run reports either. */
async function sourceType(
  ports: EnginePorts,
  spec: EntitySpec,
  column: string,
  { row, home }: AdoptionRequest,
): Promise<DataType | undefined> {
  try {
    const source = home ?? (await ports.home(spec, await pinnedOf(ports, spec, row)));
    const { schema } = await untilDone(ports.clock, (cursor) => source.describe(cursor));
    return typeIn(schema, column);
  } catch (error) {
    if (error instanceof HyggeError) return undefined;
    throw error;
  }
}

/** If samples decided the types of the source, these types are used as they settled. */
async function pinnedOf(ports: EnginePorts, spec: EntitySpec, row: StateRow | undefined): Promise<Json | null> {
  const snapshot = await readSnapshot(ports, spec, row).catch((error: unknown) => {
    if (error instanceof HyggeError) return undefined;
    throw error;
  });
  return snapshot?.pinned ?? null;
}
