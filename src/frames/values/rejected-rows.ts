import type { Cell } from '../cell.ts';
import type { DataType, Schema } from '../schema.ts';
import { shortHash } from '../short-hash.ts';
import { addFingerprints, emptyFingerprint, type Fingerprint, type Watermark } from '../watermark.ts';
import { parsedKey } from '../watermark-text.ts';
import { frameBuilder } from './builders.ts';
import { partialSchema } from './partial-rows.ts';
import type { PolarsFrame } from './polars-frame.ts';

/** A row that does not fit the schema, so that it can’t be read. */
export interface RejectedRow {
  /** The name of the file, for messages. */
  readonly source: string;
  /** The number of the line at which the row begins, counted from 1. Null: the source has no lines. */
  readonly line: number | null;
  /** What is wrong with the row, in one sentence. The sentence does not contain values of the row. */
  readonly reason: string;
  /** The text of the row as the source has it, cut at 64 kB. */
  readonly text: string;
  /**
   * The watermark of the row as canonical text. Null: the row has no watermark. Absent: the watermark is unknown, for example because its
   * value can’t be read. A row with a watermark is in the window that was read, so no other slice finds the row.
   */
  readonly watermark?: string | null;
}

/** Finds the text of a source’s column in a row that can’t be read. Null: the row has no value there. Undefined: the text can’t be determined. */
export type RejectedText = (row: RejectedRow) => (column: string) => string | null | undefined;

/** Finds the texts in rows whose text is a JSON object. */
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

/** Rows that a home left out because of `bad_rows`. The engine counts them. If `keep` is true, the rows settle apart, as quarantine. */
export interface Rejected {
  readonly rejected: readonly RejectedRow[];
  readonly keep: boolean;
  /** Finds texts of columns in the rows. Absent: no text can be determined. */
  readonly textOf?: RejectedText;
  /** The source file that has the rows, as slices name it. */
  readonly from?: string;
  /** Set if the home reads the watermark of bad rows where it can. Rows to keep then settle with their watermark. All reports of a slice have the same value. */
  readonly isMarked?: true;
  /** How many values were read as null because of `special_values`, since the last report. The rows of these values are in the frames. */
  readonly asNull?: AsNull;
  /**
   * Rows above the upper bound whose time is in the future by the clock of the source. `rows`: their number since the last report.
   * `latest`: the latest of their times. For a home that finds such rows only while it reads. They are not among the rows to keep.
   */
  readonly ahead?: { readonly rows: number; readonly latest: string };
}

/** The number of values that were read as null, by the name of the column. Nulls of the source itself are not counted. */
export type AsNull = Readonly<Record<string, number>>;

export function addAsNull(a: AsNull, b: AsNull): AsNull {
  const sum = new Map(Object.entries(a));
  for (const [column, values] of Object.entries(b)) sum.set(column, (sum.get(column) ?? 0) + values);
  return Object.fromEntries(sum);
}

/** Counts the values that are read as null, by the position of the column. */
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

  /** The report of a home about these values. Empty: no value was read as null. */
  told(): readonly Rejected[] {
    const found = this.#names.flatMap((name, at) => ((this.#values[at] ?? 0) > 0 ? [[name, this.#values[at] ?? 0] as const] : []));
    return found.length === 0 ? [] : [{ rejected: [], keep: false, asNull: Object.fromEntries(found) }];
  }
}

/** The column with the watermark of quarantined rows, in its settled type. The column exists only if the home reads the watermark. */
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
/** The columns that an older hygge added to broken rows. */
const brokenFactsBefore = ['rule', 'column'] as const;

/** The names of the columns that are added to rows that break a rule, by the content of the column. `run`: the id of the entity run. `id`: the same id for the same row and rule. */
export type BrokenColumns = Readonly<Record<(typeof brokenFacts)[number], string>>;

/** The names `_rule` and so on. If a column of the rows has the same name, in any case, `_` is added at the end. */
export function brokenColumns({ columns }: Schema): BrokenColumns {
  const taken = new Set(columns.map(({ name }) => name.toLowerCase()));
  const free = (name: string): string => (taken.has(name) ? free(`${name}_`) : name);
  return Object.fromEntries(brokenFacts.map((fact) => [fact, free(`_${fact}`)])) as BrokenColumns;
}

/** The same names for settled rows. The columns are together and in this order, after the columns of the data. The data may have columns with such names as well. */
export function brokenColumnsIn({ columns }: Schema): Partial<BrokenColumns> {
  const names = columns.map(({ name }) => name);
  for (const facts of [brokenFacts, brokenFactsBefore]) {
    const at = names.findLastIndex((_, from) => facts.every((fact, i) => names[from + i]?.replace(/_+$/, '') === `_${fact}`));
    if (at !== -1) return Object.fromEntries(facts.map((fact, i) => [fact, names[at + i]]));
  }
  return {};
}

/** The schema of rows that break a rule, as they settle: their own columns, and then `brokenColumns`. Rows of an older hygge have only `_rule` and `_column`. */
export function brokenSchema(settled: Schema): Schema {
  const names = brokenColumns(settled);
  const own = brokenFacts.map((fact) => ({ name: names[fact], type: { kind: 'string' } as const, nullable: fact !== 'rule' }));
  return { columns: [...settled.columns, ...own] };
}

/** The columns of parts of a role. `mark`: the type of the watermark of quarantined rows. Null: these rows have no watermark. */
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

/** The watermark among the columns of quarantined rows. Null: these rows have no watermark. */
export function rejectedMarkIn({ columns }: Schema): Pick<Watermark, 'column' | 'type'> | null {
  const found = columns.find(({ name }) => name === rejectedMark);
  return found ? { column: found.name, type: found.type } : null;
}

/** The fingerprint of rejected rows. Rejected rows are not counted as rows of a group, but change the group’s fingerprint. */
export function rejectedFingerprint(rows: readonly RejectedRow[]): Fingerprint {
  const hashes = rows.map(({ reason, text }) => ({ rows: 0, hash: shortHash(JSON.stringify([reason, text])) }));
  return hashes.reduce(addFingerprints, emptyFingerprint);
}

/** The rows that can’t be read, as a frame of `schemaOfRole('quarantine', …, mark)`. Their watermarks are texts of the type `mark`. */
export async function rejectedFrame(rows: readonly RejectedRow[], entityRunId: string, mark: DataType | null = null): Promise<PolarsFrame> {
  const builder = await frameBuilder(schemaOfRole('quarantine', rejectedSchema, mark));
  for (const { source, line, reason, text, watermark } of rows) {
    const marked = mark === null ? [] : [markCell(mark, watermark ?? null)];
    builder.append([source, line === null ? null : BigInt(line), reason, text, entityRunId, ...marked]);
  }
  return builder.take();
}

/** The cell of a watermark. Null: the row has no watermark, or its watermark is unknown. */
function markCell(type: DataType, text: string | null): Cell {
  const key = text === null ? undefined : parsedKey(type, text);
  if (key === undefined) return null;
  return isNumber(type) ? Number(key) : key;
}

/** Whether cells of the type are numbers. Cells of other types of watermarks are bigints or texts. */
const isNumber = ({ kind }: DataType) => kind === 'date' || /^u?int(8|16|32)$/.test(kind);
