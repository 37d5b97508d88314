/** Proposes keys of the home with which columns of text would become numbers or days. */
import { describeType } from '../../frames/describe-type.ts';
import type { DataType } from '../../frames/schema.ts';
import type { OwnNote } from '../../ports/notes.ts';
import { ClockForm } from '../bytes/clock-form.ts';
import { parseByPattern, patternOf } from './columns/patterns.ts';
import { type CsvHomeOptions, type CsvReading, formsOf } from './options.ts';
import type { PinnedCsv } from './pinned.ts';
import { proposeType } from './propose.ts';
import { kindOf } from './value-form.ts';

type Keys = Pick<CsvHomeOptions, 'decimal_separator' | 'thousands_separator' | 'date_format' | 'timestamp_format'>;
type Values = ReadonlyMap<string, readonly string[]>;

interface SampledValues {
  readonly reading: CsvReading;
  readonly values: Values;
}

interface Proposal {
  readonly columns: readonly string[];
  readonly keys: Keys;
  readonly type: DataType;
}

const mostNamed = 4;

/** Proposes keys that were tried on the sample. With such keys, columns of text get another type, and no other column loses its type. */
export function proposalsFor(pinned: PinnedCsv, { reading, values }: SampledValues): readonly OwnNote[] {
  const texts = pinned.columns.filter(
    ({ name, type }) => type.kind === 'string' && !reading.types.has(name) && (values.get(name)?.length ?? 0) > 0,
  );
  const columns = new Map(texts.map(({ name }) => [name, values.get(name) ?? []]));
  const others = new Map(
    pinned.columns
      .filter(({ name, type }) => type.kind !== 'string' && !reading.types.has(name))
      .map(({ name }) => [name, values.get(name) ?? []]),
  );
  return [numberKeys, dayKeys('date_format', days), dayKeys('timestamp_format', times)].flatMap((keysFor) => {
    const choices = keysFor(reading.options, columns)
      .map((keys) => tried(keys, reading.options, columns))
      .filter(({ columns: some }) => some.length > 0);
    const most = Math.max(0, ...choices.map(({ columns: some }) => some.length));
    const widest = choices.filter(({ columns: some }) => some.length === most);
    const best = widest.filter(({ keys }) => !widest.some((other) => isPartOf(other.keys, keys)));
    const [first] = best;
    if (first === undefined) return [];
    const lost = best.every(({ keys }) => losesTypes(keys, reading.options, others));
    return [proposalNote(lost ? best.slice(0, 1) : best.filter(({ keys }) => !losesTypes(keys, reading.options, others)), columns, lost)];
  });
}

/** Whether the keys of one proposal are only a part of the keys of another proposal, and both read the file in the same way. */
function isPartOf(fewer: Keys, keys: Keys): boolean {
  const some = Object.entries(fewer);
  return some.length < Object.keys(keys).length && some.every(([key, value]) => keys[key as keyof Keys] === value);
}

function tried(keys: Keys, options: CsvHomeOptions, columns: Values): Proposal {
  const forms = formsOf({ ...options, ...keys });
  const kind = keys.date_format !== undefined ? 'date' : keys.timestamp_format !== undefined ? 'timestamp' : 'number';
  const { thousands_separator: groups } = keys;
  const types = [...columns]
    .filter(([, texts]) => texts.every((text) => kindOf(text) === kind))
    .filter(([, texts]) => groups === undefined || keys.decimal_separator !== undefined || texts.some((text) => text.includes(groups)))
    .map(([name, texts]) => [name, proposeType(texts, forms)] as const)
    .filter(([, type]) => type.kind !== 'string');
  return { columns: types.map(([name]) => name), keys, type: types[0]?.[1] ?? { kind: 'string' } };
}

/** Whether a column that is read correctly now would become text with these keys. */
function losesTypes(keys: Keys, options: CsvHomeOptions, others: Values): boolean {
  const [now, then] = [formsOf(options), formsOf({ ...options, ...keys })];
  return [...others.values()].some((texts) => texts.length > 0 && proposeType(texts, now).kind !== proposeType(texts, then).kind);
}

const separators: readonly Keys[] = [
  { decimal_separator: '.' },
  { decimal_separator: ',' },
  { decimal_separator: ',', thousands_separator: '.' },
  { decimal_separator: ',', thousands_separator: ' ' },
  { thousands_separator: ',' },
  { thousands_separator: "'" },
  { thousands_separator: ' ' },
];

function numberKeys(options: CsvHomeOptions): readonly Keys[] {
  return options.decimal_separator === undefined && options.thousands_separator === undefined ? separators : [];
}

const dayForms = [
  '%d.%m.%Y',
  '%d-%m-%Y',
  '%d/%m/%Y',
  '%m/%d/%Y',
  '%m-%d-%Y',
  '%Y/%m/%d',
  '%Y.%m.%d',
  '%d.%m.%y',
  '%d/%m/%y',
  '%m/%d/%y',
  '%d %b %Y',
  '%d-%b-%Y',
  '%d-%b-%y',
  '%b %d, %Y',
];
const clockForms = ['%H:%M:%S', '%H:%M', '%H:%M:%S.%f', '%I:%M %p', '%I:%M:%S %p'];
const days = dayForms.map((form) => [form, patternOf(form)] as const);
const times = ['%Y-%m-%d', ...dayForms]
  .flatMap((day) => clockForms.map((clock) => `${day} ${clock}`))
  .map((form) => [form, patternOf(form)] as const);

/** The date forms that fit all values of some column. */
function dayKeys(
  key: 'date_format' | 'timestamp_format',
  forms: typeof days,
): (options: CsvHomeOptions, columns: Values) => readonly Keys[] {
  const clock = new ClockForm();
  return (options, columns) => {
    if (options[key] !== undefined) return [];
    const wanted = key === 'date_format' ? 'date' : 'timestamp';
    const all = [...columns.values()].filter((texts) => texts.every((text) => kindOf(text) === wanted));
    const fields = all.map((texts) => texts.map((text) => Buffer.from(text)));
    const fit = forms.filter(([, pattern]) =>
      fields.some((texts) => texts.every((text) => parseByPattern(pattern, text, 0, text.length, clock))),
    );
    return fit.map(([form]) => ({ [key]: form }));
  };
}

function proposalNote(best: readonly Proposal[], columns: Values, lost: boolean): OwnNote {
  const [{ columns: names, keys, type }] = best as [Proposal];
  const more = names.length > mostNamed ? ` and ${names.length - mostNamed} more` : '';
  const example = shownExample(columns.get(names[0] ?? '') ?? []);
  const shown = best.map((one) =>
    Object.entries(one.keys)
      .map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
      .join(' and '),
  );
  const head = `${names.slice(0, mostNamed).join(', ')}${more} (${example}) ${names.length === 1 ? 'settles' : 'settle'} as text`;
  const text = lost
    ? `${head}: ${shown[0]} would read ${names.length === 1 ? 'it' : 'them'}, but other columns are written otherwise`
    : best.length === 1
      ? `${head}: with ${shown[0]} in the home ${names.length === 1 ? 'it is' : 'they are'} ${describeType(type)}`
      : `${head}: the values fit ${shown.slice(0, 3).join(', or ')}. The home can say which form is right`;
  const asJson = keys as Readonly<Record<string, string>>;
  const proposed = lost || best.length > 1 ? {} : { proposes: asJson };
  return { code: 'csv.as_text', params: { columns: [...names], keys: asJson, ...proposed }, text };
}

/** The longest of the texts, because it shows the most. */
function shownExample(texts: readonly string[]): string {
  const longest = texts.slice(0, 100).reduce((best, text) => (text.length > best.length ? text : best), '');
  return JSON.stringify(longest.slice(0, 40));
}
