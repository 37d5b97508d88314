/**
 * A strict server of Stripe's lists, objects and events, by its reference (https://docs.stripe.com/api): lists are newest first and filtered by creation alone,
 * changes show as events, which are kept for thirty days, and a parameter that a list does not have is an error.
 */
import { type ScriptedAnswer, type ScriptedApi, type ScriptedRequest, scriptedApi } from './scripted-api.ts';

export const testKey = 'sk_test_hygge';
export const liveKey = 'sk_live_hygge';
/** A key of another account, in the same mode. */
export const otherKey = 'sk_test_other';
/** A key that may read lists, and not the account. */
export const restrictedKey = 'rk_test_hygge';
const keptSeconds = 30 * 86_400;
const mostOnPage = 100;

export interface StripeObject {
  readonly id: string;
  readonly object: string;
  readonly created: number;
  readonly [field: string]: unknown;
}

interface StripeEvent extends StripeObject {
  readonly type: string;
  readonly api_version: string;
  readonly data: { readonly object: Readonly<Record<string, unknown>> };
}

/** What a list takes besides its page and `created`. */
const lists: Readonly<Record<string, { readonly object: string; readonly filters: readonly string[] }>> = {
  balance_transactions: { object: 'balance_transaction', filters: ['type'] },
  charges: { object: 'charge', filters: ['customer'] },
  coupons: { object: 'coupon', filters: [] },
  credit_notes: { object: 'credit_note', filters: ['customer'] },
  customers: { object: 'customer', filters: ['email'] },
  disputes: { object: 'dispute', filters: ['charge'] },
  invoiceitems: { object: 'invoiceitem', filters: ['customer'] },
  invoices: { object: 'invoice', filters: ['customer', 'status'] },
  payment_intents: { object: 'payment_intent', filters: ['customer'] },
  payouts: { object: 'payout', filters: ['status'] },
  prices: { object: 'price', filters: ['active'] },
  products: { object: 'product', filters: ['active'] },
  subscriptions: { object: 'subscription', filters: ['status'] },
};

/** How the name of an event of an object begins, where it is not the object's. Null: there are no events of it. */
const eventNames: Readonly<Record<string, string | null>> = {
  balance_transaction: null,
  dispute: 'charge.dispute',
  subscription: 'customer.subscription',
};

export interface Stripe extends AsyncDisposable {
  /** The address of the API with `/v1/` behind it. */
  readonly url: string;
  readonly seen: readonly ScriptedRequest[];
  /** The time of the server, in seconds since 1970. */
  now: number;
  /** The version in which events show their objects from now on. */
  version: string;
  /** The key may not read events. */
  withoutEvents: boolean;
  /** Called before each answer. `refuse`: the request is refused for good. */
  before: (request: ScriptedRequest) => unknown;
  put(object: Readonly<Record<string, unknown>> & { readonly id: string; readonly object: string }): void;
  remove(id: string): void;
  /** An event that is about no object of a list. */
  tell(type: string, object: Readonly<Record<string, unknown>>): void;
  objects(kind: string): readonly StripeObject[];
}

const error = (status: number, details: Readonly<Record<string, unknown>>): ScriptedAnswer => ({
  status,
  body: JSON.stringify({ error: { type: 'invalid_request_error', ...details } }),
});

export async function stripe(): Promise<Stripe> {
  const server = new Server();
  server.api = await scriptedApi((request) => server.answer(request));
  return server;
}

class Server implements Stripe {
  /** Our clock is never behind. */
  now = Math.floor(Date.now() / 1000) - 365 * 86_400;
  version = '2024-06-20';
  withoutEvents = false;
  before: Stripe['before'] = () => undefined;
  api!: ScriptedApi;
  readonly #objects = new Map<string, StripeObject>();
  readonly #events: StripeEvent[] = [];

  get url(): string {
    return `${this.api.url}/v1/`;
  }

  get seen(): readonly ScriptedRequest[] {
    return this.api.seen;
  }

  put(object: Readonly<Record<string, unknown>> & { readonly id: string; readonly object: string }): void {
    const before = this.#objects.get(object.id);
    const after = { created: before?.created ?? this.now, ...object };
    this.#objects.set(object.id, after);
    this.#tell(before === undefined ? 'created' : 'updated', after);
  }

  remove(id: string): void {
    const object = this.#objects.get(id);
    if (object === undefined) throw new Error(`there is no ${id}`);
    this.#objects.delete(id);
    this.#tell('deleted', object);
  }

  objects(kind: string): readonly StripeObject[] {
    return [...this.#objects.values()].filter(({ object }) => object === kind);
  }

  #tell(what: string, object: StripeObject): void {
    const name = eventNames[object.object];
    if (name === null) return;
    const type = `${name ?? object.object}.${what}`;
    this.tell(type, this.#shown(object, this.version));
  }

  tell(type: string, object: Readonly<Record<string, unknown>>): void {
    const id = `evt_${String(this.#events.length + 1).padStart(8, '0')}`;
    this.#events.push({ id, object: 'event', api_version: this.version, created: this.now, type, data: { object } });
  }

  #linesOf(object: StripeObject | undefined): readonly StripeObject[] {
    return (object?.all_lines ?? []) as readonly StripeObject[];
  }

  /** A version of the API before 2024 called `amount_total` otherwise. */
  #shown({ all_lines: all, ...given }: StripeObject, version: string): StripeObject {
    const lines = all as readonly StripeObject[] | undefined;
    const nested = lines && { lines: { object: 'list', data: lines.slice(0, 10), has_more: lines.length > 10, total_count: lines.length } };
    const object = { ...given, ...nested } as StripeObject;
    if (version >= '2024' || !('amount_total' in object)) return object;
    const { amount_total, ...rest } = object;
    return { ...rest, amount_cents: amount_total } as StripeObject;
  }

  answer(request: ScriptedRequest): ScriptedAnswer {
    if (this.before(request) === 'refuse') return error(400, { message: 'Refused by the test.' });
    const version = String(request.headers['stripe-version'] ?? this.version);
    const headers = {
      date: new Date(this.now * 1000).toUTCString(),
      'stripe-version': version,
      'request-id': `req_${request.number}`,
    };
    const given = this.#answer(request, version);
    return { ...given, headers: { ...headers, ...given.headers } };
  }

  #answer({ method, path, query, headers }: ScriptedRequest, version: string): ScriptedAnswer {
    if (![testKey, liveKey, otherKey, restrictedKey].some((key) => headers.authorization === `Bearer ${key}`))
      return error(401, { message: 'Invalid API Key provided: sk_test_****' });
    if (path === '/v1/account') {
      if (headers.authorization === `Bearer ${restrictedKey}`) return error(403, { message: 'The provided key does not have the rights.' });
      const own = headers.authorization === `Bearer ${otherKey}` ? 'acct_other' : 'acct_hygge';
      return { body: JSON.stringify({ id: String(headers['stripe-account'] ?? own), object: 'account' }) };
    }
    const [, within, of = ''] = /^\/v1\/(invoices|credit_notes)\/(\w+)\/lines$/.exec(path) ?? [];
    if (within !== undefined) {
      const object = this.#objects.get(of);
      if (object === undefined) return error(404, { code: 'resource_missing', param: 'id', message: `No such object: '${of}'` });
      return this.#page(this.#linesOf(object), query, path);
    }
    if (path === '/v1/subscription_items')
      return this.#page(this.#linesOf(this.#objects.get(String(query.subscription))), { ...query, subscription: '' }, path);
    const [, first, list = ''] = /^\/(v1)\/([a-z_]+)$/.exec(path) ?? [];
    const kind = lists[list];
    if (method !== 'GET' || first === undefined || (kind === undefined && list !== 'events'))
      return error(404, { message: `Unrecognized request URL (${method}: ${path}).` });
    if (list === 'events' && this.withoutEvents) return error(403, { message: 'The provided key does not have the rights for events.' });
    const filters = kind?.filters ?? ['type'];
    for (const name of Object.keys(query))
      if (!/^(limit|starting_after|created(\[(gte|gt|lte|lt)\])?|expand\[\d*\])$/.test(name) && !filters.includes(name))
        return error(400, { code: 'parameter_unknown', param: name, message: `Received unknown parameter: ${name}` });
    return kind === undefined ? this.#page(this.#keptEvents(query.type), query, path) : this.#objectPage(kind.object, query, path, version);
  }

  #objectPage(kind: string, query: ScriptedRequest['query'], path: string, version: string): ScriptedAnswer {
    const found = this.objects(kind).filter((object) => {
      if (kind === 'subscription' && query.status === undefined) return object.status !== 'canceled';
      return Object.entries(query).every(
        ([name, value]) => !(name in object) || /^(limit|created)/.test(name) || value === 'all' || String(object[name]) === value,
      );
    });
    return this.#page(
      found.map((object) => this.#shown(object, version)),
      query,
      path,
    );
  }

  #keptEvents(type: string | undefined): readonly StripeEvent[] {
    const kept = this.#events.filter(({ created }) => created > this.now - keptSeconds);
    if (type === undefined) return kept;
    const pattern = new RegExp(`^${type.replace(/[.]/g, '\\.').replace(/\*/g, '.*')}$`);
    return kept.filter((event) => pattern.test(event.type));
  }

  /** Newest first; of one second, the one that came last. */
  #page(all: readonly StripeObject[], query: ScriptedRequest['query'], path: string): ScriptedAnswer {
    const limit = Number(query.limit ?? 10);
    if (!Number.isInteger(limit) || limit < 1 || limit > mostOnPage)
      return error(400, { param: 'limit', message: `This value must be less than or equal to ${mostOnPage}.` });
    const sorted = all.map((object, at) => ({ object, at })).sort((a, b) => b.object.created - a.object.created || b.at - a.at);
    const bounds = Object.entries(query).flatMap(([name, value]) => {
      const [, sign] = /^created\[(\w+)\]$/.exec(name) ?? [];
      return sign === undefined ? [] : [{ sign, value: Number(value) }];
    });
    if (bounds.some(({ value }) => !Number.isInteger(value))) return error(400, { param: 'created', message: 'Invalid integer.' });
    const within = sorted.filter(({ object: { created } }) =>
      bounds.every(({ sign, value }) =>
        sign === 'gte' ? created >= value : sign === 'gt' ? created > value : sign === 'lte' ? created <= value : created < value,
      ),
    );
    let from = 0;
    if (query.starting_after !== undefined) {
      const at = sorted.findIndex(({ object }) => object.id === query.starting_after);
      // The object may be gone: its place is where it was.
      if (at === -1)
        return error(400, { code: 'resource_missing', param: 'starting_after', message: `No such object: '${query.starting_after}'` });
      const place = sorted[at];
      from = within.findIndex((one) => place !== undefined && sorted.indexOf(one) > at);
      if (from === -1) from = within.length;
    }
    const data = within.slice(from, from + limit).map(({ object }) => object);
    return { body: JSON.stringify({ object: 'list', url: path, has_more: from + limit < within.length, data }) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.api[Symbol.asyncDispose]();
  }
}
