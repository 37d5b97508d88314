import { LruCache } from '../ports/lru-cache.ts';
import type { HttpRequest, HttpResponse, Network } from '../ports/network.ts';
import { type HttpClient, openHttp } from '../remote/http.ts';
import { Limiter } from '../remote/limiter.ts';

/** How many requests run at once to one account from this process, for any number of entities. More requests only cause the statuses 503 and 429. */
const mostAtOnce = 48;
/** The most values of one kind. Beyond that number, the least recently used value is dropped, and its connections end by keep-alive. */
const mostKept = 256;

/** The network of a process, see `Network`. Code is loaded only when it is needed. */
export class ProcessNetwork implements Network, AsyncDisposable {
  readonly #limiters = new Map<string, Limiter>();
  readonly #kept = new Map<string, LruCache<unknown>>();
  #http: Promise<HttpClient> | undefined;

  async send(request: HttpRequest): Promise<HttpResponse> {
    this.#http ??= openHttp();
    return (await this.#http).send(request);
  }

  limiter(account: string): Limiter {
    const known = this.#limiters.get(account) ?? new Limiter(mostAtOnce);
    this.#limiters.set(account, known);
    return known;
  }

  kept<T>(what: string, key: string, make: () => T): T {
    const known = (this.#kept.get(what) as LruCache<T> | undefined) ?? new LruCache<T>(mostKept);
    this.#kept.set(what, known as LruCache<unknown>);
    return known.get(key, make);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const all = [...this.#kept.values()].flatMap((kind) => kind.values());
    this.#kept.clear();
    for (const one of all) if (isDisposable(one)) one[Symbol.dispose]();
    const http = await this.#http?.catch(() => undefined);
    this.#http = undefined;
    await http?.[Symbol.asyncDispose]();
  }
}

function isDisposable(value: unknown): value is Disposable {
  return typeof value === 'object' && value !== null && Symbol.dispose in value;
}
