import type { jsonCodes, jsonStoreCodes } from '../json-codes.ts';
import type { Explained } from './explained.ts';

/** Why JSON cannot be read or written, and what it looks like. */
export const jsonExplained = {
  'HYG-3401': {
    why: 'A copy was cut short, something else was given the ending .json, or the file holds one object a line.',
    example: {
      what: 'data/inbox/movies.json is not one JSON document: it ends where a value should be.',
      why: ['That is at byte 52311.'],
      tryThis: ['Copy or write the file again.', 'For a file of one object a line say `format: ndjson`.'],
    },
  },
  'HYG-3402': {
    why: 'The data was collected by hand or from several programs, and nobody said of what type a column is.',
    example: {
      what: "Column Title can't be of one type: it holds text and numbers.",
      why: ['text in line 1 of data/inbox/movies.ndjson', 'a number in line 214 of data/inbox/movies.ndjson'],
      tryThis: [
        'Keep it as text: types: {"Title": string}',
        'Or every value as the JSON it is: types: {"Title": json}',
        'Or say it for all columns: mixed: string, or mixed: json',
      ],
    },
  },
  'HYG-3403': {
    why: 'The path in `records` is misspelt, or the document is built in another way than when the flow was written.',
    example: {
      what: 'data/inbox/movies.json has no records at data.itmes.',
      why: ['data has no member itmes.'],
      tryThis: ['Correct the path: names from the outside in, with dots between them, as `records: data.items`.'],
    },
  },
  'HYG-3404': {
    why: 'Objects are used as dictionaries: their names are ids, dates or words instead of names of columns.',
    example: {
      what: 'The records can\'t be a table: there are more than 20000 different names; one of them is "tt0111161".',
      why: [],
      tryThis: ['Keep that part as it is: `types: {column: json}`.'],
    },
  },
  'HYG-3405': {
    why: 'A record has both a member such as `a_b` and an object `a` with a member `b`.',
    example: {
      what: 'Two columns would be called "a_b".',
      why: ['One is a_b, the other a → b.'],
      tryThis: ['Choose another `separator`, or flatten less deep.'],
    },
  },
  'HYG-3406': {
    why: 'The source is new, or its writer has not written a record yet.',
    example: {
      what: 'data/inbox/movies.ndjson has no record yet, so nothing tells its columns.',
      why: [],
      tryThis: ['Run again when there are records.', 'Say what the columns are: `types: {id: int64, name: string}`.'],
    },
  },
  'HYG-3407': {
    why: 'The record was made of a table whose first column has no heading, as exports of data frames have it.',
    example: {
      what: 'The name of a member is empty.',
      why: [],
      tryThis: ['Have the source written with a name for it.', 'Inside an object, keep the object as it is: `types: {column: json}`.'],
    },
  },
  'HYG-4303': {
    why: 'The source holds NaN or infinity, as measurements do.',
    example: {
      what: "Column reading holds NaN or infinity, which JSON can't hold.",
      why: ['JSON knows finite numbers only.'],
      tryThis: ['Leave the column out with exclude.', 'Choose a store format that holds them: parquet.'],
    },
  },
  'HYG-4304': {
    why: 'The source calls the column json and does not check what is in it, as parquet files and CSV with `types: {column: json}` may.',
    example: {
      what: 'Column payload is json and holds a text that is not: {id: 7}',
      why: ['Written as it is, it would break the file for every reader.'],
      tryThis: [
        'Correct the value in the source.',
        'Leave the column out with exclude.',
        'Settle as parquet, where json is a text: `format: parquet`.',
      ],
    },
  },
} as const satisfies Explained<typeof jsonCodes & typeof jsonStoreCodes>;
