/** What a protocol becomes when a table gets a feature of readers and writers. */
import type { DeltaProtocol } from '../table.ts';

/** Features that a protocol without lists means by its versions. */
const byWriterVersion = [
  [2, 'appendOnly'],
  [2, 'invariants'],
  [3, 'checkConstraints'],
  [4, 'changeDataFeed'],
  [4, 'generatedColumns'],
  [5, 'columnMapping'],
  [6, 'identityColumns'],
] as const;

/** Whether the protocol lists a feature of readers and writers. */
export function hasFeature({ minReaderVersion, minWriterVersion, readerFeatures, writerFeatures }: DeltaProtocol, name: string): boolean {
  return (
    minReaderVersion >= 3 && minWriterVersion >= 7 && readerFeatures?.includes(name) === true && writerFeatures?.includes(name) === true
  );
}

/** The protocol with the feature, and with all features that it had, those of its versions by name. */
export function withFeature(protocol: DeltaProtocol, name: string): DeltaProtocol {
  if (hasFeature(protocol, name)) return protocol;
  const { minReaderVersion, minWriterVersion, readerFeatures, writerFeatures } = protocol;
  const written = byWriterVersion.flatMap(([version, feature]) => (version <= Math.max(2, minWriterVersion) ? [feature] : []));
  const before = minWriterVersion >= 7 ? (writerFeatures ?? []) : written;
  // A reader version of 2 means column mapping, which the list of writers then has as well.
  const mapping = minReaderVersion === 2 ? ['columnMapping'] : [];
  const read = minReaderVersion >= 3 ? (readerFeatures ?? []) : mapping;
  return {
    minReaderVersion: 3,
    minWriterVersion: 7,
    readerFeatures: [...new Set([...read, name])],
    writerFeatures: [...new Set([...before, ...mapping, name])],
  };
}
