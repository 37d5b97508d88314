import type { Codes } from './entry.ts';

/** What `hygge copy` can't mean, and files of rows that can't be taken: told before anything is touched. */
export const copyCodes = {
  'HYG-1310': {
    title: 'No place of that kind',
    meaning:
      'FROM or TO of a copy begins with an unknown scheme, such as `s4://`, or has no slashes behind it. Or it is a web page, or has a password or key at a wrong place of the address. The message shows `***` for that.',
    why: 'A scheme was mistyped, or a slash is missing behind it: `s3:/lake`.',
  },
  'HYG-1311': {
    title: 'FROM and TO are one place',
    meaning: 'However the two are spelt or linked to, they are the same files or the same table.',
    why: 'The two were typed alike, or one is a link to the other.',
  },
  'HYG-1312': {
    title: 'One place is in the other',
    meaning: 'With TO inside FROM the next copy would read what this one settles; with FROM inside TO it could replace its own source.',
    why: 'The copy of a folder was to settle in that folder.',
  },
  'HYG-1313': {
    title: 'Nothing to copy',
    meaning: 'There is no such file, folder or table, or nothing in it that hygge reads.',
    why: 'A name was mistyped, or the command was typed in another folder.',
    tryThis: ['Check the name, the folder you are in, and what the role may read.'],
  },
  'HYG-1314': {
    title: 'Two under one name',
    meaning: 'Two tables or files have names that differ in capitals or endings only, and would settle in one place.',
    why: 'A database that tells capitals apart has two tables that differ in nothing else.',
    tryThis: [
      'Copy each by itself, to a place of its own; of `hygge init --from`, choose one of them, and write the other an entity of another name.',
    ],
  },
  'HYG-1315': {
    title: 'A format that is not known',
    meaning: 'The ending of a name belongs to no format that hygge reads or writes, or nothing shows the format.',
    why: 'A spreadsheet or an archive was named, or a file without an ending.',
    tryThis: ['Convert the file to parquet, CSV, NDJSON or JSON; or say what it is: `--format csv`.'],
  },
  'HYG-1316': {
    title: 'A file where a folder is needed, or the reverse',
    meaning: 'The existing data, or the data to settle, are of the other kind.',
    why: 'TO has the name of something that is there already, and is of the other kind.',
  },
  'HYG-1317': {
    title: 'A database without a table',
    meaning: 'FROM or TO names a database, and no table in it.',
    why: 'The shell took what is behind an unquoted #, or nothing was written there.',
  },
  'HYG-1318': {
    title: 'Options that do not go together',
    meaning:
      'Each of them means something, and both together, or one with these places, does not. `--if-exists append` is one of them where this copy has filled TO before: it would add the same rows again.',
    why: 'An option was added to a copy that cannot keep it.',
  },
  'HYG-1319': {
    title: 'Filled from another source',
    meaning:
      'A copy has filled TO before, from another FROM. A full load would replace those rows by others, and an increment would mix them.',
    why: 'Another FROM was typed for the same TO, or a file was moved to another folder.',
  },
  'HYG-1320': {
    title: 'A copy that can’t be saved so',
    meaning:
      'The flow would not continue where the copy ended: it has another name than the copy had, the workspace keeps its state elsewhere, or something exists there already.',
    why: 'The flow was to have another name than the last part of TO, or `hygge.yml` says another `state:`.',
  },
  'HYG-1321': {
    title: 'A password no one can type',
    meaning: 'A colon without a password behind it means a question at the terminal, and no terminal exists here.',
    why: 'The copy runs in a script, and its URL has a colon without a password.',
  },
  'HYG-1322': {
    title: 'A pipe that can’t be copied so',
    meaning: '`-` is what is piped in or printed. An option needs a file or a folder, or nothing is piped in.',
    why: 'A copy from a pipe was typed without one, or its rows were to be kept.',
    tryThis: ['Name a place in its stead, or leave out what the message says.'],
  },
  'HYG-1947': {
    title: 'A file for rows that can’t be taken',
    meaning:
      '`hygge quarantine show --to` writes rows to a file, and `replay --file` reads mended ones. Nothing was written, and nothing settled.',
    why: 'The end of the name is of no format, the file to write is there already, or the file to read is not there.',
    tryThis: ['Name a file that ends in .csv, .tsv, .parquet, .ndjson or .json. `--to` never overwrites one.'],
  },
} as const satisfies Codes;
