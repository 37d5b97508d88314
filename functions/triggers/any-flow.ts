import type { App } from '../../src/assembly/app.ts';
import { ConfigErrors } from '../../src/workspace/yaml/problems.ts';
import type { HttpAnswer, TriggerContext, TriggerRequest } from '../sdk.ts';
import { type ServedFlow, whyNotServed } from './flows.ts';

type FlowHandler = (app: App, flow: string, asked: TriggerRequest, called: TriggerContext) => Promise<HttpAnswer>;

/**
 * A handler for runs whose flow may be gone or broken. All flows share board and state, so any valid flow gives access to both. The flow’s error is
 * reported only if the handler finds nothing else to report.
 */
export function whateverTheFlow(served: readonly ServedFlow[], answering: FlowHandler): FlowHandler {
  return async (app, flow, asked, called) => {
    const why = whyNotServed(flow, served);
    const answer = await answering(throughAny(app, served), flow, asked, called);
    if (why === undefined || !tellsNothing(answer, why.status)) return answer;
    return why;
  };
}

function throughAny(app: App, served: readonly ServedFlow[]): App {
  return {
    ...app,
    async look(flow) {
      const others = served.flatMap(({ found }) => ('errors' in found || found.name === flow ? [] : [found.name]));
      return await firstOf(app, flow, others);
    },
  };
}

/** Throws the error of the flow itself if no flow can be used. */
async function firstOf(app: App, flow: string, others: readonly string[]): ReturnType<App['look']> {
  try {
    return await app.look(flow);
  } catch (error) {
    if (!(error instanceof ConfigErrors)) throw error;
    for (const other of others) {
      try {
        return await app.look(other);
      } catch (wrong) {
        if (!(wrong instanceof ConfigErrors)) throw wrong;
      }
    }
    throw error;
  }
}

function tellsNothing({ status, body }: HttpAnswer, why: number): boolean {
  if (status === 400) return true;
  if (status === 404) return why === 404;
  const runs = typeof body === 'object' && body !== null && 'runs' in body ? body.runs : undefined;
  return Array.isArray(runs) && runs.length === 0;
}
