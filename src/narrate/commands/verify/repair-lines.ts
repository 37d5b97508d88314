/** The commands to run if rows differ, and the answers of `hygge verify --repair`. */
import { shellWord } from '../../../errors/as-argument.ts';
import type { Comparison, DifferingRange, DifferingRanges } from '../../../ports/answers/comparison.ts';
import type { Repair, RepairEffect, RepairPlan } from '../../../ports/answers/repair.ts';
import type { EntityKey } from '../../../ports/values.ts';
import { errorBody, headline } from '../../text/error-lines.ts';
import { bytes, count, counted, duration } from '../../text/figures.ts';
import type { Palette } from '../../text/palette.ts';
import { verdictText } from '../../text/verdict.ts';
import { entityArgument, shownEntity, shownName, visible } from '../../text/visible.ts';

/** Commands that resolve the differences, the cheapest first. */
export function waysToMend(
  { flow, entity, plan, rows, repair, differences, source_as_settled: isAsSettled, replica }: Comparison,
  asks: boolean,
): readonly string[] {
  const argument = entityArgument(flow, entity);
  if (plan === null) return [];
  const seesMore = plan.key.length === 0 ? [`See what changed in a row: hygge verify ${argument} --key …`] : [];
  const go = `hygge go -e ${argument}`;
  const anew = `hygge reset ${argument}, then ${go}`;
  const { how, keeps_changed_files: keepsFiles, on_empty: onEmpty } = plan.load;
  const isEmptied = rows?.source === 0 && !plan.scope.is_range && plan.scope.sample === 1;
  if (isEmptied && onEmpty !== 'replace' && how !== 'copies')
    return [
      ...seesMore,
      `The source is empty, and on_empty: ${onEmpty} leaves the rows here. Set on_empty: replace, then hygge go -d -e ${argument}`,
    ];
  switch (how) {
    case 'replaces':
      return [...seesMore, `Load it again: ${go}`];
    case 'copies':
      return [...seesMore, `Each run adds a copy (if_exists: append). To have only one copy: ${anew}`];
    case 'merges':
      return [
        ...seesMore,
        (differences?.only_in_destination ?? 0) === 0 ? `Load it again: ${go}` : `A merge removes no row. Load all rows again: ${anew}`,
      ];
    case 'incremental': {
      if (plan.settled_from !== null)
        return [
          'The rows settled from another source. If this change is not intended, change the source back in the config',
          `Load everything again: ${anew}`,
          `Keep the settled rows and continue with this source: hygge reset ${argument} --adopt`,
        ];
      // The settled rows are right, but Fabric's table is not.
      if (replica !== null)
        return [
          ...seesMore,
          `Load the table again: ${anew}`,
          ...((differences?.only_in_destination ?? 0) === 0 && plan.key.length > 0
            ? [`Or publish the rows of a range of the watermark again: hygge backfill ${argument} --from … --to …`]
            : []),
        ];
      const mends = repair !== null && repair.ranges.length > 0;
      const isLeft = repair === null || repair.beyond + repair.unmarked > 0;
      return [
        ...seesMore,
        ...(mends
          ? [
              `Repair these rows: hygge verify ${argument} --repair${asks ? '' : ' --yes'}`,
              ...(removesMany(repair, rows) || (rows?.last_good ?? 0) > 0 ? [] : backfillOf(repair, argument)),
            ]
          : []),
        ...(isLeft && isAsSettled !== true && !keepsFiles ? [`Load new rows, and compare again: ${go}`] : []),
        ...(isLeft
          ? [`${keepsFiles ? 'changed_files: append keeps earlier rows. ' : ''}Load all rows again: hygge go -d -e ${argument}`]
          : []),
      ];
    }
  }
}

/** A repair asks the user to confirm the number of removed rows, but a backfill asks nothing. */
function removesMany({ ranges }: DifferingRanges, rows: Comparison['rows']): boolean {
  const removes = ranges.reduce((sum, one) => sum + one.rows.removes, 0);
  return removes > 10 || rows?.source === 0;
}

/** The same repair by hand: a backfill of one range around all differing rows. */
function backfillOf({ ranges }: DifferingRanges, argument: string): readonly string[] {
  const [first, last] = [ranges[0], ranges.at(-1)];
  if (first === undefined || last === undefined || last.to_included) return [];
  return [`Or: hygge backfill ${argument} --from ${shellWord(first.from)} --to ${shellWord(last.to)}`];
}

export function repairPlanLines(key: EntityKey, found: DifferingRanges, plan: RepairPlan, palette: Palette): readonly string[] {
  const { ranges } = plan;
  const line = (label: string, text: string) => `    ${palette.quiet(label.padEnd(12))} ${text}`;
  const { settled_files: files } = plan;
  const much = [...(plan.rows === null ? [] : [`about ${counted(plan.rows, 'row')}`]), ...(plan.bytes === null ? [] : [bytes(plan.bytes)])];
  return [
    `${palette.strong(shownEntity(key.flow, key.entity))}  repair ${counted(ranges.length, 'range')} of ${shownName(found.column)}, in one commit; the watermark stays`,
    ...ranges.slice(0, mostShown).map((one, at) => line(at === 0 ? 'ranges' : '', `${rangeText(one)}: ${effectText(one.effect)}`)),
    ...(ranges.length > mostShown ? [line('', `… ${ranges.length - mostShown} more`)] : []),
    line('rows', effectText(plan.effect)),
    ...(plan.effect.removes > plan.removes_at_most
      ? [
          line(
            'removes',
            `${count(plan.effect.removes)} of ${counted(plan.compared, 'settled row')}; the repair needs --removes ${plan.effect.removes}`,
          ),
        ]
      : []),
    line('read again', `${visible(plan.where)}${much.length === 0 ? '' : `: ${much.join(', ')}`}`),
    ...(files === 0 ? [] : [line('rewritten', `${counted(files, 'settled file')}, ${bytes(plan.settled_bytes)}`)]),
    ...notCovered(found),
  ];
}

const mostShown = 10;

function effectText(effect: RepairEffect): string {
  const { adds, changes, removes, earlier_versions: versions, marked_deleted: marked } = effect;
  const parts = [
    ...(adds > 0 ? [`adds ${count(adds)}`] : []),
    ...(changes > 0 ? [`changes ${count(changes)}`] : []),
    ...(removes > 0 ? [`removes ${count(removes)}`] : []),
    ...(versions > 0 ? [`removes ${counted(versions, 'earlier version')}`] : []),
    ...(marked > 0 ? [`removes ${counted(marked, 'row')} marked as deleted`] : []),
  ];
  return parts.length === 0 ? 'none' : parts.join(', ');
}

function rangeText({ from, to, to_included: isIncluded }: DifferingRange): string {
  if (isIncluded && from === to) return visible(from);
  return `${visible(from)} ${isIncluded ? 'to' : 'to before'} ${visible(to)}`;
}

function notCovered({ beyond, unmarked, held, later }: DifferingRanges): readonly string[] {
  const parts = [
    ...(beyond > 0 ? [`${counted(beyond, 'row')} at the watermark or above`] : []),
    ...(unmarked > 0 ? [`${counted(unmarked, 'row')} without a watermark`] : []),
    ...(held > 0 ? [`${counted(held, 'row')} with the watermark of a settled row that stays`] : []),
    ...(later > 0 ? [`${counted(later, 'row')} in further ranges, for another repair`] : []),
  ];
  return parts.length === 0 ? [] : [`    not repaired: ${parts.join(', ')}`];
}

/** The advice if settled rows stay that the repair of a range would remove. */
function heldAdvice({ flow, entity, repair, rows }: Comparison): readonly string[] {
  if ((repair?.held ?? 0) === 0) return [];
  const argument = entityArgument(flow, entity);
  return [
    ...((rows?.last_good ?? 0) > 0 ? [`Correct the rows in quarantine first: hygge quarantine show ${argument}`] : []),
    `Or load everything again, without the settled rows that stay: hygge go -d -e ${argument}`,
  ];
}

export function repairQuestion(key: EntityKey, { ranges }: RepairPlan): string {
  return `Repair ${counted(ranges.length, 'range')} of ${shownEntity(key.flow, key.entity)}? [y/N] `;
}

export function repairLines(done: Repair, palette: Palette): readonly string[] {
  const { flow, entity, verdict, error, proof, seconds } = done;
  const name = shownEntity(flow, entity);
  const argument = entityArgument(flow, entity);
  const tried = (text: string) => `    ${palette.quiet('try')}  ${text}`;
  const took = palette.quiet(`(${duration(seconds)})`);
  if (error) return [`${palette.bad('✗')} ${name}  ${headline(error, palette)}`, ...errorBody(error, palette)];
  const far = `${count(done.done)} of ${counted(done.plan?.ranges.length ?? 0, 'range')}`;
  switch (verdict) {
    case 'mended':
      return [
        `${palette.good('✓')} ${name}  mended: ${counted(done.rows_read, 'row')} read again in ${counted(done.done, 'range')}; compared again, ${verdictText(proof ?? done.found)} ${took}`,
      ];
    case 'planned':
      return [`    ${palette.quiet('That is the plan; nothing was written. Without --dry-run it is done.')}`];
    case 'nothing to repair':
      return [
        `${palette.bad('✗')} ${name}  still differs: no range of a watermark has the differing rows`,
        ...(done.found.repair ? notCovered(done.found.repair) : []),
        ...[...heldAdvice(done.found), ...waysToMend(done.found, true)].map(
          (way, at) => `    ${palette.quiet(at === 0 ? 'try' : '   ')}  ${way}`,
        ),
      ];
    case 'left':
      return [`    Left unchanged.`];
    case 'stopped':
      return [`${palette.caution('!')} ${name}  stopped: ${far} done`, tried(`hygge verify ${argument} --repair`)];
    case 'differs':
      return [
        `${palette.bad('✗')} ${name}  still differs: ${far} repaired ${took}`,
        ...(done.found.repair ? notCovered(done.found.repair) : []),
        ...((done.found.repair?.beyond ?? 0) > 0 ? [tried(`Load new rows: hygge go -e ${argument}`)] : []),
        ...((done.found.repair?.later ?? 0) > 0 ? [tried(`Repair the further ranges: hygge verify ${argument} --repair`)] : []),
        ...heldAdvice(done.found).map(tried),
        tried(`See what differs now: hygge verify ${argument}`),
      ];
  }
}
