import type { EntitySpec } from '../../engine/contracts/spec.ts';
import { OpenSides } from '../../engine/entity/open-sides.ts';
import type { ConfigError } from '../../errors/hygge-error.ts';
import type { CheckResult } from '../../narrate/commands/finding-lines.ts';
import { planBrief } from '../../narrate/run/plan-lines.ts';
import { shownEntity } from '../../narrate/text/visible.ts';
import type { HyggeEvent } from '../../ports/events.ts';
import { mapConcurrent } from '../../ports/map-concurrent.ts';
import type { RealPorts } from '../ports.ts';
import { version } from '../version.ts';
import type { AskedStores } from './asked-stores.ts';
import { checkAgreement, checkSides, guarded } from './check-sides.ts';

/** A finding in the output of `hygge debug --output json` and `POST /api/debug`. */
export function findingEvent(finding: CheckResult) {
  return { event: 'finding', v: 1, ...finding } as const;
}

/** An error in the config of a flow, as a finding. */
export function failedCheck(about: string, { code, what, why, tryThis, where }: ConfigError): CheckResult {
  const place = where === undefined ? '' : `${where.file}:${where.line}:${where.column} `;
  return { about, ok: false, what: `${place}${code} ${what}`, why, tryThis };
}

/** Checks the native engine, whose installation fails most often. */
export async function checkDataEngine(): Promise<readonly CheckResult[]> {
  const about = 'machine';
  return guarded(about, async () => {
    const { polars } = await import('../../frames/native.ts');
    await polars();
    return [{ about, ok: true, what: `Node ${process.versions.node}, hygge ${version}; the data engine loads`, tryThis: [] }];
  });
}

/** Checks everything that a run of one entity needs. `asked`: stores of its flow that were already checked. `planned` is called with the plan of its next run, if a run can be planned. */
export async function checkEntity(
  spec: EntitySpec,
  real: RealPorts,
  asked: AskedStores,
  planned: (event: EntityPlanEvent) => void = () => {},
): Promise<readonly CheckResult[]> {
  await using sides = new OpenSides();
  const ports = { ...real, ...sides.over(real) };
  const found = [...(await checkSides(spec, ports, asked)), ...(await checkAgreement(spec, ports))];
  return found.every((finding) => finding.ok) ? [...found, ...(await checkPlan(spec, ports, planned))] : found;
}

/** The messages of a dry run of one entity. */
export async function planEvents(spec: EntitySpec, ports: RealPorts): Promise<readonly HyggeEvent[]> {
  const { dryRun } = await import('../../engine/drive/dry-run.ts');
  const heard: HyggeEvent[] = [];
  const request = { entities: [spec], invocationId: ports.random.id(), workspace: '', runType: null, signal: new AbortController().signal };
  await dryRun(request, { ...ports, emit: (event) => void heard.push(event) });
  return heard;
}

/** Whether a run can be planned. This finds problems that only the data shows: a watermark column that is missing, has another type, or has nulls. */
async function checkPlan(spec: EntitySpec, ports: RealPorts, planned: (event: EntityPlanEvent) => void): Promise<readonly CheckResult[]> {
  const about = shownEntity(spec.flow, spec.entity);
  const heard = await planEvents(spec, ports);
  return heard.flatMap((event): readonly CheckResult[] => {
    if (event.event === 'error') return [{ about, ok: false, what: `${event.code} ${event.what}`, why: event.why, tryThis: event.tryThis }];
    if (event.event === 'plan') planned(event);
    if (event.event !== 'plan') return [];
    const strays = event.warnings.filter((_, i) => event.codes?.[i] === 'strays');
    const told = strays.map((what): CheckResult => ({ about, ok: true, warns: true, what, tryThis: [] }));
    return [{ about, ok: true, what: `next run: ${planBrief(event)}`, tryThis: [] }, ...told];
  });
}

type EntityPlanEvent = Extract<HyggeEvent, { readonly event: 'plan' }>;

const about = 'state';

/** Whether state can be read, row by row, and written. The test write is removed again. */
export async function checkState(ports: Pick<RealPorts, 'state' | 'random'>): Promise<readonly CheckResult[]> {
  const readable = await guarded(about, async () => {
    const keys = await ports.state.entities();
    await mapConcurrent(keys, (key) => ports.state.read(key));
    return [
      {
        about,
        ok: true,
        what: `Readable in ${ports.state.location}: ${keys.length} ${keys.length === 1 ? 'entity' : 'entities'}`,
        tryThis: [],
      },
    ];
  });
  const writable = await guarded(about, async () => {
    await ports.state.probe?.(ports.random.nonce());
    return [{ about, ok: true, what: 'Writable', tryThis: [] }];
  });
  return [...readable, ...writable];
}
