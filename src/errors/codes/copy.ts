import type { Codes } from './entry.ts';

/** Mistakes in a `hygge copy`, and files of quarantined rows that can not be used. The errors are reported before data is changed. */
export const copyCodes = {
  'HYG-1310': {
    title: 'FROM or TO is not a valid address',
    meaning:
      'FROM or TO of a copy begins with an unknown scheme, such as `s4://`, or has no slashes behind the scheme. Or it is a web page, or has a password or key in a wrong part of the address. The message shows `***` instead of the password or key.',
  },
  'HYG-1311': {
    title: 'FROM and TO are the same place',
    meaning: 'FROM and TO are the same files or the same table, perhaps in another spelling or through a link.',
  },
  'HYG-1312': {
    title: 'FROM or TO is inside the other',
    meaning:
      'If TO is inside FROM, the next copy would read the files that this copy writes. If FROM is inside TO, the copy could replace its own source.',
  },
  'HYG-1313': {
    title: 'Nothing to copy',
    meaning: 'The file, folder or table does not exist, or has no data that hygge reads.',
    tryThis: ['Check the name, the current folder, and the rights of the role.'],
  },
  'HYG-1314': {
    title: 'Two tables or files with one name',
    meaning: 'The names of two tables or files differ only in capitals or endings, so both would settle in the same destination.',
    tryThis: [
      'Copy each table or file separately, to its own destination. With `hygge init --from`, choose one, and write an entity of another name for the other.',
    ],
  },
  'HYG-1315': {
    title: 'An unknown format',
    meaning: 'The ending of a name belongs to no format that hygge reads or writes, or nothing shows the format.',
    tryThis: ['Convert the file to parquet, CSV, NDJSON or JSON. Or name its format: `--format csv`.'],
  },
  'HYG-1316': {
    title: 'A file where a folder is needed, or the reverse',
    meaning: 'FROM or TO is a file, but the copy needs a folder. Or it is a folder, but the copy needs a file.',
  },
  'HYG-1317': {
    title: 'A database without a table',
    meaning: 'FROM or TO names a database, but no table in it.',
    why: 'The shell removed the text after an unquoted #, or the table was left out.',
  },
  'HYG-1318': {
    title: 'Options that do not go together',
    meaning:
      'Two options exclude each other, or an option does not apply to FROM or TO. `--if-exists append` does not apply if this copy has filled TO before, because the same rows would be added again.',
  },
  'HYG-1319': {
    title: 'Filled from another source',
    meaning:
      'A copy has filled TO before, from another FROM. A full load would replace those rows by others, and an increment would mix them.',
  },
  'HYG-1320': {
    title: 'A copy that can’t become this flow',
    meaning:
      'The flow would not continue where the copy ended. It has another name than the copy had, the workspace keeps its state elsewhere, or the folder of the flow has files already.',
  },
  'HYG-1321': {
    title: 'No terminal to type the password',
    meaning: 'If the URL has a colon without a password behind it, hygge asks for the password at the terminal. No terminal exists here.',
  },
  'HYG-1322': {
    title: 'A pipe that can’t be copied',
    meaning: '`-` means piped input or printed output. No input is piped in, or an option needs a file or a folder instead.',
    tryThis: ['Name a file or a folder instead, or leave out the option that the message names.'],
  },
  'HYG-1947': {
    title: 'A file of quarantined rows cannot be read or written',
    meaning:
      '`hygge quarantine show --to` writes rows to a file, and `replay --file` reads mended rows. Nothing was written, and nothing settled.',
    why: 'The ending of the name is not a known format. Or the file to write exists already, or the file to read does not exist.',
    tryThis: ['Name a file that ends in .csv, .tsv, .parquet, .ndjson or .json. `--to` never overwrites a file.'],
  },
} as const satisfies Codes;
