/** A window as YAML that can be pasted: all keys that the config has, and what an advice changes. */
import { mapAsYaml, valueAsYaml } from '../../errors/as-yaml.ts';
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
  const { format } = all;
  const values = { ...all, format: format === 'iso' ? undefined : format };
  return `window: ${mapAsYaml(keyOrder, values, (value, name) => (name === 'zone' ? String(value) : valueAsYaml(value)))}`;
}
