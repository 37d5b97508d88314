/** Finds columns that keep their type, but have a text that now means another value. The home’s keys have changed since the columns settled. */
import { sameType } from '../../frames/describe-type.ts';
import type { DataType } from '../../frames/schema.ts';
import type { ReadOtherwise } from '../../ports/notes.ts';
import { ClockForm } from '../bytes/clock-form.ts';
import { parseByPattern } from './columns/patterns.ts';
import type { ValueForms } from './columns/value-reader.ts';
import type { CsvReading } from './options.ts';
import { changedKeys, type PinnedCsv } from './pinned.ts';
import { asNumber } from './propose.ts';

/** The home’s keys at one time, and for each column the values that these keys do not read as null. */
interface Reading {
  readonly reading: CsvReading;
  readonly values: ReadonlyMap<string, readonly string[]>;
}

interface Readings {
  readonly past: Reading;
  readonly now: Reading;
}

export function readOtherwise(before: PinnedCsv, now: PinnedCsv, by: Readings): ReadOtherwise | undefined {
  const keys = changedKeys(before.keys ?? {}, now.keys ?? {});
  const changesTexts = keys.some((key) => ['encoding', 'quote', 'escape'].includes(key));
  const types = new Map(before.columns.flatMap(({ name, type, undecided }) => (undecided ? [] : [[name, type] as const])));
  const columns = now.columns.flatMap(({ name, type }) => {
    const settled = types.get(name);
    return settled !== undefined && sameType(settled, type) && (differs(name, type, by) || (changesTexts && hasOtherTexts(name, by)))
      ? [name]
      : [];
  });
  return columns.length === 0 ? undefined : { columns, keys };
}

function differs(name: string, type: DataType, { past, now }: Readings): boolean {
  const texts = new Set([past, now].flatMap(({ values }) => values.get(name) ?? []));
  const before = valuesIn(past, name, type);
  const after = valuesIn(now, name, type);
  return [...texts].some((text) => {
    const [old, current] = [before(text), after(text)];
    return old !== undefined && current !== undefined && old !== current;
  });
}

/** Whether the texts of a column differ, field by field. If the numbers of fields differ, the texts are not compared. Such fields are from other rows, or the earlier keys could not read some of the fields. */
function hasOtherTexts(name: string, { past, now }: Readings): boolean {
  const [old = [], current = []] = [past, now].map(({ values }) => values.get(name));
  return old.length === current.length && old.some((text, at) => text !== current[at]);
}

/**
 * Returns what each text of a column means. Two texts of one type have the same value if the results are equal. Undefined: the text is not
 * a value of the type, or another key makes it null.
 */
function valuesIn({ reading: { forms }, values }: Reading, name: string, type: DataType): (text: string) => string | null | undefined {
  const some = new Set(values.get(name));
  return (text) => {
    const field = Buffer.from(text);
    // A text in quotes may be a value although the same text without quotes is null.
    if (!some.has(text)) return forms.nulls.has(field, 0, field.length, false) ? null : undefined;
    if (type.kind === 'date' || type.kind === 'timestamp') return momentOf(field, type.kind, forms);
    return isNumber(type) ? asNumber(text, forms) : text;
  };
}

function momentOf(field: Uint8Array, kind: 'date' | 'timestamp', forms: ValueForms): string | undefined {
  const clock = new ClockForm();
  const pattern = forms[kind];
  const isRead = pattern === null ? clock[kind](field, 0, field.length) : parseByPattern(pattern, field, 0, field.length, clock);
  if (!isRead) return undefined;
  return kind === 'date' ? String(clock.days) : [clock.days, clock.seconds, clock.nanos, clock.offset].join(' ');
}

const isNumber = ({ kind }: DataType): boolean => /^(?:u?int|float|decimal)/.test(kind);
