/** What a source is asked for the checks of its rows: once in a run, when it is planned. */
import type { Home } from '../contracts/home.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import type { SourceAnswers } from '../contracts/records.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import type { Check } from '../contracts/validation.ts';
import { noNumber, noQueries, queryTooSlow } from '../errors/validation.ts';

/** For all queries of an entity together: a step of an app ends. */
const longestMs = 120_000;

/** The survey with what the source answers. A dry run reads no more than metadata, and a backfill judges none of it. Throws HYG-2127. */
export async function withAnswers<S extends object>(
  ports: Pick<EnginePorts, 'clock'>,
  { spec, home, look, lane }: SurveyRequest,
  survey: S,
): Promise<S & { readonly asked?: SourceAnswers }> {
  if (look === undefined || lane !== undefined) return survey;
  const checks = spec.validation?.checks ?? [];
  const asking = checks.filter((check) => check.type === 'sql');
  const asksForFile = checks.some((check) => check.type === 'freshness' && check.column === null);
  if (asking.length === 0 && !asksForFile) return survey;
  const newestFile = asksForFile ? { newestFile: await fileAge(ports, home) } : {};
  const numbers = asking.length > 0 ? { numbers: await numbersOf(ports, { spec, home, asking }) } : {};
  return { ...survey, asked: { ...newestFile, ...numbers } };
}

/** The part of a survey's request that says who asks whom. */
interface SurveyRequest {
  readonly spec: EntitySpec;
  readonly home: Home;
  /** Absent: a dry run. */
  readonly look?: unknown;
  /** Absent: a live run. */
  readonly lane?: unknown;
}

interface Asking {
  readonly spec: EntitySpec;
  readonly home: Home;
  readonly asking: readonly Extract<Check, { readonly type: 'sql' }>[];
}

async function numbersOf({ clock }: Pick<EnginePorts, 'clock'>, { spec, home, asking }: Asking): Promise<Record<string, string | null>> {
  const [answered, stop] = [new AbortController(), new AbortController()];
  const late = clock.sleep(longestMs, answered.signal).then(
    () => stop.abort(new Error('late')),
    () => {},
  );
  const numbers: Record<string, string | null> = {};
  try {
    for (const check of asking) {
      const answer = await home.oneNumber?.(check.query, stop.signal).catch((error: unknown) => {
        throw stop.signal.aborted ? queryTooSlow(spec, check) : error;
      });
      if (answer === undefined) throw noQueries(spec, check, home.place);
      if ('problem' in answer) throw noNumber(spec, check, answer.problem);
      numbers[check.name] = answer.number;
    }
  } finally {
    answered.abort();
    await late;
  }
  return numbers;
}

/** Null: there is no file. */
async function fileAge({ clock }: Pick<EnginePorts, 'clock'>, home: Home): Promise<NonNullable<SourceAnswers['newestFile']> | null> {
  const newest = await home.newestFile?.();
  if (newest === undefined) return null;
  const now = newest.now ?? clock.now();
  return { ageMs: Date.parse(now) - Date.parse(newest.writtenAt), clock: newest.now === null ? 'own' : 'files' };
}
