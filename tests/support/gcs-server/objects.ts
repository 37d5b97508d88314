import { type Bucket, resourceOf, type Stored } from './bucket.ts';
import { type Answered, type Asked, NotTaught, only, selected } from './exchange.ts';

/** https://cloud.google.com/storage/docs/json_api/v1/objects/list */
export function list(bucket: Bucket, { query }: Asked, longestPage: number): Answered {
  only(query, 'prefix', 'maxResults', 'pageToken', 'fields', 'userProject');
  const after = Buffer.from(query.get('pageToken') ?? '', 'base64');
  const names = bucket.names(query.get('prefix') ?? '').filter((name) => Buffer.compare(Buffer.from(name), after) > 0);
  const page = names.slice(0, Math.min(Number(query.get('maxResults') ?? 1000), longestPage));
  const last = page.at(-1);
  const resource = {
    kind: 'storage#objects',
    // Left away when there are none, as the service does.
    ...(page.length === 0 ? {} : { items: page.map((name) => resourceOf(bucket, bucket.read(name))) }),
    ...(last !== undefined && page.length < names.length ? { nextPageToken: Buffer.from(last).toString('base64') } : {}),
  };
  return { status: 200, body: selected(resource, query.get('fields')) };
}

/** https://cloud.google.com/storage/docs/json_api/v1/objects/get */
export function get(bucket: Bucket, name: string, { query, headers }: Asked): Answered {
  only(query, 'alt', 'fields', 'ifGenerationMatch', 'userProject');
  const stored = bucket.read(name);
  bucket.mustMatch(name, query.get('ifGenerationMatch'));
  if (query.get('alt') !== 'media') return { status: 200, body: selected(resourceOf(bucket, stored), query.get('fields')) };
  const told = {
    'content-type': stored.contentType,
    'x-goog-hash': `crc32c=${stored.crc32c},md5=${stored.md5Hash}`,
    'x-goog-generation': stored.generation,
    'x-goog-metageneration': '1',
  };
  return headers.range === undefined ? { status: 200, headers: told, body: stored.body } : ranged(stored, headers.range, told);
}

function ranged({ body }: Stored, written: string, told: Record<string, string>): Answered {
  const [, start, last] = /^bytes=(\d+)-(\d+)$/.exec(written) ?? [];
  if (start === undefined || last === undefined) throw new NotTaught(`range ${written}`);
  if (Number(start) >= body.length) return { status: 416, headers: { 'content-range': `bytes */${body.length}` } };
  const end = Math.min(Number(last) + 1, body.length);
  const range = `bytes ${start}-${end - 1}/${body.length}`;
  return { status: 206, headers: { ...told, 'content-range': range }, body: body.subarray(Number(start), end) };
}

/** https://cloud.google.com/storage/docs/json_api/v1/objects/delete */
export function remove(bucket: Bucket, name: string, { query }: Asked): Answered {
  only(query, 'ifGenerationMatch', 'userProject');
  bucket.remove(name, query.get('ifGenerationMatch'));
  return { status: 204 };
}

/** https://cloud.google.com/storage/docs/json_api/v1/objects/move */
export function move(bucket: Bucket, from: string, to: string, { query }: Asked): Answered {
  only(query, 'ifSourceGenerationMatch', 'ifGenerationMatch', 'fields', 'userProject');
  const stored = bucket.move(from, to, { source: query.get('ifSourceGenerationMatch'), target: query.get('ifGenerationMatch') });
  return { status: 200, body: selected(resourceOf(bucket, stored), query.get('fields')) };
}
