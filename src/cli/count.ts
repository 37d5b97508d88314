import type { Window } from '../engine/contracts.ts';
import type { EnginePorts } from '../engine/ports.ts';
import type { EntitySpec } from '../engine/spec.ts';
import type { HyggeEvent } from '../ports/events.ts';
import { surveyed } from './surveyed.ts';

interface CountRequest {
  readonly runType: EntitySpec['runType'] | null;
  readonly signal: AbortSignal;
}

/** `--dry-run --count`: plans whose row count is not exact get it by reading what the run would read. Nothing is written. */
export async function withExactCounts(
  events: readonly HyggeEvent[],
  request: CountRequest,
  ports: EnginePorts,
): Promise<readonly HyggeEvent[]> {
  const counted: HyggeEvent[] = [];
  for (const event of events) {
    if (event.event !== 'plan' || event.rows.exact) counted.push(event);
    else {
      const spec = ports.entity(event.flow ?? '', event.entity ?? '');
      counted.push({ ...event, rows: { n: await countRows(spec, request, ports), exact: true } });
    }
  }
  return counted;
}

async function countRows(spec: EntitySpec, { runType, signal }: CountRequest, ports: EnginePorts): Promise<number> {
  const { home: looking, found } = await surveyed(spec, runType, ports);
  const { pinned } = found.description;
  const home = pinned === undefined ? looking : await ports.home(spec, pinned);
  let rows = 0;
  for (const { slice, boundary } of found.slices) {
    const window: Window = boundary && found.boundaryWindow !== null ? found.boundaryWindow : found.window;
    for await (const piece of home.read(slice, window, undefined, signal)) if ('rows' in piece) rows += piece.rows;
  }
  return rows;
}
