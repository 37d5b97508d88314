import * as z from 'zod';
import type { DataType } from '../frames/schema.ts';

const unit = z.enum(['ms', 'us', 'ns']);

const plain = z.enum([
  'bool',
  'int8',
  'int16',
  'int32',
  'int64',
  'uint8',
  'uint16',
  'uint32',
  'uint64',
  'float32',
  'float64',
  'string',
  'binary',
  'uuid',
  'json',
  'date',
  'null',
]);

const column = z.strictObject({
  name: z.string(),
  type: z.lazy((): z.ZodType<DataType> => dataType),
  nullable: z.boolean(),
  sourceType: z.string().exactOptional(),
  restated: z.literal(true).exactOptional(),
});

/** A type of our schema model, as it is stored beside a watermark. */
export const dataType: z.ZodType<DataType> = z.union([
  z.strictObject({ kind: plain }),
  z.strictObject({ kind: z.literal('decimal'), precision: z.int().min(1).max(38), scale: z.int() }),
  z.strictObject({ kind: z.enum(['time', 'duration']), unit }),
  z.strictObject({ kind: z.literal('timestamp'), unit, zone: z.string().exactOptional() }),
  z.strictObject({ kind: z.literal('list'), item: z.lazy((): z.ZodType<DataType> => dataType) }),
  z.strictObject({ kind: z.literal('struct'), fields: z.array(column) }),
]);
