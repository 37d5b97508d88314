import type { DriftTold, ErrorDetails } from '../../ports/events.ts';
import type { Json } from '../../ports/values.ts';
import { coloured, presentText, signOf } from '../run/drift-lines.ts';
import { errorBody, headline } from '../text/error-lines.ts';
import { count, counted } from '../text/figures.ts';
import type { Palette } from '../text/palette.ts';
import { entityArgument, shownEntity, visible } from '../text/visible.ts';
import { columns, pad, shorten } from '../text/width.ts';

/** A value of a column, or its length if values are masked. */
export interface Sample {
  readonly json: Json;
  /** One line with printable text only. */
  readonly text: string;
}

export type ChangeTold = Omit<DriftTold, 'samples'> & { readonly samples: readonly Sample[] };

/** The source columns of an entity, compared with the settled ones. */
export interface SchemaCompared {
  readonly flow: string;
  readonly entity: string;
  /** The schema that the source columns are compared with; null: the entity has no settled columns. */
  readonly against: 'settled' | 'expected' | null;
  readonly settledAt: string | null;
  /** Whether a reset was requested. */
  readonly fullNext: boolean;
  /** Whether a decided commit is not finished yet. */
  readonly pending: boolean;
  readonly load: 'full' | 'incremental';
  /** How many columns the source has; null: the source shows its columns only during a read. */
  readonly columns: number | null;
  readonly changes: readonly ChangeTold[];
  readonly accepted: boolean;
  /** The reason why a run would stop, if the changes do not show the reason. */
  readonly stop: ErrorDetails | null;
}

export function wouldStop({ changes, stop }: Pick<SchemaCompared, 'changes' | 'stop'>): boolean {
  return stop !== null || changes.some(({ severity }) => severity === 'fail');
}

/** The lines about one entity of `hygge schema diff`. */
export function comparedLines(found: SchemaCompared, palette: Palette, how: { readonly asking?: true } = {}): readonly string[] {
  const name = shownEntity(found.flow, found.entity);
  const settled = found.changes.length === 0 || found.against !== 'settled' ? null : found.settledAt;
  return [
    `${markOf(found, palette)} ${palette.strong(name)}  ${verdict(found)}`,
    ...(settled === null ? [] : [palette.quiet(`    last commit ${toMinute(settled)}`)]),
    ...changeLines(found, palette),
    ...(found.stop === null ? [] : [`    ${headline(found.stop, palette)}`, ...errorBody(found.stop, palette)]),
    ...(found.pending ? ['    An earlier run has decided a commit: the next run finishes it first, then compares again.'] : []),
    ...(how.asking ? [] : nextSteps(found, palette)),
  ];
}

/** A problem that prevents the comparison. */
export function notComparedLines(key: { readonly flow: string; readonly entity: string }, error: ErrorDetails, palette: Palette) {
  return [
    `${palette.bad('✗')} ${palette.strong(shownEntity(key.flow, key.entity))}  ${headline(error, palette)}`,
    ...errorBody(error, palette),
  ];
}

function markOf(found: SchemaCompared, palette: Palette): string {
  if (wouldStop(found)) return palette.bad('✗');
  if (found.changes.some(({ severity }) => severity === 'warn')) return palette.caution('!');
  return isNothingToCompare(found) ? palette.quiet('–') : palette.good('✓');
}

function isNothingToCompare({ columns, against }: SchemaCompared): boolean {
  return columns === null || against === null;
}

function verdict(found: SchemaCompared): string {
  const { changes, against, columns: sources } = found;
  if (wouldStop(found)) return changes.length === 0 ? 'a run stops' : `${counted(changes.length, 'change')}: a run stops`;
  if (sources === null) return 'the source shows its columns only while it is read: a run compares them then';
  if (found.fullNext && against === null) return 'was reset: the next run accepts the columns, and loads everything again';
  if (against === null) return `nothing has settled yet: the first run accepts the columns (${count(sources)})`;
  if (changes.length === 0) return `${counted(sources, 'column')}, ${against === 'expected' ? 'as expected' : 'as settled'}`;
  if (found.accepted) return `${counted(changes.length, 'change')}, accepted: a run accepts the source`;
  const warned = changes.filter(({ severity }) => severity === 'warn').length;
  return `${counted(changes.length, 'change')}: a run continues${warned === 0 ? '' : `, with ${counted(warned, 'warning')}`}`;
}

const widestName = 24;

function changeLines(found: SchemaCompared, palette: Palette): readonly string[] {
  const named = found.changes.map((one) => (one.column === null ? (one.kind === 'key' ? 'key' : 'columns') : visible(one.column)));
  const width = Math.min(widestName, Math.max(0, ...named.map(columns)));
  const below = ' '.repeat(4 + 2 + width + 2);
  return found.changes.flatMap((one, at) => {
    const name = named[at] ?? '';
    const fitted = columns(name) > width ? name : pad(name, width);
    return [
      `    ${coloured(signOf(one.kind), one, palette)} ${fitted}  ${presentText(one)}${sinceOf(one, found)}`,
      `${below}${one.severity === 'fail' ? palette.bad(visible(one.outcome)) : visible(one.outcome)}${decidedBy(one, palette)}`,
      ...(one.samples.length === 0
        ? []
        : [`${below}${palette.quiet('such as')} ${one.samples.map(({ text }) => shorten(text, widestSample)).join(', ')}`]),
    ];
  });
}

const widestSample = 40;

function decidedBy({ policy }: ChangeTold, palette: Palette): string {
  return policy === null ? '' : palette.quiet(` (${visible(policy)})`);
}

/** A change without a record of a run is newer than the last commit. */
function sinceOf({ since, kind }: ChangeTold, { settledAt, against }: SchemaCompared): string {
  if (settledAt === null || against !== 'settled' || kind === 'reordered' || kind === 'key') return '';
  return `, since ${since > settledAt ? 'the last commit' : since.slice(0, 10)}`;
}

export function toMinute(instant: string): string {
  return `${instant.slice(0, 16).replace('T', ' ')} UTC`;
}

function nextSteps(found: SchemaCompared, palette: Palette): readonly string[] {
  const name = entityArgument(found.flow, found.entity);
  if (!found.changes.some(({ severity }) => severity === 'fail')) return [];
  return [
    `    ${palette.quiet('try')}  hygge schema accept ${name}  to accept the source as it is now`,
    '         or set in schema_evolution how such changes are treated',
  ];
}

/** The last line, if the command compared several entities. */
export function comparedClosing(
  all: { readonly total: number; readonly changed: number; readonly stopped: number },
  palette: Palette,
): readonly string[] {
  if (all.total < 2) return [];
  const { total, changed, stopped } = all;
  if (stopped > 0) return ['', palette.bad(`A run stops at ${count(stopped)} of ${counted(total, 'entity', 'entities')}.`)];
  return [
    '',
    changed === 0
      ? palette.good('Nothing has changed.')
      : palette.caution(`${count(changed)} of ${counted(total, 'entity', 'entities')} changed; nothing stops a run.`),
  ];
}

export function acceptQuestion(found: SchemaCompared): string {
  return `Accept the source of ${shownEntity(found.flow, found.entity)} as it is now? No rows move before the next run. [y/N] `;
}

/** The result of accepting changes. `now`: the columns after a second look. `already`: the changes were accepted before. */
export function acceptedLines(now: SchemaCompared, palette: Palette, how: { readonly already: boolean }): readonly string[] {
  const name = shownEntity(now.flow, now.entity);
  if (!now.accepted)
    return [
      `${palette.caution('!')} The source of ${name} has changed again: the change that was shown is accepted, but the new change is not.`,
    ];
  const isWhole = now.load === 'full' && now.against !== 'expected';
  const does = isWhole
    ? 'writes all rows again, with the columns as the source has them'
    : now.load === 'full'
      ? 'writes all rows again'
      : 'continues after the settled rows';
  const changes = isWhole ? [] : now.changes.map((one) => ({ ...one, samples: [] }));
  return [
    `${palette.good('✓')} ${how.already ? 'Accepted already' : 'Accepted'}: the source of ${name} as it is now. Later changes will be reported again.`,
    `  The next run ${does}${changes.length === 0 ? '.' : ':'}`,
    ...changeLines({ ...now, changes }, palette),
    ...(now.stop === null ? [] : [`    ${headline(now.stop, palette)}`, ...errorBody(now.stop, palette)]),
    '',
    `${palette.quiet('next')}  hygge go -e ${entityArgument(now.flow, now.entity)}`,
    // After the next run, the settled rows have the earlier and the new column.
    ...(changes.some(({ direction }) => direction === 'incompatible')
      ? [
          `      hygge go -d -e ${entityArgument(now.flow, now.entity)}   instead: it loads everything again, with the new type in the same column`,
        ]
      : []),
  ];
}
