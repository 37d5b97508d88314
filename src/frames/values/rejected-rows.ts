import type { Cell } from '../cell.ts';
import type { DataType, Schema } from '../schema.ts';
import { shortHash } from '../short-hash.ts';
import { addFingerprints, emptyFingerprint, type Fingerprint, type Watermark } from '../watermark.ts';
import { parsedKey } from '../watermark-text.ts';
import { frameBuilder } from './builders.ts';
import { partialSchema } from './partial-rows.ts';
import type { PolarsFrame } from './polars-frame.ts';

/** A row that can’t be read according to the schema. */
export interface RejectedRow {
  /** The name of the file, for messages. */
  readonly source: string;
  /** The line where the row begins, counted from 1; null if a source has no lines. */
  readonly line: number | null;
  /** What is wrong with the row, as one sentence without its values. */
  readonly reason: string;
  /** The row as it is in the source, cut at 64 kB. */
  readonly text: string;
  /**
   * Its watermark as canonical text; null: it has none. Absent: unknown, for example because the value itself can’t be read. A row with a
   * watermark is in the window that was read, so no other slice finds it.
   */
  readonly watermark?: string | null;
}

/** The text of a source’s column in a row that can’t be read; null: none. Undefined: it can’t be determined. */
export type RejectedText = (row: RejectedRow) => (column: string) => string | null | undefined;

/** For rows whose text is a JSON object. */
export const memberText: RejectedText = ({ text }) => {
  const members = membersOf(text);
  return (column) => {
    if (!Object.hasOwn(members, column)) return undefined;
    const value = members[column];
    if (value === null || typeof value === 'string') return value;
    return Number.isSafeInteger(value) ? String(value) : undefined;
  };
};

function membersOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' ? (value as Readonly<Record<string, unknown>>) : {};
  } catch {
    return {};
  }
}

/** Rows that a home left out because of `bad_rows`. The engine counts them. If `keep` is true, they settle apart, as quarantine. */
export interface Rejected {
  readonly rejected: readonly RejectedRow[];
  readonly keep: boolean;
  /** Absent: no column can be determined. */
  readonly textOf?: RejectedText;
  /** The source file that they are in, as slices name it. */
  readonly from?: string;
  /** The home reads the watermark of such rows if it can, and rows to keep settle with it. The same for all of a slice. */
  readonly isMarked?: true;
  /** Values that were read as null because of `special_values`, since the last report. Their rows are in the frames. */
  readonly asNull?: AsNull;
  /**
   * Rows above the upper bound whose time is in the future by the clock of the source, since the last report, and the latest of their
   * times. For a home that finds them only while it reads. They are not among the rows to keep.
   */
  readonly ahead?: { readonly rows: number; readonly latest: string };
}

/** The number of values, by the names of their columns. Nulls of the source itself are not counted. */
export type AsNull = Readonly<Record<string, number>>;

export function addAsNull(a: AsNull, b: AsNull): AsNull {
  const sum = new Map(Object.entries(a));
  for (const [column, values] of Object.entries(b)) sum.set(column, (sum.get(column) ?? 0) + values);
  return Object.fromEntries(sum);
}

/** Counted while rows are read, by the positions of columns. */
export class NulledValues {
  readonly #values: number[];
  readonly #names: readonly string[];

  constructor(columns: readonly { readonly name: string }[]) {
    this.#names = columns.map(({ name }) => name);
    this.#values = columns.map(() => 0);
  }

  add(at: number, values = 1): void {
    this.#values[at] = (this.#values[at] ?? 0) + values;
  }

  /** What a home reports about them; empty if there are none. */
  told(): readonly Rejected[] {
    const found = this.#names.flatMap((name, at) => ((this.#values[at] ?? 0) > 0 ? [[name, this.#values[at] ?? 0] as const] : []));
    return found.length === 0 ? [] : [{ rejected: [], keep: false, asNull: Object.fromEntries(found) }];
  }
}

/** The column with the watermark of quarantined rows, in its settled type; it exists if the home reads it. */
export const rejectedMark = 'watermark';

/** The schema of quarantined rows, as they settle. */
export const rejectedSchema: Schema = {
  columns: [
    { name: 'source', type: { kind: 'string' }, nullable: false },
    { name: 'line', type: { kind: 'int64' }, nullable: true },
    { name: 'reason', type: { kind: 'string' }, nullable: false },
    { name: 'text', type: { kind: 'string' }, nullable: false },
    { name: 'entity_run_id', type: { kind: 'string' }, nullable: false },
  ],
};

const brokenFacts = ['rule', 'column', 'reason', 'run', 'id'] as const;
/** The columns of earlier versions. */
const brokenFactsBefore = ['rule', 'column'] as const;

/** The additional columns of rows that break a rule, by their content. `run`: the id of the entity run; `id`: the same for the same row and rule. */
export type BrokenColumns = Readonly<Record<(typeof brokenFacts)[number], string>>;

/** `_rule` and so on. If a column of the rows has the name, ignoring case, `_` is added at its end. */
export function brokenColumns({ columns }: Schema): BrokenColumns {
  const taken = new Set(columns.map(({ name }) => name.toLowerCase()));
  const free = (name: string): string => (taken.has(name) ? free(`${name}_`) : name);
  return Object.fromEntries(brokenFacts.map((fact) => [fact, free(`_${fact}`)])) as BrokenColumns;
}

/** The same for settled rows: these columns are together and in this order after the columns of the data, which may have such names as well. */
export function brokenColumnsIn({ columns }: Schema): Partial<BrokenColumns> {
  const names = columns.map(({ name }) => name);
  for (const facts of [brokenFacts, brokenFactsBefore]) {
    const at = names.findLastIndex((_, from) => facts.every((fact, i) => names[from + i]?.replace(/_+$/, '') === `_${fact}`));
    if (at !== -1) return Object.fromEntries(facts.map((fact, i) => [fact, names[at + i]]));
  }
  return {};
}

/** Rows that break a rule, as they settle: their own columns, followed by `brokenColumns`. Rows of earlier versions have `_rule` and `_column` only. */
export function brokenSchema(settled: Schema): Schema {
  const names = brokenColumns(settled);
  const own = brokenFacts.map((fact) => ({ name: names[fact], type: { kind: 'string' } as const, nullable: fact !== 'rule' }));
  return { columns: [...settled.columns, ...own] };
}

/** The columns of parts, by their role. `mark`: the type of the watermark of quarantined rows; null: they have none. */
export function schemaOfRole(
  role: 'data' | 'boundary' | 'quarantine' | 'broken' | 'correction' | 'deleted' | 'partial',
  settled: Schema,
  mark: DataType | null = null,
): Schema {
  if (role === 'quarantine')
    return mark === null ? rejectedSchema : { columns: [...rejectedSchema.columns, { name: rejectedMark, type: mark, nullable: true }] };
  if (role === 'partial') return partialSchema(settled);
  return role === 'broken' || role === 'correction' ? brokenSchema(settled) : settled;
}

/** The watermark among the columns of quarantined rows; null: they have none. */
export function rejectedMarkIn({ columns }: Schema): Pick<Watermark, 'column' | 'type'> | null {
  const found = columns.find(({ name }) => name === rejectedMark);
  return found ? { column: found.name, type: found.type } : null;
}

/** They count as no rows of a group, but do change its fingerprint. */
export function rejectedFingerprint(rows: readonly RejectedRow[]): Fingerprint {
  const hashes = rows.map(({ reason, text }) => ({ rows: 0, hash: shortHash(JSON.stringify([reason, text])) }));
  return hashes.reduce(addFingerprints, emptyFingerprint);
}

/** Rows that can't be read, as a frame of `schemaOfRole('quarantine', …, mark)`. Their watermarks are texts of the type `mark`. */
export async function rejectedFrame(rows: readonly RejectedRow[], entityRunId: string, mark: DataType | null = null): Promise<PolarsFrame> {
  const builder = await frameBuilder(schemaOfRole('quarantine', rejectedSchema, mark));
  for (const { source, line, reason, text, watermark } of rows) {
    const marked = mark === null ? [] : [markCell(mark, watermark ?? null)];
    builder.append([source, line === null ? null : BigInt(line), reason, text, entityRunId, ...marked]);
  }
  return builder.take();
}

/** Null: there is none, or it is unknown. */
function markCell(type: DataType, text: string | null): Cell {
  const key = text === null ? undefined : parsedKey(type, text);
  if (key === undefined) return null;
  return isNumber(type) ? Number(key) : key;
}

/** Cells of these types are numbers; cells of other types of watermarks are bigints or texts. */
const isNumber = ({ kind }: DataType) => kind === 'date' || /^u?int(8|16|32)$/.test(kind);
