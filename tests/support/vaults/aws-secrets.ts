import type { Host } from '../azure-hosts/hosts.ts';
import { signer } from '../s3-server/signature.ts';
import { type PlayedVault, playVault, type Question, type Reply } from './vault.ts';

/** AWS Secrets Manager in a region: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html */
export type AwsSecrets = PlayedVault &
  Host & {
    isDenied: boolean;
    /** Who asks may read, and nothing else. */
    isReadOnly: boolean;
    /** The time of the vault. */
    nowMs: () => number;
  };

interface Content {
  readonly SecretId: string;
  readonly ClientRequestToken: string;
  readonly SecretString: string;
  readonly VersionStages: readonly string[];
  readonly VersionStage: string;
  readonly MoveToVersionId: string;
  readonly RemoveFromVersionId: string;
}

const error = (type: string, message: string, status = 400): Reply => ({ status, body: { __type: type, Message: message } });

export function awsSecrets(region: string, key: { readonly id: string; readonly secret: string }): AwsSecrets {
  const host = `secretsmanager.${region}.amazonaws.com`;
  const own = { serves: (asked: string) => asked === host, isDenied: false, isReadOnly: false, nowMs: () => Date.now() };
  /** Versions that are not the current one, by their ids. */
  const staged = new Map<string, string>();
  const answer = (question: Question, played: PlayedVault): Reply | undefined => {
    const reply = replyTo(question, played);
    return reply && { ...reply, headers: { date: new Date(vault.nowMs()).toUTCString() } };
  };
  const replyTo = (question: Question, { secrets, asked }: PlayedVault): Reply | undefined => {
    const { method, path, headers, body } = question;
    const target = /^secretsmanager\.(\w+)$/.exec(headers['x-amz-target'] ?? '')?.[1] ?? '';
    if (method !== 'POST' || path !== '/' || !['GetSecretValue', 'PutSecretValue', 'UpdateSecretVersionStage'].includes(target))
      return undefined;
    if (headers['content-type'] !== 'application/x-amz-json-1.1') return error('UnknownOperationException', '', 404);
    const keys = new Map([[key.id, { secret: key.secret, whose: 'mover' }]]);
    try {
      const signed = { ...question, rawPath: path, headers: { ...headers, host: question.host }, body: Buffer.from(body) };
      if (signer(signed as unknown as Parameters<typeof signer>[0], keys, { region, service: 'secretsmanager' }) === undefined)
        return error('MissingAuthenticationTokenException', 'Missing Authentication Token');
    } catch (refused) {
      const isUnknown = JSON.stringify(refused).includes('InvalidClientTokenId') || String(refused).includes('InvalidClientTokenId');
      return error(isUnknown ? 'UnrecognizedClientException' : 'InvalidSignatureException', 'The signature does not match.');
    }
    const content = JSON.parse(body) as Content;
    const { SecretId: name, ...more } = content;
    if (target === 'GetSecretValue') {
      if (Object.keys(more).length > 0) return undefined;
      asked.push(name);
    }
    if (vault.isDenied || (vault.isReadOnly && target !== 'GetSecretValue'))
      return error('AccessDeniedException', `User is not authorized to perform: secretsmanager:${target}`);
    const kept = secrets.get(name);
    if (kept === undefined) return error('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
    if (kept.isDisabled)
      return error('InvalidRequestException', "You can't perform this operation on the secret because it was marked for deletion.");
    if (target === 'PutSecretValue') {
      const { ClientRequestToken: id, SecretString: text, VersionStages: labels } = content;
      if (!/^[\w-]{32,64}$/.test(id) || labels.includes('AWSCURRENT')) return undefined;
      const before = kept.version === id ? kept.value : staged.get(id);
      if (before !== undefined && before !== text) return error('ResourceExistsException', 'A version with this id has another value.');
      if (before === undefined) staged.set(id, text);
      return { status: 200, body: { ARN: name, Name: name, VersionId: id, VersionStages: labels } };
    }
    if (target === 'UpdateSecretVersionStage') {
      const { VersionStage: label, MoveToVersionId: to, RemoveFromVersionId: from } = content;
      if (label !== 'AWSCURRENT') return undefined;
      if (kept.version !== from)
        return error('InvalidParameterException', `The staging label AWSCURRENT is currently attached to version ${kept.version}.`);
      const text = staged.get(to);
      if (text === undefined) return error('ResourceNotFoundException', "Secrets Manager can't find the specified secret version.");
      staged.delete(to);
      secrets.set(name, { value: text, version: to });
      return { status: 200, body: { ARN: name, Name: name } };
    }
    const value = typeof kept.value === 'string' ? { SecretString: kept.value } : { SecretBinary: kept.value.toString('base64') };
    const arn = `arn:aws:secretsmanager:${region}:123456789012:secret:${name}-AbCdEf`;
    return {
      status: 200,
      body: { ARN: arn, Name: name, VersionId: kept.version, VersionStages: ['AWSCURRENT'], CreatedDate: 1.7e9, ...value },
    };
  };
  const vault: AwsSecrets = Object.assign(
    playVault(answer, () => true),
    own,
  );
  return vault;
}
