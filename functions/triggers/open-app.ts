import type { App, PinnedFlow } from '../../src/assembly/app.ts';
import type { EnginePorts } from '../../src/engine/contracts/ports.ts';
import type { EntitySpec } from '../../src/engine/contracts/spec.ts';
import type { Emit } from '../../src/ports/events.ts';
import { filled } from '../../src/ports/values.ts';
import { logged } from '../log.ts';
import type { TriggerContext } from '../sdk.ts';
import { positionsOf, type RunRequest } from './request.ts';

export interface OpenedFlow {
  readonly pinned: PinnedFlow;
  readonly ports: EnginePorts;
  /** The requested entities. */
  readonly asked: readonly EntitySpec[];
}

/** The flow with the changes that the request makes. */
export async function opened(
  app: App,
  { flow, request }: { readonly flow: string; readonly request: RunRequest },
  called: TriggerContext,
  hear: Emit = () => undefined,
): Promise<OpenedFlow> {
  const now = app.clock.now();
  const pinned = await app.pin({
    flow,
    config: 'current',
    date: now.slice(0, 10),
    run: '',
    found: 'now',
    ...filled({ vars: request.vars }),
  });
  const log = logged(called.log);
  const ports = await pinned.ports((event) => {
    hear(event);
    // Entities are checked one by one, and the answer combines the results.
    if (event.event !== 'summary') log(event);
  });
  const asked = positionsOf(request.entities, pinned.flow).flatMap((n) => pinned.flow.entities[n] ?? []);
  return { pinned, ports, asked };
}
