import { counted } from './figures.ts';
import type { Palette } from './palette.ts';
import { entityArgument, shownEntity, visible } from './visible.ts';

export type ResetKind = 'full' | 'adopt' | 'discard';

export function resetQuestion(name: string, how: ResetKind): string {
  const what: Readonly<Record<ResetKind, string>> = {
    full: `Forget what is settled of ${name}? Nothing is deleted now; the next run loads everything and replaces what is there.`,
    adopt: `Take over the destination of ${name} as it is? What it holds now counts as settled.`,
    discard: `Give up the decided commit of ${name} whose staged parts are lost? What was staged for it is not settled.`,
  };
  return `${what[how]} [y/N] `;
}

/** What a reset came to. */
export interface ResetFacts {
  readonly how: ResetKind;
  readonly rolledForward: boolean;
  readonly rows: number;
  readonly watermark: string | null;
  readonly where: string;
}

export function resetLines(
  key: { readonly flow: string; readonly entity: string },
  facts: ResetFacts,
  palette: Palette,
): readonly string[] {
  const name = shownEntity(key.flow, key.entity);
  const from = facts.watermark === null ? '' : `, from the watermark ${visible(facts.watermark)}`;
  const done: Readonly<Record<ResetKind, string>> = {
    full: `${name} starts afresh: the next run is a full load that replaces what is in ${visible(facts.where)}.`,
    adopt: `${name} goes on from ${visible(facts.where)} as it is: ${counted(facts.rows, 'row counts', 'rows count')} as settled${from}.`,
    discard: `The decided commit of ${name} is given up; ${visible(facts.where)} is as it was before it.`,
  };
  return [
    ...(facts.rolledForward ? [`${palette.good('✓')} A commit that an earlier run had decided was finished first.`] : []),
    `${palette.good('✓')} ${done[facts.how]}`,
    '',
    `${palette.quiet('next')}  hygge go -e ${entityArgument(key.flow, key.entity)}`,
  ];
}
