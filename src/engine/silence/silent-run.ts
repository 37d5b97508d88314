/** Makes a run without rows end as a warning if similar runs read rows. The rule is in checks/silence.ts. Before the warning, the source is asked once more. */
import { lookedBackMs, mayBeSilent, nearMs, rareMs, rowsBrought, silenceOf, soonMs, weekMs } from '../../checks/silence.ts';
import { HyggeError } from '../../errors/hygge-error.ts';
import { retry } from '../../ports/retry.ts';
import type { JournalRow, StateRow } from '../../ports/state.ts';
import type { Instant } from '../../ports/values.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import type { Plan } from '../contracts/records.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import { probeSource } from './probe.ts';

/** How many journal rows of an entity are read at most. With a run every five minutes, they cover a month. */
const mostRows = 10_000;
/** The longest time from the start to the end of a run, in milliseconds. Runs are compared by their start, but journal rows are requested by the end. */
const longestRunMs = 2 * 60 * 60_000;
const twoWeeksMs = 2 * weekMs;

export interface SilentRunRequest {
  readonly spec: EntitySpec;
  readonly plan: Plan;
  /** The entity's state before the run. */
  readonly state: StateRow | undefined;
}

/** The journal row of a run. It has a warning if the run is silent. The journal is read only if the run read no rows. */
export async function unlessSilent(row: JournalRow, ports: EnginePorts, request: SilentRunRequest): Promise<JournalRow> {
  const { spec, state } = request;
  if (row.lane !== 'live' || rowsBrought(row) > 0 || !mayHaveHistory(row, state)) return row;
  const rule = { zone: spec.timezone, except: spec.expect?.except };
  try {
    const { flow, entity } = spec;
    const startMs = Date.parse(row.started_at);
    for (const weeks of [1, 2]) {
      const at = startMs - weeks * weekMs;
      const [since, before] = [instant(at - nearMs), instant(at + nearMs + longestRunMs)];
      const near = await retry(() => ports.state.journal({ flow, entity, since, before, limit: mostRows }));
      if (!mayBeSilent(row, near, { ...rule, weeks })) continue;
      const lookedBack = instant(startMs - lookedBackMs);
      const all = await retry(() => ports.state.journal({ flow, entity, since: lookedBack, limit: mostRows }));
      const silence = silenceOf(row, all, rule);
      if (silence === null) return row;
      const { last: _last, ...usual } = silence;
      const source = await probeSource(ports, request);
      return { ...row, status: 'warn', notes: [...(row.notes ?? []), { code: 'silent', ...usual, source }] };
    }
    return row;
  } catch (error) {
    // If the journal can’t be read, the run ends as it would without a comparison.
    if (error instanceof HyggeError) return row;
    throw error;
  }
}

/** Whether, by the state alone, the run may be silent, so that it is worth reading the journal. */
function mayHaveHistory({ started_at: startedAt }: JournalRow, state: StateRow | undefined): boolean {
  const settledAt = state?.settled?.at;
  if (settledAt === undefined) return false;
  const since = (at: Instant) => Date.parse(startedAt) - Date.parse(at);
  if (since(settledAt) < soonMs) return false;
  return since(settledAt) <= twoWeeksMs + 2 * nearMs || (state?.last != null && since(state.last.at) > rareMs);
}

const instant = (ms: number): Instant => new Date(ms).toISOString();
