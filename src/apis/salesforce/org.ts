/** The requests to an org. */
import { HomeError } from '../../errors/hygge-error.ts';
import { BadRecord } from '../../formats/bytes/json-lexer.ts';
import type { FileSource } from '../../formats/contract/format.ts';
import type { Instant } from '../../ports/values.ts';
import { type Body, envelopeOf, type Span } from '../answers/envelope.ts';
import { noPage } from '../answers/errors.ts';
import { type Answer, type ApiRequest, ApiRequests, type LaterAnswer, type RequestsOpening } from '../requests/requests.ts';
import type { SalesforceConfig } from './config.ts';
import { noObject, queryTooLong, refusalOf } from './errors.ts';
import type { DescribedObject } from './metadata.ts';

/** An address has at most 16,384 bytes, headers aside. https://developer.salesforce.com/docs/atlas.en-us.salesforce_app_limits_cheatsheet.meta/salesforce_app_limits_cheatsheet/ */
const mostAddressBytes = 16_000;

export interface QueryPage {
  readonly body: Body;
  readonly records: readonly Span[];
  /** Records of the whole query, as the org counts them. */
  readonly total: number;
  /** The path of the next page; null: there is none. */
  readonly next: string | null;
  /** For people. */
  readonly name: string;
}

/** What the org lets its users ask in 24 hours, and what they have. */
export interface CallsUsed {
  readonly used: number;
  readonly of: number;
}

export interface ListedObject {
  readonly name: string;
  readonly label: string;
  readonly queryable: boolean;
  /** Its records have a stamp of their last change. */
  readonly replicateable: boolean;
}

export class Org {
  /** Without a secret: `https://acme.my.salesforce.com`. */
  readonly origin: string;
  /** The time of the newest answer; undefined: there was none, or it shows no time. */
  date: Instant | undefined;
  /** As the newest answer has it. */
  calls: CallsUsed | undefined;
  readonly #requests: ApiRequests;
  readonly #base: URL;

  constructor(config: SalesforceConfig, around: RequestsOpening) {
    this.#requests = new ApiRequests(config, { ...around, refusal: refusalOf });
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

  /** Throws HomeError HYG-3690 where there is no such object. */
  async describe(object: string): Promise<DescribedObject | LaterAnswer> {
    try {
      return await this.#json<DescribedObject>(`sobjects/${object}/describe`, `${this.origin}, the fields of ${object}`);
    } catch (error) {
      if (error instanceof HomeError && error.code === 'HYG-3601' && error.why.some((why) => why.includes('NOT_FOUND')))
        throw noObject(this.origin, object);
      throw error;
    }
  }

  /** About how many records the object has; undefined: the org does not say. */
  async count(object: string): Promise<number | undefined | LaterAnswer> {
    const answer = await this.#json<{ readonly sObjects?: readonly { readonly name: string; readonly count: number }[] }>(
      `limits/recordCount?sObjects=${object}`,
      `${this.origin}, the number of records of ${object}`,
    );
    return 'notBefore' in answer ? answer : answer.sObjects?.find(({ name }) => name === object)?.count;
  }

  /** @param all deleted records as well. Throws HomeError HYG-3691 where the query is too long for an address. */
  async query(
    object: string,
    soql: string,
    { all, page }: { readonly all: boolean; readonly page: string },
  ): Promise<QueryPage | LaterAnswer> {
    const url = new URL(all ? 'queryAll' : 'query', this.#base);
    url.searchParams.set('q', soql);
    if (url.href.length > mostAddressBytes) throw queryTooLong(object, url.href.length);
    return pageOf(await this.#ask({ method: 'GET', url, page }), page);
  }

  /** Throws an error of which `isLocatorGone` is true where the org no longer has the cursor. */
  async more(path: string, page: string): Promise<QueryPage | LaterAnswer> {
    return pageOf(await this.#ask({ method: 'GET', url: new URL(path, this.#base), page }), page);
  }

  async #json<T extends object>(path: string, page: string): Promise<T | LaterAnswer> {
    const answer = await this.#ask({ method: 'GET', url: new URL(path, this.#base), page });
    if ('notBefore' in answer) return answer;
    try {
      return JSON.parse(answer.bytes.toString('utf8', 0, answer.length)) as T;
    } catch (error) {
      throw noPage(page, `It is not one whole JSON document: ${(error as Error).message}.`);
    }
  }

  async #ask(request: ApiRequest): Promise<Answer | LaterAnswer> {
    const answer = await this.#requests.send(request);
    if ('notBefore' in answer) return answer;
    this.date = answer.date ?? this.date;
    const [, used, of] = /api-usage=(\d+)\/(\d+)/.exec(answer.header('sforce-limit-info') ?? '') ?? [];
    if (used !== undefined) this.calls = { used: Number(used), of: Number(of) };
    return answer;
  }
}

function pageOf(answer: Answer | LaterAnswer, name: string): QueryPage | LaterAnswer {
  if ('notBefore' in answer) return answer;
  try {
    const { records, values } = envelopeOf(answer, ['records'], ['totalSize', 'done', 'nextRecordsUrl']);
    const [total, done, next] = ['totalSize', 'done', 'nextRecordsUrl'].map((at) => values.get(at)?.text);
    if (records === undefined || done === undefined || !/^\d+$/.test(total ?? ''))
      throw noPage(name, 'It has no records, totalSize and done.');
    if (done !== 'true' && (next === undefined || !next.startsWith('/services/data/')))
      throw noPage(name, 'More records follow, and it does not lead to them.');
    return { body: answer, records, total: Number(total), next: done === 'true' ? null : (next ?? null), name };
  } catch (error) {
    if (error instanceof BadRecord) throw noPage(name, `It is not one whole JSON document: ${error.reason}, at byte ${error.at}.`);
    throw error;
  }
}

function bytesSource(name: string, bytes: Buffer): FileSource {
  return { name, bytes: bytes.length, read: async ({ start, end }) => bytes.subarray(start, end) };
}

/** The records of pages as one array; undefined: there are none. */
export function sourceOf(pages: readonly QueryPage[]): FileSource | undefined {
  const filled = pages.filter(({ records }) => records.length > 0);
  const [first] = filled;
  if (first === undefined) return undefined;
  const parts = filled.flatMap(({ body, records }, at) => [
    Buffer.from(at === 0 ? '[' : ','),
    body.bytes.subarray(records[0]?.start, records.at(-1)?.end),
  ]);
  const last = filled.length === 1 ? '' : ` to ${filled.at(-1)?.name.replace(/^.* /, '')}`;
  return bytesSource(`${first.name}${last}`, Buffer.concat([...parts, Buffer.from(']')]));
}
