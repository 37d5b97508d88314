import { createServer, type IncomingMessage } from 'node:http';
import { listening } from '../listening.ts';
import { ChangingRows, type ListedRow, msOf, type Stamp, stamped } from './changing-rows.ts';

/** How a list is walked and what it hides. Each trait names an API that has it. */
export interface PageTraits {
  /**
   * What a request names. `page` from 1 (GitHub, WordPress), `offset` (Jira's `startAt`), `cursor` (Slack), `after` = the id of the last record (Stripe's
   * `starting_after`), `nothing`: the next request moves its own filter (Salesforce's `WHERE SystemModstamp >= …`).
   */
  readonly position: 'page' | 'offset' | 'cursor' | 'after' | 'nothing';
  /** Where an answer names the next page: in the body (`next_cursor`: Slack), in a header, as an address in the body (Zendesk's `next_page`), as a Link header (GitHub). */
  readonly next: 'cursor' | 'header' | 'url' | 'link' | 'none';
  /** What a cursor holds: the last record's place (Slack), or the list as it was at the first page (Salesforce's query locator). */
  readonly cursor: 'place' | 'snapshot';
  /** The most records of a page, and its default. A larger `per_page` is refused, as WordPress does it. */
  readonly pageSize: number;
  /** `written`: rows move to the end when they change, as in PostgreSQL without ORDER BY. */
  readonly order: 'oldest_first' | 'newest_first' | 'by_id' | 'written';
  /** `updated_since`: with the time itself (GitHub's `since`), or only later (WordPress's `modified_after`). */
  readonly since: 'inclusive' | 'strict' | 'none';
  /** `updated_until`: Stripe's `created[lte]`, `created[lt]`. */
  readonly until: 'inclusive' | 'strict' | 'none';
  readonly stamp: Stamp;
  /** The number of all rows of the request: in the body (GitHub's search), in `X-Total-Count`, or untold (Stripe). */
  readonly total: 'body' | 'header' | 'none';
  /** A page behind the last: empty (GitHub), an error (WordPress), or the last page once more (Django's `get_page`). */
  readonly behind: 'empty' | 'error' | 'last';
  /** The most rows that one request reaches, by whatever number of pages: then an error (GitHub's search: 1,000), or a silent end (Algolia). */
  readonly cap?: { readonly rows: number; readonly ends: 'error' | 'end' };
  /** What changed shows up so much later where a time is asked for: an index behind the table (HubSpot's search). In ms. */
  readonly lagMs: number;
  /** Whether a request with this `Authorization` is let in; otherwise 401. Absent: every one is. */
  readonly admits?: (authorization: string | undefined) => boolean;
}

/** Whole lists, oldest change first, nothing hidden. */
const plainPages: PageTraits = {
  ...{ position: 'page', next: 'none', cursor: 'place', pageSize: 3, order: 'oldest_first' },
  ...{ since: 'inclusive', until: 'inclusive', stamp: 'iso_ms', total: 'none', behind: 'empty', lagMs: 0 },
};

export interface SeenPage {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** The ids that the answer lists. */
  readonly ids: readonly number[];
}

/** A server of lists whose rows a test changes while a client walks them. It takes no request that its traits do not describe. */
export interface ShiftingPages extends AsyncDisposable {
  /** Without a slash at the end. Every path below it is a list of its own, 404 until `rows` is asked for it. */
  readonly url: string;
  /** Requests that were answered so far. */
  readonly seen: readonly SeenPage[];
  traits: PageTraits;
  /** Runs between two requests: before an answer is made, and after the one before it. */
  between: (number: number) => void | Promise<void>;
  /** @param path such as `/items`. */
  rows(path: string): ChangingRows;
  /** The statuses that some paths answer in place of their lists: 403 for a list that the account must not see. */
  readonly refused: Map<string, number>;
}

interface Options {
  /** The server's clock: the `Date` of its answers, cut to seconds, and the times of its rows. Absent: the machine's. */
  readonly nowMs?: () => number;
}

export async function startShiftingPages(traits: Partial<PageTraits> = {}, { nowMs = Date.now }: Options = {}): Promise<ShiftingPages> {
  const pages = new Pages({ ...plainPages, ...traits }, nowMs);
  const server = createServer((request, answer) => {
    void pages.answer(request).then(
      ({ status, headers, body }) => answer.writeHead(status, headers).end(body),
      (error: unknown) => answer.writeHead(500).end(String(error)),
    );
  });
  server.keepAliveTimeout = 600_000;
  return Object.assign(pages, await listening(server));
}

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body?: string;
  readonly ids?: readonly number[];
}

/** The answer to a request that the API refuses. */
class Refusal extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** What a cursor is of: a place in the order, or a number of rows of a list that is kept. */
interface Cursor {
  readonly skip: number;
  readonly place?: readonly [number, number];
  readonly snapshot?: number;
  /** The other parameters of its request: a cursor is of no other one. */
  readonly request: string;
}

interface Slice {
  readonly rows: readonly ListedRow[];
  /** Of the request's rows, how many are before these. */
  readonly skip: number;
  readonly all: readonly ListedRow[];
  readonly snapshot?: number;
}

class Pages {
  url = '';
  traits: PageTraits;
  readonly seen: SeenPage[] = [];
  readonly refused = new Map<string, number>();
  between: ShiftingPages['between'] = () => undefined;
  readonly #nowMs: () => number;
  readonly #lists = new Map<string, ChangingRows>();
  readonly #snapshots: (readonly ListedRow[])[] = [];
  #waiting: Promise<unknown> = Promise.resolve();

  constructor(traits: PageTraits, nowMs: () => number) {
    this.traits = traits;
    this.#nowMs = nowMs;
  }

  rows(path: string): ChangingRows {
    const rows = this.#lists.get(path) ?? new ChangingRows(this.#nowMs);
    this.#lists.set(path, rows);
    return rows;
  }

  /** Answers are made one after another, so that `between` stands between two of them. */
  answer(request: IncomingMessage): Promise<Answer> {
    const answered = this.#waiting.then(() => this.#answer(request));
    this.#waiting = answered.catch(() => undefined);
    return answered;
  }

  async #answer(request: IncomingMessage): Promise<Answer> {
    await this.between(this.seen.length + 1);
    const url = new URL(request.url ?? '', this.url);
    const answer = this.#answered(request, url);
    this.seen.push({ path: url.pathname, query: Object.fromEntries(url.searchParams), ids: answer.ids ?? [] });
    return { ...answer, headers: { date: httpDate(this.#nowMs()), 'content-type': 'application/json', ...answer.headers } };
  }

  #answered({ method, headers: { authorization } }: IncomingMessage, { pathname, searchParams }: URL): Answer {
    try {
      if (this.traits.admits?.(authorization) === false) throw new Refusal(401, 'unauthorized', 'the token is missing or unknown');
      if (method !== 'GET') throw new Refusal(405, 'method_not_allowed', `${method} is not for lists`);
      return this.#page(pathname, searchParams);
    } catch (error) {
      if (error instanceof Refusal) return refused(error);
      throw error;
    }
  }

  #page(path: string, query: URLSearchParams): Answer {
    const list = this.#lists.get(path);
    const status = this.refused.get(path);
    if (status !== undefined) throw new Refusal(status, 'refused', `${path} is not for this account`);
    if (list === undefined) throw new Refusal(404, 'not_found', `${path} is not a list`);
    const { position, since, until, pageSize, next, total, cap, stamp } = this.traits;
    const known = ['per_page', ...(since === 'none' ? [] : ['updated_since']), ...(until === 'none' ? [] : ['updated_until'])];
    if (position !== 'nothing') known.push(position);
    for (const name of query.keys()) {
      if (!known.includes(name)) throw new Refusal(400, 'unknown_parameter', `${name} is not a parameter of this list`);
      if (query.getAll(name).length > 1) throw new Refusal(400, 'repeated_parameter', `${name} is there twice`);
    }
    const size = counted(query, 'per_page', pageSize, 1);
    if (size > pageSize) throw new Refusal(400, 'invalid_parameter', `per_page is at most ${pageSize}`);
    const slice = this.#slice(query, this.#matching(list, query), size);
    const end = slice.skip + slice.rows.length;
    if (cap?.ends === 'error' && slice.skip + size > cap.rows)
      throw new Refusal(422, 'result_cap', `only the first ${cap.rows} results are available`);
    const rows = cap === undefined ? slice.rows : slice.rows.slice(0, Math.max(0, cap.rows - slice.skip));
    const hasMore = end < slice.all.length && (cap?.ends !== 'end' || end < cap.rows);
    const to = hasMore && rows.length > 0 ? this.#next(query, slice, size) : undefined;
    const address = to === undefined ? undefined : `${this.url}${path}?${to}`;
    const data = rows.map((row) => ({ id: row.id, updated_at: stamped(row.stampMs, stamp), ...row.fields }));
    const headers: Record<string, string> = {};
    if (total === 'header') headers['x-total-count'] = String(slice.all.length);
    if (next === 'header' && to !== undefined) headers['x-next-cursor'] = to.get(position) ?? '';
    if (next === 'link' && address !== undefined) headers.link = `<${address}>; rel="next"`;
    const told = {
      ...(total === 'body' ? { total: slice.all.length } : {}),
      ...(next === 'cursor' ? { next_cursor: to?.get(position) ?? null } : {}),
      ...(next === 'url' ? { next: address ?? null } : {}),
    };
    return { status: 200, headers, body: JSON.stringify({ data, ...told }), ids: rows.map(({ id }) => id) };
  }

  /** The rows that a request is about, in order. */
  #matching(list: ChangingRows, query: URLSearchParams): readonly ListedRow[] {
    const { since, until, lagMs, order, stamp } = this.traits;
    const now = this.#nowMs();
    const time = (name: string): number | undefined => {
      const text = query.get(name);
      if (text === null) return undefined;
      const ms = msOf(text, stamp);
      if (ms === undefined) throw new Refusal(400, 'invalid_parameter', `${name} is not a time as this list writes it (${stamp})`);
      return ms;
    };
    const [from, to] = [time('updated_since'), time('updated_until')];
    const isIndexed = ({ visibleMs }: ListedRow) => visibleMs + (from === undefined && to === undefined ? 0 : lagMs) <= now;
    const shown = ({ stampMs }: ListedRow) => (stamp === 'iso_ms' || stamp === 'epoch_ms' ? stampMs : Math.floor(stampMs / 1000) * 1000);
    const rows = list.all().filter((row) => {
      const at = shown(row);
      const isAfter = from === undefined || (since === 'strict' ? at > from : at >= from);
      const isBefore = to === undefined || (until === 'strict' ? at < to : at <= to);
      return isIndexed(row) && isAfter && isBefore;
    });
    return order === 'written' ? rows : rows.sort((a, b) => comparedBy[order](placeOf(a), placeOf(b)));
  }

  #slice(query: URLSearchParams, rows: readonly ListedRow[], size: number): Slice {
    const { position, behind } = this.traits;
    const at = (skip: number, all = rows): Slice => ({ rows: all.slice(skip, skip + size), skip, all });
    if (position === 'page') {
      const pages = Math.max(1, Math.ceil(rows.length / size));
      const page = counted(query, 'page', 1, 1);
      if (page > pages && behind === 'error') throw new Refusal(400, 'invalid_page_number', 'the page is behind the last one');
      return at((behind === 'last' ? Math.min(page, pages) - 1 : page - 1) * size);
    }
    if (position === 'offset') return at(counted(query, 'offset', 0, 0));
    if (position === 'nothing') return at(0);
    const text = query.get(position);
    if (position === 'after') {
      if (text === null) return at(0);
      const index = rows.findIndex(({ id }) => String(id) === text);
      // Stripe: `resource_missing` for an object that is deleted meanwhile.
      if (index < 0) throw new Refusal(400, 'resource_missing', `there is no ${text}`);
      return at(index + 1);
    }
    const cursor = text === null ? undefined : this.#cursor(text, query);
    if (this.traits.cursor === 'snapshot') {
      const snapshot = cursor?.snapshot ?? this.#snapshots.push(rows) - 1;
      return { ...at(cursor?.skip ?? 0, this.#snapshots[snapshot]), snapshot };
    }
    if (cursor?.place === undefined) return at(0);
    return at(rows.filter((row) => this.#compare(placeOf(row), cursor.place ?? [0, 0]) <= 0).length);
  }

  get #compare() {
    const { order } = this.traits;
    if (order === 'written') throw new Error('a cursor with a place needs an order');
    return comparedBy[order];
  }

  #cursor(text: string, query: URLSearchParams): Cursor {
    const cursor = parsedCursor(text);
    if (cursor.request !== without(query, 'cursor')) throw new Refusal(400, 'invalid_cursor', 'the cursor is of another request');
    return cursor;
  }

  /** The query of the page behind. */
  #next(query: URLSearchParams, { rows, skip, snapshot }: Slice, size: number): URLSearchParams {
    const { position } = this.traits;
    const to = new URLSearchParams(query);
    const last = rows.at(-1);
    if (position === 'page') to.set('page', String(counted(query, 'page', 1, 1) + 1));
    if (position === 'offset') to.set('offset', String(skip + size));
    if (position === 'after') to.set('after', String(last?.id));
    if (position !== 'cursor') return to;
    const cursor: Cursor = {
      skip: skip + rows.length,
      ...(this.traits.cursor === 'place' && last !== undefined ? { place: placeOf(last) } : {}),
      ...(snapshot === undefined ? {} : { snapshot }),
      request: without(query, 'cursor'),
    };
    to.set('cursor', Buffer.from(JSON.stringify(cursor)).toString('base64url'));
    return to;
  }
}

type Place = readonly [stampMs: number, id: number];

const placeOf = ({ stampMs, id }: ListedRow): Place => [stampMs, id];

const comparedBy = {
  oldest_first: (a: Place, b: Place) => a[0] - b[0] || a[1] - b[1],
  newest_first: (a: Place, b: Place) => b[0] - a[0] || b[1] - a[1],
  by_id: (a: Place, b: Place) => a[1] - b[1],
};

/** Cut to seconds, as every `Date` is. */
const httpDate = (ms: number): string => new Date(ms).toUTCString();

function refused({ status, code, message }: Refusal): Answer {
  return { status, headers: {}, body: JSON.stringify({ error: { code, message } }) };
}

function counted(query: URLSearchParams, name: string, usual: number, least: number): number {
  const text = query.get(name);
  if (text === null) return usual;
  const count = Number(text);
  if (!/^\d{1,9}$/.test(text) || count < least) throw new Refusal(400, 'invalid_parameter', `${name} is a number from ${least} on`);
  return count;
}

function without(query: URLSearchParams, name: string): string {
  const rest = new URLSearchParams(query);
  rest.delete(name);
  rest.sort();
  return rest.toString();
}

function parsedCursor(text: string): Cursor {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString()) as Cursor;
  } catch {
    throw new Refusal(400, 'invalid_cursor', 'this list made no such cursor');
  }
}
