import type { CompletedPart } from '@aws-sdk/client-s3';
import { OutcomeUnknown } from '../../ports/retry.ts';
import type { Json } from '../../ports/values.ts';
import type { Answer } from '../../remote/aws/answer.ts';
import type { S3Requests, Sdk } from './requests.ts';

/** An open upload at the final name: the content of a staged file's handle. */
export interface Upload {
  /** The final path of the file. */
  readonly final: string;
  readonly id: string;
  /** The id of the write, in the metadata of the final object. It distinguishes our object from those of other writers. */
  readonly write: string;
  /** The uploaded parts, in order. */
  readonly parts: readonly Part[];
  /** Whether the upload was requested more than once, so that a second, unknown upload may exist. */
  readonly twins: boolean;
}

/** ETag and, if the service keeps one, CRC-32 of a part. */
export type Part = readonly [string, string?];

/** The body of a part, and its hash, which the signature covers. With the hash given, the SDK does not compute it again. */
export interface Body {
  readonly block: Uint8Array;
  readonly sha256: Buffer;
}

/** The outcome of a completion. */
export type CompleteOutcome = 'done' | 'no upload' | 'name taken' | 'unclear';

export function uploadIn(handle: Json | undefined): Upload | undefined {
  return typeof handle === 'object' && handle !== null && 'id' in handle && 'parts' in handle ? (handle as unknown as Upload) : undefined;
}

const mostRounds = 10;
const writeId = 'hygge-write-id';

/** Multipart uploads of one bucket: https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html */
export class Uploads {
  readonly #sdk: Sdk;
  readonly #requests: S3Requests;
  readonly #bucket: string;
  readonly #checksums: boolean;

  /** @param checksums whether the service is AWS, which keeps a CRC-32 of every part. */
  constructor(sdk: Sdk, requests: S3Requests, { checksums }: { readonly checksums: boolean }) {
    this.#sdk = sdk;
    this.#requests = requests;
    this.#bucket = requests.at.bucket;
    this.#checksums = checksums;
  }

  open(key: string, write: string): Promise<{ readonly id: string; readonly twins: boolean }> {
    return this.#requests.send({
      action: 's3:PutObject',
      ask: async ({ client, via, abortSignal, attempt }) => {
        const command = new this.#sdk.CreateMultipartUploadCommand({
          ...this.#at(key),
          ...this.#requests.made,
          Metadata: { [writeId]: write },
          ...(this.#checksums ? { ChecksumAlgorithm: 'CRC32' } : {}),
        });
        const { UploadId: id = '' } = await client.send(via(command), { abortSignal });
        return { id, twins: attempt > 0 };
      },
    });
  }

  /** Sends a part. @param number of the part, from 1. */
  part(key: string, id: string, number: number, { block, sha256 }: Body): Promise<Part | 'no upload'> {
    return this.#requests.send<Part | 'no upload'>({
      action: 's3:PutObject',
      ask: async ({ client, via, abortSignal }) => {
        const command = new this.#sdk.UploadPartCommand({
          ...this.#at(key),
          UploadId: id,
          PartNumber: number,
          Body: block,
          ...(this.#checksums ? { ChecksumAlgorithm: 'CRC32' } : {}),
        });
        const hashed = { 'x-amz-content-sha256': sha256.toString('hex') };
        const { ETag = '', ChecksumCRC32 } = await client.send(via(command, hashed), { abortSignal });
        return ChecksumCRC32 === undefined ? [ETag] : [ETag, ChecksumCRC32];
      },
      expected: ({ code }) => (code === 'NoSuchUpload' ? 'no upload' : undefined),
    });
  }

  /** Completes an upload. The request is sent once; an answer without a clear result is `unclear`. If the service supports conditions, an existing object is never replaced. */
  complete(key: string, { id, parts }: Upload): Promise<CompleteOutcome> {
    return this.#requests.send<CompleteOutcome>({
      action: 's3:PutObject',
      once: key,
      ask: async ({ client, via, abortSignal }) => {
        const Parts = parts.map(([ETag, crc], index): CompletedPart => {
          const part = { PartNumber: index + 1, ETag };
          return crc === undefined ? part : { ...part, ChecksumCRC32: crc };
        });
        const command = new this.#sdk.CompleteMultipartUploadCommand({
          ...this.#at(key),
          UploadId: id,
          IfNoneMatch: '*',
          MultipartUpload: { Parts },
        });
        await client.send(via(command), { abortSignal });
        return 'done';
      },
      expected: ({ status, code }) => {
        if (isNoUpload({ status, code })) return 'no upload';
        if (status === 412) return 'name taken';
        return status === 409 ? 'unclear' : undefined;
      },
    });
  }

  /** Whether the upload is open, so that parts can still be sent and the upload can be completed. */
  isOpen(key: string, id: string): Promise<boolean> {
    return this.#requests.send({
      action: 's3:ListMultipartUploadParts',
      ask: async ({ client, via, abortSignal }) => {
        await client.send(via(new this.#sdk.ListPartsCommand({ ...this.#at(key), UploadId: id, MaxParts: 1 })), { abortSignal });
        return true;
      },
      expected: (answer) => (isNoUpload(answer) ? false : undefined),
    });
  }

  /** Ends an upload permanently. Parts that are still being sent can keep the upload alive, so the abort is repeated until the upload is gone. */
  async abort(key: string, id: string): Promise<void> {
    for (let round = 1; round <= mostRounds; round++) {
      await this.#requests.send({
        action: 's3:AbortMultipartUpload',
        ask: async ({ client, via, abortSignal }) => {
          await client.send(via(new this.#sdk.AbortMultipartUploadCommand({ ...this.#at(key), UploadId: id })), { abortSignal });
          return true;
        },
        expected: isNoUpload,
      });
      if (!(await this.isOpen(key, id))) return;
    }
    throw new OutcomeUnknown(`an upload in ${this.#requests.at.url} is still open after ${mostRounds} attempts to end it`);
  }

  /** Ends every open upload at a key. */
  async abortAll(key: string): Promise<void> {
    for (const id of await this.#openAt(key)) await this.abort(key, id);
  }

  async #openAt(key: string): Promise<readonly string[]> {
    const found: string[] = [];
    let from: { readonly KeyMarker?: string | undefined; readonly UploadIdMarker?: string | undefined } | undefined = {};
    while (from !== undefined) {
      const marker: object = from;
      const page = await this.#requests.send({
        action: 's3:ListBucketMultipartUploads',
        ask: ({ client, via, abortSignal }) =>
          client.send(
            via(new this.#sdk.ListMultipartUploadsCommand({ Bucket: this.#bucket, Prefix: key, ...this.#requests.paid, ...marker })),
            { abortSignal },
          ),
      });
      for (const { Key, UploadId } of page.Uploads ?? []) if (Key === key && UploadId !== undefined) found.push(UploadId);
      from = page.IsTruncated ? { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker } : undefined;
    }
    return found;
  }

  /** The object at a key: `mine` if this write created the object. */
  seen(key: string, write: string | undefined): Promise<'mine' | 'other' | 'nothing'> {
    return this.#requests.send<'mine' | 'other' | 'nothing'>({
      action: 's3:GetObject',
      ask: async ({ client, via, abortSignal }) => {
        const { Metadata = {} } = await client.send(via(new this.#sdk.HeadObjectCommand(this.#at(key))), { abortSignal });
        return write !== undefined && Metadata[writeId] === write ? 'mine' : 'other';
      },
      expected: ({ status }) => (status === 404 ? 'nothing' : undefined),
    });
  }

  #at(Key: string): { readonly Bucket: string; readonly Key: string } & S3Requests['paid'] {
    return { Bucket: this.#bucket, Key, ...this.#requests.paid };
  }
}

/** Whether an upload does not exist. Some services answer NoSuchKey for a missing upload. */
function isNoUpload({ status, code }: Pick<Answer, 'status' | 'code'>): true | undefined {
  return status === 404 && code !== 'NoSuchBucket' ? true : undefined;
}
