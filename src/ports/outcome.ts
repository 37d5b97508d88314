/**
 * A write whose answer never came: it may have happened, may not have, or may still happen. Resolved by looking at ids or by
 * sending the same conditional write again; never by guessing, and nothing is deleted because of it (docs/protocol.md).
 */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown';
  /** Milliseconds that the system asked to be left alone. */
  readonly retryAfterMs: number | undefined;
  /** It was sent as often as the policy allows (retry.ts): only who has minutes tries again. */
  readonly spent: boolean;

  constructor(message?: string, options: ErrorOptions & { readonly retryAfterMs?: number | undefined; readonly spent?: boolean } = {}) {
    super(message, options);
    this.retryAfterMs = options.retryAfterMs;
    this.spent = options.spent ?? false;
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
