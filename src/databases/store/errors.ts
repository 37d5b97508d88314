/** Errors that every store of a database may throw, and notes for plans. */
import type { Refusal } from '../../engine/contracts/catalog.ts';
import type { PlannedFilling, Supersede } from '../../engine/contracts/store.ts';
import { asArgument } from '../../errors/as-argument.ts';
import { StoreError } from '../../errors/hygge-error.ts';
import { describeType } from '../../frames/describe-type.ts';
import type { Column } from '../../frames/schema.ts';
import type { OwnNote } from '../../ports/notes.ts';
import type { EntityKey } from '../../ports/values.ts';

const rowsOf = (n: number) => `${n.toLocaleString('en-US')} ${n === 1 ? 'row' : 'rows'}`;

/** Twice, the statement that moves the head changed no row. The transaction is rolled back, and the commit waits unchanged. */
export function headNotMoved(heads: string): StoreError {
  return new StoreError({
    code: 'HYG-4291',
    what: `${heads} did not keep the row that a commit wrote: the UPDATE changed no row.`,
    why: [
      'The row was checked in the same transaction, and again in another transaction. Everything was rolled back, and no row settled.',
      'The cause is a trigger or rule on that table, or a server that reports no row counts.',
    ],
    tryThis: [`Remove triggers and rules from ${heads}, and run again. Then the staged rows are published`],
  });
}

const measured = { sum: 'sum', days: 'sum of the days', min: 'smallest value', max: 'largest value', nulls: 'number of nulls' } as const;

/** The totals of the staged rows differ from the totals of the rows that were read. */
export function totalsMismatch(
  where: string,
  of: { readonly column: Column; readonly measure: keyof typeof measured; readonly read: string; readonly held: string },
): StoreError {
  const { column, measure, read, held } = of;
  const ofTexts = column.type.kind === 'string' && measure === 'sum' ? 'number of its bytes' : measured[measure];
  return new StoreError({
    code: 'HYG-4292',
    what: `${where} has other values of ${column.name} than were sent: the ${ofTexts} is ${held}, and was ${read} when the rows were read.`,
    why: [
      `All rows that were read were staged, and the ${describeType(column.type)} values were compared before the commit was decided. Nothing settled.`,
    ],
    tryThis: [
      'Run again: if something on the way changed values, this may not happen a second time',
      `Or leave the column out: home: { exclude: [${column.name}] }`,
      'Check which server answers there: a server that imitates another server may read values differently',
    ],
  });
}

/** A trigger or a rule of the table dropped rows. The transaction is rolled back, and the commit is refused permanently. */
export function rowsNotKept(where: string, { sent, kept }: { readonly sent: number; readonly kept: number }): StoreError {
  return new StoreError({
    code: 'HYG-4202',
    what: `${where} kept ${kept.toLocaleString('en-US')} of ${rowsOf(sent)}.`,
    why: [
      'A trigger or a rule of the table leaves out some rows without an error, or another program wrote rows with the same keys during the run.',
    ],
    tryThis: [
      'Remove the trigger or rule from the table, or let it keep every row',
      'Or settle in a table of its own: store: { table: … }',
    ],
  });
}

/** Several rows of the table have one key. A merge would make such rows equal, so the values that distinguish the rows would be lost. */
export function keyTwiceThere(
  where: string,
  {
    key,
    example,
    times,
    more,
    sought,
    flow,
    entity,
  }: EntityKey & {
    readonly key: readonly string[];
    readonly example: string;
    /** The number of existing rows with the key of the example. */
    readonly times: number;
    readonly more: number;
    readonly sought: string;
  },
): StoreError {
  return new StoreError({
    code: 'HYG-4246',
    what: `${where} has ${rowsOf(times)} with the same ${key.join(', ')}: ${example}.`,
    why: [
      `A merge replaces one row for each key. ${more === 1 ? 'One other row would have become a copy' : `${more.toLocaleString('en-US')} other rows would have become copies`}. Nothing was committed.`,
    ],
    tryThis: [
      `Keep only one row of each key in the table, and run again. To list all: ${sought}`,
      'Or name more columns in watermark.key, until they distinguish every row from all others',
      `Or load everything again, each key once: hygge go -d -e ${asArgument(`${flow}.${entity}`)} (with if_exists: replace, if others write rows to the table)`,
    ],
  });
}

/** The staged keys belong to rows of other entities. `mark_column` says to which entity a row belongs, and a merge changes only rows of its own entity. */
export function keysOfOthers(
  where: string,
  {
    key,
    count,
    example,
    takesOver,
    flow,
    entity,
  }: EntityKey & { readonly key: readonly string[]; readonly count: number; readonly example: string; readonly takesOver: string },
): StoreError {
  const name = `${flow}.${entity}`;
  return new StoreError({
    code: 'HYG-4293',
    what: `In ${where}, rows that hygge did not write have ${count.toLocaleString('en-US')} of the incoming keys, such as ${key.join(', ')} ${example}.`,
    why: [
      `The column of store.mark_column says that these rows do not belong to ${name}. A merge would overwrite them. Nothing was committed.`,
    ],
    tryThis: [
      `Delete these rows, or change their keys, and run again`,
      `To make the row a row of ${name}: ${takesOver}`,
      'Or settle in a table of its own: store: { table: … }',
    ],
  });
}

/** A trigger or rule runs instead of the statement, so the database would count rows that it wrote elsewhere. @param off a statement that disables the trigger or rule. */
export function ruleRunsInstead(where: string, { name, off }: { readonly name: string; readonly off: string }): StoreError {
  return new StoreError({
    code: 'HYG-4240',
    what: `${name.replace(/^./, (first) => first.toUpperCase())} of ${where} runs instead of the statements that write to the table.`,
    why: ['The database counts the rows as written anyway. No one would notice missing rows, or rows that stayed.'],
    tryThis: [
      `Disable it while hygge writes to the table: ${off}`,
      'Or settle in a table of its own, and let the rule fill this table: store: { table: … }',
    ],
  });
}

/** A DDL trigger added a trigger again, after hygge had removed it from a new table without rows. */
export function triggerComesBack(table: string, name: string): StoreError {
  return new StoreError({
    code: 'HYG-4244',
    what: `${name.replace(/^./, (first) => first.toUpperCase())} is on ${table} again, although hygge removed it after making the table.`,
    why: [
      'A DDL trigger of the database adds this trigger after each change of the table. This trigger would act on rows before anyone could check its effect.',
    ],
    tryThis: [
      "Let the DDL trigger act only on CREATE TABLE: create event trigger … when tag in ('CREATE TABLE')",
      'Or let the DDL trigger skip the schema of staged rows: store: { staging_schema: … }',
    ],
  });
}

/** hygge’s own tables do not exist, and hygge lacks the right to make them. */
export function ownTablesMissing(place: string, { ddl, cause }: { readonly ddl: readonly string[]; readonly cause: unknown }): StoreError {
  return new StoreError({
    code: 'HYG-4203',
    what: `hygge may not make its own schemas and tables next to ${place}.`,
    why: ['hygge keeps staged rows and its records of commits in these schemas and tables.'],
    tryThis: [
      'Have an administrator who may create schemas run the output of: hygge generate ddl --metadata',
      `What is missing: ${ddl.join('; ')}`,
      'And let the account use them: hygge debug prints each GRANT that is missing',
      'Or name existing schemas: store: { staging_schema: …, metadata_schema: … }',
    ],
    cause,
  });
}

/** The error of `reset --adopt` for a table that is empty now. */
export function settledRowsGone(where: string): StoreError {
  return new StoreError({
    code: 'HYG-4103',
    what: `The rows that settled in ${where} are gone.`,
    why: ['The table is gone, or has no rows.'],
    tryThis: ['Load everything again: hygge reset FLOW.ENTITY, then hygge go'],
  });
}

/** Rows that should be replaced, or that are reported as deleted, stay in the table. The transaction is rolled back, and the commit is refused permanently. */
export function rowsNotDeleted(where: string, rows: number): StoreError {
  return new StoreError({
    code: 'HYG-4230',
    what: `${where} kept ${rowsOf(rows)} that had to be deleted.`,
    why: ['A trigger or a rule of the table prevents the deletion, without an error.'],
    tryThis: ['Remove the trigger or rule from the table, or let it delete rows', 'Or settle in a table of its own: store: { table: … }'],
  });
}

/** The table has a new dependent, which would stay with the old table if another table took its place. The next plan finds the dependent. */
export function dependentAddedMeanwhile(where: string, { kind, name }: { readonly kind: string; readonly name: string }): StoreError {
  return new StoreError({
    code: 'HYG-4231',
    what: `Another table was to take the place of ${where}, but now ${kind} ${name} depends on the old table.`,
    why: ['This object was made after the load was planned, and would be lost.'],
    tryThis: ['Run again: the load is planned again, with this object'],
  });
}

/** The table has rows of others that the plan did not see. The next plan finds out whose rows they are. */
export function foreignRowsAppeared(
  where: string,
  { rows, others }: { readonly rows: number; readonly others: readonly EntityKey[] },
): StoreError {
  const [other] = others;
  const whose = other === undefined ? 'Another entity, or a person,' : `${other.flow}.${other.entity}`;
  return new StoreError({
    code: 'HYG-4233',
    what: `${where} now has ${rowsOf(rows)} of others that it did not have when the load was planned.`,
    why: [`${whose} wrote to the table during the run. The load would have added its rows to those rows.`],
    tryThis: ['Settle in a table of its own: store: { table: … }', 'Then run again'],
  });
}

/** The entity has settled in the table under another schema for hygge’s own tables. Two entities would count the same rows as theirs, and neither entity could see what the other does. */
export function settledUnderOtherSchema(
  where: string,
  { whose, schema, heads, table }: { readonly whose: string; readonly schema: string; readonly heads: string; readonly table: string },
): StoreError {
  return new StoreError({
    code: 'HYG-4245',
    what: `${where} has rows that ${whose} settled, according to ${schema}.`,
    why: ['hygge’s record of that entity is in another metadata_schema: neither entity would see which rows the other adds or deletes.'],
    tryThis: [
      'Settle in a table of its own: store: { table: … }',
      `Or, if that entity no longer settles there, delete its record: delete from ${heads} where table_name = '${table.replaceAll("'", "''")}'`,
    ],
  });
}

/** A text that is too long for its column. */
export interface TooLong {
  readonly characters: number;
  readonly most: number;
  /** The key of the row: `id 7`. Empty: the row has no key. */
  readonly row: string;
}

/** A column would round or cut values of an INSERT without an error. */
export function valuesNotKept(
  where: string,
  {
    column,
    type,
    values,
    widened,
    longest,
  }: {
    readonly column: string;
    readonly type: string;
    readonly values: number;
    readonly widened: string | null;
    readonly longest: TooLong | null;
  },
): StoreError {
  const some = values === 1 ? '1 value unchanged' : `${values.toLocaleString('en-US')} values unchanged`;
  return new StoreError({
    code: 'HYG-4234',
    what: `Column ${column} of ${where} is ${type}, and would not keep ${some}.`,
    why: [
      'The database would cut longer values and round finer values, without a warning. Blanks at the end count. Nothing settled.',
      ...(longest === null ? [] : [longestSaid(longest)]),
    ],
    tryThis: [
      widened === null ? 'Choose another table, or another column for such values' : `Change the type of the column: ${widened}`,
      'Or correct the rows in the source',
      'Then run again',
    ],
  });
}

function longestSaid({ characters, most, row }: TooLong): string {
  const n = (count: number) => count.toLocaleString('en-US');
  return `The longest value has ${n(characters)} characters, but the column accepts ${n(most)}${row === '' ? '' : `: ${row}`}.`;
}

/** The table was altered between the plan and its commit. @param found the type that the column has now; null: the column is gone. */
export function tableChanged(where: string, { column, found }: { readonly column: string; readonly found: string | null }): StoreError {
  return new StoreError({
    code: 'HYG-4235',
    what: `${where} has changed since the load was planned.`,
    why: [found === null ? `The table has no column ${column} any more.` : `The column ${column} is ${found} now.`],
    tryThis: ['Run again: the load is planned again, with the present table'],
  });
}

/** The refusal of a commit that would take longer than a step of an app. Thrown before anything is read. */
export function commitOutlastsStep(where: string, bytes: number): Refusal {
  return {
    code: 'HYG-4237',
    what: `The commit into ${where} would move about ${Math.round(bytes / 1024 ** 3)} GB in one transaction. This takes longer than a step of the app may last.`,
    why: ['Rows that are merged, or deleted and inserted, need this time in the commit. A swapped or new table does not.'],
    tryThis: [
      'Run it once on a machine, where steps have no time limit: hygge go',
      'Or remove what prevents swapping the table: a mark column, a view, write_strategy: direct_insert',
    ],
  };
}

/** An identity column accepts a value in a new row, but can’t be updated. */
export function countedColumnNotUpdatable(where: string, column: string): StoreError {
  return new StoreError({
    code: 'HYG-4242',
    what: `Column ${column} of ${where} numbers its rows itself, so a merge by another key could not change it.`,
    why: ['The database accepts a value for such a column in a new row, but refuses to update it.'],
    tryThis: [
      `Make the column the key, or a part of the key: watermark: { key: [${column}] }`,
      `Or leave the column out: home: { exclude: [${column}] }`,
    ],
  });
}

/** Notes on a full load: whether the table stays, or what prevents that. */
export function swapNotes(where: string, stays = '', hindered: readonly string[] | null): readonly OwnNote[] {
  if (hindered === null) return [];
  if (hindered.length === 0) return [{ code: 'database.table_stays', text: `${where}: ${stays}` }];
  const text = `another table takes the place of ${where}, which can't hold the new rows: ${hindered.join('; ')}`;
  return [{ code: 'database.table_replaced', text, params: { because: hindered } }];
}

/** @param statement what a person may run by hand. @param why the server’s message */
export function notCountedAgainNote(where: string, statement: string, why: readonly string[]): OwnNote {
  const text = `all rows settled in ${where}, but the database refused to set its counter beyond the numbers of these rows (${why.join(' ')}). Let someone with the right ALTER on the table run ${statement}`;
  return { code: 'database.not_counted_again', text, params: { statement, because: [...why] } };
}

export function triggerNotes(where: string, triggers: readonly string[]): readonly OwnNote[] {
  if (triggers.length === 0) return [];
  const text = `hygge does not compare what ${triggers.join(', ')} of ${where} changes in written rows: a trigger that removes rows ends the run, but a trigger that alters rows does not`;
  return [{ code: 'database.triggers_run', text, params: { triggers } }];
}

/** Notes on dependents that the catalogue hides from the account. Foreign keys matter if rows are deleted. */
export function hiddenDependentsNotes(
  where: string,
  { supersede, target }: Pick<PlannedFilling, 'supersede' | 'target'>,
): readonly OwnNote[] {
  const deletes = supersede.what !== 'nothing' && supersede.what !== 'sources';
  return (target.catalog?.dependents ?? []).flatMap(({ kind, unseen }): readonly OwnNote[] => {
    const params = { grant: unseen ?? '' };
    if (unseen === undefined) return [];
    if (kind === 'trigger') {
      const text = `hygge can’t see whether ${where} has triggers. Changes by triggers are not reported, and the database may refuse a full load because of triggers. To see triggers: ${unseen}`;
      return [{ code: 'database.triggers_unseen', text, params }];
    }
    const text = `hygge can’t see whether other tables refer to ${where}. If rows are deleted here, rows of those tables may be deleted too (ON DELETE CASCADE). To see these tables: ${unseen}`;
    return deletes ? [{ code: 'database.foreign_keys_unseen', text, params }] : [];
  });
}

/** Notes on values that will be lost: others made the columns of these values, and the source has no values for the columns. @param columns the columns that have values. */
export function lostValuesNotes(where: string, replaces: Supersede['what'], columns: readonly string[]): readonly OwnNote[] {
  if (columns.length === 0) return [];
  const named = `column${columns.length === 1 ? '' : 's'} ${columns.join(', ')}`;
  const which = replaces === 'boundary' ? 'rows at the last watermark' : replaces === 'range' ? 'rows of the range' : 'rows';
  const merge =
    replaces === 'range' ? '' : ': a merge by a key keeps these values (if_exists: append, watermark: { column: …, key: [ … ] })';
  const text = `the ${which} of ${where} are replaced, and their values in ${named} are lost, because the source does not have them${merge}`;
  return [{ code: 'database.values_lost', text, params: { columns } }];
}

/** Codes of errors that undo a commit and would repeat in each retry. */
export const permanentRefusalCodes: ReadonlySet<string> = new Set([
  'HYG-2075',
  'HYG-4202',
  'HYG-4230',
  'HYG-4231',
  'HYG-4233',
  'HYG-4234',
  'HYG-4241',
  'HYG-4244',
  'HYG-4246',
  'HYG-4293',
]);
