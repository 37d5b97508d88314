import type * as z from 'zod';
import { type Tree, textOf } from '../yaml/tree.ts';

/** The part of a zod schema's definition that describes nested values. */
interface Inside {
  readonly type: string;
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>;
  readonly innerType?: z.core.$ZodType;
  readonly in?: z.core.$ZodType;
  readonly left?: z.core.$ZodType;
  readonly right?: z.core.$ZodType;
  readonly options?: readonly z.core.$ZodType[];
  /** The key whose value selects one of the options. */
  readonly discriminator?: string;
  readonly values?: readonly unknown[];
  readonly element?: z.core.$ZodType;
  readonly valueType?: z.core.$ZodType;
  readonly getter?: () => z.core.$ZodType;
}

/** The object schemas that a value may have to match: one, or several for a union from which `tree` does not select. */
function objectsIn(schema: z.core.$ZodType, tree?: Tree): readonly Inside[] {
  const inside: Inside = schema._zod.def;
  if (inside.type === 'object' || inside.type === 'array' || inside.type === 'record') return [inside];
  const next = [inside.innerType, inside.in, inside.left, inside.right, inside.getter?.(), ...optionsOf(inside, tree)];
  return next.flatMap((one) => (one === undefined ? [] : objectsIn(one, tree)));
}

function optionsOf({ options = [], discriminator }: Inside, tree: Tree | undefined): readonly z.core.$ZodType[] {
  const chosen = discriminator === undefined ? undefined : textOf(tree, discriminator);
  if (discriminator === undefined || chosen === undefined) return options;
  const meant = options.filter((one) => objectsIn(one).some(({ shape }) => valuesOf(shape?.[discriminator]).includes(chosen)));
  return meant.length === 0 ? options : meant;
}

function valuesOf(literal: z.core.$ZodType | undefined): readonly unknown[] {
  const inside: Inside | undefined = literal?._zod.def;
  return inside?.values ?? [];
}

/** Every key that the schema knows at `path`. With `written`: only the keys that fit the written value. */
export function keysOf(schema: z.core.$ZodType, path: readonly PropertyKey[] = [], written?: Tree): ReadonlySet<string> {
  return new Set(schemasAt(schema, path).flatMap((one) => objectsIn(one, written).flatMap(({ shape }) => Object.keys(shape ?? {}))));
}

/** The schemas of the value at `path`. */
export function schemasAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): readonly z.core.$ZodType[] {
  let here: readonly z.core.$ZodType[] = [schema];
  for (const step of path) {
    here = here
      .flatMap((one) => objectsIn(one))
      .map((inside) => inside.shape?.[String(step)] ?? inside.element ?? inside.valueType)
      .filter((one) => one !== undefined);
  }
  return here;
}
