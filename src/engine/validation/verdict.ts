/** The verdict about a run. It is made from the measures of the receipts, before the commit is decided. */

import {
  type CheckOutcome,
  type Clock,
  clockText,
  columnOf,
  expectedOf,
  foundText,
  judgeBroken,
  judgeColumn,
  judgeFileAge,
  judgeFreshness,
  judgeSql,
  judgeUniqueness,
  judgeVolume,
} from '../../checks/judge-checks.ts';
import { epochMs } from '../../frames/calendar.ts';
import { columnsNamedIn } from '../../frames/rules/condition.ts';
import { type Measures, ownOf, readOf, settledOf } from '../../frames/rules/measures.ts';
import type { Rule, Severity } from '../../frames/rules/rule.ts';
import type { Sample, Samples } from '../../frames/rules/sample.ts';
import type { DataType } from '../../frames/schema.ts';
import { latestAt } from '../../frames/times/future.ts';
import type { CheckTold } from '../../ports/events.ts';
import type { BrokenRule, Note, Noted } from '../../ports/notes.ts';
import { retry } from '../../ports/retry.ts';
import type { JournalRow } from '../../ports/state.ts';
import { defined, filled } from '../../ports/values.ts';
import { sourcesOf } from '../contracts/home.ts';
import { type EnginePorts, eventBase } from '../contracts/ports.ts';
import type { Plan, ReleasedRows, RunIds } from '../contracts/records.ts';
import { type EntitySpec, rulesOf } from '../contracts/spec.ts';
import { type Part, type RepeatedKeys, rowsOf } from '../contracts/store.ts';
import type { Check } from '../contracts/validation.ts';
import { checksFailed, type FailedCheck } from '../errors/validation.ts';
import { keyOf } from '../keys/key-runs.ts';
import type { GatheredWork } from '../records/receipts.ts';
import { looksAt } from './fit.ts';
import { mustSettle } from './rows.ts';

interface RunFindings {
  readonly parts: readonly Part[];
  readonly measures: Measures;
  readonly samples: Samples;
  readonly lacking: Readonly<Record<string, string>>;
  readonly freshRows: number;
  readonly rowsRead: number;
  readonly rejected: number;
  readonly quarantined: number;
  readonly work: GatheredWork;
  /** The repeated keys, by the columns of their checks as JSON. Absent: no rows were read. */
  readonly repeated?: ReadonlyMap<string, RepeatedKeys>;
  /** The rows that are set apart because of a check. Absent: no check sets rows apart. */
  readonly apart?: readonly SetApart[];
}

/** How many rows are set apart because of a check, with examples of their keys. */
export interface SetApart {
  readonly check: string;
  readonly column: string | null;
  readonly rows: number;
  readonly samples: readonly Sample[];
}

export interface Verdict {
  readonly notes: readonly Note[];
  /** Notes for the journal that are not warnings of the run. */
  readonly asides: readonly Note[];
  /** A note for the journal. */
  readonly counts: { readonly quarantined: number; readonly checksWarned: number };
}

interface OfRun {
  readonly spec: EntitySpec;
  readonly plan: Plan;
}

interface OfVerdict extends OfRun {
  /** Whether rows that break a rule are kept. They are not if the run commits no rows. Default: true. */
  readonly keeps?: boolean;
}

const silent: Verdict = { notes: [], asides: [], counts: { quarantined: 0, checksWarned: 0 } };

/** How many rows of the run are set apart in this role. */
const rowsApart = (parts: readonly Part[], which: 'broken' | 'quarantine') => rowsOf(parts, ({ role }) => role === which);

/**
 * Throws HYG-2121 to HYG-2123 if the run must not settle. Even then, each rule and check with a finding is an event. A comparison of keys and a
 * compaction read no new rows, so they judge none. The slices of a replay have judged its rows, so only the rows’ keys are judged here.
 */
export async function verdictOf(
  ids: RunIds,
  ports: EnginePorts,
  { spec, plan, keeps = true }: OfVerdict,
  found: RunFindings,
): Promise<Verdict> {
  const tell: TellCheck = (event) => ports.emit({ ...eventBase(ids, ports), ...event });
  const [broken, unreadable] = [rowsApart(found.parts, 'broken'), rowsApart(found.parts, 'quarantine')];
  const { validation } = spec;
  if (found.work.kind === 'quarantine') return verdictOfReplay({ ports, spec, plan, found, before: [] }, found.work.released, tell);
  if (found.work.kind !== 'source') return silent;
  if (validation === undefined) return { ...silent, counts: { ...silent.counts, quarantined: keeps ? broken + unreadable : 0 } };
  const read = found.measures.rows + found.rejected;
  mustSettle(spec, { measures: found.measures, samples: found.samples, broken, quarantined: unreadable, read });
  const readsAll = plan.live === null && plan.mode === 'full' && !plan.byFile;
  const checks = validation.checks.filter(
    (check) => (plan.live === null || !isOfLiveRuns(check)) && (readsAll || check.type !== 'volume' || check.ofAll !== true),
  );
  const met = [
    ...validation.rules.filter(({ name }) => (ownOf(found.measures.broken, name) ?? 0) > 0).map((rule) => brokenFound(rule, found)),
    ...(found.apart ?? []).map(apartFound),
  ];
  const isHistoryAsked = met.length > 0 || checks.some((check) => check.type === 'volume' && check.withinPercent !== null);
  const before = isHistoryAsked ? await recentRuns(ports, spec) : [];
  const { failed, failsByRead } = await failedChecks(checks, { ports, spec, plan, found, before }, tell);
  const told = met.map((one) => {
    const since = firstWith(before, one.rule);
    return since === undefined ? one : { ...one, since };
  });
  for (const { rule, severity, samples = [], ...facts } of told) {
    const values = samples.map(({ form, value }) => value ?? form);
    const outcome = severity === 'warn' || !keeps ? 'warned' : 'quarantined';
    const { rows, column, since } = facts;
    tell({
      event: 'check',
      kind: 'rule',
      name: rule,
      column,
      outcome,
      rows,
      of: found.measures.rows,
      ...filled({ samples: values, since }),
    });
  }
  const idle = idleRules(spec, plan, found);
  for (const { event } of idle.rules) tell(event);
  const of = (which: 'warn' | 'quarantine') =>
    told
      .filter(({ severity }) => severity === which)
      .map(
        ({ severity: _, samples, ...rule }): BrokenRule => ({
          ...rule,
          ...defined({ samples: samples?.map(({ form }) => form) }),
        }),
      );
  const [warned, apart] = [of('warn'), of('quarantine')];
  return {
    notes: [
      ...(broken === 0
        ? []
        : [
            {
              code: 'broken_rows' as const,
              rows: broken,
              ...(keeps ? {} : { kept: false as const }),
              rules: Object.fromEntries(apart.map(({ rule, rows }) => [rule, rows])),
              of: found.measures.rows,
              told: apart,
            },
          ]),
      ...(warned.length === 0 ? [] : [{ code: 'rules_warn' as const, of: found.measures.rows, told: warned }]),
      ...failed.map(checkNote),
      ...(failsByRead.length === 0 ? [] : [{ code: 'checks_of_settled' as const, checks: failsByRead }]),
    ],
    asides: idle.notes,
    counts: { quarantined: keeps ? broken + unreadable : 0, checksWarned: failed.length },
  };
}

type TellCheck = (event: { readonly event: 'check' } & CheckTold) => void;

type CheckThatFailed = FailedCheck & { readonly found: string; readonly clock: Clock | undefined };

interface FailedChecks {
  readonly failed: readonly CheckThatFailed[];
  /** The checks that pass, but would fail if all rows that were read counted. The config does not say whether a check means the rows that are read or those that settle. */
  readonly failsByRead: readonly string[];
}

/** The failed checks that only warn. Throws HYG-2123 if another check fails. Even then, each check with a finding is an event. */
async function failedChecks(checks: readonly Check[], of: Judged, tell: TellCheck): Promise<FailedChecks> {
  const { spec, found } = of;
  const shows = spec.validation?.samples ?? 'mask';
  const judged: (JudgedCheck & { readonly check: Check; readonly byRead?: CheckOutcome })[] = [];
  for (const check of checks) {
    const own = await outcomeOf(check, of);
    judged.push(
      'rows' in check && check.rows === null ? { check, ...own, byRead: (await outcomeOf(check, of, 'read')).outcome } : { check, ...own },
    );
  }
  for (const { check, outcome, clock } of judged) {
    if (outcome.outcome === 'passed') continue;
    const facts =
      outcome.outcome === 'failed'
        ? { found: `${foundText(outcome, shows)}${clockText(clock, outcome.isAhead)}` }
        : { because: outcome.because };
    const ended =
      outcome.outcome === 'failed' ? (check.onFail === 'warn' ? ('warned' as const) : ('failed' as const)) : ('not_judged' as const);
    tell({
      event: 'check',
      kind: 'check',
      name: check.name,
      column: columnOf(check),
      outcome: ended,
      ...facts,
      expected: expectedOf(check),
    });
  }
  const failed = judged.flatMap(({ check, outcome, clock, byRead }) => {
    if (outcome.outcome !== 'failed') return [];
    // The findings are written to the journal, which has no values of rows.
    const passesByRead = byRead?.outcome === 'passed';
    return [failedCheck(check, { found: foundText(outcome, 'mask'), clock, isAhead: outcome.isAhead, passesByRead })];
  });
  const fatal = failed.filter(({ check }) => check.onFail !== 'warn');
  if (fatal.length > 0) throw checksFailed(spec, fatal, found.work.kind === 'quarantine' ? 'replay' : 'run');
  const turned = judged.filter(({ outcome, byRead }) => byRead?.outcome === 'failed' && outcome.outcome !== 'failed');
  return { failed, failsByRead: turned.map(({ check }) => check.name) };
}

function failedCheck(check: Check, of: Pick<CheckThatFailed, 'found' | 'clock' | 'isAhead' | 'passesByRead'>): CheckThatFailed {
  const expected = `expected: ${expectedOf(check)}`;
  const by = clockText(of.clock, of.isAhead);
  const said = of.isAhead ? `${of.found}${by}; ${expected}` : `${of.found}; ${expected}${by}`;
  return { check, said: `${check.name}: ${said}`, ...of };
}

const checkNote = ({ check, found, clock, isAhead }: CheckThatFailed): Note => ({
  code: 'check_warns',
  check: check.name,
  found,
  expected: expectedOf(check),
  ...defined({ clock, isAhead }),
});

/** The verdict about a replay. Rows that leave the quarantine do not come from the source now, so only checks of keys apply. */
async function verdictOfReplay(of: Judged, released: ReleasedRows, tell: TellCheck): Promise<Verdict> {
  const { spec, found } = of;
  const ofKeys = released.settled === 0 ? [] : (spec.validation?.checks ?? []).filter(({ type }) => type === 'uniqueness');
  const { failed } = await failedChecks(ofKeys, of, tell);
  return {
    notes: [...toldOfReplay(spec, released, found.measures), ...failed.map(checkNote)],
    asides: [],
    counts: { quarantined: 0, checksWarned: failed.length },
  };
}

/** A rule that rows broke. Examples of its values are only for events. */
interface FoundRule extends Omit<BrokenRule, 'samples'> {
  readonly severity: Severity;
  readonly samples?: readonly Sample[];
}

function brokenFound({ name, column, severity = 'quarantine' }: Rule, { measures, samples: all }: RunFindings): FoundRule {
  const samples = ownOf(all, name);
  return { rule: name, column, rows: ownOf(measures.broken, name) ?? 0, severity, ...defined({ samples }) };
}

const apartFound = ({ check, column, rows, samples }: SetApart): FoundRule => ({
  rule: check,
  column,
  rows,
  severity: 'quarantine',
  samples,
});

/** The counts of rows that stay in quarantine, and of rows that left it although they break a rule that only warns. */
function toldOfReplay({ validation }: EntitySpec, { stay, mended }: ReleasedRows, measures: Measures): readonly Note[] {
  const met = Object.entries(measures.broken).filter(([, rows]) => rows > 0);
  const warning = new Map((validation?.rules ?? []).flatMap(({ name, column, severity }) => (severity === 'warn' ? [[name, column]] : [])));
  const warned = met.filter(([name]) => warning.has(name)).map(([rule, rows]) => ({ rule, rows, column: warning.get(rule) ?? null }));
  const broken = Object.fromEntries(met.filter(([name]) => !warning.has(name)));
  return [
    ...(stay === 0 ? [] : [{ code: mended ? ('mended_rows_stay' as const) : ('broken_rows' as const), rows: stay, rules: broken }]),
    ...(warned.length === 0 ? [] : [{ code: 'rules_warn' as const, of: measures.rows, told: warned }]),
  ];
}

interface Judged extends OfRun {
  readonly ports: EnginePorts;
  readonly found: RunFindings;
  readonly before: readonly JournalRow[];
}

/** Whether a check is only for live runs, because it is about the whole source. A backfill reads only the old rows of its range. */
const isOfLiveRuns = ({ type }: Check) => type === 'freshness' || type === 'volume' || type === 'sql';

interface JudgedCheck {
  readonly outcome: CheckOutcome;
  readonly clock?: Clock;
}

/** The outcome of a check. @param rows the rows that it counts. Default: the rows that the check names, or else the rows that settle. */
async function outcomeOf(check: Check, of: Judged, rows = 'rows' in check ? check.rows : null): Promise<JudgedCheck> {
  const { plan, found, before } = of;
  const isOfRead = rows === 'read';
  switch (check.type) {
    case 'volume':
      return {
        outcome: judgeVolume(
          check,
          broughtBy(found.parts, isOfRead),
          before.filter((row) => isLike(row, of)).map((row) => broughtThen(row, isOfRead)),
        ),
      };
    case 'freshness': {
      if (check.column === null) {
        const newest = plan.asked.newestFile;
        return { outcome: judgeFileAge(check, newest?.ageMs ?? null), ...defined({ clock: newest?.clock }) };
      }
      const newest = newestOf(check.column, plan, found.measures);
      const now = newest === null ? { ms: 0, clock: 'own' as const } : await nowAt(of, check.column, newest.type);
      return { outcome: judgeFreshness(check, newest, now.ms), clock: now.clock };
    }
    case 'sql': {
      const number = ownOf(plan.asked.numbers ?? {}, check.name);
      return { outcome: number === undefined ? { outcome: 'not judged', because: 'not asked' } : judgeSql(check, number) };
    }
    case 'broken rows':
      return { outcome: judgeBroken(check, found.measures) };
    case 'completeness':
    case 'range':
      return { outcome: judgeColumn(check, isOfRead ? readOf(found.measures) : settledOf(found.measures)) };
    case 'uniqueness': {
      const repeated = found.repeated?.get(keyOf(check.columns));
      return { outcome: repeated === undefined ? { outcome: 'not judged', because: 'no rows' } : judgeUniqueness(repeated) };
    }
  }
}

const rolesSettled = new Set<Part['role']>(['data', 'boundary']);
const rolesRead = new Set<Part['role']>([...rolesSettled, 'broken', 'quarantine']);

const broughtBy = (parts: readonly Part[], isOfRead: boolean) =>
  rowsOf(parts, ({ role }) => (isOfRead ? rolesRead : rolesSettled).has(role));

const broughtThen = ({ rows_settled, quarantined }: JournalRow, isOfRead: boolean) =>
  (rows_settled ?? 0) + (isOfRead ? (quarantined ?? 0) : 0);

/** The newest known value: the newest of the rows, or else the value that settled before. */
function newestOf(
  column: string,
  { watermarkAs, lower }: Plan,
  { columns }: Measures,
): { readonly text: string; readonly type: DataType } | null {
  const read = ownOf(columns, column);
  if (read?.max !== undefined) return { text: read.max, type: read.type };
  return lower !== null && watermarkAs === column ? { text: lower.text, type: lower.type } : null;
}

/** The time by the source’s clock, if the source answers one for a column. Otherwise by the clock of this machine. */
async function nowAt(
  { ports, spec, plan }: Judged,
  column: string,
  type: DataType,
): Promise<{ readonly ms: number; readonly clock: 'source' | 'own' }> {
  const own = { ms: Date.parse(ports.clock.now()), clock: 'own' as const };
  if (plan.watermarkAs !== column || plan.column === null || latestAt(type, ports.clock.now()) === undefined) return own;
  const home = await ports.home(spec, plan.pinned);
  if (home.files !== undefined) return own;
  const step = await home.future(plan.column.column);
  const ms = 'done' in step && step.done.until !== null ? epochMs(step.done.until) : undefined;
  return ms === undefined || type.kind === 'date' ? own : { ms, clock: 'source' };
}

const mostRuns = 20;

/** The recent runs of the entity, in the order of the journal, with the newest last. */
const recentRuns = (ports: EnginePorts, { flow, entity }: EntitySpec) =>
  retry(() => ports.state.journal({ flow, entity, limit: 10 * mostRuns }));

/** Whether an earlier run reached its end and read rows in the same way as this run. */
function isLike({ lane, status, reason, run_type }: JournalRow, { plan }: Judged): boolean {
  const kind = plan.mode === 'incremental' || plan.byFile ? 'incremental' : 'full_drop';
  return lane === 'live' && status !== 'error' && reason == null && run_type === kind;
}

/** The time of the first run that reported the rule. */
function firstWith(rows: readonly JournalRow[], rule: string): string | undefined {
  const isOf = (note: Noted) =>
    typeof note === 'object' &&
    (note.code === 'broken_rows' || note.code === 'rules_warn') &&
    (note.told ?? []).some((one) => one.rule === rule);
  const started = rows.filter(({ notes }) => (notes ?? []).some(isOf)).map(({ started_at }) => started_at);
  return started.sort()[0]?.slice(0, 10);
}

// ---- rules that could judge no row of a run. That is not a warning: a column may be null in each row of a small increment, and a condition may seldom
// apply

interface IdleRules {
  readonly rules: readonly { readonly event: { readonly event: 'check' } & CheckTold }[];
  readonly notes: readonly Note[];
}

/** @param found.lacking the columns that a warning already reports, with their rules. */
function idleRules(
  spec: EntitySpec,
  plan: Plan,
  { measures: { judged, rows, columns }, lacking }: { readonly measures: Measures; readonly lacking: Readonly<Record<string, string>> },
): IdleRules {
  if (judged === undefined || judged.rows === 0) return { rules: [], notes: [] };
  const idle = rulesOf(spec).filter(
    (rule) =>
      (ownOf(judged.rules, rule.name) ?? 0) === 0 &&
      !isAboutOptional(rule, spec) &&
      !Object.keys(lacking).some((column) => looksAt(rule, column)),
  );
  const isLacking = (column: string) => Object.hasOwn(lacking, column) || (spec.validation?.optional ?? []).includes(column);
  const isNull = (column: string) => rows > 0 && ownOf(columns, column)?.nulls === rows;
  // A key with a null equals no other key, so such keys do not count.
  const checks = (spec.validation?.checks ?? []).flatMap((check) =>
    check.type === 'uniqueness' && check.columns.some(isNull) && !check.columns.some(isLacking) ? [check] : [],
  );
  if (idle.length + checks.length === 0) return { rules: [], notes: [] };
  const file = onlyFile(plan);
  const of = defined({ file });
  const eventOf = (rule: Rule) => {
    const because = rule.what === 'holds' && rule.when !== null ? ('not met' as const) : ('no values' as const);
    const column = rule.what === 'holds' ? null : rule.column;
    return { event: 'check', kind: 'rule', name: rule.name, column, outcome: 'not_judged', because, of: judged.rows, ...of } as const;
  };
  const ofChecks = checks.map(({ name, columns: [column = null, ...others] }) => {
    const about = { kind: 'check', name, column: others.length === 0 ? column : null } as const;
    return { event: 'check', ...about, outcome: 'not_judged', because: 'no values', of: judged.rows, ...of } as const;
  });
  return {
    rules: [...idle.map(eventOf), ...ofChecks].map((event) => ({ event })),
    notes: [{ code: 'rules_idle', rules: [...idle, ...checks].map(({ name }) => name), rows: judged.rows, ...of }],
  };
}

/** A file may lack the column, because the contract allows it. */
function isAboutOptional(rule: Rule, { validation }: EntitySpec): boolean {
  const optional = validation?.optional ?? [];
  if (rule.what !== 'holds') return optional.includes(rule.column);
  return columnsNamedIn(`${rule.check}\n${rule.when ?? ''}`, [...optional]).length > 0;
}

function onlyFile({ slices }: Plan): string | undefined {
  const files = new Set(slices.flatMap(({ slice }) => sourcesOf(slice)));
  return files.size === 1 ? [...files][0] : undefined;
}
