/**
 * Refresh tokens that the server rotates. Each refresh token is valid for one use, and the answer to that use has the only copy of the next token. The refresh token and the
 * access token are kept in a vault, in a secret that is changed only by conditional writes. So one refresh is enough for many processes.
 *
 * | step    | the secret contains                     | if the process dies after the step                                               |
 * | ------- | --------------------------------------- | -------------------------------------------------------------------------------- |
 * | claim   | token n, and the end of the lease       | another process refreshes with token n as soon as the lease is over              |
 * | refresh | the same                                | as above, if the server has not accepted token n; if it has, n + 1 is lost       |
 * | save    | token n + 1 and its access token        | another process uses the access token, or refreshes with token n + 1             |
 * | use     | the same                                | the same                                                                         |
 *
 * Only one process refreshes at a time, since a server may end all access when a token is used twice. The claim proves that the vault accepts writes, before the request
 * to the server. If a process dies between the server’s answer and the save, the next token is lost, whatever the order of the steps. If the server does not accept token n
 * a second time, it refuses the next refresh, so a person must authorize hygge again.
 */
import { ConnectionError } from '../../errors/hygge-error.ts';
import type { Clock } from '../../ports/clock.ts';
import { stepWaiting } from '../../ports/retry.ts';
import { Secret } from '../../ports/secret.ts';
import type { KeptSecret, SecretVersion } from '../../remote/vaults/secret-versions.ts';
import type { GivenToken, TokenSource } from './token-requests.ts';

/** The content of the secret. At first, the content is a refresh token as plain text, which a person stored. Times are by the clock of the vault. */
interface KeptTokens {
  readonly refresh_token: string;
  /** The access token of the last refresh. `of`: a hash of the settings of the request for this token. */
  readonly access?: { readonly token: string; readonly untilMs: number; readonly lifeMs: number; readonly of: string };
  /** The claim of the process that refreshes the token, and the time at which the claim ends. */
  readonly lease?: { readonly untilMs: number };
}

export interface RefreshedToken extends GivenToken {
  /** The new refresh token. Undefined: the old refresh token stays valid. */
  readonly refreshToken: string | undefined;
}

export interface RefreshRequests {
  /** Requests a token from the server. @param mayBeSent called before each sending. Throws if the lease is almost over. */
  refresh(refreshToken: Secret, mayBeSent: () => void): Promise<RefreshedToken>;
  /** Whether the server may have executed the last failed request, or may still execute it. */
  isOpen(): boolean;
}

const leaseMs = 90_000;
/** The maximum time for an answer of the server. If a second request began while the first request is still running, the token would be used twice. */
export const refreshWithinMs = 40_000;
/** The time before the end of a lease in which no request is sent. The time is longer than the timeout, so a request that was sent has ended before another process may send one. */
const marginMs = 60_000;
const longestPauseMs = 2_000;
const mostClaims = 100;
/** The lifetime of a token if the server reports no lifetime: an hour. */
const usualLifeMs = 3_600_000;
/** The minimum remaining lifetime of an access token from the vault. A token that expires sooner is not used. */
const leastLeftMs = 35_000;

/** @param of a text that is equal for processes that may share an access token, since they request the same access. */
export function rotatingTokens(
  secret: KeptSecret,
  { of, requests, clock }: { readonly of: string; readonly requests: RefreshRequests; readonly clock: Clock },
): TokenSource {
  let given: string | undefined;
  /** A refresh token that is not in the vault yet, so this is its only copy. */
  let unsaved: Unsaved | undefined;

  return async (isAnew) => {
    for (let claims = 0; claims < mostClaims; claims++) {
      if (unsaved !== undefined) {
        await save(secret, unsaved);
        unsaved = undefined;
      }
      const readMs = clock.monotonicMs();
      const found = await secret.read();
      const kept = keptIn(found);
      const shared = kept.access?.of === of ? sharedToken(kept.access, found.nowMs) : undefined;
      if (shared !== undefined && !(isAnew && shared.token === given)) {
        given = shared.token;
        return shared;
      }
      const heldMs = kept.lease === undefined ? 0 : kept.lease.untilMs - found.nowMs;
      if (heldMs > 0) {
        await clock.sleep(Math.min(heldMs, longestPauseMs), stepWaiting()?.signal);
        continue;
      }
      const claimed = await claim(secret, { ...found, kept });
      if (claimed === undefined) continue;
      // The time is counted from before the vault was read, since the lease begins at the time that the vault reported then.
      const untilMs = readMs + leaseMs - marginMs;
      const mayBeSent = () => {
        if (clock.monotonicMs() > untilMs) throw tooLate(secret.place);
      };
      const askedMs = clock.monotonicMs();
      let answer: RefreshedToken;
      try {
        answer = await requests.refresh(new Secret(kept.refresh_token), mayBeSent);
      } catch (error) {
        // If the request may still be running, the lease is kept, so that no other process sends the token meanwhile.
        if (!requests.isOpen()) await secret.replace(claimed, textOf({ ...kept, lease: undefined })).catch(() => undefined);
        throw error;
      }
      const { token, lifeMs = usualLifeMs, refreshToken = kept.refresh_token } = answer;
      const access = { token, lifeMs, untilMs: found.nowMs + lifeMs, of };
      unsaved = { used: kept.refresh_token, version: claimed, next: { refresh_token: refreshToken, access } };
      await save(secret, unsaved);
      unsaved = undefined;
      given = token;
      return { token, lifeMs: Math.max(0, lifeMs - (clock.monotonicMs() - askedMs)) };
    }
    throw tooLate(secret.place);
  };
}

async function claim(
  secret: KeptSecret,
  { version, nowMs, kept }: SecretVersion & { readonly kept: KeptTokens },
): Promise<string | undefined> {
  return await secret.replace(version, textOf({ ...kept, lease: { untilMs: nowMs + leaseMs } }));
}

interface Unsaved {
  /** The refresh token that was used to get the new token. */
  readonly used: string;
  readonly version: string;
  readonly next: KeptTokens;
}

/** Tries until the new token is saved, or a person has put another refresh token into the secret. */
async function save(secret: KeptSecret, { used, version, next }: Unsaved): Promise<void> {
  for (let from = version; ; ) {
    if ((await secret.replace(from, textOf(next))) !== undefined) return;
    const found = await secret.read();
    // If the secret still has the used token, another process has only written a claim, so the new token is saved over the claim. If the secret has another token, a person stored it.
    if (keptIn(found).refresh_token !== used) return;
    from = found.version;
  }
}

function sharedToken({ token, untilMs, lifeMs }: NonNullable<KeptTokens['access']>, nowMs: number): GivenToken | undefined {
  const leftMs = untilMs - nowMs;
  return leftMs >= leastLeftMs || leftMs > lifeMs * 0.6 ? { token, lifeMs: leftMs } : undefined;
}

function keptIn({ value }: SecretVersion): KeptTokens {
  const text = value.reveal().trim();
  if (!text.startsWith('{')) return { refresh_token: text };
  try {
    const kept = JSON.parse(text) as Partial<KeptTokens>;
    if (typeof kept.refresh_token === 'string') return kept as KeptTokens;
  } catch {
    // A refresh token that begins with a brace is not JSON, and is returned below.
  }
  return { refresh_token: text };
}

function textOf(kept: Omit<KeptTokens, 'lease'> & { readonly lease?: KeptTokens['lease'] | undefined }): Secret {
  return new Secret(JSON.stringify(kept));
}

function tooLate(place: string): ConnectionError {
  return new ConnectionError({
    code: 'HYG-3623',
    what: `hygge got no token in the time that ${place} allows for a refresh.`,
    why: [
      'One process refreshes at a time, for at most a minute and a half. Other processes refreshed all the time, or the server did not answer.',
    ],
    tryThis: ['Run it again: the refresh token is kept.'],
    transient: true,
  });
}
