import type { BackfillTold } from '../../ports/events.ts';
import { count, counted, duration } from '../text/figures.ts';
import type { Palette } from '../text/palette.ts';
import { entityArgument, visible } from '../text/visible.ts';
import { byKey, edge } from '../work/backfill.ts';
import type { EventOf } from './running-entity.ts';
import { shownWorkspace } from './sentences.ts';

/** Lines about a whole backfill. Its chunks have the same lines as entity runs. */

export function backfillOpening(of: Parameters<typeof shownWorkspace>[0], told: BackfillTold, palette: Palette): string {
  const left = told.chunks - told.done;
  const before = told.done === 0 ? '' : `, ${count(told.done)} of them done before`;
  const chunks = told.chunks === 1 ? 'in one go' : `in ${count(told.chunks)} chunks${before}`;
  return `${shownWorkspace(of, palette)}: backfill of ${rangeText(told)}, ${left === 0 ? 'all of it done before' : chunks}.`;
}

/** `updated_at from 2024-01-01 to before 2024-02-01`. */
function rangeText({ column, from, to }: Pick<BackfillTold, 'column' | 'from' | 'to'>): string {
  return `${visible(column)} from ${edge(from)} to before ${edge(to)}`;
}

type Summary = EventOf<'summary'> & { readonly backfill: BackfillTold };

export function isBackfillSummary(event: EventOf<'summary'>): event is Summary {
  return event.backfill !== undefined;
}

export function backfillClosing(
  event: Summary,
  how: { readonly dryRun: boolean; readonly interrupted: boolean; readonly updatesByKey?: boolean },
): string {
  const { backfill } = event;
  const { chunks, done } = backfill;
  const took = duration(event.seconds);
  if (how.dryRun)
    return event.error === 0
      ? 'That is the plan. Nothing was moved, nothing was written.'
      : 'The backfill could not be planned. Nothing was written.';
  if (event.total === 0 && event.error === 0) return 'All chunks were done before: nothing was read.';
  const far = chunks === 1 ? '' : `; ${count(done)} of ${counted(chunks, 'chunk')} done`;
  if (how.interrupted) return `Stopped after ${took}. Settled rows stay settled${far}.`;
  if (isHeld(event)) return `Another run is in progress${far}.`;
  if (event.error > 0) return `The backfill stopped${far}. Nothing is half-done.`;
  const brought = event.entities.reduce((sum, run) => sum + run.rows_read, 0);
  const change = how.updatesByKey
    ? byKey
    : event.rows === 0
      ? 'as many rows as before'
      : `${counted(Math.abs(event.rows), 'row')} ${event.rows > 0 ? 'more' : 'fewer'} than before`;
  return `Backfill done: ${counted(brought, 'row')} loaded, ${change}${chunks === 1 ? '' : `, in ${counted(event.total, 'chunk')}`} (${took}).`;
}

export function backfillNext(event: Summary, how: { readonly dryRun: boolean; readonly interrupted: boolean }): readonly string[] {
  if (how.dryRun) return event.error === 0 ? ['the same without --dry-run    to move it'] : [];
  const [run] = event.entities;
  if (event.total === 0) return ['the same with --again    to do all chunks once more'];
  if (isHeld(event)) return ['the same with --wait    to begin when the other run has ended', 'hygge status            to see who it is'];
  if (event.error > 0 || how.interrupted) return ['the same again    to continue where it stopped; no chunk is done twice'];
  return run === undefined ? [] : [`hygge journal -e ${entityArgument(run.flow, run.entity)}    to see the rows that each run loaded`];
}

const heldCode = 'HYG-2001';

function isHeld({ entities }: Summary): boolean {
  return entities.some((run) => run.error?.code === heldCode);
}
