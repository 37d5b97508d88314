import { type ConnectionError, StoreError } from '../../errors/hygge-error.ts';
import { OutcomeUnknown } from '../../ports/retry.ts';
import { type Answer, isOpenWrite, isWorthAnotherTry } from '../../remote/azure/answer.ts';
import { type CredentialKind, rightTo, waysToSignIn } from '../../remote/azure/keys.ts';
import { archived, noContainer, notAllowed, notReached, notSignedIn, type ServiceAnswer } from '../../remote/refusals.ts';
import { isRefusedByProxy, shown } from '../../remote/sent-request.ts';

/** For people: where requests go, and as whom. */
export interface AddressForErrors {
  /** `abfss://raw@acct.dfs.core.windows.net/crm`. */
  readonly url: string;
  /** `filesystem raw`, `workspace Sales or its item lake.Lakehouse`. */
  readonly place: string;
  readonly credential: CredentialKind;
  /** Whether keys of the account let one in; absent: they do. */
  readonly knowsKeys?: boolean;
  /** What gives the right, where it is none of Azure's own roles. */
  readonly right?: (doing: 'read' | 'write') => string;
  /** A 404 without a code says that a path is absent. Else it may be of a proxy. */
  readonly namelessIsAbsent?: boolean;
  /** What this kind of account has to say beyond the others. */
  readonly refuses?: (answer: Answer, said: ServiceAnswer) => ConnectionError | undefined;
}

const absentPaths: ReadonlySet<string> = new Set([
  'BlobNotFound',
  'ResourceNotFound',
  'PathNotFound',
  'SourcePathNotFound',
  'RenameDestinationParentPathNotFound',
]);

/** A path is not there; any other 404 means that something above it isn't. */
export function isAbsent({ status, code }: Answer, { namelessIsAbsent = false }: Pick<AddressForErrors, 'namelessIsAbsent'>): boolean {
  return status === 404 && (absentPaths.has(code) || (namelessIsAbsent && code === ''));
}

/** The file exists already, or is another one than expected. A lease of another client is neither. */
export function isTaken({ status, code }: Answer): boolean {
  return (status === 409 && code.endsWith('AlreadyExists')) || (status === 412 && !code.startsWith('Lease'));
}

const crossed: ReadonlySet<string> = new Set(['PathConflict', 'ResourceTypeMismatch', 'InvalidSourceOrDestinationResourceType']);

/** A file is in the place of a folder, or the other way round. */
export function isCrossed({ status, code }: Answer): boolean {
  return status === 409 && crossed.has(code);
}

export function crossedAt(url: string, path: string): StoreError {
  return new StoreError({
    code: 'HYG-4005',
    what: `A file is where a folder should be, or the other way round: ${url}/${path} cannot be written.`,
    tryThis: [`Look at ${path} and the folders above it, and move away what is in the way.`],
  });
}

/** The address or the proof itself was wrong; 403 otherwise speaks of rights. */
const strangers: ReadonlySet<string> = new Set([
  'AuthenticationFailed',
  'InvalidAuthenticationInfo',
  'NoAuthenticationInformation',
  'KeyBasedAuthenticationNotPermitted',
]);

/** https://learn.microsoft.com/rest/api/storageservices/blob-service-error-codes */
const inArchive: ReadonlySet<string> = new Set(['BlobArchived', 'BlobBeingRehydrated']);

/** Not even who gives out tokens was asked. */
function isNobody({ unsigned, status, code }: Answer): boolean {
  return unsigned && status === undefined && code === '';
}

interface RefusedRequest {
  readonly doing: ServiceAnswer['doing'];
  /** It may have changed something that the caller must then look for. */
  readonly changes: boolean;
  /** It was sent as often as may be. */
  readonly spent: boolean;
}

/** What a refused request becomes. */
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
