import type { App } from '../../src/assembly/app.ts';
import { type EnginePorts, eventBase } from '../../src/engine/contracts/ports.ts';
import type { EntitySpec } from '../../src/engine/contracts/spec.ts';
import { HyggeError } from '../../src/errors/hygge-error.ts';
import { warningText } from '../../src/narrate/commands/finding-lines.ts';
import type { HyggeEvent } from '../../src/ports/events.ts';
import { filled } from '../../src/ports/values.ts';
import { bytesOf } from '../answer.ts';
import type { BackfillInput } from '../run-input.ts';
import type { HttpAnswer, TriggerContext } from '../sdk.ts';
import { inRequestWords } from './advice.ts';
import { askAgain } from './answers.ts';
import { type OpenedFlow, opened } from './open-app.ts';
import type { RunRequest } from './request.ts';

/** The platform's front end limits a request to 230 seconds. */
const mostMs = 200_000;
/** How many plans are made at once. Each plan makes few requests to its source, so many can run at once. */
const atOnce = 4;
/** The most bytes of plans in an answer; further entities can be requested by name. */
const mostPlanBytes = 4 * 1024 * 1024;

/** The plan of every entity. After some time: only the finished plans, and the names of the unplanned entities. */
export async function answerPlan(app: App, flow: string, request: RunRequest, called: TriggerContext): Promise<HttpAnswer> {
  const heard = new Map<string, HyggeEvent[]>();
  const whole = await opened(app, { flow, request }, called, (event) => {
    if ((event.event === 'plan' || event.event === 'error' || event.event === 'warning') && event.entity !== undefined)
      heard.set(event.entity, [...(heard.get(event.entity) ?? []), event]);
  });
  const ready = await planned(app, whole, { request, called });
  const told = whole.asked
    .filter(({ entity }) => ready.has(entity))
    .map(({ entity }) => [entity, (heard.get(entity) ?? []).map(forCaller)] as const);
  const { plans, omitted } = fitting(told);
  const missing = whole.asked.map(({ entity }) => entity).filter((entity) => !ready.has(entity));
  const warnings = whole.pinned.workspace.warnings.filter(({ foundFor }) => foundFor === flow).map(warningText);
  const body = {
    flow,
    config: whole.pinned.config,
    dry_run: true,
    plans,
    ...filled({ warnings, missing, omitted }),
  };
  const status = statusOf(told.flatMap(([, events]) => events));
  return { status, ...askAgain(status), body: JSON.parse(JSON.stringify(body)) };
}

/** The plans that fit into an answer, in the order of the flow, and the names of the other planned entities. */
function fitting(planned: readonly (readonly [string, readonly HyggeEvent[]])[]) {
  let bytes = 0;
  const plans: HyggeEvent[] = [];
  const omitted: string[] = [];
  for (const [entity, events] of planned) {
    bytes += bytesOf(events);
    if (bytes <= mostPlanBytes) plans.push(...events);
    else omitted.push(entity);
  }
  return { plans, omitted };
}

function forCaller(event: HyggeEvent): HyggeEvent {
  return event.event === 'error' ? { ...event, ...inRequestWords(event) } : event;
}

/** Names of the entities that were planned in time. */
async function planned(
  app: App,
  { asked, ports, pinned }: OpenedFlow,
  { request, called }: { readonly request: RunRequest; readonly called: TriggerContext },
): Promise<ReadonlySet<string>> {
  const { dryRun } = await import('../../src/engine/drive/dry-run.ts');
  const { backfill, runType } = request;
  const over = new AbortController();
  const ready = new Set<string>();
  const left = [...asked];
  const some = async () => {
    for (let spec = left.shift(); spec !== undefined && !over.signal.aborted; spec = left.shift()) {
      const look = { invocationId: called.invocation, workspace: pinned.workspace.name, runType, signal: over.signal, entities: [spec] };
      const whole = backfill === null ? {} : await wholeOf(spec, backfill, { ports, look });
      if (whole !== undefined) await dryRun({ ...look, ...whole }, ports);
      if (!over.signal.aborted) ready.add(spec.entity);
    }
  };
  const tooLong = app.clock.sleep(mostMs, over.signal).catch(() => undefined);
  try {
    await Promise.race([Promise.all(Array.from({ length: atOnce }, some)), tooLong]);
    return ready;
  } finally {
    over.abort();
  }
}

/** Errors that the caller can fix come first, then errors of the app. Last are systems that did not answer, because they may answer the next time. */
function statusOf(plans: readonly HyggeEvent[]): number {
  const statuses = plans.flatMap((event) => (event.event === 'error' ? [statusFor(event.code)] : []));
  return [400, 500, 503].find((status) => statuses.includes(status)) ?? 200;
}

/** A package that is missing in the app will also be missing the next time. */
const lasting = ['HYG-6570'];

/** Groups by the hundreds of the error code: 6 is connections, 5 is state, and 9 is faults of hygge. */
function statusFor(code: string): number {
  if (lasting.includes(code)) return 500;
  if (code.startsWith('HYG-6')) return 503;
  return /^HYG-[59]/.test(code) ? 500 : 400;
}

/** The plan of all remaining chunks as one range, because the division of a range does not change which rows are read and replaced. Undefined: the range can’t be planned, and the entity’s error says why. */
async function wholeOf(
  { flow, entity }: EntitySpec,
  backfill: BackfillInput,
  { ports, look }: { readonly ports: EnginePorts; readonly look: { readonly invocationId: string } },
) {
  const [{ laneAt, resolveSeries }, { hullOfChunks }, { OpenSides }] = await Promise.all([
    import('../../src/engine/backfill/backfill.ts'),
    import('../../src/engine/plan/lane.ts'),
    import('../../src/engine/entity/open-sides.ts'),
  ]);
  await using sides = new OpenSides();
  const series = await resolveSeries({ flow, entity, ...backfill }, sides.over(ports)).catch((error: unknown) => {
    if (!(error instanceof HyggeError)) throw error;
    ports.emit({ ...eventBase({ ...look, runId: '', flow, entity }, ports), event: 'error', ...error.toDetails() });
  });
  if (series === undefined) return undefined;
  const { from, to, column, chunks, next } = series;
  const left = { from: next < chunks ? hullOfChunks(laneAt(series, next)).from : from, to };
  return { backfill: { lane: { from, to, chunks: [left] }, told: { column, from, to, chunks, done: next } } };
}
