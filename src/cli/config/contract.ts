import { realClock } from '../../adapters/real-clock.ts';
import { type ExplainedRule, explainedRules } from '../../engine/validation/rule-summaries.ts';
import type { Severity } from '../../frames/rules/rule.ts';
import type { Palette } from '../../narrate/text/palette.ts';
import { table } from '../../narrate/text/table.ts';
import { entityArgument, shownEntity, visible } from '../../narrate/text/visible.ts';
import type { EntityKey } from '../../ports/values.ts';
import { chooseEntity } from '../select/chosen-flows.ts';
import { justOne } from '../select/selection.ts';
import { exit } from '../terminal/exit-code.ts';
import { openWorkspace } from '../terminal/open-workspace.ts';
import { printAnswer } from '../terminal/print.ts';
import type { CommonFlags, Surroundings } from '../terminal/surroundings.ts';

/** `hygge explain shop.orders`: shows the rules and checks for the rows of an entity, without opening its source or destination. */
export async function explainContract(name: string, flags: CommonFlags, surroundings: Surroundings): Promise<number> {
  const opened = await openWorkspace(flags, surroundings, { now: realClock().now(), tolerant: true, opens: justOne(name) });
  const { spec } = chooseEntity(opened, name);
  const { validation } = spec;
  const told = {
    flow: spec.flow,
    entity: spec.entity,
    contract: validation?.contract ?? null,
    mode: validation?.mode ?? null,
    ...explainedRules(validation),
  };
  printAnswer(surroundings, flags, { rows: [told], lines: (palette, room) => contractLines(told, palette, room) });
  return exit.ok;
}

function contractLines(
  of: EntityKey & { readonly contract: string | null; readonly mode: Severity | null } & Readonly<
      Record<'rules' | 'checks', readonly ExplainedRule[]>
    >,
  palette: Palette,
  room: number | null,
): readonly string[] {
  const { flow, entity, contract, mode, rules, checks } = of;
  const name = palette.strong(shownEntity(flow, entity));
  const argument = entityArgument(flow, entity);
  if (mode === null)
    return [`${name}  no contract and no check`, '', `${palette.quiet('next')}  hygge generate contract ${argument}    proposes one`];
  const cells = ({ name: called, column, what, severity, fails }: ExplainedRule) => [
    visible(called),
    visible(column ?? ''),
    visible(what),
    fails ? 'fail' : severity,
  ];
  const section = (first: string, what: string, all: readonly ExplainedRule[]) => {
    const head = [
      { title: first, least: 12 },
      { title: 'column', least: 8, leave: 1 },
      { title: what, least: 20, isProse: true },
      { title: 'severity' },
    ];
    return all.length === 0 ? [] : ['', ...table(head, all.map(cells), palette, room)];
  };
  const named = (all: readonly ExplainedRule[]) => all.map((one) => visible(one.name)).join(', ');
  const note = (all: readonly ExplainedRule[], text: string) => (all.length === 0 ? [] : [palette.quiet(`${named(all)}: ${text}`)]);
  return [
    `${name}  ${contract === null ? 'checks of the config' : visible(contract)}, mode ${mode}`,
    ...(rules.length + checks.length === 0 ? ['no rule and no check: columns and types are compared, and no row is judged'] : []),
    ...section('rule', 'a row breaks the rule if', rules),
    ...section('check', 'it expects', checks),
    ...note(
      checks.filter(({ fails }) => fails),
      'no single row is the cause, so the run fails and no row goes to quarantine',
    ),
    ...note(
      checks.filter(({ asks }) => asks === 'source'),
      'the source is queried once a run',
    ),
    '',
    `${palette.quiet('next')}  hygge verify ${argument} --contract    judges the rows that have settled`,
  ];
}
