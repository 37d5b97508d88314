import { realClock } from '../../adapters/real-clock.ts';
import { realHost } from '../../adapters/real-host.ts';
import { realRandom } from '../../adapters/real-random.ts';
import { openStateAlone } from '../../assembly/open-state.ts';
import type { EnginePorts } from '../../engine/contracts/ports.ts';
import type { EntitySpec } from '../../engine/contracts/spec.ts';
import { readable } from '../../errors/readable.ts';
import { type EntityStatus, statusLines } from '../../narrate/commands/status-lines.ts';
import { shownWorkspace } from '../../narrate/run/sentences.ts';
import type { Palette } from '../../narrate/text/palette.ts';
import { newestRow } from '../../ports/state.ts';
import { type ScheduledEntity, type StatusContext, statusOf } from '../../report/entity-status.ts';
import { allEntityNames, type BrokenFlow, brokenFlows, expectedIn, type Workspace, workspaceLabel } from '../../workspace/load/load.ts';
import { tellBroken } from '../select/broken-flows.ts';
import { type ChosenEntities, choose } from '../select/chosen-flows.ts';
import { type Filter, select, selectionBy } from '../select/selection.ts';
import { exit } from '../terminal/exit-code.ts';
import { openWorkspace } from '../terminal/open-workspace.ts';
import { printAnswer } from '../terminal/print.ts';
import type { CommonFlags, Surroundings } from '../terminal/surroundings.ts';

export interface StatusFlags extends CommonFlags, Filter {
  readonly check?: true | undefined;
  /** Whether the status is shown as a page in a browser. */
  readonly open?: true | undefined;
}

/** `hygge status`: shows which rows have settled, how old they are, which runs are active, and which runs are next. */
export async function status(flags: StatusFlags, surroundings: Surroundings): Promise<number> {
  const now = realClock().now();
  const opened = await openWorkspace(
    flags,
    surroundings,
    flags.check ? { now, tolerant: true, opens: selectionBy(flags) } : { now, looking: true, opens: 'state' },
  );
  await using place = await openStateAlone(opened, surroundings);
  const { state } = place;
  const host = realHost();
  const { entities, broken } = looked(opened, flags);
  const settled: EntityStatus[] = [];
  const newest: StatusContext['newest'] = (key, test) => newestRow(state, key, test);
  for (const spec of entities) settled.push((await statusOf(spec, { state, host, now, newest })).status);
  const rows = flags.check ? await checked(settled, choose(opened, flags), surroundings) : settled;
  const target = opened.target === null ? {} : { target: opened.target.name };
  printAnswer(surroundings, flags, {
    rows: rows.map((row) => ({ ...row, ...target })),
    lines: (palette, room) => [...targetLine(opened, palette), ...statusLines(rows, { nowMs: Date.parse(now), room }, palette)],
  });
  if (flags.open) await (await import('./report.ts')).openPage(opened, flags, { now, surroundings });
  tellBroken(broken, surroundings, flags);
  const amiss = rows.some((row) => row.unreadable !== null || (row.check_error ?? null) !== null);
  return amiss || broken.length > 0 ? exit.failed : exit.ok;
}

function targetLine(workspace: Workspace, palette: Palette): readonly string[] {
  return workspace.target === null ? [] : [`${shownWorkspace(workspaceLabel(workspace), palette)}:`, ''];
}

/** The entities that the filters name, and the errors of their flows. */
export function looked(
  workspace: Workspace,
  filter: Filter & Pick<StatusFlags, 'check'>,
): { readonly entities: readonly ScheduledEntity[]; readonly broken: readonly BrokenFlow[] } {
  const flows = [...workspace.flows, ...workspace.unusable.map(({ flow }) => flow)];
  const schedules = new Map(flows.map((flow) => [flow?.name, flow?.schedule ?? null]));
  const expected = expectedIn(flows);
  const named = select(allEntityNames(workspace), filter);
  const wrong = filter.check ? workspace.unusable.map(({ name, errors }) => ({ flow: name, errors })) : brokenFlows(workspace);
  return {
    entities: named.map((key) => ({
      flow: key.flow,
      entity: key.entity,
      schedule: schedules.get(key.flow) ?? null,
      expect: expected(key),
    })),
    broken: wrong.filter(({ flow }) => named.some((one) => one.flow === flow)),
  };
}

/** Adds to each entity the number of rows that wait in its source, or the reason why the number is unknown. */
async function checked(
  rows: readonly EntityStatus[],
  { entities, workspace }: ChosenEntities,
  { network }: Pick<Surroundings, 'network'>,
): Promise<readonly EntityStatus[]> {
  const [{ withOwnSides, sharedSidePorts }, { waiting, replicationNow }] = await Promise.all([
    import('../../assembly/ports.ts'),
    import('./waiting.ts'),
  ]);
  await using ports = await sharedSidePorts(workspace, {
    clock: realClock(),
    random: realRandom(),
    emit: () => {},
    network,
  });
  const all: EntityStatus[] = [];
  // If the replication of one entity can not be queried, the replication of the other entities is not queried.
  let asksReplication = true;
  const now = async (spec: EntitySpec, own: EnginePorts): Promise<Pick<EntityStatus, 'waiting' | 'replication'>> => {
    const rows = await waiting(spec, own);
    const replication = asksReplication ? await replicationNow(spec, own) : undefined;
    asksReplication &&= replication !== 'unknown';
    return { waiting: rows, ...(replication === undefined || replication === 'unknown' ? {} : { replication }) };
  };
  for (const row of rows) {
    const spec = entities.find(({ flow, entity }) => flow === row.flow && entity === row.entity);
    // The next run first finishes a decided commit, and reads the source only after that.
    if (spec === undefined || row.unreadable !== null || row.pending) {
      all.push({ ...row, waiting: null, check_error: null });
      continue;
    }
    try {
      all.push({ ...row, ...(await withOwnSides(ports, (own) => now(spec, own))), check_error: null });
    } catch (error) {
      const { code, what } = readable(error);
      all.push({ ...row, waiting: null, check_error: { code, what } });
    }
  }
  return all;
}
