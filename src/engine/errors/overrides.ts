/** Why `schema_overrides` can’t be applied to a source. */

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
    what: `schema_overrides names ${JSON.stringify(column)}, but the source of ${entityName(spec)} has no such column.`,
    why: [
      near.length > 0
        ? `Closest to it: ${near.join(', ')}`
        : `It has: ${columns.slice(0, 20).join(', ')}${columns.length > 20 ? ', …' : ''}`,
    ],
    tryThis: ['Name the column as the source has it, and not as polish renames it', 'Or remove the line from schema_overrides'],
    where,
  });
}

export function cannotOverride(spec: EntitySpec, override: Override, source: DataType): ConfigError {
  const { column, where } = override;
  return new ConfigError({
    code: 'HYG-1091',
    what: `${column} of ${entityName(spec)} can't settle as ${asWritten(override)}.`,
    why: [`The source has ${describeType(source)}, and no exact conversion from that type exists.`],
    tryThis: [
      'Write another type. string can store nearly every value',
      'Or convert it in the source, if the home supports a query: home: { query: … }',
    ],
    where,
  });
}

export function watermarkOverridden(spec: EntitySpec, override: Override, source: DataType): ConfigError {
  return new ConfigError({
    code: 'HYG-1091',
    what: `The watermark of ${entityName(spec)}, ${override.column}, can't settle as ${asWritten(override)}.`,
    why: [`The source has ${describeType(source)}, whose values have another order. hygge could not compare settled values with new ones.`],
    tryThis: [
      `Remove ${override.column} from schema_overrides`,
      'Or convert it in the source, if the home supports a query: home: { query: … }',
    ],
    where: override.where,
  });
}

/** The override changed. The type of the rows that settled before has nothing in common with the type of new rows. */
export function overrideChanged(spec: EntitySpec, { drift, outcome }: Decision): ConfigError {
  const column = drift.kind === 'type' ? drift.name : '';
  const override = spec.schema.overrides.find((one) => one.column === column);
  const [settled, now] = outcome.code === 'no_common_type' ? [outcome.settled, outcome.now] : ['', ''];
  return new ConfigError({
    code: 'HYG-1092',
    what: `schema_overrides makes ${column} of ${entityName(spec)} ${now}, but it settled as ${settled}.`,
    why: ['No type can store both, and an incremental run adds to existing rows.'],
    tryThis: [
      `Load all rows again with the new type: hygge go -d -e ${asArgument(entityName(spec))}`,
      `Or keep the settled type: schema_overrides: { ${column}: ${settled} }`,
    ],
    where: override?.where ?? spec.where,
  });
}
