/**
 * Sends the notice of a run once. One record is written before the message, and a second one after it, so a step that is delivered again does not
 * send again. If the process died after the first record, another process sends when that record’s time is over. So a message arrives at least once.
 * It arrives twice only if its sender died between the answer and the second record.
 */
import { retry } from '../../ports/retry.ts';
import type { Secret } from '../../ports/secret.ts';
import type { EntityKey, Instant, Json } from '../../ports/values.ts';
import { type Notice, type NotifySpec, type WatchNotice, type Webhook, WebhookUnreachable } from '../../ports/webhook.ts';
import type { Step } from '../contracts/frame.ts';
import type { Closing, EnginePorts } from '../contracts/ports.ts';
import { noticeNotSent } from '../errors/closing.ts';

const tries = 3;
const answerMs = 10_000;
const firstWaitMs = 1_000;
/** The longest pause that a webhook may ask for. After a longer one the notice is not tried again. */
const longestWaitMs = 20_000;
/** The time limit for all tries and waits together. */
const takenMs = 2 * 60_000;
/** How many runs have their records kept. Steps of older runs are not delivered again. */
const recordsKept = 50;

export interface NoticeRequest {
  readonly notice: Notice;
  readonly notify: NotifySpec;
  readonly closing: Closing;
}

/** Throws ConnectionError HYG-6010 if the notice could not be sent. */
export async function sendNotice(sending: NoticeRequest, ports: EnginePorts): Promise<Step<'sent' | 'sent before'>> {
  const { flow, run_id: run } = sending.notice;
  const key = noticesOf(flow);
  const [mine, sentRef, takenRef] = [ports.random.nonce(), `notices/${run}-sent`, `notices/${run}-taken`];
  if ((await retry(() => ports.state.getObject(key, sentRef))) !== undefined) return { done: 'sent before' };
  const now = ports.clock.now();
  const taken = (await retry(() => ports.state.putObject(key, takenRef, { by: mine, at: now }))) as { by: string; at: Instant };
  const free = new Date(Date.parse(taken.at) + takenMs).toISOString();
  if (taken.by !== mine && now < free) return { again: null, notBefore: free };
  await postNotice(sending, ports);
  await retry(() => ports.state.putObject(key, sentRef, { at: ports.clock.now() }));
  await forgetOld(key, ports);
  return { done: 'sent' };
}

/** A name that no flow can have. Objects belong to an entity, but notices belong to a flow. */
function noticesOf(flow: string): EntityKey {
  return { flow: '_notices', entity: flow };
}

export interface PostRequest {
  readonly notice: Notice | WatchNotice;
  readonly notify: NotifySpec;
  readonly closing: Pick<Closing, 'message' | 'webhook'>;
}

/** Posts a notice, three times at most. Throws ConnectionError HYG-6010 if the notice could not be sent. */
export async function postNotice({ notice, notify, closing }: PostRequest, ports: Pick<EnginePorts, 'clock' | 'random'>): Promise<void> {
  const failed = await deliver({ url: notify.webhook, body: closing.message(notice, notify.format) }, closing, ports);
  if (failed !== null) throw noticeNotSent(notice.flow, failed, failed.tries);
}

export interface FailedDelivery extends Pick<Answer, 'status' | 'why'> {
  readonly tries: number;
}

/** Posts JSON, three times at most. Returns null if it was accepted. */
export async function deliver(
  post: { readonly url: Secret; readonly body: Json },
  { webhook }: Pick<Closing, 'webhook'>,
  { clock, random }: Pick<EnginePorts, 'clock' | 'random'>,
): Promise<FailedDelivery | null> {
  for (let n = 1; ; n++) {
    const answer = await attempt(webhook, post);
    if (answer.status !== null && answer.status >= 200 && answer.status < 300) return null;
    const wait = answer.retryAfterMs ?? Math.round(firstWaitMs * 4 ** (n - 1) * (0.5 + random.fraction() / 2));
    if (n >= tries || !answer.again || wait > longestWaitMs) return { ...answer, tries: n };
    await clock.sleep(wait);
  }
}

interface Answer {
  /** The HTTP status of the answer. Null: no answer came. */
  readonly status: number | null;
  readonly retryAfterMs: number | null;
  readonly again: boolean;
  /** Why no answer came. */
  readonly why: string;
}

async function attempt(webhook: Webhook, { url, body }: { readonly url: Secret; readonly body: Json }): Promise<Answer> {
  try {
    const { status, retryAfterMs } = await webhook.post({ url, body, timeoutMs: answerMs });
    return { status, retryAfterMs, again: status === 429 || status >= 500, why: '' };
  } catch (error) {
    if (error instanceof WebhookUnreachable) return { status: null, retryAfterMs: null, again: true, why: error.message };
    throw error;
  }
}

async function forgetOld(key: EntityKey, ports: EnginePorts): Promise<void> {
  const refs = [...(await retry(() => ports.state.listObjects(key, 'notices/')))].sort();
  const old = refs.slice(0, Math.max(0, refs.length - 2 * recordsKept));
  if (old.length > 0) await retry(() => ports.state.removeObjects(key, old));
}
