/** Which rows in quarantine are older than the config allows, and which will soon be. */
import type { Note } from '../../ports/notes.ts';
import { timeOfId } from '../../ports/random.ts';
import { retry } from '../../ports/retry.ts';
import type { Instant } from '../../ports/values.ts';
import type { ExpiredQuarantine, PlanFacts } from '../contracts/records.ts';
import type { QuarantinedPart } from '../contracts/replacing.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import { headIn, type Store, type Supersede, type Target } from '../contracts/store.ts';
import { correctionsIn } from './corrections.ts';

export interface QuarantineAges {
  readonly expired: ExpiredQuarantine | null;
  readonly warnings: readonly Note[];
}

/** What a run has to know about the quarantine. */
export interface QuarantineFound extends QuarantineAges, Pick<PlanFacts, 'corrections'> {}

export const nothingAged: QuarantineFound = { expired: null, warnings: [], corrections: [] };

const weekMs = 7 * 24 * 3_600_000;

/** How long before their removal rows are announced by each run: for a week. If rows are kept for less than two weeks, for the second half of that time. */
const warningMs = (keepMs: number): number => Math.min(weekMs, keepMs / 2);

interface LiveRun {
  readonly spec: EntitySpec;
  readonly store: Store;
  readonly run: { readonly startedAt: Instant };
  /** Present if the run is not live. Only live runs remove old rows from the quarantine. */
  readonly lane?: object;
}

export async function quarantineFound(
  run: LiveRun,
  { decision, target }: { readonly decision: { readonly supersede: Pick<Supersede, 'what'> }; readonly target: Target },
): Promise<QuarantineFound> {
  const ages = await quarantineAges(run, decision.supersede);
  return { ...ages, corrections: await correctionsIn(run.spec, run.store, headIn(target)) };
}

/** Reads only metadata. @param supersede what the run removes. If it removes all of the entity’s rows, the rows in quarantine are removed, too. */
async function quarantineAges({ spec, store, run, lane }: LiveRun, supersede: Pick<Supersede, 'what'>): Promise<QuarantineAges> {
  const keepMs = spec.validation?.keepQuarantinedMs ?? null;
  const { quarantine } = store;
  if (lane !== undefined || keepMs === null || quarantine === undefined || supersede.what === 'all') return nothingAged;
  const now = Date.parse(run.startedAt);
  const aged = (await retry(() => quarantine.parts())).flatMap((part) => {
    const since = setApartAt(part);
    return since === undefined ? [] : [{ part, goesAt: since + keepMs }];
  });
  const [expired, soon] = [
    aged.filter(({ goesAt }) => goesAt <= now),
    aged.filter(({ goesAt }) => goesAt > now && goesAt - now <= warningMs(keepMs)),
  ];
  const rowsOf = (some: typeof aged) => some.reduce((sum, { part }) => sum + part.rows, 0);
  const firstOf = (some: typeof aged) => new Date(Math.min(...some.map(({ goesAt }) => goesAt))).toISOString();
  const { flow, entity } = spec;
  return {
    expired: expired.length === 0 ? null : { parts: expired.map(({ part }) => part.slice), rows: rowsOf(expired), at: firstOf(expired) },
    warnings: soon.length === 0 ? [] : [{ code: 'quarantine_expires', flow, entity, rows: rowsOf(soon), at: firstOf(soon) }],
  };
}

/** When the newest rows of a part were set apart, in milliseconds since 1970. Undefined: an older hygge set the rows apart and did not note the time. */
function setApartAt({ runs }: QuarantinedPart): number | undefined {
  const times = runs.map(timeOfId);
  if (times.length === 0 || times.includes(undefined)) return undefined;
  return Math.max(...times.filter((time) => time !== undefined));
}
