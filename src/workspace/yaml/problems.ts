import { posix } from 'node:path';
import type { configCodes, facedConfigCodes } from '../../errors/codes/config.ts';
import type { databaseConfigCodes } from '../../errors/codes/database.ts';
import { nearest } from '../../errors/did-you-mean.ts';
import { ConfigError, type Where } from '../../errors/hygge-error.ts';
import { type Spot, whereIs, withoutSecrets } from './source.ts';

/** All errors of a workspace, in the order of its files. Thrown by `loadWorkspace`; exit 2. */
export class ConfigErrors extends Error {
  override readonly name = 'ConfigErrors';
  readonly errors: readonly ConfigError[];

  constructor(errors: readonly ConfigError[]) {
    super(errors.map((error) => error.message).join('\n'));
    this.errors = errors;
  }
}

/** A warning, which never stops a command. */
export interface Warning {
  readonly message: string;
  readonly where: Where;
  /** The flow at whose home the warning was found; absent: the warning follows from the config alone. */
  readonly foundFor?: string;
}

/** A key that is unknown in its place, and resembles no known key. */
export interface StrayKey {
  readonly key: string;
  /** The key as the person wrote it, or `…` if it must not be shown. */
  readonly value: string;
  /** The value may be a password, so it is shown only if no other text would be valid. */
  readonly mayBeSecret: boolean;
}

export interface Problem {
  readonly code: keyof typeof configCodes | keyof typeof facedConfigCodes | keyof typeof databaseConfigCodes;
  readonly what: string;
  readonly why?: readonly string[];
  readonly tryThis: readonly [string, ...string[]];
  readonly spot?: Spot;
  readonly cause?: unknown;
  /** The intended key in place of the faulty key (`home.path`). If this member is set, the intended key and the keys inside it are not reported as missing. */
  readonly meant?: string;
  /** The required key that is missing. */
  readonly missing?: string;
  /** The key that may belong to another map. */
  readonly stray?: StrayKey;
  /** The offset from which the line is hidden. */
  readonly hideFrom?: number;
}

/** The flow, or its entity, that an error belongs to. An error without an owner stops all flows. */
export interface Whose {
  readonly flow: string;
  readonly entity?: string;
}

/** An error, and the owners that the error stops; empty: all owners. */
export interface AttributedError {
  readonly error: ConfigError;
  readonly whose: readonly Whose[];
}

/** Collects problems, so that a person sees all problems at once, and each problem only once. */
export interface Problems {
  add(problem: Problem): void;
  /** One warning for a key, however often the key occurs. */
  warn(about: string, message: string, spot: Spot, foundFor?: string): void;
  /** A view of the same collection whose problems belong only to these owners. */
  of(...whose: readonly Whose[]): Problems;
  readonly count: number;
  readonly strayKeys: readonly StrayKey[];
  readonly warnings: readonly Warning[];
  errors(): readonly ConfigError[];
  /** @param placesOf sentences about the map to which a misplaced key belongs, which replace the list of known keys. */
  attributed(placesOf?: (stray: StrayKey) => readonly string[]): readonly AttributedError[];
}

/** A value may be checked twice, alone and after merging, but is reported only once. */
const ofOneValue: ReadonlySet<string> = new Set<Problem['code']>(['HYG-1011', 'HYG-1013', 'HYG-1070']);

interface FoundProblem {
  readonly problem: Problem;
  /** If a problem was found with an owner and also without an owner, it stops all flows. */
  common: boolean;
  readonly whose: Map<string, Whose>;
}

export function collectProblems(): Problems {
  const found = new Map<string, FoundProblem>();
  const warned = new Map<string, { readonly message: string; readonly spot: Spot; readonly foundFor: string | undefined; times: number }>();
  const add = (problem: Problem, whose: readonly Whose[]): void => {
    const key = JSON.stringify([
      problem.code,
      problem.spot?.source.name,
      problem.spot?.offset,
      ofOneValue.has(problem.code) || problem.what,
    ]);
    const held = found.get(key) ?? { problem, common: false, whose: new Map() };
    found.set(key, held);
    if (whose.length === 0) held.common = true;
    for (const one of whose) held.whose.set(JSON.stringify([one.flow, one.entity]), one);
  };
  const view = (whose: readonly Whose[]): Problems => ({
    add: (problem) => add(problem, whose),
    of: (...others) => view(others),
    warn(about, message, spot, foundFor) {
      const before = warned.get(about);
      if (before === undefined) warned.set(about, { message, spot, foundFor, times: 1 });
      else before.times++;
    },
    get count() {
      return found.size;
    },
    get strayKeys() {
      return [...found.values()].flatMap(({ problem: { stray } }) => (stray === undefined ? [] : [stray]));
    },
    get warnings() {
      return [...warned.values()].map(({ message, spot, foundFor, times }) => ({
        message: times === 1 ? message : `${message} (here and in ${times - 1} more ${times === 2 ? 'place' : 'places'})`,
        where: whereIs(spot),
        ...(foundFor === undefined ? {} : { foundFor }),
      }));
    },
    errors: () => settle([...found.values()]).map(({ error }) => error),
    attributed: (placesOf) => settle([...found.values()], placesOf),
  });
  return view([]);
}

function settle(
  problems: readonly FoundProblem[],
  placesOf: (stray: StrayKey) => readonly string[] = () => [],
): readonly AttributedError[] {
  return problems
    .filter((one) => !isExplained(one, problems))
    .map(({ problem, common, whose }) => ({ error: toError(problem, placesOf), whose: common ? [] : [...whose.values()] }))
    .sort((a, b) => inReadingOrder(a.error, b.error));
}

/** A missing key is not reported if a faulty key was probably meant as the missing key. */
function isExplained({ problem: { missing, spot }, common, whose }: FoundProblem, problems: readonly FoundProblem[]): boolean {
  if (missing === undefined) return false;
  const explaining = problems.filter(({ problem: { meant, spot: at } }) => {
    const same = meant !== undefined && (missing === meant || missing.startsWith(`${meant}.`));
    return same && flowOf(at) === flowOf(spot);
  });
  const isTold = (one: Whose): boolean =>
    explaining.some((other) => other.common || [...other.whose.values()].some((by) => covers(by, one)));
  return common ? explaining.some((other) => other.common) : [...whose.values()].every(isTold);
}

function covers(by: Whose, one: Whose): boolean {
  return by.flow === one.flow && (by.entity === undefined || by.entity === one.entity);
}

/** The files of one flow share their first two folders. */
function flowOf(spot: Spot | undefined): string {
  return spot?.source.name.split('/').slice(0, 2).join('/') ?? '';
}

/** Keeps problems until their owner is known. */
export function keptProblems(problems: Problems): Problems & { tell(whose: Problems): void } {
  const kept: Problem[] = [];
  return {
    ...problems,
    get count() {
      return problems.count + kept.length;
    },
    add: (problem) => void kept.push(problem),
    tell: (whose) => {
      for (const problem of kept) whose.add(problem);
    },
  };
}

function toError(problem: Problem, placesOf: (stray: StrayKey) => readonly string[]): ConfigError {
  const places = problem.stray === undefined ? [] : placesOf(problem.stray);
  return new ConfigError({
    code: problem.code,
    what: problem.what,
    why: problem.why ?? [],
    tryThis: places.length > 0 ? places : problem.tryThis,
    where: problem.spot === undefined ? undefined : whereIs(problem.spot, problem.hideFrom),
    cause: problem.cause,
  });
}

function inReadingOrder(a: ConfigError, b: ConfigError): number {
  const [fileA, fileB] = [a.where?.file ?? '', b.where?.file ?? ''];
  const files = compare(rank(a), rank(b)) || compare(posix.dirname(fileA), posix.dirname(fileB)) || compare(fileA, fileB);
  return files || (a.where?.line ?? 0) - (b.where?.line ?? 0) || (a.where?.column ?? 0) - (b.where?.column ?? 0);
}

/** hygge.yml comes first, problems without a place come last. */
function rank(error: ConfigError): number {
  if (error.where === undefined) return 2;
  return error.where.file.includes('/') ? 1 : 0;
}

function compare<T extends string | number>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A text from a file, for a sentence: in backticks, control characters made visible, secrets hidden, long texts cut. */
export function quoted(text: string): string {
  const visible = withoutSecrets(text).replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
  return `\`${visible.length > 80 ? `${visible.slice(0, 77)}…` : visible}\``;
}

/** The most keys in a list. */
const mostListed = 6;

/** The advice for an unknown key. @param known the keys of its place. @param meant the key of `known` that the message already names. */
export function keysNear(key: string, known: readonly string[], meant?: string): string {
  if (known.length <= mostListed) return `The keys are ${listed(known)}.`;
  const near = meant === undefined ? nearest(key, known) : [];
  const said =
    near.length === 0 ? '' : near.length === 1 ? `The nearest key is ${listed(near)}. ` : `The nearest keys are ${listed(near)}. `;
  return `${said}The page config of the documentation has all ${known.length} keys.`;
}

/** `a`, `b` and `c`. */
export function listed(names: Iterable<string>, last = 'and'): string {
  const all = [...names].map(quoted);
  return all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} ${last} ${all.at(-1)}`;
}
