import type { Clock } from '../../ports/clock.ts';
import type { EntitySummary, EventBody, HyggeEvent } from '../../ports/events.ts';

/** Keeps what entities came to, so that a run that breaks off can still end in a summary that is true. */
export function doneSoFar(clock: Pick<Clock, 'monotonicMs'>) {
  const startedMs = clock.monotonicMs();
  const done: EntitySummary[] = [];
  return {
    hear(event: HyggeEvent): void {
      if (event.event !== 'entity_done') return;
      const { event: _, v, ts, invocation_id, run_id, ...entity } = event;
      done.push(entity);
    },
    summary(): EventBody {
      const of = (status: EntitySummary['status']): number => done.filter((entity) => entity.status === status).length;
      return {
        event: 'summary',
        pass: of('pass'),
        warn: of('warn'),
        error: of('error'),
        skip: of('skip'),
        total: done.length,
        rows: done.reduce((sum, entity) => sum + entity.rows, 0),
        seconds: Math.round(clock.monotonicMs() - startedMs) / 1000,
        entities: done,
      };
    },
  };
}
