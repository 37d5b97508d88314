/** Decides the types of the columns, from the samples, from the config, and from earlier decisions under the same keys. */
import { describeType, sameType } from '../../frames/describe-type.ts';
import type { DataType } from '../../frames/schema.ts';
import type { OwnNote } from '../../ports/notes.ts';
import { type CsvReading, readingOf } from './options.ts';
import { decidingKeys, type PinnedColumn, type PinnedCsv, sameKeys } from './pinned.ts';
import { dayWithPoints, groupedByPoints, proposeType } from './propose.ts';
import { type DoubtedColumn, saidForm } from './said-form.ts';

export interface SampledColumns {
  /** For each column, the sampled values that are not null. The columns are in the order in which their names were first seen. */
  readonly values: Map<string, string[]>;
  /** The number of records in the sample. */
  readonly rows: number;
  /** Whether the sample contains all records. False: records outside the sample may have values in columns that are empty in the sample. */
  readonly isWhole: boolean;
}

interface DecisionRequest {
  readonly seen: SampledColumns;
  readonly reading: CsvReading;
  readonly delimiter: string;
}

/** How the files were read when the types of their columns were decided. */
interface PastReading {
  readonly reading: CsvReading;
  /** Whether the home’s keys of that time are known. */
  readonly isKnown: boolean;
}

/** How the files were read when `settled` was decided. Undefined: the files were read in the same way as now. */
export function pastReading(settled: PinnedCsv, now: CsvReading): PastReading | undefined {
  const { keys } = settled;
  const current = decidingKeys(now.options);
  if (keys !== undefined && sameKeys(keys, current)) return undefined;
  const { types } = now.options;
  const past = keys ?? { ...(types && { types }) };
  const others = Object.fromEntries(Object.entries(now.options).filter(([key]) => !(key in current)));
  return { reading: readingOf({ ...others, ...past }, now), isKnown: keys !== undefined };
}

/** The columns to read, with the known columns first. `past`: the same sample, read under the keys of the earlier decision. */
export function columnsOf(
  request: DecisionRequest,
  before: PinnedCsv | null,
  past: (PastReading & { readonly seen: SampledColumns }) | undefined | null,
): readonly PinnedColumn[] {
  const { seen, reading } = request;
  const { values, rows, isWhole } = seen;
  const propose = proposer(request);
  // A column that settled as a number stays a number, even if its points could mean something else.
  const undoubted = { ...request, delimiter: ',' };
  const asText = past && { before: proposer({ ...request, ...past }), now: propose };
  const asNumber = past && { before: proposer({ ...undoubted, ...past }), now: proposer(undoubted) };
  const decide = (name: string): PinnedColumn => ({
    name,
    type: propose(name),
    ...(isEmpty(values, name) && isWhole && !reading.types.has(name) ? { undecided: true } : {}),
  });
  const known = (before?.columns ?? []).map((column): PinnedColumn => {
    const { name, type, undecided } = column;
    if (undecided) return decide(name);
    const told = reading.types.get(name);
    if (told !== undefined) return sameType(told, type) ? column : { name, type: told, configured: true };
    const proposed = type.kind === 'string' ? asText : asNumber;
    if (!past || !proposed || isEmpty(values, name) || (isEmpty(past.seen.values, name) && !past.reading.types.has(name))) return column;
    const then = proposed.before(name);
    // If the keys do not explain why the types differ, the column keeps its settled type.
    return sameType(then, proposed.now(name)) || (!past.isKnown && !sameType(then, type))
      ? column
      : { name, type: propose(name), configured: true };
  });
  const names = new Set(known.map(({ name }) => name));
  // A table without a row shows only its names, so the types are decided when the table has values.
  const fresh = rows === 0 ? [] : [...values.keys()].filter((name) => !names.has(name));
  return [...known, ...fresh.map(decide)];
}

const isEmpty = (values: ReadonlyMap<string, readonly string[]>, name: string): boolean => (values.get(name) ?? []).length === 0;

function proposer({ seen: { values }, reading, delimiter }: DecisionRequest): (name: string) => DataType {
  const { types, forms, options } = reading;
  const grouped = groupedByPoints(values, options, delimiter);
  return (name) => {
    const texts = values.get(name) ?? [];
    const type = types.get(name) ?? (grouped.has(name) ? { kind: 'string' } : proposeType(texts, forms));
    const said = type.kind === 'string' && !types.has(name) ? saidForm(texts, forms, options) : undefined;
    return said !== undefined && 'type' in said ? said.type : type;
  };
}

/** The columns that were just decided to be text, though some of their values look like numbers or days. `before`: the decisions that were made earlier under the same keys. */
export function doubtfulForms(
  columns: readonly PinnedColumn[],
  before: PinnedCsv | null,
  { seen: { values }, reading: { types, forms, options } }: DecisionRequest,
): readonly DoubtedColumn[] {
  const decided = new Set(before?.columns.flatMap(({ name, undecided }) => (undecided ? [] : [name])));
  const texts = columns.filter(({ name, type }) => type.kind === 'string' && !types.has(name) && !decided.has(name));
  return texts.flatMap(({ name }) => {
    const said = saidForm(values.get(name) ?? [], forms, options);
    return said !== undefined && 'doubt' in said ? [{ name, ...said.doubt }] : [];
  });
}

/** The columns that settled as numbers in an older hygge, though a point in them may separate thousands. The older hygge did not check what a point means in a file with semicolons, or next to days with points. */
export function doubtfulPoints({ columns }: PinnedCsv, { seen: { values }, reading, delimiter }: DecisionRequest): readonly OwnNote[] {
  const grouped = groupedByPoints(values, reading.options, delimiter);
  const some = columns.filter(({ name, type }) => grouped.has(name) && type.kind !== 'string' && !reading.types.has(name));
  const [first] = some;
  if (first === undefined) return [];
  const names = some.map(({ name }) => name);
  const example = values.get(first.name)?.find((text) => text.includes('.')) ?? '';
  const are = some.length === 1 ? 'is' : 'are';
  const whole = JSON.stringify(example.replaceAll('.', ''));
  const where =
    delimiter === ';'
      ? 'If fields are separated by semicolons'
      : `In addition to days such as ${JSON.stringify(dayWithPoints(values) ?? '')}`;
  const text = `${names.join(', ')} ${are} ${describeType(first.type)}: the point in ${JSON.stringify(example)} is read as a decimal point. ${where} the text often means ${whole}. If so, say decimal_separator: "," and thousands_separator: "." of the home and load the entity again (-d). If not, say decimal_separator: "."`;
  return [{ code: 'csv.points', params: { columns: names, example }, text }];
}
