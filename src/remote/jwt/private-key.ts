/** Reads private keys as they are written in configs and environment variables. */
import { createPrivateKey, type KeyObject } from 'node:crypto';
import type { Secret } from '../../ports/secret.ts';

export const algorithms = ['RS256', 'PS256', 'ES256'] as const;

export type Algorithm = (typeof algorithms)[number];

export interface SigningKey {
  readonly key: KeyObject;
  readonly algorithm: Algorithm;
}

/** Why a key can't be used: `what` ends the sentence "The private key …", and contains no part of the key. */
export interface UnusableKey {
  readonly what: string;
  readonly tryThis: string;
}

const fewestBits = 2048;
const whole = 'Use the whole PEM file, from -----BEGIN to -----END.';

/**
 * Reads a private key in PEM: PKCS#8, PKCS#1 or SEC 1. Environment variables often contain it with `\n` as two characters, with blanks instead of line breaks, or
 * as base64 of the whole file; these forms are accepted. @param algorithm absent: RS256 for an RSA key, ES256 for a P-256 key.
 */
export function signingKey(secret: Secret, algorithm?: Algorithm): SigningKey | UnusableKey {
  const pem = pemIn(secret.reveal());
  if (typeof pem === 'object') return pem;
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    // OpenSSL’s error is not added as the cause, because its text does not help.
    return { what: 'is PEM, but its content is not a key: the content is cut off, or some characters were changed.', tryThis: whole };
  }
  return fitting(key, algorithm);
}

function fitting(key: KeyObject, wanted: Algorithm | undefined): SigningKey | UnusableKey {
  const { asymmetricKeyType: type, asymmetricKeyDetails: { modulusLength = 0, namedCurve } = {} } = key;
  const isRsa = type === 'rsa';
  const isP256 = type === 'ec' && namedCurve === 'prime256v1';
  if (!isRsa && !isP256)
    return {
      what: `is of the type ${[type, namedCurve].filter((one) => one !== undefined).join(' ')}.`,
      tryThis: 'Use an RSA key, or an EC key of the curve P-256.',
    };
  if (isRsa && modulusLength < fewestBits)
    return { what: `has ${modulusLength} bits, which is too short.`, tryThis: `Use an RSA key of at least ${fewestBits} bits.` };
  const algorithm = wanted ?? (isRsa ? 'RS256' : 'ES256');
  if (isRsa === (algorithm === 'ES256'))
    return {
      what: `is an ${isRsa ? 'RSA' : 'EC'} key, which does not sign by ${algorithm}.`,
      tryThis: isRsa ? 'Use RS256 or PS256, or an EC key.' : 'Use ES256, or an RSA key.',
    };
  return { key, algorithm };
}

/** The PEM of a private key, with its line breaks restored. */
function pemIn(written: string): string | UnusableKey {
  const text = unescaped(written);
  const blocks = [...text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----([\s\S]*?)-----END \1-----/g)];
  const found = blocks.find(([, label = '']) => label.endsWith('PRIVATE KEY'));
  if (found === undefined) return noPrivateKey(text, blocks[0]?.[1]);
  const [, label = '', body = ''] = found;
  if (label.startsWith('ENCRYPTED') || /Proc-Type:.*ENCRYPTED/.test(body))
    return { what: 'is protected by a passphrase.', tryThis: 'Remove the passphrase: openssl pkey -in key.pem -out plain.pem' };
  if (label.startsWith('OPENSSH'))
    return { what: 'is in the format of OpenSSH.', tryThis: 'Convert the key to PEM: ssh-keygen -p -m PKCS8 -f key' };
  const lines = body.replace(/\s+/g, '').match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

function noPrivateKey(text: string, label: string | undefined): UnusableKey {
  if (label !== undefined)
    return {
      what: `is ${label === 'CERTIFICATE' ? 'a certificate' : `PEM of a ${label.toLowerCase()}`}, not a private key.`,
      tryThis: 'Use the file with the private key.',
    };
  return text.includes('-----BEGIN ')
    ? { what: 'has no end: -----END is missing.', tryThis: whole }
    : { what: 'is not PEM: it has no -----BEGIN.', tryThis: `${whole} A variable must contain the content, not the name of the file.` };
}

function unescaped(written: string): string {
  const text = written.replace(/\\r/g, '').replace(/\\n/g, '\n').trim();
  if (text.includes('-----BEGIN ') || !/^[A-Za-z0-9+/=\s]+$/.test(text)) return text;
  const decoded = Buffer.from(text, 'base64').toString('latin1');
  return decoded.includes('-----BEGIN ') ? decoded : text;
}
