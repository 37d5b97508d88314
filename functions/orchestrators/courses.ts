import type { Course, OrchestrationContext } from '../durable.ts';
import { orchestrators } from '../run-input.ts';
import { runBackfill } from './backfill.ts';
import { runEntity } from './entity.ts';
import { runFlow } from './flow.ts';
import { runLane } from './lane.ts';
import { runReplication } from './replication.ts';
import { moveSlices, type SlicesInput } from './slices.ts';
import { runVerify } from './verify.ts';

/** Every orchestrator, by its name. */
export const courses: ReadonlyMap<string, (durable: OrchestrationContext) => Course<unknown>> = new Map<
  string,
  (durable: OrchestrationContext) => Course<unknown>
>([
  [orchestrators.flow, runFlow],
  [orchestrators.lane, runLane],
  [orchestrators.entity, runEntity],
  [orchestrators.slices, (durable) => moveSlices(durable, durable.input as SlicesInput)],
  [orchestrators.backfill, runBackfill],
  [orchestrators.verify, runVerify],
  [orchestrators.replication, runReplication],
]);
