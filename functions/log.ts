import { jsonLine } from '../src/narrate/text/json-lines.ts';
import type { Emit, HyggeEvent } from '../src/ports/events.ts';

/** Where a function's log is written: the platform's own log. */
export interface Log {
  debug(line: string): void;
  info(line: string): void;
  warn(line: string): void;
  error(line: string): void;
}

/** Events of the engine as lines of JSON. Each line contains invocation, run, flow and entity, so that the platform’s log can be filtered by them. */
export function logged(log: Log): Emit {
  return (event) => log[levelOf(event)](jsonLine(event));
}

function levelOf(event: HyggeEvent): keyof Log {
  switch (event.event) {
    case 'error':
      return 'error';
    case 'warning':
    case 'retry':
    case 'interrupted':
      return 'warn';
    case 'progress':
      return 'debug';
    case 'entity_done':
      return event.status === 'error' ? 'error' : event.status === 'warn' ? 'warn' : 'info';
    default:
      return 'info';
  }
}
