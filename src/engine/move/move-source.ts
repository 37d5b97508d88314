/** The slices that read the source: new rows, and the open boundary group again. */

import { addFingerprints, emptyFingerprint, sameFingerprint } from '../../frames/watermark.ts';
import type { Json } from '../../ports/values.ts';
import type { Step } from '../contracts/frame.ts';
import { planCacheKey } from '../contracts/records.ts';
import { keepClaimUntil, renewLease } from '../protocol/claim.ts';
import type { MovedSlice, SliceContext } from './slice-context.ts';
import { SliceReader } from './slice-reader.ts';

const group = { kind: 'group' } as const;

export function readSource(of: SliceContext, cursor: Json | undefined): Promise<MovedSlice> {
  const { plan, request } = of;
  const work = plan.slices[request.slice]?.work;
  if (work === undefined) throw new Error(`the plan has no slice ${request.slice}`);
  return staged(of, new SliceReader({ ...of, work }), cursor);
}

/**
 * H18 without a write: if one slice reads the whole boundary group, it first only looks at the group. If the group is as it settled, the settled
 * group stays, and no part is staged for it. Rows with a null watermark belong to the newest group, so with `nulls: include` the group is always
 * staged.
 */
export async function readGroup(of: SliceContext, cursor: Json | undefined): Promise<Step<MovedSlice>> {
  const { ports, spec, plan, request } = of;
  const isAlone = plan.slices.filter(({ work }) => work.kind === 'group').length === 1;
  if (cursor === undefined && isAlone && plan.boundary !== null && spec.watermark?.nulls !== 'include') {
    const looked = await new SliceReader({ ...of, work: group }).dryRead(request);
    const notBefore = looked.next?.notBefore;
    if (notBefore !== undefined) {
      await renewLease(ports, spec, plan, { idleUntil: notBefore });
      return { again: notComparedCursor, notBefore };
    }
    if (looked.next === null && sameFingerprint(looked.found.group, plan.boundary))
      return { done: { ...looked, found: { ...looked.found, boundary: emptyFingerprint } } };
  }
  const reading = new SliceReader({ ...of, work: group });
  return { done: await staged(of, reading, isNotComparedCursor(cursor) ? undefined : cursor) };
}

/** Whether no part has to be rewritten without the group, because the source has the settled group unchanged, or has lost all its rows. False for a group with rows without a watermark. */
export async function isGroupAsSettled(of: SliceContext): Promise<boolean> {
  const { ports, spec, request } = of;
  const look = () => hasGroupAsSettled(of);
  // Each part that is rewritten needs this answer, so the group is read only once for all of them.
  return ports.sharing?.groups.get(planCacheKey(spec, request.plan), look) ?? look();
}

async function hasGroupAsSettled(of: SliceContext): Promise<boolean> {
  const { spec, plan, request } = of;
  if (plan.boundary === null || spec.watermark?.nulls === 'include') return false;
  let group = emptyFingerprint;
  for (const [at, { slice, work }] of plan.slices.entries()) {
    if (work.kind !== 'group') continue;
    const looked = await new SliceReader({ ...of, slice, work }).dryRead({ ...request, slice: at });
    if (looked.next !== null) return false;
    group = addFingerprints(group, looked.found.group);
  }
  return sameFingerprint(group, plan.boundary) || sameFingerprint(group, emptyFingerprint);
}

async function staged({ ports, spec, plan, request }: SliceContext, reading: SliceReader, cursor: Json | undefined): Promise<MovedSlice> {
  try {
    return await reading.stage(request, cursor);
  } catch (error) {
    throw await keepClaimUntil(ports, spec, { claim: plan, notBefore: reading.moved([]).next?.notBefore, error });
  }
}

/** The cursor that says: the boundary group was too large to compare in one step, so it is staged now, from its beginning. A home never makes such a cursor. */
const notComparedCursor: { readonly hygge: 'stage the boundary group' } = { hygge: 'stage the boundary group' };

export function isNotComparedCursor(cursor: Json | undefined): boolean {
  return JSON.stringify(cursor) === JSON.stringify(notComparedCursor);
}
