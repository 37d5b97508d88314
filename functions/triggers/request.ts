import { notAllowed, requestTooLarge, unreadableRequest } from '../../src/assembly/errors.ts';
import type { EntitySpec } from '../../src/engine/contracts/spec.ts';
import { didYouMean } from '../../src/errors/did-you-mean.ts';
import { ConfigError } from '../../src/errors/hygge-error.ts';
import type { Json } from '../../src/ports/values.ts';
import { ConfigErrors, listed, quoted } from '../../src/workspace/yaml/problems.ts';
import { bytesOf } from '../answer.ts';
import type { BackfillInput, Vars } from '../run-input.ts';
import { andMore, type Body, isObject, mostWrongNames, namedOf, needs, objectIn, refuseUnknown } from './body.ts';

/** The content of a request to `POST /api/flows/<flow>/runs`. */
export interface RunRequest {
  /** Names of entities; null: all entities. */
  readonly entities: readonly string[] | null;
  readonly runType: EntitySpec['runType'] | null;
  readonly backfill: BackfillInput | null;
  readonly vars: Vars;
  readonly dryRun: boolean;
}

/** The members of the request’s body. */
export const runKeys = ['entities', 'run_type', 'backfill', 'vars', 'dry_run'];
const backfillKeys = ['from', 'to', 'chunk', 'again'];
/** The most characters of a body: enough for some thousand names of entities. */
export const mostCharacters = 256 * 1024;
/** Vars are passed to every step of the run. */
const mostVarBytes = 1000;

/** Throws `ConfigErrors` with all errors. @param allowed `allow_vars` of the flow. */
export function readRequest(text: string, allowed: readonly string[]): RunRequest {
  if (text.length > mostCharacters) throw new ConfigErrors([requestTooLarge(text.length, mostCharacters)]);
  const wrong: ConfigError[] = [];
  const body = objectIn(text, 'Send `{}` to run the whole flow with its configuration.', wrong);
  refuseUnknown(body, { known: runKeys, place: 'the request' }, wrong);
  const request = {
    entities: entitiesIn(body.entities, wrong),
    runType: runTypeIn(body.run_type, wrong),
    backfill: backfillIn(body.backfill, wrong),
    vars: varsIn(body.vars, allowed, wrong),
    dryRun: flagIn('dry_run', body.dry_run, wrong),
  };
  if (request.backfill !== null && request.runType !== null)
    wrong.push(
      unreadableRequest(
        '`run_type` and `backfill` can’t be combined.',
        'Leave `run_type` out: a backfill replaces a range of an incremental entity.',
      ),
    );
  if (wrong.length > 0) throw new ConfigErrors(wrong);
  return request;
}

/** The value of `?limit=`: a whole number from 1 to `most`. A larger number counts as `most`. Throws `ConfigErrors` HYG-1950. */
export function limitIn(written: string | null, { usual, most }: { readonly usual: number; readonly most: number }): number {
  if (written === null) return usual;
  if (!/^0*[1-9]\d*$/.test(written)) throw new ConfigErrors([needs('limit', 'a whole number from 1')]);
  return Math.min(most, Number(written));
}

/** `refuseUnknown` has already reported a null. */
export function entitiesIn(value: unknown, wrong: ConfigError[]): readonly string[] | null {
  if (value === undefined || value === null) return null;
  if (Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string')) return [...new Set(value)];
  wrong.push(needs('entities', 'a list of names'));
  return null;
}

function runTypeIn(value: unknown, wrong: ConfigError[]): RunRequest['runType'] {
  if (value === undefined || value === null) return null;
  if (value === 'full_drop' || value === 'incremental') return value;
  wrong.push(needs('run_type', '`full_drop` or `incremental`'));
  return null;
}

function flagIn(key: string, value: unknown, wrong: ConfigError[]): boolean {
  if (value === undefined || value === null || value === false) return false;
  if (value !== true) wrong.push(needs(key, 'true or false'));
  return true;
}

function backfillIn(value: unknown, wrong: ConfigError[]): BackfillInput | null {
  if (value === undefined || value === null) return null;
  if (!isObject(value)) {
    wrong.push(needs('backfill', 'an object with `from` and `to`'));
    return null;
  }
  refuseUnknown(value, { known: backfillKeys, place: '`backfill`' }, wrong);
  const from = edgeIn('backfill.from', value.from, wrong);
  const to = edgeIn('backfill.to', value.to, wrong);
  const chunk = value.chunk === undefined || value.chunk === null ? null : edgeIn('backfill.chunk', value.chunk, wrong);
  return { from, to, chunk, again: flagIn('backfill.again', value.again, wrong) };
}

/** The end of a range, as text, because JSON parsing may change a number. */
export function edgeIn(key: string, value: unknown, wrong: ConfigError[]): string {
  if (value === null) return '';
  if (typeof value === 'string' && value.trim() !== '' && value.length <= 100) return value;
  if (Number.isSafeInteger(value)) return String(value);
  wrong.push(needs(key, 'text, such as `2026-01-01`'));
  return '';
}

function varsIn(value: unknown, allowed: readonly string[], wrong: ConfigError[]): Vars {
  if (value === undefined || value === null) return {};
  if (!isObject(value)) {
    wrong.push(needs('vars', 'an object of keys and values'));
    return {};
  }
  wrong.push(...refusedVars(value, allowed));
  if (bytesOf(value) > mostVarBytes) wrong.push(needs('vars', `an object of at most ${mostVarBytes} bytes`));
  return value as { readonly [key: string]: Json };
}

function refusedVars(vars: Body, allowed: readonly string[]): readonly ConfigError[] {
  const refused = Object.keys(vars).filter((key) => !allowed.includes(key));
  const told = namedOf(refused).map((key) => notAllowed(key, allowed, didYouMean(key, allowed)));
  return refused.length > mostWrongNames ? [...told, andMore(refused.length, "keys of `vars` can't be set from outside")] : told;
}

/** Throws `ConfigErrors` when a flow does not allow a requested var. */
export function mustBeAllowed(vars: Vars, allowed: readonly string[]): void {
  const refused = refusedVars(vars, allowed);
  if (refused.length > 0) throw new ConfigErrors(refused);
}

/** Positions of the named entities. Throws `ConfigErrors` for unknown names. */
export function positionsOf(
  names: readonly string[] | null,
  flow: { readonly name: string; readonly entities: readonly EntitySpec[] },
): readonly number[] {
  const known = flow.entities.map(({ entity }) => entity);
  if (names === null) return known.map((_, n) => n);
  const at = new Map(known.map((name, n) => [name, n]));
  const wrong = names.filter((name) => !at.has(name));
  const told = namedOf(wrong).map((name) => noSuchEntity(name, flow.name, known));
  if (wrong.length > mostWrongNames) told.push(andMore(wrong.length, 'names in `entities` are not in the flow'));
  if (told.length > 0) throw new ConfigErrors(told);
  return names.flatMap((name) => at.get(name) ?? []);
}

function noSuchEntity(name: string, flow: string, known: readonly string[]): ConfigError {
  const meant = didYouMean(name, known);
  const shown = known.slice(0, 20);
  return new ConfigError({
    code: 'HYG-1902',
    what: `The flow ${flow} has no entity ${quoted(name)}.${meant === undefined ? '' : ` Did you mean ${quoted(meant)}?`}`,
    why: [`It has ${listed(shown)}${known.length > shown.length ? ` and ${known.length - shown.length} more` : ''}.`],
    tryThis: ['Correct the name, or leave `entities` out to run all of them'],
  });
}
