/** Sends the requests to an org. */
import { HomeError } from '../../errors/hygge-error.ts';
import type { FileSource } from '../../formats/contract/format.ts';
import type { Body } from '../answers/document.ts';
import { envelopeOf, type Span } from '../answers/envelope.ts';
import { noPage } from '../answers/errors.ts';
import { ofDocument } from '../answers/readable.ts';
import { linesOf, sourceOfPages } from '../answers/record-lines.ts';
import { type Answer, type ApiRequest, ApiRequests, type LaterAnswer, type RequestsOpening } from '../requests/requests.ts';
import { type ApiTime, timeOf } from '../times/clock-bound.ts';
import type { SalesforceConfig } from './config.ts';
import { jobFailed, noObject, queryTooLong, refusalOf } from './errors.ts';
import type { DescribedObject } from './metadata.ts';

/** The maximum bytes of an address that hygge sends. An org accepts at most 16,384 bytes for an address without headers. https://developer.salesforce.com/docs/atlas.en-us.salesforce_app_limits_cheatsheet.meta/salesforce_app_limits_cheatsheet/ */
const mostAddressBytes = 16_000;

export interface QueryPage {
  readonly body: Body;
  readonly records: readonly Span[];
  /** The number of records of the whole query, as the org reports it. */
  readonly total: number;
  /** The path of the next page. Null: this is the last page. */
  readonly next: string | null;
  /** The name of the page, for people. */
  readonly name: string;
}

export interface JobFound {
  /** The state of the job: `UploadComplete`, `InProgress`, `JobComplete`, `Aborted`, `Failed`. `gone`: the org no longer has the job. */
  readonly state: string;
  /** The number of records in the whole result, when the result is complete. */
  readonly records: number;
  /** The error message of the org, if the job failed. */
  readonly why: string;
}

export interface ResultPage {
  readonly body: Body;
  readonly records: number;
  /** The locator of the next page. Null: this is the last page. */
  readonly locator: string | null;
}

/** The number of requests that the org allows in 24 hours, and the number of requests used so far. */
export interface CallsUsed {
  readonly used: number;
  readonly of: number;
}

export interface ListedObject {
  readonly name: string;
  readonly label: string;
  readonly queryable: boolean;
  /** Whether each record has the time of its last change. */
  readonly replicateable: boolean;
}

export class Org {
  /** The address of the org, without a secret: `https://acme.my.salesforce.com`. */
  readonly origin: string;
  /** The time of the newest answer that has a time. */
  time: ApiTime | undefined;
  /** The number of answered requests that were sent by this instance. */
  answers = 0;
  /** The number of calls, as the newest answer reports it. */
  calls: CallsUsed | undefined;
  readonly #requests: ApiRequests;
  readonly #base: URL;
  readonly #clock: RequestsOpening['clock'];

  constructor(config: SalesforceConfig, around: RequestsOpening) {
    this.#requests = new ApiRequests(config, { ...around, refusal: refusalOf });
    this.#clock = around.clock;
    this.origin = new URL(config.base_url).origin;
    this.#base = new URL(`/services/data/v${config.api_version}/`, config.base_url);
  }

  async signIn(): Promise<void> {
    await this.#requests.signIn();
  }

  async objects(): Promise<readonly ListedObject[] | LaterAnswer> {
    const answer = await this.#json<{ readonly sobjects?: readonly ListedObject[] }>('sobjects/', `the objects of ${this.origin}`);
    return 'notBefore' in answer ? answer : (answer.sobjects ?? []);
  }

  /** Describes an object. Throws HomeError HYG-3690 if the org lacks the object. */
  async describe(object: string): Promise<DescribedObject | LaterAnswer> {
    try {
      return await this.#json<DescribedObject>(`sobjects/${object}/describe`, `${this.origin}, the fields of ${object}`);
    } catch (error) {
      if (isNotFound(error)) throw noObject(this.origin, object);
      throw error;
    }
  }

  /** The approximate number of records of the object. Undefined: the number is unknown. */
  async count(object: string): Promise<number | undefined | LaterAnswer> {
    const answer = await this.#json<{ readonly sObjects?: readonly { readonly name: string; readonly count: number }[] }>(
      `limits/recordCount?sObjects=${object}`,
      `${this.origin}, the number of records of ${object}`,
    );
    return 'notBefore' in answer ? answer : answer.sObjects?.find(({ name }) => name === object)?.count;
  }

  /** @param all whether deleted and archived records are returned too. Throws HomeError HYG-3691 if the query is too long for an address. */
  async query(
    object: string,
    soql: string,
    { all, page }: { readonly all: boolean; readonly page: string },
  ): Promise<QueryPage | LaterAnswer> {
    const url = this.#queryUrl(soql, all);
    if (url.href.length > mostAddressBytes) throw queryTooLong(object, url.href.length);
    return pageOf(await this.#ask({ method: 'GET', url, page }), page);
  }

  /** The first Id in the order of Ids that is larger than all given Ids. Null: the object has no larger Id. */
  async firstBehind(object: string, ids: readonly string[], page: string): Promise<string | null | LaterAnswer> {
    const where = ids.length === 0 ? '' : ` WHERE ${ids.map((id) => `Id > '${id}'`).join(' AND ')}`;
    const url = this.#queryUrl(`SELECT Id FROM ${object}${where} ORDER BY Id LIMIT 1`, true);
    const answer = await this.#jsonOf<{ readonly records?: readonly { readonly Id?: unknown }[] }>({ method: 'GET', url, page });
    if ('notBefore' in answer) return answer as LaterAnswer;
    const [record] = answer.records ?? [];
    if (record === undefined) return null;
    if (typeof record.Id !== 'string' || !isId(record.Id)) throw noPage(page, 'A record has no Id.');
    return record.Id;
  }

  /** Requests a further page of a query. Throws an error for which `isLocatorGone` is true if the org no longer has the cursor. */
  async more(path: string, page: string): Promise<QueryPage | LaterAnswer> {
    return pageOf(await this.#ask({ method: 'GET', url: new URL(path, this.#base), page }), page);
  }

  /** Whether the query is short enough for an address. */
  fits(soql: string): boolean {
    return this.#queryUrl(soql, true).href.length <= mostAddressBytes;
  }

  #queryUrl(soql: string, all: boolean): URL {
    const url = new URL(all ? 'queryAll' : 'query', this.#base);
    url.searchParams.set('q', soql);
    return url;
  }

  /** Creates a job of Bulk API 2.0 that reads the records of a query, and returns the id of the job. */
  async createJob(query: string, { all, page }: { readonly all: boolean; readonly page: string }): Promise<string | LaterAnswer> {
    const body = JSON.stringify({ operation: all ? 'queryAll' : 'query', query });
    const headers = { 'content-type': 'application/json' };
    const made = await this.#jsonOf<{ readonly id?: unknown }>({
      method: 'POST',
      url: new URL('jobs/query', this.#base),
      page,
      body,
      headers,
    });
    if ('notBefore' in made) return made as LaterAnswer;
    if (typeof made.id !== 'string') throw noPage(page, 'The answer has no id of a job.');
    return made.id;
  }

  async job(id: string, page: string): Promise<JobFound | LaterAnswer> {
    try {
      const url = new URL(`jobs/query/${id}`, this.#base);
      const found = await this.#jsonOf<{
        readonly state?: unknown;
        readonly numberRecordsProcessed?: unknown;
        readonly errorMessage?: unknown;
      }>({ method: 'GET', url, page });
      if ('notBefore' in found) return found as LaterAnswer;
      const { state, numberRecordsProcessed: records, errorMessage } = found;
      if (state === 'JobComplete' && typeof records !== 'number') throw noPage(page, 'The job does not say how many records it has.');
      return {
        state: String(state),
        records: Number(records ?? 0),
        why: typeof errorMessage === 'string' ? errorMessage.slice(0, 300) : '',
      };
    } catch (error) {
      if (isNotFound(error)) return { state: 'gone', records: 0, why: '' };
      throw error;
    }
  }

  /** @param of.locator the locator of the page. Null: the first page. @param of.most the maximum number of records on a page. Throws HomeError HYG-3693 if the org no longer has the job. */
  async results(
    id: string,
    { locator, most, page }: { readonly locator: string | null; readonly most: number; readonly page: string },
  ): Promise<ResultPage | LaterAnswer> {
    const url = new URL(`jobs/query/${id}/results`, this.#base);
    url.searchParams.set('maxRecords', String(most));
    if (locator !== null) url.searchParams.set('locator', locator);
    try {
      const answer = await this.#ask({ method: 'GET', url, page, headers: { accept: 'text/csv' } });
      if ('notBefore' in answer) return answer;
      const [records, next] = ['sforce-numberofrecords', 'sforce-locator'].map((name) => answer.header(name));
      if (!/^\d+$/.test(records ?? '') || next === undefined)
        throw noPage(page, 'The answer does not say how many records there are, or where the next page is.');
      if (next.length > 1_000) throw noPage(page, 'The locator of the next page has more than 1,000 characters.');
      return { body: answer, records: Number(records), locator: next === 'null' || next === '' ? null : next };
    } catch (error) {
      if (isNotFound(error)) throw jobFailed(page, { state: 'gone', why: '' });
      throw error;
    }
  }

  #json<T extends object>(path: string, page: string): Promise<T | LaterAnswer> {
    return this.#jsonOf({ method: 'GET', url: new URL(path, this.#base), page });
  }

  async #jsonOf<T extends object>(request: ApiRequest): Promise<T | LaterAnswer> {
    const { page } = request;
    const answer = await this.#ask(request);
    if ('notBefore' in answer) return answer;
    try {
      return JSON.parse(answer.bytes.toString('utf8', 0, answer.length)) as T;
    } catch (error) {
      throw noPage(page, `The answer is not one whole JSON document: ${(error as Error).message}.`);
    }
  }

  async #ask(request: ApiRequest): Promise<Answer | LaterAnswer> {
    const answer = await this.#requests.send(request);
    if ('notBefore' in answer) return answer;
    this.answers++;
    this.time = timeOf(answer, this.#clock.now()) ?? this.time;
    const [, used, of] = /api-usage=(\d+)\/(\d+)/.exec(answer.header('sforce-limit-info') ?? '') ?? [];
    if (used !== undefined) this.calls = { used: Number(used), of: Number(of) };
    return answer;
  }
}

function isNotFound(error: unknown): boolean {
  return error instanceof HomeError && error.code === 'HYG-3601' && error.why.some((why) => why.includes('NOT_FOUND'));
}

function pageOf(answer: Answer | LaterAnswer, name: string): QueryPage | LaterAnswer {
  if ('notBefore' in answer) return answer;
  const told = ['totalSize', 'done', 'nextRecordsUrl'];
  const { records, values } = ofDocument(name, () => envelopeOf(answer, ['records'], told));
  const [total, done, next] = told.map((at) => values.get(at)?.text);
  if (records === undefined || done === undefined || !/^\d+$/.test(total ?? ''))
    throw noPage(name, 'The answer has no records, totalSize and done.');
  if (done !== 'true' && (next === undefined || !next.startsWith('/services/data/')))
    throw noPage(name, 'More records follow, but the answer has no address for them.');
  return { body: answer, records, total: Number(total), next: done === 'true' ? null : (next ?? null), name };
}

/** Whether a text is an Id: 15 characters, or 18 with the check characters. */
export const isId = (text: string): boolean => /^[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?$/.test(text);

export function bytesSource(name: string, bytes: Buffer): FileSource {
  return { name, bytes: bytes.length, read: async ({ start, end }) => bytes.subarray(start, end) };
}

/** The records of pages as lines. Undefined: the pages have no records. */
export function sourceOf(pages: readonly QueryPage[]): FileSource | undefined {
  return sourceOfPages(pages.map(({ body, records, name }) => ({ name, lines: linesOf(body, records), rows: records.length, before: 0 })));
}
