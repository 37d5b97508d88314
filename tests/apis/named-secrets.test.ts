import { describe, expect, test } from 'vitest';
import { namedSecrets, withNames, withSecrets } from '../../src/apis/requests/named-secrets.ts';
import { Secret } from '../../src/ports/secret.ts';

const secretsOf = (token: string) => namedSecrets({ base_url: 'https://api.example', auth: { type: 'bearer', token: new Secret(token) } });

describe('a cursor that repeats a secret', () => {
  test('is kept with the place of a secret of eight letters', () => {
    const secrets = secretsOf('abcdefgh');
    expect(withNames('next-abcdefgh-7', secrets)).toBe('next-{secret auth.token}-7');
    expect(withSecrets('next-{secret auth.token}-7', secrets)).toBe('next-abcdefgh-7');
  });

  test('stays where the secret is shorter, which may be a part of any value, and is the place where it is all of the cursor', () => {
    const secrets = secretsOf('abcdefg');
    expect(withNames('next-abcdefg-7', secrets)).toBe('next-abcdefg-7');
    expect(withNames('abcdefg', secrets)).toBe('{secret auth.token}');
  });
});

test('a word of a header is a secret of its own from eight letters on', () => {
  const placesOf = (header: string) =>
    namedSecrets({ base_url: 'https://api.example', headers: { authorization: new Secret(header) } }).map(({ place }) => place);
  expect(placesOf('Token abcdefgh')).toEqual(['headers.authorization', 'headers.authorization 2']);
  expect(placesOf('Token abcdefg')).toEqual(['headers.authorization']);
});
