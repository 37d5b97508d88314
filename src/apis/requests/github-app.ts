/**
 * Gets tokens for an installation of a GitHub App:
 * https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/authenticating-as-a-github-app-installation
 */
import { textIn } from '../../remote/json/json-requests.ts';
import { CredentialRefused, notAllowed } from '../../remote/refusals.ts';
import type { GitHubAppAuth } from './auth-config.ts';
import { secretsIn } from './config.ts';
import { type Around, Assertions, isSendable, noToken, TokenRequests, type TokenSource, wordsOf } from './token-requests.ts';

/** The lifetime of an assertion. GitHub accepts at most 10 minutes. */
const lifeMs = 9 * 60_000;

export function gitHubAppTokens(auth: GitHubAppAuth, base: string, around: Around): TokenSource {
  const url = addressOf(auth, base);
  const { origin } = new URL(url);
  const requests = new TokenRequests(url, 'Check base_url, and whether this machine may reach it', around);
  let assertions: Assertions | undefined;
  return async () => {
    assertions ??= new Assertions(auth.private_key, { algorithm: 'RS256' });
    const by = assertions;
    const sent: string[] = [];
    const answer = await requests.ask(
      () => {
        const assertion = by.make({ iss: auth.app_id }, requests.nowMs(), lifeMs);
        sent.push(assertion);
        return { method: 'POST', url, headers: { ...headers, authorization: `Bearer ${assertion}` } };
      },
      () => undefined,
    );
    const { status, body } = answer;
    const message = wordsOf(textIn(body, 'message') ?? '', [...secretsIn(auth), ...sent]);
    const said = message === '' ? [] : [`GitHub says: ${message}`];
    const refused = { url: origin, doing: 'read', status, code: '' } as const;
    if (status === 401)
      throw new CredentialRefused(refused, [
        'Check auth.app_id, and that auth.private_key is a key of this app that was not removed',
        ...said,
      ]);
    if (status === 404) throw new CredentialRefused(refused, ['Check auth.installation_id: the app is not installed there', ...said]);
    if (status === 403 || status === 422) throw notAllowed(refused, 'the permissions of the app: the installation may be suspended', said);
    const token = textIn(body, 'token');
    if ((status !== 201 && status !== 200) || !isSendable(token))
      throw noToken(origin, status, 'its body has no token', 'Check base_url: https://api.github.com, or https://<host>/api/v3');
    const untilMs = Date.parse(textIn(body, 'expires_at') ?? '');
    return { token, lifeMs: Number.isNaN(untilMs) ? undefined : Math.max(0, untilMs - requests.nowMs()) };
  };
}

const headers = { accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28', 'user-agent': 'hygge' };

/** The address for tokens, below the root of the API, which is /api/v3 on GitHub Enterprise Server. */
function addressOf({ installation_id }: GitHubAppAuth, base: string): string {
  const { origin, pathname } = new URL(base);
  const root = /^\/api\/v\d+(?=\/|$)/.exec(pathname)?.[0] ?? '';
  return `${origin}${root}/app/installations/${encodeURIComponent(installation_id)}/access_tokens`;
}
