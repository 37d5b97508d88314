/** How the commit of a run writes rows: the mode, the settled key, and what the source takes for one key. */

import { type KeyEqualities, widerEqualities } from '../../frames/key-equality.ts';
import type { Schema } from '../../frames/schema.ts';
import type { SourceDescription } from '../contracts/home.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import type { Writing } from '../contracts/writing.ts';
import { keyNotSettled } from '../errors/writing.ts';
import { keyUse } from './capabilities.ts';
import { isComparison } from './lane.ts';
import type { WriteDecision } from './modes.ts';
import type { SurveyRequest } from './survey.ts';

interface Written {
  readonly decision: WriteDecision;
  readonly description: Pick<SourceDescription, 'keys' | 'keyEqualities'>;
  readonly schema: Schema | null;
  settledName(source: string): string;
}

export function writingFor({ spec, store, lane }: Pick<SurveyRequest, 'spec' | 'store' | 'lane'>, written: Written): Writing {
  const { write: mode, why } = written.decision;
  const sourceKey = keyUse(store, spec) === 'merges' ? (spec.watermark?.key ?? []) : [];
  const key = sourceKey.map((name) => written.settledName(name));
  const missing = written.schema && key.find((name) => !written.schema?.columns.some((column) => column.name === name));
  if (missing != null) throw keyNotSettled(spec, missing);
  // A range may hold earlier rows of keys whose newest row has settled outside of it.
  if (mode === 'merge' && lane !== undefined && !isComparison(lane) && lane.repair?.keepsNewer !== false)
    return { mode, key, why, keepsNewer: true };
  const keyEqualities = mode === 'merge' ? settledEqualities(spec, sourceKey, written) : {};
  return { mode, key, why, ...(Object.keys(keyEqualities).length > 0 ? { keyEqualities } : {}) };
}

/** Only where the source has one row for such a key: by other keys both texts may be rows of it. What a mask makes of two texts has nothing in common. */
function settledEqualities(spec: EntitySpec, key: readonly string[], { description, settledName }: Written): KeyEqualities {
  const { keys = [], keyEqualities = {} } = description;
  if (keys.length === 0 || !keys.every((name) => key.includes(name))) return {};
  const kept = Object.entries(keyEqualities).filter(([name]) => !spec.mask.columns.has(name));
  return widerEqualities(kept.map(([name, equality]) => [settledName(name), equality]));
}
