import type { EnginePorts } from '../../engine/contracts/ports.ts';
import type { EventBody, HyggeEvent } from '../../ports/events.ts';
import { explain } from '../../workspace/check/explain.ts';
import type { BrokenFlow } from '../../workspace/load/load.ts';
import { lineFitter } from '../terminal/line-fitter.ts';
import type { CommonFlags, Surroundings } from '../terminal/surroundings.ts';

type Summary = Extract<EventBody, { readonly event: 'summary' }>;

/** Ports that report flows with errors when a run or a dry run begins, and count them when it ends. */
export function withBroken(ports: EnginePorts, broken: readonly BrokenFlow[]): EnginePorts {
  if (broken.length === 0) return ports;
  let isTold = false;
  const tellOnce = (event: HyggeEvent): void => {
    if (!isTold) tell(event, broken, ports);
    isTold = true;
  };
  const emit = (event: HyggeEvent): void => {
    // A dry run emits no event when it begins, so the flows are reported before its first event.
    if (event.event !== 'run_start') tellOnce(event);
    ports.emit(event.event === 'summary' ? { ...event, ...counting(event, broken) } : event);
    tellOnce(event);
  };
  return { ...ports, emit };
}

function tell({ v, invocation_id }: HyggeEvent, broken: readonly BrokenFlow[], { clock, emit }: EnginePorts): void {
  for (const { flow, errors } of broken)
    for (const error of errors) emit({ v, ts: clock.now(), invocation_id, flow, event: 'error', ...error.toDetails() });
}

function counting(summary: Summary, broken: readonly BrokenFlow[]): Partial<Summary> {
  return {
    error: summary.error + broken.length,
    total: summary.total + broken.length,
    broken_flows: broken.map(({ flow, errors }) => ({ flow, errors: errors.map((error) => error.toDetails()) })),
  };
}

/** Prints lines about flows with errors below an answer, which is printed despite these errors. */
export function tellBroken(broken: readonly BrokenFlow[], surroundings: Surroundings, flags: CommonFlags): void {
  const errors = [...new Set(broken.flatMap((one) => one.errors))];
  if (errors.length === 0) return;
  const lines = explain(errors, '').trimEnd().split('\n');
  surroundings.err.write(`${['', ...lineFitter(surroundings.err, flags)(lines)].join('\n')}\n`);
}
