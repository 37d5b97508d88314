import * as z from 'zod';

/** The JSON lines of `--output json`: a public contract, written down a second time on purpose. */

const instant = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const count = z.int().min(0);

const base = {
  v: z.literal(1),
  ts: instant,
  invocation_id: z.string().regex(/^[0-9A-Z]{26}$/),
};

const about = { run_id: z.string().min(1), flow: z.string().min(1), entity: z.string().min(1) };

const error = {
  code: z.string().regex(/^HYG-\d{4}$/),
  what: z.string().min(1),
  why: z.array(z.string().min(1)),
  tryThis: z.array(z.string().min(1)).min(1),
  where: z.strictObject({ file: z.string().min(1), line: z.int().min(1), column: z.int().min(1), text: z.string().optional() }).optional(),
};

const entitySummary = {
  flow: z.string().min(1),
  entity: z.string().min(1),
  status: z.enum(['pass', 'warn', 'error', 'skip']),
  rows: z.int(),
  rows_read: count,
  rows_settled: count.optional(),
  quarantined: count.optional(),
  reason: z.enum(['interrupted', 'held', 'not_started']).optional(),
  entity_run_id: z.string().min(1),
  watermark: z.string().nullable(),
  to: z.string(),
  files: count,
  bytes: count,
  seconds: z.number().min(0),
  message: z.string().min(1).optional(),
  codes: z.array(z.string().min(1)).min(1).optional(),
  error: z.strictObject(error).optional(),
};

const column = z.strictObject({
  name: z.string(),
  source_type: z.string(),
  type: z.string(),
  store_type: z.string(),
  source_name: z.string().nullable().optional(),
  fidelity: z.enum(['exact', 'widened', 'lossy', 'checked']),
  loss: z.string().optional(),
});

const drift = z.strictObject({
  kind: z.enum(['added', 'removed', 'returned', 'type', 'nullable', 'reordered', 'key']),
  column: z.string().min(1).nullable(),
  change: z.string().min(1),
  before: z.string().min(1).optional(),
  now: z.string().min(1).optional(),
  direction: z.enum(['widened', 'narrowed', 'incompatible']).optional(),
  samples: z.array(z.json()).min(1).max(3).optional(),
  renamed_to: z.string().min(1).optional(),
  policy: z.string().min(1).nullable(),
  severity: z.enum(['fail', 'warn', 'note']),
  outcome: z.string().min(1),
  since: instant,
});

export const eventSchema = z.discriminatedUnion('event', [
  z.strictObject({
    event: z.literal('run_start'),
    ...base,
    workspace: z.string(),
    target: z.string().min(1).optional(),
    flows: count,
    entities: count,
    concurrency: z.int().min(1),
  }),
  z.strictObject({
    event: z.literal('differences'),
    ...base,
    workspace: z.string(),
    target: z.string().min(1).optional(),
    against: z.string().min(1),
    entities: z.array(
      z.strictObject({
        flow: z.string().min(1),
        entity: z.string().min(1),
        parts: z.array(z.strictObject({ part: z.string().min(1), here: z.string(), there: z.string() })).min(1),
      }),
    ),
  }),
  z.strictObject({
    event: z.literal('plan'),
    ...base,
    ...about,
    from: z.string().min(1),
    to: z.string().min(1),
    mode: z.enum(['full', 'incremental', 'files', 'backfill']),
    window: z.strictObject({ column: z.string().nullable(), lower: z.string().nullable(), upper: z.string().nullable() }),
    rows: z.strictObject({ n: count.nullable(), exact: z.boolean() }),
    bytes: count.nullable(),
    slices: count,
    schema: z.array(column),
    creates: z.array(z.string()),
    replaces: z.array(z.string()),
    ddl: z.array(z.string()).optional(),
    write: z.strictObject({
      mode: z.enum(['append', 'swap', 'merge', 'delete_insert']),
      key: z.array(z.string()),
      why: z.enum(['creates', 'full_load', 'beside_others', 'bound', 'direct_insert', 'adds', 'new_rows', 'key', 'no_merge']),
      because: z.array(z.string()).optional(),
    }),
    guarantee: z.string().min(1),
    warnings: z.array(z.string()),
    notes: count.optional(),
    codes: z.array(z.string().min(1)),
    drift: z.array(drift).optional(),
  }),
  z.strictObject({
    event: z.literal('progress'),
    ...base,
    ...about,
    stage: z.enum(['claimed', 'rolled_forward', 'reading', 'paused', 'slice_done', 'committing', 'settled']),
    rows: count,
    rows_total: count.nullable(),
    slices_done: count,
    slices: count,
    not_before: z.string().optional(),
    detail: z.string().optional(),
  }),
  z.strictObject({
    event: z.literal('retry'),
    ...base,
    ...about,
    step: z.string(),
    attempt: z.int().min(1),
    wait_ms: count,
    error: z.strictObject(error),
    outage: z.strictObject({ system: z.string(), retry_for_ms: count.optional(), over_after_ms: count.optional() }).optional(),
  }),
  z.strictObject({
    event: z.literal('warning'),
    ...base,
    run_id: z.string().optional(),
    flow: z.string().optional(),
    entity: z.string().optional(),
    message: z.string().min(1),
    code: z.string().optional(),
  }),
  z.strictObject({ event: z.literal('entity_done'), ...base, run_id: about.run_id, ...entitySummary }),
  z.strictObject({
    event: z.literal('error'),
    compacts: z.literal('files').optional(),
    ...base,
    run_id: z.string().optional(),
    flow: z.string().optional(),
    entity: z.string().optional(),
    ...error,
  }),
  z.strictObject({ event: z.literal('interrupted'), ...base, signal: z.enum(['SIGINT', 'SIGTERM']), message: z.string().min(1) }),
  z.strictObject({
    event: z.literal('summary'),
    ...base,
    pass: count,
    warn: count,
    error: count,
    skip: count,
    not_started: count.min(1).optional(),
    total: count,
    rows: z.int(),
    seconds: z.number().min(0),
    broken_flows: z.array(z.strictObject({ flow: z.string(), errors: z.array(z.looseObject({ code: z.string() })) })).optional(),
    entities: z.array(z.strictObject(entitySummary)),
  }),
]);
