import type { EntityKey } from '../../ports/values.ts';
import type { WatchKind, WatchNotice } from '../../ports/webhook.ts';
import { counted } from './figures.ts';
import type { Palette } from './palette.ts';
import { spanAgo } from './times.ts';
import { shownEntity, shownName, visible } from './visible.ts';

/** The findings of `hygge watch`, and the notices that it sent. */
export interface Watched {
  readonly findings: readonly (EntityKey & { readonly what: WatchKind; readonly since: string })[];
  readonly unread: readonly (EntityKey & { readonly code: string; readonly what: string })[];
  readonly told: readonly WatchNotice[];
  readonly unsent: readonly { readonly flow: string; readonly code: string; readonly what: string }[];
}

/** The text for an entity that is late. */
export const lateTexts: Readonly<Record<WatchKind, string>> = {
  stale: 'stale: no commit with rows was in time',
  missed: 'missed: the scheduled run was not started',
  slow: 'slow: the run takes much longer than usual',
};

export function watchLines(
  { findings, unread, told, unsent }: Watched,
  {
    nowMs,
    entities,
    isWhole,
  }: {
    readonly nowMs: number;
    readonly entities: number /** Whether every flow was checked. False: a flow was left out because of its errors. */;
    readonly isWhole: boolean;
  },
  palette: Palette,
): readonly string[] {
  const quiet =
    findings.length + unread.length === 0 && isWhole
      ? [`${palette.good('✓')} ${counted(entities, 'entity', 'entities')}: nothing is late`]
      : [];
  const late = findings.map(({ flow, entity, what, since }) => {
    const when = `since ${since.slice(0, 16).replace('T', ' ')} UTC, ${spanAgo(nowMs - Date.parse(since))}`;
    return `${palette.caution('!')} ${shownEntity(flow, entity)}  ${lateTexts[what]}, ${when}`;
  });
  return [
    ...quiet,
    ...late,
    ...unread.map(({ flow, entity, code, what }) => `${palette.bad('✗')} ${shownEntity(flow, entity)}  ${visible(code)} ${visible(what)}`),
    ...told.map(({ flow, what, is_over: isOver, total }) => {
      const which = isOver ? `that ${what} is over` : what;
      return `${palette.quiet('told')}  ${shownName(flow)}: ${which}, ${counted(total, 'entity', 'entities')}`;
    }),
    ...unsent.map(({ flow, code, what }) => `${palette.caution('!')} ${shownName(flow)}  ${visible(code)} ${visible(what)}`),
  ];
}
