import { createPublicKey, generateKeyPairSync, type KeyObject, verify } from 'node:crypto';
import { type Answered, type Asked, NotTaught, Refusal } from './exchange.ts';

const email = 'mover@project.iam.gserviceaccount.com';
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

export const provider = '//iam.googleapis.com/projects/123/locations/global/workloadIdentityPools/pool/providers/entra';
/** What the file of another system holds. */
export const subjectToken = 'a-token-of-another-system';

/** What `gcloud auth application-default login` leaves behind. */
export const person = { type: 'authorized_user', client_id: 'gcloud', client_secret: 'of gcloud', refresh_token: 'of someone' };

/** The key of a service account, as the console hands it out. */
export function serviceAccountKey(): string {
  return JSON.stringify({
    type: 'service_account',
    project_id: 'project',
    private_key_id: 'k1',
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    client_email: email,
    token_uri: 'https://oauth2.googleapis.com/token',
  });
}

/** Everybody who gives out tokens: OAuth, the token exchange, IAM, and the metadata server of a machine; and who takes them. */
export class Tokens {
  /** Seconds that a token is good for. */
  goodFor = 3600;
  /** Whoever asks for a token is answered this. */
  outage: number | undefined;
  /** How many were. */
  outages = 0;
  readonly #good = new Map<string, { readonly who: string; readonly until: number }>();
  #given = 0;

  /** How many were given out. */
  get given(): number {
    return this.#given;
  }

  /** Whoever asks, if it is one who may use storage. */
  check({ headers }: Asked): void {
    const known = this.#holder(headers.authorization);
    if (known === undefined) throw new Refusal(401, 'authError', 'Invalid Credentials');
  }

  revoke(): void {
    this.#good.clear();
  }

  /** Undefined: no address of anybody who gives out tokens. */
  answer(asked: Asked): Answered | undefined {
    const { method, path } = asked;
    const isForToken =
      method === 'POST' && (path === '/token' || path === '/v1/token' || path.startsWith('/v1/projects/-/serviceAccounts/'));
    if (isForToken && this.outage !== undefined) {
      this.outages++;
      return { status: this.outage, body: { error: 'temporarily_unavailable' } };
    }
    if (method === 'POST' && path === '/token') return this.#byAssertion(asked);
    if (method === 'POST' && path === '/v1/token') return this.#byExchange(asked);
    if (method === 'POST' && path.startsWith('/v1/projects/-/serviceAccounts/')) return this.#byImpersonation(asked);
    if (method === 'GET' && path === '/msi/token') return entra(asked);
    return path.startsWith('/computeMetadata/') ? this.#metadata(asked) : undefined;
  }

  #give(who: string): { readonly access_token: string; readonly expires_in: number; readonly token_type: 'Bearer' } {
    const token = `token-${++this.#given}`;
    this.#good.set(token, { who, until: Date.now() + this.goodFor * 1000 });
    return { access_token: token, expires_in: this.goodFor, token_type: 'Bearer' };
  }

  #holder(authorization: string | undefined): string | undefined {
    const known = this.#good.get(/^Bearer (.+)$/.exec(authorization ?? '')?.[1] ?? '');
    return known !== undefined && known.until > Date.now() ? known.who : undefined;
  }

  /** https://developers.google.com/identity/protocols/oauth2/service-account#httprest */
  #byAssertion({ body }: Asked): Answered {
    const form = new URLSearchParams(body.toString());
    if (form.get('grant_type') === 'refresh_token') return this.#byRefresh(form);
    if (form.get('grant_type') !== 'urn:ietf:params:oauth:grant-type:jwt-bearer') throw new NotTaught(`grant ${form.get('grant_type')}`);
    const claims = claimsOf(form.get('assertion') ?? '', publicKey);
    const isGood =
      claims?.iss === email &&
      claims.aud === 'https://oauth2.googleapis.com/token' &&
      String(claims.scope).includes('devstorage') &&
      Number(claims.exp) * 1000 > Date.now();
    if (!isGood) return { status: 400, body: { error: 'invalid_grant', error_description: 'Invalid JWT Signature.' } };
    return { status: 200, body: this.#give(email) };
  }

  /** https://developers.google.com/identity/protocols/oauth2/native-app#offline */
  #byRefresh(form: URLSearchParams): Answered {
    const isGood = Object.entries(person).every(([name, value]) => name === 'type' || form.get(name) === value);
    return isGood ? { status: 200, body: this.#give('somebody') } : { status: 400, body: { error: 'invalid_grant' } };
  }

  /** https://cloud.google.com/iam/docs/reference/sts/rest/v1/TopLevel/token */
  #byExchange({ body }: Asked): Answered {
    const form = new URLSearchParams(body.toString());
    if (form.get('grant_type') !== 'urn:ietf:params:oauth:grant-type:token-exchange')
      throw new NotTaught(`grant ${form.get('grant_type')}`);
    if (form.get('subject_token_type') !== 'urn:ietf:params:oauth:token-type:jwt') throw new NotTaught('subject_token_type');
    if (form.get('audience') !== provider || !String(form.get('subject_token')).startsWith(subjectToken))
      return {
        status: 400,
        body: { error: 'invalid_target', error_description: 'The target service indicated by the audience is invalid.' },
      };
    const mayStore = String(form.get('scope')).includes('devstorage');
    const issued = { issued_token_type: 'urn:ietf:params:oauth:token-type:access_token' };
    return { status: 200, body: { ...this.#give(mayStore ? 'principal' : 'impersonator'), ...issued } };
  }

  /** https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/generateAccessToken */
  #byImpersonation({ path, headers, body }: Asked): Answered {
    const wanted = /serviceAccounts\/([^:]+):generateAccessToken$/.exec(decodeURIComponent(path))?.[1];
    const { scope } = JSON.parse(body.toString()) as { scope?: readonly string[] };
    if (this.#holder(headers.authorization) !== 'impersonator' || wanted !== email || !scope?.some((one) => one.includes('devstorage')))
      return { status: 403, body: { error: { code: 403, message: 'Permission denied', status: 'PERMISSION_DENIED' } } };
    const given = this.#give(email);
    return {
      status: 200,
      body: { accessToken: given.access_token, expireTime: new Date(Date.now() + this.goodFor * 1000).toISOString() },
    };
  }

  /** https://cloud.google.com/compute/docs/metadata/overview */
  #metadata({ path, headers }: Asked): Answered {
    if (headers['metadata-flavor'] !== 'Google') return { status: 403, body: {} };
    const told = { 'metadata-flavor': 'Google' };
    const text = (body: string) => ({ status: 200, headers: { ...told, 'content-type': 'application/text' }, body: Buffer.from(body) });
    switch (path.replace(/^\/computeMetadata\/v1\//, '').replace(/\/$/, '')) {
      case 'instance':
        return text('');
      case 'project/project-id':
        return text('project');
      case 'universe/universe-domain':
        return text('googleapis.com');
      case 'instance/service-accounts/default/token':
        return { status: 200, headers: told, body: this.#give(email) };
      default:
        throw new NotTaught(path);
    }
  }
}

/** The identity endpoint of an Azure function app: https://learn.microsoft.com/azure/app-service/overview-managed-identity */
function entra({ query, headers }: Asked): Answered {
  if (headers['x-identity-header'] !== 'header' || query.get('resource') !== 'api://hygge') throw new NotTaught('identity endpoint');
  const expires_on = Math.floor(Date.now() / 1000) + 86_400;
  return { status: 200, body: { access_token: `${subjectToken}-of-entra`, expires_on, resource: 'api://hygge', token_type: 'Bearer' } };
}

/** What a signed token claims; undefined: it was not signed with that key. */
function claimsOf(token: string, key: KeyObject): Readonly<Record<string, unknown>> | undefined {
  const [head = '', claims = '', signature = ''] = token.split('.');
  const isSigned = verify(
    'sha256',
    Buffer.from(`${head}.${claims}`),
    createPublicKey(key.export({ type: 'spki', format: 'pem' })),
    Buffer.from(signature, 'base64url'),
  );
  return isSigned ? (JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, unknown>) : undefined;
}
