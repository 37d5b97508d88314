export interface ScheduleField {
  readonly title: string;
  readonly from: number;
  readonly to: number;
  /** The names of the values from `from` on, in lower case. Three letters of a name are enough. */
  readonly names: readonly string[];
}

export type FieldProblem =
  /** Whether 7 means Sunday. */
  | { readonly kind: 'sunday'; readonly instead: string }
  /** A range from a later to an earlier value, which the platform reads in the opposite direction. */
  | { readonly kind: 'falls'; readonly instead: string }
  | { readonly kind: 'any' }
  | { readonly kind: 'unknown'; readonly word: string }
  | { readonly kind: 'outside' }
  | { readonly kind: 'step' };

/** One item of a list with commas. `end` is `start` for a single value. */
interface Item {
  readonly start: string;
  readonly end: string;
  readonly isRange: boolean;
  readonly step: string | undefined;
}

const itemPattern = /^(?:(\*)|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/;

function itemOf(text: string): Item | undefined {
  const [matched, all, start = '', end, step] = itemPattern.exec(text) ?? [];
  if (matched === undefined) return undefined;
  return all === undefined
    ? { start, end: end ?? start, isRange: end !== undefined, step }
    : { start: '*', end: '*', isRange: false, step };
}

export function fieldProblem(field: ScheduleField, text: string): FieldProblem | undefined {
  if (text === '?') return { kind: 'any' };
  const items = text.split(',');
  for (const [i, written] of items.entries()) {
    const problem = itemProblem(field, written);
    if (problem === undefined) continue;
    if (written === '') return { kind: 'unknown', word: text };
    return 'instead' in problem ? { ...problem, instead: items.with(i, problem.instead).join(',') } : problem;
  }
  return undefined;
}

function itemProblem(field: ScheduleField, text: string): FieldProblem | undefined {
  const item = itemOf(text);
  if (item === undefined) return { kind: 'unknown', word: text };
  if (item.step !== undefined && (Number(item.step) < 1 || item.step.length > 4)) return { kind: 'step' };
  if (item.start === '*') return undefined;
  const start = numberFor(field, item.start);
  const end = numberFor(field, item.end);
  if (start === undefined || end === undefined) return { kind: 'unknown', word: text };
  if (isWeek(field) && (start === 7 || end === 7)) return { kind: 'sunday', instead: withoutSeven(item, start) };
  if (Math.min(start, end) < field.from || Math.max(start, end) > field.to) return { kind: 'outside' };
  return start > end ? { kind: 'falls', instead: rising(field, item, { start, end }) } : undefined;
}

function isWeek({ to }: ScheduleField): boolean {
  return to === 6;
}

function withoutSeven({ start, end, isRange, step }: Item, first: number): string {
  if (!isRange || start === end) return '0';
  if (first === 7) return `0-${end}`;
  if (step !== undefined) return listed(first, 7, Number(step), 7).join(',');
  return first === 0 ? '*' : `${first === 6 ? start : `${start}-6`},0`;
}

/** The days or hours of a range that wraps around, as ranges that the platform understands. */
function rising(field: ScheduleField, { start, end, step }: Item, at: { readonly start: number; readonly end: number }): string {
  const { from, to, names } = field;
  const round = to - from + 1;
  if (step !== undefined)
    return listed(at.start - from, at.end - from + round, Number(step), round)
      .map((value) => value + from)
      .join(',');
  const called = (value: number, like: string) => (/^\d/.test(like) ? `${value}` : (names[value - from] ?? '').slice(0, 3).toUpperCase());
  const before = at.start === to ? start : `${start}-${called(to, start)}`;
  const after = at.end === from ? end : `${called(from, end)}-${end}`;
  return `${before},${after}`;
}

function listed(from: number, to: number, step: number, round: number): readonly number[] {
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => (from + i * step) % round);
}

/** The value of a number or name; undefined: the text is neither. */
function numberFor({ from, names }: ScheduleField, word: string): number | undefined {
  if (/^\d{1,4}$/.test(word)) return Number(word);
  const lower = word.toLowerCase();
  const found = names.findIndex((name) => name === lower || name.slice(0, 3) === lower);
  return found < 0 ? undefined : found + from;
}

/** The values of a valid field, in rising order. A single value with a step continues to the end, as `*` does. */
export function fieldValues(field: ScheduleField, text: string): readonly number[] {
  const found = new Set<number>();
  for (const written of text.split(',')) {
    const { start, end, isRange, step } = itemOf(written) ?? { start: '*', end: '*', isRange: false, step: undefined };
    const from = numberFor(field, start) ?? field.from;
    const to = isRange || (step === undefined && start !== '*') ? (numberFor(field, end) ?? field.to) : field.to;
    for (let value = from; value <= to; value += Number(step ?? 1)) found.add(value);
  }
  return [...found].sort((a, b) => a - b);
}
