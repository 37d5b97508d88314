/** The heartbeat of a flow: a POST after each of its runs, to a service that alerts where none comes. What fails there fails no run. */
import { retry } from '../../ports/retry.ts';
import type { JournalRow, Tally } from '../../ports/state.ts';
import type { HeartbeatSpec } from '../../ports/webhook.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import { whyNotDelivered } from '../errors/closing.ts';
import { interruptedCode } from '../errors/interruption.ts';
import type { CloseRequest } from './close.ts';
import { deliver } from './notice-sending.ts';

/** A run that moved or looked without a failure beats. One that was stopped, or locked out by another run, says nothing: that other run will. */
export async function sendHeartbeat(
  { flow, runId, workspace, final }: CloseRequest & { readonly final: Tally },
  ports: EnginePorts,
  heartbeat: HeartbeatSpec,
): Promise<{ readonly problem: string | null }> {
  const rows = (await retry(() => ports.state.journal({ flow, run: runId }))).filter(({ lane }) => lane === 'live');
  const hasFailed = rows.some((row) => row.status === 'error' && !isStopped(row));
  const isWhole = rows.length > 0 && final.error === 0 && final.not_started === undefined && !rows.some(isStopped);
  const url = hasFailed ? heartbeat.failUrl : isWhole ? heartbeat.url : null;
  const closing = ports.closing;
  if (url === null || closing === undefined) return { problem: null };
  const { pass, warn, error, skip } = final;
  const status = hasFailed ? 'fail' : 'ok';
  const body = { version: 1, workspace, flow, run_id: runId, status, counts: { pass, warn, error, skip } };
  const failed = await deliver({ url, body }, closing, ports);
  return { problem: failed === null ? null : whyNotDelivered(failed) };
}

function isStopped({ status, error_code: code, reason }: JournalRow): boolean {
  return reason != null || (status === 'error' && code === interruptedCode);
}
