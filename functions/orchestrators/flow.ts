import { positionsIn } from '../../src/engine/plan/entity-positions.ts';
import type { LaneDivision } from '../../src/engine/plan/plan-flow.ts';
import type { Json } from '../../src/ports/values.ts';
import type { Course, OrchestrationContext } from '../durable.ts';
import { laneInstance } from '../instance-ids.ts';
import { activities, type FlowInput, type LaneOutcome, nothingYet, orchestrators, type RunInput, tallyIn } from '../run-input.ts';
import { giveUp } from './give-up.ts';
import { lostLane, outcomeOf, together } from './lane.ts';
import { crashAnswer, runStep } from './step.ts';

/** A run of a flow: parallel lanes, then the flow is closed. */
export function* runFlow(durable: OrchestrationContext): Course<LaneOutcome> {
  const { of, entities, lost } = durable.input as FlowInput;
  if (lost !== undefined) return yield* close(durable, of, together([lost, ...(yield* allGivenUp(durable, of, entities))]));
  durable.status({ run: of.run, stage: 'planning' });
  const planned = yield* runStep<LaneDivision>(durable, activities.planFlow, { of, entities });
  const outcome = 'failed' in planned ? lostLane(entities, planned.failed) : yield* runLanes(durable, of, planned.done.lanes);
  return yield* close(durable, of, outcome);
}

/** The run is gone: the claim of each entity is released, and decided commits are finished. */
function* allGivenUp(durable: OrchestrationContext, of: RunInput, entities: string): Course<readonly LaneOutcome[]> {
  const outcomes: LaneOutcome[] = [];
  for (const n of positionsIn(entities)) {
    durable.status({ run: of.run, stage: 'giving up', done: outcomes.length });
    outcomes.push(outcomeOf(n, yield* giveUp(durable, { of, n, at: of.startedAt }, { failed: crashAnswer('', 1).error, attempts: 1 })));
  }
  return outcomes;
}

function* runLanes(durable: OrchestrationContext, of: RunInput, lanes: readonly string[]): Course<LaneOutcome> {
  durable.status({ run: of.run, stage: 'moving', lanes: lanes.length });
  const inputs: readonly FlowInput[] = lanes.map((entities) => ({ of, entities }));
  const children = inputs.map((input, i) => ({
    orchestrator: orchestrators.lane,
    input: input as unknown as Json,
    id: laneInstance(of.run, i),
  }));
  const ends = yield* durable.children(children);
  // Lanes catch their own errors, so a lane fails only if it is ended from outside.
  const outcomes = ends.map((end, i) =>
    'done' in end ? (end.done as LaneOutcome) : lostLane(lanes[i] ?? '', crashAnswer(end.error, 1).error),
  );
  return together([nothingYet, ...outcomes]);
}

/** Whatever happens, the board must show the end of the run. */
export function* close(durable: OrchestrationContext, of: RunInput, outcome: LaneOutcome): Course<LaneOutcome> {
  durable.status({ run: of.run, stage: 'closing', ...countsOf(outcome) });
  const closed = yield* runStep<null>(durable, activities.closeFlow, { of, outcome });
  if ('failed' in closed) throw new Error(`${closed.failed.code} ${closed.failed.what}`);
  durable.status({ run: of.run, stage: 'done', ...countsOf(outcome) });
  return outcome;
}

export function countsOf(outcome: LaneOutcome) {
  return { ...tallyIn(outcome), rows: outcome.rows };
}
