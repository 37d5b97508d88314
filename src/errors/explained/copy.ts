import type { copyCodes } from '../copy-codes.ts';
import type { Explained } from './explained.ts';

/** How copies come to be refused, and what it looks like. */
export const copyExplained = {
  'HYG-1310': {
    why: 'A scheme was mistyped, or a slash is missing behind it: `s3:/lake`.',
    example: {
      what: 'hygge knows no place that begins with s4:. Did you mean s3:?',
      why: ['It knows file, s3, gs, postgres, sqlite, and paths of this machine.'],
      tryThis: ['Write s3: in its place', 'A file with a colon in its name is written with ./ before it'],
    },
  },
  'HYG-1311': {
    why: 'The two were typed alike, or one is a link to the other.',
    example: {
      what: 'FROM and TO are the same place: data/orders.csv.',
      why: ['A copy that settles over its own source could lose it.'],
      tryThis: ['Give TO a place of its own'],
    },
  },
  'HYG-1312': {
    why: 'The copy of a folder was to settle in that folder.',
    example: {
      what: 'TO lies inside FROM: data/out is in data.',
      why: ['The same copy, made again, would read what this one settles.'],
      tryThis: ['Let TO be a folder beside FROM'],
    },
  },
  'HYG-1313': {
    why: 'A name was mistyped, or the command was typed in another folder.',
    example: {
      what: 'There is nothing to copy at data/order.csv.',
      why: ['There is no such file or folder.'],
      tryThis: ['Check the name, and the folder you are in'],
    },
  },
  'HYG-1314': {
    why: 'A database that tells capitals apart has two tables that differ in nothing else.',
    example: {
      what: 'B and b would settle under one name.',
      why: ['Names that differ in capitals only are one file or table in many places.'],
      tryThis: ["Copy each by itself, to a place of its own: hygge copy '…#B' TO"],
    },
  },
  'HYG-1315': {
    why: 'A spreadsheet or an archive was named, or a file without an ending.',
    example: {
      what: 'hygge reads no .xlsx files: orders.xlsx.',
      why: ['The formats are parquet, csv, ndjson and json.'],
      tryThis: ['Save the sheet as CSV, and copy that'],
    },
  },
  'HYG-1316': {
    why: 'TO has the name of something that is there already, and is of the other kind.',
    example: {
      what: 'out is a file, and the copy needs a folder.',
      why: ['A file that it settles in ends in .parquet, .csv, .ndjson or .json.'],
      tryThis: ['Choose another name'],
    },
  },
  'HYG-1317': {
    why: 'The shell took what is behind an unquoted #, or nothing was written there.',
    example: {
      what: 'shop.db is a database, and it is not said which table.',
      why: [],
      tryThis: ["Say which, in quotes: 'shop.db#orders'", "Or all of them: 'shop.db#*'"],
    },
  },
  'HYG-1318': {
    why: 'An option was added to a copy that cannot keep it.',
    example: {
      what: '--limit and --watermark can not be told together.',
      why: ['A copy of the first rows has no value up to which everything is there, so the next one could not go on from it.'],
      tryThis: ['Leave one of the two out'],
    },
  },
  'HYG-1319': {
    why: 'Another FROM was typed for the same TO, or a file was moved to another folder.',
    example: {
      what: '/srv/lake/orders was filled from another source.',
      why: ['It holds what came from /srv/data/orders.csv.', 'This copy reads /srv/data/customers.csv.'],
      tryThis: ['Give TO a place of its own', 'Or replace what is there: --if-exists replace'],
    },
  },
  'HYG-1320': {
    why: 'The flow was to have another name than the last part of TO, or `hygge.yml` says another `state:`.',
    example: {
      what: 'What the copy has settled is remembered as orders, and flows/other would be another flow.',
      why: ['A flow finds what it has settled by its name.'],
      tryThis: ['Write --save flows/orders'],
    },
  },
  'HYG-1321': {
    why: 'The copy runs in a script, and its URL has a colon without a password.',
    example: {
      what: 'postgres://me@host/shop#orders asks for a password, and nobody is there to type it.',
      why: [],
      tryThis: [`Put it into a variable, and name that in single quotes: 'postgres://me:\${PGPASSWORD}@host/shop#orders'`],
    },
  },
  'HYG-1322': {
    why: 'A copy from a pipe was typed without one, or its rows were to be kept.',
    example: {
      what: 'Nothing is piped into this copy.',
      why: ['FROM is -, and that is the terminal.'],
      tryThis: ['cat orders.csv | hygge copy - lake/orders --format csv'],
    },
  },
} as const satisfies Explained<typeof copyCodes>;
