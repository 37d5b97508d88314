import type { Condition } from '../../ports/filesystem.ts';
import type { Answer } from '../../remote/aws/answer.ts';
import { contentHeadersFor } from '../paths.ts';
import { received } from './body.ts';
import type { S3Requests, Sdk } from './requests.ts';

/** An object as S3 shows it. */
export interface ListedObject {
  readonly key: string;
  readonly bytes: number;
  readonly etag: string;
  /** The time of the last change, to the second, as in HEAD. */
  readonly modifiedAt: string;
}

export interface Got {
  readonly body: Uint8Array;
  readonly etag: string;
}

interface GetOptions {
  /** Byte range, end exclusive, not empty. Absent: the whole object. */
  readonly range?: { readonly start: number; readonly end: number } | undefined;
  /** Memory for the answer. */
  readonly into?: Uint8Array | undefined;
  readonly ifMatch?: string | undefined;
}

/** `refused`: the condition was not met. `raced`: the answer of Ceph's gateway if another client was faster, and sometimes if it is overloaded. */
export type ConditionalPut = { readonly etag: string } | 'refused' | 'raced';

/** The objects of one bucket. Each call sends one request: https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations.html */
export class Objects {
  readonly #sdk: Sdk;
  readonly #requests: S3Requests;
  readonly #bucket: string;

  constructor(sdk: Sdk, requests: S3Requests) {
    this.#sdk = sdk;
    this.#requests = requests;
    this.#bucket = requests.at.bucket;
  }

  async head(key: string): Promise<ListedObject | undefined> {
    const shown = await this.#requests.send<ListedObject | 'absent' | 'refused'>({
      action: 's3:GetObject',
      ask: async ({ client, via, abortSignal }) =>
        shownOf(key, await client.send(via(new this.#sdk.HeadObjectCommand(this.#at(key))), { abortSignal })),
      expected: ({ status }) => (status === 404 ? 'absent' : status === 403 ? 'refused' : undefined),
    });
    if (shown !== 'refused') return shown === 'absent' ? undefined : shown;
    // A refused HEAD has no body with the reason, so a GET is sent, whose answer has the reason.
    await this.get(key, { range: { start: 0, end: 1 } });
    return undefined;
  }

  /** Undefined: the object does not exist. `replaced`: the object has another ETag than `ifMatch`. */
  async get(key: string, { range, into, ifMatch }: GetOptions = {}): Promise<Got | 'behind its end' | 'replaced' | undefined> {
    const got = await this.#requests.send<Got | 'behind its end' | 'absent' | 'replaced'>({
      action: 's3:GetObject',
      ask: async ({ client, via, abortSignal }) => {
        const Range = range && `bytes=${range.start}-${range.end - 1}`;
        const when = ifMatch === undefined ? {} : { IfMatch: ifMatch };
        const command = new this.#sdk.GetObjectCommand({ ...this.#at(key), ...(Range === undefined ? {} : { Range }), ...when });
        const { Body, ContentLength, ETag = '' } = await client.send(via(command), { abortSignal });
        return { body: await received(Body, ContentLength, into), etag: ETag };
      },
      expected: (answer) => {
        if (ifMatch !== undefined && answer.status === 412) return 'replaced';
        return answer.status === 416 ? 'behind its end' : isAbsent(answer) ? 'absent' : undefined;
      },
    });
    return got === 'absent' ? undefined : got;
  }

  /** Every object whose key starts with `prefix`, in the byte order of keys. Requests a page at a time. */
  async *list(prefix: string): AsyncGenerator<ListedObject> {
    let token: string | undefined;
    do {
      const from = token === undefined ? {} : { ContinuationToken: token };
      const page = await this.#requests.send({
        action: 's3:ListBucket',
        ask: ({ client, via, abortSignal }) =>
          client.send(
            via(
              new this.#sdk.ListObjectsV2Command({
                Bucket: this.#bucket,
                Prefix: prefix,
                EncodingType: 'url',
                ...this.#requests.paid,
                ...from,
              }),
            ),
            {
              abortSignal,
            },
          ),
      });
      for (const { Key = '', Size, ...more } of page.Contents ?? [])
        yield shownOf(page.EncodingType === 'url' ? decoded(Key) : Key, { ...more, ContentLength: Size });
      token = page.IsTruncated ? page.NextContinuationToken : undefined;
    } while (token !== undefined);
  }

  /** Writes an object under a condition. The request is sent once. */
  put(key: string, body: Uint8Array, condition: Condition): Promise<ConditionalPut> {
    return this.#requests.send<ConditionalPut>({
      action: 's3:PutObject',
      once: key,
      ask: async ({ client, via, abortSignal }) => {
        const when = 'ifMatch' in condition ? { IfMatch: condition.ifMatch } : { IfNoneMatch: condition.ifNoneMatch };
        const served = contentHeadersFor(key);
        const kind = served && { ContentType: served.type, CacheControl: served.cache };
        const { ETag = '' } = await client.send(
          via(new this.#sdk.PutObjectCommand({ ...this.#at(key), ...this.#requests.made, Body: body, ...when, ...kind })),
          {
            abortSignal,
          },
        );
        return { etag: ETag };
      },
      expected: (answer) => {
        if (answer.status === 412 || isAbsent(answer)) return 'refused';
        return 'ifMatch' in condition && answer.status === 500 && answer.code === 'UnknownError' ? 'raced' : undefined;
      },
    });
  }

  async remove(key: string): Promise<void> {
    await this.#requests.send({
      action: 's3:DeleteObject',
      ask: async ({ client, via, abortSignal }) => {
        await client.send(via(new this.#sdk.DeleteObjectCommand(this.#at(key))), { abortSignal });
        return true;
      },
      expected: (answer) => isAbsent(answer) || undefined,
    });
  }

  #at(Key: string): { readonly Bucket: string; readonly Key: string } & S3Requests['paid'] {
    return { Bucket: this.#bucket, Key, ...this.#requests.paid };
  }
}

function shownOf(
  key: string,
  found: { readonly ContentLength?: number | undefined; readonly ETag?: string | undefined; readonly LastModified?: Date | undefined },
): ListedObject {
  const second = Math.floor((found.LastModified?.getTime() ?? 0) / 1000) * 1000;
  return { key, bytes: found.ContentLength ?? 0, etag: found.ETag ?? '', modifiedAt: new Date(second).toISOString() };
}

function isAbsent({ status, code }: Answer): boolean {
  return status === 404 && code !== 'NoSuchBucket';
}

/** A key in a listing, decoded. Some services write a space as `+` and some as `%20`; both write a plus as `%2B`. */
const decoded = (key: string): string => decodeURIComponent(key.replaceAll('+', ' '));
