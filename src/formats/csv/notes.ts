/** Makes the notes after samples were looked at: how the files are written, and what hygge guessed about them. */
import { describeType } from '../../frames/describe-type.ts';
import type { OwnNote } from '../../ports/notes.ts';
import type { CsvReading } from './options.ts';
import type { PinnedCsv } from './pinned.ts';
import { proposalsFor } from './proposals.ts';
import type { FoundForm } from './sample.ts';

const shownDelimiters: Readonly<Record<string, string>> = { '\t': 'tabs', ' ': 'blanks', ',': 'commas', ';': 'semicolons', '|': 'bars' };
const mostNamed = 12;
const mostGuessed = 4;

interface NotesRequest {
  readonly reading: CsvReading;
  /** How the files are written. Undefined: an earlier look decided this. */
  readonly found: FoundForm | undefined;
  readonly names: readonly string[];
  /** The values of the sample, for each column. */
  readonly values: ReadonlyMap<string, readonly string[]>;
}

interface Notes {
  readonly notes: readonly OwnNote[];
  readonly warnings: readonly OwnNote[];
}

export function notesOn(pinned: PinnedCsv, { reading, found, names, values }: NotesRequest): Notes {
  if (found === undefined) return { notes: [], warnings: [] };
  const between = reading.options.delimiter === undefined ? `separated by ${shownDelimiters[pinned.delimiter] ?? pinned.delimiter}, ` : '';
  const columns = `${names.length} ${names.length === 1 ? 'column' : 'columns'}`;
  const named = pinned.header ? `header with ${columns}` : `no header, ${columns}`;
  const form = `${between}${Array.isArray(reading.options.header) ? `${columns} named by the config` : named}`;
  const proposed = pinned.columns.filter(({ name }) => !reading.types.has(name));
  const listed = proposed.slice(0, mostNamed).map(({ name, type }) => `${name} ${describeType(type)}`);
  const types = `guessed types: ${listed.join(', ')}${proposed.length > mostNamed ? ` and ${proposed.length - mostNamed} more` : ''}`;
  const ofForm = { delimiter: pinned.delimiter, header: pinned.header, columns: names.length };
  return {
    notes: [
      { code: 'csv.form', params: ofForm, text: form },
      ...(listed.length === 0 ? [] : [{ code: 'csv.types' as const, params: { columns: listed, all: proposed.length }, text: types }]),
      ...proposalsFor(pinned, { reading, values }),
    ],
    warnings: [
      ...(found.sure || found.grouped ? [] : [guessed(pinned.header, names)]),
      ...cutOtherwise(pinned, found),
      ...endedBy(pinned, found),
      ...notCut(found),
      ...ruledOff(found),
      ...namedBelow(found),
      ...namedInComment(found),
      ...begunAgain(found),
      ...alikeIn(names),
    ],
  };
}

/** The note that another character may separate fields just as well. hygge chose one of the characters, so the other one occurs in values. */
function cutOtherwise({ delimiter }: PinnedCsv, { others }: FoundForm): readonly OwnNote[] {
  const [other] = others;
  if (other === undefined) return [];
  const shown = (one: string): string => shownDelimiters[one] ?? one;
  const text = `assuming that fields are separated by ${shown(delimiter)}. Every row has as many ${shown(other)} too. If those characters separate fields, set delimiter: ${JSON.stringify(other)} of the home and load the entity again (-d)`;
  return [{ code: 'csv.delimiter', params: { delimiter, other }, text }];
}

function endedBy({ delimiter }: PinnedCsv, { trailing }: FoundForm): readonly OwnNote[] {
  if (!trailing) return [];
  const text = `rows end with a delimiter (${delimiter === '\t' ? 'tab' : delimiter}) after their last value, and the first row names no column there. The empty field is left out, and a row with a value there is a bad row`;
  return [{ code: 'csv.trailing', params: { delimiter }, text }];
}

function notCut({ uncut }: FoundForm): readonly OwnNote[] {
  if (uncut === undefined) return [];
  const told =
    uncut === ' ' ? 'blanks split every line into the same number of texts' : `every line has the same number of ${JSON.stringify(uncut)}`;
  const advice =
    uncut.length === 1
      ? `say delimiter: ${JSON.stringify(uncut)} of the home, with quote: none if whole lines are in quotes`
      : 'have the file written with a single character between fields';
  const text = `no delimiter was found, so each line settles as one text. But ${told}. If they separate fields, ${advice}, and load the entity again (-d)`;
  return [{ code: 'csv.uncut', params: { sign: uncut }, text }];
}

function ruledOff({ ruled }: FoundForm): readonly OwnNote[] {
  if (!ruled) return [];
  const text =
    'the row below the names has only dashes, and settles as a row: say comment: "--" of the home, and load the entity again (-d)';
  return [{ code: 'csv.rule', params: {}, text }];
}

/** The note about names that many readers treat as the same name, and then rename. */
function alikeIn(names: readonly string[]): readonly OwnNote[] {
  const groups = [...Map.groupBy(names, (name) => name.toLowerCase()).values()].filter(({ length }) => length > 1);
  return groups.map((columns): OwnNote => {
    const text = `columns ${columns.join(' and ')} differ only in upper and lower case: DuckDB, SQL Server and others treat them as one, or rename one of them (${columns.at(-1)}_1)`;
    return { code: 'csv.case', params: { columns: [...columns] }, text };
  });
}

/** The note about a row of names below the first row. The row would settle as a row of values, and would make all columns text. */
function namedBelow({ below }: FoundForm): readonly OwnNote[] {
  if (below === undefined) return [];
  const { names, lines } = below;
  const text = `line ${lines + 1} (${shortList(names)}) looks like the names of the columns, and settles as a row. If this line names the columns, say skip_rows: ${lines} of the home, and load the entity again (-d)`;
  return [{ code: 'csv.names_below', params: { lines }, text }];
}

/** The note about names in a comment. The names would be lost with the other comments. */
function namedInComment({ commented }: FoundForm): readonly OwnNote[] {
  if (commented === undefined) return [];
  const text = `the comment above the first row (${shortList(commented)}) has a text for each column, and is left out. If the comment names the columns, say header: [${commented.map((name) => JSON.stringify(name)).join(', ')}] of the home, and load the entity again (-d)`;
  return [{ code: 'csv.commented', params: { columns: [...commented] }, text }];
}

/** The note about a second table. Its names and rows would settle as rows of the first table. */
function begunAgain({ second }: FoundForm): readonly OwnNote[] {
  if (second === undefined) return [];
  const { names, lines } = second;
  const text = `line ${lines + 1} (${shortList(names)}), below a blank line, looks like the names of a second table, and settles as a row. If a table begins there, split the file before that line, make each table an entity, and load them again (-d)`;
  return [{ code: 'csv.second_table', params: { lines }, text }];
}

function shortList(names: readonly string[]): string {
  return `${names.slice(0, mostGuessed).join(', ')}${names.length > mostGuessed ? ', …' : ''}`;
}

/** The note that the first row may be names or values. If values are taken for names, a row is lost. If names are taken for values, the names are lost. */
function guessed(header: boolean, names: readonly string[]): OwnNote {
  const listed = shortList(names);
  const text = header
    ? `assuming that the first row is a header (${listed}). If the first row is data, set header: false of the home and load the entity again (-d)`
    : `assuming that the first row is data, with the columns ${listed}. If the first row is a header, set header: true of the home and load the entity again (-d)`;
  return { code: 'csv.guess', params: { header }, text };
}
