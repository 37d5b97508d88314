import type { Closing } from '../engine/contracts/closing.ts';
import type { Workspace } from '../workspace/load/load.ts';

/** What closeFlow tells and publishes for a workspace; undefined: nothing is configured. Loads what it takes only when there is something. */
export async function closingOf(workspace: Pick<Workspace, 'flows' | 'mirror'>): Promise<Closing | undefined> {
  const told = new Map(workspace.flows.map(({ name, notify }) => [name, notify]));
  const { mirror } = workspace;
  if (mirror === null && [...told.values()].every((notify) => notify === null)) return undefined;
  const [{ noticeBody }, { httpWebhook }] = await Promise.all([import('../narrate/notice-bodies.ts'), import('../adapters/webhook.ts')]);
  return {
    notify: (flow) => told.get(flow) ?? null,
    message: noticeBody,
    webhook: httpWebhook(),
    mirror: mirror && { flow: mirror.flow, entity: mirror.entity },
  };
}
