/** Identifies the set of records that a sign-in and its headers lead to, if one address has several sets. */
import { shortHash } from '../../frames/short-hash.ts';
import type { Auth } from './auth-config.ts';
import { type RequestsConfig, revealed } from './config.ts';

/** Names of headers that do not select records: headers about the form of answers, traces or signing in. Signing in is excluded, since a renewed key belongs to the same account. */
const aboutTheAnswer =
  /^(accept(-.+)?|content-.+|cache-control|connection|cookie|if-.+|origin|pragma|prefer|referer|user-agent|consistencylevel|from)$|version|auth|token|key|secret|password|signature|csrf|trace|request-?id|correlation|idempotency/i;

/** The text that identifies a source together with its address: `mode live`, `headers 5f2a…`. An incremental load does not continue if this text changes. */
export function identityOf({ auth, headers = {} }: Pick<RequestsConfig, 'auth' | 'headers'>): readonly string[] {
  const mode = modeOf(auth);
  const naming = Object.entries(headers)
    .filter(([name]) => !aboutTheAnswer.test(name))
    .map(([name, value]) => [name.toLowerCase(), revealed(value)] as const)
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return [
    ...(mode === undefined ? [] : [`mode ${mode}`]),
    // Headers may contain secrets, so they are hashed.
    ...(naming.length === 0 ? [] : [`headers ${shortHash(JSON.stringify(naming))}`]),
  ];
}

/** The mode of a token, such as live or test. Undefined: the API has only one set of records, or the mode is unknown. */
function modeOf(auth: Auth | undefined): string | undefined {
  if (auth?.type !== 'bearer') return undefined;
  const token = auth.token.reveal();
  return Object.entries(auth.modes ?? {}).find(([, starts]) => starts.some((start) => token.startsWith(start)))?.[0];
}
