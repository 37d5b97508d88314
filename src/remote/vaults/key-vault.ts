import { HyggeError } from '../../errors/hygge-error.ts';
import type { HttpRequest, Network } from '../../ports/network.ts';
import { Secret, type SecretLookup, type Vault } from '../../ports/secret.ts';
import { answerIn } from '../azure/answer.ts';
import { defaultCredential } from '../azure/credential.ts';
import { isGuid } from '../azure/guid.ts';
import { waysToSignInWithoutKeys } from '../azure/keys.ts';
import { type JsonAnswer, textIn } from '../json/json-requests.ts';
import { notSignedIn } from '../refusals.ts';
import { VaultRequests } from './vault-requests.ts';

/** The Entra ID token that a vault requires. */
interface Challenge {
  readonly scope: string;
  /** The tenant that issues the token; undefined: the vault does not name the tenant. */
  readonly tenantId: string | undefined;
}

/**
 * An Azure Key Vault: https://learn.microsoft.com/rest/api/keyvault/secrets/get-secret/get-secret
 * @param address `https://northwind.vault.azure.net`, of a domain of Key Vault.
 */
export function keyVault(address: string, network: Network): Vault {
  const vault = new URL(address);
  const requests = new VaultRequests(network, vault.host, vault.origin);
  let challenge: Promise<Challenge> | undefined;

  /** The challenge of the vault: the answer to a request without a token names the authority that the vault trusts. */
  const challenged = async (name: string): Promise<Challenge> => {
    const answer = await requests.ask(async () => asked(name, {}), codeIn);
    const found = answer.status === 401 ? challengeIn(answer.header('www-authenticate') ?? '') : undefined;
    if (found === undefined) throw refusal(answer);
    // If a server pretends to be the vault, it must not get a token for another service.
    const { hostname } = new URL(found.scope);
    if (!vault.hostname.endsWith(`.${hostname}`))
      throw requests.strange(
        answer,
        `The vault requests a token of ${hostname}, but does not belong to that host. So hygge sent no token.`,
      );
    return found;
  };
  const proof = async (name: string): Promise<Readonly<Record<string, string>>> => {
    challenge ??= challenged(name).catch((error: unknown) => {
      challenge = undefined;
      throw error;
    });
    const { scope, tenantId } = await challenge;
    const credential = await defaultCredential(network, null, vault.origin);
    try {
      const token = await credential.getToken(scope, tenantId === undefined ? {} : { tenantId });
      return { authorization: `Bearer ${token?.token ?? ''}` };
    } catch (error) {
      throw error instanceof HyggeError ? error : unsigned(answerIn(error));
    }
  };
  const asked = (name: string, headers: Readonly<Record<string, string>>): Omit<HttpRequest, 'withinMs'> => ({
    method: 'GET',
    url: `${vault.origin}/secrets/${name}?api-version=7.4`,
    headers: { accept: 'application/json', ...headers },
  });
  const unsigned = ({ status, code }: { readonly status: number | undefined; readonly code: string }) =>
    notSignedIn({ url: vault.origin, doing: 'read', status, code }, waysToSignInWithoutKeys);

  function refusal(answer: JsonAnswer): HyggeError {
    if (answer.status === 401) return unsigned(answer);
    if (answer.status !== 403) return requests.strange(answer);
    const byNetwork = /ByFirewall|ByConnection|ByPerimeter/.test(answer.code);
    return requests.refused(
      answer,
      byNetwork
        ? {
            right: `Allow this machine to reach ${vault.hostname}: Networking of the vault, or run hygge on a machine with access.`,
            why: 'the network rules of the vault do not let this machine in',
          }
        : {
            right: `Grant the identity of this run the role Key Vault Secrets User on ${vault.hostname}. This may take some minutes to have effect.`,
          },
    );
  }

  async function read(name: string, isLast: boolean): Promise<JsonAnswer> {
    const answer = await requests.ask(async () => asked(name, await proof(name)), codeIn);
    if (answer.status !== 401 || isLast) return answer;
    // The token expired early, or the vault now trusts another tenant. So the next attempt requests a new challenge.
    challenge = undefined;
    return await read(name, true);
  }

  return {
    async lookUp(name): Promise<SecretLookup> {
      const said = (answer: JsonAnswer) => [answer.status, answer.code].filter((one) => one !== '').join(' ');
      if (!/^[0-9A-Za-z-]{1,127}$/.test(name))
        return { lacks: 'no name', said: 'a name in this vault has letters, digits and `-`, up to 127 of them' };
      const answer = await read(name, false);
      if (answer.status === 404) return { lacks: 'unknown', said: said(answer) };
      if (answer.status === 403 && answer.code === 'SecretDisabled') return { lacks: 'disabled', said: said(answer) };
      const value = answer.status === 200 ? textIn(answer.body, 'value') : undefined;
      const id = textIn(answer.body, 'id');
      if (value === undefined || id === undefined) throw refusal(answer);
      return value === '' ? { lacks: 'empty', said: 'it is empty' } : { secret: new Secret(value), version: id.split('/').at(-1) ?? '' };
    },
  };
}

/** https://learn.microsoft.com/rest/api/keyvault/#error-response */
function codeIn(body: unknown): string | undefined {
  return textIn(body, 'error', 'innererror', 'code') ?? textIn(body, 'error', 'code');
}

/** `Bearer authorization="https://login.microsoftonline.com/<tenant>", resource="https://vault.azure.net"`, as its SDKs read it. */
function challengeIn(header: string): Challenge | undefined {
  const said = new Map([...header.replace(/^Bearer\s+/i, '').matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value]));
  const resource = said.get('scope') ?? said.get('resource');
  if (!/^Bearer\s/i.test(header) || resource === undefined || !resource.startsWith('https://') || !URL.canParse(resource)) return undefined;
  const tenant = URL.parse(said.get('authorization') ?? said.get('authorization_uri') ?? '')?.pathname.split('/')[1];
  return {
    scope: resource.endsWith('/.default') ? resource : `${resource.replace(/\/$/, '')}/.default`,
    tenantId: tenant !== undefined && isGuid(tenant) ? tenant : undefined,
  };
}
