/**
 * Decides by protocol and properties whether a table can be written. A feature may be listed although the table does not use it: every upgrade lists `appendOnly` and `invariants`.
 *
 * | the table has                                                        | allowed commits |
 * | -------------------------------------------------------------------- | ----------------------------------------------------- |
 * | a writer version above 7, or a writer feature that is not in `known` | none |
 * | CHECK constraints, invariants, generated or identity columns, or defaults of columns | none: hygge would have to compute or test the values |
 * | column mapping of another kind than by name or id, or without the protocol for it | none |
 * | row tracking, an Iceberg compatibility that is switched on           | none |
 * | `delta.appendOnly`                                                   | commits that remove nothing |
 * | a change feed                                                        | merges, which write change files, and commits that rewrite no remaining row |
 */

import type { DeltaField, DeltaMetadata, DeltaProtocol, DeltaType } from '../table.ts';
import { mappingMode } from '../values/schema.ts';

const known: ReadonlySet<string> = new Set([
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
]);

export interface WriteLimits {
  /** The reason why the table can’t be written, for messages: `the feature rowTracking`. Null: writing is possible. */
  readonly never: string | null;
  /** The reason why no commit may remove rows. Null: commits may. */
  readonly appendsOnly: string | null;
}

/** The actions that the protocol and the properties of a table allow a writer. */
export function writeLimits({ protocol, metadata }: { readonly protocol: DeltaProtocol; readonly metadata: DeltaMetadata }): WriteLimits {
  return { never: neverBecause(protocol, metadata), appendsOnly: appendsOnly(metadata) };
}

function neverBecause(protocol: DeltaProtocol, metadata: DeltaMetadata): string | null {
  const { minWriterVersion, writerFeatures } = protocol;
  const { configuration, schema } = metadata;
  if (minWriterVersion > 7) return `the writer version ${minWriterVersion}`;
  const features = minWriterVersion === 7 ? (writerFeatures ?? []) : [];
  const unknown = features.filter((name) => !known.has(name)).sort();
  if (unknown.length > 0) return `the ${unknown.length === 1 ? 'feature' : 'features'} ${unknown.join(', ')}`;
  const mode = configuration['delta.columnMapping.mode'] ?? 'none';
  // Readers follow the protocol. If the protocol has no column mapping, they search files for the names of the table.
  const isKnown = /^(none|name|id)$/.test(mode) && (mode === 'none' || mappingMode({ protocol, metadata }) === mode);
  if (!isKnown) return `column mapping by ${mode}`;
  const check = Object.keys(configuration).find((key) => key.startsWith('delta.constraints.'));
  if (check !== undefined) return `the CHECK constraint ${check.slice('delta.constraints.'.length)}`;
  const iceberg = Object.keys(configuration).find((key) => /^delta\.enableIcebergCompatV\d$/.test(key) && configuration[key] === 'true');
  if (iceberg !== undefined) return `the property ${iceberg}`;
  return ruledColumn(schema.fields, '');
}

const rules: Readonly<Record<string, string>> = {
  'delta.invariants': 'an invariant on column',
  'delta.generationExpression': 'the generated column',
  'delta.identity.start': 'the identity column',
  CURRENT_DEFAULT: 'a default for column',
};

function ruledColumn(fields: readonly DeltaField[], above: string): string | null {
  for (const { name, type, metadata } of fields) {
    const rule = Object.keys(rules).find((key) => metadata[key] !== undefined);
    if (rule !== undefined) return `${rules[rule]} ${above}${name}`;
    const found = ruledType(type, `${above}${name}.`);
    if (found !== null) return found;
  }
  return null;
}

/** @param above the names of the enclosing columns, each followed by a dot. */
function ruledType(type: DeltaType, above: string): string | null {
  if (typeof type === 'string') return null;
  if (type.type === 'struct') return ruledColumn(type.fields, above);
  if (type.type === 'array') return ruledType(type.elementType, `${above}element.`);
  return ruledType(type.keyType, `${above}key.`) ?? ruledType(type.valueType, `${above}value.`);
}

const appendsOnly = ({ configuration }: DeltaMetadata): string | null =>
  configuration['delta.appendOnly'] === 'true' ? 'its property delta.appendOnly' : null;
