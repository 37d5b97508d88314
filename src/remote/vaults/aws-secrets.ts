import { createHmac, hash } from 'node:crypto';
import type { Network } from '../../ports/network.ts';
import { Secret, type SecretLookup, type Vault } from '../../ports/secret.ts';
import { isStranger } from '../aws/answer.ts';
import { credentialsOf } from '../aws/credentials.ts';
import { waysToSignIn } from '../aws/keys.ts';
import { partitionOf } from '../aws/partitions.ts';
import { kept } from '../aws/sockets.ts';
import { type JsonAnswer, textIn } from '../json/json-requests.ts';
import { notSignedIn } from '../refusals.ts';
import { VaultRequests } from './vault-requests.ts';

/** The keys that sign a request, and the time of the signature. */
export interface RequestSigner {
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
  readonly now: Date;
}

/**
 * Headers of a POST to `/` of a host, with the signature of AWS (version 4) over them and the body:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signed(
  { host, target, body }: { readonly host: string; readonly target: string; readonly body: string },
  { region, accessKeyId, secretAccessKey, sessionToken, now }: RequestSigner,
): Readonly<Record<string, string>> {
  const time = now.toISOString().replace(/[-:]|\.\d+/g, '');
  const day = time.slice(0, 8);
  const headers: Readonly<Record<string, string>> = {
    'content-type': 'application/x-amz-json-1.1',
    host,
    'x-amz-date': time,
    ...(sessionToken === undefined ? {} : { 'x-amz-security-token': sessionToken }),
    'x-amz-target': target,
  };
  const names = Object.keys(headers).join(';');
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
  const request = ['POST', '/', '', lines.join(''), names, hash('sha256', body)].join('\n');
  const scope = `${day}/${region}/secretsmanager/aws4_request`;
  const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
  const key = ['secretsmanager', 'aws4_request'].reduce(hmac, hmac(hmac(`AWS4${secretAccessKey}`, day), region));
  const signature = hmac(key, ['AWS4-HMAC-SHA256', time, scope, hash('sha256', request)].join('\n')).toString('hex');
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
  return { ...headers, authorization };
}

/** The action of Secrets Manager. */
export type SecretsCall = (target: 'GetSecretValue' | 'PutSecretValue' | 'UpdateSecretVersionStage', body: object) => Promise<JsonAnswer>;

/** Requests to Secrets Manager in a region; each sending has a new signature. Throws ConnectionError HYG-6402 if Secrets Manager does not know the identity, and HYG-6056. */
export function secretsCalls(
  region: string,
  network: Network,
  options?: { readonly named: string },
): { readonly requests: VaultRequests; readonly call: SecretsCall } {
  const host = `secretsmanager.${region}.${partitionOf({ region }).suffix}`;
  const requests = new VaultRequests(network, host, host, options);
  const keys = credentialsOf({}, { network, region, sockets: kept(process.env) });
  return {
    requests,
    async call(target, content) {
      const body = JSON.stringify(content);
      const answer = await requests.ask(async () => {
        const headers = signed({ host, target: `secretsmanager.${target}`, body }, { region, ...(await keys()), now: new Date() });
        return { method: 'POST', url: `https://${host}/`, headers, body };
      }, codeIn);
      const { status, code } = answer;
      if (isStranger(answer) || ofSignatures.has(code))
        throw notSignedIn({ url: host, doing: 'read', status, code }, waysToSignIn('default'));
      return answer;
    },
  };
}

/** Whether Secrets Manager knows the identity, but the identity lacks the right. */
export function isDenied({ status, code }: JsonAnswer): boolean {
  return status === 403 || code === 'AccessDeniedException' || code === 'DecryptionFailure';
}

/** Why Secrets Manager does not allow a name; undefined: the name is allowed. */
export function noNameBecause(name: string): string | undefined {
  return /^[\w/+=.@-]{1,512}$/.test(name) ? undefined : 'a name in this vault has letters, digits and `/_+=.@-`, up to 512 of them';
}

/** AWS Secrets Manager in a region: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html */
export function awsSecrets(region: string, network: Network): Vault {
  const { requests, call } = secretsCalls(region, network);
  return {
    async lookUp(name): Promise<SecretLookup> {
      const wrong = noNameBecause(name);
      if (wrong !== undefined) return { lacks: 'no name', said: wrong };
      const answer = await call('GetSecretValue', { SecretId: name });
      const { status, code } = answer;
      const said = `${status} ${code}`;
      if (code === 'ResourceNotFoundException') return { lacks: 'unknown', said };
      // The secret was removed, but may still be restored.
      if (code === 'InvalidRequestException') return { lacks: 'disabled', said };
      if (isDenied(answer))
        throw requests.refused(answer, {
          right:
            'Allow the identity of this run secretsmanager:GetSecretValue on those secrets, and kms:Decrypt if a key of your own encrypts them.',
        });
      const value = textIn(answer.body, 'SecretString');
      const version = textIn(answer.body, 'VersionId');
      if (status !== 200 || version === undefined) throw requests.strange(answer);
      if (value === undefined) return { lacks: 'not text', said: 'the secret has bytes, not text' };
      return value === '' ? { lacks: 'empty', said: 'it is empty' } : { secret: new Secret(value), version };
    },
  };
}

const ofSignatures: ReadonlySet<string> = new Set([
  'InvalidSignatureException',
  'IncompleteSignature',
  'MissingAuthenticationTokenException',
]);

/** The code in an answer: `ResourceNotFoundException`, with or without `com.amazonaws.secretsmanager#` before it. */
function codeIn(body: unknown): string | undefined {
  return textIn(body, '__type')?.split('#').at(-1);
}
