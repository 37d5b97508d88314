/** Lists what requests to an API need: hosts, secrets and variables. Also describes for people how the requests sign in. */
import type { Requirement } from '../../engine/contracts/connector.ts';
import { partitionOf } from '../../remote/aws/partitions.ts';
import { authorityHost } from '../../remote/azure/authorities.ts';
import { credentialKind } from '../../remote/azure/keys.ts';
import { awsActions } from '../../remote/vaults/secret-versions.ts';
import { type Auth, clientAuthOf } from './auth-config.ts';
import type { RequestsConfig } from './config.ts';

export function requestRequirements({
  base_url,
  auth,
  origins = [],
  headers = {},
  params = {},
}: Pick<RequestsConfig, 'base_url' | 'auth' | 'origins' | 'headers' | 'params'>): readonly Requirement[] {
  const addresses = [base_url, ...tokenAddresses(auth, base_url), ...origins].map((one) => new URL(one));
  const hosts = [...new Map(addresses.map((url) => [url.origin, url])).values()].map(({ hostname: name, port, protocol }): Requirement => {
    const usual = protocol === 'http:' ? 80 : 443;
    const number = port === '' ? usual : Number(port);
    return { need: 'host', name, ...(number === 443 ? {} : { port: number }) };
  });
  const others = [...Object.entries(headers), ...Object.entries(params)].filter(([, value]) => typeof value === 'object');
  const names = [...secretNames(auth), ...others.map(([name]) => name)];
  const isFederated = auth?.type === 'entra' && credentialKind(auth) === 'workload_identity';
  return [
    ...hosts,
    ...vaultNeeds(auth),
    ...names.map((name): Requirement => ({ need: 'secret', name })),
    ...(isFederated ? [{ need: 'environment', name: 'AZURE_FEDERATED_TOKEN_FILE' } as const] : []),
  ];
}

/** The secret that contains a rotating refresh token. */
function vaultNeeds(auth: Auth | undefined): readonly Requirement[] {
  if (auth?.type !== 'oauth2' || auth.kept_in === undefined) return [];
  const { aws: region, name } = auth.kept_in;
  const { suffix, id } = partitionOf({ region });
  const resource = { arn: `arn:${id}:secretsmanager:${region}:*:secret:${name}-*` };
  return [
    { need: 'role', system: 'rest_api', doing: ['read', 'write'], resource, role: awsActions.join(', ') },
    { need: 'host', name: `secretsmanager.${region}.${suffix}` },
  ];
}

function tokenAddresses(auth: Auth | undefined, base: string): readonly string[] {
  if (auth?.type === 'oauth2') return [auth.token_url];
  if (auth?.type !== 'entra' || !['service_principal', 'workload_identity'].includes(credentialKind(auth))) return [];
  return [`https://${authorityHost(base, {})}`];
}

function secretNames(auth: Auth | undefined): readonly string[] {
  return Object.entries(auth ?? {}).flatMap(([name, value]) => (typeof value === 'object' && 'reveal' in value ? [name] : []));
}

/** The sign-in as text for people: `oauth2: refresh token, client by its secret`. */
export function signInText(auth: Auth): string {
  switch (auth.type) {
    case 'oauth2': {
      const grant = {
        client_credentials: 'client credentials',
        refresh_token: auth.kept_in === undefined ? 'refresh token' : `refresh token kept in ${auth.kept_in.name}`,
        jwt_bearer: 'signed assertion',
      }[auth.grant];
      const client = {
        basic: ', the client by its secret in the header',
        body: ', the client by its secret in the body',
        private_key_jwt: ', the client by a signed assertion',
        none: '',
      }[clientAuthOf(auth)];
      return `oauth2: ${grant}${client}`;
    }
    case 'entra':
      return `entra: ${credentialKind(auth)}`;
    case 'github_app':
      return `github_app: app ${auth.app_id}, installation ${auth.installation_id}`;
    default:
      return auth.type;
  }
}
