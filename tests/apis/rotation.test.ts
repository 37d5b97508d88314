import { expect, test } from 'vitest';
import { scopeOf } from '../../src/apis/requests/entra.ts';
import { type RefreshedToken, refreshWithinMs, rotatingTokens } from '../../src/apis/requests/rotation.ts';
import type { TokenSource } from '../../src/apis/requests/token-requests.ts';
import { Secret } from '../../src/ports/secret.ts';
import type { KeptSecret } from '../../src/remote/vaults/secret-versions.ts';
import { dice } from '../support/sim/dice.ts';

/** A vault in memory, with a clock that moves when somebody waits. */
class MemoryVault {
  value = 'r0';
  version = 0;
  nowMs = 0;
  readonly clock = {
    now: () => new Date(this.nowMs).toISOString(),
    monotonicMs: () => this.nowMs,
    sleep: async (ms: number) => {
      this.nowMs += ms;
    },
  };

  /** @param pause before each call. */
  secret(pause: () => Promise<void> = async () => undefined): KeptSecret {
    return {
      place: 'a vault',
      read: async () => {
        await pause();
        return { value: new Secret(this.value), version: String(this.version), nowMs: this.nowMs };
      },
      replace: async (version, value) => {
        await pause();
        if (version !== String(this.version)) return undefined;
        this.value = value.reveal();
        this.version++;
        return String(this.version);
      },
    };
  }
}

/** A server that takes each refresh token once, and ends all access when one comes twice. */
class StrictServer {
  #good = 'r0';
  readonly seen: string[] = [];
  hasEnded = false;

  refresh(token: Secret, lifeMs = 3_600_000): RefreshedToken {
    const shown = token.reveal();
    this.hasEnded ||= shown !== this.#good;
    this.seen.push(shown);
    this.#good = `r${this.seen.length}`;
    return { token: `a${this.seen.length}`, lifeMs, refreshToken: this.#good };
  }
}

test('a refresh token that a person puts into the vault in the middle of a refresh stays there', async () => {
  const vault = new MemoryVault();
  const server = new StrictServer();
  const tokens = rotatingTokens(vault.secret(), {
    of: 'x',
    clock: vault.clock,
    requests: {
      isOpen: () => false,
      refresh: async (token) => {
        const answer = server.refresh(token);
        vault.value = 'of a person';
        vault.version++;
        return answer;
      },
    },
  });
  expect((await tokens(false)).token).toBe('a1');
  expect(vault.value).toBe('of a person');
});

test('a request that may still be on its way is followed by none before the lease is over', async () => {
  const vault = new MemoryVault();
  const server = new StrictServer();
  const sentMs: number[] = [];
  const processOf = (isLost: boolean): TokenSource =>
    rotatingTokens(vault.secret(), {
      of: 'x',
      clock: vault.clock,
      requests: {
        isOpen: () => isLost,
        refresh: async (token, mayBeSent) => {
          mayBeSent();
          sentMs.push(vault.nowMs);
          vault.nowMs += isLost ? refreshWithinMs : 0;
          if (isLost) {
            expect(mayBeSent).toThrow('HYG-3623');
            throw new Error('not answered');
          }
          return server.refresh(token);
        },
      },
    });
  await expect(processOf(true)(false)).rejects.toThrow('not answered');
  expect((await processOf(false)(false)).token).toBe('a1');
  expect(sentMs).toEqual([0, 90_000]);
});

test('processes in any order, some of which die before they ask the server, use no refresh token twice', async () => {
  for (const seed of Array.from({ length: 40 }, (_, n) => n + 1)) {
    const random = dice(seed);
    const vault = new MemoryVault();
    const server = new StrictServer();
    // Between two calls of one process others have their turns, and time goes by.
    const pause = async (): Promise<void> => {
      for (let turns = Math.floor(random() * 4); turns > 0; turns--) await new Promise((resume) => setImmediate(resume));
      vault.nowMs += Math.floor(random() * 1_500);
    };
    const processOf = (): TokenSource => {
      let isDead = false;
      return rotatingTokens(vault.secret(pause), {
        of: 'x',
        clock: vault.clock,
        requests: {
          isOpen: () => isDead,
          refresh: async (token, mayBeSent) => {
            await pause();
            isDead = random() < 0.2;
            if (isDead) throw new Error('the process is dead');
            mayBeSent();
            return server.refresh(token, 60_000);
          },
        },
      });
    };
    const processes = Array.from({ length: 4 }, processOf);
    for (let round = 0; round < 4; round++) {
      await Promise.allSettled(processes.map((tokens) => tokens(false)));
      vault.nowMs += 91_000;
    }
    expect([seed, server.hasEnded, new Set(server.seen).size]).toEqual([seed, false, server.seen.length]);
    expect(server.seen.length).toBeGreaterThan(1);
    expect(vault.value).toContain(`"r${server.seen.length}"`);
  }
});

test.each([
  [{}, 'https://org.crm.dynamics.com/.default'],
  [{ resource: 'https://org.crm.dynamics.com/' }, 'https://org.crm.dynamics.com/.default'],
  [{ resource: 'api://11111111-1111-4111-8111-111111111111' }, 'api://11111111-1111-4111-8111-111111111111/.default'],
  [{ scope: 'https://graph.microsoft.com/.default' }, 'https://graph.microsoft.com/.default'],
])('a token of Entra with %j is for %s', (keys, scope) => {
  expect(scopeOf({ type: 'entra', ...keys }, 'https://org.crm.dynamics.com/api/data/v9.2/')).toBe(scope);
});

// An access token lives an hour, or half a minute: that many milliseconds before its end another process takes it from the vault, or refreshes.
test.each([
  { lifeMs: 3_600_000, leftMs: 1_800_000, is: 'taken' },
  { lifeMs: 3_600_000, leftMs: 35_000, is: 'taken' },
  { lifeMs: 3_600_000, leftMs: 34_999, is: 'refreshed' },
  { lifeMs: 30_000, leftMs: 18_001, is: 'taken' },
  { lifeMs: 30_000, leftMs: 18_000, is: 'refreshed' },
])('a token of $lifeMs ms that another process kept, with $leftMs ms left, is $is, and lives as long as it is said to', async (one) => {
  const { lifeMs, leftMs, is } = one;
  const vault = new MemoryVault();
  const server = new StrictServer();
  const requests = { isOpen: () => false, refresh: async (token: Secret) => server.refresh(token, lifeMs) };
  const processOf = () => rotatingTokens(vault.secret(), { of: 'x', clock: vault.clock, requests });
  expect(await processOf()(false)).toEqual({ token: 'a1', lifeMs });
  vault.nowMs += lifeMs - leftMs;
  expect(await processOf()(false)).toEqual(is === 'taken' ? { token: 'a1', lifeMs: leftMs } : { token: 'a2', lifeMs });
});

test('an access token is shared by those that ask for the same, and by no others', async () => {
  const vault = new MemoryVault();
  const server = new StrictServer();
  const requests = { isOpen: () => false, refresh: async (token: Secret) => server.refresh(token) };
  const tokenFor = async (of: string) => (await rotatingTokens(vault.secret(), { of, clock: vault.clock, requests })(false)).token;
  expect([await tokenFor('read'), await tokenFor('read'), await tokenFor('write')]).toEqual(['a1', 'a1', 'a2']);
});
