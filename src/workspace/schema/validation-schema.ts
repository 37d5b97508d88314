import * as z from 'zod';
import { columnFigures } from '../../engine/contracts/validation.ts';
import { textFormats } from '../../frames/rules/rule.ts';
import { duration } from '../duration-schema.ts';
import { columnType } from './column-type.ts';

/** `validation:` as it is written, and the file that `validation.contract` names. `contracts` interprets them when the layers are merged. */

const text = z.string().min(1);
const literal = z.string().min(1).meta({ asWritten: true });
const column = z.string().min(1).meta({ asWritten: true, names: 'column' });

/** `strict` and `fail` mean the same. */
export const validationModes = ['strict', 'fail', 'warn', 'quarantine'] as const;
const severity = z.enum(['fail', 'warn', 'quarantine']);

export const checkTypes = ['completeness', 'uniqueness', 'freshness', 'volume', 'range', 'sql'] as const;

const share = z
  .string()
  .regex(/^(100|\d{1,2}(\.\d+)?)%$/, { error: 'a share such as `5%`, from 0% to 100%' })
  .meta({ examples: ['1%', '0.5%'] });
const rows = z.int().min(0);
const bound = z.union([z.number(), text]);

const qualityCheck = z
  .strictObject({
    type: z
      .enum(checkTypes)
      .describe(
        'completeness: enough values are not null. uniqueness: no two rows of a run have the same values. freshness: the newest value of a column, or the newest file, is new enough. volume: the number of rows. range: an aggregate of a column, such as its sum. sql: one number that a query of the source returns.',
      ),
    name: literal.describe('The name of the check in reports. Default: its type and columns.'),
    on_fail: severity.describe(
      'What happens when the check fails. Default: as `validation.mode`. Most checks judge all rows together, so for them `quarantine` means `fail`. Only uniqueness can quarantine rows, in a database: the newest row of each key settles.',
    ),
    column: column.describe(
      'For completeness, freshness and range: the column. freshness without a column: the age of the newest file of the source.',
    ),
    columns: z
      .union([column.transform((name) => [name]), z.array(column).min(1)])
      .describe('For uniqueness: the columns whose combined values must be unique.'),
    threshold: z.number().min(0).max(1).describe('For completeness: the smallest share of values that are not null, from 0 to 1.'),
    max_age: duration('For freshness: how old the newest value or file may be.'),
    max_age_hours: z.number().positive().describe('For freshness: the same as `max_age`, in hours.'),
    min_rows: rows.describe('For volume: the fewest rows.'),
    max_rows: rows.describe('For volume: the most rows.'),
    within: share.describe('For volume: how far the number of rows may differ from the median of recent runs of the same kind.'),
    rows: z.enum(['settled', 'read']).meta({
      description:
        'For completeness, range and volume: which rows are judged. settled: the rows that settle. read: all rows that were read, also those in quarantine.',
      default: 'settled',
    }),
    of: z.enum(columnFigures).describe('For range: the aggregate of the column that is compared.'),
    query: text.describe('For sql: a SELECT in the SQL of the source that returns one number. It may contain {entity}, {flow} and {date}.'),
    min: bound.describe('For range and sql: the smallest value that passes.'),
    max: bound.describe('For range and sql: the largest value that passes.'),
  })
  .partial()
  .required({ type: true });

export const validationSchema = z
  .strictObject({
    contract: z
      .union([text, z.null()])
      .describe(
        'The contract: a YAML or JSON file with columns and rules, or an Open Data Contract Standard file. The path is relative to hygge.yml, and may contain {entity} and {flow}. See [contracts.md](contracts.md).',
      ),
    mode: z.enum(validationModes).meta({
      description:
        'What happens to a row that breaks a rule. fail (or strict): the run stops, and nothing settles. warn: the row settles, with a warning. quarantine: the row goes to quarantine, and the others settle.',
      default: 'fail',
    }),
    quality: z
      .strictObject({ checks: z.array(qualityCheck).describe('Checks of all rows of a run together.') })
      .partial()
      .describe('Checks in addition to those of the contract.'),
    max_quarantined: z
      .union([rows.transform((most) => ({ rows: most })), share.transform((written) => ({ percent: Number(written.slice(0, -1)) }))])
      .describe(
        'The run stops if it would put more rows than this in quarantine: a number of rows, or a share of the rows that were read.',
      ),
    keep_quarantined: duration(
      'The next run that settles something removes rows that have been in quarantine for this long. A WARN reports them in the week before. Default: they stay.',
    ),
    samples: z.enum(['mask', 'show']).meta({
      description: 'true: reports show values of rows that break a rule. false: reports show only the form of such values.',
      default: 'mask',
    }),
  })
  .partial();

export type WrittenValidation = z.infer<typeof validationSchema>;
export type WrittenCheck = z.infer<typeof qualityCheck>;

const value = z.union([z.string(), z.number(), z.boolean()]);
const otherColumn = (meaning: string) => literal.describe(meaning);

const columnKeys = {
  type: columnType.describe('The type of the settled column: int64, decimal(18,2), timestamp[us, UTC].'),
  nullable: z.boolean().meta({ description: 'false: no value may be null.', default: true }),
  optional: z.boolean().meta({ description: 'true: a file may lack the column, without a report.', default: false }),
  min: bound.describe('The smallest value.'),
  max: bound.describe('The largest value.'),
  length: z
    .union([
      z.int().min(0),
      z.tuple([z.int().min(0), z.int().min(0)]),
      z.strictObject({ min: z.int().min(0).describe('The fewest.'), max: z.int().min(0).describe('The most.') }).partial(),
    ])
    .describe('How many characters a text may have: 2, [1, 20] or { max: 20 }.'),
  regex: text.describe('A regular expression in the syntax of Rust. It may match anywhere in the text; ^…$ matches the whole text.'),
  in: z.array(value).min(1).describe('The possible values.'),
  in_file: text.describe('A file with the possible values, one a line; relative to hygge.yml.'),
  format: z.enum(textFormats).describe('The format of a text.'),
  unique: z.boolean().meta({ description: 'true: no value may occur twice in a run.', default: false }),
  less_than: otherColumn('A column of the same row whose value must be larger.'),
  at_most: otherColumn('A column of the same row whose value must be at least as large.'),
  more_than: otherColumn('A column of the same row whose value must be smaller.'),
  at_least: otherColumn('A column of the same row whose value must be at most as large.'),
  severity: severity.describe('What happens to a row that breaks a rule of this column. Default: as `validation.mode`.'),
  description: z.string().describe('For people.'),
};

export const contractColumn = z.strictObject(columnKeys).partial();
export const listedColumn = z
  .strictObject({ name: literal.describe("The column's settled name, after polish and migrations."), ...columnKeys })
  .partial()
  .required({ name: true });

const rule = z
  .strictObject({
    name: literal.describe('The name of the rule in reports.'),
    check: text.describe('A condition on one row, in the SQL of Polars. A row for which it is false breaks the rule.'),
    when: text.describe('Only rows for which this is true are judged.'),
    severity: severity.describe('What happens to a row that breaks the rule. Default: as `validation.mode`.'),
    description: z.string().describe('For people.'),
  })
  .partial()
  .required({ name: true, check: true });

const contractKeys = {
  complete: z.boolean().meta({
    description: 'true: the source has these columns and no others. false: columns that are not named here settle as before.',
    default: 'true, if each column has a type',
  }),
  unique: z.array(z.array(column).min(1)).describe('Lists of columns whose combined values must be unique in a run.'),
  rules: z.array(rule).describe('Conditions on one row.'),
  description: z.string().describe('For people.'),
};

/** The schema of a contract file without its columns, which are checked one by one. */
export const contractFrame = z.strictObject({ columns: z.unknown(), ...contractKeys }).partial();

/** The schema of a contract file for an editor. */
export const contractFile = z.union([
  z
    .strictObject({
      columns: z
        .union([z.array(listedColumn).min(1), z.record(z.string(), z.union([columnType, contractColumn]))])
        .describe('The columns.'),
      ...contractKeys,
    })
    .partial(),
  z.array(listedColumn).min(1),
  z.record(z.string(), columnType),
]);

export type WrittenColumn = z.infer<typeof contractColumn>;
