import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { carryOut, type JobModule, type Memory, type Order, type Reply } from './job.ts';

/** The address of this module, which each thread loads at its start. Outside a thread, the module does nothing when it is loaded. */
export const url = import.meta.url;
export const threadOfHygge = 'thread of hygge';

if (parentPort !== null && workerData === threadOfHygge) serve(parentPort);

function serve(port: MessagePort): void {
  const leases = new Map<number, Memory>();
  port.on('message', async (order: Order) => port.postMessage(await obeyed(order, leases)));
}

async function obeyed(order: Order, leases: Map<number, Memory>): Promise<Reply> {
  const memory = order.memory ?? leases.get(order.lease);
  if (memory === undefined) return { failed: `lease ${order.lease} is unknown` };
  const reply = await carryOut(order, memory, (await import(order.module)) as JobModule);
  const output = 'failed' in reply ? undefined : reply.output;
  leases.set(order.lease, output ? { ...memory, output } : memory);
  return reply;
}
