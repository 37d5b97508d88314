/** Errors that every engine has. */
import { didYouMean } from '../errors/did-you-mean.ts';
import { HomeError } from '../errors/hygge-error.ts';
import type { SourceOptions } from './engine.ts';

export const columnsGiven = ({ columns = [], exclude = [], decimals }: SourceOptions): readonly string[] => [
  ...columns,
  ...exclude,
  ...(typeof decimals === 'object' ? Object.keys(decimals) : []),
];

export function noSuchSourceColumn(shown: string, name: string, names: readonly string[]): HomeError {
  const near = didYouMean(name, names);
  return new HomeError({
    code: 'HYG-3502',
    what: `There is no column ${name} in ${shown}.${near === undefined ? '' : ` Did you mean ${near}?`}`,
    why: ['Names of columns are taken exactly as they are written, capital letters and all.'],
    tryThis: [`Its columns are ${names.slice(0, 20).join(', ')}${names.length > 20 ? ', …' : ''}`],
  });
}

export function sameNameTwice(shown: string, name: string): HomeError {
  return new HomeError({
    code: 'HYG-3503',
    what: `Two columns of ${shown} are called ${name}.`,
    why: ['Nothing would tell them apart where they settle.'],
    tryThis: [`Name one of them in the query: … AS ${name}_2`],
  });
}

export function withoutColumns(shown: string): HomeError {
  return new HomeError({
    code: 'HYG-3502',
    what: `No column of ${shown} is left to be read.`,
    tryThis: ['Look at `columns` and `exclude` of the home'],
  });
}

export function isShownAsText(place: string, column: string, sourceType: string): HomeError {
  const isNumber = sourceType.startsWith('numeric') || sourceType.startsWith('decimal');
  return new HomeError({
    code: 'HYG-3508',
    what: `Column ${column} of ${place} is ${sourceType}, which is read as text: it can't be a watermark.`,
    why: ['The order of its values is not that of their texts, so rows would be lost.'],
    tryThis: [
      ...(isNumber ? [`Say how many digits it has: home.decimals: { ${column}: "decimal(38, 0)" }`] : []),
      'Choose another column for watermark.column',
    ],
  });
}

export function standbyNeedsLag(place: string, column: string, isTime: boolean, primary = 'target: primary'): HomeError {
  return new HomeError({
    code: 'HYG-3512',
    what: `${place} is a standby: whether a row may still come below the newest ${column} can't be seen there.`,
    why: ['Transactions that are open on the primary are not shown on a standby.'],
    tryThis: [
      ...(isTime ? ['Say how late a row may come: watermark.lag: 5m (longer than the longest transaction that writes)'] : []),
      `Or read from the primary: ${primary}`,
    ],
  });
}

/** Of a database that does not show its role who has a transaction open. */
export function openUnseen(
  place: string,
  column: string,
  { why, grant, isTime }: { readonly why: string; readonly grant: string; readonly isTime: boolean },
): HomeError {
  return new HomeError({
    code: 'HYG-3547',
    what: `Whether a row of ${place} may still come below the newest ${column} can't be seen.`,
    why: [`${why}, and rows of transactions that are open come below it later.`],
    tryThis: [
      grant,
      ...(isTime ? ['Or say how late a row may come: watermark.lag: 5m (longer than the longest transaction that writes)'] : []),
      'Or take what is missed: home.safe_wait: 0s reads without waiting, and each run warns',
    ],
  });
}

/** A value that the type of its column can't hold. */
export function unheldValue(of: {
  readonly place: string;
  readonly column: string;
  readonly said: string;
  readonly isSpecial: boolean;
  /** The column as text, in the SQL of the database. */
  readonly asText?: string;
  readonly more?: readonly string[];
}): HomeError {
  return new HomeError({
    code: 'HYG-3505',
    what: `Column ${of.column} of ${of.place} holds ${of.said}, which has no place in the type that it is read as.`,
    tryThis: [
      ...(of.isSpecial ? ['Read such values as null: home.special_values: to_null'] : []),
      ...(of.more ?? []),
      `Or read the column as text: home.query: SELECT …, ${of.asText ?? `${of.column}::text`} AS ${of.column} FROM …`,
      `Or leave it out: home.exclude: [${of.column}]`,
    ],
  });
}

/** HYG-3504: the engine makes the plan again. */
export function changedWhileRead(place: string, why: string): HomeError {
  return new HomeError({
    code: 'HYG-3504',
    what: `${place} is not any more as it was when the run was planned.`,
    why: [why],
    tryThis: ['Run it again: nothing of this run is visible'],
  });
}
