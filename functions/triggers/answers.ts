import { saidBy } from '../../src/assembly/errors.ts';
import { HyggeError } from '../../src/errors/hygge-error.ts';
import type { ErrorDetails } from '../../src/ports/events.ts';
import type { RunRecord } from '../../src/ports/runs.ts';
import { filled, type Json } from '../../src/ports/values.ts';
import { ConfigErrors } from '../../src/workspace/yaml/problems.ts';
import { cutToFit } from '../answer.ts';
import type { HttpAnswer, TriggerRequest } from '../sdk.ts';
import { inRequestWords } from './advice.ts';

/** Every error has the same form as on the command line; a temporary error says when to try again. */
export function errorAnswer(status: number, errors: readonly ErrorDetails[], more: { readonly [key: string]: Json } = {}): HttpAnswer {
  const told = errors.slice(0, mostErrors).map((error) => cutToFit(inRequestWords(error), mostErrorBytes));
  const left = errors.length - told.length;
  return { status, ...askAgain(status), body: { errors: told as unknown as Json, ...filled({ more_errors: left }), ...more } };
}

/** The limits of quoted text in an answer, because a request may contain many long mistakes. */
const mostErrors = 100;
const mostErrorBytes = 8_000;

/** Delays in seconds: long for a run in progress, short for a service that did not answer. */
const againAfter: ReadonlyMap<number, number> = new Map([
  [409, 60],
  [503, 10],
]);

export function askAgain(status: number, atLeastMs = 0): Pick<HttpAnswer, 'headers'> {
  const usual = againAfter.get(status);
  return usual === undefined ? {} : { headers: { 'Retry-After': String(Math.max(usual, Math.ceil(atLeastMs / 1000))) } };
}

/** A request that is understood but can't be done, with all reasons. */
export class RefusedRequest extends Error {
  override readonly name = 'Refused';
  readonly errors: readonly HyggeError[];
  constructor(errors: readonly HyggeError[]) {
    super(errors.map(({ message }) => message).join('\n'));
    this.errors = errors;
  }
}

/** Errors of the caller are 400; errors of the app or a system are 5xx. */
export function answerForError(error: unknown): HttpAnswer {
  if (error instanceof ConfigErrors || error instanceof RefusedRequest)
    return errorAnswer(
      error.errors.some(({ code }) => code === 'HYG-1963') ? 413 : 400,
      error.errors.map((one) => one.toDetails()),
    );
  if (error instanceof HyggeError) {
    const status = error.code === 'HYG-2052' ? 404 : error.name === 'ConfigError' ? 400 : error.transient ? 503 : 500;
    return { ...errorAnswer(status, [error.toDetails()]), ...askAgain(status, error.retryAfterMs) };
  }
  return errorAnswer(500, [
    {
      code: 'HYG-9001',
      what: `hygge met something that it did not expect: ${saidBy(error)}`,
      why: ['This is a fault in hygge, or in the platform that runs it. Settled rows stay settled, and no partial result is visible.'],
      tryThis: ['Send the request again', 'Report the error with the messages in the log of the app'],
    },
  ]);
}

export async function orError(work: () => Promise<HttpAnswer>, told: (error: unknown) => void): Promise<HttpAnswer> {
  try {
    return await work();
  } catch (error) {
    const answer = answerForError(error);
    if (answer.status >= 500) told(error);
    return answer;
  }
}

/** The address to query a run, without the key that the caller used. */
export function runLink(asked: Pick<TriggerRequest, 'url'>, { flow, run_id }: Pick<RunRecord, 'flow' | 'run_id'>): string {
  const { origin, pathname } = new URL(asked.url);
  const root = pathname.replace(/\/flows(\/.*)?$/, '');
  return `${origin}${root}/flows/${flow}/runs/${run_id}`;
}

export function runBody(asked: Pick<TriggerRequest, 'url'>, record: RunRecord): { readonly [key: string]: Json } {
  const { run_id, flow, lane, trigger, started_at, ended_at, config, app = null, entities, summary } = record;
  const self = runLink(asked, record);
  const state = { status: record.status ?? (ended_at === null ? 'running' : 'error'), started_at, ended_at };
  const links = { self, cancel: { method: 'DELETE', href: self }, runs: self.slice(0, self.lastIndexOf('/')) };
  return { run_id, flow, lane, trigger, ...state, config, app, entities, summary: summaryBody(summary), links };
}

/** The error of the run, with advice for callers. Runs of earlier versions have no advice. */
function summaryBody(summary: RunRecord['summary']): Json {
  const failure =
    summary !== null && typeof summary === 'object' && !Array.isArray(summary) && 'failure' in summary ? summary.failure : null;
  if (failure === null || typeof failure !== 'object' || !('tryThis' in failure)) return summary;
  return {
    ...(summary as { readonly [key: string]: Json }),
    failure: inRequestWords(failure as unknown as ErrorDetails) as unknown as Json,
  };
}
