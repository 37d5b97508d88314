import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { type Asked, Refused } from './asked.ts';

export interface Stored {
  readonly body: Buffer;
  readonly etag: string;
  readonly at: Date;
  readonly metadata: Readonly<Record<string, string>>;
  /** Base64; undefined: nobody gave one. */
  readonly crc: string | undefined;
}

export interface OpenUpload {
  readonly id: string;
  readonly key: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Whether every part has to bring a CRC-32. */
  readonly sums: boolean;
  readonly parts: Map<number, { readonly body: Buffer; readonly etag: string; readonly crc: string | undefined }>;
}

/** A part as a completion names it. */
export interface Named {
  readonly number: number;
  readonly etag: string;
  readonly crc: string | undefined;
}

const leastPartBytes = 5 * 1024 * 1024;
const md5 = (body: Buffer): string => createHash('md5').update(body).digest('hex');
export const crcOf = (body: Buffer): string => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(body));
  return bytes.toString('base64');
};

/** The rules of one bucket, as S3 documents them. */
export class Bucket {
  readonly objects = new Map<string, Stored>();
  readonly uploads = new Map<string, OpenUpload>();
  /** Whether anybody may read. */
  isPublic = false;

  object(key: string): Stored {
    const found = this.objects.get(key);
    if (found === undefined) throw new Refused(404, 'NoSuchKey');
    return found;
  }

  keys(prefix: string): readonly string[] {
    const found = [...this.objects.keys()].filter((key) => key.startsWith(prefix));
    return found.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  }

  put(request: Asked): Stored {
    const { key, body, headers } = request;
    checkSums(request);
    this.#holds(key, headers);
    const stored = { body, etag: `"${md5(body)}"`, at: new Date(), metadata: metadataIn(headers), crc: headers['x-amz-checksum-crc32'] };
    this.objects.set(key, stored);
    return stored;
  }

  #holds(key: string, headers: Asked['headers']): void {
    const standing = this.objects.get(key);
    if (headers['if-none-match'] !== undefined && standing !== undefined) throw new Refused(412, 'PreconditionFailed');
    const wanted = headers['if-match'];
    if (wanted === undefined) return;
    if (standing === undefined) throw new Refused(404, 'NoSuchKey');
    // In its quotes, as HTTP has it.
    if (wanted !== standing.etag) throw new Refused(412, 'PreconditionFailed');
  }

  create({ key, headers }: Asked): OpenUpload {
    const id = randomBytes(12).toString('hex');
    const sums = headers['x-amz-checksum-algorithm'] === 'CRC32';
    const upload: OpenUpload = { id, key, metadata: metadataIn(headers), sums, parts: new Map() };
    this.uploads.set(id, upload);
    return upload;
  }

  upload(key: string, id: string): OpenUpload {
    const found = this.uploads.get(id);
    if (found?.key !== key) throw new Refused(404, 'NoSuchUpload');
    return found;
  }

  part(request: Asked): { readonly etag: string; readonly crc: string | undefined } {
    const { key, query, body, headers } = request;
    const upload = this.upload(key, query.get('uploadId') ?? '');
    checkSums(request);
    const crc = headers['x-amz-checksum-crc32'];
    if (upload.sums && crc === undefined) throw new Refused(400, 'InvalidRequest');
    const part = { body, etag: `"${md5(body)}"`, crc };
    upload.parts.set(Number(query.get('partNumber')), part);
    return part;
  }

  complete(key: string, id: string, named: readonly Named[], headers: Asked['headers']): Stored {
    const upload = this.upload(key, id);
    this.#holds(key, headers);
    const parts = named.map(({ number, etag, crc }, index) => {
      const part = upload.parts.get(number);
      if (part === undefined || part.etag !== etag) throw new Refused(400, 'InvalidPart');
      if (upload.sums && crc !== part.crc) throw new Refused(400, 'InvalidRequest');
      if (index < named.length - 1 && part.body.length < leastPartBytes) throw new Refused(400, 'EntityTooSmall');
      return part;
    });
    if (parts.length === 0) throw new Refused(400, 'MalformedXML');
    const whole = createHash('md5');
    for (const { etag } of parts) whole.update(Buffer.from(etag.slice(1, -1), 'hex'));
    const body = Buffer.concat(parts.map((part) => part.body));
    const stored = { body, etag: `"${whole.digest('hex')}-${parts.length}"`, at: new Date(), metadata: upload.metadata, crc: undefined };
    this.objects.set(key, stored);
    this.uploads.delete(id);
    return stored;
  }
}

/** What a request says of its body must be true. */
function checkSums({ headers, body }: Asked): void {
  const crc = headers['x-amz-checksum-crc32'];
  if (crc !== undefined && crc !== crcOf(body)) throw new Refused(400, 'BadDigest');
  if (headers['content-md5'] !== undefined && headers['content-md5'] !== Buffer.from(md5(body), 'hex').toString('base64'))
    throw new Refused(400, 'BadDigest');
  if (headers['content-encoding'] !== undefined || headers['x-amz-trailer'] !== undefined) throw new Refused(501, 'NotImplemented');
}

function metadataIn(headers: Asked['headers']): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('x-amz-meta-'))) as Record<string, string>;
}
