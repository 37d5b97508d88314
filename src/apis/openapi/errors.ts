/** Errors in a description of an API. */
import { apiCodes } from '../../errors/codes/apis.ts';
import { ConfigError } from '../../errors/hygge-error.ts';

/** @param name the name of the description, for people. */
export function noDescription(name: string, why: string): ConfigError {
  return new ConfigError({
    code: 'HYG-3695',
    what: `${name} is not a description of an API that hygge reads.`,
    why: [why],
    tryThis: apiCodes['HYG-3695'].tryThis,
  });
}

/** @param why the reasons for which lists were left out. */
export function noLists(name: string, why: readonly string[]): ConfigError {
  return new ConfigError({
    code: 'HYG-3696',
    what: `${name} describes no list that an entity could read.`,
    why,
    tryThis: apiCodes['HYG-3696'].tryThis,
  });
}
