import type { EntitySummary, ErrorDetails, EventBody, HyggeEvent } from '../../src/ports/events.ts';

/** Sequences of events as runs emit them. */

const start = Date.parse('2026-11-20T08:00:00.000Z');

export function at(seconds: number): string {
  return new Date(start + seconds * 1000).toISOString();
}

export function event(seconds: number, body: EventBody, about: { flow?: string; entity?: string } = {}): HyggeEvent {
  return { v: 1, ts: at(seconds), invocation_id: '01KAAAAAAAAAAAAAAAAAAAAAAA', ...about, ...body };
}

export function progress(
  seconds: number,
  about: { flow: string; entity: string },
  stage: Extract<EventBody, { event: 'progress' }>['stage'],
  rows: number,
  more: { total?: number | null; slices?: number; done?: number; detail?: string } = {},
): HyggeEvent {
  const body: EventBody = {
    event: 'progress',
    stage,
    rows,
    rows_total: more.total === undefined ? 3_000_000 : more.total,
    slices: more.slices ?? 12,
    slices_done: more.done ?? 0,
    ...(more.detail === undefined ? {} : { detail: more.detail }),
  };
  return event(seconds, body, about);
}

export function summaryOf(flow: string, entity: string, more: Partial<EntitySummary> = {}): EntitySummary {
  return {
    flow,
    entity,
    status: 'pass',
    rows: 3_000_000,
    rows_read: 3_000_000,
    entity_run_id: '01KAAAAAAAAAAAAAAAAAAAAAAB.1',
    watermark: null,
    to: 'file:///lake/flights',
    files: 2,
    bytes: 61_234_567,
    seconds: 6.2,
    ...more,
  };
}

export function done(seconds: number, entity: EntitySummary): HyggeEvent {
  return event(seconds, { event: 'entity_done', ...entity });
}

export function summary(seconds: number, entities: readonly EntitySummary[]): HyggeEvent {
  const of = (status: EntitySummary['status']): number => entities.filter((one) => one.status === status).length;
  return event(seconds, {
    event: 'summary',
    pass: of('pass'),
    warn: of('warn'),
    error: of('error'),
    skip: of('skip'),
    total: entities.length,
    rows: entities.reduce((sum, one) => sum + one.rows, 0),
    seconds,
    entities,
  });
}

export const torn: ErrorDetails = {
  code: 'HYG-3004',
  what: 'data/users.parquet ends too early.',
  why: ['Its footer names 12 row groups; the file ends in the 9th.'],
  tryThis: ['Copy the file again', 'Leave it out: exclude: [users.parquet]'],
};

const flights = { flow: 'flights', entity: 'by_time' };
const airports = { flow: 'flights', entity: 'airports' };

const airportsDone = summaryOf('flights', 'airports', {
  status: 'skip',
  rows: 0,
  rows_read: 0,
  files: 0,
  bytes: 0,
  seconds: 0.21,
  watermark: '2026-11-19',
});
const flightsDone = summaryOf('flights', 'by_time', { watermark: '2001-03-31T23:59:00.000' });

/** Two entities: one settles three million rows, the other has nothing new. */
export const oneGoodRun: readonly HyggeEvent[] = [
  event(0, { event: 'run_start', workspace: 'northwind', flows: 1, entities: 2, concurrency: 8 }),
  progress(0.1, flights, 'claimed', 0, { total: null, slices: 0 }),
  progress(0.1, airports, 'claimed', 0, { total: null, slices: 0 }),
  done(0.3, airportsDone),
  progress(0.4, flights, 'reading', 0),
  progress(2, flights, 'slice_done', 1_000_000, { done: 4 }),
  progress(11, flights, 'slice_done', 2_000_000, { done: 8 }),
  progress(12, flights, 'slice_done', 3_000_000, { done: 12 }),
  progress(12.1, flights, 'committing', 3_000_000, { done: 12 }),
  progress(12.3, flights, 'settled', 3_000_000, { done: 12 }),
  done(12.4, flightsDone),
  summary(12.5, [airportsDone, flightsDone]),
];

/** Fifty entities, thirty of them under way, twelve done. */
export function fifty(): readonly HyggeEvent[] {
  const name = (n: number): { flow: string; entity: string } => ({ flow: 'crm', entity: `table_${String(n).padStart(2, '0')}` });
  const events: HyggeEvent[] = [event(0, { event: 'run_start', workspace: 'northwind', flows: 1, entities: 50, concurrency: 30 })];
  for (let n = 1; n <= 42; n++) events.push(progress(0.1, name(n), 'claimed', 0, { total: null, slices: 0 }));
  for (let n = 1; n <= 42; n++) events.push(progress(0.2, name(n), 'reading', 0, { total: 100_000 * n, slices: 10 }));
  for (let n = 1; n <= 42; n++) events.push(progress(4.2, name(n), 'slice_done', 50_000 * n, { total: 100_000 * n, slices: 10, done: 5 }));
  for (let n = 1; n <= 12; n++)
    events.push(done(5, summaryOf('crm', name(n).entity, { rows: 100_000 * n, seconds: 4.9, to: `file:///lake/table_${n}` })));
  events.push(progress(5, name(13), 'committing', 1_300_000, { total: 1_300_000, slices: 10, done: 10 }));
  return events;
}
