import { StateError } from '../../errors/hygge-error.ts';
import { OutcomeUnknown } from '../../ports/retry.ts';
import { type Answer, answerIn, isOpenWrite, isTransientAnswer } from '../../remote/azure/answer.ts';
import { shown, wasNeverSent } from '../../remote/sent-request.ts';

/** Whether the condition of a write failed: the row already exists, has changed, or was removed. */
export function isConflict({ status, code }: Answer): boolean {
  if (status === 412) return true;
  return (
    ['EntityAlreadyExists', 'UpdateConditionNotSatisfied', 'ConditionNotMet', 'BlobAlreadyExists'].includes(code) || isRowMissing(code)
  );
}

const isRowMissing = (code: string): boolean => code === 'ResourceNotFound' || code === 'EntityNotFound';

/** Whether the table or container itself does not exist (yet). */
export function isPlaceMissing({ code }: Answer): boolean {
  return code === 'TableNotFound' || code === 'ContainerNotFound';
}

/** Whether the named row or blob does not exist, or its table or container does not. A 404 in another form comes from another server. */
export function isMissing(answer: Answer): boolean {
  return isPlaceMissing(answer) || isRowMissing(answer.code) || answer.code === 'BlobNotFound';
}

/** The error to throw for a failed call. For a conditional write that may have been carried out: `OutcomeUnknown` (invariant I5). Errors that are not from the service stay unchanged. */
export function failure(error: unknown, { place, sent, spent }: { place: string; sent: 'read' | 'write'; spent: boolean }): unknown {
  const answer = answerIn(error);
  if (answer.denied) return denied(answer, place);
  if (!answer.told && !isTransientAnswer(answer)) return error;
  const { code, retryAfterMs } = answer;
  const open = isOpenWrite(answer);
  if (open && sent === 'write')
    return new OutcomeUnknown(`${place} did not say whether a write happened (${shown(answer)})`, { retryAfterMs, spent });
  return new StateError({
    code: 'HYG-5008',
    what: `The state cannot be reached in ${place}.`,
    why: [`${answer.message} (${shown(answer)})`],
    tryThis: [
      'Try again in a moment: decided commits are finished first, nothing is done twice',
      'Check the account in `state:` of hygge.yml, the network and the firewall of the account: hygge debug',
    ],
    transient:
      open || wasNeverSent(answer) || isTransientAnswer(answer) || code === 'TableBeingDeleted' || code === 'ContainerBeingDeleted',
    retryAfterMs,
    spent,
    cause: withoutRequest(error),
  });
}

function denied(answer: Answer, place: string): StateError {
  return new StateError({
    code: 'HYG-5009',
    what: `The state in ${place} may not be read or written by this identity.`,
    why: [`${answer.message} (${shown(answer)})`],
    tryThis: [
      'Grant the identity the roles Storage Table Data Contributor and Storage Blob Data Contributor on the storage account. A new role takes effect after some minutes',
      'If you sign in by hand: az login, with an account that has these roles',
      'With a connection string, check that its key was not renewed. With a firewall, check that it allows this machine',
    ],
  });
}

/** An SDK’s error without its request, which contains headers and addresses that must not be shown. */
function withoutRequest(error: unknown): Error {
  const plain = new Error(answerIn(error).message);
  if (error instanceof Error && error.stack !== undefined) plain.stack = error.stack;
  return plain;
}
