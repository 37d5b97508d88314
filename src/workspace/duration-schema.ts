import * as z from 'zod';
import { durationMs } from './durations.ts';

/** A duration as it is written in the config, in milliseconds. */
export function duration(meaning: string, byDefault?: string) {
  return z
    .string()
    .refine((written) => durationMs(written) !== undefined, { error: 'a duration such as `90s`, `5m`, `1h30m` or `2d`' })
    .meta({ examples: ['90s', '5m', '2d'], ...(byDefault === undefined ? {} : { default: byDefault }) })
    .transform((written) => durationMs(written) ?? 0)
    .describe(meaning);
}
