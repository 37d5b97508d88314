/**
 * Strict servers of what Microsoft publishes of Dataverse, Business Central and the list items of Microsoft Graph: a request that the documentation does not have
 * is an error. Rows are changed by tests while they are read.
 */
import { businessCentralFacts, businessCentralMetadata, dataverseFacts, dataverseMetadata, graphMetadata } from './odata-facts.ts';
import { type ScriptedAnswer, type ScriptedApi, type ScriptedRequest, scriptedApi } from './scripted-api.ts';

type Row = Readonly<Record<string, unknown>>;

export interface ODataSystem extends AsyncDisposable {
  /** What `base_url` is, with a slash at the end. */
  readonly url: string;
  readonly api: ScriptedApi;
  /** By list, then by key. */
  readonly rows: Map<string, Map<string, Row>>;
  put(list: string, row: Row): void;
  remove(list: string, key: string): void;
  /** From now on no delta link that was given before is good. */
  expire(): void;
  /** The header `Date` of each answer; absent: the time of this machine. */
  date?: string;
  /** The metadata says which sets track changes, although nobody asks for annotations. */
  isAnnotated?: boolean;
  /** Errors of strictness, as the server told them. */
  readonly refused: readonly string[];
}

interface Change {
  readonly list: string;
  readonly key: string;
}

interface Kept {
  readonly system: Omit<ODataSystem, 'url' | 'api' | typeof Symbol.asyncDispose>;
  readonly changes: Change[];
  oldest: number;
  refuse(why: string, status?: number): ScriptedAnswer;
}

function keeping(keyOf: (list: string) => string): Kept {
  const [changes, refused]: [Change[], string[]] = [[], []];
  const rows: ODataSystem['rows'] = new Map();
  const kept: Kept = {
    changes,
    oldest: 0,
    refuse(why, status = 400) {
      refused.push(why);
      return { status, body: JSON.stringify({ error: { code: '0x80060888', message: why } }) };
    },
    system: {
      rows,
      refused,
      put(list, row) {
        const key = String(row[keyOf(list)]);
        rows.set(list, (rows.get(list) ?? new Map()).set(key, row));
        changes.push({ list, key });
      },
      remove(list, key) {
        rows.get(list)?.delete(key);
        changes.push({ list, key });
      },
      expire: () => {
        kept.oldest = changes.length;
      },
    },
  };
  return kept;
}

async function serving(kept: Kept, path: string, answer: (request: ScriptedRequest) => ScriptedAnswer): Promise<ODataSystem> {
  const api = await scriptedApi((request) => {
    if (request.headers.authorization !== 'Bearer t0k3n') return { status: 401 };
    const given = answer(request);
    const { date } = kept.system;
    return date === undefined ? given : { ...given, headers: { date: new Date(date).toUTCString(), ...given.headers } };
  });
  return Object.assign(kept.system, {
    api,
    url: `${api.url}${path}`,
    [Symbol.asyncDispose]: () => api[Symbol.asyncDispose](),
  });
}

const json = (body: object): ScriptedAnswer => ({ body: JSON.stringify(body) });
const sizeIn = ({ headers }: ScriptedRequest, most: number) =>
  Math.min(most, Number(/odata\.maxpagesize=(\d+)/.exec(String(headers.prefer ?? ''))?.[1] ?? most));

/** `$select`: without it all; the key always comes. */
function selected(row: Row, select: string | undefined, key: string): Row {
  const names = select?.split(',');
  return names === undefined ? row : Object.fromEntries(Object.entries(row).filter(([name]) => name === key || names.includes(name)));
}

/** Bounds of one time, each with or without `or … eq null`. */
function filtered(rows: readonly Row[], filter: string | undefined, mayAskForNulls: boolean): readonly Row[] | undefined {
  if (filter === undefined) return rows;
  const parts = filter.split(' and ');
  const bound = /^\(?(\w+) (ge|le) (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)( or (\w+) eq null\))?$/;
  const read = parts.map((part) => bound.exec(part));
  if (read.some((one) => one === null || (one[4] !== undefined && (one[5] !== one[1] || !mayAskForNulls)))) return undefined;
  return rows.filter((row) =>
    read.every((one) => {
      const value = row[one?.[1] ?? ''];
      if (value === null) return one?.[4] !== undefined;
      const at = Date.parse(String(value));
      const edge = Date.parse(one?.[3] ?? '');
      return one?.[2] === 'ge' ? at >= edge : at <= edge;
    }),
  );
}

/** https://learn.microsoft.com/power-apps/developer/data-platform/use-change-tracking-synchronize-data-external-systems and its neighbours. */
export async function dataverse(): Promise<ODataSystem> {
  const keys = new Map(dataverseFacts.map(({ set, key }) => [set, key]));
  const kept = keeping((list) => keys.get(list) ?? 'id');
  const path = '/api/data/v9.2/';
  const known = new Set(['$select', '$filter', '$count', '$skiptoken', '$deltatoken']);
  return await serving(kept, path, (request) => {
    const { query, headers } = request;
    const list = request.path.slice(path.length);
    if (list === '$metadata') return { body: dataverseMetadata(kept.system.isAnnotated === true || query.annotations === 'true') };
    const key = keys.get(list);
    if (key === undefined) return kept.refuse(`Resource not found for the segment '${list}'.`, 404);
    const unknown = Object.keys(query).find((name) => !known.has(name));
    if (unknown !== undefined) return kept.refuse(`The query parameter ${unknown} is not supported.`);
    if (headers['odata-maxversion'] !== '4.0') return kept.refuse('OData-MaxVersion: 4.0 is recommended, and this server insists.');
    const facts = dataverseFacts.find(({ set }) => set === list);
    const bad = query.$select?.split(',').find((name) => name !== key && !(name in (facts?.properties ?? {})));
    if (bad !== undefined) return kept.refuse(`Could not find a property named '${bad}' on type 'Microsoft.Dynamics.CRM.${facts?.type}'.`);
    const at = `${headers.host ? `http://${headers.host}` : ''}${request.path}`;
    const select = query.$select === undefined ? '' : `$select=${query.$select}&`;
    const size = sizeIn(request, 5_000);
    const shown = (row: Row) => ({ '@odata.etag': 'W/"1"', ...selected(row, query.$select, key) });
    const link = (n: number) => `${at}?${select}$deltatoken=${encodeURIComponent(`${n}!08/22/2017 08:10:44`)}`;
    const tracks = String(headers.prefer ?? '').includes('odata.track-changes');
    if (query.$deltatoken !== undefined) {
      const from = Number(query.$deltatoken.split('!')[0]);
      if (from < kept.oldest) return kept.refuse('Version stamp associated with the client has expired. Please perform a full sync.');
      const until = Number(query.$skiptoken?.split('.')[1] ?? kept.changes.length);
      const touched = [...new Set(kept.changes.slice(from, until).flatMap((one) => (one.list === list ? [one.key] : [])))];
      const now = kept.system.rows.get(list);
      // New and changed rows first, then those that are deleted.
      const told = [...touched.filter((one) => now?.has(one)), ...touched.filter((one) => !now?.has(one))];
      const begin = Number(query.$skiptoken?.split('.')[0] ?? 0);
      const value = told.slice(begin, begin + size).map((one) => {
        const row = now?.get(one);
        return row === undefined
          ? { '@odata.context': `${at.slice(0, -list.length)}$metadata#${list}/$deletedEntity`, id: one, reason: 'deleted' }
          : shown(row);
      });
      const more = begin + size < told.length;
      const leads = more ? { '@odata.nextLink': `${link(from)}&$skiptoken=${begin + size}.${until}` } : { '@odata.deltaLink': link(until) };
      return json({ '@odata.context': `$metadata#${list}/$delta`, ...leads, value });
    }
    const isTracked = tracks || query.$skiptoken?.startsWith('t');
    if (tracks && (query.$filter !== undefined || query.$count !== undefined))
      return kept.refuse('The "$filter" query parameter isn\'t supported when Change Tracking is enabled.');
    const all = filtered([...(kept.system.rows.get(list)?.values() ?? [])], query.$filter, true);
    if (all === undefined) return kept.refuse(`A filter that is not understood: ${query.$filter}`);
    const [begin = 0, until = kept.changes.length] = (query.$skiptoken?.replace(/^t/, '') ?? '')
      .split('.')
      .flatMap((n) => (n === '' ? [] : [Number(n)]));
    const value = all.slice(begin, begin + size).map(shown);
    const filter = query.$filter === undefined ? '' : `$filter=${encodeURIComponent(query.$filter)}&`;
    const leads =
      begin + size < all.length
        ? { '@odata.nextLink': `${at}?${select}${filter}$skiptoken=${isTracked ? 't' : ''}${begin + size}.${until}` }
        : isTracked
          ? { '@odata.deltaLink': link(until) }
          : {};
    return json({
      '@odata.context': `$metadata#${list}`,
      ...(query.$count ? { '@odata.count': Math.min(5_000, all.length) } : {}),
      ...leads,
      value,
    });
  });
}

/** https://learn.microsoft.com/dynamics365/business-central/dev-itpro/api-reference/v2.0/ */
export async function businessCentral(company: string): Promise<ODataSystem> {
  const kept = keeping(() => 'id');
  const path = '/v2.0/tenant/production/api/v2.0/';
  const known = new Set(['$select', '$filter', '$count', '$skiptoken', 'aid']);
  return await serving(kept, path, (request) => {
    const { query, headers } = request;
    const below = request.path.slice(path.length);
    if (below === '$metadata') return { body: businessCentralMetadata() };
    if (headers['data-access-intent'] !== 'ReadOnly') return kept.refuse('This server insists on Data-Access-Intent: ReadOnly.');
    const [, of, inside] = /^companies\(([^)]+)\)\/(\w+)$/.exec(below) ?? [];
    const list = inside ?? below;
    const facts = businessCentralFacts.find(({ set }) => set === list);
    if (facts === undefined || (inside !== undefined && of !== company)) return kept.refuse('BadRequest_NotFound', 404);
    if (inside === undefined && list !== 'companies') return kept.refuse('You must choose a company.');
    const unknown = Object.keys(query).find((name) => !known.has(name));
    if (unknown !== undefined) return kept.refuse(`BadRequest_MethodNotAllowed: ${unknown}`);
    const all = filtered([...(kept.system.rows.get(list)?.values() ?? [])], query.$filter, false);
    if (all === undefined) return kept.refuse(`A filter that is not understood: ${query.$filter}`);
    const size = sizeIn(request, 20_000);
    const begin = Number(query.$skiptoken ?? 0);
    const value = all.slice(begin, begin + size).map((row) => ({ '@odata.etag': 'W/"x"', ...selected(row, query.$select, 'id') }));
    const others = ['$select', '$filter', '$count'].flatMap((name) =>
      query[name] === undefined ? [] : [`${name}=${encodeURIComponent(query[name] ?? '')}`],
    );
    const leads =
      begin + size < all.length
        ? {
            '@odata.nextLink': `http://${headers.host}${request.path}?${[...others, 'aid=FIRSTPARTY', `$skiptoken=${begin + size}`].join('&')}`,
          }
        : {};
    return json({ '@odata.context': `$metadata#${below}`, ...(query.$count ? { '@odata.count': all.length } : {}), value, ...leads });
  });
}

/** https://learn.microsoft.com/graph/api/listitem-delta. Pages of two. What is empty has no member. */
export async function sharepointList(site: string, list: string): Promise<ODataSystem> {
  const kept = keeping(() => 'id');
  const path = '/v1.0/';
  const items = `${path}sites/${site}/lists/${list}/items`;
  const known = new Set(['$select', '$expand', '$top', 'token']);
  const size = 2;
  return await serving(kept, path, (request) => {
    const { query, headers } = request;
    if (request.path === `${path}$metadata`) return { body: graphMetadata() };
    // A comma of a site's id may be encoded.
    const asked = decodeURIComponent(request.path);
    const isDelta = asked === `${items}/delta`;
    if (!isDelta && asked !== items) return kept.refuse('itemNotFound', 404);
    const unknown = Object.keys(query).find((name) => !known.has(name));
    if (unknown !== undefined) return kept.refuse(`invalidRequest: ${unknown}`);
    const shown = ({ fields, ...row }: Row) => ({
      '@odata.etag': '"1"',
      ...selected(row, query.$select, 'id'),
      ...(query.$expand === 'fields'
        ? { 'fields@odata.navigationLink': 'x', fields: { '@odata.etag': '"1"', ...(fields as object) } }
        : {}),
    });
    // A facet like any other: a selection without it leaves it away.
    const gone = (id: string) => ({
      id,
      contentType: { id: '0x00123456789abc', name: 'Document' },
      ...(query.$select === undefined || query.$select.split(',').includes('deleted') ? { deleted: { state: 'deleted' } } : {}),
    });
    const now = kept.system.rows.get('items') ?? new Map<string, Row>();
    const at = `http://${headers.host}${request.path}`;
    const others = ['$select', '$expand'].flatMap((name) => (query[name] === undefined ? [] : [`${name}=${query[name]}`]));
    const link = (token: string) => `${at}?${[...others, `token=${token}`].join('&')}`;
    const [from = '', begin = '0', until = String(kept.changes.length)] = (query.token ?? '').split('.');
    if (from !== '' && from !== 'all' && Number(from) < kept.oldest)
      return {
        status: 410,
        headers: { location: `${at}?token=` },
        body: JSON.stringify({ error: { code: 'resyncChangesApplyDifferences', message: 'Resync required.' } }),
      };
    const isAll = from === '' || from === 'all';
    const told = isAll ? [...now.keys()] : [...new Set(kept.changes.slice(Number(from), Number(until)).map(({ key }) => key))];
    const value = told.slice(Number(begin), Number(begin) + size).map((id) => {
      const row = now.get(id);
      return row === undefined ? gone(id) : shown(row);
    });
    const next = Number(begin) + size;
    if (next < told.length) return json({ value, '@odata.nextLink': link(`${isAll ? 'all' : from}.${next}.${until}`) });
    return json({ value, ...(isDelta ? { '@odata.deltaLink': link(until) } : {}) });
  });
}
