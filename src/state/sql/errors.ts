/** Messages for the errors of a database that contains the state. */

import { DatabaseError, type StateSide } from '../../databases/engine.ts';
import { ConnectionError, StateError } from '../../errors/hygge-error.ts';
import { type Failure, OutcomeUnknown } from '../../ports/retry.ts';

/** The location of the state, for messages. */
export interface StatePlace {
  /** `postgres db.example/erp hygge_metadata`. */
  readonly location: string;
  /** The name of the connection in hygge.yml. */
  readonly connection: string;
}

/** The outcome of a failed transaction, for the common retry policy. @param once the transaction must not be carried out twice. */
export function judged(
  error: unknown,
  stateSide: Pick<StateSide, 'errorClass' | 'isDenied'>,
  of: StatePlace & { readonly once: boolean },
): Failure {
  const failure = (ending: Failure['ending'], thrown: Failure['error']): Failure => ({
    ...{ ending, status: undefined, retryAfterMs: undefined },
    error: thrown,
  });
  if (error instanceof OutcomeUnknown)
    return failure('open', (spent) => (of.once ? new OutcomeUnknown(error.message, { spent }) : unreachable(of, { spent, cause: error })));
  if (error instanceof ConnectionError && error.transient && !patient.has(error.code)) {
    const { code, what, why, tryThis, outage, cause } = error;
    const again = (spent: boolean) => new ConnectionError({ code, what, why, tryThis, transient: true, spent, outage, cause });
    return failure(code === tooManyConnections ? 'throttled' : 'undone', again);
  }
  const said = databaseErrorIn(error);
  if (said === undefined) return failure('final', () => error);
  switch (stateSide.errorClass(said)) {
    case 'transient':
      return failure('undone', (spent) => unreachable(of, { spent, cause: said }));
    case 'lock_timeout':
      return failure('throttled', (spent) => unreachable(of, { spent, cause: said }));
    default:
      return failure('final', () => (stateSide.isDenied(said) ? denied(said, of) : refused(said, of)));
  }
}

/** The database's error for a statement. `Sessions` wrap it as the cause of an error that is not shown. */
export function databaseErrorIn(error: unknown): DatabaseError | undefined {
  const said = error instanceof StateError && error.tryThis.length === 0 ? error.cause : error;
  return said instanceof DatabaseError ? said : undefined;
}

/** Errors after a long wait for a connection of the pool, or for a lock on the file. */
const patient: ReadonlySet<string> = new Set(['HYG-6054', 'HYG-6521']);
const tooManyConnections = 'HYG-6506';

const sentence = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`);
const said = (error: Error): readonly string[] => [sentence(error.message)];

function unreachable({ location }: StatePlace, { spent, cause }: { readonly spent: boolean; readonly cause: Error }): StateError {
  return new StateError({
    ...{ code: 'HYG-5008', what: `The state cannot be reached in ${location}.`, why: said(cause), transient: true, spent, cause },
    tryThis: [
      'Try again in a moment: decided commits are finished first, nothing is done twice',
      'Check the connection in `state:` of hygge.yml, the network and the activity of the database: hygge debug',
    ],
  });
}

const script = ({ connection }: StatePlace): string => `hygge generate ddl --metadata --connection ${connection}`;

function denied(cause: DatabaseError, of: StatePlace): StateError {
  return new StateError({
    ...{ code: 'HYG-5009', what: `The state in ${of.location} may not be read or written by this role.`, why: said(cause), cause },
    tryThis: [`Have an administrator who may grant this right run the output of: ${script(of)}`, 'Then look again: hygge debug'],
  });
}

function refused(cause: DatabaseError, { location }: StatePlace): StateError {
  return new StateError({
    ...{
      code: 'HYG-5020',
      what: `The database failed a request of the state in ${location}.`,
      why: [...said(cause), ...hinted(cause)],
      cause,
    },
    tryThis: [
      'Check the cause that the message names: a full disk, a read-only database, or a table that was changed',
      'Then run again: nothing was decided without the state',
    ],
  });
}

function hinted({ detail, hint }: DatabaseError): readonly string[] {
  return [detail, hint].filter((text) => text !== undefined).map(sentence);
}

/** The error if the tables do not exist and the role may not create them. */
export function tablesMissing(
  of: StatePlace,
  { missing, cause }: { readonly missing: readonly string[]; readonly cause: unknown },
): StateError {
  return new StateError({
    code: 'HYG-5021',
    what: `The tables of the state in ${of.location} do not exist, and this role may not create them.`,
    why: [`Missing: ${missing.join(', ')}.`, ...(cause instanceof Error ? said(cause) : [])],
    tryThis: [
      `Have an administrator who may create schemas run the output of: ${script(of)}`,
      'Then run again: nothing was read or written',
    ],
    cause,
  });
}
