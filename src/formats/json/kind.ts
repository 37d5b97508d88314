import type { FormatKind } from '../contract/format.ts';
import { jsonHomeKeys, jsonStoreKeys, ndjsonHomeKeys } from './options.ts';

export const ndjsonKind: FormatKind = {
  id: 'ndjson',
  extensions: ['ndjson', 'jsonl'],
  homeKeys: ndjsonHomeKeys,
  storeKeys: jsonStoreKeys,
  open: async (options) => (await import('./json.ts')).jsonFormat('ndjson', options),
};

export const jsonKind: FormatKind = {
  id: 'json',
  extensions: ['json'],
  homeKeys: jsonHomeKeys,
  storeKeys: jsonStoreKeys,
  open: async (options) => (await import('./json.ts')).jsonFormat('json', options),
};
