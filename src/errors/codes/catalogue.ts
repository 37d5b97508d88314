import { apiCodes } from './apis.ts';
import {
  appConfigCodes,
  appConnectionCodes,
  appDefectCodes,
  appFlowCodes,
  defectCodes,
  packConfigCodes,
  packConnectionCodes,
  packDefectCodes,
  versionConfigCodes,
  versionConnectionCodes,
  versionFlowCodes,
  versionStateCodes,
} from './app.ts';
import { configCodes, facedConfigCodes } from './config.ts';
import { connectionCodes, databaseConnectionCodes, lakeCodes, stateAccountCodes } from './connection.ts';
import { copyCodes } from './copy.ts';
import { databaseConfigCodes, databaseHomeCodes, databaseStoreCodes } from './database.ts';
import type { CodeEntry, Codes } from './entry.ts';
import { flowCodes } from './flow.ts';
import { homeCodes } from './home.ts';
import { infraConfigCodes } from './infra.ts';
import { salesforceCodes } from './salesforce.ts';
import { stateCodes } from './state.ts';
import { storeCodes } from './store.ts';
import { jsonCodes, jsonStoreCodes, textCodes, textStoreCodes } from './text.ts';
import { docsCodes, usageCodes } from './usage.ts';
import { validationCodes } from './validation.ts';
import { verifyCodes, verifyUsageCodes } from './verify.ts';
import { backfillCodes, backfillUsageCodes, watermarkCodes } from './watermark.ts';

export interface CatalogueEntry extends CodeEntry {
  readonly code: string;
  /** The error class that carries it. */
  readonly kind: string;
}

const ranges: readonly { readonly kind: string; readonly codes: Codes }[] = [
  { kind: 'ConfigError', codes: configCodes },
  { kind: 'ConfigError', codes: stateAccountCodes },
  { kind: 'ConfigError', codes: facedConfigCodes },
  { kind: 'ConfigError', codes: databaseConfigCodes },
  { kind: 'ConfigError', codes: infraConfigCodes },
  { kind: 'ConfigError', codes: usageCodes },
  { kind: 'ConfigError', codes: backfillUsageCodes },
  { kind: 'ConfigError', codes: verifyUsageCodes },
  { kind: 'ConfigError', codes: versionConfigCodes },
  { kind: 'ConfigError', codes: packConfigCodes },
  { kind: 'ConfigError', codes: docsCodes },
  { kind: 'ConfigError', codes: appConfigCodes },
  { kind: 'ConfigError', codes: copyCodes },
  { kind: 'FlowError', codes: flowCodes },
  { kind: 'FlowError', codes: backfillCodes },
  { kind: 'FlowError', codes: validationCodes },
  { kind: 'FlowError', codes: verifyCodes },
  { kind: 'FlowError', codes: watermarkCodes },
  { kind: 'FlowError', codes: versionFlowCodes },
  { kind: 'FlowError', codes: appFlowCodes },
  { kind: 'HomeError', codes: homeCodes },
  { kind: 'HomeError', codes: textCodes },
  { kind: 'HomeError', codes: jsonCodes },
  { kind: 'HomeError', codes: databaseHomeCodes },
  { kind: 'HomeError', codes: apiCodes },
  { kind: 'HomeError', codes: salesforceCodes },
  { kind: 'StoreError', codes: storeCodes },

  { kind: 'StoreError', codes: textStoreCodes },
  { kind: 'StoreError', codes: jsonStoreCodes },
  { kind: 'StoreError', codes: databaseStoreCodes },
  { kind: 'StateError', codes: stateCodes },
  { kind: 'StateError', codes: versionStateCodes },
  { kind: 'ConnectionError', codes: lakeCodes },
  { kind: 'ConnectionError', codes: connectionCodes },
  { kind: 'ConnectionError', codes: databaseConnectionCodes },
  { kind: 'ConnectionError', codes: versionConnectionCodes },
  { kind: 'ConnectionError', codes: packConnectionCodes },
  { kind: 'ConnectionError', codes: appConnectionCodes },
  { kind: 'DefectError', codes: defectCodes },
  { kind: 'DefectError', codes: packDefectCodes },
  { kind: 'DefectError', codes: appDefectCodes },
];

/** Every code there is, in order of range and number. */
export const catalogue: readonly CatalogueEntry[] = ranges.flatMap(({ kind, codes }) =>
  Object.entries(codes).map(([code, entry]) => ({ code, kind, ...entry })),
);
