import * as z from 'zod';
import type { DataType } from '../frames/schema.ts';
import type { BoundaryGroup } from '../frames/watermark.ts';
import type { ErrorDetails } from '../ports/events.ts';
import type { Noted } from '../ports/notes.ts';
import type { JournalRow, StateRow, Verification } from '../ports/state.ts';
import { defined, type EntityKey } from '../ports/values.ts';

const unit = z.enum(['ms', 'us', 'ns']);

const plain = z.enum([
  'bool',
  'int8',
  'int16',
  'int32',
  'int64',
  'uint8',
  'uint16',
  'uint32',
  'uint64',
  'float32',
  'float64',
  'string',
  'binary',
  'uuid',
  'json',
  'date',
  'null',
]);

const column = z.strictObject({
  name: z.string(),
  type: z.lazy((): z.ZodType<DataType> => dataType),
  nullable: z.boolean(),
  sourceType: z.string().exactOptional(),
  restated: z.literal(true).exactOptional(),
});

/** A type of hygge’s schema model, as stored with a watermark. */
const dataType: z.ZodType<DataType> = z.union([
  z.strictObject({ kind: plain }),
  z.strictObject({ kind: z.literal('decimal'), precision: z.int().min(1).max(38), scale: z.int() }),
  z.strictObject({ kind: z.enum(['time', 'duration']), unit }),
  z.strictObject({ kind: z.literal('timestamp'), unit, zone: z.string().exactOptional() }),
  z.strictObject({ kind: z.literal('list'), item: z.lazy((): z.ZodType<DataType> => dataType) }),
  z.strictObject({ kind: z.literal('struct'), fields: z.array(column) }),
]);

/** Format of state files and journal lines. A newer hygge reads older formats; an older one rejects newer ones with an error. */
export const formatVersion = 1;

/** The format of a state row with a rejected commit: an older hygge would misread its intent or its settled part. */
const refusalVersion = 2;
/** The format of a state row that belongs to one target: an older hygge would let any target continue with it. */
const targetVersion = 3;
/** The format if rows of the open boundary group are in quarantine. */
const quarantineVersion = 4;
/** The format if rows without a watermark are in the open boundary group, or remain from earlier groups. An older hygge would count these rows as rows of other writers. */
const nullsVersion = 5;
export const newestStateVersion = nullsVersion;

/** The position of a journal row: the month’s file, and the length of that file in bytes before the row. */
export interface JournalEntry {
  readonly file: string;
  readonly from: number;
  readonly row: JournalRow;
}

const text = z.string();
const count = z.int().min(0);
const status = z.enum(['pass', 'warn', 'error', 'skip']);
const watermark = z.strictObject({
  column: text,
  value: text,
  type: dataType,
  token: text.optional(),
  reads_again: z.literal(true).optional(),
});

/** A number in a journal row. A missing number counts as 0, so that the row of a settled run stays readable. */
const figure = z.number().catch(0);

const errorDetails: z.ZodType<ErrorDetails> = z.object({
  code: text,
  what: text,
  why: z.array(text),
  tryThis: z.array(text),
  where: z.object({ file: text, line: z.number(), column: z.number(), text: text.optional() }).optional(),
  statement: text.optional().catch(undefined),
});

/** Notes of a run. Unknown words of a later version are accepted. */
const notes = z.custom<readonly Noted[]>(
  (value) =>
    Array.isArray(value) && value.every((one) => typeof one === 'string' || typeof (one as { code?: unknown } | null)?.code === 'string'),
);

/** The result of a comparison. An unknown verdict of a later version is accepted, so that the row stays readable. */
const verified = z.custom<Verification>((value) => typeof (value as { verdict?: unknown } | null)?.verdict === 'string');

export const journalRow: z.ZodType<JournalRow> = z.object({
  entity_run_id: text,
  run_id: text,
  invocation_id: text,
  workspace: text,
  target: text.nullable().optional().catch(undefined),
  flow: text,
  entity: text,
  lane: text,
  epoch: figure,
  started_at: text,
  finished_at: text,
  seconds: figure,
  status,
  run_type: z.enum(['full_drop', 'incremental']),
  rows: figure,
  rows_read: figure,
  bytes: figure,
  parts: figure,
  attempts: figure,
  watermark_column: text.nullable(),
  watermark_type: text.nullable(),
  watermark_from: text.nullable(),
  watermark_to: text.nullable(),
  error_code: text.nullable(),
  message: text.nullable(),
  hygge_version: text,
  // Rows of earlier versions do not have these members.
  notes: notes.nullable().optional().catch(undefined),
  reason: z.enum(['interrupted', 'held', 'not_started']).nullable().optional().catch(undefined),
  error: errorDetails.nullable().optional().catch(undefined),
  rows_settled: z.number().nullable().optional().catch(undefined),
  rows_replaced: z.number().nullable().optional().catch(undefined),
  rows_updated: z.number().nullable().optional().catch(undefined),
  bad_rows: z.array(text).nullable().optional().catch(undefined),
  quarantined: z.number().nullable().optional().catch(undefined),
  checks_failed: z.number().nullable().optional().catch(undefined),
  checks_warned: z.number().nullable().optional().catch(undefined),
  verified: verified.nullable().optional().catch(undefined),
});

const holder = z.strictObject({ host: text, boot: text, pid: z.int(), started: text, program: text });

const settled = z.strictObject({
  id: text,
  epoch: count,
  boundary: z
    .strictObject({
      rows: count,
      hash: text.regex(/^[0-9a-f]{32}$/),
      apart: count.optional(),
      nulls: count.optional(),
      left: count.optional(),
    })
    .nullable(),
  snapshot: text.nullable(),
  seen: text.nullable(),
  source_version: text.nullable().default(null),
  rows: z.int(),
  total: z.int().nullable().optional(),
  at: text,
  full_at: text.optional(),
  nothing: z.literal(true).optional(),
});

/** A state file as stored: first the fields that people look for, then the fields of the protocol. */
const storedRow = z.strictObject({
  entity: text,
  last_run: text.nullable(),
  watermark: watermark.nullable(),
  rows_processed: z.int().nullable(),
  status: status.nullable(),
  version: z.literal([formatVersion, refusalVersion, targetVersion, quarantineVersion, nullsVersion]),
  protocol: z.strictObject({
    flow: text,
    lineage: text,
    epoch: count,
    owner: z.strictObject({ run: text, until: text, holder }).nullable(),
    pending: z
      .strictObject({ id: text, epoch: count, ref: text, refused: z.strictObject({ code: text, reason: text }).optional() })
      .nullable(),
    settled: settled.nullable(),
    lanes: z.record(text, watermark),
    binding: z.strictObject({ source: text, target: text, watermark: text, of: text.optional() }).nullable(),
    full_next: z.boolean(),
    last_entity_run: text.nullable(),
    /** The journal row of the last write, in case the process died before appending it to the journal. */
    journal: z.strictObject({ file: text, from: count, row: journalRow }).nullable(),
    // The id is quoted on the last line. So if a file is cut off, this line or its closing quote is missing.
    write_id: text,
  }),
});

export type StoredRow = z.infer<typeof storedRow>;

/** The row in a value, if the schema accepts the value. A run reads only a few rows, so compiling a parser would cost more than it saves. */
export function parseStoredRow(value: unknown): z.ZodSafeParseResult<StoredRow> {
  return storedRow.safeParse(value, { jitless: true });
}

type StoredWatermark = z.infer<typeof watermark>;
type Watermark = NonNullable<NonNullable<StateRow['settled']>['watermark']>;

const storeWatermark = ({ column, text: value, type, token, readsAgain }: Watermark): StoredWatermark => ({
  column,
  value,
  type,
  ...defined({ token, reads_again: readsAgain }),
});
const readWatermark = ({ column, value, type, token, reads_again: readsAgain }: StoredWatermark): Watermark => ({
  column,
  text: value,
  type,
  ...defined({ token, readsAgain }),
});

function mapValues<A, B>(record: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}

type StoredSettled = NonNullable<StoredRow['protocol']['settled']>;
type Settled = NonNullable<StateRow['settled']>;

/** The settled part of a row as stored, its fields in the order in which a person reads them. */
function storeSettled({ id, epoch, boundary, snapshot, seen, sourceVersion, rows, total, at, fullAt, nothing }: Settled): StoredSettled {
  const counted = total === undefined ? {} : { total };
  const full = fullAt === undefined ? {} : { full_at: fullAt };
  return {
    id,
    epoch,
    boundary,
    snapshot,
    seen,
    source_version: sourceVersion,
    rows,
    ...counted,
    at,
    ...full,
    ...(nothing ? { nothing } : {}),
  };
}

function groupOf({ rows, hash, ...some }: NonNullable<StoredSettled['boundary']>): BoundaryGroup {
  return { rows, hash, ...defined(some) };
}

function readSettled(
  { source_version: sourceVersion, full_at: fullAt, boundary, ...settled }: StoredSettled,
  mark: StoredWatermark | null,
): Settled {
  return {
    ...settled,
    boundary: boundary && groupOf(boundary),
    ...(fullAt === undefined ? {} : { fullAt }),
    sourceVersion,
    watermark: mark && readWatermark(mark),
  };
}

function versionOf({ binding, pending, settled }: StateRow): StoredRow['version'] {
  if (settled?.boundary?.nulls !== undefined || settled?.boundary?.left !== undefined) return nullsVersion;
  if (settled?.boundary?.apart !== undefined) return quarantineVersion;
  if (binding?.of !== undefined) return targetVersion;
  return pending?.refused || settled?.nothing ? refusalVersion : formatVersion;
}

export function toStored(key: EntityKey, row: StateRow, journal: JournalEntry | null): StoredRow {
  const mark = row.settled?.watermark ?? null;
  return {
    entity: key.entity,
    last_run: row.last?.at ?? null,
    watermark: mark && storeWatermark(mark),
    rows_processed: row.last?.rows ?? null,
    status: row.last?.status ?? null,
    version: versionOf(row),
    protocol: {
      flow: key.flow,
      lineage: row.lineage,
      epoch: row.epoch,
      owner: row.owner,
      pending: row.pending,
      settled: row.settled && storeSettled(row.settled),
      lanes: mapValues(row.lanes, storeWatermark),
      binding: row.binding,
      full_next: row.fullNext,
      last_entity_run: row.last?.run ?? null,
      journal,
      write_id: row.writeId,
    },
  };
}

/** The row in a stored row. Undefined: the two halves of the stored row contradict each other. */
export function fromStored(stored: StoredRow): StateRow | undefined {
  const { protocol, last_run: at, rows_processed: rows, status: ended } = stored;
  const run = protocol.last_entity_run;
  const last = run !== null && at !== null && rows !== null && ended !== null ? { run, at, status: ended, rows } : null;
  const partly = [run, at, rows, ended].some((value) => value !== null);
  if ((last === null && partly) || (protocol.settled === null && stored.watermark !== null)) return undefined;
  return {
    lineage: protocol.lineage,
    epoch: protocol.epoch,
    owner: protocol.owner,
    pending: protocol.pending,
    settled: protocol.settled && readSettled(protocol.settled, stored.watermark),
    lanes: mapValues(protocol.lanes, readWatermark),
    binding: protocol.binding,
    fullNext: protocol.full_next,
    last,
    writeId: protocol.write_id,
  };
}
