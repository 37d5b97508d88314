/** Keys of a connection to PostgreSQL, and the address that results from the keys and the environment. */
import * as z from 'zod';
import { didYouMean } from '../../errors/did-you-mean.ts';
import { settingIn } from '../../errors/unresolved-setting.ts';
import type { Secret } from '../../ports/secret.ts';
import { type KeysOf, secret } from '../../ports/secret-schema.ts';
import {
  accountConflict,
  certificateConflict,
  entraKeys,
  type KeyConflict,
  serverKeys,
  type TlsMode,
  tlsKeys,
  tlsModes,
} from '../server-keys.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export type Target = 'primary' | 'standby' | 'any';

const { text } = serverKeys;

export const keys = {
  url: serverKeys.url(/^postgres(ql)?:\/\//, 'postgres://user@host:5432/database', ', several hosts with commas between'),
  connection_string: secret()
    .optional()
    .describe('The address with a password, as hosters provide it in DATABASE_URL. This address is never shown.'),
  host: z
    .union([text, z.array(text).nonempty()])
    .optional()
    .describe(
      'A name or address, or the folder of a unix socket. Or a list of hosts, each with its :port or without. Default: PGHOST, else localhost.',
    ),
  port: serverKeys.port('PGPORT, else 5432'),
  database: text.optional().describe('Default: PGDATABASE, else the name of the user.'),
  user: text.optional().describe('The role. Default: PGUSER.'),
  password: serverKeys.password(' Default: PGPASSWORD, else ~/.pgpass.'),
  auth: serverKeys.auth(),
  ...entraKeys,
  target: z
    .enum(['primary', 'standby', 'any'])
    .optional()
    .describe('The first host of this kind is used. A single host must be of this kind. Default: any.'),
  ...tlsKeys,
  pool_size: serverKeys.poolSize,
  connect_timeout: serverKeys.connectTimeout(15, 'a host may need to answer.'),
};

export type PostgresKeys = KeysOf<typeof keys>;

export function clash(given: PostgresKeys): KeyConflict {
  if (given.url !== undefined && given.connection_string !== undefined)
    return { key: 'connection_string', needs: 'Either url or connection_string, not both' };
  const whole = given.url === undefined ? (given.connection_string === undefined ? undefined : 'connection_string') : 'url';
  const part = (['host', 'port'] as const).find((key) => given[key] !== undefined);
  if (whole !== undefined && part !== undefined) return { key: part, needs: `The ${whole} already sets this key` };
  const wronglySigned = accountConflict(given) ?? certificateConflict(given);
  if (wronglySigned) return wronglySigned;
  const written = given.url ?? given.connection_string?.reveal();
  const wrong = written === undefined ? undefined : urlProblem(written);
  return wrong === undefined ? undefined : { key: whole ?? 'url', needs: wrong };
}

export interface Host {
  /** A host name, an IP address, or the folder of a socket. */
  readonly host: string;
  readonly port: number;
}

/** All details needed for a connection, from the keys, the environment and defaults. */
export interface Address {
  readonly hosts: readonly Host[];
  readonly database: string;
  readonly user: string;
  /** The password. Undefined: the password is in ~/.pgpass, or the server requests none. */
  readonly password: Secret | string | undefined;
  readonly target: Target;
  readonly tls: TlsMode;
}

interface Written {
  readonly hosts: readonly string[];
  readonly port: string | undefined;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly database: string | undefined;
  readonly sslmode: string | undefined;
  readonly target: string | undefined;
}

/** Parses a URL of a connection. The class `URL` is not used, because it accepts no URL with several hosts. */
function readUrl(written: string): Written | undefined {
  const match = /^postgres(?:ql)?:\/\/(?:([^:@/]*)(?::([^@/]*))?@)?([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/.exec(written);
  if (!match) return undefined;
  const plain = (part: string | undefined) => (part === undefined || part === '' ? undefined : decodeURIComponent(part));
  try {
    const asked = new URLSearchParams(match[5] ?? '');
    const hosts = (match[3] ?? '').split(',').filter((host) => host !== '');
    const socket = asked.get('host');
    return {
      hosts: hosts.length > 0 ? hosts.map((host) => decodeURIComponent(host)) : socket === null ? [] : socket.split(','),
      ...{ port: asked.get('port') ?? undefined, user: plain(match[1]), password: plain(match[2]), database: plain(match[4]) },
      ...{ sslmode: asked.get('sslmode') ?? undefined, target: asked.get('target_session_attrs') ?? undefined },
    };
  } catch {
    return undefined;
  }
}

const knownInUrl = ['host', 'port', 'sslmode', 'target_session_attrs', 'application_name', 'connect_timeout'];

function urlProblem(written: string): string | undefined {
  const read = readUrl(written);
  if (read === undefined) return 'An address looks like postgres://user@host:5432/database';
  const asked = [...new URLSearchParams(/\?(.*)$/s.exec(written)?.[1] ?? '').keys()];
  const unknown = asked.find((name) => !knownInUrl.includes(name));
  if (unknown !== undefined) {
    const near = didYouMean(unknown, knownInUrl);
    const meant = near === undefined ? '' : ` Did you mean ${near}?`;
    return `After the "?" of the address, only ${knownInUrl.slice(0, -1).join(', ')} and ${knownInUrl.at(-1)} are read: ${unknown} is not.${meant} Remove it from the address. The connection may have a key for it`;
  }
  if (read.sslmode !== undefined && !(tlsModes as readonly string[]).includes(read.sslmode))
    return `The sslmode of the address can be ${tlsModes.slice(0, -1).join(', ')} or ${tlsModes.at(-1)}, but ${read.sslmode} may fall back to no encryption, or is not a mode`;
  return undefined;
}

const targets: Readonly<Record<string, Target>> = {
  'read-write': 'primary',
  primary: 'primary',
  'read-only': 'standby',
  standby: 'standby',
  'prefer-standby': 'any',
  any: 'any',
};

export function addressOf(given: Omit<PostgresKeys, 'pool_size' | 'connect_timeout'>, env: Environment): Address {
  const whole = given.url ?? given.connection_string?.reveal();
  const read = whole === undefined ? undefined : readUrl(whole);
  const written = read?.hosts.length ? read.hosts : typeof given.host === 'string' ? given.host.split(',') : (given.host ?? []);
  const names = written.length > 0 ? written : (settingIn(env, 'PGHOST') ?? 'localhost').split(',');
  const port = Number(read?.port ?? given.port ?? (whole === undefined ? settingIn(env, 'PGPORT')?.split(',')[0] : undefined) ?? 5432);
  const hosts = names.map((name) => hostOf(name.trim(), port));
  const user = given.user ?? read?.user ?? settingIn(env, 'PGUSER') ?? env.USER ?? '';
  return {
    hosts,
    user,
    database: given.database ?? read?.database ?? settingIn(env, 'PGDATABASE') ?? user,
    password: given.auth === 'entra' ? undefined : (given.password ?? read?.password ?? settingIn(env, 'PGPASSWORD')),
    target: given.target ?? targets[read?.target ?? ''] ?? 'any',
    tls: given.tls ?? (read?.sslmode as TlsMode | undefined) ?? (hosts.every(isHere) ? 'disable' : 'verify-full'),
  };
}

function hostOf(written: string, port: number): Host {
  if (written.startsWith('/')) return { host: written, port };
  const [, bracketed, plain, own] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(written) ?? [];
  return { host: bracketed ?? plain ?? written, port: own === undefined ? port : Number(own) };
}

/** Whether the connection does not leave this machine. */
export function isHere({ host }: Host): boolean {
  return host.startsWith('/') || host === 'localhost' || host === '::1' || /^127\./.test(host);
}

export const shownHost = ({ host, port }: Host): string => (host.startsWith('/') || port === 5432 ? host : `${host}:${port}`);
