import type { ErrorDetails } from '../../ports/events.ts';
import { errorBody, headline } from '../text/error-lines.ts';
import { counted } from '../text/figures.ts';
import type { Palette } from '../text/palette.ts';
import { entityArgument, shownEntity, visible } from '../text/visible.ts';

export type ResetKind = 'full' | 'adopt' | 'discard';

const listedAtMost = 12;

/** @param names the entities, as shown to people. */
export function resetQuestion(names: readonly string[], how: ResetKind): string {
  const listed = names.slice(0, listedAtMost).join(', ');
  const name = names.length > listedAtMost ? `${listed} and ${names.length - listedAtMost} more` : listed;
  const what: Readonly<Record<ResetKind, string>> = {
    full: `Forget the settled state of ${name}? Nothing is deleted now. The next run loads everything and replaces the destination.`,
    adopt: `Adopt the destination of ${name} unchanged? Its present rows count as settled.`,
    discard: `Give up the decided commit of ${name}? If the commit can be finished, hygge finishes it first. If not, none of its rows settle, and its published files are removed.`,
  };
  return `${what[how]} [y/N] `;
}

/** The result of a reset. */
export interface ResetFacts {
  readonly how: ResetKind;
  readonly rolledForward: boolean;
  readonly rows: number;
  readonly watermark: string | null;
  /** Whether rows at the watermark are left out of the next read. */
  readonly strictlyAbove: boolean;
  readonly where: string;
  readonly fullNext: boolean;
  /** Files that an abandoned commit had published. */
  readonly removed: readonly string[];
}

export function resetLines(
  key: { readonly flow: string; readonly entity: string },
  facts: ResetFacts,
  palette: Palette,
): readonly string[] {
  const name = shownEntity(key.flow, key.entity);
  const from = facts.watermark === null ? '' : `, from the watermark ${visible(facts.watermark)}`;
  const done: Readonly<Record<ResetKind, string>> = {
    full: `${name} has been reset: the next run is a full load that replaces the settled rows in ${visible(facts.where)}.`,
    adopt: `${name} continues from ${visible(facts.where)}: ${counted(facts.rows, 'row counts', 'rows count')} as settled${from}.`,
    discard: `The decided commit of ${name} is given up; ${afterDiscard(facts)}.`,
  };
  return [
    ...(facts.rolledForward ? [`${palette.good('✓')} A commit that an earlier run had decided was finished first.`] : []),
    `${palette.good('✓')} ${done[facts.how]}`,
    ...removedLines(facts.removed),
    ...(facts.strictlyAbove ? [`${palette.caution('!')} ${strictly(key, facts)}`] : []),
    '',
    `${palette.quiet('next')}  hygge go -e ${entityArgument(key.flow, key.entity)}`,
  ];
}

/** A full load of a mirrored table deletes the table before it publishes anything. */
function afterDiscard({ where, fullNext }: ResetFacts): string {
  return fullNext
    ? `the next run is a full load that replaces the content of ${visible(where)}`
    : `${visible(where)} is the same as before the commit`;
}

function removedLines(removed: readonly string[]): readonly string[] {
  if (removed.length === 0) return [];
  const more = removed.length > listedAtMost ? [`    and ${removed.length - listedAtMost} more`] : [];
  const names = removed.slice(0, listedAtMost).map((name) => `    ${visible(name)}`);
  return [`  ${counted(removed.length, 'file')} had been published, but were never listed in current.json. Removed:`, ...names, ...more];
}

function strictly({ flow, entity }: { readonly flow: string; readonly entity: string }, { watermark }: ResetFacts): string {
  const anew = `hygge go -d -e ${entityArgument(flow, entity)}`;
  return `Runs continue strictly above ${visible(watermark ?? '')}: a new row with exactly that value is not read. ${anew} reads all rows.`;
}

/** The line for one of several entities: the result of the reset, or the reason for no reset. */
export function resetOfManyLines(
  key: { readonly flow: string; readonly entity: string },
  found: ResetFacts | ErrorDetails,
  palette: Palette,
): readonly string[] {
  if ('how' in found) return resetLines(key, found, palette).slice(0, -2);
  return [`${palette.bad('✗')} ${shownEntity(key.flow, key.entity)}  ${headline(found, palette)}`, ...errorBody(found, palette)];
}

export function resetClosing(all: readonly { readonly error?: unknown }[], palette: Palette): readonly string[] {
  const failed = all.filter(({ error }) => error !== undefined).length;
  const done = `${counted(all.length - failed, 'entity', 'entities')} of ${all.length} reset.`;
  return [
    '',
    failed === 0 ? palette.good(done) : palette.bad(`${done} Each ✗ says what to try.`),
    '',
    `${palette.quiet('next')}  hygge go`,
  ];
}
