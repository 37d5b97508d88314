/** The errors of rows that can't settle in a store: what a plan finds in its columns, keys and rights, and what the store finds when it prepares a commit. None of them may occur after the decision. */

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

/** A function of a number of rows. */
export const rowsOf = (count: number) => (count === 1 ? '1 row' : `${count.toLocaleString('en-US')} rows`);

/** Thrown by stores that delete by value. */
export function destinationBoundaryChanged(
  where: string,
  group: { readonly column: string; readonly text: string; readonly rows: number; readonly found: number; readonly key: EntityKey },
): FlowError {
  const { flow, entity } = group.key;
  return new FlowError({
    code: 'HYG-2075',
    what: `${rowsOf(group.found)} in ${where} ${group.found === 1 ? 'has' : 'have'} ${group.column} ${group.text}, and ${group.rows.toLocaleString('en-US')} settled with it.`,
    why: [
      'The rows at the watermark were to be replaced: by value, since nothing else identifies them. What others added or changed must not go with them. Nothing was committed.',
    ],
    tryThis: [
      'Take away what others put there with that value, or put back what they took',
      `If no one else writes there, load everything again: hygge go -d -e ${asArgument(`${flow}.${entity}`)}`,
      'Or let a column tell whose rows are whose, store: { mark_column: … }, and load everything again once',
    ],
  });
}

/** Another writer changed the table between `prepare` and the commit. The transaction was rolled back, and the commit is refused permanently. */
export function othersWrote(where: string, { found, prepared }: { readonly found: number; readonly prepared: number }): FlowError {
  return new FlowError({
    code: 'HYG-2075',
    what: `${rowsOf(found)} in ${where} would have been deleted, and not the ${prepared.toLocaleString('en-US')} that settled.`,
    why: ['Others wrote into the table while the commit waited. It was rolled back.'],
    tryThis: ['Let no one else write there while hygge does, or let a column tell whose rows are whose: store: { mark_column: … }'],
  });
}

/** Thrown by stores that merge, before anything is decided. @param of.cut the watermark's column, if the store cuts digits of its values; null: no digits are cut, or the store does not know. */
export function keyTwice(
  where: string,
  { key, example, cut = null }: { readonly key: readonly string[]; readonly example: string; readonly cut?: string | null },
): StoreError {
  return new StoreError({
    code: 'HYG-4016',
    what: `Two different rows for ${where} have the same ${key.join(', ')}: ${example}.`,
    why: [
      cut === null
        ? 'The watermark does not say which of them is the newer one, so the key does not tell rows apart. Nothing was committed.'
        : `Digits of ${cut} beyond microseconds are cut (timestamps: truncate), and the rest does not say which of them is the newer one. Nothing was committed.`,
    ],
    tryThis: [
      cut === null
        ? 'Name more columns in watermark.key, until they tell every row from all others'
        : `Let the source give one row for each ${key.join(', ')}, or times of ${cut} that differ within microseconds`,
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
      ? `What settled in ${where} is in ${settled} files, and new rows would be in ${now} files.`
      : `What settled in ${where} is ${settled}, and new rows would be ${now}.`,
    why: [
      isFormat
        ? 'Anyone who reads the one kind would not see the rows of the other, and rows at the watermark would go from the one to the other.'
        : 'Readers can not read files of both layouts together.',
    ],
    tryThis: [
      `Load everything again once, in the new ${isFormat ? 'format' : 'layout'}: hygge go -d -e ${asArgument(name)}`,
      isFormat ? 'Or set format and compression of the store back to what they were' : 'Or set partition_by back to what it was',
    ],
  });
}

/** A column that hygge did not make is required, and no column of the source fills it. */
export function unfilledColumn({ name, type }: Pick<TargetColumn, 'name' | 'type'>, where: string): Refusal {
  return {
    code: 'HYG-2078',
    what: `Column ${name} of ${where} has to have a value, and the source has no such column.`,
    why: [`It is ${type} not null, without a default.`],
    tryThis: ['Give the column a default there, or let it be null', 'Or let polish add it: polish: { constants: … }'],
  };
}

/**
 * @param instead a type that the destination has, and that the column can be settled as; undefined: none is known.
 * @param others remedies of the destination
 */
export function noType({ name, type }: Column, where: string, instead: DataType | undefined, others: readonly string[]): Refusal {
  const override = instead && `schema_overrides: { ${name}: "${describeType(instead)}" }`;
  return {
    code: 'HYG-2078',
    what: `Column ${name} is ${describeType(type)}, and ${where} has no type that holds it exactly.`,
    why: [],
    tryThis: [
      `Settle it as another type: ${override ?? 'migrations: [{ cast: … }]'}`,
      ...others,
      ...(override !== undefined && isFiner(type, instead)
        ? [`Or, where its values are finer than that, as text: schema_overrides: { ${name}: string }`]
        : []),
      leaveOut,
    ],
  };
}

/** The keys of homes that this error names. A home has one of them, or both. */
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
    what: `Column ${name} is ${describeType(type)} and would have to settle as ${there.type} in ${where}.`,
    why: ['No type holds the values of both exactly.'],
    tryThis: ['Settle it as another type: migrations: [{ cast: … }]', 'Or under another name: migrations: [{ rename: … }]', leaveOut],
  };
}

/** @param setting of the store, which lets values of the source into the column. */
export function selfFilledColumnRefusal({ name, type, filled }: TargetColumn, where: string, setting?: string): Refusal {
  return {
    code: 'HYG-2078',
    what: `Column ${name} of ${where} gets its values there, and the source has a column of that name.`,
    why: [`It is ${type}, ${filled === 'identity' ? 'an identity' : 'generated from other columns'}.`],
    tryThis: [
      `Leave it out: home: { exclude: [${asYaml(name)}] }`,
      'Or settle it under another name: migrations: [{ rename: … }]',
      ...(setting === undefined ? [] : [`Or let it take the values of the source: ${setting}`]),
    ],
  };
}

/** The database would replace a null by its own counter, or refuse it. */
export function nullableCountedColumn({ name, type }: TargetColumn, where: string): Refusal {
  return {
    code: 'HYG-2078',
    what: `Column ${name} may be null in the source, and counts by itself in ${where}.`,
    why: [`It is ${type}, and has no nulls: a number that is in no source would take the place of one.`],
    tryThis: [
      `Merge by it, so that rows without one stop the run: watermark: { column: …, key: [${asYaml(name)}] }`,
      `Or say that it never is: not null in the table that is read, not_null: [${asYaml(name)}] of a home of files`,
      `Or leave it out: home: { exclude: [${asYaml(name)}] }`,
    ],
  };
}

/** @param twins at least one. */
export function twinColumns(twins: readonly { readonly name: string; readonly twin: string }[], where: string): Refusal {
  const one = twins.length === 1;
  const names = twins.map(({ name, twin }) => `${JSON.stringify(name)} and ${JSON.stringify(twin)}`).join(', ');
  const renames = twins.map(({ name, twin }) => `${asYaml(name)}: ${asYaml(twin)}`).join(', ');
  return {
    code: 'HYG-2140',
    what: `${where} would have two columns whose names differ only in capitals or accents: ${names}.`,
    why: [
      `The source has the first ${one ? 'name' : 'of each two names'}; the table has the second. Its rows would have values in one column, and new rows in the other.`,
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
    what: `Column ${name} may be null in the source, and is part of the primary key of ${where}.`,
    why: ['A key has no nulls.'],
    tryThis: [
      `Merge by it, so that rows without one stop the run: watermark: { column: …, key: [${name}] }`,
      `Or say that it never is: not null in the table that is read, not_null: [${name}] of a home of files`,
      'Or drop the key there',
    ],
  };
}

/** @param identity the column with a counter that accepts values of rows, for which the right is needed; null: the right is needed for something else. */
export function noRight(
  right: TableRight,
  where: string,
  { grant, identity }: { readonly grant: string | undefined; readonly identity: string | null },
): Refusal {
  const what = right === 'create' ? `create a table in the place of ${where}` : `${right === 'insert' ? 'insert into' : right} ${where}`;
  return {
    code: 'HYG-2079',
    what: `hygge may not ${what}.`,
    why: [
      identity !== null
        ? `Column ${identity} counts by itself: values of rows go into it only with this right.`
        : right === 'alter'
          ? 'Its columns have to change before the rows fit.'
          : 'The run would do so when it commits.',
    ],
    tryThis: [
      grant === undefined ? `Grant ${right.toUpperCase()} to the identity that the connection uses` : `Have an administrator run: ${grant}`,
      'See what it may do: hygge debug',
    ],
  };
}

export function dependentStaysRefusal({ kind, name, unseen, allows, isAlways, goesWithTable }: Dependent, where: string): Refusal {
  const asItIs = 'oad into the present table: write_strategy: direct_insert';
  if (isAlways)
    return {
      code: 'HYG-2077',
      what: `No other table can take the place of ${where}.`,
      why: [`It is a ${kind} ${name}.`],
      tryThis: [`L${asItIs}`],
    };
  if (allows !== undefined)
    return {
      code: 'HYG-2077',
      what: `A full load can't put another table in the place of ${where}: ${kind} ${name}.`,
      why: ['The database would refuse it when the run commits.'],
      tryThis: [allows, `Or l${asItIs}`],
    };
  return {
    code: 'HYG-2077',
    what: `${unseen === undefined ? 'The' : 'A'} ${kind} ${name} ${unseen === undefined ? 'would' : 'may'} continue with the old rows of ${where}.`,
    why: ['A full load puts another table in its place, and the object stays with the earlier table.'],
    tryThis: goesWithTable
      ? [`L${asItIs}`]
      : [
          unseen === undefined
            ? `Drop the ${kind} ${name}, and make it again after the run`
            : `Let the account see whether there is one: ${unseen}`,
          `Or l${asItIs}`,
        ],
  };
}

/** @param holds the values that the column holds now. @param dependents at least one. */
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
  const copy = `copy the rows into a table whose ${column} ${becomes}, drop the old one, and give the copy its name`;
  return {
    code: 'HYG-2077',
    what: `Column ${column} of ${where} has to ${change.change === 'widen' ? 'change' : 'accept nulls'}, which ${named(dependents)} ${dependents.length === 1 ? 'prevents' : 'prevent'}.`,
    why: [change.change === 'widen' ? 'Its type has to hold what the source has now.' : 'In the source it may be null.'],
    tryThis: [
      ...(fixed.length === 0
        ? [`Drop ${named(dependents)}, and make ${it} again after the run${joins ? ', between columns of the same type' : ''}`]
        : []),
      ...(foreign.length > 0 ? [`Drop the tables of ${named(foreign)}, after you copied their rows, and then ${copy}`] : []),
      ...(fixed.length > 0 && foreign.length === 0 ? [`${copy.charAt(0).toUpperCase()}${copy.slice(1)}`] : []),
      ...(change.change === 'widen' && holds !== undefined
        ? [
            `Or, where every value is ${describeType(holds)}, keep the type: schema_overrides: { ${asYaml(column)}: "${describeType(holds)}" }`,
          ]
        : []),
      ...(change.change === 'drop not null'
        ? [`Or say that it never is: not null in the table that is read, not_null: [${asYaml(column)}] of a home of files`]
        : []),
    ],
    ...(fixed.length > 0 ? { needsAnotherTable: true } : {}),
  };
}

const becauseOf = {
  all: 'No parent could be read. Nothing was committed.',
  full: 'It was read before, and a full load would remove its settled rows. Nothing was committed.',
  backfill: 'A backfill would remove the rows of such a parent from its range. Nothing was committed.',
  comparison: 'Without their rows the source can not be compared with what has settled.',
};

/** @param missed at least one. */
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
    // `missing: warn` is in force already.
    tryThis: apiCodes['HYG-3640'].tryThis.slice(0, 1),
  });
}
