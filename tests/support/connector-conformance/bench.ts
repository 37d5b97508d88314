import { expect } from 'vitest';
import type { EntityRun, Head, Part, Role, Store, Supersede } from '../../../src/engine/contracts.ts';
import type { CommitOutcome, Intent } from '../../../src/engine/intent.ts';
import type { Json } from '../../../src/ports/values.ts';
import { baseSchema, type Row, rowText } from '../sim/rows.ts';
import { decisionOver } from './decision.ts';
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
}

export interface Written {
  readonly role?: Role;
  readonly rows: readonly Row[];
}

const column = { column: 'mark', type: { kind: 'int64' } } as const;
const never = new AbortController().signal;

export const text = (rows: readonly Row[]): readonly string[] => rows.map(rowText).sort();

export function run(epoch: number, lineage = 'l1'): EntityRun {
  return { flow: 'f', entity: 'e', entityRunId: `run-${epoch}.1`, lineage, epoch };
}

/** The engine's moves on a store, one at a time. */
export class Bench {
  readonly under: StoreUnderTest;

  constructor(under: StoreUnderTest) {
    this.under = under;
  }

  async stage(
    of: EntityRun,
    written: readonly Written[],
    more: { readonly slice?: number; readonly source?: string; readonly emptyPart?: boolean } = {},
  ): Promise<readonly Part[]> {
    const { under } = this;
    const frames = (async function* () {
      for (const { role = 'data', rows } of written) yield { role, frame: await under.frame(baseSchema, rows) };
    })();
    const { slice = 0, emptyPart = false, ...source } = more;
    const store = await under.open();
    return store.stage({ run: of, slice, schema: baseSchema, watermark: column, emptyPart, ...source }, frames, never);
  }

  async decide(of: EntityRun, parts: readonly Part[], supersede: Supersede = { what: 'nothing' }): Promise<Intent> {
    return decisionOver(await this.under.open(), { run: of, parts, supersede });
  }

  async commit(intent: Intent): Promise<CommitOutcome> {
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
