import type { Step } from '../../src/engine/contracts/frame.ts';
import type { SideUse } from '../../src/engine/entity/connection-limits.ts';
import type { Json } from '../../src/ports/values.ts';
import type { EntityInput } from '../run-input.ts';
import { type ActivityContext, entityOf } from './activity.ts';

/** A waiting activity occupies a worker. After this time, the activity stops waiting for other steps in this process, and a timer continues the wait. */
const patienceMs = 30_000;
const pauseMs = 15_000;

class NoTurn extends Error {
  override readonly name = 'NoTurn';
}

/**
 * As soon as this process may open more connections to the systems of the entity, runs a step that reads or writes. Connection limits of other flows do not
 * limit this flow. @param from where the step continues if it did not get its turn.
 */
export async function whenBorne<T>(
  input: EntityInput,
  room: ActivityContext,
  { does, from, work }: { readonly does: SideUse; readonly from: Json | undefined; readonly work: () => Promise<Step<T>> },
): Promise<Step<T>> {
  const { clock, limits } = room.app;
  const [late, begun] = [new AbortController(), new AbortController()];
  clock.sleep(patienceMs, begun.signal).then(
    () => late.abort(new NoTurn()),
    () => undefined,
  );
  const begin = (): Promise<Step<T>> => {
    begun.abort();
    return work();
  };
  try {
    return await limits.run(entityOf(input, room), does, begin, late.signal);
  } catch (error) {
    if (!(error instanceof NoTurn)) throw error;
    return { again: from ?? null, notBefore: new Date(Date.parse(clock.now()) + pauseMs).toISOString() };
  } finally {
    begun.abort();
  }
}
