import { createHash, createHmac } from 'node:crypto';
import { type Asked, Refused } from './asked.ts';

/** Keys that the server knows. */
export interface KnownKey {
  readonly secret: string;
  /** Of temporary keys. */
  readonly token?: string;
  /** Milliseconds since 1970. */
  readonly until?: number;
  /** Whom they stand for. */
  readonly whose: string;
}

const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, data: string): Buffer => createHmac('sha256', key).update(data).digest();

/** As RFC 3986 has it: all but letters, digits and -._~ */
const encoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

/**
 * Checks a signature of version 4 and the body it covers; answers whose it is. Undefined: nobody signed.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
export function signer(request: Asked, keys: ReadonlyMap<string, KnownKey>, at: { readonly region: string; readonly service: string }) {
  const written = request.headers.authorization;
  if (written === undefined) return undefined;
  const [, id = '', date = '', region = '', service = '', names = '', signature = ''] =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([\w-]+)\/(\w+)\/aws4_request, ?SignedHeaders=([\w;-]+), ?Signature=([0-9a-f]{64})$/.exec(
      written,
    ) ?? [];
  if (service !== at.service) throw new Refused(400, 'AuthorizationHeaderMalformed');
  if (region !== at.region)
    throw new Refused(400, 'AuthorizationHeaderMalformed', { Region: at.region }, { 'x-amz-bucket-region': at.region });
  const known = keys.get(id);
  if (known === undefined) throw new Refused(403, at.service === 's3' ? 'InvalidAccessKeyId' : 'InvalidClientTokenId');
  if (request.headers['x-amz-security-token'] !== known.token) throw new Refused(400, 'InvalidToken');
  if (known.until !== undefined && known.until < Date.now()) throw new Refused(400, 'ExpiredToken');
  const hash = at.service === 's3' ? (request.headers['x-amz-content-sha256'] ?? '') : sha256(request.body);
  if (hash !== 'UNSIGNED-PAYLOAD' && hash !== sha256(request.body)) throw new Refused(400, 'XAmzContentSHA256Mismatch');
  const time = request.headers['x-amz-date'] ?? '';
  const scope = `${date}/${region}/${service}/aws4_request`;
  const toSign = `AWS4-HMAC-SHA256\n${time}\n${scope}\n${sha256(canonical(request, names, hash))}`;
  const key = [date, region, service, 'aws4_request'].reduce<string | Buffer>((under, part) => hmac(under, part), `AWS4${known.secret}`);
  if (hmac(key, toSign).toString('hex') !== signature) throw new Refused(403, 'SignatureDoesNotMatch');
  return known.whose;
}

function canonical({ method, rawPath, query, headers }: Asked, names: string, hash: string): string {
  const pairs = [...query].map(([name, value]) => `${encoded(name)}=${encoded(value)}`).sort();
  const lines = names.split(';').map((name) => `${name}:${(headers[name] ?? '').trim()}\n`);
  return [method, rawPath, pairs.join('&'), lines.join(''), names, hash].join('\n');
}
