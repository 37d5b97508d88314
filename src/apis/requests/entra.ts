/** Gets tokens of Entra ID for an API, by the keys of Azure connections. */
import { HyggeError } from '../../errors/hygge-error.ts';
import { answerIn } from '../../remote/azure/answer.ts';
import { apiCredential } from '../../remote/azure/credential.ts';
import { credentialKind, waysToSignIn } from '../../remote/azure/keys.ts';
import { notSignedIn } from '../../remote/refusals.ts';
import type { EntraAuth } from './auth-config.ts';
import { type Around, isSendable, noToken, type TokenSource } from './token-requests.ts';

export function entraTokens(auth: EntraAuth, base: string, { network, clock }: Around): TokenSource {
  const { type: _, scope: __, resource: ___, ...keys } = auth;
  const scope = scopeOf(auth, base);
  let anew = 0;
  return async (isAnew) => {
    if (isAnew) anew++;
    try {
      const credential = await apiCredential(network, keys, { accountUrl: base, anew });
      const given = await credential.getToken(scope);
      if (!isSendable(given?.token)) throw noToken('Entra ID', 200, 'its body has no token', 'Check auth.scope');
      return { token: given.token, lifeMs: given.expiresOnTimestamp - Date.parse(clock.now()) };
    } catch (error) {
      if (error instanceof HyggeError) throw error;
      const { status, code } = answerIn(error);
      throw notSignedIn({ url: new URL(base).origin, doing: 'read', status, code: code || 'Entra ID issued no token' }, [
        ...waysToSignIn(credentialKind(keys), false),
        `The token is for ${scope}: check auth.scope, and that the application is known to the API`,
      ]);
    }
  };
}

export function scopeOf({ scope, resource }: EntraAuth, base: string): string {
  return scope ?? `${(resource ?? new URL(base).origin).replace(/\/+$/, '')}/.default`;
}
