/** Which protocol a table needs for what it does, as Spark and older writers state it. */
import type { Protocol } from './log.ts';

export type Feature =
  | 'deletionVectors'
  | 'columnMapping'
  | 'v2Checkpoint'
  | 'timestampNtz'
  | 'typeWidening'
  | 'vacuumProtocolCheck'
  | 'changeDataFeed'
  | 'inCommitTimestamp'
  | 'domainMetadata'
  | 'appendOnly'
  | 'invariants';

const ofReaders: readonly Feature[] = ['deletionVectors', 'v2Checkpoint', 'timestampNtz', 'typeWidening', 'vacuumProtocolCheck'];
const newForWriters: readonly Feature[] = ['inCommitTimestamp', 'domainMetadata'];

/** @param listed whether a table that older numbers would do for lists its features for writers all the same, as Spark does now. */
export function protocolFor(features: ReadonlySet<Feature>, listed: boolean): Protocol {
  const writerFeatures = [...features, ...(listed ? (['appendOnly', 'invariants'] as const) : [])];
  const writers = [...new Set(writerFeatures)];
  const mapped = features.has('columnMapping');
  if (ofReaders.some((feature) => features.has(feature))) {
    const readerFeatures = [...features].filter((feature) => ofReaders.includes(feature) || feature === 'columnMapping');
    return { minReaderVersion: 3, minWriterVersion: 7, readerFeatures, writerFeatures: writers };
  }
  if (listed || newForWriters.some((feature) => features.has(feature)))
    return { minReaderVersion: mapped ? 2 : 1, minWriterVersion: 7, writerFeatures: writers };
  if (mapped) return { minReaderVersion: 2, minWriterVersion: 5 };
  return { minReaderVersion: 1, minWriterVersion: features.has('changeDataFeed') ? 4 : 2 };
}
