import { expect } from 'vitest';
import { frameTools } from '../../../src/assembly/frame-tools.ts';
import type { Frame } from '../../../src/engine/contracts/frame.ts';
import type { SliceRef } from '../../../src/engine/contracts/home.ts';
import type { CommitOutcome, Intent } from '../../../src/engine/contracts/intent.ts';
import type { Ranges, ReworkResult } from '../../../src/engine/contracts/replacing.ts';
import type { EntityRun, Head, Part, PartRole, Store, Supersede, Target } from '../../../src/engine/contracts/store.ts';
import type { Writing } from '../../../src/engine/contracts/writing.ts';
import { mixedGroup } from '../../../src/engine/plan/replacement.ts';
import { apartOnly } from '../../../src/frames/rules/judge.ts';
import { defined, type Json } from '../../../src/ports/values.ts';
import { adding, baseSchema, type Row, rowText, SimFrame, simulatedTools } from '../sim/rows.ts';
import { decisionOver } from './decision.ts';
import { disposing } from './disposing.ts';
import type { FrameMaker } from './frames.ts';

/** One empty place where data can settle, as a connector opens it. */
export interface StoreUnderTest extends AsyncDisposable {
  /** A handle of its own, as every step has one. */
  open(): Promise<Store>;
  /** The store that an intent names. */
  at(place: Json): Promise<Store>;
  frame: FrameMaker;
  /** What an exact reader finds, by a reader that is not ours: rows as `id@mark`, sorted. */
  settled(): Promise<readonly string[]>;
  /** Data of somebody else, planted before hygge ever came. Absent: the system has no such thing. */
  plantForeign?(rows: readonly Row[]): Promise<void>;
  /** What of it is still open in the system once all stores are disposed of. */
  left?(): number | Promise<number>;
}

export interface Written {
  readonly role?: PartRole;
  readonly rows: readonly Row[];
}

const column = { column: 'mark', type: { kind: 'int64' } } as const;
/** What rows that are staged as broken break. */
const isMarked = { name: 'marked', column: 'mark', what: 'not null' } as const;
const never = new AbortController().signal;

async function brokenOf(frame: Frame): Promise<Frame> {
  const { broken } = await (frame instanceof SimFrame ? simulatedTools : frameTools).judge(frame, {
    rules: [isMarked],
    ...apartOnly,
    run: 'run-1',
  });
  if (broken === null) throw new Error('rows were given as broken ones, and break no rule');
  return broken;
}

export const text = (rows: readonly Row[]): readonly string[] => rows.map(rowText).sort();

export function run(epoch: number, lineage = 'l1'): EntityRun {
  return { flow: 'f', entity: 'e', entityRunId: `run-${epoch}.1`, lineage, epoch };
}

/** The engine's moves on a store, one at a time. */
export class Bench {
  readonly under: StoreUnderTest;

  constructor(under: StoreUnderTest) {
    this.under = disposing(under);
  }

  async inspect(): Promise<Target> {
    const store = await this.under.open();
    for (let cursor: Json | undefined; ; ) {
      const step = await store.inspect(cursor);
      if ('done' in step) return step.done;
      cursor = step.again;
    }
  }

  async stage(
    of: EntityRun,
    written: readonly Written[],
    more: { readonly slice?: number; readonly source?: string; readonly emptyPart?: boolean } = {},
  ): Promise<readonly Part[]> {
    const { under } = this;
    const frames = (async function* () {
      for (const { role = 'data', rows } of written) {
        const frame = await under.frame(baseSchema, rows);
        yield { role, frame: role === 'broken' ? await brokenOf(frame) : frame };
      }
    })();
    const { slice = 0, emptyPart = false, ...source } = more;
    const store = await under.open();
    return store.stage({ run: of, writing: adding, slice, schema: baseSchema, watermark: column, emptyPart, ...source }, frames, never);
  }

  async decide(
    of: EntityRun,
    parts: readonly Part[],
    supersede: Supersede = { what: 'nothing' },
    writing: Writing = adding,
  ): Promise<Intent> {
    return decisionOver(await this.under.open(), { run: of, parts, supersede, writing });
  }

  /** The open group, as the head says it settled. */
  async boundary(): Promise<Supersede> {
    const head = await (await this.under.open()).head();
    const { text = '', type = column.type } = head?.watermark ?? {};
    return { what: 'boundary', column: 'mark', type, text, precision: 'exact', nulls: false, rows: head?.boundary?.rows ?? 0 };
  }

  /** Whether it committed, in a word. */
  async commit(intent: Intent): Promise<string> {
    const outcome = await this.outcome(intent);
    return typeof outcome === 'string' ? outcome : outcome.outcome;
  }

  async outcome(intent: Intent): Promise<CommitOutcome> {
    for (let cursor: Json | undefined; ; ) {
      const step = await (await this.under.at(intent.place)).commit(intent, cursor);
      if ('done' in step) return step.done;
      cursor = step.again;
    }
  }

  async settle(epoch: number, written: readonly Written[], supersede: Supersede = { what: 'nothing' }, source?: string): Promise<Intent> {
    const parts = await this.stage(run(epoch), written, source === undefined ? {} : { source });
    const intent = await this.decide(run(epoch), parts, supersede);
    expect(await this.commit(intent)).toBe('committed');
    return intent;
  }

  /** As the engine does it: parts that hold rows in and outside of the range are written anew first. `to` is not in it. */
  async settleRange(
    epoch: number,
    written: readonly Written[],
    ...spans: readonly { readonly from: number; readonly to: number }[]
  ): Promise<Intent> {
    const intent = await this.decideRange(epoch, written, ...spans);
    expect(await this.commit(intent)).toBe('committed');
    return intent;
  }

  /** As the engine does it: parts into which other programs put the open group with other rows are written anew without it. */
  async decideGroup(epoch: number, written: readonly Written[]): Promise<Intent> {
    const boundary = await this.boundary();
    if (boundary.what !== 'boundary') throw new Error('a boundary is asked for');
    const target = await this.inspect();
    const parts = await this.stage(run(epoch), written);
    const range = mixedGroup(target, { boundary, retyped: [] });
    const { kept, reworked } = range === null ? { kept: [], reworked: [] } : await this.#rework(epoch, range);
    return decisionOver(await this.under.open(), {
      run: run(epoch),
      parts: [...parts, ...kept],
      supersede: boundary,
      reworked,
      carried: kept,
    });
  }

  /** As `settleRange`, without the commit. */
  async decideRange(
    epoch: number,
    written: readonly Written[],
    ...spans: readonly { readonly from: number; readonly to: number }[]
  ): Promise<Intent> {
    return this.decideRanges(epoch, written, { spans });
  }

  /** @param of.writing absent: rows are added. */
  async decideRanges(
    epoch: number,
    written: readonly Written[],
    { spans, writing }: { readonly spans: readonly { readonly from: number; readonly to: number }[]; readonly writing?: Writing },
  ): Promise<Intent> {
    const edges = (at: number, inclusive: boolean) => ({ text: `${at}`, inclusive });
    const ranges = spans.map(({ from, to }) => ({ from: edges(from, true), to: edges(to, false) }));
    const range: Ranges = { ...column, ranges, group: 'rows' };
    const fresh = await this.stage(run(epoch), written);
    const { kept, reworked } = await this.#rework(epoch, range);
    const supersede: Supersede = { what: 'range', ...range };
    return decisionOver(await this.under.open(), {
      run: run(epoch),
      parts: [...fresh, ...kept],
      supersede,
      reworked,
      carried: kept,
      ...defined({ writing }),
    });
  }

  async #rework(epoch: number, range: Ranges): Promise<{ kept: readonly Part[]; reworked: readonly ReworkResult[] }> {
    const store = await this.under.open();
    const step = (await store.rework?.plan({ range, retyped: [] })) ?? { done: { slices: [] } };
    if (!('done' in step)) throw new Error('metadata is looked at in one go');
    const kept: Part[] = [];
    const reworked: ReworkResult[] = [];
    for (const [i, slice] of step.done.slices.entries()) {
      const { rowsInRange = 0, rowsOfPart, fingerprint } = (await store.rework?.count(slice, { range, retyped: [] }, never)) ?? {};
      reworked.push({ slice, dropped: rowsInRange, ...defined({ fingerprint }) });
      if (rowsInRange === 0 || rowsInRange === rowsOfPart) continue;
      const parts = await this.#written(await this.under.open(), { epoch, slice, range, number: 90 + i });
      expect(parts.reduce((sum, part) => sum + part.rows, rowsInRange)).toBe(slice.rows);
      kept.push(...parts);
    }
    return { kept, reworked };
  }

  async #written(store: Store, of: { epoch: number; slice: SliceRef; range: Ranges; number: number }): Promise<readonly Part[]> {
    const { epoch, slice, range, number } = of;
    const frames: { frame: Frame; role: 'data' }[] = [];
    for await (const read of store.rework?.read(slice, { range, retyped: [] }, undefined, never) ?? [])
      if (!('checkpoint' in read)) frames.push({ frame: read, role: 'data' });
    const [first] = frames;
    if (!first) return [];
    const { partition } = slice;
    const request = { run: run(epoch), writing: adding, slice: number, schema: first.frame.schema, watermark: column, emptyPart: false };
    return store.stage({ ...request, ...(partition ? { partition } : {}) }, each(frames), never);
  }

  async sweep(lineage: string, before: number): Promise<void> {
    const store = await this.under.open();
    for (let cursor: Json | undefined; ; ) {
      const step = await store.sweep({ lineage, before }, cursor);
      if ('done' in step) return;
      cursor = step.again;
    }
  }

  async fence(prev: string | null, above = 0): Promise<Head | 'moved'> {
    return (await this.under.open()).fence({ prev, id: 'fence-1', lineage: 'l2', above, state: 'elsewhere', keep: false });
  }
}

async function* each<T>(all: readonly T[]): AsyncGenerator<T> {
  yield* all;
}
