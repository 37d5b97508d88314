/** The notes of a plan for people. */
import { stepped } from '../../frames/times/stride.ts';
import type { Watermark } from '../../frames/watermark.ts';
import { watermarkKey } from '../../frames/watermark-text.ts';
import type { DriftFound, FilesPassedNote, Note, OldFilesNote, ReadOtherwiseNote, StraysNote } from '../../ports/notes.ts';
import type { StateRow } from '../../ports/state.ts';
import { defined, filled, type Instant } from '../../ports/values.ts';
import type { FilesBelow, Home, PassedFiles, SourceDescription } from '../contracts/home.ts';
import type { RetypedColumn } from '../contracts/replacing.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import type { Store, Target } from '../contracts/store.ts';
import { isOld, nextTime } from '../protocol/periodic.ts';
import { keyUse, replacesRange } from './capabilities.ts';
import { inWords, nextFullLoadAt } from './full-every.ts';
import { compactionLane, keyComparisonLane, periodOf } from './lane.ts';
import type { Slices } from './windows.ts';

interface PlanNotesRequest {
  readonly spec: EntitySpec;
  readonly home: Home;
  readonly row: StateRow | undefined;
  readonly lane?: unknown;
}

/** The note that new entities of the flow may be missing. Even a run without other work reports the note, because such a run does not show that all is well. */
export function foundUnseenNotes({ flow, found }: Pick<EntitySpec, 'flow' | 'found'>): readonly Note[] {
  return typeof found === 'object' ? [{ code: 'found_unseen', flow, what: found.unseen }] : [];
}

/** The note about an entity that the config does not name. It is reported before the entity settles. */
export function foundWarnings({ spec, row }: Pick<PlanNotesRequest, 'spec' | 'row'>): readonly Note[] {
  const { flow, entity, found } = spec;
  return found === 'new' && !row?.settled ? [{ code: 'found_new', flow, entity }] : [];
}

/** The warning about files that hygge did not settle. Hygge’s own files are fine, but readers of the folder also get the rows of these files. */
export function strayWarnings(target: Target, { where }: Pick<Store, 'where'>): readonly StraysNote[] {
  const strays = target.content === 'ours' ? (target.strays ?? []) : [];
  const [first] = strays;
  return first === undefined ? [] : [{ code: 'strays', where, first, files: strays.length }];
}

/** The note about old files, for the plan, the journal and status. */
export function oldFilesNotes(
  target: Target,
  { spec, store: { where } }: { readonly spec: EntitySpec; readonly store: Pick<Store, 'where'> },
): readonly OldFilesNote[] {
  const { files, bytes } = (target.content === 'ours' ? target.shared?.oldFiles : undefined) ?? { files: 0, bytes: 0 };
  const { flow, entity } = spec;
  return files === 0 ? [] : [{ code: 'old_files', flow, entity, where, files, bytes }];
}

/** Warnings about columns whose texts the config now reads as other values. A full load that replaces the settled rows has no such warning, because it reads all rows again. */
export function otherwiseWarnings(
  { flow, entity }: EntitySpec,
  { otherwise }: Pick<SourceDescription, 'otherwise'>,
  replacesAll: boolean,
): readonly ReadOtherwiseNote[] {
  return otherwise === undefined || replacesAll ? [] : [{ code: 'read_otherwise', flow, entity, ...otherwise }];
}

/** A note about settled parts that are read and written again because of a column’s type. Replaced ranges are not included, since the plan reports them in more detail. */
export function retypingNotes(retyped: readonly RetypedColumn[], parts: number): readonly Note[] {
  return retyped.length === 0 || parts === 0 ? [] : [{ code: 'retypes', columns: retyped.map(({ column }) => column), parts }];
}

/** The warning that the source is behind the watermark. If a source was replaced or its numbers restart, all later runs would pass without reading one row. */
export function sourceBehind({ flow, entity }: EntitySpec, settled: Watermark, newest: Watermark): Note {
  return { code: 'source_behind', flow, entity, column: settled.column, newest: newest.text, settled: settled.text };
}

export function driftNotesOf(severity: DriftFound['severity'], drift: readonly DriftFound[]): readonly Note[] {
  return drift.filter((one) => one.severity === severity).map((one) => ({ code: 'drift', drift: one, since: one.since.slice(0, 10) }));
}

/** Warnings about taken files that look doubtful in the present list of files. */
export function fileWarnings(
  { spec, store }: { readonly spec: EntitySpec; readonly store: Store },
  { renamed, unsure, passed }: Pick<Slices, 'renamed' | 'unsure' | 'passed'>,
): readonly Note[] {
  const [[moved], [touched]] = [renamed, unsure];
  return [
    ...(moved === undefined ? [] : [{ code: 'looks_renamed' as const, from: moved.from, to: moved.to, more: renamed.length - 1 }]),
    ...(touched === undefined ? [] : [{ code: 'maybe_changed' as const, file: touched, more: unsure.length - 1 }]),
    ...(passed?.whole ? [{ code: 'files_passed' as const, ...belowOf(spec, store, passed.whole, passed.left) }] : []),
    ...(passed?.partly ? [partlyPassed(spec, store, passed.partly, passed.left)] : []),
  ];
}

const mostNamed = 3;

function partlyPassed(spec: EntitySpec, store: Store, partly: NonNullable<PassedFiles['partly']>, left: number): Note {
  const repeats = partly.repeats && keyUse(store, spec) !== 'merges';
  return { code: 'files_partly_passed', rows: partly.rows, ...belowOf(spec, store, partly, left), ...filled({ repeats }) };
}

function belowOf(spec: EntitySpec, store: Store, { names, from, to }: FilesBelow, left: number): Omit<FilesPassedNote, 'code'> {
  const { flow, entity } = spec;
  const start = replacesRange(store, spec) ? from.text : null;
  const more = Math.max(0, names.length - mostNamed);
  return { files: names.slice(0, mostNamed), more, flow, entity, column: from.column, from: start, to: nextValue(to), ...filled({ left }) };
}

/** Where a backfill’s range ends if this is its last value: at the next value. The next value of a text is the text with one more character. */
function nextValue({ type, text }: Watermark): string {
  if (typeof watermarkKey(type, text) === 'bigint') return stepped(type, text, { by: 1n }, 1n);
  if (type.kind !== 'uuid') return `${text}0`;
  const next = (BigInt(`0x${text.replaceAll('-', '')}`) + 1n).toString(16).padStart(32, '0');
  return next.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** A note about what follows this run or a later one. @param now the time by the state’s clock. */
export function whatFollowsNotes(
  request: PlanNotesRequest,
  at: { readonly mode: 'full' | 'incremental'; readonly now: Instant },
): readonly Note[] {
  return [...verifiesNotes(request), ...deleteDetectionNotes(request, at), ...compactionNotes(request, at)];
}

/** The note that a comparison follows. A backfill has none. */
function verifiesNotes({ spec: { verify }, lane }: Pick<PlanNotesRequest, 'spec' | 'lane'>): readonly Note[] {
  if (verify === undefined || lane) return [];
  const every = verify.everyMs === null ? null : inWords(verify.everyMs);
  return [{ code: 'verifies', by: verify.by, every, fails: verify.onDifference === 'fail' }];
}

function deleteDetectionNotes(
  { spec, home, lane, row }: PlanNotesRequest,
  { mode, now }: { readonly mode: 'full' | 'incremental'; readonly now: Instant },
): readonly Note[] {
  const { flow, entity } = spec;
  const more = filled({ complete: spec.compareDeletes?.isComplete, marks: spec.compareDeletes?.action === 'mark' });
  const comparison = periodOf(keyComparisonLane, spec);
  if (comparison && !lane)
    return [{ code: 'keys_compared_next', flow, entity, due: mode === 'incremental' && isOld(comparison, row, now), ...more }];
  const isTold = home.reading.tellsDeletes && spec.deletes !== 'ignore';
  const until = nextFullLoadAt(spec, row);
  return mode === 'incremental' && spec.watermark && !lane && !isTold ? [{ code: 'deletes_unseen', ...defined({ until }) }] : [];
}

/** Notes that a compaction follows. Neither a backfill nor an entity that each run loads completely has such a note. */
function compactionNotes(
  { spec, lane, row }: Pick<PlanNotesRequest, 'spec' | 'lane' | 'row'>,
  { mode, now }: { readonly mode: 'full' | 'incremental'; readonly now: Instant },
): readonly Note[] {
  const period = periodOf(compactionLane, spec);
  if (period === undefined || lane || spec.runType === 'full_drop') return [];
  const every = inWords(period.everyMs);
  if (mode === 'full') return [{ code: 'compacts_next', every, after: 'a full load' }];
  const at = isOld(period, row, now) ? undefined : nextTime(period, row);
  return [at === undefined ? { code: 'compacts_next', every, after: 'this run' } : { code: 'compacts_next', every, at }];
}
