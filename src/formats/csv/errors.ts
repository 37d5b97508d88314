import { asYaml } from '../../errors/as-yaml.ts';
import { textCodes } from '../../errors/codes/text.ts';
import { HomeError } from '../../errors/hygge-error.ts';
import { describeType } from '../../frames/describe-type.ts';
import type { Column } from '../../frames/schema.ts';

import type { CsvColumn } from './columns/decoder.ts';
import type { BadRow } from './csv-decoder.ts';
import type { BrokenRecord } from './fields.ts';
import type { CsvReading } from './options.ts';
import type { LinesBefore } from './preamble.ts';
import { type DoubtedColumn, doubtReason, doubtRemedies, keysOf } from './said-form.ts';
import type { FoundForm } from './sample.ts';
import { kindOf } from './value-form.ts';

type Code = keyof typeof textCodes;

function csvError(
  code: Code,
  what: string,
  details: { readonly why?: readonly string[]; readonly tryThis?: readonly string[] } = {},
): HomeError {
  return new HomeError({ code, what, why: details.why ?? [], tryThis: details.tryThis ?? textCodes[code].tryThis });
}

const mostShown = 60;

/** A value as an error shows it: shortened, and on one line. */
function shownValue(text: string): string {
  const cut = text.length > mostShown ? `${text.slice(0, mostShown)}…` : text;
  return JSON.stringify(cut);
}

export function emptyFile(name: string): HomeError {
  return csvError('HYG-3303', `${name} is empty: it does not even have a header.`);
}

export function invalidText(name: string, encoding: string, at: string): HomeError {
  const utf8 = encoding === 'utf-8';
  return csvError('HYG-3302', `${name} is not valid ${encoding}: ${at}.`, {
    tryThis: utf8
      ? ['If the file was written on Windows, try encoding: windows-1252', 'Or have the file written in UTF-8']
      : ['Correct encoding of the home', 'Or have the file written in UTF-8'],
  });
}

/** The error for a file whose bytes are valid in that encoding, but whose text is garbage. */
export function unmarked(name: string, { looks, encoding }: { readonly looks: string; readonly encoding: string }): HomeError {
  return csvError('HYG-3302', `${name} is not ${encoding}: every other byte of its beginning is 0, as in ${looks}.`, {
    why: ['The file has no byte order mark, which would name the encoding.'],
    tryThis: [`Say so: encoding: ${looks}`, 'Or have the file written in UTF-8'],
  });
}

export function neverClosed(name: string, line: number): HomeError {
  return csvError('HYG-3306', `${name}: the quote that opens in line ${line} is never closed.`, {
    tryThis: [`Look at line ${line} of the source`, 'If quotes mean nothing in this file, say quote: none'],
  });
}

export function tooLarge(name: string, line: number, limitBytes: number): HomeError {
  const limit = `${Math.round(limitBytes / 2 ** 20)} MB`;
  return csvError('HYG-3307', `${name}: the record that begins in line ${line} is larger than ${limit}.`, {
    why: ['Most often a quote that opens in this line is never closed.'],
    tryThis: [`Look at line ${line} of the source`, 'If quotes mean nothing in this file, say quote: none'],
  });
}

export function sameNames(name: string, columns: readonly string[], skipRows: number): HomeError {
  const [first = ''] = columns.filter((column, index) => columns.indexOf(column) !== index);
  const distinct = columns.map((column, index) => (columns.indexOf(column) === index ? column : `${column}_${index + 1}`));
  const shown = distinct.slice(0, 8).join(', ');
  return csvError('HYG-3304', `${name} has two columns named ${shownValue(first)}.`, {
    tryThis: [
      `Name the columns yourself: header: [${shown}${distinct.length > 8 ? ', …' : ''}] with skip_rows: ${skipRows + 1}`,
      'Or have the file written with distinct names',
    ],
  });
}

export function noSuchTypes(name: string, missing: readonly string[], columns: readonly string[]): HomeError {
  return csvError('HYG-3308', `types names ${missing.map(shownValue).join(', ')}, which ${name} does not have.`, {
    why: [`Its columns: ${columns.slice(0, 20).join(', ')}${columns.length > 20 ? ', …' : ''}`],
  });
}

/** The advice for a file that is written differently from the other files. */
const another = 'If the file is different on purpose, move it into a separate entity';

export function beginsWithComment(name: string, line: string): HomeError {
  return csvError('HYG-3309', `${name} begins with ${shownValue(line)}, which looks like a comment and not like the names of columns.`, {
    tryThis: ['If lines that begin with # are comments, say comment: "#"', 'If only the first line is a comment, say skip_rows: 1'],
  });
}

/** The error for a file that begins with a title, or with other text above the table of a report. */
export function linesBeforeTable(
  name: string,
  of: { readonly first: readonly string[]; readonly fields: number; readonly lines: LinesBefore | undefined; readonly skipped: number },
): HomeError {
  const { first, fields, lines, skipped } = of;
  const filled = first.filter((text) => text.trim() !== '');
  const told = first.length === filled.length ? `has ${fieldsText(first.length)}` : `fills ${fieldsText(filled.length)}`;
  const line = skipped === 0 ? 'The first row' : `The row after ${skipped} skipped lines`;
  return csvError(
    'HYG-3319',
    `${name} begins with ${filled.length === 0 ? 'a row without a value' : shownValue(filled.join(', '))}, which does not name the columns of its table.`,
    {
      why: [
        `${line} ${told}, but rows of the table have ${fields}.`,
        ...(lines === undefined
          ? []
          : [`With skip_rows: ${lines.count} the table begins with ${shownValue(lines.begins.slice(0, 8).join(', '))}, and its rows fit.`]),
      ],
      tryThis: [
        ...(lines === undefined
          ? [`Look at the first lines of ${name}, and name its ${fields} columns: header: [a, b, …] with skip_rows: ${skipped + 1}`]
          : [`Skip the lines above the table: skip_rows: ${lines.count}`]),
        'Or have the file written without these lines',
      ],
    },
  );
}

const fieldsText = (count: number): string => `${count} ${count === 1 ? 'field' : 'fields'}`;

/** The error for a header that is not certain, because the config has `on_guess: fail`. */
export function notTold(name: string, header: boolean, { first, below }: Pick<FoundForm, 'first' | 'below'>): HomeError {
  const shown = shownValue(first.slice(0, 8).join(', '));
  return csvError('HYG-3318', `Nothing in ${name} says whether its first row names the columns: ${shown}.`, {
    why: [`The first row would be read as ${header ? 'names' : 'a row of values'}, but on_guess is fail.`],
    tryThis: [
      ...(below ? [`If line ${below.lines + 1} (${below.names.slice(0, 8).join(', ')}) names the columns: skip_rows: ${below.lines}`] : []),
      'If the first row names the columns, say so: header: true',
      'If the first row is a row of values: header: false, or header: [a, b, …] with names of yours',
    ],
  });
}

export function hasHeader(name: string, first: readonly string[]): HomeError {
  return csvError('HYG-3320', `${name} seems to have a header: its first row is ${shownValue(first.slice(0, 8).join(', '))}.`, {
    why: ['Earlier files have no header. The names in this file would become a row of values.'],
    tryThis: ['Write the file again without its header', another],
  });
}

export function mixedLineEnds(name: string, field: string): HomeError {
  return csvError('HYG-3317', `${name} has lines that end in two ways: its first row would contain ${shownValue(field)}.`, {
    why: [
      'Most lines end with a carriage return alone, some with a line feed. With each of the two as the line end, some rows would be merged.',
    ],
  });
}

export function noHeader(name: string, first: readonly string[], known: readonly string[]): HomeError {
  return csvError('HYG-3310', `${name} seems to have no header: its first row is ${shownValue(first.slice(0, 8).join(', '))}.`, {
    why: [`Earlier files have the columns ${shownNames(known)}. The values of this row would become names, and the row would be lost.`],
    tryThis: ['Write the file again with its header', 'If no file should have a header, name the columns: header: [a, b, …]', another],
  });
}

const delimiterNames: Readonly<Record<string, string>> = { '\t': 'tabs', ' ': 'blanks' };

/** The error for a delimiter that is not certain, because the config has `on_guess: fail`. */
export function delimiterNotTold(name: string, delimiters: readonly string[]): HomeError {
  const written = delimiters.map((delimiter) => (delimiter === '\t' ? 'tab' : JSON.stringify(delimiter)));
  return csvError('HYG-3318', `Nothing in ${name} says which character separates its fields: ${written.join(' or ')}.`, {
    why: [`Each of these characters splits every row into the same number of fields. hygge would use ${written[0]}, but on_guess is fail.`],
    tryThis: written.map((delimiter) => `If the delimiter is ${delimiter}, say so: delimiter: ${delimiter}`),
  });
}

export function anotherDelimiter(name: string, { pinned, found }: { readonly pinned: string; readonly found: string }): HomeError {
  const shown = (delimiter: string) => delimiterNames[delimiter] ?? delimiter;
  return csvError('HYG-3311', `${name} has ${shown(found)} between its fields, but other files have ${shown(pinned)}.`, {
    why: ['The rows of this file would settle as a single column.'],
    tryThis: [`Write the file again with ${shown(pinned)} between its fields`, another],
  });
}

/** The error for a column whose type is not certain, because the config has `on_guess: fail`. */
export function formNotTold(name: string, doubt: DoubtedColumn): HomeError {
  return csvError('HYG-3318', `Nothing in ${name} says whether ${doubt.name} is text: ${doubtReason(doubt)}.`, {
    why: ['The column would be text, but on_guess is fail.'],
    tryThis: doubtRemedies(doubt),
  });
}

export function notCsv(name: string): HomeError {
  return csvError('HYG-3312', `${name} is not a CSV file: it begins like a web page or a document.`, {
    why: ['Most often a server answered with an error, and the answer was saved as the file.'],
    tryThis: ['Look at the file, and fetch it again', 'If the file has JSON records, read it with format: json'],
  });
}

const shownNames = (names: readonly string[]): string => `${names.slice(0, 12).join(', ')}${names.length > 12 ? ', …' : ''}`;

/** The reason for a bad record: the record has another number of fields, or a misplaced quote or line end. */
export function brokenReason(fields: BrokenRecord['fields'], columns: number): string {
  if (fields === 'quote') return 'text follows a closing quote';
  if (fields === 'line feed') return 'a line feed is outside of quotes, but lines end with a carriage return alone';
  return `it has ${fields} ${fields === 1 ? 'field' : 'fields'} instead of ${columns}`;
}

export const movedReason = 'the header is repeated, with its columns in another order';

export const repeatedHeaderReason = 'it repeats the header and is not a row';

export function misfitReason(column: Column): string {
  return `column ${column.name} is not ${describeType(column.type)}`;
}

/** The error for a row at which the run stops. */
export function badRowError(
  where: { readonly name: string; readonly line: number },
  bad: BadRow,
  { columns, reading }: { readonly columns: readonly CsvColumn[]; readonly reading: CsvReading },
): HomeError {
  const column = bad.misfit && columns[bad.misfit.column];
  if (bad.stops) return moved(where, bad.text, columns.length);
  if (bad.misfit === undefined || column === undefined) return badRow(where, bad.reason, bad.text);
  return misfit(where, { column, said: column.told ? '' : keysOf(column.type, reading.options) }, bad.misfit.value);
}

/** The error for a line below which rows would settle in the wrong columns. */
function moved(where: { readonly name: string; readonly line: number }, text: string, columns: number): HomeError {
  return csvError('HYG-3305', `${where.name}, line ${where.line}: ${movedReason}.`, {
    why: [`The row is ${shownValue(text)}`, 'Rows below this line would settle in the wrong columns, for any value of bad_rows.'],
    tryThis: [
      `Write line ${where.line} and the rows below it to a separate file: columns are matched by name`,
      `If this line is a row of values, name the ${columns} columns differently: header: [a, b, …] with skip_rows: 1`,
    ],
  });
}

function badRow(where: { readonly name: string; readonly line: number }, reason: string, text: string): HomeError {
  return csvError('HYG-3305', `${where.name}, line ${where.line}: ${reason}.`, {
    why: [`The row begins with ${shownValue(text)}`],
    tryThis: [
      `Correct line ${where.line} of the source`,
      ...(reason === repeatedHeaderReason ? ['If the first line is a row too, say header: false'] : []),
      'Or skip and count such rows: bad_rows: skip (or quarantine, to keep them for later)',
    ],
  });
}

function misfit(
  where: { readonly name: string; readonly line: number },
  { column, said }: { readonly column: CsvColumn; readonly said: string },
  value: string,
): HomeError {
  const type = describeType(column.type);
  return csvError('HYG-3305', `${where.name}, line ${where.line}: column ${column.name} is ${type}, but ${shownValue(value)} is not.`, {
    why: [
      ...(said === '' ? [] : [`The home says how such values are written: ${said}.`]),
      'Types are decided once, from samples or by `types`, and do not change later.',
    ],
    tryThis: [
      `If this value is right, give the column another type: types: { ${asYaml(column.name)}: string }. Then load the settled rows again: hygge reset FLOW.ENTITY, then hygge go`,
      ...(['missing', 'empty'].includes(kindOf(value))
        ? [`If this value means that there is no value: null_values: [${JSON.stringify(value)}, ""]`]
        : []),
      'Or skip and count such rows: bad_rows: skip (or quarantine, to keep them for later)',
    ],
  });
}

export function noSuchColumn(name: string, column: string, columns: readonly string[]): HomeError {
  return new HomeError({
    code: 'HYG-3107',
    what: `${name} has no column ${shownValue(column)}.`,
    why: [`Its columns: ${columns.slice(0, 30).join(', ')}`],
    tryThis: ['Check the spelling, upper and lower case included'],
  });
}
