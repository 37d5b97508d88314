import type { Codes } from './codes.ts';

/** Why JSON can't be read. What it shares with other files of text is in text-codes.ts. */
export const jsonCodes = {
  'HYG-3401': {
    title: 'Not a JSON document',
    meaning:
      'The file is not one JSON document: it is cut short, or something is where JSON has nothing, so records after it can’t be told.',
    tryThis: ['Copy or write the file again.', 'For a file of one object a line say `format: ndjson`.'],
  },
  'HYG-3402': {
    title: 'Values of several kinds in one column',
    meaning: 'A column holds numbers in some records and texts (or objects, or lists) in others, and no key says what that should become.',
    tryThis: [
      'Give the column a type: `types: {column: string}`, or `json` to keep every value as it is written.',
      'Say it for all columns: `mixed: string` or `mixed: json`.',
    ],
  },
  'HYG-3403': {
    title: 'No records where `records` points to',
    meaning: 'The path in `records` leads to no array of objects.',
    tryThis: ['Correct the path: names from the outside in, with dots between them, as `records: data.items`.'],
  },
  'HYG-3404': {
    title: 'More names than columns can be',
    meaning: 'The records have so many different names that the names are data, as in objects whose names are ids.',
    tryThis: ['Keep that part as it is: `types: {column: json}`.'],
  },
  'HYG-3405': {
    title: 'Columns that would get the same name',
    meaning: 'Two members of a record would become columns of one name once objects are flattened.',
    tryThis: ['Choose another `separator`, or flatten less deep.'],
  },
  'HYG-3406': {
    title: 'No record tells the columns',
    meaning: 'None of the files has a record yet, and JSON has no header, so there are no columns to settle.',
    tryThis: ['Run again when there are records.', 'Say what the columns are: `types: {id: int64, name: string}`.'],
  },
  'HYG-3407': {
    title: 'A member without a name',
    meaning: 'Records have a member whose name is empty, and a column must have a name.',
    tryThis: ['Have the source written with a name for it.', 'Inside an object, keep the object as it is: `types: {column: json}`.'],
  },
} as const satisfies Codes;

/** Why JSON can't be written. */
export const jsonStoreCodes = {
  'HYG-4303': {
    title: 'Values that JSON can’t hold',
    meaning:
      'JSON has no word for NaN, for infinity, for days outside of the years 1 to 9999, and for some values inside lists and structs; null in their place would lose data.',
    tryThis: ['Leave the column out with exclude.', 'Choose a store format that holds them: parquet.'],
  },
  'HYG-4304': {
    title: 'Text in a json column that is not JSON',
    meaning: 'A column of type json goes into a JSON file as it is, and one of its values is not JSON, so no reader could read the file.',
    tryThis: [
      'Correct the value in the source.',
      'Leave the column out with exclude.',
      'Settle as parquet, where json is a text: `format: parquet`.',
    ],
  },
} as const satisfies Codes;
