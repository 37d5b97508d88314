/** Whether a table allows deletion vectors, and how to switch them on. */
import type { DeltaMetadata, DeltaProtocol } from '../table.ts';
import { hasFeature, withFeature } from './upgrade.ts';

const feature = 'deletionVectors';
const property = 'delta.enableDeletionVectors';

interface Described {
  readonly protocol: DeltaProtocol;
  readonly metadata: DeltaMetadata;
}

/** Whether new vectors may be written. If the table’s property was switched off later, the feature remains only for old vectors. */
export function takesVectors({ protocol, metadata }: Described): boolean {
  return hasFeature(protocol, feature) && metadata.configuration[property] === 'true';
}

/** Whether the owner of the table has explicitly switched off new vectors. */
export const refusesVectors = ({ metadata }: Pick<Described, 'metadata'>): boolean => metadata.configuration[property] === 'false';

/** The table with the feature and the property for vectors. Features that the protocol’s versions included are now listed by name. */
export function withVectors({ protocol, metadata }: Described): Described {
  return { protocol: withFeature(protocol, feature), metadata: { ...metadata, configuration: enabled(metadata) } };
}

const enabled = ({ configuration }: DeltaMetadata) => ({ ...configuration, [property]: 'true' });
