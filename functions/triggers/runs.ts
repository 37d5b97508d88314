import type { App, PinnedFlow } from '../../src/assembly/app.ts';
import { noSuchRun } from '../../src/assembly/errors.ts';
import { raiseStopFlag } from '../../src/assembly/stop-flags.ts';
import { lastVerifications } from '../../src/engine/verify/last-verification.ts';
import { messageOf } from '../../src/narrate/text/notes.ts';
import { mapConcurrent } from '../../src/ports/map-concurrent.ts';
import { codeOf } from '../../src/ports/notes.ts';
import { retry } from '../../src/ports/retry.ts';
import { isReplicationLane, type RunRecord } from '../../src/ports/runs.ts';
import type { JournalRow } from '../../src/ports/state.ts';
import { defined, filled, type Json } from '../../src/ports/values.ts';
import { cutToFit } from '../answer.ts';
import { endLost } from '../lost-run.ts';
import { progressOf } from '../run-progress.ts';
import type { HttpAnswer, TriggerContext, TriggerRequest } from '../sdk.ts';
import { isOpen } from '../wait-records.ts';
import { inRequestWords } from './advice.ts';
import { entitiesOf, isStillRunning } from './alive.ts';
import { orError, runBody } from './answers.ts';
import { toldIn } from './logging.ts';
import { limitIn } from './request.ts';

const mostRuns = 50;
const mostEntities = 500;
/** The outcome of each entity. */
const mostFailureBytes = 4_000;

/** `GET /api/flows/<flow>/runs`. */
export async function onRuns(app: App, flow: string, asked: TriggerRequest, called: TriggerContext): Promise<HttpAnswer> {
  return await orError(
    async () => {
      const limit = limitIn(asked.query.get('limit'), { usual: 20, most: mostRuns });
      const { board } = await app.look(flow);
      const bodies = (records: readonly RunRecord[]) => records.map((record) => runBody(asked, record));
      const [runs, waits] = await Promise.all([retry(() => board.list(flow, limit)), retry(() => board.waits(flow, limit))]);
      return { status: 200, body: { flow, runs: bodies(runs), ...filled({ waits: bodies(waits) }) } };
    },
    toldIn(app, flow, called),
  );
}

/** `GET /api/flows/<flow>/runs/<id>`: the progress or the result of a run, with the outcome of each entity. */
export async function onOneRun(app: App, flow: string, asked: TriggerRequest, called: TriggerContext): Promise<HttpAnswer> {
  return await orError(
    async () => {
      const pinned = await app.look(flow);
      const record = await recordOf(app, called, pinned, { flow, run: asked.params.id ?? '' });
      const rows = await retry(() => pinned.state.journal({ flow, run: record.run_id, limit: mostEntities, withVerifications: true }));
      const described = await describedRows(pinned, rows);
      const progress =
        record.ended_at === null ? { progress: await progressOf(called, record, { flow: pinned.flow, now: app.clock.now() }) } : {};
      const waits = isReplicationLane(record.lane) ? [] : await retry(() => pinned.board.waitsOf(flow, record.run_id));
      return {
        status: 200,
        body: {
          ...runBody(asked, record),
          ...progress,
          ...filled({ waits: waits.map((wait) => runBody(asked, wait)) }),
          done: rows.map((row) => ({ ...entityBody(row), ...described.get(row.entity_run_id) })),
        },
      };
    },
    toldIn(app, flow, called),
  );
}

/** `DELETE /api/flows/<flow>/runs/<id>`: stops a run. Decided commits are finished, and all other work is dropped. */
export async function onCancel(app: App, flow: string, asked: TriggerRequest, called: TriggerContext): Promise<HttpAnswer> {
  return await orError(
    async () => {
      const pinned = await app.look(flow);
      const record = await recordOf(app, called, pinned, { flow, run: asked.params.id ?? '' });
      const hasEnded = record.ended_at !== null;
      if (!hasEnded) await raiseStopFlag(pinned.state, { flow, run: record.run_id }, 'cancelled');
      const waits = (await retry(() => pinned.board.waitsOf(flow, record.run_id))).filter(isOpen);
      await mapConcurrent(waits, ({ run_id: run }) => raiseStopFlag(pinned.state, { flow, run }, 'cancelled'));
      if (hasEnded && waits.length === 0)
        return { status: 200, body: { ...runBody(asked, record), message: 'The run has ended already: nothing was changed.' } };
      if (hasEnded || isReplicationLane(record.lane))
        return { status: 202, body: { ...runBody(asked, record), stopping: true, decided: [], message: waitStops } };
      const decided = await decidedIn(pinned, record);
      const message =
        decided.length === 0
          ? 'The run stops before its next step. Work that is not decided is given up, and none of this work becomes visible.'
          : `The run stops before its next step. The commit of ${decided.join(', ')} is decided, so it is finished. All other work is given up.`;
      return { status: 202, body: { ...runBody(asked, record), stopping: true, decided, message } };
    },
    toldIn(app, flow, called),
  );
}

const waitStops = 'The wait for replication ends within 15 minutes. Settled rows stay settled.';

/** A run that disappeared is reported. */
async function recordOf(
  app: App,
  { instances }: TriggerContext,
  pinned: PinnedFlow,
  { flow, run }: { readonly flow: string; readonly run: string },
): Promise<RunRecord> {
  const { board } = pinned;
  const record = await retry(() => board.get(flow, run));
  if (record === undefined) throw noSuchRun(flow, run);
  if (record.ended_at !== null || (await isStillRunning(app, instances, pinned, record))) return record;
  // If the run has ended during the check, the answer has the result of the run.
  return await endLost(app, instances, pinned, record);
}

/** Entities of the run whose commit is decided but not finished. */
async function decidedIn({ state }: PinnedFlow, { flow, run_id }: RunRecord): Promise<readonly string[]> {
  const ended = new Set((await retry(() => state.journal({ flow, run: run_id, limit: mostEntities }))).map(({ entity }) => entity));
  const open = (await entitiesOf(state, flow)).filter(({ entity }) => !ended.has(entity));
  const decided = await mapConcurrent(open, async (key) => {
    const row = (await retry(() => state.read(key)))?.row;
    return row?.pending && row.owner?.run.startsWith(`${run_id}.`) ? [key.entity] : [];
  });
  return decided.flat();
}

/** Verdicts of comparisons for which the differing rows are looked up. */
const mostDescribed = 20;

/** The differing rows of the latest comparisons, by the id of the comparison. */
async function describedRows(
  { state }: PinnedFlow,
  rows: readonly JournalRow[],
): Promise<ReadonlyMap<string, { readonly differing: Json }>> {
  const differ = rows.filter(({ verified }) => verified?.verdict === 'differs').slice(0, mostDescribed);
  const found = await mapConcurrent(differ, async ({ flow, entity, entity_run_id: id }) => {
    const last = await lastVerifications(state, { flow, entity });
    const own = last && [last.newest, last.standing].find((one) => one.id === id);
    return own?.differing === undefined ? [] : [[id, { differing: own.differing as unknown as Json }] as const];
  });
  return new Map(found.flat());
}

function entityBody(row: JournalRow): { readonly [key: string]: Json } {
  const { entity, status, rows, rows_read, bytes, seconds, watermark_to, error_code, lane } = row;
  return {
    ...{ entity, lane, status, rows, rows_read, bytes, seconds, watermark: watermark_to, error: error_code, message: messageOf(row) },
    ...defined({ codes: row.notes?.map(codeOf) }),
    // Journal rows of earlier versions lack these fields.
    ...filled({ reason: row.reason, failure: row.error && (cutToFit(inRequestWords(row.error), mostFailureBytes) as unknown as Json) }),
    ...(row.rows_settled == null ? {} : { rows_settled: row.rows_settled, rows_replaced: row.rows_replaced ?? null }),
    ...filled({ bad_rows: row.bad_rows, verified: row.verified as unknown as Json }),
  };
}
