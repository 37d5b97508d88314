/** Connections to SQL Server. */
import type { BulkLoad, Connection, ConnectionConfiguration, Request } from 'tedious';
import type { Opening } from '../../engine/contracts/connector.ts';
import type { Pooling } from '../../engine/contracts/pools.ts';
import type { HyggeError } from '../../errors/hygge-error.ts';
import type { Network } from '../../ports/network.ts';
import { Sender } from '../../remote/sender.ts';
import { entraToken, readCertificates } from '../authentication.ts';
import { DatabaseError, type ErrorContext, type Address as FamilyAddress, type Row, type Transaction } from '../engine.ts';
import { ServerSession, secretDigest } from '../server-session.ts';
import { beginning, quoteName } from './dialect.ts';
import type { SentColumn } from './encode.ts';
import { babelfish, explain, isBusy, tooOld, warehouse } from './errors.ts';
import { type Address, addressOf, credentialOf, type SqlServerKeys, shownServer } from './keys.ts';
import { sqlServerSyntax } from './syntax.ts';

type Tedious = typeof import('tedious');

/** Loads tedious, the client that mssql uses. Its requests deliver rows as they arrive, and can be stopped. */
async function tedious(): Promise<Tedious> {
  const client = (await import('tedious')) as Tedious & { readonly default?: Tedious };
  return client.default ?? client;
}

/** The audience of Entra ID’s tokens for this server. */
export const audience = 'database.windows.net';

const at = (given: SqlServerKeys): Address => {
  const address = addressOf(given);
  if (address === undefined) throw new Error('an address that was never checked');
  return address;
};

export function address(given: SqlServerKeys): FamilyAddress {
  const of = at(given);
  const { credential, client_id, tenant_id, client_secret, client_certificate_path, password, application_intent, encrypt } = given;
  const proof =
    of.auth === 'entra' ? [credential, client_id, tenant_id, client_secret?.reveal(), client_certificate_path] : [password?.reveal()];
  const digest = secretDigest([proof, application_intent, encrypt, given.tls_ca_path, given.trust_server_certificate, given.multi_subnet]);
  const who = of.user ?? client_id ?? credentialOf(given);
  return {
    server: shownServer(of).toLowerCase(),
    database: of.database,
    identity: `${who} ${digest}`,
  };
}

export const configuredRole = (given: SqlServerKeys): string | undefined => at(given).user;

export function connecting(
  given: SqlServerKeys,
  { root, network }: Pick<Opening, 'root' | 'clock' | 'network'>,
): Pick<Pooling<SqlServerSession>, 'open' | 'close'> {
  const of = at(given);
  const place = `sqlserver ${shownServer(of)}/${of.database}`;
  const open = () => connect(given, { of, place, root, network });
  return { open: () => openedWhenFree(open, { network, place, isBusy, explain }), close: (session) => session.close() };
}

interface WaitingForServer {
  readonly network: Network;
  readonly place: string;
  /** Whether the server is too busy, or is waking up. In that case the server has done nothing. */
  isBusy(error: DatabaseError): boolean;
  explain(error: DatabaseError, about: ErrorContext): HyggeError;
}

/** Opens a session. If the server is busy, the session is opened after some pauses. */
export function openedWhenFree(
  open: () => Promise<SqlServerSession>,
  { network, place, isBusy, explain }: WaitingForServer,
): Promise<SqlServerSession> {
  let first: unknown;
  return new Sender(network, place).send({}, open, (error) => {
    first ??= error;
    if (!(error instanceof DatabaseError) || !isBusy(error))
      throw error instanceof DatabaseError ? error.addStatementTo(explain(error, { place, doing: 'connect' })) : error;
    const told = explain(first as DatabaseError, { place, doing: 'connect' });
    return { ending: 'throttled', status: undefined, retryAfterMs: undefined, error: () => told };
  });
}

interface To {
  readonly of: Address;
  readonly place: string;
  readonly root: string;
  readonly network: Network;
}

async function connect(given: SqlServerKeys, { of, place, root, network }: To): Promise<SqlServerSession> {
  const session = await signedIn(await configuration(given, { of, root, network }), {
    trustsAnybody: given.trust_server_certificate === true,
    begins: beginning,
    ownIsolation: 'set',
    changedRows: 'ROWCOUNT_BIG',
  });
  return session.afterSetup(() => checkEdition(session, place));
}

/** How sessions with one kind of server behave. */
interface SessionForm {
  readonly trustsAnybody: boolean;
  /** The statements that begin a transaction. Null: no transaction begins, so each statement is committed separately. */
  begins(of: Transaction): string | null;
  /** Whether the client sets an isolation level when it signs in. `never`: the client sends no level. */
  readonly ownIsolation: 'set' | 'never';
  /** Where the number of changed rows comes from. The server’s report at the end of a statement may include rows that triggers changed. Some servers lack ROWCOUNT_BIG. */
  readonly changedRows: 'ROWCOUNT_BIG' | 'end of statement';
}

/** Signs in and returns the client’s connection. Nothing else has been sent to the server yet. */
export async function signedIn(configuration: ConnectionConfiguration, form: SessionForm): Promise<SqlServerSession> {
  const [{ default: mssql }, client] = await Promise.all([import('mssql'), tedious()]);
  let refused: { readonly number?: number; readonly message: string } | undefined;
  const maker = new mssql.ConnectionPool({
    ...configuration,
    beforeConnect: (connection) => {
      if (form.ownIsolation === 'never') (connection as unknown as WithOptions).config.options.connectionIsolationLevel = null;
      connection.on('errorMessage', (told) => {
        refused ??= told;
      });
    },
  });
  // If the connection is lost later, the next statement fails, so this error is ignored.
  maker.on('error', () => undefined);
  const connection = await maker._poolCreate().catch((error: { readonly originalError?: unknown }) => {
    // The first message gives the reason, while the last message only says that the login failed.
    if (refused?.number === undefined) throw databaseError(error.originalError ?? error);
    throw new DatabaseError(refused.message, { code: String(refused.number), cause: error });
  });
  return new SqlServerSession(connection, client, form);
}

/** Options of the client that may be null. The client supports null, but its own check of options refuses null. */
interface WithOptions {
  readonly config: { readonly options: { connectionIsolationLevel: null } };
}

const ofServer =
  "SELECT CONVERT(varchar(10), SERVERPROPERTY('EngineEdition')) AS edition, CONVERT(varchar(128), SERVERPROPERTY('ProductVersion')) AS version, CONVERT(varchar(300), @@VERSION) AS banner";

export async function serverOf(
  session: SqlServerSession,
): Promise<{ readonly edition: string; readonly version: string; readonly banner: string }> {
  const [row] = await session.query(ofServer);
  return { edition: row?.edition ?? '', version: row?.version ?? '', banner: row?.banner ?? '' };
}

/** Edition numbers of servers that speak the same protocol but are not SQL Server: Synapse, dedicated and serverless, and the warehouses of Fabric. */
const warehouses: ReadonlySet<string> = new Set(['6', '11']);
/** Edition numbers of Azure, where the version is always 12, whatever features the server has. */
const azure: ReadonlySet<string> = new Set(['5', '8', '9', '12']);
const oldest = 13;

async function checkEdition(session: SqlServerSession, place: string): Promise<void> {
  const { edition, version, banner } = await serverOf(session);
  // Babelfish reports an edition and a version of SQL Server, so only the banner identifies it.
  if (/babelfish/i.test(banner)) throw babelfish(place);
  if (warehouses.has(edition)) throw warehouse(place, edition);
  if (!azure.has(edition) && Number.parseInt(version, 10) < oldest) throw tooOld(place, version);
}

/** Options of every connection, independent of the keys. */
export const fixedOptions = {
  appName: 'hygge',
  // No limit, because max() of a table that is not in memory may take long.
  requestTimeout: 0,
  // The client never retries, because hygge decides about retries elsewhere.
  maxRetriesOnTransientErrors: 0,
  packetSize: 16_000,
  useUTC: true,
  lowerCaseGuids: true,
} as const;

async function configuration(
  given: SqlServerKeys,
  { of, root, network }: Pick<To, 'of' | 'root' | 'network'>,
): Promise<ConnectionConfiguration> {
  const { ca } = await readCertificates({ tls_ca_path: given.tls_ca_path }, root);
  return {
    server: of.host,
    authentication:
      of.auth === 'entra'
        ? { type: 'azure-active-directory-access-token', options: { token: await tokenFor(given, of.host, network) } }
        : { type: 'default', options: { userName: of.user, password: given.password?.reveal() } },
    options: {
      ...fixedOptions,
      ...(of.port === undefined ? { instanceName: of.instance } : { port: of.port }),
      database: of.database,
      encrypt: given.encrypt ?? true,
      trustServerCertificate: given.trust_server_certificate === true,
      ...(ca === undefined ? {} : { cryptoCredentialsDetails: { ca } }),
      readOnlyIntent: given.application_intent === 'read_only',
      multiSubnetFailover: given.multi_subnet === true,
      connectTimeout: given.connect_timeout * 1000,
    },
  };
}

function tokenFor(given: SqlServerKeys, host: string, network: Network): Promise<string> {
  const { tenant_id, client_id, client_secret, client_certificate_path } = given;
  const keys = { credential: credentialOf(given), tenant_id, client_id, client_secret, client_certificate_path };
  return entraToken(keys, { host, audience, network, instead: 'With a login of SQL Server: user and password' });
}

// ---- one connection

/** Values of a row, in the order of the row’s columns. */
export type Cells = readonly {
  readonly value: unknown;
  readonly metadata: { readonly colName: string; readonly scale?: number | undefined };
}[];

export class SqlServerSession extends ServerSession {
  readonly #connection: Connection;
  readonly #client: Tedious;
  readonly #form: SessionForm;
  #hasBegun = true;
  /** The server’s first error of the current request. If the server then ends the connection, the client only reports that end. */
  #said: DatabaseError | undefined;

  constructor(connection: Connection, client: Tedious, form: SessionForm) {
    super(connection, sqlServerSyntax);
    this.#connection = connection;
    this.#client = client;
    this.#form = form;
    connection.on('errorMessage', ({ number, message }) => {
      this.#said ??= new DatabaseError(message, { code: String(number), isLost: true });
    });
  }

  /** Whether the server’s identity was not verified. */
  get trustsAnybody(): boolean {
    return this.#form.trustsAnybody;
  }

  async query(sql: string, values: readonly (string | null)[] = []): Promise<readonly Row[]> {
    const rows: Row[] = [];
    await this.#ask(sql, values, (cells) =>
      rows.push(Object.fromEntries(cells.map(({ value, metadata }) => [metadata.colName, textOf(value)]))),
    );
    return rows;
  }

  /** The number of rows that the statement itself changed. Unlike the client’s count, it includes no rows that triggers changed. */
  async execute(sql: string, values: readonly (string | null)[] = []): Promise<number> {
    if (this.#form.changedRows === 'end of statement') return this.#ask(sql, values);
    const [row] = await this.query(`${sql};\nSELECT ROWCOUNT_BIG() AS hygge_changed`, values);
    return Number(row?.hygge_changed ?? 0);
  }

  async begin(of: Transaction): Promise<void> {
    const begins = this.#form.begins(of);
    this.#hasBegun = begins !== null;
    if (begins !== null) await this.run(begins);
  }

  /** If an error has already ended a read-only transaction, nothing is lost. */
  async commit(mode: Transaction['mode']): Promise<void> {
    if (!this.#hasBegun) return;
    await this.run(mode === 'read' ? 'IF @@TRANCOUNT > 0 COMMIT TRANSACTION;' : 'COMMIT TRANSACTION;');
  }

  async rollback(): Promise<void> {
    if (this.#hasBegun) await this.run('IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION;');
  }

  /** Each statement is sent as its own batch, because it may use what an earlier statement made. */
  async run(sql: string | readonly string[]): Promise<void> {
    for (const statement of typeof sql === 'string' ? [sql] : sql) await this.#ask(statement);
  }

  /** Loads rows from blocks of encoded bytes (encode.ts). @returns the number of rows that the server accepted. */
  async load(table: string, columns: readonly SentColumn[], blocks: Iterable<Buffer>): Promise<number> {
    let failed: { readonly error: unknown } | undefined;
    const giveUp = () => this.destroy();
    const rows = function* () {
      try {
        for (const block of blocks) yield [block];
      } catch (error) {
        failed = { error };
        // Half of a message has been sent, so it is unknown what the server does with it. The transaction ends.
        giveUp();
        throw error;
      }
    };
    const call = () =>
      new Promise<number>((done, wrong) => {
        this.#said = undefined;
        const loading = this.#connection.newBulkLoad(table, { lockTable: true }, (error, count) =>
          error ? wrong(error) : done(count ?? 0),
        );
        for (const [at, column] of columns.entries()) loading.addColumn(column.name, sentAs(column, at === 0), { nullable: true });
        const named = columns.map(({ name, declaration }) => `${quoteName(name)} ${declaration}`).join(', ');
        // The client does not escape brackets in names, so hygge writes the statement. Staged columns have no defaults, so nulls stay nulls without an option.
        loading.getBulkInsertSql = () => `INSERT BULK ${table} (${named}) WITH (TABLOCK)`;
        this.#connection.execBulkLoad(loading, rows());
      });
    return this.runCall(`INSERT BULK ${table}`, call).catch((error: unknown) => {
      // After hygge gave up a row, the client reports an error of its own, so hygge’s error is thrown instead.
      throw failed ? failed.error : error;
    });
  }

  /** Reads the rows of a SELECT (`streamed`). If the reader stops early, the SELECT is cancelled, and the connection stays usable. */
  stream(sql: string, take: (row: Cells) => boolean, signal: AbortSignal): AsyncGenerator<void> {
    let request: Request | undefined;
    return this.streamRows<Cells>(sql, take, signal, {
      start: (row, ended) => {
        request = this.#request(sql, ended);
        request.on('row', row);
        this.#connection.execSqlBatch(request);
      },
      pause: () => request?.pause(),
      resume: () => request?.resume(),
      stop: () => this.#connection.cancel(),
    });
  }

  protected closeAtOnce(): void {
    this.#connection.close();
  }

  /** Cancels the statement. The server answers the cancellation, which ends the request. */
  protected stopServerAndClose(): void {
    this.#connection.cancel();
  }

  protected async closeGracefully(): Promise<void> {
    this.destroy();
  }

  /** Runs a statement. @returns the number of changed rows. The server prepares a statement with values for this one time. */
  #ask(sql: string, values: readonly (string | null)[] = [], onRow?: (cells: Cells) => void): Promise<number> {
    const call = () =>
      new Promise<number>((done, failed) => {
        const request = this.#request(sql, (error, count) => (error ? failed(error) : done(count ?? 0)));
        if (onRow) request.on('row', onRow);
        for (const [n, value] of values.entries()) request.addParameter(`p${n + 1}`, this.#client.TYPES.NVarChar, value);
        if (values.length > 0) this.#connection.execSql(request);
        else this.#connection.execSqlBatch(request);
      });
    return this.runCall(sql, call);
  }

  #request(sql: string, ended: (error: Error | null | undefined, count?: number) => void): Request {
    this.#said = undefined;
    return new this.#client.Request(sql, ended);
  }

  protected toDatabaseError(error: unknown): DatabaseError {
    const of = databaseError(error);
    return of.isLost ? (this.#said ?? of) : of;
  }
}

/** A column as a type of the client. The first column writes whole blocks of rows, and the others write nothing. */
function sentAs({ declaration, info, isText }: SentColumn, isFirst: boolean): Parameters<BulkLoad['addColumn']>[1] {
  return {
    ...{ id: info[0] ?? 0, type: declaration, name: declaration },
    declaration: () => declaration,
    writeTypeInfo(buffer, { collation }) {
      buffer.writeBuffer(info);
      if (isText) buffer.writeBuffer(collation?.toBuffer().subarray(0, 5) ?? Buffer.alloc(5));
    },
    writeValue(buffer, { value }) {
      if (isFirst) buffer.writeBuffer(value as Buffer);
    },
    validate: (value) => value,
  };
}

function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (Buffer.isBuffer(value)) return `0x${value.toString('hex').toUpperCase()}`;
  return typeof value === 'boolean' ? (value ? '1' : '0') : String(value);
}

/** The severity of errors from which the server ends the connection. */
const ending = 20;

/** Converts any error that the client throws to a `DatabaseError`. If a statement has several errors, the first error is the reason. */
export function databaseError(error: unknown): DatabaseError {
  if (error instanceof DatabaseError) return error;
  if (error instanceof AggregateError && error.errors.length > 0) return databaseError(error.errors[0]);
  const { number, message = String(error), class: severity = 0, code = '', cause, lineNumber } = error as Partial<TediousError>;
  if (number !== undefined) {
    const detail = lineNumber === undefined || lineNumber <= 1 ? undefined : `Line ${lineNumber}`;
    return new DatabaseError(message, { code: String(number), detail, isLost: severity >= ending, cause: error });
  }
  const ofSocket = (cause as { readonly code?: unknown } | undefined)?.code;
  return new DatabaseError(message, { code: typeof ofSocket === 'string' ? ofSocket : code, isLost: code !== 'ECANCEL', cause: error });
}

interface TediousError extends Error {
  readonly number: number;
  readonly class: number;
  readonly code: string;
  readonly lineNumber: number;
}
