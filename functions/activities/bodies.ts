import { activities } from '../run-input.ts';
import type { carryOut } from './activity.ts';

type AnyBody = Parameters<typeof carryOut<never>>[1];

/** Every activity by its name. An activity is loaded when it is called, so that the app starts without native code. */
export const bodies: ReadonlyMap<string, AnyBody> = new Map<string, AnyBody>([
  [activities.planFlow, async () => (await import('./plan-flow.ts')).body],
  [activities.planEntity, async () => (await import('./plan-entity.ts')).body],
  [activities.moveSlice, async () => (await import('./move-slice.ts')).body],
  [activities.recordSlices, async () => (await import('./record-slices.ts')).body],
  [activities.commitEntity, async () => (await import('./commit-entity.ts')).body],
  [activities.abandonEntity, async () => (await import('./abandon-entity.ts')).body],
  [activities.awaitReplication, async () => (await import('./await-replication.ts')).body],
  [activities.replicateApart, async () => (await import('./replicate-apart.ts')).body],
  [activities.verifyEntity, async () => (await import('./verify-entity.ts')).body],
  [activities.look, async () => (await import('./look.ts')).body],
  [activities.closeFlow, async () => (await import('./close-flow.ts')).body],
]);
