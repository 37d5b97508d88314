import { count, counted } from '../text/figures.ts';
import type { Palette } from '../text/palette.ts';
import { table } from '../text/table.ts';
import { entityArgument, shownEntity, shownName, visible } from '../text/visible.ts';

export interface ListedFlow {
  readonly flow: string;
  readonly entities: number;
  /** The types of the connection’s homes and stores. */
  readonly from: string;
  readonly to: string;
  readonly schedule: string | null;
  readonly next: string | null;
}

export function flowLines(flows: readonly ListedFlow[], palette: Palette, room: number | null): readonly string[] {
  const head = [
    { title: 'flow', least: 12 },
    { title: 'entities', align: 'right' as const },
    { title: 'home' },
    { title: 'store' },
    { title: 'schedule', leave: 2 },
    { title: 'next (UTC)', leave: 1 },
  ];
  const body = flows.map((one) => [
    shownName(one.flow),
    count(one.entities),
    one.from,
    one.to,
    visible(one.schedule ?? ''),
    one.next === null ? '' : one.next.slice(0, 16).replace('T', ' '),
  ]);
  return table(head, body, palette, room);
}

export interface ListedEntity {
  readonly flow: string;
  readonly entity: string;
  /** Null: unknown, because the entity has errors. */
  readonly run_type: string | null;
  readonly watermark: string | null;
  /** Source and destination, for people; null: unknown until the system is reached. */
  readonly from: string | null;
  readonly to: string | null;
}

export function entityLines(entities: readonly ListedEntity[], palette: Palette, room: number | null): readonly string[] {
  const head = [
    { title: 'entity', least: 12 },
    { title: 'run type' },
    { title: 'watermark', least: 8, leave: 3 },
    { title: 'from', least: 12, leave: 2 },
    { title: 'to', least: 12, leave: 1 },
  ];
  return table(
    head,
    entities.map((one) => [
      shownEntity(one.flow, one.entity),
      one.run_type ?? '?',
      visible(one.watermark ?? ''),
      visible(one.from ?? ''),
      visible(one.to ?? ''),
    ]),
    palette,
    room,
  );
}

export interface ListedConnection {
  readonly connection: string;
  readonly type: string;
  /** How many slices run at once; null: no limit. */
  readonly max_reads: number | null;
  readonly max_writes: number | null;
  /** How many homes and stores use the connection. */
  readonly entities: number;
}

export function connectionLines(connections: readonly ListedConnection[], palette: Palette, room: number | null): readonly string[] {
  const head = [
    { title: 'connection', least: 12 },
    { title: 'type' },
    { title: 'max reads', align: 'right' as const },
    { title: 'max writes', align: 'right' as const },
    { title: 'entities', align: 'right' as const },
  ];
  const limit = (most: number | null) => (most === null ? '' : count(most));
  const body = connections.map((one) => [
    visible(one.connection),
    visible(one.type),
    limit(one.max_reads),
    limit(one.max_writes),
    count(one.entities),
  ]);
  return table(head, body, palette, room);
}

export interface ListedSide {
  /** The keys of the connector’s config. */
  readonly config: readonly string[];
  /** Null: unknown until the system is reached. */
  readonly capabilities: Readonly<Record<string, string | boolean>> | null;
}

export interface ListedConnector {
  readonly connector: string;
  readonly summary: string;
  readonly verified_against: string;
  readonly home: ListedSide | null;
  readonly store: ListedSide | null;
  /** The keys of a connection to the state; null: the connector can’t keep the state. */
  readonly state: { readonly config: readonly string[] } | null;
  /** The connector that a manifest uses, if the type is that of a system. Null: the type belongs to a connector. */
  readonly manifest: { readonly connector: string; readonly entities: readonly string[] } | null;
}

/** One paragraph for each connector: its description, the features of its home and store, and the system of its tests. */
export function connectorLines(connectors: readonly ListedConnector[], palette: Palette): readonly string[] {
  const paragraphs = connectors.flatMap((one) => [
    '',
    `${palette.strong(visible(one.connector))}  ${visible(one.summary)}`,
    ...(one.home === null ? [] : sideLines('home', homeWords, one.home, palette)),
    ...(one.store === null ? [] : sideLines('store', storeWords, one.store, palette)),
    ...(one.state === null
      ? []
      : [row('state', `${palette.quiet('keys of a connection:')} ${one.state.config.map(visible).join(', ')}`, palette)]),
    ...(one.manifest === null
      ? []
      : [
          row('home', `${palette.quiet('entities:')} ${one.manifest.entities.map(visible).join(', ')}`, palette),
          row('', `${palette.quiet('keys:')} those of ${visible(one.manifest.connector)}, with values from a manifest`, palette),
        ]),
    row('tested', visible(one.verified_against), palette),
  ]);
  return [`${counted(connectors.length, 'connector')}: the ${palette.strong('type')} of a home, a store or a connection.`, ...paragraphs];
}

function sideLines(
  label: string,
  words: Readonly<Record<string, Words>>,
  { config, capabilities }: ListedSide,
  palette: Palette,
): readonly string[] {
  const told = Object.entries(capabilities ?? {}).flatMap(([key, value]) => words[key]?.[String(value)] ?? []);
  const guarantee = capabilities?.guarantee;
  return [
    ...(told.length === 0 ? [] : [row(label, told.join(', '), palette)]),
    ...(typeof guarantee === 'string' ? [row(told.length === 0 ? label : '', visible(guarantee), palette)] : []),
    row(
      told.length === 0 && guarantee === undefined ? label : '',
      config.length === 0 ? 'takes no keys' : `${palette.quiet('keys:')} ${config.map(visible).join(', ')}`,
      palette,
    ),
  ];
}

function row(label: string, text: string, palette: Palette): string {
  return `    ${palette.quiet(label.padEnd(7))} ${text}`;
}

type Words = Readonly<Record<string, string>>;

const homeWords: Readonly<Record<string, Words>> = {
  order: { sliced: 'read in slices, several at once', in_order: 'read in order, one page after another' },
  upper: {
    source: 'upper bound from the source',
    clock: 'upper bound from its clock',
    observed: 'upper bound known only after reading',
    appended: 'upper bound known only after reading, in ascending order',
  },
  filter: { range: 'filters by watermark', lower: 'filters from the watermark on' },
  by_file: { true: 'distinguishes new files from old ones' },
};

const storeWords: Readonly<Record<string, Words>> = {
  append: { true: 'appends' },
  replace: { true: 'replaces' },
  merge: { true: 'merges by key' },
  distinguishes_own_rows: { true: 'distinguishes its rows from those of others' },
  delete_insert: { true: 'deletes its own rows and inserts' },
  replace_boundary: { true: 'replaces the rows at the watermark' },
  replace_sources: { true: 'replaces the rows that came from a file' },
  replace_range: { true: 'replaces a range' },
};

/** Rows of an entity that are in quarantine for the same reason. */
export interface QuarantineListed {
  readonly flow: string;
  readonly entity: string;
  /** The rule that the rows break; null: the rows can’t be read. */
  readonly rule: string | null;
  readonly column: string | null;
  /** The error of rows that can’t be read. */
  readonly reason: string | null;
  readonly rows: number;
  /** The known entity runs that put rows into quarantine. */
  readonly runs: readonly string[];
  /** The end times of the first and the last of these runs; null: the journal no longer has the runs. */
  readonly since: string | null;
  readonly last: string | null;
  /** Why rows that break a rule can’t be replayed: another version of hygge wrote the rows. Null: the rows can be replayed, or can’t be read. */
  readonly written_by: 'earlier version' | 'later version' | null;
}

/** A correction that is in effect, as JSON for programs. */
export interface CorrectionListed {
  readonly flow: string;
  readonly entity: string;
  readonly id: string;
  /** The columns that the correction changes. */
  readonly columns: readonly string[];
  /** The run that corrected the row, and the time when the run began; null: the id does not show the time. */
  readonly run: string | null;
  readonly at: string | null;
}

export function correctionLines(
  listed: readonly CorrectionListed[],
  { palette, room }: { readonly palette: Palette; readonly room: number | null },
): readonly string[] {
  const [first] = listed;
  if (first === undefined) return ['There are no stored corrections.'];
  const head = [
    { title: 'entity', least: 12 },
    { title: 'id', least: 16 },
    { title: 'columns', least: 8 },
    { title: 'run', leave: 2 },
    { title: 'since (UTC)', leave: 1 },
  ];
  const body = listed.map(({ flow, entity, id, columns, run, at }) => [
    shownEntity(flow, entity),
    visible(id),
    columns.map(visible).join(', '),
    visible(run ?? ''),
    at === null ? '' : at.slice(0, 16).replace('T', ' '),
  ]);
  return [
    ...table(head, body, palette, room),
    '',
    `${counted(listed.length, 'correction')}. Delete one: hygge quarantine drop-correction ${entityArgument(first.flow, first.entity)} ${first.id}`,
  ];
}

export function quarantineLines(
  listed: readonly QuarantineListed[],
  { palette, room }: { readonly palette: Palette; readonly room: number | null },
): readonly string[] {
  if (listed.length === 0) return ['Nothing is in quarantine.'];
  // Most rules are named after their column.
  const columns = listed.map(({ rule, column }) => (column === null || rule?.includes(column) ? '' : visible(column)));
  const hasColumns = columns.some((one) => one !== '');
  const head = [
    { title: 'entity', least: 12 },
    { title: 'why', least: 16 },
    ...(hasColumns ? [{ title: 'column', least: 8, leave: 2 }] : []),
    { title: 'rows', align: 'right' as const },
    { title: 'since (UTC)', leave: 1 },
  ];
  const body = listed.map((one, at) => [
    shownEntity(one.flow, one.entity),
    visible(one.rule ?? one.reason ?? 'not known'),
    ...(hasColumns ? [columns[at] ?? ''] : []),
    count(one.rows),
    one.since === null ? '' : one.since.slice(0, 16).replace('T', ' '),
  ]);
  const rows = listed.reduce((sum, one) => sum + one.rows, 0);
  const [{ flow, entity }] = listed as readonly [QuarantineListed];
  return [
    ...table(head, body, palette, room),
    '',
    `${counted(rows, 'row')}. See them: hygge quarantine show ${entityArgument(flow, entity)}`,
    ...(['earlier version', 'later version'] as const).flatMap((version) => notReplayedLines(listed, version)),
  ];
}

function notReplayedLines(listed: readonly QuarantineListed[], version: NonNullable<QuarantineListed['written_by']>): readonly string[] {
  const mine = listed.filter(({ written_by }) => written_by === version);
  const [first] = mine;
  if (first === undefined) return [];
  const rows = mine.reduce((sum, one) => sum + one.rows, 0);
  const way =
    version === 'later version'
      ? 'Use that version to replay them.'
      : `Read them again: hygge go -d -e ${entityArgument(first.flow, first.entity)}`;
  return [
    `${rows === 1 ? '1 of them was' : `${count(rows)} of them were`} put into quarantine by ${anOrA(version)}${version} of hygge, and can't be replayed. ${way}`,
  ];
}

const anOrA = (version: string) => (version.startsWith('e') ? 'an ' : 'a ');
