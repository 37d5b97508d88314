/** The port through which a process reaches systems over a network. Each process has one, which counts the requests to an account across all of its work. */
import type { HostContact, Waiting } from './retry.ts';

/** A request over HTTP, sent once. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** The whole address, query included. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string | undefined;
  /** Milliseconds from the first byte of the request to the last byte of the response. */
  readonly withinMs: number;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  /** The bytes as the server sent them, not decompressed. A caller that does not read the body destroys it. */
  readonly body: AsyncIterable<Uint8Array> & { destroy(): unknown; on(event: 'error', listener: () => void): unknown };
}

/** Limits how many requests to one account run at once. */
export interface RequestLimiter {
  readonly contact: HostContact;
  run<T>(request: () => Promise<T>): Promise<T>;
  /** Allows more requests at once, after a request that succeeded. */
  widen(): void;
  /** Allows fewer requests at once, after the service refused a request because there were too many. */
  narrow(clock: Waiting['clock']): void;
}

export interface Network {
  /**
   * Sends one request and returns the head of its response, whatever the status; a redirect is a response like any other. Connections are reused. They use
   * the proxies that the environment names (HTTPS_PROXY, HTTP_PROXY, NO_PROXY) when the first request is sent. Throws what the HTTP client throws.
   */
  send(request: HttpRequest): Promise<HttpResponse>;
  /** The limiter of an account, one for the process. @param account the account's address: `https://acct.dfs.core.windows.net`. */
  limiter(account: string): RequestLimiter;
  /**
   * Returns the value that all callers with this key share, such as a client, a token or facts about an account; the first call makes it. After a
   * promise that failed, the next call makes a new one. A disposable value is disposed of with the network. @param what the kind of value, so that
   * equal keys of two kinds are different values.
   */
  kept<T>(what: string, key: string, make: () => T): T;
}
