import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { listening } from '../listening.ts';
import { type Client, clientVerdict, type How, type MachineIdentity, machineVerdict, type Verdict } from './clients.ts';
import { type Shown, Tokens } from './tokens.ts';

export interface EntraOptions {
  readonly tenant: string;
  readonly clients?: readonly Client[];
  readonly machine?: readonly MachineIdentity[];
}

export interface Issued {
  readonly principal: string;
  readonly audience: string;
  readonly how: How;
}

/** Entra ID as clients see it: tokens for applications, and for whatever runs on this machine. */
export interface Entra extends AsyncDisposable {
  readonly tenant: string;
  /** Of `login.microsoftonline.com`, and of `169.254.169.254`. */
  readonly listener: RequestListener;
  serves(host: string): boolean;
  /** What App Service and Functions set for an app with an identity. */
  readonly identityEnv: Readonly<Record<string, string>>;
  /** Of tokens issued from now on, in seconds. A day at first. */
  lifetime: number;
  /** Every token issued on request, in order. */
  readonly issued: readonly Issued[];
  /** While it is set, requests for tokens get this answer. */
  outage: { readonly status: number; readonly error: string; readonly retryAfter?: number } | 'lost' | undefined;
  /** How many requests for tokens met the outage. */
  outages: number;
  /** What a service reads in a token it is shown; undefined: we have not issued it. */
  bearer(token: string): Shown | undefined;
  /** A token as if somebody had signed in. */
  token(principal: string, audience?: string): string;
  /** Was asked and is not done here. Disposing throws unless it is empty. */
  readonly notDone: string[];
}

interface Reply {
  readonly status: number;
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
}

const login = 'login.microsoftonline.com';
const imdsHost = '169.254.169.254';
const imdsPath = '/metadata/identity/oauth2/token';
const appServicePath = '/msi/token';

export async function startEntra({ tenant, clients = [], machine = [] }: EntraOptions): Promise<Entra> {
  const tokens = new Tokens(tenant);
  const secret = randomUUID();
  const issued: Issued[] = [];
  const notDone: string[] = [];
  const entra = {
    tenant,
    lifetime: 86_400,
    outage: undefined as Entra['outage'],
    outages: 0,
    issued,
    notDone,
    serves: (host: string) => host === login || host === imdsHost,
    token: (principal: string, audience = 'https://storage.azure.com') => tokens.issue(principal, audience, entra.lifetime),
    bearer: (token: string) => tokens.read(token),
    listener: (request: IncomingMessage, response: ServerResponse) => {
      void textOf(request).then((body) => {
        const isForToken = request.url?.includes('/token') === true;
        if (entra.outage !== undefined && isForToken) entra.outages++;
        if (entra.outage === 'lost' && isForToken) {
          request.socket.destroy();
          return;
        }
        const { status, body: answer, headers } = replyTo(request, new URLSearchParams(body));
        response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers }).end(JSON.stringify(answer));
      });
    },
  };

  function replyTo(request: IncomingMessage, body: URLSearchParams): Reply {
    const { pathname: path, searchParams: query } = new URL(request.url ?? '/', 'https://here');
    const atLogin = request.headers.host?.startsWith(login) ?? false;
    if (atLogin && path === '/common/discovery/instance') return { status: 200, body: discovery(tenant) };
    if (atLogin && path.endsWith('/.well-known/openid-configuration')) return { status: 200, body: openid(tenant) };
    if (atLogin && request.method === 'POST' && path.endsWith('/oauth2/v2.0/token')) {
      return outageReply(entra.outage) ?? replyOf(request, clientVerdict(path, body, tenant, clients));
    }
    if (!atLogin && request.method === 'GET' && (path === imdsPath || path === appServicePath)) {
      const how = path === imdsPath ? 'imds' : 'app service';
      const allowed = how === 'imds' ? request.headers.metadata === 'true' : request.headers['x-identity-header'] === secret;
      return outageReply(entra.outage) ?? replyOf(request, machineVerdict(query, { allowed, how }, machine));
    }
    return replyOf(request, undefined);
  }

  function replyOf(request: IncomingMessage, verdict: Verdict | undefined): Reply {
    if (verdict === undefined) {
      notDone.push(`${request.method} ${request.headers.host}${request.url}`);
      return { status: 501, body: { error: 'not_done_here' } };
    }
    if ('wrong' in verdict) return { status: verdict.status, body: verdict.wrong };
    const { principal, audience, how, id } = verdict;
    issued.push({ principal, audience, how });
    return { status: 200, body: answerFor(how, { id, audience, lifetime: entra.lifetime, token: entra.token(principal, audience) }) };
  }

  const server = createServer(entra.listener);
  server.keepAliveTimeout = 600_000;
  const there = await listening(server);
  return Object.assign(entra, {
    identityEnv: { IDENTITY_ENDPOINT: `${there.url}${appServicePath}`, IDENTITY_HEADER: secret },
    async [Symbol.asyncDispose]() {
      await there[Symbol.asyncDispose]();
      if (notDone.length > 0) throw new Error(`Entra was asked for what it does not do:\n${notDone.join('\n')}`);
    },
  });
}

interface Given {
  readonly id: string;
  readonly audience: string;
  readonly lifetime: number;
  readonly token: string;
}

/** Each endpoint has its own names and its own idea of a number. */
function answerFor(how: How, { id, audience, lifetime, token: access_token }: Given): object {
  if (how !== 'imds' && how !== 'app service') {
    return { token_type: 'Bearer', expires_in: lifetime, ext_expires_in: lifetime, access_token };
  }
  const expires_on = String(Math.floor(Date.now() / 1000) + lifetime);
  const common = { access_token, client_id: id, expires_on, resource: audience, token_type: 'Bearer' };
  return how === 'imds' ? { ...common, expires_in: String(lifetime), ext_expires_in: String(lifetime), not_before: '0' } : common;
}

function outageReply(outage: Entra['outage']): Reply | undefined {
  if (outage === undefined || outage === 'lost') return undefined;
  const { status, error, retryAfter } = outage;
  const headers = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
  return { status, body: { error, error_description: `AADSTS90033: ${error}` }, headers };
}

const discovery = (tenant: string): object => ({
  tenant_discovery_endpoint: `https://${login}/${tenant}/v2.0/.well-known/openid-configuration`,
  'api-version': '1.1',
  metadata: [{ preferred_network: login, preferred_cache: 'login.windows.net', aliases: [login, 'login.windows.net', 'sts.windows.net'] }],
});

const openid = (tenant: string): object => ({
  issuer: `https://${login}/${tenant}/v2.0`,
  authorization_endpoint: `https://${login}/${tenant}/oauth2/v2.0/authorize`,
  token_endpoint: `https://${login}/${tenant}/oauth2/v2.0/token`,
  end_session_endpoint: `https://${login}/${tenant}/oauth2/v2.0/logout`,
  jwks_uri: `https://${login}/${tenant}/discovery/v2.0/keys`,
});

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
