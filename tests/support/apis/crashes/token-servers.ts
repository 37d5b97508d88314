/** Servers that give out the tokens of the matrix: by the client's own secret, or by refresh tokens that rotate and are kept in a vault. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import type { HttpRequest, HttpResponse, Network } from '../../../../src/ports/network.ts';
import { type AwsSecrets, awsSecrets } from '../../vaults/aws-secrets.ts';

/** The address of the wire's own tokens. */
export const tokenUrl = 'http://127.0.0.1:9/token';
const client = `token_url: "${tokenUrl}", client_id: matrix, client_secret: a-secret-of-the-matrix`;
const shownClient = `Basic ${Buffer.from('matrix:a-secret-of-the-matrix').toString('base64')}`;
const tokenLifeSeconds = 900;

export interface TokenServer extends AsyncDisposable {
  /** How many tokens were given out. */
  readonly count: number;
  /** What it holds against the client, at the end. */
  readonly complaints: readonly string[];
  /** Whether a request is for the vault that keeps refresh tokens. */
  isForVault(request: HttpRequest): boolean;
  token(request: HttpRequest): HttpResponse;
  vault(request: HttpRequest, http: Pick<Network, 'send'>): Promise<HttpResponse>;
  /** Until when a token is good, in ms of the scene; 0: there is none. */
  untilMs(token: string): number;
  /** Whether the API lets a request in. */
  admits(authorization: string | undefined): boolean;
  /** Voids all access tokens. */
  expire(): void;
}

interface Timed {
  readonly time: { ms: number };
}

/** How a flow of the matrix signs in, where it does not say so itself. */
export const tokenAuth = `auth: { type: oauth2, ${client} }`;

class GivenTokens {
  count = 0;
  readonly time: { ms: number };
  readonly #untilMs = new Map<string, number>();

  constructor({ time }: Timed) {
    this.time = time;
  }

  give(more: object = {}): HttpResponse {
    const token = `token-${++this.count}`;
    this.#untilMs.set(token, this.time.ms + tokenLifeSeconds * 1000);
    const told = { access_token: token, token_type: 'Bearer', expires_in: tokenLifeSeconds, ...more };
    return answered(200, JSON.stringify(told), { date: new Date(this.time.ms).toUTCString() });
  }

  untilMs(token: string): number {
    return this.#untilMs.get(token) ?? 0;
  }

  admits(authorization = ''): boolean {
    return this.untilMs(authorization.replace('Bearer ', '')) > this.time.ms;
  }

  expire(): void {
    this.#untilMs.clear();
  }
}

export class CredentialsServer extends GivenTokens implements TokenServer {
  readonly complaints = [];

  isForVault(): boolean {
    return false;
  }

  token({ method, headers, body = '' }: HttpRequest): HttpResponse {
    if (method !== 'POST' || headers.authorization !== shownClient || String(body) !== 'grant_type=client_credentials')
      return answered(401, '{"error":"invalid_client"}');
    return this.give();
  }

  vault(): Promise<HttpResponse> {
    throw new Error('there is no vault');
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

const region = 'eu-central-1';
const secretName = 'matrix/refresh-token';
const key = { id: 'AKIAMATRIX', secret: 'the-secret-of-a-key' };
/** `rotatingAuth` in place of `tokenAuth`. */
export const rotatingAuth = `auth: { type: oauth2, grant: refresh_token, ${client}, kept_in: { aws: ${region}, name: ${secretName} } }`;
const environment = {
  AWS_ACCESS_KEY_ID: key.id,
  AWS_SECRET_ACCESS_KEY: key.secret,
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_CONFIG_FILE: '/nowhere/none',
  AWS_SHARED_CREDENTIALS_FILE: '/nowhere/none',
};

/**
 * Each refresh token is good for one use. The one before is taken again as long as the client has shown nothing of the answer, which may have been lost. A token that
 * comes back after that ends all access, as RFC 9700 has it.
 */
export class RotatingServer extends GivenTokens implements TokenServer {
  readonly complaints: string[] = [];
  readonly #vault: AwsSecrets;
  readonly #server: Server;
  readonly #before: Readonly<Record<string, string | undefined>>;
  #good = 'refresh-0';
  #earlier: string | undefined;
  /** The access token of the newest refresh. */
  #newest = '';
  #refreshes = 0;

  private constructor(timed: Timed) {
    super(timed);
    this.#vault = awsSecrets(region, key);
    this.#vault.nowMs = () => this.time.ms;
    this.#vault.put(secretName, this.#good);
    this.#server = createServer(this.#vault.to);
    this.#before = Object.fromEntries(Object.keys(environment).map((name) => [name, process.env[name]]));
    Object.assign(process.env, environment);
  }

  static async start(timed: Timed): Promise<RotatingServer> {
    const made = new RotatingServer(timed);
    made.#server.listen(0, '127.0.0.1');
    await once(made.#server, 'listening');
    return made;
  }

  isForVault({ url }: HttpRequest): boolean {
    return new URL(url).hostname === `secretsmanager.${region}.amazonaws.com`;
  }

  token({ headers, body = '' }: HttpRequest): HttpResponse {
    const form = new URLSearchParams(String(body));
    const shown = form.get('refresh_token') ?? '';
    if (headers.authorization !== shownClient || form.get('grant_type') !== 'refresh_token')
      return answered(401, '{"error":"invalid_client"}');
    if (shown !== this.#good && shown !== this.#earlier) {
      this.complaints.push(`${shown} was used again, and ${this.#good} is the good one`);
      return answered(400, '{"error":"invalid_grant"}');
    }
    if (shown === this.#good) this.#earlier = this.#good;
    this.#good = `refresh-${++this.#refreshes}`;
    const answer = this.give({ refresh_token: this.#good });
    this.#newest = `token-${this.count}`;
    return answer;
  }

  override admits(authorization = ''): boolean {
    if (authorization === `Bearer ${this.#newest}`) {
      this.#earlier = undefined;
      // From here on the new refresh token is the only one: it must not be in a process alone.
      if (!String(this.#vault.secrets.get(secretName)?.value).includes(`"${this.#good}"`))
        this.complaints.push(`the vault does not have ${this.#good}, and its access token is used`);
    }
    return super.admits(authorization);
  }

  async vault(request: HttpRequest, http: Pick<Network, 'send'>): Promise<HttpResponse> {
    const { port } = this.#server.address() as AddressInfo;
    const { status, headers, body } = await http.send({ ...request, url: `http://127.0.0.1:${port}/` });
    const parts: Uint8Array[] = [];
    for await (const part of body) parts.push(part);
    return { status, headers, body: Readable.from(parts) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const [name, value] of Object.entries(this.#before))
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
    if (this.#vault.notTaught.length > 0) throw new Error(`the vault knows no such requests: ${this.#vault.notTaught}`);
  }
}

export function answered(status: number, body: string, headers: Readonly<Record<string, string>> = {}): HttpResponse {
  const all: Readonly<Record<string, string>> = { 'content-type': 'application/json', ...headers };
  return { status, headers: { get: (name) => all[name.toLowerCase()] ?? null }, body: Readable.from([Buffer.from(body)]) };
}
