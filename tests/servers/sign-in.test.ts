import { sign } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startShiftingPages } from '../support/apis/shifting-pages.ts';
import { noSignIn, type SignInServer, startSignIn } from '../support/apis/sign-in.ts';

const problem = noSignIn();
let server: SignInServer;

async function asked(fields: Readonly<Record<string, string>>, headers: Record<string, string> = {}) {
  const answer = await fetch(server.tokenUrl, { method: 'POST', headers, body: new URLSearchParams(fields) });
  const body = (await answer.json()) as Readonly<Partial<Record<'access_token' | 'refresh_token' | 'error', string>>> & {
    expires_in?: number;
  };
  return { status: answer.status, body };
}

const ofBasic = (secret = server.basic.secret) => ({ authorization: `Basic ${btoa(`${server.basic.id}:${secret}`)}` });
const credentials = { grant_type: 'client_credentials' };
const renewed = (token = '') => asked({ grant_type: 'refresh_token', refresh_token: token }, ofBasic());
const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** An assertion as RFC 7523 has it. */
function assertion(of: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, string>> {
  const { id, key } = server.signing;
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: id, sub: id, aud: server.tokenUrl, iat: now, exp: now + 60, jti: crypto.randomUUID(), ...of };
  const text = `${encoded({ alg: 'ES256' })}.${encoded(claims)}`;
  const signature = sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');
  const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
  return { ...credentials, client_assertion_type: type, client_assertion: `${text}.${signature}` };
}

describe.skipIf(problem !== '')(`an authorization server ${problem}`, () => {
  beforeAll(async () => {
    server = await startSignIn();
  });
  afterAll(() => server?.[Symbol.asyncDispose]());

  test('gives a token for a secret, in the header or in the body', async () => {
    const byHeader = await asked(credentials, ofBasic());
    const byBody = await asked({ ...credentials, client_id: server.post.id, client_secret: server.post.secret });
    expect([byHeader, byBody]).toMatchObject([{ status: 200, body: { expires_in: 60 } }, { status: 200 }]);
    expect(await server.admits(`Bearer ${byHeader.body.access_token}`)).toBe(true);
    expect(await asked(credentials, ofBasic('wrong'))).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    expect(server.requests).toEqual([
      { grant: 'client_credentials', client: 'basic' },
      { grant: 'client_credentials', client: 'post' },
      { grant: 'client_credentials', client: 'basic', error: 'invalid_client' },
    ]);
  });

  test('gives a token for an assertion that the client signed, once', async () => {
    const signed = assertion();
    expect((await asked(signed)).status).toBe(200);
    expect(await asked(signed)).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    expect((await asked(assertion({ aud: 'https://elsewhere.example' }))).status).toBe(401);
    expect((await asked(assertion({ exp: 1 }))).status).toBe(401);
  });

  test('gives another refresh token for each, and ends them all when one comes twice', async () => {
    const first = await server.refreshToken();
    const { body: second } = await renewed(first);
    const { body: third } = await renewed(second.refresh_token);
    expect(new Set([first, second.refresh_token, third.refresh_token]).size).toBe(3);
    expect(await server.admits(`Bearer ${third.access_token}`)).toBe(true);
    expect(await renewed(first)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect(await renewed(third.refresh_token)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });

  test('an API takes a token until it is too old', async () => {
    await using pages = await startShiftingPages({ admits: (header) => server.admits(header) });
    pages.rows('/items').put(1);
    server.lifetimeSeconds = 1;
    const { body } = await asked(credentials, ofBasic());
    server.lifetimeSeconds = 60;
    const status = async (token?: string) => (await fetch(`${pages.url}/items`, { headers: { authorization: `Bearer ${token}` } })).status;
    expect(body.expires_in).toBe(1);
    await expect.poll(() => status(body.access_token)).toBe(401);
    expect(await status((await asked(credentials, ofBasic())).body.access_token)).toBe(200);
    expect(await status('unknown')).toBe(401);
  });
});
