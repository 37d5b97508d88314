import { createServer } from 'node:http';
import { vi } from 'vitest';
import { listening } from './listening.ts';

/**
 * A stand-in for the identity of a machine in Azure, which libraries find by the environment, until it is disposed of.
 * @param tokenOf the nth token, counted from 1. @param seconds that each is good for; in a minute one is over too soon to be used twice.
 */
export async function managedIdentity(tokenOf = (nth: number) => `token ${nth}`, seconds = 60) {
  /** For what a token was asked for. */
  const asked: (string | null)[] = [];
  const server = createServer((from, to) => {
    asked.push(new URL(from.url ?? '', 'http://entra').searchParams.get('resource'));
    const expires_on = `${Math.floor(Date.now() / 1000) + seconds}`;
    to.writeHead(200, { 'content-type': 'application/json' });
    to.end(JSON.stringify({ access_token: tokenOf(asked.length), expires_on, token_type: 'Bearer' }));
  });
  const there = await listening(server);
  vi.stubEnv('IDENTITY_ENDPOINT', `${there.url}/msi/token`);
  vi.stubEnv('IDENTITY_HEADER', 'header of the test');
  return {
    asked,
    async [Symbol.asyncDispose]() {
      vi.unstubAllEnvs();
      await there[Symbol.asyncDispose]();
    },
  };
}
