import type { Secret } from './secret.ts';
import type { Tally } from './state.ts';
import type { Instant, Json } from './values.ts';

/** A way to tell somebody: one POST of JSON to an address that is itself a secret. */
export interface Webhook {
  /**
   * Answers whatever the other side answered, and follows no redirect. Throws `WebhookUnreachable` when there was no answer in time: the
   * message may have arrived all the same.
   */
  post(request: { readonly url: Secret; readonly body: Json; readonly timeoutMs: number }): Promise<WebhookAnswer>;
}

export interface WebhookAnswer {
  /** Of HTTP. */
  readonly status: number;
  /** `Retry-After`, in milliseconds from now; null: it did not say. */
  readonly retryAfterMs: number | null;
}

/** No answer: the reason in a few words, never the address. */
export class WebhookUnreachable extends Error {
  override readonly name = 'HookUnreachable';
}

/** What a webhook understands: an adaptive card (Teams workflows), Slack's blocks, or the notice itself. */
export type NoticeFormat = 'teams' | 'slack' | 'json';

/** `notify:` of a flow, validated. */
export interface NotifySpec {
  readonly on: readonly Notice['what'][];
  readonly webhook: Secret;
  readonly format: NoticeFormat;
}

/** What is told of one run of one flow. Names, numbers, codes and times: never a value of the data. */
export interface Notice {
  readonly workspace: string;
  readonly flow: string;
  readonly run_id: string;
  /** `recovered`: what had failed the last time did not fail now. */
  readonly what: 'error' | 'recovered' | 'warn';
  readonly at: Instant;
  readonly seconds: number;
  readonly rows: number;
  /** Entities by how they ended. */
  readonly counts: Tally;
  /** The first of those that failed. */
  readonly failed: readonly FailedEntity[];
  /** Names of the first that ended with a warning. */
  readonly warned: readonly string[];
  /** Names of the first that failed the last time. */
  readonly recovered: readonly string[];
  /** How many failed the last time and did not fail now. */
  readonly recovered_total: number;
}

export interface FailedEntity {
  readonly entity: string;
  /** Null: the run did not leave one. */
  readonly code: string | null;
  /** What the catalogue says of the code: the error's own words may quote a value, and stay in the journal. */
  readonly what: string;
  readonly try: string;
  /** When the first run ended that failed without one in between that did not. */
  readonly since: Instant;
  /** Runs that failed one after another, this one among them. */
  readonly times: number;
}
