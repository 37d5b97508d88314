/** Compares keys by sums that both systems compute. If the sums are equal, no key has to be read. */
import { sameType } from '../../frames/describe-type.ts';
import type { DataType } from '../../frames/schema.ts';
import { everything, type Home, insideSumsOf } from '../contracts/home.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import type { SummedColumn } from '../contracts/row-sums.ts';
import { untilDone } from '../contracts/steps.ts';

export interface KeySide {
  readonly home: Home;
  /** The columns of the key, with the side’s own names and the settled types. */
  readonly key: readonly SummedColumn[];
}

export interface EqualKeysRequest {
  readonly source: KeySide;
  readonly destination: KeySide;
  readonly ports: Pick<EnginePorts, 'clock'>;
  readonly signal: AbortSignal;
  /** Called every half minute while the systems count and sum. If it throws, both systems are stopped. */
  readonly stillThere: () => Promise<void> | void;
}

export const stillThereEveryMs = 30_000;

/**
 * How many rows both sides have, if both systems sum their keys and the sums are equal. Undefined: the keys have to be read. Rows are counted first,
 * because sums are worth their time only if the counts are equal.
 */
export async function equalKeys(request: EqualKeysRequest): Promise<number | undefined> {
  const { source, destination, ports, signal } = request;
  const sides = [source, destination] as const;
  if (sides.some(({ home }) => insideSumsOf(home) === undefined)) return undefined;
  const over = new AbortController();
  const until = AbortSignal.any([signal, over.signal]);
  const ended = new AbortController();
  const told = tellUntil(ended.signal, request).catch((error: unknown) => over.abort(error));
  try {
    for (const side of sides) if (!(await sumsKeys(side, ports, until))) return undefined;
    const [rows, settled] = await bothOf(sides, ({ home }) => home.system?.count(everything, until));
    if (rows === undefined || rows === 0 || rows !== settled) return undefined;
    const [one, other] = await bothOf(sides, (side) => sumOf(side, until));
    return one !== undefined && one.rows === rows && other?.rows === rows && one.sum === other.sum ? rows : undefined;
  } finally {
    ended.abort();
    await told;
  }
}

async function tellUntil(ended: AbortSignal, { ports, stillThere }: EqualKeysRequest): Promise<void> {
  while (!ended.aborted) {
    const isOver = await ports.clock.sleep(stillThereEveryMs, ended).then(
      () => false,
      () => true,
    );
    if (isOver) return;
    await stillThere();
  }
}

/** Whether the system itself can sum these columns in the types that settled. */
async function sumsKeys({ home, key }: KeySide, { clock }: EqualKeysRequest['ports'], signal: AbortSignal): Promise<boolean> {
  const { schema } = await untilDone(clock, (cursor) => home.describe(cursor, 'for a run'), signal);
  const own = (name: string) => schema?.columns.find((column) => column.name === name)?.type;
  if (!key.every(({ name, type }) => hasSameTexts(own(name), type))) return false;
  const inside = insideSumsOf(home)?.inside;
  if (inside === undefined || inside.supports(key, { by: 'nothing' }).unable.length > 0) return false;
  return (await inside.whyUnable(signal)) === undefined;
}

/** Whether a value has the same canonical text in both types. */
function hasSameTexts(own: DataType | undefined, settled: DataType): boolean {
  return own !== undefined && (sameType(own, settled) || (isInteger(own) && isInteger(settled)));
}

function isInteger({ kind }: DataType): boolean {
  return /^u?int/.test(kind);
}

async function sumOf({ home, key }: KeySide, signal: AbortSignal): Promise<{ readonly rows: number; readonly sum: string } | undefined> {
  const scope = { window: everything, part: null };
  const [found] = (await insideSumsOf(home)?.inside.sums({ scope, division: { by: 'nothing' }, columns: key, of: 'rows' }, signal)) ?? [];
  return found;
}

/** Queries both sides at the same time. It throws only after both queries have ended, so that no statement outlives its home. */
async function bothOf<T>(
  [one, other]: readonly [KeySide, KeySide],
  ask: (side: KeySide) => Promise<T> | undefined,
): Promise<readonly [T | undefined, T | undefined]> {
  const [first, second] = await Promise.allSettled([ask(one), ask(other)]);
  if (first.status === 'rejected') throw first.reason;
  if (second.status === 'rejected') throw second.reason;
  return [first.value, second.value];
}
