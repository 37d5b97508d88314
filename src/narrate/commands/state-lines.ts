import type { StateRow } from '../../ports/state.ts';
import type { EntityKey } from '../../ports/values.ts';
import { counted } from '../text/figures.ts';
import type { Palette } from '../text/palette.ts';
import { entityArgument, shownEntity, visible } from '../text/visible.ts';
import { holderText } from './status-lines.ts';

/** A state row for people: first the facts about settled rows, then the current holder, then the internal records. */
export function stateLines(
  name: string,
  found: {
    readonly row: StateRow | undefined;
    readonly location: string;
    readonly others: readonly string[];
    readonly holderIsGone: boolean;
  },
  palette: Palette,
): readonly string[] {
  const { row } = found;
  if (row === undefined) {
    const others = found.others.length === 0 ? 'Nothing has run here yet.' : `There is state of: ${found.others.slice(0, 20).join(', ')}`;
    return [`${name} has no state in ${visible(found.location)}: it has never run.`, others];
  }
  const line = (label: string, text: string): string => `  ${palette.quiet(label.padEnd(10))} ${text}`;
  const { settled, owner, pending, last } = row;
  const watermark = settled?.watermark;
  return [
    palette.strong(name),
    line(
      'settled',
      settled === null || settled.nothing
        ? 'nothing yet'
        : `${settled.at}, commit ${settled.id} (epoch ${settled.epoch}), ${counted(settled.rows, 'row')} in the last commit`,
    ),
    ...(watermark ? [line('watermark', `${visible(watermark.column)} = ${visible(watermark.text)}`)] : []),
    ...(settled?.boundary ? [line('boundary', `${counted(settled.boundary.rows, 'row')} at the watermark`)] : []),
    ...(settled?.fullAt ? [line('full load', `${settled.fullAt}, the last one`)] : []),
    ...(row.fullNext ? [line('next run', 'a full load that replaces the destination')] : []),
    ...(pending ? [line('pending', pendingText(pending))] : []),
    ...holder(owner, found.holderIsGone).map(([label, text]) => line(label, text)),
    ...(last ? [line('last run', `${last.at} ${last.status}, ${counted(last.rows, 'row')}`)] : []),
    ...Object.entries(row.lanes).map(([lane, at]) => line('lane', `${visible(lane)}: ${visible(at.text)}`)),
    line('lineage', `${visible(row.lineage)}, epoch ${row.epoch}`),
    ...(row.binding ? [line('source', visible(row.binding.source)), line('target', visible(row.binding.target))] : []),
    line('kept in', visible(found.location)),
  ];
}

function pendingText({ id, epoch, refused }: NonNullable<StateRow['pending']>): string {
  if (!refused) return `commit ${id} (epoch ${epoch}) is decided and not finished yet`;
  return `commit ${id} (epoch ${epoch}) was decided, and is being given up: ${refused.code} ${visible(refused.reason)}`;
}

function holder(owner: StateRow['owner'], gone: boolean): readonly (readonly [label: string, text: string])[] {
  if (owner === null) return [['held by', 'nobody']];
  const who = holderText(owner.holder);
  return gone ? [['left by', `${who}, which no longer runs: the next run takes over`]] : [['held by', `${who}, until ${owner.until}`]];
}

export function movedLines(from: EntityKey, to: EntityKey, palette: Palette): readonly string[] {
  const [old, now] = [shownEntity(from.flow, from.entity), shownEntity(to.flow, to.entity)];
  return [
    `${palette.good('✓')} The state of ${old}, with watermark and lineage, is now the state of ${now}.`,
    `  ${old} starts without state if it ever runs again.`,
    '',
    `${palette.quiet('next')}  hygge go -e ${entityArgument(to.flow, to.entity)} --dry-run`,
  ];
}

/** The result of moving the state from files to another system, with a line for each entity. */
export function importedLines(
  brought: readonly { readonly key: EntityKey; readonly outcome: 'brought' | 'there already' }[],
  { from, to }: { readonly from: string; readonly to: string },
  palette: Palette,
): readonly string[] {
  if (brought.length === 0) return [`Nothing is settled in ${visible(from)}: there is nothing to move.`];
  return [
    ...brought.map(({ key, outcome }) => {
      const name = shownEntity(key.flow, key.entity);
      return outcome === 'brought' ? `${palette.good('✓')} ${name}` : `${palette.good('✓')} ${name} was there already`;
    }),
    `State and journal are in ${visible(to)} now, and empty in ${visible(from)}.`,
    '',
    `${palette.quiet('next')}  hygge status`,
  ];
}
