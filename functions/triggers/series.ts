import type { App } from '../../src/assembly/app.ts';
import type { BackfillSeries } from '../../src/engine/backfill/backfill.ts';
import { HyggeError } from '../../src/errors/hygge-error.ts';
import { filled, type Json } from '../../src/ports/values.ts';
import type { BackfillInput } from '../run-input.ts';
import type { HttpAnswer, TriggerContext } from '../sdk.ts';
import { RefusedRequest } from './answers.ts';
import { opened } from './open-app.ts';
import type { RunRequest } from './request.ts';
import { laneOf } from './start.ts';

export interface EntitySeries {
  readonly entity: string;
  readonly series: BackfillSeries;
}

/** The chunks of each entity. Throws `RefusedRequest` for what can't be backfilled, since a later error would reach no caller. */
export async function mustBackfill(
  app: App,
  { flow, request, backfill }: { readonly flow: string; readonly request: RunRequest; readonly backfill: BackfillInput },
  called: TriggerContext,
): Promise<readonly EntitySeries[]> {
  const { ports, asked } = await opened(app, { flow, request }, called);
  const [{ resolveSeries }, { OpenSides }] = await Promise.all([
    import('../../src/engine/backfill/backfill.ts'),
    import('../../src/engine/entity/open-sides.ts'),
  ]);
  await using sides = new OpenSides();
  const own = sides.over(ports);
  const wrong: HyggeError[] = [];
  const found: EntitySeries[] = [];
  for (const { entity } of asked) {
    try {
      found.push({ entity, series: await resolveSeries({ flow, entity, ...backfill }, own) });
    } catch (error) {
      if (!(error instanceof HyggeError) || error.transient) throw error;
      wrong.push(error);
    }
  }
  if (wrong.length > 0) throw new RefusedRequest(wrong);
  return found;
}

/** However a range is written, it is one lane; as it is written only where the entities read it differently. */
export function laneFor(all: readonly EntitySeries[], written: BackfillInput): string {
  const lanes = new Set(all.map(({ series }) => laneOf(series)));
  const [only] = lanes;
  return only === undefined || lanes.size > 1 ? laneOf(written) : only;
}

export function isDone(all: readonly EntitySeries[]): boolean {
  return all.every(({ series }) => series.next >= series.chunks);
}

/** Instead of a run in which nothing would happen. */
export function doneBefore(flow: string, lane: string, all: readonly EntitySeries[]): HttpAnswer {
  const message = 'All of it was done before, and nothing was started. `"again": true` in `backfill` does it again.';
  return { status: 200, body: { flow, lane, backfill: all.map(told), message } };
}

/** The planned work, for the caller. */
export function told({ entity, series }: EntitySeries): Json {
  const { column, chunks, next, liveMark: mark, endsAtMark } = series;
  const ends = `the backfill ends at the watermark, ${column} ${mark}: what comes from there on is read by live runs`;
  return { entity, chunks, done: next, ends_at_mark: endsAtMark, ...filled({ warning: endsAtMark && ends }) };
}
