import type { JournalRow, Status } from '../ports/state.ts';
import { ago, count, counted, duration } from './figures.ts';
import type { Palette } from './palette.ts';
import { table } from './table.ts';
import { shownEntity, shownName, visible } from './visible.ts';

/** What `hygge status` knows about one entity. Times are ISO 8601; `next` is null without a schedule. */
export interface EntityStatus {
  readonly flow: string;
  readonly entity: string;
  readonly last_run: string | null;
  readonly status: Status | null;
  readonly rows: number | null;
  /** What the last entity run failed with. */
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly watermark: string | null;
  readonly watermark_column: string | null;
  readonly settled_at: string | null;
  /** A decided commit that nobody has finished yet. */
  readonly pending: boolean;
  readonly full_next: boolean;
  readonly held_by: {
    readonly program: string;
    readonly host: string;
    readonly pid: number;
    readonly until: string;
    readonly fate: string;
  } | null;
  readonly schedule: string | null;
  readonly next: string | null;
  /** Why the state cannot be read; null: it can. */
  readonly unreadable: { readonly code: string; readonly what: string } | null;
}

export function statusLines(statuses: readonly EntityStatus[], nowMs: number, palette: Palette): readonly string[] {
  const rows = statuses.map((one) => [
    shownEntity(one.flow, one.entity),
    one.unreadable === null ? (one.status ?? (one.held_by === null ? 'never run' : 'none yet')) : 'unreadable',
    one.last_run === null ? '' : ago(nowMs - Date.parse(one.last_run)),
    one.rows === null ? '' : count(one.rows),
    one.watermark === null ? '' : visible(one.watermark),
    next(one, nowMs),
    remarks(one),
  ]);
  const head = [
    { title: 'entity' },
    { title: 'last' },
    { title: 'when' },
    { title: 'rows', align: 'right' as const },
    { title: 'watermark' },
    { title: 'next' },
    { title: '' },
  ];
  return table(head, rows, palette);
}

function next(one: EntityStatus, nowMs: number): string {
  if (one.schedule === null) return '';
  if (one.next === null) return visible(one.schedule);
  const seconds = Math.max(0, (Date.parse(one.next) - nowMs) / 1000);
  return seconds < 86_400 ? `in ${duration(Math.round(seconds))}` : one.next.slice(0, 16).replace('T', ' ');
}

function remarks(one: EntityStatus): string {
  const held = one.held_by;
  const who =
    held === null
      ? []
      : held.fate === 'dead'
        ? [`left by ${holderText(held)}, which is gone: the next run takes over`]
        : [`held by ${holderText(held)}`];
  return [
    ...(one.unreadable === null ? [] : [`${one.unreadable.code} ${visible(one.unreadable.what)}`]),
    ...(one.error === null ? [] : [`${one.error.code} ${visible(one.error.message).replace(/\.$/, '')}`.trimEnd()]),
    ...who,
    ...(one.pending ? ['a decided commit waits: the next run finishes it first'] : []),
    ...(one.full_next ? ['next run is a full load'] : []),
  ].join('; ');
}

/** `hygge go on vm, process 7`. */
export function holderText(holder: { readonly program: string; readonly host: string; readonly pid: number }): string {
  return `${visible(holder.program)} on ${visible(holder.host)}, process ${holder.pid}`;
}

export function journalLines(rows: readonly JournalRow[], nowMs: number, palette: Palette): readonly string[] {
  if (rows.length === 0) return ['No entity run has ended yet. `hygge go` starts the first; who is at work now: hygge status'];
  const head = [
    { title: 'finished' },
    { title: 'entity' },
    { title: 'status' },
    { title: 'rows', align: 'right' as const },
    { title: 'took', align: 'right' as const },
    { title: 'watermark' },
    { title: '' },
  ];
  const body = rows.map((row) => [
    ago(nowMs - Date.parse(row.finished_at)),
    shownEntity(row.flow, row.entity),
    row.status,
    count(row.rows),
    duration(row.seconds),
    row.watermark_to === null ? '' : visible(row.watermark_to),
    row.error_code === null ? '' : `${row.error_code} ${visible(row.message ?? '')}`.trimEnd(),
  ]);
  return table(head, body, palette);
}

/** A journal file with lines that are no rows: told, and left out. */
export function damageLine(damage: { readonly file: string; readonly lines: number }): string {
  return `! ${counted(damage.lines, 'line')} of ${visible(damage.file)} cannot be read and ${damage.lines === 1 ? 'is' : 'are'} left out (a crash may have torn one)`;
}

export interface ListedFlow {
  readonly flow: string;
  readonly entities: number;
  readonly from: string;
  readonly to: string;
  readonly schedule: string | null;
}

export function flowLines(flows: readonly ListedFlow[], palette: Palette): readonly string[] {
  const head = [
    { title: 'flow' },
    { title: 'entities', align: 'right' as const },
    { title: 'home' },
    { title: 'store' },
    { title: 'schedule' },
  ];
  return table(
    head,
    flows.map((one) => [shownName(one.flow), count(one.entities), one.from, one.to, visible(one.schedule ?? '')]),
    palette,
  );
}

export interface ListedEntity {
  readonly flow: string;
  readonly entity: string;
  readonly run_type: string;
  readonly watermark: string | null;
}

export function entityLines(entities: readonly ListedEntity[], palette: Palette): readonly string[] {
  const head = [{ title: 'entity' }, { title: 'run type' }, { title: 'watermark' }];
  return table(
    head,
    entities.map((one) => [shownEntity(one.flow, one.entity), one.run_type, visible(one.watermark ?? '')]),
    palette,
  );
}

export interface ListedConnector {
  readonly connector: string;
  readonly home: boolean;
  readonly store: boolean;
  readonly summary: string;
  readonly verified_against: string;
}

export function connectorLines(connectors: readonly ListedConnector[], palette: Palette): readonly string[] {
  const head = [{ title: 'type' }, { title: 'offers' }, { title: 'what it is' }];
  const offers = (one: ListedConnector): string =>
    [one.home ? 'home' : '', one.store ? 'store' : ''].filter((side) => side !== '').join(', ');
  return [
    ...table(
      head,
      connectors.map((one) => [one.connector, offers(one), one.summary]),
      palette,
    ),
    '',
    'Verified against:',
    ...connectors.map((one) => `  ${one.connector}: ${one.verified_against}`),
  ];
}
