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
import { deltaHomeCodes } from './delta/home.ts';
import { deltaLogCodes } from './delta/log.ts';
import { deltaStoreCodes } from './delta/store.ts';
import { deltaValueCodes } from './delta/values.ts';
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
  /** The class of errors that have the code. */
  readonly kind: string;
}

/** The codes of each class of errors, by the name of the class. */
const codesOf: Readonly<Record<string, readonly Codes[]>> = {
  ConfigError: [
    configCodes,
    stateAccountCodes,
    facedConfigCodes,
    databaseConfigCodes,
    infraConfigCodes,
    usageCodes,
    backfillUsageCodes,
    verifyUsageCodes,
    versionConfigCodes,
    packConfigCodes,
    docsCodes,
    appConfigCodes,
    copyCodes,
  ],
  FlowError: [flowCodes, backfillCodes, validationCodes, verifyCodes, watermarkCodes, versionFlowCodes, appFlowCodes],
  HomeError: [
    homeCodes,
    textCodes,
    jsonCodes,
    databaseHomeCodes,
    apiCodes,
    salesforceCodes,
    deltaLogCodes,
    deltaValueCodes,
    deltaHomeCodes,
    deltaStoreCodes,
  ],
  StoreError: [storeCodes, textStoreCodes, jsonStoreCodes, databaseStoreCodes],
  StateError: [stateCodes, versionStateCodes],
  ConnectionError: [lakeCodes, connectionCodes, databaseConnectionCodes, versionConnectionCodes, packConnectionCodes, appConnectionCodes],
  DefectError: [defectCodes, packDefectCodes, appDefectCodes],
};

/** All existing codes, sorted by range and number. */
export const catalogue: readonly CatalogueEntry[] = Object.entries(codesOf).flatMap(([kind, tables]) =>
  tables.flatMap((codes) => Object.entries(codes).map(([code, entry]) => ({ code, kind, ...entry }))),
);
