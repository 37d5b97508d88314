import { realClock } from '../../adapters/real-clock.ts';
import { realHost } from '../../adapters/real-host.ts';
import { realRandom } from '../../adapters/real-random.ts';
import { openStateAlone } from '../../assembly/open-state.ts';
import { readable } from '../../errors/readable.ts';
import type { Watermark } from '../../frames/watermark.ts';
import { type EntityStatus, statusLines } from '../../narrate/status-lines.ts';
import type { Host } from '../../ports/host.ts';
import type { StateRow, StateStore } from '../../ports/state.ts';
import type { EntityKey } from '../../ports/values.ts';
import type { Workspace } from '../../workspace/load/load.ts';
import { tellBroken } from '../select/broken-flows.ts';
import { type Broken, type Chosen, choose, everyName, wrongToLookAt } from '../select/chosen-flows.ts';
import { type Filter, select } from '../select/selection.ts';
import { exit } from '../terminal/exit-code.ts';
import { openWorkspace } from '../terminal/open-workspace.ts';
import { printAnswer } from '../terminal/print.ts';
import type { CommonFlags, Surroundings } from '../terminal/surroundings.ts';
import { nextTime, overdueSince } from './schedule.ts';

export interface StatusFlags extends CommonFlags, Filter {
  readonly check?: true | undefined;
}

/** `hygge status`: what is settled, how far behind it is, who is at work, what goes next. */
export async function status(flags: StatusFlags, surroundings: Surroundings): Promise<number> {
  const now = realClock().now();
  const opened = await openWorkspace(flags, surroundings, flags.check ? { now, tolerant: true } : { now, looking: true });
  await using place = await openStateAlone(opened, surroundings);
  const { state } = place;
  const host = realHost();
  const { entities, broken } = looked(opened, flags);
  const settled: EntityStatus[] = [];
  for (const spec of entities) settled.push(await statusOf(spec, { state, host, now }));
  const rows = flags.check ? await checked(settled, choose(opened, flags), surroundings) : settled;
  printAnswer(surroundings, flags, { rows, lines: (palette, room) => statusLines(rows, { nowMs: Date.parse(now), room }, palette) });
  tellBroken(broken, surroundings, flags);
  const amiss = rows.some((row) => row.unreadable !== null || (row.check_error ?? null) !== null);
  return amiss || broken.length > 0 ? exit.failed : exit.ok;
}

/** What the state may know of, whether or not it could run. */
interface Looked extends EntityKey {
  readonly schedule: string | null;
}

/** Every entity that the filters name, and what is wrong with their flows. */
function looked(workspace: Workspace, filter: StatusFlags): { readonly entities: readonly Looked[]; readonly broken: readonly Broken[] } {
  const schedules = new Map(
    [...workspace.flows, ...workspace.unusable.map(({ flow }) => flow)].map((flow) => [flow?.name, flow?.schedule ?? null]),
  );
  const named = select(everyName(workspace), filter);
  const wrong = filter.check ? workspace.unusable.map(({ name, errors }) => ({ flow: name, errors })) : wrongToLookAt(workspace);
  return {
    entities: named.map(({ flow, entity }) => ({ flow, entity, schedule: schedules.get(flow) ?? null })),
    broken: wrong.filter(({ flow }) => named.some((one) => one.flow === flow)),
  };
}

interface Around {
  readonly state: StateStore;
  readonly host: Host;
  readonly now: string;
}

/** With what waits in each source, or why that cannot be told. */
async function checked(
  rows: readonly EntityStatus[],
  { entities, workspace }: Chosen,
  { network }: Pick<Surroundings, 'network'>,
): Promise<readonly EntityStatus[]> {
  const [{ lookingAt, lookingPorts }, { waiting }] = await Promise.all([import('../../assembly/ports.ts'), import('./waiting.ts')]);
  await using ports = await lookingPorts(workspace, {
    clock: realClock(),
    random: realRandom(),
    emit: () => {},
    network,
  });
  const all: EntityStatus[] = [];
  for (const row of rows) {
    const spec = entities.find(({ flow, entity }) => flow === row.flow && entity === row.entity);
    // A run finishes the decided commit first, and only then looks into the source.
    if (spec === undefined || row.unreadable !== null || row.pending) {
      all.push({ ...row, waiting: null, check_error: null });
      continue;
    }
    try {
      all.push({ ...row, waiting: await lookingAt(ports, (own) => waiting(spec, own)), check_error: null });
    } catch (error) {
      const { code, what } = readable(error);
      all.push({ ...row, waiting: null, check_error: { code, what } });
    }
  }
  return all;
}

/** A state that cannot be read is told beside its entity; the others are told all the same. */
async function statusOf(spec: Looked, around: Around): Promise<EntityStatus> {
  try {
    const found = await around.state.read({ flow: spec.flow, entity: spec.entity });
    return await told(spec, found?.row, around);
  } catch (error) {
    const { code, what } = readable(error);
    return { ...(await told(spec, undefined, around)), unreadable: { code, what } };
  }
}

/** What the journal says of the last entity run, where that is what it failed with. */
async function lastError(spec: Looked, row: StateRow | undefined, state: StateStore): Promise<EntityStatus['error']> {
  if (row?.last?.status !== 'error') return null;
  const [latest] = await state.journal({ flow: spec.flow, entity: spec.entity, limit: 1 });
  if (latest === undefined || latest.entity_run_id !== row.last.run || latest.error_code === null) return null;
  return { code: latest.error_code, message: latest.message ?? '', why: latest.error?.why ?? [], try: latest.error?.tryThis ?? [] };
}

async function told(spec: Looked, row: StateRow | undefined, { state, host, now }: Around): Promise<EntityStatus> {
  const owner = row?.owner ?? null;
  const fate = owner === null ? null : await host.fate(owner.holder);
  const held = owner !== null && (fate === 'dead' || owner.until > (state.now?.() ?? now));
  const watermark = row?.settled?.watermark ?? null;
  return {
    flow: spec.flow,
    entity: spec.entity,
    last_run: row?.last?.at ?? null,
    status: row?.last?.status ?? null,
    rows: row?.last?.rows ?? null,
    settled_rows: row?.settled?.total ?? null,
    overdue_since: held ? null : await overdueSince(spec.schedule, { last: row?.last?.at ?? null, now }),
    error: await lastError(spec, row, state),
    watermark: watermark?.text ?? null,
    watermark_column: watermark?.column ?? null,
    behind_seconds: watermark === null ? null : behindSeconds(watermark, Date.parse(now)),
    settled_at: row?.settled?.nothing ? null : (row?.settled?.at ?? null),
    pending: (row?.pending ?? null) !== null,
    full_next: row?.fullNext ?? false,
    held_by: held && owner !== null ? { ...holderOf(owner.holder), until: owner.until, fate: fate ?? 'unknown' } : null,
    schedule: spec.schedule,
    next: await nextTime(spec.schedule, now),
    unreadable: null,
  };
}

/** From the newest settled value to now; wall-clock columns are taken as UTC. Null: the watermark is no time. */
export function behindSeconds({ type, text }: Watermark, nowMs: number): number | null {
  if (type.kind !== 'timestamp' && type.kind !== 'date') return null;
  const at = Date.parse(type.kind === 'date' || text.endsWith('Z') ? text : `${text}Z`);
  return Number.isNaN(at) ? null : Math.max(0, Math.round((nowMs - at) / 1000));
}

function holderOf(holder: { readonly program: string; readonly host: string; readonly pid: number }) {
  return { program: holder.program, host: holder.host, pid: holder.pid };
}
