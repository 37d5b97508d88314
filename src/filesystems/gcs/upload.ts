import type { Random } from '../../ports/random.ts';
import type { Place } from '../remote/blocks.ts';
import { asWritten, crc32c } from './crc32c.ts';
import { type Addresses, objectFields, objectIn, writeKey } from './objects.ts';
import type { Ending, Requests } from './requests.ts';
import { type Finished, Session } from './session.ts';
import type { Request } from './transport.ts';

export interface UploadRequest {
  readonly requests: Requests;
  readonly addresses: Addresses;
  readonly random: Random;
  readonly key: string;
  /** Goes into the object's metadata: whose it is. */
  readonly write: string;
  /** Of every block but the last. */
  readonly blockBytes: number;
  /** For people. */
  readonly shown: string;
}

/** A new object out of blocks in their order: in one request when one block is all, else in a session. */
export class Upload {
  readonly #request: UploadRequest;
  #session: Promise<Session | 'look'> | undefined;
  #finished: Finished | undefined;
  #checksum = 0;

  constructor(request: UploadRequest) {
    this.#request = request;
  }

  /** Only the last block may be shorter than the others. */
  async send(block: Uint8Array, { index, offset }: Place): Promise<void> {
    const last = block.byteLength < this.#request.blockBytes;
    if (last && index === 0) this.#finished = await this.#whole(block);
    else await this.#inSession(block, offset, last);
  }

  /** @param bytes of all blocks. */
  async finish(bytes: number): Promise<Finished> {
    if (bytes === 0) return this.#whole(new Uint8Array());
    if (this.#finished === undefined) await this.#inSession(new Uint8Array(), bytes, true);
    return this.#finished ?? 'look';
  }

  /** As the service must know it, of all that was sent. */
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

  async #whole(block: Uint8Array): Promise<Finished> {
    const { requests, addresses, random, key, write } = this.#request;
    this.#checksum = crc32c(block);
    const url = addresses.upload({ uploadType: 'multipart', name: key, ifGenerationMatch: '0', fields: objectFields });
    const ending = await requests.once(key, inOneRequest({ url, key, body: block, metadata: { [writeKey]: write }, random }));
    // The answer of an upload of ours was lost, or somebody else was first: the object tells, if there is one.
    if (ending.status === 412 || ending.status === undefined) return 'look';
    return objectOf(ending) ?? Promise.reject(requests.writeError('write', ending));
  }
}

export function objectOf(ending: Ending): Exclude<Finished, 'look'> | undefined {
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
 * An object in a single request, with its checksum for the service to compare.
 * https://cloud.google.com/storage/docs/uploading-objects#rest-upload-objects
 */
export function inOneRequest({ url, key, body, metadata, random }: Whole): Request {
  const boundary = `hygge-${random.nonce()}${random.nonce()}${random.nonce()}`;
  const about = JSON.stringify({ name: key, crc32c: asWritten(crc32c(body)), ...(metadata === undefined ? {} : { metadata }) });
  const part = (type: string) => `--${boundary}\r\ncontent-type: ${type}\r\n\r\n`;
  return {
    doing: 'write',
    method: 'POST',
    url,
    headers: { 'content-type': `multipart/related; boundary=${boundary}` },
    body: Buffer.concat([
      Buffer.from(`${part('application/json; charset=UTF-8')}${about}\r\n${part('application/octet-stream')}`),
      body,
      Buffer.from(`\r\n--${boundary}--\r\n`),
    ]),
  };
}
