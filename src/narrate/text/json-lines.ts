import type { HyggeEvent } from '../../ports/events.ts';

/** One event as one line of JSON: the machine's side of the narration. Its shape is a public contract. */
export function jsonLine(event: HyggeEvent): string {
  const { event: name, v, ts, invocation_id, run_id, flow, entity, ...rest } = event;
  return `${JSON.stringify({ event: name, v, ts, invocation_id, run_id, flow, entity, ...rest })}\n`;
}
