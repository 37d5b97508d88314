/** Why an entity that goes by a feed of changes stops. Codes: src/errors/codes/watermark.ts. */
import { asArgument, entityName } from '../../errors/as-argument.ts';
import { FlowError } from '../../errors/hygge-error.ts';
import type { EntitySpec } from '../contracts/spec.ts';

export function changesNotBackfilled(spec: EntitySpec): FlowError {
  return new FlowError({
    code: 'HYG-2100',
    what: `${entityName(spec)} goes by ${spec.watermark?.changes}: no range of its past can be read again.`,
    why: ['The source tells of each row its newest change only, and forgets changes after a while: what lay between two versions is gone.'],
    tryThis: [`Load everything anew, deletes and all: hygge go -d -e ${asArgument(entityName(spec))}`],
    where: spec.where,
  });
}

export function keyIsNotPrimaryKey(spec: EntitySpec, keys: readonly string[]): FlowError {
  return new FlowError({
    code: 'HYG-2101',
    what: `watermark.key of ${entityName(spec)} is not the primary key of its source, which is ${keys.join(', ')}.`,
    why: ['Of a row that is deleted the source tells its primary key and nothing else: by another key it would not be found.'],
    tryThis: [
      `Write watermark.key: [${keys.join(', ')}]`,
      'Or take watermark.key away: rows and deletes are then added, and none is removed',
    ],
    where: spec.where,
  });
}
