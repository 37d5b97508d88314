/** Why a run stops that says what becomes of deleted rows. Codes: src/errors/watermark-codes.ts. */
import { FlowError } from '../../errors/hygge-error.ts';
import type { EntitySpec } from '../contracts/spec.ts';

export function deletesNotApplied(spec: EntitySpec, where: string): FlowError {
  return new FlowError({
    code: 'HYG-2084',
    what: `${where} cannot remove the rows that the source of ${spec.flow}.${spec.entity} says are deleted.`,
    why: ['deletes: apply takes a store that merges by key and deletes by it; no store of this version does.'],
    tryThis: [
      'deletes: mark settles them, with a column _deleted that says so',
      'deletes: ignore leaves them out, and what settled before stays',
    ],
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
