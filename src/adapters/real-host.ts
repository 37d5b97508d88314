import { availableParallelism } from 'node:os';
import { fateOf, ownIdentity } from '../filesystems/disk/processes.ts';
import type { Host } from '../ports/host.ts';

/** The current process and machine. */
export function realHost(program = 'hygge'): Host {
  const us = ownIdentity();
  return { self: { ...us, program }, processors: availableParallelism(), fate: (holder) => fateOf(holder, us) };
}
