/** Keys of a connection to SQL Server, and the address that results from the keys. */
import * as z from 'zod';
import { type KeysOf, secret } from '../../ports/secret-schema.ts';
import { certificateAuthorityKey, type KeyConflict, serverKeys } from '../server-keys.ts';

const { text } = serverKeys;

export const keys = {
  url: serverKeys.url(/^(sqlserver|mssql):\/\//, 'sqlserver://user@host:1433/database'),
  server: text.optional().describe('A name or address, with or without an instance (host\\instance) or a port (host,1433).'),
  port: serverKeys.port('1433, or the port that the SQL Server Browser reports for an instance'),
  database: text.optional().describe('The database. No default.'),
  auth: z
    .enum(['entra', 'password'])
    .optional()
    .describe(
      'entra: a token of Entra ID, a fresh one for each connection. password: a login of SQL Server. Default: password if a user is named, else entra. Kerberos and NTLM are not supported.',
    ),
  credential: z
    .enum(['default', 'managed_identity', 'service_principal', 'workload_identity'])
    .optional()
    .describe(
      'With entra: the identity whose token is used. default: managed identity in the cloud, the signed-in user on a laptop. Default: derived from the other keys.',
    ),
  tenant_id: text.optional().describe('With entra: the tenant. service_principal needs it.'),
  client_id: text.optional().describe('With entra: which identity to use if there are several, or the application.'),
  client_secret: secret().optional().describe('With entra and service_principal: its secret.'),
  client_certificate_path: text.optional().describe('With entra and service_principal: a PEM file with its certificate and private key.'),
  user: text.optional().describe('A login of SQL Server.'),
  password: serverKeys.password(),
  encrypt: z
    .union([z.literal('strict'), z.literal(true)])
    .optional()
    .describe(
      'true: encrypted, and the certificate is verified. strict: TLS from the first byte (TDS 8.0). Unencrypted connections are not possible. Default: true.',
    ),
  tls_ca_path: certificateAuthorityKey,
  trust_server_certificate: z.boolean().optional().describe('true: the certificate is not checked, and each run warns. Default: false.'),
  application_intent: z
    .enum(['read_write', 'read_only'])
    .optional()
    .describe('read_only: a readable secondary may answer. Default: read_write.'),
  multi_subnet: z
    .boolean()
    .optional()
    .describe('All addresses of the name are tried at once: for a listener over several subnets. Default: false.'),
  pool_size: serverKeys.poolSize,
  connect_timeout: serverKeys.connectTimeout(30, 'the server may need to accept a connection. Statements have no time limit.'),
};

export type SqlServerKeys = KeysOf<typeof keys>;

const entraKeys = ['credential', 'tenant_id', 'client_id', 'client_secret', 'client_certificate_path'] as const;

export function clash(given: SqlServerKeys): KeyConflict {
  if (given.url !== undefined) {
    const part = (['server', 'port'] as const).find((key) => given[key] !== undefined);
    if (part !== undefined) return { key: part, needs: 'The url already sets this key' };
    const wrong = urlProblem(given.url);
    if (wrong !== undefined) return { key: 'url', needs: wrong };
  } else if (given.server === undefined) return { key: 'server', needs: 'The server: a name, host\\instance or host,1433' };
  const at = addressOf(given);
  if (at === undefined) return { key: 'server', needs: 'A server looks like host, host\\instance or host,1433' };
  if (at.instance !== undefined && given.port !== undefined) return { key: 'port', needs: 'Either an instance or a port, not both' };
  if (at.database === '') return { key: 'database', needs: 'The database' };
  if (at.auth === 'password') {
    const idle = entraKeys.find((key) => given[key] !== undefined);
    if (idle !== undefined) return { key: idle, needs: 'This key means something only with auth: entra' };
    if (at.user === undefined) return { key: 'user', needs: 'With auth: password, the login' };
    if (given.password === undefined)
      return { key: 'password', needs: `The password of ${at.user}; or auth: entra, which needs no password` };
  } else if (given.password !== undefined) return { key: 'password', needs: 'With auth: entra, a token replaces the password' };
  else if (given.user !== undefined) return { key: 'user', needs: 'With auth: entra, the token identifies the user' };
  const wronglySigned = at.auth === 'entra' ? entraClash(given) : undefined;
  if (wronglySigned) return wronglySigned;
  if (given.encrypt === 'strict' && given.trust_server_certificate)
    return { key: 'trust_server_certificate', needs: 'With `encrypt: strict` the certificate is always verified' };
  return undefined;
}

type EntraKeys = Pick<SqlServerKeys, (typeof entraKeys)[number]>;

export function entraClash(given: EntraKeys): KeyConflict {
  const { credential, client_secret, client_certificate_path } = given;
  if (client_secret !== undefined && client_certificate_path !== undefined)
    return { key: 'client_certificate_path', needs: 'Either client_secret or client_certificate_path, not both' };
  const proof = client_secret ? 'client_secret' : client_certificate_path ? 'client_certificate_path' : undefined;
  if (proof !== undefined && (credential ?? 'service_principal') !== 'service_principal')
    return { key: proof, needs: 'This key means something only with credential: service_principal' };
  if (credentialOf(given) === 'service_principal') {
    const missing = (['tenant_id', 'client_id'] as const).find((key) => given[key] === undefined);
    if (missing !== undefined) return { key: missing, needs: `A service principal needs ${missing}` };
    if (proof === undefined) return { key: 'client_secret', needs: 'A service principal needs client_secret or client_certificate_path' };
  }
  return undefined;
}

export function credentialOf(given: EntraKeys): NonNullable<SqlServerKeys['credential']> {
  if (given.credential !== undefined) return given.credential;
  return given.client_secret || given.client_certificate_path ? 'service_principal' : 'default';
}

/** All details needed for a connection. */
export interface Address {
  readonly host: string;
  readonly instance: string | undefined;
  /** The port of the server. Undefined: the SQL Server Browser reports the port of the instance. */
  readonly port: number | undefined;
  readonly database: string;
  readonly auth: 'entra' | 'password';
  readonly user: string | undefined;
}

const urlForm = /^(?:sqlserver|mssql):\/\/(?:([^:@/]*)@)?([^:/?@]+)(?::(\d+))?(?:\/([^/?]*))?$/;

function urlProblem(written: string): string | undefined {
  if (/:\/\/[^@/]*:[^@/]*@/.test(written)) return 'An address has no password: write the password as `password`';
  if (urlForm.test(written)) return undefined;
  return `An address looks like sqlserver://user@host:1433/database${written.includes('?') ? ': the parts after the "?" are keys of the connection' : ''}`;
}

/** The address of the server. Undefined: the keys name no server. */
export function addressOf(given: Omit<SqlServerKeys, 'pool_size' | 'connect_timeout'>): Address | undefined {
  const [, ofUrl, urlHost, urlPort, urlDatabase] = urlForm.exec(given.url ?? '') ?? [];
  const [, named, instance, ownPort] = /^(?:tcp:)?([^\\,;=]+?)(?:\\([^\\,]+))?(?:,\s*(\d+))?$/.exec(given.server?.trim() ?? '') ?? [];
  const host = urlHost ?? named;
  if (host === undefined) return undefined;
  const port = urlPort ?? ownPort;
  const user = given.user ?? (ofUrl === undefined || ofUrl === '' ? undefined : decodeURIComponent(ofUrl));
  const local = host === '.' || host.toLowerCase() === '(local)' ? 'localhost' : host;
  return {
    host: local,
    // A port alone identifies the instance, so its name is not needed.
    instance: port === undefined ? instance : undefined,
    port: port !== undefined ? Number(port) : (given.port ?? (instance === undefined ? 1433 : undefined)),
    database: given.database ?? decodeURIComponent(urlDatabase ?? ''),
    auth: given.auth ?? (user === undefined ? 'entra' : 'password'),
    user,
  };
}

export const shownServer = ({ host, instance, port }: Pick<Address, 'host' | 'instance' | 'port'>): string =>
  instance !== undefined ? `${host}\\${instance}` : port === undefined || port === 1433 ? host : `${host}:${port}`;
