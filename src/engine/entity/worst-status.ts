import type { Status } from '../../ports/state.ts';

const worstFirst: readonly Status[] = ['error', 'warn', 'pass', 'skip'];

/** The worst of the statuses: error, then warn, pass, skip. */
export function worstStatus(statuses: readonly [Status, ...Status[]]): Status {
  return worstFirst.find((status) => statuses.includes(status)) ?? statuses[0];
}
