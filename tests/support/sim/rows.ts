import { hash } from 'node:crypto';
import type { Frame } from '../../../src/engine/contracts/frame.ts';
import { deletedColumn } from '../../../src/engine/contracts/home.ts';
import type { FrameTools, KeyHashing, WideHashing } from '../../../src/engine/contracts/ports.ts';
import type { RepeatedKeys } from '../../../src/engine/contracts/store.ts';
import type { Judge } from '../../../src/engine/contracts/validation.ts';
import type { Writing } from '../../../src/engine/contracts/writing.ts';
import { sameType } from '../../../src/frames/describe-type.ts';
import { plainProblem } from '../../../src/frames/rules/fit.ts';
import { reasonOf } from '../../../src/frames/rules/reason.ts';
import { type Rule, settlesApart } from '../../../src/frames/rules/rule.ts';
import type { Column, DataType, Schema } from '../../../src/frames/schema.ts';
import { type ConformsTo, isAsItIs } from '../../../src/frames/values/conform.ts';
import type { Conforms } from '../../../src/frames/values/conforms.ts';
import { brokenColumns, brokenSchema } from '../../../src/frames/values/rejected-rows.ts';
import { emptyFingerprint, type Fingerprint, type Watermark } from '../../../src/frames/watermark.ts';
import { markIn, markText } from './marks.ts';

/** `mark` is the watermark; rows may be equal in every column. */
export type Row = Readonly<Record<string, string | number | null>> & { readonly id: number; readonly mark: number | null };

export function row(id: number, mark: number | null, more: Readonly<Record<string, string>> = {}): Row {
  return { id, mark, ...more };
}

/** Each row twice, and beside a third one of the same watermark: with rows that are unique no test meets what `>` decides otherwise than `>=`. */
export function tied(rows: readonly Row[]): readonly Row[] {
  return rows.flatMap((one) => [one, one, { ...one, id: one.id + 100 }]);
}

export const baseSchema: Schema = {
  columns: [
    { name: 'id', type: { kind: 'int64' }, nullable: false },
    { name: 'mark', type: { kind: 'int64' }, nullable: true },
  ],
};

/** Watermarks that a run with an overlap can go back along. */
export const datedSchema: Schema = {
  columns: [
    { name: 'id', type: { kind: 'int64' }, nullable: false },
    { name: 'mark', type: { kind: 'date' }, nullable: true },
  ],
};

/** Before all others: a destination that has it last has to put it there. */
export function withColumnFirst(schema: Schema, name: string): Schema {
  return { columns: [{ name, type: { kind: 'string' }, nullable: true }, ...schema.columns] };
}

export function withColumn(schema: Schema, name: string): Schema {
  return { columns: [...schema.columns, { name, type: { kind: 'string' }, nullable: true }] };
}

/** As a coarser destination keeps it. */
export function inTens(one: Row): Row {
  return one.mark === null ? one : { ...one, mark: Math.floor(one.mark / 10) * 10 };
}

/** With the column in which a source says which rows it has deleted. */
export function withDeletes(schema: Schema): Schema {
  return { columns: [...schema.columns, { name: deletedColumn, type: { kind: 'bool' }, nullable: false }] };
}

export function withoutCell(one: Row, column: string): Row {
  const { [column]: _cell, ...rest } = one;
  return rest as Row;
}

const texts = new WeakMap<Row, string>();

/** Identity of a whole row; a null is as good as no such column. */
export function rowText(one: Row): string {
  const known = texts.get(one);
  if (known !== undefined) return known;
  const text = asText(one);
  texts.set(one, text);
  return text;
}

function asText(one: Row): string {
  const { id, mark, ...more } = one;
  const rest = Object.keys(more)
    .sort()
    .filter((key) => more[key] !== null)
    .map((key) => `:${key}=${String(more[key])}`)
    .join('');
  return `${id}@${mark ?? 'null'}${rest}`;
}

export function countRows(rows: readonly Row[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const one of rows) counts.set(rowText(one), (counts.get(rowText(one)) ?? 0) + 1);
  return counts;
}

/** Order does not count, duplicates do. */
export function multiset(rows: readonly Row[]): string {
  return rows.map(rowText).sort().join(' ');
}

const hashes = new Map<string, bigint>();

function hashOf(text: string): bigint {
  let found = hashes.get(text);
  if (found === undefined) {
    found = BigInt(`0x${hash('sha256', text).slice(0, 32)}`);
    hashes.set(text, found);
  }
  return found;
}

/** A frame over an array. */
export class SimFrame implements Frame {
  readonly schema: Schema;
  readonly list: readonly Row[];
  readonly origin?: string;

  constructor(schema: Schema, list: readonly Row[], origin?: string) {
    this.schema = schema;
    this.list = list;
    if (origin !== undefined) this.origin = origin;
  }

  readFrom(origin: string): SimFrame {
    return new SimFrame(this.schema, this.list, origin);
  }

  showing(): SimFrame {
    return this;
  }

  told(schema: Schema): SimFrame {
    return new SimFrame(schema, this.list, this.origin);
  }

  get rows(): number {
    return this.list.length;
  }

  get bytes(): number {
    return this.list.length * 16;
  }

  async nullCounts(): Promise<readonly number[]> {
    return nullsOf(this.schema, this.list);
  }

  async split(at: Watermark, nulls: 'with ties' | 'with rest', from = at.text): Promise<{ ties: SimFrame; rest: SimFrame }> {
    const isTie = (one: Row) => {
      const value = one[at.column];
      return value === null || value === undefined
        ? nulls === 'with ties'
        : Number(value) >= markIn(from) && Number(value) <= markIn(at.text);
    };
    return { ties: this.#only(isTie), rest: this.#only((one) => !isTie(one)) };
  }

  async apart(column: string): Promise<{ set: SimFrame; unset: SimFrame }> {
    const schema = { ...this.schema, columns: this.schema.columns.filter(({ name }) => name !== column) };
    const some = (isSet: boolean) => this.list.filter((one) => (one[column] === 'true') === isSet).map((one) => withoutCell(one, column));
    return { set: new SimFrame(schema, some(true), this.origin), unset: new SimFrame(schema, some(false), this.origin) };
  }

  async upTo(at: Watermark): Promise<{ within: SimFrame; beyond: { rows: number; latest: string | null } }> {
    const isBeyond = (one: Row) => Number(one[at.column] ?? Number.NEGATIVE_INFINITY) > markIn(at.text);
    const beyond = this.#only(isBeyond);
    return {
      within: this.#only((one) => !isBeyond(one)),
      beyond: { rows: beyond.rows, latest: markEdges(beyond.list, at.type).max ?? null },
    };
  }

  async extremes({ column, type }: Pick<Watermark, 'column' | 'type'>): Promise<{ min: string; max: string } | undefined> {
    const values = this.list.map((one) => (column === 'mark' ? one : { ...one, mark: one[column] == null ? null : Number(one[column]) }));
    const { min, max } = markEdges(values, type);
    return min === undefined || max === undefined ? undefined : { min, max };
  }

  async isAscending(): Promise<boolean> {
    return this.list.every(({ mark }, i) => mark !== null && (i === 0 || mark > (this.list[i - 1]?.mark ?? mark)));
  }

  async fingerprint(): Promise<Fingerprint> {
    if (this.list.length === 0) return emptyFingerprint;
    const sum = this.list.reduce((total, one) => total + hashOf(rowText(one)), 0n);
    return { rows: this.list.length, hash: BigInt.asUintN(128, sum).toString(16).padStart(32, '0') };
  }

  async followedBy(others: readonly Frame[]): Promise<SimFrame> {
    return new SimFrame(this.schema, [this, ...others].flatMap(rowsOfFrame));
  }

  async pick(keep: Uint8Array): Promise<SimFrame> {
    return new SimFrame(
      this.schema,
      this.list.filter((_, i) => keep[i] === 1),
    );
  }

  async conform({ schema, columns }: ConformsTo): Promise<SimFrame> {
    if (isAsItIs(this.schema, columns)) return this;
    const sources = new Map(this.schema.columns.map((column) => [column.name, column]));
    const list = this.list.map((one) => Object.fromEntries(columns.map((to) => [to.name, conformedCell(one, to, sources)])) as Row);
    return new SimFrame(schema, list, this.origin);
  }

  #only(keep: (one: Row) => boolean): SimFrame {
    return new SimFrame(this.schema, this.list.filter(keep));
  }
}

function conformedCell(one: Row, to: Conforms, sources: ReadonlyMap<string, Column>): string | number | null {
  const source = to.from === null ? undefined : sources.get(to.from);
  if (source === undefined) return to.fill?.text ?? null;
  if (!sameType(source.type, to.type)) throw new TypeError(`simulated rows are not converted: ${source.name} to ${to.name}`);
  return one[source.name] ?? null;
}

export function nullsOf(schema: Schema, rows: readonly Row[]): readonly number[] {
  return schema.columns.map((column) => rows.filter((one) => (one[column.name] ?? null) === null).length);
}

export function rowsOfFrame(frame: Frame): readonly Row[] {
  if (frame instanceof SimFrame) return frame.list;
  throw new TypeError('a simulated store was given a frame that is not simulated');
}

export function markEdges(rows: readonly Row[], type: DataType): { readonly min?: string; readonly max?: string } {
  const marks = rows.flatMap((one) => (one.mark === null ? [] : [one.mark]));
  return marks.length === 0 ? {} : { min: markText(Math.min(...marks), type), max: markText(Math.max(...marks), type) };
}

/** For stores that need not merge: what a run without a key does. */
export const adding: Writing = { mode: 'append', key: [], why: 'new_rows' };

const keyHashes: KeyHashing['exact'] = async (frame, columns) =>
  BigInt64Array.from(rowsOfFrame(frame), (one) => BigInt.asIntN(64, hashOf(JSON.stringify(columns.map(({ name }) => one[name] ?? null)))));

/** The model's keys are numbers, which no collation takes for each other. */
export const keyHashing: KeyHashing = { exact: keyHashes, folded: keyHashes };

const keyTexts = (one: Row, columns: readonly string[]) => columns.map((name) => (one[name] == null ? null : String(one[name])));

/** As `wideHashes` and `canonicalTexts` do it. */
export const wideHashing: WideHashing = {
  words: async (frame, columns, seed) => {
    const keys = rowsOfFrame(frame)
      .map((one) => keyTexts(one, columns))
      .filter((texts) => !texts.includes(null));
    const digests = keys.map((texts) => hash('md5', JSON.stringify([seed, texts]), 'buffer'));
    return Uint32Array.from(digests.flatMap((digest) => [0, 4, 8, 12].map((at) => digest.readUInt32LE(at))));
  },
  looks: async () => 'simulated',
  texts: async (frame, columns) => rowsOfFrame(frame).map((one) => keyTexts(one, columns)),
};

export const simulatedTools: FrameTools = {
  keys: keyHashing,
  wide: wideHashing,
  judge: (frame, judging) => judgeSimulated(frame, judging),
  // Rules are not tried on rows.
  ruleProblem: plainProblem,
};

/** Keys that come more than once. */
export function repeatedAmong(rows: readonly Row[], columns: readonly string[]): RepeatedKeys {
  const times = new Map<string, number>();
  for (const texts of rows.map((one) => keyTexts(one, columns)))
    if (!texts.includes(null)) times.set(JSON.stringify(texts), (times.get(JSON.stringify(texts)) ?? 0) + 1);
  const repeated = [...times].filter(([, n]) => n > 1);
  return {
    keys: repeated.length,
    rows: repeated.reduce((sum, [, n]) => sum + n - 1, 0),
    examples: repeated.slice(0, 3).map(([texts]) => JSON.parse(texts) as string[]),
  };
}

/** Those of which another row has the same key, which is newer or comes first in the order of texts. */
export function apartAmong(
  rows: readonly Row[],
  columns: readonly string[],
): { readonly settling: readonly Row[]; readonly apart: readonly Row[] } {
  const markOf = ({ mark }: Row) => Number(mark ?? Number.NEGATIVE_INFINITY);
  const sorted = [...rows].sort((a, b) => markOf(b) - markOf(a) || (rowText(a) < rowText(b) ? -1 : 1));
  const seen = new Set<string>();
  const isFirst = (one: Row) => {
    const texts = keyTexts(one, columns);
    const key = JSON.stringify(texts);
    if (texts.includes(null)) return true;
    return !seen.has(key) && seen.add(key) !== undefined;
  };
  const told = sorted.map((one) => [one, isFirst(one)] as const);
  const which = (first: boolean) => told.flatMap(([one, is]) => (is === first ? [one] : []));
  return { settling: which(true), apart: which(false) };
}

const breaks = (one: Row, { what, column }: Rule) => what === 'not null' && (one[column] ?? null) === null;

export const liesApart = (one: Row, rules: readonly Rule[]): boolean => rules.some((rule) => settlesApart(rule) && breaks(one, rule));

/** Rules that a column is not null: as much of it as simulations need. */
const judgeSimulated: Judge = async (frame, { rules, run }) => {
  const names = brokenColumns(frame.schema);
  const rows = rowsOfFrame(frame);
  const apart = rules.filter(settlesApart);
  const broken = rows.flatMap((one): Row[] => {
    const rule = apart.find((some) => breaks(one, some));
    return rule
      ? [
          {
            ...one,
            [names.rule]: rule.name,
            [names.column]: rule.column,
            [names.reason]: reasonOf(rule),
            [names.run]: run,
            [names.id]: `${rule.name} ${rowText(one)}`,
          },
        ]
      : [];
  });
  const counts = rules.map((rule) => [rule.name, rows.filter((one) => breaks(one, rule)).length] as const);
  return {
    kept: new SimFrame(
      frame.schema,
      rows.filter((one) => !liesApart(one, rules)),
      frame.origin,
    ),
    broken: broken.length === 0 ? null : new SimFrame(brokenSchema(frame.schema), broken, frame.origin),
    measures: { rows: frame.rows, broken: Object.fromEntries(counts), columns: {} },
    samples: {},
  };
};
