/** What a source is asked for the checks of its rows: once in a run, when it is planned. */
import type { Home } from '../contracts/home.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import type { SourceAnswers } from '../contracts/records.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import type { Check } from '../contracts/validation.ts';
import { noNumber } from '../errors/validation.ts';

/** For all queries of an entity together: a step of an app ends. */
const longestMs = 120_000;

/** Undefined: no check asks the source. Throws HYG-2127 where a query does not answer one number in time. */
export async function answersForChecks(
  ports: Pick<EnginePorts, 'clock'>,
  spec: EntitySpec,
  home: Home,
): Promise<SourceAnswers | undefined> {
  const checks = spec.validation?.checks ?? [];
  const asking = checks.filter((check) => check.type === 'sql');
  const asksForFile = checks.some((check) => check.type === 'freshness' && check.column === null);
  if (asking.length === 0 && !asksForFile) return undefined;
  const newestFile = asksForFile ? { newestFile: await fileAge(ports, home) } : {};
  if (asking.length === 0) return newestFile;
  return { ...newestFile, numbers: await numbersOf(ports, { spec, home, asking }) };
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
        throw stop.signal.aborted ? noNumber(spec, check, 'It takes longer than two minutes.') : error;
      });
      if (answer === undefined) throw noNumber(spec, check, `${home.place} takes no queries.`);
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
