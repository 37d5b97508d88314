import { HyggeError } from '../../errors/hygge-error.ts';
import type { ErrorDetails } from '../../ports/events.ts';
import { OutcomeUnknown } from '../../ports/retry.ts';
import type { EntityKey } from '../../ports/values.ts';
import { quoted } from './run.ts';
import { defectDetails, systemDidNotAnswer } from './unexpected.ts';

/** Any error as a person sees it; what is not ours is a defect and says so. @param key what homes and stores call FLOW.ENTITY, who know no names. */
export function detailsOf(error: unknown, key?: EntityKey): ErrorDetails {
  if (error instanceof HyggeError) {
    const { tryThis, ...details } = error.toDetails();
    return { ...details, tryThis: key ? tryThis.map((line) => line.replaceAll('FLOW.ENTITY', quoted(key))) : tryThis };
  }
  if (error instanceof OutcomeUnknown) return systemDidNotAnswer(error.message);
  return defectDetails(error instanceof Error ? error.message : String(error));
}
