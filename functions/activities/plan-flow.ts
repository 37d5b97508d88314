import { positionsIn } from '../../src/engine/plan/entity-positions.ts';
import { divideIntoLanes } from '../../src/engine/plan/plan-flow.ts';
import { warningText } from '../../src/narrate/commands/finding-lines.ts';
import type { FlowInput } from '../run-input.ts';
import type { Body, StepInput } from './activity.ts';
import { atOnceIn } from './at-once.ts';

/** hygge-plan-flow: divides the entities of a flow into lanes. */
export const body: Body<StepInput & FlowInput> = async ({ of, entities }, { pinned, ports }) => {
  const { flow, workspace } = pinned;
  const { lanes } = atOnceIn({ flow, workspace });
  const names = flow.entities.map(({ entity }) => entity);
  ports.emit({
    v: 1,
    ts: ports.clock.now(),
    invocation_id: of.invocation,
    run_id: of.run,
    flow: of.flow,
    event: 'run_start',
    workspace: workspace.name,
    flows: 1,
    entities: positionsIn(entities).length,
    concurrency: lanes,
  });
  for (const warning of workspace.warnings.filter(({ foundFor }) => foundFor === of.flow))
    ports.emit({
      ...{ v: 1, ts: ports.clock.now(), invocation_id: of.invocation, run_id: of.run, flow: of.flow },
      event: 'warning',
      message: warningText(warning),
    });
  return { done: await divideIntoLanes({ flow: of.flow, entities, lanes }, ports, names) };
};
