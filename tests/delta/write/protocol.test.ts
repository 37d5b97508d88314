import { describe, expect, test } from 'vitest';
import type { DeltaField, DeltaProtocol, DeltaType } from '../../../src/delta/table.ts';
import { writeLimits } from '../../../src/delta/write/protocol.ts';

const field = (name: string, metadata: DeltaField['metadata'] = {}, type: DeltaType = 'long'): DeltaField => ({
  name,
  type,
  nullable: true,
  metadata,
});
const older: DeltaProtocol = { minReaderVersion: 1, minWriterVersion: 2, readerFeatures: null, writerFeatures: null };
const listing = (...writerFeatures: readonly string[]): DeltaProtocol => ({
  minReaderVersion: 3,
  minWriterVersion: 7,
  readerFeatures: [],
  writerFeatures,
});

function limits(
  protocol: DeltaProtocol,
  configuration: Readonly<Record<string, string>> = {},
  fields: readonly DeltaField[] = [field('id')],
) {
  const schema = { type: 'struct', fields } as const;
  return writeLimits({ protocol, metadata: { id: 'x', name: null, description: null, schema, partitionColumns: [], configuration } });
}
const free = { never: null, appendsOnly: null };

describe('a table that can be written', () => {
  test.each([1, 2, 3, 4, 5, 6])('has the writer version %i and none of its rules in use', (minWriterVersion) => {
    expect(limits({ ...older, minWriterVersion })).toEqual(free);
  });

  test.each([
    'appendOnly',
    'invariants',
    'checkConstraints',
    'generatedColumns',
    'allowColumnDefaults',
    'changeDataFeed',
    'identityColumns',
    'deletionVectors',
    'timestampNtz',
    'typeWidening',
    'typeWidening-preview',
    'v2Checkpoint',
    'vacuumProtocolCheck',
    'domainMetadata',
    'clustering',
    'inCommitTimestamp',
    'columnMapping',
    'icebergCompatV1',
    'icebergCompatV2',
    'checkpointProtection',
  ])('lists %s and does not use it', (feature) => {
    expect(limits(listing(feature))).toEqual(free);
  });

  test('has properties that are switched off', () => {
    const off = {
      'delta.appendOnly': 'false',
      'delta.enableChangeDataFeed': 'false',
      'delta.enableIcebergCompatV2': 'false',
      'delta.columnMapping.mode': 'none',
    };
    expect(limits(listing('appendOnly'), off)).toEqual(free);
  });

  test.each(['name', 'id'])('maps its columns by %s', (mode) => {
    const properties = { 'delta.columnMapping.mode': mode };
    expect(limits({ ...older, minReaderVersion: 2, minWriterVersion: 5 }, properties)).toEqual(free);
    expect(limits({ ...listing('columnMapping'), readerFeatures: ['columnMapping'] }, properties)).toEqual(free);
  });

  test('has features of writers that its version does not make count', () => {
    expect(limits({ ...older, writerFeatures: ['unheardOf'] })).toEqual(free);
  });
});

describe('a table that is refused', () => {
  test.each<readonly [DeltaProtocol, Readonly<Record<string, string>>, readonly DeltaField[], string]>([
    [{ ...older, minWriterVersion: 8 }, {}, [], 'the writer version 8'],
    [listing('rowTracking'), {}, [], 'the feature rowTracking'],
    [listing('zeta', 'appendOnly', 'alpha'), {}, [], 'the features alpha, zeta'],
    [older, { 'delta.columnMapping.mode': 'name' }, [], 'column mapping by name'],
    [older, { 'delta.columnMapping.mode': 'id' }, [], 'column mapping by id'],
    [{ ...older, minReaderVersion: 2, minWriterVersion: 5 }, { 'delta.columnMapping.mode': 'place' }, [], 'column mapping by place'],
    [older, { 'delta.constraints.positive': 'id > 0' }, [], 'the CHECK constraint positive'],
    [older, { 'delta.enableIcebergCompatV1': 'true' }, [], 'the property delta.enableIcebergCompatV1'],
    [older, { 'delta.enableIcebergCompatV2': 'true' }, [], 'the property delta.enableIcebergCompatV2'],
    [older, {}, [field('n', { 'delta.invariants': '{}' })], 'an invariant on column n'],
    [older, {}, [field('g', { 'delta.generationExpression': 'id' })], 'the generated column g'],
    [older, {}, [field('i', { 'delta.identity.start': 1 })], 'the identity column i'],
    [older, {}, [field('d', { CURRENT_DEFAULT: '1' })], 'a default for column d'],
    [older, {}, [field('a', {}, { type: 'struct', fields: [field('b', { 'delta.invariants': '{}' })] })], 'an invariant on column a.b'],
  ])('%o %o %o', (protocol, configuration, fields, never) => {
    expect(limits(protocol, configuration, fields).never).toBe(never);
  });

  test.each<readonly [string, DeltaType]>([
    ['element', { type: 'array', elementType: { type: 'struct', fields: [field('b', { 'delta.invariants': '{}' })] }, containsNull: true }],
    [
      'value',
      {
        type: 'map',
        keyType: 'long',
        valueType: { type: 'struct', fields: [field('b', { 'delta.invariants': '{}' })] },
        valueContainsNull: true,
      },
    ],
  ])('has a rule on a column inside of a %s', (inside, type) => {
    expect(limits(older, {}, [field('a', {}, type)]).never).toBe(`an invariant on column a.${inside}.b`);
  });
});

describe('a table that takes new rows alone', () => {
  test('says by which property', () => {
    expect(limits(older, { 'delta.appendOnly': 'true' })).toEqual({ never: null, appendsOnly: 'its property delta.appendOnly' });
    expect(limits(older, { 'delta.enableChangeDataFeed': 'true' })).toEqual(free);
  });
});
