/** The way of a process to systems over a network. One for the process: what is asked of an account at once is counted over all that it does. */
import type { HostContact, Waiting } from './retry.ts';

/** A request over HTTP, sent once. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Whole. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string | undefined;
  /** From its first byte to the last of its answer. */
  readonly withinMs: number;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  /** As it is sent: not decompressed. Whoever does not read it destroys it. */
  readonly body: AsyncIterable<Uint8Array> & { destroy(): unknown; on(event: 'error', listener: () => void): unknown };
}

/** Requests to one account at once. */
export interface RequestLimiter {
  readonly contact: HostContact;
  run<T>(request: () => Promise<T>): Promise<T>;
  /** A request went well. */
  widen(): void;
  /** A request was turned away because there were too many. */
  narrow(clock: Waiting['clock']): void;
}

export interface Network {
  /**
   * One request and the head of its answer, whatever the status; redirects are answers. Connections are kept, and lead through the proxies that
   * the environment names (HTTPS_PROXY, HTTP_PROXY, NO_PROXY) when the first request is sent. Throws what the HTTP client throws.
   */
  send(request: HttpRequest): Promise<HttpResponse>;
  /** @param account as its address has it: `https://acct.dfs.core.windows.net`. */
  limiter(account: string): RequestLimiter;
  /**
   * What is made once for all that ask by this key: clients, tokens, facts about an account. A promise that fails is made anew by whoever asks
   * next. What is itself disposable is disposed of with the network. @param what names the kind, so that keys of others don't matter.
   */
  kept<T>(what: string, key: string, make: () => T): T;
}
