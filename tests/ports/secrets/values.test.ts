import { describe, expect, it, test } from 'vitest';
import { SecretValues } from '../../../src/ports/secrets/values.ts';

const secret = 'Kä "q"\\/ +&<é>%1:z';

function knowing(...secrets: readonly string[]): SecretValues {
  const values = new SecretValues();
  for (const one of secrets) values.add(one);
  return values;
}

describe('a secret is hidden', () => {
  it.each([
    ['as it is', secret],
    ['in an address', encodeURIComponent(secret)],
    ['in an address, in lower case', encodeURIComponent(secret).toLowerCase()],
    ['in an address within an address', encodeURIComponent(encodeURIComponent(secret))],
    ['in a form', new URLSearchParams({ a: secret }).toString().slice(2)],
    ['in a path', new URL(`http://h/${encodeURIComponent(secret)}`).pathname.slice(1)],
    ['in JSON', JSON.stringify(secret).slice(1, -1)],
    ['in JSON within JSON', JSON.stringify(JSON.stringify(secret)).slice(3, -3)],
    ['in the JSON of PHP', JSON.stringify(secret).slice(1, -1).replaceAll('/', '\\/')],
    [
      'in JSON without a letter beyond ASCII',
      JSON.stringify(secret).slice(1, -1).replaceAll('ä', '\\u00e4').replaceAll('é', '\\u00E9').replaceAll('&', '\\u0026'),
    ],
    ['in a list of YAML or a statement', secret.replaceAll('"', '""')],
    ['in HTML', secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&#34;')],
  ])('%s', (_, written) => {
    expect(knowing(secret).hidden(`a ${written} b`)).toBe('a *** b');
  });

  it.each([
    ['of a shell', "'\\''"],
    ['of a statement', "''"],
    ['of JSON', '\\u0027'],
  ])('in the quotes %s', (_, written) => {
    expect(knowing("it's-a-secret").hidden(`(it${written}s-a-secret)`)).toBe('(***)');
  });

  it.each([0, 1, 2])('in base64, behind %i bytes', (before) => {
    const bytes = Buffer.from(`${'~'.repeat(before)}${secret}~~~`);
    for (const written of [bytes.toString('base64'), bytes.toString('base64url'), encodeURIComponent(bytes.toString('base64'))]) {
      const told = knowing(secret).hidden(written);
      expect(told).toContain('***');
      expect(told.replaceAll('***', '').length).toBeLessThan(20);
    }
  });
});

test.each([
  ['the password of an address', 'postgres://me:pass%2Fw0rd@host/db', ['pass/w0rd', 'pass%2Fw0rd'], 'host'],
  ['a password with a sign that ends it', 'postgres://me:pass/w0rd@host/db', ['pass/w0rd'], 'host'],
  ['a password with the sign that ends it', 'postgres://me:pass@w0rd@host/db', ['pass@w0rd'], 'host'],
  ['what may be taken for a host', 'postgres://me:pass@longw0rd@host/db', ['longw0rd', 'pass@longw0rd'], 'host'],
  ['the password behind a user with a sign', 'postgres://me@corp.example:longw0rd@host/db', ['longw0rd'], 'corp.example'],
  ['a password without a host', 'mysql://me:longw0rd', ['longw0rd'], 'mysql'],
  ['the key of a connection string', 'AccountName=lake;AccountKey=a2V5a2V5a2V5;EndpointSuffix=x', ['a2V5a2V5a2V5'], 'lake'],
  ['a signature', 'https://h/c?sv=1&sig=abcdefgh%3D', ['abcdefgh=', 'abcdefgh%3D'], 'sv'],
  [
    'the private key of an account',
    JSON.stringify({ client_email: 'me@x.example', private_key: '-----BEGIN\nabcdefghijklmnopqrstuvwxyz0123456789\n' }),
    ['abcdefghijklmnopqrstuvwxyz0123456789'],
    'me@x.example',
  ],
  ['the path of a webhook', 'https://hooks.example/services/T0123456789abcdef', ['T0123456789abcdef'], 'hooks.example'],
  ['a token behind the word of its scheme', 'Token abcd-efgh', ['abcd-efgh'], 'Token'],
  ['a user and a password in base64', Buffer.from('me:longpassword').toString('base64'), ['longpassword'], 'me'],
])('%s is hidden by itself, and what is not a secret beside it is not', (_, value, parts, plain) => {
  const values = knowing(value);
  for (const part of [value, ...parts]) expect(values.hidden(`(${part})`)).toBe('(***)');
  expect(values.hidden(plain)).toBe(plain);
});

test('a value of fewer than eight characters, a time, and a value that the config shows are not searched for', () => {
  const values = knowing('short', '2024-01-01T00:00:00Z', 'postgres');
  expect(values.hidden('postgres')).toBe('***');
  values.show('Postgres');
  const text = 'short 2024-01-01T00:00:00Z postgres';
  expect(values.hidden(text)).toBe(text);
  values.add('postgres');
  expect(values.hidden(text)).toBe(text);
});

test('a password in a value that the config shows is hidden all the same', () => {
  const values = new SecretValues();
  values.show('https://me:longpassword@host/path');
  expect(values.hidden('https://me:longpassword@host/path')).toBe('https://me:***@host/path');
});

test('members of JSON keep their names, and JSON without a secret is the same value', () => {
  const values = knowing('watermark', 'S3cretS3cret');
  const event = { watermark: { from: 'S3cretS3cret' }, list: ['a S3cretS3cret', 1, null] };
  expect(values.hiddenIn(event)).toEqual({ watermark: { from: '***' }, list: ['a ***', 1, null] });
  expect(values.hidden(JSON.stringify(event))).toBe('{"watermark":{"from":"***"},"list":["a ***",1,null]}');
  const plain = { list: [{ a: 'b' }] };
  expect(values.hiddenIn(plain)).toBe(plain);
  expect(values.hiddenIn({ message: 'S3cretS3cret', at: 'S3cretS3cret' }, new Set(['message']))).toEqual({
    message: '***',
    at: 'S3cretS3cret',
  });
});

test('the longest of two secrets is hidden as a whole, and an expression in a secret means nothing', () => {
  expect(knowing('abcdefgh', 'abcdefgh.*ijkl').hidden('abcdefgh.*ijkl abcdefghxijkl')).toBe('*** ***xijkl');
});

describe('a secret that is cut is hidden', () => {
  const long = 'x'.repeat(100);

  it.each([
    ['before an ellipsis', 'it was caNARY-se… before', 'it was ***… before'],
    ['before three dots', 'caNARY-se...', '***...'],
    ['twice', 'caNARY-s… and caNARY-secr…', '***… and ***…'],
    ['in an address', 'caNARY-secret%2…', '***…'],
    ['at the end of a long text', `${long} caNARY-se`, `${long} ***`],
  ])('%s', (_, text, told) => expect(knowing('caNARY-secret/7').hidden(text)).toBe(told));

  it.each([
    ['few characters', 'caNAR…'],
    ['a short text', 'it was caNARY-se'],
    ['another end', 'caNARY-sea…'],
  ])('but not %s', (_, text) => expect(knowing('caNARY-secret/7').hidden(text)).toBe(text));
});
