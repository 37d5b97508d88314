import { type Bucket, resourceOf, type Stored, type Written } from './bucket.ts';
import { type Answered, type Asked, NotTaught, only, Refusal, selected } from './exchange.ts';

interface Session {
  readonly bucket: Bucket;
  readonly about: About;
  readonly ifGenerationMatch: string | null;
  readonly fields: string | null;
  readonly pieces: Buffer[];
  kept: number;
  done?: Stored;
}

type About = Omit<Written, 'body' | 'name'> & { readonly name: string };

/** Pieces but the last are multiples of this. */
const unit = 256 * 1024;

/** Uploads of all three kinds. https://cloud.google.com/storage/docs/uploads-downloads */
export class Uploads {
  readonly #sessions = new Map<string, Session>();
  #opened = 0;
  /** How much of the next piece is kept; the service may keep less than was sent. */
  keepOfNext: number | undefined;
  /** A byte of the next piece changes on the way; `unseen`: and nobody compares. */
  damageNext: 'seen' | 'unseen' | undefined;
  #unchecked = false;

  /** Sessions that are neither done nor cancelled. */
  get open(): number {
    return [...this.#sessions.values()].filter(({ done }) => done === undefined).length;
  }

  begin(bucket: Bucket, asked: Asked): Answered {
    const { query } = asked;
    only(query, 'uploadType', 'name', 'ifGenerationMatch', 'fields', 'userProject');
    const name = query.get('name');
    if (name === null) throw new Refusal(400, 'required', 'Required');
    switch (query.get('uploadType')) {
      case 'media':
        return this.#written(bucket, { name, body: asked.body, contentType: asked.headers['content-type'] }, query);
      case 'multipart':
        return this.#written(bucket, multipart(asked, name), query);
      case 'resumable':
        return this.#open(bucket, asked, name);
      default:
        throw new NotTaught(`uploadType ${query.get('uploadType')}`);
    }
  }

  /** A piece, or a question how much has come. */
  proceed(asked: Asked, id: string): Answered {
    const session = this.#sessions.get(id);
    if (session === undefined) throw new Refusal(404, 'notFound', 'The upload is not there.');
    if (session.done) return this.#answerOf(session, session.done);
    const { from, length, total } = rangeOf(asked);
    if (length !== asked.body.length) throw new Refusal(400, 'badRequest', 'The range is not what came.');
    if (length > 0) this.#keep(session, { from, body: asked.body, isLast: total !== undefined });
    if (total === undefined || session.kept < total) return incomplete(session.kept);
    if (session.kept > total) throw new Refusal(400, 'badRequest', 'More has come than there is.');
    const { bucket, about, ifGenerationMatch } = session;
    const crc32c = this.#unchecked ? undefined : /crc32c=([^,]+)/.exec(String(asked.headers['x-goog-hash'] ?? ''))?.[1];
    this.#unchecked = false;
    session.done = bucket.write({ ...about, body: Buffer.concat(session.pieces), crc32c }, ifGenerationMatch);
    return this.#answerOf(session, session.done);
  }

  cancel(id: string): Answered {
    return { status: this.#sessions.delete(id) ? 499 : 404 };
  }

  #written(bucket: Bucket, written: Written, query: URLSearchParams): Answered {
    const stored = bucket.write(written, query.get('ifGenerationMatch'));
    return { status: 200, body: selected(resourceOf(bucket, stored), query.get('fields')) };
  }

  #open(bucket: Bucket, { query, body, origin, path }: Asked, name: string): Answered {
    const ifGenerationMatch = query.get('ifGenerationMatch');
    bucket.mustMatch(name, ifGenerationMatch);
    const about = { ...(body.length === 0 ? {} : (JSON.parse(body.toString()) as object)), name };
    const id = `session-${++this.#opened}`;
    this.#sessions.set(id, { bucket, about, ifGenerationMatch, fields: query.get('fields'), pieces: [], kept: 0 });
    return { status: 200, headers: { location: `${origin}${path}?uploadType=resumable&upload_id=${id}` } };
  }

  #keep(session: Session, { from, body, isLast }: { from: number; body: Buffer; isLast: boolean }): void {
    if (from !== session.kept) throw new Refusal(400, 'badRequest', `${session.kept} bytes have come, not ${from}.`);
    if (!isLast && body.length % unit !== 0) throw new Refusal(400, 'badRequest', 'Pieces are multiples of 256 KiB.');
    const kept = body.subarray(0, this.keepOfNext ?? body.length);
    this.keepOfNext = undefined;
    session.pieces.push(this.damageNext ? Buffer.concat([Buffer.from([~(kept[0] ?? 0) & 255]), kept.subarray(1)]) : kept);
    this.#unchecked ||= this.damageNext === 'unseen';
    this.damageNext = undefined;
    session.kept += kept.length;
  }

  #answerOf({ bucket, fields }: Session, done: Stored): Answered {
    return { status: 200, body: selected(resourceOf(bucket, done), fields) };
  }
}

function incomplete(bytes: number): Answered {
  return { status: 308, headers: bytes === 0 ? {} : { range: `bytes=0-${bytes - 1}` } };
}

function rangeOf({ headers }: Asked): { readonly from: number; readonly length: number; readonly total: number | undefined } {
  const written = String(headers['content-range'] ?? '');
  const [, from, last, of] = /^bytes (?:(\d+)-(\d+)|\*)\/(\d+|\*)$/.exec(written) ?? [];
  if (of === undefined) throw new NotTaught(`content-range ${written}`);
  const total = of === '*' ? undefined : Number(of);
  return from === undefined ? { from: 0, length: 0, total } : { from: Number(from), length: Number(last) + 1 - Number(from), total };
}

/** Two parts: what it says of itself, and its bytes. */
function multipart({ headers, body }: Asked, name: string): Written {
  const boundary = /^multipart\/related; boundary=(.+)$/.exec(headers['content-type'] ?? '')?.[1];
  if (boundary === undefined) throw new NotTaught(`content-type ${headers['content-type']}`);
  const start = body.indexOf('\r\n\r\n') + 4;
  const between = body.indexOf(`\r\n--${boundary}\r\n`, start);
  const content = body.indexOf('\r\n\r\n', between + 4) + 4;
  const end = body.lastIndexOf(`\r\n--${boundary}--`);
  if (!body.subarray(0, start).toString().startsWith(`--${boundary}\r\n`) || between < 0 || end < content)
    throw new Refusal(400, 'badContent', 'Malformed multipart body.');
  const about = JSON.parse(body.subarray(start, between).toString()) as About;
  if (about.name !== name) throw new Refusal(400, 'invalid', 'Two names.');
  const sent = /content-type: ([^\r]+)/.exec(body.subarray(between, content).toString())?.[1];
  if (about.contentType !== undefined && about.contentType !== sent)
    throw new Refusal(
      400,
      'invalid',
      `Content-Type specified in the upload (${sent}) does not match Content-Type specified in metadata (${about.contentType}).`,
    );
  return { ...about, body: body.subarray(content, end) };
}
