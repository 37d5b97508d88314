import type { Frame } from '../../../src/engine/contracts/frame.ts';
import type { Schema } from '../../../src/frames/schema.ts';
import { frameBuilder } from '../../../src/frames/values/builders.ts';
import { type Row, SimFrame } from '../sim/rows.ts';

/** Rows with whole-number `id` and `mark` as a frame that the store in question can take. */
export type FrameMaker = (schema: Schema, rows: readonly Row[]) => Promise<Frame>;

export const simFrame: FrameMaker = async (schema, rows) => new SimFrame(schema, rows);

export const polarsFrame: FrameMaker = async (schema, rows) => {
  const builder = await frameBuilder(schema);
  for (const { id, mark } of rows) builder.append([BigInt(id), mark === null ? null : BigInt(mark)]);
  return builder.take();
};
