/** The findings of `debug` about an API: how hygge signs in and what the answers show, or why no answer was received. */
import type { Finding } from '../../engine/contracts/connector.ts';
import { HyggeError } from '../../errors/hygge-error.ts';
import type { Auth } from './auth-config.ts';
import type { LaterAnswer } from './requests.ts';
import { signInText } from './requirements.ts';

interface Probed {
  readonly auth?: Auth | undefined;
  /** The address of the API, for people. */
  readonly place: string;
}

/** @param look queries the API. @param show returns what the answer shows, with one sentence for each finding. */
export async function findingsOf<T extends object>(
  { auth, place }: Probed,
  look: () => Promise<T | LaterAnswer>,
  show: (seen: T) => readonly string[],
): Promise<readonly Finding[]> {
  try {
    const seen = await look();
    const signed = auth === undefined ? [] : [`signs in (${signInText(auth)})`];
    const shown = 'notBefore' in seen ? [laterText(place, seen)] : show(seen);
    return [...signed, ...shown].map((what) => ({ ok: true, what }));
  } catch (error) {
    if (!(error instanceof HyggeError)) throw error;
    return [{ ok: false, what: error.what, why: error.why, tryThis: error.tryThis }];
  }
}

export function laterText(place: string, { notBefore }: LaterAnswer): string {
  return `${place} requests a pause until ${notBefore}`;
}
