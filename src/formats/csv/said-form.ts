/** Finds columns in which some values are not written as the home’s keys say. Such a column gets a type and bad rows, or stays text. */
import { asYaml } from '../../errors/as-yaml.ts';
import { describeType } from '../../frames/describe-type.ts';
import type { DataType } from '../../frames/schema.ts';
import type { OwnNote } from '../../ports/notes.ts';
import { ClockForm } from '../bytes/clock-form.ts';
import { withoutGroups } from './columns/number-form.ts';
import { type Pattern, parseByPattern } from './columns/patterns.ts';
import type { ValueForms } from './columns/value-reader.ts';
import { type CsvHomeOptions, formsOf } from './options.ts';
import { asNumber, numberType, proposeType, timeType } from './propose.ts';
import { kindOf, type ValueKind } from './value-form.ts';

/** The keys by which the config says how values are written. */
type ValueKeys = Pick<CsvHomeOptions, 'decimal_separator' | 'thousands_separator' | 'date_format' | 'timestamp_format'>;

/** What the values of a column show, if not all of them fit one type. */
export type SaidForm =
  /** The column has this type. The values of another form make bad rows. */
  | { readonly type: DataType }
  /** The column is text, although some values look like numbers or days. */
  | { readonly doubt: FormDoubt };

export interface FormDoubt {
  /**
   * Why the column is text. `words`: most values are neither numbers nor days. `other form`: all numbers and days are written in another
   * form than the keys say. `loose`: some values have a form that only a type in the config accepts, such as `+5`.
   */
  readonly because: 'words' | 'other form' | 'loose';
  readonly keys: ValueKeys;
  readonly kind: 'numbers' | 'dates' | 'timestamps';
  /** The type of the values that are written as the keys say. Text if no value is. */
  readonly type: DataType;
  readonly example: string;
  /** A value that keeps the column from having the type. */
  readonly misfit: string;
}

/** The different values of a column, in groups by how they fit the keys. */
interface Evidence {
  readonly kind: FormDoubt['kind'];
  readonly keys: ValueKeys;
  readonly fitting: readonly string[];
  /** The values that are numbers or days in another form. */
  readonly others: readonly string[];
  readonly words: readonly string[];
}

/**
 * Whether a column has a type although some values do not fit the type. At least half of the different values must look like the type, in
 * any form. Words that mean a missing value are not counted. Undefined: the column is an ordinary column of text.
 */
export function saidForm(values: readonly string[], forms: ValueForms, said: ValueKeys): SaidForm | undefined {
  const different = [...new Set(values)];
  const found = [numbersIn, timestampsIn, datesIn].flatMap((look) => look(different, forms, said) ?? []);
  return found.find((form) => 'type' in form) ?? found[0];
}

type Look = (values: readonly string[], forms: ValueForms, said: ValueKeys) => SaidForm | undefined;

const numbersIn: Look = (values, forms, { decimal_separator: decimal, thousands_separator: thousands }) => {
  if (decimal === undefined && thousands === undefined) return undefined;
  const keys = { ...(decimal && { decimal_separator: decimal }), ...(thousands && { thousands_separator: thousands }) };
  const fits = (value: string): boolean => asNumber(value, forms) !== undefined;
  const evidence = evidenceOf(values, { kind: 'numbers', keys, fits, alike: ['number', 'amount'] });
  const { fitting, others, words } = evidence;
  const marks = [String.fromCharCode(forms.decimal), ...(thousands ?? [])];
  const isMarked = (value: string): boolean => marks.some((mark) => value.includes(mark));
  const loose = others.filter((value) => isLooseNumber(value, forms));
  const type = numberType(fitting.flatMap((value) => asNumber(value, forms) ?? []));
  const marked = fitting.find(isMarked);
  if (isOfWords(evidence)) return marked === undefined ? undefined : decided(evidence, type, marked);
  // Digits alone, such as 007 and +45, are codes and telephone numbers.
  if (loose.length > 0) return [...fitting, ...loose].some(isMarked) ? looseNumbers(evidence, forms, loose) : undefined;
  const ofOtherForm = others.filter((value) => isOfOtherForm(value));
  if (fitting.length === 0) return ofOtherForm.length >= words.length ? inOtherForm(evidence, ofOtherForm) : undefined;
  const isAllOfNumbers = words.length === 0 && ofOtherForm.length === others.length;
  return marked === undefined && !isAllOfNumbers ? undefined : decided(evidence, type, marked);
};

const timestampsIn: Look = (values, forms, { timestamp_format: format }) =>
  format === undefined
    ? undefined
    : timesIn(values, forms, { kind: 'timestamps', pattern: forms.timestamp, keys: { timestamp_format: format } });

const datesIn: Look = (values, forms, { date_format: format }) =>
  format === undefined ? undefined : timesIn(values, forms, { kind: 'dates', pattern: forms.date, keys: { date_format: format } });

function timesIn(
  values: readonly string[],
  forms: ValueForms,
  { kind, pattern, keys }: { readonly kind: 'dates' | 'timestamps'; readonly pattern: Pattern | null; readonly keys: ValueKeys },
): SaidForm | undefined {
  if (pattern === null) return undefined;
  const evidence = evidenceOf(values, { kind, keys, fits: (value) => fitsPattern(value, pattern), alike: ['date', 'timestamp'] });
  const { fitting, others, words } = evidence;
  if (fitting.length > 0) return decided(evidence, timeType(fitting, forms));
  const same = others.filter((value) => kindOf(value) === (kind === 'dates' ? 'date' : 'timestamp'));
  return same.length >= words.length ? inOtherForm(evidence, same) : undefined;
}

function evidenceOf(
  values: readonly string[],
  {
    kind,
    keys,
    fits,
    alike,
  }: Pick<Evidence, 'kind' | 'keys'> & { readonly fits: (value: string) => boolean; readonly alike: readonly ValueKind[] },
): Evidence {
  const fitting = values.filter(fits);
  const rest = values.filter((value) => !fits(value)).map((value) => [value, kindOf(value)] as const);
  const others = rest.flatMap(([value, one]) => (alike.includes(one) ? [value] : []));
  const words = rest.flatMap(([value, one]) => (alike.includes(one) || one === 'missing' || one === 'empty' ? [] : [value]));
  return { kind, keys, fitting, others, words };
}

const isOfWords = ({ fitting, others, words }: Evidence): boolean => words.length > fitting.length + others.length;

function decided(evidence: Evidence, type: DataType | undefined, example?: string): SaidForm | undefined {
  const { kind, keys, fitting, words } = evidence;
  if (type === undefined) return undefined;
  if (!isOfWords(evidence)) return { type };
  return { doubt: { because: 'words', kind, keys, type, example: example ?? fitting[0] ?? '', misfit: words[0] ?? '' } };
}

function inOtherForm({ kind, keys }: Evidence, others: readonly string[]): SaidForm | undefined {
  const [example] = others;
  if (example === undefined) return undefined;
  return { doubt: { because: 'other form', kind, keys, type: { kind: 'string' }, example, misfit: example } };
}

function looseNumbers({ kind, keys, fitting }: Evidence, forms: ValueForms, loose: readonly string[]): SaidForm {
  const type = proposeType([...fitting, ...loose.map((value) => strictly(value, forms))], forms);
  const [misfit = ''] = loose;
  return { doubt: { because: 'loose', kind, keys, type: type.kind === 'string' ? { kind: 'float64' } : type, example: misfit, misfit } };
}

function fitsPattern(value: string, pattern: Pattern): boolean {
  const field = Buffer.from(value);
  return parseByPattern(pattern, field, 0, field.length, new ClockForm());
}

/** Whether a value is a number in a form that a column accepts only if the config gives the column’s type. */
function isLooseNumber(value: string, { decimal, thousands }: ValueForms): boolean {
  const [point, separator] = [String.fromCharCode(decimal), thousands < 0 ? undefined : String.fromCharCode(thousands)];
  const trimmed = value.trim();
  const number = separator === undefined ? trimmed : withoutGroups(trimmed, separator, point);
  if (number === undefined || (point !== '.' && number.includes('.'))) return false;
  return /^[+-]?(?:\d+\.?\d*|\.\d+)$/.test(number.replace(point, '.'));
}

/** A loose number, written as a program would write it. */
function strictly(value: string, { decimal }: ValueForms): string {
  const point = String.fromCharCode(decimal);
  const [sign, digits] = /^([+-]?)(.*)$/.exec(value.trim())?.slice(1) ?? [];
  const [whole = '', fraction = ''] = (digits ?? '').split(point);
  return `${sign === '-' ? '-' : ''}${whole.replace(/^0+(?=\d)/, '') || '0'}${fraction === '' ? '' : `${point}${fraction}`}`;
}

const otherForms: readonly ValueForms[] = [
  { decimal_separator: '.' as const },
  { decimal_separator: ',' as const },
  { decimal_separator: '.' as const, thousands_separator: ',' },
  { decimal_separator: ',' as const, thousands_separator: '.' },
  { decimal_separator: '.' as const, thousands_separator: "'" },
].map(formsOf);

/** Whether a value is a number with other separators than the keys say. */
function isOfOtherForm(value: string): boolean {
  return !/^-?\d+$/.test(value) && otherForms.some((forms) => asNumber(value, forms) !== undefined);
}

/** The keys as YAML. */
function shownKeys(keys: { readonly [key in keyof ValueKeys]: string | undefined }): string {
  return Object.entries(keys)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
    .join(' and ');
}

/** The keys that say how values of a type are written, as YAML. Empty: no key says that. */
export function keysOf({ kind }: DataType, options: ValueKeys): string {
  const { decimal_separator, thousands_separator, date_format, timestamp_format } = options;
  const said =
    kind === 'date'
      ? { date_format }
      : kind === 'timestamp'
        ? { timestamp_format }
        : kind === 'bool'
          ? {}
          : { decimal_separator, thousands_separator };
  return shownKeys(said);
}

const ofValue = (text: string): string => JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);

export interface DoubtedColumn extends FormDoubt {
  readonly name: string;
}

/** Says in one sentence why the values could be numbers or days, and why the column is text. */
export function doubtReason({ name, because, kind, keys, example, misfit }: DoubtedColumn): string {
  const shown = shownKeys(keys);
  if (because === 'words')
    return `some values of ${name} are ${kind} as ${shown} says (${ofValue(example)}), but most are not (${ofValue(misfit)})`;
  if (because === 'loose') return `values of ${name} such as ${ofValue(example)} are read as ${kind} only if types of the home says so`;
  return `values of ${name} look like ${kind} (${ofValue(example)}), but no value is written as ${shown} says`;
}

/** What to write in the config if the column is text, and what to write if its values are numbers or days. */
export function doubtRemedies({ name, because, keys, kind, type }: DoubtedColumn): readonly string[] {
  const typed = (as: string): string => `types: { ${asYaml(name)}: ${asYaml(as)} }`;
  const asText = `If the column is text, say so: ${typed('string')}`;
  if (because === 'other form')
    return [asText, `If the values are ${kind}, correct ${Object.keys(keys).join(' or ')}, or have the file written in this form`];
  const rest = because === 'words' ? ', and all other values are bad rows' : '';
  return [asText, `If the values are ${kind}: ${typed(describeType(type))}${rest}`];
}

export function doubtNote(doubt: DoubtedColumn): OwnNote {
  const { name, because, misfit } = doubt;
  const told = `${name} settles as text: ${doubtReason(doubt)}. ${doubtRemedies(doubt).join('. ')}, and load the entity again (-d)`;
  return { code: 'csv.doubtful_form', params: { column: name, because, example: misfit }, text: told };
}
