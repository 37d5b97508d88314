import type { EntitySummary } from '../../ports/events.ts';
import type { StopSignal } from './surroundings.ts';

/** The exit codes of commands, which are a public contract. */
export const exit = { ok: 0, failed: 1, usage: 2, held: 3, SIGINT: 130, SIGTERM: 143 } as const;

/** The code of an error that only says that another run is active. */
export const heldCode = 'HYG-2001';

/** The code for a valid config if no entities were found at run time, or if the search for entities failed. */
export const nothingFoundCode = 'HYG-1047';

export function exitCodeOf(entities: readonly EntitySummary[], stopped: StopSignal | null): number {
  if (stopped !== null) return exit[stopped];
  const errors = entities.filter((entity) => entity.status === 'error');
  if (errors.length > 0) return exit.failed;
  return entities.some(({ reason }) => reason === 'held') ? exit.held : exit.ok;
}
