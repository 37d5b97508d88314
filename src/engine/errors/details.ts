import { HyggeError } from '../../errors/hygge-error.ts';
import type { ErrorDetails } from '../../ports/events.ts';
import { OutcomeUnknown } from '../../ports/retry.ts';
import type { EntityKey } from '../../ports/values.ts';
import { quoted } from './run.ts';
import { defectDetails, systemDidNotAnswer } from './unexpected.ts';

/** An error of a home or a store. These know no names and write FLOW.ENTITY. */
export function namingEntity(error: HyggeError, key: EntityKey): HyggeError {
  return error.advising(error.tryThis.map((line) => line.replaceAll('FLOW.ENTITY', quoted(key))));
}

/** Any error as a person sees it; an error that hygge did not make is reported as a defect. @param key the entity that homes and stores call FLOW.ENTITY, since they know no names. */
export function detailsOf(error: unknown, key?: EntityKey): ErrorDetails {
  if (error instanceof HyggeError) {
    return (key ? namingEntity(error, key) : error).toDetails();
  }
  if (error instanceof OutcomeUnknown) return systemDidNotAnswer(error.message);
  return defectDetails(error instanceof Error ? error.message : String(error));
}
