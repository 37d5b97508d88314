import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { listening } from '../../listening.ts';

interface DescribedParameter {
  readonly type: string;
  readonly format?: string;
  readonly enum?: readonly string[];
}

export interface DescribedList {
  /** Where the records are; absent: the body is the array. */
  readonly records?: string;
  readonly query: Readonly<Record<string, DescribedParameter>>;
  /** By their names with dots. */
  readonly fields: Readonly<Record<string, { readonly type: string; readonly format?: string; readonly required?: true }>>;
}

/** GitHub's own description of the lists of our manifest, by scripts/github-description.mjs. */
export const description: { readonly version: string; readonly lists: Readonly<Record<string, DescribedList>> } = JSON.parse(
  readFileSync(join(import.meta.dirname, 'description.json'), 'utf8'),
);

export interface GitHubRecord {
  readonly id: number;
  readonly created_at: string;
  readonly updated_at: string;
  readonly [field: string]: unknown;
}

export interface GitHubServer extends AsyncDisposable {
  readonly url: string;
  /** Of the server's clock, in whole seconds. */
  nowMs: number;
  /** By path, such as `/repos/acme/shop/issues`. */
  readonly lists: Map<string, GitHubRecord[]>;
  /** Each request, `path?query`; one that was answered by 304 ends in ` 304`. */
  readonly seen: string[];
  /** What was wrong with requests: parameters that the description does not have, and the like. */
  readonly wrong: string[];
  /** Called before each answer. */
  between: () => void;
  /** Requests that are left of the limit; absent: any number. */
  left?: number;
  /** The next requests are refused by the secondary limit. */
  secondary: number;
  /** Lists that are refused, such as the commits of a repository without any. */
  readonly refused: Map<string, { readonly status: number; readonly message: string }>;
  /** Inserts the record, or changes it at the server's time. */
  put(list: string, record: Readonly<Record<string, unknown>> & { readonly id: number }): void;
}

export const githubToken = 'github_pat_of_tests';

/** A server of the lists that the description has: an unknown path or parameter is an error, pages shift as their rows do. */
export async function githubServer(): Promise<GitHubServer> {
  const given = {
    url: '',
    nowMs: Date.parse('2026-03-01T12:00:00Z'),
    ...{
      lists: new Map<string, GitHubRecord[]>(),
      seen: [] as string[],
      wrong: [] as string[],
      secondary: 0,
      refused: new Map<string, { readonly status: number; readonly message: string }>(),
    },
    between: () => {},
    put(list: string, record: Readonly<Record<string, unknown>> & { readonly id: number }) {
      const rows = github.lists.get(list) ?? [];
      const now = `${new Date(github.nowMs).toISOString().slice(0, 19)}Z`;
      const before = rows.find(({ id }) => id === record.id);
      const others = rows.filter((one) => one !== before);
      github.lists.set(list, [...others, { created_at: now, ...before, ...record, updated_at: now }]);
    },
  };
  const server = createServer((request, response) => {
    github.between();
    const { status, headers, body } = answer(github, request);
    response.writeHead(status, { 'content-type': 'application/json', date: new Date(github.nowMs).toUTCString(), ...headers });
    response.end(body);
  });
  const github: GitHubServer = Object.assign(given, await listening(server));
  return github;
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const told = (status: number, message: string, headers: Readonly<Record<string, string>> = {}): Answer => ({
  status,
  headers,
  body: JSON.stringify({ message, documentation_url: 'https://docs.github.com/rest' }),
});

function answer(github: GitHubServer, request: IncomingMessage): Answer {
  const url = new URL(request.url ?? '', github.url);
  const { authorization, 'user-agent': agent, 'if-none-match': known, 'x-github-api-version': version } = request.headers;
  if (agent === undefined)
    return told(403, 'Request forbidden by administrative rules. Please make sure your request has a User-Agent header');
  if (authorization !== `Bearer ${githubToken}`) return told(401, 'Bad credentials');
  const template = Object.keys(description.lists).find((path) => new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`).test(url.pathname));
  const list = template === undefined ? undefined : description.lists[template];
  const wrong = list === undefined ? `no path ${url.pathname}` : wrongIn(url.searchParams, list);
  if (version !== '2022-11-28') github.wrong.push(`version ${version}`);
  if (list === undefined || wrong !== undefined) {
    github.wrong.push(String(wrong));
    return told(list === undefined ? 404 : 422, String(wrong));
  }
  const shown = `${url.pathname}${decodeURIComponent(url.search)}`;
  const rows = github.lists.get(url.pathname);
  if (rows === undefined) return told(404, 'Not Found');
  const refused = github.refused.get(url.pathname);
  if (refused !== undefined) return told(refused.status, refused.message);
  if (github.secondary > 0) {
    github.secondary--;
    return told(403, 'You have exceeded a secondary rate limit.', { 'retry-after': '1' });
  }
  const limits = { 'x-ratelimit-limit': '5000', 'x-ratelimit-remaining': String(github.left ?? 4000) };
  if (github.left === 0)
    return told(403, 'API rate limit exceeded', { ...limits, 'x-ratelimit-reset': String(Math.ceil(github.nowMs / 1000) + 1) });
  const { records, link } = pageOf(rows, url);
  const body = JSON.stringify(list.records === undefined ? records : { total_count: rows.length, [list.records]: records });
  const etag = `W/"${hash('sha256', body)}"`;
  const headers = { ...limits, etag, ...(link === '' ? {} : { link }) };
  // What is unchanged costs nothing of the limit.
  if (known === etag) {
    github.seen.push(`${shown} 304`);
    return { status: 304, headers };
  }
  github.seen.push(shown);
  if (github.left !== undefined) github.left--;
  return { status: 200, headers, body };
}

function wrongIn(query: URLSearchParams, { query: known }: DescribedList): string | undefined {
  for (const [name, value] of query) {
    const parameter = known[name];
    if (parameter === undefined) return `no parameter ${name}`;
    if (parameter.enum !== undefined && !parameter.enum.includes(value)) return `${name}=${value} is none of ${parameter.enum.join(', ')}`;
    if (parameter.type === 'integer' && !/^\d+$/.test(value)) return `${name}=${value} is no integer`;
    if (parameter.format === 'date-time' && !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value)) return `${name}=${value} is not a time`;
    if (name === 'per_page' && Number(value) > 100) return `per_page=${value} is more than 100`;
  }
  return undefined;
}

function pageOf(all: readonly GitHubRecord[], url: URL): { readonly records: readonly GitHubRecord[]; readonly link: string } {
  const param = (name: string) => url.searchParams.get(name);
  const since = param('since');
  const by = param('sort') === 'updated' ? 'updated_at' : 'created_at';
  const order = param('direction') === 'asc' ? 1 : -1;
  const states = param('state') ?? 'open';
  const rows = all
    .filter((one) => since === null || one.updated_at >= since)
    .filter(({ state }) => state === undefined || states === 'all' || state === states)
    .sort((a, b) => order * (a[by] < b[by] ? -1 : a[by] > b[by] ? 1 : a.id - b.id));
  const [size, page] = [Number(param('per_page') ?? 30), Number(param('page') ?? 1)];
  const next = new URL(url);
  next.searchParams.set('page', String(page + 1));
  return { records: rows.slice((page - 1) * size, page * size), link: rows.length > page * size ? `<${next}>; rel="next"` : '' };
}
