/** `hygge verify --contract`: the rows that settled, judged by the contract of now. Reads the destination and the state, takes no lease, writes nothing. */
import { checkProblem, expectedOf, foundText, judgeBroken, judgeColumn, measuredFor } from '../../../checks/judge-checks.ts';
import { Interrupted } from '../../../errors/hygge-error.ts';
import { readable } from '../../../errors/readable.ts';
import { plainProblem, ruleProblem } from '../../../frames/rules/fit.ts';
import type { Judging } from '../../../frames/rules/judge.ts';
import { addMeasures, type Measures, noMeasures } from '../../../frames/rules/measures.ts';
import type { Rule } from '../../../frames/rules/rule.ts';
import { addSamples, type Samples } from '../../../frames/rules/sample.ts';
import type { Schema } from '../../../frames/schema.ts';
import type { JudgedContract, NotJudged } from '../../../ports/answers/settled-contract.ts';
import type { CheckTold } from '../../../ports/events.ts';
import { everything, type Home } from '../../contracts/home.ts';
import type { EnginePorts } from '../../contracts/ports.ts';
import type { EntitySpec } from '../../contracts/spec.ts';
import { untilDone } from '../../contracts/steps.ts';
import { type Check, judgeRows, type ValidationSpec } from '../../contracts/validation.ts';
import { detailsOf } from '../../errors/details.ts';
import { judgedOrExplained } from '../../validation/fit.ts';
import { settledSide } from '../sides.ts';
import { standingOf } from '../verify-entity.ts';

export interface JudgingContext {
  readonly ports: EnginePorts;
  readonly signal: AbortSignal;
  /** @param progress.of rows that settled. */
  readonly tell: (progress: { readonly rows: number; readonly of: number }) => void;
}

/** A run may settle while rows are judged: so often they are judged again. */
const mostReadings = 3;

/** Never throws: what went wrong is in the answer. */
export async function judgeSettled(spec: EntitySpec, context: JudgingContext): Promise<JudgedContract> {
  const { clock } = context.ports;
  const started = clock.monotonicMs();
  const seconds = () => Math.round((clock.monotonicMs() - started) / 10) / 100;
  try {
    for (let readings = 1; readings <= mostReadings; readings++) {
      const found = await judgeOnce(spec, context);
      if (found !== 'moved') return { ...untold(spec), ...found, seconds: seconds() };
    }
    return { ...untold(spec), because: 'settled meanwhile', seconds: seconds() };
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
  if (store.openSettled === undefined) return { because: 'no way back' };
  await using home = await store.openSettled(head);
  const described = await untilDone(ports.clock, (cursor) => home.describe(cursor, 'whole'));
  const schema = described.schema ?? head.schema ?? { columns: [] };
  const judgeable = await judgeableOf({ ports, validation, schema });
  const { measures, samples } = await measured(spec, home, { ...context, judgeable, of: head.rows });
  if ((await store.head())?.id !== head.id) return 'moved';
  const findings = [
    ...brokenRules(judgeable.rules, { measures, samples }),
    ...failedChecks(judgeable.checks, measures, validation.samples),
  ];
  const isOk = findings.every(({ outcome }) => outcome === 'warned' || outcome === 'not_judged');
  return {
    ok: isOk && judgeable.not.every(({ why }) => why === 'of runs'),
    judged: judgeable.rules.length + judgeable.checks.length,
    rows: measures.rows,
    findings,
    not_judged: judgeable.not,
  };
}

/** What rows that settled can be judged by. */
interface Judgeable {
  readonly rules: readonly Rule[];
  readonly checks: readonly RowsCheck[];
  readonly not: readonly NotJudged[];
}

/** A check that rows which settled can answer. */
type RowsCheck = Extract<Check, { readonly type: 'completeness' | 'range' | 'broken rows' }>;

const isOfRows = (check: Check): check is RowsCheck =>
  check.type === 'completeness' || check.type === 'range' || check.type === 'broken rows';

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
  const fits = async (rule: Rule) => (ports.judge === undefined ? ruleProblem(rule, schema) : plainProblem(rule, schema));
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
  /** Rows that settled. */
  readonly of: number;
}

/** All rows that settled, those that are marked as deleted included: a run judged them as well. */
async function measured(
  spec: EntitySpec,
  home: Home,
  { ports, signal, tell, judgeable, of }: ReadContext,
): Promise<{ readonly measures: Measures; readonly samples: Samples }> {
  const judging: Judging = {
    // Nothing is set apart: rows are counted.
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
  const side = settledSide({ ports, home, windows: [everything], deletedMark: null, parts: null });
  for await (const piece of side.read(signal)) {
    if (!('frame' in piece)) continue;
    signal.throwIfAborted();
    const judged = await judgedOrExplained(spec, judging, (asked) => judgeRows(ports, piece.frame, asked));
    measures = addMeasures(measures, judged.measures);
    samples = addSamples(samples, judged.samples);
    tell({ rows: measures.rows, of });
  }
  return { measures, samples };
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

function failedChecks(checks: readonly RowsCheck[], measures: Measures, shows: 'mask' | 'show'): readonly CheckTold[] {
  return checks.flatMap((check): readonly CheckTold[] => {
    const judged = check.type === 'broken rows' ? judgeBroken(check, measures) : judgeColumn(check, measures);
    if (judged.outcome === 'passed') return [];
    const told = {
      kind: 'check',
      name: check.name,
      column: 'column' in check ? check.column : check.rule.column,
      expected: expectedOf(check),
    } as const;
    if (judged.outcome === 'not judged') return [{ ...told, outcome: 'not_judged' }];
    return [{ ...told, outcome: check.onFail === 'warn' ? 'warned' : 'failed', found: foundText(judged, shows) }];
  });
}
