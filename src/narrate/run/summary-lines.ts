import type { EntitySummary } from '../../ports/events.ts';
import { count, counted, duration, rate, settledRows } from '../text/figures.ts';
import type { Palette } from '../text/palette.ts';
import { entityArgument, shownEntity, visible } from '../text/visible.ts';
import { compaction } from '../work/compaction.ts';
import { workOfAll } from '../work/kinds.ts';
import { replacedAsMany } from '../work/live.ts';
import { backfillClosing, backfillNext, isBackfillSummary } from './backfill-lines.ts';
import { type CopyRun, copyNext, onceFixed, type TryOut, tryOutClosing } from './copy-lines.ts';
import type { EventOf } from './running-entity.ts';

/** The end of a run: its effect on the data, the problems for a person, the next command, and the result line for scripts. */
export function summaryLines(event: EventOf<'summary'>, how: SummaryOptions & { readonly palette: Palette }): readonly string[] {
  const { palette } = how;
  const next = isBackfillSummary(event) ? backfillNext(event, how) : nextSteps(event, how);
  return [
    '',
    palette.strong(isBackfillSummary(event) ? backfillClosing(event, how) : closing(event, how)),
    ...(how.interrupted ? [] : attention(event, palette, how.copied)),
    ...(next.length === 0 ? [] : ['', ...next.map((step, nth) => `${palette.quiet(nth === 0 ? 'next' : '    ')}  ${step}`)]),
    '',
    done(event, palette),
  ];
}

/** The command as a person would type it again. */
export interface RepeatCommands {
  /** The command for the same entities. */
  readonly again: string;
  /** The command for the same entities, loaded in the same way. */
  readonly same: string;
}

const everything: RepeatCommands = { again: 'hygge go', same: 'hygge go' };

interface SummaryOptions {
  readonly dryRun: boolean;
  readonly interrupted: boolean;
  readonly tryOut?: TryOut;
  readonly copied?: CopyRun;
  readonly typed?: RepeatCommands;
  /** How many rows a dry run would move. */
  readonly foretold?: { readonly n: number; readonly exact: boolean };
  /** Whether a plan proposes config keys. */
  readonly proposes?: boolean;
  /** Whether a backfill updated and inserted rows by their key. */
  readonly updatesByKey?: boolean;
}

function closing(event: EventOf<'summary'>, how: SummaryOptions): string {
  if (how.dryRun && event.error === 0 && onlyRewrites(event))
    return hasSettled(event) ? 'That is the plan. Nothing was written.' : 'There is nothing to do. Nothing was written.';
  if (how.dryRun) {
    const { n, exact } = how.foretold ?? { n: 0, exact: true };
    const rows = n === 0 ? '' : `: ${exact ? '' : '~'}${counted(n, 'row')} to read`;
    return event.error === 0
      ? `That is the plan${rows}. Nothing was moved, nothing was written.`
      : 'Some entities could not be planned. Nothing was moved, nothing was written.';
  }
  if (how.tryOut !== undefined && !how.interrupted) return tryOutClosing(event, how.tryOut);
  const took = duration(event.seconds);
  const speed = event.seconds >= 1 && event.rows > 0 ? ` (${rate(event.rows / event.seconds)})` : '';
  if (how.interrupted) {
    if (event.error === 0 && event.rows > 0)
      return `Stopped after ${took}, after the decided commits were finished: ${counted(event.rows, 'row')} settled.`;
    return `Stopped after ${took}. Settled rows stay settled; all other work was dropped cleanly.`;
  }
  if (failedOnlyWith(overtakenCode, event)) return 'A later run has taken over and continues. Nothing is half-done.';
  if (failedOnlyWith(heldCode, event)) return 'Another run is in progress. Nothing was changed here.';
  if (event.error > 0) {
    const settled = event.rows > 0 ? ` ${counted(event.rows, 'row')} did settle; nothing is half-done.` : ' Nothing is half-done.';
    return `${needsAttention(event)} attention.${settled}`;
  }
  const worked = workOfAll(event.entities)?.closing(hasSettled(event) ? 'some' : 'none') ?? null;
  if (worked !== null) return `${worked} (${took})`;
  if (event.total === 0) return 'There was nothing to do.';
  const silent = event.entities.filter(({ codes }) => codes?.includes('silent')).length;
  if (silent > 0 && event.rows === 0)
    return `No rows arrived in ${counted(silent, 'entity', 'entities')} which always had rows before. (${took})`;
  if (!hasSettled(event)) return `Nothing new: everything has settled already. (${took})`;
  if (event.rows === 0 && event.entities.some(replacedAsMany))
    return `Safe and sound: as many rows as before, some of them replaced. (${took})`;
  const none = event.rows === 0 ? noneSettled(event) : null;
  if (none !== null) return `${none} (${took})`;
  if (event.rows === 0) return `All is in place: no rows to settle. (${took})`;
  return `Safe and sound: ${settledRows(event.rows)} in ${took}${speed}.`;
}

/** The run had rows, but settled none. */
function noneSettled({ entities }: EventOf<'summary'>): string | null {
  const apart = entities.reduce((sum, { quarantined = 0 }) => sum + quarantined, 0);
  if (apart > 0) return `No row settled: ${counted(apart, 'row')} ${apart === 1 ? 'is' : 'are'} in quarantine.`;
  const warned = (code: string) => entities.filter(({ status, codes }) => status === 'warn' && codes?.includes(code)).length;
  const emptied = warned('emptied');
  if (emptied > 0) return `No row settled, and the settled rows of ${counted(emptied, 'entity', 'entities')} are gone.`;
  return warned('kept_though_empty') > 0 ? 'No row settled. Earlier settled rows stay.' : null;
}

function hasSettled({ pass, warn }: EventOf<'summary'>): boolean {
  return pass + warn > 0;
}

/** Whether the runs write the same rows again. */
function onlyRewrites({ entities }: EventOf<'summary'>): boolean {
  return workOfAll(entities) === compaction;
}

const heldCode = 'HYG-2001';
const overtakenCode = 'HYG-2006';
const unheldCode = 'HYG-3505';

function failedOnlyWith(code: string, event: EventOf<'summary'>): boolean {
  const failed = event.entities.filter((entity) => entity.status === 'error' || entity.reason === 'held');
  return (
    failed.length > 0 &&
    failed.every(({ status }) => status === 'error' || event.error === 0) &&
    failed.every((entity) => entity.error?.code === code)
  );
}

const shownAtMost = 10;

function attention(event: EventOf<'summary'>, palette: Palette, copied?: CopyRun): readonly string[] {
  const failed = event.entities.filter((entity) => entity.status === 'error');
  const broken = event.broken_flows ?? [];
  if (failed.length + broken.length === 0 || event.total <= 1) return [];
  const flows = broken.map(
    ({ flow, errors }) => `  ${palette.bad('✗')} ${visible(flow)}  ${[...new Set(errors.map((one) => one.code))].join(', ')}`,
  );
  const shown = [
    ...flows,
    ...failed.slice(0, shownAtMost).map((entity) => `  ${palette.bad('✗')} ${label(entity, copied)}${code(entity)}`),
  ];
  const more = failed.length + broken.length - shown.length;
  return [...shown, ...(more > 0 ? [`    and ${count(more)} more`] : []), '  See above for what happened and what to try.'];
}

/** `1 flow and 2 entities need`. */
function needsAttention(event: EventOf<'summary'>): string {
  const flows = event.broken_flows?.length ?? 0;
  const entities = event.error - flows;
  if (flows === 0) return counted(entities, 'entity needs', 'entities need');
  if (entities === 0) return counted(flows, 'flow needs', 'flows need');
  return `${counted(flows, 'flow')} and ${counted(entities, 'entity', 'entities')} need`;
}

function label(entity: EntitySummary, copied?: CopyRun): string {
  return (copied?.label ?? shownEntity)(entity.flow, entity.entity);
}

function code(entity: EntitySummary): string {
  return entity.error === undefined ? '' : `  ${entity.error.code}`;
}

function nextSteps(event: EventOf<'summary'>, how: SummaryOptions): readonly string[] {
  if (how.copied !== undefined) return copyNext(event, how.copied, how);
  if (how.tryOut !== undefined && event.error === 0) return ['hygge go        to move all rows to where they belong'];
  return inColumns(stepsAfter(event, how, how.typed ?? everything));
}

type NextStep = readonly [command: string, reason: string];

function stepsAfter(event: EventOf<'summary'>, how: SummaryOptions, { again, same }: RepeatCommands): readonly NextStep[] {
  const debug: NextStep = ['hygge debug', 'to check every home, store and permission'];
  if (how.dryRun && event.error > 0) return [debug];
  if (how.dryRun && onlyRewrites(event)) return hasSettled(event) ? [[same, 'to do it']] : [];
  if (how.dryRun) {
    const write = [`${same} --dry-run --write`, 'to put the proposed keys into the config'] as const;
    return [...(how.proposes ? [write] : []), [same, 'to move it']];
  }
  if (how.interrupted) return [[same, 'to continue; nothing has to be repaired first']];
  if (failedOnlyWith(overtakenCode, event)) return [['hygge status', 'to see how it goes']];
  if (failedOnlyWith(heldCode, event))
    return [
      [`${same} --wait`, 'to start when the other run has ended'],
      ['hygge status', 'to see who it is'],
    ];
  // If the error is about a row that can’t be read, the advice to check homes, stores and permissions is left out.
  if (failedOnlyWith(unheldCode, event)) return [[same, onceFixed]];
  if (event.error > 0) return [debug, [same, onceFixed]];
  const status: NextStep = ['hygge status', 'to see what is settled, and when each flow runs next'];
  if (event.total === 0 || !hasSettled(event)) return [status];
  const incremental = event.entities.some((entity) => entity.watermark !== null);
  const isAll = event.entities.every((entity) => entity.watermark !== null);
  const copies = isAll ? 'only new rows are copied' : 'no row is doubled';
  return [...stepsOfQuarantine(event), ...(incremental ? [[again, `run it again whenever you like: ${copies}`] as const] : []), status];
}

const shortestColumn = 'hygge status'.length;

/** Notes about rows that break a rule and are in quarantine. */
const quarantineCodes: readonly string[] = ['broken_rows', 'mended_rows_stay'];

function stepsOfQuarantine({ entities }: EventOf<'summary'>): readonly NextStep[] {
  const [first, ...others] = entities.filter(({ codes }) => codes?.some((code) => quarantineCodes.includes(code)));
  if (first === undefined) return [];
  const command = others.length > 0 ? 'list' : `show ${entityArgument(first.flow, first.entity)}`;
  return [[`hygge quarantine ${command}`, 'to see the rows in quarantine, and mend them']];
}

/** The reasons are aligned in a column, except after a long command. */
function inColumns(steps: readonly NextStep[]): readonly string[] {
  const widest = Math.max(shortestColumn, ...steps.map(([command]) => command.length));
  const width = widest > 40 ? 0 : widest;
  return steps.map(([command, reason]) => `${command.padEnd(width)}    ${reason}`);
}

function done(event: EventOf<'summary'>, palette: Palette): string {
  const notStarted = event.not_started === undefined ? '' : ` NOT STARTED=${event.not_started}`;
  const line = `Done. PASS=${event.pass} WARN=${event.warn} ERROR=${event.error} SKIP=${event.skip}${notStarted} TOTAL=${event.total}`;
  if (event.error > 0) return palette.bad(line);
  return event.warn > 0 ? palette.caution(line) : palette.good(line);
}

const namedAtMost = 3;

/** Entities that were never started, by reason: a few entities by name, many entities by number. */
export function notStartedLines(notStarted: ReadonlyMap<string, readonly string[]>, palette: Palette): readonly string[] {
  return [...notStarted].flatMap(([reason, names]) =>
    names.length <= namedAtMost
      ? names.map((name) => `${palette.quiet('–')} ${name}  ${visible(reason)}`)
      : [`${palette.quiet('–')} ${counted(names.length, 'entity', 'entities')}  ${visible(reason)}`],
  );
}
