/** Publishes the journal once a run as an ordinary entity: by the same steps, so exactly once, even if other runs publish at the same time. */
import { retry } from '../../ports/retry.ts';
import { Semaphore } from '../../ports/semaphore.ts';
import type { EntityKey } from '../../ports/values.ts';
import type { Step } from '../contracts/frame.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import { runEntity } from '../entity/entity-run.ts';
import { instantAfter } from '../protocol/claim.ts';
import type { CloseRequest } from './close.ts';

/** Two flows that end at the same time publish one after the other: so long is waited, so often. */
const waitMs = 5_000;
const waitsAtMost = 24;

export interface MirrorResult {
  /** What is in the way; null: it is published. */
  readonly problem: { readonly code: string; readonly message: string } | null;
}

/**
 * Its own run is in the journal like any other, but its home leaves it out: or every publication would make the next one necessary. It is no
 * run of a flow, so no closeFlow comes after it.
 */
export async function publishJournal(
  request: CloseRequest,
  ports: EnginePorts,
  { mirror, waited }: { readonly mirror: EntityKey; readonly waited: number },
): Promise<Step<MirrorResult>> {
  const { invocationId, runId, workspace } = request;
  const spec = ports.entity(mirror.flow, mirror.entity);
  // Entities of the flow are counted from 1 on.
  const ids = { invocationId, runId, entityRunId: `${runId}.0`, flow: spec.flow, entity: spec.entity };
  const how = { runType: null, wait: false, takeOver: false, sliceSlots: new Semaphore(1), signal: new AbortController().signal };
  const ended = await runEntity({ ids, spec, workspace, ...how }, { ...ports, emit: () => undefined });
  if (ended.error?.code === 'HYG-2001' && waited < waitsAtMost) return { again: waited + 1, notBefore: instantAfter(ports, waitMs) };
  if (ended.status === 'error' || ended.reason !== undefined)
    return {
      done: {
        problem: {
          code: ended.error?.code ?? 'HYG-9001',
          message: ports.words.note({ code: 'journal_unpublished', what: ended.error?.what ?? ended.message ?? '' }),
        },
      },
    };
  const store = await ports.store(spec);
  await retry(() => store.prune(instantAfter(ports, -spec.keepMs)));
  return { done: { problem: null } };
}
