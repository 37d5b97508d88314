import type { AccessKind, Requirement, Resource } from '../../engine/contracts/connector.ts';
import { authorityHost } from '../../remote/azure/authorities.ts';
import { type AzureKeys, azureKeyNames, credentialKind, roleTo } from '../../remote/azure/keys.ts';
import { prefixIn } from './prefix.ts';

/** The keys of a config that define how to sign in. */
export function azureKeysOf(config: AzureKeys): AzureKeys {
  return Object.fromEntries(azureKeyNames.flatMap((key) => (config[key] === undefined ? [] : [[key, config[key]]])));
}

/** The kinds of access for a home (`read`) and for a store (`write`). A store needs only one role, because staging, records and removals are all writes. */
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
