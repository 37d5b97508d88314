import type { RealPorts } from '../../assembly/ports.ts';
import { withOwnSides } from '../../assembly/ports.ts';
import type { EntitySpec } from '../../engine/contracts/spec.ts';
import { detailsOf } from '../../engine/errors/details.ts';
import { removesOtherNumber, repairRemovesTooMany } from '../../engine/errors/verify.ts';
import { shellWord } from '../../errors/as-argument.ts';
import { readable } from '../../errors/readable.ts';
import { repairLines, repairPlanLines, repairQuestion } from '../../narrate/commands/verify/repair-lines.ts';
import { entityArgument } from '../../narrate/text/visible.ts';
import type { Comparison, ComparisonProgress, VerifyRequest } from '../../ports/answers/comparison.ts';
import type { Repair, RepairPlan } from '../../ports/answers/repair.ts';
import { askToConfirm } from '../terminal/confirmation.ts';
import { printLines } from '../terminal/print.ts';
import type { CommonFlags, Surroundings } from '../terminal/surroundings.ts';

export interface RepairFlags extends CommonFlags {
  readonly dryRun?: true | undefined;
  readonly yes?: true | undefined;
  readonly wait?: true | undefined;
  readonly takeOver?: true | undefined;
  /** The number of settled rows to remove, which the person confirms if it is large. */
  readonly removes?: number | undefined;
  readonly range?: string | undefined;
  readonly columns?: readonly string[] | undefined;
  readonly key?: readonly string[] | undefined;
}

export interface RepairContext {
  readonly flags: RepairFlags;
  readonly surroundings: Surroundings;
  readonly ports: RealPorts;
  readonly request: VerifyRequest;
  readonly invocationId: string;
  readonly workspace: string;
  readonly signal: AbortSignal;
  readonly tell: (progress: ComparisonProgress) => void;
}

/** Whether the source may have several rows with one key, of which a repair keeps the newer row. If only some rows were compared, it is unknown whether their keys have other rows. */
function mayKeepNewer({ rows, differences, plan }: Comparison): boolean {
  const isWhole = plan !== null && !plan.scope.is_range && plan.scope.sample === 1 && differences?.all_counted === true;
  return !isWhole || (rows?.kept_as_newer ?? 0) > 0;
}

/** `hygge verify --repair` for an entity that differs: shows the plan, asks for confirmation, repairs all ranges in one commit, and compares the rows again. */
export async function repairOne(spec: EntitySpec, found: Comparison, context: RepairContext): Promise<Repair> {
  const { flags, surroundings, ports } = context;
  const started = ports.clock.monotonicMs();
  const { flow, entity } = spec;
  const none: Repair = {
    ...{ flow, entity, verdict: 'differs', ok: false, found, plan: null },
    ...{ done: 0, rows_read: 0, proof: null, seconds: 0, error: null },
  };
  const ended = (more: Partial<Repair>): Repair => {
    const seconds = Math.round((ports.clock.monotonicMs() - started) / 10) / 100;
    const repair: Repair = { ...none, ...more, seconds };
    if (flags.output !== 'json') printLines(surroundings, flags, (palette) => repairLines(repair, palette));
    return repair;
  };
  const { repair } = found;
  if (repair === null || repair.ranges.length === 0) return ended({ verdict: 'nothing to repair' });
  let planned: RepairPlan | null = null;
  try {
    const [{ repairOf, withSpare }, { repairPlan }, { rowsInRanges }] = await Promise.all([
      import('../../engine/backfill/backfill.ts'),
      import('../../engine/backfill/repair-plan.ts'),
      import('../../engine/backfill/range-counts.ts'),
    ]);
    // With `--yes`, the person has also agreed that rows of other programs are removed.
    const foreign = flags.yes ? 'replace' : 'keep';
    const counted = await withOwnSides(ports, async (own) => {
      const rows = await rowsInRanges(spec, context.request, repair.ranges, { ports: own, signal: context.signal });
      // Another run has begun in the meantime.
      if (rows === null) return null;
      const made = await repairOf(spec, repair, { foreign, keepsNewer: mayKeepNewer(found), rows, ports: own });
      const plan = await repairPlan(spec, made, { found, differing: repair, rows, signal: context.signal }, own);
      return { series: withSpare(made, Math.max(0, plan.removes_at_most - plan.effect.removes)), plan };
    });
    if (counted === null) return ended({ verdict: 'differs' });
    const { series, plan } = counted;
    planned = plan;
    if (flags.output !== 'json') printLines(surroundings, flags, (palette) => repairPlanLines(spec, repair, plan, palette));
    if (flags.dryRun) return ended({ verdict: 'planned', plan });
    mustMeanRemoves(spec, { plan, found, flags });
    const command = commandWith(spec, flags.removes ?? null, { ...flags, yes: undefined });
    if (!(await askToConfirm(flags, surroundings, { question: repairQuestion(spec, plan), name: 'verify --repair', command })))
      return ended({ verdict: 'left', plan });
    const { backfill } = await import('../../engine/backfill/backfill-run.ts');
    const summary = await backfill(
      {
        ...{ spec, series, invocationId: context.invocationId, workspace: context.workspace, signal: context.signal },
        ...{ wait: flags.wait === true, takeOver: flags.takeOver === true },
      },
      ports,
    );
    const runs = summary.entities;
    const failed = runs.find(({ error }) => error !== undefined)?.error;
    const isDone = summary.backfill?.done === summary.backfill?.chunks;
    const rows = { plan, rows_read: runs.reduce((sum, run) => sum + run.rows_read, 0), done: isDone ? plan.ranges.length : 0 };
    if (context.signal.aborted) return ended({ ...rows, verdict: 'stopped' });
    if (failed) return ended({ ...rows, error: failed });
    const proof = await comparedAgain(spec, context);
    const isMended = proof.verdict === 'same' || proof.because === 'no row';
    return ended({ ...rows, proof, ...(isMended ? { verdict: 'mended', ok: true } : { verdict: 'differs' }) });
  } catch (error) {
    if (context.signal.aborted) return ended({ verdict: 'stopped' });
    return ended({ plan: planned, error: detailsOf(readable(error), spec) });
  }
}

/** Throws if a large number of removed rows is not confirmed. `--yes` alone does not confirm the number: a source that lost rows looks like a source whose rows were deleted. */
function mustMeanRemoves(spec: EntitySpec, { plan, found, flags }: { plan: RepairPlan; found: Comparison; flags: RepairFlags }): void {
  const { removes } = plan.effect;
  const command = commandWith(spec, removes, flags);
  if (flags.removes !== undefined && flags.removes !== removes) throw removesOtherNumber(spec, { said: flags.removes, removes, command });
  if (removes <= plan.removes_at_most) return;
  const areAllCounted = found.differences?.all_counted === true;
  if (areAllCounted && flags.removes === removes) return;
  throw repairRemovesTooMany(spec, {
    ...{ removes, compared: plan.compared, atMost: plan.removes_at_most },
    sourceIsEmpty: found.rows?.source === 0,
    unknownKeys: found.rows?.unknown_keys ?? 0,
    command: areAllCounted ? command : null,
  });
}

/** The command for a repair. @param removes the number of rows to remove. Null: the command leaves out the number. */
function commandWith({ flow, entity }: EntitySpec, removes: number | null, { range, columns, key, yes }: RepairFlags): string {
  const listed = (name: string, names: readonly string[] | undefined) =>
    names === undefined ? [] : [`--${name}`, shellWord(names.join(','))];
  const scope = [...(range === undefined ? [] : ['--range', shellWord(range)]), ...listed('columns', columns), ...listed('key', key)];
  const said = ['--repair', ...(removes === null ? [] : ['--removes', `${removes}`]), ...(yes ? ['--yes'] : [])];
  return ['hygge verify', entityArgument(flow, entity), ...scope, ...said].join(' ');
}

/** Compares the same rows as before the repair. A comparison of only the repaired ranges would miss rows outside of them. */
async function comparedAgain(spec: EntitySpec, { ports, request, signal, tell }: RepairContext): Promise<Comparison> {
  const { verifyEntity } = await import('../../engine/verify/verify-entity.ts');
  return await withOwnSides(ports, (own) =>
    verifyEntity(spec, { ...request, proof: false }, { ports: own, signal, planned: () => {}, tell, atOnce: 1 }),
  );
}
