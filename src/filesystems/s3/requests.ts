import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3';
import { ConnectionError, HyggeError } from '../../errors/hygge-error.ts';
import { settingIn } from '../../errors/unresolved-setting.ts';
import type { Network } from '../../ports/network.ts';
import type { Waiting } from '../../ports/retry.ts';
import { OutcomeUnknown } from '../../ports/retry.ts';
import type { Instant } from '../../ports/values.ts';
import { defined } from '../../ports/values.ts';
import { AccountClock } from '../../remote/account-clock.ts';
import { type Answer, answerIn, endingOf, type Headers, isPassing, isStranger, isUntrustedCertificate } from '../../remote/aws/answer.ts';
import { credentialsOf, identityKey } from '../../remote/aws/credentials.ts';
import { type AwsKeys, type CredentialKind, credentialKind, waysToSignIn } from '../../remote/aws/keys.ts';
import { partitionOf } from '../../remote/aws/partitions.ts';
import { kept } from '../../remote/aws/sockets.ts';
import { archived, noContainer, notAllowed, notReached, notSignedIn, type ServiceAnswer } from '../../remote/refusals.ts';
import { Sender, type SendOutcome } from '../../remote/sender.ts';
import { isOpen } from '../../remote/sent-request.ts';

export type Sdk = typeof import('../../remote/aws/s3-sdk.ts');

/** The address of a bucket, and the identity for its requests. */
export interface Settings {
  readonly bucket: string;
  /** Undefined: the region of the environment, else the region that AWS reports for the bucket. */
  readonly region: string | undefined;
  /** The address of an S3-compatible service outside of AWS: `https://minio.example:9000`. */
  readonly endpoint: string | undefined;
  /** Whether the bucket is in the path instead of the host name. */
  readonly pathStyle: boolean;
  readonly keys: AwsKeys;
  readonly policy?: Policy;
  readonly network: Network;
}

/** Settings that the owner of a bucket may require for every request. */
export interface Policy {
  /** The encryption of written objects; undefined: the setting of the bucket. */
  readonly encryption?: 'AES256' | 'aws:kms' | 'aws:kms:dsse' | undefined;
  readonly kmsKey?: string | undefined;
  readonly acl?: 'bucket-owner-full-control' | 'bucket-owner-read' | 'private' | undefined;
  readonly storageClass?: 'STANDARD' | 'STANDARD_IA' | 'ONEZONE_IA' | 'INTELLIGENT_TIERING' | 'GLACIER_IR' | undefined;
  /** Whether the requester pays, instead of the owner of the bucket. */
  readonly requesterPays?: boolean | undefined;
}

/** One request, and whether it may be sent a second time. */
export interface SendOptions<T> {
  readonly action: Action;
  /**
   * The path of a conditional write. If the write may have been carried out, it is not repeated, and the result is `OutcomeUnknown`.
   * Absent: the request may be repeated.
   */
  readonly once?: string;
  readonly ask: (call: Call) => Promise<T>;
  /** The result for an answer with an error status that is expected here. Undefined: the answer is a failure. */
  readonly expected?: (answer: Answer) => T | undefined;
}

export interface Call {
  readonly client: S3Client;
  /** Adds a listener for the answer, and the given headers, to a command. Returns the same command. */
  readonly via: <C extends Listening>(command: C, headers?: Readonly<Record<string, string>>) => C;
  readonly abortSignal: AbortSignal;
  /** How often the request was sent before. */
  readonly attempt: number;
}

/** The part of an SDK command to which listeners are added. */
interface Listening {
  readonly middlewareStack: { add(middleware: never, options: never): void };
}

/** The maximum time until an answer: enough for several requests of 16 MB at once on a line of 2 Mbit/s. A socket without a byte is closed sooner. */
const answeredWithinMs = 600_000;
/** The requests to one bucket. */
export class S3Requests {
  readonly at: RequestAddress;
  /** Headers of every request. */
  readonly paid: { readonly RequestPayer?: 'requester' };
  /** Headers of requests that create an object. */
  readonly made: ReturnType<typeof madeAs>;
  readonly #sdk: Sdk;
  readonly #settings: Settings;
  readonly #sender: Sender;
  readonly #identity: string;
  readonly #clock = new AccountClock(() => performance.now());

  constructor(sdk: Sdk, settings: Settings, place: { readonly prefix: string; readonly url: string }, waiting?: Partial<Waiting>) {
    this.#sdk = sdk;
    this.paid = settings.policy?.requesterPays ? { RequestPayer: 'requester' } : {};
    this.made = madeAs(settings.policy ?? {});
    this.#settings = settings;
    const { bucket, region, endpoint, keys } = settings;
    this.at = { ...place, bucket, endpoint, kind: credentialKind(keys), partition: partitionOf({ region, role_arn: keys.role_arn }).id };
    this.#sender = new Sender(settings.network, settings.endpoint ?? 'https://s3.amazonaws.com', waiting);
    this.#identity = identityKey(settings.keys);
  }

  /** Throws ConnectionError HYG-6401…6404, HYG-6052, HYG-6053, and `OutcomeUnknown` for a change that may have been made. */
  send<T>(asking: SendOptions<T>): Promise<T> {
    let moved = false;
    let headers: Headers = {};
    const hear = (heard: Headers): void => {
      headers = heard;
      this.#clock.hear(heard.date);
    };
    return this.#sender.send(
      { once: asking.once === undefined ? undefined : `${this.at.bucket} ${asking.once}` },
      (attempt) => {
        headers = {};
        return asking.ask({ ...this.#call(hear), attempt });
      },
      (error) => {
        const answer = answerIn(error, headers);
        // A request to the wrong region is never carried out, so its answer is not an expected answer.
        if (!moved && !(error instanceof HyggeError) && asking.expected?.(answer) === undefined && this.#move(answer)) {
          moved = true;
          return 'at once';
        }
        return this.#judge(error, answer, asking);
      },
    );
  }

  #judge<T>(error: unknown, answer: Answer, { action, once, expected }: SendOptions<T>): SendOutcome<T> {
    if (error instanceof HyggeError) throw error;
    const answered = expected?.(answer);
    if (answered !== undefined) return { answer: answered };
    if (!answer.told) throw error;
    const { status, retryAfterMs } = answer;
    return {
      ending: endingOf(answer),
      status,
      retryAfterMs,
      error: (spent) => refusal(answer, { action, once: once !== undefined, spent }, this.at),
    };
  }

  #call(hear: (headers: Headers) => void): Omit<Call, 'attempt'> {
    const listen = (next: (args: unknown) => Promise<{ response: unknown }>) => async (args: unknown) => {
      const result = await next(args);
      hear((result.response as { readonly headers?: Headers }).headers ?? {});
      return result;
    };
    return {
      client: this.#client(),
      via: (command, headers) => {
        command.middlewareStack.add(listen as never, { step: 'deserialize', priority: 'low', name: 'hygge' } as never);
        if (headers !== undefined) command.middlewareStack.add(headed(headers) as never, { step: 'build', name: 'hyggeHeaders' } as never);
        return command;
      },
      abortSignal: AbortSignal.timeout(answeredWithinMs),
    };
  }

  /** Whether a repeat in another region may help. */
  #move(answer: Answer): boolean {
    if (!isElsewhere(answer) || answer.region === undefined || answer.region === this.#region()) return false;
    this.#lies().region = answer.region;
    return true;
  }

  /** The region in which S3 reported the bucket. Undefined: S3 has not reported a region yet. */
  #lies(): { region: string | undefined } {
    const { network, endpoint = '', bucket } = this.#settings;
    return network.kept('regions of buckets', `${endpoint} ${bucket}`, () => ({ region: undefined }));
  }

  #region(): string {
    const { region } = this.#settings;
    return (
      this.#lies().region ??
      region ??
      settingIn(process.env, 'AWS_REGION') ??
      settingIn(process.env, 'AWS_DEFAULT_REGION') ??
      partitionOf(this.#settings.keys).region
    );
  }

  /** The client. This process has one client, with its connections and keys, for each account and region. */
  #client(): S3Client {
    const { network, endpoint, pathStyle } = this.#settings;
    const region = this.#region();
    const key = JSON.stringify([endpoint, region, pathStyle, this.#identity]);
    return network.kept('clients of S3', key, () => {
      const client = new this.#sdk.S3Client(configOf(this.#settings, region));
      // This middleware parses every request and answer for a log, but hygge keeps no such log.
      client.middlewareStack.remove('loggerMiddleware');
      return { client, [Symbol.dispose]: () => client.destroy() };
    }).client;
  }

  /** The service’s time; before its first answer, this machine’s time. */
  now(): Instant {
    return this.#clock.now() ?? new Date().toISOString();
  }
}

function madeAs({ encryption, kmsKey, acl, storageClass }: Policy) {
  return {
    ...defined({ ServerSideEncryption: encryption, SSEKMSKeyId: kmsKey, ACL: acl, StorageClass: storageClass }),
  } as const;
}

function headed(headers: Readonly<Record<string, string>>) {
  return (next: (args: unknown) => Promise<unknown>) => (args: { readonly request: { readonly headers: Record<string, string> } }) => {
    Object.assign(args.request.headers, headers);
    return next(args);
  };
}

function configOf({ endpoint, pathStyle, keys, network }: Settings, region: string): S3ClientConfig {
  const sockets = kept(process.env);
  return {
    region,
    credentials: credentialsOf(keys, { network, region, sockets }),
    ...(credentialKind(keys) === 'anonymous' ? { signer: { sign: async (request) => request } } : {}),
    ...(endpoint === undefined ? {} : { endpoint }),
    forcePathStyle: pathStyle,
    // Requests are repeated by `send`, which knows which requests may be repeated.
    maxAttempts: 1,
    requestHandler: { connectionTimeout: 10_000, socketTimeout: 60_000, httpAgent: sockets, httpsAgent: sockets },
    // Few S3-compatible services support the SDK’s newer checksums. The signature covers every body in any case.
    requestChecksumCalculation: endpoint === undefined ? 'WHEN_SUPPORTED' : 'WHEN_REQUIRED',
    responseChecksumValidation: endpoint === undefined ? 'WHEN_SUPPORTED' : 'WHEN_REQUIRED',
  };
}

/** The kind of a request to S3, named by the permission that it needs. */
type Action =
  | 's3:ListBucket'
  | 's3:GetObject'
  | 's3:PutObject'
  | 's3:DeleteObject'
  | 's3:AbortMultipartUpload'
  | 's3:ListBucketMultipartUploads'
  | 's3:ListMultipartUploadParts';

/** The target of requests, for messages. */
interface RequestAddress {
  readonly bucket: string;
  /** The prefix of every key: '' or `raw/`. */
  readonly prefix: string;
  /** `s3://lake/raw` */
  readonly url: string;
  readonly kind: CredentialKind;
  /** The partition, as in ARNs: `aws`, `aws-cn`. */
  readonly partition: string;
  /** The endpoint of an S3-compatible service. */
  readonly endpoint: string | undefined;
}

const doings: Readonly<Record<Action, ServiceAnswer['doing']>> = {
  's3:ListBucket': 'list',
  's3:GetObject': 'read',
  's3:PutObject': 'write',
  's3:DeleteObject': 'remove',
  's3:AbortMultipartUpload': 'remove',
  's3:ListBucketMultipartUploads': 'list',
  's3:ListMultipartUploadParts': 'list',
};

/** Actions that are granted on the bucket instead of its objects. */
const ofBucket: ReadonlySet<Action> = new Set(['s3:ListBucket', 's3:ListBucketMultipartUploads']);

/** `s3:PutObject on arn:aws:s3:::lake/raw/*` */
function permission(action: Action, { partition, bucket, prefix }: RequestAddress): string {
  return `${action} on arn:${partition}:s3:::${bucket}${ofBucket.has(action) ? '' : `/${prefix}*`}`;
}

/** The error for a failed request. @param once whether the request must not be repeated without a check. @param spent whether the request was sent as often as allowed. */
function refusal(
  answer: Answer,
  { action, once, spent }: { readonly action: Action; readonly once: boolean; readonly spent: boolean },
  at: RequestAddress,
): Error {
  const { status, code, retryAfterMs } = answer;
  const said: ServiceAnswer = { url: at.url, doing: doings[action], status, code };
  if (isStranger(answer)) return notSignedIn(said, waysToSignIn(at.kind));
  if (code === 'InvalidObjectState') return archived(said);
  if (status === 403) return notAllowed(said, permission(action, at), [...more(action, at)]);
  if (code === 'NoSuchBucket') return noContainer(said, `bucket ${at.bucket}`);
  if (isElsewhere(answer)) return elsewhere(answer, at);
  if (once && isOpen(answer) && !isUntrustedCertificate(code))
    return new OutcomeUnknown(`${at.url} did not say whether a write happened (${[status, code].join(' ').trim()})`, {
      retryAfterMs,
      spent,
    });
  return notReached(said, { transient: isPassing(answer), check: waysThere(at), ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
}

function* more(action: Action, { kind }: RequestAddress): Generator<string> {
  if (kind === 'anonymous') yield 'Or sign in: without a sign-in, only public files can be read.';
  if (action === 's3:GetObject') yield 'Without s3:ListBucket, S3 reports a missing file as access denied too.';
  if (action === 's3:GetObject' || action === 's3:PutObject')
    yield 'If a key of your own encrypts the bucket, also grant kms:Decrypt and kms:GenerateDataKey on that key.';
}

function waysThere({ bucket, endpoint }: RequestAddress): readonly string[] {
  if (endpoint !== undefined) return [`Check the endpoint, ${endpoint}, and whether this machine may reach it: hygge debug.`];
  return [
    `Check whether this machine may reach the bucket ${bucket} at AWS: hygge debug.`,
    'If the bucket is not at AWS, name its address: endpoint: https://minio.example:9000',
  ];
}

/** Whether the bucket is in another region than the region of the request. */
function isElsewhere({ status, code }: Pick<Answer, 'status' | 'code'>): boolean {
  return status === 301 || ['PermanentRedirect', 'AuthorizationHeaderMalformed', 'IllegalLocationConstraintException'].includes(code);
}

function elsewhere({ status, code, region }: Answer, { bucket, url }: RequestAddress): ConnectionError {
  return new ConnectionError({
    code: 'HYG-6404',
    what: `${url} cannot be reached.`,
    why: [`The service answered ${status} ${code}: the bucket is in another region${region === undefined ? '' : `, ${region}`}.`],
    tryThis: [
      region === undefined
        ? `Write the region of the bucket ${bucket}: region: eu-central-1`
        : `Write the region of the bucket: region: ${region}`,
    ],
  });
}
