import type { LaneDivision } from '../../src/engine/plan/plan-flow.ts';
import type { Json } from '../../src/ports/values.ts';
import type { Course, OrchestrationContext } from '../durable.ts';
import { laneInstance } from '../instance-ids.ts';
import { activities, type FlowInput, type LaneOutcome, orchestrators, type RunInput, tallyIn } from '../run-input.ts';
import { lostLane, nothingYet, together } from './lane.ts';
import { crashAnswer, runStep } from './step.ts';

/** A run of a flow: lanes beside one another, then the flow is closed. */
export function* runFlow(durable: OrchestrationContext): Course<LaneOutcome> {
  const { of, entities } = durable.input as FlowInput;
  durable.status({ run: of.run, stage: 'planning' });
  const planned = yield* runStep<LaneDivision>(durable, activities.planFlow, { of, entities });
  const outcome = 'failed' in planned ? lostLane(entities, planned.failed) : yield* runLanes(durable, of, planned.done.lanes);
  return yield* close(durable, of, outcome);
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
  // Lanes catch their own errors, so one that failed was ended from outside.
  const outcomes = ends.map((end, i) =>
    'done' in end ? (end.done as LaneOutcome) : lostLane(lanes[i] ?? '', crashAnswer(end.error, 1).error),
  );
  return together([nothingYet, ...outcomes]);
}

/** Whatever happened, the run ends on the board. */
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
