import { decodeTime } from 'ulid';
import type { JournalFilter, JournalRow } from '../../ports/state.ts';
import type { Instant } from '../../ports/values.ts';
import { isAskedFor, type JournalDamage } from '../journal.ts';
import { rowOfNewerVersion } from '../row-errors.ts';
import { formatVersion, journalRow } from '../stored-row.ts';
import type { Action } from './account.ts';
import { journalKey, journalKeyRange, type KeyRange, keyPart, keysBefore, markKey, since } from './keys.ts';
import { readableColumns } from './state-rows.ts';
import { joinPieces, jsonPieces } from './stored-json.ts';
import { quoted, type Row, rangeFilter, type Table, transactionRows } from './table.ts';

/** The journal: one row for each entity run, in the partition of its flow. Keys sort the newest row first. A second row, whose key is the entity run, prevents repeats. Both rows are created in one transaction. */
export class JournalTable {
  readonly #table: Table;
  readonly #place: string;
  readonly #onDamage: (damage: JournalDamage) => void;

  constructor(table: Table, place: string, onDamage: (damage: JournalDamage) => void) {
    this.#table = table;
    this.#place = place;
    this.#onDamage = onDamage;
  }

  /** Changes that create the row; rejected if the entity run is already in the journal. */
  creating(row: JournalRow): readonly Action[] {
    const partitionKey = keyPart(row.flow);
    const rowKey = journalKey(row.finished_at, row.entity_run_id);
    return [
      [
        'create',
        {
          partitionKey,
          rowKey,
          version: formatVersion,
          // The filter compares names in their encoded form, because keys are plain ASCII and names may not be.
          entity_key: keyPart(row.entity),
          ...readableColumns({
            entity: row.entity,
            run_id: row.run_id,
            status: row.status,
            finished_at: row.finished_at,
            error_code: row.error_code,
          }),
          ...jsonPieces('row', row, `The journal row of ${row.entity_run_id}`),
        },
      ],
      ['create', { partitionKey, rowKey: markKey(row.entity_run_id), journal: rowKey }],
    ];
  }

  async append(row: JournalRow): Promise<void> {
    await this.#table.change(this.creating(row));
  }

  /** The rows that pass the filter, newest first. Reads a page of each flow at a time, and only as many pages as the limit needs. */
  async read(filter: JournalFilter): Promise<readonly JournalRow[]> {
    const limit = filter.limit ?? Number.POSITIVE_INFINITY;
    const found: JournalRow[] = [];
    if (limit <= 0) return found;
    const partitions = filter.flow === undefined ? this.#table.partitions() : [keyPart(filter.flow)];
    const streams: AsyncGenerator<Row>[] = [];
    for await (const partition of partitions) streams.push(this.#rows(partition, filter, limit));
    let damaged = 0;
    for await (const row of newestFirst(streams)) {
      const parsed = this.#parsed(row);
      if (parsed === undefined) damaged += 1;
      else if (isAskedFor(parsed, filter) && found.push(parsed) >= limit) break;
    }
    if (damaged > 0) this.#onDamage({ file: `the journal in ${this.#place}`, lines: damaged });
    return found;
  }

  #rows(partition: string, { entity, run, since: earliest, before }: JournalFilter, limit: number): AsyncGenerator<Row> {
    const range = rowsSince(earliest, run);
    const wanted = [
      rangeFilter(partition, before === undefined ? range : { ...range, from: keysBefore(range, before).from }),
      ...(entity === undefined ? [] : [`entity_key eq ${quoted(keyPart(entity))}`]),
      ...(run === undefined ? [] : [`run_id eq ${quoted(run)}`]),
    ];
    return this.#table.rows(wanted.join(' and '), { atOnce: limit });
  }

  #parsed(row: Row): JournalRow | undefined {
    const { version } = row;
    if (typeof version === 'number' && version > formatVersion)
      throw rowOfNewerVersion(`journal row ${row.rowKey} in ${this.#place}`, version);
    const parsed = journalRow.safeParse(joinPieces('row', row));
    return parsed.success ? parsed.data : undefined;
  }

  /** Removes the rows of runs that finished before `until`, and the marks of these runs. Returns the number of runs. */
  async prune(until: Instant): Promise<number> {
    let pruned = 0;
    for await (const partition of this.#table.partitions()) {
      const old = this.#table.rows(rangeFilter(partition, keysBefore(journalKeyRange, until)), { select: ['PartitionKey', 'RowKey'] });
      for await (const rows of groups(old, transactionRows / 2)) {
        const keys = rows.flatMap(({ rowKey = '' }) => [rowKey, `e|${rowKey.slice(rowKey.lastIndexOf('|') + 1)}`]);
        await removeRows(this.#table, partition, keys);
        pruned += rows.length;
      }
    }
    return pruned;
  }
}

const dayMs = 86_400_000;

/** The keys of rows that finished at a time or later. A run’s id contains its start time, and clocks are assumed to be wrong by at most a day. */
function rowsSince(earliest: Instant | undefined, run: string | undefined): KeyRange {
  const began = run !== undefined && /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/.test(run) ? decodeTime(run) - dayMs : 0;
  const from = Math.max(began, earliest === undefined ? 0 : Date.parse(earliest));
  return Number.isNaN(from) || from <= 0 ? journalKeyRange : since(journalKeyRange, new Date(from).toISOString());
}

/** Removes rows of one partition; at most 100. Rows that are already gone are fine, since another process may prune at the same time. */
export async function removeRows(table: Table, partition: string, keys: readonly string[]): Promise<void> {
  const removing = (rowKey: string): Action => ['delete', { partitionKey: partition, rowKey }];
  if ((await table.change(keys.map(removing))) === 'done') return;
  for (const key of keys) await table.change([removing(key)]);
}

/** Splits a stream into groups of up to `most`. */
export async function* groups<T>(all: AsyncIterable<T>, most: number): AsyncGenerator<readonly T[]> {
  let group: T[] = [];
  for await (const one of all) {
    group.push(one);
    if (group.length < most) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

/** Merges streams that are each ordered by row key into one ordered stream. */
async function* newestFirst(streams: readonly AsyncGenerator<Row>[]): AsyncGenerator<Row> {
  const heads = await Promise.all(streams.map(async (stream) => ({ stream, row: await following(stream) })));
  for (;;) {
    const [next] = heads.filter((head) => head.row !== undefined).sort((a, b) => compare(a.row?.rowKey, b.row?.rowKey));
    if (next?.row === undefined) return;
    yield next.row;
    next.row = await following(next.stream);
  }
}

async function following(stream: AsyncGenerator<Row>): Promise<Row | undefined> {
  const next = await stream.next();
  return next.done ? undefined : next.value;
}

function compare(a = '', b = ''): number {
  return a < b ? -1 : Number(a > b);
}
