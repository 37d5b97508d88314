/** Keys of a connection to a Warehouse of Fabric, or to the SQL endpoint of a Lakehouse or a mirrored database. */
import * as z from 'zod';
import { type KeysOf, secret } from '../../../ports/secret-schema.ts';
import type { HomeOrStore } from '../../engine.ts';
import { certificateAuthorityKey, type KeyConflict, serverKeys } from '../../server-keys.ts';
import { entraClash } from '../keys.ts';
import { isInLakehouse, stagingProblem } from './copy-into.ts';

const { text } = serverKeys;

export const keys = {
  url: serverKeys.url(/^fabric:\/\//, 'fabric://xxxx.datawarehouse.fabric.microsoft.com/database'),
  server: text
    .optional()
    .describe('The server in the SQL connection string of the item, as Fabric shows it: xxxx.datawarehouse.fabric.microsoft.com.'),
  port: serverKeys.port('1433'),
  database: text.optional().describe('The name of the Warehouse, the Lakehouse or the mirrored database. No default.'),
  workspace: text
    .optional()
    .describe(
      'For the SQL endpoint of a Lakehouse or a mirrored database: its workspace, by name or GUID. hygge then has Fabric refresh its tables before a run reads them. This needs the role Contributor. The plan says up to which time each table is shown. Default: Fabric is not queried, and the plan says that the age of the rows is unknown.',
    ),
  credential: z
    .enum(['default', 'managed_identity', 'service_principal', 'workload_identity'])
    .optional()
    .describe(
      'The identity whose Entra ID token is used. default: managed identity in the cloud, the account of `az login` on a laptop. Default: derived from the other keys.',
    ),
  tenant_id: text.optional().describe('The tenant. service_principal needs it.'),
  client_id: text.optional().describe('Which of several identities, or the application.'),
  client_secret: secret().optional().describe('With service_principal: its secret.'),
  client_certificate_path: text.optional().describe('With service_principal: a PEM file with its certificate and private key.'),
  user: text.optional().describe('Refused: Fabric has no logins with a password.'),
  password: secret().optional().describe('Refused: a token of Entra ID replaces the password.'),
  staging_sas: secret()
    .optional()
    .describe(
      'For a store whose staging is in ADLS: a shared access signature (sv=…&sig=…) that may read, add, create, write, delete and list. hygge writes with it, and COPY INTO reads with it. Default: the identity of the connection does both.',
    ),
  staging_identity: z
    .enum(['connection', 'workspace'])
    .optional()
    .describe(
      'The identity that reads the folder of staging in COPY INTO. workspace: the identity of the Fabric workspace, which also reads storage behind a firewall. Default: connection. The identity of the connection writes there in each case.',
    ),
  tls_ca_path: certificateAuthorityKey,
  pool_size: serverKeys.poolSize,
  connect_timeout: serverKeys.connectTimeout(60, 'Fabric may need to accept a connection. Statements have no time limit.'),
};

export type FabricKeys = KeysOf<typeof keys>;

/** Keys that contradict each other. @param written the home or store that has the keys. A store also has `staging`. */
export function clash(given: FabricKeys & { readonly staging?: string }, written?: HomeOrStore): KeyConflict {
  if (written === 'store' && given.workspace !== undefined)
    return {
      key: 'workspace',
      needs: 'A Warehouse shows its own rows at once: leave out this key. Only SQL endpoints lag, and SQL endpoints are only read',
    };
  const problem = written === 'store' ? stagingProblem(given.staging ?? '') : undefined;
  if (problem !== undefined) return { key: 'staging', needs: problem };
  if (given.staging_sas !== undefined && given.staging_identity !== undefined)
    return { key: 'staging_identity', needs: 'A shared access signature takes the place of an identity: write one of the two' };
  if (written === 'store' && given.staging_sas !== undefined && isInLakehouse(given.staging ?? ''))
    return { key: 'staging_sas', needs: 'COPY INTO reads a Lakehouse only by identities: leave out this key, or stage in ADLS' };
  const login = (['user', 'password'] as const).find((key) => given[key] !== undefined);
  if (login !== undefined)
    return { key: login, needs: `Fabric accepts only tokens of Entra ID: remove ${login}, and sign in by credential, or by az login` };
  if (given.url !== undefined) {
    const part = (['server', 'port'] as const).find((key) => given[key] !== undefined);
    if (part !== undefined) return { key: part, needs: 'The url already sets this key' };
    if (!urlForm.test(given.url))
      return {
        key: 'url',
        needs: 'An address looks like fabric://xxxx.datawarehouse.fabric.microsoft.com/database, with no user and no password',
      };
  } else if (given.server === undefined)
    return { key: 'server', needs: 'The server of the SQL connection string: xxxx.datawarehouse.fabric.microsoft.com' };
  const at = addressOf(given);
  if (at === undefined) return { key: 'server', needs: 'A server looks like xxxx.datawarehouse.fabric.microsoft.com, or host,1433' };
  if (at.database === '') return { key: 'database', needs: 'The name of the Warehouse, the Lakehouse or the mirrored database' };
  return entraClash(given);
}

/** All details needed for a connection. */
export interface Address {
  readonly host: string;
  readonly port: number;
  readonly database: string;
}

const urlForm = /^fabric:\/\/([^:@/?#]+)(?::(\d+))?(?:\/([^/?#]*))?$/;

/** The address that the keys name. Undefined: the keys name no server. */
export function addressOf({
  url,
  server,
  port,
  database,
}: Partial<Pick<FabricKeys, 'url' | 'server' | 'port' | 'database'>>): Address | undefined {
  const [, urlHost, urlPort, urlDatabase = ''] = urlForm.exec(url ?? '') ?? [];
  if (urlHost !== undefined) return { host: urlHost, port: Number(urlPort ?? 1433), database: database ?? decodeURIComponent(urlDatabase) };
  const [, host, ownPort] = /^(?:tcp:)?([^\\,;=/:\s]+)(?:,\s*(\d+))?$/i.exec(server?.trim() ?? '') ?? [];
  return host === undefined ? undefined : { host, port: Number(ownPort ?? port ?? 1433), database: database ?? '' };
}
