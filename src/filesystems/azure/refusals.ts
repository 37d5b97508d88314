import { type ConnectionError, StoreError } from '../../errors/hygge-error.ts';
import { OutcomeUnknown } from '../../ports/retry.ts';
import { type Answer, isOpenWrite, isWorthAnotherTry } from '../../remote/azure/answer.ts';
import { type CredentialKind, rightTo, waysToSignIn } from '../../remote/azure/keys.ts';
import { archived, noContainer, notAllowed, notReached, notSignedIn, type ServiceAnswer } from '../../remote/refusals.ts';
import { isRefusedByProxy, shown } from '../../remote/sent-request.ts';

/** The target and the identity of requests, for messages. */
export interface AddressForErrors {
  /** `abfss://raw@acct.dfs.core.windows.net/crm`. */
  readonly url: string;
  /** What may be missing: `filesystem raw`, `workspace Sales or its item lake.Lakehouse`. */
  readonly place: string;
  readonly credential: CredentialKind;
  /** Whether a user can sign in with a key of the account; absent: yes. */
  readonly knowsKeys?: boolean;
  /** The missing right, if it is not one of Azure's own roles. */
  readonly right?: (doing: 'read' | 'write') => string;
  /** Whether a 404 without a code means an absent path. Absent: no, because a 404 without a code may come from a proxy. */
  readonly namelessIsAbsent?: boolean;
  /** Additional refusals of this kind of account. */
  readonly refuses?: (answer: Answer, said: ServiceAnswer) => ConnectionError | undefined;
}

const absentPaths: ReadonlySet<string> = new Set([
  'BlobNotFound',
  'ResourceNotFound',
  'PathNotFound',
  'SourcePathNotFound',
  'RenameDestinationParentPathNotFound',
]);

/** Whether a path does not exist. Any other 404 means that a container or account above the path does not exist. */
export function isAbsent({ status, code }: Answer, { namelessIsAbsent = false }: Pick<AddressForErrors, 'namelessIsAbsent'>): boolean {
  return status === 404 && (absentPaths.has(code) || (namelessIsAbsent && code === ''));
}

/** Whether the file already exists or has another version than expected. A refusal because of another client’s lease does not count. */
export function isTaken({ status, code }: Answer): boolean {
  return (status === 409 && code.endsWith('AlreadyExists')) || (status === 412 && !code.startsWith('Lease'));
}

const crossed: ReadonlySet<string> = new Set(['PathConflict', 'ResourceTypeMismatch', 'InvalidSourceOrDestinationResourceType']);

/** Whether a file has the name of a needed folder, or a folder has the name of a needed file. */
export function isCrossed({ status, code }: Answer): boolean {
  return status === 409 && crossed.has(code);
}

export function crossedAt(url: string, path: string): StoreError {
  return new StoreError({
    code: 'HYG-4005',
    what: `A file is where a folder should be, or the other way round: ${url}/${path} cannot be written.`,
    tryThis: [`Look at ${path} and the folders above it, and move away the file or folder that is in the way.`],
  });
}

/** Codes of a wrong address or a wrong credential. A 403 with any other code is about rights. */
const strangers: ReadonlySet<string> = new Set([
  'AuthenticationFailed',
  'InvalidAuthenticationInfo',
  'NoAuthenticationInformation',
  'KeyBasedAuthenticationNotPermitted',
]);

/** https://learn.microsoft.com/rest/api/storageservices/blob-service-error-codes */
const inArchive: ReadonlySet<string> = new Set(['BlobArchived', 'BlobBeingRehydrated']);

/** Whether no one is signed in, so that not even the token service was reached. */
function isNobody({ unsigned, status, code }: Answer): boolean {
  return unsigned && status === undefined && code === '';
}

interface RefusedRequest {
  readonly doing: ServiceAnswer['doing'];
  /** Whether the request may have changed something that the caller must check. */
  readonly changes: boolean;
  /** Whether the request was sent as often as allowed. */
  readonly spent: boolean;
}

/** The error for a refused request. */
export function refusal(answer: Answer, { doing, changes, spent }: RefusedRequest, at: AddressForErrors): Error {
  const said: ServiceAnswer = { url: at.url, doing, status: answer.status, code: answer.code };
  const own = at.refuses?.(answer, said);
  if (own !== undefined) return own;
  if (isRefusedByProxy(answer)) return notReached(said, { transient: false });
  if (answer.denied) {
    const stranger = answer.unsigned || answer.status === 401 || strangers.has(answer.code);
    if (stranger)
      return notSignedIn(
        isNobody(answer) ? { ...said, code: 'no one is signed in here' } : said,
        waysToSignIn(at.credential, at.knowsKeys),
      );
    const sort = doing === 'list' || doing === 'read' ? 'read' : 'write';
    const right = at.right?.(sort) ?? rightTo(at.credential, sort, at.place);
    return notAllowed(said, right, ['Check whether a firewall of the account blocks this machine.']);
  }
  const { retryAfterMs } = answer;
  if (inArchive.has(answer.code)) return archived(said);
  if (answer.status === 404) return noContainer(said, at.place);
  if (changes && isOpenWrite(answer))
    return new OutcomeUnknown(`no clear answer to a write in ${at.url}: ${shown(answer)}`, { retryAfterMs, spent });
  return notReached(said, { transient: isWorthAnotherTry(answer), ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
}
