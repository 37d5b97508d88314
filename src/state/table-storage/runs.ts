import { decodeTime } from 'ulid';
import * as z from 'zod';
import { StateError } from '../../errors/hygge-error.ts';
import { mustBeUnresolved, OutcomeUnknown } from '../../ports/retry.ts';
import {
  type CurrentRun,
  isReplicationLane,
  isWaitId,
  type RunBoard,
  type RunRecord,
  replicationPrefix,
  waitIds,
} from '../../ports/runs.ts';
import type { Instant, Json } from '../../ports/values.ts';
import { rowOfNewerVersion } from '../row-errors.ts';
import type { Account, Action } from './account.ts';
import { groups, removeRows } from './journal.ts';
import {
  currentRunKey,
  currentRunKeys,
  type KeyRange,
  keyPart,
  keysBefore,
  pastRunKeyRange,
  runKey,
  since,
  waitKey,
  waitKeyRange,
} from './keys.ts';
import { readableColumns } from './state-rows.ts';
import { joinPieces, jsonPieces, tooLarge } from './stored-json.ts';
import { quoted, type Row, rangeFilter, Table, transactionRows } from './table.ts';

const version = 1;
const mostSummaryBytes = 4096;
/** When a run’s end is written, other processes may be faster so many times one after another. After that, the caller gets an error. */
const mostRaces = 8;

const record: z.ZodType<RunRecord> = z.object({
  version: z.literal(version),
  run_id: z.string(),
  flow: z.string(),
  lane: z.string(),
  started_at: z.string(),
  trigger: z.enum(['schedule', 'http', 'backfill']),
  config: z.string(),
  app: z.string().optional(),
  entities: z.int().min(0),
  ended_at: z.string().nullable(),
  status: z.enum(['pass', 'warn', 'error', 'skip']).nullable(),
  summary: z.json().nullable() as z.ZodType<Json | null>,
});

/** The board of runs in the state’s table: one row for each run, and one row for the current run of each lane. Both rows change in one transaction. */
export function runBoard(account: Account): RunBoard {
  return new RunTable(account);
}

class RunTable implements RunBoard {
  readonly #table: Table;
  readonly #place: string;

  constructor(account: Account) {
    this.#table = new Table(account);
    this.#place = account.place;
  }

  async current(flow: string, lane: string): Promise<CurrentRun | undefined> {
    const row = await this.#table.get({ partition: keyPart(flow), row: currentRunKey(lane) });
    return row && { record: this.#recordIn(row), etag: row.etag };
  }

  async start(run: RunRecord, expected: string | undefined): Promise<'started' | 'moved'> {
    const current = entityOf(run, currentRunKey(run.lane));
    const taking: Action = expected === undefined ? ['create', current] : ['update', current, 'Replace', { etag: expected }];
    const actions: readonly Action[] = [taking, ['create', entityOf(run, pastKey(run))]];
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.#changed(actions, attempt);
      if (outcome === 'done') return 'started';
      const now = await this.current(run.flow, run.lane);
      if (now?.record.run_id === run.run_id) return 'started';
      // The outcome is unknown, but the row did not change, so the same conditional write is sent again (I5).
      if (outcome === 'refused' || now?.etag !== expected) return 'moved';
    }
  }

  async end(run: RunRecord): Promise<RunRecord> {
    const key = pastKey(run);
    for (let attempt = 1; ; attempt++) {
      const now = await this.current(run.flow, run.lane);
      const row = await this.#table.get({ partition: keyPart(run.flow), row: key });
      const known = row && this.#recordIn(row);
      if (known !== undefined && known.ended_at !== null) return known;
      const past: Action = row ? ['update', entityOf(run, key), 'Replace', { etag: row.etag }] : ['create', entityOf(run, key)];
      const isCurrent = now?.record.run_id === run.run_id;
      const ending: readonly Action[] = isCurrent
        ? [['update', entityOf(run, currentRunKey(run.lane)), 'Replace', { etag: now.etag }], past]
        : [past];
      const outcome = await this.#changed(ending, attempt);
      if (outcome === 'done') return run;
      if (outcome === 'refused' && attempt >= mostRaces) throw new OutcomeUnknown(`the row of run ${run.run_id} moves all the time`);
    }
  }

  /** `unknown`: no answer came, and more attempts remain. */
  async #changed(actions: readonly Action[], attempt: number): Promise<'done' | 'refused' | 'unknown'> {
    try {
      return await this.#table.change(actions);
    } catch (error) {
      mustBeUnresolved(error, attempt);
      return 'unknown';
    }
  }

  list(flow: string, limit: number): Promise<readonly RunRecord[]> {
    return this.#newest(flow, pastRunKeyRange, limit);
  }

  waits(flow: string, limit: number): Promise<readonly RunRecord[]> {
    return this.#newest(flow, waitKeyRange, limit);
  }

  waitsOf(flow: string, runId: string): Promise<readonly RunRecord[]> {
    const { from, to } = waitIds(runId);
    return this.#all(`${rangeFilter(keyPart(flow), waitKeyRange)} and run_id ge ${quoted(from)} and run_id lt ${quoted(to)}`);
  }

  currentWaits(flow: string): Promise<readonly RunRecord[]> {
    return this.#all(rangeFilter(keyPart(flow), currentRunKeys(replicationPrefix)));
  }

  async #all(filter: string): Promise<readonly RunRecord[]> {
    const found: RunRecord[] = [];
    for await (const row of this.#table.rows(filter)) found.push(this.#recordIn(row));
    return found;
  }

  async #newest(flow: string, range: KeyRange, limit: number): Promise<readonly RunRecord[]> {
    const found: RunRecord[] = [];
    if (limit <= 0) return found;
    for await (const row of this.#table.rows(rangeFilter(keyPart(flow), range), { atOnce: limit }))
      if (found.push(this.#recordIn(row)) >= limit) break;
    return found;
  }

  async get(flow: string, runId: string): Promise<RunRecord | undefined> {
    const filter = `${rangeFilter(keyPart(flow), startedAbout(runId))} and run_id eq ${quoted(runId)}`;
    for await (const row of this.#table.rows(filter)) return this.#recordIn(row);
    return undefined;
  }

  async prune(until: Instant): Promise<number> {
    let pruned = 0;
    for await (const partition of this.#table.partitions())
      for (const range of [pastRunKeyRange, waitKeyRange]) pruned += await this.#prunedIn(partition, keysBefore(range, until));
    return pruned;
  }

  async #prunedIn(partition: string, range: KeyRange): Promise<number> {
    let pruned = 0;
    const old = this.#table.rows(rangeFilter(partition, range), { select: ['PartitionKey', 'RowKey'] });
    for await (const rows of groups(old, transactionRows)) {
      await removeRows(
        this.#table,
        partition,
        rows.map(({ rowKey = '' }) => rowKey),
      );
      pruned += rows.length;
    }
    return pruned;
  }

  #recordIn(row: Row): RunRecord {
    const at = `run row ${row.rowKey} in ${this.#place}`;
    if (typeof row.version === 'number' && row.version > version) throw rowOfNewerVersion(at, row.version);
    const parsed = record.safeParse(joinPieces('run', row));
    if (parsed.success) return parsed.data;
    throw new StateError({
      code: 'HYG-5001',
      what: `The ${at} is damaged.`,
      why: ['Its property `run` differs from what hygge wrote there.'],
      tryThis: ['Delete the row: it only describes a run, so state and data do not depend on it.'],
    });
  }
}

const dayMs = 86_400_000;

function pastKey({ lane, started_at, run_id }: Pick<RunRecord, 'lane' | 'started_at' | 'run_id'>): string {
  return isReplicationLane(lane) ? waitKey(started_at, run_id) : runKey(started_at, run_id);
}

/** The possible keys of a run’s row. The run’s id contains its start time, and clocks are assumed to be wrong by at most a day. A wait begins some time after its run. */
function startedAbout(runId: string): KeyRange {
  if (isWaitId(runId)) return waitKeyRange;
  if (!/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/.test(runId)) return pastRunKeyRange;
  const at = (ms: number) => new Date(decodeTime(runId) + ms).toISOString();
  return since(keysBefore(pastRunKeyRange, at(dayMs)), at(-dayMs));
}

function entityOf(run: RunRecord, rowKey: string): { partitionKey: string; rowKey: string } & Record<string, unknown> {
  const bytes = Buffer.byteLength(JSON.stringify(run.summary));
  if (bytes > mostSummaryBytes) throw tooLarge(`The summary of run ${run.run_id}`, { bytes, most: mostSummaryBytes });
  return {
    partitionKey: keyPart(run.flow),
    rowKey,
    version,
    ...readableColumns({ run_id: run.run_id, lane: run.lane, started_at: run.started_at, ended_at: run.ended_at, status: run.status }),
    ...jsonPieces('run', run, `The record of run ${run.run_id}`),
  };
}
