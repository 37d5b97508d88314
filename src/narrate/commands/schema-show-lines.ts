import type { DriftTold } from '../../ports/events.ts';
import { presentText, signOf } from '../run/drift-lines.ts';
import { counted } from '../text/figures.ts';
import type { Palette } from '../text/palette.ts';
import { table } from '../text/table.ts';
import { entityArgument, shownEntity, shownName, visible } from '../text/visible.ts';
import { toMinute } from './schema-diff-lines.ts';

/** A settled column. */
export interface ColumnShown {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  /** The source column; null: polish or the store adds the column, or its source is no longer read. */
  readonly source_name: string | null;
  /** The source’s own name of the type. Without such a name: the type that was read, if it differs from the settled type. */
  readonly source_type: string | null;
}

export interface StepShown {
  readonly at: string;
  readonly run: string;
  readonly changes: readonly (Pick<DriftTold, 'kind' | 'column' | 'change' | 'before' | 'now' | 'renamed_to' | 'policy'> & {
    readonly outcome: string | null;
  })[];
}

/** The result of `hygge schema show`, also as JSON. */
export interface SchemaShown {
  readonly flow: string;
  readonly entity: string;
  /** The time and the entity run since which the columns are unchanged. */
  readonly since: string | null;
  readonly run: string | null;
  readonly settled_at: string | null;
  readonly full_next: boolean;
  readonly columns: readonly ColumnShown[];
  /** Key columns, by their names at the source; null: unknown. */
  readonly keys?: readonly string[] | null;
  /** The changes of the columns, the oldest first. */
  readonly history?: readonly StepShown[];
}

export function shownLines(shown: SchemaShown, { palette, room }: { readonly palette: Palette; readonly room: number | null }) {
  const name = shownEntity(shown.flow, shown.entity);
  if (shown.since === null || shown.run === null) {
    return [
      `${name} has no schema yet: nothing has settled.`,
      `${palette.quiet('next')}  hygge schema diff ${entityArgument(shown.flow, shown.entity)}`,
      ...historyLines(shown, palette),
    ];
  }
  const head = [
    { title: 'column', least: 12 },
    { title: 'type', least: 10 },
    { title: 'null' },
    { title: 'from', least: 8, leave: 2 },
    { title: 'source type', least: 10, leave: 1 },
  ];
  const body = shown.columns.map((column) => [
    visible(column.name),
    visible(column.type),
    column.nullable ? 'yes' : 'no',
    column.source_name === null ? '(none)' : column.source_name === column.name ? '' : shownName(column.source_name),
    column.source_type === column.type ? '' : visible(column.source_type ?? ''),
  ]);
  return [
    `${palette.strong(name)}  ${counted(shown.columns.length, 'column')} since ${toMinute(shown.since)}, entity run ${visible(shown.run)}`,
    ...(shown.full_next ? ['The entity was reset: the next run accepts the columns of the source.'] : []),
    '',
    ...table(head, body, palette, room),
    ...(shown.keys?.length ? ['', `key  ${shown.keys.map(visible).join(', ')}`] : []),
    ...historyLines(shown, palette),
  ];
}

function historyLines({ history }: SchemaShown, palette: Palette): readonly string[] {
  if (history === undefined || history.length === 0) return [];
  return ['', ...history.flatMap((step, at) => stepLines(step, at === 0, palette))];
}

function stepLines({ at, run, changes }: StepShown, isFirst: boolean, palette: Palette): readonly string[] {
  const head = `${palette.strong(toMinute(at))}  entity run ${visible(run)}`;
  if (changes.length === 0) return [head, `  ${isFirst ? 'the first to settle' : 'the same columns, read or named in another way'}`];
  return [
    head,
    ...changes.map((one) => {
      const about = one.column === null ? (one.kind === 'key' ? 'the key' : 'the columns') : visible(one.column);
      const what = `${about} ${presentText(one)}`;
      const outcome = one.outcome === null ? '' : `: ${visible(one.outcome)}`;
      return `  ${signOf(one.kind)} ${what}${outcome}${one.policy === null ? '' : palette.quiet(` (${visible(one.policy)})`)}`;
    }),
  ];
}
