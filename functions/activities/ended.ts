import { raiseStopFlag } from '../../src/assembly/stop-flags.ts';
import type { EntityRunEnd } from '../../src/engine/commit/commit.ts';
import { eventBase } from '../../src/engine/contracts/ports.ts';
import { messageAndCodes } from '../../src/engine/contracts/words.ts';
import { summaryWithoutRows } from '../../src/engine/drive/drive.ts';
import { follows } from '../../src/engine/drive/follow-ups.ts';
import { compactionLane, type FollowUpLane, keyComparisonLane, laneTold } from '../../src/engine/plan/lane.ts';
import { awaitsReplication } from '../../src/engine/verify/replication.ts';
import { filled } from '../../src/ports/values.ts';
import type { EntityRunInput } from '../orchestrators/give-up.ts';
import type { EntityOutcome } from '../run-input.ts';
import { type ActivityContext, entityOf, idsOf, type StepInput } from './activity.ts';
import { followUpOf } from './follow-up.ts';

/** Reports the end and the result of an entity run that was not stopped from outside. */
export async function tellEntityEnded(input: StepInput & EntityRunInput, room: ActivityContext, how: EntityRunEnd): Promise<EntityOutcome> {
  const { ports, pinned } = room;
  const ids = idsOf(input, room);
  if (how.status === 'error' && !pinned.workspace.options.continueOnError) await raiseStopFlag(pinned.state, input.of, 'failed');
  const { status, rows, rowsRead, bytes, parts, watermark, where } = how;
  const seconds = (Date.parse(ports.clock.now()) - Date.parse(input.at)) / 1000;
  const moved = { status, rows, rows_read: rowsRead, bytes, files: parts, watermark, to: where, seconds };
  const lane = followUpOf(input);
  const summary = summaryWithoutRows(ids, { ...moved, ...messageAndCodes(ports.words, how), ...laneTold(lane) });
  ports.emit({ ...eventBase(ids, ports), event: 'entity_done', ...summary });
  const isFollowed = status !== 'error' && lane === undefined && input.chunk === undefined;
  const isDue = async (next: FollowUpLane) => isFollowed && (await follows(next, entityOf(input, room), ports));
  const compareNext = await isDue(keyComparisonLane);
  const compactNext = await isDue(compactionLane);
  const replicatesApart = input.chunk === undefined && lane === undefined && awaitsReplication(entityOf(input, room), how);
  return {
    ...{ status, rows, rowsRead, bytes },
    ...filled({ compareNext, compactNext, replicatesApart }),
  };
}
