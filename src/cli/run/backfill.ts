import { realClock } from '../../adapters/real-clock.ts';
import { realRandom } from '../../adapters/real-random.ts';
import { enginePorts } from '../../assembly/ports.ts';
import type { BackfillSeries } from '../../engine/backfill/backfill.ts';
import type { EnginePorts } from '../../engine/contracts/ports.ts';
import type { EntitySpec } from '../../engine/contracts/spec.ts';
import { OpenSides } from '../../engine/entity/open-sides.ts';
import { warningText } from '../../narrate/commands/finding-lines.ts';
import type { Workspace } from '../../workspace/load/load.ts';
import { type Output, openOutput } from '../terminal/output.ts';
import type { Surroundings } from '../terminal/surroundings.ts';
import { type OneEntityFlags, openOneEntity } from './one-entity.ts';
import { driveUntilDone, type InvocationSummaryEvent, withDefectStacks } from './until-done.ts';

export interface BackfillFlags extends OneEntityFlags {
  readonly from: string;
  readonly to: string;
  readonly chunk?: string | undefined;
  readonly again?: true | undefined;
}

/** `hygge backfill`: returns the exit code. If the backfill is impossible, throws before data is changed. */
export async function backfill(flags: BackfillFlags, surroundings: Surroundings): Promise<number> {
  const clock = realClock();
  const { workspace, spec } = await openOneEntity(flags, surroundings, clock);
  const random = realRandom();
  const output = openOutput(surroundings, flags, {
    clock,
    invocationId: random.id(),
    dryRun: flags.dryRun === true,
    entities: 1,
    ...(flags.dryRun ? {} : { logged: workspace }),
  });
  try {
    await using ports = await enginePorts(workspace, {
      clock,
      random,
      emit: output.emit,
      network: surroundings.network,
      countsInState: true,
    });
    const { resolveSeries } = await import('../../engine/backfill/backfill.ts');
    const asked = { from: flags.from, to: flags.to, chunk: flags.chunk ?? null, again: flags.again === true };
    await using sides = new OpenSides();
    const series = await resolveSeries({ flow: spec.flow, entity: spec.entity, ...asked }, sides.over(ports));
    for (const warning of workspace.warnings) output.say({ event: 'warning', message: warningText(warning) });
    if (series.endsAtMark) output.say({ event: 'warning', message: endsAt(series) });
    const going: BackfillContext = { flags, workspace, spec, series, ports, output };
    return await driveUntilDone({ flags, output, surroundings }, (signal) => (flags.dryRun ? plan(going, signal) : move(going, signal)));
  } finally {
    output.close();
  }
}

interface BackfillContext {
  readonly flags: BackfillFlags;
  readonly workspace: Workspace;
  readonly spec: EntitySpec;
  readonly series: BackfillSeries;
  readonly ports: EnginePorts;
  readonly output: Output;
}

async function move(going: BackfillContext, signal: AbortSignal): Promise<InvocationSummaryEvent> {
  const { flags, workspace, spec, series, ports, output } = going;
  const { backfill: drive } = await import('../../engine/backfill/backfill-run.ts');
  const { invocationId } = output;
  const request = {
    spec,
    series,
    invocationId,
    workspace: workspace.name,
    wait: flags.wait === true,
    takeOver: flags.takeOver === true,
    retryForMs: flags.retryFor,
    signal,
  };
  return await drive(request, withDefectStacks(ports, going));
}

/** The plan for all remaining chunks as one range, since the chunks together read and replace the same rows. */
async function plan({ workspace, spec, series, ports, output }: BackfillContext, signal: AbortSignal): Promise<InvocationSummaryEvent> {
  const { dryRun } = await import('../../engine/drive/dry-run.ts');
  const { laneAt } = await import('../../engine/backfill/backfill.ts');
  const { hullOfChunks } = await import('../../engine/plan/lane.ts');
  const { from, to, column, chunks, next } = series;
  const left = { from: next < chunks ? hullOfChunks(laneAt(series, next)).from : from, to };
  return await dryRun(
    {
      entities: [spec],
      invocationId: output.invocationId,
      workspace: workspace.name,
      runType: null,
      signal,
      backfill: { lane: { from, to, chunks: [left] }, told: { column, from, to, chunks, done: next } },
    },
    ports,
  );
}

function endsAt({ column, liveMark: mark }: BackfillSeries): string {
  return `the backfill ends at the watermark, ${column} ${mark}: hygge go reads the rows from there on`;
}
