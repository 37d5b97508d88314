import { ConnectionError } from '../../errors/hygge-error.ts';
import { OutcomeUnknown } from '../../ports/outcome.ts';
import { type Answer, isPassing, isStranger, isUntrusted } from '../../remote/aws/answer.ts';
import { type CredentialKind, waysToSignIn } from '../../remote/aws/keys.ts';
import { archived, noContainer, notAllowed, notReached, notSignedIn, type Said } from '../../remote/refusals.ts';
import { isOpen } from '../../remote/sent-request.ts';

/** What a request is to S3: named by the permission that it needs. */
export type Action =
  | 's3:ListBucket'
  | 's3:GetObject'
  | 's3:PutObject'
  | 's3:DeleteObject'
  | 's3:AbortMultipartUpload'
  | 's3:ListBucketMultipartUploads'
  | 's3:ListMultipartUploadParts';

/** Where requests go, for messages. */
export interface Addressed {
  readonly bucket: string;
  /** What every key starts with: '' or `raw/`. */
  readonly prefix: string;
  /** `s3://lake/raw` */
  readonly url: string;
  readonly kind: CredentialKind;
  /** As ARNs have it: `aws`, `aws-cn`. */
  readonly partition: string;
}

const doings: Readonly<Record<Action, Said['doing']>> = {
  's3:ListBucket': 'list',
  's3:GetObject': 'read',
  's3:PutObject': 'write',
  's3:DeleteObject': 'remove',
  's3:AbortMultipartUpload': 'remove',
  's3:ListBucketMultipartUploads': 'list',
  's3:ListMultipartUploadParts': 'list',
};

/** Actions whose resource is the bucket, not its objects. */
const ofBucket: ReadonlySet<Action> = new Set(['s3:ListBucket', 's3:ListBucketMultipartUploads']);

/** `s3:PutObject on arn:aws:s3:::lake/raw/*` */
function permission(action: Action, { partition, bucket, prefix }: Addressed): string {
  return `${action} on arn:${partition}:s3:::${bucket}${ofBucket.has(action) ? '' : `/${prefix}*`}`;
}

/** What to throw for a request that was not done, or may have been. @param once it must not be sent again without a look. @param spent it was sent as often as may be. */
export function refusal(
  answer: Answer,
  { action, once, spent }: { readonly action: Action; readonly once: boolean; readonly spent: boolean },
  at: Addressed,
): Error {
  const { status, code, retryAfterMs } = answer;
  const said: Said = { url: at.url, doing: doings[action], status, code };
  if (isStranger(answer)) return notSignedIn(said, waysToSignIn(at.kind));
  if (code === 'InvalidObjectState') return archived(said);
  if (status === 403) return notAllowed(said, permission(action, at), [...more(action, at)]);
  if (code === 'NoSuchBucket') return noContainer(said, `bucket ${at.bucket}`);
  if (isElsewhere(answer)) return elsewhere(answer, at);
  if (once && isOpen(answer) && !isUntrusted(code))
    return new OutcomeUnknown(`${at.url} did not say whether a write happened (${[status, code].join(' ').trim()})`, {
      retryAfterMs,
      spent,
    });
  return notReached(said, { transient: isPassing(answer), ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
}

function* more(action: Action, { kind }: Addressed): Generator<string> {
  if (kind === 'anonymous') yield 'Or sign in: anonymously, only what is public may be read.';
  if (action === 's3:GetObject') yield 'Without s3:ListBucket, S3 says of a missing file too that it may not be read.';
  if (action === 's3:GetObject' || action === 's3:PutObject')
    yield 'In a bucket that is encrypted with a key of your own, also kms:Decrypt and kms:GenerateDataKey on that key.';
}

/** The bucket lies in another region than the one that was asked. */
export function isElsewhere({ status, code }: Pick<Answer, 'status' | 'code'>): boolean {
  return status === 301 || ['PermanentRedirect', 'AuthorizationHeaderMalformed', 'IllegalLocationConstraintException'].includes(code);
}

function elsewhere({ status, code, region }: Answer, { bucket, url }: Addressed): ConnectionError {
  return new ConnectionError({
    code: 'HYG-6404',
    what: `${url} cannot be reached.`,
    why: [`It answered ${status} ${code}: the bucket lies in another region${region === undefined ? '' : `, ${region}`}.`],
    tryThis: [
      region === undefined ? `Write the region of the bucket ${bucket}: region: eu-central-1` : `Write its region: region: ${region}`,
    ],
  });
}
