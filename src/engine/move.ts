/** moveSlice: read one slice, write it into parts of its own. protocol.md 2.5 (6). May run twice at once: nothing is shared. */

import { schemaChanges } from '../frames/compare.ts';
import type { Schema } from '../frames/schema.ts';
import { addFingerprints, emptyFingerprint, type Fingerprint, sameFingerprint, type Watermark } from '../frames/watermark.ts';
import { insist } from '../ports/outcome.ts';
import type { StateStore } from '../ports/state.ts';
import type { Json } from '../ports/values.ts';
import { renew } from './claim.ts';
import type { Frame, Home, Part, Role, Step } from './contracts.ts';
import { guardNulls, guardRows } from './guards.ts';
import type { EnginePorts } from './ports.ts';
import { type Plan, type PlannedSlice, type Receipt, type RunIds, receiptRef } from './records.ts';

import type { EntitySpec } from './spec.ts';
import { fenced, slicesDisagree } from './stops.ts';

export interface MoveRequest extends RunIds {
  readonly plan: string;
  readonly slice: number;
  readonly attempt: number;
  /** Stop at the first checkpoint after so long. */
  readonly budgetMs: number;
}

export interface Moved {
  readonly receipt: string;
  readonly rows: number;
  readonly bytes: number;
  readonly parts: number;
  /** Not null: the slice goes on from here with another step. */
  readonly cursor: Json;
}

const frameBytes = 32 * 1024 * 1024;

/** What a driver gives a running slice: a way to stop it and a way to hear of it. */
export interface Watching {
  readonly signal: AbortSignal;
  readonly onRows: (rows: number) => void;
}

export async function moveSlice(request: MoveRequest, ports: EnginePorts, watching: Watching, cursor?: Json): Promise<Step<Moved>> {
  const spec = ports.entity(request.flow, request.entity);
  const plan = await readPlan(ports, spec, request.plan);
  await renew(ports, spec, { run: plan.run, epoch: plan.epoch });
  const planned = plan.slices[request.slice];
  if (!planned) throw new Error(`plan ${request.plan} has no slice ${request.slice}`);

  const known = cursor === undefined ? await unchangedGroup(ports, spec, { plan, planned, request, watching }) : undefined;
  const reading = known ?? new Reading(ports, spec, plan, planned, watching);
  const parts = known ? [] : await reading.stage(request, cursor);
  if (!known) {
    guardRows(spec, reading.rows, parts);
    guardNulls(spec, reading.schema, reading.nulls, parts);
  }
  const receipt: Receipt = {
    version: 1,
    kind: 'receipt',
    slice: request.slice,
    parts,
    rowsRead: reading.rows,
    group: reading.group,
    boundary: known ? emptyFingerprint : reading.boundary,
    schema: reading.schema,
    cursor: reading.cursor,
    attempt: request.attempt,
  };
  const ref = receiptRef(plan, request.slice, ports.random.nonce());
  await insist(() => ports.state.putObject(spec, ref, receipt as unknown as Json));
  const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
  return { done: { receipt: ref, rows: reading.rows, bytes, parts: parts.length, cursor: reading.cursor } };
}

interface Peek {
  readonly plan: Plan;
  readonly planned: PlannedSlice;
  readonly request: MoveRequest;
  readonly watching: Watching;
}

/**
 * H18 without a write: the boundary group, when one slice reads all of it, is looked at first. As it was settled, it stays where it is and
 * nothing is staged for it. Rows with a null watermark move on with every upper bound, so with `nulls: include` the group is always staged.
 */
async function unchangedGroup(
  ports: EnginePorts,
  spec: EntitySpec,
  { plan, planned, request, watching }: Peek,
): Promise<Reading | undefined> {
  const alone = planned.boundary && plan.slices.filter((slice) => slice.boundary).length === 1;
  if (!alone || !plan.boundary || spec.watermark?.nulls === 'include') return undefined;
  const reading = new Reading(ports, spec, plan, planned, watching);
  await reading.look(request);
  return reading.cursor === null && sameFingerprint(reading.group, plan.boundary) ? reading : undefined;
}

/** The plans of the runs at work in this process. They never change, and parsing one of thousands of slices for each of them would be quadratic. */
const atWork = new WeakMap<StateStore, Map<string, Plan>>();
const mostAtWork = 64;

export async function readPlan(ports: EnginePorts, spec: EntitySpec, ref: string): Promise<Plan> {
  const plans = atWork.get(ports.state) ?? new Map<string, Plan>();
  atWork.set(ports.state, plans);
  const key = JSON.stringify([spec.flow, spec.entity, ref]);
  const known = plans.get(key);
  if (known) return known;
  const plan = (await insist(() => ports.state.getObject(spec, ref))) as unknown as Plan | undefined;
  // Plans go when their epoch is over: a step delivered after that has nothing left to do.
  if (!plan) throw fenced(spec);
  const [oldest] = plans.keys();
  if (plans.size >= mostAtWork && oldest !== undefined) plans.delete(oldest);
  plans.set(key, plan);
  return plan;
}

/** What one attempt reads: counts as it flows, so that both sides can be compared. */
class Reading {
  rows = 0;
  nulls: number[] = [];
  schema: Schema | null = null;
  group: Fingerprint = emptyFingerprint;
  boundary: Fingerprint = emptyFingerprint;
  cursor: Json = null;
  #looking = false;
  readonly #ports: EnginePorts;
  readonly #spec: EntitySpec;
  readonly #plan: Plan;
  readonly #planned: PlannedSlice;
  readonly #watching: Watching;

  constructor(ports: EnginePorts, spec: EntitySpec, plan: Plan, planned: PlannedSlice, watching: Watching) {
    this.#watching = watching;
    this.#ports = ports;
    this.#spec = spec;
    this.#plan = plan;
    this.#planned = planned;
  }

  /** Reads and counts; writes nothing. */
  async look(request: MoveRequest): Promise<void> {
    this.#looking = true;
    const home = await this.#ports.home(this.#spec);
    const store = await this.#ports.store(this.#spec);
    const frames = this.#frames(home, request, undefined, (schema) => store.finish(schema));
    while (!(await frames.next()).done);
  }

  #frames(home: Home, request: MoveRequest, cursor: Json | undefined, finish: (schema: Schema) => Schema) {
    const window = this.#planned.boundary && this.#plan.boundaryWindow ? this.#plan.boundaryWindow : this.#plan.window;
    const source = home.read(this.#planned.slice, window, cursor, this.#watching.signal);
    return this.#flow(source, request, finish);
  }

  async stage(request: MoveRequest, cursor: Json | undefined): Promise<readonly Part[]> {
    const { signal } = this.#watching;
    const home = await this.#ports.home(this.#spec);
    const store = await this.#ports.store(this.#spec);
    const frames = this.#frames(home, request, cursor, (schema) => store.finish(schema));
    const first = await frames.next();
    if (first.done) return [];
    const run = {
      flow: this.#spec.flow,
      entity: this.#spec.entity,
      entityRunId: this.#plan.run,
      lineage: this.#plan.lineage,
      epoch: this.#plan.epoch,
    };
    const { slice } = this.#planned;
    const stageRequest = {
      run,
      slice: request.slice,
      schema: store.finish(first.value.frame.schema),
      ...(slice.source === undefined ? {} : { source: slice.source }),
      watermark: columnAsRead(this.#plan.column, first.value.frame.schema),
      emptyPart: false,
    };
    return store.stage(stageRequest, chain(first.value, frames), signal);
  }

  /** Frames with their roles, until the end, or the first checkpoint after the time is up. */
  async *#flow(source: AsyncIterable<Frame | { readonly checkpoint: Json }>, request: MoveRequest, finish: (schema: Schema) => Schema) {
    const { signal } = this.#watching;
    const started = this.#ports.clock.monotonicMs();
    const frames = source[Symbol.asyncIterator]();
    try {
      for (;;) {
        signal.throwIfAborted();
        const giveBack = await this.#ports.budget.acquire(frameBytes, signal);
        try {
          const next = await frames.next();
          if (next.done) return;
          if ('checkpoint' in next.value) {
            if (this.#ports.clock.monotonicMs() - started < request.budgetMs) continue;
            this.cursor = next.value.checkpoint;
            return;
          }
          yield* this.#roles(next.value, finish);
        } finally {
          giveBack();
        }
      }
    } finally {
      await frames.return?.();
    }
  }

  async *#roles(frame: Frame, finish: (schema: Schema) => Schema): AsyncGenerator<{ frame: Frame; role: Role }> {
    await this.#count(frame, finish);
    if (frame.rows === 0) return;
    if (this.#planned.boundary) this.group = addFingerprints(this.group, await frame.fingerprint());
    if (this.#looking) return;
    const at = this.#boundaryAt();
    if (!at) {
      yield { frame, role: 'data' };
      return;
    }
    const { ties, rest } = await frame.split(at, this.#spec.watermark?.nulls === 'include' ? 'with ties' : 'with rest');
    if (rest.rows > 0) yield { frame: rest, role: 'data' };
    if (ties.rows === 0) return;
    this.boundary = addFingerprints(this.boundary, await ties.fingerprint());
    yield { frame: ties, role: 'boundary' };
  }

  /** Rows at the upper bound settle apart: the next run reads them again and replaces them. */
  #boundaryAt(): Watermark | null {
    return this.#spec.watermark?.boundary === 'open' ? null : this.#plan.upper;
  }

  async #count(frame: Frame, finish: (schema: Schema) => Schema): Promise<void> {
    const schema = finish(frame.schema);
    this.schema ??= schema;
    const changes = schemaChanges(this.schema, schema);
    if (changes.length > 0) throw slicesDisagree(this.#spec, changes);
    this.rows += frame.rows;
    this.#watching.onRows(frame.rows);
    // Nothing is staged, so there is no other side to compare with.
    if (this.#looking) return;
    const nulls = inOrderOf(this.schema, schema, await frame.nullCounts());
    this.nulls = nulls.map((n, i) => n + (this.nulls[i] ?? 0));
  }
}

/** Where the source shows its types only while it is read, the first frame has them. */
function columnAsRead(column: Plan['column'], schema: Schema): Plan['column'] {
  if (column?.type.kind !== 'null') return column;
  const found = schema.columns.find(({ name }) => name === column.column);
  return found ? { column: column.column, type: found.type } : column;
}

/** Null counts in the order of the slice's first frame: files may hold the same columns in another order. */
function inOrderOf(first: Schema, schema: Schema, nulls: readonly number[]): readonly number[] {
  if (first.columns.every((column, i) => schema.columns[i]?.name === column.name)) return nulls;
  const byName = new Map(schema.columns.map((column, i) => [column.name, nulls[i] ?? 0]));
  return first.columns.map((column) => byName.get(column.name) ?? 0);
}

async function* chain<T>(first: T, rest: AsyncGenerator<T>): AsyncGenerator<T> {
  try {
    yield first;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}
