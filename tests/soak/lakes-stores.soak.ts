import { afterAll, describe } from 'vitest';
import { storeConformance } from '../support/connector-conformance/store.ts';
import { formats, storeIn } from '../support/lakes/conforming.ts';
import { type FaultyLake, faultyKinds } from '../support/lakes/faulty.ts';

for (const kind of faultyKinds()) {
  describe.skipIf(kind.missing)(`a store in ${kind.name}`, () => {
    let started: Promise<FaultyLake> | undefined;
    const lake = (): Promise<FaultyLake> => {
      started ??= kind.start();
      return started;
    };
    afterAll(async () => {
      await (await started)?.[Symbol.asyncDispose]();
    });
    // What a format does is the same in every lake.
    for (const format of kind.name === 'azure_blob' ? formats : (['parquet'] as const))
      storeConformance(`${kind.name}, ${format}`, async () => storeIn(await lake(), format));
  });
}
