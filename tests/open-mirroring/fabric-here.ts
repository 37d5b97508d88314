import { afterAll, beforeAll } from 'vitest';
import { type Fabric, startFabricHere } from '../support/fabric-replicator/fabric.ts';

/** Fabric for all tests of a file, in whose process hygge runs. */
export function fabricHere(): Fabric {
  let fabric: Fabric | undefined;
  beforeAll(async () => {
    fabric = await startFabricHere();
  });
  afterAll(() => fabric?.[Symbol.asyncDispose]());
  return new Proxy({} as Fabric, { get: (_, name) => Reflect.get(fabric ?? {}, name) as unknown });
}
