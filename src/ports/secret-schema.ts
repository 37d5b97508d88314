import * as z from 'zod';
import { Secret } from './secret.ts';

/**
 * A text in a connector's config that must never be seen. Takes what the workspace wrapped already and plain text alike; the config
 * holds a `Secret` from there on.
 */
export function secret(): z.ZodType<Secret, Secret | string> {
  return z
    .union([
      z.instanceof(Secret),
      z
        .string()
        .min(1)
        .transform((text) => new Secret(text)),
    ])
    .meta({ secret: true });
}

/** An address that is kept with what settled and shown to people, so nothing in it may prove who we are. */
export const plainAddress = z.url({ protocol: /^https?$/ }).regex(/^[^?#@]*$/, 'an address without ?, # or @');

/** What a checked config holds, by the schemas of its keys. */
export type KeysOf<S extends z.ZodRawShape> = Readonly<z.infer<z.ZodObject<S>>>;
