import { raiseStopFlag } from '../../src/assembly/stop-flags.ts';
import { eventBase } from '../../src/engine/contracts/ports.ts';
import { messageAndCodes } from '../../src/engine/contracts/words.ts';
import type { Aftermath } from '../../src/engine/verify/after-commit.ts';
import type { ErrorDetails } from '../../src/ports/events.ts';
import { defined } from '../../src/ports/values.ts';
import { cut } from '../answer.ts';
import { type EntityRunInput, mostToldFailureBytes } from '../orchestrators/give-up.ts';
import type { EntityOutcome } from '../run-input.ts';
import { type ActivityContext, idsOf, type StepInput } from './activity.ts';

/** Reports findings after a commit, and adds them to the result of the run. */
export async function withAftermath(
  { after, ...input }: StepInput & EntityRunInput & { readonly after: EntityOutcome },
  room: ActivityContext,
  { status, notes, error }: Aftermath,
): Promise<EntityOutcome> {
  const { ports } = room;
  const ids = idsOf(input, room);
  const { message, codes = [] } = messageAndCodes(ports.words, { notes });
  if (message !== undefined) ports.emit({ ...eventBase(ids, ports), event: 'warning', message, ...defined({ code: codes[0] }) });
  if (error === null) return { ...after, status: status ?? after.status };
  return { ...after, ...(await failedAfterwards(input, room, error)) };
}

/** The outcome of an entity that settled although a later check found a problem. */
export async function failedAfterwards(
  input: StepInput & EntityRunInput,
  room: ActivityContext,
  error: ErrorDetails,
): Promise<Pick<EntityOutcome, 'status' | 'error'>> {
  const { ports, pinned } = room;
  ports.emit({ ...eventBase(idsOf(input, room), ports), event: 'error', ...error });
  if (!pinned.workspace.options.continueOnError) await raiseStopFlag(pinned.state, input.of, 'failed');
  return { status: 'error', error: { code: error.code, what: cut(error.what, mostToldFailureBytes) } };
}
