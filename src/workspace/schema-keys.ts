import type { z } from 'zod';

/** The part of a zod schema's definition that says what is inside. */
interface Inside {
  readonly type: string;
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>;
  readonly innerType?: z.core.$ZodType;
  readonly in?: z.core.$ZodType;
  readonly left?: z.core.$ZodType;
  readonly right?: z.core.$ZodType;
  readonly options?: readonly z.core.$ZodType[];
  readonly element?: z.core.$ZodType;
  readonly valueType?: z.core.$ZodType;
  readonly getter?: () => z.core.$ZodType;
}

/** The schemas of objects that a value may have to follow: one, or several for a union. */
function objectsIn(schema: z.core.$ZodType): readonly Inside[] {
  const inside: Inside = schema._zod.def;
  if (inside.type === 'object' || inside.type === 'array' || inside.type === 'record') return [inside];
  const next = [inside.innerType, inside.in, inside.left, inside.right, inside.getter?.(), ...(inside.options ?? [])];
  return next.flatMap((one) => (one === undefined ? [] : objectsIn(one)));
}

/** Every key that the schema has a meaning for, at `path` below it. */
export function keysOf(schema: z.core.$ZodType, path: readonly PropertyKey[] = []): ReadonlySet<string> {
  return new Set(schemasAt(schema, path).flatMap((one) => objectsIn(one).flatMap(({ shape }) => Object.keys(shape ?? {}))));
}

/** The schemas of what is at `path`. */
export function schemasAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): readonly z.core.$ZodType[] {
  let here: readonly z.core.$ZodType[] = [schema];
  for (const step of path) {
    here = here
      .flatMap(objectsIn)
      .map((inside) => inside.shape?.[String(step)] ?? inside.element ?? inside.valueType)
      .filter((one) => one !== undefined);
  }
  return here;
}
