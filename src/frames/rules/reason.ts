import type { Rule } from './rule.ts';

/** Says in a clause why a row breaks the rule. The clause may contain values of the rule, but never values of the row. */
export function reasonOf(rule: Rule): string {
  const { column } = rule;
  switch (rule.what) {
    case 'not null':
      return `${column} is null`;
    case 'there':
      return `${column} is not there`;
    case 'one of':
      return rule.texts.length <= 5 ? `${column} is none of ${rule.texts.join(', ')}` : `${column} is none of ${rule.texts.length} values`;
    case 'none of':
      return rule.texts.length <= 5
        ? `${column} is one of ${[...rule.texts.map((text) => (text === '' ? "''" : text)), ...(rule.orNull === true ? ['null'] : [])].join(', ')}`
        : `${column} is one of ${rule.texts.length} values that it must not be`;
    case 'between':
      return `${column} is ${outside(rule)}`;
    case 'length':
      return `the length of ${column} is ${outside(rule)}`;
    case 'matches':
      return `${column} does not match ${rule.written ?? rule.pattern}`;
    case 'format':
      return `${column} is not a valid ${rule.format}`;
    case 'holds':
      return `not true: ${rule.check}${rule.when === null ? '' : `, where ${rule.when}`}`;
  }
}

/** Says why a row breaks a rule of unique keys: another row of the run has the same key. */
export const sameKeyReason = (columns: readonly string[]): string => `another row of the run has the same ${columns.join(', ')}`;

interface Ends {
  readonly min: string | number | null;
  readonly max: string | number | null;
  readonly excludesMin?: true;
  readonly excludesMax?: true;
}

function outside({ min, max, excludesMin, excludesMax }: Ends): string {
  const below = excludesMin === true ? 'not above' : 'below';
  const above = excludesMax === true ? 'not below' : 'above';
  return [...(min === null ? [] : [`${below} ${min}`]), ...(max === null ? [] : [`${above} ${max}`])].join(' or ');
}
