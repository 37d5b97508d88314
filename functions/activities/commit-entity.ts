import { raise } from '../../src/assembly/stop-flags.ts';
import { commitEntity, type Ended } from '../../src/engine/commit/commit.ts';
import { said } from '../../src/engine/contracts/words.ts';
import { nothingMoved } from '../../src/engine/drive/drive.ts';
import { base } from '../../src/engine/plan/plan-event.ts';
import type { EntityRunInput } from '../orchestrators/entity.ts';
import type { EntityOutcome } from '../run-input.ts';
import { type Body, idsOf, mustGoOn, type Room, type StepInput } from './activity.ts';

export interface CommitInput extends StepInput, EntityRunInput {
  /** '': what is decided is only finished. */
  readonly plan: string;
  readonly receipts: readonly string[];
}

/** hygge-commit-entity: decide, publish, settle. Once it is decided, nobody's wish to stop changes anything. */
export const body: Body<CommitInput> = async (input, room) => {
  const { plan, receipts, cursor } = input;
  if (plan !== '') await mustGoOn(input.of, room);
  const request = { ...idsOf(input, room), workspace: room.pinned.workspace.name, plan, receipts };
  const step = await commitEntity(request, room.ports, cursor);
  return 'again' in step ? step : { done: await ended(input, room, step.done) };
};

async function ended(input: CommitInput, room: Room, how: Ended): Promise<EntityOutcome> {
  const { ports, pinned } = room;
  const ids = idsOf(input, room);
  if (how.status === 'error' && !pinned.workspace.options.continueOnError) await raise(pinned.state, input.of, 'failed');
  const { status, rows, rowsRead, bytes, parts, watermark, where } = how;
  const seconds = (Date.parse(ports.clock.now()) - Date.parse(input.at)) / 1000;
  const moved = { status, rows, rows_read: rowsRead, bytes, files: parts, watermark, to: where, seconds };
  const summary = nothingMoved(ids, { ...moved, ...said(ports.words, how) });
  ports.emit({ ...base(ids, ports), event: 'entity_done', ...summary });
  return { status, rows, rowsRead, bytes };
}
