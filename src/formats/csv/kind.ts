import * as z from 'zod';
import type { DataType } from '../../frames/schema.ts';
import { typesGiven, typesKey } from '../../frames/type-text.ts';
import type { FormatKind } from '../contract/format.ts';
import { patternProblem } from './columns/patterns.ts';
import { encodingNamed } from './encodings.ts';
import { type CsvStoreOptions, writingOf } from './style.ts';

const oneByte = (text: string): boolean => text.length === 1 && text > '\0' && text < '\x80' && text !== '\n' && text !== '\r';
const delimiter = z
  .string()
  .refine((text) => oneByte(text) || text === 'tab' || text === '\\t', 'one character of ASCII, or tab')
  .optional();
const mark = z
  .string()
  .refine((text) => oneByte(text) || text === 'none', 'one character of ASCII, or none')
  .optional();

function format(needs: 'date' | 'timestamp') {
  return z
    .string()
    .superRefine((written, context) => {
      const problem = patternProblem(written, needs);
      if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
    })
    .optional();
}

export const csvKind: FormatKind = {
  id: 'csv',
  extensions: ['csv', 'tsv'],
  homeKeys: {
    delimiter: delimiter.describe('The character between fields: `,`, `;`, `|` or tab. Default: detected.'),
    quote: mark.describe('The character around fields that contain delimiters or line ends. Default: `"`. none: quotes mean nothing.'),
    escape: mark.describe('The character before a quote inside a field. Default: a quote is written twice.'),
    header: z
      .union([z.literal('auto'), z.boolean(), z.array(z.string().min(1)).nonempty()])
      .optional()
      .describe('Whether the first row names the columns, or the names themselves if the file has none. auto: hygge looks.'),
    encoding: z
      .string()
      .refine((label) => encodingNamed(label) !== undefined, 'an encoding such as utf-8, windows-1252, iso-8859-15, utf-16le')
      .optional()
      .describe('Default: utf-8. A byte order mark in the file takes precedence.'),
    null_values: z
      .array(z.string())
      .optional()
      .describe(
        'Unquoted texts that mean null, instead of only the empty field: ["NA", ""]. In columns that are not text, empty is always null.',
      ),
    quoted_nulls: z.boolean().optional().describe('Texts of null_values mean null in quotes as well.'),
    comment: z.string().min(1).optional().describe('Lines that begin with this text are not rows.'),
    skip_rows: z.int().nonnegative().optional().describe('How many lines to skip at the beginning of each file.'),
    types: typesKey,
    decimal_separator: z.enum(['.', ',']).optional().describe('The character before the fraction of a number.'),
    thousands_separator: z
      .string()
      .refine((text) => /^[.,' _]$/.test(text), "one of . , ' _ or a blank")
      .optional()
      .describe('The character between groups of digits, as in 1.234.567.'),
    date_format: format('date').describe('How dates are written, if not as 2024-12-31: "%d.%m.%Y".'),
    timestamp_format: format('timestamp').describe('How timestamps are written, if not as 2024-12-31T23:59:59: "%d/%m/%Y %H:%M".'),
    bad_rows: z
      .enum(['fail', 'skip', 'quarantine'])
      .optional()
      .describe('What happens to rows that do not fit: the run fails, these rows are skipped and counted, or these rows go to quarantine.'),
    on_guess: z
      .enum(['warn', 'fail'])
      .optional()
      .describe(
        'What the first run does if a file leaves open whether it has a header, what separates its fields, or whether a column is text. Default: warn.',
      ),
    compression: z.enum(['auto', 'none', 'gzip', 'zstd']).optional().describe('How files are compressed. Default: detected.'),
  },
  storeKeys: {
    delimiter: delimiter.describe('The character between fields. Default: a comma.'),
    header: z.boolean().optional().describe('Whether each file begins with the names of the columns. Default: true.'),
    quote_style: z
      .enum(['necessary', 'non_numeric', 'always'])
      .optional()
      .describe('Which fields are put in quotes. Default: only fields that need quotes.'),
    null_value: z
      .string()
      .regex(/^[^"\r\n]*$/)
      .optional()
      .describe('The text written for null. Default: an empty field without quotes.'),
    line_ending: z.enum(['lf', 'crlf']).optional().describe('What ends a row.'),
    compression: z.enum(['none', 'gzip', 'zstd']).optional().describe('Files are compressed, and end in .csv.gz or .csv.zst.'),
  },
  clash(config) {
    const { decimal_separator: point = '.', thousands_separator: groups, delimiter: between, quote = '"', types } = config;
    const nested = [...typesGiven(types as Readonly<Record<string, string>> | undefined)].find(([, type]) => !isFlatText(type));
    if (nested)
      return {
        key: 'types',
        needs: `a field of a CSV file can't be a ${nested[1].kind}: say json for ${nested[0]}, and its text is checked`,
      };
    const { delimiter: written, nullValue } = writingOf(config as CsvStoreOptions);
    if (nullValue.includes(written)) return { key: 'null_value', needs: 'characters other than delimiter' };
    if (groups === point) return { key: 'thousands_separator', needs: 'another character than decimal_separator' };
    return between !== undefined && between === quote ? { key: 'delimiter', needs: 'another character than quote' } : undefined;
  },
  open: async (options) => (await import('./csv.ts')).csvFormat(options),
};

/** Whether a field of a CSV file can hold values of the type. */
function isFlatText(type: DataType): boolean {
  return !['list', 'struct', 'null'].includes(type.kind);
}
