/**
 * A Salesforce org for tests, since none can be had: sign-in by client credentials, descriptions, queries by pages, and the calls that are left. It is strict: a
 * request that the documentation does not have is an error, and stands in `unknown`. https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/
 */
import { createServer, type IncomingMessage } from 'node:http';
import { gzipSync } from 'node:zlib';
import { listening } from '../../listening.ts';
import { compare, fieldsOf, holds, type Item, Malformed, parseSoql, type SalesRecord, type Soql, type Value } from './soql.ts';

export interface OrgRequest {
  readonly method: string;
  /** Behind `/services/data/v62.0/`; else the whole path. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: string;
  readonly headers: IncomingMessage['headers'];
}

export interface OrgAnswer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The answer does not reach the client. */
  readonly isLost?: true;
}

export interface OrgField {
  readonly name: string;
  readonly type: string;
  readonly length: number;
  readonly precision: number;
  readonly scale: number;
  readonly digits: number;
  readonly nillable: boolean;
  readonly calculated: boolean;
  readonly filterable: boolean;
  readonly referenceTo: readonly string[];
  readonly relationshipName: string | null;
}

export const number = (text: string): Value => ({ number: text });

export function field(name: string, type: string, more: Partial<OrgField> = {}): OrgField {
  const plain = { length: 0, precision: 0, scale: 0, digits: 0, nillable: true, calculated: false, filterable: true };
  const alone = { referenceTo: [], relationshipName: null };
  return { name, type, ...plain, ...alone, ...more };
}

/** Those that each object has. */
const systemFields = [
  field('Id', 'id', { length: 18, nillable: false }),
  field('IsDeleted', 'boolean', { nillable: false }),
  field('CreatedDate', 'datetime', { nillable: false }),
  field('SystemModstamp', 'datetime', { nillable: false }),
];

interface OrgObject {
  readonly prefix: string;
  readonly fields: readonly OrgField[];
  readonly records: Map<string, SalesRecord>;
  /** Records that a transaction still holds back: they show later, with the stamp that they have. */
  readonly hidden: Map<string, { readonly record: SalesRecord; readonly untilMs: number }>;
}

export interface Job {
  readonly id: string;
  readonly operation: string;
  readonly query: string;
  readonly soql: Soql;
  readonly records: readonly SalesRecord[];
  readonly ends: 'JobComplete' | 'Failed' | 'Aborted' | 'gone';
  polls: number;
}

interface Cursor {
  readonly records: readonly SalesRecord[];
  readonly soql: Soql;
}

export const client = { id: '3MVG9.client', secret: 'org-secret' };

export class SalesforceServer implements AsyncDisposable {
  url = '';
  /** Records of a page; the documentation has 2,000. */
  pageSize = 2_000;
  nowMs: () => number = Date.now;
  /** Answered in place of what follows. */
  before: (request: OrgRequest) => OrgAnswer | undefined = () => undefined;
  /** What becomes of an answer on its way. */
  after: (request: OrgRequest, answer: OrgAnswer) => OrgAnswer = (_request, answer) => answer;
  readonly requests: OrgRequest[] = [];
  /** Requests that the documentation does not have. */
  readonly unknown: string[] = [];
  readonly objects = new Map<string, OrgObject>();
  calls = 0;
  /** So often a job says that it is at work before it has an end. */
  jobPolls = 0;
  /** What becomes of the next jobs, in their order; absent: they are complete. */
  readonly nextJobs: ('Failed' | 'Aborted' | 'gone')[] = [];
  /** The most records of a page of results. */
  resultSize = 1_000_000;
  /** The Id of the record with this number, without the letters that check it: in the order of numbers. */
  idOf = (prefix: string, at: number) => `${prefix}5g${String(at).padStart(10, '0')}`;
  /** The order of Ids, of which the documentation says nothing but that queries may compare them. */
  idOrder: (a: string, b: string) => number = (a, b) => (a < b ? -1 : Number(a > b));
  readonly jobs = new Map<string, Job>();
  readonly #cursors = new Map<string, Cursor>();
  readonly #tokens = new Set<string>();
  readonly #server = createServer((request, answer) => void this.#serve(request).then((given) => this.#send(request, answer, given)));
  #there: (AsyncDisposable & { readonly url: string }) | undefined;
  #count = 0;

  async start(): Promise<this> {
    // A client may be at work for longer than a connection is kept by default.
    this.#server.keepAliveTimeout = 600_000;
    this.#there = await listening(this.#server);
    this.url = this.#there.url;
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#there?.[Symbol.asyncDispose]();
  }

  object(name: string, fields: readonly OrgField[] = [], system: readonly OrgField[] = systemFields): void {
    const prefix = name.endsWith('__c')
      ? `a${String(this.objects.size).padStart(2, '0')}`
      : `0${String(this.objects.size).padStart(2, '0')}`;
    this.objects.set(name, { prefix, fields: [...system, ...fields], records: new Map(), hidden: new Map() });
  }

  /** The Id of the record with this number: 18 characters. */
  id(object: string, at: number): string {
    const id = this.idOf(this.#object(object).prefix, at);
    return `${id}${checkOf(id)}`;
  }

  /** Creates or changes a record. Its stamp is in whole seconds, as those of an org are. */
  put(object: string, at: number, values: SalesRecord = {}, { stampMs = this.nowMs(), hiddenUntilMs = 0 } = {}): void {
    const of = this.#object(object);
    const Id = this.id(object, at);
    const stamp = new Date(Math.floor(stampMs / 1000) * 1000).toISOString();
    const record = { IsDeleted: false, CreatedDate: stamp, ...of.records.get(Id), ...values, Id, SystemModstamp: stamp };
    if (hiddenUntilMs > 0) of.hidden.set(Id, { record, untilMs: hiddenUntilMs });
    else of.records.set(Id, record);
  }

  /** Into the recycle bin. */
  remove(object: string, at: number, stampMs = this.nowMs()): void {
    this.put(object, at, { IsDeleted: true }, { stampMs });
  }

  expireCursors(): void {
    this.#cursors.clear();
  }

  /** A token that was given out elsewhere. */
  admit(token: string): void {
    this.#tokens.add(token);
  }

  endSessions(): void {
    this.#tokens.clear();
  }

  #object(name: string): OrgObject {
    const found = this.objects.get(name);
    if (found === undefined) throw new Error(`the org of the test has no object ${name}`);
    return found;
  }

  async #serve(request: IncomingMessage): Promise<OrgAnswer> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://org');
    const [, version, rest] = /^\/services\/data\/v(\d+\.0)\/(.*)$/.exec(pathname) ?? [];
    const asked: OrgRequest = {
      method: request.method ?? '',
      path: rest ?? pathname,
      query: Object.fromEntries(searchParams),
      body: Buffer.concat(parts).toString(),
      headers: request.headers,
    };
    this.requests.push(asked);
    if ((request.url ?? '').length > 16_384) return { status: 414, body: '' };
    const own = this.before(asked);
    if (own !== undefined) return own;
    if (pathname === '/services/oauth2/token' && asked.method === 'POST') return this.#token(asked);
    if (version === undefined || Number(version) < 50) return this.#notKnown(asked);
    if (!this.#tokens.has(/^Bearer (.+)$/.exec(asked.headers.authorization ?? '')?.[1] ?? ''))
      return errorOf(401, 'INVALID_SESSION_ID', 'Session expired or invalid');
    this.calls++;
    this.#show();
    return this.after(asked, this.answer(asked, version));
  }

  /** Of a signed-in user. */
  protected answer(asked: OrgRequest, version: string): OrgAnswer {
    const { method, path, query } = asked;
    if (path === 'jobs/query' || path.startsWith('jobs/query/')) return this.#jobs(asked, version);
    const allowed = { query: ['q'], queryAll: ['q'], 'limits/recordCount': ['sObjects'] }[path] ?? [];
    if (method !== 'GET' || Object.keys(query).some((name) => !allowed.includes(name))) return this.#notKnown(asked);
    const data = `/services/data/v${version}`;
    if (path === 'sobjects' || path === 'sobjects/')
      return json({ sobjects: [...this.objects.keys()].map((name) => described(name, this.#object(name))) });
    const [, name = ''] = /^sobjects\/(\w+)\/describe\/?$/.exec(path) ?? [];
    if (name !== '') {
      const found = this.objects.get(name);
      if (found === undefined) return errorOf(404, 'NOT_FOUND', 'The requested resource does not exist');
      return json({ ...described(name, found), fields: found.fields });
    }
    if (path === 'limits') return json({ DailyApiRequests: { Max: 15_000, Remaining: 15_000 - this.calls } });
    if (path === 'limits/recordCount') {
      const names = (query.sObjects ?? '').split(',').filter((one) => this.objects.has(one));
      return json({ sObjects: names.map((one) => ({ count: this.#object(one).records.size, name: one })) });
    }
    if (path === 'query' || path === 'queryAll') {
      const found = this.select(query.q ?? '', path === 'queryAll');
      return 'status' in found
        ? found
        : this.#page({ cursor: `01g${String(++this.#count).padStart(12, '0')}AAA`, of: found, from: 0, data });
    }
    const [, cursor = '', from = ''] = /^query\/(01g\w{15})-(\d+)$/.exec(path) ?? [];
    if (cursor === '') return this.#notKnown(asked);
    const of = this.#cursors.get(cursor);
    if (of === undefined || Number(from) >= of.records.length) return errorOf(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator');
    return this.#page({ cursor, of, from: Number(from), data });
  }

  /** @param all deleted and archived records as well. https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_guidelines_archive.htm */
  protected select(text: string, all: boolean): Cursor | OrgAnswer {
    try {
      const soql = parseSoql(text);
      const of = this.objects.get(soql.object);
      if (of === undefined) return errorOf(400, 'INVALID_TYPE', `sObject type '${soql.object}' is not supported.`);
      const asked = [...soql.fields, ...fieldsOf(soql.where), ...(soql.orderBy === undefined ? [] : [soql.orderBy])];
      const strange = asked.find((one) => this.#fieldAt(soql.object, one) === undefined);
      if (strange !== undefined) return errorOf(400, 'INVALID_FIELD', `No such column '${strange}' on entity '${soql.object}'.`);
      if (soql.groupBy === undefined && new Set(soql.fields).size < soql.fields.length)
        return errorOf(400, 'INVALID_FIELD', 'duplicate field selected');
      const valueIn = (record: SalesRecord) => (field: string) => this.#valueAt(soql.object, record, field);
      const found = [...of.records.values()].filter(
        (record) => (all || (record.IsDeleted !== true && record.IsArchived !== true)) && holds(soql.where, valueIn(record), this.#order),
      );
      const { orderBy, limit, offset = 0, isDescending } = soql;
      if (soql.groupBy !== undefined) {
        const groups = this.#groups(found, soql, soql.groupBy);
        return groups.length > 2_000
          ? errorOf(
              500,
              'EXCEEDED_ID_LIMIT',
              'Aggregate query does not support queryMore(), use LIMIT to restrict the results to a single batch',
            )
          : { soql, records: groups.slice(offset, limit && offset + limit) };
      }
      const way = isDescending ? -1 : 1;
      // Without an order the newest are first, or what the database likes.
      const sorted =
        orderBy === undefined
          ? found.reverse()
          : found.sort((a, b) => way * this.#order(valueIn(a)(orderBy), valueIn(b)(orderBy), orderBy));
      return { soql, records: sorted.slice(offset, limit === undefined ? undefined : offset + limit) };
    } catch (error) {
      if (error instanceof Malformed) return errorOf(400, 'MALFORMED_QUERY', error.message);
      throw error;
    }
  }

  /** A field of the object or of a parent, and the object that has it. */
  #fieldAt(object: string, path: string): OrgField | undefined {
    const [first = '', ...rest] = path.split('.');
    const fields = this.objects.get(object)?.fields ?? [];
    if (rest.length === 0) return fields.find(({ name }) => name.toLowerCase() === first.toLowerCase());
    const reference = fields.find(({ relationshipName }) => relationshipName?.toLowerCase() === first.toLowerCase());
    return reference === undefined ? undefined : this.#fieldAt(reference.referenceTo[0] ?? '', rest.join('.'));
  }

  #valueAt(object: string, record: SalesRecord, path: string): Value {
    const [first = '', ...rest] = path.split('.');
    const fields = this.#object(object).fields;
    if (rest.length === 0) return record[fields.find(({ name }) => name.toLowerCase() === first.toLowerCase())?.name ?? ''] ?? null;
    const parent = this.#parentOf(object, record, first);
    return parent === undefined ? null : this.#valueAt(parent.object, parent.record, rest.join('.'));
  }

  #parentOf(
    object: string,
    record: SalesRecord,
    relationship: string,
  ): { readonly object: string; readonly record: SalesRecord } | undefined {
    const reference = this.#object(object).fields.find(
      ({ relationshipName }) => relationshipName?.toLowerCase() === relationship.toLowerCase(),
    );
    const id = record[reference?.name ?? ''];
    const parent = reference?.referenceTo.find((one) => this.#object(one).records.has(String(id)));
    return parent === undefined ? undefined : { object: parent, record: this.#object(parent).records.get(String(id)) as SalesRecord };
  }

  /** A record of each group, with values by their aliases. */
  #groups(records: readonly SalesRecord[], { items, object }: Soql, groupBy: readonly string[]): readonly SalesRecord[] {
    const plain = (record: SalesRecord, key: string) => {
      const [, year] = /^CALENDAR_YEAR\((.+)\)$/.exec(key) ?? [];
      if (year === undefined) return this.#valueAt(object, record, key);
      const time = this.#valueAt(object, record, year);
      return time === null ? null : number(String(time).slice(0, 4));
    };
    const groups = new Map<string, SalesRecord[]>();
    for (const record of records) {
      const key = JSON.stringify(groupBy.map((one) => plain(record, one)));
      groups.set(key, [...(groups.get(key) ?? []), record]);
    }
    if (groupBy.length === 0) groups.set('', [...records]);
    const result = ({ field, call }: Item, of: readonly SalesRecord[]): Value => {
      if (call === undefined || call === 'CALENDAR_YEAR') return plain(of[0] ?? {}, call === undefined ? field : `${call}(${field})`);
      const values = of.map((record) => this.#valueAt(object, record, field)).filter((value) => value !== null);
      if (call === 'COUNT') return number(String(values.length));
      if (call === 'COUNT_DISTINCT') return number(String(new Set(values.map((value) => JSON.stringify(value))).size));
      if (values.length === 0) return null;
      if (call === 'SUM') return number(String(values.reduce((sum, value) => sum + Number((value as { number: string }).number), 0)));
      const sorted = values.sort(compare);
      return (call === 'MIN' ? sorted[0] : sorted.at(-1)) ?? null;
    };
    return [...groups.values()].map((of) => Object.fromEntries(items.map((item) => [item.alias, result(item, of)])));
  }

  /** An Id of 15 characters is that of 18. */
  #order = (a: Value, b: Value, field: string): number =>
    field === 'Id' && typeof a === 'string' && typeof b === 'string' ? this.idOrder(a.slice(0, 15), b.slice(0, 15)) : compare(a, b);

  #page({
    cursor,
    of,
    from,
    data,
  }: {
    readonly cursor: string;
    readonly of: Cursor;
    readonly from: number;
    readonly data: string;
  }): OrgAnswer {
    const { records, soql } = of;
    const end = from + this.pageSize;
    const done = end >= records.length;
    if (!done) this.#cursors.set(cursor, of);
    const shown = records.slice(from, end).map((record) => this.#shownRecord(record, soql, data));
    const more = done ? '' : `"nextRecordsUrl":"${data}/query/${cursor}-${end}",`;
    return { status: 200, body: `{"totalSize":${records.length},"done":${done},${more}"records":[${shown.join(',')}]}` };
  }

  /** Parents are records in their record, and null where there is none. */
  #shownRecord(record: SalesRecord, { object, groupBy, items, fields }: Soql, data: string): string {
    if (groupBy !== undefined) {
      const typeOf = ({ call, field }: Item) =>
        call === undefined || /^(MIN|MAX)$/.test(call) ? (this.#fieldAt(object, field)?.type ?? '') : '';
      const values = items.map((item) => `${JSON.stringify(item.alias)}:${jsonOf(record[item.alias] ?? null, typeOf(item))}`);
      return `{"attributes":{"type":"AggregateResult"},${values.join(',')}}`;
    }
    const own = fields
      .filter((field) => !field.includes('.'))
      .map((field) => {
        const { name = '', type = '' } = this.#fieldAt(object, field) ?? {};
        return `${JSON.stringify(name)}:${jsonOf(record[name] ?? null, type)}`;
      });
    const ways = fields.filter((field) => field.includes('.')).map((field) => field.split('.'));
    const parents = [...new Set(ways.map(([first = '']) => first.toLowerCase()))].map((way) => {
      const name =
        this.#object(object).fields.find(({ relationshipName }) => relationshipName?.toLowerCase() === way)?.relationshipName ?? way;
      const parent = this.#parentOf(object, record, way);
      const inside = ways.filter(([first]) => first?.toLowerCase() === way).map(([, ...rest]) => rest.join('.'));
      const soql = { object: parent?.object ?? '', groupBy: undefined, items: [], fields: inside } as unknown as Soql;
      return `${JSON.stringify(name)}:${parent === undefined ? 'null' : this.#shownRecord(parent.record, soql, data)}`;
    });
    const attributes = { type: object, url: `${data}/sobjects/${object}/${String(record.Id)}` };
    return `{"attributes":${JSON.stringify(attributes)}${[...own, ...parents].map((member) => `,${member}`).join('')}}`;
  }

  /** https://developer.salesforce.com/docs/atlas.en-us.api_asynch.meta/api_asynch/query_create_job.htm */
  #jobs(asked: OrgRequest, version: string): OrgAnswer {
    const { method, path, query, body, headers } = asked;
    if (path === 'jobs/query' && method === 'POST' && /^application\/json/.test(headers['content-type'] ?? '')) {
      const given = JSON.parse(body) as Record<string, string>;
      const known = ['operation', 'query', 'contentType', 'columnDelimiter', 'lineEnding'];
      const { operation = '', query: text = '' } = given;
      if (Object.keys(given).some((name) => !known.includes(name))) return errorOf(400, 'INVALIDJOB', 'Unrecognized field');
      if (operation !== 'query' && operation !== 'queryAll') return errorOf(400, 'INVALIDJOB', 'Invalid operation');
      const found = this.select(text, operation === 'queryAll');
      if ('status' in found) return errorOf(400, 'API_ERROR', `query failed: ${found.body}`);
      if (found.soql.groupBy !== undefined || found.soql.offset !== undefined)
        return errorOf(400, 'API_ERROR', 'Aggregate and OFFSET queries are not supported by the Bulk API');
      const id = `750${String(++this.#count).padStart(12, '0')}AAA`;
      const job = { id, operation, query: text, ...found, ends: this.nextJobs.shift() ?? 'JobComplete', polls: 0 } as const;
      this.jobs.set(id, job);
      return json(this.#shown(job, 'UploadComplete', version));
    }
    const [, id = '', results] = /^jobs\/query\/(750\w{15})(\/results)?$/.exec(path) ?? [];
    const job = this.jobs.get(id);
    if (id === '' || (method !== 'GET' && method !== 'DELETE')) return this.#notKnown(asked);
    if (job === undefined || job.ends === 'gone') return errorOf(404, 'NOT_FOUND', 'The requested resource does not exist');
    if (results === undefined && Object.keys(query).length === 0) {
      if (method === 'DELETE') return { status: this.jobs.delete(id) ? 204 : 404, body: '' };
      const isOver = job.polls++ >= this.jobPolls;
      return json({
        ...this.#shown(job, isOver ? job.ends : 'InProgress', version),
        numberRecordsProcessed: isOver ? job.records.length : 0,
        retries: 0,
        totalProcessingTime: 12,
      });
    }
    if (results === undefined || Object.keys(query).some((name) => name !== 'locator' && name !== 'maxRecords'))
      return this.#notKnown(asked);
    if (job.polls <= this.jobPolls || job.ends !== 'JobComplete') return errorOf(400, 'INVALIDJOBSTATE', 'Job is not complete');
    const from = query.locator === undefined ? 0 : Number(Buffer.from(query.locator, 'base64').toString());
    if (!Number.isInteger(from) || from > job.records.length) return errorOf(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator');
    const end = from + Math.min(this.resultSize, Number(query.maxRecords ?? this.resultSize));
    const line = (values: readonly string[]) => `${values.map((value) => `"${value.replaceAll('"', '""')}"`).join(',')}\n`;
    const { fields } = job.soql;
    const rows = job.records
      .slice(from, end)
      .map((record) => line(fields.map((name) => csvOf(this.#valueAt(job.soql.object, record, name)))));
    return {
      status: 200,
      body: line(fields) + rows.join(''),
      headers: {
        'content-type': 'text/csv',
        'sforce-numberofrecords': String(rows.length),
        'sforce-locator': end >= job.records.length ? 'null' : Buffer.from(String(end)).toString('base64'),
      },
    };
  }

  /** A job tells its object, and not its query. */
  #shown({ id, operation, soql }: Job, state: string, version: string): Readonly<Record<string, unknown>> {
    const at = new Date(this.nowMs()).toISOString().replace('Z', '+0000');
    const own = { createdById: '0055g0000000001AAA', createdDate: at, systemModstamp: at, concurrencyMode: 'Parallel', contentType: 'CSV' };
    const error = state === 'Failed' ? { errorMessage: 'UNKNOWN_EXCEPTION: retries exceeded' } : {};
    return {
      id,
      operation,
      object: soql.object,
      ...own,
      state,
      apiVersion: Number(version),
      jobType: 'V2Query',
      lineEnding: 'LF',
      columnDelimiter: 'COMMA',
      ...error,
    };
  }

  #token({ body, headers }: OrgRequest): OrgAnswer {
    const form = new URLSearchParams(body);
    const [id, secret] = Buffer.from(/^Basic (.+)$/.exec(headers.authorization ?? '')?.[1] ?? '', 'base64')
      .toString()
      .split(':')
      .map(decodeURIComponent);
    const known = [form.get('client_id') ?? id, form.get('client_secret') ?? secret].join(' ') === `${client.id} ${client.secret}`;
    if (form.get('grant_type') !== 'client_credentials')
      return { status: 400, body: '{"error":"unsupported_grant_type","error_description":"grant type not supported"}' };
    if (!known) return { status: 400, body: '{"error":"invalid_client_id","error_description":"client identifier invalid"}' };
    const token = `00D5g!${++this.#count}.${Math.random().toString(36).slice(2)}`;
    this.#tokens.add(token);
    const issued = String(this.nowMs());
    // An org tells no lifetime.
    return json({
      access_token: token,
      signature: 'c2ln',
      scope: 'api',
      instance_url: this.url,
      id: `${this.url}/id/00D5g0000000001EAA/0055g0000000001AAA`,
      token_type: 'Bearer',
      issued_at: issued,
    });
  }

  #show(): void {
    for (const { hidden, records } of this.objects.values())
      for (const [id, { record, untilMs }] of hidden)
        if (this.nowMs() >= untilMs) {
          records.set(id, record);
          hidden.delete(id);
        }
  }

  #notKnown({ method, path, query }: OrgRequest): OrgAnswer {
    this.unknown.push(`${method} ${path}?${new URLSearchParams(query)}`);
    return errorOf(404, 'NOT_FOUND', 'The requested resource does not exist');
  }

  #send(request: IncomingMessage, answer: import('node:http').ServerResponse, { status, body, headers = {}, isLost }: OrgAnswer): void {
    if (isLost) {
      answer.destroy();
      return;
    }
    const isZipped = /gzip/.test(String(request.headers['accept-encoding'])) && body.length > 1_000;
    answer.writeHead(status, {
      'content-type': 'application/json;charset=UTF-8',
      date: new Date(this.nowMs()).toUTCString(),
      'sforce-limit-info': `api-usage=${this.calls}/15000`,
      ...headers,
      ...(isZipped ? { 'content-encoding': 'gzip' } : {}),
    });
    answer.end(isZipped ? gzipSync(body, { level: 1 }) : body);
  }
}

/** A sign for each five characters of an Id: which of them are capitals. https://help.salesforce.com/s/articleView?id=000385585 */
function checkOf(id: string): string {
  const signs = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';
  const signOf = (part: string) => signs[[...part].reduce((sum, sign, at) => sum + (/[A-Z]/.test(sign) ? 2 ** at : 0), 0)] ?? '';
  return [0, 5, 10].map((from) => signOf(id.slice(from, from + 5))).join('');
}

export function errorOf(status: number, errorCode: string, message: string): OrgAnswer {
  return { status, body: JSON.stringify([{ message, errorCode }]) };
}

export function json(value: unknown): OrgAnswer {
  return { status: 200, body: JSON.stringify(value) };
}

function described(name: string, { prefix, fields }: OrgObject): Readonly<Record<string, unknown>> {
  const has = (one: string) => fields.some((found) => found.name === one);
  return {
    name,
    label: name.replace(/__c$/, ''),
    keyPrefix: prefix,
    queryable: true,
    retrieveable: true,
    replicateable: has('SystemModstamp'),
    custom: name.endsWith('__c'),
  };
}

function csvOf(value: Value): string {
  if (value === null) return '';
  return typeof value === 'object' ? value.number : String(value);
}

/** Times have an offset without a colon in JSON. */
function jsonOf(value: Value, type: string): string {
  if (value !== null && typeof value === 'object') return value.number;
  return JSON.stringify(type === 'datetime' && typeof value === 'string' ? value.replace(/Z$/, '+0000') : value);
}

export const startOrg = () => new SalesforceServer().start();
