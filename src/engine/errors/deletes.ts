/** Why a run stops that says what becomes of deleted rows. Codes: src/errors/codes/watermark.ts. */
import { FlowError } from '../../errors/hygge-error.ts';
import type { EntitySpec } from '../contracts/spec.ts';

const waysWithout = [
  'deletes: mark settles them, with a column _deleted that says so',
  'deletes: ignore leaves them out, and what settled before stays',
] as const;

export function deletesNotApplied(spec: EntitySpec, where: string): FlowError {
  return new FlowError({
    code: 'HYG-2084',
    what: `${where} cannot remove the rows that the source of ${spec.flow}.${spec.entity} says are deleted.`,
    why: ['deletes: apply takes a store that merges by key and removes rows by it: a database, or a table format.'],
    tryThis: waysWithout,
    where: spec.where,
  });
}

/** The store could. */
export function deletesWithoutKey(spec: EntitySpec): FlowError {
  return new FlowError({
    code: 'HYG-2084',
    what: `Nothing says which rows of ${spec.flow}.${spec.entity} go when the source says that one is deleted.`,
    why: ['deletes: apply removes what settled under the same key, and only a merge goes by the key.'],
    tryThis: ['Set write_strategy: merge, run_type: incremental and watermark.key to the columns that tell rows apart', ...waysWithout],
    where: spec.where,
  });
}

export function deletesInBackfill(spec: EntitySpec): FlowError {
  return new FlowError({
    code: 'HYG-2084',
    what: `A backfill of ${spec.flow}.${spec.entity} could bring back rows that were deleted later.`,
    why: ['deletes: apply keeps no word of what went, so a range of the past would settle again as it was.'],
    tryThis: ['Load everything anew, deletes and all: hygge go -d', 'Or read less of the past at each run: watermark.overlap'],
    where: spec.where,
  });
}

export function deletesNotTold(spec: EntitySpec): FlowError {
  return new FlowError({
    code: 'HYG-2085',
    what: `deletes is set for ${spec.flow}.${spec.entity}, but its source never tells which rows were deleted.`,
    why: ['A row that is gone just does not come any more: an incremental run does not see that.'],
    tryThis: ['Take deletes away', 'A full load now and then leaves out what is gone: hygge go -d'],
    where: spec.where,
  });
}
