import type { Codes } from './entry.ts';

/** Why a text file (CSV, JSON) can not be read or written. The file may be compressed. */
export const textCodes = {
  'HYG-3301': {
    title: 'The compressed file is damaged',
    meaning: 'A gzip or zstd file ends too early, does not decompress, or has other data after its end. Rows would be missing.',
    why: 'An upload or copy was cut short, or the file is still being written. Or only its name has the extension of a compressed file.',
    tryThis: ['Copy or write the file again.', 'If a program is still writing the file, run again after it has finished.'],
  },
  'HYG-3302': {
    title: 'Text that is invalid in its encoding',
    meaning: 'The file contains bytes that are invalid in its encoding. hygge never replaces them silently.',
    tryThis: ['Name the encoding of the file: `encoding: windows-1252`.', 'Have the file written in UTF-8.'],
  },
  'HYG-3303': {
    title: 'The text file is empty',
    meaning: 'A file of 0 bytes does not even have column names. Usually, the program that writes it was interrupted.',
    tryThis: ['Remove the file, or write it again. A table without rows still has a header.'],
  },
  'HYG-3304': {
    title: 'Two columns have the same name',
    meaning: 'Two columns of the header have the same name, so a value could go into the wrong one.',
    tryThis: [
      'Name the columns yourself: `header: [id, name, name_2]` with `skip_rows: 1`.',
      'Or have the file written with distinct names.',
    ],
  },
  'HYG-3305': {
    title: 'A row does not match the columns',
    meaning: 'A value does not have the type of its column, or a row has more or fewer fields than the header.',
    why: 'A value was typed by hand, or a field contains the separator without quotes. Or the first rows suggested another type for the column.',
    tryThis: [
      'Correct the row in the source.',
      'Give the column another type: `types: {column: string}`.',
      'Skip and count such rows: `bad_rows: skip`.',
      'Or keep such rows for later: `bad_rows: quarantine`.',
    ],
  },
  'HYG-3306': {
    title: 'A quote is never closed',
    meaning: 'A field begins with a quote that is never closed, so the rest of the file would be one value.',
    why: 'A field begins with a quote that is part of the text, such as 3" pipe. Or the file was cut short inside a field.',
    tryThis: ['Correct that line in the source.', 'If the file does not use quotes: `quote: none`.'],
  },
  'HYG-3307': {
    title: 'A row is too large',
    meaning: 'One row of the file is larger than hygge can keep in memory.',
    tryThis: ['If the file has other line ends or another quote, set `quote`.', 'Keep large documents in separate files.'],
  },
  'HYG-3308': {
    title: '`types` names an unknown column',
    meaning: '`types` names a column that no file has.',
    tryThis: ['Correct the name. Upper and lower case must match.'],
  },
  'HYG-3309': {
    title: 'The first line looks like a comment',
    meaning: 'The file begins with lines that start with `#`. They are not part of the table, and do not name its columns.',
    tryThis: ['Set the character that comments begin with: `comment: "#"`.', 'Or skip the first lines: `skip_rows: 1`.'],
  },
  'HYG-3310': {
    title: 'The file has no header, but other files have one',
    meaning:
      'The first row of the file contains values, and other files have the column names there. The row would be lost, because hygge would use it as names.',
    tryThis: ['Write the file again with its header.', 'If no file has a header, name the columns: `header: [a, b]`.'],
  },
  'HYG-3311': {
    title: 'The file has another delimiter than the other files',
    meaning: 'The file has another character between its fields than other files, so each row would be one value.',
    why: 'Someone opened the file in a spreadsheet and saved it again, in a country with decimal commas.',
    tryThis: ['Write the file again with the delimiter of the other files.', 'Or move such files into a separate entity.'],
  },
  'HYG-3312': {
    title: 'An HTML page or another document instead of a CSV file',
    meaning: 'The file begins like HTML, XML or JSON. Usually, a server answered with an error and the answer was saved as the file.',
    tryThis: ['Look at the file, and fetch it again.'],
  },
  'HYG-3317': {
    title: 'The file has two kinds of line ends',
    meaning:
      'Some lines end with a carriage return alone, as in old Mac programs, and other lines with a line feed. The first row would contain several lines, and rows would be lost.',
    tryThis: [
      'Write the file again with one kind of line end: LF, CRLF, or CR alone.',
      'If the first row is correct, name the columns yourself: `header: [a, b, …]` with `skip_rows`.',
    ],
  },
  'HYG-3318': {
    title: 'The header, the delimiter or the type of a column is unclear',
    meaning:
      'The first row may contain names or values, because it looks like the rows below it. Or two characters occur equally often in every row, and each may be the delimiter. Or the home sets the form of numbers or dates, and a column has few values of this form, or only values of another form. With `on_guess: fail` the run stops instead of guessing.',
    tryThis: [
      'If the first row names the columns: `header: true`.',
      'If the first row has values: `header: false`, or a list of column names: `header: [a, b]`.',
      'If the delimiter is unclear: `delimiter: ";"`.',
      'If the type of a column is unclear: `types: { column: string }`, or another type.',
    ],
  },
  'HYG-3319': {
    title: 'Lines above the table',
    meaning:
      'The file begins with a title or other lines that are not part of its table. Most rows have more fields than the first line. As a header, that line would name one column, and no real row would match it.',
    tryThis: ['Skip the lines above the table: `skip_rows: 3`.', 'Or have the file written without these lines.'],
  },
  'HYG-3320': {
    title: 'The file has a header, but other files have none',
    meaning: 'The first row of the file names columns, and other files have values there. The names would become a row of data.',
    tryThis: ['Write the file again without its header.', 'Or move such files into a separate entity.'],
  },
  'HYG-3316': {
    title: 'A word among the values of a watermark',
    meaning:
      'The watermark column is text. It contains dates or numbers, and a word such as `n/a` or `NULL`. As text, the word sorts after all dates and numbers. New rows would be below the watermark and never be read.',
    tryThis: [
      'If the word means no value: `null_values: ["n/a", ""]` in the CSV home, with `watermark: { nulls: exclude }`.',
      'Or set the type and skip such rows: `types: { at: date }` and `bad_rows: quarantine` in the home.',
      'Or correct the row in the source.',
    ],
  },
  'HYG-3314': {
    title: 'A text watermark that does not sort by time',
    meaning:
      'The watermark column is text, and its order as text is not the order of time. Examples are dates that begin with the day or month, dates without leading zeros, and times in two forms (`2026-01-01 10:00` and `2026-01-01T09:00`, or several offsets). New rows would be below the watermark and never be read. In a database, hygge checks the newest and oldest thousand values. In files, it checks the newest value of each file and the values of the newest days. hygge does not recognise a time that contains the name of a time zone.',
    tryThis: [
      'In CSV, set the form of the dates: `date_format: "%d.%m.%Y"`, or `timestamp_format`.',
      'In a database, read the column as a time: `home.query: SELECT …, CAST(changed_at AS …) AS changed_at FROM …`.',
      'Have the dates written as `2024-01-31`, which sorts by time.',
      'Or read new files instead of new rows: remove `watermark`.',
    ],
  },
} as const satisfies Codes;

/** Why a text file can not be written. */
export const textStoreCodes = {
  'HYG-4301': {
    title: 'A column that CSV cannot store',
    meaning: 'CSV has no common form for lists and structs.',
    tryThis: ['Leave the column out with `exclude`.', 'Or use parquet or ndjson as the format of the store.'],
  },
  'HYG-4302': {
    title: 'A value that CSV cannot store',
    meaning:
      'The value, written as text, would be read back as another value. Examples are a date in the year 10000, and a text that is the file’s word for null.',
    tryThis: ['Leave the column out with `exclude`.', 'Or use parquet in the store: `format: parquet`.'],
  },
} as const satisfies Codes;

/** Why JSON can not be read. `textCodes` has the codes for all text files. */
export const jsonCodes = {
  'HYG-3401': {
    title: 'Not a JSON document',
    meaning:
      'The file is not one JSON document. It is cut short, or contains something that JSON does not allow, so hygge cannot find later records.',
    tryThis: ['Copy or write the file again.', 'For one object per line: `format: ndjson`.'],
  },
  'HYG-3402': {
    title: 'Values of several kinds in one column',
    meaning: 'A column contains numbers in some records and texts, objects or lists in others. No key sets its type.',
    tryThis: [
      'Give the column a type: `types: {column: string}`, or `json` to keep the JSON text of every value.',
      'Or set the type for all columns: `mixed: string` or `mixed: json`.',
    ],
  },
  'HYG-3403': {
    title: '`records` leads to no records',
    meaning: 'The path in `records` does not lead to an array of objects.',
    tryThis: ['Correct the path. Write the names from the outside in, with dots between them: `records: data.items`.'],
  },
  'HYG-3404': {
    title: 'Too many different names for columns',
    meaning: 'The records have so many different member names that the names are probably data, such as ids.',
    tryThis: ['Keep that object as JSON: `types: {column: json}`.'],
  },
  'HYG-3405': {
    title: 'Two columns would have the same name',
    meaning: 'After objects are flattened, two members of a record would become columns with the same name.',
    tryThis: ['Choose another `separator`, or flatten fewer levels.'],
  },
  'HYG-3406': {
    title: 'No record shows the columns',
    meaning: 'None of the files has a record yet. JSON has no header, so the columns are unknown.',
    tryThis: ['Run again when there are records.', 'Or set the columns: `types: {id: int64, name: string}`.'],
  },
  'HYG-3407': {
    title: 'A member without a name',
    meaning: 'The records have a member with an empty name, and a column must have a name.',
    tryThis: [
      'Have the source written with a name for the member.',
      'If the member is inside an object, keep the object unchanged: `types: {column: json}`.',
    ],
  },
} as const satisfies Codes;

/** Why JSON can not be written. */
export const jsonStoreCodes = {
  'HYG-4303': {
    title: 'Values that JSON cannot store',
    meaning:
      'JSON has no form for NaN, infinity, dates outside of the years 1 to 9999, and some values in lists and structs. With null in their place, data would be lost.',
    tryThis: ['Leave the column out with `exclude`.', 'Or use parquet in the store: `format: parquet`.'],
  },
  'HYG-4304': {
    title: 'Invalid JSON in a json column',
    meaning:
      'hygge writes a column of type json unchanged into a JSON file. A value in the column is not JSON, so no program could read the file.',
    tryThis: [
      'Correct the value in the source.',
      'Leave the column out with `exclude`.',
      'Or use parquet, where json is a text: `format: parquet`.',
    ],
  },
} as const satisfies Codes;
