import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listening } from '../listening.ts';
import { Bucket } from './bucket.ts';
import { type Answered, type Asked, NotTaught, Refusal } from './exchange.ts';
import { get, list, move, remove } from './objects.ts';
import { provider, subjectToken, Tokens } from './tokens.ts';
import { Uploads } from './uploads.ts';

export interface GcsServer extends AsyncDisposable {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** What takes requests, for servers that listen elsewhere too. */
  readonly listener: RequestListener;
  readonly tokens: Tokens;
  readonly uploads: Uploads;
  /** A file that lets one in: a credential configuration that exchanges a token here. */
  readonly keyFile: string;
  /** Makes an empty bucket. `open`: everybody may read and list. */
  bucket(name: string, open?: 'open'): Bucket;
  /** Whoever asks is known, and may not do this. */
  forbid(what: (asked: Asked) => boolean, reason?: string): void;
  /** Requests that it was not taught; a test that leaves one here fails. */
  readonly notTaught: readonly string[];
}

/** So few objects come in one page. */
const longestPage = 150;

/**
 * The part of Cloud Storage's JSON API that hygge uses, in memory and strict: what it was not taught is 501 and noted. Beside it those who give
 * out tokens. https://cloud.google.com/storage/docs/json_api
 */
export async function startGcsServer(): Promise<GcsServer> {
  const [tokens, uploads] = [new Tokens(), new Uploads()];
  const buckets = new Map<string, Bucket>();
  const open = new Set<string>();
  const notTaught: string[] = [];
  let forbidden: { readonly what: (asked: Asked) => boolean; readonly reason: string } = { what: () => false, reason: '' };

  const answer = (asked: Asked): Answered => {
    const given = tokens.answer(asked);
    if (given !== undefined) return given;
    const [, upload, name = '', rest] = /^(\/upload)?\/storage\/v1\/b\/([^/]+)\/o(?:\/(.*))?$/.exec(asked.path) ?? [];
    const session = asked.query.get('upload_id');
    // The address of a session is proof enough.
    if (upload && session !== null) return asked.method === 'DELETE' ? uploads.cancel(session) : uploads.proceed(asked, session);
    if (!(open.has(name) && asked.method === 'GET')) tokens.check(asked);
    if (forbidden.what(asked))
      throw new Refusal(403, forbidden.reason, 'mover@project does not have access to the Google Cloud Storage object.');
    const bucket = buckets.get(decodeURIComponent(name));
    if (bucket === undefined) throw new Refusal(404, 'notFound', 'The specified bucket does not exist.');
    return upload ? uploads.begin(bucket, asked) : ofObjects(bucket, asked, rest);
  };
  const listener = (from: IncomingMessage, to: ServerResponse) => void serve(from, to, { answer, notTaught });
  const server = createServer(listener);
  server.keepAliveTimeout = 600_000;
  const { url, ...there } = await listening(server);
  const folder = mkdtempSync(join(tmpdir(), 'hygge-gcs-'));
  return {
    url,
    listener,
    tokens,
    uploads,
    notTaught,
    keyFile: credentialFile(folder, url),
    bucket(name, opened) {
      const bucket = new Bucket(name);
      buckets.set(name, bucket);
      if (opened) open.add(name);
      return bucket;
    },
    forbid(what, reason = 'forbidden') {
      forbidden = { what, reason };
    },
    async [Symbol.asyncDispose]() {
      await there[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true });
    },
  };
}

function ofObjects(bucket: Bucket, asked: Asked, rest: string | undefined): Answered {
  const { method } = asked;
  if (rest === undefined && method === 'GET') return list(bucket, asked, longestPage);
  const [name, verb, to] = (rest ?? '').split(/\/(moveTo)\/o\//).map(decodeURIComponent);
  if (name === undefined || name === '' || name.includes('\0')) throw new NotTaught(asked.path);
  if (verb === 'moveTo' && to !== undefined && method === 'POST') return move(bucket, name, to, asked);
  if (verb === undefined && method === 'GET') return get(bucket, name, asked);
  if (verb === undefined && method === 'DELETE') return remove(bucket, name, asked);
  throw new NotTaught(`${method} ${asked.path}`);
}

interface Serving {
  readonly answer: (asked: Asked) => Answered;
  readonly notTaught: string[];
}

async function serve(from: IncomingMessage, to: ServerResponse, { answer, notTaught }: Serving): Promise<void> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of from) chunks.push(chunk as Buffer);
  } catch {
    return;
  }
  const origin = `${'encrypted' in from.socket ? 'https' : 'http'}://${from.headers.host}`;
  const { pathname, searchParams } = new URL(from.url ?? '', origin);
  const asked: Asked = {
    method: from.method ?? '',
    path: pathname,
    query: searchParams,
    headers: from.headers,
    body: Buffer.concat(chunks),
    origin,
  };
  const { status, headers = {}, body } = answerTo(asked, answer, notTaught);
  const bytes = body === undefined || Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
  const type = body === undefined || Buffer.isBuffer(body) ? {} : { 'content-type': 'application/json; charset=UTF-8' };
  to.writeHead(status, { ...type, ...headers, 'content-length': String(bytes?.length ?? 0) }).end(bytes);
}

function answerTo(asked: Asked, answer: Serving['answer'], notTaught: string[]): Answered {
  try {
    return answer(asked);
  } catch (error) {
    if (error instanceof Refusal) return error.answer;
    notTaught.push(`${asked.method} ${asked.path}: ${error instanceof Error ? error.message : String(error)}`);
    return new Refusal(501, 'notImplemented', 'This server was not taught that.').answer;
  }
}

/** What `gcloud iam workload-identity-pools create-cred-config` writes. */
function credentialFile(folder: string, url: string): string {
  const subject = join(folder, 'subject');
  writeFileSync(subject, subjectToken);
  const path = join(folder, 'key.json');
  const configuration = {
    type: 'external_account',
    audience: provider,
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    token_url: `${url}/v1/token`,
    credential_source: { file: subject },
  };
  writeFileSync(path, JSON.stringify(configuration));
  return path;
}
