/** The errors of rows that can’t settle in a store. A plan finds them in columns, keys and rights, and a store finds them when it prepares a commit. After the decision, none of these errors may occur. */

import { asArgument } from '../../errors/as-argument.ts';
import { asYaml } from '../../errors/as-yaml.ts';
import { apiCodes } from '../../errors/codes/apis.ts';
import { FlowError, HomeError, StoreError } from '../../errors/hygge-error.ts';
import { describeType } from '../../frames/describe-type.ts';
import type { Column, DataType } from '../../frames/schema.ts';
import type { EntityKey } from '../../ports/values.ts';
import type { Change, Dependent, Refusal, TableRight, TargetColumn } from './catalog.ts';
import type { MissedParents } from './home.ts';
import type { EntitySpec } from './spec.ts';
import type { ChangedFileLayout } from './store.ts';

/** A number of rows in words: `1 row`, `2,000 rows`. */
export const rowsOf = (count: number) => (count === 1 ? '1 row' : `${count.toLocaleString('en-US')} rows`);

/** The open boundary group of the destination has changed. Stores that delete rows by their value throw this. */
export function destinationBoundaryChanged(
  where: string,
  group: { readonly column: string; readonly text: string; readonly rows: number; readonly found: number; readonly key: EntityKey },
): FlowError {
  const { flow, entity } = group.key;
  return new FlowError({
    code: 'HYG-2075',
    what: `${rowsOf(group.found)} in ${where} ${group.found === 1 ? 'has' : 'have'} ${group.column} ${group.text}, but ${group.rows.toLocaleString('en-US')} settled with that value.`,
    why: [
      'The run had to replace the rows at the watermark, which only their value identifies. It must not remove rows that others added or changed. Nothing was committed.',
    ],
    tryThis: [
      'Remove the rows that others added with that value, or restore the rows that they removed',
      `If no one else writes there, load everything again: hygge go -d -e ${asArgument(`${flow}.${entity}`)}`,
      'Or mark hygge’s rows in a column, store: { mark_column: … }, and load everything again once',
    ],
  });
}

/** Another writer changed the table between `prepare` and the commit. The transaction was rolled back, so the commit is refused permanently. */
export function othersWrote(where: string, { found, prepared }: { readonly found: number; readonly prepared: number }): FlowError {
  return new FlowError({
    code: 'HYG-2075',
    what: `${rowsOf(found)} in ${where} would have been deleted, instead of the ${prepared.toLocaleString('en-US')} that had settled.`,
    why: ['Another program wrote into the table while the commit waited. The commit was rolled back.'],
    tryThis: ['Allow no other program to write there during a run, or mark hygge’s rows in a column: store: { mark_column: … }'],
  });
}

/** Two rows have the same key. Stores that merge throw this before anything is decided. @param of.cut the watermark’s column, if the store cuts digits of its values; null: no digits are cut, or the store does not know. */
export function keyTwice(
  where: string,
  { key, example, cut = null }: { readonly key: readonly string[]; readonly example: string; readonly cut?: string | null },
): StoreError {
  return new StoreError({
    code: 'HYG-4016',
    what: `Two different rows for ${where} have the same ${key.join(', ')}: ${example}.`,
    why: [
      cut === null
        ? 'The watermark does not show which row is newer, so the key does not identify one row. Nothing was committed.'
        : `Digits of ${cut} beyond microseconds are cut (timestamps: truncate), and the rest does not show which row is newer. Nothing was committed.`,
    ],
    tryThis: [
      cut === null
        ? 'Add columns to watermark.key until they identify each row'
        : `Have the source return one row for each ${key.join(', ')}, or times of ${cut} that differ within microseconds`,
      'Or correct the rows in the source',
    ],
  });
}

/** The settled files have another layout than new rows would have. Plans and stores that prepare a commit throw the same error. */
export function fileLayoutChanged({
  configKey,
  settled,
  now,
  where,
  name,
}: ChangedFileLayout & { readonly where: string; readonly name: string }): StoreError {
  const isFormat = configKey === 'format';
  return new StoreError({
    code: 'HYG-4109',
    what: isFormat
      ? `The settled rows in ${where} are in ${settled} files, but new rows would be in ${now} files.`
      : `The settled rows in ${where} are ${settled}, but new rows would be ${now}.`,
    why: [
      isFormat
        ? 'A reader of the old files would not see the rows in the new files. Rows at the watermark would move from old files to new ones.'
        : 'Readers cannot read files of both layouts together.',
    ],
    tryThis: [
      `Load everything again once, in the new ${isFormat ? 'format' : 'layout'}: hygge go -d -e ${asArgument(name)}`,
      isFormat ? 'Or restore the previous format and compression of the store' : 'Or restore the previous partition_by',
    ],
  });
}

/** Another program made a required column, but no column of the source fills it. */
export function unfilledColumn({ name, type }: Pick<TargetColumn, 'name' | 'type'>, where: string): Refusal {
  return {
    code: 'HYG-2078',
    what: `Column ${name} of ${where} requires a value, and the source has no such column.`,
    why: [`It is ${type} not null, without a default.`],
    tryThis: ['Give the column a default in the table, or make it nullable', 'Or have polish add the column: polish: { constants: … }'],
  };
}

/**
 * @param instead a type of the destination as which the column can settle; undefined: none is known.
 * @param others further remedies, which the destination offers
 */
export function noType({ name, type }: Column, where: string, instead: DataType | undefined, others: readonly string[]): Refusal {
  const override = instead && `schema_overrides: { ${name}: "${describeType(instead)}" }`;
  return {
    code: 'HYG-2078',
    what: `Column ${name} is ${describeType(type)}, but ${where} has no type that stores its values exactly.`,
    why: [],
    tryThis: [
      `Settle it as another type: ${override ?? 'migrations: [{ cast: … }]'}`,
      ...others,
      ...(override !== undefined && isFiner(type, instead)
        ? [`Or, if its values have more digits, as text: schema_overrides: { ${name}: string }`]
        : []),
      leaveOut,
    ],
  };
}

/** A remedy that names two keys of homes. A home has at least one of these keys. */
const leaveOut = 'Or leave it out: exclude in the home, or columns without it';

function isFiner(type: DataType, instead: DataType | undefined): boolean {
  return 'unit' in type && instead !== undefined && 'unit' in instead && type.unit !== instead.unit;
}

export function unknownType({ name }: Column, there: TargetColumn, where: string): Refusal {
  return {
    code: 'HYG-2078',
    what: `Column ${name} is ${there.type} in ${where}, a type that hygge does not write.`,
    why: [],
    tryThis: ['Leave it out: exclude in the home, or columns without it', 'Or give the column another type there'],
  };
}

export function otherType({ name, type }: Column, there: TargetColumn, where: string): Refusal {
  return {
    code: 'HYG-2078',
    what: `Column ${name} is ${describeType(type)}, but would have to settle as ${there.type} in ${where}.`,
    why: ['No type can store the values of both exactly.'],
    tryThis: ['Settle it as another type: migrations: [{ cast: … }]', 'Or under another name: migrations: [{ rename: … }]', leaveOut],
  };
}

/** @param setting the setting of the store that lets values of the source into the column. */
export function selfFilledColumnRefusal({ name, type, filled }: TargetColumn, where: string, setting?: string): Refusal {
  return {
    code: 'HYG-2078',
    what: `Column ${name} of ${where} gets its values from the destination, but the source has a column of that name.`,
    why: [`It is ${type}, ${filled === 'identity' ? 'an identity' : 'generated from other columns'}.`],
    tryThis: [
      `Leave it out: home: { exclude: [${asYaml(name)}] }`,
      'Or settle it under another name: migrations: [{ rename: … }]',
      ...(setting === undefined ? [] : [`Or let the column accept the values of the source: ${setting}`]),
    ],
  };
}

/** In such a column the database would replace a null by its own counter, or refuse the null. */
export function nullableCountedColumn({ name, type }: TargetColumn, where: string): Refusal {
  return {
    code: 'HYG-2078',
    what: `Column ${name} may be null in the source, but ${where} numbers it itself.`,
    why: [`It is ${type} without nulls: a number of the counter, which is not in the source, would replace a null.`],
    tryThis: [
      `Merge by this column, so that rows without a value stop the run: watermark: { column: …, key: [${asYaml(name)}] }`,
      `Or declare that it is never null: not null in the source’s table, or not_null: [${asYaml(name)}] in a home of files`,
      `Or leave it out: home: { exclude: [${asYaml(name)}] }`,
    ],
  };
}

/** @param twins the columns that look like the same column, at least one pair. */
export function twinColumns(twins: readonly { readonly name: string; readonly twin: string }[], where: string): Refusal {
  const one = twins.length === 1;
  const names = twins.map(({ name, twin }) => `${JSON.stringify(name)} and ${JSON.stringify(twin)}`).join(', ');
  const renames = twins.map(({ name, twin }) => `${asYaml(name)}: ${asYaml(twin)}`).join(', ');
  return {
    code: 'HYG-2140',
    what: `${where} would have two columns whose names differ only in capitals or accents: ${names}.`,
    why: [
      `The source has the first ${one ? 'name' : 'of each two names'}; the table has the second. Existing rows would have values in one column, and new rows in the other.`,
    ],
    tryThis: [
      `Settle in ${one ? 'the column' : 'the columns'} of the table: migrations: [{ rename: { ${renames} } }]`,
      `Or, if they are two columns, add ${one ? 'the first one' : 'the first ones'} to the table by hand`,
    ],
  };
}

export function nullableKeyColumn({ name }: TargetColumn, where: string): Refusal {
  return {
    code: 'HYG-2078',
    what: `Column ${name} may be null in the source, but is part of the primary key of ${where}.`,
    why: ['A primary key has no nulls.'],
    tryThis: [
      `Merge by this column, so that rows without a value stop the run: watermark: { column: …, key: [${name}] }`,
      `Or declare that it is never null: not null in the source’s table, or not_null: [${name}] in a home of files`,
      'Or drop the key there',
    ],
  };
}

/** @param identity the column with a counter for whose values the right is needed. Null: the right is needed for something else. */
export function noRight(
  right: TableRight,
  where: string,
  { grant, identity }: { readonly grant: string | undefined; readonly identity: string | null },
): Refusal {
  const what = right === 'create' ? `create a table in place of ${where}` : `${right === 'insert' ? 'insert into' : right} ${where}`;
  return {
    code: 'HYG-2079',
    what: `hygge may not ${what}.`,
    why: [
      identity !== null
        ? `Column ${identity} has its own counter: only this right allows writing values of rows to the column.`
        : right === 'alter'
          ? 'The columns of the table have to change before the rows fit.'
          : 'The run needs this right when it commits.',
    ],
    tryThis: [
      grant === undefined ? `Grant ${right.toUpperCase()} to the identity that the connection uses` : `Have an administrator run: ${grant}`,
      'See the rights of hygge: hygge debug',
    ],
  };
}

export function dependentStaysRefusal({ kind, name, unseen, allows, isAlways, goesWithTable }: Dependent, where: string): Refusal {
  const asItIs = 'oad into the present table: write_strategy: direct_insert';
  if (isAlways)
    return {
      code: 'HYG-2077',
      what: `No other table can replace ${where}.`,
      why: [`It is a ${kind} ${name}.`],
      tryThis: [`L${asItIs}`],
    };
  if (allows !== undefined)
    return {
      code: 'HYG-2077',
      what: `A full load can't replace ${where} by another table: ${kind} ${name}.`,
      why: ['The database would refuse the replacement when the run commits.'],
      tryThis: [allows, `Or l${asItIs}`],
    };
  return {
    code: 'HYG-2077',
    what: `${unseen === undefined ? 'The' : 'A'} ${kind} ${name} ${unseen === undefined ? 'would' : 'may'} continue with the old rows of ${where}.`,
    why: ['A full load puts another table in its place, but the object stays with the earlier table.'],
    tryThis: goesWithTable
      ? [`L${asItIs}`]
      : [
          unseen === undefined
            ? `Drop the ${kind} ${name}, and make it again after the run`
            : `Let the account see whether there is such an object: ${unseen}`,
          `Or l${asItIs}`,
        ],
  };
}

/** @param holds the type of the values that the column holds now. @param dependents the objects that prevent the change, at least one. */
export function keptColumnRefusal(
  change: Extract<Change, { readonly change: 'widen' | 'drop not null' }>,
  { dependents, where, holds }: { readonly dependents: readonly Dependent[]; readonly where: string; readonly holds: DataType | undefined },
): Refusal {
  const { column } = change;
  const named = (all: readonly Dependent[]) => all.map(({ kind, name }) => `the ${kind} ${name}`).join(' and ');
  const fixed = dependents.filter(({ goesWithTable }) => goesWithTable);
  const foreign = fixed.filter(({ holdsRows }) => holdsRows);
  const joins = change.change === 'widen' && dependents.some(({ kind }) => kind === 'foreign key');
  const it = dependents.length === 1 ? 'it' : 'them';
  const becomes = change.change === 'widen' ? `is ${describeType(change.to)}` : 'may be null';
  const copy = `copy the rows into a table whose ${column} ${becomes}, drop the old table, and give the copy its name`;
  return {
    code: 'HYG-2077',
    what: `Column ${column} of ${where} has to ${change.change === 'widen' ? 'change' : 'accept nulls'}, which ${named(dependents)} ${dependents.length === 1 ? 'prevents' : 'prevent'}.`,
    why: [change.change === 'widen' ? 'Its type has to store the source’s present values.' : 'In the source, the column may be null.'],
    tryThis: [
      ...(fixed.length === 0
        ? [`Drop ${named(dependents)}, and make ${it} again after the run${joins ? ', between columns of the same type' : ''}`]
        : []),
      ...(foreign.length > 0 ? [`Drop the tables of ${named(foreign)}, after you copied their rows, and then ${copy}`] : []),
      ...(fixed.length > 0 && foreign.length === 0 ? [`${copy.charAt(0).toUpperCase()}${copy.slice(1)}`] : []),
      ...(change.change === 'widen' && holds !== undefined
        ? [`Or, if every value is ${describeType(holds)}, keep the type: schema_overrides: { ${asYaml(column)}: "${describeType(holds)}" }`]
        : []),
      ...(change.change === 'drop not null'
        ? [`Or declare that it is never null: not null in the source’s table, or not_null: [${asYaml(column)}] in a home of files`]
        : []),
    ],
    ...(fixed.length > 0 ? { needsAnotherTable: true } : {}),
  };
}

const becauseOf = {
  all: 'No parent could be read. Nothing was committed.',
  full: 'The parent was read before, and a full load would remove its settled rows. Nothing was committed.',
  backfill: 'A backfill would remove the rows of an unread parent from its range. Nothing was committed.',
  comparison: 'Without their rows the source can’t be compared with the settled rows.',
};

/** @param missed the parents that could not be read, at least one. */
export function parentsNotRead(
  missed: MissedParents['missed'],
  { spec, because = 'comparison' }: { readonly spec?: EntitySpec; readonly because?: keyof typeof becauseOf } = {},
): HomeError {
  const [first] = missed;
  const whose = missed.length === 1 ? `the parent ${first?.id}` : `${missed.length.toLocaleString('en-US')} parents`;
  const named = missed.length === 1 ? `The API answered ${first?.why}.` : `The first is ${first?.id}: the API answered ${first?.why}.`;
  return new HomeError({
    code: 'HYG-3640',
    what: `The rows of ${whose} can't be read${spec === undefined ? '' : ` for ${spec.flow}.${spec.entity}`}.`,
    why: [named, becauseOf[because]],
    // The second remedy, `missing: warn`, is left out because it is already set.
    tryThis: apiCodes['HYG-3640'].tryThis.slice(0, 1),
  });
}
