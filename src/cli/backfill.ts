import { realClock } from '../adapters/real-clock.ts';
import { realRandom } from '../adapters/real-random.ts';
import { enginePorts } from '../assembly/ports.ts';
import type { Series } from '../engine/backfill.ts';
import type { EnginePorts } from '../engine/ports.ts';
import type { EntitySpec } from '../engine/spec.ts';
import { Interrupted } from '../errors/hygge-error.ts';
import { warningText } from '../narrate/finding-lines.ts';
import { visible } from '../narrate/visible.ts';
import type { EventBody } from '../ports/events.ts';
import type { Workspace } from '../workspace/load.ts';
import { exit, exitCodeOf } from './exit-code.ts';
import { errorsIn } from './failure.ts';
import { openWorkspace } from './open-workspace.ts';
import { type Output, openOutput } from './output.ts';
import { selectOne } from './selection.ts';
import { listenForStops } from './stopping.ts';
import type { CommonFlags, Surroundings } from './surroundings.ts';
import { stacks } from './usage.ts';

export interface BackfillFlags extends CommonFlags {
  readonly entity: string;
  readonly from: string;
  readonly to: string;
  readonly chunk?: string | undefined;
  readonly again?: true | undefined;
  readonly dryRun?: true | undefined;
  readonly wait?: true | undefined;
  readonly takeOver?: true | undefined;
  readonly var?: readonly string[] | undefined;
}

type Summary = Extract<EventBody, { readonly event: 'summary' }>;

/** `hygge backfill`: answers the exit code. What can't be backfilled is thrown before anything was touched. */
export async function backfill(flags: BackfillFlags, surroundings: Surroundings): Promise<number> {
  const clock = realClock();
  const workspace = await openWorkspace(flags, surroundings, { now: clock.now(), vars: flags.var });
  const spec = selectOne(workspace.flows, flags.entity);
  const random = realRandom();
  const output = openOutput(surroundings, flags, { clock, invocationId: random.id(), dryRun: flags.dryRun === true, entities: 1 });
  try {
    await using ports = await enginePorts(workspace, { clock, random, emit: output.emit });
    const { seriesOf } = await import('../engine/backfill.ts');
    const asked = { from: flags.from, to: flags.to, chunk: flags.chunk ?? null, again: flags.again === true };
    const series = await seriesOf({ flow: spec.flow, entity: spec.entity, ...asked }, ports);
    for (const warning of workspace.warnings) output.say({ event: 'warning', message: warningText(warning) });
    if (series.endsAtMark) output.say({ event: 'warning', message: endsAt(series) });
    return await backfillWith({ flags, workspace, spec, series, ports, output, surroundings });
  } finally {
    output.close();
  }
}

interface Going {
  readonly flags: BackfillFlags;
  readonly workspace: Workspace;
  readonly spec: EntitySpec;
  readonly series: Series;
  readonly ports: EnginePorts;
  readonly output: Output;
  readonly surroundings: Surroundings;
}

async function backfillWith(going: Going): Promise<number> {
  const { flags, output, surroundings } = going;
  using stopping = listenForStops(surroundings, output);
  try {
    const summary = await (flags.dryRun ? plan(going, stopping.signal) : move(going, stopping.signal));
    return exitCodeOf(summary.entities, stopping.asked());
  } catch (error) {
    const stopped = stopping.asked();
    if (stopped === null || !(error instanceof Interrupted)) {
      for (const one of errorsIn(error)) output.say({ event: 'error', ...one.toDetails() });
      if (flags.verbose) output.note(stacks(error).split('\n').map(visible));
    }
    output.say(output.soFar());
    return stopped === null ? exit.failed : exit[stopped];
  }
}

async function move({ flags, workspace, spec, series, ports, output }: Going, signal: AbortSignal): Promise<Summary> {
  const { backfill: drive } = await import('../engine/backfill-run.ts');
  const watched = flags.verbose ? { ...ports, onDefect: (error: unknown) => output.note(stacks(error).split('\n').map(visible)) } : ports;
  const { invocationId } = output;
  const request = {
    spec,
    series,
    invocationId,
    workspace: workspace.name,
    wait: flags.wait === true,
    takeOver: flags.takeOver === true,
    signal,
  };
  return await drive(request, watched);
}

/** All that is left to do, as if in one go: how it is cut makes no difference to what is read and replaced. */
async function plan({ workspace, spec, series, ports, output }: Going, signal: AbortSignal): Promise<Summary> {
  const { dryRun } = await import('../engine/dry-run.ts');
  const { laneAt } = await import('../engine/backfill.ts');
  const { from, to, column, chunks, next } = series;
  const left = { from: next < chunks ? laneAt(series, next).chunk.from : from, to };
  return await dryRun(
    {
      entities: [spec],
      invocationId: output.invocationId,
      workspace: workspace.name,
      runType: null,
      signal,
      backfill: { lane: { from, to, chunk: left }, told: { column, from, to, chunks, done: next } },
    },
    ports,
  );
}

function endsAt({ column, mark }: Series): string {
  return `the backfill ends at the watermark, ${column} ${mark}: what comes from there on is read by hygge go`;
}
