import { HyggeError } from '../../errors/hygge-error.ts';
import type { ErrorDetails } from '../../ports/events.ts';
import { OutcomeUnknown } from '../../ports/retry.ts';
import type { EntityKey } from '../../ports/values.ts';
import { quoted } from './run.ts';
import { defectDetails, systemDidNotAnswer } from './unexpected.ts';

/** The error of a home or a store with the entity’s name. Homes and stores do not know the name, so they write FLOW.ENTITY. */
export function namingEntity(error: HyggeError, key: EntityKey): HyggeError {
  return error.advising(error.tryThis.map((line) => line.replaceAll('FLOW.ENTITY', quoted(key))));
}

/** Any error as a person sees it. An error that hygge did not make is reported as a defect. @param key the entity whose name replaces FLOW.ENTITY in errors of homes and stores. */
export function detailsOf(error: unknown, key?: EntityKey): ErrorDetails {
  if (error instanceof HyggeError) {
    return (key ? namingEntity(error, key) : error).toDetails();
  }
  if (error instanceof OutcomeUnknown) return systemDidNotAnswer(error.message);
  return defectDetails(error instanceof Error ? error.message : String(error));
}
