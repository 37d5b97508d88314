/** Decides whether the first row of a file names the columns. The rows below the first row are the evidence. */

import type { ValueForms } from './columns/value-reader.ts';
import type { LooseRecord } from './records.ts';
import { RepeatedHeader } from './repeats.ts';
import { isYear, kindOf, shapeOf, styleOf, type ValueKind } from './value-form.ts';

export interface FirstRow {
  /** Whether the row names the columns. */
  readonly header: boolean;
  /** Whether the file itself shows this. False: the row may as well be the opposite. */
  readonly sure: boolean;
  /** The share of the columns whose own values show that the first row names them. */
  readonly share: number;
}

/** What the values of one column show about the column’s text in the first row. The strongest sign comes first. */
type Sign =
  /** The text has the form of the values below it, and no name has that form. */
  | 'value'
  /** The text is a whole number that is unlike the values below it. Such numbers, for example sizes and ages, are sometimes names. */
  | 'count'
  /** The text differs in form from all values below it. */
  | 'name'
  /** The text is a year, and other numbers are below it. */
  | 'year'
  /** The text occurs more than once below the first row. */
  | 'often'
  /** The text occurs again below the first row, as other values of the column do. */
  | 'again'
  /** The text occurs once below the first row, while no other value of the column is repeated. */
  | 'once'
  /** The text is a common word for a column, or is written as programs write column names. */
  | 'styled'
  /** The text has another letter case than all values below it. */
  | 'cased'
  /** The text occurs once below, where no other value is repeated, and is a common word for a column or has another letter case. */
  | 'both'
  /** The text is written like values, but the values below the text do not confirm that it is a value. */
  | 'odd'
  | 'nothing';

/** The number of records that decide what the first row is. More records would cost more time and show the same. */
export const mostCompared = 1_000;
/** The most fields that are compared. In a wide table, fewer rows are compared, but at least `fewestCompared`. */
const mostFields = 100_000;
const fewestCompared = 50;
/** How many rows below the first row are tried as the row of names. */
const mostAbove = 5;
/** How many characters of a text are compared. A longer text is prose. */
const mostOfText = 100;

export function firstRowOf(records: readonly LooseRecord[], forms: ValueForms): FirstRow {
  const [first, ...others] = records;
  if (first === undefined) return { header: true, sure: false, share: 0 };
  const names = first.fields.map(({ text }) => text);
  const most = Math.min(mostCompared, Math.max(fewestCompared, Math.floor(mostFields / names.length)));
  const alike = others.filter(({ fields, malformed }) => !malformed && fields.length === names.length).slice(0, most);
  const again = new RepeatedHeader(names);
  const rows = alike.filter((row) => names.length === 1 || again.of(row) !== 'same');
  // A first row without a value is a row of nulls, unless the row below it has the names.
  if (isBlank(first)) return { header: false, sure: others.length > 0 && !firstRowOf(others, forms).header, share: 0 };
  // All other rows repeat the first row, so the first row is a row of values. A row of names would have rows of values below it.
  if (rows.length === 0 && alike.length > 0 && names.length > 1) return { header: false, sure: alike.length > 1, share: 0 };
  const columns = names.map((name, place) => columnOf(name, place, rows, forms));
  if (rows.length === 0) return aloneOf(names);
  const signs = columns.map((column) => signOf(column));
  if (isRowNumber(columns[0], names)) signs[0] = 'name';
  if (areCounted(names, columns)) for (const [place, sign] of signs.entries()) if (sign !== 'name') signs[place] = 'styled';
  const told = decided(signs, names, alike.length - rows.length, columns);
  // Tables leave the first column without a name if it has row labels. In another column, an empty field above values is more often a missing value.
  const isGuess = told.header && columns.some(({ name, values }, place) => place > 0 && name.trim() === '' && values.length > 0);
  return isGuess ? { ...told, sure: false } : told;
}

export const isBlank = ({ fields }: LooseRecord): boolean => fields.every(({ text }) => text.trim() === '');

/** Whether a record is a row of dashes below names, as programs print tables. */
export const isRule = (record: LooseRecord | undefined): boolean => record?.fields.every(({ text }) => /^ *-{2,} *$/.test(text)) === true;

/** The row below the first row that names the columns, judged by the rows below it. 0: no such row names the columns. */
export function namesBelow(records: readonly LooseRecord[], forms: ValueForms): number {
  const width = records[0]?.fields.length ?? 0;
  for (let at = 1; at <= mostAbove; at++) {
    const [row, ...others] = records.slice(at, at + 1 + fewestCompared);
    const names = row?.fields.map(({ text }) => text) ?? [];
    if (others.length < 2 || names.length !== width || names.every((name, place) => name === records[0]?.fields[place]?.text)) continue;
    const rows = others.filter(({ fields, malformed }) => !malformed && fields.length === width);
    const signs = names.map((name, place) => signOf(columnOf(name, place, rows, forms)));
    const isNamed = signs.every((sign) => ['name', 'styled', 'cased', 'year', 'nothing'].includes(sign));
    const areWords = signs.every((sign) => sign === 'styled') && names.every(isColumnWord);
    if (areWords && width > 1 && !records[0]?.fields.every(({ text }) => isColumnWord(text))) return at;
    if (isNamed && new Set(names).size === width && signs.filter((sign) => sign === 'name').length > 1) return at;
  }
  return 0;
}

/** Whether the second row has the names, and the first row has the names of groups of columns: `Person,,Address,` above `First,Last,Street,Zip`. */
export function isGrouped([first, second, ...others]: readonly LooseRecord[], forms: ValueForms): boolean {
  if (first === undefined || second === undefined || others.length === 0 || isBlank(first)) return false;
  const kinds = first.fields.map(({ text }) => kindOf(text));
  if (!kinds.includes('empty') || !kinds.every((kind) => kind === 'empty' || kind === 'words')) return false;
  const rows = others.slice(0, fewestCompared);
  return (
    second.fields.length === kinds.length && mayName(second) && isAboveValues(second, rows) && firstRowOf([second, ...rows], forms).header
  );
}

interface FirstTable {
  /** The names of the first table’s columns. */
  readonly names: readonly string[];
  /** Whether a blank line is above the record at a position. */
  readonly isBelowBlank: (place: number) => boolean;
  readonly forms: ValueForms;
}

/** Which row below a blank line names the columns of another table. 0: no row does. */
export function secondTable(records: readonly LooseRecord[], { names, isBelowBlank, forms }: FirstTable): number {
  const width = records[0]?.fields.length ?? 0;
  const starts = [0, ...records.flatMap((_, place) => (place > 0 && isBelowBlank(place) ? [place] : []))];
  const header = new RepeatedHeader(names);
  for (const [nth, at] of starts.entries()) {
    const above = records.slice(starts[nth - 1] ?? 0, at).filter((record) => !isBlank(record));
    const [row, ...below] = records.slice(at, Math.min(starts[nth + 1] ?? records.length, at + mostCompared));
    if (nth === 0 || width < 2 || above.length < 2 || row?.fields.length !== width || !mayName(row) || header.of(row)) continue;
    const rows = below.filter((record) => record.fields.length === width && !isBlank(record));
    const isOther = isAboveValues(row, nth === 1 ? above.slice(1) : above);
    if (rows.length > 0 && isOther && firstRowOf([row, ...rows], forms).header) return at;
  }
  return 0;
}

/** Whether the row has another word or another year for each column. */
function mayName({ fields, malformed }: LooseRecord): boolean {
  const names = fields.map(({ text }) => text.trim());
  return !malformed && new Set(names).size === names.length && names.every((name) => kindOf(name) === 'words' || isYear(name));
}

/** Whether the row has words above a column whose values are all numbers or times. */
function isAboveValues({ fields }: LooseRecord, rows: readonly LooseRecord[]): boolean {
  return fields.some(({ text }, place) => {
    const kinds = rows.map((row) => kindOf(row.fields[place]?.text ?? '')).filter((kind) => kind !== 'empty' && kind !== 'missing');
    return kindOf(text) === 'words' && kinds.length > 0 && kinds.every(isMeasured);
  });
}

interface ColumnBelow {
  readonly name: string;
  /** The values of the column, without missing values and without repetitions of the first row’s text. */
  readonly values: readonly string[];
  readonly kinds: readonly ValueKind[];
  /** How often the text of the first row occurs below the first row. */
  readonly again: number;
  readonly rows: number;
}

function columnOf(name: string, place: number, rows: readonly LooseRecord[], { nulls }: ValueForms): ColumnBelow {
  const values: string[] = [];
  const kinds: ValueKind[] = [];
  let again = 0;
  for (const { fields } of rows) {
    const { text, isQuoted } = fields[place] ?? { text: '', isQuoted: false };
    const kind = kindOf(text);
    if (kind === 'empty' || kind === 'missing') continue;
    if (nulls.any && nulls.has(Buffer.from(text), 0, Buffer.byteLength(text), isQuoted)) continue;
    if (text === name) again++;
    else {
      values.push(text.slice(0, mostOfText));
      kinds.push(kind);
    }
  }
  return { name, values, kinds, again, rows: rows.length };
}

/** Decides about a first line without rows below it: some of its texts may have a form that no name has. */
function aloneOf(names: readonly string[]): FirstRow {
  const kinds = names.map(kindOf);
  if (kinds.some((kind, place) => isNeverName(kind, names[place] ?? ''))) return { header: false, sure: true, share: 0 };
  const filled = names.filter((name) => name.trim() !== '');
  if (new Set(filled).size < filled.length) return { header: false, sure: false, share: 0 };
  const common = filled.filter(isColumnWord).length;
  if (common > 0 && common >= filled.length / 2 && kinds.every((kind) => kind === 'words'))
    return { header: true, sure: true, share: common / names.length };
  const some = kinds.filter((kind, place) => isMeasured(kind) && !isYear(names[place] ?? ''));
  const mayName =
    some.every((kind) => kind === 'period' || kind === 'time') ||
    (kinds[0] === 'words' && some.length > 1 && some.every((kind) => kind === 'date'));
  return { header: mayName, sure: false, share: 0 };
}

/** Whether a kind of value is a number or a time. */
const isMeasured = (kind: ValueKind): boolean => ['number', 'amount', 'date', 'timestamp', 'time', 'period'].includes(kind);

function isNeverName(kind: ValueKind, text: string): boolean {
  if (kind === 'number') return /[.,]\d|^[-(−]/.test(text.trim());
  return ['email', 'url', 'uuid', 'iban', 'address', 'phone', 'amount', 'timestamp', 'document'].includes(kind);
}

const isPlain = (kind: ValueKind): boolean => kind === 'words' || kind === 'code';
/** Kinds that occur together in one column are treated as one kind: numbers with amounts, and dates with timestamps. */
const family = (kind: ValueKind): string => (kind === 'amount' ? 'number' : kind === 'timestamp' ? 'date' : kind);

function signOf(column: ColumnBelow): Sign {
  const { name, values, kinds, again, rows } = column;
  const kind = kindOf(name);
  if (kind === 'empty' || kind === 'missing') return 'nothing';
  const isOften = again > 1 && (again >= 3 || again * 10 >= rows);
  const repeated: Sign = again === 0 ? 'nothing' : isOften ? 'often' : again > 1 || isRepeating(values) ? 'again' : 'once';
  if (values.length === 0) {
    if (again > 0) return isPlain(kind) || kind === 'truth' ? repeated : 'value';
    return isNeverName(kind, name) ? 'value' : kind === 'number' && !isYear(name) ? 'odd' : 'nothing';
  }
  const same = kinds.filter((other) => family(other) === family(kind)).length;
  const share = same / values.length;
  if (kind === 'words') return isNumberedAlike(column) ? 'value' : wordSign(column, repeated);
  if (kind === 'code') return codeSign(column, repeated);
  if (kind === 'truth') {
    return share >= 0.9 && values.some((value) => isTruthPair(name, value)) ? 'value' : wordSign(column, repeated);
  }
  if (kind === 'number' && isYear(name)) return yearSign(column, share);
  if (again > 0 && kind !== 'number') return 'value';
  if (kind === 'number') return share >= 0.3 || again > 0 ? (isNeverName(kind, name) ? 'value' : 'count') : 'odd';
  // Shares and sums can also be names above plain numbers, for example in the table of a distribution.
  if (kind === 'amount' && !kinds.includes('amount')) return 'odd';
  if (share >= 0.3) return 'value';
  const mayName = kind === 'date' || kind === 'period' || kind === 'time';
  return mayName && same === 0 && (values.length > 1 || kinds.every((other) => other === 'number')) ? 'name' : 'odd';
}

/** Whether some of the texts are equal, so that the column has neither names nor titles. */
const isRepeating = (values: readonly string[]): boolean => new Set(values).size * 10 <= values.length * 8;

const truths = [
  ['true', 'false'],
  ['yes', 'no'],
  ['ja', 'nein', 'nej', 'nei'],
  ['oui', 'non'],
  ['on', 'off'],
].map((pair) => new Set(pair));

/** Whether two words answer the same question. `yes` and `no` answer another question than `on`, so `on` above `yes` and `no` is a name. */
function isTruthPair(one: string, other: string): boolean {
  return truths.some((pair) => [one, other].every((text) => pair.has(text.trim().toLowerCase())));
}

function yearSign({ values, kinds, again }: ColumnBelow, share: number): Sign {
  const years = values.filter(isYear).length + again;
  if (years * 2 >= values.length + again) return 'value';
  if (share >= 0.3) return 'year';
  return values.length > 1 && kinds.every((kind) => kind !== 'number') ? 'year' : 'odd';
}

/** Whether a name with at least three digits has the shape of half of the values. */
function isNumberedAlike({ name, values }: ColumnBelow): boolean {
  if (name.replace(/\D/g, '').length < 3) return false;
  const shape = shapeOf(name.slice(0, mostOfText));
  return values.filter((value) => shapeOf(value) === shape).length * 2 >= values.length;
}

/** Decides about a text of letters and digits, such as `A-1001` or `q1`. */
function codeSign(column: ColumnBelow, repeated: Sign): Sign {
  const { name, values, kinds } = column;
  if (isNumberedAlike(column)) return 'value';
  const prefix = /^\D*/.exec(name.trim())?.[0] ?? '';
  const numbered = values.filter((value) => /^\D*/.exec(value.trim())?.[0] === prefix && kindOf(value) === 'code').length / values.length;
  const count = name.replace(/\D/g, '').length;
  if (numbered >= 0.8 && values.length > 1 && (prefix !== '' || count >= 3)) return 'value';
  if (kinds.filter((kind) => kind === 'code').length * 2 < values.length) return wordSign(column, repeated);
  return repeated !== 'nothing' ? repeated : isIdentifier(name) ? 'nothing' : 'odd';
}

function wordSign({ name, values, kinds, again }: ColumnBelow, repeated: Sign): Sign {
  const others = kinds.filter((kind) => kind !== 'words').length / values.length;
  // If 90% of the values have another form, the text is a name, even if a value is the same word as the name of its column.
  if (others >= 0.9 && !(kindOf(name) === 'code' && kinds.includes('code'))) return again > 1 && again > values.length ? repeated : 'name';
  const namely = namelySign({ name, values });
  if (again === 0) return namely;
  return repeated === 'once' && (namely === 'styled' || namely === 'cased') ? 'both' : repeated;
}

/** How strongly a word shows that it is a name, if the word does not occur among the values below it. */
function namelySign({ name, values }: Pick<ColumnBelow, 'name' | 'values'>): Sign {
  // Codes of countries and currencies are also common words for columns: ID, NO, TO.
  const shape = shapeOf(name);
  if (/^A{2,3}$/.test(shape) && values.every((value) => shapeOf(value) === shape)) return 'odd';
  const style = styleOf(name);
  const styles = values.map(styleOf);
  const isWord = isColumnWord(name);
  if (isWord && values.filter(isColumnWord).length * 5 <= values.length) return 'styled';
  if (style === 'joined') return styles.includes('joined') ? 'nothing' : 'styled';
  if (values.length < 3 || style === 'prose' || style === 'mixed') return 'nothing';
  const longer = styles.every((other) => other === 'prose');
  return longer || styles.every((other) => other !== style && other !== 'mixed' && other !== 'prose') ? 'cased' : 'nothing';
}

/** Whether the column has row numbers. Tables leave row numbers without a name: `,id,name` above `0,17,Ann`. */
function isRowNumber(column: ColumnBelow | undefined, names: readonly string[]): boolean {
  if (column === undefined || column.name !== '' || names.slice(1).some((name) => name === '')) return false;
  const start = Number(column.values[0]);
  if (column.values.length < 2 || column.values.length < column.rows || (start !== 0 && start !== 1)) return false;
  return column.values.every((value, row) => value === String(start + row));
}

function decided(signs: readonly Sign[], names: readonly string[], wholeAgain: number, columns: readonly ColumnBelow[]): FirstRow {
  const times = (...wanted: readonly Sign[]): number => signs.filter((sign) => wanted.includes(sign)).length;
  const named = times('name', 'styled', 'cased');
  const told = (header: boolean, sure: boolean): FirstRow => ({ header, sure, share: named / names.length });
  const [values, counts, years] = [times('value'), times('count'), times('year')];
  const [strong, styled, both] = [times('name'), times('styled', 'cased'), times('both')];
  const numbered = isNumbering(names);
  if (values > 0) {
    const others = signs.filter((sign, place) => sign === 'value' && kindOf(names[place] ?? '') !== 'number').length;
    return told(false, strong <= values && (others > 0 || !(numbered || isAscending(names))));
  }
  if (counts > 0) {
    // Names that are consecutive numbers, such as the hours of a day, look like any whole number.
    if (numbered) return told(strong + styled > 0 || areFractions(columns, signs), strong > 0 && areFractions(columns, signs));
    if (strong > 0) return told(strong + styled > counts, false);
    return told(false, styled === 0 && !isAscending(names));
  }
  const [often, again] = [times('often'), times('again', 'once')];
  if (strong > 0) {
    return often > strong ? told(false, false) : told(true, often === 0 && again < 2);
  }
  if (years > 0) return told(true, often === 0 && (styled > 0 || new Set(names.filter(isYear)).size > 1));
  if (often + again > 0) {
    if (styled + both > often + again) return told(true, false);
    return told(false, styled + both === 0 && (often > 0 || times('again') > 1));
  }
  const filled = names.filter((name) => name !== '');
  if (styled + both > 0) {
    // A single text in another style may be the name of a firm. If all texts share that style, they are the names of columns.
    const isOneStyle = filled.length > 1 && new Set(filled.map(styleOf)).size === 1;
    const isTold = (times('styled') > 0 || isOneStyle) && (both === 0 || styled > 1);
    return told(true, isTold && times('odd') === 0 && wholeAgain < 3 && (styled > 1 || styled * 2 >= names.length));
  }
  const isGuessedRow = new Set(filled).size < filled.length || times('odd') > 0 || wholeAgain > 1;
  return told(!isGuessedRow, false);
}

const isIdentifier = (name: string): boolean => /^[\p{L}_]+\d{1,2}$/u.test(name.trim());

/** Whether the names are one word with increasing numbers, such as `C1` and `C2`, and no value below begins with that word. */
function areCounted(names: readonly string[], columns: readonly ColumnBelow[]): boolean {
  if (names.length < 2 || !names.every((name) => /^[\p{L}_]+\d+$/u.test(name.trim()))) return false;
  const numbers = names.map((name) => Number(/\d+$/.exec(name.trim())?.[0]));
  const words = new Set(names.map((name) => name.trim().replace(/\d+$/, '')));
  const [word = ''] = words;
  if (columns.some(({ again, values }) => again > 0 || values.some((value) => value.startsWith(word)))) return false;
  return words.size === 1 && numbers.every((number, at) => at === 0 || number === (numbers[at - 1] ?? 0) + 1);
}

/** Whether at least three of the names are numbers that increase in equal steps. */
function isNumbering(names: readonly string[]): boolean {
  const numbers = names
    .map((name) => name.trim())
    .filter((name) => /^\d+(?:\.\d+)?$/.test(name))
    .map(Number);
  const step = (numbers[1] ?? 0) - (numbers[0] ?? 0);
  return (
    numbers.length > 2 && step > 0 && numbers.every((number, at) => at === 0 || Math.abs(number - (numbers[at - 1] ?? 0) - step) < 1e-9)
  );
}

/** Whether the names include other texts and at least three numbers, each larger than the number before it. Such numbers are the limits of classes, and so are names. */
function isAscending(names: readonly string[]): boolean {
  const numbers = names.filter((name) => kindOf(name) === 'number').map((name) => Number(name.replace(',', '.')));
  if (numbers.length < 3 || numbers.length === names.length) return false;
  return numbers.every((number, at) => at === 0 || number > (numbers[at - 1] ?? 0));
}

/** Whether all values below the whole numbers of the first row are fractions. */
function areFractions(columns: readonly ColumnBelow[], signs: readonly Sign[]): boolean {
  return columns.every(({ values }, place) => signs[place] !== 'count' || values.every((value) => /\d[.,]\d/.test(value)));
}

/** Words that people and programs use as column names. A word indicates a name only if the values below it contain no such word. */

const words =
  'id ids key uuid guid code name names navn nom nombre first last firstname lastname fornavn efternavn vorname nachname surname title titel ' +
  'description beschreibung beskrivelse text note notes comment comments remark remarks date datum dato day month year jahr år time timestamp created updated ' +
  'modified deleted at on from to start end begin valid type typ kind category kategori class group gruppe status state stage level rank ' +
  'country land city by stadt town region county province area zone address adresse street postcode postnr plz zip email mail phone telefon ' +
  'mobile fax url link website domain host ip user username customer kunde client supplier vendor company firma account konto owner author ' +
  'manager employee person member department dept team role product produkt item article artikel sku brand model color colour size unit ' +
  'enhed einheit quantity qty antal menge amount beløb betrag price pris preis cost total sum subtotal tax vat moms discount currency ' +
  'valuta währung balance value værdi wert count number no nr num index order orders ordre invoice line row sequence version source target ' +
  'channel method payment shipping iban bic bank lat lon latitude longitude height width length weight age alder alter gender sex ' +
  'language locale active enabled flag score rating percent share rate min max mean median label tag tags path file filename folder format ' +
  'question answer message subject body field column table variable param parameter property attribute rep sales revenue site store shop branch office brand device sensor event action session amounts';

const common = new Set(words.split(' '));

/** Whether a text is a common word for a column, or ends in such a word: `customer_id`, `createdAt`, `Order date`. */
function isColumnWord(written: string): boolean {
  const parts = written
    .trim()
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[\s_.\-/#]+/)
    .filter((part) => part !== '');
  const last = parts.at(-1);
  return parts.length <= 4 && last !== undefined && common.has(last);
}
