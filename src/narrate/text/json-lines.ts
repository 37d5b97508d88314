import type { HyggeEvent } from '../../ports/events.ts';

/** One event as one line of JSON, for programs. The shape of the line is a public contract. */
export function jsonLine(event: HyggeEvent): string {
  const { event: name, v, ts, invocation_id, run_id, flow, entity, ...rest } = event;
  return `${JSON.stringify({ event: name, v, ts, invocation_id, run_id, flow, entity, ...rest })}\n`;
}
