import type { Codes } from './entry.ts';

/** Why a file of text (CSV, JSON), compressed or not, can't be read or written. */
export const textCodes = {
  'HYG-3301': {
    title: 'The compressed file is damaged',
    meaning:
      'A gzip or zstd file ends too early, does not decompress, or holds something else behind its data: rows of it would be missing.',
    why: 'An upload or copy was cut short, the file is still being written, or it only has the ending of a compressed file.',
    tryThis: ['Copy or write the file again.', 'If it is being written right now, run again when its writer has finished.'],
  },
  'HYG-3302': {
    title: 'Text that is not valid in its encoding',
    meaning: 'The file holds bytes that mean nothing in its encoding. They are never replaced silently.',
    why: 'The file was written by a program that uses another encoding than UTF-8, as spreadsheets on Windows do.',
    tryThis: ['Name the encoding of the file: `encoding: windows-1252`.', 'Have the file written in UTF-8.'],
  },
  'HYG-3303': {
    title: 'The text file is empty',
    meaning: 'A file of 0 bytes has not even the names of its columns: most often its writer was interrupted.',
    why: 'The program that writes the file was interrupted, or has only just begun.',
    tryThis: ['Remove the file, or write it again: a table without rows has at least a header.'],
  },
  'HYG-3304': {
    title: 'Column names that cannot be distinguished',
    meaning: 'Two columns of the header have the same name, so a value could end up under the wrong one.',
    why: 'A query joined two tables with a column of the same name, and its result was exported as it came.',
    tryThis: ['Name the columns yourself: `header: [id, name, name_2]` with `skip_rows: 1`.', 'Have the file written with distinct names.'],
  },
  'HYG-3305': {
    title: 'A row does not fit',
    meaning: 'A value is not of the type of its column, or a row has more or fewer fields than the header.',
    why: 'A value was typed by hand, a field holds the separator without quotes, or the column is not of the type that the first rows made it look like.',
    tryThis: [
      'Correct the row in the source.',
      'Give the column another type: `types: {column: string}`.',
      'Leave such rows out, counted: `bad_rows: skip`, or `bad_rows: quarantine` to keep them for later.',
    ],
  },
  'HYG-3306': {
    title: 'A quote is never closed',
    meaning: 'A field begins with a quote that does not end, so the rest of the file would be one value.',
    why: 'A field begins with a quote that is part of the text, such as 3" pipe, or the file was cut short inside a field.',
    tryThis: ['Correct that line in the source.', 'If quotes mean nothing in this file, say `quote: none`.'],
  },
  'HYG-3307': {
    title: 'A row is too large',
    meaning: 'One row of the file is larger than hygge holds in memory at once.',
    why: 'The file is one long document instead of a record a line, or has other line ends or quotes than it was read with.',
    tryThis: ['If the file has other line ends or another quote, say so in `quote`.', 'Keep such documents as files of their own.'],
  },
  'HYG-3308': {
    title: 'Types of columns that the file does not have',
    meaning: '`types` names a column that is in none of the files.',
    why: 'A column is misspelt in `types`, or was renamed in the source.',
    tryThis: ['Correct the name, upper and lower case included.'],
  },
  'HYG-3309': {
    title: 'The first line looks like a comment',
    meaning: 'The file begins with lines that have a # before them and are not part of its table: they do not name its columns.',
    why: 'The program that writes the file puts its name, the day or a title before the header.',
    tryThis: ['Say what comments begin with: `comment: "#"`.', 'Pass over the first lines: `skip_rows: 1`.'],
  },
  'HYG-3310': {
    title: 'A file without the header that the others have',
    meaning: 'The first row of the file holds values where other files have the names of the columns. It would be lost, as names.',
    why: 'One export of many was made without the option that writes the header.',
    tryThis: ['Write the file again with its header.', 'If no file has a header, name the columns: `header: [a, b]`.'],
  },
  'HYG-3311': {
    title: 'A file with another delimiter than the others',
    meaning: 'The file has something else between its fields than other files: each row would be one value.',
    why: 'Someone opened the file in a spreadsheet and saved it again, in a country that writes numbers with a comma.',
    tryThis: ['Write the file again with the delimiter of the others.', 'Move files that differ into an entity of their own.'],
  },
  'HYG-3312': {
    title: 'A page or a document instead of a CSV file',
    meaning: 'The file begins like HTML, XML or JSON: most often a server answered with an error, and the answer was saved as the file.',
    tryThis: ['Look at the file, and fetch it again.'],
  },
  'HYG-3317': {
    title: 'Lines that end in two ways',
    meaning:
      'Some lines of the file end with a carriage return alone, as old programs of the Mac write them, others with a line feed. Its first row would reach over several lines, and rows would be lost in it.',
    why: 'A file that a Mac wrote was opened in an editor, or another file was added to its end.',
    tryThis: [
      'Write the file again with one kind of line end: LF, CRLF, or CR alone.',
      'If the first row means it so, name the columns yourself: `header: [a, b, …]` with `skip_rows`.',
    ],
  },
  'HYG-3318': {
    title: 'Nothing says whether the first row is a header, which character separates fields, or whether a column is text',
    meaning:
      'The first row of the file may name the columns or be a row of values: what is below it looks the same. Or two characters stand equally often in every row, and each may be the one between fields. Or the home says how numbers or days are written, and a column has few such values, or only numbers or days of another form. With `on_guess: fail` the run stops there instead of guessing.',
    why: 'All columns are text, or the file has one line, so names and values cannot be distinguished.',
    tryThis: [
      'If the first row names the columns: `header: true`.',
      'If it is a row of values: `header: false`, or the names of the columns as a list: `header: [a, b]`.',
      'If it is the delimiter that is not told: `delimiter: ";"`.',
      'If it is whether a column is text: `types: { column: string }`, or the type that it has.',
    ],
  },
  'HYG-3319': {
    title: 'Lines before the table',
    meaning:
      'The file begins with a title or other lines that are not part of its table: most rows have more fields than its first line. Read as a header, that line would name one column, and every real row would not fit.',
    why: 'A report puts its title, its day or its author above the table.',
    tryThis: ['Pass over the lines above the table: `skip_rows: 3`.', 'Have the file written without them.'],
  },
  'HYG-3320': {
    title: 'A file with a header that the others do not have',
    meaning: 'The first row of the file names columns where other files have values. It would settle as a row.',
    why: 'One export of many was made with the option that writes the header.',
    tryThis: ['Write the file again without its header.', 'Move files that differ into an entity of their own.'],
  },
  'HYG-3316': {
    title: 'A word among the values of a watermark',
    meaning:
      'The watermark column is text: days or numbers, and a word such as `n/a` or `NULL` among them. As text it comes behind all of them, so that new rows would be below the watermark and never be read.',
    why: 'One row of an export has no value there, and its program writes a word for that.',
    tryThis: [
      'If the word means no value: `null_values: ["n/a", ""]` in the home of CSV, with `watermark: { nulls: exclude }`.',
      'Or say the type, and leave such rows out: `types: { at: date }` and `bad_rows: quarantine` in the home.',
      'Or correct the row in the source.',
    ],
  },
  'HYG-3314': {
    title: 'A watermark of text that is not in the order of its days',
    meaning:
      'The watermark column is text. Its values are days that begin with the day or the month, or have no leading zeros, or times in two forms (`2026-01-01 10:00` and `2026-01-01T09:00`, or with several offsets). The largest text is not the latest time: new rows would be below the watermark and never be read. Of times in a database the newest and the oldest thousand values are looked at; of files, the newest value of each and what is in the newest days. A time that is written with the name of a time zone is not recognised as one.',
    why: 'Exported CSV has days in the form of a country. hygge reads doubtful values as text, and text has another order.',
    tryThis: [
      'In CSV, say how days are written: `date_format: "%d.%m.%Y"`, or `timestamp_format`.',
      'In a database, read the column as a time: `home.query: SELECT …, CAST(changed_at AS …) AS changed_at FROM …`.',
      'Have them written as `2024-01-31`, whose order as text is that of the days.',
      'Or take new files instead of new rows: take `watermark` away.',
    ],
  },
} as const satisfies Codes;

/** Why a file of text can't be written. */
export const textStoreCodes = {
  'HYG-4301': {
    title: 'A column that a CSV file cannot hold',
    meaning: 'Lists and structs have no form in a CSV file that readers agree on.',
    why: 'The source has nested values, as JSON and parquet may.',
    tryThis: ['Leave the column out with `exclude`.', 'Settle as parquet or ndjson.'],
  },
  'HYG-4302': {
    title: 'A value that a CSV file cannot hold',
    meaning: 'Written as text it would be read as something else, such as a date in the year 10000 or a text that means null.',
    why: 'A text is the very word that means null in the file, or a date or a number has no form there that reads back as the same.',
    tryThis: ['Leave the column out with `exclude`.', 'Or settle as parquet: `format: parquet`.'],
  },
} as const satisfies Codes;

/** Why JSON can't be read. What it shares with other files of text is in text-codes.ts. */
export const jsonCodes = {
  'HYG-3401': {
    title: 'Not a JSON document',
    meaning:
      'The file is not one JSON document: it is cut short, or it has something that JSON does not allow, so later records can’t be found.',
    why: 'A copy was cut short, something else was given the ending .json, or the file holds one object a line.',
    tryThis: ['Copy or write the file again.', 'For a file of one object a line say `format: ndjson`.'],
  },
  'HYG-3402': {
    title: 'Values of several kinds in one column',
    meaning: 'A column holds numbers in some records and texts (or objects, or lists) in others, and no key says what that should become.',
    why: 'The data was collected by hand or from several programs, and no one said of what type a column is.',
    tryThis: [
      'Give the column a type: `types: {column: string}`, or `json` to keep the text of every value.',
      'Say it for all columns: `mixed: string` or `mixed: json`.',
    ],
  },
  'HYG-3403': {
    title: 'No records where `records` points to',
    meaning: 'The path in `records` leads to no array of objects.',
    why: 'The path in `records` is misspelt, or the document is built in another way than when the flow was written.',
    tryThis: ['Correct the path: names from the outside in, with dots between them, as `records: data.items`.'],
  },
  'HYG-3404': {
    title: 'More names than columns can be',
    meaning: 'The records have so many different names that the names are data, as in objects whose names are ids.',
    why: 'Objects are used as dictionaries: their names are ids, dates or words instead of names of columns.',
    tryThis: ['Keep that part as JSON: `types: {column: json}`.'],
  },
  'HYG-3405': {
    title: 'Columns that would get the same name',
    meaning: 'Two members of a record would become columns of one name once objects are flattened.',
    why: 'A record has both a member such as `a_b` and an object `a` with a member `b`.',
    tryThis: ['Choose another `separator`, or flatten less deep.'],
  },
  'HYG-3406': {
    title: 'No record shows the columns',
    meaning: 'None of the files has a record yet, and JSON has no header, so there are no columns to settle.',
    why: 'The source is new, or its writer has not written a record yet.',
    tryThis: ['Run again when there are records.', 'Say what the columns are: `types: {id: int64, name: string}`.'],
  },
  'HYG-3407': {
    title: 'A member without a name',
    meaning: 'Records have a member whose name is empty, and a column must have a name.',
    why: 'The record was made of a table whose first column has no heading, as exports of data frames have it.',
    tryThis: ['Have the source written with a name for it.', 'Inside an object, keep the object unchanged: `types: {column: json}`.'],
  },
} as const satisfies Codes;

/** Why JSON can't be written. */
export const jsonStoreCodes = {
  'HYG-4303': {
    title: 'Values that JSON can’t hold',
    meaning:
      'JSON has no form for NaN, infinity, days outside of the years 1 to 9999, and some values inside lists and structs. Null in their place would lose data.',
    why: 'The source holds NaN or infinity, as measurements do.',
    tryThis: ['Leave the column out with exclude.', 'Choose a store format that holds them: parquet.'],
  },
  'HYG-4304': {
    title: 'Text in a json column that is not JSON',
    meaning: 'A column of type json goes into a JSON file unchanged, and one of its values is not JSON, so no reader could read the file.',
    why: 'The source calls the column json and does not check what is in it, as parquet files and CSV with `types: {column: json}` may.',
    tryThis: [
      'Correct the value in the source.',
      'Leave the column out with exclude.',
      'Settle as parquet, where json is a text: `format: parquet`.',
    ],
  },
} as const satisfies Codes;
