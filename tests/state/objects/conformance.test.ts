import { objectsState } from '../../../src/state/objects/state.ts';
import { sharedAzurite } from '../../support/azurite.ts';
import { MemoryFileSystem } from '../../support/memory-filesystem.ts';
import { type ObjectPlace, objectPlace, objectStateAt } from '../../support/object-state.ts';
import { whole } from '../../support/samples.ts';
import { stateConformance } from '../../support/state-conformance.ts';

stateConformance('state in objects in memory', async () => {
  const files = new MemoryFileSystem();
  return { state: objectsState({ files }), another: objectsState({ files }), [Symbol.asyncDispose]: async () => undefined };
});

const azurite = sharedAzurite();
let made: Promise<ObjectPlace> | undefined;
let folders = 0;

// What blobs do otherwise than files in memory is held by the suite of filesystems.
if (whole)
  stateConformance('state in blobs of Azurite', async () => {
    made ??= azurite().then((server) => objectPlace(server));
    const place = { ...(await made), folder: `n${++folders}` };
    const [state, another] = await Promise.all([objectStateAt(place), objectStateAt(place)]);
    return { state, another, [Symbol.asyncDispose]: async () => undefined };
  });
