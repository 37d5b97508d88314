/** Converts rows for the table `rejected` to the form in which they are staged, and back. Each row becomes one JSON text with the types of its values. */
import type { WatermarkPrecision } from '../../../engine/contracts/catalog.ts';
import type { Frame } from '../../../engine/contracts/frame.ts';
import type { PartRole } from '../../../engine/contracts/store.ts';
import type { Cell } from '../../../frames/cell.ts';
import { exactCell } from '../../../frames/exact-json/exact-cell.ts';
import { exactJson } from '../../../frames/exact-json/exact-json.ts';
import type { Column, DataType, Schema } from '../../../frames/schema.ts';
import { shortHash } from '../../../frames/short-hash.ts';
import { floored } from '../../../frames/times/floor.ts';
import { frameBuilder } from '../../../frames/values/builders.ts';
import { overRows } from '../../../frames/values/cells.ts';
import type { PolarsFrame } from '../../../frames/values/polars-frame.ts';
import { brokenColumns, brokenColumnsIn, brokenSchema } from '../../../frames/values/rejected-rows.ts';
import type { Watermark } from '../../../frames/watermark.ts';
import { canBeWatermark, watermarkText } from '../../../frames/watermark-text.ts';
import type { Json } from '../../../ports/values.ts';
import type { HeadKey } from '../head.ts';

export type ApartRole = 'quarantine' | 'broken' | 'correction';

export const isApart = (role: PartRole): role is ApartRole => role === 'quarantine' || role === 'broken' || role === 'correction';

const stagedNames = ['part', 'id', 'source', 'rule', 'column', 'reason', 'run', 'watermark', 'columns', 'row'] as const;

/** The columns of a staged table with rows for `rejected`. */
export const apartSchema: Schema = {
  columns: stagedNames.map((name) => ({ name, type: { kind: 'string' }, nullable: true })),
};

export interface ApartRows {
  readonly role: ApartRole;
  readonly key: HeadKey;
  /** The id of the entity run. */
  readonly run: string;
  /** The rows were in `rejected` before, and keep their ids. */
  readonly stays: boolean;
  /** The source file of the rows. Undefined: the rows are of the slice’s files. */
  readonly source: string | undefined;
  readonly sources: readonly string[] | undefined;
  readonly watermark: Pick<Watermark, 'column' | 'type'> | null;
  readonly precision: WatermarkPrecision;
}

/** The version of the format of `columns`. */
const version = 1;

/** Converts rows with the columns of `schemaOfRole` to rows as they are staged. */
export async function asApartRows(frame: Frame, of: ApartRows): Promise<PolarsFrame> {
  const { columns } = frame.schema;
  const facts = of.role === 'quarantine' ? {} : brokenColumnsIn(frame.schema);
  const reasons = new Set(Object.values(facts));
  const own = columns.flatMap((column, at) => (reasons.has(column.name) ? [] : [{ column, at }]));
  const types = JSON.stringify({ version, columns: own.map(({ column: { name, type, nullable } }) => ({ name, type, nullable })) });
  const { flow, entity, table } = of.key;
  const part = shortHash(JSON.stringify([flow, entity, table, of.role, of.run, of.source ?? null, types]));
  const placeOf = (name: string | undefined) => columns.findIndex((column) => column.name === name);
  const places = Object.fromEntries(
    (['rule', 'column', 'reason', 'id'] as const).map((fact) => [fact, placeOf(of.role === 'quarantine' ? fact : facts[fact])]),
  );
  const mark = placeOf(of.watermark?.column);
  const builder = await frameBuilder(apartSchema);
  await overRows(frame, (rows) => {
    for (const cells of rows) {
      const fact = (name: string) => textOf(cells[places[name] ?? -1]);
      const row = JSON.stringify(
        Object.fromEntries(own.map(({ column: { name, type }, at }) => [name, exactJson(type, cells[at] ?? null)])),
      );
      const watermark = markText(columns[mark]?.type, cells[mark] ?? null, of.precision);
      const { id, source } = idOf(of, { id: fact('id'), side: fact('rule'), row });
      builder.append([part, id, source, fact('rule'), fact('column'), fact('reason'), of.run, watermark, types, row]);
    }
  });
  return builder.take();
}

const textOf = (cell: Cell | undefined): string | null => (typeof cell === 'string' ? cell : null);

/**
 * The id of a row. Rows of different files are different rows, even if they are equal. A row that can’t be read has its file and its line among its values.
 */
function idOf(
  { role, run, source, sources, stays }: ApartRows,
  { id, side, row }: { readonly id: string | null; readonly side: string | null; readonly row: string },
) {
  // The id of a correction is a hash of its role, its rule, its run and its row.
  if (role === 'correction' && !stays) return { id: shortHash(JSON.stringify([role, side, run, row])), source: null };
  if (stays) return { id, source: source ?? null };
  if (role === 'quarantine') {
    const { entity_run_id: _, ...rest } = JSON.parse(row) as Readonly<Record<string, Json>>;
    return { id: shortHash(JSON.stringify(rest)), source: source ?? null };
  }
  const files = source ?? sources;
  return { id: files === undefined ? id : shortHash(JSON.stringify([id, files])), source: source ?? null };
}

function markText(type: DataType | undefined, cell: Cell, precision: WatermarkPrecision): string | null {
  if (type === undefined || cell === null) return null;
  const text = cellText(type, cell);
  return text === null ? null : floored(type, text, precision);
}

/** The canonical text of a value. Null: values of the type have no canonical text. */
export function cellText(type: DataType, cell: Cell): string | null {
  if (!canBeWatermark(type)) return null;
  const key = typeof cell === 'number' ? BigInt(cell) : cell;
  return typeof key === 'bigint' || typeof key === 'string' ? watermarkText(type, key) : null;
}

/** The parsed `columns` of a row. Undefined: a newer hygge wrote the row. */
export function columnsFrom(text: string): readonly Column[] | undefined {
  const found = JSON.parse(text) as { readonly version: number; readonly columns: readonly Column[] };
  return found.version === version ? found.columns : undefined;
}

/** A row as `rejected` stores it. */
export interface StoredApartRow {
  readonly id: string | null;
  readonly rule: string | null;
  readonly column: string | null;
  readonly reason: string | null;
  readonly run: string | null;
  readonly row: string;
}

/** The rows as they were before they were staged for `rejected`. */
export async function fromApartRows(
  rows: readonly StoredApartRow[],
  { role, columns }: { readonly role: ApartRole; readonly columns: readonly Column[] },
): Promise<PolarsFrame> {
  const isBroken = role !== 'quarantine';
  const builder = await frameBuilder(isBroken ? brokenSchema({ columns }) : { columns });
  for (const { row, rule, column, reason, run, id } of rows) {
    const values = JSON.parse(row) as Readonly<Record<string, Json>>;
    const own = columns.map(({ name, type }) => exactCell(type, values[name] ?? null));
    builder.append(isBroken ? [...own, rule, column, reason, run, id] : own);
  }
  return builder.take();
}

/** Rows of another version of hygge as texts, with the reasons that are known. */
export async function asTexts(rows: readonly StoredApartRow[], role: ApartRole): Promise<PolarsFrame> {
  if (role !== 'quarantine') {
    const columns: readonly Column[] = [{ name: 'row', type: { kind: 'string' }, nullable: false }];
    const names = brokenColumns({ columns });
    const builder = await frameBuilder(brokenSchema({ columns }));
    for (const one of rows) {
      const values = valuesIn(one.row);
      const known = (fact: 'rule' | 'column' | 'reason' | 'run' | 'id') => one[fact] ?? values[names[fact]] ?? null;
      builder.append([one.row, known('rule') ?? '', known('column'), known('reason'), known('run'), known('id')]);
    }
    return builder.take();
  }
  const shown = ['source', 'line', 'reason', 'text', 'entity_run_id'];
  const builder = await frameBuilder({ columns: shown.map((name) => ({ name, type: { kind: 'string' }, nullable: true })) });
  for (const { row } of rows) {
    const values = valuesIn(row);
    builder.append(shown.map((name) => values[name] ?? null));
  }
  return builder.take();
}

/** The texts and numbers of a row by column. Empty: the row is not a JSON object. */
function valuesIn(row: string): Readonly<Record<string, string>> {
  try {
    const values = Object.entries(JSON.parse(row) as Readonly<Record<string, Json>>);
    return Object.fromEntries(
      values.flatMap(([name, value]) => (typeof value === 'string' || typeof value === 'number' ? [[name, String(value)]] : [])),
    );
  } catch {
    return {};
  }
}
