import type { Host } from '../ports/host.ts';

/**
 * Steps of a run wait in a queue, for longer than a process on a laptop is ever silent. Less than a run waits for another one: of a run that
 * was ended from outside, and that nobody has looked at since, only the lease tells that it is over.
 */
const leaseMs = 150 * 60_000;

/**
 * The process of a function app, for the leases of its runs. A durable run goes on without the worker that took its lease, so nobody may
 * conclude from that worker's end that the run is dead: the holder is one that no machine can prove anything of.
 */
export function hostOfApp(host: Host): Host {
  const { self } = host;
  return { ...host, leaseMs, self: { ...self, host: `${self.host} (one of its machines)`, boot: '', started: '' } };
}
