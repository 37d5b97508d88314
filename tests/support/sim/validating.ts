import type { ValidationSpec } from '../../../src/engine/contracts/validation.ts';
import type { Rule } from '../../../src/frames/rules/rule.ts';

/** What a config without a word about it says. */
export const validating = (rules: readonly Rule[], more: Partial<ValidationSpec> = {}): ValidationSpec => ({
  contract: null,
  mode: 'quarantine',
  rules,
  checks: [],
  maxQuarantined: null,
  needed: [],
  optional: [],
  keepQuarantinedMs: null,
  samples: 'mask',
  ...more,
});
