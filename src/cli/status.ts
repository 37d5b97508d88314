import { realClock } from '../adapters/real-clock.ts';
import { realHost } from '../adapters/real-host.ts';
import type { EntitySpec } from '../engine/spec.ts';
import { type EntityStatus, statusLines } from '../narrate/status-lines.ts';
import type { Host } from '../ports/host.ts';
import type { StateRow, StateStore } from '../ports/state.ts';
import { exit } from './exit-code.ts';
import { openState } from './open-state.ts';
import { openWorkspace } from './open-workspace.ts';
import { printAnswer } from './print.ts';
import { type Filter, select } from './selection.ts';
import type { CommonFlags, Surroundings } from './surroundings.ts';
import { readable } from './usage.ts';

/** `hygge status`: what is settled, who is at work, what goes next. */
export async function status(flags: CommonFlags & Filter, surroundings: Surroundings): Promise<number> {
  const now = realClock().now();
  const workspace = await openWorkspace(flags, surroundings, { now });
  const state = await openState(workspace);
  const host = realHost();
  const rows: EntityStatus[] = [];
  for (const spec of select(workspace.flows, flags)) rows.push(await statusOf(spec, { state, host, now }));
  printAnswer(surroundings, flags, { rows, lines: (palette) => statusLines(rows, Date.parse(now), palette) });
  return rows.some((row) => row.unreadable !== null) ? exit.failed : exit.ok;
}

interface Around {
  readonly state: StateStore;
  readonly host: Host;
  readonly now: string;
}

/** A state that cannot be read is told beside its entity; the others are told all the same. */
async function statusOf(spec: EntitySpec, around: Around): Promise<EntityStatus> {
  try {
    const found = await around.state.read({ flow: spec.flow, entity: spec.entity });
    return await told(spec, found?.row, around);
  } catch (error) {
    const { code, what } = readable(error);
    return { ...(await told(spec, undefined, around)), unreadable: { code, what } };
  }
}

/** What the journal says of the last entity run, where that is what it failed with. */
async function lastError(spec: EntitySpec, row: StateRow | undefined, state: StateStore): Promise<EntityStatus['error']> {
  if (row?.last?.status !== 'error') return null;
  const [latest] = await state.journal({ flow: spec.flow, entity: spec.entity, limit: 1 });
  if (latest === undefined || latest.entity_run_id !== row.last.run || latest.error_code === null) return null;
  return { code: latest.error_code, message: latest.message ?? '' };
}

async function told(spec: EntitySpec, row: StateRow | undefined, { state, host, now }: Around): Promise<EntityStatus> {
  const owner = row?.owner ?? null;
  const fate = owner === null ? null : await host.fate(owner.holder);
  const held = owner !== null && (fate === 'dead' || owner.until > now);
  return {
    flow: spec.flow,
    entity: spec.entity,
    last_run: row?.last?.at ?? null,
    status: row?.last?.status ?? null,
    rows: row?.last?.rows ?? null,
    error: await lastError(spec, row, state),
    watermark: row?.settled?.watermark?.text ?? null,
    watermark_column: row?.settled?.watermark?.column ?? null,
    settled_at: row?.settled?.at ?? null,
    pending: (row?.pending ?? null) !== null,
    full_next: row?.fullNext ?? false,
    held_by: held && owner !== null ? { ...holderOf(owner.holder), until: owner.until, fate: fate ?? 'unknown' } : null,
    schedule: spec.schedule,
    next: await nextTime(spec.schedule, now),
    unreadable: null,
  };
}

function holderOf(holder: { readonly program: string; readonly host: string; readonly pid: number }) {
  return { program: holder.program, host: holder.host, pid: holder.pid };
}

/** When a schedule goes next; null for none, and for one whose text is an app setting. */
export async function nextTime(schedule: string | null, now: string): Promise<string | null> {
  if (schedule === null || schedule.includes('%')) return null;
  const { Cron } = await import('croner');
  return new Cron(schedule, { mode: '6-part', paused: true, timezone: 'UTC' }).nextRun(new Date(now))?.toISOString() ?? null;
}
