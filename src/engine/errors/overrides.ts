/** What `schema_overrides` can't do to a source. */

import type { Decision } from '../../checks/evolve.ts';
import { asArgument, entityName } from '../../errors/as-argument.ts';
import { nearest } from '../../errors/did-you-mean.ts';
import { ConfigError } from '../../errors/hygge-error.ts';
import { describeType } from '../../frames/describe-type.ts';
import type { DataType } from '../../frames/schema.ts';
import type { EntitySpec, Override } from '../contracts/spec.ts';

const asWritten = ({ declared, type }: Override) => declared ?? describeType(type);

export function noneToOverride(spec: EntitySpec, { column, where }: Override, columns: readonly string[]): ConfigError {
  const near = nearest(column, columns);
  return new ConfigError({
    code: 'HYG-1090',
    what: `schema_overrides names ${JSON.stringify(column)}, and the source of ${entityName(spec)} has no such column.`,
    why: [
      near.length > 0
        ? `Closest to it: ${near.join(', ')}`
        : `It has: ${columns.slice(0, 20).join(', ')}${columns.length > 20 ? ', …' : ''}`,
    ],
    tryThis: ['Name a column as the source spells it, whatever polish calls it', 'Or take the line out of schema_overrides'],
    where,
  });
}

export function cannotOverride(spec: EntitySpec, override: Override, source: DataType): ConfigError {
  const { column, where } = override;
  return new ConfigError({
    code: 'HYG-1091',
    what: `${column} of ${entityName(spec)} can't settle as ${asWritten(override)}.`,
    why: [`The source has ${describeType(source)}, and there is no exact conversion from that.`],
    tryThis: [
      'Write another type; string holds nearly everything',
      'Or convert it in the source: home: { query: … }, where the home has one',
    ],
    where,
  });
}

export function watermarkOverridden(spec: EntitySpec, override: Override, source: DataType): ConfigError {
  return new ConfigError({
    code: 'HYG-1091',
    what: `The watermark of ${entityName(spec)}, ${override.column}, can't settle as ${asWritten(override)}.`,
    why: [`The source has ${describeType(source)}, which has another order: what is settled could not be compared with what is read.`],
    tryThis: [`Take ${override.column} out of schema_overrides`, 'Or convert it in the source: home: { query: … }, where the home has one'],
    where: override.where,
  });
}

/** Rows that settled before would be of a type that has nothing in common with the new ones. */
export function overrideChanged(spec: EntitySpec, { drift, outcome }: Decision): ConfigError {
  const column = drift.kind === 'type' ? drift.name : '';
  const override = spec.schema.overrides.find((one) => one.column === column);
  const [settled, now] = outcome.code === 'no_common_type' ? [outcome.settled, outcome.now] : ['', ''];
  return new ConfigError({
    code: 'HYG-1092',
    what: `schema_overrides makes ${column} of ${entityName(spec)} ${now}, and it settled as ${settled}.`,
    why: ['No type holds both, and an incremental run adds to existing rows.'],
    tryThis: [
      `Load it again with the new type: hygge go -d -e ${asArgument(entityName(spec))}`,
      `Or leave it as it settled: schema_overrides: { ${column}: ${settled} }`,
    ],
    where: override?.where ?? spec.where,
  });
}
