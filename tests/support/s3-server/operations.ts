import { type Answered, type Asked, document, escaped, Refused, tag } from './asked.ts';
import { type Bucket, crcOf, type Named, type Stored } from './bucket.ts';

/** The requests that this server has been taught, by the names that S3 has for them. */
export type Operation = keyof typeof operations;

interface Given {
  readonly bucket: Bucket;
  readonly request: Asked;
  readonly pageSize: number;
  readonly knowsEncodings: boolean;
}

const named: readonly { readonly operation: string; readonly method: string; readonly of: 'bucket' | 'key'; readonly query: string }[] = [
  { operation: 'ListObjectsV2', method: 'GET', of: 'bucket', query: 'list-type' },
  { operation: 'ListMultipartUploads', method: 'GET', of: 'bucket', query: 'uploads' },
  { operation: 'ListParts', method: 'GET', of: 'key', query: 'uploadId' },
  { operation: 'UploadPart', method: 'PUT', of: 'key', query: 'partNumber' },
  { operation: 'CreateMultipartUpload', method: 'POST', of: 'key', query: 'uploads' },
  { operation: 'CompleteMultipartUpload', method: 'POST', of: 'key', query: 'uploadId' },
  { operation: 'AbortMultipartUpload', method: 'DELETE', of: 'key', query: 'uploadId' },
  { operation: 'HeadObject', method: 'HEAD', of: 'key', query: '' },
  { operation: 'GetObject', method: 'GET', of: 'key', query: '' },
  { operation: 'PutObject', method: 'PUT', of: 'key', query: '' },
  { operation: 'DeleteObject', method: 'DELETE', of: 'key', query: '' },
];

/** Undefined: it was not taught. */
export function operationOf({ method, key, query, headers }: Asked): Operation | undefined {
  if (headers['x-amz-copy-source'] !== undefined) return undefined;
  const of = key === '' ? 'bucket' : 'key';
  const found = named.find((one) => one.method === method && one.of === of && (one.query === '' || query.has(one.query)));
  const known = ['list-type', 'uploads', 'uploadId', 'partNumber', 'prefix', 'continuation-token', 'encoding-type', 'x-id'];
  known.push('key-marker', 'upload-id-marker', 'max-parts');
  return [...query.keys()].every((name) => known.includes(name)) ? (found?.operation as Operation | undefined) : undefined;
}

export const operations = {
  HeadObject: ({ bucket, request }) => ({ status: 200, headers: headersOf(bucket.object(request.key)) }),

  GetObject({ bucket, request: { key, headers } }) {
    const stored = bucket.object(key);
    const wanted = headers['if-match'];
    if (wanted !== undefined && wanted !== stored.etag) throw new Refused(412, 'PreconditionFailed');
    const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '') ?? [];
    if (start === undefined || end === undefined) {
      const sum: Record<string, string> = stored.crc === undefined ? {} : { 'x-amz-checksum-crc32': crcOf(stored.body) };
      return { status: 200, headers: { ...headersOf(stored), ...sum }, body: stored.body };
    }
    if (Number(start) >= stored.body.length) throw new Refused(416, 'InvalidRange');
    const body = stored.body.subarray(Number(start), Number(end) + 1);
    return { status: 206, headers: { ...headersOf(stored), 'content-length': String(body.length) }, body };
  },

  PutObject({ bucket, request }) {
    const { etag } = bucket.put(request);
    return { status: 200, headers: { etag } };
  },

  DeleteObject({ bucket, request }) {
    bucket.objects.delete(request.key);
    return { status: 204 };
  },

  ListObjectsV2({ bucket, request: { query }, pageSize, knowsEncodings }) {
    const from = query.get('continuation-token') ?? '';
    const keys = bucket.keys(query.get('prefix') ?? '');
    const rest = from === '' ? keys : keys.slice(keys.indexOf(Buffer.from(from, 'hex').toString()) + 1);
    const page = rest.slice(0, pageSize);
    const isEncoded = knowsEncodings && query.get('encoding-type') === 'url';
    const spelt = (key: string) => (isEncoded ? encodeURIComponent(key).replaceAll('%20', '+') : escaped(key));
    const contents = page.map((key) => {
      const { etag, body, at } = bucket.object(key);
      const seen = tag('LastModified', at.toISOString()) + tag('ETag', escaped(etag)) + tag('Size', body.length);
      return tag('Contents', tag('Key', spelt(key)) + seen);
    });
    const isTruncated = page.length < rest.length;
    const next = isTruncated ? tag('NextContinuationToken', Buffer.from(page.at(-1) ?? '').toString('hex')) : '';
    const head = tag('IsTruncated', isTruncated) + (isEncoded ? tag('EncodingType', 'url') : '');
    return { status: 200, body: document('ListBucketResult', head + next + contents.join('')) };
  },

  ListMultipartUploads({ bucket, request: { query }, pageSize }) {
    const prefix = query.get('prefix') ?? '';
    const marker = query.get('upload-id-marker');
    // Without the id of an upload all uploads of the marked key lie behind.
    const behind = marker === undefined ? (query.get('key-marker') ?? '') : '';
    const all = [...bucket.uploads.values()].filter(({ key }) => key.startsWith(prefix) && key > behind);
    const rest = marker === undefined ? all : all.slice(all.findIndex(({ id }) => id === marker) + 1);
    const page = rest.slice(0, pageSize);
    const last = page.at(-1);
    const isTruncated = page.length < rest.length;
    const next = isTruncated && last ? tag('NextKeyMarker', escaped(last.key)) + tag('NextUploadIdMarker', last.id) : '';
    const uploads = page.map(({ key, id }) => tag('Upload', tag('Key', escaped(key)) + tag('UploadId', id)));
    return { status: 200, body: document('ListMultipartUploadsResult', tag('IsTruncated', isTruncated) + next + uploads.join('')) };
  },

  CreateMultipartUpload({ bucket, request }) {
    const { id, key } = bucket.create(request);
    return { status: 200, body: document('InitiateMultipartUploadResult', tag('Key', escaped(key)) + tag('UploadId', id)) };
  },

  UploadPart({ bucket, request }) {
    const { etag, crc } = bucket.part(request);
    return { status: 200, headers: { etag, ...(crc === undefined ? {} : { 'x-amz-checksum-crc32': crc }) } };
  },

  ListParts({ bucket, request: { key, query } }) {
    const { parts } = bucket.upload(key, query.get('uploadId') ?? '');
    const shown = [...parts].map(([number, { etag }]) => tag('Part', tag('PartNumber', number) + tag('ETag', escaped(etag))));
    return { status: 200, body: document('ListPartsResult', tag('IsTruncated', false) + shown.join('')) };
  },

  CompleteMultipartUpload({ bucket, request: { key, query, headers, body } }) {
    const { etag } = bucket.complete(key, query.get('uploadId') ?? '', partsIn(body.toString()), headers);
    return { status: 200, body: document('CompleteMultipartUploadResult', tag('Key', escaped(key)) + tag('ETag', escaped(etag))) };
  },

  AbortMultipartUpload({ bucket, request: { key, query } }) {
    bucket.uploads.delete(bucket.upload(key, query.get('uploadId') ?? '').id);
    return { status: 204 };
  },
} satisfies Readonly<Record<string, (given: Given) => Answered>>;

function headersOf({ body, etag, at, metadata }: Stored): Record<string, string> {
  return { 'content-length': String(body.length), etag, 'last-modified': at.toUTCString(), ...metadata };
}

function partsIn(body: string): readonly Named[] {
  return [...body.matchAll(/<Part>(.*?)<\/Part>/gs)].map(([, part = '']) => {
    const text = (name: string) => new RegExp(`<${name}>(.*?)</${name}>`, 's').exec(part)?.[1];
    return { number: Number(text('PartNumber')), etag: (text('ETag') ?? '').replaceAll('&quot;', '"'), crc: text('ChecksumCRC32') };
  });
}
