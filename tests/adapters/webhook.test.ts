import { createServer, type RequestListener } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { httpWebhook } from '../../src/adapters/webhook.ts';
import { Secret } from '../../src/ports/secret.ts';
import { WebhookUnreachable } from '../../src/ports/webhook.ts';
import { bodyOf, listening } from '../support/listening.ts';
import { testNetwork } from '../support/test-network.ts';

let close: () => Promise<void> = async () => undefined;
afterEach(() => close());

async function serve(answer: RequestListener): Promise<string> {
  const there = await listening(createServer(answer));
  close = async () => {
    close = async () => undefined;
    await there[Symbol.asyncDispose]();
  };
  return `${there.url}/s3cret`;
}

const post = (url: string, timeoutMs = 30_000) => httpWebhook(testNetwork).post({ url: new Secret(url), body: { a: 'ø' }, timeoutMs });

describe('a webhook', () => {
  it('is posted JSON, and its answer is told', async () => {
    const seen: unknown[] = [];
    const url = await serve(async (request, response) => {
      seen.push([request.method, request.url, request.headers['content-type'], (await bodyOf(request)).toString()]);
      response.writeHead(202).end('1');
    });
    expect(await post(url)).toEqual({ status: 202, retryAfterMs: null });
    expect(seen).toEqual([['POST', '/s3cret', 'application/json', '{"a":"ø"}']]);
  });

  it.each([
    ['7', 7_000],
    ['soon', null],
    [new Date(0).toUTCString(), 0],
  ])('says when to come again: %s', async (header, retryAfterMs) => {
    const url = await serve((_, response) => response.writeHead(429, { 'retry-after': header }).end());
    expect(await post(url)).toEqual({ status: 429, retryAfterMs });
  });

  it('is not followed anywhere else', async () => {
    let asked = 0;
    const url = await serve((_, response) => {
      asked++;
      response.writeHead(307, { location: '/elsewhere' }).end();
    });
    expect(await post(url)).toMatchObject({ status: 307 });
    expect(asked).toBe(1);
  });

  it.each([
    ['does not answer', 50, () => undefined, /^The server did not answer within 0\.05 seconds\.$/],
    ['breaks off', 30_000, (_request, response) => void response.destroy(), /^The server could not be reached \(ECONNRESET\)\.$/],
  ] as const satisfies readonly (readonly [string, number, RequestListener, RegExp])[])(
    'that %s is out of reach, told without its address',
    async (_, timeoutMs, answer, message) => {
      const failed = await post(await serve(answer), timeoutMs).catch((error: unknown) => error);
      expect(failed).toBeInstanceOf(WebhookUnreachable);
      expect(String((failed as Error).message)).toMatch(message);
      expect((failed as Error).stack).not.toContain('s3cret');
    },
  );

  it('that is not there is out of reach', async () => {
    const url = await serve(() => undefined);
    await close();
    await expect(post(url)).rejects.toThrow('The server could not be reached (ECONNREFUSED).');
  });
});
