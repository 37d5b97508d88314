import { join } from 'node:path';
import { realClock } from '../../adapters/real-clock.ts';
import type { RealPorts } from '../../assembly/ports.ts';
import { everything, type FilesOfRows, type Home, usualSliceBytes } from '../../engine/contracts/home.ts';
import type { EntitySpec } from '../../engine/contracts/spec.ts';
import { inspectTarget, readSliceInOneStep, untilDone } from '../../engine/contracts/steps.ts';
import { readRow } from '../../engine/protocol/row.ts';
import { snapshotInForce } from '../../engine/schema/snapshot.ts';
import { ConfigError } from '../../errors/hygge-error.ts';
import { asPolars } from '../../frames/values/polars-frame.ts';
import { previewLines } from '../../narrate/commands/preview-lines.ts';
import { shownEntity, visible } from '../../narrate/text/visible.ts';
import type { EntityView, QueryAnswer } from '../../ports/answers/entity-query.ts';
import type { EntityKey, Json } from '../../ports/values.ts';
import { queryEntities, viewOfFiles } from '../../registry.ts';
import { chooseEntity } from '../select/chosen-flows.ts';
import { lookingPorts } from '../select/open-entities.ts';
import { exit } from '../terminal/exit-code.ts';
import { openWorkspace } from '../terminal/open-workspace.ts';
import { printAnswer } from '../terminal/print.ts';
import type { CommonFlags, Surroundings } from '../terminal/surroundings.ts';

export interface QueryFlags extends CommonFlags {
  /** The SELECT that is run. */
  readonly sql: string;
  /** The maximum number of rows to show. Undefined: 100 rows for people, all rows for programs. */
  readonly rows?: number | undefined;
}

const shownRows = 100;

/** `hygge query`: runs a SELECT over settled rows, in which each entity is a table. Stores are only read. */
export async function query(flags: QueryFlags, surroundings: Surroundings): Promise<number> {
  const clock = realClock();
  const named = (flows: readonly { readonly entities: readonly EntityKey[] }[]): readonly EntityKey[] =>
    flows.flatMap(({ entities }) => entities.filter((key) => isNamed(key, flags.sql)));
  const opened = await openWorkspace(flags, surroundings, { now: clock.now(), tolerant: true, opens: named });
  const chosen = named([
    ...opened.flows,
    ...opened.unusable.flatMap(({ name, entities }) => ({ entities: entities.map((one) => ({ flow: name, entity: one.name })) })),
  ]);
  if (chosen.length === 0) throw namesNone(opened.flows.flatMap(({ entities }) => entities));
  const specs = chosen.map(({ flow, entity }) => chooseEntity(opened, `${flow}.${entity}`));
  const [first] = specs;
  if (first === undefined) return exit.ok;
  await using ports = await lookingPorts(first.workspace, surroundings, clock);
  const views: EntityView[] = [];
  for (const { spec } of specs) {
    const isSource =
      names({ ...spec, entity: sourceOf(spec) }, flags.sql) && !specs.some((other) => isCalled(other.spec, sourceOf(spec), spec));
    if (isSource) views.push(await viewOfSource(spec, ports));
    if (!isSource || names(spec, flags.sql) || names({ ...spec, entity: `${spec.entity}_latest` }, flags.sql))
      views.push(await viewOf(spec, ports, flags.sql));
  }
  const scratch = await ports.opening(first.spec).scratch.path('.query');
  const most = flags.rows ?? (flags.output === 'json' ? null : shownRows);
  const answer = await queryEntities({ views, sql: flags.sql, most, scratch });
  printAnswer(surroundings, flags, {
    rows: answer.rows.map((row) => Object.fromEntries(answer.columns.map(({ name }, at) => [name, row[at] ?? null]))),
    verbatim: true,
    lines: (palette, width) =>
      previewLines(shown(answer, views, most ?? answer.rows.length), { palette, width, all: flags.verbose === true }),
  });
  return exit.ok;
}

/** Whether the SQL names the entity, its newest rows or its source, with or without quotes. */
const isNamed = (key: EntityKey, sql: string): boolean => names(key, sql, '(?:_latest|_source)?');

function names({ flow, entity }: EntityKey, sql: string, ending = ''): boolean {
  const either = (name: string, more = ''): string =>
    `(?:"${escaped(name.replaceAll('"', '""'))}${more}"|(?<![\\w"])${escaped(name)}${more}(?![\\w"]))`;
  return new RegExp(`${either(flow)}\\s*\\.\\s*${either(entity, ending)}`, 'i').test(sql);
}

const sourceOf = ({ entity }: EntityKey): string => `${entity}_source`;
const isCalled = (one: EntityKey, name: string, { flow }: EntityKey): boolean => one.flow === flow && one.entity === name;

/** The rows of a source as a table, if the source keeps its versions. All rows are from one version. */
async function viewOfSource(spec: EntitySpec, ports: RealPorts): Promise<EntityView> {
  await using home = await ports.home(spec, null);
  if (home.past === undefined) throw noSource(spec);
  return { flow: spec.flow, entity: sourceOf(spec), rows: await viewInScratch(home, spec, ports), latest: null };
}

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

/** The settled rows of an entity as a table. DuckDB reads files directly, if it reads their format exactly. Other rows are first copied into temporary files. */
async function viewOf(spec: EntitySpec, ports: RealPorts, sql: string): Promise<EntityView> {
  const { flow, entity } = spec;
  const store = await ports.store(spec);
  const target = await inspectTarget(ports, store);
  const home = target.content === 'ours' && store.settled?.gives === 'rows' ? await store.settled.open(target.head) : undefined;
  if (home === undefined) throw nothingSettled(spec, target.content === 'ours');
  const files = home.filesOf?.(everything);
  const rows = (files && (await viewInPlace(files))) ?? (await viewInScratch(home, spec, ports));
  const latest = await newestBy(spec, ports);
  if (latest === null && isNamed({ flow, entity: `${entity}_latest` }, sql)) throw noKey(spec);
  return { flow, entity, rows, latest };
}

async function viewInPlace(of: FilesOfRows): Promise<string | undefined> {
  const { folder } = of;
  if (folder === null) return undefined;
  return viewOfFiles({ ...of, files: of.files.map((file) => ({ ...file, name: join(folder, file.name) })) });
}

async function viewInScratch(home: Home, spec: EntitySpec, ports: RealPorts): Promise<string> {
  const { scratch } = ports.opening(spec);
  const description = await untilDone(ports.clock, (cursor) => home.describe(cursor));
  const { slices } = await untilDone(ports.clock, (cursor) => home.plan(everything, { sliceBytes: usualSliceBytes }, cursor));
  const files: FilesOfRows['files'][number][] = [];
  const signal = new AbortController().signal;
  for (const slice of slices)
    for await (const piece of readSliceInOneStep(ports.clock, home, slice, { window: everything, signal })) {
      // A settled file with unreadable rows is an error, since a result without these rows would be wrong.
      if ('rejected' in piece) throw new Error(`${home.place} was read without ${piece.rejected.length} of its rows`);
      const frame = asPolars(piece);
      const path = await scratch.path('.parquet');
      await (await frame.lazy()).sinkParquet(path, { compression: 'lz4' }).collect();
      files.push({ name: path, bytes: frame.bytes, partition: {} });
    }
  const view = await viewOfFiles({
    ...{ format: 'parquet', style: null, address: home.place, folder: '/', files },
    schema: description.schema ?? { columns: [] },
  });
  return view ?? '';
}

/** The key and the watermark of an entity, by the names of the settled columns. */
async function newestBy(spec: EntitySpec, ports: RealPorts): Promise<EntityView['latest']> {
  const { watermark } = spec;
  if (watermark === null || watermark.key.length === 0) return null;
  const names = (await snapshotInForce(ports, spec, (await readRow(ports, spec)).row))?.names ?? [];
  const settled = (source: string): string => names.find(([from]) => from === source)?.[1] ?? source;
  return { key: watermark.key.map(settled), watermark: settled(watermark.column) };
}

function shown({ columns, rows, hasMore }: QueryAnswer, views: readonly EntityView[], most: number) {
  return {
    name: 'query',
    from: views.map(({ flow, entity }) => shownEntity(flow, entity)).join(', '),
    columns: columns.map(({ name, type }) => ({ name, type, align: isNumber(type) ? ('right' as const) : ('left' as const) })),
    rows: rows.map((row) => columns.map((_, at) => shownCell(row[at] ?? null))),
    total: undefined,
    limit: hasMore ? most : most + 1,
    rejected: 0,
  };
}

const isNumber = (type: string): boolean => /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DOUBLE|FLOAT|DECIMAL\b.*)$/.test(type);

const shownCell = (value: Json) =>
  value === null
    ? { text: 'NULL', isNull: true }
    : { text: visible(typeof value === 'string' ? value : JSON.stringify(value)), isNull: false };

function namesNone(there: readonly EntityKey[]): ConfigError {
  const [example] = there;
  return new ConfigError({
    code: 'HYG-1945',
    what: 'The query names no entity of this workspace.',
    why:
      there.length === 0 ? ['The workspace has no entity.'] : [`Each entity is a table, such as "${example?.flow}"."${example?.entity}".`],
    tryThis: ['See all: hygge list entities'],
  });
}

function nothingSettled({ flow, entity }: EntityKey, settled: boolean): ConfigError {
  return new ConfigError({
    code: 'HYG-1945',
    what: `${flow}.${entity} has no settled rows that can be read.`,
    why: [settled ? 'hygge can’t read back the rows of this store.' : 'No run of it has settled in its store.'],
    tryThis: settled ? ['Query the store with a client of its own'] : [`Load it first: hygge go ${flow}.${entity}`],
  });
}

function noKey({ flow, entity }: EntityKey): ConfigError {
  return new ConfigError({
    code: 'HYG-1945',
    what: `There is no "${flow}"."${entity}_latest": no key identifies its rows.`,
    why: ['The newest row of each key needs a watermark with a key.'],
    tryThis: ['Name the key in the flow: watermark: { column: updated_at, key: [id] }'],
  });
}

function noSource({ flow, entity }: EntityKey): ConfigError {
  return new ConfigError({
    code: 'HYG-1945',
    what: `There is no "${flow}"."${entity}_source": the home of ${flow}.${entity} is not a Delta table.`,
    why: ['For other sources, a query reads only settled rows.'],
    tryThis: [`See the first rows of the source: hygge preview ${flow}.${entity}`],
  });
}
