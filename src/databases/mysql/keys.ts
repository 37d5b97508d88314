/** Keys of a connection to MySQL or MariaDB, and the address that results from the keys. */
import type { KeysOf } from '../../ports/secret-schema.ts';
import { accountConflict, certificateConflict, entraKeys, type KeyConflict, serverKeys, type TlsMode, tlsKeys } from '../server-keys.ts';

const { text } = serverKeys;

export const keys = {
  url: serverKeys.url(/^(mysql|mariadb):\/\//, 'mysql://user@host:3306/database'),
  host: text.optional().describe('A name or address. Default: localhost.'),
  port: serverKeys.port('3306'),
  socket: text.optional().describe('The path of a unix socket, in place of host and port.'),
  database: text.optional().describe('The database. No default.'),
  user: text.optional().describe('The account.'),
  password: serverKeys.password(),
  auth: serverKeys.auth(' (Azure Database for MySQL)'),
  ...entraKeys,
  ...tlsKeys,
  pool_size: serverKeys.poolSize,
  connect_timeout: serverKeys.connectTimeout(15, 'the server may need to answer.'),
};

export type MysqlKeys = KeysOf<typeof keys>;

const isAddress = /^\d+\.\d+\.\d+\.\d+$|:/;

export function clash(given: MysqlKeys): KeyConflict {
  const whole = (['url', 'socket'] as const).find((key) => given[key] !== undefined);
  const part = (['host', 'port', 'socket'] as const).find((key) => key !== whole && given[key] !== undefined);
  if (whole !== undefined && part !== undefined) return { key: part, needs: `The ${whole} already sets this key` };
  if (given.url !== undefined && !urlForm.test(given.url))
    return {
      key: 'url',
      needs: `An address looks like mysql://user@host:3306/database, without a password${given.url.includes('?') ? '; the parts after the "?" are keys of the connection' : ''}`,
    };
  const { database, user, isHere, tls, host, socket } = addressOf(given);
  if (database === '') return { key: 'database', needs: 'The database' };
  if (user === '') return { key: 'user', needs: 'The account' };
  // The client can’t compare an IP address with the certificate.
  if (tls === 'verify-full' && socket === undefined && isAddress.test(host))
    return { key: 'host', needs: 'A name that the certificate has; or tls: verify-ca' };
  if (given.auth === 'entra' && tls === 'disable' && !isHere)
    return { key: 'tls', needs: 'With auth: entra, the connection must be encrypted, because a token is sent over it' };
  return accountConflict(given) ?? certificateConflict(given);
}

/** All details needed for a connection. */
export interface Address {
  readonly host: string;
  readonly port: number;
  readonly socket: string | undefined;
  readonly database: string;
  readonly user: string;
  readonly tls: TlsMode;
  /** The connection does not leave this machine. */
  readonly isHere: boolean;
}

const urlForm = /^(?:mysql|mariadb):\/\/(?:([^:@/]*)@)?(\[[^\]]+\]|[^:/?@]+)(?::(\d+))?(?:\/([^/?]*))?$/;

export function addressOf(given: Omit<MysqlKeys, 'pool_size' | 'connect_timeout'>): Address {
  const [, user, host, port, database] = urlForm.exec(given.url ?? '') ?? [];
  const name = (host ?? given.host ?? 'localhost').replace(/^\[|\]$/g, '');
  const isHere = given.socket !== undefined || name === 'localhost' || name === '::1' || /^127\./.test(name);
  return {
    ...{ host: name, socket: given.socket, isHere },
    port: Number(port ?? given.port ?? 3306),
    database: given.database ?? decodeURIComponent(database ?? ''),
    user: given.user ?? decodeURIComponent(user ?? ''),
    tls: given.tls ?? (isHere ? 'disable' : 'verify-full'),
  };
}

export const shownHost = ({ host, port, socket }: Pick<Address, 'host' | 'port' | 'socket'>): string =>
  socket ?? (port === 3306 ? host : `${host}:${port}`);
