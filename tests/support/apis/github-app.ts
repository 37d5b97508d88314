import type { KeyObject } from 'node:crypto';
import type { ScriptedAnswer, ScriptedRequest } from './scripted-api.ts';
import { jose } from './sign-in.ts';

/** An app on GitHub, as https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app describes how it signs in. */
export interface GitHubApp {
  readonly appId: string;
  readonly installationId: string;
  /** The public half of the app's key. */
  readonly key: KeyObject;
  /** By GitHub's clock; ours at first. */
  nowMs: () => number;
  /** Installation tokens, with the time when each ends. */
  readonly tokens: Map<string, number>;
  /** An answer to a request for a token, or the refusal of a request without a good one; undefined: the API may answer. */
  answer(request: ScriptedRequest): Promise<ScriptedAnswer | undefined>;
}

const tokenPath = /^(?:\/api\/v3)?\/app\/installations\/([^/]+)\/access_tokens$/;
const longestMs = 10 * 60_000;

export function gitHubApp(of: Pick<GitHubApp, 'appId' | 'installationId' | 'key'>): GitHubApp {
  const app: GitHubApp = {
    ...of,
    nowMs: () => Date.now(),
    tokens: new Map(),
    async answer({ method, path, headers }) {
      const said = (status: number, body: object): ScriptedAnswer => ({
        status,
        body: JSON.stringify(body),
        headers: { date: new Date(app.nowMs()).toUTCString() },
      });
      if (headers['user-agent'] === undefined) return said(403, { message: 'Request forbidden by administrative rules.' });
      const shown = /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1] ?? '';
      const installation = tokenPath.exec(path)?.[1];
      if (installation === undefined) {
        const untilMs = app.tokens.get(shown) ?? 0;
        return untilMs > app.nowMs() ? undefined : said(401, { message: 'Bad credentials' });
      }
      if (method !== 'POST') return said(404, { message: 'Not Found' });
      const wrong = await wrongIn(shown, app);
      if (wrong !== undefined) return said(401, { message: wrong });
      if (installation !== app.installationId) return said(404, { message: 'Not Found' });
      const token = `ghs_${'x'.repeat(30)}${app.tokens.size}`;
      const untilMs = app.nowMs() + 3_600_000;
      app.tokens.set(token, untilMs);
      return said(201, {
        token,
        expires_at: new Date(untilMs).toISOString().replace(/\.\d+/, ''),
        permissions: {},
        repository_selection: 'all',
      });
    },
  };
  return app;
}

/** What GitHub says of an assertion that it does not believe; undefined: it does. */
async function wrongIn(token: string, { appId, key, nowMs }: GitHubApp): Promise<string | undefined> {
  const { jwtVerify } = await jose();
  try {
    const how = { issuer: appId, requiredClaims: ['iat', 'exp', 'iss'], currentDate: new Date(nowMs()), algorithms: ['RS256'] };
    const { payload } = await jwtVerify(token, key, how);
    const { iat = 0, exp = 0 } = payload;
    if (iat * 1000 > nowMs()) return "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued";
    return exp * 1000 - nowMs() > longestMs ? "'Expiration time' claim ('exp') is too far in the future" : undefined;
  } catch (error) {
    const { code } = error as { readonly code?: string };
    if (code === 'ERR_JWT_EXPIRED')
      return "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires";
    return 'A JSON web token could not be decoded';
  }
}
