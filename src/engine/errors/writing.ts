/** Why rows can’t settle in a destination in the way that the config says. Codes: src/errors/codes/flow.ts. */
import { asArgument, entityName } from '../../errors/as-argument.ts';
import { FlowError } from '../../errors/hygge-error.ts';
import type { EntityKey } from '../../ports/values.ts';
import { rowsOf } from '../contracts/errors.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import type { Target } from '../contracts/store.ts';
import { quoted } from './run.ts';

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
  const whose = others.length === 0 ? 'that other programs wrote' : `of ${namesOf(others)} or of other programs`;
  const ways = [...(others.length === 0 ? ['if_exists: replace removes them with this load'] : []), ...resetAdvice(spec)];
  return new FlowError({
    code: 'HYG-2148',
    what: `${where} ${rows === null ? 'may have rows' : `holds ${rowsOf(rows)}`} ${whose}, next to those of ${entityName(spec)}, and this run loads everything again.`,
    why: ['if_exists is fail, so hygge neither removes these rows nor leaves them next to a new load. Nothing was written.'],
    tryThis: [...ways, `${ways.length === 0 ? 'Use' : 'Or use'} a separate table: another path of the store`],
    where: spec.where,
  });
}

/** The names of entities, as a list in a sentence. */
const namesOf = (keys: readonly EntityKey[]): string => keys.map(entityName).join(', ');

/** A first load finds data, and `if_exists` is `fail`. The data may belong to other entities of hygge. */
export function stateMissing(spec: EntitySpec, where: string, target: Target): FlowError {
  const { summary: content, others } = target.content === 'foreign' ? target : { summary: 'files', others: [] };
  const isOurs = others.length > 0;
  return new FlowError({
    code: 'HYG-2002',
    what: `${where} already contains ${isOurs ? `rows of ${namesOf(others)}` : 'data that hygge did not write'}: ${content}.`,
    why: [`Nothing is settled for ${entityName(spec)} yet, and if_exists is ${spec.ifExists}.`],
    tryThis: [
      'Choose an empty place for the store',
      'if_exists: append keeps the existing rows and adds to them',
      ...(isOurs ? [] : ['if_exists: replace replaces the existing data with the first commit']),
    ],
    where: spec.where,
  });
}

/**
 * The rows in the destination belong to other entities, and this entity has settled nothing there.
 * @param reason `owned`: no other entity may use the destination. `replaced`: the load would remove the rows. `same source`: the load would add the same rows again.
 */
export function anothersPlace(
  spec: EntitySpec,
  where: string,
  others: readonly OtherEntity[],
  reason: 'owned' | 'replaced' | 'same source',
): FlowError {
  const gone = reason === 'same source' ? others[0] : others.find(({ isConfigured }) => !isConfigured);
  const renamed = gone?.hasState
    ? `If ${entityName(spec)} is the new name of ${entityName(gone.key)}, move the state: hygge state mv ${quoted(gone.key)} ${quoted(spec)}`
    : gone &&
      `If ${entityName(spec)} is the new name of ${entityName(gone.key)}: name it as before, and rename it with the state that it settled with`;
  return new FlowError({
    code: 'HYG-2071',
    what: `${where} contains the settled rows of ${namesOf(others.map(({ key }) => key))}.`,
    why: [
      {
        owned: `Nothing is settled for ${entityName(spec)} yet, and two entities must not own the same files.`,
        replaced: `Nothing is settled for ${entityName(spec)} yet, and its first load would remove these rows, because if_exists is replace.`,
        'same source': `They are from the same source as the rows of ${entityName(spec)}, so the same rows would settle twice.`,
      }[reason],
    ],
    tryThis: [
      ...(renamed ? [renamed] : []),
      ...(reason === 'replaced' && gone === undefined ? additionsAdvice(spec) : []),
      `Give ${entityName(spec)} its own place: store: { path: … }, in a database store: { table: … }`,
    ],
    where: spec.where,
  });
}

/** Another entity of hygge, whose rows are in the destination. */
export interface OtherEntity {
  readonly key: EntityKey;
  readonly isConfigured: boolean;
  readonly hasState: boolean;
}

/**
 * A full load with `if_exists: replace` would remove rows of other entities in the same table.
 * @param isMixed whether one file may have rows of this entity and of others, so that no load can keep only the rows of the others.
 */
export function wouldRemoveOthers(
  spec: EntitySpec,
  where: string,
  { others, isMixed }: { readonly others: readonly EntityKey[]; readonly isMixed: boolean },
): FlowError {
  return new FlowError({
    code: 'HYG-2071',
    what: `${where} ${isMixed ? 'may contain' : 'contains'} rows of ${namesOf(others)} next to those of ${entityName(spec)}.`,
    why: ['This load would remove these rows, because if_exists is replace. Nothing was written.'],
    tryThis: [...(isMixed ? [] : resetAdvice(spec)), `Give ${entityName(spec)} its own place: store: { path: … }`],
    where: spec.where,
  });
}

const additionsAdvice = ({ runType }: EntitySpec): readonly string[] =>
  runType === 'incremental' ? ['if_exists: append adds new rows next to these rows'] : [];

/** A full load that keeps the rows of other writers. With `full_drop`, `append` would also keep the rows of earlier loads. */
export const resetAdvice = (spec: EntitySpec): readonly string[] =>
  spec.runType === 'incremental' ? [`if_exists: append keeps them. Then load again: hygge reset ${quoted(spec)} --yes, then hygge go`] : [];
