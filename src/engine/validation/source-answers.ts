/** Asks a source for what the checks of its rows need. Each run asks once, when it is planned. */
import type { Home } from '../contracts/home.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import { noAnswers, type SourceAnswers } from '../contracts/records.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import { TimeLimit } from '../contracts/steps.ts';
import type { Check } from '../contracts/validation.ts';
import { noNumber, noQueries, queryTooSlow } from '../errors/validation.ts';

/** The time limit of all queries of an entity together, in milliseconds. It is needed because a step of a function app is limited. */
const longestMs = 120_000;

/** The source’s answers. A dry run reads only metadata, so it has no answers. A backfill has no answers either: checks that need answers are only for live runs. Throws HYG-2127. */
export async function answersOf(ports: Pick<EnginePorts, 'clock'>, { spec, home, look, lane }: SurveyRequest): Promise<SourceAnswers> {
  if (look === undefined || lane !== undefined) return noAnswers;
  const checks = spec.validation?.checks ?? [];
  const asking = checks.filter((check) => check.type === 'sql');
  const asksForFile = checks.some((check) => check.type === 'freshness' && check.column === null);
  const newestFile = asksForFile ? await fileAge(ports, home) : null;
  return { newestFile, numbers: asking.length > 0 ? await numbersOf(ports, { spec, home, asking }) : {} };
}

/** The members of a survey’s request that are needed to ask the source. */
interface SurveyRequest {
  readonly spec: EntitySpec;
  readonly home: Home;
  /** Absent if the run is a dry run. */
  readonly look?: unknown;
  /** Absent if the run is live. */
  readonly lane?: unknown;
}

interface Asking {
  readonly spec: EntitySpec;
  readonly home: Home;
  readonly asking: readonly Extract<Check, { readonly type: 'sql' }>[];
}

async function numbersOf({ clock }: Pick<EnginePorts, 'clock'>, { spec, home, asking }: Asking): Promise<Record<string, string | null>> {
  using limit = new TimeLimit(clock, longestMs);
  const numbers = new Map<string, string | null>();
  for (const check of asking) {
    const answer = await home.oneNumber?.(check.query, limit.signal).catch((error: unknown) => {
      throw limit.signal.aborted ? queryTooSlow(spec, check) : error;
    });
    if (answer === undefined) throw noQueries(spec, check, home.place);
    if ('problem' in answer) throw noNumber(spec, check, answer.problem);
    numbers.set(check.name, answer.number);
  }
  return Object.fromEntries(numbers);
}

/** The age of the newest file. Null: the source has no file. */
async function fileAge({ clock }: Pick<EnginePorts, 'clock'>, home: Home): Promise<NonNullable<SourceAnswers['newestFile']> | null> {
  const newest = await home.files?.newest();
  if (newest === undefined) return null;
  const now = newest.now ?? clock.now();
  return { ageMs: Date.parse(now) - Date.parse(newest.writtenAt), clock: newest.now === null ? 'own' : 'files' };
}
