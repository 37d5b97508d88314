import type { jsonCodes, jsonStoreCodes, textCodes, textStoreCodes } from '../text-codes.ts';
import type { Explained } from './explained.ts';

/** Why files of text cannot be read or written, and what it looks like. */
export const textExplained = {
  'HYG-3301': {
    why: 'An upload or copy was cut short, the file is still being written, or it only has the ending of a compressed file.',
    example: {
      what: 'data/inbox/orders.csv.gz is torn: its gzip data ends too early.',
      why: ['unexpected end of file'],
      tryThis: ['Copy or write the file again.', 'If it is being written right now, run again when its writer has finished.'],
    },
  },
  'HYG-3302': {
    why: 'The file was written by a program that uses another encoding than UTF-8, as spreadsheets on Windows do.',
    example: {
      what: 'data/inbox/orders.csv is not valid utf-8: byte 1204 means nothing.',
      why: [],
      tryThis: ['If it was written on Windows, try encoding: windows-1252', 'Or have the file written in UTF-8'],
    },
  },
  'HYG-3303': {
    why: 'The program that writes the file was interrupted, or has only just begun.',
    example: {
      what: 'data/inbox/orders.csv is empty: it has not even a header.',
      why: [],
      tryThis: ['Remove the file, or write it again: a table without rows has at least a header.'],
    },
  },
  'HYG-3304': {
    why: 'A query joined two tables with a column of the same name, and its result was exported as it came.',
    example: {
      what: 'data/inbox/orders.csv has two columns named "id".',
      why: [],
      tryThis: [
        'Name the columns yourself: header: [id, placed_at, id_3] with skip_rows: 1',
        'Or have the file written with distinct names',
      ],
    },
  },
  'HYG-3305': {
    why: 'A value was typed by hand, a field holds the separator without quotes, or the column is not of the type that the first rows made it look like.',
    example: {
      what: 'data/inbox/orders.csv, line 4182: column price is float64, and "twelve" is not.',
      why: ['Types are decided once, from samples or by types, and stay as they are settled.'],
      tryThis: [
        'If it belongs there, give the column another type: types: {price: string}. What settled is loaded anew then: hygge reset shop.orders, then hygge go',
        'Or leave such rows out, counted: bad_rows: skip (or quarantine, to keep them apart)',
      ],
    },
  },
  'HYG-3306': {
    why: 'A field begins with a quote that is part of the text, such as 3" pipe, or the file was cut short inside a field.',
    example: {
      what: 'data/inbox/orders.csv: the quote that opens in line 4182 is never closed.',
      why: [],
      tryThis: ['Look at line 4182 of the source', 'If quotes mean nothing in this file, say quote: none'],
    },
  },
  'HYG-3307': {
    why: 'The file is one long document instead of a record a line, or has other line ends or quotes than it was read with.',
    example: {
      what: 'A record of data/inbox/orders.ndjson is larger than 32 MB.',
      why: ['It is the one that begins in line 1.'],
      tryThis: [
        'If the file is one document rather than an object a line, say format: json, and records: where its records are',
        'Keep such documents as files of their own',
      ],
    },
  },
  'HYG-3308': {
    why: 'A column is misspelt in `types`, or was renamed in the source.',
    example: {
      what: 'types names "prise", which data/inbox/orders.csv does not have.',
      why: ['Its columns: order_id, placed_at, price'],
      tryThis: ['Correct the name, upper and lower case included.'],
    },
  },
  'HYG-3309': {
    why: 'The program that writes the file puts its name, the day or a title before the header.',
    example: {
      what: 'data/inbox/orders.csv begins with "# exported 2026-11-02", which looks like a comment and not like the names of columns.',
      why: [],
      tryThis: ['If lines that begin so are comments, say comment: "#"', 'If it is only the first line, say skip_rows: 1'],
    },
  },
  'HYG-3318': {
    why: 'All columns are text, or the file has one line, so names and values cannot be told apart.',
    example: {
      what: 'Nothing in data/inbox/currencies.csv tells whether its first row names the columns: "DK, OPEN, EUR".',
      why: ['It would be taken for names, and on_guess is fail.'],
      tryThis: [
        'If it names the columns, say so: header: true',
        'If it is a row of values: header: false, or header: [a, b, …] with names of yours',
      ],
    },
  },
  'HYG-3319': {
    why: 'A report puts its title, its day or its author above the table.',
    example: {
      what: 'data/inbox/sales.csv begins with "Report of sales", which does not name the columns of its table.',
      why: [
        'The first row has 1 field, rows of the table have 3.',
        'With skip_rows: 2 the table begins with "id, day, amount", and its rows fit.',
      ],
      tryThis: ['Pass over the lines above the table: skip_rows: 2', 'Or have the file written without them'],
    },
  },
  'HYG-3320': {
    why: 'One export of many was made with the option that writes the header.',
    example: {
      what: 'data/inbox/2026-11-02.csv seems to have a header: its first row is "id, day, price".',
      why: ['Files before it have none; here names would become a row of values.'],
      tryThis: ['Write the file again without its header', 'If it is meant to be different, move it into an entity of its own'],
    },
  },
  'HYG-3310': {
    why: 'One export of many was made without the option that writes the header.',
    example: {
      what: 'data/inbox/2026-11-02.csv seems to have no header: its first row is "18, 2026-11-02, 4.50".',
      why: ['Files before it have the columns id, day, price; here values would become names, and that row would be lost.'],
      tryThis: ['Write the file again with its header', 'If no file is to have one, name the columns: header: [a, b, …]'],
    },
  },
  'HYG-3311': {
    why: 'Somebody opened the file in a spreadsheet and saved it again, in a country that writes numbers with a comma.',
    example: {
      what: 'data/inbox/2026-11-02.csv has ; between its fields; other files have ,.',
      why: ['Its rows would settle as a single column.'],
      tryThis: ['Write the file again with , between its fields', 'If it is meant to be different, move it into an entity of its own'],
    },
  },
  'HYG-3312': {
    why: 'A script kept whatever a server answered, and it answered with an error.',
    example: {
      what: 'data/inbox/2026-11-02.csv is no CSV file: it begins like a page of the web or a document.',
      why: ['Most often a server answered with an error, and that was kept as the file.'],
      tryThis: ['Look at the file, and fetch it again', 'If it holds JSON records, read it with format: json'],
    },
  },
  'HYG-3317': {
    why: 'A file that a Mac wrote was opened in an editor, or another file was added to its end.',
    example: {
      what: 'data/inbox/2026-11-02.csv has lines that end in two ways: its first row would hold "name\\r1".',
      why: ['Most end with a carriage return alone, some with a line feed: read by either of them, rows would be part of others.'],
      tryThis: [
        'Write the file again with one kind of line end: LF, CRLF, or CR alone',
        'If the first row means it so, name the columns yourself: header: [a, b, …] with skip_rows',
      ],
    },
  },
  'HYG-3316': {
    why: 'One row of an export has no value there, and its program writes a word for that.',
    example: {
      what: 'The newest at of shop.orders is "n/a", a word above values such as "2024-01-31".',
      why: ['As text, a word comes behind all days and numbers: every row that is new would lie below the watermark, and never be read.'],
      tryThis: [
        'If it stands for no value, say so, where the home has it: null_values: ["n/a", ""] in home, with watermark.nulls: exclude',
        'Or say the type, and leave such rows out: types: { … } and bad_rows: quarantine in home',
        'Or correct the row in the source',
      ],
      where: { file: 'flows/shop/flow.yml', line: 1, column: 1, text: 'home: data/orders' },
    },
  },
  'HYG-3314': {
    why: 'CSV that people export has days as their country writes them. hygge takes what is in doubt for text, and text has an order of its own.',
    example: {
      what: 'The watermark of shop.orders is text that is not in the order of its days: ordered_on "31.12.2025".',
      why: ['As text, 01.02.2024 comes before 31.01.2024: rows that are new would lie below the watermark, and never be read.'],
      tryThis: [
        'Say how days are written, where the home has it: date_format: "%d.%m.%Y" (or timestamp_format) in home',
        'Or have them written as 2024-01-31',
        'Or take new files instead: take watermark away',
      ],
      where: { file: 'flows/shop/flow.yml', line: 1, column: 1, text: 'home: data/orders' },
    },
  },
  'HYG-4301': {
    why: 'The source has nested values, as JSON and parquet may.',
    example: {
      what: "Column lines is list<struct<item: string, kroner: decimal(18,2)>>, which a field of a CSV file can't hold.",
      why: [],
      tryThis: ['Leave it out: exclude: [lines] in home', 'Or settle as parquet or ndjson: format: parquet'],
    },
  },
  'HYG-4302': {
    why: 'A text is the very word that stands for null in the file, or a date or a number has no form there that reads back as the same.',
    example: {
      what: "Column note (string) holds a value that can't be written as CSV.",
      why: ['It is the text that stands for null.'],
      tryThis: ['Leave the column out with `exclude`.', 'Or settle as parquet: `format: parquet`.'],
    },
  },
} as const satisfies Explained<typeof textCodes & typeof textStoreCodes>;

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
