import type { Instant } from '../../ports/values.ts';
import { count, counted } from '../text/figures.ts';
import type { Palette } from '../text/palette.ts';
import { table } from '../text/table.ts';
import { spanAgo } from '../text/times.ts';
import { shownName, visible } from '../text/visible.ts';

/** The result of a push or of its dry run; also its line of JSON. */
export interface PushTold {
  /** The SHA-256 checksum of the files, in hex. */
  readonly version: string;
  readonly outcome: 'pushed' | 'current already' | 'would be pushed';
  readonly prev: string | null;
  readonly workspace: string;
  readonly container: string;
  readonly by: string;
  readonly pushed_at: Instant | null;
  readonly message: string | null;
  readonly flows: number;
  readonly files: number;
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  /** Whether a changed file is read by an app only at its start: flows and their schedules may have changed. */
  readonly restart: boolean;
  /** How many old versions were removed. */
  readonly pruned: number;
  readonly warnings: readonly string[];
}

export function pushLines(told: PushTold, palette: Palette): readonly string[] {
  const warnings = told.warnings.map((warning) => `${palette.caution('WARN')} ${visible(warning)}`);
  const what = `${palette.strong(shownName(told.workspace))}, ${counted(told.flows, 'flow')} in ${counted(told.files, 'file')}`;
  if (told.outcome === 'current already') {
    return [...warnings, `${palette.good('✓')} ${shortVersion(told.version)} is already current: ${what}. Nothing was written.`];
  }
  const before = told.prev === null ? 'the first version' : `after ${shortVersion(told.prev)}`;
  const changes = [
    ...told.added.map((path) => `  ${palette.good('+')} ${visible(path)}`),
    ...told.changed.map((path) => `  ${palette.caution('~')} ${visible(path)}`),
    ...told.removed.map((path) => `  ${palette.bad('-')} ${visible(path)}`),
  ];
  const opening = `${what}, ${before} ${palette.quiet(`in ${visible(told.container)}`)}`;
  if (told.outcome === 'would be pushed') {
    return [...warnings, opening, ...changes, `It would be ${shortVersion(told.version)}. Nothing was written: this was a dry run.`];
  }
  return [
    ...warnings,
    opening,
    ...changes,
    `${palette.good('✓')} ${shortVersion(told.version)} is current. Runs that begin from now on use it; runs that have begun keep their version.`,
    ...(told.pruned === 0 ? [] : [palette.quiet(`  ${counted(told.pruned, 'old version')} removed.`)]),
    ...(told.restart
      ? ['  The app reads the names of flows and their schedules when it starts: restart the app if a name or a schedule has changed.']
      : []),
  ];
}

/** The beginning of an id, which is shown to people and accepted by commands. */
function shortVersion(id: string): string {
  return visible(id.slice(0, 12));
}

export interface ListedConfig {
  readonly version: string;
  readonly current: boolean;
  readonly pushed_at: Instant;
  readonly by: string;
  readonly how: 'push' | 'rollback';
  readonly flows: number;
  readonly message: string | null;
}

export function versionLines(
  versions: readonly ListedConfig[],
  around: { readonly container: string; readonly now: Instant },
  palette: Palette,
  room: number | null,
): readonly string[] {
  const head = [
    { title: '' },
    { title: 'version' },
    { title: 'current since (UTC)' },
    { title: '', leave: 1 },
    { title: 'by', least: 10, leave: 3 },
    { title: 'flows', align: 'right' as const, leave: 2 },
    { title: 'message', least: 10, leave: 4, isProse: true },
  ];
  const body = versions.map((one) => [
    one.current ? '→' : '',
    shortVersion(one.version),
    `${visible(one.pushed_at.slice(0, 19)).replace('T', ' ')}${one.how === 'rollback' ? ' (rollback)' : ''}`,
    spanAgo(Date.parse(around.now) - Date.parse(one.pushed_at)),
    visible(one.by),
    count(one.flows),
    visible(one.message ?? ''),
  ]);
  return [palette.quiet(visible(around.container)), ...table(head, body, palette, room)];
}

export interface PulledTold {
  readonly version: string;
  readonly directory: string;
  readonly written: readonly string[];
  /** How many files already existed with the same content. */
  readonly unchanged: number;
}

export function pullLines(told: PulledTold, palette: Palette): readonly string[] {
  const same = told.unchanged === 0 ? '' : `, ${count(told.unchanged)} ${told.unchanged === 1 ? 'was' : 'were'} already there unchanged`;
  return [
    ...told.written.map((path) => `  ${visible(path)}`),
    `${palette.good('✓')} ${shortVersion(told.version)} is in ${visible(told.directory)}: ${counted(told.written.length, 'file')} written${same}.`,
  ];
}

export interface RolledBackTold {
  readonly version: string;
  readonly outcome: 'rolled back' | 'current already';
  readonly prev: string | null;
  readonly by: string;
  readonly pushed_at: Instant;
  readonly flows: number;
}

export function rollbackLines(told: RolledBackTold, palette: Palette): readonly string[] {
  const mark = palette.good('✓');
  if (told.outcome === 'current already') return [`${mark} ${shortVersion(told.version)} is already current. Nothing was written.`];
  return [
    `${mark} ${shortVersion(told.version)} is current again, instead of ${shortVersion(told.prev ?? '')}.`,
    '  Runs that begin from now on use it; runs that have begun keep their version.',
    `${palette.quiet('back')}  hygge config rollback ${shortVersion(told.prev ?? '')}`,
  ];
}
