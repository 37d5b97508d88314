import type { Window } from '../engine/contracts.ts';
import type { EnginePorts } from '../engine/ports.ts';
import { readRow } from '../engine/row.ts';
import type { EntitySpec } from '../engine/spec.ts';
import { type Survey, survey } from '../engine/survey.ts';
import type { HyggeEvent } from '../ports/events.ts';
import type { Json } from '../ports/values.ts';

/** `--dry-run --count`: plans whose row count is not exact get it by reading what the run would read. Nothing is written. */
export async function withExactCounts(
  events: readonly HyggeEvent[],
  request: { readonly runType: EntitySpec['runType'] | null; readonly signal: AbortSignal },
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

async function countRows(
  spec: EntitySpec,
  { runType, signal }: { readonly runType: EntitySpec['runType'] | null; readonly signal: AbortSignal },
  ports: EnginePorts,
): Promise<number> {
  const home = await ports.home(spec);
  const request = { spec, runType: runType ?? spec.runType, home, store: await ports.store(spec), row: (await readRow(ports, spec)).row };
  const found = await surveyed(ports, request);
  let rows = 0;
  for (const { slice, boundary } of found.slices) {
    const window: Window = boundary && found.boundaryWindow !== null ? found.boundaryWindow : found.window;
    for await (const piece of home.read(slice, window, undefined, signal)) if ('rows' in piece) rows += piece.rows;
  }
  return rows;
}

async function surveyed(ports: EnginePorts, request: Parameters<typeof survey>[1]): Promise<Survey> {
  for (let cursor: Json | undefined; ; ) {
    const step = await survey(ports, request, cursor);
    if ('done' in step) return step.done;
    cursor = step.again;
    if (step.notBefore) await ports.clock.sleep(Math.max(0, Date.parse(step.notBefore) - Date.parse(ports.clock.now())));
  }
}
