import * as z from 'zod';
import type { AccessKind, Requirement, Resource } from '../../engine/contracts/connector.ts';
import { secret } from '../../ports/secret-schema.ts';
import { authorityHost } from '../../remote/azure/authorities.ts';
import { type AzureKeys, azureKeyNames, credentialKind, credentialKinds, roleTo } from '../../remote/azure/keys.ts';
import { prefixIn } from './prefix.ts';

const guidOrDomain = /^[0-9A-Za-z.-]+$/;

/** How one signs in, the same for every system of Azure. */
export const azureKeys = {
  credential: z.enum(credentialKinds).optional().meta({
    description:
      'How to sign in. default: whoever is signed in, a managed identity in the cloud; or one of them: managed_identity, service_principal, workload_identity; storage_key, sas, connection_string: by that key; anonymous: public containers. Follows from the keys given.',
    default: 'default',
  }),
  tenant_id: z.string().regex(guidOrDomain, 'the id or domain of a tenant').optional().describe('The Entra tenant to sign in to.'),
  client_id: z
    .string()
    .min(1)
    .optional()
    .describe('Of a service principal, or of one of several managed identities. By default AZURE_CLIENT_ID of the environment.'),
  client_secret: secret().optional().describe('Of a service principal. A secret: let a variable hold it.'),
  client_certificate_path: z
    .string()
    .min(1)
    .optional()
    .describe('Instead of client_secret: a PEM file with the certificate and its private key.'),
  storage_account_key: secret().optional().describe('A key of the storage account. A secret: let a variable hold it.'),
  sas_token: secret().optional().describe('A shared access signature: sv=…&sig=…. A secret: let a variable hold it.'),
  connection_string: secret().optional().describe('Of the storage account, with a key or a signature. A secret: let a variable hold it.'),
};

/** Only how to sign in, of a config. */
export function azureKeysOf(config: AzureKeys): AzureKeys {
  return Object.fromEntries(azureKeyNames.flatMap((key) => (config[key] === undefined ? [] : [[key, config[key]]])));
}

/** What a store of files does with one role: staged files, records and removals are all writes. */
export const doings: Readonly<Record<'read' | 'write', readonly AccessKind[]>> = { read: ['read'], write: ['read', 'write', 'stage'] };

export function azureRequirements(
  keys: AzureKeys,
  {
    system,
    doing,
    resource,
    host,
  }: { readonly system: string; readonly doing: 'read' | 'write'; readonly resource: Resource; readonly host: string },
): readonly Requirement[] {
  const kind = credentialKind(keys);
  const secrets = ['client_secret', 'storage_account_key', 'sas_token', 'connection_string'] as const;
  const named = secrets.filter((name) => keys[name] !== undefined).map((name) => ({ need: 'secret', name }) as const);
  const byRole = ['default', 'managed_identity', 'service_principal', 'workload_identity'].includes(kind);
  const prefix = prefixIn(keys);
  const below = prefix === '' ? {} : { below: prefix };
  const signsIn = ['service_principal', 'workload_identity'].includes(kind);
  return [
    ...(byRole ? [{ need: 'role', system, doing: doings[doing], resource, role: roleTo(doing), ...below } as const] : []),
    ...named,
    ...(kind === 'workload_identity' ? [{ need: 'environment', name: 'AZURE_FEDERATED_TOKEN_FILE' } as const] : []),
    { need: 'host', name: host },
    ...(signsIn ? [{ need: 'host', name: authorityHost(`https://${host}`, {}) } as const] : []),
  ];
}
