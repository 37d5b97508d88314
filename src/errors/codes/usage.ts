import type { Codes } from './entry.ts';

/** Wrong use of the command line. Exit 2. */
export const usageCodes = {
  'HYG-1901': {
    title: 'The command line cannot be read',
    meaning: 'An option or argument is unknown, misspelled, missing or not of the expected form.',
    why: 'An option or argument is misspelt, is missing, or does not go with another one.',
    tryThis: ['`hygge --help` and `hygge <command> --help` list the commands and options.'],
  },
  'HYG-1902': {
    title: 'Nothing matches the filter',
    meaning: 'A name or pattern (an argument, `--flow`, `--entity`, `--exclude`) matches nothing in the workspace.',
    why: 'The flow or entity was renamed, or the command runs in another workspace than you think.',
  },
  'HYG-1903': {
    title: 'Nothing distinguishes new rows from old ones',
    meaning: '--incremental needs a watermark, or files, which show what is new.',
    why: '`-i` was given for all entities, and one of them is always loaded whole.',
  },
  'HYG-1904': {
    title: 'Files are in the way',
    meaning: '`hygge init` never overwrites files, and a file of the same name exists.',
    why: 'The folder has a workspace already.',
  },
  'HYG-1905': {
    title: 'No terminal to answer a question',
    meaning: 'A command that changes state asks a question first, and no terminal exists for the answer.',
    why: 'The command runs in a script or a scheduler.',
  },
  'HYG-1909': {
    title: 'The target is protected',
    meaning:
      'A command that moves data to a target with `protected: true` needs the name of the target, typed or in `--confirm`. The name is missing or differs.',
    why: 'The command runs in a script, or another name was typed.',
  },
  'HYG-1906': {
    title: 'The state cannot be moved',
    meaning:
      '`hygge state mv` needs an entity with a state that no run holds, and a new name without a state. `hygge state import` needs a place without these states.',
    why: 'Nothing settled under the old name, a run is at work, or the new name has a state of its own.',
    tryThis: ['Wait until no run holds the entity, and choose a name that has never settled; `hygge status` shows them.'],
  },
  'HYG-1907': {
    title: 'There is nothing to accept',
    meaning:
      'schema accept accepts changes of a source that a run would report or stop at. There are no such changes, or they show only while the source is read.',
    why: 'The source has not changed since it settled, or the change was accepted before.',
  },
  'HYG-1908': {
    title: 'The page cannot be written',
    meaning: 'hygge report or hygge status --open cannot write its page where it should be. An earlier one is still there, whole.',
  },
} as const satisfies Codes;

/** The pages that come with hygge. */
export const docsCodes = {
  'HYG-1942': {
    title: 'The documentation is not installed',
    meaning: 'hygge docs reads the pages that come with hygge, in the folder docs next to its package.json. That folder is not there.',
    why: 'hygge was copied without the folder, or the folder was deleted.',
  },
  'HYG-1943': {
    title: 'The page has no such section',
    meaning: 'The page exists, but none of its headings begins with the word after #.',
    why: 'The heading was renamed in another version, or is misspelt.',
  },
  'HYG-1944': {
    title: 'No page answers',
    meaning: 'hygge docs found no word of the question on any page.',
    why: 'The pages are in English, or the question is not about hygge.',
  },
  'HYG-1945': {
    title: 'The query names no existing table',
    meaning: '`hygge query` reads the settled rows of the entities that the query names. None of these entities has settled rows.',
    why: 'No entity of the workspace is named, nothing of it has settled, or its newest rows are requested and no key identifies its rows.',
    tryThis: ['`hygge list entities` shows the names: each is a table, `"flow"."entity"`.', 'Load it first: `hygge go`.'],
  },
  'HYG-1946': {
    title: 'DuckDB refused the query',
    meaning: 'DuckDB does not understand the SQL of the query, or the query failed while it ran. Nothing was written.',
    why: 'A name is misspelt, a column has another type, or the SQL is that of another system.',
    tryThis: ['Mend the query. `hygge query` with `DESCRIBE` and the name of a table lists its columns.'],
  },
} as const satisfies Codes;
