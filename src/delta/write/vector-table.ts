/** Whether a table allows deletion vectors, and how to switch them on. */
import type { DeltaMetadata, DeltaProtocol } from '../table.ts';
import { hasFeature, withFeature } from './upgrade.ts';

const feature = 'deletionVectors';
const property = 'delta.enableDeletionVectors';

interface Described {
  readonly protocol: DeltaProtocol;
  readonly metadata: DeltaMetadata;
}

/** New vectors may be written. A table whose property was switched off later keeps the feature for its old vectors. */
export function takesVectors({ protocol, metadata }: Described): boolean {
  return hasFeature(protocol, feature) && metadata.configuration[property] === 'true';
}

/** Its owner has explicitly switched new vectors off. */
export const refusesVectors = ({ metadata }: Pick<Described, 'metadata'>): boolean => metadata.configuration[property] === 'false';

/** The table with the feature and the property. The features that its versions include are listed from now on. */
export function withVectors({ protocol, metadata }: Described): Described {
  return { protocol: withFeature(protocol, feature), metadata: { ...metadata, configuration: enabled(metadata) } };
}

const enabled = ({ configuration }: DeltaMetadata) => ({ ...configuration, [property]: 'true' });
