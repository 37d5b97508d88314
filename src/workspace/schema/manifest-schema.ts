import * as z from 'zod';
import type { Connector } from '../../engine/contracts/connector.ts';
import { entitySettings } from './schema.ts';

/** The keys of a manifest that may hold variables. The values are defaults for keys that a connection or a home does not set. */
export const signInKeys = ['base_url', 'auth'] as const;

type Shape = Readonly<Record<string, z.ZodType>>;

/** The keys of a home of the connector; undefined: manifests can’t describe systems of the connector. */
export function shapeOf({ home, manifests }: Connector): Shape | undefined {
  return manifests && home?.config instanceof z.ZodObject ? home.config.shape : undefined;
}

const text = z.string().min(1);
export const isSignInKey = (key: string) => signInKeys.some((one) => one === key);

/** The schema of manifests for systems of the connector; undefined: manifests can’t describe systems of the connector. */
export function manifestSchema(connector: Connector) {
  const shape = shapeOf(connector);
  if (shape === undefined) return undefined;
  const keys = Object.fromEntries(Object.entries(shape).filter(([key]) => !isSignInKey(key)));
  const some = partsOf({ ...keys, watermark: entitySettings.watermark });
  const entity = z.strictObject({ summary: text.describe('What the list contains, in a few words.').optional(), ...some });
  return z.strictObject({
    type: z.literal(connector.id).describe('The connector that reads the API.'),
    system: text.describe('The name of the system.'),
    summary: text.optional().describe('What the system is, for `hygge list connectors`.'),
    verified_against: text.optional().describe('The system that the manifest was tested against, for `hygge list connectors`.'),
    ...z.object(Object.fromEntries(Object.entries(shape).filter(([key]) => isSignInKey(key)))).partial().shape,
    defaults: z.strictObject(some).optional().describe('Keys of the home of each entity, and `watermark`.'),
    entities: z.record(text, entity).describe('For each entity, by its name: the keys of its home, and its `watermark`.'),
  });
}

/** Any part of these keys. `defaults` give the other keys, and null removes a default. */
function partsOf(shape: Shape): Record<string, z.ZodType> {
  return Object.fromEntries(
    Object.entries(shape).map(([key, schema]) => {
      const inner = bare(schema);
      const part = inner instanceof z.ZodObject ? z.strictObject(partsOf(inner.shape)).describe(schema.description ?? '') : schema;
      return [key, part.nullable().optional()];
    }),
  );
}

/** The description without its part about an absent key. */
function bare(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodUnion) {
    const some = (schema.options as z.ZodType[]).filter((option) => !(option instanceof z.ZodNull));
    return some.length === 1 && some[0] ? bare(some[0]) : schema;
  }
  const isMaybe = schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodNullable;
  return isMaybe ? bare(schema.unwrap() as z.ZodType) : schema;
}
