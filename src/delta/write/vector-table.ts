/** Whether a table takes deletion vectors, and what makes it take them. */
import type { DeltaMetadata, DeltaProtocol } from '../table.ts';

const feature = 'deletionVectors';
const property = 'delta.enableDeletionVectors';

interface Described {
  readonly protocol: DeltaProtocol;
  readonly metadata: DeltaMetadata;
}

/** New vectors may be written. A table whose property was switched off later keeps the feature for its old vectors. */
export function takesVectors({ protocol, metadata }: Described): boolean {
  return hasFeature(protocol) && metadata.configuration[property] === 'true';
}

/** Its owner has switched new vectors off by name. */
export const refusesVectors = ({ metadata }: Pick<Described, 'metadata'>): boolean => metadata.configuration[property] === 'false';

const hasFeature = ({ minReaderVersion, minWriterVersion, readerFeatures, writerFeatures }: DeltaProtocol): boolean =>
  minReaderVersion >= 3 &&
  minWriterVersion >= 7 &&
  readerFeatures?.includes(feature) === true &&
  writerFeatures?.includes(feature) === true;

/** The features that a writer version without a list of features asks for. */
const ofWriterVersion: readonly (readonly [version: number, features: readonly string[]])[] = [
  [2, ['appendOnly', 'invariants']],
  [3, ['checkConstraints']],
  [4, ['changeDataFeed', 'generatedColumns']],
  [5, ['columnMapping']],
  [6, ['identityColumns']],
];

/** The table with the feature and the property. The features that its versions ask for are listed from now on. */
export function withVectors({ protocol, metadata }: Described): Described {
  return { protocol: hasFeature(protocol) ? protocol : listed(protocol), metadata: { ...metadata, configuration: enabled(metadata) } };
}

const enabled = ({ configuration }: DeltaMetadata) => ({ ...configuration, [property]: 'true' });

function listed({ minReaderVersion, minWriterVersion, readerFeatures, writerFeatures }: DeltaProtocol): DeltaProtocol {
  const older =
    minWriterVersion >= 7 ? [] : ofWriterVersion.flatMap(([version, features]) => (version <= minWriterVersion ? features : []));
  const mapping = minReaderVersion === 2 ? ['columnMapping'] : [];
  const named = (features: readonly string[]) => [...new Set([...features, feature])];
  return {
    minReaderVersion: 3,
    minWriterVersion: 7,
    readerFeatures: named([...(readerFeatures ?? []), ...mapping]),
    writerFeatures: named([...(writerFeatures ?? []), ...older, ...mapping]),
  };
}
