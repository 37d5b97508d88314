/** Secrets that processes on several machines change, each with a condition on the version. */
import { randomUUID } from 'node:crypto';
import { ConnectionError } from '../../errors/hygge-error.ts';
import type { Network } from '../../ports/network.ts';
import { Secret } from '../../ports/secret.ts';
import { type JsonAnswer, textIn } from '../json/json-requests.ts';
import { shown } from '../sent-request.ts';
import { isDenied, noNameBecause, secretsCalls } from './aws-secrets.ts';

export interface SecretVersion {
  readonly value: Secret;
  readonly version: string;
  /** Milliseconds since 1970 by the clock of the vault, which all machines share. */
  readonly nowMs: number;
}

export interface KeptSecret {
  /** The secret, for messages: `shop/refresh-token in secretsmanager.eu-central-1.amazonaws.com`. */
  readonly place: string;
  /** Throws ConnectionError HYG-3622 if the secret does not exist, HYG-6055, HYG-6056, HYG-6402, HYG-6404. */
  read(): Promise<SecretVersion>;
  /**
   * Replaces a version of the secret, and returns the new version. Undefined: the secret has another version, which stays. After a lost answer, the secret
   * is read again. Throws ConnectionError HYG-6055, HYG-6056, HYG-6402, HYG-6404. After HYG-6055, the old version is still the current one. After every
   * other error, the secret may have been replaced.
   */
  replace(version: string, value: Secret): Promise<string | undefined>;
}

const current = 'AWSCURRENT';
/** The label of a version that is not yet the current version, because every version needs a label. */
const next = 'hygge-next';
export const awsActions = ['GetSecretValue', 'PutSecretValue', 'UpdateSecretVersionStage'].map((one) => `secretsmanager:${one}`);

/**
 * A secret in AWS Secrets Manager. A new version is stored next to the current one. The new version then becomes the current version, but only if the version
 * that it was made from is still the current one (`RemoveFromVersionId`):
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html
 */
export function awsKeptSecret({ region, name }: { readonly region: string; readonly name: string }, network: Network): KeptSecret {
  const { requests, call } = secretsCalls(region, network, { named: '`auth.kept_in`' });
  const host = `secretsmanager.${region}`;
  const place = `${name} in ${host}`;
  const denied = (answer: JsonAnswer) =>
    new ConnectionError({
      code: 'HYG-6055',
      what: `The vault ${host} denies permission to keep the refresh token in ${name}.`,
      why: [`The vault answered ${shown(answer)}: it knows the identity of this run, but the identity lacks the right.`],
      tryThis: [
        `Allow the identity of this run ${awsActions.join(', ')} on ${name}, and kms:Decrypt and kms:GenerateDataKey if a key of your own encrypts it.`,
      ],
    });
  const absent = (why: string) =>
    new ConnectionError({
      code: 'HYG-3622',
      what: `There is no refresh token in the secret ${place}.`,
      why: [why],
      tryThis: [
        'Create the secret with the refresh token as its text. From then on, hygge replaces the refresh token.',
        'Check auth.kept_in: the region and the name.',
      ],
    });

  async function read(): Promise<SecretVersion> {
    const wrong = noNameBecause(name);
    if (wrong !== undefined) throw absent(`${wrong[0]?.toUpperCase()}${wrong.slice(1)}.`);
    const answer = await call('GetSecretValue', { SecretId: name });
    const { status, code, body } = answer;
    if (code === 'ResourceNotFoundException' || code === 'InvalidRequestException') throw absent(`The vault answered ${shown(answer)}.`);
    if (isDenied(answer)) throw denied(answer);
    const version = textIn(body, 'VersionId');
    if (status !== 200 || version === undefined) throw requests.strange(answer);
    const value = textIn(body, 'SecretString');
    if (value === undefined || value.trim() === '')
      throw absent(value === undefined ? 'The secret has bytes, not text.' : 'The secret is empty.');
    const date = Date.parse(answer.header('date') ?? '');
    return { value: new Secret(value), version, nowMs: Number.isNaN(date) ? Date.now() : date };
  }

  return {
    place,
    read,
    async replace(version, value) {
      const id = randomUUID();
      const put = await call('PutSecretValue', {
        SecretId: name,
        ClientRequestToken: id,
        SecretString: value.reveal(),
        VersionStages: [next],
      });
      if (isDenied(put)) throw denied(put);
      if (put.status !== 200) throw requests.strange(put);
      const moved = await call('UpdateSecretVersionStage', {
        SecretId: name,
        VersionStage: current,
        MoveToVersionId: id,
        RemoveFromVersionId: version,
      });
      if (isDenied(moved)) throw denied(moved);
      if (moved.status === 200) return id;
      if (moved.code !== 'InvalidParameterException') throw requests.strange(moved);
      // The secret has another version than expected. If an earlier answer was lost, it may be the version that this call has stored.
      return (await read()).version === id ? id : undefined;
    },
  };
}
