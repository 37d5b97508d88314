/** Errors of decided commits that did not settle: the store refused them, has only a part of them, or a person gave them up. */
import { ConnectionError, FlowError } from '../../errors/hygge-error.ts';
import type { ErrorDetails } from '../../ports/events.ts';
import type { CommitRefusalReason, JournalRow } from '../../ports/state.ts';
import type { EntityKey } from '../../ports/values.ts';
import type { FullNext } from '../contracts/intent.ts';
import { quoted } from './run.ts';

const refusedCode = 'HYG-2066';
const discardedCode = 'HYG-2080';

/** The length is limited, so that the state row stays small. */
const longestReason = 600;

export function reasonOf({ code, what, why }: ErrorDetails): CommitRefusalReason {
  return { code, reason: [what, ...why].join(' ').slice(0, longestReason) };
}

/** Why `reset --discard` gives a commit up: the reason why it could not be finished. */
export function discardReason(unfinished: ErrorDetails | undefined): CommitRefusalReason {
  const why = unfinished ? `${unfinished.code} ${unfinished.what}` : 'It was not finished.';
  return { code: discardedCode, reason: why.slice(0, longestReason) };
}

/** The reason for a fence that has none: only its id is known. */
export function refusalWithoutReason(id: string): CommitRefusalReason {
  return { code: id, reason: 'The destination does not report the reason.' };
}

/** The place comes from the intent, and only the credential from the present config. A change of the config's place may have removed the old rights. */
export function addDecidedCommitAdvice({ code, what, why, tryThis }: ConnectionError, where: string): ConnectionError {
  return new ConnectionError({
    code,
    what,
    why: [...why, `A commit in ${where} is decided; it is finished before anything else happens to the entity.`],
    tryThis: [...tryThis, 'If `store` has changed: restore the earlier store, run once, and change it then.'],
  });
}

export interface GivenUp {
  readonly reason: CommitRefusalReason;
  /** The store's own error, if this process has met it: its advice is better than none. */
  readonly because?: ErrorDetails | undefined;
  readonly fullNext?: FullNext | undefined;
}

function leftBy(where: string, fullNext: FullNext | undefined): string {
  if (fullNext === 'unclear') return `Its rows may be visible in ${where} until the next run has loaded everything again.`;
  if (fullNext === 'target gone') return `Nothing of it is visible. It had deleted the previous rows in ${where}.`;
  return `Nothing of it is visible, and the previous rows in ${where} are unchanged.`;
}

export function commitGivenUp(key: EntityKey, where: string, { reason: { code, reason }, because, fullNext }: GivenUp): FlowError {
  const name = `${key.flow}.${key.entity}`;
  const asBefore = leftBy(where, fullNext);
  const go = `hygge go -e ${quoted(key)}: ${fullNext ? 'it loads everything again' : 'it begins again from what is settled'}`;
  if (code === discardedCode)
    return new FlowError({
      code,
      what: `A decided commit of ${name} was given up by hygge reset --discard.`,
      why: [reason, asBefore],
      tryThis: [go],
    });
  // The advice to run again appears once, together with where the run begins.
  const mend = because?.tryThis.filter((line) => !/^(then )?run it again\b/i.test(line)) ?? [];
  return new FlowError({
    code: refusedCode,
    what: `${where} refused permanently what ${name} had decided to commit, and it was given up.`,
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
export function commitWaits(key: EntityKey, where: string, waitsFor = 'Another system must finish its part first'): FlowError {
  return new FlowError({
    code: 'HYG-2097',
    what: `A decided commit of ${key.flow}.${key.entity} in ${where} is not finished yet.`,
    why: [`${waitsFor}.`],
    tryThis: [
      `hygge go -e ${quoted(key)}: it waits for that, and finishes the commit`,
      `Or give the commit up: hygge reset ${quoted(key)} --discard`,
    ],
  });
}

/** How a run ended whose commit was given up, according to its journal row; undefined: it ended in another way. */
export function givenUpErrorIn({ error_code, error }: JournalRow): FlowError | undefined {
  return error && (error_code === refusedCode || error_code === discardedCode) ? new FlowError(error) : undefined;
}
