import { Semaphore } from '../../ports/semaphore.ts';

/** So many requests at once go to one account from this process, whatever the number of entities: more only earns 503 and 429. */
const atOnce = 48;

const gates = new Map<string, Semaphore>();

/** The one gate of an account in this process. @param account as its address has it: `https://acct.dfs.core.windows.net`. */
export function gateOf(account: string): Semaphore {
  const known = gates.get(account) ?? new Semaphore(atOnce);
  gates.set(account, known);
  return known;
}
