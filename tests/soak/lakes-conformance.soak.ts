import { afterAll, describe } from 'vitest';
import { homeConformance } from '../support/connector-conformance/home.ts';
import { storeConformance } from '../support/connector-conformance/store.ts';
import { formats, homeIn, storeIn } from '../support/lakes/conforming.ts';
import { type FaultyLake, faultyKinds } from '../support/lakes/faulty.ts';

for (const kind of faultyKinds()) {
  describe.skipIf(kind.missing)(`home and store in ${kind.name}`, () => {
    let started: Promise<FaultyLake> | undefined;
    const lake = (): Promise<FaultyLake> => {
      started ??= kind.start();
      return started;
    };
    afterAll(async () => {
      await (await started)?.[Symbol.asyncDispose]();
    });
    // What a format does is the same in every lake.
    for (const format of kind.name === 'azure_blob' ? formats : (['parquet'] as const)) {
      homeConformance(`${kind.name}, ${format}`, async () => homeIn(await lake(), format));
      storeConformance(`${kind.name}, ${format}`, async () => storeIn(await lake(), format));
    }
  });
}
