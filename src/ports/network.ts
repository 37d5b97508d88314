/** The port through which a process reaches systems over a network. Each process has one network, which counts all requests of the process to an account. */
import type { HostContact, Waiting } from './retry.ts';

/** A request over HTTP, sent once. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** The whole address, with its query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string | undefined;
  /** Milliseconds from the first byte of the request to the last byte of the response. */
  readonly withinMs: number;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  /** The bytes as the server sent them, not decompressed. A caller that does not read the body must destroy it. */
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
   * Sends one request and returns the head of its response, with any status, also of a redirect. Connections are reused, through the proxies in the
   * environment (HTTPS_PROXY, HTTP_PROXY, NO_PROXY) at the first request. Throws the errors of the HTTP client.
   */
  send(request: HttpRequest): Promise<HttpResponse>;
  /** The limiter of an account, which the whole process shares. @param account the account's address: `https://acct.dfs.core.windows.net`. */
  limiter(account: string): RequestLimiter;
  /**
   * Returns the value that all callers with this key share, such as a client, a token or facts about an account; the first call makes the value. After a
   * failed promise, the next call makes a new value. A disposable value is disposed of with the network. @param what the kind of value, so that equal keys
   * of two kinds are different values.
   */
  kept<T>(what: string, key: string, make: () => T): T;
}
