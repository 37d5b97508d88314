import type { Host } from '../azure-hosts/hosts.ts';
import { signer } from '../s3-server/signature.ts';
import { type PlayedVault, playVault, type Question, type Reply } from './vault.ts';

/** AWS Secrets Manager in a region: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html */
export type AwsSecrets = PlayedVault & Host & { isDenied: boolean };

const error = (type: string, message: string, status = 400): Reply => ({ status, body: { __type: type, Message: message } });

export function awsSecrets(region: string, key: { readonly id: string; readonly secret: string }): AwsSecrets {
  const host = `secretsmanager.${region}.amazonaws.com`;
  const own = { serves: (asked: string) => asked === host, isDenied: false };
  const answer = (question: Question, { secrets, asked }: PlayedVault): Reply | undefined => {
    const { method, path, headers, body } = question;
    if (method !== 'POST' || path !== '/' || headers['x-amz-target'] !== 'secretsmanager.GetSecretValue') return undefined;
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
    const { SecretId: name, ...more } = JSON.parse(body) as { readonly SecretId: string };
    if (Object.keys(more).length > 0) return undefined;
    asked.push(name);
    if (vault.isDenied) return error('AccessDeniedException', 'User is not authorized to perform: secretsmanager:GetSecretValue');
    const kept = secrets.get(name);
    if (kept === undefined) return error('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
    if (kept.isDisabled)
      return error('InvalidRequestException', "You can't perform this operation on the secret because it was marked for deletion.");
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
