import { type CatalogueEntry, catalogue } from '../catalogue.ts';
import { appExplained, defectExplained, packExplained, versionExplained } from './app.ts';
import { configExplained, facedExplained, usageExplained } from './config.ts';
import { connectionExplained, databaseConnectionExplained, lakeExplained, stateAccountExplained } from './connection.ts';
import { copyExplained } from './copy.ts';
import type { Explanation } from './explained.ts';
import { flowExplained } from './flow.ts';
import { databaseHomeExplained, homeExplained } from './home.ts';
import { infraExplained } from './infra.ts';
import { plansExplained } from './plans.ts';
import { stateExplained } from './state.ts';
import { databaseStoreExplained, storeExplained } from './store.ts';
import { jsonExplained, textExplained } from './text.ts';
import { backfillExplained, watermarkExplained } from './watermark.ts';

const explanations: Readonly<Record<string, Explanation | undefined>> = {
  ...configExplained,
  ...facedExplained,
  ...infraExplained,
  ...databaseConnectionExplained,
  ...databaseHomeExplained,
  ...databaseStoreExplained,
  ...plansExplained,
  ...usageExplained,
  ...versionExplained,
  ...packExplained,
  ...copyExplained,
  ...flowExplained,
  ...backfillExplained,
  ...watermarkExplained,
  ...homeExplained,
  ...textExplained,
  ...jsonExplained,
  ...storeExplained,
  ...stateExplained,
  ...lakeExplained,
  ...stateAccountExplained,
  ...connectionExplained,
  ...defectExplained,
  ...appExplained,
};

/** A code with all there is to say about it. */
export type ExplainedEntry = CatalogueEntry & Partial<Explanation>;

/** Every code, in order of range and number. */
export const explainedCatalogue: readonly ExplainedEntry[] = catalogue.map((entry) => ({ ...entry, ...explanations[entry.code] }));

/** The entry of a code as a person types it: `HYG-2041`, `hyg-2041`, `2041`. Undefined when there is none. */
export function entryOf(typed: string): ExplainedEntry | undefined {
  const number = /^(?:hyg-?)?(\d{4})$/i.exec(typed.trim())?.[1];
  return explainedCatalogue.find(({ code }) => code === `HYG-${number}`);
}

/** Codes whose number begins alike, for somebody who mistyped one. */
export function codesNear(typed: string): readonly string[] {
  const digits = typed.replace(/\D/g, '');
  const near = catalogue.filter(({ code }) => digits.length >= 2 && code.startsWith(`HYG-${digits.slice(0, 2)}`));
  return near.map(({ code }) => code);
}
