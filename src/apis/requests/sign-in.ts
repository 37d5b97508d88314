/** How hygge signs in to an API: headers and parameters of each request, and tokens that the requests waiting for them share. */
import { ConnectionError } from '../../errors/hygge-error.ts';
import { shortHash } from '../../frames/short-hash.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Network } from '../../ports/network.ts';
import { JsonRequests, textIn } from '../../remote/json/json-requests.ts';
import { notReached, notSignedIn } from '../../remote/refusals.ts';
import type { Auth } from './auth-config.ts';

export interface Proof {
  readonly headers: Readonly<Record<string, string>>;
  readonly params: Readonly<Record<string, string>>;
}

export interface SignIn {
  /** What a request needs. It may ask for a token. Throws ConnectionError HYG-6402, HYG-6404, HYG-6053. */
  proof(): Promise<Proof>;
  /** Gives up a token that the API refused. False: there is no other one. */
  renew(refused: Proof): boolean;
}

type OAuth = Extract<Auth, { readonly type: 'oauth2' }>;

const nothing: Proof = { headers: {}, params: {} };
/** A token is renewed so long before it expires. */
const earlyMs = 30_000;
/** Servers that tell no lifetime mean an hour, as RFC 6749 has it in its examples. */
const usualLifeMs = 3_600_000;

export function signInOf(auth: Auth | undefined, around: { readonly network: Network; readonly clock: Clock }): SignIn {
  if (auth?.type === 'oauth2') {
    // Entities share a token if everything that it depends on is equal.
    const { client_secret, ...rest } = auth;
    const key = shortHash(JSON.stringify([rest, client_secret.reveal()]));
    return around.network.kept('rest_api token', key, () => new Tokens(auth, around));
  }
  const proof = fixedProof(auth);
  return { proof: async () => proof, renew: () => false };
}

function fixedProof(auth: Exclude<Auth, OAuth> | undefined): Proof {
  switch (auth?.type) {
    case undefined:
      return nothing;
    case 'bearer':
      return { headers: { authorization: `Bearer ${auth.token.reveal()}` }, params: {} };
    case 'basic':
      return { headers: { authorization: basic(auth.user, auth.password.reveal()) }, params: {} };
    case 'api_key':
      return auth.query === undefined
        ? { headers: { [(auth.header ?? 'X-API-Key').toLowerCase()]: auth.api_key.reveal() }, params: {} }
        : { headers: {}, params: { [auth.query]: auth.api_key.reveal() } };
  }
}

function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

interface Token {
  readonly proof: Proof;
  readonly untilMs: number;
}

/** Client credentials: https://www.rfc-editor.org/rfc/rfc6749#section-4.4 */
class Tokens implements SignIn {
  readonly #auth: OAuth;
  readonly #clock: Clock;
  readonly #requests: JsonRequests;
  /** One request, which all callers wait for. */
  #token: Promise<Token> | undefined;
  #good: Token | undefined;

  constructor(auth: OAuth, { network, clock }: { readonly network: Network; readonly clock: Clock }) {
    this.#auth = auth;
    this.#clock = clock;
    const url = new URL(auth.token_url).origin;
    this.#requests = new JsonRequests(network, {
      host: url,
      lost: ({ status, code, retryAfterMs }) =>
        notReached(
          { url, doing: 'read', status, code },
          {
            transient: true,
            check: ['Check auth.token_url, and whether this machine may reach it'],
            ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
          },
        ),
    });
  }

  async proof(): Promise<Proof> {
    if (this.#good && this.#good.untilMs <= this.#clock.monotonicMs()) this.#forget();
    this.#token ??= this.#ask();
    const asked = this.#token;
    try {
      const token = await asked;
      if (this.#token === asked) this.#good = token;
      return token.proof;
    } catch (error) {
      if (this.#token === asked) this.#forget();
      throw error;
    }
  }

  renew(refused: Proof): boolean {
    if (this.#good?.proof === refused) this.#forget();
    return true;
  }

  #forget(): void {
    this.#token = undefined;
    this.#good = undefined;
  }

  async #ask(): Promise<Token> {
    const { token_url: url, client_id, client_secret, scope, audience, send } = this.#auth;
    const secret = client_secret.reveal();
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      ...(scope === undefined ? {} : { scope }),
      ...(audience === undefined ? {} : { audience }),
      ...(send === 'body' ? { client_id, client_secret: secret } : {}),
    });
    const headers = {
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
      // Both are encoded as in a form: https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1
      ...(send === 'basic' ? { authorization: basic(encodeURIComponent(client_id), encodeURIComponent(secret)) } : {}),
    };
    const asked = this.#clock.monotonicMs();
    const answer = await this.#requests.ask(
      async () => ({ method: 'POST', url, headers, body: form.toString() }),
      (body) => textIn(body, 'error'),
    );
    const token = textIn(answer.body, 'access_token');
    if (answer.status === 200 && token !== undefined) {
      const { expires_in } = answer.body as { readonly expires_in?: unknown };
      const seconds = Number(expires_in ?? Number.NaN);
      const lifeMs = Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : usualLifeMs;
      // Of a token that lives for seconds, half of its life is used.
      return {
        proof: { headers: { authorization: `Bearer ${token}` }, params: {} },
        untilMs: asked + Math.max(lifeMs / 2, lifeMs - earlyMs),
      };
    }
    const { origin: at } = new URL(url);
    if (answer.status === 200)
      throw new ConnectionError({
        code: 'HYG-6404',
        what: `${at} gave no token.`,
        why: ['It answered 200, and its body has no access_token.'],
        tryThis: ['Check auth.token_url: it is the address that gives out tokens'],
      });
    throw notSignedIn({ url: at, doing: 'read', status: answer.status, code: answer.code }, [
      'Check auth.client_id, auth.client_secret, auth.scope and auth.token_url',
      'Some servers take the client in the body: auth.send: body',
    ]);
  }
}
