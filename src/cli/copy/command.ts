import { shellWord } from '../../narrate/as-typed.ts';
import type { Copied } from '../../narrate/copy-lines.ts';
import { visible } from '../../narrate/visible.ts';
import { namesSecret } from '../../ports/secret.ts';
import type { CopyOptions } from './as-draft.ts';
import type { Draft } from './draft.ts';
import type { Place } from './place.ts';

interface Typed extends CopyOptions {
  readonly from: string;
  readonly to: string;
}

/** The copy as it may be typed again: passwords that were written out are not in it. */
export function commandOf(typed: Typed, from: Place, to: Place, { flow }: Pick<Draft, 'flow'>): Copied {
  const { watermark, key = [], columns = [], where, format, ifExists, home = [], store = [] } = typed;
  const options = [
    ...(watermark === undefined ? [] : ['--watermark', watermark]),
    ...(key.length === 0 ? [] : ['--key', key.join(',')]),
    ...(columns.length === 0 ? [] : ['--columns', columns.join(',')]),
    ...(where === undefined ? [] : ['--where', where]),
    ...(format === undefined ? [] : ['--format', format]),
    ...(ifExists === undefined || ifExists === 'fail' ? [] : ['--if-exists', ifExists]),
    ...home.flatMap((one) => ['--home', withoutSecret(one)]),
    ...store.flatMap((one) => ['--store', withoutSecret(one)]),
  ];
  const words = [shownWhole(from, typed.from), shownWhole(to, typed.to), ...options].map((word) => shellWord(visible(word)));
  const command = `hygge copy ${words.join(' ')}`;
  return { command, save: `${command} --save flows/${flow}` };
}

function shownWhole(place: Place, written: string): string {
  if (place.kind === 'local' || place.kind === 'pipe') return written;
  if (place.kind === 'remote') return place.url;
  const { secret, table, address } = place;
  const variable = secret?.from.by === 'variable' ? `:\${${secret.from.name}}` : secret === undefined ? '' : ':';
  const url =
    address.key === 'url'
      ? address.value.replace(/^([a-z0-9+.-]+:\/\/[^@/]*)@/i, (_, who: string) => `${who}${variable}@`)
      : written.replace(/#[^#]*$/, '');
  return table === null ? url : `${url}#${table}`;
}

function withoutSecret(one: string): string {
  const [key = ''] = one.split('=');
  return namesSecret(key) && !/=\$\{\w+\}$/.test(one) ? `${key}=\${${key.toUpperCase()}}` : one;
}
