import type { ErrorDetails } from '../ports/events.ts';

/** The location of an error in a file. `line` and `column` count from 1. `text` is the line with the error. */
export interface Where {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly text?: string | undefined;
}

/** An outage of a system that does not answer. Errors of the same outage have the same `system`. */
export interface Outage {
  /** The name of the system for people, without a secret: `postgres db.example:5432/erp`. */
  readonly system: string;
  /** The time at which the system was first found unreachable, on the monotonic clock. Null: existing connections to the system break, and no new connection was tried. */
  readonly sinceMs: number | null;
}

export interface Details {
  /** The code of the error, such as `HYG-2041`. The catalogue lists all codes. */
  readonly code: string;
  /** A sentence that says what went wrong. */
  readonly what: string;
  readonly why?: readonly string[];
  /** Advice on what a person can do now, which is never empty for an error that a user sees. */
  readonly tryThis: readonly string[];
  readonly where?: Where | undefined;
  /** Whether the same call may succeed later, after throttling or a broken connection, so that a retry is useful. */
  readonly transient?: boolean;
  /** The pause that the system requested, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  /** Whether the request was already sent as often as the policy allows (ports/retry.ts), so that only a caller that can wait for minutes retries. */
  readonly spent?: boolean;
  /** The system that did not answer. */
  readonly outage?: Outage | undefined;
  /** The statement that a database rejected, without its values. `--verbose` shows the statement. */
  readonly statement?: string | undefined;
  readonly cause?: unknown;
}

/** An error that a person sees: a headline, the reasons, and advice. `--verbose` shows the stack. */
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

  /** The same error with other advice, for readers who can not follow the original advice. */
  advising(tryThis: readonly string[]): this {
    return Object.create(this, { tryThis: { value: tryThis, enumerable: true } });
  }

  /** The same error, marked as part of an outage. */
  during(outage: Outage): this {
    return Object.create(this, { outage: { value: outage, enumerable: true } });
  }

  /** The same error, with the statement that the database rejected. */
  refusing(statement: string): this {
    return Object.create(this, { statement: { value: statement, enumerable: true } });
  }

  /** The same error after the last attempt: `spent` is true, and one reason and one piece of advice are added. */
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

/** The workspace has an error. Exit 2. Codes: HYG-1xxx. */
export class ConfigError extends HyggeError {
  override readonly name = 'ConfigError';
}
/** A run can not continue: another run holds the entity, the run was fenced, the destination changed, or a guard rail was reached. Codes: HYG-2xxx. */
export class FlowError extends HyggeError {
  override readonly name = 'FlowError';
}
/** Reading the source failed. Codes: HYG-3xxx. */
export class HomeError extends HyggeError {
  override readonly name = 'HomeError';
}
/** Writing the destination failed. Codes: HYG-4xxx. */
export class StoreError extends HyggeError {
  override readonly name = 'StoreError';
}
/** The state can not be trusted or reached. Codes: HYG-5xxx. */
export class StateError extends HyggeError {
  override readonly name = 'StateError';
}
/** A system can not be reached, or rejects hygge. Codes: HYG-6xxx. */
export class ConnectionError extends HyggeError {
  override readonly name = 'ConnectionError';
}
/** An error that should not be possible, which is a bug in hygge. Codes: HYG-9xxx. */
export class DefectError extends HyggeError {
  override readonly name = 'DefectError';
}
/** Thrown if the person or the platform asked hygge to stop. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  readonly signal: 'SIGINT' | 'SIGTERM' | 'cancelled';
  constructor(signal: 'SIGINT' | 'SIGTERM' | 'cancelled') {
    super(`interrupted by ${signal}`);
    this.signal = signal;
  }
}
