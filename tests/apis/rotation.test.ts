import { expect, test } from 'vitest';
import { scopeOf } from '../../src/apis/requests/entra.ts';
import { type RefreshedToken, rotatingTokens } from '../../src/apis/requests/rotation.ts';
import type { TokenSource } from '../../src/apis/requests/token-requests.ts';
import { Secret } from '../../src/ports/secret.ts';
import type { KeptSecret } from '../../src/remote/vaults/kept-secret.ts';
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
  secretOf(owner: string, pause: () => Promise<void> = async () => undefined): KeptSecret {
    return {
      place: 'a vault',
      owner,
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
  const tokens = rotatingTokens(vault.secretOf('me'), {
    of: 'x',
    clock: vault.clock,
    refresh: async (token) => {
      const answer = server.refresh(token);
      vault.value = 'of a person';
      vault.version++;
      return answer;
    },
  });
  expect((await tokens(false)).token).toBe('a1');
  expect(vault.value).toBe('of a person');
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
    const processOf = (owner: string): TokenSource =>
      rotatingTokens(vault.secretOf(owner, pause), {
        of: 'x',
        clock: vault.clock,
        refresh: async (token, mayBeSent) => {
          await pause();
          if (random() < 0.2) throw new Error('the process is dead');
          mayBeSent();
          return server.refresh(token, 60_000);
        },
      });
    const processes = Array.from({ length: 4 }, (_, n) => processOf(`p${n}`));
    for (let round = 0; round < 4; round++) {
      await Promise.allSettled(processes.map((tokens) => tokens(false)));
      vault.nowMs += 61_000;
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
