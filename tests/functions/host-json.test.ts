import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const host = JSON.parse(readFileSync(join(import.meta.dirname, '../../host.json'), 'utf8'));

test('no line of the log of the engine is sampled away', () => {
  // What a worker writes reaches Application Insights as a trace.
  const { isEnabled, excludedTypes } = host.logging.applicationInsights.samplingSettings;
  expect(isEnabled === false || excludedTypes.split(';').includes('Trace')).toBe(true);
});
