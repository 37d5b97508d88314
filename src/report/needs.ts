/** The problems for a person, the most urgent first. Data values are included only if messages are requested. Pure. */
import type { StandingSilence } from '../checks/silence.ts';
import { catalogue } from '../errors/codes/catalogue.ts';
import { toMinute } from '../narrate/commands/schema-diff-lines.ts';
import { holderText } from '../narrate/commands/status-lines.ts';
import { count, counted } from '../narrate/text/figures.ts';
import { messageOf } from '../narrate/text/notes.ts';
import { weekdays } from '../narrate/text/silence-text.ts';
import { spanAgo } from '../narrate/text/times.ts';
import { verdictText } from '../narrate/text/verdict.ts';
import { entityArgument, shownEntity } from '../narrate/text/visible.ts';
import { codeOf, type Noted } from '../ports/notes.ts';
import { type JournalRow, unchangingLanes } from '../ports/state.ts';
import type { EntityKey, Instant } from '../ports/values.ts';
import type { EntityFacts, ReportFacts } from './facts.ts';
import type { FailingSince, Level, RemovedRows, UsualRange } from './history.ts';

/** One problem, with every entity that has the problem. */
export interface ReportTrouble {
  readonly level: Exclude<Level, 'good'>;
  /** The error code; empty: the problem has no code. */
  readonly code: string;
  readonly title: string;
  /** The explanation; null: the title is enough. */
  readonly meaning: string | null;
  readonly of: readonly ConcernedEntity[];
  readonly tryThis: readonly Advice[];
}

export interface ConcernedEntity extends EntityKey {
  readonly detail: string;
  /** The message of the run, in the words of that time. Only set if messages are requested. */
  readonly message: readonly string[];
  /** The run with the problem; null: no run. */
  readonly row: Pick<JournalRow, 'run_id' | 'entity_run_id'> | null;
}

/** `command`: for a shell; in `text`, a part in backticks is a command. */
export interface Advice {
  readonly text: string;
  readonly command?: string;
}

/** A problem of one entity, before equal problems are combined. */
interface EntityTrouble extends Pick<ReportTrouble, 'level' | 'code' | 'title' | 'meaning'> {
  /** The urgency: the most urgent problem has the smallest number. */
  readonly rank: number;
  readonly concerned: ConcernedEntity;
  tryThis(of: readonly ConcernedEntity[]): readonly Advice[];
}

export function needsOf(facts: ReportFacts, { messages }: { readonly messages: boolean }): readonly ReportTrouble[] {
  const areNew = facts.entities.every(({ status }) => status.last_run === null);
  const findings = facts.entities.flatMap((one) => findingsOf(one, { now: facts.now, messages, areNew }));
  const kinds = Map.groupBy(findings, ({ rank, code, title }) => JSON.stringify([rank, code, title]));
  const needs = [...kinds.values()].map((same) => {
    const [{ level, code, title, meaning, rank, tryThis }] = same as [EntityTrouble, ...EntityTrouble[]];
    const of = same.map(({ concerned }) => concerned);
    return { rank, need: { level, code, title, meaning, of, tryThis: tryThis(of) } };
  });
  return [...journalNeed(facts, messages), ...brokenNeeds(facts), ...needs.sort((a, b) => a.rank - b.rank).map(({ need }) => need)].sort(
    (a, b) => Number(isSilent(b)) - Number(isSilent(a)),
  );
}

const differsCode = 'HYG-2095';
/** Settled files are missing, or have changed. */
const lostCodes: ReadonlySet<string> = new Set(['HYG-2004', 'HYG-2072', 'HYG-4110']);

const silentTitle = 'Silent: no rows, although there always were some before';

const isSilent = ({ title }: ReportTrouble): boolean => title === silentTitle;

/** The summary of the night, in two sentences. */
export interface Verdict {
  readonly level: Level;
  readonly headline: string;
  readonly more: string;
}

/** Longer names are cut, so that a headline has room for more. */
const longestName = 48;

export function verdictOf(facts: ReportFacts, needs: readonly ReportTrouble[]): Verdict {
  const { entities, lastEnd, night, now } = facts;
  const all = counted(entities.length, 'entity', 'entities');
  const last = lastEnd === null ? '' : `the last run ended ${spanAgo(Date.parse(now) - Date.parse(lastEnd))}`;
  const bad = needs.filter(({ level }) => level === 'bad');
  const concerned = new Set(bad.flatMap(({ of }) => of.map(({ flow, entity }) => JSON.stringify([flow, entity])))).size;
  const [first] = bad;
  if (first !== undefined) {
    const [only] = first.of;
    const name = only === undefined || first.of.length > 1 ? '' : shownEntity(only.flow, only.entity);
    const where = name === '' || name.length > longestName ? counted(first.of.length, 'entity', 'entities') : name;
    const needed = `${count(concerned)} of ${all} need${concerned === 1 ? 's' : ''} you`;
    const others = `${last === '' ? '' : `${last[0]?.toUpperCase()}${last.slice(1)}. `}The steps to try are below.`;
    if (isSilent(first))
      return { level: 'bad', headline: `No rows in ${where}, although there always were some before.`, more: `${needed}. ${others}` };
    if (facts.journal !== null) return { level: 'bad', headline: `${first.title}.`, more: others };
    if (only?.entity === '') return { level: 'bad', headline: `${counted(facts.broken.length, 'flow')} cannot run.`, more: others };
    return { level: 'bad', headline: `${needed}.`, more: `First: ${where}, ${lowered(first.title)}. ${others}` };
  }
  if (entities.length === 0) return { level: 'caution', headline: 'There is nothing here yet.', more: 'No flow has an entity.' };
  if (lastEnd === null && entities.every(({ status }) => status.last_run === null))
    return {
      level: 'caution',
      headline: 'Nothing has run yet.',
      more: `${all} wait${entities.length === 1 ? 's' : ''} for the first run: hygge go starts it.`,
    };
  const mended = new Set(
    night
      .filter(({ status, lane }) => status === 'error' && !unchangingLanes.has(lane))
      .map(({ flow, entity }) => JSON.stringify([flow, entity])),
  ).size;
  const recent =
    night.length > 0
      ? `Of ${all}, none ${mended === 0 ? 'failed' : 'fails now'}; ${last}.`
      : `Nothing ran in the last 24 hours${last === '' ? '' : `; ${last}`}.`;
  const well =
    night.length === 0
      ? 'All is settled'
      : mended === 0
        ? 'The night went well'
        : `All is well again: ${counted(mended, 'entity', 'entities')} failed in the last 24 hours and passed since`;
  const things = needs.reduce((sum, { of }) => sum + of.length, 0);
  if (things > 0) return { level: 'caution', headline: `${well}, with ${counted(things, 'thing')} to know.`, more: recent };
  return { level: 'good', headline: `${well}.`, more: recent };
}

function lowered(title: string): string {
  return `${title[0]?.toLowerCase() ?? ''}${title.slice(1)}`;
}

function usualText({ by, compared, least, most, weekday, time, zone }: StandingSilence): string {
  const rows = counted(most, 'row');
  const some = least === most ? rows : `${count(least)} to ${rows}`;
  return by === 'runs'
    ? `${some} in all ${count(compared)} runs before`
    : `${some} in the last ${count(compared)} runs on ${weekdays[weekday]} around ${time} ${zone}`;
}

/** A full load had no rows, and replaced the existing ones. */
function gone(removed: RemovedRows | null): string {
  if (removed === null) return '';
  return removed.rows === null
    ? '; the settled rows are gone'
    : `; the ${counted(removed.rows, 'row')} that had settled ${removed.rows === 1 ? 'is' : 'are'} gone`;
}

/** @param asked.areNew whether no entity has run yet, which is reported once for all entities. */
function findingsOf(
  one: EntityFacts,
  asked: { readonly now: Instant; readonly messages: boolean; readonly areNew: boolean },
): readonly EntityTrouble[] {
  const { status, history } = one;
  const { failing, stopped, warned, failedBeside } = history;
  const ago = (at: Instant) => spanAgo(Date.parse(asked.now) - Date.parse(at));
  const key = { flow: status.flow, entity: status.entity };
  const about = (detail: string, message: readonly string[] = [], row: ConcernedEntity['row'] = null): ConcernedEntity => ({
    ...key,
    detail,
    message,
    row,
  });
  const found: EntityTrouble[] = [];
  if (history.silent !== null) {
    const { since, emptyRuns, removed } = history.silent;
    const when =
      emptyRuns === 1 ? `none in the run that ended ${ago(since)}` : `none in ${counted(emptyRuns, 'run')} since ${toMinute(since)}`;
    found.push({
      ...{ rank: 0, level: 'bad', code: '', title: silentTitle },
      meaning:
        'The run ended well, but it found nothing to move. The program that fills the source may have stopped, or the source was emptied or moved.',
      concerned: about(`${when}; ${usualText(history.silent)}${gone(removed)}`),
      tryThis: (names) => [
        ...forOne(names, 'See some rows of the source:', (name) => `hygge preview ${name} -n 3`),
        { text: 'See which rows wait in the source:', command: `hygge status --check${chosen(names)}` },
        { text: 'See whether the source is still in its place:', command: `hygge debug${chosen(names)}` },
      ],
    });
  }
  if (status.unreadable !== null) {
    const { code, what } = status.unreadable;
    found.push({
      ...{ rank: 1, level: 'bad' },
      ...known(code, 'The state cannot be read'),
      concerned: about('its state', asked.messages ? [what] : []),
      tryThis: (of) => [...adviceOf(code, of), { text: 'See what is wrong with the state:', command: `hygge status${chosen(of)}` }],
    });
  }
  if (failing !== null) found.push(failure(failing, { about, messages: asked.messages, level: 'bad', rank: 2, kind: '' }));
  else if (status.status === 'error' && status.last_run !== null && history.isUntold) {
    found.push({
      ...{ rank: 2, level: 'bad', code: '', title: 'Its last run failed' },
      meaning: 'The state shows the failure. The error of the run is not in the journal any more.',
      concerned: about(ago(status.last_run)),
      tryThis: (names) => [{ text: 'Run it again:', command: `hygge go${chosen(names)}` }],
    });
  }
  if (failedBeside !== null) {
    const { lane } = failedBeside.row;
    const kind = lane.includes(':') ? 'backfill, ' : `${lane}, `;
    // A failed compaction leaves all rows unchanged. So it is only a caution, except if the compaction found a mismatch.
    const level = unchangingLanes.has(lane) && !lostCodes.has(failedBeside.row.error_code ?? '') ? 'caution' : 'bad';
    found.push(failure(failedBeside, { about, messages: asked.messages, level, rank: 3, kind }));
  }
  if (status.overdue_since !== null) {
    found.push({
      ...{ rank: 4, level: 'bad', code: '', title: 'Overdue: nothing has started the run' },
      meaning: 'A scheduled run did not start. The timer that starts it may be switched off.',
      concerned: about(`since ${toMinute(status.overdue_since)}, ${ago(status.overdue_since)}`),
      tryThis: (names) => [{ text: 'Start the run by hand, and check the timer:', command: `hygge go${chosen(names)}` }],
    });
  }
  if (status.stale_since !== null) {
    found.push({
      ...{ rank: 4, level: 'bad', code: '', title: 'Stale: no rows have settled in time' },
      meaning: 'The last commit with rows is older than `expect` says. Runs may not start, fail, or find nothing.',
      concerned: about(`since ${toMinute(status.stale_since)}, ${ago(status.stale_since)}`),
      tryThis: (names) => [
        { text: 'See which rows wait in the source:', command: `hygge status --check${chosen(names)}` },
        { text: 'See how the last runs ended:', command: 'hygge journal' },
      ],
    });
  }
  if (status.verified?.verdict === 'differs') {
    const { at, status: weight } = status.verified;
    found.push({
      ...{ rank: 4, level: weight === 'warn' ? 'caution' : 'bad' },
      ...known(differsCode, 'Source and destination differ'),
      concerned: about(`compared ${ago(at)}, ${verdictText(status.verified)}`),
      tryThis: (of) => adviceOf(differsCode, of),
    });
  }
  if (status.held_by?.fate === 'dead' || (status.pending && status.held_by === null)) {
    found.push({
      ...{ rank: 5, level: 'caution', code: '', title: 'Broken off: the next run takes over' },
      meaning: 'A run disappeared before its end. No partial result is visible. Its decided commit is finished first.',
      concerned: about(status.held_by === null ? 'a decided commit waits' : `left by ${holderText(status.held_by)}`),
      tryThis: (names) => [{ text: 'Let it continue:', command: `hygge go${chosen(names)}` }],
    });
  }
  if (stopped !== null) {
    found.push({
      ...{ rank: 6, level: 'caution', code: '', title: 'Stopped before it was done' },
      meaning: 'A person stopped the run, or another entity failed before. Settled rows stay settled.',
      concerned: about(`${stopped.reason === 'not_started' ? 'not started' : 'interrupted'}, ${ago(stopped.finished_at)}`),
      tryThis: (names) => [{ text: 'Let it continue:', command: `hygge go${chosen(names)}` }],
    });
  }
  if (status.last_run === null && status.unreadable === null && failing === null && stopped === null && !asked.areNew) {
    found.push({
      ...{ rank: 7, level: 'caution', code: '', title: 'It has not run yet' },
      meaning: 'No rows of the entity have settled, and no run failed.',
      concerned: about('no run so far'),
      tryThis: (names) => [{ text: 'Start it:', command: `hygge go${chosen(names)}` }],
    });
  }
  // The empty source was already reported.
  const isSaid =
    history.silent !== null &&
    warned?.notes?.every((note) => /^(silent|nothing_\w+|emptied|kept_though_empty)$/.test(codeOf(note))) === true;
  if (warned !== null && !isSaid) found.push(warning(warned, { about, ago, messages: asked.messages }));
  return found;
}

interface MessageOptions {
  readonly about: (detail: string, message: readonly string[], row: JournalRow) => ConcernedEntity;
  readonly messages: boolean;
}

function failure(
  { row, since, times }: FailingSince,
  { about, messages, level, rank, kind }: MessageOptions & Pick<EntityTrouble, 'level' | 'rank'> & { readonly kind: string },
): EntityTrouble {
  const code = row.error_code ?? '';
  const series =
    times === 1 ? `failed at ${toMinute(since)}` : `failing since ${toMinute(since)}, ${counted(times, 'run')} one after another`;
  return {
    ...{ rank, level },
    ...known(code, 'It failed'),
    concerned: about(`${kind}${series}`, messages ? whole(row) : [], row),
    tryThis: (of) => [...adviceOf(code, of), ...runsOf(of)],
  };
}

function whole({ message, error }: JournalRow): readonly string[] {
  const lines = error ? [error.what, ...error.why, ...error.tryThis.map((text) => `Try: ${text}`)] : [message ?? ''];
  return lines.filter((line) => line !== '');
}

function warning(row: JournalRow, { about, ago, messages }: MessageOptions & { readonly ago: (at: Instant) => string }): EntityTrouble {
  const said = [...new Set((row.notes ?? []).map(labelOf).filter((label) => label !== null))];
  return {
    ...{ rank: 8, level: 'caution', code: '', title: 'Passed with a warning' },
    meaning: null,
    concerned: about([...said, ago(row.finished_at)].join(', '), messages ? [messageOf(row) ?? ''].filter((text) => text !== '') : [], row),
    tryThis: runsOf,
  };
}

/** The subjects of warnings, without the names and values in them. */
const labels: Readonly<Record<string, string>> = {
  bad_rows: 'rows that cannot be read were left out',
  broken_rows: 'rows break a rule',
  check_warns: 'a check of the rows failed',
  checks_of_settled: 'a check would fail if all rows that were read counted',
  drift: 'the columns of the source have changed',
  emptied: 'the source had no rows',
  files_passed: 'no run reads the rows of new files',
  files_partly_passed: 'no run reads some rows of new files',
  journal_unpublished: 'the journal could not be published',
  kept_though_empty: 'the source had no rows',
  left_quarantine: 'rows left the quarantine',
  looks_renamed: 'files look renamed',
  mark_is_bare: 'rows at the watermark are gone',
  maybe_changed: 'files may have changed since they were read',
  numbers_as_text: 'the watermark is text that looks like numbers',
  parents_missed: 'rows of parents could not be read',
  quarantine_expired: 'old rows in quarantine were removed',
  quarantine_expires: 'old rows in quarantine will be removed',
  read_as_null: 'special values were read as null',
  read_otherwise: 'values are read in another way than when they settled',
  records_left: 'old records could not be removed',
  rows_gone: 'rows are gone from the destination',
  rules_warn: 'rows break a rule, and settled',
  shrunk: 'a full load has far fewer rows than before',
  source_behind: 'the source is behind the settled rows',
  strays: 'files are in the destination that hygge did not write',
  silent: 'it brought no rows, although there always were some before',
  sunk: 'rows at the watermark are gone',
  vanished: 'rows at the watermark are gone',
  waits: 'rows with a time in the future wait',
};

function labelOf(note: Noted): string | null {
  return labels[codeOf(note)] ?? null;
}

function journalNeed({ journal }: ReportFacts, messages: boolean): readonly ReportTrouble[] {
  if (journal === null) return [];
  const { code, what } = journal;
  const of = [{ flow: '', entity: '', detail: 'it is not known what ran, and how it ended', message: messages ? [what] : [], row: null }];
  return [{ level: 'bad', ...known(code, 'The journal cannot be read'), of, tryThis: adviceOf(code) }];
}

function brokenNeeds({ broken }: ReportFacts): readonly ReportTrouble[] {
  return [...Map.groupBy(broken, ({ code }) => code)].map(([code, flows]) => ({
    level: 'bad',
    ...known(code, 'The flow cannot be used'),
    of: flows.map(({ flow }) => ({ flow, entity: '', detail: 'the flow cannot run', message: [], row: null })),
    tryThis: [...adviceOf(code), { text: 'See the file and the line:', command: 'hygge debug' }],
  }));
}

/** The catalogue’s text for a code, which quotes no data values. */
function known(code: string, otherwise: string): Pick<ReportTrouble, 'code' | 'title' | 'meaning'> {
  const entry = catalogue.find((one) => one.code === code);
  if (entry !== undefined) return { code, title: entry.title, meaning: entry.meaning };
  return { code, title: otherwise, meaning: code === '' ? null : 'This version of hygge does not know the code: a newer one wrote it.' };
}

/** Advice of the catalogue with the entity’s name instead of `flow.entity`, if the problem has only one entity. */
function adviceOf(code: string, of: readonly EntityKey[] = []): readonly Advice[] {
  const [only] = of;
  const name = only === undefined || of.length > 1 ? 'flow.entity' : entityArgument(only.flow, only.entity);
  return (catalogue.find((one) => one.code === code)?.tryThis ?? []).map((text) => ({ text: text.replaceAll('flow.entity', () => name) }));
}

/** Advice for a single entity, with its name quoted for a shell. */
function forOne(names: readonly EntityKey[], text: string, command: (name: string) => string): readonly Advice[] {
  const [only] = names;
  return only === undefined || names.length > 1 ? [] : [{ text, command: command(entityArgument(only.flow, only.entity)) }];
}

/** The command that shows each run in full. */
function runsOf(of: readonly ConcernedEntity[]): readonly Advice[] {
  const rows = of.flatMap(({ row }) => row ?? []);
  const ids = new Set(rows.map((row) => (rows.length === 1 ? row.entity_run_id : row.run_id)));
  return [...ids].slice(0, runsNamed).map((id) => ({ text: 'Details:', command: `hygge journal --run ${id}` }));
}

const runsNamed = 3;

/** The options that name the entities: ` -e shop.orders`, or the flows of all entities. */
function chosen(names: readonly EntityKey[]): string {
  const [first] = names;
  if (first !== undefined && names.length === 1) return ` -e ${entityArgument(first.flow, first.entity)}`;
  return ` -f ${[...new Set(names.map(({ flow }) => flow))].join(',')}`;
}

/** `9,800 to 12,400`, or a single number. */
export function range({ least, most }: Pick<UsualRange, 'least' | 'most'>): string {
  return least === most ? count(least) : `${count(least)} to ${count(most)}`;
}
