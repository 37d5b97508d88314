import type { CodeEntry, Codes } from './codes.ts';
import { configCodes } from './config-codes.ts';
import { connectionCodes } from './connection-codes.ts';
import { defectCodes } from './defect-codes.ts';
import { flowCodes } from './flow-codes.ts';
import { homeCodes } from './home-codes.ts';
import { jsonCodes, jsonStoreCodes } from './json-codes.ts';
import { stateCodes } from './state-codes.ts';
import { storeCodes } from './store-codes.ts';
import { textCodes, textStoreCodes } from './text-codes.ts';
import { usageCodes } from './usage-codes.ts';

export interface CatalogueEntry extends CodeEntry {
  readonly code: string;
  /** The error class that carries it. */
  readonly kind: string;
}

const ranges: readonly { readonly kind: string; readonly codes: Codes }[] = [
  { kind: 'ConfigError', codes: configCodes },
  { kind: 'ConfigError', codes: usageCodes },
  { kind: 'FlowError', codes: flowCodes },
  { kind: 'HomeError', codes: homeCodes },
  { kind: 'HomeError', codes: textCodes },
  { kind: 'HomeError', codes: jsonCodes },
  { kind: 'StoreError', codes: storeCodes },
  { kind: 'StoreError', codes: textStoreCodes },
  { kind: 'StoreError', codes: jsonStoreCodes },
  { kind: 'StateError', codes: stateCodes },
  { kind: 'ConnectionError', codes: connectionCodes },
  { kind: 'DefectError', codes: defectCodes },
];

/** Every code there is, in order of range and number. */
export const catalogue: readonly CatalogueEntry[] = ranges.flatMap(({ kind, codes }) =>
  Object.entries(codes).map(([code, entry]) => ({ code, kind, ...entry })),
);
