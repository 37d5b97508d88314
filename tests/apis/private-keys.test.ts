import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { Secret } from '../../src/ports/secret.ts';
import { signedToken } from '../../src/remote/jwt/json-web-token.ts';
import { algorithms, signingKey } from '../../src/remote/jwt/private-key.ts';
import { jose, noSignIn } from '../support/apis/sign-in.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const pem = (key: KeyObject, type: 'pkcs1' | 'pkcs8' | 'sec1' = 'pkcs8') => key.export({ type, format: 'pem' }).toString();
const read = (text: string, algorithm?: (typeof algorithms)[number]) => signingKey(new Secret(text), algorithm);
/** The same key, by what everybody may know of it. */
const publicOf = (key: KeyObject) => createPublicKey(key).export({ type: 'spki', format: 'pem' });
const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('a private key is read', () => {
  test.each<[string, string, KeyObject]>([
    ['in PKCS#8', pem(rsa), rsa],
    ['in PKCS#1, as GitHub gives it', pem(rsa, 'pkcs1'), rsa],
    ['of P-256 in PKCS#8', pem(p256), p256],
    ['in SEC 1', pem(p256, 'sec1'), p256],
    [
      'in SEC 1 behind its curve',
      `-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n${pem(p256, 'sec1')}`,
      p256,
    ],
    ['with a certificate before it', `-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n${pem(rsa)}`, rsa],
    ['with line breaks as two characters', pem(rsa).replaceAll('\n', '\\n'), rsa],
    ['with those of Windows as four', pem(rsa, 'pkcs1').replaceAll('\n', '\\r\\n'), rsa],
    ['with blanks in place of line breaks', pem(rsa).replaceAll('\n', ' '), rsa],
    ['in base64', base64(pem(rsa)), rsa],
    ['in base64 of several lines', `${base64(pem(rsa)).replace(/.{76}/g, '$&\n')}\n`, rsa],
  ])('%s', (_, text, expected) => {
    const found = read(text);
    expect('key' in found && publicOf(found.key)).toBe(publicOf(expected));
    expect(found).toMatchObject({ algorithm: expected === rsa ? 'RS256' : 'ES256' });
  });
});

describe('a key that can not be used is refused with the reason', () => {
  const short = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
  const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;
  const ed25519 = generateKeyPairSync('ed25519').privateKey;
  const passphrase = { cipher: 'aes-256-cbc', passphrase: 'p4ss' } as const;
  const cut = pem(rsa).split('\n');

  test.each<[string, string, (typeof algorithms)[number] | undefined, RegExp]>([
    ['a path', '/etc/keys/app.pem', undefined, /no -----BEGIN/],
    ['base64 without PEM in it', base64('no key at all'), undefined, /no -----BEGIN/],
    ['the first half', cut.slice(0, 10).join('\n'), undefined, /-----END is missing/],
    ['a line that was lost', [...cut.slice(0, 5), ...cut.slice(6)].join('\n'), undefined, /its content is not a key/],
    ['its public half', publicOf(rsa).toString(), undefined, /PEM of a public key, not a private key/],
    ['a certificate', '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----', undefined, /a certificate, not a private key/],
    ['with a passphrase', rsa.export({ type: 'pkcs8', format: 'pem', ...passphrase }).toString(), undefined, /passphrase/],
    ['with one in the old form', rsa.export({ type: 'pkcs1', format: 'pem', ...passphrase }).toString(), undefined, /passphrase/],
    ['of OpenSSH', '-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n-----END OPENSSH PRIVATE KEY-----', undefined, /OpenSSH/],
    ['too short', pem(short), undefined, /1024 bits, which is too short/],
    ['of another curve', pem(p384), undefined, /of the type ec secp384r1/],
    ['of another kind', pem(ed25519), undefined, /of the type ed25519/],
    ['RSA for ES256', pem(rsa), 'ES256', /RSA key, which does not sign by ES256/],
    ['P-256 for RS256', pem(p256), 'RS256', /EC key, which does not sign by RS256/],
  ])('%s', (_, text, algorithm, reason) => {
    const found = read(text, algorithm);
    expect(found).toMatchObject({ what: expect.stringMatching(reason), tryThis: expect.stringMatching(/./) });
    for (const line of text.split('\n').filter((one) => /^[\w+/=]{16,}$/.test(one))) expect(JSON.stringify(found)).not.toContain(line);
  });
});

describe.skipIf(noSignIn() !== '')(`what it signs is read by an independent library ${noSignIn()}`, () => {
  test.each(algorithms)('%s', async (algorithm) => {
    const key = algorithm === 'ES256' ? p256 : rsa;
    const found = read(pem(key), algorithm);
    if (!('key' in found)) throw new Error(found.what);
    const nowMs = Date.parse('2026-11-26T12:00:00.900Z');
    const claims = { iss: 'me', sub: 'her', aud: 'https://login.example', n: 1, off: undefined };
    const [one, two] = [1, 2].map(() => signedToken(claims, { nowMs, lifeMs: 180_000 }, { ...found, keyId: 'k1' })) as [string, string];
    const { jwtVerify } = await jose();
    const how = {
      issuer: 'me',
      audience: 'https://login.example',
      requiredClaims: ['jti'],
      currentDate: new Date(nowMs),
      algorithms: [algorithm],
    };
    const { payload, protectedHeader } = await jwtVerify(one, createPublicKey(key), how);
    const seconds = Math.floor(nowMs / 1000);
    expect(protectedHeader).toEqual({ alg: algorithm, typ: 'JWT', kid: 'k1' });
    expect(payload).toEqual({
      iss: 'me',
      sub: 'her',
      aud: 'https://login.example',
      n: 1,
      iat: seconds - 60,
      exp: seconds + 180,
      jti: expect.any(String),
    });
    expect((await jwtVerify(two, createPublicKey(key), how)).payload.jti).not.toBe(payload.jti);
    const changed = `${one.slice(0, -8)}AAAAAAAA`;
    await expect(jwtVerify(changed, createPublicKey(key), how)).rejects.toThrow(/signature/);
  });
});
