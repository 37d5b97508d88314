/** Computes the new protocol of a table that gets a feature of readers and writers. */
import type { DeltaProtocol } from '../table.ts';

/** Features that a protocol without lists includes by its versions. */
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

/** The protocol with the new feature and all earlier ones. Features that its versions included are now listed by name. */
export function withFeature(protocol: DeltaProtocol, name: string): DeltaProtocol {
  if (hasFeature(protocol, name)) return protocol;
  const { minReaderVersion, minWriterVersion, readerFeatures, writerFeatures } = protocol;
  const written = byWriterVersion.flatMap(([version, feature]) => (version <= Math.max(2, minWriterVersion) ? [feature] : []));
  const before = minWriterVersion >= 7 ? (writerFeatures ?? []) : written;
  // Reader version 2 means column mapping, so column mapping is added to both lists.
  const mapping = minReaderVersion === 2 ? ['columnMapping'] : [];
  const read = minReaderVersion >= 3 ? (readerFeatures ?? []) : mapping;
  return {
    minReaderVersion: 3,
    minWriterVersion: 7,
    readerFeatures: [...new Set([...read, name])],
    writerFeatures: [...new Set([...before, ...mapping, name])],
  };
}
