import { ProcessNetwork } from '../../src/adapters/process-network.ts';
import type { Network } from '../../src/ports/network.ts';

let current = new ProcessNetwork();

/** Of the process, or of the file where that is a process of its own. */
export const testNetwork: Network = {
  send: (request) => current.send(request),
  limiter: (account) => current.limiter(account),
  kept: (what, key, make) => current.kept(what, key, make),
};

/** Clients keep the proxies and the certificates that they met when they were made: others are made from now on. */
export function forgetClients(): void {
  void current[Symbol.asyncDispose]();
  current = new ProcessNetwork();
}
