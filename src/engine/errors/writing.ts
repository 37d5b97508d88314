/** Why rows can’t settle in a destination in the way that the config says. Codes: src/errors/codes/flow.ts. */
import { asArgument, entityName } from '../../errors/as-argument.ts';
import { FlowError } from '../../errors/hygge-error.ts';
import type { EntityKey } from '../../ports/values.ts';
import { rowsOf } from '../contracts/errors.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import { resetAdvice } from './other-entities.ts';

export function keyNotSettled(spec: EntitySpec, column: string): FlowError {
  return new FlowError({
    code: 'HYG-2073',
    what: `${entityName(spec)} merges by ${column}, which is not one of the settled columns.`,
    why: ['hygge finds existing rows by watermark.key, so the destination must have these columns.'],
    tryThis: [
      'Name columns of the source in watermark.key, and let these columns settle',
      'Or remove watermark.key. hygge then adds all rows',
    ],
    where: spec.where,
  });
}

export function keysMissing(spec: EntitySpec, column: string, count: number): FlowError {
  return new FlowError({
    code: 'HYG-2074',
    what: `${rowsOf(count)} of ${entityName(spec)} ${count === 1 ? 'has' : 'have'} no ${column}, by which rows are merged.`,
    why: ['A null does not equal another null, so each run that reads such a row would insert it again. Nothing was committed.'],
    tryThis: [
      spec.watermark?.changes === undefined
        ? `Give the rows a ${column} in the source`
        : `Give the rows a ${column} in the source. Then load everything again, because the earlier change stays in the feed: hygge go -d -e ${asArgument(entityName(spec))}`,
      'Or name columns in watermark.key that have a value in every row',
      `Or remove watermark.key, and load everything again once: hygge go -d -e ${asArgument(entityName(spec))}`,
    ],
    where: spec.where,
  });
}

/** @param example a text that is not the shortest way to write its number. */
export function numberWrittenTwice(
  spec: EntitySpec,
  { column, example }: { readonly column: string; readonly example: string },
): FlowError {
  return new FlowError({
    code: 'HYG-2102',
    what: `Key column ${column} of ${entityName(spec)} is read as text and contains the number ${example}, which has several spellings.`,
    why: ['As text, 5, 5.0 and 5.000 are three different keys, so a merge would write a row several times. Nothing was committed.'],
    tryThis: [
      `Let it settle as a number: schema_overrides: { ${column}: "decimal(38, 10)" }, with as many digits as its values have`,
      `If rows have settled already, then load everything again: hygge go -d -e ${asArgument(entityName(spec))}`,
    ],
    where: spec.where,
  });
}

/** A foreign key of another table refers to rows that a full load would delete. */
export function rowsReferenced(
  spec: EntitySpec,
  where: string,
  { kind, name: by }: { readonly kind: string; readonly name: string },
): FlowError {
  return new FlowError({
    code: 'HYG-2077',
    what: `A full load can't delete the rows of ${where}, because the ${kind} ${by} refers to them.`,
    why: ['A row can only be updated while another table refers to it.'],
    tryThis: [
      `Merge ${entityName(spec)} by its key: run_type: incremental, with watermark.column and watermark.key`,
      `Or drop the ${kind} ${by}`,
    ],
    where: spec.where,
  });
}

/** A commit would delete rows and write them again, but rows that refer to them would be lost. @param by.replaces the group at the watermark, or a range. */
export function deleteWouldChangeReferencingRows(
  spec: EntitySpec,
  where: string,
  { kind, name: by, replaces }: { readonly kind: string; readonly name: string; readonly replaces: 'boundary' | 'range' },
): FlowError {
  const which = replaces === 'boundary' ? 'the rows at the watermark' : 'the rows of a range';
  return new FlowError({
    code: 'HYG-2077',
    what: `This run can't delete ${which} of ${where} and insert them again: the ${kind} ${by} would delete or change the rows that refer to them.`,
    why: ['It is declared ON DELETE CASCADE, SET NULL or SET DEFAULT, so the database does this without an error.'],
    tryThis: [
      ...(replaces === 'boundary'
        ? [
            `Merge ${entityName(spec)} by its key, which deletes nothing: watermark.key`,
            'Or continue above the watermark alone: watermark: { boundary: open }',
          ]
        : []),
      `${replaces === 'boundary' ? 'Or drop' : 'Drop'} the ${kind} ${by}`,
      'Or, if the database supports it, make the constraint check when the transaction ends: DEFERRABLE INITIALLY DEFERRED, without ON DELETE',
    ],
    where: spec.where,
  });
}

/** The run would remove rows, but the store can’t tell whether hygge wrote these rows. */
export function cannotTellForeignRows(
  spec: EntitySpec,
  { where, foreign, repairs }: { readonly where: string; readonly foreign: number | null; readonly repairs: boolean },
): FlowError {
  return new FlowError({
    code: 'HYG-2076',
    what: `${where} contains ${foreign === null ? 'rows' : rowsOf(foreign)} of other programs next to those of ${entityName(spec)}, and nothing distinguishes the two.`,
    why: ['This run deletes rows of earlier commits, and must not delete other rows.'],
    tryThis: [
      ...(repairs
        ? [`If no row of other programs should stay, remove them: hygge verify ${asArgument(entityName(spec))} --repair --yes`]
        : []),
      'Move the other rows to another place',
      'if_exists: replace replaces all rows, including those of other programs',
      'Or mark hygge’s rows in a column from the first load on: store: { mark_column: … }',
    ],
    where: spec.where,
  });
}

/** Other programs put rows into the table after the entity had settled there. A full load leaves or removes these rows only if the config says so. */
export function besideOthers(
  spec: EntitySpec,
  where: string,
  { rows, others }: { readonly rows: number | null; readonly others: readonly EntityKey[] },
): FlowError {
  const whose = others.length === 0 ? 'that other programs wrote' : `of ${others.map(entityName).join(', ')} or of other programs`;
  const ways = [...(others.length === 0 ? ['if_exists: replace removes them with this load'] : []), ...resetAdvice(spec)];
  return new FlowError({
    code: 'HYG-2148',
    what: `${where} ${rows === null ? 'may have rows' : `holds ${rowsOf(rows)}`} ${whose}, next to those of ${entityName(spec)}, and this run loads everything again.`,
    why: ['if_exists is fail, so hygge neither removes these rows nor leaves them next to a new load. Nothing was written.'],
    tryThis: [...ways, `${ways.length === 0 ? 'Use' : 'Or use'} a separate table: another path of the store`],
    where: spec.where,
  });
}
