import type { Host } from '../azure-hosts/hosts.ts';
import type { Entra } from '../entra/entra.ts';
import { type PlayedVault, playVault, type Question, type Reply } from './vault.ts';

/** A Key Vault as its REST API has it: https://learn.microsoft.com/rest/api/keyvault/secrets/get-secret/get-secret */
export type KeyVault = PlayedVault &
  Host & {
    readonly address: string;
    /** Of Entra, who may read. */
    readonly readers: Set<string>;
    /** What it asks a token for. */
    resource: string;
  };

const error = (status: number, code: string, message: string, inner?: string): Reply => ({
  status,
  body: { error: { code, message, ...(inner === undefined ? {} : { innererror: { code: inner } }) } },
});

export function keyVault(name: string, entra: Pick<Entra, 'tenant' | 'bearer'>, readers: readonly string[]): KeyVault {
  const host = `${name}.vault.azure.net`;
  const own = {
    address: `https://${host}`,
    readers: new Set(readers),
    resource: 'https://vault.azure.net',
    serves: (asked: string) => asked === host,
  };

  const challenge = (why: string): Reply => ({
    ...error(401, 'Unauthorized', why),
    headers: {
      'www-authenticate': `Bearer authorization="https://login.microsoftonline.com/${entra.tenant}", resource="${vault.resource}"`,
    },
  });
  const answer = ({ method, path, query, headers }: Question, { secrets, asked }: PlayedVault): Reply | undefined => {
    const [, secret] = /^\/secrets\/([0-9A-Za-z-]{1,127})\/?$/.exec(path) ?? [];
    if (method !== 'GET' || secret === undefined || [...query.keys()].join() !== 'api-version') return undefined;
    if (!['7.4', '7.5', '7.6'].includes(query.get('api-version') ?? ''))
      return error(400, 'BadParameter', 'The specified version is not supported.');
    const token = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];
    if (token === undefined) return challenge('AKV10000: Request is missing a Bearer or PoP token.');
    const shown = entra.bearer(token);
    if (shown === undefined || shown.expired || shown.audience !== 'https://vault.azure.net')
      return challenge('AKV10022: Invalid audience.');
    asked.push(secret);
    if (!vault.readers.has(shown.principal))
      return error(403, 'Forbidden', 'Caller is not authorized to perform action on resource.', 'ForbiddenByRbac');
    // Names are told apart by their letters alone.
    const [named, kept] = [...secrets].find(([one]) => one.toLowerCase() === secret.toLowerCase()) ?? [];
    if (kept === undefined) return error(404, 'SecretNotFound', `A secret with (name/id) ${secret} was not found in this key vault.`);
    if (kept.isDisabled) return error(403, 'Forbidden', 'Operation get is not allowed on a disabled secret.', 'SecretDisabled');
    const id = `${own.address}/secrets/${named}/${kept.version}`;
    return {
      status: 200,
      body: { value: kept.value, id, attributes: { enabled: true, created: 1, updated: 1, recoveryLevel: 'Recoverable+Purgeable' } },
    };
  };
  const vault: KeyVault = Object.assign(
    playVault(answer, ({ headers }) => headers.authorization !== undefined),
    own,
  );
  return vault;
}
