import { realClock } from '../../adapters/real-clock.ts';
import { entityArgument } from '../../narrate/text/visible.ts';
import type { Surroundings } from '../terminal/surroundings.ts';
import { driveOneEntity, type OneEntityFlags, openOneEntity } from './one-entity.ts';

/** `hygge compact`: compacts the settled data of one entity. Returns the exit code. */
export async function compact(flags: OneEntityFlags, surroundings: Surroundings): Promise<number> {
  const { workspace, spec } = await openOneEntity(flags, surroundings, realClock());
  const { compact: run, planCompaction: plan } = await import('../../engine/drive/compaction.ts');
  const typed = `hygge compact ${entityArgument(spec.flow, spec.entity)}`;
  return await driveOneEntity({ workspace, spec, typed, plan, run }, flags, surroundings);
}
