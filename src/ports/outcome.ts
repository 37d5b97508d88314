/**
 * A write whose answer never came: it may have happened, may not have, or may still happen. Resolved by looking at ids or by
 * sending the same conditional write again; never by guessing, and nothing is deleted because of it (docs/protocol.md).
 */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown';
  /** Milliseconds that the system asked to be left alone. */
  readonly retryAfterMs: number | undefined;
  constructor(message?: string, options: ErrorOptions & { readonly retryAfterMs?: number | undefined } = {}) {
    super(message, options);
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** Read of a file that is not there. */
export class FileNotFound extends Error {
  override readonly name = 'FileNotFound';
  readonly path: string;
  constructor(path: string) {
    super(`no such file: ${path}`);
    this.path = path;
  }
}

/** Read of a file that is another one by now than the one that was meant. */
export class FileReplaced extends Error {
  override readonly name = 'FileReplaced';
  readonly path: string;
  constructor(path: string) {
    super(`another file by now: ${path}`);
    this.path = path;
  }
}

/** For reads and for writes on names used once: sent again until answered; a driver's retries bound it in time. */
export async function insist<T>(call: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof OutcomeUnknown) || attempt >= 8) throw error;
    }
  }
}
