import { availableParallelism } from 'node:os';
import { fateOf, ourselves } from '../filesystems/disk/processes.ts';
import type { Host } from '../ports/host.ts';

/** This process and machine. */
export function realHost(program = 'hygge'): Host {
  const us = ourselves();
  return { self: { ...us, program }, processors: availableParallelism(), fate: (holder) => fateOf(holder, us) };
}
