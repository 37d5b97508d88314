import type { ConnectionError } from '../../errors/hygge-error.ts';
import type { Random } from '../../ports/random.ts';
import { mostSends } from '../../ports/retry.ts';
import { isPassing } from '../../remote/google/answer.ts';
import { notReached } from '../../remote/refusals.ts';
import { contentHeadersFor } from '../paths.ts';
import type { BlockPosition } from '../remote/blocks.ts';
import { asWritten, crc32c } from './crc32c.ts';
import { type ObjectInfo, type ObjectUrls, objectFields, objectIn, writeKey } from './objects.ts';
import type { GcsRequests, RequestEnd } from './requests.ts';
import type { GcsRequest } from './transport.ts';

export interface UploadRequest {
  readonly requests: GcsRequests;
  readonly addresses: ObjectUrls;
  readonly random: Random;
  readonly key: string;
  /** Metadata of the object that identifies its upload. */
  readonly write: string;
  /** The size of every block except the last. */
  readonly blockBytes: number;
  /** For messages. */
  readonly shown: string;
}

/** Creates an object from blocks in order. A single block is sent in one request; several blocks are sent in a session. */
export class Upload {
  readonly #request: UploadRequest;
  #session: Promise<Session | 'look'> | undefined;
  #finished: FinishedUpload | undefined;
  #checksum = 0;

  constructor(request: UploadRequest) {
    this.#request = request;
  }

  /** Only the last block may be shorter than the other blocks. */
  async send(block: Uint8Array, { index, offset }: BlockPosition): Promise<void> {
    const last = block.byteLength < this.#request.blockBytes;
    if (last && index === 0) this.#finished = await this.#whole(block);
    else await this.#inSession(block, offset, last);
  }

  /** Ends the upload. @param bytes the number of bytes of all blocks together. */
  async finish(bytes: number): Promise<FinishedUpload> {
    if (bytes === 0) return this.#whole(new Uint8Array());
    if (this.#finished === undefined) await this.#inSession(new Uint8Array(), bytes, true);
    return this.#finished ?? 'look';
  }

  /** The checksum of all sent bytes, in the form of the service. */
  get checksum(): string {
    return asWritten(this.#checksum);
  }

  async cancel(): Promise<void> {
    const session = await this.#session;
    if (session !== undefined && session !== 'look') await session.cancel();
  }

  async #inSession(block: Uint8Array, offset: number, last: boolean): Promise<void> {
    this.#session ??= this.#open();
    const session = await this.#session;
    const finished = session === 'look' ? session : await session.send(block, offset, last);
    if (session !== 'look') this.#checksum = session.checksum;
    if (finished !== undefined) this.#finished = finished;
  }

  #open(): Promise<Session | 'look'> {
    const { requests, addresses, key, write, shown } = this.#request;
    const url = addresses.upload({ uploadType: 'resumable', name: key, ifGenerationMatch: '0', fields: objectFields });
    return Session.open({ requests, url, metadata: { name: key, metadata: { [writeKey]: write } }, shown });
  }

  async #whole(block: Uint8Array): Promise<FinishedUpload> {
    const { requests, addresses, random, key, write } = this.#request;
    this.#checksum = crc32c(block);
    const url = addresses.upload({ uploadType: 'multipart', name: key, ifGenerationMatch: '0', fields: objectFields });
    const ending = await requests.once(key, wholeUploadRequest({ url, key, body: block, metadata: { [writeKey]: write }, random }));
    // The answer to our upload was lost, or another client was first. The metadata of the object show which of the two happened.
    if (ending.status === 412 || ending.status === undefined) return 'look';
    return finishedObject(ending) ?? Promise.reject(requests.writeError('write', ending));
  }
}

export function finishedObject(ending: RequestEnd): Exclude<FinishedUpload, 'look'> | undefined {
  return ending.status === 200 && ending.received ? objectIn(ending.received.body) : undefined;
}

interface Whole {
  readonly url: string;
  readonly key: string;
  readonly body: Uint8Array;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly random: Random;
}

/**
 * The request that creates an object, with the checksum for the service to compare.
 * https://cloud.google.com/storage/docs/uploading-objects#rest-upload-objects
 */
export function wholeUploadRequest({ url, key, body, metadata, random }: Whole): GcsRequest {
  const boundary = `hygge-${random.nonce()}${random.nonce()}${random.nonce()}`;
  const served = contentHeadersFor(key);
  const kind = served && { contentType: served.type, cacheControl: served.cache };
  const about = JSON.stringify({ name: key, crc32c: asWritten(crc32c(body)), ...(metadata === undefined ? {} : { metadata }), ...kind });
  const part = (type: string) => `--${boundary}\r\ncontent-type: ${type}\r\n\r\n`;
  return {
    doing: 'write',
    method: 'POST',
    url,
    headers: { 'content-type': `multipart/related; boundary=${boundary}` },
    body: Buffer.concat([
      Buffer.from(`${part('application/json; charset=UTF-8')}${about}\r\n${part(served?.type ?? 'application/octet-stream')}`),
      body,
      Buffer.from(`\r\n--${boundary}--\r\n`),
    ]),
  };
}

interface SessionRequest {
  readonly requests: GcsRequests;
  /** The address with the conditions for the new object. */
  readonly url: string;
  /** The metadata of the object. */
  readonly metadata: object;
  /** For messages. */
  readonly shown: string;
}

/** `look`: the object exists, and only a check shows whose it is. */
type FinishedUpload = ObjectInfo | 'look';

/**
 * A resumable upload: pieces are sent one after the other. After a lost answer the service reports its progress, so every piece arrives
 * exactly once. The complete object exists after the last piece. The service forgets an unfinished upload after a week.
 * https://cloud.google.com/storage/docs/performing-resumable-uploads
 */
class Session {
  readonly #requests: GcsRequests;
  readonly #shown: string;
  readonly #uri: string;
  #checksum = 0;
  /** Pieces are sent in order, each after the previous one has arrived. */
  #before: Promise<unknown> = Promise.resolve();

  private constructor({ requests, shown }: SessionRequest, uri: string) {
    this.#requests = requests;
    this.#shown = shown;
    this.#uri = uri;
  }

  static async open(request: SessionRequest): Promise<Session | 'look'> {
    const { requests, url, metadata } = request;
    // If the answer is lost, the new session is never used, and makes no object.
    const ending = await requests.safely({
      doing: 'write',
      method: 'POST',
      url,
      headers: { 'content-type': 'application/json' },
      body: new TextEncoder().encode(JSON.stringify(metadata)),
    });
    if (ending.status === 412) return 'look';
    const uri = ending.status === 200 ? ending.received?.headers.get('location') : undefined;
    if (!uri) throw requests.refusal('write', ending);
    return new Session(request, uri);
  }

  /** CRC-32C of all pieces so far. */
  get checksum(): number {
    return this.#checksum;
  }

  /** Sends a piece; `last`: the final piece, which may be empty. Returns the object after the last piece, else undefined. */
  send(piece: Uint8Array, offset: number, last: boolean): Promise<FinishedUpload | undefined> {
    this.#checksum = crc32c(piece, this.#checksum);
    const checksum = last ? this.#checksum : undefined;
    const sending = this.#before.then(() => this.#send(piece, offset, checksum));
    this.#before = sending;
    return sending;
  }

  /** @param checksum of the whole body; given only with the last piece. */
  async #send(piece: Uint8Array, offset: number, checksum: number | undefined): Promise<FinishedUpload | undefined> {
    const end = offset + piece.byteLength;
    const total = checksum === undefined ? '*' : String(end);
    let from = offset;
    let still = 0;
    for (let budget = this.#requests.budget(); ; ) {
      let ending = await this.#put(piece.subarray(from - offset), { from, total, checksum });
      if (isPassing(ending)) {
        await budget.failed(ending).catch(() => Promise.reject(this.#broken(ending, true)));
        ending = await this.#requests.safely(this.#request(`bytes */${total}`));
      }
      if (ending.status === 200 || ending.status === 201) return (ending.received && objectIn(ending.received.body)) ?? 'look';
      if (ending.status === 412) return 'look';
      const come = this.#comeSoFar(ending);
      if (come < offset || come > end) throw this.#broken(ending);
      if (come === end && checksum === undefined) return undefined;
      still = come > from ? 0 : still + 1;
      if (still >= mostSends) throw this.#broken(ending, true);
      if (come > from) budget = this.#requests.budget();
      from = come;
    }
  }

  #put(rest: Uint8Array, { from, total, checksum }: { from: number; total: string; checksum: number | undefined }): Promise<RequestEnd> {
    const range = rest.byteLength === 0 ? `bytes */${total}` : `bytes ${from}-${from + rest.byteLength - 1}/${total}`;
    return this.#requests.sendOnce({ ...this.#request(range, checksum), body: rest });
  }

  #request(range: string, checksum?: number) {
    const hash = checksum === undefined ? {} : { 'x-goog-hash': `crc32c=${asWritten(checksum)}` };
    return { doing: 'write', method: 'PUT', url: this.#uri, unsigned: true, headers: { 'content-range': range, ...hash } } as const;
  }

  /** The number of bytes that the service has kept, from its header `Range: bytes=0-<last>`. Without the header: 0. */
  #comeSoFar(ending: RequestEnd): number {
    // 404 and 410: the service has forgotten the session.
    if (ending.status === 404 || ending.status === 410) throw this.#broken(ending);
    if (ending.status !== 308) throw this.#requests.writeError('write', ending);
    const last = /^bytes=0-(\d+)$/.exec(ending.received?.headers.get('range') ?? '')?.[1];
    return last === undefined ? 0 : Number(last) + 1;
  }

  /** Cancels an upload that failed permanently. The caller starts again with another name. */
  async cancel(): Promise<void> {
    await this.#before.catch(() => undefined);
    await this.#requests.sendOnce({ doing: 'write', method: 'DELETE', url: this.#uri, unsigned: true });
  }

  #broken({ status, code, retryAfterMs }: RequestEnd, spent = false): ConnectionError {
    const told = retryAfterMs === undefined ? {} : { retryAfterMs };
    return notReached({ url: this.#shown, doing: 'write', status, code }, { transient: true, spent, ...told });
  }
}
