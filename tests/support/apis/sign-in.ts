import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { listening } from '../listening.ts';
import { hiddenProgram } from '../optional-programs.ts';

const folder = join(import.meta.dirname, 'authorization-server');
const program = join(folder, 'node_modules', 'oidc-provider', 'lib', 'index.js');

/** Why tests with an authorization server are skipped; '' when they are not. */
export const noSignIn = (): string =>
  hiddenProgram('oidc-provider') ||
  (existsSync(program) ? '' : 'without oidc-provider: npm ci --prefix tests/support/apis/authorization-server');

/** A program that signs in by itself. */
export interface Client {
  readonly id: string;
  readonly secret: string;
}

/** What the token endpoint gave or refused. */
export interface TokenRequest {
  readonly grant: string;
  readonly client: string | undefined;
  /** Such as `invalid_grant`. Absent: a token was given. */
  readonly error?: string;
}

/** An authorization server, by npm's `oidc-provider`, which is certified for OpenID Connect. Its tokens are opaque, and kept in memory. */
export interface SignInServer extends AsyncDisposable {
  /** Its metadata is at `<issuer>/.well-known/openid-configuration`. */
  readonly issuer: string;
  readonly tokenUrl: string;
  /** Shows its secret in the header `Authorization`. */
  readonly basic: Client;
  /** Shows its secret in the body. */
  readonly post: Client;
  /** Signs an assertion, ES256, with `key` (`private_key_jwt`, RFC 7523). */
  readonly signing: { readonly id: string; readonly key: KeyObject };
  /** What `basic` refreshes by, as after a person's consent. */
  refreshToken(): Promise<string>;
  /** Whether each use of a refresh token makes a new one, and one that is used twice ends all that came from it. True at first. */
  rotates: boolean;
  /** By whom `basic` may bring assertions (RFC 7523): their issuer and its public key. They are for `issuer` of the server. */
  asserting: { readonly issuer: string; readonly key: KeyObject } | undefined;
  /** What the assertions that were believed said. */
  readonly believed: readonly Claims[];
  /** Every request for a token so far: renewals are its length less the first. */
  readonly requests: readonly TokenRequest[];
  /** Whether an API lets this header in: a bearer token of this server that is not too old. */
  admits(authorization: string | undefined): Promise<boolean>;
}

/** The parts of oidc-provider that are asked here; it has no types of its own. */
interface Provider {
  callback(): (request: IncomingMessage, answer: ServerResponse) => void;
  on(event: 'grant.success' | 'grant.error', heard: (context: Context, error?: { readonly error: string }) => void): void;
  readonly Client: { find(id: string): Promise<object> };
  readonly Grant: new (of: object) => { addOIDCScope(scope: string): void; save(): Promise<string> };
  readonly RefreshToken: new (of: object) => { save(): Promise<string> };
  readonly AccessToken: { find(token: string): Promise<object | undefined> };
  readonly ClientCredentials: { find(token: string): Promise<object | undefined> } & (new (
    of: object,
  ) => { readonly expiration: number; save(): Promise<string> });
  registerGrantType(name: string, handler: (context: Context) => Promise<void>, params: readonly string[]): void;
}

type Claims = Readonly<Partial<Record<'iss' | 'sub' | 'aud' | 'jti', string>> & Partial<Record<'iat' | 'exp', number>>>;

/** The part of jose, which oidc-provider brings, that reads what hygge signed. */
export interface Jose {
  jwtVerify(
    token: string,
    key: KeyObject,
    how: {
      readonly issuer: string;
      readonly audience?: string;
      readonly requiredClaims: readonly string[];
      readonly currentDate?: Date;
      readonly algorithms?: readonly string[];
    },
  ): Promise<{ readonly payload: Claims; readonly protectedHeader: object }>;
}

export async function jose(): Promise<Jose> {
  return (await import(pathToFileURL(join(folder, 'node_modules', 'jose', 'dist', 'webapi', 'index.js')).href)) as Jose;
}

interface Context {
  body?: object;
  status?: number;
  readonly oidc: {
    readonly params?: { readonly grant_type?: string; readonly assertion?: string };
    readonly client?: { readonly clientId: string };
    entity(kind: string, entity: object): void;
  };
}

const jwtBearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

export async function startSignIn(): Promise<SignInServer> {
  const { default: Provider } = (await import(pathToFileURL(program).href)) as { default: new (issuer: string, of: object) => Provider };
  const server = createServer((request, answer) => answered(request, answer));
  server.keepAliveTimeout = 600_000;
  const there = await listening(server);
  const { url: issuer } = there;
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const signer = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const [basic, post] = ['basic', 'post'].map((id) => ({ id, secret: randomBytes(24).toString('base64url') })) as [Client, Client];
  const requests: TokenRequest[] = [];
  const believed: Claims[] = [];
  const set = { rotates: true, asserting: undefined as SignInServer['asserting'] };
  const usual = { redirect_uris: [], response_types: [] };
  const provider = new Provider(issuer, {
    adapter: Memory,
    clients: [
      {
        ...{ ...usual, client_id: basic.id, client_secret: basic.secret, token_endpoint_auth_method: 'client_secret_basic' },
        // The code of a person's consent is what a refresh token comes from.
        ...{ grant_types: ['client_credentials', 'authorization_code', 'refresh_token', jwtBearer], scope: 'openid offline_access items' },
        ...{ redirect_uris: ['https://app.example/back'], response_types: ['code'] },
      },
      {
        ...{ ...usual, client_id: post.id, client_secret: post.secret, token_endpoint_auth_method: 'client_secret_post' },
        grant_types: ['client_credentials'],
      },
      {
        ...{ ...usual, client_id: 'signing', token_endpoint_auth_method: 'private_key_jwt', token_endpoint_auth_signing_alg: 'ES256' },
        ...{ grant_types: ['client_credentials'], jwks: { keys: [publicKey.export({ format: 'jwk' })] } },
      },
    ],
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt'],
    enabledJWA: { clientAuthSigningAlgValues: ['ES256'] },
    clockTolerance: 0,
    cookies: { keys: [randomBytes(16).toString('hex')] },
    features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
    findAccount: (_: unknown, id: string) => ({ accountId: id, claims: async () => ({ sub: id }) }),
    jwks: { keys: [signer.privateKey.export({ format: 'jwk' })] },
    rotateRefreshToken: () => set.rotates,
    scopes: ['openid', 'offline_access', 'items'],
    ttl: { AccessToken: 3_600, ClientCredentials: 3_600, RefreshToken: 86_400, Grant: 86_400, IdToken: 60 },
  });
  const heard = ({ oidc }: Context, error?: { readonly error: string }): void => {
    const { params, client } = oidc;
    requests.push({ grant: params?.grant_type ?? '', client: client?.clientId, ...(error ? { error: error.error } : {}) });
  };
  provider.on('grant.success', heard);
  provider.on('grant.error', heard);
  const { jwtVerify } = await jose();
  const givenFor = async (context: Context): Promise<void> => {
    const { params, client } = context.oidc;
    try {
      const { issuer: by = '', key = publicKey } = set.asserting ?? {};
      const how = { issuer: by, audience: issuer, requiredClaims: ['sub', 'exp', 'jti'] };
      believed.push((await jwtVerify(params?.assertion ?? '', key, how)).payload);
    } catch {
      Object.assign(context, {
        status: 400,
        body: { error: 'invalid_grant', error_description: `no such assertion: ${params?.assertion}` },
      });
      return;
    }
    const token = new provider.ClientCredentials({ client, scope: 'items' });
    context.oidc.entity('ClientCredentials', token);
    context.body = { access_token: await token.save(), token_type: 'Bearer', expires_in: String(token.expiration) };
  };
  provider.registerGrantType(jwtBearer, givenFor, ['assertion', 'scope']);
  const answered = provider.callback();
  return Object.assign(set, {
    ...{ issuer, tokenUrl: `${issuer}/token`, basic, post, signing: { id: 'signing', key: privateKey }, requests, believed },
    async refreshToken() {
      const of = { accountId: 'a person', clientId: basic.id };
      const grant = new provider.Grant(of);
      grant.addOIDCScope('openid offline_access items');
      const token = { ...of, client: await provider.Client.find(basic.id), grantId: await grant.save(), gty: 'authorization_code' };
      return new provider.RefreshToken({ ...token, scope: 'openid offline_access items' }).save();
    },
    async admits(authorization: string | undefined) {
      const token = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1];
      if (token === undefined) return false;
      return ((await provider.ClientCredentials.find(token)) ?? (await provider.AccessToken.find(token))) !== undefined;
    },
    [Symbol.asyncDispose]: () => there[Symbol.asyncDispose](),
  });
}

interface Payload {
  readonly grantId?: string;
  consumed?: number;
}

/** What oidc-provider keeps of one kind of things; its own one in memory warns on the console. */
class Memory {
  readonly #kept = new Map<string, Payload>();

  async upsert(id: string, payload: Payload): Promise<void> {
    this.#kept.set(id, payload);
  }

  async find(id: string): Promise<Payload | undefined> {
    return this.#kept.get(id);
  }

  async consume(id: string): Promise<void> {
    const payload = this.#kept.get(id);
    if (payload) payload.consumed = Math.floor(Date.now() / 1000);
  }

  async destroy(id: string): Promise<void> {
    this.#kept.delete(id);
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    for (const [id, payload] of this.#kept) if (payload.grantId === grantId) this.#kept.delete(id);
  }
}
