/** A window as YAML that can be pasted: all keys that the config has, and what an advice changes. */
import { valueAsYaml } from '../../errors/as-yaml.ts';
import type { WindowParams } from '../lists/config.ts';

const keyOrder = [
  'param',
  'from',
  'to',
  'join',
  'open',
  'format',
  'zone',
  'filters',
  'cap',
  'slice',
] as const satisfies readonly (keyof WindowParams)[];

/** `window: { from: since, to: until, cap: 100 }` */
export function windowWith(params: WindowParams, changes: Partial<WindowParams>): string {
  const all: Partial<WindowParams> = { ...params, ...changes };
  const shown = keyOrder.flatMap((name) => {
    const value = all[name];
    return value === undefined || (name === 'format' && value === 'iso')
      ? []
      : [`${name}: ${name === 'zone' ? value : valueAsYaml(value)}`];
  });
  return `window: { ${shown.join(', ')} }`;
}
