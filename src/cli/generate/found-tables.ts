import { entitiesOf, type FromTable, patternOf } from '../../assembly/found/tables.ts';
import type { TableFound } from '../../engine/contracts/connector.ts';
import { asYaml } from '../../errors/as-yaml.ts';
import { unreadTables, viewsLeftOut } from '../../narrate/run/copy-lines.ts';
import { bytes, counted } from '../../narrate/text/figures.ts';
import { namePattern } from '../../workspace/name-pattern.ts';
import { nameKey } from '../../workspace/names.ts';
import { type Database, everyTable } from '../database/connection.ts';
import { split } from '../select/choice.ts';
import type { Surroundings } from '../terminal/surroundings.ts';

export interface TableFilter {
  readonly schemas: readonly string[] | undefined;
  /** A pattern for names of tables with `*` and `?`. Undefined: all tables. */
  readonly like: string | undefined;
  readonly views: boolean;
  /** The entities that the flow has already. */
  readonly known: readonly string[];
  /** The value of `table` in the flow’s home: `{entity}`, `sales.{entity}`. */
  readonly pattern: string;
}

/** Tables of the database. Views are included if they are requested, or if the database has no tables. `leftOut`: sentences about tables and views that are left out. */
export async function foundTables(
  database: Database,
  wanted: TableFilter,
  surroundings: Surroundings,
): Promise<{ readonly tables: readonly FromTable[]; readonly leftOut: readonly string[] }> {
  const all = await everyTable(database, surroundings, 'Name the tables: --tables orders,customers');
  const like = wanted.like === undefined ? undefined : namePattern(wanted.like, 'iu');
  const of = patternOf(wanted.pattern);
  // Views and unreadable tables get names too, so that the names of other tables do not depend on the selection.
  const named = entitiesOf(
    all.filter(
      ({ schema, name, written }) =>
        (wanted.schemas?.includes(schema) ?? (of.schema === null || of.schema === schema)) &&
        (like === undefined || like.test(name) || like.test(written)),
    ),
    wanted.pattern,
  ).map((one) => ({ ...one, called: [one.found.written], isView: /view/.test(one.found.kind), ...reasonOf(one) }));
  const { taken, views, unread } = split(named, wanted.views);
  const unnamed = views.filter(({ name }) => !wanted.known.some((known) => nameKey(known) === nameKey(name)));
  const leftOut = [
    unreadTables(
      taken.length,
      unread.map(({ found }) => ({ name: found.written, why: found.unread ?? '' })),
    ),
    viewsLeftOut(unnamed.map(({ found }) => found.written)),
  ];
  return { tables: taken, leftOut: leftOut.filter((sentence) => sentence !== undefined) };
}

const reasonOf = ({ found: { unread } }: FromTable) => (unread === undefined ? {} : { unread });

/** Facts from the catalogue about a table, and a possible watermark, as comments. */
export function aboutTable({ found }: FromTable): string {
  const { rising, feed } = found;
  const [best, ...others] = rising;
  return asComments([
    ...told(found),
    '',
    ...(feed === undefined
      ? []
      : ['# Changes and deletes, as the source tracks them:', '# run_type: incremental', `# ${feedOf(found, feed)}`, '']),
    ...(best === undefined
      ? ['# No column distinguishes new rows from old ones, so each run loads everything.']
      : [
          '# Only new rows, by a column whose values increase:',
          '# run_type: incremental',
          `# ${watermarkOf(found, best.column)}`,
          `#   ${best.column}: ${best.why}`,
          ...others.slice(0, 2).map(({ column, why }) => `#   or ${column}: ${why}`),
        ]),
    '',
  ]);
}

/** Proposes how to read a table, with the reason. Alternatives are added as comments. */
/** @param lag the time until rows become visible, if the role can not see which transactions are open. Null: the role can see this. */
export function proposalFor(
  { found }: FromTable,
  lag: string | null = null,
): { readonly text: string; readonly shown: string; readonly takesLag: boolean } {
  const [best, ...others] = found.rising;
  if (best?.isSafeWatermark)
    return {
      shown: `what is new, by ${best.column}`,
      takesLag: best.isTime,
      text: asComments([
        ...told(found),
        '',
        `# Only new rows, by ${best.column}: ${best.why}.`,
        'run_type: incremental',
        watermarkOf(found, best.column, best.isTime ? lag : null),
        ...(lag === null || !best.isTime
          ? []
          : [
              `# lag: open transactions can't be seen here. Rows younger than ${lag} wait for the next run; rows that appear more than ${lag} after their time are missed.`,
            ]),
        ...others.slice(0, 2).map(({ column, why }) => `# or by ${column}: ${why}`),
        '# Rows that are deleted in the source stay in the store. In a folder of files, a changed row settles again next to its earlier version.',
        '# For an exact copy at each run: run_type: full_drop',
        '',
      ]),
    };
  const why = best === undefined ? 'no column distinguishes new rows from old ones' : 'no column surely identifies each new or changed row';
  return {
    takesLag: false,
    shown: `everything${best === undefined ? '' : ` (or by ${best.column}?)`}`,
    text: asComments([
      ...told(found),
      '',
      `# Each run loads all rows and replaces the earlier ones: ${why}.`,
      'run_type: full_drop',
      ...(best === undefined
        ? []
        : [
            '# Or, if this is enough, only new rows:',
            '# run_type: incremental',
            `# ${watermarkOf(found, best.column)}`,
            `#   ${best.column}: ${best.why}`,
            ...others.slice(0, 2).map(({ column, why: says }) => `#   or ${column}: ${says}`),
          ]),
      '',
    ]),
  };
}

function told({ kind, written, rows, bytes: size, keys, keyOf }: TableFound): readonly string[] {
  const estimates = [...(rows === null ? [] : [`~${counted(rows, 'row')}`]), ...(size === null ? [] : [`~${bytes(size)}`])];
  return [
    `# ${kind} ${written}${estimates.length > 0 ? `, ${estimates.join(', ')}` : ''}`,
    keyOf === null ? '# no primary key' : `# ${keyOf}: ${keys.join(', ')}`,
  ];
}

function watermarkOf({ keys }: TableFound, column: string, lag: string | null = null): string {
  const key = keys.length === 0 ? '' : `, key: [${keys.map(asYaml).join(', ')}]`;
  return `watermark: { column: ${asYaml(column)}${key}${lag === null ? '' : `, lag: ${lag}`} }`;
}

function feedOf({ keys }: TableFound, feed: string): string {
  return `watermark: { changes: ${feed}${keys.length === 0 ? '' : `, key: [${keys.map(asYaml).join(', ')}]`} }`;
}

/** Lines as YAML comments. Line ends inside names are replaced, since they would end the comment. */
export function asComments(lines: readonly string[]): string {
  return lines.map((line) => line.replaceAll(/[\r\n\u0085\u2028\u2029]+/g, ' ')).join('\n');
}
