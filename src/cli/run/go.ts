import { realClock } from '../../adapters/real-clock.ts';
import { realRandom } from '../../adapters/real-random.ts';
import { openStateAlone } from '../../assembly/open-state.ts';
import { enginePorts } from '../../assembly/ports.ts';
import type { EnginePorts } from '../../engine/contracts/ports.ts';
import type { EntitySpec } from '../../engine/contracts/spec.ts';
import type { DryRunRequest } from '../../engine/drive/dry-run.ts';
import { OpenSides } from '../../engine/entity/open-sides.ts';
import { warningText } from '../../narrate/commands/finding-lines.ts';
import { planOpening } from '../../narrate/run/plan-lines.ts';
import type { HyggeEvent } from '../../ports/events.ts';
import type { Instant } from '../../ports/values.ts';
import { type BrokenFlow, type Workspace, workspaceLabel } from '../../workspace/load/load.ts';
import { withBroken } from '../select/broken-flows.ts';
import { type ChosenEntities, filterToFailed } from '../select/chosen-flows.ts';
import { openChosen } from '../select/open-entities.ts';
import type { Filter } from '../select/selection.ts';
import { mustConfirmTarget } from '../terminal/confirmation.ts';
import { openWorkspace } from '../terminal/open-workspace.ts';
import { type Output, openOutput } from '../terminal/output.ts';
import type { Surroundings } from '../terminal/surroundings.ts';
import { unreadable } from '../terminal/usage.ts';
import { mustTellNew } from './incremental.ts';
import { typedGo } from './typed-go.ts';
import { driveUntilDone, type InvocationSummaryEvent, type MovingFlags, withDefectStacks } from './until-done.ts';

export interface GoFlags extends MovingFlags, Filter {
  readonly incremental?: true | undefined;
  readonly fullDrop?: true | undefined;
  readonly concurrency?: number | undefined;
  readonly compareDeletes?: true | undefined;
  readonly count?: true | undefined;
  /** Whether keys that plans propose are written into the YAML. */
  readonly write?: true | undefined;
  readonly limit?: number | undefined;
  readonly to?: string | undefined;
  readonly var?: readonly string[] | undefined;
  readonly confirm?: string | undefined;
  readonly against?: string | undefined;
  readonly failed?: true | undefined;
}

/** `hygge go`: returns the exit code. Errors in the command line or the workspace are thrown before data is changed. */
export async function go(flags: GoFlags, surroundings: Surroundings): Promise<number> {
  if (flags.against !== undefined && (!flags.dryRun || flags.count))
    throw unreadable('--against is for --dry-run, without --count.', ['hygge go --target prod --dry-run --against dev']);
  if (flags.compareDeletes && flags.limit !== undefined)
    throw unreadable('--compare-deletes is not for a try-out.', ['hygge go --compare-deletes', 'hygge go --dry-run --compare-deletes']);
  if (flags.write && (!flags.dryRun || flags.count || flags.against !== undefined))
    throw unreadable('--write is for --dry-run, without --count and --against.', ['hygge go --dry-run --write']);
  if (flags.count && !flags.dryRun) throw unreadable('--count is for --dry-run.', ['hygge go --dry-run --count']);
  if (flags.limit !== undefined || flags.to !== undefined) {
    const { tryOut } = await import('./try-out.ts');
    return await tryOut(flags, surroundings);
  }
  const clock = realClock();
  const filter = await filterOf(flags, surroundings, clock.now());
  const { workspace, entities, broken } = await openChosen({ ...flags, ...filter }, surroundings, clock);
  if (flags.compareDeletes) mustCompare(entities);
  if (!flags.dryRun) await mustConfirmTarget(flags, workspace, surroundings);
  const against =
    flags.against === undefined
      ? undefined
      : await (await import('./against.ts')).otherTarget(
          flags.against,
          { flags: { ...flags, ...filter }, workspace, surroundings },
          clock.now(),
        );
  const random = realRandom();
  const output = openOutput(surroundings, flags, {
    clock,
    invocationId: random.id(),
    dryRun: flags.dryRun === true,
    entities: entities.length,
    typed: typedGo(flags),
    ...(flags.dryRun ? {} : { logged: workspace }),
  });
  try {
    await using ports = await enginePorts(workspace, {
      clock,
      random,
      emit: output.emit,
      network: surroundings.network,
      countsInState: flags.dryRun !== true,
    });
    if (flags.incremental) await mustTellNew(entities, ports);
    for (const warning of workspace.warnings) output.say({ event: 'warning', message: warningText(warning) });
    return await goWith({ flags, workspace, entities, broken, ports, output, surroundings, ...(against && { against }) });
  } finally {
    output.close();
  }
}

function mustCompare(entities: readonly EntitySpec[]): void {
  if (entities.some(({ compareDeletes }) => compareDeletes !== undefined)) return;
  throw unreadable('--compare-deletes is for entities with `deletes: { compare: … }`, but no chosen entity has this key.', [
    'Add the key to the flow or entity: deletes: { compare: 1d }',
  ]);
}

/** The filter for the entities that the flags name. With `--failed`, the filter accepts only entities whose last run failed. */
export async function filterOf(flags: GoFlags, surroundings: Surroundings, now: Instant): Promise<Filter> {
  const { flow, entity, names, exclude } = flags;
  const filter = { flow, entity, names, exclude };
  if (!flags.failed) return filter;
  const opened = await openWorkspace(flags, surroundings, { now, looking: true, opens: 'state' });
  await using place = await openStateAlone(opened, { network: surroundings.network });
  return await filterToFailed(opened, filter, place.state);
}

export interface GoContext {
  readonly flags: GoFlags;
  readonly workspace: Workspace;
  readonly entities: readonly EntitySpec[];
  /** The selected flows that have errors, so they can not run. */
  readonly broken: readonly BrokenFlow[];
  readonly ports: EnginePorts;
  readonly output: Output;
  readonly surroundings: Surroundings;
  /** The entities in the target with which the plans are compared. */
  readonly against?: ChosenEntities;
}

/** Runs or plans the entities with these ports. */
export function goWith(going: GoContext): Promise<number> {
  const told = { ...going, ports: withBroken(going.ports, going.broken) };
  return driveUntilDone(told, (signal) => (going.flags.dryRun ? planAll(told, signal) : moveAll(told, signal)));
}

async function moveAll(going: GoContext, signal: AbortSignal): Promise<InvocationSummaryEvent> {
  const { flags, workspace, ports } = going;
  const { go: drive } = await import('../../engine/drive/drive.ts');
  const limited = workspace.flows.filter((flow) => flow.concurrency !== null).map((flow) => [flow.name, flow.concurrency ?? 1]);
  return await drive(
    {
      ...requestOf(going, signal),
      concurrency: flags.concurrency ?? workspace.options.concurrency,
      flowConcurrency: Object.fromEntries(limited),
      continueOnError: workspace.options.continueOnError,
      wait: flags.wait === true,
      takeOver: flags.takeOver === true,
      retryForMs: flags.retryFor,
    },
    withDefectStacks(ports, going),
  );
}

async function planAll(going: GoContext, signal: AbortSignal): Promise<InvocationSummaryEvent> {
  const { flags, workspace, entities, ports, output } = going;
  output.note(planOpening(workspaceLabel(workspace), entities.length, output.palette));
  const request = requestOf(going, signal);
  if (going.against !== undefined) return await planAgainst(going.against, going, request);
  if (flags.write) {
    const { events, summary } = await planned(request, ports, (event) => (flags.output === 'json' ? event : withoutProposed(event)));
    const { writeProposals } = await import('./write-proposals.ts');
    output.note(await writeProposals(events, { root: workspace.root, flows: workspace.flows, random: ports.random }));
    return summary;
  }
  if (!flags.count) return await (await import('../../engine/drive/dry-run.ts')).dryRun(request, ports);
  const { withExactCounts } = await import('./count.ts');
  const { events, summary } = await planned({ ...request, breadth: 'all' }, ports, () => null);
  await using sides = new OpenSides();
  for (const event of await withExactCounts(events, request, sides.over(ports))) ports.emit(event);
  return summary;
}

/** The options that runs and plans have in common. */
function requestOf({ flags, workspace, entities, output }: GoContext, signal: AbortSignal) {
  const { incremental, fullDrop, compareDeletes } = flags;
  return {
    entities,
    invocationId: output.invocationId,
    workspace: workspace.name,
    runType: incremental ? 'incremental' : fullDrop ? 'full_drop' : null,
    compare: compareDeletes ? 'now' : 'due',
    signal,
  } as const;
}

/** Plans without a run, and collects the events. @param passed changes an event before it is emitted. Null: the event is not emitted. */
async function planned(request: DryRunRequest, ports: EnginePorts, passed: (event: HyggeEvent) => HyggeEvent | null) {
  const { dryRun } = await import('../../engine/drive/dry-run.ts');
  const events: HyggeEvent[] = [];
  const emit = (event: HyggeEvent) => {
    events.push(event);
    const told = passed(event);
    if (told !== null) ports.emit(told);
  };
  return { events, summary: await dryRun(request, { ...ports, emit }) };
}

/** The event without the proposed keys, since the summary advises to write them. */
function withoutProposed(event: HyggeEvent): HyggeEvent {
  if (event.event !== 'plan') return event;
  const { proposes: _, ...rest } = event;
  return rest;
}

async function planAgainst(against: ChosenEntities, going: GoContext, request: DryRunRequest): Promise<InvocationSummaryEvent> {
  const { ports, output } = going;
  const { differencesFrom } = await import('./against.ts');
  const { events, summary } = await planned(request, ports, (event) => (event.event === 'summary' ? null : event));
  output.say(await differencesFrom(against, events, going, request));
  for (const event of events) if (event.event === 'summary') ports.emit(event);
  return summary;
}
