import { createServer } from 'node:http';
import { bodyOf, listening } from '../listening.ts';
import { type Answered, type Asked, asked, errorBody, Refused } from './asked.ts';
import { Bucket } from './bucket.ts';
import { type Operation, operationOf, operations } from './operations.ts';
import { Roles, roleError } from './roles.ts';
import { type KnownKey, signer } from './signature.ts';

/** A request that came, and what it was. */
export interface Seen {
  readonly operation: Operation | 'sts';
  readonly request: Asked;
  /** Counted from 1 over those of its operation. */
  readonly count: number;
}

export interface S3Server extends AsyncDisposable {
  readonly url: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly roles: Roles;
  readonly seen: readonly Seen[];
  /** Requests that it was not taught, answered with 501. */
  readonly notTaught: readonly string[];
  /** Where all buckets lie. */
  region: string;
  /** Names in one answer to a listing. */
  pageSize: number;
  /** Whether it writes keys as URLs do when it is asked to; some never do. */
  knowsEncodings: boolean;
  /** A bucket, made when it is asked for first. */
  bucket(name: string): Bucket;
  /** Answers in place of the server: `before` it does anything, or after it has. Undefined lets it. Replaces the rule before. */
  rule(decide: (seen: Seen) => { readonly before?: Answered; readonly after?: Answered } | undefined): void;
  /** Whether that caller may not. */
  forbid(isForbidden: (seen: Seen, whose: string | undefined) => boolean): void;
}

/**
 * A strict S3 of our own for what radosgw lacks: If-Match in quotes, conditional completion, CRC-32 of parts, regions, STS. It checks every
 * signature; what it was not taught is answered with 501.
 */
export async function startS3Server(): Promise<S3Server> {
  const buckets = new Map<string, Bucket>();
  const keys = new Map<string, KnownKey>([['AKIAHYGGE', { secret: 'a secret of the test', whose: 'hygge' }]]);
  const seen: Seen[] = [];
  const counts = new Map<string, number>();
  const notTaught: string[] = [];
  let decide: Parameters<S3Server['rule']>[0] = () => undefined;
  let isForbidden: Parameters<S3Server['forbid']>[0] = () => false;

  const server = createServer(async (from, to) => {
    const request = asked(from.method ?? '', from.url ?? '', from.headers as Asked['headers'], await bodyOf(from));
    const isSts = request.bucket === '';
    let answer: Answered;
    try {
      answer = answerTo(request);
    } catch (error) {
      const refused = error instanceof Refused ? error : new Refused(500, 'InternalError');
      answer = { status: refused.status, headers: refused.headers, body: isSts ? roleError(refused) : errorBody(refused) };
    }
    const { status, headers = {}, body = '' } = answer;
    to.writeHead(status, { 'content-type': 'application/xml', ...headers });
    to.end(request.method === 'HEAD' ? undefined : body);
  });
  server.keepAliveTimeout = 600_000;

  function answerTo(request: Asked): Answered {
    const operation = request.bucket === '' && request.method === 'POST' ? 'sts' : operationOf(request);
    if (operation === undefined) {
      notTaught.push(`${request.method} ${request.rawPath}?${[...request.query.keys()].join('&')}`);
      throw new Refused(501, 'NotImplemented');
    }
    const count = (counts.get(operation) ?? 0) + 1;
    counts.set(operation, count);
    const one: Seen = { operation, request, count };
    seen.push(one);
    const { before, after } = decide(one) ?? {};
    if (before !== undefined) return before;
    const answer = operation === 'sts' ? running.roles.answer(request, keys, running.region) : carriedOut(operation, one);
    return after ?? answer;
  }

  function carriedOut(operation: Operation, one: Seen): Answered {
    const { request } = one;
    const whose = signer(request, keys, { region: running.region, service: 's3' });
    const bucket = buckets.get(request.bucket);
    if (bucket === undefined) throw new Refused(404, 'NoSuchBucket');
    const reads = request.method === 'GET' || request.method === 'HEAD';
    if (isForbidden(one, whose) || (whose === undefined && !(bucket.isPublic && reads))) throw new Refused(403, 'AccessDenied');
    const { pageSize, knowsEncodings } = running;
    return operations[operation]({ bucket, request, pageSize, knowsEncodings });
  }

  const running: S3Server = {
    ...(await listening(server)),
    accessKeyId: 'AKIAHYGGE',
    secretAccessKey: 'a secret of the test',
    roles: new Roles(),
    seen,
    notTaught,
    region: 'us-east-1',
    pageSize: 100,
    knowsEncodings: true,
    bucket(name) {
      const bucket = buckets.get(name) ?? new Bucket();
      buckets.set(name, bucket);
      return bucket;
    },
    rule(next) {
      decide = next;
    },
    forbid(next) {
      isForbidden = next;
    },
  };
  return running;
}
