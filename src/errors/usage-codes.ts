import type { Codes } from './codes.ts';

/** Wrong use of the command line. Exit 2. */
export const usageCodes = {
  'HYG-1901': {
    title: 'The command line cannot be read',
    meaning: 'An option or argument is unknown, misspelled, missing or not of the expected form.',
    tryThis: ['`hygge --help` and `hygge <command> --help` show what there is.'],
  },
  'HYG-1902': {
    title: 'Nothing matches the filter',
    meaning: 'A --flow or --entity names something that the workspace does not have.',
    tryThis: ['`hygge list flows` and `hygge list entities` show the names.'],
  },
  'HYG-1903': {
    title: 'Nothing tells new from old',
    meaning: '--incremental was asked for an entity that has neither a watermark nor files to tell new from old.',
    tryThis: ['Give the entity a watermark, leave it out with `-f` or `-e`, or load it whole.'],
  },
  'HYG-1904': {
    title: 'Files are in the way',
    meaning: 'init never overwrites; something of the same name is there already.',
    tryThis: ['Choose another folder: `hygge init my-lake`.'],
  },
  'HYG-1905': {
    title: 'Nobody is there to answer',
    meaning: 'A command that changes state asks first, and there is no terminal to ask in.',
    tryThis: ['Say yes beforehand: `--yes`.'],
  },
  'HYG-1906': {
    title: 'The state cannot be moved',
    meaning: 'state mv needs an entity that has state, at rest, and a name that has none; state import a place that has none of it yet.',
    tryThis: ['Wait until no run holds the entity, and choose a name that has never settled; `hygge status` shows them.'],
  },
  'HYG-1907': {
    title: 'There is nothing to accept',
    meaning:
      'schema accept takes changes of a source that a run would tell of or stop at, and there are none, or they show only while the source is read.',
    tryThis: ['`hygge schema diff` shows what has changed, and `hygge go --dry-run` what a run would do.'],
  },
} as const satisfies Codes;
