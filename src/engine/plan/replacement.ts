/** Which settled rows a run takes the place of, and which settled parts it writes anew. */
import { sameType } from '../../frames/describe-type.ts';
import { isUndecided } from '../../frames/schema.ts';
import type { Note } from '../../ports/notes.ts';
import type { Json } from '../../ports/values.ts';
import type { Boundary } from '../contracts/boundary.ts';
import type { Step } from '../contracts/frame.ts';
import type { PlanFacts } from '../contracts/records.ts';
import type { Range, RetypedColumn, ReworkPlan, ReworkScope } from '../contracts/replacing.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import type { Store, Supersede, Target } from '../contracts/store.ts';
import type { SourceShape } from '../schema/shape.ts';
import type { WriteDecision } from './modes.ts';

export interface ReplacedContent {
  readonly range: Range | null;
  readonly byFile: boolean;
  readonly replaced: readonly string[];
  readonly boundary: Boundary | null;
}

/**
 * Columns in which nothing but nulls has settled, and that are of another type from now on. Parts that keep the old one would be unreadable beside
 * new ones: no type holds the values of both.
 */
export function firstTypedColumns({ before, schema }: Pick<SourceShape, 'before' | 'schema'>): readonly RetypedColumn[] {
  if (schema === null || before.load === 'full') return [];
  const now = new Map(schema.columns.map(({ name, type }) => [name, type]));
  return (before.expected ?? []).flatMap((column) => {
    const type = now.get(column.name);
    return isUndecided(column) && type && !sameType(type, column.type) ? [{ column: column.name, type }] : [];
  });
}

/** Only metadata is looked at: what has to be written anew is found out by the slices. @param goes source files whose parts go as a whole. */
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
  if (facts.range) return { what: 'range', ...facts.range };
  if (facts.byFile) return facts.replaced.length > 0 ? { what: 'sources', sources: facts.replaced } : { what: 'nothing' };
  return facts.boundary && base.what === 'boundary' ? { what: 'boundary', ...facts.boundary } : { what: 'nothing' };
}

export function replacedContentFacts(supersede: Supersede, target: Target): PlanFacts['replaces'] {
  if (supersede.what !== 'all' && supersede.what !== 'unmatched') return null;
  if (target.content === 'ours') return target.empty ? null : { rows: target.rows };
  return target.content === 'foreign' && supersede.what === 'all' && supersede.foreign === 'replace' ? { rows: null } : null;
}

/** A full load that has far fewer rows than those whose place it takes. */
export interface Shrinkage {
  /** Rows that settle by the load. */
  readonly rows: number;
  /** Rows whose place they take. */
  readonly before: number;
}

/**
 * Undefined: the load leaves more than half of the rows, or adds rows to them, or the rows are not counted. Lists of children do not count: their rows come
 * and go with the parents.
 */
export function shrinkageOf(
  { mode, replaces, parents }: Pick<PlanFacts, 'mode' | 'replaces' | 'parents'>,
  rows: number,
): Shrinkage | undefined {
  const before = replaces?.rows ?? 0;
  return mode === 'full' && parents === undefined && before > 0 && rows * 2 <= before ? { rows, before } : undefined;
}

/** For a load that leaves some rows. One that leaves none is reported as such. */
export function shrunkNotes({ onShrink }: Pick<EntitySpec, 'onShrink'>, shrinkage: Shrinkage | undefined): readonly Note[] {
  return onShrink !== 'warn' || shrinkage === undefined || shrinkage.rows === 0 ? [] : [{ code: 'shrunk', ...shrinkage }];
}
