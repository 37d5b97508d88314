import { realClock } from '../../adapters/real-clock.ts';
import { realRandom } from '../../adapters/real-random.ts';
import { sharedSidePorts, withOwnSides } from '../../assembly/ports.ts';
import { readable } from '../../errors/readable.ts';
import {
  comparisonClosing,
  comparisonLines,
  comparisonProgressLine,
  notRecordedLine,
  planLines,
} from '../../narrate/commands/verify/comparison-lines.ts';
import type { Palette } from '../../narrate/text/palette.ts';
import { visible } from '../../narrate/text/visible.ts';
import type { Comparison, ComparisonPlan, ComparisonProgress, VerifyRequest } from '../../ports/answers/comparison.ts';
import { mapConcurrent } from '../../ports/map-concurrent.ts';
import { tellBroken } from '../select/broken-flows.ts';
import { openChosen } from '../select/open-entities.ts';
import type { Filter } from '../select/selection.ts';
import { mustConfirmTarget } from '../terminal/confirmation.ts';
import { exit } from '../terminal/exit-code.ts';
import { printLines } from '../terminal/print.ts';
import { progressLines } from '../terminal/progress-lines.ts';
import { stopOnce } from '../terminal/stop-once.ts';
import type { CommonFlags, Surroundings } from '../terminal/surroundings.ts';
import { unreadable } from '../terminal/usage.ts';
import { folderForProof, writeProof } from './proof-folder.ts';

export interface VerifyFlags extends CommonFlags, Filter {
  /** Whether settled files are compared with their own checksums. */
  readonly settled?: true | undefined;
  /** Whether settled rows are checked against the present contract. */
  readonly contract?: true | undefined;
  readonly range?: string | undefined;
  readonly columns?: readonly string[] | undefined;
  readonly key?: readonly string[] | undefined;
  /** The share of keys that are compared, written as `1%` or `0.01`. */
  readonly sample?: string | undefined;
  readonly rows: number;
  /** The pause, in milliseconds. */
  readonly pause?: number | undefined;
  readonly maxSnapshot?: number | undefined;
  /** Whether ranges that differ are read again. */
  readonly repair?: true | undefined;
  readonly dryRun?: true | undefined;
  readonly yes?: true | undefined;
  readonly wait?: true | undefined;
  readonly takeOver?: true | undefined;
  readonly removes?: number | undefined;
  readonly confirm?: string | undefined;
  /** The maximum number of entities that are compared at the same time. */
  readonly concurrency?: number | undefined;
  /** The folder for SQL that returns the same sums without hygge. */
  readonly proof?: string | undefined;
}

const pauseMs = 5_000;
const maxSnapshotMs = 600_000;

/** `hygge verify`: compares settled rows with the source, or settled data with its checksums (`--settled`). The verdict is written to the journal, and data is changed only with `--repair`. Exit 1: rows differ, or could not be read. */
export async function verify(flags: VerifyFlags, surroundings: Surroundings): Promise<number> {
  const request = requestOf(flags);
  mustGoTogether(flags);
  if (flags.proof !== undefined && flags.repair === true)
    throw unreadable('--proof is for a comparison, and --repair changes the destination.', ['Repair first, then prove']);
  if (flags.proof !== undefined && request.sample < 1)
    throw unreadable('--proof is for all rows that are compared: SQL can’t choose the rows of --sample.', ['Leave --sample out']);
  if (flags.settled === true) {
    if ([flags.range, flags.columns, flags.key, flags.sample, flags.proof].some((one) => one !== undefined))
      throw unreadable(
        '--settled reads whole files: --range, --columns, --key, --sample and --proof are for a comparison with the source.',
        ['hygge verify --settled'],
      );
    return (await import('./settled-check.ts')).verifySettled(flags, surroundings);
  }
  if (flags.contract === true) {
    if ([flags.range, flags.columns, flags.key, flags.sample, flags.proof].some((one) => one !== undefined))
      throw unreadable(
        '--contract judges all settled rows: --range, --columns, --key, --sample and --proof are for a comparison with the source.',
        ['hygge verify --contract'],
      );
    return (await import('./settled-contract.ts')).verifyContract(flags, surroundings);
  }
  const clock = realClock();
  const { workspace, entities, broken } = await openChosen(flags, surroundings, clock);
  if (flags.removes !== undefined && entities.length > 1)
    throw unreadable(`--removes is the number of one entity, but ${entities.length} are chosen.`, [
      'hygge verify shop.orders --repair --removes 999',
    ]);
  const proofFolder = flags.proof === undefined ? null : await folderForProof(flags.proof, entities, surroundings.directory);
  const random = realRandom();
  const isRepair = flags.repair === true && flags.dryRun !== true;
  if (isRepair) await mustConfirmTarget(flags, workspace, surroundings);
  await using ports = await sharedSidePorts(workspace, {
    clock,
    random,
    emit: () => {},
    network: surroundings.network,
    countsInState: true,
  });
  const [{ verifyEntity }, { recordVerdict, verifyRunId }] = await Promise.all([
    import('../../engine/verify/verify-entity.ts'),
    import('../../engine/verify/verdict.ts'),
  ]);
  const runId = random.id();
  using stopping = stopOnce(surroundings);
  const all: Comparison[] = [];
  let mended = 0;
  const invocationId = random.id();
  // With a repair or a proof, one entity is compared at a time: a repair asks the person, and a proof writes to one folder.
  const atOnce =
    flags.repair === true || proofFolder !== null ? 1 : Math.min(flags.concurrency ?? workspace.options.concurrency, entities.length);
  await mapConcurrent(
    [...entities.entries()],
    async ([at, spec]) => {
      if (stopping.asked() !== null) return;
      let plan: ComparisonPlan | null = null;
      const show = (lines: (palette: Palette) => readonly string[]): void => {
        if (flags.output !== 'json') printLines(surroundings, flags, lines);
      };
      const tell = progressLines<ComparisonProgress>(clock, { surroundings, flags }, (progress) => comparisonProgressLine(spec, progress));
      const startedAt = clock.now();
      const ids = { invocationId, runId, entityRunId: verifyRunId(`${runId}.${at + 1}`), flow: spec.flow, entity: spec.entity };
      const one = await withOwnSides(ports, (own) =>
        verifyEntity(spec, request, {
          ports: own,
          signal: stopping.signal,
          planned: (made) => {
            if (atOnce === 1) show((palette) => planLines(made, palette));
            else plan = made;
          },
          ...{ tell, atOnce },
        }),
      );
      all.push(one);
      const repairs = flags.repair === true && one.verdict === 'differs';
      // The lines of one entity are printed together, even if several entities are compared at the same time.
      show((palette) => [
        ...(plan === null ? [] : planLines(plan, palette)),
        ...comparisonLines(one, palette, { repairs, asks: surroundings.ask !== undefined }),
      ]);
      const about = (event: string) => ({ event, v: 1, ts: clock.now(), invocation_id: invocationId, run_id: runId });
      const record = async (found: Comparison, id: string): Promise<void> => {
        try {
          await recordVerdict(spec, found, { ids: { ...ids, entityRunId: id }, workspace: workspace.name, startedAt }, ports);
        } catch (error) {
          surroundings.err.write(`${notRecordedLine(spec, readable(error).what)}\n`);
        }
      };
      await record(one, ids.entityRunId);
      if (proofFolder !== null && one.proof !== null) {
        await writeProof(proofFolder, one, clock.now());
        show((palette) => [`    ${palette.quiet('proof')}  ${visible(flags.proof ?? '')}/README.md`]);
      }
      if (!repairs) {
        if (flags.output === 'json')
          surroundings.out.write(`${JSON.stringify({ ...about('verified'), ...one, proof: one.proof && { folder: flags.proof } })}\n`);
        return;
      }
      const { repairOne } = await import('./verify-repair.ts');
      const { signal } = stopping;
      const repair = await repairOne(spec, one, {
        flags,
        surroundings,
        ports,
        request,
        invocationId,
        workspace: workspace.name,
        signal,
        tell,
      });
      if (repair.ok) mended++;
      if (repair.proof) await record(repair.proof, `${ids.entityRunId}.2`);
      if (flags.output === 'json') surroundings.out.write(`${JSON.stringify({ ...about('repaired'), ...repair })}\n`);
    },
    atOnce,
  );
  if (flags.output !== 'json')
    printLines(surroundings, flags, (palette) => comparisonClosing(all, { asked: entities.length, mended }, palette));
  tellBroken(broken, surroundings, flags);
  const stopped = stopping.asked();
  if (stopped !== null) return exit[stopped];
  return broken.length === 0 && all.filter(({ ok }) => !ok).length === mended ? exit.ok : exit.failed;
}

/** Throws for options that need `--repair` but lack it, and for options that can not be combined with `--repair`. */
function mustGoTogether({ settled, contract, repair, dryRun, yes, wait, takeOver, removes, sample }: VerifyFlags): void {
  if (repair !== true && [dryRun, yes, wait, takeOver, removes].some((one) => one !== undefined))
    throw unreadable('--dry-run, --yes, --wait, --take-over and --removes are for --repair: verify alone writes nothing.', [
      'hygge verify shop.orders --repair',
    ]);
  if (settled === true && contract === true)
    throw unreadable('--settled and --contract can’t be combined.', ['hygge verify --settled', 'hygge verify --contract']);
  if (repair === true && contract === true)
    throw unreadable('--repair reads rows from the source again, and --contract reads no source.', ['hygge verify shop.orders --repair']);
  if (repair === true && settled === true)
    throw unreadable('--repair reads rows from the source again, and --settled reads no source.', ['hygge verify shop.orders --repair']);
  if (repair === true && sample !== undefined)
    throw unreadable('--repair needs all rows that differ, but --sample compares only some rows.', ['hygge verify shop.orders --repair']);
}

function requestOf({ range, columns, key, sample, rows, pause, maxSnapshot, proof }: VerifyFlags): VerifyRequest {
  return {
    by: 'checksums',
    range: range === undefined ? null : rangeOf(range),
    columns: columns ?? null,
    key: key ?? null,
    sample: sample === undefined ? 1 : shareOf(sample),
    rows,
    pauseMs: pause ?? pauseMs,
    maxSnapshotMs: maxSnapshot ?? maxSnapshotMs,
    proof: proof !== undefined,
  };
}

function rangeOf(written: string): NonNullable<VerifyRequest['range']> {
  const at = written.indexOf('..');
  const [from, to] = at < 0 ? ['', ''] : [written.slice(0, at).trim(), written.slice(at + 2).trim()];
  if (from !== '' && to !== '') return { from, to };
  throw unreadable(`--range ${written} is not a range.`, [
    'Write the first value, two dots, and the value after the last one: 2024-01-01..2024-02-01',
  ]);
}

function shareOf(written: string): number {
  const [, number, percent] = /^(\d+(?:\.\d+)?)(%?)$/.exec(written.trim()) ?? [];
  const share = Number(number) / (percent === '%' ? 100 : 1);
  if (share > 0 && share <= 1) return share;
  throw unreadable(`--sample ${written} is not a share of the rows.`, ['Write it like 1% or 0.01']);
}
