import type { Codes } from './entry.ts';

/** Errors in a command line. Exit 2. */
export const usageCodes = {
  'HYG-1901': {
    title: 'The command line cannot be read',
    meaning: 'An option or argument is unknown, misspelled, missing or not of the expected form.',
    tryThis: ['`hygge --help` and `hygge <command> --help` list the commands and options.'],
  },
  'HYG-1902': {
    title: 'Nothing matches the filter',
    meaning: 'A name or pattern (an argument, `--flow`, `--entity`, `--exclude`) matches nothing in the workspace.',
  },
  'HYG-1903': {
    title: 'Nothing distinguishes new rows from old ones',
    meaning: '--incremental needs a watermark, or files, which show what is new.',
  },
  'HYG-1904': {
    title: 'Files are in the way',
    meaning: '`hygge init` never overwrites files, and a file of the same name exists.',
  },
  'HYG-1905': {
    title: 'No terminal to answer a question',
    meaning: 'A command that changes state asks a question first, and no terminal exists for the answer.',
  },
  'HYG-1909': {
    title: 'The target is protected',
    meaning:
      'A command that moves data to a target with `protected: true` needs the name of the target, typed or in `--confirm`. The name is missing or differs.',
  },
  'HYG-1906': {
    title: 'The state cannot be moved',
    meaning:
      '`hygge state mv` needs an entity with a state that no run holds, and a new name without a state. `hygge state import` needs a place that does not have these states.',
    tryThis: ['Wait until no run holds the entity, and choose a name that has never settled; `hygge status` shows both.'],
  },
  'HYG-1907': {
    title: 'There is nothing to accept',
    meaning:
      'schema accept accepts changes of a source that a run would report or stop at. There are no such changes, or hygge sees them only while it reads the source.',
  },
  'HYG-1908': {
    title: 'The page cannot be written',
    meaning: 'hygge report or hygge status --open cannot write its page to its file. An earlier page is unchanged.',
  },
} as const satisfies Codes;

/** Errors of the pages that come with hygge. */
export const docsCodes = {
  'HYG-1942': {
    title: 'The documentation is not installed',
    meaning: 'hygge docs reads the pages that come with hygge, in the folder docs next to its package.json. That folder does not exist.',
  },
  'HYG-1943': {
    title: 'The page has no such section',
    meaning: 'The page exists, but none of its headings begins with the word after #.',
  },
  'HYG-1944': {
    title: 'No page answers',
    meaning: 'hygge docs found no word of the question on any page.',
  },
  'HYG-1945': {
    title: 'The query names no existing table',
    meaning: '`hygge query` reads the settled rows of the entities that the query names. None of these entities has settled rows.',
    why: 'The query names no entity of the workspace, or nothing of the entity has settled. Or its newest rows are requested, but no key identifies its rows.',
    tryThis: ['`hygge list entities` shows the names: each is a table, `"flow"."entity"`.', 'Load the entity first: `hygge go`.'],
  },
  'HYG-1946': {
    title: 'DuckDB refused the query',
    meaning: 'DuckDB does not understand the SQL of the query, or the query failed while it ran. Nothing was written.',
    tryThis: ['Mend the query. `hygge query` with `DESCRIBE` and the name of a table lists its columns.'],
  },
} as const satisfies Codes;
