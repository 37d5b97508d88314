import * as z from 'zod';
import { Secret } from './secret.ts';

/**
 * A text in a connector's config that must never be seen. Accepts a wrapped secret of the workspace and plain text. The checked config contains a `Secret`
 * in both cases.
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

/** An address that is stored with settled data and shown to people, so it must not contain credentials. */
export const plainAddress = z.url({ protocol: /^https?$/ }).regex(/^[^?#@]*$/, 'an address without ?, # or @');

/** The type of a checked config, by the schemas of its keys. */
export type KeysOf<S extends z.ZodRawShape> = Readonly<z.infer<z.ZodObject<S>>>;
