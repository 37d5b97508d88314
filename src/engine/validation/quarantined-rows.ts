/** Rows in quarantine that break a rule, with the columns that settle now. Columns that were added later are null, and narrower types become wider ones. */

import { canonicalTexts } from '../../frames/row-sum/row-hashes.ts';
import type { Schema } from '../../frames/schema.ts';
import { asColumn, asColumnIn, type Conforms } from '../../frames/values/conforms.ts';
import { brokenColumns, brokenColumnsIn, brokenSchema } from '../../frames/values/rejected-rows.ts';
import type { Frame } from '../contracts/frame.ts';

/** The rows without the columns that say why a row is set apart. */
export async function asSettledRows(frame: Frame, settled: Schema): Promise<Frame> {
  return conformed(frame, settled, ownColumns(frame, settled));
}

/** The rows with the columns that say why a row is set apart, in the schema of broken rows. Older versions of hygge did not fill all of these columns. */
export async function asBrokenRows(frame: Frame, settled: Schema): Promise<Frame> {
  const there = brokenColumnsIn(frame.schema);
  const names = brokenColumns(settled);
  const facts = Object.entries(names).map(([fact, name]) =>
    asColumn({ name, type: { kind: 'string' } }, there[fact as keyof typeof there] ?? null),
  );
  return conformed(frame, brokenSchema(settled), [...ownColumns(frame, settled), ...facts]);
}

/** The columns of broken rows that no longer settle. */
export function columnsNoLongerSettled(frame: Schema, settled: Schema): readonly string[] {
  const reasons = new Set(Object.values(brokenColumnsIn(frame)));
  const settles = new Set(settled.columns.map(({ name }) => name));
  return frame.columns.flatMap(({ name }) => (reasons.has(name) || settles.has(name) ? [] : [name]));
}

/** Mended rows with the columns that settle. A mended row has all of these columns. */
export function withoutId(frame: Frame, settled: Schema): Promise<Frame> {
  return conformed(
    frame,
    settled,
    settled.columns.map((column) => asColumn(column)),
  );
}

/** The texts of a column, such as the ids, in the order of the rows. Null: an older hygge wrote no text. */
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
