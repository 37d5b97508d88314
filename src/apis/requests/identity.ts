/** Which of an API's sets of records a sign-in and its headers lead to, where one address has several. */
import { shortHash } from '../../frames/short-hash.ts';
import type { Auth } from './auth-config.ts';
import { type RequestsConfig, revealed } from './config.ts';

/** Headers that say how an API answers, trace a request or sign in, and so name no records. A key may be renewed, and stays of the same account. */
const aboutTheAnswer =
  /^(accept(-.+)?|content-.+|cache-control|connection|cookie|if-.+|origin|pragma|prefer|referer|user-agent|consistencylevel|from)$|version|auth|token|key|secret|password|signature|csrf|trace|request-?id|correlation|idempotency/i;

/** What stands in the source beside its address: `mode live`, `headers 5f2a…`. An incremental load does not continue where it is another. */
export function identityOf({ auth, headers = {} }: Pick<RequestsConfig, 'auth' | 'headers'>): readonly string[] {
  const mode = modeOf(auth);
  const naming = Object.entries(headers)
    .filter(([name]) => !aboutTheAnswer.test(name))
    .map(([name, value]) => [name.toLowerCase(), revealed(value)] as const)
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return [
    ...(mode === undefined ? [] : [`mode ${mode}`]),
    // They may hold secrets.
    ...(naming.length === 0 ? [] : [`headers ${shortHash(JSON.stringify(naming))}`]),
  ];
}

/** Undefined: the API has one set, or the token is of no mode that is known. */
function modeOf(auth: Auth | undefined): string | undefined {
  if (auth?.type !== 'bearer') return undefined;
  const token = auth.token.reveal();
  return Object.entries(auth.modes ?? {}).find(([, starts]) => starts.some((start) => token.startsWith(start)))?.[0];
}
