import type { ErrorDetails } from '../ports/events.ts';

/** The place of an error in a file. `line` and `column` count from 1. `text` is the offending line. */
export interface Where {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly text?: string | undefined;
}

/** A system that does not answer. Errors of the same outage have the same `system`. */
export interface Outage {
  /** For people, without a secret: `postgres db.example:5432/erp`. */
  readonly system: string;
  /** When it was first found unreachable, on the monotonic clock; null: its connections break, and new ones were not tried. */
  readonly sinceMs: number | null;
}

export interface Details {
  /** `HYG-2041`; listed in the catalogue. */
  readonly code: string;
  /** One sentence: what went wrong. */
  readonly what: string;
  readonly why?: readonly string[];
  /** What a person can do now; never empty for an error a user meets. */
  readonly tryThis: readonly string[];
  readonly where?: Where | undefined;
  /** The same call may succeed later (throttling, a broken connection), so a retry is useful. */
  readonly transient?: boolean;
  /** The pause that the system asked for, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  /** The request was sent as often as the policy allows (ports/retry.ts): only a caller with minutes of time retries. */
  readonly spent?: boolean;
  /** The system that did not answer. */
  readonly outage?: Outage | undefined;
  /** The statement that a database rejected, without its values; shown with `--verbose`. */
  readonly statement?: string | undefined;
  readonly cause?: unknown;
}

/** Every error a person meets: one headline, why, what to try. The stack is for `--verbose`. */
export class HyggeError extends Error {
  override readonly name: string = 'HyggeError';
  readonly code: string;
  readonly what: string;
  readonly why: readonly string[];
  readonly tryThis: readonly string[];
  readonly where: Where | undefined;
  readonly transient: boolean;
  readonly retryAfterMs: number | undefined;
  readonly spent: boolean;
  readonly outage: Outage | undefined;
  readonly statement: string | undefined;

  constructor(details: Details) {
    super(`${details.code} ${details.what}`, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = details.code;
    this.what = details.what;
    this.why = details.why ?? [];
    this.tryThis = details.tryThis;
    this.where = details.where;
    this.transient = details.transient ?? false;
    this.retryAfterMs = details.retryAfterMs;
    this.spent = details.spent ?? false;
    this.outage = details.outage;
    this.statement = details.statement;
  }

  /** The same error with other advice, for readers who can't follow the original one. */
  advising(tryThis: readonly string[]): this {
    return Object.create(this, { tryThis: { value: tryThis, enumerable: true } });
  }

  /** The same error, as part of an outage. */
  during(outage: Outage): this {
    return Object.create(this, { outage: { value: outage, enumerable: true } });
  }

  /** The same error, with the statement that a database rejected. */
  refusing(statement: string): this {
    return Object.create(this, { statement: { value: statement, enumerable: true } });
  }

  /** The same error after its last try: `spent`, with one more reason and one more thing to try. */
  givenUp(why: string, tryThis: string): this {
    return Object.create(this, {
      spent: { value: true, enumerable: true },
      why: { value: [...this.why, why], enumerable: true },
      tryThis: { value: [...this.tryThis, tryThis], enumerable: true },
    });
  }

  toDetails(): ErrorDetails {
    const { code, what, why, tryThis, where, statement } = this;
    return { code, what, why, tryThis, ...(where ? { where } : {}), ...(statement === undefined ? {} : { statement }) };
  }
}

/** The workspace has an error. Exit 2. HYG-1xxx. */
export class ConfigError extends HyggeError {
  override readonly name = 'ConfigError';
}
/** A run can't continue (held, fenced, destination changed, guard rails). HYG-2xxx. */
export class FlowError extends HyggeError {
  override readonly name = 'FlowError';
}
/** Reading the source failed. HYG-3xxx. */
export class HomeError extends HyggeError {
  override readonly name = 'HomeError';
}
/** Writing the destination failed. HYG-4xxx. */
export class StoreError extends HyggeError {
  override readonly name = 'StoreError';
}
/** State can't be trusted or reached. HYG-5xxx. */
export class StateError extends HyggeError {
  override readonly name = 'StateError';
}
/** A system can't be reached or rejects hygge. HYG-6xxx. */
export class ConnectionError extends HyggeError {
  override readonly name = 'ConnectionError';
}
/** Something that should not be possible: a bug in hygge. HYG-9xxx. */
export class DefectError extends HyggeError {
  override readonly name = 'DefectError';
}
/** The person (or the platform) asked to stop. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  readonly signal: 'SIGINT' | 'SIGTERM' | 'cancelled';
  constructor(signal: 'SIGINT' | 'SIGTERM' | 'cancelled') {
    super(`interrupted by ${signal}`);
    this.signal = signal;
  }
}
