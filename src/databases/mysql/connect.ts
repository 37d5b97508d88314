/** Connections to MySQL and MariaDB. */
import { isAbsolute, resolve } from 'node:path';
import { Readable } from 'node:stream';
import type { Connection, ConnectionOptions, QueryOptions } from 'mysql2';
import type { Opening } from '../../engine/contracts/connector.ts';
import type { Pooling } from '../../engine/contracts/pools.ts';
import { count } from '../../errors/as-argument.ts';
import { ConnectionError } from '../../errors/hygge-error.ts';
import type { Network } from '../../ports/network.ts';
import { entraToken, readCertificates } from '../authentication.ts';
import { DatabaseError, type Address as FamilyAddress, type Row, type Transaction } from '../engine.ts';
import { connectionLost, ServerSession, secretDigest } from '../server-session.ts';
import { beginning, quoteText } from './dialect.ts';
import { explain } from './errors.ts';
import { type Address, addressOf, type MysqlKeys, shownHost } from './keys.ts';
import { mysqlSyntax } from './syntax.ts';
import type { Field } from './types.ts';

/** The audience of Entra ID’s tokens for this server. */
const audience = 'ossrdbms-aad.database.windows.net';

export function address(given: MysqlKeys): FamilyAddress {
  const { host, port, socket, database, user, tls } = addressOf(given);
  const { auth, credential, client_id, password, tls_ca_path, tls_certificate_path } = given;
  const digest = secretDigest([auth, credential, client_id, password?.reveal(), tls, tls_ca_path, tls_certificate_path]);
  return { server: shownHost({ host: host.toLowerCase(), port, socket }), database, identity: `${user} ${digest}` };
}

export const configuredRole = (given: MysqlKeys): string => addressOf(given).user;

export function connecting(
  given: MysqlKeys,
  { root, network }: Pick<Opening, 'root' | 'clock' | 'network'>,
): Pick<Pooling<MysqlSession>, 'open' | 'close'> {
  const at = addressOf(given);
  const place = `mysql ${shownHost(at)}/${at.database}`;
  return {
    async open() {
      try {
        return await connect(given, at, { root, network });
      } catch (error) {
        if (error instanceof ConnectionError) throw error;
        const said = databaseError(error);
        throw said.addStatementTo(explain(said, { place, doing: 'connect' }));
      }
    },
    close: (session) => session.close(),
  };
}

/**
 * Session defaults of a server (its settings or `init_connect`) must not affect what hygge reads and writes. Texts are in UTF-8, and times are in UTC. The
 * server returns all rows, and does not end slow reads. MariaDB joins by hash, as MySQL does by default, since without an index a merge would compare each row
 * with all rows. MariaDB counts only those warnings whose text it keeps. MySQL counts all warnings, and ordinary accounts can’t set how many texts it keeps. By
 * default, MySQL’s row counts are up to a day old. DEFAULT means the global value of a server. Modes that change the meaning of hygge’s statements are off.
 */
const settings = [
  'SET NAMES utf8mb4',
  `SET time_zone = '+00:00', net_write_timeout = 86400, sql_select_limit = 18446744073709551615, sql_safe_updates = 0, autocommit = 1, completion_type = 0,
    sql_auto_is_null = 0, group_concat_max_len = 1048576, foreign_key_checks = 1, unique_checks = 1,
    timestamp = DEFAULT /*!80003 , transaction_read_only = 0, information_schema_stats_expiry = 0 */ /*!80032 , explain_format = 'TRADITIONAL' */ /*M! , tx_read_only = 0, max_error_count = 64 */ /*M!100201 , check_constraint_checks = 1 */ /*M!100303 , system_versioning_asof = DEFAULT */
    /*M! , join_cache_level = 8 , join_buffer_size = 33554432 , join_buffer_space_limit = 67108864 */`,
  "SET sql_mode = REPLACE(REPLACE(REPLACE(@@sql_mode, 'NO_BACKSLASH_ESCAPES', ''), 'PAD_CHAR_TO_FULL_LENGTH', ''), 'HIGH_NOT_PRECEDENCE', '')",
];

async function connect(
  given: MysqlKeys,
  at: Address,
  { root, network }: { readonly root: string; readonly network: Network },
): Promise<MysqlSession> {
  const mysql = (await import('mysql2')).default;
  const token = given.auth === 'entra' ? await entraToken(given, { host: at.host, audience, network }) : undefined;
  const ssl = await tlsOf(given, at, root);
  const connection = mysql.createConnection({
    ...(at.socket === undefined
      ? { host: at.host, port: at.port }
      : { socketPath: isAbsolute(at.socket) ? at.socket : resolve(root, at.socket) }),
    ...{ user: at.user, password: token ?? given.password?.reveal() ?? '', database: at.database, charset: 'utf8mb4' },
    ...(ssl === undefined ? {} : { ssl }),
    // A token is sent in clear text, but only over TLS. A password is never sent in clear text.
    ...(token === undefined ? {} : { enableCleartextPlugin: true }),
    // If the server requests a file, it gets only the rows of hygge’s own statements (`send`).
    ...{ connectTimeout: given.connect_timeout * 1000, rowsAsArray: true, typeCast: false },
    connectAttributes: { program_name: 'hygge' },
  });
  numberAlone(connection);
  const session = new MysqlSession(connection, () => connect(given, at, { root, network }));
  return session.afterSetup(async () => {
    await new Promise<void>((done, failed) => {
      connection.connect((error) => (error ? failed(error) : done()));
    });
    await session.run(settings);
  });
}

/** The number of bytes before the content of a packet. */
const headerLength = 4;

/**
 * Gives each connection its own packet object. The client shares one packet object for the end of files among all connections, and each connection writes its
 * number into the object. While a packet waits to be sent, another connection could change its number. In that case the server would wait for the end of the
 * file until it closes the connection.
 */
function numberAlone(connection: Connection): void {
  interface Packet {
    buffer: Buffer;
    length(): number;
  }
  const client = connection as unknown as { writePacket(packet: Packet): void };
  const write = client.writePacket.bind(client);
  client.writePacket = (packet) => {
    if (packet.length() === headerLength) packet.buffer = Buffer.alloc(headerLength);
    write(packet);
  };
}

async function tlsOf(given: MysqlKeys, { tls, socket }: Address, root: string): Promise<ConnectionOptions['ssl']> {
  if (tls === 'disable' || socket !== undefined) return undefined;
  const { ca, cert, key } = await readCertificates(given, root);
  return {
    rejectUnauthorized: tls !== 'require',
    // Without this setting, the client accepts any certificate of a known authority.
    verifyIdentity: tls === 'verify-full',
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined || key === undefined ? {} : { cert, key }),
  };
}

// ---- one connection

/** Values of a row in the order of its columns. Each value is the text that the server sent. */
export type Cells = readonly (Buffer | null)[];

/** Releases the lock of `CommitByDdl.exclusiveLockQuery`. */
const released = 'DO RELEASE_ALL_LOCKS()';

export class MysqlSession extends ServerSession {
  readonly #connection: Connection;
  readonly #another: () => Promise<MysqlSession>;
  /** Ends the current request with an error. */
  #lost: (() => void) | undefined;
  #takesFiles: Promise<boolean> | undefined;
  #asksForKey: Promise<boolean> | undefined;

  /** @param another opens a connection of the same account, over which hygge tells the server to stop a statement. */
  constructor(connection: Connection, another: () => Promise<MysqlSession>) {
    super(connection, mysqlSyntax);
    this.#connection = connection;
    this.#another = another;
  }

  async query(sql: string, values: readonly (string | null)[] = []): Promise<readonly Row[]> {
    const { rows, fields } = await this.#ask(withValues(sql, values));
    // A statement that changes rows returns no rows.
    if (!Array.isArray(rows)) return [];
    const names = fields.map(({ name }) => name);
    return (rows as readonly Cells[]).map((row) => Object.fromEntries(names.map((name, at) => [name, row[at]?.toString('utf8') ?? null])));
  }

  async execute(sql: string, values: readonly (string | null)[] = []): Promise<number> {
    const { rows } = await this.#ask(withValues(sql, values));
    return (rows as { readonly affectedRows?: number }).affectedRows ?? 0;
  }

  /** Whether the server accepts rows as a file from hygge. */
  async takesFiles(): Promise<boolean> {
    this.#takesFiles ??= this.query('select @@global.local_infile as may').then(([row]) => row?.may === '1' || row?.may === 'ON');
    return this.#takesFiles;
  }

  /** Checks the size of a statement. @throws DatabaseError 1153 if the server accepts no statement of so many bytes. */
  async mustTake(bytes: number): Promise<void> {
    const [row] = await this.query('select @@max_allowed_packet as most');
    const most = Number(row?.most ?? 0);
    // In a packet, one byte before the statement contains the kind of the packet.
    if (bytes + 1 > most)
      throw new DatabaseError(
        `A row needs a statement of ${count(bytes)} bytes, but the server accepts ${count(most)} (max_allowed_packet)`,
        { code: '1153' },
      );
  }

  /** Whether the server refuses tables without a primary key. MariaDB has no such setting. */
  async asksForKey(): Promise<boolean> {
    this.#asksForKey ??= this.query(`show variables like 'sql_require_primary_key'`).then(([row]) => row?.Value === 'ON');
    return this.#asksForKey;
  }

  /**
   * Runs a statement that inserts rows, and returns the number of warnings.
   * @param file the name of a file, and its rows. If the server requests that file, it gets the rows once. If it requests any other file, it gets nothing,
   * and the connection ends.
   */
  async send(
    sql: string,
    file?: { readonly name: string; readonly pieces: Iterable<Buffer> },
  ): Promise<{ readonly rows: number; readonly warnings: number }> {
    let isAsked = false;
    let wrong: string | undefined;
    // An error about the rows themselves leaves the connection usable.
    let failed: unknown;
    const watched = function* (pieces: Iterable<Buffer>): Generator<Buffer> {
      try {
        yield* pieces;
      } catch (error) {
        failed = error;
        throw error;
      }
    };
    const infileStreamFactory = (path: string): Readable => {
      if (file === undefined || isAsked || path !== file.name) {
        wrong = path;
        return Readable.from([]);
      }
      isAsked = true;
      return Readable.from(watched(file.pieces), { objectMode: true, highWaterMark: 2 });
    };
    const { rows } = await this.#ask(file === undefined ? sql : { sql, infileStreamFactory }).catch((error: unknown) => {
      throw failed ?? error;
    });
    if (wrong !== undefined) {
      this.destroy();
      throw new DatabaseError('the server requested a file of this machine', { code: '', isLost: true });
    }
    const { affectedRows = 0, warningStatus = 0 } = rows as { readonly affectedRows?: number; readonly warningStatus?: number };
    return { rows: affectedRows, warnings: warningStatus };
  }

  /** The columns of the result of a SELECT. */
  async describe(sql: string): Promise<readonly Field[]> {
    return (await this.#ask(sql)).fields;
  }

  begin(of: Transaction): Promise<void> {
    return this.run(beginning(of));
  }

  commit(mode: Transaction['mode']): Promise<void> {
    return this.run(mode === 'write' ? ['COMMIT', released] : 'COMMIT');
  }

  rollback(): Promise<void> {
    return this.run(['ROLLBACK', released]);
  }

  async run(sql: string | readonly string[]): Promise<void> {
    // Statements are sent one by one, because the client is not allowed to send several at once.
    for (const statement of typeof sql === 'string' ? [sql] : sql) await this.#ask(statement);
  }

  /** Reads the rows of a SELECT (`streamed`). If the reader stops early, the server ends the SELECT, and the connection ends. */
  async *stream(sql: string, take: (row: Cells) => boolean, signal: AbortSignal): AsyncGenerator<void> {
    const connection = this.#connection;
    let over: (error?: unknown) => void = () => undefined;
    try {
      yield* this.streamRows<Cells>(sql, take, signal, {
        start(row, ended) {
          over = ended;
          connection.on('error', over);
          connection
            .query(sql)
            .on('error', over)
            .on('end', () => ended())
            .on('result', (next) => row(next as unknown as Cells));
        },
        pause: () => connection.pause(),
        resume: () => connection.resume(),
        stop: () => {
          // Ends the stream when the connection is destroyed, because the process waits for the stream.
          this.#lost = () => over(connectionLost());
          this.cancel();
        },
      });
    } finally {
      connection.off('error', over);
    }
  }

  /** When a connection is destroyed, the client forgets the current request, so the request ends here. */
  protected closeAtOnce(): void {
    this.#connection.destroy();
    this.#lost?.();
  }

  protected stopServerAndClose(): void {
    const { threadId } = this.#connection;
    const killed = async () => {
      const other = await this.#another();
      await other.run(`KILL ${Number(threadId)}`).catch(() => undefined);
      await other.close();
    };
    void killed()
      .catch(() => undefined)
      .finally(() => this.destroy());
  }

  protected closeGracefully(): Promise<void> {
    return new Promise((done) => this.#connection.end(() => done()));
  }

  #ask(sql: string | QueryOptions): Promise<{ readonly rows: unknown; readonly fields: readonly Field[] }> {
    const call = () =>
      new Promise<{ readonly rows: unknown; readonly fields: readonly Field[] }>((done, failed) => {
        this.#lost = () => failed(connectionLost());
        this.#connection.query(sql as QueryOptions, (error, rows, fields) =>
          error ? failed(error) : done({ rows, fields: (fields ?? []) as readonly Field[] }),
        );
      });
    return this.runCall(typeof sql === 'string' ? sql : sql.sql, call);
  }

  protected toDatabaseError(error: unknown): DatabaseError {
    return databaseError(error);
  }
}

/** Replaces `$1`, `$2` by values, except in quoted text. */
export function withValues(sql: string, values: readonly (string | null)[]): string {
  if (values.length === 0) return sql;
  return sql.replace(/`(?:[^`]|``)*`|'(?:[^'\\]|''|\\.)*'|\$(\d+)/gs, (text, place?: string) =>
    place === undefined ? text : literalOf(values[Number(place) - 1] ?? null),
  );
}

const literalOf = (value: string | null): string => (value === null ? 'NULL' : quoteText(value));

/** Error codes after which the server closes the connection. */
const ending: ReadonlySet<number> = new Set([1053, 1077, 1079, 1152, 1158, 1159, 1160, 1161, 1184, 1927, 3169, 4031]);

/** Converts any error that the client throws. Errors that are not from the database stay unchanged. */
export function databaseError(error: unknown): DatabaseError {
  if (error instanceof DatabaseError) return error;
  const {
    errno,
    sqlState,
    code = '',
    message = String(error),
  } = error as { errno?: number; sqlState?: string; code?: string; message?: string };
  const isServers = sqlState !== undefined && sqlState !== '' && errno !== undefined;
  if (isServers) return new DatabaseError(message, { code: String(errno), isLost: ending.has(errno), cause: error });
  if (code === '' && !(error as { fatal?: boolean }).fatal) throw error;
  return new DatabaseError(message, { code, isLost: true, cause: error });
}
