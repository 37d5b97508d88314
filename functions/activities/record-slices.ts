import { recordSlices } from '../../src/engine/commit/gather.ts';
import type { EntityInput } from '../run-input.ts';
import { type Body, idsOf, type StepInput } from './activity.ts';

export interface RecordSlicesInput extends StepInput, EntityInput {
  readonly plan: string;
  readonly refs: readonly string[];
}

/** hygge-record-slices: stores a list of receipts under one new name. */
export const body: Body<RecordSlicesInput> = async (input, room) => ({
  done: await recordSlices({ ...idsOf(input, room), plan: input.plan, refs: input.refs }, room.ports),
});
