/** The end of an invocation in process. Every flow is closed, in calls whose input is small enough for a step. */
import { Interrupted } from '../../errors/hygge-error.ts';
import type { EntitySummary } from '../../ports/events.ts';
import { filled } from '../../ports/values.ts';
import { type CloseRequest, closeFlow, tallyOf } from '../close/close.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import { untilDone } from '../contracts/steps.ts';
import { OpenSides } from '../entity/open-sides.ts';
import { detailsOf } from '../errors/details.ts';

export interface FlowsRun {
  /** The id of each flow’s run, by the flow’s name. */
  readonly runIds: ReadonlyMap<string, string>;
  readonly entities: readonly EntitySummary[];
}

/** How many entities one call closes. Names may be long, but a step’s input must be short. */
export const entitiesPerClose = 10;

/** Cleans up and sends notices. If that fails, there is a warning, but the run does not fail. */
export async function closeFlows(
  request: { readonly invocationId: string; readonly workspace: string; readonly signal: AbortSignal },
  ports: EnginePorts,
  ran: FlowsRun,
): Promise<void> {
  const last = [...ran.runIds.keys()].at(-1);
  for (const [flow, runId] of ran.runIds) {
    const entities = ran.entities.filter((entity) => entity.flow === flow);
    const ids = {
      invocationId: request.invocationId,
      workspace: request.workspace,
      runId,
      flow,
      ...filled({ more: flow !== last }),
    };
    // If a person stopped the run, the last call is left out, since the person should not wait for notices.
    for (const call of closeCalls(ids, entities)) if (!call.final || !request.signal.aborted) await close(call, ports, request.signal);
  }
}

/** Calls for every ten entities that settled something, followed by the call that sends notices and publishes. */
export function closeCalls(ids: Omit<CloseRequest, 'entities' | 'final'>, entities: readonly EntitySummary[]): readonly CloseRequest[] {
  const settled = entities.filter(({ status }) => status === 'pass' || status === 'warn').map(({ entity }) => entity);
  const calls: CloseRequest[] = [];
  for (let i = 0; i < settled.length; i += entitiesPerClose) calls.push({ ...ids, entities: settled.slice(i, i + entitiesPerClose) });
  return [...calls, { ...ids, entities: [], final: tallyOf(entities) }];
}

async function close(call: CloseRequest, ports: EnginePorts, signal: AbortSignal): Promise<void> {
  try {
    await using sides = new OpenSides();
    const own = sides.over(ports);
    await untilDone(ports.clock, (cursor) => closeFlow(call, own, cursor), signal);
  } catch (error) {
    if (error instanceof Interrupted) return;
    const { invocationId, runId, flow } = call;
    const message = ports.words.note({ code: 'records_left', what: detailsOf(error).what });
    ports.emit({ v: 1, ts: ports.clock.now(), invocation_id: invocationId, run_id: runId, flow, event: 'warning', message });
  }
}
