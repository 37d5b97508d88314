import type { RealPorts } from '../../assembly/ports.ts';
import type { EntitySpec } from '../../engine/contracts/spec.ts';
import type { Checked } from '../../narrate/finding-lines.ts';
import { planBrief } from '../../narrate/plan-lines.ts';
import { shownEntity } from '../../narrate/visible.ts';
import type { HyggeEvent } from '../../ports/events.ts';

/** Whether a run could be planned: what only the data itself can tell (a watermark column that is gone, of another type, or not filled). */
export async function checkPlan(spec: EntitySpec, ports: RealPorts): Promise<readonly Checked[]> {
  const about = shownEntity(spec.flow, spec.entity);
  const { dryRun } = await import('../../engine/drive/dry-run.ts');
  const heard: HyggeEvent[] = [];
  const request = { entities: [spec], invocationId: ports.random.id(), workspace: '', runType: null, signal: new AbortController().signal };
  await dryRun(request, { ...ports, emit: (event) => void heard.push(event) });
  return heard.flatMap((event): readonly Checked[] => {
    if (event.event === 'error') return [{ about, ok: false, what: `${event.code} ${event.what}`, why: event.why, tryThis: event.tryThis }];
    return event.event === 'plan' ? [{ about, ok: true, what: `next run: ${planBrief(event)}`, tryThis: [] }] : [];
  });
}
