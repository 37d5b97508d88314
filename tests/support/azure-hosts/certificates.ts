import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign, X509Certificate } from 'node:crypto';
import { bits, context, integer, octets, oid, sequence, set, time, utf8, yes } from './der.ts';

export interface Certificate {
  /** PEM. */
  readonly certificate: string;
  /** PEM, PKCS 8. */
  readonly key: string;
}

export interface Authority extends Certificate {
  /** A certificate for these host names (`*.example.com` too), signed by this authority. */
  issue(hosts: readonly string[]): Certificate;
}

const ecdsaWithSha256 = sequence(oid('1.2.840.10045.4.3.2'));
const rsaWithSha256 = sequence(oid('1.2.840.113549.1.1.11'));
const named = (name: string): Buffer => sequence(set(sequence(oid('2.5.4.3'), utf8(name))));
const extension = (id: string, content: Buffer, critical = false): Buffer => sequence(oid(id), ...(critical ? [yes] : []), octets(content));

interface Wanted {
  readonly subject: string;
  readonly issuer: string;
  readonly publicKey: KeyObject;
  readonly extensions: readonly Buffer[];
  readonly signer: KeyObject;
}

function certificateOf({ subject, issuer, publicKey, extensions, signer }: Wanted): string {
  const algorithm = signer.asymmetricKeyType === 'rsa' ? rsaWithSha256 : ecdsaWithSha256;
  const day = 86_400_000;
  const now = Date.now();
  const body = sequence(
    context(0, integer(Buffer.from([2])), true),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    named(issuer),
    sequence(time(new Date(now - day)), time(new Date(now + 30 * day))),
    named(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    context(3, sequence(...extensions), true),
  );
  const der = sequence(body, algorithm, bits(sign('sha256', body, signer)));
  return `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replace(/.{64}/g, '$&\n').trimEnd()}\n-----END CERTIFICATE-----\n`;
}

const pem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();
const keyId = (key: KeyObject): Buffer =>
  createHash('sha1')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest();

/** A certificate authority that nobody but this test knows. */
export function newAuthority(): Authority {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = 'hygge test authority';
  const certificate = certificateOf({
    subject: name,
    issuer: name,
    publicKey,
    signer: privateKey,
    extensions: [
      extension('2.5.29.19', sequence(yes), true),
      extension('2.5.29.15', bits(Buffer.from([0x06]), 1), true),
      extension('2.5.29.14', octets(keyId(publicKey))),
    ],
  });
  return { certificate, key: pem(privateKey), issue: (hosts) => issued(hosts, { name, publicKey, privateKey }) };
}

function issued(hosts: readonly string[], by: { name: string; publicKey: KeyObject; privateKey: KeyObject }): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const names = hosts.map((host) => context(2, Buffer.from(host, 'latin1'), false));
  const certificate = certificateOf({
    subject: 'hygge test',
    issuer: by.name,
    publicKey,
    signer: by.privateKey,
    extensions: [
      extension('2.5.29.17', sequence(...names)),
      extension('2.5.29.37', sequence(oid('1.3.6.1.5.5.7.3.1'), oid('1.3.6.1.5.5.7.3.2'))),
      extension('2.5.29.35', sequence(context(0, keyId(by.publicKey), false))),
    ],
  });
  return { certificate, key: pem(privateKey) };
}

/** What a service principal shows in place of a secret: signed by itself, RSA as Entra wants it. */
export function selfSigned(subject: string): Certificate & { readonly thumbprint: string } {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const certificate = certificateOf({
    subject,
    issuer: subject,
    publicKey,
    signer: privateKey,
    extensions: [extension('2.5.29.19', sequence())],
  });
  return {
    certificate,
    key: pem(privateKey),
    thumbprint: new X509Certificate(certificate).fingerprint256.replaceAll(':', '').toLowerCase(),
  };
}
