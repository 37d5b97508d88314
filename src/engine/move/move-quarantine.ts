/** The slice that takes the rows of a part out of quarantine. Rows that keep the rules now are staged as rows of the entity. The others are staged as broken rows again. */
import type { SeparatingCheck } from '../../checks/check.ts';
import { canonicalTexts } from '../../frames/row-sum/row-hashes.ts';
import { apartOnly } from '../../frames/rules/judge.ts';
import { addMeasures, noMeasures } from '../../frames/rules/measures.ts';
import type { Rule } from '../../frames/rules/rule.ts';
import type { Schema } from '../../frames/schema.ts';
import { floored } from '../../frames/times/floor.ts';
import { brokenColumns } from '../../frames/values/rejected-rows.ts';
import type { Watermark } from '../../frames/watermark.ts';
import { compareWatermarks, parseWatermark } from '../../frames/watermark-text.ts';
import { retry } from '../../ports/retry.ts';
import { filled } from '../../ports/values.ts';
import type { Frame } from '../contracts/frame.ts';
import { type MendedSlice, type Plan, type ReleasedRows, type SliceWork, settledNameIn } from '../contracts/records.ts';
import type { MendedRows } from '../contracts/replacing.ts';
import { type EntitySpec, rulesOf } from '../contracts/spec.ts';
import type { FrameToStage, Part, Store } from '../contracts/store.ts';
import type { JudgedRows } from '../contracts/validation.ts';
import { partsDontAddUp } from '../errors/backfill.ts';
import { claimedByLaterRun } from '../errors/run.ts';
import { maskedValueChanged, mendedRowsChanged, replayedAtWatermark } from '../errors/settled-parts.ts';
import type { KeyRuns } from '../keys/key-runs.ts';
import { quarantineOf } from '../plan/settled-plan.ts';
import { nothingMoved } from '../records/receipts.ts';
import { asCorrections } from '../validation/corrections.ts';
import { judgedOrExplained, rulesMustFit } from '../validation/fit.ts';
import { RowsToJudge, withHashIds } from '../validation/quarantine-of-now.ts';
import { asBrokenRows, asSettledRows, textsIn, withoutId } from '../validation/quarantined-rows.ts';
import { stampedColumns } from '../validation/rows.ts';
import { checksBehind, setsAnyApart } from '../validation/rows-apart.ts';
import { keyRunsOf, markIn, stageRows } from './frame-stream.ts';
import { addCounts, checkNullCounts, checkRowCounts } from './guards.ts';
import { unlessReplaced } from './rework.ts';
import type { MovedSlice, SliceContext } from './slice-context.ts';

/** What is needed to read a part of the quarantine. */
export type ReplayContext = Omit<SliceContext, 'request'>;

type Replay = Extract<SliceWork, { kind: 'replay' }>;

const nothingReleased: ReleasedRows = { settled: 0, stay: 0, dropped: 0, uncorrected: 0 };

/** Replays a part. It is read completely in one step, since the quarantine is small compared with the settled rows. */
export async function replayRows(of: SliceContext, { mended }: Replay): Promise<MovedSlice> {
  return unlessReplaced(of, async () => {
    const { store, schema } = await settledBefore(of);
    return new ReplayedPart(of, store, schema).moved(of.request.slice, mended);
  });
}

export async function dropRows(of: SliceContext): Promise<MovedSlice> {
  return unlessReplaced(of, async () => {
    const { schema } = await settledBefore(of);
    const dropped = of.slice.rows ?? 0;
    return { ...movedOf(of, schema), rowsRead: dropped, found: { kind: 'quarantine', released: { ...nothingReleased, dropped } } };
  });
}

/** Removes a correction, by staging only the other corrections of its part again. */
export async function uncorrectRows(of: SliceContext, id: string): Promise<MovedSlice> {
  return unlessReplaced(of, async () => {
    const { store, schema } = await settledBefore(of);
    const { spec, plan, slice, watching, request } = of;
    const corrections = quarantineOf(spec, store, { of: plan, settled: schema });
    async function* others(): AsyncGenerator<FrameToStage> {
      for await (const read of corrections.read(slice, watching.signal)) {
        const rows = await asBrokenRows(read, schema);
        // Corrections stay as they were written, so they lack columns that were added later.
        const stays = await read.pick(Uint8Array.from(await textsIn(rows, brokenColumns(schema).reason), (one) => (one === id ? 0 : 1)));
        if (stays.rows > 0) yield { frame: stays, role: 'correction', stays: true };
      }
    }
    const rows = { from: slice, writing: plan.writing, schema, watermark: markIn(schema, plan), precision: plan.precision };
    const parts = await stageRows(store, { spec, plan, slice: request.slice, signal: watching.signal }, others(), () => rows);
    return {
      ...movedOf(of, schema),
      parts,
      rowsRead: 1,
      found: { kind: 'quarantine', released: { ...nothingReleased, uncorrected: 1 } },
    };
  });
}

function movedOf({ plan }: ReplayContext, schema: Schema) {
  return { ...nothingMoved, schema, key: plan.writing.key, next: null };
}

/** Reads the rows of a part that a replay would settle. It is read-only. */
export async function* settlingAgain(of: ReplayContext, { mended }: Replay): AsyncGenerator<Frame> {
  const { store, schema } = await settledBefore(of);
  yield* new ReplayedPart(of, store, schema).settling(mended);
}

/** The store, and the columns that settled. Throws if the destination has changed since the run was planned. */
async function settledBefore({ ports, spec, plan }: ReplayContext): Promise<{ readonly store: Store; readonly schema: Schema }> {
  const store = await ports.store(spec);
  const head = await retry(() => store.head());
  if (head === null || head.id !== plan.prev || head.schema === null) throw claimedByLaterRun(spec);
  return { store, schema: head.schema };
}

class ReplayedPart {
  readonly #of: ReplayContext;
  readonly #store: Store;
  /** The columns that settle. */
  readonly #schema: Schema;
  readonly #toJudge: RowsToJudge;
  /** Whether the rows that settle come from a file that a person has mended. */
  #isMended = false;
  #kept = 0;
  /** How many rows are staged as rows that break a rule. */
  #apart = 0;
  #nulls: readonly number[] = [];
  #measures = noMeasures;
  /** The hashes of the keys of the rows that settle. Null: the hashes are not needed. */
  #keyRuns: KeyRuns | null = null;

  constructor(of: ReplayContext, store: Store, schema: Schema) {
    this.#of = of;
    this.#store = store;
    this.#schema = schema;
    const { spec, plan } = of;
    this.#toJudge = new RowsToJudge(spec, { settled: schema, settledName: (name) => settledNameIn(plan, name) ?? name });
  }

  async moved(number: number, mended: MendedSlice | null): Promise<MovedSlice> {
    const { ports, spec, slice } = this.#of;
    await rulesMustFit(ports, spec, this.#toJudge.schema);
    this.#keyRuns = keyRunsOf(this.#of, this.#store, number);
    const parts = await this.#staged(number, this.#rows(mended));
    const keyRuns = (await this.#keyRuns?.end()) ?? [];
    const rows = this.#kept + this.#apart;
    checkRowCounts(spec, { rows, broken: this.#apart }, parts);
    checkNullCounts(spec, this.#schema, this.#nulls, parts);
    if (slice.rows !== null && rows !== slice.rows) throw partsDontAddUp(spec, { all: slice.rows, kept: rows, dropped: 0 });
    // A mended file says nothing about rows that it does not name, so these are not counted.
    const stay = mended === null ? this.#apart : mended.rows - this.#kept;
    const released: ReleasedRows = { ...nothingReleased, settled: this.#kept, stay, ...filled({ mended: mended !== null }) };
    const counted = { parts, rowsRead: mended?.rows ?? rows, measures: this.#measures, keyRuns };
    return { ...movedOf(this.#of, this.#schema), ...counted, found: { kind: 'quarantine', released } };
  }

  async *settling(mended: MendedSlice | null): AsyncGenerator<Frame> {
    for await (const { frame, role } of this.#rows(mended)) if (role !== 'broken' && role !== 'correction') yield frame;
  }

  #rows(mended: MendedSlice | null): AsyncGenerator<FrameToStage> {
    this.#isMended = mended !== null;
    return mended === null ? this.#judgedAgain() : this.#mended(mended);
  }

  async #staged(number: number, frames: AsyncGenerator<FrameToStage>): Promise<readonly Part[]> {
    const { spec, plan, slice, watching } = this.#of;
    const schema = this.#schema;
    const rows = { from: slice, writing: plan.writing, schema, watermark: markIn(schema, plan), precision: plan.precision };
    return stageRows(this.#store, { spec, plan, slice: number, signal: watching.signal }, frames, () => rows);
  }

  async *#judgedAgain(): AsyncGenerator<FrameToStage> {
    for await (const lying of this.#read()) {
      this.#of.watching.onRows(lying.rows);
      const { repeated, others: read } = await this.#ofKeys(lying);
      if (repeated !== null) yield { ...this.#staying(repeated), stays: true };
      if (read.rows === 0) continue;
      const { kept, broken } = await this.#judge(await asSettledRows(read, this.#schema));
      if (kept.rows > 0) yield await this.#settling(kept);
      if (broken !== null) yield this.#staying(broken);
    }
  }

  /**
   * Rows that were set apart because another row with the same key settled. A replay does not read that other row, so it can’t compare the two. So
   * the rows stay in quarantine as long as the check would set them apart.
   */
  async #ofKeys(lying: Frame): Promise<{ readonly repeated: Frame | null; readonly others: Frame }> {
    if (!setsAnyApart(this.#of.spec)) return { repeated: null, others: lying };
    const rows = await asBrokenRows(lying, this.#schema);
    const checks = await checksBehind(this.#of.spec, rows, this.#schema);
    const isRepeated = checks.map((check) => (check === undefined ? 0 : 1));
    if (!isRepeated.includes(1)) return { repeated: null, others: lying };
    this.#countStaying(checks.flatMap((check) => check?.name ?? []));
    return {
      repeated: await rows.pick(Uint8Array.from(isRepeated)),
      others: await lying.pick(Uint8Array.from(isRepeated, (one) => 1 - one)),
    };
  }

  /** @param rules for each row that stays because another row with the same key settled: its rule. */
  #countStaying(rules: readonly string[]): void {
    const broken: Record<string, number> = {};
    for (const rule of rules) broken[rule] = (broken[rule] ?? 0) + 1;
    this.#measures = addMeasures(this.#measures, { ...noMeasures, rows: rules.length, broken });
  }

  /** Mended rows that keep the rules settle, and the rows that they replace are removed. All other rows stay unchanged. */
  async *#mended(planned: MendedSlice): AsyncGenerator<FrameToStage> {
    const { ports, spec, plan, watching } = this.#of;
    if (ports.mended === undefined) throw new Error(`plan of ${plan.run} has a slice of mended rows, and no mended rows exist`);
    const part = new MendedPart({ spec, plan, planned, settled: this.#schema, id: brokenColumns(this.#schema).id, toJudge: this.#toJudge });
    for await (const read of this.#read()) await part.look(await asBrokenRows(read, this.#schema));
    const rows = this.#read();
    try {
      // The first frame is read before a row is staged. If a row were staged before, this slice might hold a connection while it waits for another
      // one, and another slice might wait in the same way.
      const first = await rows.next();
      for await (const read of ports.mended.read(this.#schema, watching.signal)) {
        watching.signal.throwIfAborted();
        for (const own of await part.ownRows(read)) {
          watching.onRows(own.rows);
          const { repeated, others } = await part.withSameKey(own);
          this.#countStaying(repeated);
          if (others.rows === 0) continue;
          const { kept, broken } = await this.#judge(others);
          if (broken !== null) await part.failed(broken);
          if (kept.rows === 0) continue;
          yield { frame: await asCorrections(kept, { side: 'after', settled: this.#schema, run: plan.run }), role: 'correction' };
          yield await this.#settling(await withoutId(kept, this.#schema));
        }
      }
      part.mustBeAll(ports.mended);
      for (let next = first; !next.done; next = await rows.next()) {
        const { stays, replaced } = await part.split(await asBrokenRows(next.value, this.#schema));
        if (stays !== null) yield { ...this.#staying(stays), stays: true };
        if (replaced !== null)
          yield { frame: await asCorrections(replaced, { side: 'before', settled: this.#schema, run: plan.run }), role: 'correction' };
      }
    } finally {
      await rows.return(undefined);
    }
  }

  async *#read(): AsyncGenerator<Frame> {
    const { spec, plan, slice, watching } = this.#of;
    const run = { runId: plan.run.replace(/\.\d+$/, ''), entityRunId: plan.run, startedAt: plan.startedAt };
    for await (const read of quarantineOf(spec, this.#store, { of: plan, settled: this.#schema, run }).read(slice, watching.signal)) {
      watching.signal.throwIfAborted();
      yield read;
    }
  }

  async #judge(rows: Frame): Promise<JudgedRows> {
    const { ports, spec, plan, slice } = this.#of;
    const rules = rulesOf(spec).map((rule): Rule => (rule.severity === 'warn' ? rule : { ...rule, severity: 'quarantine' }));
    const run = slice.apart?.run ?? plan.run;
    const judging = { ...apartOnly, rules, run, stamped: stampedColumns(spec) };
    const ofNow = await this.#toJudge.ofNow(rows);
    const judged = await judgedOrExplained(spec, judging, (one) => ports.frames.judge(ofNow, one));
    this.#measures = addMeasures(this.#measures, judged.measures);
    if (ofNow === rows) return judged;
    const { kept, broken } = judged;
    return { ...judged, kept: await this.#toJudge.asSettled(kept), broken: broken && (await this.#toJudge.asSettled(broken)) };
  }

  /** A row of the open boundary group stays in the group, because the run that reads the group again replaces all of it. */
  async #settling(frame: Frame): Promise<FrameToStage> {
    await this.#mustLieBelow(frame);
    this.#kept += frame.rows;
    this.#nulls = addCounts(this.#nulls, await frame.nullCounts());
    await this.#keyRuns?.add(frame);
    return { frame, role: this.#of.slice.apart?.ofGroup === true ? 'boundary' : 'data' };
  }

  /**
   * A table removes the open group by its value and knows its number of rows. So a row that was not read with the group must have a smaller value: a
   * later group may have any larger value. If each run reads again from the watermark on, the next run would remove such a row.
   */
  async #mustLieBelow(frame: Frame): Promise<void> {
    const { spec, plan, slice } = this.#of;
    const { watermark: mark = null, boundary = null } = plan.live ?? {};
    const isGroupOfTable = boundary !== null && this.#store.rework === undefined && plan.writing.mode !== 'merge';
    const isMendedAgain = mark?.readsAgain === true && this.#isMended;
    if (mark === null || slice.apart?.ofGroup === true || !(isGroupOfTable || isMendedAgain)) return;
    const column = this.#schema.columns.find(({ name }) => name === plan.watermarkAs);
    const extremes = column && (await frame.extremes({ column: column.name, type: column.type }));
    if (column === undefined || extremes === undefined) return;
    const kept = (text: string): Watermark => ({
      ...mark,
      text: floored(mark.type, parseWatermark(text, mark).text, plan.precision ?? 'exact'),
    });
    if (compareWatermarks(kept(extremes.max), kept(mark.text)) >= 0)
      throw replayedAtWatermark(spec, { column: column.name, value: extremes.max, mark: mark.text });
  }

  #staying(frame: Frame): FrameToStage {
    this.#apart += frame.rows;
    return { frame, role: 'broken', ...filled({ ofGroup: this.#of.slice.apart?.ofGroup }) };
  }
}

interface MendedPartRequest {
  readonly spec: EntitySpec;
  readonly plan: Plan;
  readonly planned: MendedSlice;
  /** The columns that settle. */
  readonly settled: Schema;
  /** The column with the id, both in mended rows and in rows of the part. */
  readonly id: string;
  readonly toJudge: Pick<RowsToJudge, 'settledNameOf' | 'masked' | 'hashIds'>;
}

/** Finds which mended rows belong to a part of the quarantine, and which of its rows they replace. The methods are called in this order. For the part: `look`. For the mended rows: `ownRows`, `withSameKey` and `failed`. For the part again: `mustBeAll` and `staying`. */
class MendedPart {
  readonly #of: MendedPartRequest;
  /** The masked columns that settle. */
  readonly #masked: Schema['columns'];
  /** The ids that are hashes, and the columns from which they are computed. */
  readonly #hashed: Schema['columns'];
  /** The ids that are hashes, in the rows of the part. */
  readonly #hashes = new Map<string, readonly (string | null)[]>();
  /** For each id, how many rows of the part have it. */
  readonly #there = new Map<string, number>();
  /** The values in the masked columns of the part’s rows. */
  readonly #masks = new Map<string, readonly (string | null)[]>();
  /** The keys of rows that were set apart because another row with the same key settled, and the checks that set them apart. */
  readonly #keys = new Map<string, { readonly check: SeparatingCheck; readonly key: string }>();
  /** For each id, how many mended rows so far have it. */
  readonly #seen = new Map<string, number>();
  /** For each id, how many rows with it are replaced. */
  readonly #replaced = new Map<string, number>();
  #own = 0;

  constructor(of: MendedPartRequest) {
    this.#of = of;
    const { masked, hashIds } = of.toJudge;
    this.#masked = masked;
    this.#hashed = of.settled.columns.filter(({ name }) => hashIds.some((id) => id.name === name || id.from.includes(name)));
  }

  /** Notes the rows of the part. */
  async look(frame: Frame): Promise<void> {
    const ids = await textsIn(frame, this.#of.id);
    const masks = this.#masked.length === 0 ? [] : await canonicalTexts(frame, this.#masked);
    const hashes = this.#hashed.length === 0 ? [] : await canonicalTexts(frame, this.#hashed);
    for (const [row, id] of ids.entries()) {
      if (id === null) continue;
      add(this.#there, id, 1);
      if (masks[row] !== undefined) this.#masks.set(id, masks[row]);
      if (hashes[row] !== undefined) this.#hashes.set(id, hashes[row]);
    }
    const checks = setsAnyApart(this.#of.spec) ? await checksBehind(this.#of.spec, frame, this.#of.settled) : [];
    for (const check of new Set(checks))
      if (check !== undefined)
        for (const [row, key] of (await this.#keysOf(frame, check.columns)).entries())
          if (checks[row] === check) this.#keys.set(ids[row] ?? '', { check, key });
  }

  /**
   * Finds mended rows whose key is still the repeated key of the row that they should replace, and returns their rules. The row in quarantine then
   * stays, since another row with the key settled. The other mended rows are judged.
   */
  async withSameKey(own: Frame): Promise<{ readonly repeated: readonly string[]; readonly others: Frame }> {
    if (this.#keys.size === 0) return { repeated: [], others: own };
    const ids = await textsIn(own, this.#of.id);
    const repeated: string[] = [];
    const keep = new Uint8Array(own.rows).fill(1);
    for (const check of new Set([...this.#keys.values()].map((before) => before.check))) {
      for (const [row, key] of (await this.#keysOf(own, check.columns)).entries()) {
        const id = ids[row] ?? '';
        const before = this.#keys.get(id);
        if (before?.check !== check || before.key !== key) continue;
        keep[row] = 0;
        repeated.push(check.name);
        add(this.#replaced, id, -1);
      }
    }
    return { repeated, others: repeated.length === 0 ? own : await own.pick(keep) };
  }

  async #keysOf(frame: Frame, columns: readonly string[]): Promise<readonly string[]> {
    const names = columns.map((name) => this.#of.toJudge.settledNameOf(name));
    const key = this.#of.settled.columns.filter(({ name }) => names.includes(name));
    return (await canonicalTexts(frame, key)).map((texts) => JSON.stringify(texts));
  }

  /** The mended rows that belong to the part. Throws HYG-2114 if a mended row has another value in a masked column than the row that it replaces. */
  async ownRows(frame: Frame): Promise<readonly Frame[]> {
    const { planned, id: column } = this.#of;
    const ids = await textsIn(frame, column);
    const keep = new Uint8Array(frame.rows);
    for (const [row, id] of ids.entries()) {
      if (id === null) continue;
      const before = (Object.hasOwn(planned.before, id) ? planned.before[id] : undefined) ?? 0;
      const earlier = this.#seen.get(id) ?? 0;
      add(this.#seen, id, 1);
      if (earlier < before || earlier >= before + (this.#there.get(id) ?? 0)) continue;
      keep[row] = 1;
      add(this.#replaced, id, 1);
      this.#own++;
    }
    if (!keep.includes(1)) return [];
    const own = await frame.pick(keep);
    await this.#mustBeMasked(own);
    return this.#withTheirIds(own);
  }

  /** Mended rows with new hash ids. A hash id is computed from the row’s values, so a mended row gets a new one. */
  async #withTheirIds(own: Frame): Promise<readonly Frame[]> {
    if (this.#hashed.length === 0) return [own];
    const [ids, values] = [await textsIn(own, this.#of.id), await canonicalTexts(own, this.#hashed)];
    const isChanged = (row: number) => this.#hashed.some((_, at) => this.#hashes.get(ids[row] ?? '')?.[at] !== values[row]?.[at]);
    const changed = Uint8Array.from(ids, (_, row) => (isChanged(row) ? 1 : 0));
    if (!changed.includes(1)) return [own];
    const same = await own.pick(changed.map((one) => 1 - one));
    const made = await withHashIds(await own.pick(changed), this.#of.toJudge.hashIds);
    return same.rows === 0 ? [made] : [same, made];
  }

  /** Notes mended rows that break a rule. The rows that they should replace stay. */
  async failed(broken: Frame): Promise<void> {
    for (const id of await textsIn(broken, this.#of.id)) if (id !== null) add(this.#replaced, id, -1);
  }

  /** Throws unless the rows are those for which the run was planned. */
  mustBeAll({ name }: Pick<MendedRows, 'name'>): void {
    if (this.#own !== this.#of.planned.rows) throw mendedRowsChanged(this.#of.spec, name);
  }

  /** Divides rows of the part. `stays`: no mended row replaces these rows. `replaced`: the other rows. Null: no such row. */
  async split(frame: Frame): Promise<{ readonly stays: Frame | null; readonly replaced: Frame | null }> {
    const keep = new Uint8Array(frame.rows).fill(1);
    for (const [row, id] of (await textsIn(frame, this.#of.id)).entries()) {
      if (id === null || (this.#replaced.get(id) ?? 0) === 0) continue;
      add(this.#replaced, id, -1);
      keep[row] = 0;
    }
    const goes = keep.map((one) => 1 - one);
    return { stays: keep.includes(1) ? await frame.pick(keep) : null, replaced: goes.includes(1) ? await frame.pick(goes) : null };
  }

  async #mustBeMasked(own: Frame): Promise<void> {
    if (this.#masked.length === 0) return;
    const [ids, values] = [await textsIn(own, this.#of.id), await canonicalTexts(own, this.#masked)];
    for (const [row, id] of ids.entries()) {
      const before = id === null ? undefined : this.#masks.get(id);
      const changed = this.#masked.find((_, at) => before?.[at] !== values[row]?.[at]);
      if (changed !== undefined) throw maskedValueChanged(this.#of.spec, { column: changed.name, id: id ?? '' });
    }
  }
}

function add(counts: Map<string, number>, id: string, more: number): void {
  counts.set(id, (counts.get(id) ?? 0) + more);
}
