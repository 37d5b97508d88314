import type { FailedEntity, Notice, WatchNotice } from '../../ports/webhook.ts';
import { count, counted, duration, settledRows } from '../text/figures.ts';
import { visible } from '../text/visible.ts';

/** A notice in words, for all kinds of receivers: a headline, a text for each failure, and a text for the whole run. */
export interface NoticeText {
  readonly headline: string;
  readonly paragraphs: readonly NoticeParagraph[];
  /** The command or URL that shows more. */
  readonly more: string;
}

export interface NoticeParagraph {
  /** The level of emphasis; null: the notice has only text. */
  readonly title: string | null;
  readonly lines: readonly string[];
}

export function noticeText(notice: Notice | WatchNotice): NoticeText {
  if (!('counts' in notice)) return watchText(notice);
  return {
    headline: headline(notice),
    paragraphs: [...failures(notice), ...named(notice), { title: null, lines: [asAWhole(notice)] }],
    more: `hygge journal --run ${notice.run_id}`,
  };
}

function watchText({ workspace, flow, what, is_over: isOver, at, entities, total }: WatchNotice): NoticeText {
  const lines = entities.map(({ entity, since }) => `${visible(entity)}: since ${moment(since)}`);
  const more = total - entities.length;
  const rest = more > 0 ? [`and ${counted(more, 'entity more', 'entities more')}`] : [];
  return {
    headline: `${isOver ? '✓' : '!'} ${flow}: ${(isOver ? overTexts : watchTexts)[what]}`,
    paragraphs: [
      { title: null, lines: [...lines, ...rest] },
      { title: null, lines: [`${visible(workspace)}, ${moment(at)}.`] },
    ],
    more: `hygge status -f ${flow}`,
  };
}

const watchTexts: Readonly<Record<WatchNotice['what'], string>> = {
  stale: 'no rows have settled for longer than expected',
  missed: 'a scheduled run was not started',
  slow: 'a run takes much longer than usual',
};

const overTexts: Readonly<Record<WatchNotice['what'], string>> = {
  stale: 'rows settle again',
  missed: 'runs are started again',
  slow: 'the slow run has ended',
};

function headline({ flow, what, counts }: Notice): string {
  const total = counts.pass + counts.warn + counts.error + counts.skip + (counts.not_started ?? 0);
  switch (what) {
    case 'error':
      return total === 1 ? `✗ ${flow} failed` : `✗ ${flow}: ${count(counts.error)} of ${counted(total, 'entity', 'entities')} failed`;
    case 'recovered':
      return `✓ ${flow} works again`;
    case 'warn':
      return `! ${flow} passed with ${counts.warn === 1 ? 'a warning' : `${count(counts.warn)} warnings`}`;
  }
}

function failures({ failed, counts }: Notice): readonly NoticeParagraph[] {
  const more = counts.error - failed.length;
  const rest = failed.length === 0 ? 'could not be started: another run is in progress, or stopped it' : 'failed as well';
  return [...failed.map(failure), ...(more > 0 ? [{ title: null, lines: [`${counted(more, 'entity', 'entities')} ${rest}.`] }] : [])];
}

function failure({ entity, code, what, try: next, since, times }: FailedEntity): NoticeParagraph {
  const series = times === 1 ? [] : [`Failing since ${moment(since)}: ${counted(times, 'run')} one after another.`];
  return { title: code === null ? visible(entity) : `${visible(entity)}  ${code}`, lines: [what, `Try: ${next}`, ...series] };
}

function named({ what, warned, recovered, recovered_total: total, counts }: Notice): readonly NoticeParagraph[] {
  if (what === 'recovered') return [{ title: null, lines: [`Failed the last time, and passed now: ${listed(recovered, total)}.`] }];
  return what === 'warn' ? [{ title: null, lines: [`With a warning: ${listed(warned, counts.warn)}.`] }] : [];
}

function listed(names: readonly string[], of: number): string {
  const shown = names.map(visible).join(', ');
  return of > names.length ? `${shown} and ${count(of - names.length)} more` : shown;
}

function asAWhole({ workspace, at, seconds, rows, counts }: Notice): string {
  const { pass, warn, error, skip, not_started } = counts;
  const others = not_started === undefined ? '' : `, ${count(not_started)} not started`;
  const ended = `${count(pass)} passed, ${count(warn)} with a warning, ${count(error)} failed, ${count(skip)} skipped${others}`;
  return `${visible(workspace)}, ${moment(at)}: ${ended}; ${settledRows(rows)} in ${duration(seconds)}.`;
}

/** `2026-11-20 02:00 UTC`: with the zone, because readers may be in any time zone. */
function moment(at: string): string {
  return `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;
}
