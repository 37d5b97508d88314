import { asYaml } from '../../errors/as-yaml.ts';
import { jsonCodes, jsonStoreCodes } from '../../errors/codes/text.ts';
import { HomeError, StoreError } from '../../errors/hygge-error.ts';
import { describeType } from '../../frames/describe-type.ts';
import type { DataType } from '../../frames/schema.ts';
import { wholeIn } from '../bytes/json-texts.ts';

type Code = keyof typeof jsonCodes;

/** A HomeError about a JSON file. Without an advice of the caller, the advice is that of the error catalogue. */
export function jsonError(
  code: Code,
  what: string,
  details: { readonly why?: readonly string[]; readonly tryThis?: readonly string[] } = {},
): HomeError {
  return new HomeError({ code, what, tryThis: jsonCodes[code].tryThis, ...details });
}

export function recordTooLarge(file: string, which: string): HomeError {
  return new HomeError({
    code: 'HYG-3307',
    what: `A record of ${file} is larger than 32 MB.`,
    why: [`It is ${which}.`],
    tryThis: [
      'If the file is one document rather than one object per line, say format: json, and records: the path to its records',
      'Keep such documents as separate files',
    ],
  });
}

export interface BadRow {
  readonly row: 'Line' | 'Record';
  readonly file: string;
  readonly line: number;
  readonly reason: string;
  /** Whether the file looks like one document instead of one object per line. */
  readonly isDocument?: boolean;
  /** The type that the config declares for the column. */
  readonly declared?: DataType | undefined;
}

/** The error for a row that can’t be read, because the home has `bad_rows: fail`. */
export function badRow({ row, file, line, reason, isDocument = false, declared }: BadRow): HomeError {
  const [, column] = /^column (.+?): /.exec(reason) ?? [];
  const document = ['The file looks like one document, not like one object per line: say format: json'];
  // .NET writes seven digits of a second’s fraction.
  const [, , fine] = /^column (.+?): "[^"]*\.\d{7,9}[^"]*" is not (timestamp\[[^\]]*\])$/.exec(reason) ?? [];
  const planned = [
    'Have the columns decided again, from all records: hygge reset FLOW.ENTITY, then hygge go',
    'Or name the type of the column: types: {name: type}',
  ];
  return new HomeError({
    code: 'HYG-3305',
    what: `${row} ${line} of ${file} can't be read: ${reason}.`,
    tryThis: [
      ...(isDocument ? document : []),
      ...(/planned with$/.test(reason) && declared === undefined ? planned : []),
      ...(declared === undefined ? [] : forRounded(declared, reason)),
      ...(fine === undefined || column === undefined
        ? []
        : [`The seconds have more than six digits: types: {${column}: "${fine.replace(/\[(ms|us)/, '[ns')}"}`]),
      'Correct the record in the source',
      ...(column === undefined ? [] : [`Give the column another type: types: {${column}: string}, or json to keep any value`]),
      'Skip and count such records: bad_rows: skip, or bad_rows: quarantine to keep them for later',
    ],
  });
}

/** Advises types that hold a whole number which a float would round. */
function forRounded(declared: DataType, reason: string): readonly string[] {
  const [, column, number = '', float] = /^column (.+?): (-?\d[\d.eE+-]*) is not (float32|float64)$/.exec(reason) ?? [];
  const whole = wholeIn(number);
  if (column === undefined || whole === undefined || !isOfFloats(declared)) return [];
  const digits = `${whole}`.replace('-', '').length;
  const line = (type: string) => `types: {${asYaml(column)}: ${asYaml(describeType(declared).replace(/float(32|64)/, type))}}`;
  return [
    ...(BigInt.asIntN(64, whole) === whole
      ? [`A ${float} would round the number. If the column has only whole numbers: ${line('int64')}`]
      : []),
    ...(digits <= mostDigits - fractionDigits
      ? [`A ${float} would round the number. If the column has fractions as well: ${line(`decimal(${mostDigits},${fractionDigits})`)}`]
      : digits <= mostDigits
        ? [`A ${float} would round the number: ${line(`decimal(${mostDigits},0)`)}`]
        : []),
  ];
}

const [mostDigits, fractionDigits] = [38, 9];

function isOfFloats(type: DataType): boolean {
  return type.kind === 'list' ? isOfFloats(type.item) : type.kind === 'float32' || type.kind === 'float64';
}

/** The error for a record that does not fit the columns that a part of the records showed. The run has to look at all records. */
export function beyondTheLook({ place, reason }: { readonly place: string; readonly reason: string }): HomeError {
  return new HomeError({
    code: 'HYG-3210',
    what: `${place} is not like the records that showed the columns: ${reason.replace(/ is not among the names.*/, ' is new')}.`,
    tryThis: ['Nothing to do: the run now looks at all records, and reads them again'],
  });
}

export function notUtf8(file: string, why: string): HomeError {
  return new HomeError({
    code: 'HYG-3302',
    what: `${file} is not UTF-8 text.`,
    why: [why],
    tryThis: ['JSON is UTF-8: have the file written in UTF-8, or convert the file (iconv -f UTF-16 -t UTF-8)'],
  });
}

/** The error of a store for a column whose values JSON can’t express. */
export function unwritable(what: string, why: string): StoreError {
  return new StoreError({ code: 'HYG-4303', what, why: [why], tryThis: jsonStoreCodes['HYG-4303'].tryThis });
}
