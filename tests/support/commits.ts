/** Commits that are cut in the middle, and how the engine goes on with them: for stores in databases. */
import type { PlannedChange } from '../../src/engine/contracts/catalog.ts';
import type { CommitOutcome, Intent } from '../../src/engine/contracts/intent.ts';
import type { Part, PartRole, RepeatsInStore, Store, Supersede } from '../../src/engine/contracts/store.ts';
import type { Writing } from '../../src/engine/contracts/writing.ts';
import { HyggeError } from '../../src/errors/hygge-error.ts';
import type { Cell } from '../../src/frames/cell.ts';
import type { Schema } from '../../src/frames/schema.ts';
import { shortHash } from '../../src/frames/short-hash.ts';
import { frameBuilder } from '../../src/frames/values/builders.ts';
import { overRows } from '../../src/frames/values/cells.ts';
import { brokenSchema } from '../../src/frames/values/rejected-rows.ts';
import { OutcomeUnknown } from '../../src/ports/retry.ts';
import { run } from './connector-conformance/bench.ts';
import { decisionOver } from './connector-conformance/decision.ts';
import { adding } from './sim/rows.ts';

type Given = Store | Promise<Store>;

export type Rows = readonly (readonly Cell[])[];

export interface Load {
  readonly epoch: number;
  readonly schema: Schema;
  readonly rows?: Rows;
  readonly roles?: Readonly<Partial<Record<PartRole, Rows>>>;
  /** The rows of the role `broken` are of the open group. */
  readonly ofGroup?: true;
  /** Of other slices. */
  readonly slices?: readonly Rows[];
  /** What an attempt staged before, whose answer nobody got. */
  readonly lost?: Rows;
  readonly supersede?: Supersede;
  /** It takes all rows out of quarantine that lie there. */
  readonly releases?: true;
  readonly writing?: Writing;
  readonly changes?: readonly PlannedChange[];
  readonly mark?: string;
}

const never = new AbortController().signal;

export async function staged(given: Given, { slices = [], lost, ...load }: Load): Promise<readonly Part[]> {
  const store = await given;
  if (lost) await stagedSlice(store, 0, { ...load, rows: lost });
  const parts = await stagedSlice(store, 0, load);
  for (const [at, rows] of slices.entries()) parts.push(...(await stagedSlice(store, at + 1, { ...load, rows, roles: {} })));
  return parts;
}

async function stagedSlice(store: Store, slice: number, load: Omit<Load, 'slices' | 'lost'>): Promise<Part[]> {
  const { epoch, schema, rows, roles = {}, ofGroup, writing = adding, mark } = load;
  const column = schema.columns.find(({ name }) => name === mark);
  const frames = (async function* () {
    for (const [role, of] of Object.entries({ ...(rows ? { data: rows } : {}), ...roles })) {
      const isBroken = role === 'broken';
      const builder = await frameBuilder(isBroken ? brokenSchema(schema) : schema);
      const idOf = (row: readonly Cell[]) => shortHash(row.map(String).join());
      for (const row of of) builder.append(isBroken ? [...row, 'a rule', null, 'why', run(epoch).entityRunId, idOf(row)] : row);
      yield { role: role as PartRole, frame: await builder.take(), ...(isBroken && ofGroup ? { ofGroup } : {}) };
    }
  })();
  const watermark = column ? { column: column.name, type: column.type } : null;
  return [...(await store.stage({ run: run(epoch), writing, slice, schema, watermark, emptyPart: false }, frames, never))];
}

export async function decided(given: Given, load: Load): Promise<Intent> {
  const store = await given;
  const { epoch, schema, writing = adding, changes = [] } = load;
  const supersede = load.releases ? await fromQuarantine(store) : (load.supersede ?? { what: 'nothing' as const });
  return decisionOver(store, { run: run(epoch), parts: await staged(store, load), supersede, writing, schema, changes });
}

/** The comparison of keys by the store itself. */
export function repeatsOf({ repeats, where }: Store): RepeatsInStore {
  if (repeats?.by !== 'store') throw new Error(`${where} compares no keys`);
  return repeats;
}

/** The parts in place of staged ones, after rows were set apart of which another one has the same key. */
export async function setApart(given: Given, parts: readonly Part[], { columns, ...load }: Load & { readonly columns: readonly string[] }) {
  const { epoch, schema, writing = adding, mark } = load;
  const column = schema.columns.find(({ name }) => name === mark);
  const told = await repeatsOf(await given).setApart({
    ...{ run: run(epoch), writing, slice: 9, schema, columns, parts, mergeKey: writing.key, signal: never },
    watermark: column ? { column: column.name, type: column.type } : null,
    apartFor: { rule: 'once', column: null, reason: 'why', stamped: [] },
  });
  if (told === 'parts lost') throw new Error(`rows are not set apart: ${told}`);
  return told;
}

/** What takes the rows out of quarantine that lie there. */
export async function fromQuarantine(given: Given): Promise<Supersede> {
  const parts = (await (await given).quarantine?.parts()) ?? [];
  return { what: 'quarantine', parts: parts.map(({ slice }) => slice) };
}

/** The rows in quarantine, without why they lie there. */
export async function quarantined(given: Given): Promise<Rows> {
  const { quarantine } = await given;
  const rows: Cell[][] = [];
  for (const { slice } of (await quarantine?.parts()) ?? [])
    for await (const frame of quarantine?.read(slice, never) ?? [])
      rows.push(...(await overRows(frame, (all) => Array.from(all, (row) => row.slice(0, -5)))));
  return rows;
}

/** Stages, decides and commits. */
export async function loaded(store: Given, load: Load): Promise<CommitOutcome> {
  return committed(store, await decided(store, load));
}

/** What nobody knows is asked again, and what may pass is tried again. */
export const mayPass = (error: unknown): boolean => error instanceof OutcomeUnknown || (error instanceof HyggeError && error.transient);

export async function committed(given: Given, intent: Intent): Promise<CommitOutcome> {
  const store = await given;
  for (;;) {
    const step = await store.commit(intent);
    if ('done' in step) return step.done;
  }
}

/** As the engine does it. */
export async function finished(store: Store, intent: Intent): Promise<CommitOutcome> {
  for (let tries = 0; ; tries++) {
    try {
      return await committed(store, intent);
    } catch (error) {
      if (!mayPass(error) || tries > 5) throw error;
    }
  }
}

export const writing = (mode: Writing['mode'], key: readonly string[] = []): Writing => ({ mode, key, why: 'full_load' });
export const everything = { what: 'all', foreign: 'keep' } as const;

export const idAndName: Schema = {
  columns: [
    { name: 'id', type: { kind: 'int64' }, nullable: false },
    { name: 'name', type: { kind: 'string' }, nullable: true },
  ],
};

const rowsOf = (...rows: readonly (readonly [bigint, string])[]) => rows;

export const first = { epoch: 1, schema: idAndName, rows: rowsOf([1n, 'one'], [2n, 'two']) };
export const second = { epoch: 2, schema: idAndName, rows: rowsOf([2n, 'zwei'], [3n, 'drei']) };
/** Of a table that is not there yet. */
export const begins = { ...first, epoch: 2, writing: { mode: 'append', key: [], why: 'creates' } as Writing };

const ofIds = { column: 'id', type: { kind: 'int64' } } as const;
const edges = { from: { text: '2', inclusive: true }, to: { text: '4', inclusive: false } } as const;
const range = { what: 'range', ...ofIds, ranges: [edges], group: 'rows' } as const;
const boundary = { what: 'boundary', ...ofIds, text: '2', precision: 'exact', nulls: false, rows: 1 } as const;

const sliced = {
  ...{ ...second, writing: writing('swap'), supersede: everything },
  ...{ lost: rowsOf([9n, 'lost']), slices: [rowsOf([4n, 'vier']), []] },
};

/** What a commit does, what it loads, and what is there afterwards as `id name`; `first` is there before it, but where it begins. */
export const ways = [
  ['makes the table', begins, ['1 one', '2 two']],
  ['adds', second, ['1 one', '2 two', '2 zwei', '3 drei']],
  ['merges', { ...second, writing: writing('merge', ['id']) }, ['1 one', '2 zwei', '3 drei']],
  ['swaps', { ...second, writing: writing('swap'), supersede: everything }, ['2 zwei', '3 drei']],
  ['swaps, with several slices, next to rows of an attempt that was lost', sliced, ['2 zwei', '3 drei', '4 vier']],
  ['deletes and inserts', { ...second, writing: writing('delete_insert'), supersede: everything }, ['2 zwei', '3 drei']],
  ['replaces a range', { ...second, mark: 'id', writing: writing('append'), supersede: range }, ['1 one', '2 zwei', '3 drei']],
  ['replaces the boundary', { ...second, mark: 'id', writing: writing('append'), supersede: boundary }, ['1 one', '2 zwei', '3 drei']],
] as const;
