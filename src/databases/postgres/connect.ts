/** Connections to PostgreSQL. Settings that the keys leave out come from the environment, as for psql. */
import type { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import type { Client, ClientConfig, QueryConfig, QueryResult } from 'pg';
import type { Pooling } from '../../engine/contracts/pools.ts';
import { ConnectionError } from '../../errors/hygge-error.ts';
import type { Network } from '../../ports/network.ts';
import { entraToken, readCertificates } from '../authentication.ts';
import {
  type ConnectOptions,
  DatabaseError,
  type Address as FamilyAddress,
  joinedStatements,
  type Row,
  type Savepoint,
  type Transaction,
} from '../engine.ts';
import { loginRefusedCode } from '../errors.ts';
import { ServerSession, secretDigest } from '../server-session.ts';
import { CopyIn, CopyOut, type Piece, Room } from './copy/statements.ts';
import { beginning } from './dialect.ts';
import { explain } from './errors.ts';
import { type Address, addressOf, type Host, type PostgresKeys, shownHost } from './keys.ts';
import { postgresSyntax } from './syntax.ts';

/** The audience of Entra ID’s tokens for this server. */
const audience = 'ossrdbms-aad.database.windows.net';

export function address(given: PostgresKeys): FamilyAddress {
  const { hosts, database, user, password, target, tls } = addressOf(given, process.env);
  const proof =
    given.auth === 'entra' ? ['entra', given.credential, given.client_id] : [typeof password === 'string' ? password : password?.reveal()];
  const { tls_ca_path, tls_certificate_path } = given;
  const digest = secretDigest([proof, target, tls, tls_ca_path, tls_certificate_path]);
  return { server: hosts.map(shownHost).join(','), database, identity: `${user} ${digest}` };
}

export function role(given: PostgresKeys): string {
  return addressOf(given, process.env).user;
}

export function configuredRole(given: PostgresKeys): string | undefined {
  return addressOf(given, {}).user || undefined;
}

/** The errors of all hosts as one error. Each host may fail in its own way, and the last error is reported. */
export function connecting(
  given: PostgresKeys,
  { root, network, answerWithinMs }: ConnectOptions,
): Pick<Pooling<PostgresSession>, 'open' | 'close'> {
  return {
    async open(signal) {
      const at = addressOf(given, process.env);
      const tls = await tlsOf(given, at, root);
      let failed: ConnectionError | undefined;
      for (const host of at.hosts) {
        signal?.throwIfAborted();
        try {
          const session = await connect(given, { at, host, tls, network, answerWithinMs });
          if (await isTarget(session, at.target)) return session;
          await session.close();
          failed ??= wrongTarget(at, host);
        } catch (error) {
          if (error instanceof ConnectionError) failed = error;
          else {
            const said = databaseError(error);
            failed = said.addStatementTo(explain(said, { place: placeOf(at, host), doing: 'connect' })) as ConnectionError;
          }
          // All hosts have the same accounts, so the wrong password would count as a failed login on each host.
          if (failed.code === loginRefusedCode) break;
        }
      }
      throw failed ?? new Error('a connection without hosts');
    },
    close: (session) => session.close(),
  };
}

const placeOf = ({ database }: Address, host: Host) => `postgres ${shownHost(host)}/${database}`;

interface To {
  readonly at: Address;
  readonly host: Host;
  readonly tls: ClientConfig['ssl'];
  readonly network: Network;
  readonly answerWithinMs: number | undefined;
}

async function connect(given: PostgresKeys, { at, host, tls, network, answerWithinMs }: To): Promise<PostgresSession> {
  const pg = (await import('pg')).default;
  const password =
    given.auth === 'entra'
      ? await entraToken(given, { host: host.host, audience, network })
      : typeof at.password === 'string'
        ? at.password
        : at.password?.reveal();
  const client: Client = new pg.Client({
    ...{ host: host.host, port: host.port, user: at.user, database: at.database },
    password: password ?? (() => fromPgpass({ host: host.host, port: host.port, user: at.user, database: at.database })),
    ssl: host.host.startsWith('/') ? false : tls,
    application_name: 'hygge',
    connectionTimeoutMillis: given.connect_timeout * 1000,
    keepAlive: true,
    ...(answerWithinMs === undefined ? {} : { query_timeout: answerWithinMs }),
  });
  const session = new PostgresSession(client, () => new pg.Client({ host: host.host, port: host.port, ssl: false }));
  return session.afterSetup(() => client.connect());
}

/** The password in ~/.pgpass, or in the file that PGPASSFILE names. The file is read only if a server requests a password. */
async function fromPgpass(of: {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
}): Promise<string> {
  const { default: pgpass } = await import('pgpass');
  return new Promise((resolve) => pgpass(of, (password) => resolve(password ?? '')));
}

async function tlsOf(given: PostgresKeys, { tls }: Address, root: string): Promise<ClientConfig['ssl']> {
  if (tls === 'disable') return false;
  const { ca, cert, key } = await readCertificates(given, root);
  return {
    rejectUnauthorized: tls !== 'require',
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert, key }),
    // With `verify-ca`, the certificate must be signed by a known authority, but its host name is not compared.
    ...(tls === 'verify-ca' ? { checkServerIdentity: () => undefined } : {}),
  };
}

async function isTarget(session: PostgresSession, target: Address['target']): Promise<boolean> {
  if (target === 'any') return true;
  const [row] = await session.query('SELECT pg_catalog.pg_is_in_recovery()::text AS standby');
  return (row?.standby === 'true') === (target === 'standby');
}

function wrongTarget(at: Address, host: Host): ConnectionError {
  return new ConnectionError({
    code: 'HYG-6505',
    what:
      at.hosts.length === 1
        ? `${placeOf(at, host)} is not a ${at.target}.`
        : `None of ${at.hosts.map(shownHost).join(', ')} is a ${at.target}.`,
    why: ['A server may have been promoted, or have become a standby.'],
    tryThis: ['Name all servers of the cluster in `host`', 'Or accept any server: target: any'],
    transient: true,
  });
}

// ---- one connection

/** A column of a result, as the server describes it. */
export interface Field {
  readonly name: string;
  readonly type: number;
  readonly mod: number;
}

/** Returns texts as the server sent them, so that the caller interprets them. */
export const asTexts = { getTypeParser: () => (value: string) => value };

/** How long a request to stop a statement may take to reach a server, in milliseconds. */
const cancelWithinMs = 1_000;

/** The parts of a `pg` client before it has signed in. */
interface Asking {
  readonly host: string;
  readonly port: number;
  readonly connection: {
    readonly stream: Socket;
    once(event: 'connect' | 'end' | 'error', does: () => void): void;
    connect(portOrPath: number | string, host?: string): void;
    cancel(process: number, secret: number): void;
  };
}

export class PostgresSession extends ServerSession {
  readonly #client: Client;
  readonly #another: () => Client;
  readonly #room = new Room();
  /** The encoding that the server reported at the beginning of the connection. Undefined: the server reported no encoding. */
  #serverEncoding: string | undefined;

  /** @param another makes a client for the same server, to request that the server stops a statement. */
  constructor(client: Client, another: () => Client) {
    super(client, postgresSyntax);
    this.#client = client;
    this.#another = another;
    const { connection } = client as unknown as { readonly connection: EventEmitter };
    connection.on(
      'parameterStatus',
      ({ parameterName, parameterValue }: { readonly parameterName: string; readonly parameterValue: string }) => {
        if (parameterName === 'server_encoding') this.#serverEncoding = parameterValue;
      },
    );
  }

  /** The encoding of the database, such as `UTF8` or `SQL_ASCII`. */
  async serverEncoding(): Promise<string> {
    if (this.#serverEncoding === undefined) {
      const [row] = await this.query(`SELECT pg_catalog.current_setting('server_encoding') AS name`);
      this.#serverEncoding = row?.name ?? '';
    }
    return this.#serverEncoding;
  }

  async query(sql: string, values: readonly (string | null)[] = []): Promise<readonly Row[]> {
    return (await this.#ask({ text: sql, values: [...values] })).rows as Row[];
  }

  async execute(sql: string, values: readonly (string | null)[] = []): Promise<number> {
    return (await this.#ask({ text: sql, values: [...values] })).rowCount ?? 0;
  }

  /** The columns of the result of a SELECT. */
  async describe(sql: string): Promise<readonly Field[]> {
    const { fields } = await this.#ask({ text: `SELECT * FROM (${sql}) AS hygge_look LIMIT 0`, values: [] });
    return fields.map(({ name, dataTypeID, dataTypeModifier }) => ({ name, type: dataTypeID, mod: dataTypeModifier }));
  }

  begin(of: Transaction): Promise<void> {
    return this.run(beginning(of));
  }

  commit(): Promise<void> {
    return this.run('COMMIT');
  }

  rollback(): Promise<void> {
    return this.run('ROLLBACK');
  }

  readonly savepoint: Savepoint = {
    set: () => this.run('SAVEPOINT hygge_slice'),
    rollBack: () => this.run('ROLLBACK TO SAVEPOINT hygge_slice; RELEASE SAVEPOINT hygge_slice'),
    release: () => this.run('RELEASE SAVEPOINT hygge_slice'),
  };

  async run(sql: string | readonly string[]): Promise<void> {
    const text = joinedStatements(sql);
    let done = 0;
    const count = () => void done++;
    const { connection } = this.#client as unknown as { readonly connection: EventEmitter };
    connection.on('commandComplete', count);
    try {
      await this.runCall(
        text,
        () => this.#client.query(text),
        () => done,
      );
    } finally {
      connection.off('commandComplete', count);
    }
  }

  /**
   * Reads the messages of a COPY … TO STDOUT. If a reader stops before the end, it has to destroy the session.
   * @param begun is called first. The argument of `begun` accepts the bytes after the COPY. At the end, this argument also has the number of rows that the
   * server reports.
   */
  async *copyOut(sql: string, begun: (copy: Pick<CopyOut, 'handBack' | 'rows'>) => void): AsyncGenerator<Buffer, void> {
    const copy = new CopyOut(sql);
    begun(copy);
    let ended = false;
    try {
      this.#client.query(copy);
      yield* copy.pieces();
      ended = true;
    } catch (error) {
      ended = true;
      throw this.failureOf(error, sql);
    } finally {
      if (!ended) this.destroy();
    }
  }

  /**
   * Sends the bytes of a COPY … FROM STDIN. The next piece is made while the server reads a piece. So each piece must stay valid until the second piece after
   * it is requested. An error while a piece is made undoes the statement. `Messages` are sent unchanged. @param made makes the pieces, in the memory that it
   * gets. @returns the number of rows that the server accepted.
   */
  async copyIn(sql: string, made: (room: Room) => Iterable<Piece>): Promise<number> {
    const copy = new CopyIn(sql);
    const rows = await this.runCall(sql, async () => {
      this.#client.query(copy);
      return copy.sent(made(this.#room));
    });
    if (typeof rows === 'number') return rows;
    throw rows.undone;
  }

  protected closeAtOnce(): void {
    (this.#client as unknown as { readonly connection: { readonly stream: { destroy(): void } } }).connection.stream.destroy();
  }

  /** The request to stop a statement uses its own connection. The server closes that connection once it has read the request. */
  protected stopServerAndClose(): void {
    const { host, port, connection } = this.#another() as unknown as Asking;
    const { processID, secretKey } = this.#client as unknown as { readonly processID: number; readonly secretKey: number };
    const over = () => this.destroy();
    for (const event of ['end', 'error'] as const) connection.once(event, over);
    connection.once('connect', () => connection.cancel(processID, secretKey));
    connection.stream.setTimeout(cancelWithinMs, () => connection.stream.destroy());
    if (host.startsWith('/')) connection.connect(`${host}/.s.PGSQL.${port}`);
    else connection.connect(port, host);
  }

  protected closeGracefully(): Promise<void> {
    return this.#client.end();
  }

  #ask(query: QueryConfig): Promise<QueryResult> {
    // Queries use the extended protocol, so that a text can only be one statement. Queries are unnamed, so that a pooler may send the next query to another server.
    const extended = { ...query, queryMode: 'extended', types: asTexts } as unknown as QueryConfig;
    return this.runCall(query.text, () => this.#client.query(extended));
  }

  protected toDatabaseError(error: unknown): DatabaseError {
    return databaseError(error);
  }
}

/** SQLSTATE codes after which the server has closed the connection. */
const ending = /^(57P0[1-5]|08...|25P03)$/;

/** Converts any error that `pg` throws. */
export function databaseError(error: unknown): DatabaseError {
  if (error instanceof DatabaseError) return error;
  const { code = '', message = String(error), detail, hint, position, severity } = error as Partial<Record<string, string>>;
  const isServers = severity !== undefined && /^[0-9A-Z]{5}$/.test(code);
  return new DatabaseError(message, {
    ...{ code, detail, hint, cause: error },
    position: position === undefined ? undefined : Number(position),
    isLost: !isServers || ending.test(code),
  });
}
