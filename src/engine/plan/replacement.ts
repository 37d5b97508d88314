/** Which settled rows a run replaces, by which key, and which settled parts the run writes again. */
import { sameType } from '../../frames/describe-type.ts';
import { foldedEqualities, type KeyEqualities } from '../../frames/row-sum/key-equality.ts';
import { isUndecided, type Schema } from '../../frames/schema.ts';
import type { Note } from '../../ports/notes.ts';
import type { Json } from '../../ports/values.ts';
import type { Boundary } from '../contracts/boundary.ts';
import type { Step } from '../contracts/frame.ts';
import type { SourceDescription } from '../contracts/home.ts';
import type { Plan, PlanFacts } from '../contracts/records.ts';
import type { Ranges, RetypedColumn, ReworkPlan, ReworkScope } from '../contracts/replacing.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import type { Store, Supersede, Target } from '../contracts/store.ts';
import type { Writing } from '../contracts/writing.ts';
import { besideOthers, cannotTellForeignRows, keyNotSettled, wouldRemoveOthers } from '../errors/writing.ts';
import type { SourceShape } from '../schema/shape.ts';
import { keepsLastGood, keyUse } from './capabilities.ts';
import { isComparison } from './lane.ts';
import type { WriteDecision } from './modes.ts';
import type { SurveyRequest } from './survey.ts';

export interface ReplacedContent {
  readonly ranges: Ranges | null;
  readonly byFile: boolean;
  readonly replaced: readonly string[];
  readonly boundary: Boundary | null;
}

/**
 * The columns in which only nulls have settled, and that get a type now. Parts with the old type would be unreadable beside new parts, because no
 * type holds the values of both.
 */
export function firstTypedColumns({ before, schema }: Pick<SourceShape, 'before' | 'schema'>): readonly RetypedColumn[] {
  if (schema === null || before.load === 'full') return [];
  const now = new Map(schema.columns.map(({ name, type }) => [name, type]));
  return (before.expected ?? []).flatMap((column) => {
    const type = now.get(column.name);
    return isUndecided(column) && type && !sameType(type, column.type) ? [{ column: column.name, type }] : [];
  });
}

/**
 * The open group as a range, if other programs have merged its parts with other rows. These parts are rewritten without the group. Null: the group
 * has parts of its own, or a column gets another type, so the parts are rewritten in any case.
 */
export function mixedGroup(
  target: Target,
  { boundary, retyped }: { readonly boundary: Boundary | null; readonly retyped: readonly RetypedColumn[] },
): Ranges | null {
  if (boundary === null || target.content !== 'ours') return null;
  return (target.shared?.groupRows ?? boundary.rows) === boundary.rows ? null : rangeOfGroup(boundary, retyped);
}

/** The range of the open group. Null: a column also gets another type. */
export function rangeOfGroup({ column, type, text, nulls }: Boundary, retyped: readonly RetypedColumn[]): Ranges | null {
  const edge = { text, inclusive: true };
  return retyped.length > 0 ? null : { column, type, ranges: [{ from: edge, to: edge }], group: nulls ? 'with nulls' : 'whole' };
}

/** The settled rows that are left out when parts are rewritten. */
export function rangesWrittenAnew({ supersede, retyped }: Pick<Plan, 'supersede' | 'retyped'>): Ranges | null {
  if (supersede.what === 'range') return supersede;
  return supersede.what === 'boundary' ? rangeOfGroup(supersede, retyped) : null;
}

/** Plans the rework from metadata alone. The slices themselves find out what has to be rewritten. @param goes source files whose parts are removed as a whole. */
export async function reworkFor(
  { rework }: Store,
  work: ReworkScope,
  { goes, cursor }: { readonly goes: readonly string[]; readonly cursor: Json | undefined },
): Promise<Step<ReworkPlan | null>> {
  if (!rework || (work.range === null && work.retyped.length === 0)) return { done: null };
  const step = await rework.plan(work, cursor);
  if ('again' in step) return step;
  const slices = step.done.slices.filter(({ source }) => source === undefined || !goes.includes(source));
  return { done: { ...step.done, slices } };
}

export function supersedeFor(base: WriteDecision['supersede'], facts: ReplacedContent): Supersede {
  if (base.what === 'all' || base.what === 'unmatched') return base;
  if (facts.ranges) return { what: 'range', ...facts.ranges };
  if (facts.byFile) return facts.replaced.length > 0 ? { what: 'sources', sources: facts.replaced } : { what: 'nothing' };
  return facts.boundary && base.what === 'boundary' ? { what: 'boundary', ...facts.boundary } : { what: 'nothing' };
}

/** Throws if settled rows can’t be told from rows of other writers, because only settled rows may be removed. */
export function mustBeApart(
  { spec, store, lane }: SurveyRequest,
  { supersede, target }: { readonly supersede: Supersede; readonly target: Target },
): void {
  const shared = target.content === 'ours' ? target.shared : undefined;
  if (supersede.what === 'all' && shared !== undefined) {
    const { othersRows: rows, others } = shared;
    if (spec.ifExists === 'fail' && rows !== 0) throw besideOthers(spec, store.where, { rows, others });
    if (supersede.foreign === 'replace' && others.length > 0) throw wouldRemoveOthers(spec, store.where, { others, isMixed: rows === 0 });
  }
  if (store.distinguishesOwnRows || target.content !== 'ours' || target.foreign === 0) return;
  if (supersede.what === 'range' && supersede.foreign === 'replace') return;
  const leaves = supersede.what === 'range' || (supersede.what === 'all' && supersede.foreign === 'keep');
  if (leaves || isComparison(lane))
    throw cannotTellForeignRows(spec, {
      ...{ where: store.where, foreign: target.foreign },
      repairs: !isComparison(lane) && lane?.repair !== undefined,
    });
}

export function replacedContentFacts(supersede: Supersede, target: Target): PlanFacts['replaces'] {
  if (supersede.what !== 'all' && supersede.what !== 'unmatched') return null;
  if (target.content === 'ours') return target.empty ? null : { rows: target.rows };
  return target.content === 'foreign' && supersede.what === 'all' && supersede.foreign === 'replace' ? { rows: null } : null;
}

/** By how much a full load makes the destination smaller, if it has far fewer rows than it replaces. */
export interface Shrinkage {
  /** The number of rows that the load settles. */
  readonly rows: number;
  /** The number of rows that the load replaces. */
  readonly before: number;
}

/**
 * The shrinkage of a full load. Undefined: the load leaves more than half of the rows, or adds rows to them, or the rows are not counted. Lists of
 * children are not checked, because their rows appear and disappear with the parents.
 */
export function shrinkageOf(
  { mode, replaces, parents }: Pick<PlanFacts, 'mode' | 'replaces' | 'parents'>,
  rows: number,
): Shrinkage | undefined {
  const before = replaces?.rows ?? 0;
  return mode === 'full' && parents === undefined && before > 0 && rows * 2 <= before ? { rows, before } : undefined;
}

/** The note about a load that leaves some rows. A load that leaves no row has its own report. */
export function shrunkNotes({ onShrink }: Pick<EntitySpec, 'onShrink'>, shrinkage: Shrinkage | undefined): readonly Note[] {
  return onShrink !== 'warn' || shrinkage === undefined || shrinkage.rows === 0 ? [] : [{ code: 'shrunk', ...shrinkage }];
}

interface WritingBasis {
  readonly decision: WriteDecision;
  readonly description: Pick<SourceDescription, 'keys' | 'keyEqualities'>;
  readonly schema: Schema | null;
  settledName(source: string): string;
}

/** How the run writes: the mode, the settled key, and the texts of it that the source treats as one key. */
export function writingFor({ spec, store, lane }: Pick<SurveyRequest, 'spec' | 'store' | 'lane'>, written: WritingBasis): Writing {
  const { write: mode, why } = written.decision;
  const sourceKey = keyUse(store, spec) === 'merges' ? (spec.watermark?.key ?? []) : [];
  const key = sourceKey.map((name) => written.settledName(name));
  const missing = written.schema && key.find((name) => !written.schema?.columns.some((column) => column.name === name));
  if (missing != null) throw keyNotSettled(spec, missing);
  // A range may have earlier rows of keys whose newest row has settled outside of the range.
  if (mode === 'merge' && lane !== undefined && !isComparison(lane) && lane.repair?.keepsNewer !== false)
    return { mode, key, why, keepsNewer: true };
  const keyEqualities = mode === 'merge' ? settledEqualities(spec, sourceKey, written) : {};
  return { mode, key, why, ...(Object.keys(keyEqualities).length > 0 ? { keyEqualities } : {}) };
}

/**
 * Only if the merge key contains the source’s own key: then the source has one row for two such texts. With another merge key, the source may have a
 * row for each text. Masked texts are left out, since the masks of two such texts differ completely.
 */
function settledEqualities(spec: EntitySpec, key: readonly string[], { description, settledName }: WritingBasis): KeyEqualities {
  const { keys = [], keyEqualities = {} } = description;
  if (keys.length === 0 || !keys.every((name) => key.includes(name))) return {};
  const kept = Object.entries(keyEqualities).filter(([name]) => !spec.mask.columns.has(name));
  return foldedEqualities(kept.map(([name, equality]) => [settledName(name), equality] as const));
}

/**
 * The key’s columns in which the source treats several texts as equal, if a row with an earlier spelling stays in the destination. A difference only
 * in blanks at the end needs no note.
 */
export function spellingNotes(
  { spec, store, lane }: Pick<SurveyRequest, 'spec' | 'store' | 'lane'>,
  { keys = [], keyEqualities = {} }: SourceDescription,
): readonly Note[] {
  const key = spec.watermark?.key ?? [];
  if (lane !== undefined || spec.runType !== 'incremental' || keys.length === 0 || !keys.every((name) => key.includes(name))) return [];
  // A store that publishes rows by their key can’t look at the settled rows.
  const seesSettled = keyUse(store, spec) === 'merges' && !store.removes.has('range by key');
  const goes = seesSettled || spec.compareDeletes !== undefined;
  const loose = Object.entries(keyEqualities).flatMap(([column, { letters }]) => {
    if (letters === 'exact') return [];
    const why = spec.mask.columns.has(column) ? 'masked' : letters === 'unknown' ? 'unknown' : goes ? null : 'kept';
    return why === null ? [] : [{ column, why } as const];
  });
  const [first] = loose;
  if (first === undefined) return [];
  const columns = loose.map(({ column }) => column);
  return [{ code: 'spellings_stay', columns, where: store.where, why: first.why }];
}

/** The ranges with their rules for last good versions. In a repair the rows were already compared, so its ranges contain no last good version. */
export function rangesOf({ spec, store, lane }: SurveyRequest, ranges: Ranges): Ranges {
  const isRepair = lane !== undefined && !isComparison(lane) && lane.repair !== undefined;
  return isRepair || keyUse(store, spec) !== 'merges' || !keepsLastGood(store) ? ranges : { ...ranges, lastGood: 'stays' };
}
