/** Why a source can't be compared with its settled rows. Codes: src/errors/codes/verify.ts. */

import { asArgument, count, counted, entityName, shellWord } from '../../errors/as-argument.ts';
import { ConfigError, FlowError } from '../../errors/hygge-error.ts';
import { describeType } from '../../frames/describe-type.ts';
import type { DataType } from '../../frames/schema.ts';
import type { Verification } from '../../ports/state.ts';
import type { EntityKey } from '../../ports/values.ts';

function noSuchScope(what: string, why: readonly string[], tryThis: readonly string[]): ConfigError {
  return new ConfigError({ code: 'HYG-1913', what, why, tryThis });
}

export function noValueInRange(
  key: EntityKey,
  { written, column, type }: { readonly written: string; readonly column: string; readonly type: DataType },
): ConfigError {
  return noSuchScope(
    `--range: ${JSON.stringify(written)} can't be a value of ${column} (${describeType(type)}).`,
    [`The rows of ${entityName(key)} are divided by the values of ${column}.`],
    ['Write it as the column has it, such as 2024-01-01..2024-02-01 or 100..200: hygge preview shows some of its values'],
  );
}

export function verifyRangeIsEmpty(key: EntityKey, { from, to }: { readonly from: string; readonly to: string }): ConfigError {
  return noSuchScope(
    `--range ${from}..${to} of ${entityName(key)} has no value in it.`,
    ['A range begins with its first value and ends below its second one.'],
    ['Write the smallest value first, and after the dots the value that follows the last one'],
  );
}

export function noSuchColumns(
  key: EntityKey,
  flag: string,
  { missing, there }: { readonly missing: readonly string[]; readonly there: readonly string[] },
): ConfigError {
  return noSuchScope(
    `${flag}: ${missing.map((one) => JSON.stringify(one)).join(', ')} of ${entityName(key)} can't be compared.`,
    [`These columns can: ${there.join(', ')}`],
    ['Write the names of the settled columns'],
  );
}

export function noWatermarkForRange(key: EntityKey): FlowError {
  return new FlowError({
    code: 'HYG-2091',
    what: `${entityName(key)} has no settled watermark, so --range can't divide its rows.`,
    why: ['A range contains values of the watermark.'],
    tryThis: ['Compare all of it: leave --range out', 'Or compare some of its keys: --sample 1%'],
  });
}

export function rangeNotRead(key: EntityKey): FlowError {
  return new FlowError({
    code: 'HYG-2091',
    what: `One side of ${entityName(key)} can't be read by a range of the watermark.`,
    why: ['The source or the destination can only return all rows.'],
    tryThis: ['Compare all of it: leave --range out'],
  });
}

/** @param waited how long the run waited, such as `30m`. Null: the replication has stopped. */
export function notReplicated(
  key: EntityKey,
  { said, waited }: { readonly said: string | null; readonly waited: string | null },
): FlowError {
  return new FlowError({
    code: 'HYG-2096',
    what:
      waited === null
        ? `The replication of ${entityName(key)} has stopped.`
        : `The settled rows of ${entityName(key)} were not replicated within ${waited}.`,
    why: [
      ...(said === null ? [] : [`${said[0]?.toUpperCase()}${said.slice(1)}.`]),
      'The rows have settled, and the watermark is unchanged.',
    ],
    tryThis: [
      'Check the replication of the table in the other system, and fix the reported problem',
      'Wait longer: verify: { replicated: 1h }',
    ],
  });
}

/** The source differs from the settled rows. The settled rows and the watermark stay. */
export function differsFromSource(key: EntityKey, { rows, differences }: Pick<Verification, 'rows' | 'differences'>): FlowError {
  const parts =
    differences === null
      ? []
      : (
          [
            ['changed', differences.changed],
            ['only in the source', differences.only_in_source],
            ['only in the destination', differences.only_in_destination],
          ] as const
        ).filter(([, n]) => n > 0);
  const found = parts.map(([what, n], at) => `${at === 0 ? counted(n, 'row') : n} ${what}`).join(', ');
  const sides = rows === null ? '' : `${counted(rows.source, 'row')} in the source, ${rows.destination} in the destination`;
  return new FlowError({
    code: 'HYG-2095',
    what: `${entityName(key)} differs from its source: ${found === '' ? sides : found}.`,
    why: ['The settled rows are unchanged, and the next run continues as usual.'],
    tryThis: [`See which rows differ: hygge verify ${shellWord(entityName(key))}`],
  });
}

/** @param times how many comparisons in a row gave no answer. */
export function sourceKeepsChanging(key: EntityKey, times: number): FlowError {
  const entity = shellWord(entityName(key));
  return new FlowError({
    code: 'HYG-2147',
    what: `The last ${times} comparisons of ${entityName(key)} have no answer: the source or the destination changed during each of them.`,
    why: ['So it is unknown whether the two are equal. The settled rows are unchanged, and the next run continues as usual.'],
    tryThis: [
      `Compare at a time with fewer writes: hygge verify ${entity}`,
      `Or compare a part of the rows: hygge verify ${entity} --sample 10%`,
    ],
  });
}

export function nothingToProve(key: EntityKey): FlowError {
  return new FlowError({
    code: 'HYG-2092',
    what: `Neither the source nor the destination of ${entityName(key)} has SQL that can prove the comparison.`,
    why: ['For a proof, source or destination sums its own rows in SQL. The plan of hygge verify shows why neither side can.'],
    tryThis: ['Compare without --proof', 'Or leave out the columns that SQL cannot sum: --columns a,b'],
  });
}

export function proofDisagrees(
  key: EntityKey,
  side: 'source' | 'destination',
  sums: { readonly sql: string; readonly rows: string },
): FlowError {
  return new FlowError({
    code: 'HYG-2093',
    what: `The ${side} of ${entityName(key)} changed between its two sums: ${sums.sql} by its SQL, ${sums.rows} by the comparison.`,
    why: ['A proof holds only for rows that stay unchanged. A view whose values differ at each read has no fixed sum.'],
    tryThis: ['Run it again when nothing writes to the table', 'If nothing writes to the table, report this: the two sums must be equal'],
  });
}

export interface TooManyRemoved {
  readonly removes: number;
  readonly compared: number;
  readonly atMost: number;
  /** Whether the source has none of the compared rows. */
  readonly sourceIsEmpty: boolean;
  /** How many rows of the source have a key that can’t be read. */
  readonly unknownKeys: number;
  /** The command that repairs, with the right number of rows. Null: more rows may differ than were counted, so the right number is not known. */
  readonly command: string | null;
}

export function repairRemovesTooMany(
  spec: EntityKey,
  { removes, compared, atMost, sourceIsEmpty, unknownKeys, command }: TooManyRemoved,
): FlowError {
  const few = sourceIsEmpty
    ? 'The source has no rows at all.'
    : unknownKeys > 0
      ? `${counted(unknownKeys, 'row')} of its source do not settle, and their keys can’t be read. Rows that only the destination has may be earlier versions of these rows.`
      : `Without --removes, a repair removes at most ${counted(atMost, 'row')} of that many (5%, or 10 rows).`;
  return new FlowError({
    code: 'HYG-2134',
    what: `The repair of ${entityName(spec)} would remove ${count(removes)} of ${counted(compared, 'settled row')}.`,
    why: [few, 'The usual cause of so many missing rows is a broken source. Nothing was removed.'],
    tryThis: [
      'Check that the source has all its rows, and repair again',
      command === null
        ? `If these rows may be removed, load everything again: hygge go -d -e ${asArgument(entityName(spec))}`
        : `If these rows may be removed, repair with their number: ${command}`,
    ],
  });
}

/** @param command the command with the number of rows that this plan removes. */
export function removesOtherNumber(
  spec: EntityKey,
  { said, removes, command }: { said: number; removes: number; command: string },
): FlowError {
  return new FlowError({
    code: 'HYG-2135',
    what: `--removes says ${counted(said, 'row')}, but the repair of ${entityName(spec)} would remove ${count(removes)}.`,
    why: ['The source or the destination changed since that number was shown, or it is the number of another entity. Nothing was removed.'],
    tryThis: [
      `See which rows they are: hygge verify ${asArgument(entityName(spec))}`,
      `If these rows may be removed, repair with this number: ${command}`,
    ],
  });
}

export function leavesOutMoreThanPlanned(
  spec: EntityKey,
  { leftOut, planned }: { readonly leftOut: number; readonly planned: number },
): FlowError {
  return repairLoses(spec, {
    what: `${counted(leftOut, 'row')} in the ranges of ${entityName(spec)} would not settle in the repair, and ${planned === 0 ? 'none was' : `${count(planned)} were`} planned.`,
    why: 'Rows of the source became invalid after the repair was planned, so their last good versions would be removed. The repair has changed nothing.',
  });
}

export function removesMoreThanPlanned(
  spec: EntityKey,
  { fewer, planned }: { readonly fewer: number; readonly planned: number },
): FlowError {
  return repairLoses(spec, {
    what: `${entityName(spec)} would have ${counted(fewer, 'row')} fewer after the repair, but ${planned === 1 ? '1 was' : planned === 0 ? 'none was' : `${count(planned)} were`} planned.`,
    why: 'The source lost rows after the repair was planned. The repair has changed nothing.',
  });
}

function repairLoses(spec: EntityKey, { what, why }: { readonly what: string; readonly why: string }): FlowError {
  return new FlowError({
    ...{ code: 'HYG-2136', what, why: [why] },
    tryThis: [`Compare and plan again: hygge verify ${asArgument(entityName(spec))} --repair`],
  });
}
