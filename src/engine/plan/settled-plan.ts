/** Plans runs that read only settled rows, from the state and the store’s metadata: compactions, and runs that take rows out of quarantine. */
import type { FlowError } from '../../errors/hygge-error.ts';
import type { Schema } from '../../frames/schema.ts';
import { brokenColumns } from '../../frames/values/rejected-rows.ts';
import type { Watermark } from '../../frames/watermark.ts';
import { retry } from '../../ports/retry.ts';
import type { StateRow } from '../../ports/state.ts';
import type { Json } from '../../ports/values.ts';
import { fileLayoutChanged } from '../contracts/errors.ts';
import { everything } from '../contracts/home.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import {
  type LeftInQuarantine,
  type MendedSlice,
  noAnswers,
  type PlanFacts,
  type SchemaSnapshot,
  type SliceWork,
  settledNameIn,
} from '../contracts/records.ts';
import type { Compaction, CompactionPlan, Quarantine, QuarantinedPart, Range } from '../contracts/replacing.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import { inspectTarget } from '../contracts/steps.ts';
import type { Head, Store, Target } from '../contracts/store.ts';
import {
  noMendedRow,
  noSuchCorrection,
  nothingSettledToRelease,
  nothingToCompact,
  notInQuarantine,
  quarantineNotRead,
  storeNotCompacted,
} from '../errors/settled-parts.ts';
import { hasSettled } from '../protocol/periodic.ts';
import { expectedColumn } from '../schema/evolved-schema.ts';
import type { RunFacts } from '../schema/shaper.ts';
import { snapshotInForce } from '../schema/snapshot.ts';
import { quarantineOfNow } from '../validation/quarantine-of-now.ts';
import { asBrokenRows, textsIn } from '../validation/quarantined-rows.ts';
import { stateMustMatchDestination } from './agreement.ts';
import { keyUse } from './capabilities.ts';
import { isCompaction, isOfRuns, liveOf, type QuarantineLane, type SettledLane } from './lane.ts';
import { overlapStart } from './windows.ts';

export interface SettledSides {
  readonly spec: EntitySpec;
  readonly store: Store;
  readonly row: StateRow | undefined;
}

/** What a run finds before it works on settled rows. */
export interface SettledSurvey {
  readonly facts: PlanFacts;
  readonly target: Target;
  /** `plan.mode` of the run’s event. */
  readonly mode: 'compact' | QuarantineLane['quarantine'];
  /** How many rows the run reads or replaces. */
  readonly rows: number;
  /** Whether touched files are compared with their checksums before the run. */
  readonly checksFiles: boolean;
}

export interface CompactionSurvey extends SettledSurvey {
  readonly groups: CompactionPlan;
}

/** What a run of this lane finds. */
export function surveySettled(ports: EnginePorts, sides: SettledSides, lane: SettledLane): Promise<SettledSurvey> {
  return isCompaction(lane) ? surveyCompaction(ports, sides) : surveyQuarantine(ports, sides, lane);
}

/** How the store compacts. Throws HYG-2103 if the store can’t compact. */
export function compactionOf(spec: EntitySpec, store: Store): Compaction {
  if (store.compaction === undefined) throw storeNotCompacted(spec, store);
  return store.compaction;
}

/** The settled rows, if the destination has them as the state says. Throws `nothing` if no row has settled. */
async function settledThere(ports: EnginePorts, sides: SettledSides, nothing: (spec: EntitySpec) => FlowError) {
  const { spec, store, row } = sides;
  const settled = row?.settled;
  if (!hasSettled(row) || !settled) throw nothing(spec);
  await retry(async () => void (await Promise.all([ports.state.makeReady?.(), store.table?.makeReady()])));
  const target = await inspectTarget(ports, store);
  await stateMustMatchDestination(ports, sides, target);
  if (target.content !== 'ours' || target.head.schema === null) throw nothing(spec);
  return { settled, binding: row.binding, target, schema: target.head.schema };
}

/** Throws HYG-2103 if the store can’t compact or no row has settled. Throws HYG-4109 if the settled files have another layout than new files would have. */
export async function surveyCompaction(ports: EnginePorts, sides: SettledSides): Promise<CompactionSurvey> {
  const { spec, store, row } = sides;
  const compaction = compactionOf(spec, store);
  const { settled, binding, target } = await settledThere(ports, sides, nothingToCompact);
  if (target.changedLayout) throw fileLayoutChanged({ ...target.changedLayout, where: store.where, name: `${spec.flow}.${spec.entity}` });
  const { head } = target;
  const snapshot = await snapshotInForce(ports, spec, row);
  const watermarkAs = settledWatermarkName(settled.watermark, snapshot);
  const bySource = settled.watermark === null && settled.seen !== null && spec.changedFiles === 'replace';
  const groups = await compaction.plan({ bySource, readAgain: rangeReadAgain(spec, settled.watermark, watermarkAs) });
  const facts: PlanFacts = {
    ...factsOfSettled(head, snapshot),
    live: liveOf(settled),
    watermarkAs,
    slices: groups.slices.map((slice) => ({ slice, work: { kind: 'compact' } })),
    binding,
  };
  const rows = groups.slices.reduce((sum, slice) => sum + (slice.rows ?? 0), 0);
  return { facts, target, mode: 'compact', rows, checksFiles: true, groups };
}

/** The facts for the plan of a run that does not read the source and changes no row. */
function factsOfSettled(
  { id, schema }: Head,
  snapshot: SchemaSnapshot | undefined,
): Omit<PlanFacts, 'live' | 'watermarkAs' | 'slices' | 'binding'> {
  const expects = snapshot?.expects ?? schema?.columns.map(expectedColumn) ?? null;
  return {
    prev: id,
    mode: 'incremental',
    byFile: false,
    window: everything,
    windows: [],
    boundaryWindow: null,
    lower: null,
    upper: null,
    observed: null,
    column: null,
    writing: { mode: 'append', key: [], why: 'new_rows' },
    supersede: { what: 'nothing' },
    rework: null,
    schema,
    names: snapshot?.names ?? null,
    before: { expected: expects, accepted: false, load: 'incremental' },
    expects,
    drift: [],
    source: snapshot?.source ?? null,
    changes: [],
    precision: null,
    sourceVersion: null,
    pinned: (snapshot?.pinned ?? null) as Json | null,
    boundary: null,
    seen: null,
    movesOn: false,
    replaces: null,
    emptyAlready: false,
    fullAt: null,
    waiting: [],
    emptied: false,
    byClock: false,
    stopsAtNull: 'no',
    retyped: [],
    corrections: [],
    provisos: [],
    asked: noAnswers,
    warnings: [],
  };
}

/** The settled name of the watermark’s column. Null: the entity has no watermark, or the column does not settle. */
function settledWatermarkName(watermark: Watermark | null, snapshot: SchemaSnapshot | undefined): string | null {
  if (watermark === null) return null;
  return settledNameIn(snapshot ?? {}, watermark.column) ?? null;
}

/** The range that the next run replaces. It exists with `watermark.overlap`, or if rows above the watermark are set apart. */
function rangeReadAgain(spec: EntitySpec, watermark: Watermark | null, column: string | null): Range | null {
  if (watermark === null || column === null) return null;
  const text = overlapStart(spec, watermark);
  return text === null ? null : { column, type: watermark.type, from: { text, inclusive: true }, to: null, group: 'whole' };
}

interface SettledNames {
  /** The settled names of the source’s columns, from a plan or a snapshot. Undefined: the names are not known. */
  readonly of: Parameters<typeof settledNameIn>[0] | undefined;
  /** The columns that settle. */
  readonly settled: Schema;
  /** The facts of the run that takes rows out. Absent: the rows are only shown. */
  readonly run?: RunFacts;
}

/** How the store reads back rows that settled separately, with the columns of a present run. Throws HYG-2110 if the store can’t. */
export function quarantineOf(spec: EntitySpec, store: Store, { of, settled, run }: SettledNames): Quarantine {
  if (store.quarantine === undefined) throw quarantineNotRead(spec, store);
  const settledName = (name: string) => settledNameIn(of ?? {}, name) ?? name;
  return quarantineOfNow(spec, store.quarantine, { settled, settledName, run: run ?? null });
}

/**
 * What a replay or a drop finds. A replay leaves rows that can’t be read, because they have no values to judge. Throws HYG-2110 if the store can’t
 * read them back, and HYG-2111 if no row has settled.
 */
export async function surveyQuarantine(
  ports: EnginePorts,
  sides: SettledSides,
  { quarantine: what, runs, file, correction }: QuarantineLane,
): Promise<SettledSurvey> {
  const { spec, store, row } = sides;
  if (store.quarantine === undefined) throw quarantineNotRead(spec, store);
  const { settled, binding, target, schema } = await settledThere(ports, sides, nothingSettledToRelease);
  const snapshot = await snapshotInForce(ports, spec, row);
  const quarantine = quarantineOf(spec, store, { of: snapshot, settled: schema });
  const isOfThem = ({ runs: of }: QuarantinedPart) => runs === null || of.some((run) => isOfRuns(run, runs));
  const isTaken = ({ because, writtenBy }: QuarantinedPart) => what === 'drop' || (because === 'rule' && writtenBy === undefined);
  const lying = await quarantine.parts();
  const meant = lying.filter((part) => isOfThem(part) && isTaken(part));
  const rowsOf = (some: readonly QuarantinedPart[]) => some.reduce((sum, { rows }) => sum + rows, 0);
  const leaves: LeftInQuarantine = {
    unreadable: rowsOf(lying.filter((part) => isOfThem(part) && !isTaken(part) && part.because === 'unreadable')),
    ofOtherRuns: rowsOf(lying.filter((part) => !isOfThem(part))),
  };
  const settling = { spec, quarantine, settled: schema, meant };
  const taken =
    correction !== undefined
      ? await partsOfCorrection(settling, target.head, correction)
      : file === undefined
        ? meant.map(wholePart)
        : await mendedParts(ports, settling);
  const live = liveOf(settled);
  const key =
    keyUse(store, spec) === 'merges' ? (spec.watermark?.key ?? []).map((name) => settledNameIn(snapshot ?? {}, name) ?? name) : [];
  const watermarkAs = settledWatermarkName(settled.watermark, snapshot);
  const wanted = { schema, keepsTable: true, settled: schema.columns.map(({ name }) => name), watermark: watermarkAs, key };
  const facts: PlanFacts = {
    ...factsOfSettled(target.head, snapshot),
    precision: store.fit(wanted, target).precision,
    // The commit keeps settled rows that are newer, because newer rows with the same key may have settled since.
    ...(key.length === 0 ? {} : { writing: { mode: 'merge', key, why: 'key', keepsNewer: true } as const }),
    leaves,
    supersede: { what: 'quarantine', parts: taken.map(({ part }) => part.slice) },
    live,
    watermarkAs,
    slices: taken.map(({ part, mended }) => ({ slice: part.slice, work: workOn(what, { mended, correction }) })),
    binding,
  };
  const rows = taken.reduce((sum, one) => sum + (one.mended ?? one.part).rows, 0);
  return { facts, target, mode: what, rows, checksFiles: false };
}

function workOn(
  what: QuarantineLane['quarantine'],
  of: Pick<TakenPart, 'mended'> & { readonly correction: string | undefined },
): SliceWork {
  if (of.correction !== undefined) return { kind: 'uncorrect', id: of.correction };
  return what === 'drop' ? { kind: 'drop' } : { kind: 'replay', mended: of.mended };
}

/** The part with the correction. Throws HYG-2115 if the correction does not exist. */
async function partsOfCorrection({ spec, quarantine, settled }: MendedSurvey, head: Head, id: string): Promise<readonly TakenPart[]> {
  const found: TakenPart[] = [];
  for (const part of await quarantine.corrections(head)) {
    const ids = new Set<string | null>();
    for await (const frame of quarantine.read(part, new AbortController().signal))
      for (const one of await textsIn(await asBrokenRows(frame, settled), brokenColumns(settled).reason)) ids.add(one);
    if (ids.has(id)) found.push(wholePart({ slice: part, because: 'rule', rows: 1, runs: [] }));
  }
  if (found.length === 0) throw noSuchCorrection(spec, id);
  return found;
}

interface TakenPart {
  readonly part: QuarantinedPart;
  /** The mended rows of the part. Null: all rows of the part are taken unchanged. */
  readonly mended: MendedSlice | null;
}

const wholePart = (part: QuarantinedPart): TakenPart => ({ part, mended: null });

interface MendedSurvey {
  readonly spec: EntitySpec;
  readonly quarantine: Quarantine;
  readonly settled: Schema;
  readonly meant: readonly QuarantinedPart[];
}

/** The parts with rows that a mended row replaces. Throws HYG-2112 if a mended row replaces no row. */
async function mendedParts(ports: EnginePorts, { spec, quarantine, settled, meant }: MendedSurvey): Promise<readonly TakenPart[]> {
  const { mended } = ports;
  if (mended === undefined) throw new Error('a replay of a file has no mended rows');
  const { id } = brokenColumns(settled);
  const { signal } = new AbortController();
  const wanted = new Map<string, number>();
  for await (const frame of mended.read(settled, signal)) countTexts(wanted, await textsIn(frame, id));
  if (wanted.size === 0) throw noMendedRow(spec, mended.name);
  const found = new Map<string, number>();
  const taken: TakenPart[] = [];
  for (const part of meant) {
    const there = new Map<string, number>();
    for await (const frame of quarantine.read(part.slice, signal)) countTexts(there, await textsIn(await asBrokenRows(frame, settled), id));
    const before: [string, number][] = [];
    let rows = 0;
    for (const [one, n] of there) {
      const [all, earlier] = [wanted.get(one) ?? 0, found.get(one) ?? 0];
      if (all > 0 && earlier > 0) before.push([one, earlier]);
      const own = Math.min(n, all - earlier);
      if (own <= 0) continue;
      rows += own;
      found.set(one, earlier + own);
    }
    if (rows > 0) taken.push({ part, mended: { rows, before: Object.fromEntries(before) } });
  }
  const left = [...wanted].flatMap(([one, n]) =>
    n > (found.get(one) ?? 0) ? [{ id: one, more: n - (found.get(one) ?? 0), found: found.get(one) ?? 0 }] : [],
  );
  if (left.length > 0) throw notInQuarantine(spec, mended.name, left);
  return taken;
}

function countTexts(counts: Map<string, number>, texts: readonly (string | null)[]): void {
  for (const text of texts) if (text !== null) counts.set(text, (counts.get(text) ?? 0) + 1);
}
