import type { ErrorDetails, HyggeEvent } from '../../ports/events.ts';
import { defined } from '../../ports/values.ts';
import { errorBody, errorIdentity, headline } from '../text/error-lines.ts';
import { count, counted, duration, rate } from '../text/figures.ts';
import { createPace } from '../text/pace.ts';
import type { Palette } from '../text/palette.ts';
import { verdictText } from '../text/verdict.ts';
import { shownEntity, visible } from '../text/visible.ts';
import { columns, pad, shorten, shortenName } from '../text/width.ts';
import { workOf } from '../work/kinds.ts';
import { backfillOpening } from './backfill-lines.ts';
import { type CopyRun, type TryOut, withHomeOptions } from './copy-lines.ts';
import { driftLines, remarkMark, remarksOf, shortened } from './drift-lines.ts';
import { interruptionMessage } from './interruption.ts';
import { differenceLines, foretoldLines, nothingForetold, planLines, planWarnings } from './plan-lines.ts';
import { advance, begin, type EventOf, foresee, keyOf, type RunningEntity, silenceOf, timeOf } from './running-entity.ts';
import {
  finishedEarlierCommit,
  journey,
  mark,
  milestone,
  noProgress,
  opening,
  outcome,
  pausedUntil,
  retrying,
  stillLooking,
  stillThere,
} from './sentences.ts';
import { notStartedLines, type RepeatCommands, summaryLines } from './summary-lines.ts';

export interface NarratorOptions {
  readonly palette: Palette;
  /** A live area shows running work, so that permanent lines are kept for finished work. */
  readonly live: boolean;
  readonly dryRun: boolean;
  readonly verbose: boolean;
  /** The number of entities in a dry run. */
  readonly entities?: number;
  /** The try-out of a run: only the first rows settle, in a separate folder. Absent: a full run. */
  readonly tryOut?: TryOut;
  /** The `hygge copy` command of a run without a workspace. */
  readonly copied?: CopyRun;
  /** The command that started the run. Absent: `hygge go`. */
  readonly typed?: RepeatCommands;
}

/** Turns events into text. A narrator stores only the received events, so the same events always give the same text. */
export interface Narrator {
  /** The permanent lines for an event. */
  hear(event: HyggeEvent): readonly string[];
  /** The lines about work that has had no news for a long time at `nowMs`. Empty if a live area shows the work. */
  still(nowMs: number): readonly string[];
  /** The lines that show running work at `nowMs`, to be redrawn. */
  live(nowMs: number, screen: ScreenSize): readonly string[];
  /** Whether work is running. */
  readonly busy: boolean;
  /** The sentences about the effect of a stop on running work. */
  interruption(signal: 'SIGINT' | 'SIGTERM'): string;
}

// The shortest time between two permanent progress lines of one entity, used if nothing can be redrawn.
const milestoneEveryMs = 10_000;
const widestAtMost = 32;
const interruptedCode = 'HYG-2020';
const heldCode = 'HYG-2001';
const toldInFull = { live: 4, plain: 20 };

export function createNarrator(telling: NarratorOptions): Narrator {
  const { palette } = telling;
  const running = new Map<string, RunningEntity>();
  const pace = createPace();
  /** Reported errors, with the name next to each. */
  const told = new Map<string, string>();
  /** Errors that were reported again under another name. An error is reported when it happens, and again when its entity ends. */
  const toldAgain = new Set<string>();
  /** Shown messages of an entity. Its comparison of keys or its next chunk often repeats a message, which is then left out. */
  const remarked = new Set<string>();
  const notStarted = new Map<string, string[]>();
  const foretold = nothingForetold();
  let proposes = false;
  const silence = createSilence(palette);
  let entities = 0;
  let finished = 0;
  let settledRows = 0;
  let startedMs = 0;
  let interrupted = false;
  let updatesByKey = false;
  let widest = 0;
  /** True between the first and the last event, so that the live area shows something before the first entity moves. */
  let underWay = false;

  const rowsSoFar = (): number => [...running.values()].reduce((sum, one) => sum + one.rows, settledRows);
  const isBusy = (): boolean => running.size > 0 || underWay;
  const inFull = (): boolean => telling.verbose || entities <= (telling.live ? toldInFull.live : toldInFull.plain);
  const called = (flow: string, entity: string): string => telling.copied?.label?.(flow, entity) ?? shownEntity(flow, entity);
  const about = (label: string, text: string): string => `  ${label}  ${text}`;

  function find(event: HyggeEvent): RunningEntity | undefined {
    if (event.flow === undefined || event.entity === undefined) return undefined;
    const key = keyOf(event.flow, event.entity);
    const known = running.get(key);
    if (known !== undefined) return known;
    const fresh = begin(event.flow, event.entity, timeOf(event), called(event.flow, event.entity));
    running.set(key, fresh);
    return fresh;
  }

  function hearProgress(event: EventOf<'progress'>): readonly string[] {
    const one = find(event);
    if (one === undefined) return [];
    advance(one, event);
    pace.add(timeOf(event), rowsSoFar());
    if (event.stage === 'paused') return pauseLines(one, event);
    if (event.stage === 'replicating') {
      const isFirst = !one.replicatingTold;
      one.replicatingTold = true;
      return isFirst && !telling.live ? [about(one.label, replicating(one))] : [];
    }
    if (event.stage === 'rolled_forward') return [about(one.label, finishedEarlierCommit(one.detail))];
    if (!inFull()) return milestoneLines(one, event);
    if (event.stage === 'committing')
      return one.rows === 0 && one.settlingTold && one.rowsTotal === 0 ? [] : [about(one.label, one.work.publishing(one))];
    if (event.stage === 'reading' && !one.settlingTold) {
      one.settlingTold = true;
      one.toldAtMs = timeOf(event);
      return [about(one.label, one.work.copying(one))];
    }
    return milestoneLines(one, event);
  }

  /** A long chunk is reported when it begins. Of consecutive short chunks, only some are reported. */
  function pauseLines(one: RunningEntity, event: EventOf<'progress'>): readonly string[] {
    const isNew = one.waitsFor !== null && one.waitsFor !== one.waitToldFor;
    if (telling.live || (!isNew && Math.max(timeOf(event), one.pausedUntilMs ?? 0) - one.toldAtMs < milestoneEveryMs)) return [];
    one.toldAtMs = timeOf(event);
    one.waitToldFor = one.waitsFor;
    return [about(one.label, pausedUntil(one, event))];
  }

  function milestoneLines(one: RunningEntity, event: EventOf<'progress'>): readonly string[] {
    const due = timeOf(event) - one.toldAtMs >= milestoneEveryMs;
    if (telling.live || !due || (event.stage !== 'reading' && event.stage !== 'slice_done')) return [];
    one.toldAtMs = timeOf(event);
    return [about(one.label, milestone(one))];
  }

  function hearPlan(heard: EventOf<'plan'>): readonly string[] {
    const event = telling.copied === undefined ? heard : asTypedByPerson(heard, telling.copied);
    if (telling.dryRun) {
      proposes ||= event.proposes !== undefined;
      return [...planLines(event, { ...telling, entities: telling.entities ?? 1 }), ...planWarnings(event, foretold, palette, called)];
    }
    const one = find(event);
    if (one === undefined) return [];
    foresee(one, event);
    updatesByKey ||= one.updatesByKey;
    const below = ' '.repeat(columns(one.label));
    return [
      ...(inFull() ? journey(event).map((line, nth) => about(nth === 0 ? one.label : below, line)) : []),
      ...(inFull()
        ? drifted(one, event.ts).map((line, nth) => about(below, `${nth === 0 ? palette.quiet('schema') : ' '.repeat(6)}  ${line}`))
        : []),
      ...(telling.verbose ? notes(one) : alwaysPrinted(event).map((line, nth) => about(inFull() || nth > 0 ? below : one.label, line))),
    ];
  }

  /** Notes that are always printed: a guess about a source, a key that would change a column’s type, and deleted files. Notes of the first two kinds come from the first run. */
  function alwaysPrinted(event: EventOf<'plan'>): readonly string[] {
    const printed = remarksOf(event).filter(
      ({ code }) => code?.endsWith('.guess') || code === 'csv.as_text' || code === 'delta.old_files_removed',
    );
    return printed.map((one) => `${remarkMark(one, palette)} ${visible(one.text)}`);
  }

  function drifted({ drift }: RunningEntity, now: string): readonly string[] {
    return driftLines(telling.verbose ? drift : drift.filter(({ severity }) => severity !== 'note'), { palette, now });
  }

  function notes(one: RunningEntity | undefined): readonly string[] {
    const remarks = one?.remarks.filter(({ isNote }) => telling.verbose || !isNote) ?? [];
    const lines = remarks.map((remark) => `${remarkMark(remark, palette)} ${one?.label}  ${visible(remark.text)}`);
    const fresh = lines.filter((line) => !remarked.has(line));
    for (const line of fresh) remarked.add(line);
    return fresh;
  }

  function hearWaiting(event: EventOf<'warning'>): readonly string[] {
    const one = find(event);
    if (one !== undefined) one.stage = 'waiting';
    return [`${palette.caution('!')} ${labelOf(event, called)}${visible(event.message)} Waiting until it has ended…`];
  }

  function hearRetry(event: EventOf<'retry'>): readonly string[] {
    if (event.outage !== undefined) return [`${outageMark(event)} ${retrying(event)}`];
    const one = find(event);
    if (one !== undefined) one.retry = { attempt: event.attempt, untilMs: timeOf(event) + event.wait_ms };
    return [`${palette.caution('↻')} ${one?.label ?? 'hygge'}  ${retrying(event)}`];
  }

  /** An outage affects all entities that use the system, so its line names no entity. */
  function outageMark({ outage }: EventOf<'retry'>): string {
    return outage?.over_after_ms === undefined ? palette.caution('↻') : palette.good('✓');
  }

  function tell(error: ErrorDetails, label: string | undefined): readonly string[] {
    const identity = errorIdentity(error);
    const before = told.get(identity);
    const name = label === undefined ? '' : `${label}  `;
    if (before !== undefined) {
      if (label === undefined || before === label || toldAgain.has(JSON.stringify([identity, label]))) return [];
      toldAgain.add(JSON.stringify([identity, label]));
      return [`${palette.bad('✗')} ${name}the same as ${before === '' ? 'above' : before} (${visible(error.code)})`];
    }
    told.set(identity, label ?? '');
    return [`${palette.bad('✗')} ${name}${headline(error, palette)}`, ...errorBody(error, palette, telling.verbose)];
  }

  /** `held` is not an error: another run of the entity is in progress. The advice is printed once. */
  function heldLines(error: ErrorDetails, label: string): readonly string[] {
    const body = told.has(error.code) ? [] : errorBody(error, palette);
    told.set(error.code, label.trimEnd());
    return [`${palette.quiet('–')} ${label}  ${palette.quiet(error.code)} ${visible(error.what)}`, ...body];
  }

  // In a long list under a live area, messages are aligned in a column that widens with longer names.
  function aligned(label: string): string {
    if (!telling.live || inFull()) return label;
    widest = Math.min(widestAtMost, Math.max(widest, columns(label)));
    return pad(label, Math.max(widest, columns(label)));
  }

  function hearDone(event: EventOf<'entity_done'>): readonly string[] {
    const work = workOf(event);
    const label = aligned(labelled(called(event.flow, event.entity), work.label(event)));
    const one = running.get(keyOf(event.flow, event.entity));
    running.delete(keyOf(event.flow, event.entity));
    if (!work.follows) finished += 1;
    settledRows += event.rows;
    if (event.reason === 'held' && event.error !== undefined) return heldLines(event.error, label);
    // Entities that were never started are named in one line at the end.
    if (event.status === 'skip' && event.to === '') {
      const reason = event.message ?? 'not started';
      notStarted.set(reason, [...(notStarted.get(reason) ?? []), label.trimEnd()]);
      return [];
    }
    if (event.error?.code === interruptedCode) return [`${palette.quiet('–')} ${label}  ${visible(event.error.what)}`];
    const failed = labelled(called(event.flow, event.entity), work.failedLabel(event));
    const error = event.error === undefined ? [] : tell(event.error, failed);
    if (event.status === 'error') return [...error, palette.quiet(`    ${outcome(event, { brief: true })}`)];
    const why = event.status === 'warn' && !telling.verbose ? notes(one) : [];
    const drift = one !== undefined && event.status === 'warn' && !inFull() ? drifted(one, event.ts) : [];
    const changed = drift.map((line) => `${palette.caution('!')} ${label.trimEnd()}  ${line}`);
    const to = telling.copied === undefined ? event.to : fromHere(event.to, telling.copied);
    const brief = { ...event, to, ...defined({ message: event.message && shortened(event.message, one?.drift ?? []) }) };
    return [
      ...error,
      ...why,
      ...changed,
      `${mark(event.status, palette)} ${label}  ${outcome(brief, { brief: telling.live && !inFull(), updatesByKey: one?.updatesByKey ?? false })}`,
    ];
  }

  function hear(event: HyggeEvent): readonly string[] {
    silence.heard(timeOf(event));
    switch (event.event) {
      case 'run_start':
        startedMs = timeOf(event);
        underWay = !telling.dryRun;
        entities = event.backfill ? event.backfill.chunks - event.backfill.done : event.entities;
        return [event.backfill ? backfillOpening(event, event.backfill, palette) : opening(event, palette)];
      case 'plan':
        return hearPlan(event);
      case 'differences':
        return differenceLines(event, palette);
      case 'progress':
        return hearProgress(event);
      case 'retry':
        return hearRetry(event);
      case 'verified':
        return [
          `${verdictMark(event, palette)} ${called(event.flow, event.entity)}  verify: ${verdictText(event)} (${duration(event.seconds)})`,
        ];
      // The findings of rules and checks are in the line of their entity.
      case 'check': {
        const why = event.outcome === 'not_judged' ? whyNotJudged(event) : null;
        return why === null ? [] : [palette.quiet(`– ${labelOf(event, called)}the ${event.kind} ${visible(event.name)} ${why}`)];
      }
      case 'warning':
        if (event.code === heldCode) return hearWaiting(event);
        return [`${palette.caution('!')} ${labelOf(event, called)}${visible(event.message)}`];
      case 'error':
        // A stop that a person asked for is not reported as a failure.
        if (event.code === interruptedCode) return [];
        return tell(event, labelled(aboutOf(event, called), workOf(event).failedLabel(event)));
      case 'entity_done':
        return hearDone(event);
      case 'interrupted':
        interrupted = true;
        return [`${palette.caution('!')} ${visible(event.message)}`];
      case 'summary':
        running.clear();
        underWay = false;
        return [
          ...notStartedLines(notStarted, palette),
          ...foretoldLines(foretold, palette),
          ...summaryLines(event, { ...telling, interrupted, foretold: foretold.rows, updatesByKey, proposes }),
        ];
    }
  }

  function view(nowMs: number): LiveView {
    const perSecond = pace.perSecond();
    const silenceMs = running.size === 0 ? silence.lasts(nowMs) : 0;
    return {
      running: [...running.values()],
      finished,
      total: entities,
      rows: rowsSoFar(),
      perSecond,
      startedMs,
      nowMs,
      interrupted,
      silenceMs,
    };
  }

  return {
    hear,
    still: (nowMs) => (telling.live || !isBusy() ? [] : silence.lines(nowMs, [...running.values()], inFull())),
    live: (nowMs, screen) => (!isBusy() ? [] : liveLines(view(nowMs), screen)),
    get busy() {
      return isBusy();
    },
    interruption: (signal) => interruptionMessage([...running.values()], signal),
  };
}

/** The plan of a copy. The fingerprint of the query is left out, because the person has typed the query. Paths are relative to the current folder. */
function asTypedByPerson(plan: EventOf<'plan'>, copied: CopyRun): EventOf<'plan'> {
  const shown = (place: string): string => fromHere(place, copied);
  const from = shown(plan.from).replace(/ query [0-9a-f]{12}$/, ' --query');
  const warnings = plan.warnings.map((text, at) => (plan.codes?.[at] === 'csv.as_text' ? withHomeOptions(text) : text));
  return { ...plan, warnings, from, to: shown(plan.to), creates: plan.creates.map(shown), replaces: plan.replaces.map(shown) };
}

function fromHere(place: string, { directory }: CopyRun): string {
  return directory === undefined ? place : place.replaceAll(`${directory}/`, '');
}

/** The effect of a difference on the entity is shown when the entity ends. */
function verdictMark({ verdict }: EventOf<'verified'>, palette: Palette): string {
  return verdict === 'same' ? palette.good('✓') : palette.caution('!');
}

type EntityLabel = (flow: string, entity: string) => string;

function labelled<About extends string | undefined>(about: About, label: string): About | string {
  return about === undefined || label === '' ? about : `${about}  ${label}`;
}

/** The name next to an error: the flow’s name for an error of a whole flow. */
function aboutOf({ flow, entity }: HyggeEvent, called: EntityLabel): string | undefined {
  if (flow === undefined) return undefined;
  return entity === undefined ? visible(flow) : called(flow, entity);
}

function labelOf({ flow, entity }: HyggeEvent, called: EntityLabel): string {
  if (flow === undefined) return '';
  return entity === undefined ? `${visible(flow)}  ` : `${called(flow, entity)}  `;
}

/** The full text for a finished sequence of events, the same as in a pipe. */
export function narrate(events: readonly HyggeEvent[], telling: NarratorOptions): string {
  const narrator = createNarrator(telling);
  return events.flatMap((event) => narrator.hear(event)).join('\n');
}

/** The lines about a run that has had no news for a long time. */
interface Silence {
  /** Records that an event has arrived. */
  heard(atMs: number): void;
  /** The time of the last event in milliseconds, used while no entity is known. */
  lasts(nowMs: number): number;
  /** Lines for entities without news for a long time, once a minute; for many entities, one line. */
  lines(nowMs: number, running: readonly RunningEntity[], inFull: boolean): readonly string[];
}

const saidEveryMs = 60_000;

function createSilence(palette: Palette): Silence {
  let heardMs = Number.POSITIVE_INFINITY;
  let saidMs = Number.NEGATIVE_INFINITY;
  const lasts = (nowMs: number): number => Math.max(0, nowMs - heardMs);
  const said = (text: string): string => `${palette.caution('…')} ${text}`;

  function beforeAnything(nowMs: number): readonly string[] {
    if (lasts(nowMs) < saidEveryMs || nowMs - saidMs < saidEveryMs) return [];
    saidMs = nowMs;
    return [said(stillLooking(lasts(nowMs)))];
  }

  return {
    heard(atMs) {
      heardMs = atMs;
    },
    lasts,
    lines(nowMs, running, inFull) {
      if (running.length === 0) return beforeAnything(nowMs);
      const silent = running.filter((one) => silenceOf(one, nowMs) >= saidEveryMs && nowMs - one.toldAtMs >= saidEveryMs);
      for (const one of silent) one.toldAtMs = nowMs;
      const shown = inFull ? silent : silent.slice(0, 1);
      const more = silent.length - shown.length;
      const others = more === 0 ? '' : ` (and ${counted(more, 'more entity', 'more entities')})`;
      return shown.map((one) => said(`${one.label}  ${stillThere(one, silenceOf(one, nowMs))}${others}`));
    },
  };
}

interface LiveView {
  readonly running: readonly RunningEntity[];
  readonly finished: number;
  readonly total: number;
  /** The numbers of settled and staged rows, and the recent speed. */
  readonly rows: number;
  readonly perSecond: number;
  readonly startedMs: number;
  readonly nowMs: number;
  readonly interrupted: boolean;
  /** The time since the last event, while no entity is known. */
  readonly silenceMs: number;
}

interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
  readonly palette: Palette;
}

const activeAtMost = 8;
/** An older measurement of speed is ignored. */
const quietMs = 15_000;
const barCells = 12;

/** The redrawn lines: at most eight entities and a total, never wider than the screen. */
function liveLines(view: LiveView, screen: ScreenSize): readonly string[] {
  const room = Math.max(1, Math.min(activeAtMost, screen.rows - 4));
  const shown = view.running.slice(0, view.running.length > room ? room - 1 : room);
  const hidden = view.running.length - shown.length;
  const width = screen.columns - 1;
  const names = Math.min(Math.max(12, ...shown.map((one) => columns(one.label))), Math.floor(width * 0.38));
  return [
    ...shown.map((one) => entityLine(one, { names, width, nowMs: view.nowMs }, screen.palette)),
    ...(hidden > 0 ? [screen.palette.quiet(shorten(`  and ${count(hidden)} more under way`, width))] : []),
    screen.palette.strong(shorten(totalLine(view), width)),
  ];
}

function entityLine(one: RunningEntity, size: { names: number; width: number; nowMs: number }, palette: Palette): string {
  const name = `  ${pad(shortenName(one.label, size.names), size.names)}  `;
  const left = Math.max(0, size.width - columns(name));
  const share = shareOf(one);
  if ((one.stage !== 'reading' && one.stage !== 'slice_done') || share === null || one.retry !== null || left < barCells + 8) {
    return name + palette.quiet(shorten(doing(one, size.nowMs), left));
  }
  const full = Math.floor(share * barCells);
  const rest = detail(one, share, { room: left - barCells, nowMs: size.nowMs });
  return name + palette.good('━'.repeat(full)) + palette.quiet('─'.repeat(barCells - full)) + rest;
}

/** Null: the number of rows is unknown, or an estimate was too low. */
function shareOf({ rows, rowsTotal }: RunningEntity): number | null {
  return rowsTotal === null || rowsTotal <= 0 || rows > rowsTotal ? null : rows / rowsTotal;
}

/** The parts of a line that fit on the screen, none of them cut. */
function detail(one: RunningEntity, share: number, { room, nowMs }: { readonly room: number; readonly nowMs: number }): string {
  const percent = ` ${String(Math.floor(share * 100)).padStart(3)}%`;
  const rows = `  ${count(one.rows)} of ${one.expects === 'about' ? '~' : ''}${count(one.rowsTotal ?? 0)}`;
  const now = lately(one, nowMs);
  const candidates = [percent + rows + now, percent + rows, percent + now, percent];
  return candidates.find((text) => columns(text) <= room) ?? '';
}

/** The current speed, or the words for no progress. */
function lately(one: RunningEntity, nowMs: number): string {
  const waiting = waits(one, nowMs);
  if (waiting !== '') return waiting;
  const perSecond = one.pace.perSecond();
  return perSecond >= 1 ? `  ${rate(perSecond)}` : '';
}

function waits(one: RunningEntity, nowMs: number): string {
  const silence = silenceOf(one, nowMs);
  return silence < quietMs ? '' : `  ${noProgress(silence)}`;
}

function doing(one: RunningEntity, nowMs: number): string {
  if (one.retry !== null) {
    const wait = Math.max(0, one.retry.untilMs - nowMs) / 1000;
    return wait > 0 ? `trying again in ${Math.ceil(wait)} s, attempt ${one.retry.attempt}` : `trying again, attempt ${one.retry.attempt}`;
  }
  if (one.stage === 'reading' || one.stage === 'slice_done') {
    return one.rows > 0 ? `${counted(one.rows, 'row')} so far${lately(one, nowMs)}` : `reading the first rows…${waits(one, nowMs)}`;
  }
  if (one.stage === 'paused') return paused(one, nowMs);
  if (one.stage === 'waiting') return 'waiting until the other run has ended…';
  if (one.stage === 'rolled_forward') return 'finished the commit that an earlier run had decided';
  if (one.stage === 'committing') return `publishing ${counted(one.rows, 'row')}…${waits(one, nowMs)}`;
  if (one.stage === 'replicating') return replicating(one);
  if (one.stage === 'settled') return `settled ${counted(one.rows, 'row')}`;
  return `looking at the destination…${waits(one, nowMs)}`;
}

function replicating({ rows }: RunningEntity): string {
  return `${rows === 0 ? 'nothing new' : `settled ${counted(rows, 'row')}`}, waiting until it is replicated…`;
}

function paused({ pausedUntilMs, rows, waitsFor }: RunningEntity, nowMs: number): string {
  if (waitsFor !== null) return `${waitsFor}; waiting…`;
  const left = Math.max(0, (pausedUntilMs ?? nowMs) - nowMs) / 1000;
  const far = rows > 0 ? `${counted(rows, 'row')} so far · ` : '';
  // For a wait of many days, hours are not shown.
  if (left > 86_400) return `${far}must wait until ${new Date(pausedUntilMs ?? nowMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return `${far}must wait, ${duration(left)} to go`;
}

function totalLine(view: LiveView): string {
  const pace = view.perSecond >= 1 ? ` · ${rate(view.perSecond)}` : '';
  const head = view.interrupted ? 'stopping' : `${count(view.finished)} of ${count(view.total)} done`;
  const quiet = view.silenceMs < quietMs ? '' : ` · ${noProgress(view.silenceMs)}`;
  return `  ${head} · ${counted(view.rows, 'row')}${pace} · ${duration((view.nowMs - view.startedMs) / 1000)}${quiet}`;
}

/** Why a check judged no rows; null: the run had no rows to check. */
function whyNotJudged({ kind, column, because: reason, of, file }: EventOf<'check'>): string | null {
  const because: EventOf<'check'>['because'] = reason;
  const inFile = file === undefined ? '' : ` of ${visible(file)}`;
  const lead = kind === 'check' && of === undefined ? 'was not judged' : `had nothing to judge in ${counted(of ?? 0, 'row')}${inFile}`;
  switch (because) {
    case undefined:
    case 'no rows':
      return null;
    case 'no values':
      return `${lead}: ${column === null ? 'what it compares' : 'its column'} has only nulls`;
    case 'not met':
      return `${lead}: no row meets its \`when\` with values to compare`;
    case 'too few runs':
      return `${lead}: it needs five earlier runs of the same kind`;
    case 'no time':
      return `${lead}: nothing tells a time`;
    case 'not asked':
      return `${lead}: the source was not queried`;
  }
}
