/** Why an entity that reads a feed of changes stops. Codes: src/errors/codes/watermark.ts. */
import { asArgument, entityName } from '../../errors/as-argument.ts';
import { asYaml } from '../../errors/as-yaml.ts';
import { fewNames } from '../../errors/few-names.ts';
import { FlowError } from '../../errors/hygge-error.ts';
import type { EntitySpec } from '../contracts/spec.ts';

export function changesNotBackfilled(spec: EntitySpec): FlowError {
  return new FlowError({
    code: 'HYG-2100',
    what: `${entityName(spec)} uses ${spec.watermark?.changes}, so no range of its past can be read again.`,
    why: [
      'The source reports only the newest change of each row, and forgets changes after some time. So it cannot return earlier versions of a row.',
    ],
    tryThis: [`Load everything again, which also applies deletes: hygge go -d -e ${asArgument(entityName(spec))}`],
    where: spec.where,
  });
}

export function keyIsNotPrimaryKey(spec: EntitySpec, keys: readonly string[]): FlowError {
  return new FlowError({
    code: 'HYG-2101',
    what: `watermark.key of ${entityName(spec)} is not the primary key of its source, which is ${keys.join(', ')}.`,
    why: ['The source reports only the primary key of a deleted row, so hygge could not find the row by another key.'],
    tryThis: [
      `Write watermark.key: [${keys.join(', ')}]`,
      'Or remove watermark.key. hygge then adds each reported row or delete as a new row, and removes no row',
    ],
    where: spec.where,
  });
}

const loadAll = (spec: EntitySpec) => `hygge go -d -e ${asArgument(entityName(spec))}`;

const inFile = ({ where }: EntitySpec) => (where === undefined ? '' : ` in ${where.file}`);

const part = 'A change shows only a part of its row';

/** @param missing the columns that the change does not show. */
export function partialChanges(spec: EntitySpec, where: string, missing: readonly string[]): FlowError {
  return new FlowError({
    code: 'HYG-2106',
    what: `${part}, and ${where} cannot set a part of a row of ${entityName(spec)}.`,
    why: [`The change lacks ${fewNames(missing)}. null would replace the existing values of the row.`, 'Nothing was committed.'],
    tryThis: [
      `Load everything again, this change included: ${loadAll(spec)}`,
      spec.watermark?.changes === 'events'
        ? `If the events leave out empty values, write below \`events:\` of the home${inFile(spec)}: left_out: "null"`
        : `If the source leaves out empty values, write below \`home:\`${inFile(spec)}: left_out: "null"`,
      'Or merge into a database, which sets only the columns in the change: watermark: { key: [ … ] }',
    ],
    where: spec.where,
  });
}

export function partialRowBreaksRule(spec: EntitySpec, rows: number): FlowError {
  return new FlowError({
    code: 'HYG-2106',
    what: `${rows === 1 ? part : `${rows} changes show only a part of their rows`}, and a rule of ${entityName(spec)} is broken.`,
    why: ['A part of a row can’t go to quarantine, because it can’t be corrected there.', 'Nothing was committed.'],
    tryThis: [
      `Load everything again, so that whole rows go to quarantine: ${loadAll(spec)}`,
      'Or let rows that break the rule settle with a warning: severity: warn in the rule',
    ],
    where: spec.where,
  });
}

export function hashOfPart(spec: EntitySpec, column: string): FlowError {
  return new FlowError({
    code: 'HYG-2106',
    what: `${part}, and ${column} of ${entityName(spec)} is a hash that also needs other columns of the row.`,
    why: ['The hash of the changed row needs all of these columns.', 'Nothing was committed.'],
    tryThis: [
      `Load everything again, this change included: ${loadAll(spec)}`,
      `Or first compute ${column} only from the key columns, so that no later change stops here${inFile(spec)}: polish: { hash_ids: [{ name: ${asYaml(column)}, from_columns: [${(spec.watermark?.key ?? []).map(asYaml).join(', ')}] }] }`,
    ],
    where: spec.where,
  });
}
