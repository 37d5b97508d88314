/** `hygge verify --contract`: judges the settled rows by the present contract. It reads the destination and the state, takes no lease, and is read-only. */
import {
  type CheckOutcome,
  checkProblem,
  columnOf,
  expectedOf,
  foundText,
  judgeBroken,
  judgeColumn,
  judgeUniqueness,
  judgeVolume,
  measuredFor,
} from '../../../checks/judge-checks.ts';
import { Interrupted } from '../../../errors/hygge-error.ts';
import { readable } from '../../../errors/readable.ts';
import type { Judging } from '../../../frames/rules/judge.ts';
import { addMeasures, type Measures, noMeasures } from '../../../frames/rules/measures.ts';
import type { Rule } from '../../../frames/rules/rule.ts';
import { addSamples, type Samples } from '../../../frames/rules/sample.ts';
import type { Schema } from '../../../frames/schema.ts';
import type { JudgedContract, NotJudged } from '../../../ports/answers/settled-contract.ts';
import type { CheckTold } from '../../../ports/events.ts';
import type { Json } from '../../../ports/values.ts';
import { deletedColumn, everything, type Home } from '../../contracts/home.ts';
import type { EnginePorts } from '../../contracts/ports.ts';
import { settledNameIn } from '../../contracts/records.ts';
import type { EntitySpec } from '../../contracts/spec.ts';
import { untilDone } from '../../contracts/steps.ts';
import type { Aside, Head, RepeatedKeys, Store } from '../../contracts/store.ts';
import type { Check, ValidationSpec } from '../../contracts/validation.ts';
import { detailsOf } from '../../errors/details.ts';
import { keyOf, keysToCompare } from '../../keys/key-runs.ts';
import { snapshotInForce } from '../../schema/snapshot.ts';
import { judgedOrExplained } from '../../validation/fit.ts';
import { settledSide } from '../sides.ts';
import { type Standing, standingOf } from '../starting-point.ts';
import { SettledKeys } from './settled-keys.ts';

export interface JudgingContext {
  readonly ports: EnginePorts;
  readonly signal: AbortSignal;
  /** Where the hashes of keys are kept meanwhile, one for each row. */
  readonly aside: Aside;
  /** @param progress.of how many rows have settled. */
  readonly tell: (progress: { readonly rows: number; readonly of: number }) => void;
}

/** How many times rows are judged if runs settle meanwhile. */
const mostReadings = 3;

/** Judges the settled rows of an entity. It never throws: an error is part of the answer. */
export async function judgeSettled(spec: EntitySpec, context: JudgingContext): Promise<JudgedContract> {
  const { clock } = context.ports;
  const started = clock.monotonicMs();
  const seconds = () => Math.round((clock.monotonicMs() - started) / 10) / 100;
  try {
    for (let readings = 1; readings <= mostReadings; readings++) {
      const found = await judgeOnce(spec, context);
      if (found !== 'moved') return { ...untold(spec), ...found, seconds: seconds() };
    }
    return { ...untold(spec), because: 'changed meanwhile', seconds: seconds() };
  } catch (error) {
    if (error instanceof Interrupted || context.signal.aborted) return { ...untold(spec), because: 'stopped', seconds: seconds() };
    return { ...untold(spec), error: detailsOf(readable(error), spec), seconds: seconds() };
  }
}

function untold({ flow, entity, validation }: EntitySpec): JudgedContract {
  const nothing = { ok: false, judged: 0, rows: null, findings: [], not_judged: [], because: null, seconds: 0, error: null };
  return { flow, entity, contract: validation?.contract ?? null, ...nothing };
}

async function judgeOnce(spec: EntitySpec, context: JudgingContext): Promise<Partial<JudgedContract> | 'moved'> {
  const { ports } = context;
  const { validation } = spec;
  if (validation === undefined || validation.rules.length + validation.checks.length === 0) return { because: 'no contract', ok: true };
  const standing = await standingOf(spec, ports);
  if ('because' in standing) return standing;
  const { store, head } = standing;
  if (store.settled?.gives !== 'rows') return { because: 'no way back' };
  await using home = await store.settled.open(head);
  const described = await untilDone(ports.clock, (cursor) => home.describe(cursor, 'whole'), context.signal);
  const schema = described.schema ?? head.schema ?? { columns: [] };
  const judgeable = await judgeableOf({ ports, validation, schema });
  const deletedMark = await deletedMarkOf(spec, ports, standing);
  const found = await measured(spec, home, { ...context, judgeable, of: head.rows, deletedMark, store, head });
  if ((await store.head())?.id !== head.id) return 'moved';
  const { measures } = found;
  const findings = [...brokenRules(judgeable.rules, found), ...failedChecks(judgeable.checks, found, validation.samples)];
  const isOk = findings.every(({ outcome }) => outcome === 'warned' || outcome === 'not_judged');
  return {
    ok: isOk && judgeable.not.every(({ why }) => why === 'of runs'),
    judged: judgeable.rules.length + judgeable.checks.length,
    rows: measures.rows,
    findings,
    not_judged: judgeable.not,
  };
}

/** The rules and checks by which settled rows can be judged. */
interface Judgeable {
  readonly rules: readonly Rule[];
  readonly checks: readonly RowsCheck[];
  readonly not: readonly NotJudged[];
}

/** A check for which the settled rows are enough. */
type RowsCheck = Extract<Check, { readonly type: (typeof rowsTypes)[number] }>;

const rowsTypes = ['completeness', 'range', 'broken rows', 'uniqueness', 'volume'] as const;

/** Whether a check needs only the settled rows. A check of the number of rows needs more if it is about the rows of one run. If it is about all rows of the source, it needs only the settled rows. */
const isOfRows = (check: Check): check is RowsCheck =>
  (rowsTypes as readonly string[]).includes(check.type) && (check.type !== 'volume' || check.ofAll === true);

async function judgeableOf({
  ports,
  validation,
  schema,
}: {
  readonly ports: EnginePorts;
  readonly validation: ValidationSpec;
  readonly schema: Schema;
}): Promise<Judgeable> {
  const rules: Rule[] = [];
  const checks: RowsCheck[] = [];
  const not: NotJudged[] = [];
  const fits = (rule: Rule) => ports.frames.ruleProblem(rule, schema);
  for (const rule of validation.rules) {
    const problem = await fits(rule);
    if (problem === null) rules.push(rule);
    else not.push({ kind: 'rule', name: rule.name, why: 'does not fit', problem });
  }
  for (const check of validation.checks) {
    const problem = !isOfRows(check) ? null : check.type === 'broken rows' ? await fits(check.rule) : checkProblem(check, schema);
    if (!isOfRows(check)) not.push({ kind: 'check', name: check.name, why: 'of runs' });
    else if (problem === null) checks.push(check);
    else not.push({ kind: 'check', name: check.name, why: 'does not fit', problem });
  }
  return { rules, checks, not };
}

interface ReadContext extends JudgingContext {
  readonly judgeable: Judgeable;
  /** How many rows have settled. */
  readonly of: number;
  /** `SettledSide.deletedMark`: the settled column that marks deleted rows. */
  readonly deletedMark: string | null;
  readonly store: Store;
  readonly head: Head;
}

interface MeasuredRows {
  readonly measures: Measures;
  readonly samples: Samples;
  /** The repeated keys by their columns, as `keyOf` writes them. */
  readonly repeated: ReadonlyMap<string, RepeatedKeys>;
}

/** The settled column that marks rows which the source has deleted. Runs do not judge such rows, so they are left out. Null: the entity has no such column. */
async function deletedMarkOf(spec: EntitySpec, ports: EnginePorts, { row, head }: Standing): Promise<string | null> {
  const snapshot = await snapshotInForce(ports, spec, row);
  const name = settledNameIn(snapshot ?? {}, deletedColumn) ?? deletedColumn;
  if (head.schema?.columns.some((column) => column.name === name && column.type.kind === 'bool') !== true) return null;
  if (spec.compareDeletes?.action === 'mark' || spec.deletes === 'mark') return name;
  // A column of the data may have this name, too. By the config alone, without a request to the source, the home knows which one it is.
  const home = await ports.home(spec, (snapshot?.pinned ?? null) as Json | null);
  return home.reading.tellsDeletes ? name : null;
}

/** Measures all settled rows, except rows that are marked as deleted. */
async function measured(
  spec: EntitySpec,
  home: Home,
  { ports, signal, tell, aside, judgeable, of, deletedMark, store, head }: ReadContext,
): Promise<MeasuredRows> {
  const judging: Judging = {
    // Rows are only counted here. So each rule only warns, and no row is set apart.
    rules: [...judgeable.rules, ...judgeable.checks.flatMap((check) => (check.type === 'broken rows' ? [check.rule] : []))].map((rule) => ({
      ...rule,
      severity: 'warn',
    })),
    measured: measuredFor(judgeable.checks),
    run: null,
    stamped: [],
    samples: spec.validation?.samples ?? 'mask',
  };
  let [measures, samples]: [Measures, Samples] = [noMeasures, {}];
  const side = settledSide({ ports, home, windows: [everything], deletedMark, parts: null, apart: null });
  const rows = async function* () {
    for await (const piece of side.read(signal)) if ('frame' in piece) yield piece.frame;
  };
  const lists = keysToCompare(judgeable.checks);
  // If rows have a mark, hashes are compared here, because a database’s own statement would also compare rows that are marked as deleted.
  const compares = deletedMark === null && store.repeats?.by === 'store' ? store.repeats.settled : undefined;
  const keys = lists.length === 0 || compares !== undefined ? null : new SettledKeys({ ports, aside, keys: lists, signal });
  for await (const frame of rows()) {
    signal.throwIfAborted();
    const judged = await judgedOrExplained(spec, judging, (asked) => ports.frames.judge(frame, asked));
    await keys?.add(frame);
    measures = addMeasures(measures, judged.measures);
    samples = addSamples(samples, judged.samples);
    tell({ rows: measures.rows, of });
  }
  const repeated = new Map<string, RepeatedKeys>((await keys?.found(rows)) ?? []);
  if (compares !== undefined) for (const columns of lists) repeated.set(keyOf(columns), await compares(head, { columns }));
  return { measures, samples, repeated };
}

function brokenRules(
  rules: readonly Rule[],
  { measures, samples }: { readonly measures: Measures; readonly samples: Samples },
): readonly CheckTold[] {
  return rules.flatMap((rule): readonly CheckTold[] => {
    const { name, column, severity = 'quarantine' } = rule;
    const rows = measures.broken[name] ?? 0;
    if (rows === 0) return [];
    const some = (samples[name] ?? []).map(({ form, value }) => value ?? form);
    const outcome = severity === 'warn' ? 'warned' : 'failed';
    return [{ kind: 'rule', name, column, outcome, rows, of: measures.rows, ...(some.length === 0 ? {} : { samples: some }) }];
  });
}

function failedChecks(checks: readonly RowsCheck[], found: MeasuredRows, shows: 'mask' | 'show'): readonly CheckTold[] {
  return checks.flatMap((check): readonly CheckTold[] => {
    const judged = outcomeOf(check, found);
    if (judged.outcome === 'passed') return [];
    const told = { kind: 'check', name: check.name, column: columnOf(check), expected: expectedOf(check) } as const;
    if (judged.outcome === 'not judged') return [{ ...told, outcome: 'not_judged' }];
    return [{ ...told, outcome: check.onFail === 'warn' ? 'warned' : 'failed', found: foundText(judged, shows) }];
  });
}

function outcomeOf(check: RowsCheck, { measures, repeated }: MeasuredRows): CheckOutcome {
  switch (check.type) {
    case 'broken rows':
      return judgeBroken(check, measures);
    case 'volume':
      return judgeVolume(check, measures.rows, []);
    case 'uniqueness': {
      const keys = repeated.get(keyOf(check.columns));
      return keys === undefined || measures.rows === 0 ? { outcome: 'not judged', because: 'no rows' } : judgeUniqueness(keys);
    }
    case 'completeness':
    case 'range':
      return judgeColumn(check, measures);
  }
}
