import type { PlannedColumn } from '../ports/events.ts';
import { bytes, count, counted } from './figures.ts';
import type { Palette } from './palette.ts';
import type { EventOf } from './running.ts';
import { modeWords } from './sentences.ts';
import { shownEntity, visible } from './visible.ts';
import { pad } from './width.ts';

export function planOpening(workspace: string, entities: number, palette: Palette): readonly string[] {
  return [`${palette.strong(visible(workspace))}: what would happen to ${counted(entities, 'entity', 'entities')}. Only metadata is read.`];
}

/** One entity of a dry run: what would be read, what would be there afterwards, and what to know before. */
export function planLines(event: EventOf<'plan'>, how: { readonly palette: Palette; readonly verbose: boolean }): readonly string[] {
  const { palette } = how;
  const row = (label: string, text: string): string => `    ${palette.quiet(label.padEnd(9))} ${text}`;
  return [
    '',
    palette.strong(shownEntity(event.flow ?? '', event.entity ?? '')),
    row('from', visible(event.from)),
    row('to', visible(event.to)),
    row('mode', modeWords(event.mode)),
    ...windowText(event).map((text) => row('window', text)),
    row('rows', rowsText(event)),
    ...list('creates', event.creates, row, how.verbose),
    ...list('replaces', event.replaces, row, how.verbose),
    row('readers', visible(event.guarantee)),
    ...columnLines(event.schema, row, how),
    ...event.warnings.map((warning) => `    ${palette.caution('!')} ${visible(warning)}`),
  ];
}

/** `only what is new, up to 1,000 rows, 16 kB, looked through for what is new`. */
export function planBrief(event: EventOf<'plan'>): string {
  return `${modeWords(event.mode)}, ${rowsText(event)}`;
}

function rowsText(event: EventOf<'plan'>): string {
  return event.slices === 0 ? 'none: nothing is new' : `${amount(event)} in ${counted(event.slices, 'slice')}`;
}

function amount(event: EventOf<'plan'>): string {
  const size = event.bytes === null ? '' : `, ${bytes(event.bytes)}`;
  if (event.rows.n === null) return `unknown until read${size}`;
  if (event.window.lower !== null && !event.rows.exact)
    return `up to ${counted(event.rows.n, 'row')}${size}, looked through for what is new,`;
  return `${event.rows.exact ? '' : '~'}${counted(event.rows.n, 'row')}${size}`;
}

function windowText(event: EventOf<'plan'>): readonly string[] {
  const { column, lower, upper } = event.window;
  if (column === null || (lower === null && upper === null)) return [];
  const name = visible(column);
  if (lower !== null && lower === upper) return [`${name} still ends at ${visible(lower)}: nothing is new above the watermark`];
  if (lower === null) return [`${name} ≤ ${visible(upper ?? '')}`];
  if (upper === null) return [`${name} ≥ ${visible(lower)}`];
  return [`${visible(lower)} ≤ ${name} ≤ ${visible(upper)}`];
}

const listedAtMost = 4;

function list(label: string, names: readonly string[], row: (label: string, text: string) => string, verbose: boolean): readonly string[] {
  const shown = verbose ? names : names.slice(0, listedAtMost);
  const lines = shown.map((name, nth) => row(nth === 0 ? label : '', visible(name)));
  const more = names.length - shown.length;
  return more > 0 ? [...lines, row('', `and ${count(more)} more (-v shows all)`)] : lines;
}

const columnsAtMost = 12;

function columnLines(
  schema: readonly PlannedColumn[],
  row: (label: string, text: string) => string,
  how: { readonly palette: Palette; readonly verbose: boolean },
): readonly string[] {
  if (schema.length === 0) return [row('columns', 'known once the source has been read')];
  const notable = schema.filter((column) => column.fidelity !== 'exact').length;
  const head = row('columns', `${counted(schema.length, 'column')}${notable === 0 ? ', all exact' : `, ${count(notable)} not exact`}`);
  const shown = how.verbose ? schema : schema.slice(0, columnsAtMost);
  const size = Math.min(32, Math.max(...shown.map((column) => visible(column.name).length)));
  const lines = shown.map((column) => `              ${pad(visible(column.name), size)}  ${typeText(column, how.palette)}`);
  const more = schema.length - shown.length;
  return [head, ...lines, ...(more > 0 ? [`              and ${count(more)} more (-v shows all)`] : [])];
}

function typeText(column: PlannedColumn, palette: Palette): string {
  const source = visible(column.source_type);
  const settled = visible(column.store_type);
  const arrow = source === settled ? source : `${source} → ${settled}`;
  return column.fidelity === 'exact' ? arrow : `${arrow} ${palette.caution(column.fidelity)}`;
}
