/** The slice that takes a part out of quarantine. Rows that keep the rules now are staged as rows of the entity, the others as rows that break one. */
import type { Conforms } from '../../frames/conform.ts';
import { brokenColumnsIn } from '../../frames/rejected.ts';
import { apartOnly } from '../../frames/rules/judge.ts';
import { addMeasures, noMeasures } from '../../frames/rules/measures.ts';
import type { Rule } from '../../frames/rules/rule.ts';
import type { Schema } from '../../frames/schema.ts';
import { retry } from '../../ports/retry.ts';
import type { Frame } from '../contracts/frame.ts';
import type { Receipt, ReleasedRows } from '../contracts/records.ts';
import { rulesOf } from '../contracts/spec.ts';
import type { FrameToStage, Part, Store } from '../contracts/store.ts';
import { judgeRows } from '../contracts/validation.ts';
import { partsDontAddUp } from '../errors/backfill.ts';
import { claimedByLaterRun } from '../errors/run.ts';
import { quarantineOf } from '../plan/settled-plan.ts';
import { judgedOrExplained, rulesMustFit } from '../validation/fit.ts';
import { stampedColumns } from '../validation/rows.ts';
import { entityRunOf, stageFrames } from './frame-stream.ts';
import { addCounts, checkNullCounts, checkRowCounts } from './guards.ts';
import { type PartRewriteContext, unlessReplaced } from './rework.ts';

type Facts = Pick<Receipt, 'parts' | 'released' | 'measures' | 'rowsRead' | 'schema'>;

/** A part is read whole in one step: what lies in quarantine is a small share of what settled. */
export async function releaseRows(of: PartRewriteContext, what: 'replay' | 'drop'): Promise<Facts> {
  return unlessReplaced(of, async () => {
    const store = await of.ports.store(of.spec);
    const head = await retry(() => store.head());
    if (head === null || head.id !== of.plan.prev || head.schema === null) throw claimedByLaterRun(of.spec);
    const { slice } = of;
    if (what === 'drop') {
      const dropped = slice.rows ?? 0;
      return { parts: [], rowsRead: dropped, schema: head.schema, released: { settled: 0, stay: 0, dropped } };
    }
    return new ReplayedPart(of, store, head.schema).facts();
  });
}

class ReplayedPart {
  readonly #of: PartRewriteContext;
  readonly #store: Store;
  /** The columns that settle. */
  readonly #schema: Schema;
  #read = 0;
  #stay = 0;
  #nulls: readonly number[] = [];
  #measures = noMeasures;

  constructor(of: PartRewriteContext, store: Store, schema: Schema) {
    this.#of = of;
    this.#store = store;
    this.#schema = schema;
  }

  async facts(): Promise<Facts> {
    const { spec, slice } = this.#of;
    const parts = await this.#staged();
    checkRowCounts(spec, { rows: this.#read, quarantined: 0, broken: this.#stay, deleted: 0 }, parts);
    checkNullCounts(spec, this.#schema, this.#nulls, parts);
    if (slice.rows !== null && this.#read !== slice.rows) throw partsDontAddUp(spec, { all: slice.rows, kept: this.#read, dropped: 0 });
    const released: ReleasedRows = { settled: this.#read - this.#stay, stay: this.#stay, dropped: 0 };
    return { parts, rowsRead: this.#read, schema: this.#schema, measures: this.#measures, released };
  }

  async #staged(): Promise<readonly Part[]> {
    const { spec, plan, slice, request, watching } = this.#of;
    const frames = this.#frames();
    const first = await frames.next();
    if (first.done) return [];
    const { source, sources } = slice;
    const watermark = this.#schema.columns.find(({ name }) => name === plan.watermarkAs);
    const stageRequest = {
      run: entityRunOf(spec, plan),
      writing: plan.writing,
      slice: request.slice,
      schema: this.#schema,
      watermark: watermark === undefined ? null : { column: watermark.name, type: watermark.type },
      ...(plan.precision === null ? {} : { precision: plan.precision }),
      emptyPart: false,
      ...(source === undefined ? {} : { source }),
      ...(sources === undefined ? {} : { sources }),
    };
    return stageFrames(this.#store, stageRequest, { first: first.value, rest: frames, signal: watching.signal });
  }

  /** Rows of the open boundary group stay in it: the run that reads the group again replaces all of it. */
  async *#frames(): AsyncGenerator<FrameToStage> {
    const { ports, spec, plan, slice, watching } = this.#of;
    const rules = rulesOf(spec).map((rule): Rule => (rule.severity === 'warn' ? rule : { ...rule, severity: 'quarantine' }));
    await rulesMustFit(ports, spec, this.#schema);
    const ofGroup = slice.apart?.ofGroup === true;
    for await (const read of quarantineOf(spec, this.#store).read(slice, watching.signal)) {
      watching.signal.throwIfAborted();
      const judging = { ...apartOnly, rules, run: plan.run, stamped: stampedColumns(spec) };
      const rows = await this.#asSettled(read);
      const { kept, broken, measures } = await judgedOrExplained(spec, judging, (one) => judgeRows(ports, rows, one));
      this.#read += read.rows;
      this.#stay += broken?.rows ?? 0;
      this.#measures = addMeasures(this.#measures, measures);
      watching.onRows(read.rows);
      if (kept.rows > 0) {
        this.#nulls = addCounts(this.#nulls, await kept.nullCounts());
        yield { frame: kept, role: ofGroup ? 'boundary' : 'data' };
      }
      if (broken !== null) yield { frame: broken, role: 'broken', ...(ofGroup ? { ofGroup: true } : {}) };
    }
  }

  /** Without the columns that say why a row lies apart. Columns that settle only since are null, and narrower types become wider ones. */
  async #asSettled(frame: Frame): Promise<Frame> {
    const reasons = new Set(Object.values(brokenColumnsIn(frame.schema)));
    const own = new Set(frame.schema.columns.map(({ name }) => name).filter((name) => !reasons.has(name)));
    const { columns: settled } = this.#schema;
    const columns = settled.map(({ name, type }): Conforms => ({ name, type, from: own.has(name) ? name : null, fill: null }));
    const rows = await frame.conform({ schema: this.#schema, columns, samples: 'mask' });
    return rows.told(this.#schema);
  }
}
