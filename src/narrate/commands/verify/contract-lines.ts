/** The answers of `hygge verify --contract`, which checks settled rows against the current contract. */
import type { JudgedContract, NotJudged } from '../../../ports/answers/settled-contract.ts';
import type { CheckTold } from '../../../ports/events.ts';
import type { EntityKey } from '../../../ports/values.ts';
import { errorBody, headline } from '../../text/error-lines.ts';
import { count, counted, duration } from '../../text/figures.ts';
import type { Palette } from '../../text/palette.ts';
import { table } from '../../text/table.ts';
import { whyNotTold } from '../../text/verdict.ts';
import { entityArgument, shownEntity, visible } from '../../text/visible.ts';

export function judgingProgressLine({ flow, entity }: EntityKey, { rows, of }: { readonly rows: number; readonly of: number }): string {
  return `… ${shownEntity(flow, entity)}  ${count(rows)} of ${counted(of, 'settled row')} judged`;
}

export function contractLines(
  found: JudgedContract,
  { palette, room }: { readonly palette: Palette; readonly room: number | null },
): readonly string[] {
  const { flow, entity, because, error, rows, findings, not_judged: not, seconds } = found;
  const name = shownEntity(flow, entity);
  if (error !== null) return [`${palette.bad('✗')} ${name}  ${headline(error, palette)}`, ...errorBody(error, palette)];
  if (because === 'no contract')
    return [
      `${palette.quiet('·')} ${name}  ${found.contract === null ? 'no contract and no check' : `${visible(found.contract)} has no rule and no check, so rows are not checked`}`,
    ];
  if (because !== null) return [`${palette.bad('✗')} ${name}  not judged: ${whyNotTold(because)}`];
  const by = `${counted(found.judged, 'rule and check', 'rules and checks')}${found.contract === null ? '' : ` of ${visible(found.contract)}`}`;
  const head = `${counted(rows ?? 0, 'settled row')} judged by ${by} in ${duration(seconds)}`;
  const mark = found.ok ? (findings.length === 0 ? palette.good('✓') : palette.caution('!')) : palette.bad('✗');
  const argument = entityArgument(flow, entity);
  const isBroken = findings.some(({ kind, outcome }) => kind === 'rule' && outcome !== 'not_judged');
  return [
    `${mark} ${name}  ${head}`,
    ...(findings.length === 0 ? [] : findingsTable(findings, { palette, room })),
    ...notJudgedLines(not, palette),
    ...(isBroken
      ? [
          `    ${palette.quiet('try')}  Correct the rows in the source, and load them again: hygge go -e ${argument} -d`,
          '         Or change the contract so that it allows these rows',
        ]
      : []),
  ];
}

function findingsTable(findings: readonly CheckTold[], { palette, room }: { readonly palette: Palette; readonly room: number | null }) {
  const lines = table(
    [
      { title: 'rule', least: 12 },
      { title: 'column', least: 8, leave: 2 },
      { title: 'rows', align: 'right' },
      { title: 'of', align: 'right' },
      { title: 'found', least: 12, isProse: true },
      { title: '', leave: 1 },
    ],
    findings.map(({ name, column, rows, of, samples = [], found, expected, outcome }) => [
      visible(name),
      visible(column ?? ''),
      rows === undefined ? '' : count(rows),
      of === undefined ? '' : count(of),
      found === undefined ? samples.map(visible).join(', ') : `${visible(found)}; expected: ${expected ?? ''}`,
      outcome === 'warned' ? 'warning' : outcome === 'not_judged' ? 'no rows' : '',
    ]),
    palette,
    room === null ? null : room - 4,
  );
  return lines.map((line) => `    ${line}`);
}

function notJudgedLines(not: readonly NotJudged[], palette: Palette): readonly string[] {
  const ofRuns = not.filter(({ why }) => why === 'of runs').map(({ name }) => visible(name));
  return [
    ...not
      .filter(({ why }) => why === 'does not fit')
      .map(
        ({ kind, name, problem }) => `    ${palette.caution('!')} The ${kind} ${visible(name)} was not judged: ${visible(problem ?? '')}`,
      ),
    ...(ofRuns.length === 0 ? [] : [`    ${palette.quiet(`not judged, since only a run tells: ${ofRuns.join(', ')}`)}`]),
  ];
}

export function contractClosing(all: readonly JudgedContract[], palette: Palette): readonly string[] {
  const bad = all.filter(({ ok }) => !ok).length;
  if (bad === 0) return ['', palette.good(`Settled rows meet their contracts: ${counted(all.length, 'entity', 'entities')}.`)];
  return ['', palette.bad(`${counted(bad, 'entity', 'entities')} of ${all.length} ${bad === 1 ? 'needs' : 'need'} attention.`)];
}
