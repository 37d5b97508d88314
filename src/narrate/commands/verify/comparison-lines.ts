/** The answers of `hygge verify`, which compares a source with its settled rows. */
import type {
  ColumnNotCompared,
  ComparedRows,
  Comparison,
  ComparisonPlan,
  ComparisonProgress,
  DifferenceCounts,
  DifferingRow,
  PlannedSide,
  WhyRead,
} from '../../../ports/answers/comparison.ts';
import type { EntityKey } from '../../../ports/values.ts';
import { errorBody, headline } from '../../text/error-lines.ts';
import { bytes, count, counted, duration } from '../../text/figures.ts';
import type { Palette } from '../../text/palette.ts';
import { verdictText } from '../../text/verdict.ts';
import { entityArgument, shownEntity, shownName, visible } from '../../text/visible.ts';
import { waysToMend } from './repair-lines.ts';

const because: Readonly<Record<ColumnNotCompared['why'], string>> = {
  mask: 'masked',
  constant: 'a constant of the config',
  run: 'filled in by each run',
  mark: 'marks deleted rows',
  gone: 'no longer in the source',
  type: 'of another kind in the source',
  digits: 'kept with fewer digits of a second',
};

export function planLines(plan: ComparisonPlan, palette: Palette): readonly string[] {
  const { flow, entity, columns, not_compared, not_settled, key } = plan;
  const all = columns.length + not_compared.length;
  const which = not_compared.length === 0 ? counted(columns.length, 'column') : `${columns.length} of ${all} columns`;
  const by = key.length === 0 ? 'whole rows, as no key is known' : `by ${key.map(shownName).join(', ')}`;
  const line = (label: string, text: string) => `    ${palette.quiet(label.padEnd(13))} ${text}`;
  return [
    `${palette.strong(shownEntity(flow, entity))}  ${scopeText(plan)}; ${which}, ${by}`,
    line('source', `${sideText(plan.source)}${plan.source.filtered ? ', those that meet its where' : ''}`),
    line('destination', sideText(plan.destination)),
    ...(plan.settled_from === null ? [] : [line('settled from', `${visible(plan.settled_from)}, which is another source`)]),
    ...(plan.read_because === null ? [] : [line('row by row', whyReadText(plan.read_because))]),
    ...(not_compared.length === 0
      ? []
      : [line('not compared', not_compared.map(({ column, why }) => `${shownName(column)} (${because[why]})`).join(', '))]),
    ...(not_settled.length === 0 ? [] : [line('not settled', `${not_settled.map(shownName).join(', ')} (new in the source)`)]),
  ];
}

function scopeText({ scope }: ComparisonPlan): string {
  const { column, from, to, to_included: included, sample } = scope;
  const share = sample === 1 ? '' : `${Number((sample * 100).toPrecision(3))}% of the keys, `;
  if (column === null) return `${share}all rows`;
  const name = shownName(column);
  const start = from === null ? '' : `${visible(from)} ≤ `;
  return `${share}rows with ${start}${name}${to === null ? '' : ` ${included ? '≤' : '<'} ${visible(to)}`}`;
}

function sideText({ where, how, rows, rows_exact: exact, bytes: size }: PlannedSide): string {
  const much = [...(rows === null ? [] : [`${exact ? '' : '~'}${counted(rows, 'row')}`]), ...(size === null ? [] : [bytes(size)])];
  return `${visible(where)}: ${how === 'read' ? 'read' : 'sums its rows by itself'}${much.length === 0 ? '' : `, ${much.join(', ')}`}`;
}

/** Why hygge reads the rows of the source or store, as the end of a sentence. */
export function whyReadText({ side, what, column, text }: WhyRead): string {
  const name = column === undefined ? '' : shownName(column);
  switch (what) {
    case 'system':
      return `the ${side} has no SQL that sums rows`;
    case 'server':
      return `the ${side} can’t sum rows: ${text ?? ''}`;
    case 'column':
      return `the ${side} can’t sum ${name}: ${text ?? ''}`;
    case 'shaped':
      return `${name} has another type in the source, or is made of other columns`;
    case 'sample':
      return 'a sample is chosen row by row';
    case 'rules':
      return 'rules judge each row';
    case 'deletes':
      return 'rows marked as deleted are left out';
    case 'versions':
      return 'the newest settled row of each key is compared';
    case 'key':
      return 'rows are compared by the columns of --key';
    case 'ranges':
      return 'only a few ranges are compared';
  }
}

export function comparisonProgressLine(key: EntityKey, progress: ComparisonProgress): string {
  if ('until' in progress)
    return `… ${shownEntity(key.flow, key.entity)}  ${progress.waitsFor ?? 'the source asked for a pause'}; waiting…`;
  const { side, look, rows, of } = progress;
  const left = of === null || of < rows ? counted(rows, 'row') : `${count(rows)} of ${counted(of, 'row')}`;
  return `… ${shownEntity(key.flow, key.entity)}  ${side}${look === 'again' ? ', rows that differ' : ''}: ${left} read`;
}

/** @param repairs whether a repair follows: a repair shows its own advice. */
export function comparisonLines(
  found: Comparison,
  palette: Palette,
  { repairs, asks }: { readonly repairs: boolean; readonly asks: boolean },
): readonly string[] {
  const { flow, entity, verdict, error, rows, differences, seconds, plan } = found;
  const name = shownEntity(flow, entity);
  if (error) return [`${palette.bad('✗')} ${name}  ${headline(error, palette)}`, ...errorBody(error, palette)];
  const took = palette.quiet(`(${duration(seconds)})`);
  if (verdict === 'same' && rows)
    return [`${palette.good('✓')} ${name}  ${verdictText(found)} ${took}`, ...settledSumsLine(found), ...beside(rows, differences, plan)];
  if (verdict === 'differs' && rows && differences)
    return [
      `${palette.bad('✗')} ${name}  ${verdictText(found)} ${took}`,
      ...found.differing.flatMap((one) => rowLines(one, plan)),
      ...moreRows(found),
      ...(found.source_as_settled === false ? ['    the source has changed since it settled'] : []),
      ...beside(rows, differences, plan),
      ...(repairs ? [] : waysToMend(found, asks)).map((way, at) => `    ${palette.quiet(at === 0 ? 'try' : '   ')}  ${way}`),
    ];
  return [
    `${palette.caution('!')} ${name}  ${verdictText(found)}`,
    ...replicaLines(found),
    ...(rows ? beside(rows, differences, found.because === 'many deletes' ? null : plan) : []),
    ...advice(found, palette),
  ];
}

function settledSumsLine({ settled_read_at: at, work }: Comparison): readonly string[] {
  if (at === null) return [];
  const read = work?.destination.rows_read ?? 0;
  const others = read === 0 ? '' : `; ${counted(read, 'row')} of newer files were read`;
  return [`    settled side: sums of ${at.slice(0, 16).replace('T', ' ')} UTC, whose files are unchanged${others}`];
}

function replicaLines({ replica }: Comparison): readonly string[] {
  if (replica === null || replica.has_all !== false) return [];
  if (replica.version === null) return ['    Fabric has not made the table yet'];
  return replica.missing === null ? [] : [`    ${replica.missing}`];
}

function advice({ because: why, flow, entity }: Comparison, palette: Palette): readonly string[] {
  const argument = entityArgument(flow, entity);
  const line = (text: string) => [`    ${palette.quiet('try')}  ${text}`];
  switch (why) {
    case 'nothing settled':
    case 'reset':
    case 'unsettled watermark':
    case 'unfinished':
      return line(`hygge go -e ${argument}`);
    case 'changed since':
      return line(`hygge go -e ${argument}, then compare again; or name the key: watermark: { key: [id] }`);
    case 'many versions':
      return line(`hygge verify ${argument} --sample 10%`);
    case 'many deletes':
      return line(
        `Check that the source has all its rows, and which rows would be removed: hygge go -e ${argument} --compare-deletes --dry-run`,
      );
    case 'no key':
      return line('Name the columns that identify a row, then compare again: watermark: { key: [id] }');
    case 'ignored deletes':
      return line(
        `Compare all rows, because these can be counted: hygge verify ${argument}; a full load removes the rows that the source no longer has: hygge go -d -e ${argument}`,
      );
    case 'changed files':
      return line(`hygge go -e ${argument}, then compare again; or settle the present rows of the source: hygge go -d -e ${argument}`);
    case 'unknown keys':
      return line(`Correct these rows in the source, then compare again: hygge verify ${argument}`);
    case 'changed meanwhile':
      return line(`Compare again when fewer rows are written, or compare a part: hygge verify ${argument} --sample 10%`);
    case 'files gone':
      return line(`Put the files back, or load only the existing files and drop the rows of the others: hygge go -d -e ${argument}`);
    case 'not replicated':
      return line(
        `Compare again when Fabric has caught up: hygge verify ${argument}; or let the run wait for Fabric: verify: { replicated: true }`,
      );
    case 'not visible yet':
      return line(`See why Fabric has not updated the SQL endpoint: hygge go -e ${argument} --dry-run; then compare again`);
    case 'no way back':
      return line(
        'Only stores of files and databases that come with hygge can be read back. For other stores, compare the counts of a run',
      );
    default:
      return [];
  }
}

function moreRows({ differing, differences }: Comparison): readonly string[] {
  if (!differences) return [];
  const all = differences.only_in_source + differences.only_in_destination + differences.changed;
  const left = all - differing.reduce((sum, { times }) => sum + times, 0);
  return left > 0 ? [`    … ${count(left)} more: --rows shows more of them`] : [];
}

/** The number of rows that differ but do not count as differences. */
function beside(rows: ComparedRows, differences: DifferenceCounts | null, plan: ComparisonPlan | null): readonly string[] {
  const facts = [
    [
      rows.not_yet_due,
      (n: number) =>
        plan?.scope.is_range ? `${counted(n, 'row')} above the range` : `${counted(n, 'row')} above the watermark: not yet due`,
    ],
    [
      rows.at_watermark,
      (n: number) =>
        `${counted(n, 'row')} at the watermark arrived or changed after the last run: the next run loads ${n === 1 ? 'it' : 'them'}`,
    ],
    [
      rows.updated_since,
      (n: number) => `${counted(n, 'settled row')} changed in the source later: the next run loads ${n === 1 ? 'it' : 'them'}`,
    ],
    [
      rows.earlier_versions,
      (n: number) =>
        `${counted(n, 'earlier version')} of rows that changed: this store keeps them, but the source has no rows to compare them with`,
    ],
    [rows.kept_as_newer, (n: number) => `${counted(n, 'row')} of the source with a newer row of the same key, which settled`],
    [
      rows.deletes_due,
      (n: number) => {
        const command = plan === null ? '' : `: hygge go -e ${entityArgument(plan.flow, plan.entity)} --compare-deletes`;
        return `${counted(n, 'settled row')} that the source no longer has, before keys are compared${command}`;
      },
    ],
    [
      rows.deletes_ignored,
      (n: number) => `${counted(n, 'settled row')} that the source no longer has: deletes: ignore keeps ${n === 1 ? 'it' : 'them'}`,
    ],
    [rows.foreign, (n: number) => `${counted(n, 'row')} of the table that hygge did not write`],
    [rows.marked_deleted, (n: number) => `${counted(n, 'row')} marked as deleted`],
    [
      rows.left_out,
      (n: number) =>
        `${counted(n, 'row')} of the source ${n === 1 ? 'does not settle, because it breaks' : 'do not settle, because they break'} a rule or can’t be read`,
    ],
    [
      rows.last_good,
      (n: number) =>
        `${counted(n, 'settled row')} stay${n === 1 ? 's' : ''} as designed: ${n === 1 ? 'it is' : 'they are'} the last good version, and the source’s row of the key does not settle`,
    ],
    [differences?.source_changed ?? 0, (n: number) => `${counted(n, 'row')} changed in the source during the comparison`],
    [differences?.not_visible_yet ?? 0, (n: number) => `${counted(n, 'row')} became visible during the comparison`],
  ] as const;
  return facts.flatMap(([n, text]) => (n > 0 ? [`    ${text(n)}`] : []));
}

function rowLines(row: DifferingRow, plan: ComparisonPlan | null): readonly string[] {
  const key =
    row.key === null
      ? ''
      : Object.entries(row.key)
          .map(([name, value]) => `${shownName(name)} = ${text(value)}`)
          .join(', ');
  const times = row.times > 1 ? ` (${count(row.times)} times)` : '';
  if (row.found !== 'changed') {
    const values = row.columns.map(({ column, source, destination }) => `${shownName(column)} = ${text(source ?? destination)}`);
    const what = key !== '' ? key : values.length > 0 && row.columns.some(isShown) ? values.join(', ') : 'a row (values hidden)';
    return [`    ${what}  ${row.found}${times}`];
  }
  const head = key === '' ? 'a row' : key;
  return [
    `    ${head}`,
    ...row.columns.map((value) =>
      plan !== null && !isShown(value)
        ? `      ${shownName(value.column)}: differs (values hidden)`
        : `      ${shownName(value.column)}: ${text(value.source)} in the source, ${text(value.destination)} in the destination`,
    ),
  ];
}

const isShown = ({ source, destination }: DifferingRow['columns'][number]): boolean => source !== null || destination !== null;

const longest = 60;

function text(value: string | null): string {
  if (value === null) return 'null';
  const shown = visible(value);
  const cut = shown.length > longest ? `${shown.slice(0, longest)}…` : shown;
  // An empty text is quoted to make it visible, and so is a text that ends in a blank.
  return /^[\w.:+-]+$/.test(cut) ? cut : JSON.stringify(cut).replaceAll('\\\\', '\\');
}

/** @param mended how many of the differing rows were repaired. */
export function comparisonClosing(
  all: readonly Comparison[],
  { asked, mended }: { readonly asked: number; readonly mended: number },
  palette: Palette,
): readonly string[] {
  const of = (verdict: Comparison['verdict']) => all.filter((one) => one.verdict === verdict).length;
  const [same, differs] = [of('same'), of('differs') - mended];
  const parts = [
    `${count(same)} same`,
    ...(mended > 0 ? [`${count(mended)} mended`] : []),
    `${count(differs)} ${differs === 1 ? 'differs' : 'differ'}`,
    `${count(asked - same - differs - mended)} not compared`,
  ];
  const color = differs > 0 ? palette.bad : same + mended === asked ? palette.good : palette.caution;
  return asked === 1 ? [] : ['', color(`${counted(asked, 'entity', 'entities')}: ${parts.join(', ')}.`)];
}

/** The message about a verdict that could not be written to the journal. */
export function notRecordedLine(key: EntityKey, what: string): string {
  return `! ${shownEntity(key.flow, key.entity)}  the verdict is not in the journal: ${visible(what)}`;
}
