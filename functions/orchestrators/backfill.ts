import { positionsIn } from '../../src/engine/plan/entity-positions.ts';
import type { Json } from '../../src/ports/values.ts';
import type { Course, OrchestrationContext } from '../durable.ts';
import { backfillSeriesId, entityInstance } from '../instance-ids.ts';
import { countOf, type FlowInput, type LaneOutcome, nothingYet, orchestrators, type RunInput, type SeriesTold } from '../run-input.ts';
import { close, countsOf } from './flow.ts';
import { entityIn, lostLane, outcomeOf, together } from './lane.ts';
import { crashAnswer } from './step.ts';

/** The chunks of one entity that one orchestration handles: few enough to keep its history short. */
interface SeriesInput {
  readonly of: RunInput;
  readonly n: number;
  readonly from: number;
}

interface SeriesOutcome {
  readonly outcome: LaneOutcome;
  /** The next chunk; null: the last one is done, or one failed. */
  readonly next: number | null;
  /** The run was stopped, and the chunks from here on were not started. */
  readonly stopped?: boolean;
}

const chunksPerSeries = 50;

/** A backfill: one chunk after another, so that a live run can start between two chunks. */
export function* runBackfill(durable: OrchestrationContext): Course<LaneOutcome | SeriesOutcome> {
  const input = durable.input as FlowInput | SeriesInput;
  if ('n' in input) return yield* runSeries(durable, input);
  const { of, entities } = input;
  let outcome = nothingYet;
  for (const n of positionsIn(entities)) {
    outcome = together([outcome, yield* allChunks(durable, { of, n, before: outcome })]);
  }
  return yield* close(durable, of, outcome);
}

interface EntityOfBackfill {
  readonly of: RunInput;
  readonly n: number;
  /** The combined outcome of the earlier entities. */
  readonly before: LaneOutcome;
}

function* allChunks(durable: OrchestrationContext, { of, n, before }: EntityOfBackfill): Course<LaneOutcome> {
  let all = nothingYet;
  let wasStopped = false;
  for (let from: number | null = 0; from !== null; ) {
    durable.status({ run: of.run, stage: 'moving', ...countsOf(before), entity: n, chunk: from });
    const { outcome, next, stopped = false }: SeriesOutcome = yield* series(durable, { of, n, from });
    all = together([all, outcome]);
    from = next;
    wasStopped = stopped;
  }
  return oneEntity(n, all, wasStopped);
}

function* series(durable: OrchestrationContext, input: SeriesInput): Course<SeriesOutcome> {
  const id = backfillSeriesId(input.of.run, input.n, input.from);
  try {
    return (yield* durable.child({ orchestrator: orchestrators.backfill, input: input as unknown as Json, id })) as SeriesOutcome;
  } catch (error) {
    return { outcome: lostLane(`${input.n}`, crashAnswer(error, 1).error), next: null };
  }
}

function* runSeries(durable: OrchestrationContext, { of, n, from }: SeriesInput): Course<SeriesOutcome> {
  let outcome = nothingYet;
  let chunk = from;
  let known: SeriesTold | undefined;
  for (let i = 0; i < chunksPerSeries; i++) {
    const id = `${entityInstance(of.run, n)}-c${chunk}`;
    durable.status({ chunks: known?.chunks ?? 0, done: chunk, rows: outcome.rows, under: id });
    const ended = yield* entityIn(durable, { input: { of, n, chunk }, id });
    outcome = together([outcome, outcomeOf(n, ended)]);
    // An entity that is not started has no result for its series of chunks.
    const untold = ended.series === undefined && (ended.status === 'skip' || known === undefined);
    if (ended.status === 'error' || untold) return { outcome, next: null, stopped: untold };
    known = ended.series ?? known;
    const { chunks = 0, next = 0 } = known ?? {};
    durable.status({ chunks, done: chunk + 1, rows: outcome.rows });
    // Chunks that an earlier backfill has done are skipped together.
    chunk = Math.max(chunk + 1, next);
    if (chunk >= chunks) return { outcome, next: null };
  }
  return { outcome, next: chunk };
}

/** The outcome counts entities, not chunks. If the series of chunks of an entity stopped, the entity has not passed, even if some chunks settled. */
function oneEntity(n: number, all: LaneOutcome, stopped: boolean): LaneOutcome {
  const status = all.error > 0 ? 'error' : stopped ? 'skip' : all.warn > 0 ? 'warn' : all.pass > 0 ? 'pass' : 'skip';
  // If chunks were not started, the entity still counts as started if an earlier chunk was.
  const { notStarted, ...counted } = all;
  const neverStarted = notStarted !== undefined && countOf(counted) === 0;
  const one = neverStarted ? { notStarted: 1 } : { [status]: 1 };
  return { ...counted, pass: 0, warn: 0, error: 0, skip: 0, ...one, settled: all.settled === '' ? '' : `${n}` };
}
