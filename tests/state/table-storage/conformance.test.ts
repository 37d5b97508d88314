import { sharedAzurite } from '../../support/azurite.ts';
import { stateConformance } from '../../support/state-conformance.ts';
import { placeOfItsOwn, tableStateAt } from '../../support/table-state.ts';

const azurite = sharedAzurite();

stateConformance('state in Table Storage', async () => {
  const { connectionString } = await azurite();
  const place = { connectionString, ...placeOfItsOwn() };
  return { state: await tableStateAt(place), another: await tableStateAt(place), [Symbol.asyncDispose]: async () => undefined };
});
