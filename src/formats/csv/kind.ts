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
    delimiter: delimiter.describe('Between fields: `,`, `;`, `|`, tab. Found out where nothing is said.'),
    quote: mark.describe('Around fields that hold delimiters or line ends; `"` where nothing is said, none when quotes mean nothing.'),
    escape: mark.describe('Before a quote inside a field. If nothing is said, a quote is written twice.'),
    header: z
      .union([z.literal('auto'), z.boolean(), z.array(z.string().min(1)).nonempty()])
      .optional()
      .describe('Whether the first row names the columns; or their names, when the file has none. auto looks.'),
    encoding: z
      .string()
      .refine((label) => encodingNamed(label) !== undefined, 'an encoding such as utf-8, windows-1252, iso-8859-15, utf-16le')
      .optional()
      .describe('utf-8 where nothing is said; a byte order mark is believed before anything else.'),
    null_values: z
      .array(z.string())
      .optional()
      .describe(
        'Texts without quotes that mean null, instead of the empty one: ["NA", ""]. In columns that are not text, empty is always null.',
      ),
    quoted_nulls: z.boolean().optional().describe('Those texts mean null in quotes as well.'),
    comment: z.string().min(1).optional().describe('Lines that begin with this are not rows.'),
    skip_rows: z.int().nonnegative().optional().describe('So many lines at the beginning of each file are passed over.'),
    types: typesKey,
    decimal_separator: z.enum(['.', ',']).optional().describe('Before the fraction of numbers.'),
    thousands_separator: z
      .string()
      .refine((text) => /^[.,' _]$/.test(text), "one of . , ' _ or a blank")
      .optional()
      .describe('Between groups of digits: 1.234.567.'),
    date_format: format('date').describe('How dates are written, where not as 2024-12-31: "%d.%m.%Y".'),
    timestamp_format: format('timestamp').describe('How timestamps are written, where not as 2024-12-31T23:59:59: "%d/%m/%Y %H:%M".'),
    bad_rows: z
      .enum(['fail', 'skip', 'quarantine'])
      .optional()
      .describe('What happens to rows that do not fit: the run fails, they are left out and counted, or they go to quarantine.'),
    on_guess: z
      .enum(['warn', 'fail'])
      .optional()
      .describe(
        'If nothing in a file says whether its first row names the columns, which character separates fields, or whether a column is text: the first run warns, or stops. Default: warn.',
      ),
    compression: z.enum(['auto', 'none', 'gzip', 'zstd']).optional().describe('Found out where nothing is said.'),
  },
  storeKeys: {
    delimiter: delimiter.describe('Between fields; a comma where nothing is said.'),
    header: z.boolean().optional().describe('Whether each file begins with the names of the columns; it does where nothing is said.'),
    quote_style: z
      .enum(['necessary', 'non_numeric', 'always'])
      .optional()
      .describe('Which fields are put in quotes; only those that need it where nothing is said.'),
    null_value: z
      .string()
      .regex(/^[^"\r\n]*$/)
      .optional()
      .describe('What is written for null; nothing at all where nothing is said.'),
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

/** True for types that a field of a CSV file can hold. */
function isFlatText(type: DataType): boolean {
  return !['list', 'struct', 'null'].includes(type.kind);
}
