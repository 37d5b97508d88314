/** Rows in quarantine that break a rule, in the columns that settle now: those that settle only since are null, and narrower types become wider ones. */

import { canonicalTexts } from '../../frames/row-sum/row-hashes.ts';
import type { Schema } from '../../frames/schema.ts';
import { asColumn, asColumnIn, type Conforms } from '../../frames/values/conforms.ts';
import { brokenColumns, brokenColumnsIn, brokenSchema } from '../../frames/values/rejected-rows.ts';
import type { Frame } from '../contracts/frame.ts';

/** Without the columns that say why a row lies apart. */
export async function asSettledRows(frame: Frame, settled: Schema): Promise<Frame> {
  return conformed(frame, settled, ownColumns(frame, settled));
}

/** With those columns, in the schema of broken rows. An earlier version has not filled in all of them. */
export async function asBrokenRows(frame: Frame, settled: Schema): Promise<Frame> {
  const there = brokenColumnsIn(frame.schema);
  const names = brokenColumns(settled);
  const facts = Object.entries(names).map(([fact, name]) =>
    asColumn({ name, type: { kind: 'string' } }, there[fact as keyof typeof there] ?? null),
  );
  return conformed(frame, brokenSchema(settled), [...ownColumns(frame, settled), ...facts]);
}

/** The columns that a frame of broken rows has and that no longer settle. */
export function columnsNoLongerSettled(frame: Schema, settled: Schema): readonly string[] {
  const reasons = new Set(Object.values(brokenColumnsIn(frame)));
  const settles = new Set(settled.columns.map(({ name }) => name));
  return frame.columns.flatMap(({ name }) => (reasons.has(name) || settles.has(name) ? [] : [name]));
}

/** Mended rows in the columns that settle, all of which they have. */
export function withoutId(frame: Frame, settled: Schema): Promise<Frame> {
  return conformed(
    frame,
    settled,
    settled.columns.map((column) => asColumn(column)),
  );
}

/** The texts of rows in a column such as that of their ids, in the order of the rows; null: an earlier version gave a row none. */
export async function textsIn(frame: Frame, column: string): Promise<readonly (string | null)[]> {
  const texts = await canonicalTexts(frame, [{ name: column, type: { kind: 'string' } }]);
  return texts.map(([text = null]) => text);
}

function ownColumns({ schema }: Frame, { columns }: Schema): readonly Conforms[] {
  const reasons = new Set(Object.values(brokenColumnsIn(schema)));
  const own = new Set(schema.columns.map(({ name }) => name).filter((name) => !reasons.has(name)));
  return columns.map((column) => asColumnIn(own, column));
}

async function conformed(frame: Frame, schema: Schema, columns: readonly Conforms[]): Promise<Frame> {
  const rows = await frame.conform({ schema, columns, samples: 'mask' });
  return rows.told(schema);
}
