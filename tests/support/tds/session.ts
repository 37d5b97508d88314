import { ByteWriter } from './bytes.ts';
import { kinds, type Message, Sending } from './packets.ts';
import { type Bulk, type Login, readBatch, readBulk, readCall } from './requests.ts';
import * as tokens from './tokens.ts';
import { columnsOf, type TdsError } from './tokens.ts';
import type { ReadValue, Value } from './values.ts';

/** What a statement is answered with, in this order. */
export type Part =
  | {
      /** By name, with their types as T-SQL declares them. */
      readonly columns: Readonly<Record<string, string>>;
      readonly rows: Iterable<readonly Value[]> | AsyncIterable<readonly Value[]>;
    }
  | { readonly count: number }
  | { readonly error: TdsError }
  | { readonly transaction: 'begin' | 'commit' | 'rollback' }
  /** The connection is lost here, after everything before it arrived. */
  | { readonly drop: 'closed' | 'reset' };

export type Answer = Part | readonly Part[];

/** A statement that arrived. */
export interface TdsRequest {
  /** `bulk`: the rows that follow an INSERT BULK. */
  readonly kind: 'batch' | 'executesql' | 'bulk';
  readonly sql: string;
  /** By name, without its @. */
  readonly parameters: Readonly<Record<string, ReadValue>>;
  readonly bulk?: Bulk;
  readonly session: TdsSession;
  /** The client cancelled, or is gone. */
  readonly signal: AbortSignal;
}

/** A connection that signed in. */
export interface TdsSession {
  readonly id: number;
  readonly login: Login;
  readonly inTransaction: boolean;
  /** SET options and their values, in upper case; `TRANSACTION ISOLATION LEVEL` among them. */
  readonly settings: ReadonlyMap<string, string>;
}

export interface SessionOptions {
  readonly id: number;
  readonly login: Login;
  readonly packetSize: number;
  readonly stream: ConstructorParameters<typeof Sending>[0];
  readonly drains: boolean;
  asked(request: TdsRequest): void;
  answer(request: TdsRequest): Promise<Answer | undefined>;
  /** A statement that is in no list. */
  unknown(sql: string): void;
  close(how: 'closed' | 'reset'): void;
}

const setting =
  /^set\s+(transaction isolation level|lock_timeout|xact_abort|nocount|textsize|datefirst|dateformat|language|deadlock_priority|(?:ansi_|quoted_|arith|concat_|cursor_|implicit_|numeric_|fmtonly)\w*)\s+((?:read |repeatable )?\S+)$/i;
const transactions: readonly (readonly [RegExp, 'begin' | 'commit' | 'rollback'])[] = [
  [/^begin tran(saction)?$/i, 'begin'],
  [/^commit( tran(saction)?| work)?$/i, 'commit'],
  [/^(if @@trancount > 0 )?rollback( tran(saction)?| work)?$/i, 'rollback'],
];

const blockBytes = 1 << 15;
const noBytes = Buffer.alloc(0);

/** One connection from its sign-in on: a request after the other, and a cancellation in between. */
export class Session implements TdsSession {
  readonly id: number;
  readonly login: Login;
  readonly settings = new Map<string, string>();
  readonly #options: SessionOptions;
  #transaction: Buffer | undefined;
  #current: AbortController | undefined;
  #bulk = '';
  #begun = 0n;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.id = options.id;
    this.login = options.login;
  }

  get inTransaction(): boolean {
    return this.#transaction !== undefined;
  }

  /** The client is gone, or wants no more of the answer that is on its way. */
  interrupt(): void {
    this.#current?.abort();
  }

  async handle(message: Message): Promise<void> {
    const sending = new Sending(this.#options.stream, this.#options.packetSize);
    const to = new ByteWriter();
    if (message.reset) {
      this.#transaction = undefined;
      this.settings.clear();
      tokens.writeByteChange(to, 'reset', [noBytes, noBytes]);
    }
    if (message.kind === kinds.attention) {
      tokens.writeDone(to, { attention: true });
      await sending.write(to.take());
      return sending.end();
    }
    if (message.ignored) return;
    this.#current = new AbortController();
    const { signal } = this.#current;
    const reply: Reply = { to, sending, signal, inside: message.kind === kinds.rpc };
    try {
      await this.#request(message, reply);
      // The cancellation itself is acknowledged by the message after this.
      if (signal.aborted) tokens.writeDone(to, { failed: true });
      this.#current = undefined;
      await sending.write(to.take());
      await sending.end();
    } catch (error) {
      this.#current = undefined;
      if (!(error instanceof Dropped)) throw error;
      await sending.write(to.take());
      await sending.flush();
      this.#options.close(error.how);
    }
  }

  async #request(message: Message, reply: Reply): Promise<void> {
    const { signal } = reply;
    const about = { parameters: {}, session: this, signal };
    if (message.kind === kinds.batch) {
      const sql = readBatch(message.body).trim();
      const table = /^\s*insert\s+bulk\s+([^(]+)/i.exec(sql)?.[1];
      if (table !== undefined) this.#bulk = table.trim();
      return this.#answer({ ...about, kind: 'batch', sql }, reply);
    }
    if (message.kind === kinds.bulk) {
      const bulk = readBulk(message.body, this.#options.drains);
      return this.#answer({ ...about, kind: 'bulk', sql: this.#bulk, bulk }, reply);
    }
    if (message.kind !== kinds.rpc) throw new Error(`The test server takes no messages of kind ${message.kind}`);
    const [sql, , ...given] = readCall(message.body);
    const parameters = Object.fromEntries(given.map(({ name, value }) => [name.replace('@', ''), value]));
    await this.#answer({ ...about, kind: 'executesql', sql: String(sql?.value ?? ''), parameters }, reply);
    if (signal.aborted) return;
    tokens.writeReturnStatus(reply.to, 0);
    tokens.writeDone(reply.to, { token: 'procedure', inTransaction: this.inTransaction });
  }

  #fail({ to, inside }: Reply, error: TdsError): void {
    tokens.writeError(to, error);
    tokens.writeDone(to, { token: inside ? 'inside' : 'done', failed: true, more: inside, inTransaction: this.inTransaction });
  }

  async #answer(request: TdsRequest, reply: Reply): Promise<void> {
    this.#options.asked(request);
    const known = builtIn(request);
    // Nothing but options: no test has anything to say about it.
    const given = known?.length === 0 ? known : ((await this.#options.answer(request)) ?? known);
    const parts = given === undefined ? undefined : Array.isArray(given) ? (given as readonly Part[]) : [given as Part];
    if (parts === undefined) {
      this.#options.unknown(request.sql);
      return this.#fail(reply, { number: 50000, message: `Not in the list of statements: ${request.sql}` });
    }
    const lastDone = parts.findLastIndex((part) => 'rows' in part || 'count' in part || 'error' in part);
    for (const [at, part] of parts.entries()) {
      if (reply.signal.aborted) return;
      await this.#write(part, { ...reply, more: reply.inside || at < lastDone });
    }
    if (lastDone < 0 && !reply.signal.aborted) this.#done(reply, { more: reply.inside });
  }

  #done({ to, inside }: Reply, done: tokens.Done): void {
    tokens.writeDone(to, { token: inside ? 'inside' : 'done', inTransaction: this.inTransaction, ...done });
  }

  async #write(part: Part, reply: Reply & { readonly more: boolean }): Promise<void> {
    const { to, sending, signal, more } = reply;
    if ('rows' in part) {
      const columns = columnsOf(part.columns);
      tokens.writeColumns(to, columns);
      let count = 0;
      for await (const row of untilAborted(part.rows, signal)) {
        tokens.writeRow(to, columns, row);
        count++;
        if (to.length >= blockBytes) await sending.write(to.take());
      }
      if (!signal.aborted) this.#done(reply, { count, more });
    } else if ('count' in part) this.#done(reply, { count: part.count, more });
    else if ('error' in part) {
      tokens.writeError(to, part.error);
      this.#done(reply, { failed: true, more });
      if ((part.error.class ?? 16) >= 20) throw new Dropped('closed');
    } else if ('transaction' in part) this.#change(part.transaction, reply);
    else throw new Dropped(part.drop);
  }

  #change(what: 'begin' | 'commit' | 'rollback', { to }: Reply): void {
    const before = this.#transaction;
    if (what === 'begin') {
      if (before) return;
      this.#transaction = Buffer.alloc(8);
      this.#transaction.writeBigUInt64LE(++this.#begun);
      tokens.writeByteChange(to, 'begin', [this.#transaction, noBytes]);
      return;
    }
    this.#transaction = undefined;
    if (before) tokens.writeByteChange(to, what, [noBytes, before]);
    else if (what === 'commit')
      tokens.writeError(to, { number: 3902, message: 'The COMMIT TRANSACTION request has no corresponding BEGIN TRANSACTION.' });
  }
}

interface Reply {
  readonly to: ByteWriter;
  readonly sending: Sending;
  readonly signal: AbortSignal;
  /** Inside of a procedure, whose end says that it is over. */
  readonly inside: boolean;
}

class Dropped extends Error {
  readonly how: 'closed' | 'reset';

  constructor(how: 'closed' | 'reset') {
    super('The connection is lost');
    this.how = how;
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((done) => {
    if (signal.aborted) done();
    else signal.addEventListener('abort', () => done(), { once: true });
  });

async function* untilAborted<T>(rows: Iterable<T> | AsyncIterable<T>, signal: AbortSignal): AsyncIterable<T> {
  if (Symbol.iterator in rows) {
    for (const row of rows) {
      if (signal.aborted) return;
      yield row;
    }
    return;
  }
  const iterator = rows[Symbol.asyncIterator]();
  const over = aborted(signal).then((): IteratorResult<T> => ({ done: true, value: undefined }));
  for (;;) {
    const next = await Promise.race([iterator.next(), over]);
    if (next.done || signal.aborted) return;
    yield next.value;
  }
}

/** Transactions, SET options and rows of a bulk load need no answer of a test's; undefined: it is something else. */
function builtIn({ sql, bulk, session }: TdsRequest): readonly Part[] | undefined {
  if (bulk) return [{ count: bulk.rows.length }];
  const parts: Part[] = [];
  const settings = session.settings as Map<string, string>;
  const statements = sql.split(/[;\n]/).map((statement) => statement.trim());
  for (const statement of statements.filter((one) => one !== '')) {
    const [, name, value] = setting.exec(statement) ?? [];
    const change = transactions.find(([pattern]) => pattern.test(statement))?.[1];
    if (name !== undefined && value !== undefined) settings.set(name.toUpperCase(), value.toUpperCase());
    else if (change) parts.push({ transaction: change });
    else return undefined;
  }
  return parts;
}
