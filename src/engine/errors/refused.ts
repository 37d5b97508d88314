/** Errors of decided commits that did not settle: the store refused the commit, the store has only a part of it, or a person gave it up. */
import { ConnectionError, FlowError } from '../../errors/hygge-error.ts';
import type { ErrorDetails } from '../../ports/events.ts';
import type { CommitRefusalReason, JournalRow } from '../../ports/state.ts';
import type { EntityKey } from '../../ports/values.ts';
import type { FullNext } from '../contracts/intent.ts';
import { quoted } from './run.ts';

const refusedCode = 'HYG-2066';
const discardedCode = 'HYG-2080';

/** The most characters of a reason. The limit keeps the state row small. */
const longestReason = 600;

export function reasonOf({ code, what, why }: ErrorDetails): CommitRefusalReason {
  return { code, reason: [what, ...why].join(' ').slice(0, longestReason) };
}

/** Why `reset --discard` gives a commit up: because it could not be finished. */
export function discardReason(unfinished: ErrorDetails | undefined): CommitRefusalReason {
  const why = unfinished ? `${unfinished.code} ${unfinished.what}` : 'The commit was not finished.';
  return { code: discardedCode, reason: why.slice(0, longestReason) };
}

/** The reason of a fence that records no reason. Only the fence’s id is known. */
export function refusalWithoutReason(id: string): CommitRefusalReason {
  return { code: id, reason: 'The destination does not report the reason.' };
}

/** Adds advice to the error of a decided commit. The destination comes from the intent, and only the credential from the present config. If the config has another destination now, the old rights may be gone. */
export function addDecidedCommitAdvice({ code, what, why, tryThis }: ConnectionError, where: string): ConnectionError {
  return new ConnectionError({
    code,
    what,
    why: [...why, `A commit in ${where} is decided. hygge finishes it before anything else happens to the entity.`],
    tryThis: [...tryThis, 'If `store` has changed: restore the earlier store, run once, and then change it.'],
  });
}

export interface GivenUp {
  readonly reason: CommitRefusalReason;
  /** The store’s own error. Its advice is better than none. Absent: another process met the error. */
  readonly because?: ErrorDetails | undefined;
  readonly fullNext?: FullNext | undefined;
}

function leftBy(where: string, fullNext: FullNext | undefined): string {
  if (fullNext === 'unclear') return `Its rows may be visible in ${where} until the next run has loaded everything again.`;
  if (fullNext === 'target gone') return `No row of the commit is visible. The commit had deleted the previous rows in ${where}.`;
  return `No row of the commit is visible, and the previous rows in ${where} are unchanged.`;
}

export function commitGivenUp(key: EntityKey, where: string, { reason: { code, reason }, because, fullNext }: GivenUp): FlowError {
  const name = `${key.flow}.${key.entity}`;
  const asBefore = leftBy(where, fullNext);
  const go = `hygge go -e ${quoted(key)}: ${fullNext ? 'it loads everything again' : 'it begins again after the settled rows'}`;
  if (code === discardedCode)
    return new FlowError({
      code,
      what: `A decided commit of ${name} was given up by hygge reset --discard.`,
      why: [reason, asBefore],
      tryThis: [go],
    });
  // The advice to run again is left out here, since it appears once, together with the place where the run begins.
  const mend = because?.tryThis.filter((line) => !/^(then )?run it again\b/i.test(line)) ?? [];
  return new FlowError({
    code: refusedCode,
    what: `${where} permanently refused the decided commit of ${name}, so the commit was given up.`,
    why: [`${code} ${reason}`, asBefore],
    tryThis: [...(mend.length > 0 ? mend : [`Fix the reason of the refusal: see ${code}`]), `Then ${go}`],
    statement: because?.statement,
  });
}

export function commitStuck(key: EntityKey, where: string, { code, what, why, tryThis }: ErrorDetails): FlowError {
  return new FlowError({
    code: 'HYG-2069',
    what: `A decided commit of ${key.flow}.${key.entity} is published in ${where} only in part.`,
    why: [`${code} ${what}`, ...why, 'Readers of the folder may have seen that part, so each run tries to publish the rest.'],
    tryThis: [
      ...tryThis,
      `Then hygge go -e ${quoted(key)}: it finishes the commit, and continues`,
      `Or remove its published part: hygge reset ${quoted(key)} --discard`,
    ],
  });
}

/** @param waitsFor what another system has to do first. */
export function commitWaits(
  key: EntityKey,
  where: string,
  waitsFor = 'Another system must first finish its part of the commit',
): FlowError {
  return new FlowError({
    code: 'HYG-2097',
    what: `A decided commit of ${key.flow}.${key.entity} in ${where} is not finished yet.`,
    why: [`${waitsFor}.`],
    tryThis: [
      `hygge go -e ${quoted(key)}: this waits for that system, and finishes the commit`,
      `Or give the commit up: hygge reset ${quoted(key)} --discard`,
    ],
  });
}

/** The error with which a run ended whose commit was given up, from the run’s journal row. Undefined: the run ended in another way. */
export function givenUpErrorIn({ error_code, error }: JournalRow): FlowError | undefined {
  return error && (error_code === refusedCode || error_code === discardedCode) ? new FlowError(error) : undefined;
}
