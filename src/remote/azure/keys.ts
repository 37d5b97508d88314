import * as z from 'zod';
import { type KeysOf, secret } from '../../ports/secret-schema.ts';
import { addressWithSecret, readConnectionString } from './connection-string.ts';

/** How to sign in to a storage account of Azure. The names are the same as in the config. */
export const credentialKinds = [
  'default',
  'managed_identity',
  'service_principal',
  'workload_identity',
  'storage_key',
  'sas',
  'connection_string',
  'anonymous',
] as const;

export type CredentialKind = (typeof credentialKinds)[number];

const guidOrDomain = /^[0-9A-Za-z.-]+$/;

/** Keys of a config for signing in, the same for every system of Azure. */
export const azureKeys = {
  credential: z.enum(credentialKinds).optional().meta({
    description:
      'How to sign in. default: the signed-in user, a managed identity in the cloud. managed_identity, service_principal, workload_identity: as that identity. storage_key, sas, connection_string: with that key. anonymous: public containers. Without this key, the other keys decide.',
    default: 'default',
  }),
  tenant_id: z.string().regex(guidOrDomain, 'the id or domain of a tenant').optional().describe('The Entra tenant to sign in to.'),
  client_id: z
    .string()
    .min(1)
    .optional()
    .describe('The id of a service principal, or of one of several managed identities. By default AZURE_CLIENT_ID of the environment.'),
  client_secret: secret().optional().describe('The secret of a service principal. A secret: keep it in a variable.'),
  client_certificate_path: z
    .string()
    .min(1)
    .optional()
    .describe('Instead of client_secret: a PEM file with the certificate and its private key.'),
  storage_account_key: secret().optional().describe('A key of the storage account. A secret: keep it in a variable.'),
  sas_token: secret().optional().describe('A shared access signature: sv=…&sig=…. A secret: keep it in a variable.'),
  connection_string: secret()
    .optional()
    .describe('The connection string of the storage account, with a key or a signature. A secret: keep it in a variable.'),
};

export type AzureKeys = KeysOf<typeof azureKeys>;

export const azureKeyNames = Object.keys(azureKeys) as readonly (keyof AzureKeys)[];

/** The keys that each kind needs in addition to the environment, and its optional keys. */
const wants: Readonly<
  Record<CredentialKind, { readonly needs: readonly (keyof AzureKeys)[]; readonly takes: readonly (keyof AzureKeys)[] }>
> = {
  default: { needs: [], takes: ['tenant_id', 'client_id'] },
  managed_identity: { needs: [], takes: ['client_id'] },
  service_principal: { needs: ['tenant_id', 'client_id'], takes: ['client_secret', 'client_certificate_path'] },
  workload_identity: { needs: [], takes: ['tenant_id', 'client_id'] },
  storage_key: { needs: ['storage_account_key'], takes: [] },
  sas: { needs: ['sas_token'], takes: [] },
  connection_string: { needs: ['connection_string'], takes: [] },
  anonymous: { needs: [], takes: [] },
};

/** Keys that prove the identity. One of these keys is enough to sign in. */
const proofs = {
  connection_string: 'connection_string',
  storage_account_key: 'storage_key',
  sas_token: 'sas',
  client_secret: 'service_principal',
  client_certificate_path: 'service_principal',
} as const satisfies Partial<Record<keyof AzureKeys, CredentialKind>>;

const written = (keys: AzureKeys): readonly (keyof typeof proofs)[] =>
  (Object.keys(proofs) as (keyof typeof proofs)[]).filter((key) => keys[key] !== undefined);

/** The kind in the config, else the kind that follows from the given keys. */
export function credentialKind(keys: AzureKeys): CredentialKind {
  if (keys.credential !== undefined) return keys.credential;
  const [first] = written(keys);
  return first === undefined ? 'default' : proofs[first];
}

/** Keys that are missing or contradict each other: the key to change, and what this key needs, or a sentence. */
export function azureClash(keys: AzureKeys): { readonly key: string; readonly needs: string } | undefined {
  const [first, second] = written(keys);
  if (first !== undefined && second !== undefined) return { key: second, needs: `Either ${first} or ${second}, not both` };
  const kind = credentialKind(keys);
  const { needs, takes } = wants[kind];
  const missing = needs.find((key) => keys[key] === undefined);
  if (missing !== undefined) return { key: missing, needs: `Credential ${kind} needs ${missing}` };
  if (kind === 'service_principal' && first === undefined)
    return { key: 'client_secret', needs: 'Credential service_principal needs client_secret or client_certificate_path' };
  const idle = azureKeyNames.find((key) => key !== 'credential' && keys[key] !== undefined && !needs.includes(key) && !takes.includes(key));
  if (idle !== undefined) return { key: idle, needs: `With credential ${kind}, ${idle} means nothing` };
  const endpoint = keys.connection_string && addressWithSecret(keys.connection_string);
  if (endpoint !== undefined)
    return {
      key: 'connection_string',
      needs: `The ${endpoint} in a connection string is only an address: the part after the ? belongs in SharedAccessSignature=…, and a user before the @ is not allowed`,
    };
  if (keys.connection_string !== undefined && readConnectionString(keys.connection_string) === undefined) {
    const what = 'an AccountName with an AccountKey, or a BlobEndpoint with a SharedAccessSignature';
    return { key: 'connection_string', needs: `A connection string of a storage account has ${what}` };
  }
  return undefined;
}

/** The ways to sign in, by the kind of credential: for HYG-6402. */
export function waysToSignIn(kind: CredentialKind, knowsKeys = true): readonly string[] {
  switch (kind) {
    case 'default':
      return [
        'On your machine: az login, with the account of the right tenant.',
        'In the cloud: give the app a managed identity. AZURE_CLIENT_ID chooses one of several identities.',
        knowsKeys
          ? 'Or write one of storage_account_key, sas_token, connection_string, or a service principal: tenant_id, client_id, client_secret.'
          : 'Or write a service principal: tenant_id, client_id, client_secret. Account keys are not possible here.',
      ];
    case 'managed_identity':
      return [
        'Give the machine or app that runs hygge a managed identity. client_id chooses one of several identities.',
        'Your machine has no managed identity: remove credential, and run az login.',
      ];
    case 'service_principal':
      return [
        'Check tenant_id, client_id, and that the secret or certificate has not expired: Entra ID, App registrations, Certificates & secrets.',
      ];
    case 'workload_identity':
      return [
        'Check that AZURE_FEDERATED_TOKEN_FILE names the token, and that AZURE_TENANT_ID and AZURE_CLIENT_ID (or tenant_id and client_id) name the account.',
        'Check the federated credential of that identity: issuer, subject, audience.',
      ];
    case 'storage_key':
      return [
        'Check that storage_account_key is whole, of this account, and was not renewed.',
        'The account may forbid keys: then use an identity.',
      ];
    case 'sas':
      return ['Check that sas_token is complete, has not expired, and allows this service and container.'];
    case 'connection_string':
      return ['Check that connection_string is whole, and that its key was not renewed.'];
    case 'anonymous':
      return ['The container is not public: sign in, or write a key or a SAS.'];
  }
}

/** For a service whose config has no keys to sign in: for HYG-6402. */
export const waysToSignInWithoutKeys = [
  'On your machine: az login, with the account of the right tenant.',
  'Elsewhere: give the machine or app that runs hygge a managed identity, or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET.',
] as const;

/** The right to read or write that is missing, in terms of the credential kind: for HYG-6401. */
export function rightTo(kind: CredentialKind, doing: 'read' | 'write', place: string): string {
  switch (kind) {
    case 'storage_key':
    case 'connection_string':
      return `a current key of this account, if the account allows keys; or the role ${roleTo(doing)} and no key`;
    case 'sas':
      return `a sas_token that may ${doing === 'read' ? 'read and list (rl)' : 'read, add, create, write, delete and list (racwdl)'}`;
    case 'anonymous':
      return doing === 'read' ? 'public access to the container, or a credential' : 'a credential: no one may write anonymously';
    default:
      return `the role ${roleTo(doing)} on ${place} or its account`;
  }
}

export function roleTo(doing: 'read' | 'write'): string {
  return doing === 'read' ? 'Storage Blob Data Reader' : 'Storage Blob Data Contributor';
}
