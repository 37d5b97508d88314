import { parse } from 'yaml';
import type { HyggeError } from '../../../src/errors/hygge-error.ts';

/** The values of `pagination` that an error prints, each as the config takes it. @param about a part of the line. */
export function advisedPages({ tryThis }: Pick<HyggeError, 'tryThis'>, about = ''): readonly object[] {
  const lines = tryThis.filter((line) => line.includes(': pagination: ') && line.includes(about));
  return lines.map((line) => parse(line.slice(line.indexOf('pagination: '))).pagination);
}
