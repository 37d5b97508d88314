/** Why a run by watermark stops before it reads: what the watermark, or its config, can't mean. Codes: src/errors/watermark-codes.ts. */
import { FlowError } from '../errors/hygge-error.ts';
import type { EntityKey } from '../ports/values.ts';
import type { EntitySpec } from './spec.ts';

const name = ({ flow, entity }: EntityKey) => `${flow}.${entity}`;
const quoted = (key: EntityKey) => (/^[\w.-]+$/.test(name(key)) ? name(key) : JSON.stringify(name(key)));

export function nullsWithOpenBoundary(spec: EntitySpec): FlowError {
  return new FlowError({
    code: 'HYG-2061',
    what: `${name(spec)} has nulls: include together with boundary: open, and incremental runs can't do both.`,
    why: [
      'Rows without a watermark are read again and replaced together with the rows at the watermark, which an open boundary never does.',
    ],
    tryThis: [
      'Take watermark.boundary: open away; rows without a watermark are then read at every run',
      'Or leave such rows out: watermark.nulls: exclude',
    ],
    where: spec.where,
  });
}

export function nullsNotApart(spec: EntitySpec, column: string, count: number): FlowError {
  return new FlowError({
    code: 'HYG-2062',
    what: `${count.toLocaleString('en-US')} rows of ${name(spec)} have no ${column}, and nothing tells which of them are settled already.`,
    why: [
      'Rows without a watermark are replaced together with the rows at the watermark, and what is settled has no such group: it was taken over with --adopt, or settled with boundary: open.',
    ],
    tryThis: [`Load everything again once: hygge go -d -e ${quoted(spec)}`, 'Or leave such rows out: watermark.nulls: exclude'],
    where: spec.where,
  });
}
