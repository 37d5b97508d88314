import type { Secret } from './secret.ts';
import type { Tally } from './state.ts';
import type { Instant, Json } from './values.ts';

/** Sends notices. A notice is one POST of JSON to an address that is itself a secret. */
export interface Webhook {
  /**
   * Posts a message and returns the response with any status, without following redirects. Throws `WebhookUnreachable` when the response did not come in
   * time, although the message may have arrived.
   */
  post(request: { readonly url: Secret; readonly body: Json; readonly timeoutMs: number }): Promise<WebhookAnswer>;
}

export interface WebhookAnswer {
  /** The HTTP status. */
  readonly status: number;
  /** `Retry-After`, in milliseconds from now; null: the response has none. */
  readonly retryAfterMs: number | null;
}

/** No response came. The error’s message has the reason in a few words, and never contains the address. */
export class WebhookUnreachable extends Error {
  override readonly name = 'HookUnreachable';
}

/** The body that a webhook accepts: an adaptive card (Teams workflows), Slack's blocks, or the notice itself. */
export type NoticeFormat = 'teams' | 'slack' | 'json';

/** The validated `notify:` of a flow. */
export interface NotifySpec {
  readonly on: readonly NoticeKind[];
  readonly webhook: Secret;
  readonly format: NoticeFormat;
}

/** The validated `heartbeat:` of a flow. */
export interface HeartbeatSpec {
  /** The address that gets a POST after each run without a failure. */
  readonly url: Secret;
  /** The address that gets a POST after each run with a failure; null: nothing is sent after a failure. */
  readonly failUrl: Secret | null;
}

/** The values of `notify.on`. */
export type NoticeKind = Notice['what'] | WatchKind;

/** The values of `notify.on` that a watcher reports, without a run. */
export const watchKinds = ['stale', 'missed', 'slow'] as const;
export type WatchKind = (typeof watchKinds)[number];

/** The report of a watcher on one flow: the entities that are late, or no longer late. It contains only names and times. */
export interface WatchNotice {
  readonly workspace: string;
  readonly flow: string;
  readonly what: WatchKind;
  /** Whether an earlier report is resolved. */
  readonly is_over: boolean;
  readonly at: Instant;
  /** The first entities in the report, and the time since which they are or were late. */
  readonly entities: readonly { readonly entity: string; readonly since: Instant }[];
  /** How many entities are in the report. */
  readonly total: number;
}

/** The report on one run of one flow. The report contains names, numbers, codes and times, but never a value of the data. */
export interface Notice {
  readonly workspace: string;
  readonly flow: string;
  readonly run_id: string;
  /** `recovered`: entities that failed in the previous run did not fail in this run. */
  readonly what: 'error' | 'recovered' | 'warn';
  readonly at: Instant;
  readonly seconds: number;
  readonly rows: number;
  /** How many entities ended in each status. */
  readonly counts: Tally;
  /** The first entities that failed. */
  readonly failed: readonly FailedEntity[];
  /** The names of the first entities that ended with a warning. */
  readonly warned: readonly string[];
  /** The names of the first entities that failed in the previous run, but not in this run. */
  readonly recovered: readonly string[];
  /** How many entities failed in the previous run, but not in this run. */
  readonly recovered_total: number;
}

export interface FailedEntity {
  readonly entity: string;
  /** The error's code; null: the run recorded no code. */
  readonly code: string | null;
  /** The catalogue's title of the code. The error's own words may quote a value, so they stay in the journal. */
  readonly what: string;
  readonly try: string;
  /** When the first of the failed runs in a row ended. */
  readonly since: Instant;
  /** How many runs in a row failed, including this run. */
  readonly times: number;
}
