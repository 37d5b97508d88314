/** Which of an API's sets of records a token leads to, where one address has several. */
import type { Auth } from './auth-config.ts';

/** Undefined: the API has one set, or the token is of no mode that is known. */
export function modeOf(auth: Auth | undefined): string | undefined {
  if (auth?.type !== 'bearer') return undefined;
  const token = auth.token.reveal();
  return Object.entries(auth.modes ?? {}).find(([, starts]) => starts.some((start) => token.startsWith(start)))?.[0];
}
