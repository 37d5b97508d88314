import type { PlannedColumn } from '../../ports/events.ts';
import { bytes, count, counted } from '../text/figures.ts';
import { changeText } from '../text/notes.ts';
import type { Palette } from '../text/palette.ts';
import { shortTime } from '../text/times.ts';
import { shownEntity, shownName, visible } from '../text/visible.ts';
import { columns as columnsOf, pad } from '../text/width.ts';
import { modeWords, workOfMode } from '../work/kinds.ts';
import type { CopyRun } from './copy-lines.ts';
import { driftBrief, driftLines, type PlanRemark, remarkMark, remarksOf } from './drift-lines.ts';
import type { EventOf } from './running-entity.ts';
import { shownWorkspace } from './sentences.ts';

export function planOpening(of: Parameters<typeof shownWorkspace>[0], entities: number, palette: Palette): readonly string[] {
  return [`${shownWorkspace(of, palette)}: what would happen to ${counted(entities, 'entity', 'entities')}. Only metadata is read.`];
}

export interface PlanTelling {
  readonly palette: Palette;
  readonly verbose: boolean;
  /** The number of entities. For a few entities every column is shown, for many only inexact columns. */
  readonly entities: number;
  /** For a copy: source and destination in the person's own words. */
  readonly copied?: Pick<CopyRun, 'label'>;
}

const shownInFull = 3;

type Row = (label: string, text: string) => string;

/** The lines about one entity of a dry run: the rows to read, and the rows in the destination afterwards. `planWarnings` has the warnings. */
export function planLines(event: EventOf<'plan'>, how: PlanTelling): readonly string[] {
  const { palette } = how;
  const row: Row = (label, text) => `    ${palette.quiet(label.padEnd(9))} ${text}`;
  const { object } = workOfMode(event.mode);
  if (object !== null)
    return [
      '',
      `${palette.strong(shownEntity(event.flow ?? '', event.entity ?? ''))}  ${modeWords(event.mode)}${object.foretold(event)}`,
      row('in', visible(event.to)),
    ];
  const isNew = event.creates.length === 1 && event.creates[0] === event.to;
  return [
    '',
    `${palette.strong((how.copied?.label ?? shownEntity)(event.flow ?? '', event.entity ?? ''))}  ${modeWords(event.mode)}, ${rowsText(event)}`,
    row('from', visible(event.from)),
    row('to', `${visible(event.to)}${isNew ? palette.quiet('  (new)') : ''}`),
    ...windowText(event).map((text) => row('window', text)),
    ...(isNew ? [] : list('creates', event.creates, row, how.verbose)),
    ...list('replaces', event.replaces, row, how.verbose),
    ...list('alters', (event.changes ?? []).map(changeText), row, true),
    ...writeLine(event, row, how.verbose),
    ...ddlLines(event, row, how),
    ...columnLines(event, row, how),
    ...schemaLines(event, row, how),
  ];
}

/** The lines about entities whose plans differ between two targets. */
export function differenceLines({ entities, against, target }: EventOf<'differences'>, palette: Palette): readonly string[] {
  const here = visible(target ?? 'here');
  const there = visible(against);
  if (entities.length === 0) return ['', `The plans of ${here} and ${there} are alike.`];
  const width = Math.max(here.length, there.length);
  return [
    '',
    `Where ${here} and ${there} differ:`,
    ...entities.flatMap(({ flow, entity, parts }) => [
      `  ${palette.strong(shownEntity(flow, entity))}`,
      ...parts.flatMap((part) => [
        `    ${palette.quiet(visible(part.part))}`,
        `      ${pad(here, width)}  ${visible(part.here)}`,
        `      ${pad(there, width)}  ${visible(part.there)}`,
      ]),
    ]),
  ];
}

/** A changed order does not matter to readers by name, so only the verbose output shows it. */
function schemaLines({ drift = [], ts: now }: EventOf<'plan'>, row: Row, { palette, verbose }: PlanTelling): readonly string[] {
  const shown = verbose ? drift : drift.filter(({ kind }) => kind !== 'reordered');
  return driftLines(shown, { palette, now }).map((text, nth) => row(nth === 0 ? 'schema' : '', text));
}

/** `only what is new, up to 1,000 rows (16 kB), looked through for what is new`, followed by the changes of the source’s columns. */
export function planBrief(event: EventOf<'plan'>): string {
  const drift = driftBrief(event.drift ?? []);
  return `${modeWords(event.mode)}, ${rowsText(event)}${drift === '' ? '' : `; schema: ${drift}`}`;
}

function rowsText(event: EventOf<'plan'>): string {
  if (isNothing(event)) return `nothing is new${isCertain(event) ? '' : ` in ${lookedText(event)}`}`;
  const slices = event.slices > 1 ? `, in ${event.looked_at ? '~' : ''}${count(event.slices)} slices` : '';
  const by = event.looked_at ? `; by ${lookedText(event)}` : '';
  const size = event.bytes === null ? '' : ` (${bytes(event.bytes)}${slices}${by})`;
  if (event.rows.n === null) return `rows unknown until read${size}`;
  if (event.window.lower !== null && !event.rows.exact) return `found among ~${counted(event.rows.n, 'row')}${size}`;
  return `${event.rows.exact ? '' : '~'}${counted(event.rows.n, 'row')}${size}`;
}

/** If the newest value is the watermark itself, only the rows at the watermark are read again. */
function isNothing({ slices, window }: EventOf<'plan'>): boolean {
  return slices === 0 || (window.lower !== null && window.lower === window.upper);
}

/** The listing of the files shows which files are new, and that all other files are unchanged. */
function isCertain({ looked_at, window, slices }: EventOf<'plan'>): boolean {
  return looked_at === undefined || window.column === null || (slices === 0 && window.lower !== null);
}

function lookedText({ looked_at: looked }: EventOf<'plan'>): string {
  return looked === undefined ? '' : `the ${count(looked.files)} of ${count(looked.of)} files that were looked at`;
}

function windowText(event: EventOf<'plan'>): readonly string[] {
  const { column, lower, upper } = event.window;
  if (column === null || (lower === null && upper === null)) return [];
  const name = visible(column);
  const text = (bound: string): string => visible(shortTime(bound));
  const upTo = (bound: string): string => `${event.looked_at ? '~' : ''}${text(bound)}`;
  if (lower !== null && lower === upper && isCertain(event)) return [`newest ${name} unchanged: ${text(lower)}`];
  if (lower === null) return [`${name} ≤ ${upTo(upper ?? '')}`];
  if (upper === null) return [`${name} ≥ ${text(lower)}`];
  return [`${text(lower)} ≤ ${name} ${event.window.upper_excluded ? '<' : '≤'} ${upTo(upper)}`];
}

const modeText: Readonly<Record<string, string>> = {
  append: 'adds rows',
  swap: 'replaces the old content by the new',
  merge: 'merges rows',
  delete_insert: 'deletes the rows that settled, and inserts',
};

const reasonText: Readonly<Record<string, string>> = {
  creates: 'nothing exists there yet',
  full_load: 'a full load replaces the destination',
  beside_others: 'other rows stay in the table',
  bound: 'objects that depend on the table stay with it',
  direct_insert: 'write_strategy: direct_insert',
  adds: 'existing rows stay',
  new_rows: 'only new rows are read',
  key: 'watermark.key shows which rows exist already',
  no_merge: 'this store does not merge by watermark.key',
};

/** Obvious facts appear only in the verbose output. */
function writeLine({ write, ddl }: EventOf<'plan'>, row: Row, verbose: boolean): readonly string[] {
  if (write === undefined) return [];
  const { mode, key, why } = write;
  // For a table, the line says that the table is swapped, because hygge could also delete the rows of the table.
  const isUsual = (mode === 'swap' && ddl === undefined) || (mode === 'append' && why !== 'no_merge');
  if (isUsual && !verbose) return [];
  const by = mode === 'merge' ? ` by ${key.map(visible).join(', ')}` : '';
  return [row('writes', `${modeText[mode] ?? visible(mode)}${by}: ${reasonText[why] ?? visible(why)}`)];
}

/** The statements in full, to be copied. For many entities, only the number of statements. */
function ddlLines({ ddl = [] }: EventOf<'plan'>, row: Row, { verbose, entities, palette }: PlanTelling): readonly string[] {
  if (ddl.length === 0) return [];
  if (!verbose && entities > shownInFull) return [row('ddl', `${counted(ddl.length, 'statement')}${palette.quiet('  (-v shows them)')}`)];
  const lines = ddl.flatMap((statement) => `${statement};`.split('\n'));
  return lines.map((line, nth) => row(nth === 0 ? 'ddl' : '', visible(line)));
}

const listedAtMost = 4;

function list(label: string, names: readonly string[], row: Row, verbose: boolean): readonly string[] {
  const shown = verbose ? names : names.slice(0, listedAtMost);
  const lines = shown.map((name, nth) => row(nth === 0 ? label : '', visible(name)));
  const more = names.length - shown.length;
  return more > 0 ? [...lines, row('', `and ${count(more)} more (-v shows all)`)] : lines;
}

const columnsAtMost = 12;
const widestName = 32;
const widestType = 28;

function columnLines({ schema, codes }: EventOf<'plan'>, row: Row, how: PlanTelling): readonly string[] {
  if (schema.length === 0) return [row('columns', 'known once the source has been read')];
  const notable = schema.filter((column) => column.fidelity !== 'exact');
  const inFull = how.verbose || how.entities <= shownInFull;
  const shown = how.verbose ? schema : (inFull ? schema : notable).slice(0, columnsAtMost);
  const checked = notable.filter(({ fidelity }) => fidelity === 'checked').length;
  const asText = codes?.some((code) => code.endsWith('.as_text'));
  const told = [
    ...(notable.length > checked
      ? [`${count(notable.length - checked)} not exact`]
      : checked === 0
        ? [asText ? 'some as text for now' : 'every type exact']
        : []),
    ...(checked > 0 ? [`${count(checked)} by schema_overrides, where each value is checked`] : []),
  ].join(', ');
  const head = row(
    'columns',
    `${count(schema.length)}, ${told}${inFull || shown.length > 0 ? '' : how.palette.quiet('  (-v shows them)')}`,
  );
  const names = Math.min(widestName, Math.max(0, ...shown.map((column) => columnsOf(visible(column.name)))));
  const types = Math.min(widestType, Math.max(0, ...shown.map((column) => columnsOf(visible(column.source_type)))));
  const lines = shown.map((column) => row('', `${pad(visible(column.name), names)}  ${typeText(column, types, how.palette)}`));
  const more = (inFull ? schema.length : notable.length) - shown.length;
  return [head, ...lines, ...(more > 0 ? [row('', `and ${count(more)} more (-v shows all)`)] : [])];
}

function typeText(column: PlannedColumn, size: number, palette: Palette): string {
  const source = visible(column.source_type);
  const settled = visible(column.store_type);
  const arrow = source === settled ? source : `${columnsOf(source) > size ? source : pad(source, size)} → ${settled}`;
  const how = column.fidelity === 'exact' ? '' : `  ${palette.caution(column.fidelity)}`;
  const loss = column.loss === undefined ? '' : palette.quiet(`: ${visible(column.loss)}`);
  return `${arrow}${how}${loss}${palette.quiet(origin(column))}`;
}

function origin({ source_name: source }: PlannedColumn): string {
  if (source === undefined) return '';
  return source === null ? '  (added)' : `  (from ${shownName(source)})`;
}

/** Remarks that a dry run prints once, even if a remark applies to many entities. */
export interface Foretold {
  readonly rows: { n: number; exact: boolean };
  /** The entities of each remark, by its text. The remark was shown at its first entity. */
  readonly remarks: Map<string, { readonly remark: PlanRemark; readonly names: string[] }>;
  readonly guarantees: Map<string, string[]>;
}

export function nothingForetold(): Foretold {
  return { rows: { n: 0, exact: true }, remarks: new Map(), guarantees: new Map() };
}

/** Adds a plan to the summary, and returns the remarks that were not shown before. */
export function planWarnings(event: EventOf<'plan'>, foretold: Foretold, palette: Palette, called = shownEntity): readonly string[] {
  const name = called(event.flow ?? '', event.entity ?? '');
  if (!isNothing(event)) {
    foretold.rows.n += event.rows.n ?? 0;
    foretold.rows.exact &&= event.rows.exact;
  }
  if (!event.codes?.includes('nothing_to_compact'))
    foretold.guarantees.set(event.guarantee, [...(foretold.guarantees.get(event.guarantee) ?? []), name]);
  return remarksOf(event).flatMap((remark) => {
    const known = foretold.remarks.get(remark.text);
    known?.names.push(name);
    if (known !== undefined) return [];
    foretold.remarks.set(remark.text, { remark, names: [name] });
    return [`    ${remarkMark(remark, palette)} ${visible(remark.text)}`];
  });
}

/** The last lines: the other entities of each remark, and the rows that readers see during a commit. */
export function foretoldLines({ remarks, guarantees }: Foretold, palette: Palette): readonly string[] {
  const again = [...remarks.values()].flatMap(({ remark, names: [, ...others] }) =>
    others.length === 0 ? [] : [`${remarkMark(remark, palette)} ${visible(remark.text)}: ${listed(others)} too`],
  );
  const readers = [...guarantees].map(([guarantee, names]) => {
    const whose = guarantees.size === 1 ? '' : ` (${listed(names)})`;
    return `${palette.quiet('During the commit')}${whose}, ${visible(guarantee)}.`;
  });
  return [...(again.length === 0 ? [] : ['', ...again]), ...(readers.length === 0 ? [] : ['', ...readers])];
}

const namedAtMost = 3;

function listed(names: readonly string[]): string {
  const shown = names.slice(0, namedAtMost).join(', ');
  return names.length > namedAtMost ? `${shown} and ${count(names.length - namedAtMost)} more` : shown;
}
