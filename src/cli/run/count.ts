import type { EnginePorts } from '../../engine/contracts/ports.ts';
import { readsSource, windowOfSlice } from '../../engine/contracts/records.ts';
import type { EntitySpec } from '../../engine/contracts/spec.ts';
import { readSliceInOneStep } from '../../engine/contracts/steps.ts';
import { lookAtSchema } from '../../engine/plan/schema-look.ts';
import type { DriftTold, HyggeEvent } from '../../ports/events.ts';
import { samplesOf } from '../inspect/drift-samples.ts';
import { surveyed } from '../inspect/look-now.ts';

interface CountRequest {
  readonly runType: EntitySpec['runType'] | null;
  readonly signal: AbortSignal;
}

/** `--dry-run --count`: if a plan lacks an exact number of rows, the rows that the run would read are counted. Nothing is written. */
export async function withExactCounts(
  events: readonly HyggeEvent[],
  request: CountRequest,
  ports: EnginePorts,
): Promise<readonly HyggeEvent[]> {
  const counted: HyggeEvent[] = [];
  for (const event of events) {
    if (event.event !== 'plan') counted.push(event);
    else {
      const spec = ports.entity(event.flow ?? '', event.entity ?? '');
      const rows = event.rows.exact ? event.rows : { n: await countRows(spec, request, ports), exact: true };
      counted.push({ ...event, rows, ...(await withSamples(spec, event.drift ?? [], ports)) });
    }
  }
  return counted;
}

/** Adds some values of columns that are new or have another type to a plan. A count reads rows anyway. */
async function withSamples(
  spec: EntitySpec,
  drift: readonly DriftTold[],
  ports: EnginePorts,
): Promise<{ readonly drift?: readonly DriftTold[] }> {
  if (drift.length === 0) return {};
  const samples = await samplesOf(spec, await lookAtSchema(ports, spec), ports);
  return {
    drift: drift.map((one) => {
      const found = samples.get(one.column ?? '') ?? [];
      return found.length === 0 ? one : { ...one, samples: found.map(({ json }) => json) };
    }),
  };
}

async function countRows(spec: EntitySpec, { runType, signal }: CountRequest, ports: EnginePorts): Promise<number> {
  const { home: looking, found } = await surveyed(spec, runType, ports);
  const { pinned } = found.description;
  const home = pinned === undefined ? looking : await ports.home(spec, pinned);
  let rows = 0;
  for (const { slice, work } of found.slices) {
    // The rows of this slice are already settled, so the source is not read for the slice.
    if (!readsSource(work)) continue;
    const window = windowOfSlice(found, work);
    for await (const piece of readSliceInOneStep(ports.clock, home, slice, { window, signal })) if ('rows' in piece) rows += piece.rows;
  }
  return rows;
}
